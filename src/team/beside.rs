//! What stands beside every volume of a board: of each row, of all of them together, and of each team's bar.

use super::read::Reading;
use super::{Board, Row, Who, goal};
use crate::activities::totals::{self, ReachedOrNot};
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::rules::rates::Rate;
use crate::rules::target::Metric;
use std::collections::HashMap;

/// Counts of what stands beside every volume. Source: PRODUCT.md 7, rule 9.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Beside {
    pub activities: f64,
    pub reached: f64,
    pub leads_reached: f64,
    /// Of the activities, those that were entered late.
    pub late: f64,
}

impl Beside {
    /// Of the activities, those that reached somebody.
    pub fn share_reached(&self) -> Rate {
        let [k, n] = [self.reached, self.activities].map(|count| count.max(0.0) as u64);
        Rate { k, n }
    }

    /// Of the activities, those that were entered late.
    pub fn share_late(&self) -> Rate {
        let [k, n] = [self.late, self.activities].map(|count| count.max(0.0) as u64);
        Rate { k, n }
    }
}

/// What the rows that are shown have together; leads reached cannot be added up.
pub fn together(rows: &[Row], beside: &HashMap<Who, Beside>) -> Beside {
    let shown = rows.iter().filter(|row| !row.is_line);
    let theirs = shown.filter_map(|row| beside.get(&row.who));
    theirs.fold(Beside::default(), |sum, one| Beside {
        activities: sum.activities + one.activities,
        reached: sum.reached + one.reached,
        late: sum.late + one.late,
        ..sum
    })
}

/// Puts beside what a board says of several people together what stands beside every volume. `sums`
/// are those of the reading's days. Source: PRODUCT.md 7, rule 9.
pub fn put(
    conn: &mut Conn,
    kept: Kept,
    reading: &Reading,
    board: &mut Board,
    (beside, sums): (&HashMap<Who, Beside>, &[ReachedOrNot]),
) -> Result<()> {
    if board.all().is_some() {
        board.beside_together = Beside {
            leads_reached: match (&reading.filters.metric, board.together) {
                (Metric::LeadsReached, Some(leads)) => leads,
                _ => goal::leads_of(conn, kept, reading, &board.rows)?,
            },
            ..together(&board.rows, beside)
        };
    }
    if board.bars.is_empty() {
        return Ok(());
    }
    let mut of_teams: HashMap<i64, Beside> = HashMap::new();
    for sum in sums {
        let Some(team) = sum.team_id else { continue };
        let one = of_teams.entry(team).or_default();
        one.activities += sum.quantity as f64;
        one.reached += if sum.is_reached {
            sum.quantity as f64
        } else {
            0.0
        };
    }
    let metric = Metric::LeadsReached;
    let leads = totals::by(conn, kept, &metric, &reading.span(), |_, team, _| team)?;
    for bar in &mut board.bars {
        bar.beside = of_teams.get(&bar.team_id).copied().unwrap_or_default();
        bar.beside.leads_reached = leads.get(&bar.team_id).copied().unwrap_or(0.0);
    }
    Ok(())
}
