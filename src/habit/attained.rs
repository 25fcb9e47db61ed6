//! What share of a week's target was attained, and what a team has of its own: one source for boards and habits. Source:
//! METRICS.md 4.2.

use super::Ground;
use crate::activities::totals::{self, Span};
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::people::{self, Person};
use crate::rules::day;
use crate::rules::habit::Part;
use crate::rules::target::Metric;
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;
use std::hash::Hash;

/// How far back weeks are looked at: neutral ones are skipped, so more than the twelve that count.
const WEEKS_BACK: u64 = 52;

/// The Mondays of the whole weeks before a day, oldest first, since the first entry; none where no week is over.
pub fn whole_weeks(conn: &mut Conn, before: NaiveDate, as_of: Instant) -> Result<Vec<NaiveDate>> {
    let Some(first) = totals::first_day(conn, as_of)? else {
        return Ok(Vec::new());
    };
    let end = day::week_of(before);
    let start = day::week_of(first).max(end - Days::new(7 * WEEKS_BACK));
    Ok(start.iter_weeks().take_while(|week| *week < end).collect())
}

/// What each key attained of a metric in each of these weeks: what was done by what the targets of the week ask for, at
/// most 1. A week that asks nothing is neutral, and not there. `who` gives a person in a team at that time their key.
pub fn attained<K: Hash + Eq + Copy>(
    conn: &mut Conn,
    kept: Kept,
    ground: &Ground,
    metric: &Metric,
    (weeks, as_of): (&[NaiveDate], Instant),
    who: impl Fn(i64, Option<i64>) -> Option<K>,
) -> Result<HashMap<(K, NaiveDate), f64>> {
    let (Some(first), Some(last)) = (weeks.first(), weeks.last()) else {
        return Ok(HashMap::new());
    };
    let span = Span {
        from: *first,
        to: sunday_of(*last),
        as_of,
        people: None,
    };
    let key = |person, team, local_day| Some((who(person, team)?, day::week_of(local_day)));
    let values = totals::by(conn, kept, metric, &span, key)?;
    let mut targets: HashMap<(K, NaiveDate), f64> = HashMap::new();
    for person in ground.loggers() {
        for week in weeks {
            for (team, target) in targets_by_team(ground, person, metric, (*week, sunday_of(*week)))
            {
                if let Some(who) = who(person.id, team) {
                    *targets.entry((who, *week)).or_insert(0.0) += target;
                }
            }
        }
    }
    let attained = targets.into_iter().map(|(key, target)| {
        let value = values.get(&key).copied().unwrap_or(0.0);
        (key, (value / target).min(1.0))
    });
    Ok(attained.collect())
}

/// What each member of the teams that `is_asked` names has of their own target, by (team, person): who changed teams has
/// a part in each, by what was done and asked for while they were in it.
pub fn parts(
    conn: &mut Conn,
    kept: Kept,
    ground: &Ground,
    metric: &Metric,
    (span, days): (&Span, (NaiveDate, NaiveDate)),
    is_asked: impl Fn(i64) -> bool,
) -> Result<HashMap<(i64, i64), Part>> {
    let key = |person, team: Option<i64>, _| Some((team.filter(|team| is_asked(*team))?, person));
    let values = totals::by(conn, kept, metric, span, key)?;
    let part = |points| Part {
        points,
        target: 0.0,
    };
    let mut parts: HashMap<(i64, i64), Part> = values
        .into_iter()
        .map(|(key, points)| (key, part(points)))
        .collect();
    for person in ground.loggers() {
        for (team, target) in targets_by_team(ground, person, metric, days) {
            if let Some(team) = team.filter(|team| is_asked(*team)) {
                parts.entry((team, person.id)).or_insert(part(0.0)).target += target;
            }
        }
    }
    Ok(parts)
}

/// What a person's targets ask over some days, for each stretch of them in one team.
fn targets_by_team(
    ground: &Ground,
    person: &Person,
    metric: &Metric,
    (from, to): (NaiveDate, NaiveDate),
) -> Vec<(Option<i64>, f64)> {
    let memberships = ground.calendars.memberships(person.id);
    let stretches = people::stretches(memberships, from, to).into_iter();
    let asked = stretches.filter_map(|(first, last)| {
        let share = |day| ground.share(person, day);
        let target = ground.ledger.over(person.id, metric, first, last, share)?;
        Some((people::team_on(memberships, first), target))
    });
    asked.collect()
}

fn sunday_of(monday: NaiveDate) -> NaiveDate {
    monday + Days::new(6)
}
