//! Explains the figures of follow-up speed: what each means, its formula with its own numbers, and the hand-overs behind it.

mod compared;
mod legs;
mod persistence;
mod speed;
mod then;

use super::face::{self, pairs};
use super::{Face, Filters, Read, WhichClock, waitings};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::explain::{Figure, way_back};
use crate::leads::cohort::{self, Behind, Counted};
use crate::page::Answer;
use crate::rules::access::Me;

/// `/follow-up/explain?figure=within-3600&group=Webinar&by=source`; `?format=csv` for its rows as a file.
pub fn speed(cx: &Cx) -> Answer {
    if let Some(asked) = compared::Asked::read(cx.query().value("figure")) {
        return compared::show(cx, &asked);
    }
    let told = ("How it stands", speed::stands as Says<_>);
    show(cx, Face::Speed, speed::Speed::read, waitings, told)
}

/// `/follow-up/legs/explain?figure=rep-median-working`.
pub fn legs(cx: &Cx) -> Answer {
    let told = ("Its legs, by the calendar", legs::stands as Says<_>);
    show(cx, Face::Legs, legs::Part::read, super::legs::ways, told)
}

/// `/follow-up/persistence/explain?figure=after-1`.
pub fn persistence(cx: &Cx) -> Answer {
    let told = ("Attempts", persistence::stands as Says<_>);
    let efforts = super::persistence::efforts;
    show(
        cx,
        Face::Persistence,
        persistence::Part::read,
        efforts,
        told,
    )
}

type Says<T> = fn(&Filters, &T) -> String;

/// The page of a figure of a face; `told` is what a row says of itself, and how that is called.
fn show<T: Counted + 'static, F: Figure<Of = T>>(
    cx: &Cx,
    face: Face,
    figure: fn(&str, &Filters) -> Option<F>,
    read: fn(&mut Conn, &Filters, Option<&Me>) -> Result<Read<T>>,
    (column, says): (&'static str, Says<T>),
) -> Answer {
    let me = cx.me()?;
    let mut form = cx.query();
    let filters = face::read(&mut form, cx, face).ok_or(Error::NotFound)?;
    let figure = figure(form.value("figure"), &filters).ok_or(Error::NotFound)?;
    let (read, heads) = cx.snapshot(|conn| {
        let read = read(conn, &filters, Some(me))?;
        let heads = cohort::heads(conn, read.span)?;
        Ok((read, heads))
    })?;
    let behind = Behind {
        members: read.all,
        heads,
        cohort: filters.cohort,
        by: filters.by,
        group: String::new(),
        asked: asked(face, &filters),
        versions: read.versions,
        column,
        says: Box::new(move |one| says(&filters, one)),
        back: way_back(
            face.path(),
            pairs(&form),
            format!("Follow-up speed: {}", face.label().to_lowercase()),
        ),
    };
    let behind = behind.of_group(&read.names, form.value("group"));
    behind.show(cx, &form, figure)
}

/// What the filters of a face ask for besides the days.
fn asked(face: Face, filters: &Filters) -> Vec<String> {
    let clock = match filters.clock {
        WhichClock::Calendar => "calendar time",
        WhichClock::Working => "working time of whoever owned the lead",
    };
    let event = format!("until the first {}", filters.event);
    let late = filters
        .without_late
        .then(|| "without what was entered late".to_owned());
    match face {
        Face::Speed => [vec![clock.to_owned(), event], Vec::from_iter(late)].concat(),
        Face::Legs => [vec![event], Vec::from_iter(late)].concat(),
        Face::Persistence => Vec::from_iter(late),
    }
}
