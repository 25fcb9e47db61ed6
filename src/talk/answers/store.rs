//! SQL about the hand-overs of leads that were rejected.

use crate::db::{BATCH_ROWS, Conn};
use crate::error::Result;
use crate::schema::handovers;
use crate::value::Instant;
use diesel::prelude::*;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = handovers)]
pub struct HandedOver {
    pub id: i64,
    pub lead_id: i64,
    #[diesel(column_name = handed_over_at)]
    pub at: Instant,
    pub by_id: Option<i64>,
    pub definition_id: i64,
}

/// Every hand-over of some leads.
pub fn handed_over(conn: &mut Conn, lead_ids: &[i64]) -> Result<Vec<HandedOver>> {
    let mut all = Vec::new();
    for ids in lead_ids.chunks(BATCH_ROWS) {
        let rows: Vec<HandedOver> = handovers::table
            .filter(handovers::lead_id.eq_any(ids))
            .select(HandedOver::as_select())
            .load(conn)?;
        all.extend(rows);
    }
    Ok(all)
}
