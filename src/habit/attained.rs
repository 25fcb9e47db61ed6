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
use crate::rules::target::{DayShare, Metric};
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::collections::{BTreeSet, HashMap, HashSet};
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
/// most 1. A week that asks nothing is neutral, and not there. `who` gives a person in a team at that time their key;
/// nobody has one but `people`, where they are given.
pub fn attained<K: Hash + Eq + Copy>(
    conn: &mut Conn,
    kept: Kept,
    ground: &Ground,
    metric: &Metric,
    (weeks, as_of): (&[NaiveDate], Instant),
    people: Option<Vec<i64>>,
    who: impl Fn(i64, Option<i64>) -> Option<K>,
) -> Result<HashMap<(K, NaiveDate), f64>> {
    let (Some(first), Some(last)) = (weeks.first(), weeks.last()) else {
        return Ok(HashMap::new());
    };
    let span = Span {
        from: *first,
        to: sunday_of(*last),
        as_of,
        people,
    };
    let key = |person, team, local_day| Some((who(person, team)?, day::week_of(local_day)));
    let values = totals::by(conn, kept, metric, &span, key)?;
    let mut targets: HashMap<(K, NaiveDate), f64> = HashMap::new();
    for person in ground.loggers() {
        let key = |team| who(person.id, team);
        if !was_asked(ground, person, |team| key(team).is_some()) {
            continue;
        }
        for week in weeks {
            let days = (*week, sunday_of(*week));
            let share = |day| ground.share(person, day);
            for (who, target) in targets_by(ground, person, metric, days, (key, share)) {
                *targets.entry((who, *week)).or_insert(0.0) += target;
            }
        }
    }
    let attained = targets.into_iter().map(|(key, target)| {
        let value = values.get(&key).copied().unwrap_or(0.0);
        (key, (value / target).min(1.0))
    });
    Ok(attained.collect())
}

/// What people attained of all that each week asked of them: of several metrics the mean.
pub fn of_all(
    conn: &mut Conn,
    kept: Kept,
    ground: &Ground,
    people: &[&Person],
    (weeks, as_of): (&[NaiveDate], Instant),
) -> Result<HashMap<(i64, NaiveDate), f64>> {
    let metrics: BTreeSet<Metric> = people.iter().flat_map(|p| ground.metrics(p.id)).collect();
    let ids: HashSet<i64> = people.iter().map(|person| person.id).collect();
    let who = |person: i64, _| ids.contains(&person).then_some(person);
    let mut shares: HashMap<(i64, NaiveDate), Vec<f64>> = HashMap::new();
    for metric in metrics {
        let theirs = Some(ids.iter().copied().collect());
        for (key, share) in attained(conn, kept, ground, &metric, (weeks, as_of), theirs, who)? {
            shares.entry(key).or_default().push(share);
        }
    }
    let mean = |shares: Vec<f64>| shares.iter().sum::<f64>() / shares.len() as f64;
    let all = shares.into_iter();
    Ok(all.map(|(key, shares)| (key, mean(shares))).collect())
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
    let asked = |team: Option<i64>| team.filter(|team| is_asked(*team));
    for person in ground.loggers() {
        if !was_asked(ground, person, |team| asked(team).is_some()) {
            continue;
        }
        let share = |day| ground.share(person, day);
        for (team, target) in targets_by(ground, person, metric, days, (asked, share)) {
            parts.entry((team, person.id)).or_insert(part(0.0)).target += target;
        }
    }
    Ok(parts)
}

/// Whether somebody was ever in a team that is asked about, or may be in none: of the others no day is looked at.
fn was_asked(ground: &Ground, person: &Person, is_asked: impl Fn(Option<i64>) -> bool) -> bool {
    let memberships = ground.calendars.memberships(person.id).iter();
    let teams = memberships.map(|membership| Some(membership.team_id));
    teams.chain([None]).any(is_asked)
}

/// What was due by an instant of what [`parts`] ask for, by (team, person): of each day its part of the targets, times
/// the share of its working time that is gone.
pub fn due(
    ground: &Ground,
    metric: &Metric,
    (days, at): ((NaiveDate, NaiveDate), Instant),
    is_asked: impl Fn(i64) -> bool,
) -> HashMap<(i64, i64), f64> {
    let asked = |team: Option<i64>| team.filter(|team| is_asked(*team));
    let mut due = HashMap::new();
    for person in ground.loggers() {
        if !was_asked(ground, person, |team| asked(team).is_some()) {
            continue;
        }
        let calendar = ground.calendars.of_person(person.id, days.0, days.1);
        let share = |day| ground.share(person, day).gone(&calendar, day, at);
        for (team, target) in targets_by(ground, person, metric, days, (asked, share)) {
            *due.entry((team, person.id)).or_insert(0.0) += target;
        }
    }
    due
}

/// What a person's targets ask over some days, for each stretch of them in a team that `key` knows, where `share` says
/// what a day is for them.
fn targets_by<K>(
    ground: &Ground,
    person: &Person,
    metric: &Metric,
    (from, to): (NaiveDate, NaiveDate),
    (key, share): (
        impl Fn(Option<i64>) -> Option<K>,
        impl Fn(NaiveDate) -> DayShare,
    ),
) -> Vec<(K, f64)> {
    let memberships = ground.calendars.memberships(person.id);
    let stretches = people::stretches(memberships, from, to).into_iter();
    let asked = stretches.filter_map(|(first, last)| {
        let key = key(people::team_on(memberships, first))?;
        let target = ground.ledger.over(person.id, metric, first, last, &share)?;
        Some((key, target))
    });
    asked.collect()
}

fn sunday_of(monday: NaiveDate) -> NaiveDate {
    monday + Days::new(6)
}
