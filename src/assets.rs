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
    for name in Files::iter().filter(|name| !name.starts_with(SHEETS)) {
        if let Some(file) = Files::get(&name) {
            shelf.put(name.into_owned(), file.data.into_owned());
        }
    }
    shelf.put("app.css".to_owned(), style_sheet());
    shelf
});

impl Shelf {
    fn put(&mut self, name: String, bytes: Vec<u8>) {
        let hash = hex(&Sha256::digest(&bytes)[..6]);
        let content_type = content_type(&name);
        let asset = Asset {
            bytes,
            content_type,
        };
        self.by_address.insert(format!("{hash}/{name}"), asset);
        let address = format!("/static/{hash}/{name}");
        self.addresses.insert(name, address);
    }
}

/// The folder whose files are one style sheet.
const SHEETS: &str = "css/";
/// Says which layer wins, so that the others may come in any order.
const FIRST_SHEET: &str = "css/layers.css";

fn style_sheet() -> Vec<u8> {
    let rooms = Files::iter().filter(|name| name.starts_with(SHEETS) && name != FIRST_SHEET);
    let mut rooms: Vec<_> = rooms.collect();
    rooms.sort();
    let sheets = [FIRST_SHEET.into()].into_iter().chain(rooms);
    let sheets = sheets.filter_map(|name| Files::get(&name));
    sheets.flat_map(|file| file.data.into_owned()).collect()
}

/// The address of a file of `static/`; empty when there is none.
pub fn address(name: &str) -> &'static str {
    SHELF.addresses.get(name).map_or("", String::as_str)
}

/// A file of `static/` by its name.
pub fn named(name: &str) -> Option<&'static Asset> {
    let address = SHELF.addresses.get(name)?;
    find(address.strip_prefix("/static/")?)
}

/// The text of a file of `static/`.
pub fn text(name: &str) -> Option<&'static str> {
    std::str::from_utf8(&named(name)?.bytes).ok()
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
