//! Teams: added, changed and retired, never deleted.

pub mod store;

use super::keep_zone;
use super::store as people_store;
use crate::app::Tx;
use crate::audit;
use crate::db::hold;
use crate::error::{Error, Result};
use crate::rules::display::DisplayMode;

/// Adds a team; a name that is taken is refused.
pub fn add_team(tx: &mut Tx, name: &str, time_zone: Option<&str>) -> Result<i64> {
    check_team_name(tx, name, None)?;
    let id = people_store::add_team(tx.conn, name, time_zone)?;
    audit::note(tx, "added", "team", Some(id), name)?;
    Ok(id)
}

/// Changes a team's name and zone; a name that is taken is refused.
pub fn change_team(tx: &mut Tx, id: i64, name: &str, time_zone: Option<&str>) -> Result<()> {
    let before = people_store::team(tx.conn, id)?.ok_or(Error::NotFound)?;
    check_team_name(tx, name, Some(id))?;
    keep_zone(tx, (Some(id), None), before.time_zone.clone(), time_zone)?;
    people_store::change_team(tx.conn, id, name, time_zone)?;
    let zone = before.time_zone.unwrap_or_default();
    let (was, became) = audit::differing(&[
        ("name", &before.name, name),
        ("zone", &zone, time_zone.unwrap_or_default()),
    ]);
    audit::change(tx, "changed", ("team", Some(id)), &was, &became)
}

/// Chooses what the members of a team see of each other on a board.
pub fn choose_display_mode(tx: &mut Tx, team_id: i64, mode: DisplayMode) -> Result<()> {
    let before = people_store::team(tx.conn, team_id)?.ok_or(Error::NotFound)?;
    if before.display_mode == mode {
        return Ok(());
    }
    people_store::set_display_mode(tx.conn, team_id, mode)?;
    let (before, after) = (before.display_mode.word(), mode.word());
    let (was, became) = audit::differing(&[("display mode", before, after)]);
    audit::change(tx, "changed", ("team", Some(team_id)), &was, &became)
}

fn check_team_name(tx: &mut Tx, name: &str, id: Option<i64>) -> Result<()> {
    let teams = people_store::teams(tx.conn)?;
    if teams
        .iter()
        .any(|team| team.name == name && Some(team.id) != id)
    {
        return Err(Error::refused(format!(
            "There is a team called {name} already."
        )));
    }
    Ok(())
}

/// Retires a team, so that nobody joins it and no choice offers it, or brings it back; its past stays. Refused while
/// somebody is in it, or will be. The screens of a retired team show nothing any more, also when it is back.
pub fn set_team_retired(tx: &mut Tx, id: i64, is_retired: bool) -> Result<()> {
    hold(tx.conn, "teams", id)?;
    let team = people_store::team(tx.conn, id)?.ok_or(Error::NotFound)?;
    if team.is_retired == is_retired {
        return Ok(());
    }
    let today = super::workspace(tx.conn)?.zone.day_of(tx.now);
    let stays = is_retired.then(|| store::stays_in(tx.conn, id, today));
    if let Some(name) = stays.transpose()?.flatten() {
        return Err(Error::refused(format!(
            "{name} is in this team, or will be: move its people first."
        )));
    }
    if is_retired {
        super::screens::store::take_down_of_team(tx.conn, id, tx.now)?;
    }
    store::set_retired(tx.conn, id, is_retired)?;
    let verb = if is_retired {
        "retired"
    } else {
        "brought back"
    };
    audit::note(tx, verb, "team", Some(id), &team.name)
}
