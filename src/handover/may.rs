//! What somebody may do with a lead that they see (PRODUCT.md 1 and 5).

use super::Story;
use crate::people::Directory;
use crate::rules::access::{LOGGERS, MANAGERS, MARKETERS, Me, Role};
use crate::rules::stage::EventKind;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct May {
    pub log: bool,
    /// Write moves down: its owner, their manager, an admin. Who manages a team may also move what nobody owns.
    pub move_on: bool,
    /// Take back to nurture what they brought, or answer for.
    pub nurture: bool,
    pub assign: bool,
    pub hand_over: bool,
}

impl May {
    pub fn of(me: &Me, story: &Story, directory: &Directory) -> May {
        let owner = story.lead.owner_id;
        let is_own = owner == Some(me.id);
        let manages = match owner {
            Some(owner) => me.manages(owner),
            None => MANAGERS.allows(me.role),
        };
        let answers = |by_id: Option<i64>| directory.answering(by_id).contains(&me.id);
        let brought = story.lead.created_by_id == Some(me.id)
            || story.handover().is_some_and(|h| answers(h.by_id));
        let move_on = manages || (is_own && LOGGERS.allows(me.role));
        May {
            log: LOGGERS.allows(me.role),
            move_on,
            nurture: move_on || (brought && me.role == Role::Marketing),
            assign: manages
                || is_own && me.role == Role::Manager
                || owner.is_none() && me.role == Role::Rep,
            hand_over: MARKETERS.allows(me.role),
        }
    }

    pub fn make(&self, kind: EventKind) -> bool {
        match kind {
            EventKind::Nurture => self.nurture,
            _ => self.move_on,
        }
    }
}
