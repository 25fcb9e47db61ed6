//! Goals that sales and marketing own together: meetings, wins and value won from handed-over leads. Both read the same
//! figure, and nothing of anybody's targets.

pub mod explain;
mod figure;
pub mod pages;
pub mod store;

pub use figure::{GoalView, Standing};

use crate::app::{Cx, Tx};
use crate::audit;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::people;
use crate::rules::access::Role;
use crate::rules::zone::Zone;
use crate::value::Instant;
use chrono::NaiveDate;
use std::sync::Arc;
use store::Goal;

crate::words! {
    /// What a shared goal counts: hand-overs with a meeting, hand-overs that were won, or the money these were worth.
    pub enum Measure { Meetings = "meetings", Wins = "wins", Value = "value" }
}

impl Measure {
    pub fn label(self) -> &'static str {
        match self {
            Measure::Meetings => "Leads with a meeting booked",
            Measure::Wins => "Leads won",
            Measure::Value => "Value won",
        }
    }
}

/// A goal to be made.
#[derive(Debug, Clone)]
pub struct NewGoal {
    pub name: String,
    pub measure: Measure,
    /// More than nothing; of a value, in whole units of its currency.
    pub amount: f64,
    /// Of a value; else empty.
    pub currency: String,
    /// Both days included.
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub sales_owner_id: i64,
    pub marketing_owner_id: i64,
}

/// Makes a goal. Refused: days in the wrong order, and owners who are not one of sales and one of marketing.
pub fn make(tx: &mut Tx, new: &NewGoal) -> Result<i64> {
    if new.to < new.from {
        return Err(Error::refused("The last day must not be before the first."));
    }
    let sales = role_of(tx, new.sales_owner_id)?;
    let marketing = role_of(tx, new.marketing_owner_id)?;
    if !SALES.contains(&sales) || marketing != Some(Role::Marketing) {
        return Err(Error::refused(
            "A shared goal has an owner in sales and one in marketing.",
        ));
    }
    let id = store::add(tx.conn, new, tx.by_id(), tx.now)?;
    let detail = format!(
        "{}: {} {}, {} to {}",
        new.name, new.measure, new.amount, new.from, new.to
    );
    audit::note(tx, "made", "shared goal", Some(id), &detail)?;
    Ok(id)
}

/// Who may own a goal for sales.
const SALES: [Option<Role>; 2] = [Some(Role::Manager), Some(Role::Admin)];

/// The role of somebody who is here.
fn role_of(tx: &mut Tx, person_id: i64) -> Result<Option<Role>> {
    let person = people::store::by_id(tx.conn, person_id)?;
    let here = person.filter(|person| person.left_on.is_none());
    Ok(here.map(|person| person.role))
}

/// Ends a goal before its time; it stays on the page. Its owners, who made it and admins may.
pub fn end(tx: &mut Tx, id: i64) -> Result<()> {
    let me = tx.me()?;
    let goal = store::find(tx.conn, id)?.ok_or(Error::NotFound)?;
    if !may_end(&goal, me.id, me.role) {
        return Err(Error::Forbidden);
    }
    if goal.ended_at.is_some() {
        return Err(Error::refused("This goal has ended already."));
    }
    store::end(tx.conn, id, me.id, tx.now)?;
    audit::note(tx, "ended", "shared goal", Some(id), &goal.name)
}

fn may_end(goal: &Goal, person_id: i64, role: Role) -> bool {
    let owners = [goal.sales_owner_id, goal.marketing_owner_id];
    role == Role::Admin || owners.contains(&person_id) || goal.made_by_id == Some(person_id)
}

/// The goals that run today, those that end first above.
pub fn running(conn: &mut Conn, cx: &Cx) -> Result<Vec<GoalView>> {
    let today = cx.workspace.zone.day_of(cx.now);
    let mut goals = store::all(conn)?;
    goals.retain(|goal| goal.is_running(today));
    goals.sort_by_key(|goal| (goal.to_day, goal.id));
    views(conn, cx, &goals)
}

/// How the goals stand that run at an instant, those that end first above: for what is kept of them.
pub fn standings(
    conn: &mut Conn,
    zone: &Zone,
    calendars: &Calendars,
    now: Instant,
) -> Result<Vec<Standing>> {
    let today = zone.day_of(now);
    let mut goals = store::all(conn)?;
    goals.retain(|goal| goal.is_running(today));
    goals.sort_by_key(|goal| (goal.to_day, goal.id));
    let standing = |goal| Standing::read(conn, zone, calendars, goal, now);
    goals.into_iter().map(standing).collect()
}

/// All goals, the newest first.
fn all(conn: &mut Conn, cx: &Cx) -> Result<Vec<GoalView>> {
    let mut goals = store::all(conn)?;
    goals.reverse();
    views(conn, cx, &goals)
}

fn views(conn: &mut Conn, cx: &Cx, goals: &[Goal]) -> Result<Vec<GoalView>> {
    let calendars: Arc<Calendars> = cx.kept.get(conn)?;
    let view = |goal: &Goal| GoalView::read(conn, cx, &calendars, goal);
    goals.iter().map(view).collect()
}
