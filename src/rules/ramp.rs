//! A newcomer's ramp: a target that grows week by week until it is the full one.

use super::day;
use chrono::{Days, NaiveDate};

/// The longest ramp, in weeks.
pub const WEEKS_MOST: u32 = 52;

/// From a day on, so much is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    pub from: NaiveDate,
    pub amount: f64,
}

/// The steps of a ramp of so many weeks: `start` from the first day on, then equal steps on the Mondays after it, and
/// `end` from the Monday after the last week. Between whole amounts steps are whole, else to a hundredth; a step that
/// changes nothing is left out.
pub fn steps(start: f64, end: f64, weeks: u32, first: NaiveDate) -> Vec<Step> {
    let is_whole = start.fract() == 0.0 && end.fract() == 0.0;
    let unit = if is_whole { 1.0 } else { 100.0 };
    let step = |week: u32| {
        let share = f64::from(week) / f64::from(weeks.max(1));
        let amount = match week == weeks {
            true => end,
            false => ((start + (end - start) * share) * unit).round() / unit,
        };
        let monday = day::week_of(first).checked_add_days(Days::new(7 * u64::from(week)));
        let from = if week == 0 { Some(first) } else { monday };
        from.map(|from| Step { from, amount })
    };
    let mut steps: Vec<Step> = (0..=weeks).filter_map(step).collect();
    steps.dedup_by(|next, before| next.amount == before.amount);
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(start: f64, end: f64, weeks: u32, first: &str) -> Vec<String> {
        let steps = steps(start, end, weeks, first.parse().unwrap());
        let words = |step: &Step| format!("{} {}", step.from, step.amount);
        steps.iter().map(words).collect()
    }

    #[test]
    fn a_ramp_begins_at_once_and_grows_on_mondays() {
        let steps = [
            "2026-03-04 5",
            "2026-03-09 10",
            "2026-03-16 15",
            "2026-03-23 20",
        ];
        assert_eq!(told(5.0, 20.0, 3, "2026-03-04"), steps);
    }

    #[test]
    fn a_step_that_changes_nothing_is_left_out() {
        assert_eq!(
            told(1.0, 2.0, 4, "2026-03-02"),
            ["2026-03-02 1", "2026-03-16 2"]
        );
        assert_eq!(told(8.0, 8.0, 6, "2026-03-02"), ["2026-03-02 8"]);
        assert_eq!(
            told(0.5, 1.0, 2, "2026-03-02"),
            ["2026-03-02 0.5", "2026-03-09 0.75", "2026-03-16 1"]
        );
    }

    #[test]
    fn a_ramp_may_also_go_down() {
        assert_eq!(
            told(20.0, 10.0, 1, "2026-03-02"),
            ["2026-03-02 20", "2026-03-09 10"]
        );
    }
}
