//! The figures of a habit that can be asked for: what each is called, means, and how it is worked out.

use crate::page::{self, DASH};
use crate::rules::habit::Standing;
use crate::rules::target::Period;

crate::words! {
    /// A figure of a habit, of days or of weeks.
    pub enum Figure {
        Strength = "strength",
        Streak = "streak",
        Best = "best",
        Freezes = "freezes",
        Consistency = "consistency",
        Hit = "hit",
        Missed = "missed",
        Neutral = "neutral",
        WeeksStrength = "weeks_strength",
        WeeksStreak = "weeks_streak",
        WeeksFreezes = "weeks_freezes",
        Improvement = "improvement",
        Course = "course",
        Day = "day",
        Week = "week",
    }
}

/// The strength as it is printed; a dash before the first day or week that counts.
pub fn strength(standing: &Standing) -> String {
    let strength = standing.strength();
    strength.map_or(DASH.to_owned(), page::whole_percent)
}

/// "1 day", "5 days".
pub fn days_in_a_row(number: u32, one: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {one}s"),
    }
}

impl Figure {
    pub fn label(self) -> &'static str {
        match self {
            Figure::Strength => "Strength",
            Figure::Streak => "In a row",
            Figure::Best => "Best streak",
            Figure::Freezes => "Freezes in hand",
            Figure::Consistency => "Consistency",
            Figure::Hit => "Days hit",
            Figure::Missed => "Missed",
            Figure::Neutral => "Nothing asked",
            Figure::WeeksStrength => "Strength of weeks",
            Figure::WeeksStreak => "Weeks in a row",
            Figure::WeeksFreezes => "Freezes of weeks in hand",
            Figure::Improvement => "Since eight weeks, all targets together",
            Figure::Course => "Course",
            Figure::Day => "Attained on a day",
            Figure::Week => "Attained in a week",
        }
    }

    pub fn meaning(self) -> &'static str {
        match self {
            Figure::Strength => {
                "Each working day's attainment of its targets, at most 1, smoothed: what is long ago counts less, by half \
                 after 13 working days. Days off leave it as it is, and today counts once it is hit."
            }
            Figure::Streak => {
                "Days hit in a row over working days. Days off neither add to it nor break it, and a miss is bridged by a \
                 freeze where one is in hand."
            }
            Figure::Best => "The most days hit in a row so far; a bridged miss adds none.",
            Figure::Freezes => {
                "Every tenth hit earns a freeze, two are held at most, and a miss within a row spends one by itself."
            }
            Figure::Consistency => {
                "Hits among the last twenty working days that asked for something. It takes five."
            }
            Figure::Hit => "Days of these on which every daily target was met.",
            Figure::Missed => {
                "Days of these that asked for something, are over, and did not meet all of it. What was met by parts \
                 counts for the strength all the same."
            }
            Figure::Neutral => {
                "Days of these that asked for nothing: days off, holidays, other weekdays, and days without a target."
            }
            Figure::WeeksStrength => {
                "Each week's attainment of its weekly targets, at most 1, smoothed: by half after five weeks. A week off \
                 leaves it as it is."
            }
            Figure::WeeksStreak => {
                "Weeks hit in a row. A week off neither adds to it nor breaks it, and a miss is bridged by a freeze where \
                 one is in hand."
            }
            Figure::WeeksFreezes => {
                "Every fourth week hit earns a freeze, one is held at most, and a miss within a row spends it by itself."
            }
            Figure::Improvement => {
                "How much more of what was asked for was met in the last four whole weeks than in the eight before; of \
                 several metrics the mean. A week that asks nothing is left out."
            }
            Figure::Course => {
                "How the last two whole weeks that asked for something went. A week has slipped when fewer than half of its \
                 working days were hit, or without daily targets less than half of the week's; it takes two running to be \
                 worth a conversation."
            }
            Figure::Day => {
                "How much of the day's targets was met: of each at most all, of several the mean. A day is hit when every \
                 target is met."
            }
            Figure::Week => {
                "How much of the week's targets was met: of each at most all, of several the mean. A week is hit when every \
                 target is met; each day off takes its part out of what is asked."
            }
        }
    }

    pub fn formula(self) -> &'static str {
        match self {
            Figure::Strength => {
                "s \u{d7} m + attainment \u{d7} (1 - m), from day to day; m = 0.5^(1/13)"
            }
            Figure::WeeksStrength => {
                "s \u{d7} m + attainment \u{d7} (1 - m), from week to week; m = 0.5^(\u{221a}7/13)"
            }
            Figure::Streak | Figure::Best | Figure::WeeksStreak => {
                "hits since the last miss that no freeze bridged"
            }
            Figure::Freezes | Figure::WeeksFreezes => {
                "earned - spent, at most as many as can be held"
            }
            Figure::Consistency => "hits / the last 20 working days",
            Figure::Hit | Figure::Missed | Figure::Neutral => "a count of days",
            Figure::Improvement => {
                "mean of the last four weeks that asked for something - mean of the eight before; six in all at least"
            }
            Figure::Course => {
                "on track while the last week that asked for something has not slipped; slipped: 2 \u{d7} days hit < days that \
                 asked"
            }
            Figure::Day | Figure::Week => "mean over its targets of min(1, done / asked)",
        }
    }

    /// Whether it is of one day or of one week, and not of a course of them.
    pub fn of_one(self) -> Option<Period> {
        match self {
            Figure::Day => Some(Period::Day),
            Figure::Week => Some(Period::Week),
            _ => None,
        }
    }

    pub fn is_of_weeks(self) -> bool {
        matches!(
            self,
            Figure::WeeksStrength | Figure::WeeksStreak | Figure::WeeksFreezes
        )
    }

    /// Whether a person may hide it.
    pub fn is_of_streak(self) -> bool {
        matches!(
            self,
            Figure::Streak
                | Figure::Best
                | Figure::Freezes
                | Figure::WeeksStreak
                | Figure::WeeksFreezes
        )
    }

    /// Whether it counts the days asked for only; the others run over all history up to the last of them.
    pub fn is_of_window(self) -> bool {
        matches!(self, Figure::Hit | Figure::Missed | Figure::Neutral)
    }
}
