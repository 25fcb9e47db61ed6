//! Leads that were won, each with whom it is credited to.

mod store;

use crate::db::Conn;
use crate::error::Result;
use crate::value::Instant;

/// A win.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Win {
    pub lead_id: i64,
    pub at: Instant,
    /// Who owned the lead when it was won; `None` where nobody did.
    pub owner_id: Option<i64>,
}

/// The wins of a span, its first and its last instant included, in order of time. Two queries.
pub fn wins(conn: &mut Conn, span: (Instant, Instant)) -> Result<Vec<Win>> {
    let won = store::won(conn, span)?;
    if won.is_empty() {
        return Ok(Vec::new());
    }
    let owners = store::owners(conn, span)?;
    let mut wins: Vec<Win> = won
        .into_iter()
        .map(|(lead_id, at)| Win {
            lead_id,
            at,
            owner_id: owners.at(lead_id, at),
        })
        .collect();
    wins.sort_unstable_by_key(|win| (win.at, win.lead_id));
    Ok(wins)
}
