//! Explains how far a target is, and what was logged: the entries that count, those that do not, and where the pace comes from.

use super::parts::{Whole, days_of, total, whole};
use super::{MET, logged};
use crate::activities::Activity;
use crate::activities::totals::{self, Behind, Span};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::explain::{self, AS_OF, Explanation, How, Row, parts};
use crate::form::Form;
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

/// How an address asks for the pace of a target, not for what was done.
const PACE: &str = "pace";

/// The address that explains a target of one's own.
pub fn href(row: &TargetRow, as_of: Instant) -> String {
    address(row, "", as_of)
}

/// The address that explains how far one is ahead of such a target's pace, or behind it.
pub fn pace_href(row: &TargetRow, as_of: Instant) -> String {
    address(row, PACE, as_of)
}

fn address(row: &TargetRow, figure: &str, as_of: Instant) -> String {
    let pairs = [
        ("figure", figure.to_owned()),
        ("metric", row.metric.to_string()),
        ("period", row.period.to_string()),
        (AS_OF, as_of.to_string()),
    ];
    let pairs = pairs
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    urls::with_query("/today/explain", &pairs)
}

/// "2 behind pace", or that the target is met.
pub fn pace_words(value: f64, asked: Whole) -> String {
    match target::is_hit(value, asked.amount) {
        true => MET.to_owned(),
        false => page::pace(target::ahead_of_pace(value, asked.amount, asked.gone)),
    }
}

/// `/today/explain?metric=activities&period=day`, with `&figure=pace` its pace, or `?figure=logged` for what was logged today;
/// `?format=csv` for its rows as a file.
pub fn page(cx: &Cx) -> Answer {
    let mut form = cx.query();
    let as_of = bar::instant(&mut form, cx.now).ok_or(Error::NotFound)?;
    let explanation = match logged::Figure::from_word(form.value("figure")) {
        Some(figure) => logged::explanation(cx, figure, as_of)?,
        None => of_target(cx, &form, as_of)?,
    };
    explain::show(cx, &form, explanation)
}

/// How far a target is, or how far ahead of its pace.
fn of_target(cx: &Cx, form: &Form, as_of: Instant) -> Result<Explanation> {
    let is_pace = match form.value("figure") {
        "" => false,
        PACE => true,
        _ => return Err(Error::NotFound),
    };
    let metric: Metric = form.value("metric").parse().map_err(|_| Error::NotFound)?;
    let period = Period::from_word(form.value("period")).ok_or(Error::NotFound)?;
    let found = read(cx, &metric, period, as_of)?;
    let (value, formula, filled) = match is_pace {
        true => (
            pace_words(found.value, found.asked),
            "done - due by now, in whole steps; due by now = sum over days of the day's part of the target \u{d7} share of \
             its working time gone",
            pace_filled(period, &found),
        ),
        false => (
            format!(
                "{} of {}",
                page::amount(found.value),
                page::amount(found.asked.amount)
            ),
            "done / target; pace = sum over days of the day's part of the target \u{d7} share of its working time gone",
            done_filled(period, &found),
        ),
    };
    Ok(Explanation {
        figure: match is_pace {
            true => format!("{}, pace", metric.label()),
            false => metric.label().to_owned(),
        },
        group: match period {
            Period::Day => "today",
            Period::Week => "this week",
            Period::Month => "this month",
        }
        .to_owned(),
        value,
        meaning: "What you have done of what the target asks for, less days off. The pace is what it has asked for by \
                  now: of each day its part of the target, times the share of its working time that is gone by your own \
                  hours.",
        formula,
        filled,
        filters: vec![format!("as of {}", page::time_and_zone(as_of, cx.zone()))],
        first: "When",
        columns: vec!["Kind", "Outcome", "Lead", "Count"],
        parts: parts(rows(cx, &metric, &found)?),
        under: Vec::new(),
        back: Link {
            href: "/today".to_owned(),
            label: "Today".to_owned(),
            current: false,
        },
    })
}

/// "50.0 % of the working time gone".
fn gone_words(period: Period, asked: Whole) -> String {
    let gone = page::percent(asked.gone);
    match period {
        Period::Day => format!("{gone} of the working time gone"),
        _ => format!("{gone} of it is due by now"),
    }
}

fn done_filled(period: Period, found: &Found) -> String {
    let ahead = match pace_words(found.value, found.asked) {
        met if met == MET => "target met".to_owned(),
        pace => pace,
    };
    format!(
        "{} / {}; {}: {ahead}",
        page::amount(found.value),
        page::amount(found.asked.amount),
        gone_words(period, found.asked)
    )
}

fn pace_filled(period: Period, found: &Found) -> String {
    let Whole { amount, gone } = found.asked;
    format!(
        "{} - {} of {}, {}: {}",
        page::amount(found.value),
        page::amount(amount * gone),
        page::amount(amount),
        gone_words(period, found.asked),
        page::pace(target::ahead_of_pace(found.value, amount, gone))
    )
}

fn rows(cx: &Cx, metric: &Metric, found: &Found) -> Result<Vec<(How, String, Row)>> {
    let lists: Arc<Lists> = cx.reference()?;
    let counted = found.counted.iter();
    let counted = counted.map(|entry| (How::Counted, "counts", entry));
    let others = found.others.iter().map(|entry| {
        let why = metric.why_not(entry.lead_id.is_some(), entry.is_reached);
        (How::LeftOut, why, entry)
    });
    let rows = counted.chain(others).map(|(how, why, entry)| {
        let row = told(cx, &lists, &found.names, entry);
        (how, why.to_owned(), row)
    });
    Ok(rows.collect())
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
