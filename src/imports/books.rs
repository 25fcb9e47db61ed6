//! The names that rows refer to: those that the database knows, and those that this import makes.

use super::store;
use crate::app::Tx;
use crate::audit;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::lists::List;
use crate::lists::store as lists;
use crate::people::store as people;
use crate::people::{NewPerson, Person, erased_mark, store::Membership};
use crate::rules::access::Role;
use crate::rules::zone::Zone;
use std::collections::{HashMap, HashSet};

/// Something that has an id, or gets one when the import is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ref {
    Known(i64),
    /// The place in its book's list of what is made.
    Made(usize),
}

/// Names of one sort.
#[derive(Debug, Clone, Default)]
pub struct Book {
    by_name: HashMap<String, Ref>,
    made: Vec<String>,
    ids: Vec<i64>,
}

impl Book {
    fn of(known: impl IntoIterator<Item = (String, i64)>) -> Book {
        Book {
            by_name: known
                .into_iter()
                .map(|(name, id)| (name, Ref::Known(id)))
                .collect(),
            ..Book::default()
        }
    }

    /// Adds a name that the database knows.
    pub fn know(&mut self, name: String, id: i64) {
        self.by_name.insert(name, Ref::Known(id));
    }

    pub fn find(&self, name: &str) -> Option<Ref> {
        self.by_name.get(name).copied()
    }

    /// The name's entry, made where there is none.
    pub fn find_or_make(&mut self, name: &str) -> Ref {
        if let Some(known) = self.find(name) {
            return known;
        }
        let made = Ref::Made(self.made.len());
        self.made.push(name.to_owned());
        self.by_name.insert(name.to_owned(), made);
        made
    }

    /// As [`Book::find_or_make`]; nothing for an empty name.
    pub fn named(&mut self, name: &str) -> Option<Ref> {
        (!name.is_empty()).then(|| self.find_or_make(name))
    }

    /// What is made, in the order in which it was named.
    pub fn made(&self) -> &[String] {
        &self.made
    }

    /// Says which ids the made ones have got, in their order.
    pub fn set_ids(&mut self, ids: Vec<i64>) {
        self.ids = ids;
    }

    /// The id, once it is there.
    pub fn id(&self, of: Ref) -> Result<i64> {
        match of {
            Ref::Known(id) => Ok(id),
            Ref::Made(at) => {
                let id = self.ids.get(at).copied();
                id.ok_or_else(|| Error::internal("an import refers to what it has not made"))
            }
        }
    }

    pub fn id_of(&self, of: Option<Ref>) -> Result<Option<i64>> {
        of.map(|of| self.id(of)).transpose()
    }
}

/// All that rows may name.
#[derive(Clone)]
pub struct Books {
    /// The workspace's zone, as the files read so far leave it.
    pub zone: Zone,
    pub teams: Book,
    pub leads: Book,
    labels: HashMap<List, Book>,
    people: Book,
    made_people: Vec<NewPerson>,
    /// How many of the made people have a row of their own.
    listed_people: usize,
    pub known_people: HashMap<i64, Person>,
    /// Of which leads nothing personal is known any more.
    pub erased_leads: HashSet<i64>,
    /// Those who were erased, by the mark of the address that they had.
    erased_people: HashMap<String, i64>,
    /// Those who were erased before such marks were kept: nobody knows their address, but old files may show it.
    unmarked: HashSet<i64>,
    /// The marks that files have shown, by person.
    shown_marks: HashMap<i64, String>,
    /// The zones that `people.csv` says, by e-mail address.
    pub said_zones: HashMap<String, String>,
    pub memberships: Vec<Membership>,
}

impl Books {
    /// How many admins there are, as far as the files were read.
    pub fn admins(&self) -> usize {
        let people = self.known_people.values();
        people.filter(|person| person.is_admin()).count()
    }

    pub fn load(conn: &mut Conn) -> Result<Books> {
        let zone = crate::people::workspace(conn)?.zone;
        let everybody = people::all(conn)?;
        let mut labels: HashMap<List, Vec<(String, i64)>> = HashMap::new();
        for ((list, name), id) in lists::label_ids(conn)? {
            labels.entry(list).or_default().push((name, id));
        }
        let mut of_list = |list: &List| Book::of(labels.remove(list).unwrap_or_default());
        Ok(Books {
            zone,
            teams: Book::of(people::teams(conn)?.into_iter().map(|t| (t.name, t.id))),
            leads: Book::default(),
            erased_leads: HashSet::new(),
            erased_people: people::erased_marks(conn)?,
            unmarked: store::erased_unmarked(conn)?,
            shown_marks: HashMap::new(),
            people: Book::of(everybody.iter().map(|p| (p.email.clone(), p.id))),
            made_people: Vec::new(),
            said_zones: HashMap::new(),
            listed_people: 0,
            memberships: people::memberships(conn)?,
            known_people: everybody.into_iter().map(|p| (p.id, p)).collect(),
            labels: List::ALL
                .iter()
                .map(|list| (*list, of_list(list)))
                .collect(),
        })
    }
}

impl Books {
    /// A source, campaign, asset or territory; nothing for an empty name.
    pub fn label(&mut self, list: List, name: &str) -> Option<Ref> {
        self.labels.entry(list).or_default().named(name)
    }

    /// The id of a label, once it is there.
    pub fn label_id(&self, list: List, of: Option<Ref>) -> Result<Option<i64>> {
        match self.labels.get(&list) {
            Some(book) => book.id_of(of),
            None => Ok(None),
        }
    }

    /// Whoever has an address, or had it before they were erased.
    pub fn find_person(&self, email: &str) -> Option<Ref> {
        let has = self.people.find(email);
        if has.is_some() || self.erased_people.is_empty() {
            return has;
        }
        let had = self.erased_people.get(&erased_mark(email));
        had.map(|id| Ref::Known(*id))
    }

    /// Whether somebody was erased of whose address no mark is kept.
    pub fn has_unmarked(&self) -> bool {
        !self.unmarked.is_empty()
    }

    /// A row that was imported before names whoever did it by this address, and they were erased since: it was theirs.
    pub fn recognise(&mut self, email: &str, id: i64) {
        if self.unmarked.contains(&id) {
            self.erased_people.insert(erased_mark(email), id);
            self.shown_marks
                .entry(id)
                .or_insert_with(|| erased_mark(email));
        }
    }

    /// Takes over whom another reading of the same files has recognised.
    pub fn recognise_as(&mut self, other: Books) {
        self.erased_people = other.erased_people;
        self.shown_marks = other.shown_marks;
    }

    /// Whether somebody was erased.
    pub fn is_erased(&self, person: Ref) -> bool {
        matches!(person, Ref::Known(id) if self.erased_people.values().any(|erased| *erased == id))
    }

    /// Whether nothing personal is known any more of a lead.
    pub fn is_erased_lead(&self, lead: Option<Ref>) -> bool {
        matches!(lead, Some(Ref::Known(id)) if self.erased_leads.contains(&id))
    }

    /// Somebody whom a row names; made with this role where nobody has the address.
    pub fn person(&mut self, email: &str, role: Role) -> Ref {
        let known = self.find_person(email);
        if let Some(Ref::Made(at)) = known
            && at >= self.listed_people
            && role == Role::Rep
            && let Some(made) = self.made_people.get_mut(at)
        {
            // Who does anything themselves is a rep, whoever else they accompanied.
            made.role = role;
        }
        known.unwrap_or_else(|| {
            let name = email.split('@').next().unwrap_or(email).to_owned();
            self.make_person(NewPerson {
                email: email.to_owned(),
                name,
                role,
                time_zone: None,
                password_hash: None,
            })
        })
    }

    /// Somebody with a row of their own.
    pub fn list_person(&mut self, person: NewPerson) -> Ref {
        let listed = self.make_person(person);
        self.listed_people = self.made_people.len();
        listed
    }

    fn make_person(&mut self, person: NewPerson) -> Ref {
        let made = self.people.find_or_make(&person.email);
        self.made_people.push(person);
        made
    }

    pub fn person_id(&self, of: Ref) -> Result<i64> {
        self.people.id(of)
    }

    pub fn person_id_of(&self, of: Option<Ref>) -> Result<Option<i64>> {
        self.people.id_of(of)
    }

    /// What is made only because a row names it: the word for it, and the names in order.
    pub fn made(&self) -> Vec<(&'static str, Vec<String>)> {
        let named = self.made_people.iter().skip(self.listed_people);
        let mut made = vec![
            ("person", named.map(|p| p.email.clone()).collect()),
            ("team", self.teams.made().to_vec()),
        ];
        for list in List::ALL {
            let names = self.labels.get(list).map(Book::made).unwrap_or_default();
            made.push((list.word(), names.to_vec()));
        }
        made.retain(|(_, names): &(_, Vec<String>)| !names.is_empty());
        made
    }

    /// Writes what is made, all but the leads.
    pub fn write(&mut self, tx: &mut Tx) -> Result<()> {
        let (conn, now) = (&mut *tx.conn, tx.now);
        for (id, mark) in &self.shown_marks {
            store::set_erased_mark(conn, *id, mark)?;
        }
        for (list, book) in &mut self.labels {
            let ids: Result<_> = book
                .made()
                .iter()
                .map(|name| lists::add_label(conn, *list, name))
                .collect();
            book.set_ids(ids?);
        }
        let ids: Result<_> = self
            .teams
            .made()
            .iter()
            .map(|name| people::add_team(conn, name, None))
            .collect();
        self.teams.set_ids(ids?);
        let ids: Result<_> = self
            .made_people
            .iter()
            .map(|person| people::add(conn, person, now))
            .collect();
        self.people.set_ids(ids?);
        self.note_roles(tx)
    }

    /// Whoever comes as more than a rep stands in the record by themselves.
    fn note_roles(&self, tx: &mut Tx) -> Result<()> {
        for (person, id) in self.made_people.iter().zip(&self.people.ids) {
            if person.role != Role::Rep {
                audit::note(tx, "added", "person", Some(*id), person.role.word())?;
            }
        }
        Ok(())
    }
}
