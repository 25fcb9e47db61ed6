//! How often somebody may try to sign in. A stranger's tries are counted against the account and against where they come
//! from; a device on which the person has signed in before has tries of its own, so that no stranger locks them out.

use crate::app::Cx;
use crate::error::{Error, Result};
use crate::rules::network::household;
use crate::rules::throttle::{Budget, Counted};
use crate::secret::token_hash;

/// Of one account, by all strangers together; and of one person in sessions of theirs.
const ACCOUNT: Budget = Budget {
    most: 10,
    refill_s: 300,
};
/// Of one address, for all accounts together: an office has one.
const ADDRESS: Budget = Budget {
    most: 50,
    refill_s: 30,
};
/// Of one person on a device of theirs.
const DEVICE: Budget = Budget {
    most: 10,
    refill_s: 60,
};

/// What is tried. The tries of each have budgets of their own: what a stranger types as an address spends no code's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// A password, with an address to sign in with.
    SignIn,
    /// The code of the second factor, after the password.
    Code,
    /// One's own password, in a session.
    OwnPassword,
    /// A code of one's own second factor, in a session.
    OwnCode,
}

impl At {
    fn word(self, is_device: bool) -> &'static str {
        match (self, is_device) {
            (At::SignIn, false) => "sign-in",
            (At::SignIn, true) => "sign-in on a device",
            (At::Code, false) => "code",
            (At::Code, true) => "code on a device",
            (At::OwnPassword, _) => "own password",
            (At::OwnCode, _) => "own code",
        }
    }
}

/// What one try is counted against.
pub struct Try(Vec<(Counted, Budget)>);

impl Try {
    /// A try of whoever signs in as `who`; `device` is the token of a device of theirs.
    pub fn to_sign_in(cx: &Cx, at: At, who: &str, device: Option<&str>) -> Try {
        // As hashes: of one length, however much is typed, and no list of addresses.
        Try(match device {
            Some(device) => {
                let theirs = token_hash(&format!("{device} {who}"));
                vec![((at.word(true), theirs), DEVICE)]
            }
            None => vec![
                ((at.word(false), token_hash(who)), ACCOUNT),
                (("address", household(&cx.request.address)), ADDRESS),
            ],
        })
    }

    /// A try of somebody who is signed in: counted against them alone, wherever they are.
    pub fn signed_in(at: At, person_id: i64) -> Try {
        Try(vec![((at.word(false), person_id.to_string()), ACCOUNT)])
    }

    /// Counts it. Refused, with the seconds to wait, when there were too many.
    pub fn take(&self, cx: &Cx) -> Result<std::result::Result<(), i64>> {
        let mut tries = cx.app.tries.lock().map_err(Error::internal)?;
        Ok(tries.take(&self.0, cx.now))
    }

    /// It was a good one: it is not counted.
    pub fn give_back(&self, cx: &Cx) -> Result<()> {
        let mut tries = cx.app.tries.lock().map_err(Error::internal)?;
        tries.give_back(&self.0);
        Ok(())
    }
}

/// What is said to who tried too often.
pub fn wait_words(wait_s: i64) -> String {
    let minutes = wait_s.div_euclid(60) + 1;
    format!(
        "Too many tries. Wait {minutes}\u{a0}min, or use a device on which you signed in before; an admin can give you a link."
    )
}
