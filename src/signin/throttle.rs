//! How often somebody may try to sign in. A stranger's tries are counted against the account and against where they come
//! from. Each household has some tries of its own on an account, and a device on which the person has signed in before has
//! others, so that no stranger locks them out.

use crate::app::Cx;
use crate::error::{Error, Result};
use crate::rules::network::household;
use crate::rules::throttle::{Budget, Counted};
use crate::secret::token_hash;
use std::cell::RefCell;

/// Of one account, by one household: whoever tries elsewhere takes nothing of it.
const HOUSEHOLD: Budget = Budget {
    most: 3,
    refill_s: 300,
};
/// Of one account, by all strangers together, once their household's tries are spent: ten for one who is alone.
const ACCOUNT: Budget = Budget {
    most: 7,
    refill_s: 300,
};
/// Of one account, from everywhere: 300 a day, so that many addresses are no way around.
const CEILING: Budget = Budget {
    most: 300,
    refill_s: 288,
};
/// Of one person in sessions of theirs.
const OWN: Budget = Budget {
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
    /// The words of an account's budgets, as one household and as all strangers spend them, and of its ceiling.
    fn strangers(self) -> [&'static str; 3] {
        match self {
            At::Code => ["code of a household", "code", "code a day"],
            _ => ["sign-in of a household", "sign-in", "sign-in a day"],
        }
    }

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

/// What one try is counted against: all of some, and the first of others that is not spent.
pub struct Try {
    all: Vec<(Counted, Budget)>,
    first_of: Vec<(Counted, Budget)>,
    taken: RefCell<Vec<(Counted, Budget)>>,
}

impl Try {
    /// A try of whoever signs in as `who`; `device` is the token of a device of theirs.
    pub fn to_sign_in(cx: &Cx, at: At, who: &str, device: Option<&str>) -> Try {
        // As hashes: of one length, however much is typed, and no list of addresses.
        if let Some(device) = device {
            let theirs = token_hash(&format!("{device} {who}"));
            return Try::of(vec![((at.word(true), theirs), DEVICE)], Vec::new());
        }
        let (here, account) = (household(&cx.request.address), token_hash(who));
        let here_on_account = token_hash(&format!("{here} {who}"));
        let [of_household, of_all, a_day] = at.strangers();
        Try::of(
            vec![
                ((a_day, account.clone()), CEILING),
                (("address", here), ADDRESS),
            ],
            vec![
                ((of_household, here_on_account), HOUSEHOLD),
                ((of_all, account), ACCOUNT),
            ],
        )
    }

    fn of(all: Vec<(Counted, Budget)>, first_of: Vec<(Counted, Budget)>) -> Try {
        Try {
            all,
            first_of,
            taken: RefCell::default(),
        }
    }

    /// A key that opens nothing: counted against where it comes from, and apart from tries to sign in there.
    pub fn of_key(cx: &Cx) -> Try {
        let here = household(&cx.request.address);
        Try::of(vec![(("key", here), ADDRESS)], Vec::new())
    }

    /// A try of somebody who is signed in: counted against them alone, wherever they are.
    pub fn signed_in(at: At, person_id: i64) -> Try {
        let theirs = (at.word(false), person_id.to_string());
        Try::of(vec![(theirs, OWN)], Vec::new())
    }

    /// Counts it. Refused, with the seconds to wait, when there were too many.
    pub fn take(&self, cx: &Cx) -> Result<std::result::Result<(), i64>> {
        let mut tries = cx.app.tries.lock().map_err(Error::internal)?;
        let taken = tries.take_first_of(&self.all, &self.first_of, cx.now);
        Ok(taken.map(|taken| drop(self.taken.replace(taken))))
    }

    /// It was a good one: it is not counted.
    pub fn give_back(&self, cx: &Cx) -> Result<()> {
        let mut tries = cx.app.tries.lock().map_err(Error::internal)?;
        tries.give_back(&self.taken.take());
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
