//! Time zones: what the clock on the wall says at an instant, and back. The only user of jiff.

use crate::value::Instant;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use jiff::{
    Timestamp, civil,
    tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase},
};
use std::fmt;

const MICROS_PER_SECOND: i64 = 1_000_000;
/// 0001-01-02 and 9999-12-30, both at 00:00 UTC: a day inside what a calendar of four-digit
/// years can say in every zone. Instants and dates outside are moved to the nearer end.
const EARLIEST_S: i64 = -62_135_510_400;
const LATEST_S: i64 = 253_402_128_000;

/// An IANA time zone.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    pub fn utc() -> Zone {
        Zone(TimeZone::UTC)
    }

    /// The zone of an IANA name in any case (`europe/berlin`); `None` for anything else.
    pub fn named(name: &str) -> Option<Zone> {
        let zone = TimeZoneDatabase::bundled().get(name.trim()).ok()?;
        (zone.iana_name().is_some() && !zone.is_unknown()).then_some(Zone(zone))
    }

    /// The name as IANA spells it: `Europe/Berlin`.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Every name that [`Zone::named`] takes, in order, for a picker.
    pub fn all_names() -> Vec<String> {
        let mut names: Vec<String> = TimeZoneDatabase::bundled()
            .available()
            .map(|name| name.to_string())
            .collect();
        names.sort_unstable();
        names
    }

    /// The local day of an instant.
    pub fn day_of(&self, at: Instant) -> NaiveDate {
        self.local(at).date()
    }

    /// The local date and time of an instant.
    pub fn local(&self, at: Instant) -> NaiveDateTime {
        let at =
            at.0.clamp(EARLIEST_S * MICROS_PER_SECOND, LATEST_S * MICROS_PER_SECOND);
        let offset_s = self.0.to_offset(timestamp(at)).seconds();
        let local = DateTime::from_timestamp_micros(at).unwrap_or_default();
        local.naive_utc() + TimeDelta::seconds(offset_s.into())
    }

    /// The instant `minute` minutes after midnight by the clock on the wall of that local day;
    /// 1440 is the next midnight. See [`Zone::instant_of`].
    pub fn instant(&self, day: NaiveDate, minute: u16) -> Instant {
        let day = within_years(day.and_time(chrono::NaiveTime::MIN));
        self.instant_of(day + TimeDelta::minutes(minute.into()))
    }

    /// The instant when the clocks show this local time. A time that is skipped when the clocks go
    /// forward moves on by the gap; of a time that comes twice the first is meant (RFC 5545).
    pub fn instant_of(&self, local: NaiveDateTime) -> Instant {
        let local = within_years(local);
        let (date, time) = (local.date(), local.time());
        // The casts hold: years are 1 to 9999 and the others are small. Zones change at whole seconds.
        let civil = civil::DateTime::new(
            date.year() as i16,
            date.month() as i8,
            date.day() as i8,
            time.hour() as i8,
            time.minute() as i8,
            time.second() as i8,
            0,
        )
        .unwrap_or_default();
        let offset = match self.0.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. } => before,
        };
        Instant(
            local.and_utc().timestamp_micros() - i64::from(offset.seconds()) * MICROS_PER_SECOND,
        )
    }

    /// The instant when a local day begins.
    pub fn midnight(&self, day: NaiveDate) -> Instant {
        self.instant(day, 0)
    }

    /// The zone's short name at an instant: `CET`, or `+03` where it has none.
    pub fn short_name(&self, at: Instant) -> String {
        let at = timestamp(at.0);
        self.0.to_offset_info(at).abbreviation().to_string()
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

fn timestamp(micros: i64) -> Timestamp {
    let second = micros.div_euclid(MICROS_PER_SECOND);
    Timestamp::from_second(second.clamp(EARLIEST_S, LATEST_S)).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn within_years(local: NaiveDateTime) -> NaiveDateTime {
    let at = |second| {
        DateTime::from_timestamp(second, 0)
            .unwrap_or_default()
            .naive_utc()
    };
    local.clamp(at(EARLIEST_S) - Days::new(1), at(LATEST_S) + Days::new(1))
}
