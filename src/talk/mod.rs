//! What sales and marketing say to each other about a lead: questions and answers, replies to rejections, ratings.
//! All of it is only added to; what is taken back stays in the trail.

mod answers;
mod rating;
mod rejection;
mod remark;
pub mod store;

pub use answers::{Answering, answering};
pub use rating::{Average, NewRating, Rating, averages, rate, rating_of};
pub use rejection::{Rejection, Replied, Reply, Tally, put_reply, refusal};
pub use remark::{NewRemark, Remark, Said, TAKE_BACK_S, Thread, answer, ask, take_back, threads};

use crate::db::Conn;
use crate::error::Result;
use crate::value::Instant;
use std::collections::HashSet;

/// All that was said about one lead.
pub struct Talk {
    /// Oldest first.
    pub rejections: Vec<Rejection>,
    pub threads: Vec<Thread>,
    /// Oldest first; the last one of a hand-over holds.
    pub ratings: Vec<Rating>,
    /// The ids of the leads that this one was said to be the same as, or that were said to be the same as this one.
    pub twins: Vec<i64>,
}

impl Talk {
    pub fn load(conn: &mut Conn, lead_id: i64) -> Result<Talk> {
        let remarks = store::remarks(conn, lead_id)?;
        let people = store::people(conn, lead_id)?;
        Ok(Talk {
            rejections: store::rejections(conn, lead_id)?,
            threads: threads(remarks, &people),
            ratings: store::ratings(conn, lead_id)?,
            twins: store::twins(conn, lead_id)?,
        })
    }
}

impl Talk {
    /// What was said of the hand-over that began at `start`, of a lead whose hand-overs began at `starts`.
    pub fn about(mut self, starts: &[Instant], start: Instant) -> Talk {
        let next = starts.iter().filter(|at| **at > start).min();
        let is_of_it = |at: Instant| start <= at && next.is_none_or(|next| at < *next);
        self.rejections.retain(|rejection| is_of_it(rejection.at));
        self.ratings
            .retain(|r| home(starts, r.handed_over_at, r.at) == Some(start));
        self.threads.retain(|thread| {
            let question = &thread.question.remark;
            let said_of = question.handed_over_at;
            said_of.and_then(|stored| home(starts, stored, question.at)) == Some(start)
        });
        self
    }
}

/// Which of a lead's hand-overs a word belongs to, by when that one began: the one that it was said of, where it begins
/// there still; else, as after a file that mended its instant, the newest one at or before the word, or the first of all.
pub fn home(starts: &[Instant], stored: Instant, said_at: Instant) -> Option<Instant> {
    if starts.contains(&stored) {
        return Some(stored);
    }
    let before = starts.iter().filter(|at| **at <= said_at).max();
    before.or(starts.iter().min()).copied()
}

/// How the rejections of the hand-overs in a span were answered, both ends included; only leads in `visible`, all
/// where it is `None`. For the Monday pack.
pub fn disputes(
    conn: &mut Conn,
    visible: Option<&HashSet<i64>>,
    span: (Instant, Instant),
) -> Result<Tally> {
    let all = store::rejections_in(conn, span)?;
    let seen = all
        .iter()
        .filter(|r| visible.is_none_or(|ids| ids.contains(&r.lead_id)));
    Ok(Tally::of(seen))
}
