//! Working hours, holidays and time off: one source for targets, pace and the working clock of leads.

mod dated;
pub mod holidays;
pub mod hours;
pub mod pages;
pub mod store;
pub mod time_off;

pub use dated::{Week, Weeks};
pub use holidays::{add_holiday, remove_holiday};
pub use hours::read_minute;

use crate::db::Conn;
use crate::error::Result;
use crate::kept::Keep;
use crate::people;
use crate::people::store::Membership;
use crate::rules::target::DayShare;
use crate::rules::workday::{Block, Day, Off, WeekHours, WorkCalendar};
use crate::rules::zone::{Zone, Zones};
use crate::value::Instant;
use chrono::{Datelike, NaiveDate, Weekday};
use dated::ZoneBook;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

crate::words! {
    /// Which part of its days a time off takes. A half without a name is the afternoon.
    pub enum Part { Full = "full", Morning = "morning", Afternoon = "afternoon" }
}

impl Part {
    fn off(self) -> Off {
        match self {
            Part::Full => Off::Full,
            Part::Morning => Off::Morning,
            Part::Afternoon => Off::Afternoon,
        }
    }
}

/// What reports say where [`Calendars::is_default`].
pub const DEFAULT_HOURS: &str =
    "No time zone and no working hours are set yet: UTC, Monday to Friday 09:00-17:00, is used.";
/// In the order of their numbers, 1 to 7.
pub const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// Whose hours or holiday: exactly one of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Whose {
    Workspace,
    Team(i64),
    Person(i64),
}

impl Whose {
    /// What the record calls it: a kind of thing, and which one.
    pub fn subject(self) -> (&'static str, Option<i64>) {
        match self {
            Whose::Workspace => ("workspace", None),
            Whose::Team(id) => ("team", Some(id)),
            Whose::Person(id) => ("person", Some(id)),
        }
    }
}

/// The calendars of the workspace, read at once; [`Calendars::of_person`] builds one.
pub struct Calendars {
    zone: Zone,
    /// Whether the workspace has set neither zone nor hours, and so has the default ones.
    pub is_default: bool,
    hours: HashMap<Whose, Weeks>,
    zones: ZoneBook,
    memberships: HashMap<i64, Vec<Membership>>,
    holidays: HashMap<NaiveDate, Vec<Whose>>,
    /// Who has a holiday of their own.
    with_holidays: HashSet<i64>,
    time_off: HashMap<i64, Vec<store::TimeOff>>,
}

impl Keep for Calendars {
    fn load(conn: &mut Conn) -> Result<Calendars> {
        let workspace = people::store::workspace(conn)?;
        let hours = Weeks::load(conn)?;
        let zone = workspace.time_zone.as_deref().and_then(Zone::named);
        let mut calendars = Calendars {
            is_default: zone.is_none() && !hours.contains_key(&Whose::Workspace),
            zone: zone.unwrap_or_else(Zone::utc),
            hours,
            zones: ZoneBook::load(conn)?,
            memberships: HashMap::new(),
            holidays: HashMap::new(),
            with_holidays: HashSet::new(),
            time_off: HashMap::new(),
        };
        for membership in people::store::memberships(conn)? {
            calendars
                .memberships
                .entry(membership.person_id)
                .or_default()
                .push(membership);
        }
        for (day, whose) in store::holiday_days(conn)? {
            calendars.holidays.entry(day).or_default().push(whose);
            if let Whose::Person(id) = whose {
                calendars.with_holidays.insert(id);
            }
        }
        for off in store::time_off(conn, None)? {
            calendars
                .time_off
                .entry(off.person_id)
                .or_default()
                .push(off);
        }
        Ok(calendars)
    }
}

/// A team, the first day in it, and the first day no longer in it.
type Stay = (i64, NaiveDate, Option<NaiveDate>);

impl Calendars {
    /// Whether the workspace has hours of its own, and not the default ones.
    pub fn has_workspace_hours(&self) -> bool {
        let theirs = self.weeks(Whose::Workspace);
        theirs.iter().any(|week| week.hours.is_some())
    }

    /// The workspace's zone.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// A person's zone at an instant: their own, else their team's, else the workspace's.
    pub fn zone_at(&self, person_id: i64, at: Instant) -> Zone {
        self.zones_of(person_id).at(at).clone()
    }

    /// A person's zone on a day: their own of that day, else their team's, else the workspace's.
    fn zone_on(&self, person_id: i64, day: NaiveDate) -> &Zone {
        // Between and after memberships that of the last one holds, before them that of the first.
        let memberships = self.memberships(person_id);
        let begun = memberships.partition_point(|m| m.from_day <= day).max(1);
        let last = || memberships.get(begun - 1).map(|m| m.team_id);
        let team = self.team_on(person_id, day).or_else(last);
        let own = self.zones.on(Whose::Person(person_id), day);
        own.or_else(|| self.zones.on(Whose::Team(team?), day))
            .or_else(|| self.zones.on(Whose::Workspace, day))
            .unwrap_or(&self.zone)
    }

    /// The zones that a person lives in, one after the other: who moves keeps the days that they had.
    pub fn zones_of(&self, person_id: i64) -> Zones {
        let memberships = self.memberships(person_id);
        let teams = memberships.iter().flat_map(|m| {
            let of_team = self.zones.changes(Whose::Team(m.team_id));
            of_team.chain([m.from_day]).chain(m.until_day)
        });
        let own = self.zones.changes(Whose::Person(person_id));
        let changes = own
            .chain(self.zones.changes(Whose::Workspace))
            .chain(teams)
            .map(|day| (day, self.zone_on(person_id, day).clone()));
        Zones::new(
            self.zone_on(person_id, NaiveDate::MIN).clone(),
            changes.collect(),
        )
    }

    /// A person's local day of an instant, by the zone that they were in.
    pub fn day_at(&self, person_id: i64, at: Instant) -> NaiveDate {
        self.zones_of(person_id).day_of(at)
    }

    /// The workspace's zones, one after the other.
    fn shared_zones(&self) -> Zones {
        let on = |day| self.zones.on(Whose::Workspace, day).unwrap_or(&self.zone);
        let changes = self.zones.changes(Whose::Workspace);
        let changes = changes.map(|day| (day, on(day).clone())).collect();
        Zones::new(on(NaiveDate::MIN).clone(), changes)
    }

    /// The weeks of hours of somebody.
    pub fn weeks(&self, whose: Whose) -> &[Week] {
        self.hours.get(&whose).map_or(&[], Weeks::all)
    }

    pub fn memberships(&self, person_id: i64) -> &[Membership] {
        self.memberships.get(&person_id).map_or(&[], Vec::as_slice)
    }

    /// The team a person belongs to on a day.
    pub fn team_on(&self, person_id: i64, day: NaiveDate) -> Option<i64> {
        people::team_on(self.memberships(person_id), day)
    }

    /// What a day is for a person: their own hours, else their team's of that day, else the workspace's,
    /// less holidays and time off.
    pub fn day_of(&self, person_id: i64, day: NaiveDate) -> Day<'_> {
        let team = self.team_on(person_id, day);
        let own = self.own_hours(Whose::Person(person_id), day);
        let week = own.or_else(|| self.own_hours(Whose::Team(team?), day));
        let off = if self.is_holiday(day, team, Some(person_id)) {
            Off::Full
        } else {
            self.off_on(person_id, day)
        };
        Day {
            blocks: self.blocks(week, day),
            off,
        }
    }

    /// The fractions of a person's day, as targets know them.
    pub fn share_of(&self, person_id: i64, day: NaiveDate) -> DayShare {
        let day = self.day_of(person_id, day);
        DayShare {
            fraction: day.fraction(),
            scheduled: day.scheduled(),
        }
    }

    /// A person's time off, in the order in which it begins.
    pub fn time_off(&self, person_id: i64) -> &[store::TimeOff] {
        self.time_off.get(&person_id).map_or(&[], Vec::as_slice)
    }

    fn off_on(&self, person_id: i64, day: NaiveDate) -> Off {
        let mut parts = self
            .time_off(person_id)
            .iter()
            .filter(|off| off.from_day <= day && day <= off.to_day)
            .map(|off| off.part);
        let Some(first) = parts.next() else {
            return Off::No;
        };
        // A morning and an afternoon off make a whole day off.
        if parts.all(|part| part == first) {
            first.off()
        } else {
            Off::Full
        }
    }

    /// Whether a day is a holiday of everybody, of a team or of a person.
    fn is_holiday(&self, day: NaiveDate, team: Option<i64>, person: Option<i64>) -> bool {
        let holidays = self.holidays.get(&day).map_or(&[][..], Vec::as_slice);
        holidays.iter().any(|whose| match whose {
            Whose::Workspace => true,
            Whose::Team(id) => team == Some(*id),
            Whose::Person(id) => person == Some(*id),
        })
    }

    fn own_hours(&self, whose: Whose, day: NaiveDate) -> Option<&WeekHours> {
        self.hours.get(&whose)?.hours(day)
    }

    fn blocks<'a>(&'a self, week: Option<&'a WeekHours>, day: NaiveDate) -> &'a [Block] {
        static NINE_TO_FIVE: std::sync::LazyLock<WeekHours> =
            std::sync::LazyLock::new(WeekHours::nine_to_five);
        week.or_else(|| self.own_hours(Whose::Workspace, day))
            .unwrap_or(&NINE_TO_FIVE)
            .on(day.weekday())
    }

    /// A person's calendar over the days from `from` to `to`, both included.
    pub fn of_person(&self, person_id: i64, from: NaiveDate, to: NaiveDate) -> WorkCalendar {
        WorkCalendar::new(self.zones_of(person_id), from, to, |day| {
            self.day_of(person_id, day)
        })
    }

    /// The calendars of several people. Those with nothing of their own, who were in the same teams, share one.
    pub fn of_people(
        &self,
        people: &[i64],
        from: NaiveDate,
        to: NaiveDate,
    ) -> HashMap<i64, Arc<WorkCalendar>> {
        let mut shared: HashMap<Vec<Stay>, Arc<WorkCalendar>> = HashMap::new();
        let mut all = HashMap::new();
        for id in people {
            let make = || Arc::new(self.of_person(*id, from, to));
            let calendar = match self.has_own(*id) {
                true => make(),
                false => shared.entry(self.stays(*id)).or_insert_with(make).clone(),
            };
            all.insert(*id, calendar);
        }
        all
    }

    /// Whether somebody has hours, a holiday, time off or a zone of their own, now or ever.
    fn has_own(&self, person_id: i64) -> bool {
        let whose = Whose::Person(person_id);
        !self.weeks(whose).is_empty()
            || self.with_holidays.contains(&person_id)
            || !self.time_off(person_id).is_empty()
            || self.zones.now(whose).is_some()
            || self.zones.changes(whose).next().is_some()
    }

    /// Which teams somebody was in when.
    fn stays(&self, person_id: i64) -> Vec<Stay> {
        let memberships = self.memberships(person_id).iter();
        let stays = memberships.map(|m| (m.team_id, m.from_day, m.until_day));
        stays.collect()
    }

    /// The workspace's calendar: for leads that nobody owns.
    pub fn of_workspace(&self, from: NaiveDate, to: NaiveDate) -> WorkCalendar {
        WorkCalendar::new(self.shared_zones(), from, to, |day| Day {
            blocks: self.blocks(None, day),
            off: if self.is_holiday(day, None, None) {
                Off::Full
            } else {
                Off::No
            },
        })
    }
}

/// 1 is Monday, 7 Sunday.
fn weekday(number: i32) -> Weekday {
    Weekday::try_from((number - 1).clamp(0, 6) as u8).unwrap_or(Weekday::Mon)
}
