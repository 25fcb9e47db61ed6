//! A goal that somebody in the demo set themselves.

use super::cast::{ANA, CAST};
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::goals::{self, Aim, NewGoal};
use crate::people;
use crate::rules::day;
use crate::rules::target::Metric;

/// Ana's meetings of this month, which she shows to her manager.
pub fn set(tx: &mut Tx) -> Result<()> {
    let ana = people::store::by_email(tx.conn, &CAST[ANA].email())?.ok_or(Error::NotFound)?;
    let today = people::workspace(tx.conn)?.zone.day_of(tx.now);
    let goal = NewGoal {
        aim: Aim::Metric(Metric::MeetingsBooked),
        amount: 12.0,
        starts_on: day::month_of(today),
        by_day: day::next_month(today).pred_opt(),
        plan: String::new(),
        is_shared: true,
    };
    let uid = uuid::Uuid::now_v7().to_string();
    goals::store::add(tx.conn, ana.id, &uid, &goal, tx.now)?;
    Ok(())
}
