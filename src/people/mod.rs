//! People, their teams (by date) and the workspace.

mod directory;
pub mod keys;
pub mod links;
pub mod pages;
pub mod passwords;
pub mod peers;
pub mod screens;
pub mod settings;
pub mod store;
mod teams;

pub use directory::Directory;
pub use store::{Person, Team};
pub use teams::{add_team, change_team, choose_display_mode, set_team_retired};

use crate::app::{Tx, Workspace};
use crate::audit;
use crate::db::{Conn, hold};
use crate::error::{Error, Result};
use crate::form::{A_NAME, read_name};
use crate::rules::access::Role;
use crate::rules::zone::Zone;
use crate::secret::token_hash;
use crate::style::{StageNames, Style};
use chrono::NaiveDate;
use std::sync::Arc;

/// A membership of which no beginning is known: it holds for all imported history.
pub fn since_ever() -> NaiveDate {
    NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default()
}

/// The workspace; its zone is UTC until one is set.
pub fn workspace(conn: &mut Conn) -> Result<Workspace> {
    let row = store::workspace(conn)?;
    Ok(Workspace {
        name: row.name,
        zone: row
            .time_zone
            .as_deref()
            .and_then(Zone::named)
            .unwrap_or_else(Zone::utc),
        is_set_up: row.set_up_at.is_some(),
        style: Style {
            number: row.number_style,
            day: row.day_style,
        },
        stage_names: Arc::new(StageNames::new(settings::store::stage_names(conn)?)),
        second_factor_roles: read_roles(&row.second_factor_roles),
    })
}

/// Changes the workspace's name, its zone, and how it writes numbers and days.
pub fn change_workspace(tx: &mut Tx, name: &str, time_zone: &str, style: Style) -> Result<()> {
    let before = store::workspace(tx.conn)?;
    // Before one was set there was none to keep: the first is for all days.
    if before.time_zone.is_some() {
        keep_zone(tx, (None, None), before.time_zone.clone(), Some(time_zone))?;
    }
    store::set_workspace(tx.conn, name, time_zone, before.set_up_at)?;
    store::set_style(tx.conn, style)?;
    let zone = before.time_zone.unwrap_or_default();
    let (was, became) = audit::differing(&[
        ("name", &before.name, name),
        ("zone", &zone, time_zone),
        ("numbers", before.number_style.word(), style.number.word()),
        ("days", before.day_style.word(), style.day.word()),
    ]);
    audit::change(tx, "changed", ("workspace", None), &was, &became)
}

/// Roles as they are stored: words with commas.
fn read_roles(words: &str) -> Vec<Role> {
    words.split(',').filter_map(Role::from_word).collect()
}

/// Says whose second factor is asked for: everybody's with one of these roles.
pub fn require_second_factor(tx: &mut Tx, roles: &[Role]) -> Result<()> {
    let words: Vec<&str> = roles.iter().map(|role| role.word()).collect();
    let before = store::workspace(tx.conn)?.second_factor_roles;
    let after = words.join(",");
    store::set_second_factor_roles(tx.conn, &after)?;
    let (was, became) = audit::differing(&[("second factor of", &before, &after)]);
    audit::change(tx, "changed", ("workspace", None), &was, &became)
}

/// Keeps the zone that was one's own for the days before today, so that a move changes no past day.
fn keep_zone(
    tx: &mut Tx,
    (team_id, person_id): (Option<i64>, Option<i64>),
    before: Option<String>,
    after: Option<&str>,
) -> Result<()> {
    if before.as_deref() == after {
        return Ok(());
    }
    let shared = workspace(tx.conn)?.zone;
    let zone = after.and_then(Zone::named).unwrap_or(shared);
    let past = store::PastZone {
        team_id,
        person_id,
        time_zone: before,
        until_day: zone.day_of(tx.now),
    };
    store::add_past_zone(tx.conn, &past)
}

/// Somebody to be added.
#[derive(Debug, Clone)]
pub struct NewPerson {
    pub email: String,
    pub name: String,
    pub role: Role,
    pub time_zone: Option<String>,
    pub password_hash: Option<String>,
}

/// Adds a person and returns their id; an address that is taken is refused, and what is no name ([`crate::form::read_name`]).
pub fn add(tx: &mut Tx, person: NewPerson) -> Result<i64> {
    let name = read_name(&person.name);
    let name = name.ok_or_else(|| Error::refused(format!("Enter {A_NAME}.")))?;
    let person = NewPerson { name, ..person };
    if store::by_email(tx.conn, &person.email)?.is_some() {
        return Err(Error::refused(taken(&person.email)));
    }
    let id = store::add(tx.conn, &person, tx.now)?;
    audit::note(tx, "added", "person", Some(id), person.role.word())?;
    Ok(id)
}

/// The mark by which the address of somebody who was erased is known again, and nothing else.
pub fn erased_mark(email: &str) -> String {
    token_hash(&email.trim().to_lowercase())
}

/// Why an e-mail address cannot be somebody's.
pub fn taken(email: &str) -> String {
    format!("{email} is taken: somebody has this e-mail address already.")
}

/// Changes the address with which somebody signs in. It ends their sessions, but for the one whose token is `keep`, and
/// the links that were sent to the old address.
pub fn change_email(tx: &mut Tx, id: i64, email: &str, keep: Option<&str>) -> Result<()> {
    let before = store::by_id(tx.conn, id)?.ok_or(Error::NotFound)?;
    if before.email == email {
        return Ok(());
    }
    if store::is_erased(tx.conn, id)? {
        return Err(Error::refused(
            "They are erased: there is no address any more.",
        ));
    }
    if store::by_email(tx.conn, email)?.is_some() {
        return Err(Error::refused(taken(email)));
    }
    store::set_email(tx.conn, id, email)?;
    keys::end_sessions(tx, id, keep)?;
    links::store::revoke_of(tx.conn, id, tx.now)?;
    let (was, became) = audit::differing(&[("e-mail", &before.email, email)]);
    audit::change(tx, "changed", ("person", Some(id)), &was, &became)
}

/// Changes name, role and zone; the zone of the days before today stays. A new role ends the person's sessions, but for the one whose token is `keep`.
pub fn change(
    tx: &mut Tx,
    id: i64,
    (name, role, time_zone): (&str, Role, Option<&str>),
    keep: Option<&str>,
) -> Result<()> {
    let before = store::by_id(tx.conn, id)?.ok_or(Error::NotFound)?;
    if role != Role::Admin {
        check_not_last_admin(tx, &before)?;
    }
    keep_zone(tx, (None, Some(id)), before.time_zone.clone(), time_zone)?;
    store::change(tx.conn, id, name, role, time_zone)?;
    if role != before.role {
        keys::end_sessions(tx, id, keep)?;
    }
    let zone = before.time_zone.unwrap_or_default();
    let (was, became) = audit::differing(&[
        ("name", &before.name, name),
        ("role", before.role.word(), role.word()),
        ("zone", &zone, time_zone.unwrap_or_default()),
    ]);
    audit::change(tx, "changed", ("person", Some(id)), &was, &became)
}

/// Whoever changes another admin just now is waited for, and then counted.
fn check_not_last_admin(tx: &mut Tx, person: &Person) -> Result<()> {
    hold(tx.conn, "workspace", 1)?;
    if person.is_admin() && store::admins(tx.conn)? <= 1 {
        return Err(Error::refused(
            "This is the only admin: make somebody else an admin first.",
        ));
    }
    Ok(())
}

fn check_is_here(person: &Person) -> Result<()> {
    match person.left_on {
        None => Ok(()),
        Some(_) => Err(Error::refused(
            "They have left: say that they are back first.",
        )),
    }
}

/// Gives a person a new password; refused for somebody who has left. It ends their sessions, but for the one whose token is `keep`, and forgets their devices.
pub fn set_password(tx: &mut Tx, id: i64, hash: &str, keep: Option<&str>) -> Result<()> {
    let person = store::by_id(tx.conn, id)?.ok_or(Error::NotFound)?;
    check_is_here(&person)?;
    replace_password(tx, id, hash, keep)?;
    audit::note(tx, SET_PASSWORD, "person", Some(id), "")
}

const SET_PASSWORD: &str = "set the password of";

/// As [`set_password`], by the person themselves before they are signed in: with a link, or at set-up, as `how` says.
pub fn choose_password(tx: &mut Tx, id: i64, hash: &str, how: &str) -> Result<()> {
    replace_password(tx, id, hash, None)?;
    audit::note_by(tx, id, SET_PASSWORD, ("person", Some(id)), how)
}

fn replace_password(tx: &mut Tx, id: i64, hash: &str, keep: Option<&str>) -> Result<()> {
    passwords::store::set(tx.conn, id, hash)?;
    keys::end_sessions(tx, id, keep)?;
    store::forget_devices(tx.conn, id, None)?;
    links::store::revoke_of(tx.conn, id, tx.now)
}

/// Ends all sessions of a person, but for the one whose token is `keep`.
pub fn sign_out(tx: &mut Tx, id: i64, keep: Option<&str>) -> Result<()> {
    store::by_id(tx.conn, id)?.ok_or(Error::NotFound)?;
    keys::end_sessions(tx, id, keep)?;
    audit::note(tx, "signed out", "person", Some(id), "")
}

/// Marks a person as a leaver after their last day: no team from then on, and no sign-in from now on.
pub fn part(tx: &mut Tx, id: i64, last_day: NaiveDate) -> Result<()> {
    let person = store::by_id(tx.conn, id)?.ok_or(Error::NotFound)?;
    check_not_last_admin(tx, &person)?;
    store::set_left_on(tx.conn, id, Some(last_day))?;
    let after = last_day.succ_opt().unwrap_or(last_day);
    store::end_memberships(tx.conn, id, after)?;
    keys::end_sessions(tx, id, None)?;
    links::store::revoke_of(tx.conn, id, tx.now)?;
    let detail = format!("the workspace after {last_day}");
    audit::note(tx, "left", "person", Some(id), &detail)
}

/// Lets a leaver sign in again; their teams are for the admin to say.
pub fn come_back(tx: &mut Tx, id: i64) -> Result<()> {
    if store::is_erased(tx.conn, id)? {
        return Err(Error::refused(
            "They are erased: whoever comes back is added anew.",
        ));
    }
    store::set_left_on(tx.conn, id, None)?;
    audit::note(tx, "came back", "person", Some(id), "")
}

/// Puts a person into a team from a day on; other memberships of theirs end the day before when `moves` is set. Refused:
/// somebody who has left, a team that is retired, and one that they are in.
pub fn join(
    tx: &mut Tx,
    person_id: i64,
    team_id: i64,
    from_day: NaiveDate,
    moves: bool,
) -> Result<()> {
    // Whoever says just now that they have left is waited for.
    hold(tx.conn, "people", person_id)?;
    let person = store::by_id(tx.conn, person_id)?.ok_or(Error::NotFound)?;
    check_is_here(&person)?;
    // Whoever retires the team just now is waited for.
    hold(tx.conn, "teams", team_id)?;
    let team = store::team(tx.conn, team_id)?.ok_or(Error::NotFound)?;
    if team.is_retired {
        return Err(Error::refused(format!(
            "{} is retired: bring it back first.",
            team.name
        )));
    }
    let theirs = store::memberships_of(tx.conn, person_id)?;
    if theirs
        .iter()
        .any(|m| m.team_id == team_id && m.until_day.is_none_or(|until| from_day < until))
    {
        return Err(Error::refused(format!(
            "They are in {} on that day or later already.",
            team.name
        )));
    }
    let mut ended = Vec::new();
    if moves {
        let running = theirs
            .iter()
            .filter(|m| m.until_day.is_none_or(|until| from_day < until));
        for membership in running {
            let team = store::team(tx.conn, membership.team_id)?;
            ended.extend(team.map(|team| format!("team {}", team.name)));
        }
        store::end_memberships(tx.conn, person_id, from_day)?;
    }
    store::join(tx.conn, person_id, team_id, from_day)?;
    let became = format!("team {} from {from_day}", team.name);
    let subject = ("person", Some(person_id));
    audit::change(tx, "joined", subject, &ended.join(", "), &became)
}

/// Takes a person out of a team from a day on; who is not in it then is refused.
pub fn leave(tx: &mut Tx, person_id: i64, team_id: i64, from_day: NaiveDate) -> Result<()> {
    let team = store::team(tx.conn, team_id)?.ok_or(Error::NotFound)?;
    if store::leave(tx.conn, person_id, team_id, from_day)? == 0 {
        return Err(Error::refused(format!(
            "They are not in {} on that day or later.",
            team.name
        )));
    }
    let (was, became) = (format!("team {}", team.name), format!("from {from_day}"));
    audit::change(tx, "left", ("person", Some(person_id)), &was, &became)
}

/// The team a person belongs to on a day: the membership that began last. `None` when there is none.
pub fn team_on(memberships: &[store::Membership], day: NaiveDate) -> Option<i64> {
    memberships
        .iter()
        .filter(|m| m.holds_on(day))
        .max_by_key(|m| (m.from_day, m.id))
        .map(|m| m.team_id)
}

/// The days from `from` to `to`, both included, as stretches of days on which the memberships are the same.
pub fn stretches(
    memberships: &[store::Membership],
    from: NaiveDate,
    to: NaiveDate,
) -> Vec<(NaiveDate, NaiveDate)> {
    let changes = memberships
        .iter()
        .flat_map(|m| [Some(m.from_day), m.until_day]);
    let mut firsts: Vec<NaiveDate> = changes
        .flatten()
        .filter(|day| from < *day && *day <= to)
        .chain([from])
        .filter(|day| *day <= to)
        .collect();
    firsts.sort_unstable();
    firsts.dedup();
    let lasts = firsts.iter().skip(1).filter_map(|day| day.pred_opt());
    let lasts: Vec<NaiveDate> = lasts.chain([to]).collect();
    firsts.into_iter().zip(lasts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn member(team_id: i64, from_day: &str, until_day: Option<&str>) -> store::Membership {
        store::Membership {
            id: team_id,
            person_id: 1,
            team_id,
            from_day: date(from_day),
            until_day: until_day.map(date),
        }
    }

    #[test]
    fn a_change_of_team_ends_one_stretch_and_begins_the_next() {
        let moved = [
            member(1, "2026-01-01", Some("2026-03-05")),
            member(2, "2026-03-05", None),
        ];
        let days = |from, to| stretches(&moved, date(from), date(to));
        let week = [
            (date("2026-03-02"), date("2026-03-04")),
            (date("2026-03-05"), date("2026-03-08")),
        ];
        assert_eq!(days("2026-03-02", "2026-03-08"), week);
        assert_eq!(
            days("2026-03-05", "2026-03-05"),
            [(date("2026-03-05"), date("2026-03-05"))]
        );
        assert_eq!(days("2026-03-06", "2026-03-05"), []);
    }
}
