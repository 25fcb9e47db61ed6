//! What is no longer to be kept goes, once a day.

use crate::app::App;
use crate::audit;
use crate::erasure;
use crate::error::Result;
use crate::packs;
use crate::people::settings;

/// That something was told is known by the notice itself: dropped sooner, it would be told again and again.
const ONCE_DAYS: i32 = 60;

pub fn clear(app: &App) -> Result<()> {
    forget_silent(app)?;
    forget(app)?;
    app.write(|tx| {
        let keeping = settings::store::keeping(tx.conn)?;
        let before = |days: i32| tx.now.plus_seconds(-86_400 * i64::from(days));
        if let Some(days) = keeping.notices_days {
            super::store::drop_notices(tx.conn, before(days), before(ONCE_DAYS))?;
        }
        super::store::drop_uploads(tx.conn, before(keeping.uploads_wait_days()))?;
        if let Some(days) = keeping.addresses_days {
            let blanked = audit::store::blank_addresses(tx.conn, before(days))?;
            if blanked > 0 {
                let detail = format!("of {blanked} entries, older than {days} days");
                audit::note(tx, "forgot the addresses in", "record", None, &detail)?;
            }
        }
        Ok(())
    })
}

/// What is personal of leads that are over goes when they were silent for long enough, one lead at a time, so that nobody
/// waits for all of them.
fn forget_silent(app: &App) -> Result<()> {
    let Some(days) = app.db.snapshot(settings::store::keeping)?.leads_days else {
        return Ok(());
    };
    let now = app.clock.now();
    let found = app.db.snapshot(|conn| erasure::silent(conn, now, days))?;
    for id in &found {
        app.write(|tx| erasure::erase_silent(tx, *id, days))?;
    }
    if !found.is_empty() {
        app.db.let_go_of_log();
    }
    Ok(())
}

/// Packs keep nothing of who was erased, also where that was done by a release that left their names in them, or a pack was
/// just being made. They are read before the writing.
fn forget(app: &App) -> Result<()> {
    let differing = app.db.snapshot(packs::differing)?;
    if differing.is_empty() {
        return Ok(());
    }
    app.write(|tx| packs::forget(tx.conn).map(drop))
}
