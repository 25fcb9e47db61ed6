//! The line about one's habit, and the reminder at the time that one chose.

use super::{Progress, Seen};
use crate::app::Cx;
use crate::habit::{Habit, Setting};
use crate::page;
use crate::rules::habit::State;
use crate::rules::target::Period;
use chrono::Timelike;

/// "Strength 47 %, 6 in a row, 17 of 20 working days"; empty before the first working day with a target.
pub fn words(habit: &Habit, setting: Setting) -> String {
    let daily = &habit.tally().daily;
    let Some(strength) = daily.strength() else {
        return String::new();
    };
    let mut words = vec![format!("Strength {}", page::whole_percent(strength))];
    if !setting.hides_streak {
        words.push(format!("{} in a row", daily.streak));
    }
    let consistency = habit.consistency();
    if consistency.is_known() {
        let (hit, of) = (consistency.hit, consistency.of);
        words.push(format!("{hit} of {of} working days"));
    }
    words.join(", ")
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
