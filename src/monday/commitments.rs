//! What somebody says at the meeting they will do: made, and settled once. Nothing of it is ever changed.

use super::store::{self, CommitmentRow};
use crate::app::Tx;
use crate::audit;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::people;
use crate::rules::access::{Me, READERS};
use chrono::NaiveDate;

crate::words! {
    /// What became of a commitment.
    pub enum Verdict { Kept = "kept", NotKept = "not_kept", Dropped = "dropped" }
}

impl Verdict {
    pub fn label(self) -> &'static str {
        match self {
            Verdict::Kept => "Kept",
            Verdict::NotKept => "Not kept",
            Verdict::Dropped => "Dropped",
        }
    }
}

pub const TEXT_MOST: usize = 200;
pub const NOTE_MOST: usize = 200;

/// One as stored, with its end.
pub type Commitment = CommitmentRow;

/// A commitment to be made.
#[derive(Debug, Clone)]
pub struct NewCommitment {
    pub text: String,
    pub owner_id: i64,
    pub due_on: NaiveDate,
}

/// Whether somebody may write on the pack of the meeting: who sits in it for a side.
pub fn may_commit(me: &Me) -> bool {
    READERS.allows(me.role)
}

/// Whether somebody may say what became of a commitment: its owner too.
pub fn may_settle(me: &Me, owner_id: i64) -> bool {
    may_commit(me) || owner_id == me.id
}

/// Makes a commitment on the newest pack. Refused on an older one: its meeting is over.
pub fn commit(tx: &mut Tx, monday: NaiveDate, new: &NewCommitment) -> Result<i64> {
    let me = tx.me()?;
    if !may_commit(me) {
        return Err(Error::Forbidden);
    }
    let pack = store::of_week(tx.conn, monday)?.ok_or(Error::NotFound)?;
    let newest = store::newest(tx.conn)?.ok_or(Error::NotFound)?;
    if newest.id != pack.id {
        return Err(Error::refused(
            "There is a newer pack: what is agreed now stands on that one.",
        ));
    }
    let owner = people::store::by_id(tx.conn, new.owner_id)?;
    if owner.is_none_or(|owner| owner.left_on.is_some()) {
        return Err(Error::refused("Choose an owner who is here."));
    }
    let id = store::add_commitment(tx.conn, pack.id, new, me.id, tx.now)?;
    audit::note(tx, "made", "commitment", Some(id), &new.text)?;
    Ok(id)
}

/// A commitment that somebody may settle; any other is not found.
pub fn known(conn: &mut Conn, me: &Me, id: i64) -> Result<Commitment> {
    let mut all = store::commitments(conn)?.into_iter();
    all.find(|commitment| commitment.id == id)
        .filter(|commitment| may_settle(me, commitment.owner_id))
        .ok_or(Error::NotFound)
}

/// Says what became of a commitment, once. Refused: dropping one without a reason. A conflict where somebody was
/// faster.
pub fn settle(tx: &mut Tx, id: i64, verdict: Verdict, note: &str) -> Result<()> {
    let me = tx.me()?;
    let commitment = known(tx.conn, me, id)?;
    if verdict == Verdict::Dropped && note.is_empty() {
        return Err(Error::refused("Say why it is dropped."));
    }
    if let Some(end) = &commitment.end {
        return Err(faster(end.verdict.label()));
    }
    match store::end_commitment(tx.conn, id, (verdict, note), me.id, tx.now) {
        Err(Error::Conflict(_)) => return Err(faster("settled")),
        done => done?,
    }
    let about = ("commitment", Some(id));
    audit::change(tx, verdict.word(), about, &commitment.text, note)
}

fn faster(what: &str) -> Error {
    Error::Conflict(format!(
        "Somebody was faster: this commitment is {} already. What you wrote is not saved.",
        what.to_lowercase()
    ))
}
