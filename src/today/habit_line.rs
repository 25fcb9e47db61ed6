//! The line about one's habit, and the reminder at the time that one chose.

use super::{Progress, Seen};
use crate::app::Cx;
use crate::habit::explain::{self, Figure};
use crate::habit::{Habit, Setting};
use crate::page::{self, Said};
use crate::rules::access::Me;
use crate::rules::habit::State;
use crate::rules::target::Period;
use chrono::Timelike;

/// "Strength 47 %, 6 in a row, 17 of 20 working days", each with what explains it; nothing before the first working day with a
/// target.
pub fn words(cx: &Cx, me: &Me, habit: &Habit, setting: Setting) -> Vec<Said> {
    let daily = &habit.tally().daily;
    let Some(strength) = daily.strength() else {
        return Vec::new();
    };
    let said = |(before, after): (&str, &str), figure: Figure, value: String| Said {
        before: before.to_owned(),
        figure: value,
        after: after.to_owned(),
        href: explain::href(figure, ("person", &me.uid), (None, None), cx.now),
    };
    let strength = page::whole_percent(strength);
    let mut words = vec![said(("Strength ", ""), Figure::Strength, strength)];
    if !setting.hides_streak {
        let streak = daily.streak.to_string();
        words.push(said((", ", " in a row"), Figure::Streak, streak));
    }
    let consistency = habit.consistency();
    if consistency.is_known() {
        let hit = format!("{} of {}", consistency.hit, consistency.of);
        words.push(said((", ", " working days"), Figure::Consistency, hit));
    }
    words
}

/// What is left to do, from the chosen time on: of the day, or of the week and month for who has no daily target. Empty
/// before it, on days that ask for nothing, and when all is done.
pub fn reminder(cx: &Cx, seen: &Seen) -> String {
    let now = cx.zone().local(cx.now);
    let is_time = |at: u16| u32::from(at) <= now.hour() * 60 + now.minute();
    let at = seen.setting.remind_at_min.filter(|at| is_time(*at));
    let Some(at) = at.filter(|_| !seen.is_free) else {
        return String::new();
    };
    let is_daily = |(period, _): &&(Period, Progress)| *period == Period::Day;
    let has_daily = seen.progress.iter().any(|one| is_daily(&one));
    if has_daily && seen.habit.today().state != State::Pending {
        return String::new();
    }
    let asked = seen
        .progress
        .iter()
        .filter(|one| is_daily(one) == has_daily);
    let left: Vec<String> = asked
        .filter(|(_, progress)| progress.note != super::MET)
        .map(|(_, progress)| format!("{}: {}", progress.label, progress.text))
        .collect();
    if left.is_empty() {
        return String::new();
    }
    let (hour, minute) = (at / 60, at % 60);
    format!(
        "It is {hour:02}:{minute:02} or later, as you asked. {}.",
        left.join("; ")
    )
}
