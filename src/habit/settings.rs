//! What people chose for their own habit, kept in memory.

use super::store;
use crate::app::Tx;
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
    store::put_setting(tx.conn, me.id, setting)
}
