//! What is no longer to be kept goes, once a day.

use crate::app::App;
use crate::audit;
use crate::error::Result;
use crate::people::settings;

/// That something was told is known by the notice itself: dropped sooner, it would be told again and again.
const ONCE_DAYS: i32 = 60;

pub fn clear(app: &App) -> Result<()> {
    app.write(|tx| {
        let keeping = settings::store::keeping(tx.conn)?;
        let before = |days: i32| tx.now.plus_seconds(-86_400 * i64::from(days));
        if let Some(days) = keeping.notices_days {
            super::store::drop_notices(tx.conn, before(days), before(ONCE_DAYS))?;
        }
        if let Some(days) = keeping.uploads_days {
            super::store::drop_uploads(tx.conn, before(days))?;
        }
        if let Some(days) = keeping.addresses_days {
            audit::store::blank_addresses(tx.conn, before(days))?;
        }
        Ok(())
    })
}
