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
