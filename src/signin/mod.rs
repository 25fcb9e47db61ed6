//! Signing in and out, and who asks: sessions are rows.

pub mod pages;
pub mod store;

use crate::db::Conn;
use crate::error::Result;
use crate::kept::{Kept, Shelf};
use crate::people::Directory;
use crate::rules::access::{Me, Role};
use crate::rules::zone::Zone;
use crate::secret::{self, token_hash};
use crate::urls;
use crate::value::Instant;

/// How long a session lasts after signing in.
pub const SESSION_DAYS: i64 = 30;

/// Where to sign in, and then go on to `path`.
pub fn address(path: &str) -> String {
    let next = if path == "/" { "" } else { path };
    urls::with_query("/sign-in", &[("next", next)])
}

/// Begins a session for a person and returns its token.
pub fn begin(conn: &mut Conn, person_id: i64, now: Instant, user_agent: &str) -> Result<String> {
    let token = secret::token()?;
    let expires_at = now.plus_seconds(SESSION_DAYS * 86_400);
    store::add(
        conn,
        &token_hash(&token),
        person_id,
        now,
        expires_at,
        user_agent,
    )?;
    Ok(token)
}

/// What a request starts from: the reference data, whose session its token is, and how many notices they have not read.
/// Nobody for an unknown or expired one and for leavers.
pub fn begin_request<'a>(
    conn: &mut Conn,
    shelf: &'a Shelf,
    token: Option<&str>,
    now: Instant,
) -> Result<(Kept<'a>, Option<Me>, i64)> {
    let token_hash = token.map(token_hash).unwrap_or_default();
    let begun = store::session(conn, &token_hash, now)?;
    let kept = shelf.at(begun.version);
    let who = match begun.person_id {
        Some(id) => me(&*kept.get::<Directory>(conn)?, id, now),
        None => None,
    };
    Ok((kept, who, begun.unread.unwrap_or(0)))
}

/// A person as who asks; `None` for a leaver.
pub fn me(directory: &Directory, person_id: i64, now: Instant) -> Option<Me> {
    let person = directory.person(person_id)?;
    if person.left_on.is_some() {
        return None;
    }
    let named = |name: Option<&String>| name.and_then(|name| Zone::named(name));
    let own = named(person.time_zone.as_ref());
    let newest = directory.memberships_of(person_id).next_back();
    let team = newest.and_then(|newest| directory.team(newest.team_id));
    let zone = own
        .or_else(|| named(team?.time_zone.as_ref()))
        .unwrap_or_else(|| directory.workspace.zone.clone());
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
