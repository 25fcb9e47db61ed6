//! What holds from a day on: weeks of hours, and zones.

use super::store::{self, DayBlock, WeekRow};
use super::{Whose, weekday};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::people;
use crate::rules::workday::WeekHours;
use crate::rules::zone::Zone;
use chrono::NaiveDate;
use std::collections::HashMap;

/// A week of hours as it was set.
#[derive(Debug, Clone)]
pub struct Week {
    pub row: WeekRow,
    /// `None` where one's own hours end.
    pub hours: Option<WeekHours>,
}

/// The weeks of one owner of hours, in the order of their first days and then as they were written.
#[derive(Debug, Clone, Default)]
pub struct Weeks(Vec<Week>);

impl Weeks {
    /// Everybody's.
    pub fn load(conn: &mut Conn) -> Result<HashMap<Whose, Weeks>> {
        let mut owners: HashMap<Whose, Weeks> = HashMap::new();
        for (row, blocks) in store::weeks(conn)? {
            let hours = week_hours(&blocks)?;
            let weeks = owners.entry(row.whose()).or_default();
            weeks.0.push(Week { row, hours });
        }
        for weeks in owners.values_mut() {
            weeks
                .0
                .sort_by_key(|week| (week.row.valid_from, week.row.id));
        }
        Ok(owners)
    }

    /// The week that holds on a day.
    pub fn on(&self, day: NaiveDate) -> Option<&Week> {
        let begun = self.0.partition_point(|week| week.row.valid_from <= day);
        self.0[..begun].last()
    }

    /// One's own hours of a day; `None` where there are none, or they have ended.
    pub fn hours(&self, day: NaiveDate) -> Option<&WeekHours> {
        self.on(day)?.hours.as_ref()
    }

    pub fn all(&self) -> &[Week] {
        &self.0
    }
}

fn week_hours(blocks: &[DayBlock]) -> Result<Option<WeekHours>> {
    if blocks.is_empty() {
        return Ok(None);
    }
    let blocks = blocks.iter().map(|&(day, block)| (weekday(day), block));
    WeekHours::new(blocks).map(Some).map_err(Error::internal)
}

/// The zone that one has of one's own, and those that one had.
#[derive(Debug, Clone, Default)]
struct OwnZones {
    /// Each until a day, in the order in which they ended.
    past: Vec<(NaiveDate, Option<Zone>)>,
    now: Option<Zone>,
}

impl OwnZones {
    fn on(&self, day: NaiveDate) -> Option<&Zone> {
        let past = self.past.iter().find(|(until, _)| day < *until);
        past.map_or(self.now.as_ref(), |(_, zone)| zone.as_ref())
    }
}

/// The zones of the workspace, of teams and of people, on every day.
#[derive(Debug, Default)]
pub struct ZoneBook(HashMap<Whose, OwnZones>);

impl ZoneBook {
    pub fn load(conn: &mut Conn) -> Result<ZoneBook> {
        let mut book = ZoneBook::default();
        let named = |name: Option<String>| name.as_deref().and_then(Zone::named);
        let shared = people::store::workspace(conn)?.time_zone;
        let teams = people::store::teams(conn)?.into_iter();
        let people = people::store::all(conn)?.into_iter();
        let zones = teams
            .map(|team| (Whose::Team(team.id), team.time_zone))
            .chain(people.map(|person| (Whose::Person(person.id), person.time_zone)))
            .chain([(Whose::Workspace, shared)]);
        for (whose, zone) in zones.filter(|(_, zone)| zone.is_some()) {
            book.0.entry(whose).or_default().now = named(zone);
        }
        for past in people::store::past_zones(conn)? {
            let theirs = book.0.entry(store::whose(past.team_id, past.person_id));
            let zone = (past.until_day, named(past.time_zone));
            theirs.or_default().past.push(zone);
        }
        Ok(book)
    }

    /// The zone that somebody has of their own now.
    pub fn now(&self, whose: Whose) -> Option<&Zone> {
        self.0.get(&whose)?.now.as_ref()
    }

    /// The zone that somebody had of their own on a day.
    pub fn on(&self, whose: Whose, day: NaiveDate) -> Option<&Zone> {
        self.0.get(&whose)?.on(day)
    }

    /// The days on which somebody's own zone changed.
    pub fn changes(&self, whose: Whose) -> impl Iterator<Item = NaiveDate> {
        let past = self.0.get(&whose).map_or(&[][..], |zones| &zones.past);
        past.iter().map(|(until, _)| *until)
    }
}
