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
        zone.iana_name().filter(|name| is_place(name))?;
        Some(Zone(zone))
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
            .filter(|name| is_place(name))
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

/// The zones of somebody who may move: each holds from its first day on, which begins at midnight by its own clock.
#[derive(Debug, Clone)]
pub struct Zones {
    first: Zone,
    /// In order of their first days.
    later: Vec<(NaiveDate, Zone)>,
}

impl Zones {
    /// `later` zones may come in any order, and again and again the same.
    pub fn new(first: Zone, mut later: Vec<(NaiveDate, Zone)>) -> Zones {
        later.sort_by_key(|(day, _)| *day);
        later.dedup_by(|next, before| next.1.name() == before.1.name());
        if later
            .first()
            .is_some_and(|(_, zone)| zone.name() == first.name())
        {
            later.remove(0);
        }
        Zones { first, later }
    }

    /// The zone in which the hours of a day are read.
    pub fn on(&self, day: NaiveDate) -> &Zone {
        let begun = self.later.partition_point(|(from, _)| *from <= day);
        self.later[..begun]
            .last()
            .map_or(&self.first, |(_, zone)| zone)
    }

    /// The zone that holds at an instant.
    pub fn at(&self, at: Instant) -> &Zone {
        let begun = |(from, zone): &&(NaiveDate, Zone)| zone.midnight(*from) <= at;
        let last = self.later.iter().rev().find(begun);
        last.map_or(&self.first, |(_, zone)| zone)
    }

    /// The local day of an instant.
    pub fn day_of(&self, at: Instant) -> NaiveDate {
        self.at(at).day_of(at)
    }

    /// The instant when a local day begins.
    pub fn midnight(&self, day: NaiveDate) -> Instant {
        self.on(day).midnight(day)
    }
}

impl From<&Zone> for Zones {
    fn from(zone: &Zone) -> Zones {
        Zones::new(zone.clone(), Vec::new())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

/// The database also names the zone of a machine that nobody has set up.
fn is_place(name: &str) -> bool {
    name != "Factory" && name != "Etc/Unknown"
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

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::named(name).unwrap()
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_zone_is_found_in_any_case_and_keeps_its_proper_name() {
        assert_eq!(zone(" europe/BERLIN ").name(), "Europe/Berlin");
        assert_eq!(zone("utc"), Zone::utc());
    }

    #[test]
    fn a_name_that_is_no_place_is_refused() {
        for name in [
            "",
            "local",
            "Factory",
            "Etc/Unknown",
            "Europe/Atlantis",
            "EST5EDT,M3.2.0",
        ] {
            assert_eq!(Zone::named(name), None, "{name}");
        }
    }

    #[test]
    fn every_offered_name_is_a_zone() {
        let names = Zone::all_names();
        assert!(names.is_sorted() && names.len() > 400);
        for name in names {
            assert_eq!(zone(&name).name(), name);
        }
    }

    #[test]
    fn a_touch_near_midnight_belongs_to_the_local_day() {
        let at = Instant::parse("2026-03-04T23:30:00Z").unwrap();
        assert_eq!(zone("Europe/Berlin").day_of(at), date("2026-03-05"));
        assert_eq!(zone("America/New_York").day_of(at), date("2026-03-04"));
    }

    #[test]
    fn a_skipped_time_moves_on_and_of_a_repeated_time_the_first_is_meant() {
        let berlin = zone("Europe/Berlin");
        let at = |day, minute| berlin.instant(date(day), minute).to_string();
        assert_eq!(at("2026-03-29", 150), "2026-03-29T01:30:00Z");
        assert_eq!(at("2026-10-25", 150), "2026-10-25T00:30:00Z");
        assert_eq!(at("2026-10-25", 1440), "2026-10-25T23:00:00Z");
    }

    #[test]
    fn a_day_that_begins_at_one_o_clock_begins_then() {
        let cairo = zone("Africa/Cairo");
        let begins = cairo.midnight(date("2026-04-24"));
        assert_eq!(begins.to_string(), "2026-04-23T22:00:00Z");
        assert_eq!(cairo.local(begins).to_string(), "2026-04-24 01:00:00");
    }

    #[test]
    fn who_moves_keeps_the_days_that_they_had() {
        let zones = Zones::new(
            zone("America/Los_Angeles"),
            vec![(date("2026-03-05"), zone("Asia/Tokyo"))],
        );
        let day = |text| zones.day_of(Instant::parse(text).unwrap()).to_string();
        assert_eq!(zones.on(date("2026-03-04")).name(), "America/Los_Angeles");
        assert_eq!(zones.on(date("2026-03-05")).name(), "Asia/Tokyo");
        assert_eq!(day("2026-03-04T07:59:59Z"), "2026-03-03");
        assert_eq!(day("2026-03-04T14:59:59Z"), "2026-03-04");
        assert_eq!(day("2026-03-04T15:00:00Z"), "2026-03-05");
    }

    #[test]
    fn short_names_follow_the_season() {
        let at = |text| Instant::parse(text).unwrap();
        let berlin = zone("Europe/Berlin");
        assert_eq!(berlin.short_name(at("2026-01-01T00:00:00Z")), "CET");
        assert_eq!(berlin.short_name(at("2026-07-01T00:00:00Z")), "CEST");
        assert_eq!(
            zone("Europe/Istanbul").short_name(at("2026-07-01T00:00:00Z")),
            "+03"
        );
    }

    #[test]
    fn no_instant_and_no_date_is_too_far_away() {
        for zone in [zone("Pacific/Apia"), zone("America/Adak"), Zone::utc()] {
            for micros in [i64::MIN, -1, i64::MAX] {
                let day = zone.day_of(Instant(micros));
                assert_eq!(zone.day_of(zone.midnight(day)), day);
                zone.short_name(Instant(micros));
            }
            for day in [NaiveDate::MIN, NaiveDate::MAX] {
                assert!(zone.midnight(day) <= zone.instant(day, u16::MAX));
            }
        }
    }
}
