//! The workspace and everybody in it, kept in memory.

use super::store::{self, Membership, Person, Team};
use crate::app::Workspace;
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Keep;
use crate::rules::access::{MARKETERS, Role};
use chrono::NaiveDate;
use std::collections::HashMap;

pub struct Directory {
    pub workspace: Workspace,
    /// Leavers too, by name.
    pub people: Vec<Person>,
    /// By name.
    pub teams: Vec<Team>,
    /// In the order in which they begin.
    pub memberships: Vec<Membership>,
    by_id: HashMap<i64, usize>,
}

impl Keep for Directory {
    fn load(conn: &mut Conn) -> Result<Directory> {
        let mut people = store::all(conn)?;
        // Sorted here: databases sort letters each in their own way.
        people.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        Ok(Directory {
            workspace: super::workspace(conn)?,
            by_id: people.iter().enumerate().map(|(i, p)| (p.id, i)).collect(),
            people,
            teams: store::teams(conn)?,
            memberships: store::memberships(conn)?,
        })
    }
}

impl Directory {
    pub fn person(&self, id: i64) -> Option<&Person> {
        self.by_id.get(&id).map(|index| &self.people[*index])
    }

    /// Whether a person's role asks for a second factor that they have not set up.
    pub fn lacks_second_factor(&self, id: i64) -> bool {
        let roles = &self.workspace.second_factor_roles;
        self.person(id)
            .is_some_and(|person| roles.contains(&person.role) && !person.has_second_factor)
    }

    pub fn person_of_uid(&self, uid: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.uid == uid)
    }

    /// A person's name; empty for nobody, as for what an import brought.
    pub fn name(&self, id: Option<i64>) -> &str {
        let person = id.and_then(|id| self.person(id));
        person.map_or("", |person| &person.name)
    }

    pub fn team(&self, id: i64) -> Option<&Team> {
        self.teams.iter().find(|team| team.id == id)
    }

    /// A person's memberships, in the order in which they begin.
    pub fn memberships_of(&self, person_id: i64) -> impl DoubleEndedIterator<Item = &Membership> {
        let theirs = move |m: &&Membership| m.person_id == person_id;
        self.memberships.iter().filter(theirs)
    }

    /// Who belongs to one of some teams on a day; a leaver as on their last day.
    pub fn members(&self, teams: &[i64], day: NaiveDate) -> Vec<i64> {
        let holds = |m: &Membership| {
            let last_day = self.person(m.person_id).and_then(|person| person.left_on);
            teams.contains(&m.team_id) && m.holds_on(last_day.unwrap_or(day))
        };
        let theirs = self.memberships.iter().filter(|m| holds(m));
        theirs.map(|membership| membership.person_id).collect()
    }

    /// The teams that somebody belongs to on a day; of a leaver those of their last day.
    pub fn teams_of(&self, person_id: i64, day: NaiveDate) -> Vec<i64> {
        let last_day = self.person(person_id).and_then(|person| person.left_on);
        let day = last_day.unwrap_or(day);
        let theirs = self.memberships_of(person_id).filter(|m| m.holds_on(day));
        theirs.map(|membership| membership.team_id).collect()
    }

    /// All managers who are here; admins where there is none.
    pub fn managers(&self) -> Vec<i64> {
        self.here(Role::Manager, |_| true)
    }

    /// All of marketing who are here; admins where there is none.
    pub fn marketing(&self) -> Vec<i64> {
        self.here(Role::Marketing, |_| true)
    }

    /// Who answers for a hand-over that `by_id` made: they do while they are here and hand over leads, else all of
    /// marketing, as where nobody is named, or a rep by import.
    pub fn answering(&self, by_id: Option<i64>) -> Vec<i64> {
        let maker = by_id.and_then(|id| self.person(id));
        let answers = |person: &&Person| person.left_on.is_none() && MARKETERS.allows(person.role);
        match maker.filter(answers) {
            Some(maker) => vec![maker.id],
            None => self.marketing(),
        }
    }

    /// The managers of somebody's teams of a day, of a leaver's those of their last one; admins where there is none.
    pub fn managers_of(&self, person_id: i64, day: NaiveDate) -> Vec<i64> {
        let own = self.teams_of(person_id, day);
        self.here(Role::Manager, |id| {
            let mut theirs = self.teams_of(id, day).into_iter();
            theirs.any(|team| own.contains(&team))
        })
    }

    /// Those of a role who are here and of whom `is_meant` holds; admins where there is none.
    fn here(&self, role: Role, is_meant: impl Fn(i64) -> bool) -> Vec<i64> {
        let here = self.people.iter().filter(|person| person.left_on.is_none());
        let of = |role| here.clone().filter(move |person| person.role == role);
        let meant = of(role).map(|person| person.id).filter(|id| is_meant(*id));
        let meant: Vec<i64> = meant.collect();
        match meant.is_empty() {
            true => of(Role::Admin).map(|person| person.id).collect(),
            false => meant,
        }
    }
}
