//! Explains how far a target is: the entries that count, those that do not, and where the pace comes from.

use super::parts::{Whole, days_of, total, whole};
use crate::activities::Activity;
use crate::activities::totals::{self, Behind, Span};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::explain::{self, AS_OF, Explanation, How, Row, parts};
use crate::habit::Ground;
use crate::leads;
use crate::leads::cohort::bar;
use crate::lists::Lists;
use crate::page::{self, Answer, Link};
use crate::rules::target::{self, Metric, Period, TargetRow};
use crate::style;
use crate::urls;
use crate::value::Instant;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What is read: the entries that count and the others, what leads are called, the total, the target and the share gone.
struct Found {
    counted: Vec<Activity>,
    others: Vec<Activity>,
    names: HashMap<i64, (String, String)>,
    value: f64,
    asked: Whole,
}

/// The address that explains a target of one's own.
pub fn href(row: &TargetRow, as_of: Instant) -> String {
    let pairs = [
        ("metric", row.metric.to_string()),
        ("period", row.period.to_string()),
        (AS_OF, as_of.to_string()),
    ];
    let pairs = pairs
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    urls::with_query("/today/explain", &pairs)
}

/// `/today/explain?metric=activities&period=day`; `?format=csv` for its rows as a file.
pub fn page(cx: &Cx) -> Answer {
    let mut form = cx.query();
    let as_of = bar::instant(&mut form, cx.now).ok_or(Error::NotFound)?;
    let metric: Metric = form.value("metric").parse().map_err(|_| Error::NotFound)?;
    let period = Period::from_word(form.value("period")).ok_or(Error::NotFound)?;
    let found = read(cx, &metric, period, as_of)?;
    let lists: Arc<Lists> = cx.reference()?;
    let Whole { amount: of, gone } = found.asked;
    let (value, amount) = (page::amount(found.value), page::amount(of));
    let rows = found
        .counted
        .iter()
        .map(|entry| (How::Counted, "counts", entry));
    let others = found.others.iter().map(|entry| {
        let why = metric.why_not(entry.lead_id.is_some(), entry.is_reached);
        (How::LeftOut, why, entry)
    });
    let rows = rows.chain(others).map(|(how, why, entry)| {
        let row = told(cx, &lists, &found.names, entry);
        (how, why.to_owned(), row)
    });
    let ahead = match target::is_hit(found.value, of) {
        true => "target met".to_owned(),
        false => page::pace(target::ahead_of_pace(found.value, of, gone)),
    };
    let gone = match period {
        Period::Day => format!("{} of the working time gone", page::percent(gone)),
        _ => format!("{} of it is due by now", page::percent(gone)),
    };
    let explanation = Explanation {
        figure: metric.label().to_owned(),
        group: match period {
            Period::Day => "today",
            Period::Week => "this week",
            Period::Month => "this month",
        }
        .to_owned(),
        value: format!("{value} of {amount}"),
        meaning: "What you have done of what the target asks for, less days off. The pace is what it has asked for by \
                  now: of each day its part of the target, times the share of its working time that is gone by your own \
                  hours.",
        formula: "done / target; pace = sum over days of the day's part of the target \u{d7} share of its working time gone",
        filled: format!("{value} / {amount}; {gone}: {ahead}"),
        filters: vec![format!("as of {}", page::time_and_zone(as_of, cx.zone()))],
        first: "When",
        columns: vec!["Kind", "Outcome", "Lead", "Count"],
        parts: parts(rows),
        under: Vec::new(),
        back: Link {
            href: "/today".to_owned(),
            label: "Today".to_owned(),
            current: false,
        },
    };
    explain::show(cx, &form, explanation)
}

fn read(cx: &Cx, metric: &Metric, period: Period, as_of: Instant) -> Result<Found> {
    let me = cx.me()?;
    let today = me.zone.day_of(as_of);
    cx.snapshot(|conn| {
        let ground = Ground::kept(conn, cx.kept)?;
        let person = ground.directory.person(me.id).ok_or(Error::NotFound)?;
        let first_entry = totals::first_day(conn, as_of)?;
        let begins = ground.begins(me.id, first_entry, as_of);
        let targets = ground.ledger.in_force(me.id, today);
        let row = targets
            .iter()
            .find(|row| row.metric == *metric && row.period == period)
            .ok_or(Error::NotFound)?;
        let (from, _) = days_of(period, today);
        let asked = whole(row, &ground, person, begins, (today, as_of));
        let span = Span {
            from,
            to: today,
            as_of,
            people: Some(vec![me.id]),
        };
        let behind = Behind {
            metric: metric.clone(),
            span: span.clone(),
            team_id: None,
        };
        let counted = totals::behind(conn, me, &behind, None, None)?;
        let others = totals::left_out(conn, me, &behind, None)?;
        let both = counted.iter().chain(&others);
        let ids: HashSet<i64> = both.filter_map(|entry| entry.lead_id).collect();
        Ok(Found {
            names: leads::names(conn, me, ids)?,
            value: total(conn, cx, me.id, metric, &span)?,
            asked: asked.ok_or(Error::NotFound)?,
            counted,
            others,
        })
    })
}

fn told(cx: &Cx, lists: &Lists, names: &HashMap<i64, (String, String)>, entry: &Activity) -> Row {
    let kind = lists.kind(entry.kind_id);
    let outcome = entry.outcome_id.and_then(|id| lists.outcome(id));
    let lead = entry.lead_id.and_then(|id| names.get(&id)).cloned();
    let (lead, href) = lead.unwrap_or_default();
    Row {
        name: page::time(entry.happened_at, cx.zone()),
        sub: if entry.is_late { "entered late" } else { "" }.to_owned(),
        href,
        cells: vec![
            kind.map_or(String::new(), |kind| kind.name.clone()),
            outcome.map_or(String::new(), |outcome| outcome.name.clone()),
            lead,
            style::count(i64::from(entry.quantity)),
        ],
    }
}
