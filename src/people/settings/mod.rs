//! What an admin sets for the whole workspace besides its name: what stages are called, and how long data is kept.

pub mod store;

pub use store::Keeping;

use crate::app::Tx;
use crate::audit;
use crate::error::Result;
use crate::rules::stage::Stage;

/// Says what all stages are called; the usual names are not kept.
pub fn name_stages(tx: &mut Tx, names: &[(Stage, String)]) -> Result<()> {
    let before = store::stage_names(tx.conn)?;
    let own = names.iter().filter(|(stage, name)| stage.label() != name);
    let own: Vec<(Stage, String)> = own.cloned().collect();
    store::set_stage_names(tx.conn, &own)?;
    let list = |names: &[(Stage, String)]| {
        let names = names.iter().map(|(stage, name)| format!("{stage} {name}"));
        names.collect::<Vec<_>>().join(", ")
    };
    let (was, became) = (list(&before), list(&own));
    audit::change(
        tx,
        "named the stages of",
        ("workspace", None),
        &was,
        &became,
    )
}

/// Says how long some data is kept.
pub fn keep_for(tx: &mut Tx, keeping: &Keeping) -> Result<()> {
    let before = store::keeping(tx.conn)?;
    store::set_keeping(tx.conn, keeping)?;
    let days = |days: Option<i32>| days.map_or("for ever".to_owned(), |d| format!("{d} days"));
    let (was, became) = audit::differing(&[
        (
            "notices",
            &days(before.notices_days),
            &days(keeping.notices_days),
        ),
        (
            "uploads",
            &days(before.uploads_days),
            &days(keeping.uploads_days),
        ),
        (
            "addresses",
            &days(before.addresses_days),
            &days(keeping.addresses_days),
        ),
    ]);
    audit::change(tx, "changed", ("workspace", None), &was, &became)
}
