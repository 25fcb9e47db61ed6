//! Explains how much of what habits are counted from was entered late: what each person did, and what of it late.

use crate::app::Cx;
use crate::error::{Error, Result};
use crate::explain::{self, AS_OF, Explanation, How, Row, parts};
use crate::form::Form;
use crate::habit::late::by_person;
use crate::habit::report::{By, Filters};
use crate::leads::cohort::bar;
use crate::page::{self, Link};
use crate::people::Directory;
use crate::rules::access::Role;
use crate::rules::rates::Rate;
use crate::style;
use crate::urls;
use crate::value::Instant;
use chrono::NaiveDate;
use std::sync::Arc;

/// How the figure is called in an address.
pub const WORD: &str = "late";

/// The address that explains it over some days, of the teams that the asker leads.
pub fn late_href((from, to): (Option<NaiveDate>, Option<NaiveDate>), as_of: Instant) -> String {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let pairs = [
        ("figure", WORD),
        ("from", &day(from)),
        ("to", &day(to)),
        (AS_OF, &as_of.to_string()),
    ];
    urls::with_query("/habit/explain", &pairs)
}

/// What explains it: not found for who leads nobody.
pub fn explanation(cx: &Cx, form: &mut Form) -> Result<Explanation> {
    let me = cx.me()?;
    if !me.is_one_of(&[Role::Admin, Role::Manager]) {
        return Err(Error::NotFound);
    }
    let filters = Filters {
        by: By::Person,
        from: form.day("from").ok_or(Error::NotFound)?,
        to: form.day("to").ok_or(Error::NotFound)?,
        as_of: bar::instant(form, cx.now).ok_or(Error::NotFound)?,
        teams: (me.role != Role::Admin).then(|| me.teams.clone()),
    };
    let found = cx.snapshot(|conn| by_person(conn, &filters))?;
    let directory: Arc<Directory> = cx.reference()?;
    let rate = found.values().fold(Rate::default(), |sum, one| Rate {
        k: sum.k + one.k,
        n: sum.n + one.n,
    });
    let mut people: Vec<(&str, i64, Rate)> = found
        .iter()
        .map(|(id, rate)| (directory.name(Some(*id)), *id, *rate))
        .collect();
    people.sort_unstable_by_key(|(name, id, _)| (*name, *id));
    let rows = people.into_iter().map(|(name, _, own)| {
        let (how, reason) = match own.k {
            0 => (How::InWhole, "nothing of it entered late"),
            _ => (How::Counted, "some of it entered late"),
        };
        let row = Row {
            name: name.to_owned(),
            cells: [own.k, own.n].map(style::count).into(),
            ..Row::default()
        };
        (how, reason.to_owned(), row)
    });
    Ok(Explanation {
        figure: "Entered late".to_owned(),
        group: String::new(),
        value: page::late_figure(rate),
        meaning: "Activities that were entered more than two working days after they happened. They count at the time at \
                  which they happened; of a habit they are as good as others, and an import is never late.",
        formula: "activities entered late / all activities of these days in the teams shown",
        filled: explain::share(rate).1,
        filters: vec![
            bar::between(filters.from, filters.to),
            format!("as of {}", page::time_and_zone(filters.as_of, cx.zone())),
        ],
        first: "Person",
        columns: vec!["Entered late", "Activities"],
        parts: parts(rows),
        under: Vec::new(),
        back: Link {
            href: "/habits".to_owned(),
            label: "Habit".to_owned(),
            current: false,
        },
    })
}
