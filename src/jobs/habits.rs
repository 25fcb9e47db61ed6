//! What closed weeks add up to, worked out before somebody asks: so that the first card after a start or an import
//! costs no more than any other.

use crate::app::App;
use crate::error::Result;
use crate::habit::{self, Ground};
use crate::people::Person;
use crate::signin;

/// Of everybody who is signed in, one after the other; what is in memory already costs nothing.
pub fn remember(app: &App) -> Result<()> {
    let now = app.clock.now();
    let signed_in = app.db.read(|conn| signin::store::signed_in(conn, now))?;
    let ground = app.db.read(|conn| {
        let kept = app.shelf.now(conn)?;
        Ground::kept(conn, kept)
    })?;
    let is_signed_in = |person: &&Person| signed_in.contains(&person.id);
    for person in ground.loggers().filter(is_signed_in) {
        app.db.read(|conn| {
            let kept = app.shelf.now(conn)?;
            habit::remember(conn, kept, &ground, person, now)
        })?;
    }
    Ok(())
}
