//! Places on a board.

use std::cmp::Reverse;

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
