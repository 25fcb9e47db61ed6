//! What a set of rules would do to the leads there are, before it is saved.

use super::store::{self, ScoredLead};
use super::{BATCH_LEADS, Ground, Known};
use crate::db::Conn;
use crate::error::Result;
use crate::rules::lead_score::Rules;
use crate::value::Instant;

/// How many of the largest changes are shown.
const CHANGES: usize = 10;
/// Scores are counted in bands of ten points.
pub const BANDS: usize = 10;

/// A lead whose score would change.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub lead_id: i64,
    pub before: Option<f64>,
    pub after: Option<f64>,
    /// Where it stands among all, 1 for the highest score; those of the same score share a place.
    pub place_before: usize,
    pub place_after: usize,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Preview {
    /// Leads in nurture or with sales.
    pub leads: usize,
    /// How many would have a score that is not the one they have.
    pub changed: usize,
    /// How many would be on the line or above it.
    pub above: usize,
    /// The leads that would reach the line, and those that would fall below it.
    pub up: Vec<i64>,
    pub down: Vec<i64>,
    /// The ten largest, the largest first.
    pub largest: Vec<Change>,
    /// How many leads have a score in each band, before and after; without a score in none.
    pub before: [usize; BANDS],
    pub after: [usize; BANDS],
}

struct Row {
    id: i64,
    before: Option<f64>,
    after: Option<f64>,
}

/// Computes what saving these rules now would do, and writes nothing.
pub fn preview(conn: &mut Conn, rules: &Rules, now: Instant) -> Result<Preview> {
    let ground = Ground::new(conn, rules.clone())?;
    let mut found = Preview::default();
    let mut rows: Vec<Row> = Vec::new();
    let mut after = 0;
    loop {
        let leads = store::next_scored(conn, after, BATCH_LEADS)?;
        let Some(last) = leads.last() else { break };
        after = last.id;
        look(conn, &ground, &leads, now, &mut found, &mut rows)?;
    }
    found.leads = rows.len();
    for row in &rows {
        count(&mut found.before, row.before);
        count(&mut found.after, row.after);
    }
    found.largest = largest(&rows);
    Ok(found)
}

fn look(
    conn: &mut Conn,
    ground: &Ground,
    leads: &[ScoredLead],
    now: Instant,
    found: &mut Preview,
    rows: &mut Vec<Row>,
) -> Result<()> {
    let known = Known::load(conn, leads)?;
    let ids: Vec<i64> = leads.iter().map(|lead| lead.id).collect();
    let above = store::above(conn, &ids)?;
    for lead in leads {
        let after = ground.holds(lead, &known, now);
        let is_above = ground.rules.is_above(after);
        found.changed += usize::from(after != lead.score);
        found.above += usize::from(is_above);
        match (above.contains(&lead.id), is_above) {
            (false, true) => found.up.push(lead.id),
            (true, false) => found.down.push(lead.id),
            _ => {}
        }
        rows.push(Row {
            id: lead.id,
            before: lead.score,
            after,
        });
    }
    Ok(())
}

fn count(bands: &mut [usize; BANDS], score: Option<f64>) {
    if let Some(score) = score {
        let band = (score / (100.0 / BANDS as f64)).floor().max(0.0) as usize;
        bands[band.min(BANDS - 1)] += 1;
    }
}

fn largest(rows: &[Row]) -> Vec<Change> {
    let size = |row: &Row| (row.after.unwrap_or(0.0) - row.before.unwrap_or(0.0)).abs();
    let mut changed: Vec<&Row> = rows.iter().filter(|row| row.after != row.before).collect();
    changed.sort_by(|a, b| size(b).total_cmp(&size(a)).then(a.id.cmp(&b.id)));
    changed.truncate(CHANGES);
    let place = |score: Option<f64>, of: fn(&Row) -> Option<f64>| {
        1 + rows.iter().filter(|row| of(row) > score).count()
    };
    let change = |row: &&Row| Change {
        lead_id: row.id,
        before: row.before,
        after: row.after,
        place_before: place(row.before, |row| row.before),
        place_after: place(row.after, |row| row.after),
    };
    changed.iter().map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_holds_ten_points_and_the_last_one_the_most_too() {
        let mut bands = [0; BANDS];
        for score in [
            Some(0.0),
            Some(9.99),
            Some(10.0),
            Some(99.0),
            Some(100.0),
            None,
        ] {
            count(&mut bands, score);
        }
        assert_eq!((bands[0], bands[1], bands[9]), (2, 1, 2));
    }

    #[test]
    fn the_largest_changes_come_first_with_their_places_among_all() {
        let row = |id, before, after| Row { id, before, after };
        let rows = [
            row(1, Some(10.0), Some(80.0)),
            row(2, Some(50.0), Some(50.0)),
            row(3, None, Some(20.0)),
        ];
        let found = largest(&rows);
        let ids: Vec<i64> = found.iter().map(|change| change.lead_id).collect();
        assert_eq!(ids, [1, 3]);
        assert_eq!((found[0].place_before, found[0].place_after), (2, 1));
        assert_eq!((found[1].place_before, found[1].place_after), (3, 3));
    }
}
