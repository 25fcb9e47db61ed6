//! The card's figures in words.

use super::beside::Beside;
use crate::explain::AS_OF;
use crate::habit::explain::{Figure, days_in_a_row as count, strength};
use crate::habit::{Day, Habit, Setting};
use crate::page::{self, DASH};
use crate::people::Person;
use crate::rules::habit::{Rhythm, Standing, State, Verdict};
use crate::urls;
use crate::value::Instant;
use chrono::{Datelike, Days, NaiveDate};

/// So many weeks are listed.
const WEEKS_LISTED: usize = 8;

/// A figure with its name.
pub struct Fact {
    pub label: &'static str,
    pub value: String,
    pub sub: String,
    /// What explains it; empty where there is nothing.
    pub href: String,
}

/// A week of the weekly habit.
pub struct WeekRow {
    pub name: String,
    pub verdict: &'static str,
    pub attainment: String,
    /// What explains it.
    pub href: String,
}

fn fact(label: &'static str, value: impl Into<String>, sub: impl Into<String>) -> Fact {
    Fact {
        label,
        value: value.into(),
        sub: sub.into(),
        href: String::new(),
    }
}

/// The address that explains a figure.
pub type Ways<'w> = &'w dyn Fn(Figure) -> String;

impl Fact {
    fn to(self, href: String) -> Fact {
        Fact { href, ..self }
    }
}

fn freezes(standing: &Standing, rhythm: &Rhythm) -> Fact {
    let left = rhythm.freeze_every - standing.towards;
    let next = match standing.freezes == rhythm.freeze_most {
        true => "as many as can be held".to_owned(),
        false => format!("the next after {} more", count(left, "hit")),
    };
    let value = format!("{} of {}", standing.freezes, rhythm.freeze_most);
    fact("Freezes in hand", value, next)
}

/// The figures on top.
pub fn stats(habit: &Habit, setting: Setting, ways: Ways) -> Vec<Fact> {
    let daily = &habit.tally().daily;
    let consistency = habit.consistency();
    let over = format!("over {}", count(daily.expected, "working day"));
    let mut stats = vec![fact("Strength", strength(daily), over).to(ways(Figure::Strength))];
    if !setting.hides_streak {
        let best = format!("best {}", daily.best);
        let streak = fact("In a row", count(daily.streak, "day"), best);
        stats.push(streak.to(ways(Figure::Streak)));
        stats.push(freezes(daily, &Rhythm::of_days()).to(ways(Figure::Freezes)));
    }
    let consistency = match consistency.partial() {
        Some(partial) => fact(
            "Consistency",
            format!("{} of {}", consistency.hit, consistency.of),
            format!("working days; {} of what was asked", page::percent(partial)),
        ),
        None => fact("Consistency", DASH, "from five working days on"),
    };
    stats.push(consistency.to(ways(Figure::Consistency)));
    stats
}

/// The most of a day, of a week, and in a row.
pub fn bests(
    habit: &Habit,
    setting: Setting,
    (person, as_of): (&Person, Instant),
    beside: &Beside,
    ways: Ways,
) -> Vec<Fact> {
    let bests = habit.bests();
    let behind =
        |label, best: Option<(NaiveDate, f64)>, days: u64, (name, came): (&str, &str)| match best {
            None => fact(label, DASH, ""),
            Some((first, sum)) => {
                let last = first.checked_add_days(Days::new(days - 1)).unwrap_or(first);
                let query = [
                    ("metric", "activities"),
                    ("from", &first.to_string()),
                    ("to", &last.to_string()),
                    ("person", &person.uid),
                    (AS_OF, &as_of.to_string()),
                ];
                Fact {
                    href: urls::with_query("/team/entries", &query),
                    ..fact(
                        label,
                        format!("{} activities", page::amount(sum)),
                        format!("{name}{}; {came}", page::day(first)),
                    )
                }
            }
        };
    let mut facts = vec![
        behind("Best day", bests.day, 1, ("", &beside.best_day)),
        behind("Best week", bests.week, 7, ("week of ", &beside.best_week)),
    ];
    if !setting.hides_streak {
        let best = habit.tally().daily.best;
        let best = fact("Best streak", count(best, "day"), "in a row");
        facts.push(best.to(ways(Figure::Best)));
    }
    facts
}

/// The habit of weekly targets; nothing without any.
pub fn of_weeks(habit: &Habit, setting: Setting, ways: Ways) -> Vec<Fact> {
    let weekly = &habit.tally().weekly;
    let this_week = habit.weeks().next_back().map(|week| week.verdict);
    if weekly.expected == 0 && this_week.is_none_or(|verdict| verdict.attainment.is_none()) {
        return Vec::new();
    }
    let over = format!("over {}", count(weekly.expected, "week"));
    let strength = fact("Strength", strength(weekly), over);
    let mut facts = vec![strength.to(ways(Figure::WeeksStrength))];
    if !setting.hides_streak {
        let best = format!("best {}", weekly.best);
        let streak = fact("In a row", count(weekly.streak, "week"), best);
        facts.push(streak.to(ways(Figure::WeeksStreak)));
        facts.push(freezes(weekly, &Rhythm::of_weeks()).to(ways(Figure::WeeksFreezes)));
    }
    facts
}

/// The newest first; `way` gives what explains the week of a Monday.
pub fn last_weeks(habit: &Habit, way: &dyn Fn(NaiveDate) -> String) -> Vec<WeekRow> {
    let rows = habit.weeks().rev().take(WEEKS_LISTED).map(|week| WeekRow {
        name: page::day(week.monday),
        verdict: week.verdict.label(),
        attainment: share(&week.verdict),
        href: way(week.monday),
    });
    rows.collect()
}

fn share(verdict: &Verdict) -> String {
    verdict.attainment.map_or(DASH.to_owned(), page::percent)
}

/// The strength after the last day of each month, the newest first, each with what explains it: `way` gives the address of
/// the strength after a day.
pub fn months(habit: &Habit, way: &dyn Fn(NaiveDate) -> String) -> Vec<(String, String, String)> {
    let mut months: Vec<(NaiveDate, String)> = Vec::new();
    for day in habit.days().rev() {
        let Some(strength) = day.strength else { break };
        let is_new = months.last().is_none_or(|(last, _)| {
            (last.year(), last.month()) != (day.day.year(), day.day.month())
        });
        if is_new {
            months.push((day.day, page::whole_percent(strength)));
        }
    }
    let named = months.into_iter();
    named
        .map(|(day, strength)| (day.format("%B %Y").to_string(), strength, way(day)))
        .collect()
}

/// A day in words: "Partly met, 40.0 %, 8 activities, 2 leads reached".
pub fn day_words(day: &Day, beside: &Beside) -> String {
    let mut words = day.verdict.label().to_owned();
    if let (State::Missed | State::Pending, Some(part)) =
        (day.verdict.state, day.verdict.attainment)
        && part > 0.0
    {
        words.push_str(&format!(", {}", page::percent(part)));
    }
    if day.activities > 0.0 {
        let (done, leads) = (page::amount(day.activities), beside.of_day(day.day));
        words.push_str(&format!(", {done} activities, {leads}"));
    }
    if day.origin.is_some() {
        words.push_str(", written down");
    }
    words
}
