//! Codes of a second factor: time-based one-time passwords, as authenticator apps make them (RFC 6238 with SHA-1, six
//! digits, half a minute each).

use crate::value::Instant;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

pub const DIGITS: usize = 6;
/// How long a code is shown, in seconds.
pub const STEP_S: i64 = 30;
/// How far a phone's clock may be off, in steps.
const DRIFT: i64 = 1;

/// The step of an instant: half minutes since 1970.
pub fn step_at(now: Instant) -> i64 {
    now.0.div_euclid(STEP_S * 1_000_000)
}

/// The code of a step. Source: RFC 4226 section 5.3.
pub fn code(secret: &[u8], step: i64) -> String {
    // A key of any length is taken, so that there is always one.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else {
        return String::new();
    };
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 0x0f);
    let word = [digest[at], digest[at + 1], digest[at + 2], digest[at + 3]];
    let number = (u32::from_be_bytes(word) & 0x7fff_ffff) % 10_u32.pow(DIGITS as u32);
    format!("{number:0DIGITS$}")
}

/// The step whose code was typed, where it is this one or a neighbour and later than `last_step`: a code is good once.
pub fn step_of(typed: &str, secret: &[u8], now: Instant, last_step: i64) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let here = step_at(now);
    let steps = here - DRIFT..=here + DRIFT;
    // All are compared, and each whole, so that the time says nothing of how near a guess was.
    let fitting = steps.filter(|step| is_same(&code(secret, *step), &typed));
    fitting.filter(|step| *step > last_step).max()
}

fn is_same(one: &str, other: &str) -> bool {
    let pairs = one.bytes().zip(other.bytes());
    let differing = pairs.fold(0, |all, (a, b)| all | (a ^ b));
    one.len() == other.len() && differing == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> Instant {
        Instant(seconds * 1_000_000)
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, for SHA-1; the last six of its eight digits.
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(SECRET, step_at(at(seconds))), expected, "{seconds}");
        }
    }

    #[test]
    fn a_clock_may_be_half_a_minute_off_and_no_more() {
        let now = at(1_111_111_111);
        let here = step_at(now);
        for off in -3..=3 {
            let found = step_of(&code(SECRET, here + off), SECRET, now, 0);
            assert_eq!(found, (off.abs() <= 1).then_some(here + off), "{off}");
        }
    }

    #[test]
    fn a_code_is_good_once_and_an_older_one_no_more() {
        let now = at(1_111_111_111);
        let here = step_at(now);
        let typed = code(SECRET, here);
        assert_eq!(step_of(&typed, SECRET, now, here - 1), Some(here));
        assert_eq!(step_of(&typed, SECRET, now, here), None);
        assert_eq!(step_of(&code(SECRET, here - 1), SECRET, now, here), None);
        assert_eq!(
            step_of(&code(SECRET, here + 1), SECRET, now, here),
            Some(here + 1)
        );
    }

    #[test]
    fn spaces_are_left_out_and_anything_else_is_wrong() {
        let now = at(59);
        assert_eq!(step_of(" 287 082 ", SECRET, now, 0), Some(1));
        for wrong in ["", "28708", "2870822", "287083", "abcdef", "२८७०८२"] {
            assert_eq!(step_of(wrong, SECRET, now, 0), None, "{wrong:?}");
        }
    }
}
