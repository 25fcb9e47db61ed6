//! What people's last eight weeks suggest as their daily targets.

use crate::activities::totals::{self, Span};
use crate::app::Cx;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::Result;
use crate::people::Person;
use crate::rules::suggestion::{self, Suggestion};
use crate::rules::target::Metric;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;
use std::sync::Arc;

/// By person and metric; who has too few working days has none. Only days of membership count, since the workspace's first
/// entry; today is left out.
pub fn suggestions(
    conn: &mut Conn,
    cx: &Cx,
    people: &[Person],
    metrics: &[Metric],
    today: NaiveDate,
) -> Result<HashMap<(i64, Metric), Suggestion>> {
    let calendars: Arc<Calendars> = cx.kept.get(conn)?;
    let before = |days| today.checked_sub_days(Days::new(days)).unwrap_or(today);
    let span = Span {
        from: before(suggestion::DAYS),
        to: before(1),
        as_of: cx.now,
        people: None,
    };
    let begins = totals::first_day(conn, cx.now)?.unwrap_or(today);
    let days = (1..=suggestion::DAYS).map(before);
    let days: Vec<NaiveDate> = days.filter(|day| *day >= begins).collect();
    let mut found = HashMap::new();
    let shares = people.iter().map(|person| {
        let worked = days
            .iter()
            .filter(|day| calendars.team_on(person.id, **day).is_some());
        let share = |day: &NaiveDate| (*day, calendars.share_of(person.id, *day).fraction);
        (person.id, worked.map(share).collect::<Vec<_>>())
    });
    let shares: Vec<(i64, Vec<(NaiveDate, f64)>)> = shares.collect();
    for metric in metrics {
        let points = totals::by(conn, cx.kept, metric, &span, |person, _, day| {
            Some((person, day))
        })?;
        for (person, days) in &shares {
            let of_day = |(day, fraction): &(NaiveDate, f64)| {
                (
                    points.get(&(*person, *day)).copied().unwrap_or(0.0),
                    *fraction,
                )
            };
            if let Some(suggestion) = suggestion::suggest(days.iter().map(of_day)) {
                found.insert((*person, metric.clone()), suggestion);
            }
        }
    }
    Ok(found)
}
