//! The reports for programs: what `touchline report` prints as JSON, of what the asker's pages show them. It is read with a
//! key, or in a session, and nothing is changed here.

mod asked;

pub use asked::parameters;

use crate::app::Cx;
use crate::cli::report::Asking;
use crate::error::{Error, Result};
use crate::page::{self, Answer, Reply};
use crate::people::keys;
use crate::secret::token_hash;
use crate::signin::FACTOR_PAGE;
use crate::signin::throttle::Try;

/// Where its addresses begin. A key is looked at here and nowhere else.
const PLACE: &str = "/api/";

pub fn is_at(path: &str) -> bool {
    path.starts_with(PLACE)
}

pub fn follow_up_speed(cx: &Cx) -> Answer {
    report(cx, "follow-up-speed")
}

pub fn leaderboard(cx: &Cx) -> Answer {
    report(cx, "leaderboard")
}

pub fn outcomes(cx: &Cx) -> Answer {
    report(cx, "outcomes")
}

pub fn habits(cx: &Cx) -> Answer {
    report(cx, "habits")
}

/// The report of this name, as the asker may see it.
fn report(cx: &Cx, name: &str) -> Answer {
    let me = cx.me()?;
    let command = asked::command(name, &cx.query())?;
    let told = cx.snapshot(|conn| {
        let asking = Asking {
            kept: cx.kept,
            now: cx.now,
            me: Some(me),
        };
        command.json(conn, &asking)
    });
    let told = told.map_err(asked::in_parameters)?;
    if let Some(key) = &cx.request.key {
        note_use(cx, key)?;
    }
    Ok(page::json(200, told))
}

/// Writes down that a key was used, once a day. It goes on opening where nothing can be written just now.
fn note_use(cx: &Cx, key: &str) -> Result<()> {
    let (hash, today) = (token_hash(key), cx.zone().day_of(cx.now));
    let known = cx.read(|conn| keys::store::of_token(conn, &hash))?;
    if known.is_some_and(|(_, used_on)| used_on == Some(today)) {
        return Ok(());
    }
    let noted = cx.write(|tx| keys::store::set_used(tx.conn, &hash, today));
    if let Err(error) = noted {
        tracing::warn!(%error, "the use of a key was not noted");
    }
    Ok(())
}

/// A key that opens nothing; after too many of them the sentence is another one. A good key is never kept out: it is looked
/// up before anything is counted.
pub fn wrong_key(cx: &Cx) -> Answer {
    match Try::of_key(cx).take(cx)? {
        Ok(()) => Ok(said(
            401,
            &format!(
                "This key opens nothing: it is mistyped, or has ended. Make another one under {}/me/api-keys.",
                cx.origin()
            ),
        )),
        Err(wait_s) => Ok(said(
            429,
            &format!(
                "Too many wrong keys came from here. Wait {} min, and look at what sends them.",
                wait_s.div_euclid(60) + 1
            ),
        )),
    }
}

/// To somebody whose role asks for a second factor that they have not set up.
pub fn lacks_factor(cx: &Cx) -> Reply {
    let why = format!(
        "Your role asks for a second factor: set it up under {}{FACTOR_PAGE} first.",
        cx.origin()
    );
    said(403, &why)
}

/// An error for a program. The request is known by its id.
pub fn refusal(error: Error, id: &str) -> Reply {
    match error {
        Error::SignIn => said(
            401,
            "Send a key as \"Authorization: Bearer KEY\": you make one under /me/api-keys.",
        ),
        Error::Forbidden => said(
            403,
            "This report is not for your role. Ask an admin if you need it.",
        ),
        Error::NotFound => said(
            404,
            "There is nothing here: GET /api/reports/ and one of follow-up-speed, leaderboard, outcomes or habits.",
        ),
        Error::Refused(why) => said(400, &why),
        Error::Conflict(why) => said(409, &why),
        Error::Unavailable(why) => said(503, &format!("Try again in a moment: {why}.")),
        Error::Internal(_) => said(
            500,
            &format!(
                "Something went wrong on our side. If it stays, tell your admin this code: {id}"
            ),
        ),
    }
}

fn said(status: u16, sentence: &str) -> Reply {
    let body = serde_json::json!({ "error": sentence });
    page::json(status, format!("{body}\n"))
}
