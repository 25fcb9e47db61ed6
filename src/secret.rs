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

/// Whether a password is the one of a hash; without a hash it takes as long and is wrong.
pub fn is_password(app: &App, password: &str, hash: Option<&str>) -> Result<bool> {
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

/// A password of 80 random bits, in groups that can be read aloud: `k7wm-x2dp-9hqa-tr4s`.
pub fn new_password() -> Result<String> {
    let bytes = bytes::<16>()?;
    let groups = bytes.chunks(4).map(|group| {
        let letters = group.iter().map(|byte| LETTERS[usize::from(byte % 32)]);
        letters.map(char::from).collect::<String>()
    });
    Ok(groups.collect::<Vec<_>>().join("-"))
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
    fn a_made_up_password_is_good_enough_and_another_one_each_time() {
        let (one, other) = (new_password().unwrap(), new_password().unwrap());
        assert_eq!(password_fault(&one), None, "{one}");
        assert_eq!(one.len(), 19);
        assert_ne!(one, other);
    }
}
