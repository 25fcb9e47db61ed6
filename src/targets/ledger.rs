//! The ledger as read: which target holds for whom on which day.

use super::{Whose, store};
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Keep;
use crate::people;
use crate::people::store::Membership;
use crate::rules::target::{self, DayShare, Metric, Period, TargetRow};
use chrono::NaiveDate;
use std::collections::HashMap;

/// The targets of everybody: their own rows, and those of a team on the days on which they are
/// a member of it. A person's own row goes before a team's; of a person in two teams the row that was valid last holds.
pub struct Ledger {
    rows: HashMap<Whose, Vec<TargetRow>>,
    memberships: HashMap<i64, Vec<Membership>>,
}

impl Keep for Ledger {
    fn load(conn: &mut Conn) -> Result<Ledger> {
        let memberships = people::store::memberships(conn)?;
        Ok(Ledger::new(store::all(conn)?, memberships))
    }
}

impl Ledger {
    fn new(entries: Vec<store::Entry>, memberships: Vec<Membership>) -> Ledger {
        let mut ledger = Ledger {
            rows: HashMap::new(),
            memberships: HashMap::new(),
        };
        for entry in entries {
            // A metric that is not known any more asks nothing.
            if let (Some(whose), Some(row)) = (entry.whose(), entry.target()) {
                ledger.rows.entry(whose).or_default().push(row);
            }
        }
        for membership in memberships {
            ledger
                .memberships
                .entry(membership.person_id)
                .or_default()
                .push(membership);
        }
        ledger
    }

    /// A person's memberships, in the order in which they begin.
    pub fn memberships(&self, person_id: i64) -> &[Membership] {
        self.memberships.get(&person_id).map_or(&[], Vec::as_slice)
    }

    /// Every row that could hold for a person on a day, also those that came into force later or were replaced:
    /// `rules::target::in_force` chooses among them.
    pub fn rows(&self, person_id: i64, day: NaiveDate) -> Vec<&TargetRow> {
        let teams = self.memberships(person_id).iter();
        let teams = teams
            .filter(|m| m.holds_on(day))
            .map(|m| Whose::Team(m.team_id));
        teams
            .chain([Whose::Person(person_id)])
            .filter_map(|whose| self.rows.get(&whose))
            .flatten()
            .collect()
    }

    /// The targets that hold for a person on a day, one for each metric and period, by metric and then by period.
    /// A daily one for other weekdays is among them: what it asks of the day is `TargetRow::for_day`.
    pub fn in_force(&self, person_id: i64, day: NaiveDate) -> Vec<&TargetRow> {
        let rows = self.rows(person_id, day);
        let mut keys: Vec<(&Metric, Period)> =
            rows.iter().map(|row| (&row.metric, row.period)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter()
            .filter_map(|(metric, period)| {
                target::in_force(rows.iter().copied(), metric, period, day)
            })
            .filter(|row| row.amount > 0.0)
            .collect()
    }

    /// T'(d): what a person's daily target asks of a day whose fraction is f(d). `None` where it asks nothing.
    pub fn for_day(
        &self,
        person_id: i64,
        metric: &Metric,
        day: NaiveDate,
        fraction: f64,
    ) -> Option<f64> {
        let rows = self.rows(person_id, day);
        let row = target::in_force(rows, metric, Period::Day, day)?;
        Some(row.for_day(day, fraction)).filter(|asked| *asked > 0.0)
    }

    /// What a person's targets ask from `from` to `to`, both included: `rules::target::over`, with a team's rows on
    /// the days of membership. `share` may be asked for days around these. `None` where nothing is asked.
    pub fn over(
        &self,
        person_id: i64,
        metric: &Metric,
        from: NaiveDate,
        to: NaiveDate,
        mut share: impl FnMut(NaiveDate) -> DayShare,
    ) -> Option<f64> {
        let stretches = people::stretches(self.memberships(person_id), from, to);
        let asked = stretches.into_iter().filter_map(|(first, last)| {
            let rows = self.rows(person_id, first).into_iter().cloned();
            target::over(&rows.collect::<Vec<_>>(), metric, first, last, &mut share)
        });
        asked.reduce(|a, b| a + b)
    }

    /// What a person's weekly or monthly targets of a metric ask of a whole week or month: each day adds its part of the
    /// row that is in force on it, amount × f(d) / the scheduled fractions of all days. Source: METRICS.md 1.
    pub fn for_whole(
        &self,
        person_id: i64,
        (metric, period): (&Metric, Period),
        days: impl Iterator<Item = NaiveDate>,
        share: impl Fn(NaiveDate) -> DayShare,
    ) -> f64 {
        let (mut asked, mut scheduled) = (0.0, 0.0);
        for day in days {
            let share = share(day);
            scheduled += share.scheduled;
            let row = target::in_force(self.rows(person_id, day), metric, period, day);
            asked += row.map_or(0.0, |row| row.amount * share.fraction);
        }
        if scheduled > 0.0 {
            asked / scheduled
        } else {
            0.0
        }
    }

    /// Whether anybody's newest row of a metric asks for it.
    pub fn asks(&self, metric: &Metric) -> bool {
        let newest = |rows: &Vec<TargetRow>, period| {
            let row = target::in_force(rows, metric, period, NaiveDate::MAX);
            row.is_some_and(|row| row.amount > 0.0)
        };
        let mut all = self.rows.values();
        all.any(|rows| Period::ALL.iter().any(|period| newest(rows, *period)))
    }

    /// Every row that asks something and is, was or will be a person's, with the day on which they joined its team.
    pub fn ever(&self, person_id: i64) -> impl Iterator<Item = (NaiveDate, &TargetRow)> {
        let teams = self.memberships(person_id).iter();
        let teams = teams.map(|m| (m.from_day, Whose::Team(m.team_id)));
        let own = (NaiveDate::MIN, Whose::Person(person_id));
        teams
            .chain([own])
            .filter_map(|(joined, whose)| Some((joined, self.rows.get(&whose)?)))
            .flat_map(|(joined, rows)| rows.iter().map(move |row| (joined, row)))
            .filter(|(_, row)| row.amount > 0.0)
    }
}
