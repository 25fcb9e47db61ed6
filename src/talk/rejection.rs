//! Replies to a rejection: marketing agrees or disputes, and the rep, their manager or an admin settles.

use super::store;
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::rules::rates::Rate;
use crate::value::Instant;

crate::words! {
    /// What was replied to a rejection, or to its dispute. Source: PRODUCT.md 5.
    pub enum Reply { Agreed = "agreed", Disputed = "disputed", Upheld = "upheld", Withdrawn = "withdrawn" }
}

impl Reply {
    /// 1 is marketing's answer, 2 settles a dispute; each is given once.
    pub fn step(self) -> i32 {
        match self {
            Reply::Agreed | Reply::Disputed => 1,
            Reply::Upheld | Reply::Withdrawn => 2,
        }
    }

    /// As a history tells it.
    pub fn label(self) -> &'static str {
        match self {
            Reply::Agreed => "Marketing agrees with the rejection",
            Reply::Disputed => "Marketing disputes the rejection",
            Reply::Upheld => "The rejection stands",
            Reply::Withdrawn => "The rejection is withdrawn, and the lead handed over anew",
        }
    }
}

/// One reply as stored.
#[derive(Debug, Clone)]
pub struct Replied {
    pub reply: Reply,
    pub text: String,
    pub at: Instant,
    pub by_id: i64,
    /// When the hand-over began that a withdrawal made.
    pub led_to_at: Option<Instant>,
}

/// A rejection that stands, and what was replied.
#[derive(Debug, Clone)]
pub struct Rejection {
    /// The place of the event: the first row of its corrections.
    pub event_id: i64,
    pub lead_id: i64,
    pub at: Instant,
    pub by_id: Option<i64>,
    pub reason: String,
    pub note: String,
    /// It came in by a file: nobody here was asked.
    pub is_imported: bool,
    pub answer: Option<Replied>,
    pub settled: Option<Replied>,
}

impl Rejection {
    /// An imported one may be answered, and waits for nobody.
    pub fn waits_for_answer(&self) -> bool {
        self.answer.is_none() && !self.is_imported
    }

    pub fn is_disputed(&self) -> bool {
        let answer = self.answer.as_ref();
        answer.is_some_and(|answer| answer.reply == Reply::Disputed)
    }

    /// Disputed, and not settled yet.
    pub fn waits_for_settling(&self) -> bool {
        self.is_disputed() && self.settled.is_none()
    }

    pub fn replies(&self) -> impl Iterator<Item = &Replied> {
        self.answer.iter().chain(&self.settled)
    }
}

/// How rejections were answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub rejected: u64,
    pub unanswered: u64,
    pub agreed: u64,
    pub disputed: u64,
    /// Of the disputed ones: not settled yet.
    pub open: u64,
    pub upheld: u64,
    pub withdrawn: u64,
}

impl Tally {
    pub fn of<'r>(rejections: impl IntoIterator<Item = &'r Rejection>) -> Tally {
        let mut tally = Tally::default();
        for rejection in rejections {
            tally.rejected += 1;
            tally.unanswered += u64::from(rejection.waits_for_answer());
            tally.disputed += u64::from(rejection.is_disputed());
            tally.open += u64::from(rejection.waits_for_settling());
            for replied in rejection.replies() {
                tally.agreed += u64::from(replied.reply == Reply::Agreed);
                tally.upheld += u64::from(replied.reply == Reply::Upheld);
                tally.withdrawn += u64::from(replied.reply == Reply::Withdrawn);
            }
        }
        tally
    }

    /// The disputed ones of all rejected.
    pub fn disputed_share(&self) -> Rate {
        Rate {
            k: self.disputed,
            n: self.rejected,
        }
    }
}

/// Why a reply is not possible, in a sentence; `None` when it is.
pub fn refusal(rejection: &Rejection, reply: Reply, text: &str) -> Option<&'static str> {
    match reply {
        Reply::Disputed if text.is_empty() => {
            Some("Say why this rejection is wrong: sales decides on it.")
        }
        Reply::Upheld if text.is_empty() => {
            Some("Say why the rejection stands: marketing learns from it.")
        }
        Reply::Upheld | Reply::Withdrawn if !rejection.is_disputed() => {
            Some("Marketing has not disputed this rejection: there is nothing to settle.")
        }
        _ => None,
    }
}

/// Writes a reply down. A second one of the same step is refused by the database, as somebody was faster.
pub fn put_reply(
    tx: &mut Tx,
    rejection: &Rejection,
    reply: Reply,
    text: &str,
    led_to_at: Option<Instant>,
) -> Result<()> {
    let replied = Replied {
        reply,
        text: text.to_owned(),
        at: tx.now,
        by_id: tx.me()?.id,
        led_to_at,
    };
    match store::add_reply(tx.conn, rejection, &replied) {
        Err(Error::Conflict(_)) => Err(Error::Conflict(
            "Somebody was faster: look at what they replied. What you wrote stands below and is not saved."
                .to_owned(),
        )),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejection(replies: &[Reply]) -> Rejection {
        let replied = |step| {
            let reply = replies.iter().find(|reply| reply.step() == step)?;
            Some(Replied {
                reply: *reply,
                text: "so".to_owned(),
                at: Instant(0),
                by_id: 1,
                led_to_at: None,
            })
        };
        Rejection {
            event_id: 1,
            lead_id: 1,
            at: Instant(0),
            by_id: None,
            reason: "Wrong role".to_owned(),
            note: String::new(),
            is_imported: false,
            answer: replied(1),
            settled: replied(2),
        }
    }

    #[test]
    fn the_disputed_share_counts_settled_disputes_too() {
        let all = [
            rejection(&[]),
            rejection(&[Reply::Agreed]),
            rejection(&[Reply::Disputed]),
            rejection(&[Reply::Disputed, Reply::Upheld]),
            rejection(&[Reply::Disputed, Reply::Withdrawn]),
            Rejection {
                is_imported: true,
                ..rejection(&[])
            },
        ];
        let tally = Tally::of(&all);
        let expected = Tally {
            rejected: 6,
            unanswered: 1,
            agreed: 1,
            disputed: 3,
            open: 1,
            upheld: 1,
            withdrawn: 1,
        };
        assert_eq!(tally, expected);
        assert_eq!(tally.disputed_share(), Rate { k: 3, n: 6 });
    }

    #[test]
    fn a_dispute_needs_a_word_and_settling_needs_a_dispute() {
        assert!(refusal(&rejection(&[]), Reply::Disputed, "").is_some());
        assert_eq!(refusal(&rejection(&[]), Reply::Disputed, "He buys."), None);
        assert_eq!(refusal(&rejection(&[]), Reply::Agreed, ""), None);
        assert!(refusal(&rejection(&[Reply::Agreed]), Reply::Withdrawn, "").is_some());
        let disputed = rejection(&[Reply::Disputed]);
        assert!(refusal(&disputed, Reply::Upheld, "").is_some());
        assert_eq!(refusal(&disputed, Reply::Withdrawn, ""), None);
    }
}
