//! The picture that browsers ask for without having been told of it.

use super::trace;
use crate::assets;
use actix_web::http::header;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

const PATH: &str = "/favicon.ico";

pub fn routes(config: &mut ServiceConfig) {
    config.route(PATH, web::get().to(send));
    config.route(PATH, web::head().to(send));
}

/// The house's picture, for a day: its address does not say what is in it.
async fn send(request: HttpRequest) -> HttpResponse {
    trace::name(&request, PATH);
    match assets::named("icon.svg") {
        Some(asset) => HttpResponse::Ok()
            .content_type(asset.content_type)
            .insert_header((header::CACHE_CONTROL, "public, max-age=86400"))
            .body(asset.bytes.as_slice()),
        None => HttpResponse::NotFound().finish(),
    }
}
