//! What a person's last weeks suggest as a daily target.

/// Of so many days before today.
pub const DAYS: u64 = 56;
/// Fewer working days than these suggest nothing.
pub const LEAST_DAYS: usize = 10;
const SHARE: f64 = 0.8;

/// A suggestion with the number of working days it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Suggestion {
    pub amount: f64,
    pub days: usize,
}

/// The 80th percentile (nearest rank) of the points of a person's working days, each given with its fraction f(d): half
/// a day's points stand for twice as many, as half a day is asked half. `None` under ten days.
pub fn suggest(days: impl IntoIterator<Item = (f64, f64)>) -> Option<Suggestion> {
    let expected = days.into_iter().filter(|(_, fraction)| *fraction > 0.0);
    let mut whole: Vec<f64> = expected
        .map(|(points, fraction)| points / fraction)
        .collect();
    if whole.len() < LEAST_DAYS {
        return None;
    }
    whole.sort_by(f64::total_cmp);
    let rank = (SHARE * whole.len() as f64 - 1e-9).ceil() as usize;
    Some(Suggestion {
        amount: *whole.get(rank.checked_sub(1)?)?,
        days: whole.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_days_of_five_were_at_most_the_suggestion() {
        let days = (1..=10).rev().map(|points| (f64::from(points), 1.0));
        let suggestion = suggest(days).unwrap();
        assert_eq!((suggestion.amount, suggestion.days), (8.0, 10));
        let days = (1..=11).map(|points| (f64::from(points), 1.0));
        assert_eq!(suggest(days).unwrap().amount, 9.0);
    }

    #[test]
    fn days_off_are_left_out_and_half_days_count_for_whole_ones() {
        let days = (0..9).map(|_| (4.0, 1.0)).chain([(50.0, 0.0)]);
        assert_eq!(suggest(days), None);
        let days = (0..8).map(|_| (4.0, 1.0)).chain([(4.0, 0.5), (4.0, 0.5)]);
        assert_eq!(suggest(days).unwrap().amount, 4.0);
        assert_eq!(suggest((0..10).map(|_| (2.0, 0.5))).unwrap().amount, 4.0);
    }

    #[test]
    fn days_without_an_entry_count_as_nothing_done() {
        let days = (0..10).map(|day| (if day < 8 { 0.0 } else { 9.0 }, 1.0));
        assert_eq!(suggest(days).unwrap().amount, 0.0);
    }
}
