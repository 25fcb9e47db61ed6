//! The weekdays of a daily target, and what each of them asks (section 1: T(d)).

use chrono::Weekday;
use std::fmt;

/// The most that a target may ask.
pub const AMOUNT_MOST: f64 = 1_000_000.0;

/// The weekdays of a daily target, Monday first. Written `12345` for Monday to Friday; a day that asks another amount
/// than the target's says so: `1234 5=10`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weekdays([Asks; 7]);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Asks {
    Nothing,
    /// The target's amount.
    Usual,
    Own(f64),
}

impl Weekdays {
    pub const ALL: Weekdays = Weekdays([Asks::Usual; 7]);

    /// Reads digits from 1 (Monday) to 7, and then days with amounts of their own; nothing means every day.
    pub fn parse(text: &str) -> Option<Weekdays> {
        let mut words = text.split_whitespace().peekable();
        if words.peek().is_none() {
            return Some(Weekdays::ALL);
        }
        let mut days = [Asks::Nothing; 7];
        for word in words {
            let (digits, asks) = match word.split_once('=') {
                Some((digit, amount)) => (digit, Asks::Own(read_amount(amount)?)),
                None => (word, Asks::Usual),
            };
            for digit in digits.chars() {
                let number = digit.to_digit(10).filter(|n| (1..=7).contains(n))?;
                days[number as usize - 1] = asks;
            }
        }
        Some(Weekdays(days))
    }

    /// The amount and the weekdays of a target that asks these amounts, Monday first; `None` for a day without one.
    /// The largest is the target's own amount.
    pub fn of(amounts: [Option<f64>; 7]) -> (f64, Weekdays) {
        let usual = amounts.iter().flatten().copied().fold(0.0, f64::max);
        let asks = |amount: Option<f64>| match amount {
            None => Asks::Nothing,
            Some(amount) if amount == usual => Asks::Usual,
            Some(amount) => Asks::Own(amount),
        };
        (usual, Weekdays(amounts.map(asks)))
    }

    /// Whether the target is for a weekday.
    pub fn contains(self, weekday: Weekday) -> bool {
        self.0[weekday.num_days_from_monday() as usize] != Asks::Nothing
    }

    /// What a target of this amount asks of a weekday, 0 of one that it is not for.
    pub fn asked(self, weekday: Weekday, amount: f64) -> f64 {
        match self.0[weekday.num_days_from_monday() as usize] {
            Asks::Nothing => 0.0,
            Asks::Usual => amount,
            Asks::Own(own) => own,
        }
    }

    /// The weekdays of each amount that a target of this amount asks, in the order of their first days.
    pub fn groups(self, amount: f64) -> Vec<(f64, Vec<Weekday>)> {
        let mut groups: Vec<(f64, Vec<Weekday>)> = Vec::new();
        for weekday in weekdays().filter(|weekday| self.contains(*weekday)) {
            let asked = self.asked(weekday, amount);
            match groups.iter_mut().find(|(amount, _)| *amount == asked) {
                Some((_, days)) => days.push(weekday),
                None => groups.push((asked, vec![weekday])),
            }
        }
        groups
    }
}

impl fmt::Display for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut gap = "";
        for (asks, number) in self.0.iter().zip(1..) {
            if *asks == Asks::Usual {
                write!(f, "{number}")?;
                gap = " ";
            }
        }
        for (asks, number) in self.0.iter().zip(1..) {
            if let Asks::Own(amount) = asks {
                write!(f, "{gap}{number}={amount}")?;
                gap = " ";
            }
        }
        Ok(())
    }
}

fn weekdays() -> impl Iterator<Item = Weekday> {
    (0..7).filter_map(|number| Weekday::try_from(number).ok())
}

/// An amount that a target may ask; a comma may stand for the point.
pub fn read_amount(text: &str) -> Option<f64> {
    let amount: f64 = text.trim().replace(',', ".").parse().ok()?;
    (0.0..=AMOUNT_MOST).contains(&amount).then_some(amount)
}

/// What people type for a daily target: `20` for every day, or amounts with their days, `20 Mon-Thu, 10 Fri`. An
/// amount without days is for those that no other part names.
pub fn read_daily(text: &str) -> Option<(f64, Weekdays)> {
    let text = text.replace("; ", ", ").replace(" to ", "-");
    let mut amounts = [None; 7];
    let mut others = None;
    for part in text.split(", ") {
        let (amount, days) = part.trim().split_once(' ').unwrap_or((part.trim(), ""));
        let amount = read_amount(amount)?;
        if days.trim().is_empty() && others.replace(amount).is_some() {
            return None;
        }
        for day in days.split_whitespace() {
            for weekday in read_days(day)? {
                let place = &mut amounts[weekday.num_days_from_monday() as usize];
                if place.replace(amount).is_some() {
                    return None;
                }
            }
        }
    }
    Some(Weekdays::of(amounts.map(|amount| amount.or(others))))
}

/// `Fri`, or `Mon-Thu`.
fn read_days(text: &str) -> Option<Vec<Weekday>> {
    let (first, last) = text.split_once(['-', '\u{2013}']).unwrap_or((text, text));
    let (first, last): (Weekday, Weekday) = (first.parse().ok()?, last.parse().ok()?);
    let days = |day: &Weekday| (first as usize..=last as usize).contains(&(*day as usize));
    let days: Vec<Weekday> = weekdays().filter(days).collect();
    (!days.is_empty()).then_some(days)
}

/// What [`read_daily`] reads.
pub fn write_daily(amount: f64, weekdays_of_it: Weekdays) -> String {
    let groups = weekdays_of_it.groups(amount);
    if let [(amount, days)] = groups.as_slice()
        && days.len() == 7
    {
        return amount.to_string();
    }
    let parts = groups.into_iter().map(|(amount, days)| {
        let in_a_row = |a: &Weekday, b: &Weekday| *b as usize == *a as usize + 1;
        let runs = days.chunk_by(in_a_row).map(|run| match run {
            [first, .., last] => format!("{first}-{last}"),
            _ => run.iter().map(Weekday::to_string).collect(),
        });
        format!("{amount} {}", runs.collect::<Vec<_>>().join(" "))
    });
    parts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekdays_are_digits_from_monday() {
        let weekdays = Weekdays::parse("53124").unwrap();
        assert_eq!(weekdays.to_string(), "12345");
        assert!(weekdays.contains(Weekday::Fri) && !weekdays.contains(Weekday::Sat));
        assert_eq!(Weekdays::parse(""), Some(Weekdays::ALL));
        for wrong in ["0", "8", "1-5", "1234 5=", "1234 5=-1", "5=1e9", "x=1"] {
            assert_eq!(Weekdays::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_day_may_ask_an_amount_of_its_own() {
        let weekdays = Weekdays::parse("5=12.5 1234").unwrap();
        assert_eq!(weekdays.to_string(), "1234 5=12.5");
        assert_eq!(weekdays.asked(Weekday::Mon, 20.0), 20.0);
        assert_eq!(weekdays.asked(Weekday::Fri, 20.0), 12.5);
        assert_eq!(weekdays.asked(Weekday::Sat, 20.0), 0.0);
    }

    #[test]
    fn what_people_type_is_read_and_written() {
        for (typed, amount, stored, written) in [
            ("20", 20.0, "1234567", "20"),
            ("0", 0.0, "1234567", "0"),
            ("12,5 Tue Thu", 12.5, "24", "12.5 Tue Thu"),
            (
                "10 fri, 20 monday to thursday",
                20.0,
                "1234 5=10",
                "20 Mon-Thu, 10 Fri",
            ),
            (
                "20; 7,5 Wed",
                20.0,
                "124567 3=7.5",
                "20 Mon-Tue Thu-Sun, 7.5 Wed",
            ),
        ] {
            let (read, weekdays) = read_daily(typed).unwrap();
            assert_eq!((read, weekdays.to_string().as_str()), (amount, stored));
            assert_eq!(write_daily(read, weekdays), written);
            assert_eq!(read_daily(written), Some((read, weekdays)));
        }
    }

    #[test]
    fn what_is_no_amount_for_days_is_not_read() {
        for wrong in [
            "",
            "twenty",
            "20 Someday",
            "20 Fri-Mon",
            "20 Mon, 10 Mon",
            "20, 10",
            "NaN",
            "-1",
            "1000001",
        ] {
            assert_eq!(read_daily(wrong), None, "{wrong}");
        }
    }
}
