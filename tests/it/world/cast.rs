//! The cast: made through the same verbs that the pages use.

use chrono::NaiveDate;
use touchline::app::Tx;
use touchline::calendar::{self, Whose};
use touchline::db::Conn;
use touchline::error::{Error, Result};
use touchline::people::{self, NewPerson};
use touchline::rules::access::Role;
use touchline::rules::workday::Block;

pub use touchline::people::Person;

/// Name, role, team.
const CAST: &[(&str, Role, &str)] = &[
    ("Ada Adler", Role::Admin, ""),
    ("Max Maier", Role::Manager, "North"),
    ("Mia Moser", Role::Manager, "South"),
    ("Ana Arndt", Role::Rep, "North"),
    ("Ben Beck", Role::Rep, "North"),
    ("Sue Sommer", Role::Rep, "South"),
    ("Mark Marlow", Role::Marketing, ""),
];

/// Since when everybody is in their team.
const SINCE: NaiveDate = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();

/// Sets the workspace up and brings everybody in.
pub fn settle(tx: &mut Tx) -> Result<()> {
    people::store::set_workspace(tx.conn, "Nordlicht", "Europe/Berlin", Some(tx.now))?;
    let nine_to_five = Block {
        opens_min: 9 * 60,
        closes_min: 17 * 60,
    };
    let hours: Vec<_> = (1..=5).map(|weekday| (weekday, nine_to_five)).collect();
    calendar::store::replace_hours(tx.conn, Whose::Workspace, &hours, (None, tx.now))?;
    for team in ["North", "South"] {
        people::add_team(tx, team, None)?;
    }
    for (name, role, team) in CAST {
        let person = people::add(tx, newcomer(name, *role))?;
        if !team.is_empty() {
            let team = self::team(tx.conn, team)?;
            people::join(tx, person, team, SINCE, false)?;
        }
    }
    Ok(())
}

/// Somebody with the address of their first name and no password.
pub fn newcomer(name: &str, role: Role) -> NewPerson {
    NewPerson {
        email: address(name.split(' ').next().unwrap_or(name)),
        name: name.to_owned(),
        role,
        time_zone: None,
        password_hash: None,
    }
}

fn address(first_name: &str) -> String {
    format!("{}@example.com", first_name.to_lowercase())
}

pub fn person(conn: &mut Conn, first_name: &str) -> Result<Person> {
    people::store::by_email(conn, &address(first_name))?.ok_or(Error::NotFound)
}

pub fn team(conn: &mut Conn, name: &str) -> Result<i64> {
    let teams = people::store::teams(conn)?;
    let team = teams.into_iter().find(|team| team.name == name);
    team.map(|team| team.id).ok_or(Error::NotFound)
}
