//! Where and when the demo plays: half a year that ends now, with everybody's hours.

use super::cast::{CAST, CLARA, DAVID, FARID, FIELD, GRETA, INES, INSIDE, MANAGERS};
use crate::rules::workday::{Block, Day, Off, WorkCalendar};
use crate::rules::zone::Zone;
use crate::value::Instant;
use chrono::{Datelike, Days, NaiveDate, Timelike, Weekday};

/// How long the story is.
const DAYS: u64 = 182;

/// The zone of the workspace, and the other one in which one rep works.
const ZONES: [(&str, &str); 5] = [
    ("Europe/Berlin", "Europe/Lisbon"),
    ("America/New_York", "America/Chicago"),
    ("America/Los_Angeles", "America/Denver"),
    ("Asia/Singapore", "Asia/Tokyo"),
    ("Pacific/Auckland", "Australia/Sydney"),
];

/// Local hours within which there is something to see on Today.
const LIVELY: std::ops::Range<u32> = 11..17;

/// Time off: whose, the first day as days before today, how many days, and which part of them.
const TIME_OFF: [(usize, i64, i64, &str); 9] = [
    (0, 62, 12, "full"),
    (1, 118, 5, "full"),
    (CLARA, 33, 1, "full"),
    (DAVID, 0, 3, "full"),
    (4, 80, 10, "full"),
    (FARID, 47, 5, "full"),
    (GRETA, 12, 1, "afternoon"),
    (7, 96, 12, "full"),
    (MANAGERS[0], 75, 7, "full"),
];
/// Time off that is still to come.
const COMING_OFF: (usize, i64, i64) = (6, 9, 5);

/// Holidays by month and day, for everybody.
const HOLIDAYS: [(u32, u32, &str); 6] = [
    (1, 1, "New Year's Day"),
    (5, 1, "Labour Day"),
    (8, 15, "Summer holiday"),
    (10, 3, "National day"),
    (12, 25, "Christmas Day"),
    (12, 26, "Second Christmas Day"),
];
/// Days before today on which a company day, and a day of one team, fell.
const COMPANY_DAY: u64 = 41;
const TEAM_DAY: u64 = 24;

const fn block(opens_min: u16, closes_min: u16) -> Block {
    Block {
        opens_min,
        closes_min,
    }
}
const INSIDE_DAY: [Block; 2] = [block(540, 750), block(795, 1050)];
const FIELD_DAY: [Block; 2] = [block(510, 720), block(780, 1020)];
const MORNING: [Block; 1] = [block(540, 780)];

/// One day off for everybody, or for one team.
pub struct Holiday {
    pub day: NaiveDate,
    pub name: &'static str,
    pub team: &'static str,
}

/// Days off of one person.
pub struct TimeOff {
    pub who: usize,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub part: &'static str,
}

pub struct Setting {
    pub now: Instant,
    pub today: NaiveDate,
    pub first_day: NaiveDate,
    pub zone: Zone,
    pub other_zone: Zone,
    pub workdays: Vec<Weekday>,
    pub holidays: Vec<Holiday>,
    pub time_off: Vec<TimeOff>,
    /// In the order of the cast.
    pub calendars: Vec<WorkCalendar>,
}

impl Setting {
    pub fn new(now: Instant) -> Setting {
        let (zone, other_zone) = zones(now);
        let today = zone.day_of(now);
        let mut setting = Setting {
            now,
            today,
            first_day: before(today, DAYS),
            zone,
            other_zone,
            workdays: workdays(today.weekday()),
            holidays: holidays(today),
            time_off: time_off(today),
            calendars: Vec::new(),
        };
        setting.calendars = (0..CAST.len()).map(|who| setting.calendar(who)).collect();
        setting
    }

    /// The days of the story, today included.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let today = self.today;
        self.first_day
            .iter_days()
            .take_while(move |day| *day <= today)
    }

    pub fn zone_of(&self, who: usize) -> &Zone {
        if who == INES {
            &self.other_zone
        } else {
            &self.zone
        }
    }

    pub fn works_on(&self, day: NaiveDate) -> bool {
        self.workdays.contains(&day.weekday())
            && !self
                .holidays
                .iter()
                .any(|h| h.day == day && h.team.is_empty())
    }

    fn calendar(&self, who: usize) -> WorkCalendar {
        // Beyond today, because what is planned may lie ahead, and is then left out.
        let last_day = self.today + Days::new(60);
        let zone = self.zone_of(who);
        WorkCalendar::new(zone, before(self.first_day, 7), last_day, |day| {
            let blocks = if self.workdays.contains(&day.weekday()) {
                blocks(who)
            } else {
                &[]
            };
            Day {
                blocks,
                off: self.off(who, day),
            }
        })
    }

    fn off(&self, who: usize, day: NaiveDate) -> Off {
        let is_holiday = |holiday: &Holiday| {
            holiday.day == day && (holiday.team.is_empty() || holiday.team == CAST[who].team)
        };
        if self.holidays.iter().any(is_holiday) {
            return Off::Full;
        }
        let is_off = |off: &&TimeOff| off.who == who && off.from <= day && day <= off.to;
        match self.time_off.iter().find(is_off).map(|off| off.part) {
            None => Off::No,
            Some("afternoon") => Off::Afternoon,
            Some(_) => Off::Full,
        }
    }

    /// The last instant with this much of somebody's working time between it and now.
    pub fn working_ago(&self, who: usize, working_us: i64) -> Instant {
        let calendar = &self.calendars[who];
        let (mut early, mut late) = (calendar.zone().midnight(self.first_day).0, self.now.0);
        while late - early > 1_000_000 {
            let middle = early + (late - early) / 2;
            if calendar.working_us(Instant(middle), self.now) >= working_us {
                early = middle;
            } else {
                late = middle;
            }
        }
        Instant(early)
    }
}

/// What somebody's working days look like.
pub fn blocks(who: usize) -> &'static [Block] {
    match CAST[who].team {
        _ if who == CLARA => &MORNING,
        FIELD => &FIELD_DAY,
        _ => &INSIDE_DAY,
    }
}

/// Of five places on earth the first where it is the middle of the day, so that a demo started at any hour
/// opens on a day with something in it.
fn zones(now: Instant) -> (Zone, Zone) {
    let named = |name: &str| Zone::named(name).unwrap_or_else(Zone::utc);
    let is_lively = |name: &str| LIVELY.contains(&named(name).local(now).hour());
    let place = ZONES.iter().find(|(name, _)| is_lively(name));
    let (zone, other) = place.unwrap_or(&ZONES[0]);
    (named(zone), named(other))
}

/// Five days in a row, Monday to Friday unless today would be off: the same reason.
fn workdays(today: Weekday) -> Vec<Weekday> {
    let first = match today {
        Weekday::Sat => Weekday::Tue,
        Weekday::Sun => Weekday::Wed,
        _ => Weekday::Mon,
    };
    std::iter::successors(Some(first), |day| Some(day.succ()))
        .take(5)
        .collect()
}

fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

fn holidays(today: NaiveDate) -> Vec<Holiday> {
    let everybody = |day, name| Holiday {
        day,
        name,
        team: "",
    };
    let first_day = before(today, DAYS);
    let in_year = |year: i32| {
        HOLIDAYS.iter().filter_map(move |&(month, day, name)| {
            Some(everybody(NaiveDate::from_ymd_opt(year, month, day)?, name))
        })
    };
    let mut holidays: Vec<Holiday> = (first_day.year()..=today.year() + 1)
        .flat_map(in_year)
        .filter(|holiday| holiday.day >= first_day && holiday.day != today)
        .collect();
    let company_day = before(today, COMPANY_DAY);
    if !holidays.iter().any(|holiday| holiday.day == company_day) {
        holidays.push(everybody(company_day, "Company day"));
    }
    holidays.push(Holiday {
        day: before(today, TEAM_DAY),
        name: "Trade fair trip",
        team: INSIDE,
    });
    holidays
}

fn time_off(today: NaiveDate) -> Vec<TimeOff> {
    let past = TIME_OFF.iter().map(|&(who, ago, days, part)| {
        let from = today - chrono::TimeDelta::days(ago);
        TimeOff {
            who,
            from,
            to: from + chrono::TimeDelta::days(days - 1),
            part,
        }
    });
    let (who, ahead, days) = COMING_OFF;
    let from = today + chrono::TimeDelta::days(ahead);
    let coming = TimeOff {
        who,
        from,
        to: from + chrono::TimeDelta::days(days - 1),
        part: "full",
    };
    past.chain(std::iter::once(coming)).collect()
}
