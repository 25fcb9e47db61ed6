//! Scores fade as signals grow old: what lists sort by is brought up to date once a day.

use crate::app::App;
use crate::error::Result;
use crate::leads;

pub fn refresh(app: &App) -> Result<()> {
    let mut after = Some(0);
    while let Some(id) = after {
        after = app.write(|tx| leads::score::refresh(tx, id))?;
    }
    Ok(())
}
