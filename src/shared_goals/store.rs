//! All SQL about shared goals, and about what they count.

use super::{Measure, NewGoal};
use crate::db::Conn;
use crate::error::Result;
use crate::leads::store::stands;
use crate::leads::wins;
use crate::rules::stage::EventKind;
use crate::schema::{activities, handovers, lead_events, leads, shared_goals};
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = shared_goals)]
pub struct Goal {
    pub id: i64,
    pub name: String,
    pub measure: Measure,
    pub amount: f64,
    pub currency: String,
    pub from_day: NaiveDate,
    pub to_day: NaiveDate,
    pub sales_owner_id: i64,
    pub marketing_owner_id: i64,
    pub made_by_id: Option<i64>,
    pub ended_at: Option<Instant>,
}

impl Goal {
    pub fn is_running(&self, today: NaiveDate) -> bool {
        self.ended_at.is_none() && self.from_day <= today && today <= self.to_day
    }
}

/// In the order in which they were made.
pub fn all(conn: &mut Conn) -> Result<Vec<Goal>> {
    Ok(shared_goals::table
        .order(shared_goals::id)
        .select(Goal::as_select())
        .load(conn)?)
}

pub fn find(conn: &mut Conn, id: i64) -> Result<Option<Goal>> {
    Ok(shared_goals::table
        .find(id)
        .select(Goal::as_select())
        .first(conn)
        .optional()?)
}

pub fn add(
    conn: &mut Conn,
    new: &NewGoal,
    made_by_id: Option<i64>,
    made_at: Instant,
) -> Result<i64> {
    Ok(diesel::insert_into(shared_goals::table)
        .values((
            shared_goals::name.eq(&new.name),
            shared_goals::measure.eq(new.measure),
            shared_goals::amount.eq(new.amount),
            shared_goals::currency.eq(&new.currency),
            shared_goals::from_day.eq(new.from),
            shared_goals::to_day.eq(new.to),
            shared_goals::sales_owner_id.eq(new.sales_owner_id),
            shared_goals::marketing_owner_id.eq(new.marketing_owner_id),
            shared_goals::made_by_id.eq(made_by_id),
            shared_goals::made_at.eq(made_at),
        ))
        .returning(shared_goals::id)
        .get_result(conn)?)
}

pub fn end(conn: &mut Conn, id: i64, by_id: i64, at: Instant) -> Result<()> {
    diesel::update(shared_goals::table.find(id))
        .set((
            shared_goals::ended_at.eq(Some(at)),
            shared_goals::ended_by_id.eq(Some(by_id)),
        ))
        .execute(conn)?;
    Ok(())
}

/// A meeting or a win of a lead.
#[derive(Debug, Clone)]
pub struct Happening {
    pub lead_id: i64,
    pub at: Instant,
    pub what: What,
}

#[derive(Debug, Clone)]
pub enum What {
    Meeting,
    /// With its currency and worth in millionths, where an amount is known.
    Won(Option<(String, i64)>),
}

impl What {
    pub fn is_for(&self, measure: Measure) -> bool {
        matches!(self, What::Meeting) == (measure == Measure::Meetings)
    }
}

/// The standing meetings and wins between two instants, both included, in the order in which they happened: of two
/// events at one instant the one with the larger place came later.
pub fn happenings(conn: &mut Conn, span: (Instant, Instant)) -> Result<Vec<Happening>> {
    type Event = (i64, Instant, EventKind, Option<i64>, String);
    type Row = (Event, (i64, Option<i64>), (Option<i64>, String));
    let mut events: Vec<Row> = lead_events::table
        .inner_join(leads::table.on(leads::id.eq(lead_events::lead_id)))
        .filter(lead_events::kind.eq_any([EventKind::MeetingBooked, EventKind::Won]))
        .filter(lead_events::at.between(span.0, span.1))
        .filter(stands())
        .select((
            (
                lead_events::lead_id,
                lead_events::at,
                lead_events::kind,
                lead_events::amount_micros,
                lead_events::currency,
            ),
            (lead_events::id, lead_events::place_id),
            (leads::amount_micros, leads::currency),
        ))
        .load(conn)?;
    events.sort_by_key(|((_, at, ..), (id, place), _)| (*at, place.unwrap_or(*id)));
    let meetings: Vec<(Option<i64>, Instant)> = activities::table
        .filter(activities::is_current.and(activities::is_meeting.eq(true)))
        .filter(activities::lead_id.is_not_null())
        .filter(activities::happened_at.between(span.0, span.1))
        .select((activities::lead_id, activities::happened_at))
        .load(conn)?;
    let event = |((lead_id, at, kind, amount, currency), _, lead): Row| Happening {
        lead_id,
        at,
        what: match kind {
            EventKind::Won => What::Won(wins::worth((amount, currency), lead)),
            _ => What::Meeting,
        },
    };
    let meeting = |(lead_id, at): (Option<i64>, Instant)| {
        let what = What::Meeting;
        Some(Happening {
            lead_id: lead_id?,
            at,
            what,
        })
    };
    let mut all: Vec<Happening> = events.into_iter().map(event).collect();
    all.extend(meetings.into_iter().filter_map(meeting));
    all.sort_by_key(|happening| happening.at);
    Ok(all)
}

/// When the leads of these happenings were handed over, up to an instant, in order.
pub fn handovers(
    conn: &mut Conn,
    happenings: &[Happening],
    until: Instant,
) -> Result<HashMap<i64, Vec<Instant>>> {
    let ids: HashSet<i64> = happenings
        .iter()
        .map(|happening| happening.lead_id)
        .collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let mut starts: HashMap<i64, Vec<Instant>> = HashMap::new();
    for ids in ids.chunks(500) {
        let rows: Vec<(i64, Instant)> = handovers::table
            .filter(handovers::lead_id.eq_any(ids))
            .filter(handovers::handed_over_at.le(until))
            .order(handovers::handed_over_at)
            .select((handovers::lead_id, handovers::handed_over_at))
            .load(conn)?;
        for (lead, at) in rows {
            starts.entry(lead).or_default().push(at);
        }
    }
    Ok(starts)
}
