//! What somebody typed where it can no longer be saved: they are told why, and can copy it.

use super::{Answer, Frame, with_status};
use crate::app::Cx;
use crate::form::Form;
use askama::Template;

#[derive(Template)]
#[template(path = "given_back.html")]
struct GivenBack<'a> {
    frame: Frame,
    news: &'a str,
    typed: String,
    href: &'a str,
    link: &'a str,
}

/// A page (409) with what happened and what was typed; `way` is the address to go on to, and its label.
pub fn give_back(cx: &Cx, title: String, news: &str, typed: String, way: (&str, &str)) -> Answer {
    let page = GivenBack {
        frame: Frame::new(cx, title),
        news,
        typed,
        href: way.0,
        link: way.1,
    };
    with_status(409, &page)
}

/// What stands in some fields of a form, a line each with its label. A field that says what it said before (`was_` and
/// its name) was not typed.
pub fn typed(form: &Form, fields: &[(&str, &str)]) -> String {
    let is_typed = |name: &str| {
        let (now, was) = (form.value(name), format!("was_{name}"));
        !now.is_empty() && (!form.has(&was) || form.value(&was) != now)
    };
    let typed = fields.iter().filter(|(name, _)| is_typed(name));
    let lines = typed.map(|(name, label)| format!("{label}: {}", form.value(name)));
    lines.collect::<Vec<_>>().join("\n")
}
