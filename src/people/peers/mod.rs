//! Peer groups: with whom somebody is compared on a board, such as newcomers with newcomers. Dated and only added to.

pub mod store;

use crate::app::Tx;
use crate::audit;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::kept::Keep;
use crate::people::Directory;
use crate::rules::access::{Me, Role};
use chrono::NaiveDate;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use store::Placed;

pub const NAME_MOST: usize = 60;

/// The groups of everybody, kept in memory.
pub struct Peers {
    /// Of a person, in the order in which they hold.
    of: HashMap<i64, Vec<Placed>>,
}

impl Keep for Peers {
    fn load(conn: &mut Conn) -> Result<Peers> {
        let mut of: HashMap<i64, Vec<Placed>> = HashMap::new();
        for placed in store::all(conn)? {
            of.entry(placed.person_id).or_default().push(placed);
        }
        Ok(Peers { of })
    }
}

impl Peers {
    /// Everything that was set for somebody, in the order in which it holds.
    pub fn of(&self, person_id: i64) -> &[Placed] {
        self.of.get(&person_id).map_or(&[], Vec::as_slice)
    }

    /// The row that holds on a day.
    pub fn placed_on(&self, person_id: i64, day: NaiveDate) -> Option<&Placed> {
        let mut newest_first = self.of(person_id).iter().rev();
        newest_first.find(|placed| placed.from_day <= day)
    }

    /// The group somebody is in on a day; empty for none.
    pub fn on(&self, person_id: i64, day: NaiveDate) -> &str {
        self.placed_on(person_id, day)
            .map_or("", |placed| &placed.name)
    }

    /// The names of the groups that there are on a day, in order.
    pub fn names_on(&self, day: NaiveDate) -> BTreeSet<&str> {
        let names = self.of.keys().map(|person| self.on(*person, day));
        names.filter(|name| !name.is_empty()).collect()
    }

    /// The newest row of all: who saw it knows of every change until then.
    pub fn newest(&self) -> i64 {
        let all = self.of.values().flatten();
        all.map(|placed| placed.id).max().unwrap_or(0)
    }
}

/// Whose group somebody may choose: an admin everybody's who may log, a manager the members of their teams of that day.
pub fn may_place(me: &Me, directory: &Directory, person_id: i64, day: NaiveDate) -> bool {
    let is_logger = directory
        .person(person_id)
        .is_some_and(|p| p.role != Role::Marketing && p.left_on.is_none());
    let mut theirs = directory.memberships_of(person_id);
    match me.role {
        Role::Admin => is_logger,
        Role::Manager => {
            is_logger && theirs.any(|m| m.holds_on(day) && me.teams.contains(&m.team_id))
        }
        _ => false,
    }
}

/// Puts a person into a group from a day on; an empty name takes them out. Who is not theirs to place is not found;
/// a conflict where somebody placed them after `seen`, the newest row that the asker knew of.
pub fn place(
    tx: &mut Tx,
    (person_id, name, from_day): (i64, &str, NaiveDate),
    seen: i64,
) -> Result<()> {
    let me = tx.me()?;
    let directory: Arc<Directory> = tx.kept.get(tx.conn)?;
    let today = me.zone.day_of(tx.now);
    if !may_place(me, &directory, person_id, today) {
        return Err(Error::NotFound);
    }
    let peers = Peers::load(tx.conn)?;
    let newer = peers.of(person_id).iter().filter(|placed| placed.id > seen);
    if let Some(placed) = newer.max_by_key(|placed| placed.id) {
        let group = group(&placed.name);
        return Err(Error::Conflict(format!(
            "Somebody was faster: {} is in {group} from {} on. Look at it, and save again if you still want to.",
            directory.name(Some(person_id)),
            crate::page::day(placed.from_day)
        )));
    }
    let new = (person_id, name, from_day);
    store::add(tx.conn, new, tx.by_id(), tx.now)?;
    let was = group(peers.on(person_id, from_day));
    let became = format!("{} from {from_day}", group(name));
    let about = ("person", Some(person_id));
    audit::change(tx, "peer group of", about, was, &became)
}

fn group(name: &str) -> &str {
    match name {
        "" => "no group",
        name => name,
    }
}
