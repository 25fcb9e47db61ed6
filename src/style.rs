//! How a workspace writes numbers and days: one way on every page.
//!
//! It is set around each request, as the zone of a reader would be asked for at every one of a hundred places otherwise
//! (see docs/decisions). Files and JSON are for programs and never follow it.

use crate::rules::stage::Stage;
use chrono::NaiveDate;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

crate::words! {
    /// How numbers are written; each word is a sample.
    pub enum NumberStyle {
        CommaPoint = "1,234.5",
        PointComma = "1.234,5",
        SpaceComma = "1 234,5",
    }
}

crate::words! {
    /// How days are written; each word is a sample.
    pub enum DayStyle {
        DayMonth = "21 Nov 2026",
        Dots = "21.11.2026",
        MonthDay = "Nov 21, 2026",
        Iso = "2026-11-21",
    }
}

impl NumberStyle {
    /// What stands between thousands, and before the decimals.
    fn marks(self) -> (char, char) {
        match self {
            NumberStyle::CommaPoint => (',', '.'),
            NumberStyle::PointComma => ('.', ','),
            // A space at which no line breaks.
            NumberStyle::SpaceComma => ('\u{a0}', ','),
        }
    }
}

/// A workspace's way to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    pub number: NumberStyle,
    pub day: DayStyle,
}

impl Style {
    pub const USUAL: Style = Style {
        number: NumberStyle::CommaPoint,
        day: DayStyle::DayMonth,
    };
}

thread_local! {
    static HERE: Cell<Style> = const { Cell::new(Style::USUAL) };
    static STAGES: RefCell<Arc<StageNames>> = RefCell::default();
}

/// What a workspace calls the stages of a lead, where it is not as usual.
#[derive(Debug, Default)]
pub struct StageNames(Vec<(Stage, &'static str)>);

/// Names are as lasting as the usual ones, so that pages need not know which they show. An admin renames stages a few times,
/// and each name is kept once.
static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

impl StageNames {
    pub fn new(names: Vec<(Stage, String)>) -> StageNames {
        let mut known = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lasting = |name: String| match known.get(name.as_str()) {
            Some(name) => *name,
            None => {
                let name: &'static str = name.leak();
                known.insert(name);
                name
            }
        };
        StageNames(names.into_iter().map(|(s, n)| (s, lasting(n))).collect())
    }
}

/// Says what stages are called while this thread answers a request: the next request says it anew.
pub fn call_stages(names: &Arc<StageNames>) {
    STAGES.set(names.clone());
}

/// A stage as the workspace calls it.
pub fn stage(stage: Stage) -> &'static str {
    STAGES.with_borrow(|names| {
        let own = names.0.iter().find(|(known, _)| *known == stage);
        own.map_or(stage.label(), |(_, name)| name)
    })
}

/// Runs what answers one request, in the style of its workspace.
pub fn within<T>(style: Style, work: impl FnOnce() -> T) -> T {
    /// Sets the style back also when the work panics.
    struct Back(Style);
    impl Drop for Back {
        fn drop(&mut self) {
            HERE.set(self.0);
        }
    }
    let _back = Back(HERE.replace(style));
    work()
}

/// A whole number: `1,234`.
pub fn count(value: impl Into<i128>) -> String {
    number(&value.into().to_string())
}

/// A value with so many decimals: `1,234.50`.
pub fn decimal(value: f64, decimals: usize) -> String {
    // Adding zero makes the minus zero of an empty sum a plain one.
    number(&format!("{:.decimals$}", value + 0.0))
}

/// A chance that nothing but chance is at work: "p = 0.003".
pub fn chance(p: f64) -> String {
    match p {
        p if p < 0.001 => "p < 0.001".to_owned(),
        p if p < 0.1 => format!("p = {}", decimal(p, 3)),
        p => format!("p = {}", decimal(p, 2)),
    }
}

/// A number as programs write it (`-1234.5`), with the workspace's marks.
pub fn number(plain: &str) -> String {
    let (group, point) = HERE.get().number.marks();
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", plain),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let mut text = sign.to_owned();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    if !part.is_empty() {
        text.push(point);
        text.push_str(part);
    }
    text
}

/// What somebody typed as a number, as programs write it: the workspace's marks between thousands are left out.
pub fn plain(typed: &str) -> String {
    let (group, point) = HERE.get().number.marks();
    let (whole, part) = match typed.rsplit_once(point) {
        Some((whole, part)) => (whole, Some(part)),
        // A point is read as one, unless it stands where thousands are parted.
        None => match typed.rsplit_once('.') {
            Some((whole, part)) if part.len() != 3 || group != '.' => (whole, Some(part)),
            _ => (typed, None),
        },
    };
    let groups: Vec<&str> = whole.split([group, ' ', '\u{a0}']).collect();
    // Only threes are thousands: `1,50` is not a hundred and fifty.
    let is_parted = groups.len() > 1;
    let are_threes = groups.iter().skip(1).all(|digits| digits.len() == 3);
    if is_parted && !are_threes {
        return typed.to_owned();
    }
    match part {
        Some(part) => format!("{}.{part}", groups.concat()),
        None => groups.concat(),
    }
}

/// `21 Nov 2026`.
pub fn day(day: NaiveDate) -> String {
    let format = match HERE.get().day {
        DayStyle::DayMonth => "%-d %b %Y",
        DayStyle::Dots => "%-d.%-m.%Y",
        DayStyle::MonthDay => "%b %-d, %Y",
        DayStyle::Iso => "%Y-%m-%d",
    };
    day.format(format).to_string()
}

/// The day without its year, where the year is this one: `21 Nov`.
pub fn short_day(day: NaiveDate) -> String {
    let format = match HERE.get().day {
        DayStyle::DayMonth => "%-d %b",
        DayStyle::Dots => "%-d.%-m.",
        DayStyle::MonthDay => "%b %-d",
        DayStyle::Iso => "%Y-%m-%d",
    };
    day.format(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn as_is(number: NumberStyle, day: DayStyle) -> Style {
        Style { number, day }
    }

    #[test]
    fn a_number_is_parted_by_thousands_as_the_workspace_does() {
        let written = |style| {
            within(as_is(style, DayStyle::DayMonth), || {
                [
                    count(0),
                    count(999),
                    count(1_000),
                    count(-1_234_567),
                    decimal(1_234.5, 2),
                    decimal(-0.0, 1),
                ]
            })
        };
        let commas = ["0", "999", "1,000", "-1,234,567", "1,234.50", "0.0"];
        assert_eq!(written(NumberStyle::CommaPoint), commas);
        let points = ["0", "999", "1.000", "-1.234.567", "1.234,50", "0,0"];
        assert_eq!(written(NumberStyle::PointComma), points);
        assert_eq!(written(NumberStyle::SpaceComma)[3], "-1\u{a0}234\u{a0}567");
    }

    #[test]
    fn what_is_typed_is_read_as_the_workspace_writes_it() {
        let read = |style, typed: &str| within(as_is(style, DayStyle::DayMonth), || plain(typed));
        for (typed, meant) in [("1,200.50", "1200.50"), ("1200.5", "1200.5"), ("12", "12")] {
            assert_eq!(read(NumberStyle::CommaPoint, typed), meant);
        }
        for (typed, meant) in [
            ("1.200,50", "1200.50"),
            ("1200,5", "1200.5"),
            ("1.200", "1200"),
            ("12.5", "12.5"),
        ] {
            assert_eq!(read(NumberStyle::PointComma, typed), meant, "{typed}");
        }
        assert_eq!(read(NumberStyle::SpaceComma, "1 200,50"), "1200.50");
        // Nobody's thousands: it stays as it is, and the field says what it expects.
        assert_eq!(read(NumberStyle::CommaPoint, "1,50"), "1,50");
        assert_eq!(read(NumberStyle::CommaPoint, "abc"), "abc");
    }

    #[test]
    fn a_day_is_written_as_the_workspace_does_and_the_style_ends_with_the_request() {
        let date = NaiveDate::from_ymd_opt(2026, 3, 4).expect("a day");
        let written = |style| {
            within(as_is(NumberStyle::CommaPoint, style), || {
                (day(date), short_day(date))
            })
        };
        let pair = |long: &str, short: &str| (long.to_owned(), short.to_owned());
        assert_eq!(written(DayStyle::Dots), pair("4.3.2026", "4.3."));
        assert_eq!(written(DayStyle::MonthDay), pair("Mar 4, 2026", "Mar 4"));
        assert_eq!(written(DayStyle::Iso), pair("2026-03-04", "2026-03-04"));
        assert_eq!(day(date), "4 Mar 2026");
    }
}
