//! All SQL about entries of lists that are made one.

use crate::db::Conn;
use crate::error::Result;
use crate::lists::List;
use crate::schema::{definition_levels, handovers, labels, leads};
use diesel::prelude::*;

/// The newest version of the definitions that has a level for one of some sources.
pub fn level_of(conn: &mut Conn, ids: &[i64]) -> Result<Option<i64>> {
    let ids: Vec<Option<i64>> = ids.iter().copied().map(Some).collect();
    Ok(definition_levels::table
        .filter(definition_levels::source_id.eq_any(ids))
        .order(definition_levels::definition_id.desc())
        .select(definition_levels::definition_id)
        .first(conn)
        .optional()?)
}

/// Makes the leads and hand-overs of one source or campaign those of another; how many leads that were.
pub fn move_leads(conn: &mut Conn, list: List, from: i64, to: i64) -> Result<usize> {
    match list {
        List::Source => {
            diesel::update(handovers::table.filter(handovers::source_id.eq(from)))
                .set(handovers::source_id.eq(to))
                .execute(conn)?;
            Ok(
                diesel::update(leads::table.filter(leads::source_id.eq(from)))
                    .set(leads::source_id.eq(to))
                    .execute(conn)?,
            )
        }
        List::Campaign => {
            diesel::update(handovers::table.filter(handovers::campaign_id.eq(from)))
                .set(handovers::campaign_id.eq(to))
                .execute(conn)?;
            Ok(
                diesel::update(leads::table.filter(leads::campaign_id.eq(from)))
                    .set(leads::campaign_id.eq(to))
                    .execute(conn)?,
            )
        }
        List::Asset | List::Territory => Ok(0),
    }
}

/// Retires an entry: another is meant by it, and by all that meant it.
pub fn mean(conn: &mut Conn, id: i64, kept: i64) -> Result<()> {
    let meant = labels::same_as_id.eq(id).or(labels::id.eq(id).nullable());
    diesel::update(labels::table.filter(meant))
        .set((labels::is_retired.eq(true), labels::same_as_id.eq(kept)))
        .execute(conn)?;
    Ok(())
}
