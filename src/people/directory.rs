//! The workspace and everybody in it, kept in memory.

use super::store::{self, Membership, Person, Team};
use crate::app::Workspace;
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Keep;
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
}
