//! How long the leads of a pack waited, whose place is which, and how far a goal is ahead of its pace: from what the pack
//! itself keeps, and where leads are behind it from those leads as of its instant.

use super::rows::{nowhere, owned_by, owner_of};
use super::{Frozen, goal, may_open};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::explain::{Explanation, How, Row, parts};
use crate::monday::content::{Content, Rep};
use crate::monday::{gather, lists};
use crate::page::{self, DASH};
use crate::people::Directory;
use crate::rules::target::Metric;
use crate::value::Instant;
use std::sync::Arc;

/// Shares of targets that are alike share a place.
const ALIKE: f64 = 1e-9;

/// How long the lead of an owner that waited longest for a first attempt had waited.
pub fn waits(cx: &Cx, seen: &Content, whose: &str) -> Result<(Frozen, Explanation)> {
    let owner = owner_of(cx, seen, whose)?;
    let as_of = seen.made_at;
    let kept = owner.oldest_untouched.as_ref().ok_or(Error::NotFound)?;
    let theirs = owned_by(cx, owner.person_id, as_of)?;
    let is_untouched = |at: Option<Instant>| at.is_none_or(|at| at > as_of);
    let untouched = theirs
        .iter()
        .filter(|row| is_untouched(row.first_attempt_at));
    let oldest = untouched.map(|row| row.handed_over_at).min();
    let rows = theirs.iter().map(|row| {
        let (how, why) = match is_untouched(row.first_attempt_at) {
            false => (How::LeftOut, "tried, and still open"),
            true if Some(row.handed_over_at) == oldest => (How::Counted, "waited longest"),
            true => (How::LeftOut, "waited too, and not as long"),
        };
        let told = Row {
            name: gather::lead_name(&row.name, &row.company),
            href: format!("/leads/{}", row.uid),
            cells: times(cx, row.handed_over_at, as_of),
            ..Row::default()
        };
        (how, why.to_owned(), told)
    });
    let value = oldest.map_or(DASH.to_owned(), |at| waited(at, as_of));
    let explanation = Explanation {
        figure: owner.name.clone(),
        group: "Waits longest".to_owned(),
        meaning: "The calendar time that the lead of theirs which nobody had tried, and which was handed over first, had \
                  waited when the pack was made. Who owned it then counts.",
        formula: "the pack's instant - handed over, whatever the hour",
        filled: oldest.map_or(DASH.to_owned(), |at| filled(cx, at, as_of)),
        parts: parts(rows),
        ..of_leads(cx, value, as_of)
    };
    let frozen = Frozen {
        value: waited(kept.handed_over_at, as_of),
        filled: filled(cx, kept.handed_over_at, as_of),
    };
    Ok((frozen, explanation))
}

/// How long the oldest open lead that the reader is shown had been open: a row for the oldest of each owner.
pub fn oldest(cx: &Cx, seen: &Content) -> Result<(Frozen, Explanation)> {
    let as_of = seen.made_at;
    let all = seen.owners.iter();
    let all = || {
        let owners = all.clone();
        owners.filter_map(|owner| Some((owner, owner.oldest_open.as_ref()?)))
    };
    let first = all().map(|(_, lead)| lead.handed_over_at).min();
    let first = first.ok_or(Error::NotFound)?;
    let rows = all().map(|(owner, lead)| {
        let (how, why) = match lead.handed_over_at == first {
            true => (How::Counted, "open longest"),
            false => (
                How::LeftOut,
                "the oldest of its owner, and not open as long",
            ),
        };
        let told = Row {
            name: lead.name.clone(),
            sub: owner.name.clone(),
            href: format!("/leads/{}", lead.uid),
            cells: times(cx, lead.handed_over_at, as_of),
        };
        (how, why.to_owned(), told)
    });
    let (value, filled) = (waited(first, as_of), filled(cx, first, as_of));
    let explanation = Explanation {
        figure: "The oldest open lead".to_owned(),
        meaning: "The calendar time since the hand-over of the lead that had been open longest when the pack was made, \
                  tried or not, of the owners that the pack shows you.",
        formula: "the pack's instant - handed over, whatever the hour",
        filled: filled.clone(),
        parts: parts(rows),
        ..of_leads(cx, value.clone(), as_of)
    };
    Ok((Frozen { value, filled }, explanation))
}

fn waited(handed_over_at: Instant, as_of: Instant) -> String {
    page::duration(as_of.seconds_since(handed_over_at))
}

fn filled(cx: &Cx, handed_over_at: Instant, as_of: Instant) -> String {
    format!(
        "{} - {} = {}",
        page::time(as_of, cx.zone()),
        page::time(handed_over_at, cx.zone()),
        waited(handed_over_at, as_of)
    )
}

fn times(cx: &Cx, handed_over_at: Instant, as_of: Instant) -> Vec<String> {
    vec![
        page::time(handed_over_at, cx.zone()),
        waited(handed_over_at, as_of),
    ]
}

fn of_leads(cx: &Cx, value: String, as_of: Instant) -> Explanation {
    Explanation {
        first: "Lead",
        columns: vec!["Handed over", "Had waited"],
        ..plain(
            value,
            format!("as of {}", page::time_and_zone(as_of, cx.zone())),
        )
    }
}

fn plain(value: String, filter: String) -> Explanation {
    Explanation {
        figure: String::new(),
        group: String::new(),
        value,
        meaning: "",
        formula: "",
        filled: String::new(),
        filters: vec![filter],
        first: "Person",
        columns: Vec::new(),
        parts: Vec::new(),
        under: Vec::new(),
        back: nowhere(),
    }
}

/// What ranks somebody: their value and target of the activities, and the share of a line to reach.
fn main(rep: &Rep) -> (Option<f64>, Option<f64>) {
    let label = Metric::Activities.label();
    let Some(found) = rep.against.iter().find(|one| one.metric == label) else {
        return (None, None);
    };
    let target = found.target.filter(|target| *target > 0.0);
    let share = found
        .value
        .zip(target)
        .map(|(value, target)| value / target);
    (found.value, share.or(found.share))
}

/// What somebody is ranked by, and the people of their team about them, of those whom the pack shows.
fn ranked(seen: &Content, rep: &Rep) -> (String, Vec<(How, String, Row)>) {
    // A line to reach says its place and nothing of its team: it is only shown where it is of the reader's own.
    let theirs = seen.reps.iter();
    let theirs = theirs.filter(|one| one.team_id == rep.team_id || one.is_line);
    let theirs: Vec<&Rep> = theirs.collect();
    let has_targets = theirs.iter().any(|one| main(one).1.is_some());
    let key = |rep: &Rep| match (main(rep), has_targets) {
        ((_, share), true) => share,
        ((value, _), false) => value,
    };
    let words = |key: Option<f64>| match (key, has_targets) {
        (None, _) => DASH.to_owned(),
        (Some(share), true) => page::percent(share),
        (Some(value), false) => page::amount(value),
    };
    let own = key(rep);
    let rows = theirs.iter().map(|one| {
        let (how, why) = match (one.place, key(one).zip(own)) {
            (Some(_), _) if one.person_id == rep.person_id && !one.is_line => {
                (How::Counted, "their own place")
            }
            (None, _) => (How::LeftOut, "without a place: away, or nothing to rank by"),
            (_, Some((other, own))) if other > own + ALIKE => (How::InWhole, "before them"),
            (_, Some((other, own))) if other + ALIKE < own => (How::LeftOut, "behind them"),
            _ => (How::LeftOut, "as far as they: who is alike shares a place"),
        };
        let told = Row {
            name: one.name.clone(),
            sub: one.team.clone(),
            cells: vec![
                one.place.map_or(DASH.to_owned(), |place| place.to_string()),
                words(key(one)),
            ],
            ..Row::default()
        };
        (how, why.to_owned(), told)
    });
    (words(own), rows.collect())
}

/// Somebody's place among the people of their team, of those whom the pack shows the reader.
pub fn place(cx: &Cx, seen: &Content, uid: &str) -> Result<(Frozen, Explanation)> {
    let me = cx.me()?;
    let directory: Arc<Directory> = cx.reference()?;
    let person = directory.person_of_uid(uid).ok_or(Error::NotFound)?;
    let mut reps = seen.reps.iter().filter(|rep| may_open(me, rep));
    let rep = reps.find(|rep| rep.person_id == person.id);
    let rep = rep.ok_or(Error::NotFound)?;
    let value = rep.place.ok_or(Error::NotFound)?.to_string();
    let (key, rows) = ranked(seen, rep);
    let filled = format!("{key}: place {value}");
    let explanation = Explanation {
        figure: rep.name.clone(),
        group: "Place".to_owned(),
        meaning: "The place among the people of the team by the share of the own target of activities, less days off, and \
                  where nobody of it has one by the activities. Who was away all the week has none, and you see of the \
                  others what the pack shows you.",
        formula: "1 + how many of the team were further",
        filled: filled.clone(),
        columns: vec!["Place", "What ranks"],
        parts: parts(rows),
        ..plain(
            value.clone(),
            format!(
                "{} to {}, as of {}",
                page::day(seen.from),
                page::day(seen.to),
                page::time_and_zone(seen.made_at, cx.zone())
            ),
        )
    };
    Ok((Frozen { value, filled }, explanation))
}

/// How far a shared goal was ahead of its pace.
pub fn pace(cx: &Cx, seen: &Content, id: &str) -> Result<(Frozen, Explanation)> {
    let (done, mut explanation) = goal(cx, seen, id)?;
    let kept = seen.goals.iter().find(|goal| goal.id.to_string() == id);
    let kept = kept.ok_or(Error::NotFound)?;
    let value = lists::goal_pace(kept);
    let filled = format!(
        "{} - {} of {} due by then: {value}",
        page::amount(kept.value),
        page::amount(kept.amount * kept.gone),
        page::amount(kept.amount)
    );
    explanation.formula = "done - due by then, in whole steps; due by then = the goal \u{d7} the share of its working time gone";
    explanation.group = "Pace".to_owned();
    // The same done is the same pace.
    if explanation.value == done.value {
        explanation.value.clone_from(&value);
        explanation.filled.clone_from(&filled);
    }
    Ok((Frozen { value, filled }, explanation))
}
