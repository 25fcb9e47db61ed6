//! Days as squares: a column for each week, a row for each weekday, Monday on top. What a day was is told by shape.

use chrono::{Datelike, NaiveDate};

/// From one square to the next, and the side of one.
const PITCH: u32 = 14;
const SIDE: u32 = 11;
/// Room for the names of weekdays and months.
const LEFT: u32 = 30;
const TOP: u32 = 18;
/// The name of a month needs so many columns.
const COLUMNS_A_MONTH: u32 = 3;

/// A picture with its words, in units of its own.
#[derive(Debug, Clone, Default)]
pub struct HeatMap {
    pub label: String,
    /// What it shows, for who does not see it.
    pub about: String,
    pub width: u32,
    pub height: u32,
    pub names: Vec<Name>,
    pub squares: Vec<Square>,
}

/// A word at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    pub x: u32,
    pub y: u32,
    pub text: String,
}

/// How a day looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mark {
    /// A full square.
    Full,
    /// A square that is filled from below by a share of 0 to 1, with a line across.
    Part(f64),
    /// An empty square with a line across.
    Crossed,
    /// A dot.
    Dot,
    /// A square of dashes.
    Dashed,
}

/// One day.
#[derive(Debug, Clone)]
pub struct Square {
    pub class: &'static str,
    /// The parts that are filled and those that are drawn; either may be empty.
    pub fill: String,
    pub line: String,
    pub title: String,
}

impl HeatMap {
    /// Draws days, given in order without a gap, each with its mark and its words.
    pub fn new(days: impl IntoIterator<Item = (NaiveDate, Mark, String)>) -> HeatMap {
        let mut map = HeatMap::default();
        let mut column = 0;
        let mut free_from = 0;
        for (day, mark, title) in days {
            let row = day.weekday().num_days_from_monday();
            if row == 0 && !map.squares.is_empty() {
                column += 1;
            }
            if (day.day() == 1 || map.squares.is_empty()) && column >= free_from {
                let x = LEFT + column * PITCH;
                map.name(x, TOP - 6, day.format("%b").to_string());
                free_from = column + COLUMNS_A_MONTH;
            }
            let (x, y) = (LEFT + column * PITCH, TOP + row * PITCH);
            map.squares.push(square(x, y, mark, title));
        }
        for (row, text) in [(0, "Mon"), (2, "Wed"), (4, "Fri")] {
            map.name(0, TOP + row * PITCH + SIDE - 2, text.to_owned());
        }
        map.width = LEFT + (column + 1) * PITCH;
        map.height = TOP + 7 * PITCH;
        map
    }

    fn name(&mut self, x: u32, y: u32, text: String) {
        self.names.push(Name { x, y, text });
    }
}

/// One mark by itself, for the key.
pub fn sample(mark: Mark, title: &str) -> Square {
    square(1, 1, mark, title.to_owned())
}

fn square(x: u32, y: u32, mark: Mark, title: String) -> Square {
    let frame = format!("M{x} {y}h{SIDE}v{SIDE}h-{SIDE}z");
    let across = format!("M{x} {}l{SIDE}-{SIDE}", y + SIDE);
    let (class, fill, line) = match mark {
        Mark::Full => ("day-full", frame, String::new()),
        Mark::Part(share) => {
            let height = (share.clamp(0.0, 1.0) * f64::from(SIDE - 2))
                .round()
                .max(2.0);
            let top = f64::from(y + SIDE) - height;
            let fill = format!("M{x} {top}h{SIDE}v{height}h-{SIDE}z");
            ("day-part", fill, frame + &across)
        }
        Mark::Crossed => ("day-crossed", String::new(), frame + &across),
        Mark::Dot => {
            let (x, y) = (x + SIDE / 2, y + SIDE / 2);
            ("day-dot", format!("M{x} {y}h2v2h-2z"), String::new())
        }
        Mark::Dashed => ("day-dashed", String::new(), frame),
    };
    Square {
        class,
        fill,
        line,
        title,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(first: &str, days: usize) -> HeatMap {
        let first: NaiveDate = first.parse().expect("a day");
        let days = first.iter_days().take(days);
        HeatMap::new(days.map(|day| (day, Mark::Full, day.to_string())))
    }

    #[test]
    fn a_week_is_a_column_and_a_weekday_a_row() {
        let map = map("2026-03-04", 7);
        let places: Vec<&str> = map.squares.iter().map(|s| &s.fill[..6]).collect();
        assert_eq!(
            places,
            [
                "M30 46", "M30 60", "M30 74", "M30 88", "M30 10", "M44 18", "M44 32"
            ]
        );
        assert_eq!((map.width, map.height), (58, 116));
    }

    #[test]
    fn a_month_is_named_where_it_begins_and_there_is_room() {
        let map = map("2027-12-27", 40);
        let months: Vec<(u32, &str)> = map
            .names
            .iter()
            .map(|name| (name.x, name.text.as_str()))
            .collect();
        // January begins in the same week as the picture, in which December is named already.
        assert_eq!(
            months[..2],
            [(30, "Dec"), (100, "Feb")],
            "the rest are weekdays"
        );
    }

    #[test]
    fn a_part_is_never_too_low_to_be_seen() {
        assert_eq!(sample(Mark::Part(0.001), "").fill, "M1 10h11v2h-11z");
        assert_eq!(sample(Mark::Part(1.0), "").fill, "M1 3h11v9h-11z");
    }
}
