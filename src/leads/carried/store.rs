//! All SQL about what hand-overs carried, and about the further assets of leads.

use super::{Line, Part};
use crate::db::Conn;
use crate::error::Result;
use crate::insert_all;
use crate::schema::{handover_lines, lead_assets};
use crate::value::Instant;
use diesel::prelude::*;

#[derive(Insertable)]
#[diesel(table_name = handover_lines, treat_none_as_default_value = false)]
struct LineRow<'l> {
    handover_id: i64,
    part: Part,
    text: &'l str,
    points: Option<f64>,
    at: Option<Instant>,
}

pub fn add(conn: &mut Conn, handover_id: i64, lines: &[Line]) -> Result<()> {
    let rows = lines.iter().map(|line| LineRow {
        handover_id,
        part: line.part,
        text: &line.text,
        points: line.points,
        at: line.at,
    });
    let rows: Vec<LineRow> = rows.collect();
    insert_all!(conn, handover_lines::table, &rows);
    Ok(())
}

/// The lines of some hand-overs, in their order.
pub fn of_handovers(conn: &mut Conn, handover_ids: &[i64]) -> Result<Vec<(i64, Line)>> {
    type Row = (i64, Part, String, Option<f64>, Option<Instant>);
    let rows: Vec<Row> = handover_lines::table
        .filter(handover_lines::handover_id.eq_any(handover_ids))
        .order(handover_lines::id)
        .select((
            handover_lines::handover_id,
            handover_lines::part,
            handover_lines::text,
            handover_lines::points,
            handover_lines::at,
        ))
        .load(conn)?;
    let line = |(handover_id, part, text, points, at): Row| {
        let line = Line {
            part,
            text,
            points,
            at,
        };
        (handover_id, line)
    };
    Ok(rows.into_iter().map(line).collect())
}

/// What a lead responded to beside its main asset.
pub fn assets(conn: &mut Conn, lead_id: i64) -> Result<Vec<i64>> {
    Ok(lead_assets::table
        .filter(lead_assets::lead_id.eq(lead_id))
        .order(lead_assets::asset_id)
        .select(lead_assets::asset_id)
        .load(conn)?)
}

/// Replaces what was known.
pub fn set_assets(conn: &mut Conn, lead_id: i64, asset_ids: &[i64]) -> Result<()> {
    diesel::delete(lead_assets::table.filter(lead_assets::lead_id.eq(lead_id))).execute(conn)?;
    for asset_id in asset_ids {
        diesel::insert_into(lead_assets::table)
            .values((
                lead_assets::lead_id.eq(lead_id),
                lead_assets::asset_id.eq(asset_id),
            ))
            .execute(conn)?;
    }
    Ok(())
}
