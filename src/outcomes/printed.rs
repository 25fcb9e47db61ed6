//! The faces of the report as programs read them.

use super::quality::Printed;
use super::{Face, Filters, content, reasons, scores, speed, value};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::rules::access::Me;
use serde::Serialize;

/// Reads a face as JSON; `me` sees what they may, and nobody (the command line) sees all.
pub fn json(conn: &mut Conn, face: Face, filters: &Filters, me: Option<&Me>) -> Result<String> {
    match face {
        Face::Funnel => text(&super::report(conn, filters, me)?),
        Face::Quality => text(&Printed::of(&super::report(conn, filters, me)?)),
        Face::Reasons => text(&reasons::report(conn, filters, me)?),
        Face::Value => text(&value::report(conn, filters, me)?),
        Face::Scores => text(&scores::report(conn, filters, me)?),
        Face::Content => text(&content::report(conn, filters, me)?),
        Face::Speed => text(&speed::report(conn, filters, me)?),
    }
}

fn text(report: &impl Serialize) -> Result<String> {
    serde_json::to_string(report).map_err(Error::internal)
}
