//! Explains how far a shared goal is: the hand-overs that count for it, and what does not.

use super::Measure;
use super::figure::{Counted, behind, counted, figure, words};
use super::store::{self, Goal, Happening};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::explain::{self, AS_OF, Explanation, How, Row, parts};
use crate::form::Form;
use crate::leads;
use crate::leads::cohort::bar;
use crate::page::{self, Answer, DASH, Link};
use crate::urls;
use crate::value::Instant;
use std::collections::{HashMap, HashSet};

/// The address that explains a goal as of an instant.
pub fn href(goal_id: i64, as_of: Instant) -> String {
    let pairs = [("goal", goal_id.to_string()), (AS_OF, as_of.to_string())];
    let pairs = pairs
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    urls::with_query("/shared-goals/explain", &pairs)
}

/// `/shared-goals/explain?goal=1`; `?format=csv` for its rows as a file.
pub fn page(cx: &Cx) -> Answer {
    let form = cx.query();
    let explanation = explanation(cx, &form)?;
    explain::show(cx, &form, explanation)
}

/// What explains the goal that an address names. Leads that are not the reader's to see count all the same, as the
/// goal does for everybody, and have no way to them.
pub fn explanation(cx: &Cx, form: &Form) -> Result<Explanation> {
    let me = cx.me()?;
    let mut form = form.clone();
    let as_of = bar::instant(&mut form, cx.now).ok_or(Error::NotFound)?;
    let id = form.value("goal").parse().map_err(|_| Error::NotFound)?;
    let zone = &cx.workspace.zone;
    let (goal, happenings, starts, names) = cx.snapshot(|conn| {
        let goal = store::find(conn, id)?.ok_or(Error::NotFound)?;
        let (happenings, starts) = behind(conn, zone, &goal, as_of)?;
        let ids: HashSet<i64> = happenings.iter().map(|one| one.lead_id).collect();
        Ok((goal, happenings, starts, leads::names(conn, me, ids)?))
    })?;
    let counted = counted(&goal, &happenings, &starts);
    let value = figure(&goal, &counted).value;
    let rows = rows(cx, &goal, (&counted, &happenings, &starts), &names);
    let value = words(&goal, value);
    Ok(Explanation {
        figure: goal.name.clone(),
        group: String::new(),
        meaning: "Hand-overs to which it came in the days of the goal. What happens belongs to the lead's last hand-over \
                  by then; a hand-over counts once, and a win with what it was worth last.",
        formula: match goal.measure {
            Measure::Value => "sum of what the wins were worth / the goal",
            _ => "a count / the goal",
        },
        filled: format!("{}: {value}", goal.measure.label()),
        value,
        filters: vec![
            bar::between(Some(goal.from_day), Some(goal.to_day)),
            format!("as of {}", page::time_and_zone(as_of, cx.zone())),
        ],
        first: "Lead",
        columns: vec!["Handed over", "Worth"],
        parts: parts(rows),
        under: Vec::new(),
        back: Link {
            href: "/shared-goals".to_owned(),
            label: "Shared goals".to_owned(),
            current: false,
        },
    })
}

/// What a goal is read from.
type Read<'r> = (&'r Counted, &'r [Happening], &'r HashMap<i64, Vec<Instant>>);

/// The hand-overs that count, and what does not, each with the name of its lead where it is the reader's to see.
fn rows(
    cx: &Cx,
    goal: &Goal,
    (counted, happenings, starts): Read,
    names: &HashMap<i64, (String, String)>,
) -> Vec<(How, String, Row)> {
    let name = |lead_id: i64| match names.get(&lead_id) {
        Some((name, href)) if !href.is_empty() => (name.clone(), href.clone()),
        _ => ("A lead that is not yours to see".to_owned(), String::new()),
    };
    let mut known: Vec<_> = counted.iter().collect();
    known.sort_by_key(|((lead_id, start), _)| (*start, *lead_id));
    let mut rows = Vec::new();
    for ((lead_id, start), worth) in known {
        let (how, reason) = match (goal.measure, worth) {
            (Measure::Value, None) => (How::LeftOut, "won without an amount in the currency"),
            (Measure::Value | Measure::Wins, _) => (How::Counted, "won"),
            (Measure::Meetings, _) => (How::Counted, "a meeting was booked"),
        };
        let amount = worth.map_or(DASH.to_owned(), page::amount);
        let cells = vec![page::time(*start, cx.zone()), amount];
        rows.push((how, reason.to_owned(), row(name(*lead_id), cells)));
    }
    for one in before_any(goal, happenings, starts) {
        let cells = vec![DASH.to_owned(), DASH.to_owned()];
        let reason = "before it was ever handed over".to_owned();
        rows.push((How::LeftOut, reason, row(name(one.lead_id), cells)));
    }
    rows
}

/// What would count, had the lead been handed over by then.
fn before_any<'h>(
    goal: &Goal,
    happenings: &'h [Happening],
    starts: &HashMap<i64, Vec<Instant>>,
) -> Vec<&'h Happening> {
    let is_before = |one: &&Happening| {
        let starts = starts.get(&one.lead_id).map_or(&[][..], Vec::as_slice);
        one.what.is_for(goal.measure) && starts.iter().all(|start| one.at < *start)
    };
    happenings.iter().filter(is_before).collect()
}

fn row((name, href): (String, String), cells: Vec<String>) -> Row {
    Row {
        name,
        href,
        cells,
        ..Row::default()
    }
}
