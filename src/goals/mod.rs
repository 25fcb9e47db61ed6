//! What people set themselves: private unless they share it, ended and never deleted.

mod progress;
pub mod store;

pub use progress::{Progress, count, progress, wins_by_day};
pub use store::Goal;

use crate::app::Tx;
use crate::audit;
use crate::error::{Error, Result};
use crate::people::store::Membership;
use crate::rules::access::{Me, Role};
use crate::rules::target::{Metric, UnknownMetric};
use chrono::{Days, NaiveDate};
use std::collections::BTreeSet;
use std::{fmt, str::FromStr};

/// The most that a goal may ask.
pub const AMOUNT_MOST: f64 = 1_000_000.0;
/// So many goals that have not ended one may have: more are no goals.
pub const STANDING_MOST: usize = 12;
/// How far ahead a goal may lie.
pub const DAYS_MOST: u64 = 366;

/// What a goal counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aim {
    Metric(Metric),
    /// Leads won while one owned them.
    Wins,
}

impl Aim {
    pub fn label(&self) -> &str {
        match self {
            Aim::Metric(metric) => metric.label(),
            Aim::Wins => "Wins",
        }
    }
}

impl fmt::Display for Aim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Aim::Metric(metric) => metric.fmt(f),
            Aim::Wins => f.write_str("wins"),
        }
    }
}

impl FromStr for Aim {
    type Err = UnknownMetric;

    fn from_str(text: &str) -> Result<Aim, UnknownMetric> {
        match text {
            "wins" => Ok(Aim::Wins),
            _ => text.parse().map(Aim::Metric),
        }
    }
}

/// A goal to be set.
#[derive(Debug, Clone, PartialEq)]
pub struct NewGoal {
    pub aim: Aim,
    pub amount: f64,
    pub starts_on: NaiveDate,
    /// `None` for an amount a day.
    pub by_day: Option<NaiveDate>,
    /// What the planner said, where the goal is adopted from it.
    pub plan: String,
    pub is_shared: bool,
}

/// Sets a goal of `tx.me`. The same again, while the first one stands, is known: it is stored once.
pub fn set(tx: &mut Tx, new: &NewGoal) -> Result<()> {
    let me = tx.me()?;
    let today = me.zone.day_of(tx.now);
    check(new, today)?;
    let standing = store::standing(tx.conn, me.id, today)?;
    let aim = new.aim.to_string();
    let is_same = |goal: &Goal| {
        (&goal.metric, goal.amount, goal.by_day) == (&aim, new.amount, new.by_day)
            && (new.by_day.is_none() || goal.starts_on == new.starts_on)
    };
    if standing.iter().any(is_same) {
        return Ok(());
    }
    if standing.len() >= STANDING_MOST {
        return Err(Error::refused(format!(
            "You have {STANDING_MOST} goals already. End one of them first."
        )));
    }
    let uid = uuid::Uuid::now_v7().to_string();
    let id = store::add(tx.conn, me.id, &uid, new, tx.now)?;
    note(tx, "set goal", id)
}

fn check(new: &NewGoal, today: NaiveDate) -> Result<()> {
    if !(new.amount > 0.0 && new.amount <= AMOUNT_MOST) {
        return Err(Error::refused(
            "Enter an amount above 0, at most 1,000,000.",
        ));
    }
    let Some(by_day) = new.by_day else {
        return Ok(());
    };
    if by_day < today.max(new.starts_on) {
        return Err(Error::refused(
            "That day is over. Choose today or a later day.",
        ));
    }
    let last = new.starts_on.checked_add_days(Days::new(DAYS_MOST));
    if last.is_none_or(|last| by_day > last) {
        return Err(Error::refused(
            "A goal is for a year at most. Choose an earlier day.",
        ));
    }
    Ok(())
}

/// Shows one's own goal to one's managers, or keeps it to oneself again.
pub fn share(tx: &mut Tx, uid: &str, is_shared: bool) -> Result<()> {
    let goal = own_standing(tx, uid)?;
    store::set_shared(tx.conn, goal.id, is_shared)?;
    let verb = match is_shared {
        true => "shared goal",
        false => "kept goal private",
    };
    note(tx, verb, goal.id)
}

/// Ends one's own goal; it stays, with its dates.
pub fn end(tx: &mut Tx, uid: &str) -> Result<()> {
    let goal = own_standing(tx, uid)?;
    store::end(tx.conn, goal.id, tx.now)?;
    note(tx, "ended goal", goal.id)
}

fn own_standing(tx: &mut Tx, uid: &str) -> Result<Goal> {
    let me = tx.me()?;
    let goal = store::own(tx.conn, me.id, uid)?;
    goal.filter(|goal| goal.ended_at.is_none())
        .ok_or(Error::NotFound)
}

/// What the goal is stays out of the trail: it may be private.
fn note(tx: &mut Tx, verb: &str, id: i64) -> Result<()> {
    audit::note(tx, verb, "goal", Some(id), "")
}

/// Whose shared goals someone sees on a day, besides their own: a manager those of their teams' members, an admin all.
pub fn sharers(me: &Me, memberships: &[Membership], everybody: &[i64], day: NaiveDate) -> Vec<i64> {
    let ids: BTreeSet<i64> = match me.role {
        Role::Admin => everybody.iter().copied().collect(),
        Role::Manager => memberships
            .iter()
            .filter(|m| m.holds_on(day) && me.teams.contains(&m.team_id))
            .map(|m| m.person_id)
            .collect(),
        Role::Rep | Role::Marketing => BTreeSet::new(),
    };
    ids.into_iter().filter(|id| *id != me.id).collect()
}
