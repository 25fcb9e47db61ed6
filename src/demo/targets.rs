//! What the managers of the demo ask for.

use super::cast::{BEN, CAST, CLARA, FIELD, GRETA, INSIDE, MANAGERS};
use super::setting::Setting;
use chrono::{Days, NaiveDate};

/// Whom a target is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum For {
    Team(&'static str),
    Member(usize),
}

/// One row of the ledger.
pub struct Target {
    pub of: For,
    pub metric: &'static str,
    pub amount: u32,
    pub period: &'static str,
    /// The days before today on which it began; 0 for the beginning of the story.
    days_ago: u64,
    pub reason: &'static str,
}

const fn row(of: For, metric: &'static str, amount: u32, period: &'static str) -> Target {
    Target {
        of,
        metric,
        amount,
        period,
        days_ago: 0,
        reason: "",
    }
}

const ACTIVITIES: &str = "activities";
const MEETINGS: &str = "meetings_booked";

pub const TARGETS: [Target; 13] = [
    row(For::Team(INSIDE), ACTIVITIES, 16, "day"),
    Target {
        days_ago: 84,
        reason: "Shorter lists, more calls",
        ..row(For::Team(INSIDE), ACTIVITIES, 20, "day")
    },
    row(For::Team(FIELD), ACTIVITIES, 12, "day"),
    row(For::Team(INSIDE), MEETINGS, 3, "week"),
    row(For::Team(FIELD), MEETINGS, 2, "week"),
    Target {
        reason: "Works mornings",
        ..row(For::Member(CLARA), ACTIVITIES, 10, "day")
    },
    row(For::Member(CLARA), MEETINGS, 2, "week"),
    Target {
        days_ago: 60,
        ..row(For::Member(BEN), "kind:Call", 10, "day")
    },
    Target {
        days_ago: 90,
        ..row(For::Member(GRETA), "leads_reached", 6, "week")
    },
    // A team's target is each member's, and managers sell only on the side.
    row(For::Member(MANAGERS[0]), ACTIVITIES, 0, "day"),
    row(For::Member(MANAGERS[0]), MEETINGS, 0, "week"),
    row(For::Member(MANAGERS[1]), ACTIVITIES, 0, "day"),
    row(For::Member(MANAGERS[1]), MEETINGS, 0, "week"),
];

impl Target {
    pub fn valid_from(&self, setting: &Setting) -> NaiveDate {
        if self.days_ago == 0 {
            return setting.first_day;
        }
        setting
            .today
            .checked_sub_days(Days::new(self.days_ago))
            .unwrap_or(setting.first_day)
    }
}

/// How many activities a day asks of somebody.
pub fn activities_of(setting: &Setting, who: usize, day: NaiveDate) -> u32 {
    let in_force = |of: For| {
        let rows = TARGETS.iter().filter(|t| t.of == of);
        rows.filter(|t| t.metric == ACTIVITIES && t.valid_from(setting) <= day)
            .max_by_key(|t| t.valid_from(setting))
            .map(|t| t.amount)
    };
    in_force(For::Member(who))
        .or_else(|| in_force(For::Team(CAST[who].team)))
        .unwrap_or(0)
}
