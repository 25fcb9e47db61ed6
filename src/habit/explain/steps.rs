//! Somebody's days and weeks as a figure counts them.

use super::figure::{days_in_a_row, strength};
use super::{Figure, Found};
use crate::explain::{How, Row};
use crate::habit::walk::{Day, Week};
use crate::page::{self, DASH};
use crate::rules::habit::{Consistency, Rhythm, Standing, State, Turn, Verdict, WINDOW_DAYS};
use chrono::{Days, NaiveDate};

/// All days and weeks of somebody, oldest first.
pub struct Course {
    /// The first day that the window counts.
    pub from: NaiveDate,
    /// The first day of the habit.
    pub shown_from: NaiveDate,
    pub days: Vec<Day>,
    pub weeks: Vec<Week>,
    /// The address that explains one of them: its figure, first and last day.
    pub way: Box<dyn Fn(Figure, NaiveDate, NaiveDate) -> String>,
}

/// A day or week, what it did to the streak, and how the habit stands after it.
struct Step {
    first: NaiveDate,
    verdict: Verdict,
    turn: Turn,
    after: Standing,
}

fn steps(all: impl Iterator<Item = (NaiveDate, Verdict)>, rhythm: &Rhythm) -> Vec<Step> {
    let mut standing = Standing::default();
    let step = |(first, verdict): (NaiveDate, Verdict)| Step {
        turn: standing.add(rhythm, verdict),
        first,
        verdict,
        after: standing,
    };
    all.map(step).collect()
}

impl Course {
    pub fn found(&self, figure: Figure) -> Found {
        let is_of_weeks = figure.is_of_weeks();
        let rhythm = match is_of_weeks {
            true => Rhythm::of_weeks(),
            false => Rhythm::of_days(),
        };
        let steps = match is_of_weeks {
            true => steps(self.weeks.iter().map(|w| (w.monday, w.verdict)), &rhythm),
            false => steps(self.days.iter().map(|d| (d.day, d.verdict)), &rhythm),
        };
        let places = self.places(figure, &steps);
        let (value, filled) = self.words(figure, &steps, &places, &rhythm);
        let one = |first: NaiveDate| match is_of_weeks {
            true => (self.way)(Figure::Week, first, first + Days::new(6)),
            false => (self.way)(Figure::Day, first, first),
        };
        let rows = steps.iter().zip(places);
        let rows = rows.filter(|(step, _)| figure.is_of_window() || self.shown_from <= step.first);
        Found {
            value,
            filled,
            first: if is_of_weeks { "Week of" } else { "Day" },
            columns: vec!["What became of it", "Attained", "Strength after it"],
            rows: rows
                .rev()
                .map(|(step, (how, why))| (how, why.to_owned(), row(step, one(step.first))))
                .collect(),
        }
    }

    /// The figure as it is printed, and its formula with its own numbers.
    fn words(
        &self,
        figure: Figure,
        steps: &[Step],
        places: &[(How, &'static str)],
        rhythm: &Rhythm,
    ) -> (String, String) {
        let last = steps.last().map(|step| step.after).unwrap_or_default();
        let verdicts = steps.iter().map(|step| &step.verdict).rev();
        let consistency = Consistency::of(verdicts);
        let one = if figure.is_of_weeks() { "week" } else { "day" };
        let n = |wanted: How| places.iter().filter(|(how, _)| *how == wanted).count();
        let (counted, whole) = (n(How::Counted), n(How::InWhole));
        match figure {
            Figure::Strength | Figure::WeeksStrength => {
                let value = strength(&last);
                let filled = format!("over {}: {value}", days_in_a_row(last.expected, one));
                (value, filled)
            }
            Figure::Streak | Figure::WeeksStreak => {
                let filled = format!("{counted} hit, {whole} bridged");
                (days_in_a_row(last.streak, one), filled)
            }
            Figure::Best => {
                let filled = format!("{counted} hit, {whole} bridged");
                (days_in_a_row(last.best, one), filled)
            }
            Figure::Freezes | Figure::WeeksFreezes => {
                let value = format!("{} of {}", last.freezes, rhythm.freeze_most);
                (value, format!("{counted} earned - {whole} spent"))
            }
            Figure::Consistency => match consistency.partial() {
                Some(partial) => {
                    let value = format!("{} of {}", consistency.hit, consistency.of);
                    let partial = page::percent(partial);
                    (
                        value.clone(),
                        format!("{value}; {partial} of what was asked"),
                    )
                }
                None => (DASH.to_owned(), "fewer than five working days".to_owned()),
            },
            _ => {
                let here = steps.iter().filter(|step| self.from <= step.first);
                let is_asked = here.clone().any(|step| step.verdict.is_expected());
                let is_asked = is_asked || figure == Figure::Neutral;
                let value = match is_asked {
                    true => counted.to_string(),
                    false => DASH.to_owned(),
                };
                (value.clone(), format!("{value} of {} days", here.count()))
            }
        }
    }

    /// How each day or week counts, in their order.
    fn places(&self, figure: Figure, steps: &[Step]) -> Vec<(How, &'static str)> {
        let mut places: Vec<(How, &'static str)> = match figure {
            Figure::Streak | Figure::WeeksStreak => row_up_to(steps, steps.len()),
            Figure::Best => {
                let most = steps.last().map_or(0, |step| step.after.best);
                let reached = steps
                    .iter()
                    .position(|step| step.after.best == most && most > 0);
                row_up_to(steps, reached.map_or(0, |at| at + 1))
            }
            Figure::Consistency => consistency(steps),
            _ => steps.iter().map(|step| self.place(figure, step)).collect(),
        };
        for (place, step) in places.iter_mut().zip(steps) {
            match step.verdict.state {
                State::Neutral if figure != Figure::Neutral => {
                    *place = (How::LeftOut, "nothing was asked for");
                }
                State::Pending => *place = (How::LeftOut, "not over yet"),
                _ => {}
            }
        }
        places
    }

    fn place(&self, figure: Figure, step: &Step) -> (How, &'static str) {
        let wanted = match figure {
            Figure::Hit => State::Hit,
            Figure::Missed => State::Missed,
            Figure::Neutral => State::Neutral,
            Figure::Freezes | Figure::WeeksFreezes => {
                return match step.turn {
                    Turn::FreezeEarned => (How::Counted, "earned one"),
                    Turn::FreezeUsed => (How::InWhole, "spent one"),
                    _ => (How::LeftOut, "neither earned nor spent one"),
                };
            }
            _ => {
                return match (step.verdict.state, step.verdict.attainment) {
                    (State::Hit, _) => (How::Counted, "hit"),
                    (_, Some(part)) if part > 0.0 => (How::Counted, "met by parts"),
                    _ => (How::Counted, "missed"),
                };
            }
        };
        match step.verdict.state {
            _ if step.first < self.from => (How::LeftOut, "before these days"),
            theirs if theirs == wanted => (How::Counted, "one of them"),
            State::Hit => (How::LeftOut, "hit"),
            State::Missed => (How::LeftOut, "missed"),
            _ => (How::LeftOut, "nothing was asked for"),
        }
    }
}

/// The hits of the row that the first `until` of them end with, and the misses that freezes bridged in it.
fn row_up_to(steps: &[Step], until: usize) -> Vec<(How, &'static str)> {
    let broken = steps[..until]
        .iter()
        .rposition(|step| step.turn == Turn::Broken);
    let begins = broken.map_or(0, |at| at + 1);
    let place = |(at, step): (usize, &Step)| match (step.verdict.state, step.turn) {
        _ if at < begins => (How::LeftOut, "before the row began"),
        _ if at >= until => (How::LeftOut, "after the row"),
        (State::Hit, _) => (How::Counted, "a hit of the row"),
        (_, Turn::FreezeUsed) => (How::InWhole, "a miss that a freeze bridged"),
        _ => (How::LeftOut, "a miss before the row"),
    };
    steps.iter().enumerate().map(place).collect()
}

fn consistency(steps: &[Step]) -> Vec<(How, &'static str)> {
    let mut left = WINDOW_DAYS;
    let place = |step: &Step| {
        let is_in = step.verdict.is_expected() && left > 0;
        left -= usize::from(is_in);
        match step.verdict.state {
            _ if !is_in => (How::LeftOut, "before the last twenty working days"),
            State::Hit => (How::Counted, "hit"),
            _ => (How::InWhole, "missed, or met by parts"),
        }
    };
    let mut places: Vec<_> = steps.iter().rev().map(place).collect();
    places.reverse();
    places
}

fn row(step: &Step, href: String) -> Row {
    Row {
        name: page::day(step.first),
        href,
        cells: vec![
            step.verdict.label().to_owned(),
            step.verdict
                .attainment
                .map_or(DASH.to_owned(), page::percent),
            strength(&step.after),
        ],
        ..Row::default()
    }
}
