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
    let called = |names: &[(Stage, String)], stage: Stage| {
        let name = names.iter().find(|(named, _)| *named == stage);
        name.map_or(stage.label().to_owned(), |(_, name)| name.clone())
    };
    let fields: Vec<(&str, String, String)> = Stage::ALL
        .iter()
        .map(|stage| (stage.word(), called(&before, *stage), called(&own, *stage)))
        .collect();
    let fields: Vec<(&str, &str, &str)> = fields
        .iter()
        .map(|(stage, was, became)| (*stage, was.as_str(), became.as_str()))
        .collect();
    let (was, became) = audit::differing(&fields);
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
    let days = |days: Option<i32>| match days {
        None => "for ever".to_owned(),
        Some(1) => "1 day".to_owned(),
        Some(days) => format!("{days} days"),
    };
    let uploads = |keeping: &Keeping| days(Some(keeping.uploads_wait_days()));
    let (was, became) = audit::differing(&[
        (
            "notices",
            &days(before.notices_days),
            &days(keeping.notices_days),
        ),
        ("uploads", &uploads(&before), &uploads(keeping)),
        (
            "addresses",
            &days(before.addresses_days),
            &days(keeping.addresses_days),
        ),
        (
            "leads that are over",
            &days(before.leads_days),
            &days(keeping.leads_days),
        ),
    ]);
    audit::change(tx, "changed", ("workspace", None), &was, &became)
}
