//! Working time across changes of owner (section 2.2).

use super::workday::WorkCalendar;
use crate::value::Instant;

/// Whose working time counts when: the calendar of each span holds from its instant until the
/// next one's, the first also before its instant and the last without end.
#[derive(Debug, Clone)]
pub struct Ownership<'a>(Vec<(Instant, &'a WorkCalendar)>);

impl<'a> Ownership<'a> {
    /// One calendar at all times.
    pub fn always(calendar: &'a WorkCalendar) -> Ownership<'a> {
        Ownership(vec![(Instant(i64::MIN), calendar)])
    }

    /// A first calendar, and the changes after it in any order; of two changes at one instant the
    /// later one in the list holds.
    pub fn new(
        first: &'a WorkCalendar,
        changes: impl IntoIterator<Item = (Instant, &'a WorkCalendar)>,
    ) -> Ownership<'a> {
        let mut ownership = Ownership::always(first);
        ownership.0.extend(changes);
        ownership.0[1..].sort_by_key(|(from, _)| *from);
        ownership
    }

    /// The calendar that holds at an instant.
    pub fn at(&self, at: Instant) -> &'a WorkCalendar {
        let begun = self.0.partition_point(|(from, _)| *from <= at);
        self.0[begun.saturating_sub(1)].1
    }

    /// Each span cut to [from, to), in order: its ends and its calendar.
    fn spans(
        &self,
        from: Instant,
        to: Instant,
    ) -> impl Iterator<Item = (Instant, Instant, &'a WorkCalendar)> {
        let ends = self.0[1..].iter().map(|(next, _)| *next);
        self.0
            .iter()
            .zip(ends.chain([Instant(i64::MAX)]))
            .map(move |((start, calendar), end)| (from.max(*start), to.min(end), *calendar))
            .filter(|(start, end, _)| start < end)
    }

    /// Working microseconds in [from, to), each part by the calendar that holds then.
    pub fn working_us(&self, from: Instant, to: Instant) -> i64 {
        self.spans(from, to)
            .map(|(start, end, calendar)| calendar.working_us(start, end))
            .sum()
    }

    /// As [`WorkCalendar::due`], across the changes.
    pub fn due(&self, from: Instant, working_us: i64) -> Option<Instant> {
        let mut left_us = working_us;
        for (start, end, calendar) in self.spans(from, Instant(i64::MAX)) {
            let span_us = calendar.working_us(start, end);
            if left_us <= span_us {
                return calendar.due(start, left_us);
            }
            left_us -= span_us;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{
        workday::{Block, Day, Off},
        zone::Zone,
    };

    const HOUR_US: i64 = 3_600_000_000;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    /// The same hours on each day of March 2026.
    fn daily(opens_min: u16, closes_min: u16) -> WorkCalendar {
        let date = |text: &str| text.parse().unwrap();
        let blocks = [Block {
            opens_min,
            closes_min,
        }];
        WorkCalendar::new(&Zone::utc(), date("2026-03-01"), date("2026-03-31"), |_| {
            Day {
                blocks: &blocks,
                off: Off::No,
            }
        })
    }

    #[test]
    fn each_owner_counts_by_their_own_calendar_from_the_hand_over_on() {
        let early = daily(360, 720);
        let late = daily(720, 1080);
        let noon_to_six = at("2026-03-04T12:00:00Z");
        let owners = Ownership::new(
            &early,
            [
                (at("2026-03-05T09:00:00Z"), &early),
                (at("2026-03-04T09:00:00Z"), &late),
            ],
        );
        let start = at("2026-03-04T06:00:00Z");
        assert_eq!(
            owners.working_us(start, at("2026-03-04T18:00:00Z")),
            9 * HOUR_US
        );
        assert_eq!(
            owners.due(start, 4 * HOUR_US),
            Some(at("2026-03-04T13:00:00Z"))
        );
        assert_eq!(
            owners.due(start, 10 * HOUR_US),
            Some(at("2026-03-05T10:00:00Z"))
        );
        assert!(std::ptr::eq(owners.at(noon_to_six), &late));
        assert!(std::ptr::eq(owners.at(start), &early));
    }
}
