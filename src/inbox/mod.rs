//! What concerns somebody, told in the app: handed over, due, rejected, asked and so on.

pub mod store;

use crate::app::Tx;
use crate::error::Result;

crate::words! {
    /// What somebody is told of; each kind has one switch.
    pub enum NoticeKind {
        HandedOver = "handed_over", Assigned = "assigned", Due = "due", Overdue = "overdue", Unassigned = "unassigned",
        Accepted = "accepted", Rejected = "rejected", Exited = "exited", Agreed = "agreed", Disputed = "disputed",
        Settled = "settled", Asked = "asked", Answered = "answered", Mentioned = "mentioned", Rated = "rated",
        BackFromNurture = "back_from_nurture", CrossedLine = "crossed_line", Definition = "definition",
    }
}

impl NoticeKind {
    /// What its switch says.
    pub fn label(self) -> &'static str {
        match self {
            NoticeKind::HandedOver => "A lead is handed over to me",
            NoticeKind::Assigned => "A lead is given to me or taken from me",
            NoticeKind::Due => "A promise to a lead of mine is due soon",
            NoticeKind::Overdue => "A promise to a lead is overdue",
            NoticeKind::Unassigned => "A lead waits for an owner",
            NoticeKind::Accepted => "A hand-over of mine is accepted",
            NoticeKind::Rejected => "A hand-over of mine is rejected",
            NoticeKind::Exited => "A hand-over of mine is closed or sent to nurture",
            NoticeKind::Agreed => "Marketing agrees with a rejection",
            NoticeKind::Disputed => "Marketing disputes a rejection",
            NoticeKind::Settled => "A dispute is settled",
            NoticeKind::Asked => "A question is asked",
            NoticeKind::Answered => "A question is answered",
            NoticeKind::Mentioned => "Somebody mentions me",
            NoticeKind::Rated => "A lead of mine is rated",
            NoticeKind::BackFromNurture => "A lead comes back from nurture",
            NoticeKind::CrossedLine => "A lead's score crosses the line",
            NoticeKind::Definition => "A definition waits for a signature or comes into force",
        }
    }
}

/// Something that somebody should know, about a lead or not.
#[derive(Debug, Clone, Default)]
pub struct Notice {
    pub lead_id: Option<i64>,
    pub handover_id: Option<i64>,
    /// What happened, in a sentence without a full stop that makes sense beside the lead's name.
    pub text: String,
    /// A key of what is told a person once, such as `due:HANDOVER`; `None` where telling again is right.
    pub once: Option<String>,
}

/// Tells people of something, in the same transaction. Who did it, who has left, and who does not want to be told of
/// this kind is not told; who is named twice is told once.
pub fn tell(tx: &mut Tx, people: &[i64], kind: NoticeKind, notice: &Notice) -> Result<()> {
    let by_id = tx.by_id();
    let mut told: Vec<i64> = people
        .iter()
        .copied()
        .filter(|id| Some(*id) != by_id)
        .collect();
    told.sort_unstable();
    told.dedup();
    if told.is_empty() {
        return Ok(());
    }
    let told = store::who_listens(tx.conn, &told, kind, notice.once.as_deref())?;
    store::add(tx.conn, &told, kind, tx.now, by_id, notice)
}
