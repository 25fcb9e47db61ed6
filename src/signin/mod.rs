//! Signing in and out, and who asks: sessions are rows.

pub mod factor;
pub mod pages;
pub mod store;
pub mod throttle;

use crate::app::{App, Tx};
use crate::calendar::Calendars;
use crate::db::{Conn, Together};
use crate::error::{Error, Result};
use crate::kept::Kept;
use crate::people::{Directory, keys};
use crate::rules::access::{Me, Role};
use crate::secret::{self, token_hash};
use crate::urls;
use crate::value::Instant;
use std::sync::Arc;

/// How long a session lasts after signing in.
pub const SESSION_DAYS: i64 = 30;
/// How long somebody may take for the code of their second factor.
pub const CODE_MINUTES: i64 = 10;
/// How long a device is known after signing in on it.
pub const DEVICE_DAYS: i64 = 400;

/// Where somebody sets their second factor up.
pub const FACTOR_PAGE: &str = "/me/second-factor";

/// Whether a page is open to who must set up a second factor first.
pub fn is_before_factor(path: &str) -> bool {
    const OPEN: [&str; 6] = [
        "/sign-in",
        "/sign-in/code",
        "/sign-in/stop",
        "/sign-out",
        "/manifest.webmanifest",
        "/sw.js",
    ];
    path.starts_with(FACTOR_PAGE) || path.starts_with("/welcome/") || OPEN.contains(&path)
}

/// Where to sign in, and then go on to `path`.
pub fn address(path: &str) -> String {
    let next = if path == "/" { "" } else { path };
    urls::with_query("/sign-in", &[("next", next)])
}

/// Begins a session for a person and returns its token.
pub fn begin(tx: &mut Tx, person_id: i64, user_agent: &str) -> Result<String> {
    let expires_at = tx.now.plus_seconds(SESSION_DAYS * 86_400);
    add_session(tx, person_id, user_agent, (false, expires_at))
}

/// Begins what becomes a session with the code of the second factor, and opens nothing before.
pub fn begin_half(tx: &mut Tx, person_id: i64, user_agent: &str) -> Result<String> {
    let expires_at = tx.now.plus_seconds(CODE_MINUTES * 60);
    add_session(tx, person_id, user_agent, (true, expires_at))
}

fn add_session(
    tx: &mut Tx,
    person_id: i64,
    user_agent: &str,
    (awaits_code, expires_at): (bool, Instant),
) -> Result<String> {
    let token = secret::token()?;
    let session = store::NewSession {
        token_hash: &token_hash(&token),
        person_id,
        created_at: tx.now,
        expires_at,
        user_agent,
        address: tx.address,
        awaits_code,
    };
    store::add(tx.conn, &session, tx.now)?;
    Ok(token)
}

/// Knows a device again on which somebody has signed in, and returns its token: the one it has, else a new one.
pub fn know_device(tx: &mut Tx, person_id: i64, device: Option<&str>) -> Result<String> {
    let token = match device {
        Some(token) if store::is_device(tx.conn, &token_hash(token))? => token.to_owned(),
        _ => secret::token()?,
    };
    store::put_device(tx.conn, &token_hash(&token), person_id, tx.now)?;
    Ok(token)
}

/// What a request starts from: the reference data, whose session its token is, and how many notices they have not read.
/// Nobody for an unknown or expired one and for leavers.
pub fn begin_request<'a>(
    app: &'a App,
    token: Option<&str>,
    now: Instant,
) -> Result<(Kept<'a>, Option<Me>, i64)> {
    app.must_fit()?;
    let begun = begun(app, token.map(token_hash).unwrap_or_default(), now)?;
    let kept = app.shelf.at(begun.version);
    let who = asker(app, kept, begun.person_id, now)?;
    Ok((kept, who, begun.unread.unwrap_or(0)))
}

/// As [`begin_request`], of a program that shows a key. Nobody for an unknown or ended one and for leavers.
pub fn begin_with_key<'a>(app: &'a App, key: &str, now: Instant) -> Result<(Kept<'a>, Option<Me>)> {
    app.must_fit()?;
    let (version, found) = app.db.snapshot(|conn| {
        let nobody = store::session(conn, "", now)?;
        let found = keys::store::of_token(conn, &token_hash(key))?;
        Ok((nobody.version, found))
    })?;
    let kept = app.shelf.at(version);
    let person_id = found.map(|(person_id, _)| person_id);
    Ok((kept, asker(app, kept, person_id, now)?))
}

fn asker(app: &App, kept: Kept, person_id: Option<i64>, now: Instant) -> Result<Option<Me>> {
    let Some(id) = person_id else {
        return Ok(None);
    };
    let directory: Arc<Directory> = app.reference(kept)?;
    let calendars: Arc<Calendars> = app.reference(kept)?;
    Ok(me(&directory, &calendars, id, now))
}

/// Those whose requests begin just now.
type Beginning = Together<String, Result<store::Begun>>;

fn begun(app: &App, token_hash: String, now: Instant) -> Result<store::Begun> {
    if !app.db.is_far() {
        return app.db.read(|conn| store::session(conn, &token_hash, now));
    }
    let beginning = app.shelf.lasting::<Beginning>();
    let begun = beginning.ask(token_hash, |hashes| {
        match app.db.read(|conn| store::sessions(conn, &hashes, now)) {
            Ok(begun) => begun.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error); hashes.len()],
        }
    });
    begun.unwrap_or_else(|| Err(Error::internal("who asked for all panicked")))
}

/// A person as who asks; `None` for a leaver.
pub fn me(
    directory: &Directory,
    calendars: &Calendars,
    person_id: i64,
    now: Instant,
) -> Option<Me> {
    let person = directory.person(person_id)?;
    if person.left_on.is_some() {
        return None;
    }
    let zone = calendars.zone_at(person_id, now);
    let today = zone.day_of(now);
    let memberships = directory.memberships_of(person_id).rev();
    let teams: Vec<i64> = memberships
        .filter(|membership| membership.holds_on(today))
        .map(|membership| membership.team_id)
        .collect();
    Some(Me {
        id: person.id,
        uid: person.uid.clone(),
        name: person.name.clone(),
        email: person.email.clone(),
        role: person.role,
        managed: match person.role {
            Role::Manager => directory.members(&teams, today),
            _ => Vec::new(),
        },
        teams,
        zone,
        has_letter_keys: person.has_letter_keys,
    })
}

/// Ends the session of a token.
pub fn end(conn: &mut Conn, token: &str) -> Result<()> {
    store::end(conn, &token_hash(token))
}
