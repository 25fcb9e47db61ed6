//! Passing leads to sales, and what people write down about them: the verbs, and the pages they are used from.

mod answers;
mod assign;
pub mod bulk;
mod clocks;
mod deed;
pub mod edit;
pub mod explain;
pub mod fresh;
mod going_on;
mod happened;
mod kept;
pub mod leaver;
mod legs;
mod may;
pub mod pages;
mod promise;
pub mod ready;
pub mod receipt;
mod same;
mod say;
mod store;
mod story;
mod talking;
mod timeline;
mod told;
mod transfer;
mod twin;
mod view;
pub mod words;

pub use answers::reply;
pub use assign::{assign, by_rules, reroute};
pub use may::May;
pub use promise::Terms;
pub use story::Story;

use crate::app::Tx;
use crate::definitions::Definitions;
use crate::error::{Error, Result};
use crate::leads::{self, Assignment, Lead, NewEvent, NewLead};
use crate::lists;
use crate::people::Directory;
use crate::rules::level::ServiceLevel;
use crate::rules::moves;
use crate::rules::stage::EventKind;
use crate::talk;
use crate::territories::{self, Pick};
use crate::value::Instant;
use chrono::NaiveDate;
use same::{Alone, changed};
use std::sync::Arc;

/// What became of a verb on a lead.
#[derive(Debug, PartialEq, Eq)]
pub enum Done {
    Stored,
    /// A rule said no about a field, in a sentence.
    Refused(&'static str, String),
    /// Somebody wrote something down since the asker looked, in a sentence.
    Newer(String),
}

/// Something that somebody writes down about a lead by hand.
#[derive(Debug, Clone)]
pub struct Move {
    pub kind: EventKind,
    /// One of the reasons of this kind, by name; empty for none.
    pub reason: String,
    pub note: String,
    pub amount_micros: Option<i64>,
    pub currency: String,
    /// When to come back to the lead.
    pub return_on: Option<NaiveDate>,
    /// Rejects a lead that only wants content, and keeps it in nurture until `return_on`.
    pub to_nurture: bool,
    /// The uid of the lead that it is the same as; empty for none.
    pub same_as: String,
    /// [`Story::version`] as the asker saw it.
    pub seen: String,
}

impl Move {
    /// Whether it says that the lead is the same as another.
    pub fn is_duplicate(&self) -> bool {
        self.kind == EventKind::Duplicate
            || self.kind == EventKind::Rejected && self.reason == moves::DUPLICATE
    }
}

/// Writes a move down, when the asker may and the rules allow it.
pub fn move_on(tx: &mut Tx, uid: &str, wanted: &Move) -> Result<Done> {
    let (story, may) = look(tx, uid)?;
    if !may.make(wanted.kind) {
        return Err(Error::Forbidden);
    }
    leads::refuse_words(&story.lead, &[&wanted.note])?;
    let is_it = |_: &mut Tx, done: &Alone| Ok(done.is_moved(wanted));
    if let Some(done) = changed(tx, &story, &wanted.seen, is_it)? {
        return Ok(done);
    }
    if let Some((field, why)) = refusal(tx, &story, wanted)? {
        return Ok(Done::Refused(field, why));
    }
    let twin = match twin::wanted(tx, &story, wanted)? {
        Ok(twin) => twin,
        Err((field, why)) => return Ok(Done::Refused(field, why)),
    };
    let event = NewEvent {
        at: story.instant(tx.now),
        reason: wanted.reason.clone(),
        note: wanted.note.clone(),
        amount_micros: wanted.amount_micros,
        currency: wanted.currency.clone(),
        ..NewEvent::now(tx, story.lead.id, wanted.kind)
    };
    let id = leads::record(tx, &event)?;
    if let Some(twin) = twin {
        talk::store::add_duplicate(tx.conn, id, story.lead.id, twin)?;
    }
    if wanted.to_nurture {
        let nurture = NewEvent {
            kind: EventKind::Nurture,
            note: String::new(),
            ..event
        };
        leads::record(tx, &nurture)?;
    }
    if wanted.kind.is_closing() {
        leads::plan_step(
            tx,
            story.lead.id,
            (story.lead.next_step_on, wanted.return_on),
        )?;
    }
    told::moved(tx, &story, wanted)?;
    Ok(Done::Stored)
}

fn look(tx: &mut Tx, uid: &str) -> Result<(Story, May)> {
    let me = tx.me()?;
    let lead = leads::visible(tx, uid)?;
    let story = Story::load(tx.conn, lead)?;
    let directory: Arc<Directory> = tx.kept.get(tx.conn)?;
    let may = May::of(me, &story, &directory);
    Ok((story, may))
}

/// Which field is wrong, and why.
fn refusal(tx: &mut Tx, story: &Story, wanted: &Move) -> Result<Option<(&'static str, String)>> {
    let standing = story.standing();
    if let Some(why) = moves::refusal(wanted.kind, &standing) {
        return Ok(Some(("kind", why)));
    }
    let reasons = lists::store::reasons(tx.conn)?;
    let is_known =
        |reason: &lists::Reason| reason.event == wanted.kind.word() && reason.name == wanted.reason;
    let no = |field, why: &str| Ok(Some((field, why.to_owned())));
    if wanted.reason.is_empty() {
        if wanted.kind.needs_reason() {
            return no("reason", "Choose a reason.");
        }
    } else if !reasons.iter().any(is_known) {
        return no("reason", "Choose a reason from the list.");
    }
    if wanted.kind == EventKind::Rejected
        && wanted.reason == moves::NOT_MY_TERRITORY
        && assign::has_other_territory(tx, &story.lead)?
    {
        return no(
            "territory",
            "Name the right territory: the lead goes there at once, and is not rejected.",
        );
    }
    if wanted.reason == moves::OTHER && wanted.note.is_empty() {
        return no("note", "Say in the note what the other reason is.");
    }
    if wanted.kind == EventKind::Disqualified
        && wanted.reason == moves::UNABLE_TO_REACH
        && let Some(why) = moves::missing_attempts(&standing, &level(tx, story)?)
    {
        return Ok(Some(("reason", why)));
    }
    if wanted.to_nurture
        && !(wanted.kind == EventKind::Rejected && wanted.reason == moves::CONTENT_ONLY)
    {
        return no(
            "to_nurture",
            "Only a lead that wants content and nothing else goes to nurture with its rejection.",
        );
    }
    let today = tx.me()?.zone.day_of(tx.now);
    match wanted.return_on {
        None if wanted.to_nurture || wanted.kind.needs_return(&wanted.reason) => no(
            "return_on",
            "Enter the day on which to come back to this lead.",
        ),
        Some(day) if day <= today => no("return_on", "Enter a day after today."),
        _ if wanted.amount_micros.is_some() && wanted.currency.is_empty() => {
            no("currency", "Enter the currency of the amount, such as EUR.")
        }
        _ => Ok(None),
    }
}

/// What is promised for the newest hand-over.
fn level(tx: &mut Tx, story: &Story) -> Result<ServiceLevel> {
    let definitions: Arc<Definitions> = tx.kept.get(tx.conn)?;
    let Some(handover) = story.handover() else {
        return Ok(ServiceLevel::of_house(story.lead.urgency));
    };
    let (urgency, source_id) = (handover.urgency, handover.source_id);
    Ok(definitions.level(handover.definition_id, urgency, source_id))
}

/// Hands over a lead that is with marketing or closed: a hand-over of its own, with clocks of its own.
pub fn again(tx: &mut Tx, uid: &str, terms: &Terms, seen: &str) -> Result<Done> {
    let (story, may) = look(tx, uid)?;
    if !may.hand_over {
        return Err(Error::Forbidden);
    }
    let is_it = |tx: &mut Tx, done: &Alone| done.is_handed_over(tx, terms);
    if let Some(done) = changed(tx, &story, seen, is_it)? {
        return Ok(done);
    }
    if story.lead.stage.is_open() {
        return Ok(Done::Refused(
            "kind",
            "This lead is with sales already.".to_owned(),
        ));
    }
    if story.lead.is_stopped {
        let why = "This person asked not to be contacted: the lead stays where it is.";
        return Ok(Done::Refused("kind", why.to_owned()));
    }
    if story.lead.erased_at.is_some() {
        let why = "What was known of this lead is erased: add a new one.";
        return Ok(Done::Refused("kind", why.to_owned()));
    }
    let at = story.next_instant(tx.now);
    let promise = terms.promise(tx.conn)?;
    leads::profile::store::set_promise(tx.conn, story.lead.id, &promise)?;
    terms.write_rest(tx, story.lead.id)?;
    leads::plan_step(tx, story.lead.id, (story.lead.next_step_on, None))?;
    let lead = leads::store::by_id(tx.conn, story.lead.id)?;
    hand_over(tx, &lead, at, terms)?;
    Ok(Done::Stored)
}

/// Hands a lead over with the promise as it has it, to whom the terms or the rules say.
fn hand_over(tx: &mut Tx, lead: &Lead, at: Instant, terms: &Terms) -> Result<()> {
    let by_id = tx.by_id();
    let pick = assign::pick(tx, lead, terms)?;
    let (lead, id) = write_down(tx, lead, &pick, (at, by_id), &terms.note)?;
    assign::tell_of_handover(tx, &lead, id, pick.owner_id)
}

/// Writes a hand-over down: the lead as it was handed over, and the hand-over's id. Its score is what its reasons add up to.
fn write_down(
    tx: &mut Tx,
    lead: &Lead,
    pick: &Pick,
    (at, by_id): (Instant, Option<i64>),
    note: &str,
) -> Result<(Lead, i64)> {
    let lead = Lead {
        territory_id: pick.territory_id,
        score: leads::score::explain(tx.conn, lead.id, tx.now)?.score,
        ..lead.clone()
    };
    territories::store::place_lead(tx.conn, lead.id, None, pick.territory_id)?;
    let id = leads::store::add_handover(tx.conn, &lead, at, by_id, note)?;
    leads::carried::freeze(tx, &lead, id)?;
    leads::refresh(tx, &[lead.id])?;
    if pick.owner_id.is_some() || lead.owner_id.is_some() {
        let assignment = Assignment {
            owner_id: pick.owner_id,
            at,
            reason: "",
            note: &pick.why,
        };
        leads::assign_as(tx, lead.id, &assignment)?;
    }
    Ok((lead, id))
}

/// Adds a lead of marketing's, once under its client-made id, and hands it over unless it stays in nurture. The id of a
/// form that was sent already brings no other lead.
pub fn add(tx: &mut Tx, uid: &str, lead: &NewLead, terms: &Terms, is_now: bool) -> Result<()> {
    let me = tx.me()?;
    if let Some(known) = leads::store::by_uid(tx.conn, me, uid)? {
        let is_mine = known.created_by_id == Some(me.id);
        let is_same = known.name == lead.name
            && known.company == lead.company
            && known.email == lead.email
            && known.phone == lead.phone;
        return match (is_mine, is_same) {
            (true, true) => Ok(()),
            (true, false) => Err(Error::refused(format!(
                "You saved this form already, as {}. Open that lead to change it; for another lead open a new form.",
                known.title_name()
            ))),
            (false, _) => Err(Error::refused(
                "This lead's number is taken. Reload the page and enter it again.",
            )),
        };
    }
    let promise = terms.promise(tx.conn)?;
    let lead = NewLead {
        territory_id: promise.territory_id,
        source_id: promise.source_id,
        campaign_id: promise.campaign_id,
        asset_id: promise.asset_id,
        urgency: promise.urgency,
        score: promise.score,
        created_at: tx.now,
        created_by_id: Some(me.id),
        ..lead.clone()
    };
    let id = leads::store::add_as(tx.conn, uid, &lead)?;
    terms.write_rest(tx, id)?;
    if is_now {
        let lead = leads::store::by_id(tx.conn, id)?;
        hand_over(tx, &lead, tx.now, terms)?;
    }
    Ok(())
}
