//! What concerns somebody, told in the app: handed over, due, rejected, asked and so on.

pub mod pages;
pub mod store;

use crate::app::Tx;
use crate::calendar::Calendars;
use crate::error::Result;
use crate::rules::access::{Me, Role};
use crate::value::Instant;

crate::words! {
    /// What somebody is told of; each kind has one switch.
    pub enum NoticeKind {
        HandedOver = "handed_over", Assigned = "assigned", Due = "due", Overdue = "overdue", Unassigned = "unassigned",
        Accepted = "accepted", Rejected = "rejected", Exited = "exited", Agreed = "agreed", Disputed = "disputed",
        Settled = "settled", Asked = "asked", Answered = "answered", Mentioned = "mentioned", Rated = "rated",
        BackFromNurture = "back_from_nurture", CrossedLine = "crossed_line", Definition = "definition",
        Pack = "pack", ScoreRules = "score_rules", Watch = "watch",
    }
}

impl NoticeKind {
    /// What its switch says.
    pub fn label(self) -> &'static str {
        match self {
            NoticeKind::HandedOver => "A lead is handed over to me",
            NoticeKind::Assigned => "A lead of mine is re-routed, taken from me or given to me",
            NoticeKind::Due => "A promise is due soon",
            NoticeKind::Overdue => "A promise is overdue",
            NoticeKind::Unassigned => "A lead waits for an owner",
            NoticeKind::Accepted => "A lead that I own or handed over is accepted",
            NoticeKind::Rejected => "A lead that I own or handed over is rejected",
            NoticeKind::Exited => "A lead that I own or handed over is closed or sent to nurture",
            NoticeKind::Agreed => "Marketing agrees with a rejection",
            NoticeKind::Disputed => "Marketing disputes a rejection",
            NoticeKind::Settled => "A dispute is settled",
            NoticeKind::Asked => "A question is asked",
            NoticeKind::Answered => "A question is answered",
            NoticeKind::Mentioned => "Somebody mentions me",
            NoticeKind::Rated => "A lead that I handed over is rated",
            NoticeKind::BackFromNurture => "A lead comes back from nurture",
            NoticeKind::CrossedLine => "A lead's score crosses the line",
            NoticeKind::Definition => "A definition waits for a signature or comes into force",
            NoticeKind::Pack => "The Monday pack is made",
            NoticeKind::ScoreRules => "The rules of the lead score change",
            NoticeKind::Watch => "Something in my log is worth a word from me",
        }
    }
}

impl NoticeKind {
    /// Whether a role is ever told of it: [`tell`] holds to it. The owner of a lead and whoever answers for its hand-over
    /// are told alike of what others do to it.
    pub fn concerns(self, role: Role) -> bool {
        let (is_sales, is_reader) = (role != Role::Marketing, role != Role::Rep);
        match self {
            NoticeKind::HandedOver | NoticeKind::Agreed | NoticeKind::Disputed => is_sales,
            NoticeKind::Watch => is_sales,
            NoticeKind::Unassigned => matches!(role, Role::Manager | Role::Admin),
            NoticeKind::Rated
            | NoticeKind::BackFromNurture
            | NoticeKind::CrossedLine
            | NoticeKind::ScoreRules
            | NoticeKind::Pack => is_reader,
            NoticeKind::Assigned
            | NoticeKind::Due
            | NoticeKind::Overdue
            | NoticeKind::Accepted
            | NoticeKind::Rejected
            | NoticeKind::Exited
            | NoticeKind::Definition
            | NoticeKind::Settled
            | NoticeKind::Asked
            | NoticeKind::Answered
            | NoticeKind::Mentioned => true,
        }
    }
}

/// Whether the inbox keeps quiet: outside of somebody's working hours, on holidays and on time off.
pub fn is_quiet(calendars: &Calendars, me: &Me, now: Instant) -> bool {
    let day = calendars.day_at(me.id, now);
    // A shift may have begun the day before, where somebody has just come from another zone.
    let first = day.pred_opt().unwrap_or(day);
    let next = Instant(now.0 + 1);
    calendars.of_person(me.id, first, day).working_us(now, next) == 0
}

/// Something that somebody should know, about a lead or not.
#[derive(Debug, Clone, Default)]
pub struct Notice {
    pub lead_id: Option<i64>,
    pub handover_id: Option<i64>,
    /// The version of the definitions.
    pub definition_id: Option<i64>,
    /// What happened, in a sentence without a full stop that makes sense beside the lead's name.
    pub text: String,
    /// A key of what is told a person once, such as `due:HANDOVER`; `None` where telling again is right.
    pub once: Option<String>,
}

/// Tells people of something, in the same transaction. Who did it, who has left, whom the kind does not
/// concern, and who does not want to be told of it is not told; who is named twice is told once.
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
    let listeners = store::who_listens(tx.conn, &told, kind, notice.once.as_deref())?;
    // Who has another role since may still be named by what they did before.
    let concerned = listeners.iter().filter(|(_, role)| kind.concerns(*role));
    let told: Vec<i64> = concerned.map(|(id, _)| *id).collect();
    store::add(tx.conn, &told, kind, tx.now, by_id, notice)
}
