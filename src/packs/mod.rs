//! What Monday packs keep: their content, and what of it is forgotten when somebody is erased. `monday` makes them and
//! shows them.

pub mod content;
mod erased;
mod store;

pub use content::Content;
pub use erased::{Erased, rename};

use crate::db::Conn;
use crate::error::{Error, Result};
use serde_json::Value;

/// The packs that keep at rest a name or words that their readers are not shown any more, by id, each as it should be
/// kept: every figure of it as it was. One that cannot be read is left to `check`.
pub fn differing(conn: &mut Conn) -> Result<Vec<(i64, String)>> {
    let mut found = Vec::new();
    let erased = Erased::read(conn)?;
    for id in store::ids(conn)? {
        let text = store::content(conn, id)?;
        let Ok(before) = serde_json::from_str::<Content>(&text) else {
            continue;
        };
        let mut after = before.clone();
        erased.forget(&mut after);
        if after != before {
            found.push((id, rewritten(&text, &before, &after)?));
        }
    }
    Ok(found)
}

/// Keeps at rest what readers are shown: called in the transaction that erases somebody. Returns how many packs were
/// rewritten.
pub fn forget(conn: &mut Conn) -> Result<usize> {
    let differing = differing(conn)?;
    for (id, text) in &differing {
        store::set_content(conn, *id, text)?;
    }
    Ok(differing.len())
}

/// The text with the words that differ, and nothing else: what a release did not know, or did not say yet, stays away.
fn rewritten(text: &str, before: &Content, after: &Content) -> Result<String> {
    let mut kept: Value = serde_json::from_str(text).map_err(Error::internal)?;
    let before = serde_json::to_value(before).map_err(Error::internal)?;
    let after = serde_json::to_value(after).map_err(Error::internal)?;
    put(&mut kept, &before, &after);
    serde_json::to_string(&kept).map_err(Error::internal)
}

/// Puts the words of `after` where those of `before` stand. Both have one shape; `kept` may lack parts of it.
fn put(kept: &mut Value, before: &Value, after: &Value) {
    match (kept, before, after) {
        (_, before, after) if before == after => {}
        (Value::Object(kept), Value::Object(before), Value::Object(after)) => {
            for (key, kept) in kept.iter_mut() {
                if let (Some(before), Some(after)) = (before.get(key), after.get(key)) {
                    put(kept, before, after);
                }
            }
        }
        (Value::Array(kept), Value::Array(before), Value::Array(after)) => {
            for (kept, (before, after)) in kept.iter_mut().zip(before.iter().zip(after)) {
                put(kept, before, after);
            }
        }
        (Value::String(kept), _, Value::String(after)) => kept.clone_from(after),
        _ => {}
    }
}
