//! The faces of the report as programs read them.

use super::quality::Printed;
use super::{Face, Filters, content, reasons, scores, speed, value};
use crate::db::Conn;
use crate::error::{Error, Result};
use serde::Serialize;

/// Reads a face as JSON, of all hand-overs: this is for the command line, where nobody asks.
pub fn json(conn: &mut Conn, face: Face, filters: &Filters) -> Result<String> {
    match face {
        Face::Funnel => text(&super::report(conn, filters, None)?),
        Face::Quality => text(&Printed::of(&super::report(conn, filters, None)?)),
        Face::Reasons => text(&reasons::report(conn, filters, None)?),
        Face::Value => text(&value::report(conn, filters, None)?),
        Face::Scores => text(&scores::report(conn, filters, None)?),
        Face::Content => text(&content::report(conn, filters, None)?),
        Face::Speed => text(&speed::report(conn, filters, None)?),
    }
}

fn text(report: &impl Serialize) -> Result<String> {
    serde_json::to_string(report).map_err(Error::internal)
}
