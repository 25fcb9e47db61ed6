//! Places on a board, and who has improved.

use std::cmp::Reverse;

pub const RECENT_WEEKS: usize = 4;
pub const EARLIER_WEEKS: usize = 8;
const LEAST_WEEKS: usize = 6;

/// How much better the last four weeks were than the eight before (section 4.2): the difference of the mean
/// attainments, each 0 to 1. Weeks come in their order; a neutral one is `None` and left out. `None` with fewer than
/// six weeks in all.
pub fn improvement(weeks: &[Option<f64>]) -> Option<f64> {
    let attained: Vec<f64> = weeks.iter().copied().flatten().collect();
    if attained.len() < LEAST_WEEKS {
        return None;
    }
    let (before, recent) = attained.split_at(attained.len() - RECENT_WEEKS);
    let earlier = &before[before.len().saturating_sub(EARLIER_WEEKS)..];
    let mean = |weeks: &[f64]| weeks.iter().sum::<f64>() / weeks.len() as f64;
    Some(mean(recent) - mean(earlier))
}

/// On which side of an improvement a week stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Recent,
    Before,
    Neither,
}

/// The side of a week, and why. Weeks come newest first, and `asking` of them, this one too, asked for something so far.
pub fn place_of_week(is_asking: bool, asking: usize) -> (Side, &'static str) {
    match is_asking {
        false => (Side::Neither, "nothing was asked for"),
        true if asking <= RECENT_WEEKS => (Side::Recent, "of the last four"),
        true if asking <= RECENT_WEEKS + EARLIER_WEEKS => (Side::Before, "of the eight before"),
        true => (Side::Neither, "earlier than that"),
    }
}

/// Orders rows from the highest value down, then by name, and gives each its place: ties share a
/// place (1, 2, 2, 4), and a row without a value comes last and has none.
pub fn ranked<T, N: Ord>(
    rows: Vec<T>,
    value: impl Fn(&T) -> Option<f64>,
    name: impl Fn(&T) -> N,
) -> Vec<(Option<usize>, T)> {
    let mut keyed: Vec<(Option<Ordered>, N, T)> = rows
        .into_iter()
        .map(|row| (value(&row).map(Ordered::new), name(&row), row))
        .collect();
    keyed.sort_by(|a, b| (Reverse(a.0), &a.1).cmp(&(Reverse(b.0), &b.1)));

    let mut place = 0;
    let mut last = None;
    keyed
        .into_iter()
        .enumerate()
        .map(|(index, (value, _, row))| {
            if value != last {
                place = index + 1;
                last = value;
            }
            (value.map(|_| place), row)
        })
        .collect()
}

/// A number that sorts: two zeros are one, and what is not a number comes last.
#[derive(Clone, Copy)]
struct Ordered(f64);

impl Ordered {
    fn new(value: f64) -> Ordered {
        match value {
            _ if value.is_nan() => Ordered(f64::NEG_INFINITY),
            _ => Ordered(value + 0.0),
        }
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Ordered) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Ordered) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ordered {
    fn eq(&self, other: &Ordered) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ordered {}

#[cfg(test)]
mod tests {
    use super::*;

    fn board(rows: &[(&'static str, Option<f64>)]) -> Vec<(Option<usize>, &'static str)> {
        let rows = ranked(rows.to_vec(), |row| row.1, |row| row.0);
        rows.into_iter()
            .map(|(place, row)| (place, row.0))
            .collect()
    }

    #[test]
    fn ties_share_a_place_and_the_next_place_is_left_out() {
        let rows = [
            ("Dee", Some(1.0)),
            ("Cy", Some(3.0)),
            ("Ana", Some(5.0)),
            ("Ben", Some(3.0)),
        ];
        let places = [
            (Some(1), "Ana"),
            (Some(2), "Ben"),
            (Some(2), "Cy"),
            (Some(4), "Dee"),
        ];
        assert_eq!(board(&rows), places);
    }

    #[test]
    fn only_the_eight_weeks_before_the_last_four_are_compared() {
        let mut weeks = vec![Some(0.0); 3];
        weeks.extend([Some(0.5); 8]);
        weeks.extend([Some(1.0), None, Some(1.0), Some(1.0), Some(1.0)]);
        assert_eq!(improvement(&weeks), Some(0.5));
        assert_eq!(improvement(&weeks[..5]), None);
        assert_eq!(improvement(&[Some(1.0); 12]), Some(0.0));
    }

    #[test]
    fn no_data_is_below_zero_and_has_no_place() {
        let rows = [
            ("Ana", None),
            ("Ben", Some(0.0)),
            ("Cy", Some(-0.0)),
            ("Abe", None),
        ];
        let places = [
            (Some(1), "Ben"),
            (Some(1), "Cy"),
            (None, "Abe"),
            (None, "Ana"),
        ];
        assert_eq!(board(&rows), places);
    }
}
