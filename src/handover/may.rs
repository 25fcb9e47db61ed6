//! What somebody may do with a lead that they see (PRODUCT.md 1 and 5).

use super::Story;
use crate::db::Conn;
use crate::error::Result;
use crate::people;
use crate::rules::access::{LOGGERS, MARKETERS, Me, Role};
use crate::rules::stage::EventKind;
use crate::value::Instant;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct May {
    pub log: bool,
    /// Write moves down: its owner, their manager, an admin. Who manages a team may also move what nobody owns.
    pub move_on: bool,
    /// Take back to nurture what they brought.
    pub nurture: bool,
    pub assign: bool,
    pub hand_over: bool,
}

impl May {
    pub fn load(conn: &mut Conn, me: &Me, story: &Story, now: Instant) -> Result<May> {
        let owner = story.lead.owner_id;
        let is_own = owner == Some(me.id);
        let manages = match (me.role, owner) {
            (Role::Admin, _) | (Role::Manager, None) => true,
            (Role::Manager, Some(owner)) => is_in_teams(conn, owner, me, now)?,
            _ => false,
        };
        let brought = story.lead.created_by_id == Some(me.id)
            || story.handover().is_some_and(|h| h.by_id == Some(me.id));
        let move_on = manages || (is_own && LOGGERS.allows(me.role));
        Ok(May {
            log: LOGGERS.allows(me.role),
            move_on,
            nurture: move_on || (brought && me.role == Role::Marketing),
            assign: manages
                || is_own && me.role == Role::Manager
                || owner.is_none() && me.role == Role::Rep,
            hand_over: MARKETERS.allows(me.role),
        })
    }

    pub fn make(&self, kind: EventKind) -> bool {
        match kind {
            EventKind::Nurture => self.nurture,
            _ => self.move_on,
        }
    }
}

/// Whether somebody belongs today to a team of `me`'s, or did on their last day.
pub fn is_in_teams(conn: &mut Conn, person_id: i64, me: &Me, now: Instant) -> Result<bool> {
    let last_day = people::store::by_id(conn, person_id)?.and_then(|person| person.left_on);
    let day = last_day.unwrap_or_else(|| me.zone.day_of(now));
    let memberships = people::store::memberships_of(conn, person_id)?;
    Ok(memberships
        .iter()
        .any(|m| m.holds_on(day) && me.teams.contains(&m.team_id)))
}
