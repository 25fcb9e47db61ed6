//! `people.csv`: who there is, and in which team.

use crate::app::Tx;
use crate::audit;
use crate::error::Result;
use crate::imports::books::{Books, Ref};
use crate::imports::report::Change;
use crate::imports::row::{Incoming, Row, any_case};
use crate::people::store as people;
use crate::people::store::Membership;
use crate::people::{NewPerson, Person, since_ever, team_on};
use crate::rules::access::Role;
use chrono::NaiveDate;
use std::collections::HashMap;

/// A file says the same of them as before they left: it brings nobody back.
const LEAVER: &str = "somebody who has left is put into no team: say on their page that they are back, and import again";

/// What the rows ask to be written.
#[derive(Clone, Default)]
pub struct People {
    changed: Vec<Changed>,
    joins: Vec<Join>,
    /// The line of each address.
    seen: HashMap<String, u64>,
}

#[derive(Clone)]
struct Changed {
    id: i64,
    name: String,
    role: Role,
    time_zone: Option<String>,
    zone_was: Option<String>,
    /// Whether more than the zone changes.
    is_otherwise: bool,
}

#[derive(Clone)]
struct Join {
    person: Ref,
    team: Ref,
    from: NaiveDate,
    /// Whether the memberships so far end.
    moves: bool,
}

/// What a row says.
struct Wanted {
    email: String,
    name: String,
    role: Option<Role>,
    time_zone: Option<String>,
    team: String,
}

impl People {
    /// `today` is the day on which somebody who changes teams does so.
    pub fn read(&mut self, file: &mut Incoming, books: &mut Books, today: NaiveDate) {
        let [email, name, role] = ["email", "name", "role"].map(|name| file.column(name));
        let [team, time_zone] = ["team", "time_zone"].map(|name| file.column(name));
        let zone = books.zone.clone();
        file.rows(&zone, |row| {
            let address = row.needed_email(email);
            let role = row.parsed(
                role,
                "rep, manager, marketing or admin",
                any_case(Role::from_word),
            );
            let time_zone = row.zone_name(time_zone).map(|zone| zone.name().to_owned());
            let address = address?;
            if let Some(line) = self.seen.insert(address.clone(), row.line) {
                row.refuse(
                    email,
                    format!("the same as in line {line}: a person has one row"),
                );
            }
            if !row.is_good() {
                return None;
            }
            let mut name = row.text(name);
            if name.is_empty() {
                row.warn("a person without a name is called by their address");
                name = address.split('@').next().unwrap_or_default();
            }
            let wanted = Wanted {
                name: name.to_owned(),
                email: address,
                role,
                time_zone,
                team: row.text(team).to_owned(),
            };
            self.compare(row, books, wanted, today)
        });
    }

    fn compare(
        &mut self,
        row: &mut Row,
        books: &mut Books,
        wanted: Wanted,
        today: NaiveDate,
    ) -> Option<()> {
        if let Some(zone) = &wanted.time_zone {
            books.said_zones.insert(wanted.email.clone(), zone.clone());
        }
        let Some(Ref::Known(id)) = books.find_person(&wanted.email) else {
            self.add(books, wanted);
            row.report.count(Change::New);
            return Some(());
        };
        if books.is_erased(Ref::Known(id)) {
            row.warn("this person is erased, and stays so");
            row.report.count(Change::Unchanged);
            return Some(());
        }
        let before = books.known_people.get(&id)?.clone();
        let after = Person {
            name: wanted.name,
            role: wanted.role.unwrap_or(before.role),
            time_zone: wanted.time_zone.or_else(|| before.time_zone.clone()),
            ..before.clone()
        };
        if before.is_admin() && !after.is_admin() && books.admins() == 1 {
            row.refuse_row(format!(
                "{} is the only admin: make somebody else an admin first",
                before.email
            ));
            return None;
        }
        let join = self.join(books, id, &wanted.team, today);
        let join = join.filter(|_| stays(row, &before));
        let differs = (&after.name, after.role, &after.time_zone)
            != (&before.name, before.role, &before.time_zone);
        row.report.count(if differs || join.is_some() {
            Change::Changed
        } else {
            Change::Unchanged
        });
        if differs {
            self.changed.push(Changed {
                id,
                name: after.name.clone(),
                role: after.role,
                time_zone: after.time_zone.clone(),
                zone_was: before.time_zone.clone(),
                is_otherwise: (&after.name, after.role) != (&before.name, before.role),
            });
            books.known_people.insert(id, after);
        }
        self.joins.extend(join);
        Some(())
    }

    fn add(&mut self, books: &mut Books, wanted: Wanted) {
        let team = books.teams.named(&wanted.team);
        let person = books.list_person(NewPerson {
            email: wanted.email,
            name: wanted.name,
            role: wanted.role.unwrap_or(Role::Rep),
            time_zone: wanted.time_zone,
            password_hash: None,
        });
        self.joins.extend(team.map(|team| Join {
            person,
            team,
            from: since_ever(),
            moves: false,
        }));
    }

    /// The way into the team a row names, when the person is not there today; no name asks for nothing.
    fn join(&self, books: &mut Books, id: i64, team: &str, today: NaiveDate) -> Option<Join> {
        let team = books.teams.named(team)?;
        let theirs = books.memberships.iter();
        let theirs = theirs.filter(|membership| membership.person_id == id);
        let theirs: Vec<Membership> = theirs.cloned().collect();
        if team_on(&theirs, today).map(Ref::Known) == Some(team) {
            return None;
        }
        Some(Join {
            person: Ref::Known(id),
            team,
            from: if theirs.is_empty() {
                since_ever()
            } else {
                today
            },
            moves: true,
        })
    }

    pub fn write(&self, tx: &mut Tx, books: &Books) -> Result<()> {
        for person in &self.changed {
            let zone = person.time_zone.as_deref();
            // What a file says holds for all days: it is no move from today on.
            if let Some(zone) = zone.filter(|zone| person.zone_was.as_deref() != Some(zone)) {
                super::store::set_person_zone(tx.conn, person.id, zone)?;
                let was = person.zone_was.as_deref().unwrap_or_default();
                let (was, became) = audit::differing(&[("zone", was, zone)]);
                audit::change(tx, "changed", ("person", Some(person.id)), &was, &became)?;
            }
            if person.is_otherwise {
                crate::people::change(tx, person.id, (&person.name, person.role, zone), None)?;
            }
        }
        for join in &self.joins {
            let (person, team) = (books.person_id(join.person)?, books.teams.id(join.team)?);
            if join.moves {
                let was = names_on(tx, person, join.from)?;
                people::end_memberships(tx.conn, person, join.from)?;
                let name = people::team(tx.conn, team)?.map(|team| team.name);
                let became = format!("team {} from {}", name.unwrap_or_default(), join.from);
                audit::change(tx, "joined", ("person", Some(person)), &was, &became)?;
            }
            people::join(tx.conn, person, team, join.from)?;
        }
        Ok(())
    }
}

/// The teams that somebody is in on a day or after it, in words: `team North, team South`.
fn names_on(tx: &mut Tx, person_id: i64, day: NaiveDate) -> Result<String> {
    let theirs = people::memberships_of(tx.conn, person_id)?;
    let ending = theirs
        .iter()
        .filter(|membership| membership.until_day.is_none_or(|until| day < until));
    let mut names = Vec::new();
    for membership in ending {
        let team = people::team(tx.conn, membership.team_id)?;
        names.extend(team.map(|team| format!("team {}", team.name)));
    }
    Ok(names.join(", "))
}

/// Whether somebody still works here; of who left the row says so, and the team that it names is left out.
fn stays(row: &mut Row, person: &Person) -> bool {
    if person.left_on.is_some() {
        row.flag(LEAVER);
    }
    person.left_on.is_none()
}
