//! What a phone needs to keep the app on it: the manifest and the service worker.

use crate::app::Cx;
use crate::assets;
use crate::error::Error;
use crate::page::{Answer, Reply};
use serde_json::json;

/// GET /manifest.webmanifest: asked for without a session.
pub fn manifest(_: &Cx) -> Answer {
    let icon = |purpose| json!({ "src": assets::address("icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": purpose });
    let manifest = json!({
        "name": "Touchline",
        "short_name": "Touchline",
        "description": "Log calls and touches in seconds; see how far today is.",
        "id": "/",
        "start_url": "/today",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f5f6f3",
        "theme_color": "#0b5d43",
        "icons": [icon("any"), icon("maskable")],
    });
    Ok(Reply {
        status: 200,
        content_type: "application/manifest+json",
        body: manifest.to_string(),
        ..Reply::default()
    })
}

/// GET /sw.js: at the root, since a worker serves what lies below its own address.
pub fn worker(_: &Cx) -> Answer {
    Ok(Reply {
        status: 200,
        content_type: "text/javascript; charset=utf-8",
        body: assets::text("sw.js").ok_or(Error::NotFound)?.to_owned(),
        ..Reply::default()
    })
}
