//! Explains what is odd in a log: what the sign means, how it is found, and the entries in which it lies.

use super::signs::{Found, found};
use super::{seen_from, share, view, watched};
use crate::app::Cx;
use crate::calendar::Calendars;
use crate::error::{Error, Result};
use crate::explain::{self, AS_OF, Explanation, How, Row, parts};
use crate::leads::cohort::bar;
use crate::lists::Lists;
use crate::page::{self, Answer, Link};
use crate::people::Directory;
use crate::rules::access::MANAGERS;
use crate::rules::rates::Rate;
use crate::rules::watch::Sign;
use crate::style;
use crate::urls;
use crate::value::Instant;
use std::sync::Arc;

/// The address that explains a sign in somebody's log, as of an instant.
pub fn href(uid: &str, name: &str, as_of: Instant) -> String {
    let as_of = as_of.to_string();
    let pairs = [("person", uid), ("sign", name), (AS_OF, &as_of)];
    urls::with_query("/watch-list/explain", &pairs)
}

/// `/watch-list/explain?person=...&sign=...`; `?format=csv` for its rows as a file.
pub fn page(cx: &Cx) -> Answer {
    let mut form = cx.query();
    let as_of = bar::instant(&mut form, cx.now).ok_or(Error::NotFound)?;
    let (name, one) = sign(cx, form.value("person"), form.value("sign"), as_of)?;
    let lists: Arc<Lists> = cx.reference()?;
    let entries = one.entries.iter().map(|entry| {
        let told = view::row(cx, entry, &lists);
        let row = Row {
            name: told.when,
            cells: vec![told.entered, told.what, told.lead, told.note],
            ..Row::default()
        };
        (How::Counted, "it lies in them".to_owned(), row)
    });
    let explanation = Explanation {
        figure: name,
        group: view::title(one.sign).to_owned(),
        value: view::text(&one),
        meaning: meaning(one.sign),
        formula: formula(one.sign),
        filled: filled(&one),
        filters: vec![
            bar::between(Some(one.from), Some(one.to)),
            format!("as of {}", page::time_and_zone(as_of, cx.zone())),
        ],
        first: "When",
        columns: vec!["Entered", "What", "Lead", "Note"],
        parts: parts(entries.chain(share::rows(cx, &one, as_of)?)),
        under: Vec::new(),
        back: Link {
            href: if form.value("person") == cx.me()?.uid {
                "/card"
            } else {
                "/watch-list"
            }
            .to_owned(),
            label: "Watch-list".to_owned(),
            current: false,
        },
    };
    explain::show(cx, &form, explanation)
}

/// A sign in one's own log, or in that of somebody whom one watches, from the day on which one sees it.
fn sign(cx: &Cx, uid: &str, name: &str, as_of: Instant) -> Result<(String, Found)> {
    let me = cx.me()?;
    cx.snapshot(|conn| {
        let directory: Arc<Directory> = cx.kept.get(conn)?;
        let calendars: Arc<Calendars> = cx.kept.get(conn)?;
        let person = directory.person_of_uid(uid).ok_or(Error::NotFound)?;
        let is_mine = person.id == me.id;
        let theirs = watched(me, &directory, me.zone.day_of(cx.now));
        let is_theirs = MANAGERS.allows(me.role) && theirs.iter().any(|one| one.id == person.id);
        if !is_mine && !is_theirs {
            return Err(Error::NotFound);
        }
        let mut all = found(conn, cx.kept, &[person.id], as_of)?.into_iter();
        let one = all.find(|one| one.name == name).ok_or(Error::NotFound)?;
        let from = seen_from(&calendars, person.id, one.found_on);
        let is_seen = from.is_some_and(|from| from <= calendars.day_at(person.id, cx.now));
        match is_mine || is_seen {
            true => Ok((person.name.clone(), one)),
            false => Err(Error::NotFound),
        }
    })
}

fn meaning(sign: Sign) -> &'static str {
    match sign {
        Sign::Burst => {
            "More than twenty touches of leads within ten minutes. Most often that is a list entered in one go."
        }
        Sign::Alike => "The same words on touches of several leads in a week.",
        Sign::Late => {
            "Entries made more than two working days after what they tell of. They count all the same."
        }
        Sign::Reached => {
            "The share reached over the last whole weeks, beside that of the team: outside of what chance does 998 times of \
             1,000."
        }
    }
}

fn formula(sign: Sign) -> &'static str {
    match sign {
        Sign::Burst => "touches in any 10 minutes > 20",
        Sign::Alike => "touches of different leads with the same note",
        Sign::Late => "entered - happened > 2 working days of the person's calendar",
        Sign::Reached => {
            "reached / activities, beside the 99.8 % limits of a binomial round the team's share (funnel plot)"
        }
    }
}

fn filled(one: &Found) -> String {
    match one.rates {
        Some((own, team, (low, high))) => format!(
            "{}, likely {}; the team {}, likely {}; limits {} to {}",
            explained(own),
            page::interval(own),
            explained(team),
            page::interval(team),
            style::decimal(low * 100.0, 1),
            page::percent(high)
        ),
        None => format!("{} entries", style::count(one.entries.len() as u64)),
    }
}

/// `40 of 50 = 80.0 %`.
fn explained(rate: Rate) -> String {
    format!("{} = {}", page::of(rate), page::share(rate))
}
