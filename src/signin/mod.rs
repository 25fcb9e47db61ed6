//! Signing in and out, and who asks: sessions are rows, passwords are Argon2id.

pub mod pages;
pub mod store;

use crate::app::App;
use crate::assets::hex;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::people::store::Membership;
use crate::rules::access::Me;
use crate::rules::zone::Zone;
use crate::urls;
use crate::value::Instant;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use sha2::{Digest, Sha256};

/// How long a session lasts after signing in.
pub const SESSION_DAYS: i64 = 30;

/// The fewest characters of a password (NIST SP 800-63B: length, and no rules of composition).
pub const PASSWORD_LEAST: usize = 10;
const PASSWORD_MOST: usize = 200;

/// Where to sign in, and then go on to `path`.
pub fn address(path: &str) -> String {
    let next = if path == "/" { "" } else { path };
    urls::with_query("/sign-in", &[("next", next)])
}

/// Hashes a password: Argon2id with 19 MiB, two passes, one lane (OWASP's advice).
pub fn hash_password(app: &App, password: &str) -> Result<String> {
    let _permit = permit(app)?;
    let hash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(Error::internal)?;
    Ok(hash.to_string())
}

/// Whether a password is the one of a hash; without a hash it takes as long and is wrong.
fn is_password(app: &App, password: &str, hash: Option<&str>) -> Result<bool> {
    let _permit = permit(app)?;
    let Some(hash) = hash else {
        let _ = Argon2::default().hash_password(password.as_bytes());
        return Ok(false);
    };
    let hash = PasswordHash::new(hash).map_err(Error::internal)?;
    Ok(Argon2::default()
        .verify_password(password.as_bytes(), &hash)
        .is_ok())
}

/// Waits for one of the permits: this runs on the blocking pool, where waiting is allowed.
fn permit(app: &App) -> Result<tokio::sync::SemaphorePermit<'_>> {
    futures_executor::block_on(app.hashing.acquire()).map_err(Error::internal)
}

/// What is wrong with a new password; `None` when nothing is.
pub fn password_fault(password: &str) -> Option<String> {
    let length = password.chars().count();
    (!(PASSWORD_LEAST..=PASSWORD_MOST).contains(&length)).then(|| {
        format!(
            "Use {PASSWORD_LEAST} to {PASSWORD_MOST} characters; a few words make a good password."
        )
    })
}

/// A number that nobody guesses, as 64 hexadecimal digits.
pub fn secret() -> Result<String> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(hex(&bytes))
}

/// Sessions are kept as hashes, so that a stolen backup opens none.
fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// Begins a session for a person and returns its token.
pub fn begin(conn: &mut Conn, person_id: i64, now: Instant, user_agent: &str) -> Result<String> {
    let token = secret()?;
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
