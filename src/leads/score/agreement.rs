//! What the definitions say of the score: a draft begins with the rules in force, so that both sides sign what they are.

use super::{kind_names, lines, store};
use crate::app::Cx;
use crate::db::Conn;
use crate::definitions;
use crate::error::Result;
use crate::page::Answer;

/// Begins the draft of the next version.
pub fn begin_draft(cx: &Cx) -> Answer {
    let rules = cx.read(rules_in_force)?;
    definitions::pages::draft::create(cx, &rules)
}

/// The rules in force, a line each under their version; nothing where there are none.
fn rules_in_force(conn: &mut Conn) -> Result<Vec<String>> {
    let Some(set) = store::current(conn)? else {
        return Ok(Vec::new());
    };
    let names = kind_names(conn)?;
    let head = format!("{} {}:", definitions::RULES_IN_FORCE, set.version);
    Ok(std::iter::once(head)
        .chain(lines(&set.rules, &names))
        .collect())
}
