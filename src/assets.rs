//! Static files inside the program, addressed by what is in them, so that browsers may keep them for ever.

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// One file, ready to be sent.
pub struct Asset {
    pub bytes: Vec<u8>,
    pub content_type: &'static str,
}

struct Shelf {
    by_address: HashMap<String, Asset>,
    addresses: HashMap<String, String>,
}

static SHELF: LazyLock<Shelf> = LazyLock::new(|| {
    let mut shelf = Shelf {
        by_address: HashMap::new(),
        addresses: HashMap::new(),
    };
    for name in Files::iter() {
        let Some(file) = Files::get(&name) else {
            continue;
        };
        let hash = hex(&Sha256::digest(&file.data)[..6]);
        let address = format!("/static/{hash}/{name}");
        let asset = Asset {
            bytes: file.data.into_owned(),
            content_type: content_type(&name),
        };
        shelf.by_address.insert(format!("{hash}/{name}"), asset);
        shelf.addresses.insert(name.into_owned(), address);
    }
    shelf
});

/// The address of a file of `static/`; empty when there is none.
pub fn address(name: &str) -> &'static str {
    SHELF.addresses.get(name).map_or("", String::as_str)
}

/// The text of a file of `static/`.
pub fn text(name: &str) -> Option<&'static str> {
    let address = SHELF.addresses.get(name)?;
    let asset = find(address.strip_prefix("/static/")?)?;
    std::str::from_utf8(&asset.bytes).ok()
}

/// The file at `HASH/NAME`.
pub fn find(path: &str) -> Option<&'static Asset> {
    SHELF.by_address.get(path)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
