//! The hand-overs that a report is about: of which days, seen as of when, in which groups.

mod about;
pub mod bar;
mod clocks;
mod explained;
mod order;
mod store;

pub use about::About;
pub use clocks::Clocks;
pub use explained::{Behind, Counted};
pub use order::{Place, in_order};
pub use store::{
    Assigned, Attempt, Head, Owners, attempts, heads, label, owners, owners_of, visible,
};

use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::Result;
use crate::page;
use crate::people::Person;
use crate::rules::day;
use crate::rules::wait::Urgency;
use crate::rules::zone::Zone;
use crate::style;
use crate::value::Instant;
use crate::{lists, people};
use chrono::{Datelike, Days, NaiveDate, Timelike};
use std::collections::{BTreeSet, HashMap, HashSet};

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
        /// The weekday of the hand-over, in the workspace's zone.
        Weekday = "weekday",
        /// The hour of the hand-over, in the workspace's zone.
        Hour = "hour",
    }
}

impl Grouping {
    /// Whether it needs to know who owned the leads.
    pub fn is_of_owners(self) -> bool {
        matches!(self, Grouping::Owner | Grouping::Team)
    }

    /// Whether its groups follow each other in time, and are never put into another order.
    pub fn is_of_time(self) -> bool {
        matches!(self, Grouping::Week | Grouping::Weekday | Grouping::Hour)
    }

    /// The name of one of its groups as people read it.
    pub fn words(self, name: &str) -> String {
        match self {
            Grouping::Weekday => name.split_once(' ').map_or(name, |(_, day)| day).to_owned(),
            Grouping::Week => match name.parse() {
                Ok(monday) => style::day(monday),
                Err(_) => name.to_owned(),
            },
            _ => page::group_name(name).to_owned(),
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Grouping::Source => "Source",
            Grouping::Campaign => "Campaign",
            Grouping::Asset => "Asset",
            Grouping::Urgency => "Urgency",
            Grouping::Territory => "Territory",
            Grouping::Team => "Team",
            Grouping::Owner => "Owner",
            Grouping::Week => "Week",
            Grouping::Weekday => "Weekday of arrival",
            Grouping::Hour => "Hour of arrival",
        }
    }
}

/// The versions of the definitions that some hand-overs were made under, each once, in order.
pub fn versions(of_handovers: impl Iterator<Item = i64>) -> Vec<i64> {
    let versions: BTreeSet<i64> = of_handovers.collect();
    versions.into_iter().collect()
}

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// The name of the only group where there is no grouping.
pub const ALL: &str = "all";

/// Which hand-overs: those of some days, both included, as they stood at an instant. What lies after it is hidden.
#[derive(Debug, Clone, Copy)]
pub struct Cohort {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub as_of: Instant,
    /// Only those made under this version of the definitions.
    pub definition: Option<i64>,
}

impl Cohort {
    /// Whether a hand-over made under a version is one of them.
    pub fn has(&self, definition_id: i64) -> bool {
        self.definition.is_none_or(|asked| asked == definition_id)
    }

    /// The hand-overs of as many days just before, seen at the same instant; `None` where the days have no two ends.
    pub fn before(&self) -> Option<Cohort> {
        let (from, to) = (self.from?, self.to?);
        let days = to.signed_duration_since(from).num_days().unsigned_abs() + 1;
        Some(Cohort {
            from: Some(from.checked_sub_days(Days::new(days))?),
            to: Some(from.pred_opt()?),
            ..*self
        })
    }

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
    /// Monday is 0.
    Weekday(u32),
    /// From 0 to 23.
    Hour(u32),
}

/// What of a hand-over decides its group.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    pub lead_id: i64,
    pub handed_over_at: Instant,
    pub urgency: Urgency,
    /// As [`label`] chooses it.
    pub label_id: Option<i64>,
}

/// The group of a hand-over. Its owner is whoever owned the lead at `until`: when its waiting ended, else the
/// report's instant.
pub fn key(by: Option<Grouping>, member: Member, until: Instant, ownerships: &Ownerships) -> Key {
    match by {
        None => Key::All,
        Some(Grouping::Urgency) => Key::Urgency(member.urgency),
        Some(Grouping::Week) => {
            let zone = ownerships.calendars.zone();
            Key::Week(day::week_of(zone.day_of(member.handed_over_at)))
        }
        Some(Grouping::Weekday) => {
            let local = ownerships.calendars.zone().local(member.handed_over_at);
            Key::Weekday(local.weekday().num_days_from_monday())
        }
        Some(Grouping::Hour) => {
            let local = ownerships.calendars.zone().local(member.handed_over_at);
            Key::Hour(local.hour())
        }
        Some(Grouping::Owner) => Key::Id(ownerships.owner(member.lead_id, until)),
        Some(Grouping::Team) => Key::Id(ownerships.team(member.lead_id, until)),
        Some(Grouping::Source | Grouping::Campaign | Grouping::Asset | Grouping::Territory) => {
            Key::Id(member.label_id)
        }
    }
}

/// The members of each group by its key; one group of all where nothing groups them, also when it is empty.
pub fn grouped<T: Counted>(by: Option<Grouping>, all: &[T]) -> HashMap<Key, Vec<&T>> {
    let mut members: HashMap<Key, Vec<&T>> = HashMap::new();
    if by.is_none() {
        members.insert(Key::All, Vec::new());
    }
    for one in all {
        members.entry(one.handover().2).or_default().push(one);
    }
    members
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
        let day = self.calendars.day_at(owner, at);
        self.calendars.team_on(owner, day)
    }
}

/// The names of groups, an empty one for "has none".
#[derive(Default)]
pub struct Names(HashMap<i64, String>);

impl Names {
    /// Reads the names of what `keys` name. People of the same name are told apart by their addresses.
    pub fn load(
        conn: &mut Conn,
        by: Option<Grouping>,
        keys: impl Iterator<Item = Key>,
    ) -> Result<Names> {
        Ok(Names(match by {
            None | Some(Grouping::Urgency) => HashMap::new(),
            Some(by) if by.is_of_time() => HashMap::new(),
            Some(Grouping::Owner) => {
                let keys: HashSet<Key> = keys.collect();
                let mut owners = people::store::all(conn)?;
                owners.retain(|person| keys.contains(&Key::Id(Some(person.id))));
                told_apart(&owners)
            }
            Some(Grouping::Team) => {
                let teams = people::store::teams(conn)?;
                teams.into_iter().map(|team| (team.id, team.name)).collect()
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
            Key::Weekday(day) => {
                let name = WEEKDAYS.get(day as usize).copied().unwrap_or_default();
                format!("{} {name}", day + 1)
            }
            Key::Hour(hour) => format!("{hour:02}:00"),
        }
    }
}

fn told_apart(people: &[Person]) -> HashMap<i64, String> {
    let mut bearers: HashMap<&str, usize> = HashMap::new();
    for person in people {
        *bearers.entry(&person.name).or_default() += 1;
    }
    let name = |person: &Person| match bearers.get(person.name.as_str()) {
        Some(1) if !person.name.is_empty() => person.name.clone(),
        _ => format!("{} ({})", person.name, person.email),
    };
    people.iter().map(|p| (p.id, name(p))).collect()
}
