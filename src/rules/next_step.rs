//! What a logged touch does to the next step that is planned with its lead (docs/decisions/0028).

use chrono::NaiveDate;

/// What an entry says of the next step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Said {
    /// Nothing.
    #[default]
    Nothing,
    /// To go on on this day, or on none.
    Plans(Option<NaiveDate>),
}

/// What becomes of the step that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Becomes {
    Same,
    Planned(Option<NaiveDate>),
    /// Somebody planned another one since the entry's maker looked, and they would overwrite it.
    Moved,
}

/// `seen` is the step as the entry's maker saw it, `None` where they saw nothing of it; `done_on` is the day of a deed
/// that is as good as the step. What nobody saw is never overwritten; a step that was due is settled by its deed.
pub fn after(
    stands: Option<NaiveDate>,
    seen: Option<Option<NaiveDate>>,
    said: Said,
    done_on: Option<NaiveDate>,
) -> Becomes {
    match said {
        Said::Plans(day) if day == stands => Becomes::Same,
        Said::Plans(day) if seen.unwrap_or_default() == stands => Becomes::Planned(day),
        Said::Plans(_) => Becomes::Moved,
        Said::Nothing => {
            let is_due = stands.is_some_and(|step| done_on.is_some_and(|day| step <= day));
            match is_due && seen == Some(stands) {
                true => Becomes::Planned(None),
                false => Becomes::Same,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(of_march: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(2026, 3, of_march)
    }

    #[test]
    fn who_says_nothing_settles_what_was_due_and_leaves_what_is_to_come() {
        let said = |stands, seen, done| after(stands, seen, Said::Nothing, done);
        assert_eq!(said(day(4), Some(day(4)), day(4)), Becomes::Planned(None));
        assert_eq!(said(day(2), Some(day(2)), day(4)), Becomes::Planned(None));
        assert_eq!(said(day(5), Some(day(5)), day(4)), Becomes::Same);
        assert_eq!(said(day(4), Some(day(4)), None), Becomes::Same);
        // Planned for today by somebody else after the form was opened: it is still to be done.
        assert_eq!(said(day(4), Some(None), day(4)), Becomes::Same);
        assert_eq!(said(day(4), None, day(4)), Becomes::Same);
    }

    #[test]
    fn who_plans_overwrites_only_what_they_saw() {
        let plans = |stands, seen, on| after(stands, seen, Said::Plans(on), day(4));
        assert_eq!(plans(None, Some(None), day(5)), Becomes::Planned(day(5)));
        assert_eq!(plans(None, None, day(5)), Becomes::Planned(day(5)));
        assert_eq!(plans(day(6), Some(day(6)), None), Becomes::Planned(None));
        assert_eq!(plans(day(6), Some(None), day(5)), Becomes::Moved);
        assert_eq!(plans(day(6), None, day(5)), Becomes::Moved);
        assert_eq!(plans(None, Some(day(6)), day(5)), Becomes::Moved);
        assert_eq!(plans(day(6), Some(None), day(6)), Becomes::Same);
    }
}
