//! What stands beside the activities of a card: leads reached, and of bests the share reached. Source: PRODUCT.md 7, rule 9.

use crate::activities::totals::{self, Span};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::Result;
use crate::habit::{Habit, Points};
use crate::page;
use crate::rules::rates::Rate;
use crate::rules::target::Metric;
use chrono::{Days, NaiveDate};

/// Of one person.
pub struct Beside {
    person_id: i64,
    /// Leads reached on the days of the card.
    leads: Points,
    /// In words, of the best day and of the best week; empty without one.
    pub best_day: String,
    pub best_week: String,
}

impl Beside {
    pub fn read(conn: &mut Conn, cx: &Cx, habit: &Habit, person_id: i64) -> Result<Beside> {
        let mut days = habit.days().map(|day| day.day);
        let first = days.next();
        let last = days.next_back().or(first);
        let leads = match first.zip(last) {
            Some(days) => {
                let span = span(cx, person_id, days);
                Points::read(conn, cx.kept, [Metric::LeadsReached], &span)?
            }
            None => Points::default(),
        };
        let bests = habit.bests();
        let mut best = |best: Option<(NaiveDate, f64)>, days: u64| match best {
            None => Ok(String::new()),
            Some((first, _)) => {
                let last = first.checked_add_days(Days::new(days - 1)).unwrap_or(first);
                came(conn, cx, &span(cx, person_id, (first, last)))
            }
        };
        Ok(Beside {
            person_id,
            leads,
            best_day: best(bests.day, 1)?,
            best_week: best(bests.week, 7)?,
        })
    }

    /// `2 leads reached` on a day.
    pub fn of_day(&self, day: NaiveDate) -> String {
        leads_words(
            self.leads
                .of_day(&Metric::LeadsReached, self.person_id, day),
        )
    }
}

fn span(cx: &Cx, person_id: i64, (from, to): (NaiveDate, NaiveDate)) -> Span {
    Span {
        from,
        to,
        as_of: cx.now,
        people: Some(vec![person_id]),
    }
}

/// `3 leads reached, reached 16.0 % (4 of 25, likely 6.4 to 34.7 %)`.
fn came(conn: &mut Conn, cx: &Cx, span: &Span) -> Result<String> {
    let metric = Metric::LeadsReached;
    let leads = totals::by(conn, cx.kept, &metric, span, |_, _, _| Some(()))?;
    let mut rate = Rate::default();
    for sum in totals::reached_or_not(conn, span)? {
        let quantity = sum.quantity.max(0) as u64;
        rate.n += quantity;
        rate.k += if sum.is_reached { quantity } else { 0 };
    }
    let leads = leads_words(leads.get(&()).copied().unwrap_or(0.0));
    Ok(match rate.is_warming_up() {
        true => format!("{leads}, share reached warming up ({})", page::of(rate)),
        false => format!("{leads}, share reached {}", page::in_full(rate)),
    })
}

fn leads_words(leads: f64) -> String {
    match page::amount(leads) {
        one if one == "1" => "1 lead reached".to_owned(),
        leads => format!("{leads} leads reached"),
    }
}
