//! What people chose for their own habit, kept in memory.

use super::store;
use crate::app::Tx;
use crate::audit;
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Keep;
use std::collections::HashMap;

/// One person's choice; the default is no reminder, and a streak that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Setting {
    /// When Today reminds them, in minutes after midnight by their own clock.
    pub remind_at_min: Option<u16>,
    pub hides_streak: bool,
}

/// Everybody's choices.
pub struct Settings(HashMap<i64, Setting>);

impl Keep for Settings {
    fn load(conn: &mut Conn) -> Result<Settings> {
        Ok(Settings(store::settings(conn)?.into_iter().collect()))
    }
}

impl Settings {
    pub fn of(&self, person_id: i64) -> Setting {
        self.0.get(&person_id).copied().unwrap_or_default()
    }
}

/// Stores what `tx.me` chose.
pub fn choose(tx: &mut Tx, setting: Setting) -> Result<()> {
    let me = tx.me()?;
    let before = store::settings(tx.conn)?.into_iter();
    let before = before.into_iter().find(|(id, _)| *id == me.id);
    let before = before.map(|(_, setting)| setting).unwrap_or_default();
    store::put_setting(tx.conn, me.id, setting)?;
    let time = |setting: Setting| match setting.remind_at_min {
        Some(minutes) => format!("{:02}:{:02}", minutes / 60, minutes % 60),
        None => String::new(),
    };
    let streak = |setting: Setting| {
        if setting.hides_streak {
            "hidden"
        } else {
            "shown"
        }
    };
    let (was, became) = audit::differing(&[
        ("reminder", &time(before), &time(setting)),
        ("streak", streak(before), streak(setting)),
    ]);
    let about = ("person", Some(me.id));
    audit::change(tx, "set the card of", about, &was, &became)
}
