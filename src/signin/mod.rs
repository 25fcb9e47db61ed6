//! Signing in and out, and who asks: sessions are rows.

pub mod pages;
pub mod store;

use crate::db::Conn;
use crate::error::Result;
use crate::people::store::Membership;
use crate::rules::access::Me;
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

/// Whose session a token is; `None` for an unknown or expired one and for leavers.
pub fn whose(
    conn: &mut Conn,
    token: &str,
    now: Instant,
    workspace_zone: &Zone,
) -> Result<Option<Me>> {
    let rows = store::whose(conn, &token_hash(token), now)?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let own = first.time_zone.as_deref().and_then(Zone::named);
    let team = rows
        .last()
        .and_then(|row| row.team_zone.as_deref())
        .and_then(Zone::named);
    let zone = own.or(team).unwrap_or_else(|| workspace_zone.clone());
    let today = zone.day_of(now);
    let memberships = rows.iter().rev().filter_map(|row| row.membership.as_ref());
    Ok(Some(Me {
        id: first.id,
        name: first.name.clone(),
        email: first.email.clone(),
        role: first.role,
        teams: memberships
            .filter(|m: &&Membership| m.holds_on(today))
            .map(|m| m.team_id)
            .collect(),
        zone,
    }))
}

/// Ends the session of a token.
pub fn end(conn: &mut Conn, token: &str) -> Result<()> {
    store::end(conn, &token_hash(token))
}
