//! Passwords and tokens: made, hashed, compared.

use crate::app::App;
use crate::assets::hex;
use crate::error::{Error, Result};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use sha2::{Digest, Sha256};

/// The fewest characters of a password (NIST SP 800-63B: length, and no rules of composition).
pub const PASSWORD_LEAST: usize = 10;
const PASSWORD_MOST: usize = 200;

/// Letters and digits that nobody mistakes for each other; 32, so that each stands for five bits.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Hashes a password: Argon2id with 19 MiB, two passes, one lane (OWASP's advice).
pub fn hash_password(app: &App, password: &str) -> Result<String> {
    let _permit = permit(app)?;
    let hash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(Error::internal)?;
    Ok(hash.to_string())
}

/// What is compared with where there is no hash: the same work, and no password's.
const NOBODY_S: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyB0aGlz$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Whether a password is the one of a hash; without a hash the work is the same, and it is wrong.
pub fn is_password(app: &App, password: &str, hash: Option<&str>) -> Result<bool> {
    let _permit = permit(app)?;
    app.meter.compared_a_password();
    let kept = PasswordHash::new(hash.unwrap_or(NOBODY_S)).map_err(Error::internal)?;
    let compared = Argon2::default().verify_password(password.as_bytes(), &kept);
    Ok(compared.is_ok() && hash.is_some())
}

/// Waits for one of the permits: this runs on the blocking pool, where waiting is allowed. Unavailable where so many wait
/// that what they hold would starve whoever only opens a page.
fn permit(app: &App) -> Result<tokio::sync::SemaphorePermit<'_>> {
    let room = app.hashing_room.try_acquire();
    let _room = room.map_err(|_| {
        Error::Unavailable("too many sign in at once: try again in a moment".to_owned())
    })?;
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

/// A password of 80 random bits, in groups that can be read aloud: `k7wm-x2dp-9hqa-tr4s`.
pub fn new_password() -> Result<String> {
    Ok(in_groups(&bytes::<16>()?))
}

/// A token that somebody types into a screen with a remote control: 120 random bits, in groups of four letters.
pub fn typed_token() -> Result<String> {
    Ok(in_groups(&bytes::<24>()?))
}

fn in_groups(bytes: &[u8]) -> String {
    let groups = bytes.chunks(4).map(|group| {
        let letters = group.iter().map(|byte| LETTERS[usize::from(byte % 32)]);
        letters.map(char::from).collect::<String>()
    });
    groups.collect::<Vec<_>>().join("-")
}

/// A number that nobody guesses, as 64 hexadecimal digits.
pub fn token() -> Result<String> {
    Ok(hex(&bytes::<32>()?))
}

/// Bytes that nobody guesses.
pub fn bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0u8; N];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(bytes)
}

/// Sessions are kept as hashes, so that a stolen backup opens none.
pub fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_address_costs_the_work_of_a_wrong_password() {
        let one = Argon2::default().hash_password(b"correct horse").unwrap();
        let nobody = PasswordHash::new(NOBODY_S).unwrap();
        assert_eq!(nobody.algorithm, one.algorithm);
        assert_eq!(nobody.version, one.version);
        assert_eq!(nobody.params, one.params);
        let length = |hash: &PasswordHash| hash.hash.as_ref().map(|hash| hash.len());
        assert_eq!(length(&nobody), length(&one));
    }

    #[test]
    fn a_made_up_password_is_good_enough_and_another_one_each_time() {
        let (one, other) = (new_password().unwrap(), new_password().unwrap());
        assert_eq!(password_fault(&one), None, "{one}");
        assert_eq!(one.len(), 19);
        assert_ne!(one, other);
    }
}
