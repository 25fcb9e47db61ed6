//! For whoever watches over the program: whether it lives, whether it can do its work, and what is measured.

use crate::app::App;
use actix_web::http::header;
use actix_web::web::{self, Data};
use actix_web::{HttpResponse, HttpResponseBuilder, HttpServer};
use std::net::TcpListener;

/// The process lives: the database is not asked.
pub async fn healthz() -> HttpResponse {
    say(HttpResponse::Ok(), "ok\n".to_owned())
}

/// Whether the program can do its work; else 503. Why not is said in the log: anybody may ask here.
pub async fn readyz(app: Data<App>) -> HttpResponse {
    if app.is_stopping() {
        return say(HttpResponse::ServiceUnavailable(), "stopping\n".to_owned());
    }
    let is_ready = move || {
        app.db.is_ready()?;
        match app.can_write() {
            true => Ok(()),
            false => app.db.must_be_writable(),
        }
    };
    match web::block(is_ready).await {
        Ok(Ok(())) => say(HttpResponse::Ok(), "ready\n".to_owned()),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready");
            let words = "not ready: the log says why\n".to_owned();
            say(HttpResponse::ServiceUnavailable(), words)
        }
        Err(_) => say(HttpResponse::InternalServerError(), "fault\n".to_owned()),
    }
}

fn say(mut response: HttpResponseBuilder, words: String) -> HttpResponse {
    response
        .content_type("text/plain; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(words)
}

async fn metrics(app: Data<App>) -> HttpResponse {
    match app.meter.text(&app.db) {
        Ok(text) => HttpResponse::Ok()
            .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
            .body(text),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

/// Serves what is measured on an address of its own, where health can be asked for as well.
pub fn run(app: Data<App>, listener: TcpListener) -> std::io::Result<actix_web::dev::Server> {
    let server = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(app.clone())
            .route("/metrics", web::get().to(metrics))
            .route("/healthz", web::get().to(healthz))
            .route("/readyz", web::get().to(readyz))
    });
    let server = server.workers(1).disable_signals().listen(listener)?;
    Ok(server.run())
}
