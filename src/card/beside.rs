//! What stands beside the activities of a card: leads reached, and of bests the share reached. Source: PRODUCT.md 7, rule 9.

use crate::activities::totals::Span;
use crate::activities::totals::beside::{self, leads_words};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::Result;
use crate::habit::{Habit, Points};
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
        let mut best = |best: Option<(NaiveDate, f64)>, days: u64| -> Result<String> {
            let Some((first, _)) = best else {
                return Ok(String::new());
            };
            let last = first.checked_add_days(Days::new(days - 1)).unwrap_or(first);
            let span = span(cx, person_id, (first, last));
            let all = beside::by(conn, cx.kept, &span, |_, _| Some(()))?;
            Ok(all.get(&()).copied().unwrap_or_default().words())
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
