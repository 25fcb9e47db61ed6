//! Screens on a wall: addresses that show the board of a team without anybody signing in. They belong to the team, not to
//! who made them. Source: PRODUCT.md 7, "TV".

pub mod store;

pub use store::Screen;

use super::store as people;
use crate::app::Tx;
use crate::audit;
use crate::db::{Conn, hold};
use crate::error::{Error, Result};
use crate::rules::access::{Me, Role};
use crate::rules::period::Period;
use crate::rules::target::Metric;
use crate::secret::{self, token_hash};
use crate::value::Instant;

pub const NAME_MOST: usize = 60;

/// An open screen asks every minute: when it was opened is written down this seldom, in seconds.
const OPENED_S: f64 = 600.0;

/// What a new screen is to show.
pub struct NewScreen {
    pub team_id: i64,
    /// Where it hangs.
    pub name: String,
    pub metric: Metric,
    pub period: Period,
}

/// The path that a screen opens.
pub fn path(token: &str) -> String {
    format!("/wall/{token}")
}

/// Whose team's screens somebody puts up and takes down: an admin everybody's, a manager those of their teams of today.
pub fn may_put_up(me: &Me, team_id: i64) -> bool {
    match me.role {
        Role::Admin => true,
        Role::Manager => me.teams.contains(&team_id),
        Role::Rep | Role::Marketing => false,
    }
}

/// Puts up a screen and returns its token, which is stored as a hash only. Not found: a team that is not theirs to show,
/// or is retired. Refused: a name that another screen of the team has.
pub fn put_up(tx: &mut Tx, new: &NewScreen) -> Result<String> {
    let me = tx.me()?;
    // A team that is retired just now is waited for.
    hold(tx.conn, "teams", new.team_id)?;
    let team = people::team(tx.conn, new.team_id)?;
    let team = team.filter(|team| !team.is_retired && may_put_up(me, team.id));
    let team = team.ok_or(Error::NotFound)?;
    let mut others = store::standing(tx.conn)?.into_iter();
    if others.any(|other| other.team_id == team.id && other.name == new.name) {
        return Err(Error::refused(format!(
            "{} has a screen called {} already: take it down first, or call this one something else.",
            team.name, new.name
        )));
    }
    let token = secret::typed_token()?;
    let row = store::Row {
        token_hash: token_hash(&token),
        team_id: team.id,
        name: new.name.clone(),
        metric: new.metric.to_string(),
        period: new.period,
        made_at: tx.now,
        made_by_id: tx.by_id(),
    };
    store::add(tx.conn, &row)?;
    audit::note(
        tx,
        "put up a screen of",
        "team",
        Some(team.id),
        &detail(&new.name, &row.metric, new.period),
    )?;
    Ok(token)
}

fn detail(name: &str, metric: &str, period: Period) -> String {
    format!("{name}: {metric}, {period}")
}

/// Takes a screen down for good. Not found: one that is not theirs, or is down already.
pub fn take_down(tx: &mut Tx, id: i64) -> Result<()> {
    let me = tx.me()?;
    let mut standing = store::standing(tx.conn)?.into_iter();
    let screen = standing.find(|screen| screen.id == id && may_put_up(me, screen.team_id));
    let screen = screen.ok_or(Error::NotFound)?;
    // Of two at once one does it.
    if store::take_down(tx.conn, id, tx.now)? == 0 {
        return Err(Error::NotFound);
    }
    audit::change(
        tx,
        "took down a screen of",
        ("team", Some(screen.team_id)),
        &detail(&screen.name, &screen.metric, screen.period),
        "",
    )
}

/// The screen that an address names, in whichever case it was typed. Not found: an unknown one, and one that was taken down.
pub fn of_token(conn: &mut Conn, token: &str) -> Result<Screen> {
    let hash = token_hash(&token.to_lowercase());
    store::of_token(conn, &hash)?.ok_or(Error::NotFound)
}

/// Whether it is time to write down that a screen was opened.
pub fn is_newly_opened(screen: &Screen, now: Instant) -> bool {
    let known = screen.opened_at;
    known.is_none_or(|known| now.seconds_since(known) >= OPENED_S)
}
