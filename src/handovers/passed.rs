//! What became of each hand-over of some days.

use super::store::{self, Event, Head};
use crate::db::Conn;
use crate::error::Result;
use crate::leads::{Handover, cohort};
use crate::rules::access::Me;
use crate::rules::speed::Band;
use crate::rules::stage::{self, EventKind, Placed, Stage, Touch};
use crate::rules::survival::End;
use crate::rules::wait::Wait;
use crate::talk::{self, Rating, Rejection};
use crate::value::Instant;
use std::collections::HashMap;
use std::rc::Rc;

/// One hand-over, and what became of it up to the lead's next one.
pub struct Passed {
    pub handover: Handover,
    pub lead: Rc<Head>,
    pub status: Stage,
    /// Who has the lead, or had it last before the next hand-over.
    pub owner_id: Option<i64>,
    /// The last closing and its reason.
    pub closing: Option<(EventKind, String)>,
    pub is_accepted: bool,
    /// Accepted, tried or reached, or with anything that only comes after (decision 38).
    pub is_taken_up: bool,
    pub is_contacted: bool,
    pub is_won: bool,
    /// The waiting for the first attempt.
    pub wait: Wait,
    pub rejection: Option<Rejection>,
    pub rating: Option<Rating>,
}

impl Passed {
    pub fn band(&self) -> Band {
        Band::of(self.wait_s())
    }

    /// How long the first attempt took, in calendar seconds; nothing where there was none.
    pub fn wait_s(&self) -> Option<f64> {
        let waited = self.wait.until.seconds_since(self.handover.handed_over_at);
        (self.wait.end == End::Event).then_some(waited)
    }

    /// With sales, and nobody has tried yet.
    pub fn is_untouched(&self) -> bool {
        self.wait.end == End::Open
    }

    /// The reason of its last closing; empty without one.
    pub fn reason(&self) -> &str {
        self.closing.as_ref().map_or("", |(_, reason)| reason)
    }

    pub fn is_disputed(&self) -> bool {
        self.rejection.as_ref().is_some_and(Rejection::is_disputed)
    }
}

/// The hand-overs of a span that somebody may see, the newest first. All that is asked of the database is bounded
/// by the span.
pub fn passed(
    conn: &mut Conn,
    me: &Me,
    span: (Instant, Instant),
    now: Instant,
) -> Result<Vec<Passed>> {
    let visible = cohort::visible(conn, Some(me))?;
    let mut handovers = store::handovers(conn, span)?;
    handovers.retain(|h| visible.as_ref().is_none_or(|ids| ids.contains(&h.lead_id)));
    let heads = store::heads(conn, span)?.into_iter();
    let heads: HashMap<i64, Rc<Head>> = heads.map(|head| (head.id, Rc::new(head))).collect();
    let mut starts = store::starts(conn, span)?;
    starts.sort_unstable();
    let mut events = store::events(conn, span)?;
    events.sort_by_key(|event| (event.lead_id, event.at, event.place()));
    let meetings = meetings(conn, &handovers, &starts)?;
    let mut rejections: HashMap<i64, Vec<Rejection>> = HashMap::new();
    for rejection in talk::store::rejections_in(conn, span)? {
        rejections
            .entry(rejection.lead_id)
            .or_default()
            .push(rejection);
    }
    let mut ratings = ratings(conn, span, &starts)?;
    let passed = |handover: Handover| {
        let (id, start) = (handover.lead_id, handover.handed_over_at);
        let lead = heads.get(&id)?.clone();
        let next = starts.partition_point(|known| *known <= (id, start));
        let next = starts.get(next).filter(|(lead_id, _)| *lead_id == id);
        let next = next.map(|(_, at)| *at);
        let is_of_it = |at: Instant| start <= at && next.is_none_or(|next| at < next);
        let mut theirs = rejections.get(&id).into_iter().flatten();
        let rejection = theirs.rfind(|r| is_of_it(r.at)).cloned();
        let first = events.partition_point(|e| e.lead_id < id);
        let count = events[first..].partition_point(|e| e.lead_id == id);
        let history = &events[first..first + count];
        let rating = ratings.remove(&(id, start));
        let meetings = meetings.get(&id).map_or(&[][..], Vec::as_slice);
        let told = Told {
            events: history,
            meetings,
            next,
        };
        let mut one = tell(handover, lead, &told, now);
        (one.rejection, one.rating) = (rejection, rating);
        Some(one)
    };
    Ok(handovers.into_iter().filter_map(passed).collect())
}

/// The rating that holds for each hand-over of the leads of a span: of several the last one.
fn ratings(
    conn: &mut Conn,
    span: (Instant, Instant),
    starts: &[(i64, Instant)],
) -> Result<HashMap<(i64, Instant), Rating>> {
    let mut held = HashMap::new();
    for rating in talk::store::ratings_in(conn, span)? {
        let first = starts.partition_point(|(lead_id, _)| *lead_id < rating.lead_id);
        let theirs = starts[first..].iter();
        let theirs = theirs.take_while(|(lead_id, _)| *lead_id == rating.lead_id);
        let theirs: Vec<Instant> = theirs.map(|(_, at)| *at).collect();
        if let Some(start) = talk::home(&theirs, rating.handed_over_at, rating.at) {
            held.insert((rating.lead_id, start), rating);
        }
    }
    Ok(held)
}

/// When meetings were booked with the leads that were handed over again since: only those are told from their history.
fn meetings(
    conn: &mut Conn,
    handovers: &[Handover],
    starts: &[(i64, Instant)],
) -> Result<HashMap<i64, Vec<Instant>>> {
    let newest: HashMap<i64, Instant> = starts.iter().copied().collect();
    let is_earlier = |h: &&Handover| newest.get(&h.lead_id) > Some(&h.handed_over_at);
    let mut again: Vec<i64> = handovers
        .iter()
        .filter(is_earlier)
        .map(|h| h.lead_id)
        .collect();
    again.sort_unstable();
    again.dedup();
    let mut meetings: HashMap<i64, Vec<Instant>> = HashMap::new();
    for (lead_id, at) in store::meetings(conn, &again)? {
        meetings.entry(lead_id).or_default().push(at);
    }
    Ok(meetings)
}

/// What is known of a lead beside one of its hand-overs.
struct Told<'a> {
    /// In order of time.
    events: &'a [Event],
    meetings: &'a [Instant],
    /// When the hand-over after it began.
    next: Option<Instant>,
}

/// What the history of a lead says of one of its hand-overs. Its waiting is that of every report: the first attempt at or
/// after its start, also one after the next hand-over (METRICS.md 2.1); all else ends as the next one begins.
fn tell(handover: Handover, lead: Rc<Head>, told: &Told, now: Instant) -> Passed {
    let (start, next) = (handover.handed_over_at, told.next);
    let is_of_it = |at: Instant| start <= at && next.is_none_or(|next| at < next);
    let theirs: Vec<&Event> = told.events.iter().filter(|e| is_of_it(e.at)).collect();
    let has = |kind| theirs.iter().any(|e| e.kind == kind);
    let first_contact_at = handover.first_contact_at.filter(|at| is_of_it(*at));
    let first_attempt_at = handover.first_attempt_at.filter(|at| is_of_it(*at));
    let meetings = told.meetings.iter().copied().filter(|at| is_of_it(*at));
    let wait = Wait::new(start, handover.first_attempt_at, handover.closed_at, now);
    // Who is called after the closing was never tried before it.
    let is_tried = first_attempt_at.is_some_and(|at| wait.end == End::Event && wait.until == at);
    let has_meeting = told.meetings.iter().any(|at| is_of_it(*at));
    let is_in_contact = first_contact_at.is_some() || theirs.iter().any(|e| e.kind.is_contact());
    let closing = theirs.iter().rev().find(|e| e.kind.is_closing());
    let mut before = told.events.iter();
    let last_owner =
        before.rfind(|e| e.kind == EventKind::Assigned && next.is_none_or(|next| e.at < next));
    Passed {
        status: match next {
            None => lead.stage,
            Some(_) => {
                let events = theirs.iter();
                let events = events.map(|e| Placed::event(e.at, e.place(), e.kind));
                let attempt = first_attempt_at.map(|at| touch(at, false, false));
                let contact = first_contact_at.map(|at| touch(at, true, false));
                let meetings = meetings.map(|at| touch(at, true, true));
                let touches = attempt.into_iter().chain(contact).chain(meetings);
                stage::settle(Stage::HandedOver, events.chain(touches))
            }
        },
        owner_id: match next {
            None => lead.owner_id,
            Some(_) => last_owner.and_then(|e| e.owner_id),
        },
        closing: closing.map(|e| (e.kind, e.reason.clone())),
        is_accepted: has(EventKind::Accepted),
        is_taken_up: has(EventKind::Accepted) || is_tried || is_in_contact || has_meeting,
        is_contacted: first_contact_at.is_some(),
        is_won: has(EventKind::Won),
        wait,
        rejection: None,
        rating: None,
        handover,
        lead,
    }
}

fn touch(at: Instant, reached: bool, meeting_booked: bool) -> Placed {
    let attempt = true;
    Placed::touch(
        at,
        Touch {
            attempt,
            reached,
            meeting_booked,
        },
    )
}
