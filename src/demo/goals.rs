//! The goals of the demo: one that somebody set themselves, and one of sales and marketing together.

use super::cast::{ANA, CAST, MANAGERS, MARKETING};
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::goals::{self, Aim};
use crate::people;
use crate::rules::day;
use crate::rules::target::Metric;
use crate::shared_goals::{self, Measure};
use chrono::NaiveDate;

pub fn set(tx: &mut Tx) -> Result<()> {
    let today = people::workspace(tx.conn)?.zone.day_of(tx.now);
    let first = day::month_of(today);
    let last = day::next_month(today).pred_opt().unwrap_or(today);
    own(tx, first, last)?;
    shared(tx, first, last)
}

fn id_of(tx: &mut Tx, who: usize) -> Result<i64> {
    let person = people::store::by_email(tx.conn, &CAST[who].email())?;
    Ok(person.ok_or(Error::NotFound)?.id)
}

/// Ana's meetings of this month, which she shows to her manager.
fn own(tx: &mut Tx, first: NaiveDate, last: NaiveDate) -> Result<()> {
    let ana_id = id_of(tx, ANA)?;
    let goal = goals::NewGoal {
        aim: Aim::Metric(Metric::MeetingsBooked),
        amount: 12.0,
        starts_on: first,
        by_day: Some(last),
        plan: String::new(),
        is_shared: true,
    };
    let uid = uuid::Uuid::now_v7().to_string();
    goals::store::add(tx.conn, ana_id, &uid, &goal, tx.now)?;
    Ok(())
}

/// What the inside sales' manager and marketing want of this month's leads.
fn shared(tx: &mut Tx, first: NaiveDate, last: NaiveDate) -> Result<()> {
    let goal = shared_goals::NewGoal {
        name: "Meetings this month".to_owned(),
        measure: Measure::Meetings,
        amount: 90.0,
        currency: String::new(),
        from: first,
        to: last,
        sales_owner_id: id_of(tx, MANAGERS[0])?,
        marketing_owner_id: id_of(tx, MARKETING[0])?,
    };
    shared_goals::make(tx, &goal)?;
    Ok(())
}
