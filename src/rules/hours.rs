//! Opening hours: blocks of a day, their weekly pattern, and what of a day is off (section 2.2).

use super::zone::Zone;
use chrono::{NaiveDate, Weekday};
use std::fmt;

const MINUTES_PER_DAY: u16 = 1440;

/// Opening hours within one local day, in minutes after midnight: open at `opens_min`, closed at
/// `closes_min`, which may be 1440 (the next midnight).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Block {
    pub opens_min: u16,
    pub closes_min: u16,
}

/// The weekly pattern: the blocks of each weekday, in order, never overlapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekHours([Vec<Block>; 7]);

/// Why hours make no weekly pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoursError {
    /// Opens at or after it closes, or closes after 24:00.
    Impossible(Weekday, Block),
    Overlap(Weekday, Block, Block),
}

impl WeekHours {
    /// Checks and sorts blocks given in any order. A weekday without a block is not worked.
    pub fn new(
        blocks: impl IntoIterator<Item = (Weekday, Block)>,
    ) -> Result<WeekHours, HoursError> {
        let mut week: [Vec<Block>; 7] = Default::default();
        for (weekday, block) in blocks {
            if block.opens_min >= block.closes_min || block.closes_min > MINUTES_PER_DAY {
                return Err(HoursError::Impossible(weekday, block));
            }
            week[weekday.num_days_from_monday() as usize].push(block);
        }
        for (blocks, weekday) in week.iter_mut().zip(weekdays()) {
            blocks.sort_unstable();
            for pair in blocks.windows(2) {
                if pair[1].opens_min < pair[0].closes_min {
                    return Err(HoursError::Overlap(weekday, pair[0], pair[1]));
                }
            }
        }
        Ok(WeekHours(week))
    }

    /// Monday to Friday 09:00 to 17:00: the hours of a workspace that has set none.
    pub fn nine_to_five() -> WeekHours {
        let block = Block {
            opens_min: 9 * 60,
            closes_min: 17 * 60,
        };
        let mut week: [Vec<Block>; 7] = Default::default();
        week[..5].fill(vec![block]);
        WeekHours(week)
    }

    pub fn on(&self, weekday: Weekday) -> &[Block] {
        &self.0[weekday.num_days_from_monday() as usize]
    }
}

fn weekdays() -> impl Iterator<Item = Weekday> {
    std::iter::successors(Some(Weekday::Mon), |day| Some(day.succ()))
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (opens, closes) = (self.opens_min, self.closes_min);
        write!(
            f,
            "{:02}:{:02}-{:02}:{:02}",
            opens / 60,
            opens % 60,
            closes / 60,
            closes % 60
        )
    }
}

impl fmt::Display for HoursError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HoursError::Impossible(weekday, block) => write!(
                f,
                "{weekday} {block}: hours must open before they close, and close by 24:00"
            ),
            HoursError::Overlap(weekday, first, second) => {
                write!(f, "{weekday} {first} and {second} overlap")
            }
        }
    }
}

impl std::error::Error for HoursError {}

/// How much of a day is off: a holiday or time off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Off {
    #[default]
    No,
    /// The first half of the day's working seconds.
    Morning,
    /// The second half of the day's working seconds.
    Afternoon,
    Full,
}

/// One local day of somebody: the hours of the weekly pattern (or those that replace them on this
/// date), and what of it is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Day<'a> {
    pub blocks: &'a [Block],
    pub off: Off,
}

impl Day<'_> {
    /// f(d): the share of this day that is expected to be worked, 0, 0.5 or 1.
    pub fn fraction(&self) -> f64 {
        match self.off {
            _ if self.blocks.is_empty() => 0.0,
            Off::No => 1.0,
            Off::Morning | Off::Afternoon => 0.5,
            Off::Full => 0.0,
        }
    }

    /// The fraction before holidays and time off.
    pub fn scheduled(&self) -> f64 {
        if self.blocks.is_empty() { 0.0 } else { 1.0 }
    }

    /// The working intervals of this day in microseconds, in order and disjoint.
    pub(super) fn intervals(&self, zone: &Zone, date: NaiveDate) -> Vec<Interval> {
        if self.off == Off::Full {
            return Vec::new();
        }
        let mut whole: Vec<Interval> = Vec::with_capacity(self.blocks.len());
        for block in self.blocks {
            let start = zone.instant(date, block.opens_min).0;
            let end = zone.instant(date, block.closes_min).0;
            // A time that the clocks skip moves on, possibly into the block after it.
            let start = whole.last().map_or(start, |last| start.max(last.end));
            if start < end {
                whole.push(Interval { start, end });
            }
        }
        let total: i64 = whole.iter().map(Interval::length).sum();
        match self.off {
            Off::Morning => slice(&whole, total / 2, total),
            Off::Afternoon => slice(&whole, 0, total / 2),
            _ => whole,
        }
    }
}

/// From `start` to before `end`, in microseconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(super) struct Interval {
    pub(super) start: i64,
    pub(super) end: i64,
}

impl Interval {
    pub(super) fn length(&self) -> i64 {
        self.end - self.start
    }
}

/// The part of `intervals` between `from` and `to` microseconds of their own working time.
fn slice(intervals: &[Interval], from: i64, to: i64) -> Vec<Interval> {
    let mut gone = 0;
    let mut part = Vec::new();
    for interval in intervals {
        let start = interval.start + (from - gone).max(0);
        let end = interval.start + (to - gone).min(interval.length());
        if start < end {
            part.push(Interval { start, end });
        }
        gone += interval.length();
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(opens_min: u16, closes_min: u16) -> Block {
        Block {
            opens_min,
            closes_min,
        }
    }

    #[test]
    fn blocks_given_in_any_order_are_kept_in_order() {
        let week = WeekHours::new([
            (Weekday::Sun, block(780, 1440)),
            (Weekday::Sun, block(0, 720)),
        ]);
        let week = week.unwrap();
        assert_eq!(week.on(Weekday::Sun), [block(0, 720), block(780, 1440)]);
        assert!(week.on(Weekday::Mon).is_empty());
    }

    #[test]
    fn blocks_may_touch_but_not_overlap() {
        let week =
            |second| WeekHours::new([(Weekday::Tue, block(540, 720)), (Weekday::Tue, second)]);
        assert!(week(block(720, 1020)).is_ok());
        assert_eq!(
            week(block(719, 1020)).unwrap_err().to_string(),
            "Tue 09:00-12:00 and 11:59-17:00 overlap"
        );
    }

    #[test]
    fn hours_that_cannot_be_are_refused_with_the_reason() {
        for (opens, closes) in [(540, 540), (600, 540), (0, 1441)] {
            let error = WeekHours::new([(Weekday::Mon, block(opens, closes))]).unwrap_err();
            assert!(
                error.to_string().contains("open before they close"),
                "{error}"
            );
        }
    }

    #[test]
    fn a_workspace_without_hours_works_nine_to_five_on_weekdays() {
        let week = WeekHours::nine_to_five();
        assert_eq!(week.on(Weekday::Fri), [block(540, 1020)]);
        assert!(week.on(Weekday::Sat).is_empty());
    }
}
