//! What a share reached rests on: the entries of whoever it is about, and what their colleagues did in the same weeks.

use super::signs::Found;
use super::view;
use crate::activities::Activity;
use crate::activities::totals::{self, Behind, Span};
use crate::app::Cx;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::Result;
use crate::explain::{How, Row};
use crate::leads;
use crate::lists::Lists;
use crate::page;
use crate::people::Directory;
use crate::rules::rates::Rate;
use crate::rules::target::Metric;
use crate::value::Instant;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The rows behind it; of what is no share there are none. Four queries.
pub fn rows(cx: &Cx, one: &Found, as_of: Instant) -> Result<Vec<(How, String, Row)>> {
    if one.rates.is_none() {
        return Ok(Vec::new());
    }
    let (me, person_id) = (cx.me()?, one.person_id);
    cx.snapshot(|conn| {
        let (directory, lists): (Arc<Directory>, Arc<Lists>) =
            (cx.kept.get(conn)?, cx.kept.get(conn)?);
        let calendars: Arc<Calendars> = cx.kept.get(conn)?;
        let team = calendars.team_on(person_id, calendars.day_at(person_id, as_of));
        let span = |people| Span {
            from: one.from,
            to: one.to,
            as_of,
            people,
        };
        let what = Behind {
            metric: Metric::Activities,
            span: span(Some(vec![person_id])),
            team_id: Some(team),
        };
        let own = totals::behind(conn, me, &what, None, None)?;
        let others = totals::left_out(conn, me, &what, None)?;
        let ids = own.iter().chain(&others).filter_map(|entry| entry.lead_id);
        let names = leads::names(conn, me, ids.collect())?;
        let row = |entry: &Activity| {
            let lead = entry.lead_id.and_then(|id| names.get(&id));
            let lead = lead.map_or("", |(name, _)| name);
            entry_row(cx, entry, lead, &lists)
        };
        let reached = |entry: &Activity| match entry.is_reached {
            true => (How::Counted, "it reached somebody"),
            false => (How::InWhole, "it reached nobody"),
        };
        let mut all: Vec<(How, String, Row)> = Vec::new();
        all.extend(own.iter().map(|entry| {
            let (how, why) = reached(entry);
            (how, why.to_owned(), row(entry))
        }));
        let why = "its kind does not count as prospecting";
        all.extend(
            others
                .iter()
                .map(|entry| (How::LeftOut, why.to_owned(), row(entry))),
        );
        for (id, rate) in colleagues(conn, &span(None), (person_id, team))? {
            let name = directory.person(id).map(|person| person.name.clone());
            let row = Row {
                name: name.unwrap_or_default(),
                cells: vec![String::new(), page::of(rate), String::new(), String::new()],
                ..Row::default()
            };
            let why = "it counts in the share of the team only".to_owned();
            all.push((How::LeftOut, why, row));
        }
        Ok(all)
    })
}

/// What the others of a team did, by person.
fn colleagues(
    conn: &mut Conn,
    span: &Span,
    (person_id, team): (i64, Option<i64>),
) -> Result<BTreeMap<i64, Rate>> {
    let mut all: BTreeMap<i64, Rate> = BTreeMap::new();
    for sum in totals::reached_or_not(conn, span)? {
        if sum.team_id == team && sum.person_id != person_id {
            let rate = all.entry(sum.person_id).or_default();
            let n = sum.quantity.max(0) as u64;
            rate.n += n;
            rate.k += if sum.is_reached { n } else { 0 };
        }
    }
    Ok(all)
}

fn entry_row(cx: &Cx, entry: &Activity, lead: &str, lists: &Lists) -> Row {
    let what = view::what(entry.kind_id, entry.outcome_id, lists);
    Row {
        name: page::time(entry.happened_at, cx.zone()),
        cells: vec![
            page::time(entry.entered_at, cx.zone()),
            match entry.quantity {
                1 => what,
                quantity => format!("{quantity} \u{d7} {what}"),
            },
            lead.to_owned(),
            entry.note.clone(),
        ],
        ..Row::default()
    }
}
