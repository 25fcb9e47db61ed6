//! All SQL about the totals of days.

use super::{DayKey, Sums};
use crate::activities::totals::{PerDay, ReachedOrNot, Span};
use crate::db::Conn;
use crate::error::Result;
use crate::in_batches;
use crate::rules::target::Metric;
use crate::schema::{activities, day_totals, kinds};
use chrono::NaiveDate;
use diesel::backend::Backend;
use diesel::dsl::sum;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Date, Integer};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Queryable)]
struct Row {
    person_id: i64,
    local_day: NaiveDate,
    team_id: i64,
    kind_id: i64,
    entries: i32,
    prospecting: i32,
    reached: i32,
    meetings: i32,
}

impl Row {
    fn of((key, sums): (&DayKey, &Sums)) -> Row {
        Row {
            person_id: key.person_id,
            local_day: key.local_day,
            team_id: key.team_id,
            kind_id: key.kind_id,
            entries: sums.entries,
            prospecting: sums.prospecting,
            reached: sums.reached,
            meetings: sums.meetings,
        }
    }
}

/// Adds to what stands there.
pub fn add(conn: &mut Conn, days: &BTreeMap<DayKey, Sums>) -> Result<()> {
    let rows: Vec<Row> = days.iter().map(Row::of).collect();
    in_batches!(conn, &rows, |c, values| Addition::from(values));
    Ok(())
}

/// Rows that are added to what stands there. Written out, since the query builder prepares its own upserts anew each
/// time, and each activity that is logged makes one.
struct Addition<'a>(&'a [Row]);

impl<'a> From<&'a Row> for Addition<'a> {
    fn from(row: &'a Row) -> Addition<'a> {
        Addition(std::slice::from_ref(row))
    }
}

impl<'a> From<&'a [Row]> for Addition<'a> {
    fn from(rows: &'a [Row]) -> Addition<'a> {
        Addition(rows)
    }
}

impl QueryId for Addition<'_> {
    type QueryId = Addition<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> RunQueryDsl<C> for Addition<'_> {}

impl<DB: Backend> QueryFragment<DB> for Addition<'_>
where
    i32: ToSql<Integer, DB>,
    i64: ToSql<BigInt, DB>,
    NaiveDate: ToSql<Date, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if self.0.len() != 1 {
            out.unsafe_to_cache_prepared();
        }
        out.push_sql(
            "INSERT INTO day_totals (person_id, local_day, team_id, kind_id, entries, prospecting, reached, meetings) VALUES ",
        );
        for (number, row) in self.0.iter().enumerate() {
            out.push_sql(if number == 0 { "(" } else { ", (" });
            out.push_bind_param::<BigInt, _>(&row.person_id)?;
            out.push_sql(", ");
            out.push_bind_param::<Date, _>(&row.local_day)?;
            for id in [&row.team_id, &row.kind_id] {
                out.push_sql(", ");
                out.push_bind_param::<BigInt, _>(id)?;
            }
            for sum in [&row.entries, &row.prospecting, &row.reached, &row.meetings] {
                out.push_sql(", ");
                out.push_bind_param::<Integer, _>(sum)?;
            }
            out.push_sql(")");
        }
        out.push_sql(
            " ON CONFLICT (person_id, local_day, team_id, kind_id) DO UPDATE SET \
             entries = day_totals.entries + excluded.entries, \
             prospecting = day_totals.prospecting + excluded.prospecting, \
             reached = day_totals.reached + excluded.reached, \
             meetings = day_totals.meetings + excluded.meetings",
        );
        Ok(())
    }
}

/// The sums of a metric that is one of quantities, for each (person, team at that time, local day) of a span: those that are
/// not 0. The span's as-of is not asked for.
pub fn sums(conn: &mut Conn, metric: &Metric, span: &Span) -> Result<Vec<PerDay>> {
    type Row = (
        i64,
        i64,
        NaiveDate,
        Option<i64>,
        Option<i64>,
        Option<i64>,
        Option<i64>,
    );
    let query = day_totals::table
        .group_by((
            day_totals::person_id,
            day_totals::local_day,
            day_totals::team_id,
        ))
        .select((
            day_totals::person_id,
            day_totals::team_id,
            day_totals::local_day,
            sum(day_totals::entries),
            sum(day_totals::prospecting),
            sum(day_totals::reached),
            sum(day_totals::meetings),
        ))
        .filter(within(span))
        .filter(counted(metric));
    let rows: Vec<Row> = query.load(conn)?;
    Ok(rows
        .into_iter()
        .filter_map(
            |(person, team, day, entries, prospecting, reached, meetings)| {
                let sum = match metric {
                    Metric::Reached => reached,
                    Metric::MeetingsBooked => meetings,
                    Metric::Kind(_) => entries,
                    _ => prospecting,
                };
                let sum = sum.filter(|sum| *sum != 0)?;
                Some((person, (team != 0).then_some(team), day, sum))
            },
        )
        .collect())
}

/// Prospecting activities of a span, as its entries would add up: the span's as-of is not asked for.
pub fn reached_or_not(conn: &mut Conn, span: &Span) -> Result<Vec<ReachedOrNot>> {
    let rows: Vec<(i64, i64, Option<i64>, Option<i64>)> = day_totals::table
        .group_by((day_totals::person_id, day_totals::team_id))
        .select((
            day_totals::person_id,
            day_totals::team_id,
            sum(day_totals::prospecting),
            sum(day_totals::reached),
        ))
        .filter(within(span))
        .load(conn)?;
    let both = |(person_id, team_id, prospecting, reached)| {
        let (all, reached) = (
            Option::unwrap_or(prospecting, 0),
            Option::unwrap_or(reached, 0),
        );
        [(true, reached), (false, all - reached)].map(|(is_reached, quantity)| ReachedOrNot {
            person_id,
            team_id: (team_id != 0).then_some(team_id),
            is_reached,
            quantity,
        })
    };
    let all = rows.into_iter().flat_map(both);
    Ok(all.filter(|sum| sum.quantity != 0).collect())
}

/// Who made an entry in one of these teams in some days, both included, also one that was taken back.
pub fn people_of(
    conn: &mut Conn,
    teams: &[i64],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<i64>> {
    Ok(day_totals::table
        .filter(day_totals::team_id.eq_any(teams))
        .filter(day_totals::local_day.between(from, to))
        .select(day_totals::person_id)
        .distinct()
        .load(conn)?)
}

type Condition = Box<
    dyn BoxableExpression<day_totals::table, crate::db::Backend, SqlType = diesel::sql_types::Bool>,
>;

fn within(span: &Span) -> Condition {
    let days = day_totals::local_day.between(span.from, span.to);
    match span.people.as_deref() {
        None => Box::new(days),
        Some([one]) => Box::new(day_totals::person_id.eq(*one).and(days)),
        Some(some) => Box::new(day_totals::person_id.eq_any(some.to_vec()).and(days)),
    }
}

fn counted(metric: &Metric) -> Condition {
    match metric {
        Metric::Kind(name) => {
            let ids = kinds::table
                .filter(kinds::name.eq(name.clone()))
                .select(kinds::id);
            Box::new(day_totals::kind_id.eq_any(ids))
        }
        _ => Box::new(day_totals::entries.ne(0)),
    }
}

/// The days whose totals are not what their entries add up to: whose, and which day.
pub fn wrong(conn: &mut Conn) -> Result<BTreeSet<(i64, NaiveDate)>> {
    let mut left = counted_again(conn)?;
    for row in day_totals::table.load::<Row>(conn)? {
        let key = DayKey {
            person_id: row.person_id,
            local_day: row.local_day,
            team_id: row.team_id,
            kind_id: row.kind_id,
        };
        let kept = [row.entries, row.prospecting, row.reached, row.meetings];
        let sums = left.entry(key).or_default();
        for (total, kept) in sums.iter_mut().zip(kept) {
            *total -= i64::from(kept);
        }
    }
    left.retain(|_, sums| sums.iter().any(|sum| *sum != 0));
    let days = left.into_keys();
    Ok(days.map(|key| (key.person_id, key.local_day)).collect())
}

/// What the standing entries add up to, in the order of [`Sums`].
fn counted_again(conn: &mut Conn) -> Result<BTreeMap<DayKey, [i64; 4]>> {
    let groups = (
        activities::person_id,
        activities::local_day,
        activities::team_id,
        activities::kind_id,
        activities::is_prospecting,
        activities::is_reached,
        activities::is_meeting,
    );
    type Counted = (i64, NaiveDate, Option<i64>, i64, bool, bool, bool);
    let counted: Vec<(Counted, Option<i64>)> = activities::table
        .group_by(groups)
        .select((groups, sum(activities::quantity)))
        .filter(activities::is_current)
        .load(conn)?;
    let mut days: BTreeMap<DayKey, [i64; 4]> = BTreeMap::new();
    for ((person_id, local_day, team, kind_id, is_prospecting, is_reached, is_meeting), sum) in
        counted
    {
        let key = DayKey {
            person_id,
            local_day,
            team_id: team.unwrap_or(0),
            kind_id,
        };
        let is_counted = [
            true,
            is_prospecting,
            is_prospecting && is_reached,
            is_meeting,
        ];
        let sums = days.entry(key).or_default();
        for (total, _) in sums.iter_mut().zip(is_counted).filter(|(_, is)| *is) {
            *total += sum.unwrap_or(0);
        }
    }
    Ok(days)
}
