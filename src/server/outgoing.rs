//! Sends an answer: its headers and its cookies.

use super::incoming;
use crate::page::Reply;
use crate::signin;
use actix_web::HttpResponse;
use actix_web::cookie::time::Duration as CookieDuration;
use actix_web::cookie::{Cookie, CookieBuilder, SameSite};
use actix_web::http::header;
use actix_web::middleware::DefaultHeaders;

pub fn plain(status: u16, sentence: &str) -> Reply {
    Reply {
        status,
        content_type: "text/plain; charset=utf-8",
        body: sentence.to_owned(),
        ..Reply::default()
    }
}

/// Scripts and styles from this site only, nothing inline but `page::FADE` (its hash), no frames: the same on every page.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self' 'sha256-SX7UqyxGVDSLzV90icKkPuaEGi8NcinaZfagIyBzAuY='; script-src 'self'; img-src 'self'; \
    connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The headers of every answer.
pub fn headers(is_https: bool) -> DefaultHeaders {
    let headers = DefaultHeaders::new()
        .add((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((header::REFERRER_POLICY, "same-origin"))
        .add((header::X_FRAME_OPTIONS, "DENY"))
        .add(("Cross-Origin-Opener-Policy", "same-origin"));
    if is_https {
        headers.add((header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"))
    } else {
        headers
    }
}

/// A cookie that stays away from scripts and other sites.
fn cookie(name: &'static str, value: String, is_https: bool) -> CookieBuilder<'static> {
    Cookie::build(name, value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(is_https)
}

pub fn send(reply: Reply, is_https: bool) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(reply.status).unwrap_or_default();
    let mut response = HttpResponse::build(status);
    // Pages show private figures: no cache but the browser's own history keeps them.
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    if reply.status == 401 {
        response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    if reply.is_secret_address {
        response.insert_header((header::REFERRER_POLICY, "no-referrer"));
    }
    if let Some(tag) = reply.tag {
        response.insert_header((header::ETAG, tag));
    }
    if let Some(location) = reply.location {
        response.insert_header((header::LOCATION, location));
    }
    if let Some(name) = reply.file_name {
        response.insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ));
    }
    if let Some(token) = reply.session {
        if token.is_empty() {
            // Pages and entries that the device keeps go with the session.
            response.insert_header(("Clear-Site-Data", "\"cache\", \"storage\""));
        }
        let age = if token.is_empty() {
            CookieDuration::ZERO
        } else {
            CookieDuration::days(signin::SESSION_DAYS)
        };
        let cookie = cookie(incoming::session_cookie(is_https), token, is_https);
        response.cookie(cookie.max_age(age).finish());
    }
    if let Some(token) = reply.device {
        let cookie = cookie(incoming::device_cookie(is_https), token, is_https);
        let age = CookieDuration::days(signin::DEVICE_DAYS);
        response.cookie(cookie.max_age(age).finish());
    }
    if !reply.content_type.is_empty() {
        response.content_type(reply.content_type);
    }
    response.body(reply.body)
}
