//! Where somebody goes who opens an address that only takes posts: they reloaded the answer to a form.

use super::trace;
use crate::routes::TABLE;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

/// The page on which the form of a post lives; `None` where the address is a page of its own.
pub fn page_of(path: &str) -> Option<&'static str> {
    let is_page = |wanted: &str| {
        let mut rows = TABLE.iter().filter(|row| row.method == "GET");
        rows.find(|row| row.path == wanted).map(|row| row.path)
    };
    if is_page(path).is_some() {
        return None;
    }
    let mut above = path;
    let mut found = is_page(&format!("{path}/new"));
    while found.is_none() {
        above = above.rsplit_once('/').map_or("", |(above, _)| above);
        found = is_page(if above.is_empty() { "/" } else { above });
    }
    found
}

/// Goes there (303) from a route's path, by which the log names the request.
pub fn go(page: &str, path: &'static str, request: &HttpRequest) -> HttpResponse {
    trace::name(request, path);
    let address = address(page, request.uri().path());
    let mut response = HttpResponse::SeeOther();
    response.insert_header((header::LOCATION, address)).finish()
}

/// The address of that page, by the address that was opened: as many of its parts as the page has.
fn address(page: &str, opened: &str) -> String {
    let parts = page
        .split('/')
        .zip(opened.split('/').map(Some).chain(std::iter::repeat(None)));
    let parts = parts.map(|(part, opened)| match opened {
        Some(opened) if part.starts_with('{') => opened,
        _ => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_lives_on_its_own_page_or_on_the_next_one_above() {
        for (post, opened, page) in [
            ("/leads/{uid}/events", "/leads/7/events", "/leads/7"),
            (
                "/definitions/draft/sign",
                "/definitions/draft/sign",
                "/definitions/draft",
            ),
            (
                "/territories/rules/{id}/up",
                "/territories/rules/7/up",
                "/territories/rules/7",
            ),
            (
                "/territories/rules",
                "/territories/rules",
                "/territories/rules/new",
            ),
            ("/leads/bulk", "/leads/bulk", "/leads"),
            ("/sign-out", "/sign-out", "/"),
        ] {
            let found = page_of(post).map(|found| address(found, opened));
            assert_eq!(found.as_deref(), Some(page), "{post}");
        }
        assert_eq!(page_of("/leads/new"), None);
    }
}
