//! Reads a request: its body up to a limit, its files, its cookie, and where it comes from.

use super::trace;
use crate::api;
use crate::app::{App, Incoming, Upload};
use crate::error::Result;
use crate::routes::Body;
use crate::rules::network::{self, Network};
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::StreamExt;
use std::net::IpAddr;
use std::time::Duration;

/// Reads a request whose body comes in time: a form's within `patience`, files within twenty times that. Without a `body`
/// only its head is read.
pub async fn read_in_time(
    request: &HttpRequest,
    payload: Payload,
    body: Option<Body>,
    patience: Duration,
) -> Result<Incoming, HttpResponse> {
    let Some(body) = body else {
        return Ok(head(request));
    };
    let patience = match body {
        Body::Files => patience * 20,
        Body::Form => patience,
    };
    let reading = read(request, payload, body);
    match actix_web::rt::time::timeout(patience, reading).await {
        Ok(read) => read,
        Err(_) => Err(HttpResponse::RequestTimeout()
            .force_close()
            .content_type("text/plain; charset=utf-8")
            .body("This took too long to come. Send it again.\n")),
    }
}

/// What a request says before its body.
fn head(request: &HttpRequest) -> Incoming {
    let headers = request.headers();
    let way = Way::of(request);
    let cookie = |name| request.cookie(name).map(|cookie| cookie.value().to_owned());
    let key = key(request);
    Incoming {
        id: trace::id(request),
        path: request.path().to_owned(),
        query: request.query_string().to_owned(),
        params: request
            .match_info()
            .iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect(),
        session: match key {
            Some(_) => None,
            None => cookie(session_cookie(way.is_https)),
        },
        key,
        device: cookie(device_cookie(way.is_https)),
        unknown_proxy: unknown_proxy(request),
        address: way.address,
        is_https: way.is_https,
        host: text(headers, "host")
            .filter(|host| is_host(host))
            .unwrap_or_default(),
        user_agent: text(headers, header::USER_AGENT.as_str())
            .unwrap_or_default()
            .chars()
            .take(200)
            .collect(),
        if_none_match: known_tag(request),
        ..Incoming::default()
    }
}

/// Reads a request with its body, up to the body's limit.
async fn read(
    request: &HttpRequest,
    mut payload: Payload,
    body: Body,
) -> Result<Incoming, HttpResponse> {
    let body_limit = body.limit_bytes();
    let too_large = || {
        let most = body_limit / 1024;
        HttpResponse::PayloadTooLarge()
            .content_type("text/plain; charset=utf-8")
            .body(format!("This is too large: at most {most} kB.\n"))
    };
    let headers = request.headers();
    let mut incoming = head(request);
    let is_upload =
        text(headers, "content-type").is_some_and(|kind| kind.starts_with("multipart/form-data"));
    if is_upload && matches!(body, Body::Files) {
        incoming.files = match files(headers, payload, body_limit).await {
            Ok(files) => files,
            Err(Unread::TooLarge) => return Err(too_large()),
            Err(Unread::Broken) => return Err(broken_off()),
        };
        return Ok(incoming);
    }
    while let Some(chunk) = payload.next().await {
        let Ok(chunk) = chunk else {
            return Err(broken_off());
        };
        if incoming.body.len() + chunk.len() > body_limit {
            return Err(too_large());
        }
        incoming.body.extend_from_slice(&chunk);
    }
    Ok(incoming)
}

fn broken_off() -> HttpResponse {
    HttpResponse::BadRequest()
        .content_type("text/plain; charset=utf-8")
        .body("The request broke off or is no form. Send it again.\n")
}

/// Why an upload was not read.
enum Unread {
    TooLarge,
    Broken,
}

/// What the head of a part counts for, so that many empty ones fill no memory.
const PART_BYTES: usize = 4 * 1024;

/// The files of an upload.
async fn files(headers: &HeaderMap, payload: Payload, limit: usize) -> Result<Vec<Upload>, Unread> {
    let mut parts = actix_multipart::Multipart::new(headers, payload);
    let mut files = Vec::new();
    let mut room = limit;
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|_| Unread::Broken)?;
        room = room.checked_sub(PART_BYTES).ok_or(Unread::TooLarge)?;
        let name = part
            .content_disposition()
            .and_then(|d| d.get_filename())
            .unwrap_or_default();
        // Some browsers send a path; only the last name counts.
        let name = name
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or_default()
            .to_owned();
        let mut content = Vec::new();
        while let Some(chunk) = part.next().await {
            let chunk = chunk.map_err(|_| Unread::Broken)?;
            room = room.checked_sub(chunk.len()).ok_or(Unread::TooLarge)?;
            content.extend_from_slice(&chunk);
        }
        if !name.is_empty() {
            files.push(Upload { name, content });
        }
    }
    Ok(files)
}

/// The token of the session that a request names.
pub fn session(request: &HttpRequest) -> Option<String> {
    let cookie = request.cookie(session_cookie(Way::of(request).is_https))?;
    Some(cookie.value().to_owned())
}

/// The key that a program shows, to the API alone: elsewhere it is nobody's.
fn key(request: &HttpRequest) -> Option<String> {
    if !api::is_at(request.path()) {
        return None;
    }
    let shown = text(request.headers(), header::AUTHORIZATION.as_str())?;
    let (scheme, key) = shown.split_once(' ')?;
    let is_key = scheme.eq_ignore_ascii_case("bearer");
    is_key.then(|| key.trim().to_owned())
}

/// The tag of the page that the browser has.
pub fn known_tag(request: &HttpRequest) -> Option<String> {
    text(request.headers(), header::IF_NONE_MATCH.as_str())
}

/// Whether the browser came over https.
pub fn is_https(request: &HttpRequest) -> bool {
    Way::of(request).is_https
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned)
}

/// Whether a form comes from our own pages: by `Sec-Fetch-Site`, else by `Origin` (OWASP's advice).
///
/// A request with neither is no browser's; the cookie is SameSite=Lax besides.
pub fn is_same_origin(headers: &HeaderMap, app: &App) -> bool {
    if let Some(site) = text(headers, "sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = text(headers, "origin") else {
        return !headers.contains_key("origin");
    };
    let host = text(headers, "host").unwrap_or_default();
    let authority = origin.split_once("://").map_or("", |(_, rest)| rest);
    let public = app
        .config
        .public_url
        .as_deref()
        .map(|url| url.trim_end_matches('/'));
    (!host.is_empty() && authority == host) || public == Some(origin.as_str())
}

/// The id that a trusted proxy gave a request, if it is one that can stand in a log and in a header.
pub fn given_id(request: &HttpRequest) -> Option<String> {
    proxy(request)?;
    let id = text(request.headers(), "x-request-id")?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    ((1..=64).contains(&id.len()) && id.chars().all(is_plain)).then_some(id)
}

fn trusted(request: &HttpRequest) -> &[Network] {
    let app = request.app_data::<Data<App>>();
    app.map_or(&[], |app| &app.config.trusted_proxy)
}

/// The trusted proxy by which a request came, if it did.
fn proxy(request: &HttpRequest) -> Option<IpAddr> {
    let connected = request.peer_addr()?.ip();
    let mut trusted = trusted(request).iter();
    trusted
        .any(|network| network.contains(connected))
        .then_some(connected)
}

/// Who asked for somebody else, and is no trusted proxy.
fn unknown_proxy(request: &HttpRequest) -> String {
    let asks_for_another = request.headers().contains_key("x-forwarded-for");
    let unknown = request
        .peer_addr()
        .filter(|_| asks_for_another && proxy(request).is_none());
    unknown.map_or_else(String::new, |peer| peer.ip().to_string())
}

/// On which way a request came.
pub struct Way {
    /// Of who asks, as far as trusted proxies say; empty when nobody knows.
    address: String,
    /// Whether the browser came over https.
    pub is_https: bool,
}

impl Way {
    /// What proxies say counts from trusted ones only: anybody may send such a header.
    pub fn of(request: &HttpRequest) -> Way {
        let app = request.app_data::<Data<App>>();
        let headers = request.headers();
        let connected = request.peer_addr().map(|peer| peer.ip());
        // Several headers of one name are one list.
        let forwarded = headers.get_all("x-forwarded-for");
        let forwarded: Vec<&str> = forwarded.filter_map(|value| value.to_str().ok()).collect();
        let asker =
            connected.map(|ip| network::asker(ip, Some(&forwarded.join(",")), trusted(request)));
        let said = text(headers, "x-forwarded-proto").filter(|_| proxy(request).is_some());
        Way {
            address: asker.map(|ip| ip.to_string()).unwrap_or_default(),
            is_https: app.is_some_and(|app| app.config.is_https())
                || said.is_some_and(|said| said == "https"),
        }
    }
}

/// Whether a host can stand in an address: it is shown in links, and a browser sends no other.
fn is_host(host: &str) -> bool {
    host.chars()
        .all(|c| c.is_ascii_alphanumeric() || ".-_:[]".contains(c))
}

/// The name of the cookie by which a device is known again.
pub fn device_cookie(is_https: bool) -> &'static str {
    if is_https {
        "__Host-touchline-device"
    } else {
        "touchline-device"
    }
}

/// The name of the cookie; the prefix makes browsers insist on https and this very host.
pub fn session_cookie(is_https: bool) -> &'static str {
    if is_https {
        "__Host-touchline"
    } else {
        "touchline"
    }
}
