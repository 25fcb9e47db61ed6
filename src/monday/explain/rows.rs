//! The leads behind a pack's own counts: open ones by owner, and ends by reason.

use super::{Frozen, NOBODY, Part, href, may_open};
use crate::app::Cx;
use crate::calendar::Calendars;
use crate::error::{Error, Result};
use crate::explain::{self, Explanation, How, Row, parts};
use crate::leads;
use crate::leads::cohort::{self, Ownerships};
use crate::lists::Lists;
use crate::monday::content::{Content, Owner, Rep};
use crate::monday::{gather, lists, pages, store, view};
use crate::page::{self, Link};
use crate::people::Directory;
use crate::rules::access::Role;
use crate::rules::rates::Rate;
use crate::rules::target::Metric;
use crate::style;
use crate::value::Instant;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The owner whom an address names, of those that the pack shows.
pub fn owner_of<'s>(cx: &Cx, seen: &'s Content, whose: &str) -> Result<&'s Owner> {
    let directory: Arc<Directory> = cx.reference()?;
    let person = match whose {
        NOBODY => None,
        uid => Some(directory.person_of_uid(uid).ok_or(Error::NotFound)?.id),
    };
    let owner = seen.owners.iter().find(|owner| owner.person_id == person);
    owner.ok_or(Error::NotFound)
}

/// The open leads of an owner, by who owned them when the pack was made.
pub fn open(cx: &Cx, seen: &Content, part: Part, whose: &str) -> Result<(Frozen, Explanation)> {
    let owner = owner_of(cx, seen, whose)?;
    let person = owner.person_id;
    let as_of = seen.made_at;
    let theirs = owned_by(cx, person, as_of)?;
    let is_open = part == Part::Open;
    let rows: Vec<_> = theirs
        .iter()
        .map(|row| told(cx, row, as_of, is_open))
        .collect();
    let counted = rows.iter().filter(|(how, ..)| *how == How::Counted);
    let rate = Rate {
        k: counted.count() as u64,
        n: rows.len() as u64,
    };
    let (value, filled) = explain::count(rate);
    let frozen = match is_open {
        true => owner.open,
        false => owner.untouched,
    };
    let explanation = Explanation {
        figure: match person {
            Some(_) => owner.name.clone(),
            None => "Nobody yet".to_owned(),
        },
        group: match is_open {
            true => "Open leads",
            false => "Leads that nobody has tried",
        }
        .to_owned(),
        value,
        meaning: "Leads whose last hand-over was open when the pack was made, by who owned them then; untouched are those \
                  without an attempt since.",
        formula: "a count",
        filled,
        filters: vec![format!("as of {}", page::time_and_zone(as_of, cx.zone()))],
        first: "Lead",
        columns: vec!["Handed over"],
        parts: parts(rows),
        under: Vec::new(),
        back: nowhere(),
    };
    let frozen = Frozen {
        value: style::count(frozen),
        filled: format!(
            "{} of {} open",
            style::count(frozen),
            style::count(owner.open)
        ),
    };
    Ok((frozen, explanation))
}

/// How an open lead counts: where all open ones do, one that was tried does too.
fn told(cx: &Cx, row: &store::OpenRow, as_of: Instant, is_open: bool) -> (How, String, Row) {
    let is_untouched = row.first_attempt_at.is_none_or(|at| at > as_of);
    let (how, reason) = match is_untouched {
        true => (How::Counted, "nobody had tried it"),
        false if is_open => (How::Counted, "tried, and still open"),
        false => (How::InWhole, "tried, and still open"),
    };
    let told = Row {
        name: gather::lead_name(&row.name, &row.company),
        href: format!("/leads/{}", row.uid),
        cells: vec![page::time(row.handed_over_at, cx.zone())],
        ..Row::default()
    };
    (how, reason.to_owned(), told)
}

/// The open leads that somebody owned at an instant, or nobody.
pub fn owned_by(cx: &Cx, person: Option<i64>, as_of: Instant) -> Result<Vec<store::OpenRow>> {
    cx.snapshot(|conn| {
        let all = store::open(conn, as_of)?;
        let ids: Vec<i64> = all.iter().map(|row| row.lead_id).collect();
        let calendars: Arc<Calendars> = cx.kept.get(conn)?;
        let ownerships = Ownerships {
            owners: cohort::owners_of(conn, &ids)?,
            calendars: &calendars,
        };
        let is_theirs = |row: &store::OpenRow| ownerships.owner(row.lead_id, as_of) == person;
        Ok(all.into_iter().filter(is_theirs).collect::<Vec<_>>())
    })
}

/// How much of what the people of the pack did was entered late, of those that the reader is shown: a row for each.
pub fn late(cx: &Cx, seen: &Content) -> Result<(Frozen, Explanation)> {
    let me = cx.me()?;
    let directory: Arc<Directory> = cx.reference()?;
    let rate = lists::late(seen);
    if rate.n == 0 {
        return Err(Error::NotFound);
    }
    let pack = pages::address(seen.to.succ_opt().unwrap_or(seen.to));
    let told = |rep: &Rep| {
        let late = rep.late.unwrap_or(0.0);
        let (how, reason) = match (rep.late, rep.activities > 0.0) {
            (None, _) => (How::LeftOut, "not said when the pack was made"),
            (_, false) => (How::LeftOut, "nothing logged"),
            _ if late > 0.0 => (How::Counted, "some of it entered late"),
            _ => (How::InWhole, "nothing of it entered late"),
        };
        let person = directory
            .person(rep.person_id)
            .filter(|_| may_open(me, rep));
        let figure = Metric::Activities.label();
        let row = Row {
            name: rep.name.clone(),
            sub: rep.team.clone(),
            href: person.map_or(String::new(), |person| {
                href(&pack, Part::Value, &person.uid, figure)
            }),
            cells: [late, rep.activities].map(page::amount).into(),
        };
        (how, reason.to_owned(), row)
    };
    let known = seen.reps.iter().filter(|rep| !rep.is_line);
    let value = page::late_figure(rate);
    let filled = explain::share(rate).1;
    let explanation = Explanation {
        figure: "Entered late".to_owned(),
        group: String::new(),
        value: value.clone(),
        meaning: "Prospecting activities of the week that were entered more than two working days after they happened, of all \
                  of those whom the pack shows you. They count all the same.",
        formula: "entered late / all, with Wilson's 95 % interval",
        filled: filled.clone(),
        filters: vec![format!(
            "{} to {}, as of {}",
            page::day(seen.from),
            page::day(seen.to),
            page::time_and_zone(seen.made_at, cx.zone())
        )],
        first: "Person",
        columns: vec!["Entered late", "Activities"],
        parts: parts(known.map(told)),
        under: Vec::new(),
        back: nowhere(),
    };
    Ok((Frozen { value, filled }, explanation))
}

/// How often leads of a source ended for a reason in the week, beside its other reasons.
pub fn reason(
    cx: &Cx,
    seen: &Content,
    (source, words): (&str, &str),
) -> Result<(Frozen, Explanation)> {
    let sources = view::sources(seen, &|_, _| String::new());
    let told = sources.iter().find(|one| one.source == source);
    let told = told.and_then(|one| one.reasons.iter().find(|reason| reason.words == words));
    let frozen = told.ok_or(Error::NotFound)?.n;
    let (ended, names) = ended(cx, seen, source)?;
    let row = |row: &store::EndedRow| {
        let theirs = format!("{}: {}", row.kind.label(), row.reason);
        let (how, reason) = match theirs == words {
            true => (How::Counted, "ended so".to_owned()),
            false => (How::InWhole, theirs),
        };
        let (name, href) = names.get(&row.lead_id).cloned().unwrap_or_default();
        let told = Row {
            name,
            href,
            cells: vec![page::time(row.at, cx.zone())],
            ..Row::default()
        };
        (how, reason, told)
    };
    let rows: Vec<_> = ended.iter().map(row).collect();
    let counted = rows.iter().filter(|(how, ..)| *how == How::Counted);
    let rate = Rate {
        k: counted.count() as u64,
        n: rows.len() as u64,
    };
    let (value, filled) = explain::count(rate);
    let explanation = Explanation {
        figure: words.to_owned(),
        group: source.to_owned(),
        value,
        meaning: "Leads of the source that ended so in the week, of the team that owned them then. An end that was \
                  withdrawn is none.",
        formula: "a count",
        filled,
        filters: vec![format!(
            "{} to {}, as of {}",
            page::day(seen.from),
            page::day(seen.to),
            page::time_and_zone(seen.made_at, cx.zone())
        )],
        first: "Lead",
        columns: vec!["Ended"],
        parts: parts(rows),
        under: Vec::new(),
        back: nowhere(),
    };
    let value = style::count(frozen);
    let filled = format!("{value} of the week");
    Ok((Frozen { value, filled }, explanation))
}

/// The ends of a source in the week of which the reader may know, and what their leads are called.
fn ended(cx: &Cx, seen: &Content, source: &str) -> Result<(Vec<store::EndedRow>, LeadNames)> {
    let me = cx.me()?;
    let zone = &cx.workspace.zone;
    let after = seen.to.succ_opt().unwrap_or(seen.to);
    let until = zone.midnight(after).min(Instant(seen.made_at.0 + 1));
    let span = (zone.midnight(seen.from), until);
    let lists: Arc<Lists> = cx.reference()?;
    cx.snapshot(|conn| {
        let mut ended = store::ended(conn, span)?;
        ended.retain(|row| page::group_name(lists.label_name(row.source_id)) == source);
        let lead_ids: Vec<i64> = ended.iter().map(|row| row.lead_id).collect();
        let calendars: Arc<Calendars> = cx.kept.get(conn)?;
        let ownerships = Ownerships {
            owners: cohort::owners_of(conn, &lead_ids)?,
            calendars: &calendars,
        };
        if me.role == Role::Manager {
            ended.retain(|row| {
                let team = ownerships.team(row.lead_id, row.at);
                team.is_none_or(|team| me.teams.contains(&team))
            });
        }
        let ids: HashSet<i64> = ended.iter().map(|row| row.lead_id).collect();
        Ok((ended, leads::names(conn, me, ids)?))
    })
}

/// The name of each lead, with its address where it is the reader's to see.
type LeadNames = HashMap<i64, (String, String)>;

/// The way back is the pack's, and is set with it.
pub fn nowhere() -> Link {
    Link {
        href: String::new(),
        label: String::new(),
        current: false,
    }
}
