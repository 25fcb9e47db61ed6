//! An error as an answer that says what to do: a page for people, JSON for programs.

use super::outgoing::plain;
use crate::api;
use crate::app::Cx;
use crate::error::Error;
use crate::page::{self, Frame, Reply};
use crate::signin;
use askama::Template;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    frame: Frame,
    sentence: &'a str,
    href: &'a str,
    link: &'a str,
}

/// What a person can tell their admin, who finds it in the log.
pub fn our_fault(id: &str) -> String {
    format!("Go back and try again. If it stays, tell your admin this code: {id}")
}

/// The answer to a request that is known by its path and its id. What is a fault of ours is logged.
pub fn refuse(cx: Option<&Cx>, (path, id): (&str, &str), error: Error) -> Reply {
    match &error {
        Error::Unavailable(why) => tracing::error!(request = id, why, "database unavailable"),
        Error::Internal(cause) => tracing::error!(request = id, cause, "internal error"),
        _ => {}
    }
    if api::is_at(path) {
        return api::refusal(error, id);
    }
    let (status, title, sentence) = match error {
        Error::SignIn => {
            let is_set_up = cx.is_some_and(|cx| cx.workspace.is_set_up);
            let to = if is_set_up {
                signin::address(path)
            } else {
                "/setup".to_owned()
            };
            return Reply {
                status: 303,
                location: Some(to),
                ..Reply::default()
            };
        }
        Error::Forbidden => (
            403,
            "Not for your role",
            "Ask an admin if you need this page.".to_owned(),
        ),
        Error::NotFound => (
            404,
            "Nothing here",
            "There is no such page, or it is not yours to see.".to_owned(),
        ),
        Error::Refused(why) => (422, "This cannot be done", why),
        Error::Conflict(why) => (409, "Somebody was faster", why),
        Error::Unavailable(why) => (503, "Not just now", format!("Nothing was saved: {why}.")),
        Error::Internal(_) => (500, "Something went wrong on our side", our_fault(id)),
    };
    let me = cx.and_then(|cx| cx.who.as_ref());
    let workspace = cx.map_or("Touchline", |cx| cx.workspace.name.as_str());
    let frame = Frame::around(workspace, me, path, title.to_owned());
    let (href, link) = if status == 503 {
        (path, "Try again")
    } else {
        ("/", "Go to the start")
    };
    page::with_status(
        status,
        &ErrorPage {
            frame,
            sentence: &sentence,
            href,
            link,
        },
    )
    .unwrap_or_else(|_| plain(status, &sentence))
}
