//! How far a shared goal is: one figure for everybody.

use super::store::{self, Goal, Happening, What};
use super::{Measure, explain, may_end};
use crate::app::Cx;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::Result;
use crate::page::{self, DASH};
use crate::people::Directory;
use crate::rules::target;
use crate::rules::zone::Zone;
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;
use std::sync::Arc;

/// A goal in ready words.
pub struct GoalView {
    pub name: String,
    pub measure: &'static str,
    pub period: String,
    pub owners: String,
    /// "12 of 40", and what explains it.
    pub text: String,
    pub href: String,
    /// 0 to 100.
    pub percent: f64,
    pub pace: f64,
    pub note: String,
    pub tone: &'static str,
    /// What the figure leaves out; empty for nothing.
    pub left_out: String,
    /// Empty where the reader may not end it, or it has ended.
    pub end_href: String,
}

/// What happened so far: the figure, and how many wins a value leaves out.
#[derive(Debug, PartialEq)]
pub struct Figure {
    pub value: f64,
    pub left_out: usize,
}

/// How a goal stands at an instant, in plain figures: for what is kept of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    pub id: i64,
    pub name: String,
    pub measure: Measure,
    pub currency: String,
    pub value: f64,
    pub amount: f64,
    /// The share of the goal's working time that is gone, 0 to 1.
    pub gone: f64,
    pub to_day: NaiveDate,
}

impl Standing {
    pub fn read(
        conn: &mut Conn,
        zone: &Zone,
        calendars: &Calendars,
        goal: Goal,
        now: Instant,
    ) -> Result<Standing> {
        Ok(Standing {
            value: read_figure(conn, zone, &goal, now)?.value,
            gone: share_gone(calendars, &goal, now),
            id: goal.id,
            name: goal.name,
            measure: goal.measure,
            currency: goal.currency,
            amount: goal.amount,
            to_day: goal.to_day,
        })
    }
}

fn read_figure(conn: &mut Conn, zone: &Zone, goal: &Goal, now: Instant) -> Result<Figure> {
    let (happenings, handovers) = behind(conn, zone, goal, now)?;
    Ok(figure(goal, &counted(goal, &happenings, &handovers)))
}

/// When each lead was handed over, in order.
pub type Starts = HashMap<i64, Vec<Instant>>;

/// What happened in the days of a goal up to an instant, and when the leads were handed over.
pub fn behind(
    conn: &mut Conn,
    zone: &Zone,
    goal: &Goal,
    now: Instant,
) -> Result<(Vec<Happening>, Starts)> {
    let after = goal
        .to_day
        .checked_add_days(Days::new(1))
        .unwrap_or(goal.to_day);
    let from = zone.midnight(goal.from_day);
    let last = Instant(zone.midnight(after).0 - 1).min(goal.ended_at.unwrap_or(now));
    let until = last.min(now);
    let happenings = store::happenings(conn, (from, until))?;
    let handovers = store::handovers(conn, &happenings, until)?;
    Ok((happenings, handovers))
}

/// "12 of 40 EUR".
pub fn words(goal: &Goal, value: f64) -> String {
    let unit = match goal.measure {
        Measure::Value => format!("\u{a0}{}", goal.currency),
        _ => String::new(),
    };
    format!(
        "{} of {}{unit}",
        page::amount(value),
        page::amount(goal.amount)
    )
}

impl GoalView {
    pub fn read(conn: &mut Conn, cx: &Cx, calendars: &Calendars, goal: &Goal) -> Result<GoalView> {
        let figure = read_figure(conn, &cx.workspace.zone, goal, cx.now)?;
        let directory: Arc<Directory> = cx.kept.get(conn)?;
        let gone = share_gone(calendars, goal, cx.now);
        Ok(GoalView::of(cx, goal, &figure, gone, &directory))
    }

    fn of(cx: &Cx, goal: &Goal, figure: &Figure, gone: f64, directory: &Directory) -> GoalView {
        let today = cx.workspace.zone.day_of(cx.now);
        let ahead = target::ahead_of_pace(figure.value, goal.amount, gone);
        let is_hit = target::is_hit(figure.value, goal.amount);
        let (note, tone) = match () {
            _ if is_hit => ("reached".to_owned(), "good"),
            _ if goal.ended_at.is_some() => ("ended early".to_owned(), "quiet"),
            _ if today < goal.from_day => ("to come".to_owned(), "info"),
            _ if goal.to_day < today => ("not reached".to_owned(), "quiet"),
            _ if ahead < 0 => (page::pace(ahead), "warn"),
            _ => (page::pace(ahead), "good"),
        };
        let name = |id| match directory.name(Some(id)) {
            "" => DASH.to_owned(),
            name => name.to_owned(),
        };
        let me = cx.who.as_ref();
        let ends = goal.is_running(today) && me.is_some_and(|me| may_end(goal, me.id, me.role));
        GoalView {
            name: goal.name.clone(),
            measure: goal.measure.label(),
            period: format!("{} to {}", page::day(goal.from_day), page::day(goal.to_day)),
            owners: format!(
                "{} for sales, {} for marketing",
                name(goal.sales_owner_id),
                name(goal.marketing_owner_id)
            ),
            text: words(goal, figure.value),
            href: explain::href(goal.id, cx.now),
            percent: (figure.value / goal.amount * 100.0).clamp(0.0, 100.0),
            pace: gone * 100.0,
            note,
            tone,
            left_out: match figure.left_out {
                0 => String::new(),
                1 => format!("1 win without an amount in {} is left out.", goal.currency),
                n => format!(
                    "{n} wins without an amount in {} are left out.",
                    goal.currency
                ),
            },
            end_href: match ends {
                true => format!("/shared-goals/{}/end", goal.id),
                false => String::new(),
            },
        }
    }
}

/// What counts of a goal: hand-overs by lead and start, each with its last worth where that is in the goal's currency.
pub type Counted = HashMap<(i64, Instant), Option<f64>>;

/// Each happening belongs to its lead's last hand-over by then; what came before any counts for none. A hand-over
/// counts once, a win with what it was worth last.
pub fn counted(
    goal: &Goal,
    happenings: &[Happening],
    handovers: &HashMap<i64, Vec<Instant>>,
) -> Counted {
    let mut counted = Counted::new();
    for happening in happenings {
        let starts = handovers
            .get(&happening.lead_id)
            .map_or(&[][..], Vec::as_slice);
        let start = starts.iter().rev().find(|start| **start <= happening.at);
        let (Some(start), true) = (start, happening.what.is_for(goal.measure)) else {
            continue;
        };
        let worth = match &happening.what {
            What::Won(Some((currency, micros))) if *currency == goal.currency => {
                Some(*micros as f64 / 1e6)
            }
            _ => None,
        };
        counted.insert((happening.lead_id, *start), worth);
    }
    counted
}

pub fn figure(goal: &Goal, counted: &Counted) -> Figure {
    match goal.measure {
        Measure::Value => {
            // Sums of fractions are the same in one order only.
            let mut worths: Vec<f64> = counted.values().flatten().copied().collect();
            worths.sort_by(f64::total_cmp);
            Figure {
                value: worths.iter().sum(),
                left_out: counted.values().filter(|worth| worth.is_none()).count(),
            }
        }
        _ => Figure {
            value: counted.len() as f64,
            left_out: 0,
        },
    }
}

/// The share of the goal's working time that is gone, by the workspace's calendar.
fn share_gone(calendars: &Calendars, goal: &Goal, now: Instant) -> f64 {
    let calendar = calendars.of_workspace(goal.from_day, goal.to_day);
    let midnight = |day: NaiveDate| calendar.zones().midnight(day);
    let after = goal
        .to_day
        .checked_add_days(Days::new(1))
        .unwrap_or(goal.to_day);
    let (from, to) = (midnight(goal.from_day), midnight(after));
    match calendar.working_us(from, to) {
        0 => 1.0,
        all => calendar.working_us(from, now.min(to)) as f64 / all as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goal(measure: Measure, currency: &str) -> Goal {
        let day: NaiveDate = "2026-03-02".parse().unwrap();
        Goal {
            id: 1,
            name: String::new(),
            measure,
            amount: 10.0,
            currency: currency.to_owned(),
            from_day: day,
            to_day: day,
            sales_owner_id: 1,
            marketing_owner_id: 2,
            made_by_id: None,
            ended_at: None,
        }
    }

    fn happening(lead_id: i64, at: i64, what: What) -> Happening {
        Happening {
            lead_id,
            at: Instant(at),
            what,
        }
    }

    fn won(currency: &str, micros: i64) -> What {
        What::Won(Some((currency.to_owned(), micros)))
    }

    #[test]
    fn a_hand_over_counts_once_and_only_from_its_start() {
        let handovers =
            HashMap::from([(1, vec![Instant(10), Instant(50)]), (2, vec![Instant(30)])]);
        let happenings = [
            happening(1, 5, What::Meeting),
            happening(1, 20, What::Meeting),
            happening(1, 30, What::Meeting),
            happening(1, 60, What::Meeting),
            happening(2, 29, What::Meeting),
            happening(3, 40, What::Meeting),
            happening(2, 40, What::Won(None)),
        ];
        let of = |measure| {
            let goal = goal(measure, "");
            figure(&goal, &counted(&goal, &happenings, &handovers)).value
        };
        assert_eq!((of(Measure::Meetings), of(Measure::Wins)), (2.0, 1.0));
    }

    #[test]
    fn a_value_takes_the_last_word_on_a_win_and_says_what_it_leaves_out() {
        let handovers = (1..=4).map(|lead| (lead, vec![Instant(0)])).collect();
        let happenings = [
            happening(1, 1, won("EUR", 5_000_000)),
            happening(1, 2, won("EUR", 7_500_000)),
            happening(2, 1, won("EUR", 1_000_000)),
            happening(3, 1, won("USD", 9_000_000)),
            happening(4, 1, What::Won(None)),
        ];
        let goal = goal(Measure::Value, "EUR");
        let found = figure(&goal, &counted(&goal, &happenings, &handovers));
        let expected = Figure {
            value: 8.5,
            left_out: 2,
        };
        assert_eq!(found, expected);
    }
}
