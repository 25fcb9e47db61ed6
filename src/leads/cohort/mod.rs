//! The hand-overs that a report is about: of which days, seen as of when, in which groups.

mod store;

pub use store::{Assigned, Owners, owners, visible};

use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::Result;
use crate::rules::wait::Urgency;
use crate::rules::zone::Zone;
use crate::urls;
use crate::value::Instant;
use crate::{lists, people};
use chrono::{Days, NaiveDate};
use std::collections::{HashMap, HashSet};

crate::words! {
    /// What hand-overs are grouped by.
    pub enum Grouping {
        Source = "source",
        Campaign = "campaign",
        Asset = "asset",
        Urgency = "urgency",
        Territory = "territory",
        Team = "team",
        Owner = "owner",
        /// The week of the hand-over day, in the workspace's zone.
        Week = "week",
    }
}

/// The name of the only group where there is no grouping.
pub const ALL: &str = "all";

/// Which hand-overs: those of some days, both included, as they stood at an instant. What lies after it is hidden.
#[derive(Debug, Clone, Copy)]
pub struct Cohort {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub as_of: Instant,
}

impl Cohort {
    /// The first and the last instant of a hand-over, both included; the days are those of `zone`.
    pub fn span(&self, zone: &Zone) -> (Instant, Instant) {
        let first = self
            .from
            .map_or(Instant(i64::MIN), |day| zone.midnight(day));
        let next_day = self.to.and_then(|day| day.checked_add_days(Days::new(1)));
        let last = next_day.map_or(self.as_of, |day| Instant(zone.midnight(day).0 - 1));
        (first, last.min(self.as_of))
    }
}

/// What makes hand-overs one group; `None` is "has none".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    All,
    /// A label, a team or a person.
    Id(Option<i64>),
    Urgency(Urgency),
    /// The Monday.
    Week(NaiveDate),
}

/// Who owned the leads of a report, and to which team they belonged.
pub struct Ownerships<'c> {
    pub owners: Owners,
    pub calendars: &'c Calendars,
}

impl Ownerships<'_> {
    /// Who owned a lead at an instant: the last assignment at or before it.
    pub fn owner(&self, lead_id: i64, at: Instant) -> Option<i64> {
        let changes = self.owners.of(lead_id);
        let begun = changes.partition_point(|change| change.at <= at);
        changes[..begun].last()?.owner_id
    }

    /// The owner's team on their local day of that instant.
    pub fn team(&self, lead_id: i64, at: Instant) -> Option<i64> {
        let owner = self.owner(lead_id, at)?;
        let day = self.calendars.zone_of(owner).day_of(at);
        self.calendars.team_on(owner, day)
    }
}

/// The names of groups, an empty one for "has none".
pub struct Names(HashMap<i64, String>);

impl Names {
    /// Reads the names of what `keys` name. People of the same name are told apart by their addresses.
    pub fn load(
        conn: &mut Conn,
        by: Option<Grouping>,
        keys: impl Iterator<Item = Key>,
    ) -> Result<Names> {
        Ok(Names(match by {
            None | Some(Grouping::Urgency | Grouping::Week) => HashMap::new(),
            Some(Grouping::Team) => {
                let teams = people::store::teams(conn)?;
                teams.into_iter().map(|team| (team.id, team.name)).collect()
            }
            Some(Grouping::Owner) => {
                let owners: HashSet<Key> = keys.collect();
                let everybody = people::store::all(conn)?.into_iter();
                told_apart(everybody.filter(|p| owners.contains(&Key::Id(Some(p.id)))))
            }
            Some(_) => lists::store::label_names(conn)?,
        }))
    }

    pub fn of(&self, key: Key) -> String {
        match key {
            Key::All => ALL.to_owned(),
            Key::Id(None) => String::new(),
            Key::Id(Some(id)) => self.0.get(&id).cloned().unwrap_or_default(),
            Key::Urgency(urgency) => urgency.word().to_owned(),
            Key::Week(monday) => monday.to_string(),
        }
    }
}

fn told_apart(people: impl Iterator<Item = people::Person>) -> HashMap<i64, String> {
    let people: Vec<_> = people.collect();
    let mut bearers: HashMap<&str, usize> = HashMap::new();
    for person in &people {
        *bearers.entry(&person.name).or_default() += 1;
    }
    let name = |person: &people::Person| match bearers.get(person.name.as_str()) {
        Some(1) if !person.name.is_empty() => person.name.clone(),
        _ => format!("{} ({})", person.name, person.email),
    };
    people.iter().map(|p| (p.id, name(p))).collect()
}

/// The address of the leads behind a group; empty where the list of leads cannot show just them.
pub fn leads_href(cohort: &Cohort, by: Option<Grouping>, key: Key) -> String {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let (mut from, mut to) = (cohort.from, cohort.to);
    let chosen = match (by, key) {
        (_, Key::All) => None,
        (Some(Grouping::Team), _) | (None, _) => return String::new(),
        (Some(_), Key::Week(monday)) => {
            let sunday = monday + Days::new(6);
            from = Some(from.map_or(monday, |from| from.max(monday)));
            to = Some(to.map_or(sunday, |to| to.min(sunday)));
            None
        }
        (Some(_), Key::Id(None)) => Some("none".to_owned()),
        (Some(_), Key::Id(Some(id))) => Some(id.to_string()),
        (Some(_), Key::Urgency(urgency)) => Some(urgency.word().to_owned()),
    };
    let (from, to) = (day(from), day(to));
    let name = by.map_or("", Grouping::word);
    urls::with_query(
        "/leads",
        &[
            ("from", &from),
            ("to", &to),
            (name, chosen.as_deref().unwrap_or_default()),
        ],
    )
}
