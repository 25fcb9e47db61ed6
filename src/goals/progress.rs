//! How far people are with their goals, beside the working time that is gone.

use super::{Aim, Goal};
use crate::activities::totals::{self, Span};
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::leads;
use crate::page;
use crate::rules::target;
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;
use std::sync::Arc;

/// A goal and how far one is with it, in words: "12 of 30 by Tue 31 Mar 2026", "3 behind pace".
#[derive(Debug, Clone)]
pub struct Progress {
    pub goal: Goal,
    pub label: String,
    pub text: String,
    pub note: String,
    /// Of a hundred.
    pub percent: u32,
    pub pace: u32,
    pub tone: &'static str,
    /// Whether its time is over, or it was ended.
    pub is_past: bool,
    /// The days that are counted, both included, and as of when.
    pub days: (NaiveDate, NaiveDate),
    pub as_of: Instant,
}

/// How many of an aim some people have had from one day to another, both included, by person. One query, or two of
/// wins.
pub fn count(conn: &mut Conn, kept: Kept, aim: &Aim, span: &Span) -> Result<HashMap<i64, f64>> {
    let Aim::Metric(metric) = aim else {
        return wins(conn, kept, span);
    };
    totals::by(conn, kept, metric, span, |person, _, _| Some(person))
}

fn wins(conn: &mut Conn, kept: Kept, span: &Span) -> Result<HashMap<i64, f64>> {
    let mut counts = HashMap::new();
    for (owner, _, day) in wins_by_day(conn, kept, span)? {
        if span.from <= day && day <= span.to {
            *counts.entry(owner).or_insert(0.0) += 1.0;
        }
    }
    Ok(counts)
}

/// The wins of some people around a span: who owned the lead then, the lead, and the day that it was for them.
pub fn wins_by_day(conn: &mut Conn, kept: Kept, span: &Span) -> Result<Vec<(i64, i64, NaiveDate)>> {
    let calendars: Arc<Calendars> = kept.get(conn)?;
    // A day more on either side, since each owner's day is their own.
    let first = calendars.zone().midnight(
        span.from
            .checked_sub_days(Days::new(1))
            .unwrap_or(span.from),
    );
    let people = span.people.as_ref();
    let wins = leads::wins::wins(conn, (first, span.as_of))?.into_iter();
    let theirs = wins.filter_map(|win| {
        let owner = win.owner_id?;
        let is_theirs = people.is_none_or(|people| people.contains(&owner));
        is_theirs.then(|| (owner, win.lead_id, calendars.day_at(owner, win.at)))
    });
    Ok(theirs.collect())
}

/// How far goals are, in their order. One count for each aim and stretch of days among them.
pub fn progress(
    conn: &mut Conn,
    kept: Kept,
    goals: Vec<Goal>,
    now: Instant,
) -> Result<Vec<Progress>> {
    let calendars: Arc<Calendars> = kept.get(conn)?;
    let mut counts: HashMap<(Aim, NaiveDate, NaiveDate, Instant), HashMap<i64, f64>> =
        HashMap::new();
    let mut all = Vec::new();
    let first = goals.first().map(|goal| goal.person_id);
    let only = first.filter(|id| goals.iter().all(|goal| goal.person_id == *id));
    for goal in goals {
        let Some(aim) = goal.aim() else { continue };
        let stretch = Stretch::of(&goal, &calendars, now);
        let key = (aim.clone(), stretch.from, stretch.to, stretch.until);
        if !counts.contains_key(&key) {
            let span = Span {
                from: stretch.from,
                to: stretch.to,
                as_of: stretch.until,
                people: only.map(|one| vec![one]),
            };
            counts.insert(key.clone(), count(conn, kept, &aim, &span)?);
        }
        let points = counts[&key].get(&goal.person_id).copied().unwrap_or(0.0);
        all.push(shown(goal, &aim, points, &stretch));
    }
    Ok(all)
}

/// The days that a goal counts, what it asks of them, and how much of their working time is gone.
struct Stretch {
    from: NaiveDate,
    to: NaiveDate,
    /// Now, or when the goal was ended: what is done later counts no more.
    until: Instant,
    /// The amount; of a goal a day less what is off of the day.
    asked: f64,
    gone: f64,
    is_past: bool,
}

impl Stretch {
    fn of(goal: &Goal, calendars: &Calendars, now: Instant) -> Stretch {
        let zones = calendars.zones_of(goal.person_id);
        // An ended goal stays as it was when it ended.
        let until = goal.ended_at.map_or(now, |ended| ended.min(now));
        let today = zones.day_of(until);
        let (from, to, asked) = match goal.by_day {
            Some(by_day) => (goal.starts_on, by_day, goal.amount),
            None => {
                let fraction = calendars.share_of(goal.person_id, today).fraction;
                (today, today, goal.amount * fraction)
            }
        };
        let calendar = calendars.of_person(goal.person_id, from, to);
        let [start, end] = [from, to + Days::new(1)].map(|day| zones.midnight(day));
        let gone = match calendar.working_us(start, end) {
            0 => 1.0,
            all => calendar.working_us(start, until) as f64 / all as f64,
        };
        Stretch {
            from,
            to: to.min(today),
            until,
            asked,
            gone,
            is_past: goal.ended_at.is_some() || to < today,
        }
    }
}

fn shown(goal: Goal, aim: &Aim, points: f64, stretch: &Stretch) -> Progress {
    let asked = stretch.asked;
    let when = match goal.by_day {
        Some(day) => format!("by {}", page::day(day)),
        None if goal.ended_at.is_some() => "a day".to_owned(),
        None => "today".to_owned(),
    };
    let label = aim.label().to_owned();
    let is_past = stretch.is_past;
    if asked <= 0.0 {
        return Progress {
            label,
            text: format!("{} {when}", page::amount(points)),
            note: "Nothing asked: a day off".to_owned(),
            percent: 0,
            pace: 0,
            tone: "quiet",
            is_past,
            goal,
            days: (stretch.from, stretch.to),
            as_of: stretch.until,
        };
    }
    let is_hit = target::is_hit(points, asked);
    let ahead = target::ahead_of_pace(points, asked, stretch.gone);
    let percent = |share: f64| (share * 100.0).round().clamp(0.0, 100.0) as u32;
    Progress {
        label,
        text: format!("{} of {} {when}", page::amount(points), page::amount(asked)),
        note: match (is_hit, is_past) {
            (true, _) => "Reached".to_owned(),
            (false, true) => "Not reached".to_owned(),
            (false, false) => page::pace(ahead),
        },
        percent: percent(points / asked),
        pace: percent(stretch.gone),
        tone: match (is_hit, is_past) {
            (true, _) => "good",
            (false, true) => "quiet",
            (false, false) if ahead >= 0 => "good",
            _ => "warn",
        },
        is_past,
        days: (stretch.from, stretch.to),
        as_of: stretch.until,
        goal,
    }
}
