//! All SQL about what an admin sets for the whole workspace besides its name.

use crate::both;
use crate::db::Conn;
use crate::error::Result;
use crate::rules::stage::Stage;
use crate::schema::{stage_names, workspace};
use diesel::prelude::*;

/// How many days some data is kept; `None` for ever, where nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Keeping {
    /// Notices that were read.
    pub notices_days: Option<i32>,
    /// Uploaded files that wait to be confirmed; `None` for a day.
    pub uploads_days: Option<i32>,
    /// Addresses in the record.
    pub addresses_days: Option<i32>,
    /// What is personal of leads that are over, from the last thing on that happened to them.
    pub leads_days: Option<i32>,
}

impl Keeping {
    /// For so many days an uploaded file waits.
    pub fn uploads_wait_days(&self) -> i32 {
        self.uploads_days.unwrap_or(1)
    }
}

pub fn keeping(conn: &mut Conn) -> Result<Keeping> {
    Ok(workspace::table
        .select((
            workspace::keep_notices_days,
            workspace::keep_uploads_days,
            workspace::keep_addresses_days,
            workspace::keep_leads_days,
        ))
        .first(conn)?)
}

pub fn set_keeping(conn: &mut Conn, keeping: &Keeping) -> Result<()> {
    diesel::update(workspace::table)
        .set((
            workspace::keep_notices_days.eq(keeping.notices_days),
            workspace::keep_uploads_days.eq(keeping.uploads_days),
            workspace::keep_addresses_days.eq(keeping.addresses_days),
            workspace::keep_leads_days.eq(keeping.leads_days),
        ))
        .execute(conn)?;
    Ok(())
}

/// The stages that are called otherwise here, with their names.
pub fn stage_names(conn: &mut Conn) -> Result<Vec<(Stage, String)>> {
    Ok(stage_names::table
        .order(stage_names::stage)
        .select((stage_names::stage, stage_names::name))
        .load(conn)?)
}

pub fn set_stage_names(conn: &mut Conn, names: &[(Stage, String)]) -> Result<()> {
    diesel::delete(stage_names::table).execute(conn)?;
    let row = |(stage, name): &(Stage, String)| {
        (
            stage_names::stage.eq(*stage),
            stage_names::name.eq(name.clone()),
        )
    };
    let rows: Vec<_> = names.iter().map(row).collect();
    if !rows.is_empty() {
        both!(conn, |c| diesel::insert_into(stage_names::table)
            .values(&rows)
            .execute(c))?;
    }
    Ok(())
}
