//! Marketing answers a rejection, and sales settles what is disputed.

use super::{Done, Story, assign, look, told, write_down};
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::leads::{self, Lead};
use crate::page;
use crate::people;
use crate::rules::access::{MARKETERS, Role};
use crate::talk::{self, Rejection, Replied, Reply};
use crate::territories::{self, Pick};
use crate::value::Instant;

/// Replies to a rejection of a lead, by the place of its event: marketing agrees or disputes with a word, and who
/// moves the lead settles a dispute. The rejection stays in the history either way; one that is withdrawn makes a
/// hand-over of its own with the same promise and owner, since only a hand-over opens a lead again (METRICS.md 2.1).
pub fn reply(tx: &mut Tx, uid: &str, event_id: i64, reply: Reply, text: &str) -> Result<Done> {
    let (story, may) = look(tx, uid)?;
    let is_allowed = match reply {
        Reply::Agreed | Reply::Disputed => MARKETERS.allows(tx.me()?.role),
        Reply::Upheld | Reply::Withdrawn => may.move_on,
    };
    if !is_allowed {
        return Err(Error::Forbidden);
    }
    let rejections = talk::store::rejections(tx.conn, story.lead.id)?;
    let rejection = rejections.into_iter().find(|r| r.event_id == event_id);
    let rejection = rejection.ok_or(Error::NotFound)?;
    let given = rejection.replies().find(|r| r.reply.step() == reply.step());
    let me_id = tx.me()?.id;
    if let Some(given) = given {
        // Sent twice, it is said once.
        if given.by_id == me_id && given.reply == reply && given.text == text {
            return Ok(Done::Stored);
        }
        return Ok(Done::Newer(news(tx, given)?));
    }
    if let Some(why) = talk::refusal(&rejection, reply, text) {
        return Ok(Done::Refused("text", why.to_owned()));
    }
    leads::refuse_words(&story.lead, &[text])?;
    let led_to_at = match reply {
        Reply::Withdrawn => hand_over_anew(tx, &story, &rejection)?,
        _ => None,
    };
    talk::put_reply(tx, &rejection, reply, text, led_to_at)?;
    told::replied(tx, &story, &rejection, reply)?;
    Ok(Done::Stored)
}

/// What somebody replied while another had the page open.
fn news(tx: &mut Tx, given: &Replied) -> Result<String> {
    let zone = &tx.me()?.zone;
    let by = people::store::by_id(tx.conn, given.by_id)?;
    let when = page::short_time(given.at, zone, zone.day_of(tx.now));
    let what = given.reply.label().to_lowercase();
    let first = match by {
        Some(person) if person.id == tx.me()?.id => "You have answered already:".to_owned(),
        Some(person) => format!("Somebody was faster. {}:", person.name),
        None => "Somebody was faster:".to_owned(),
    };
    Ok(format!(
        "{first} {what}, {when}. What you wrote stands below and is not saved."
    ))
}

/// Whose the lead becomes again: its owner's, or by the rules where they have left or nobody owned it.
fn owner_again(tx: &mut Tx, lead: &Lead) -> Result<Pick> {
    let owner = match lead.owner_id {
        Some(id) => people::store::by_id(tx.conn, id)?,
        None => None,
    };
    match owner.filter(|p| p.left_on.is_none() && p.role != Role::Marketing) {
        Some(owner) => Ok(Pick {
            territory_id: lead.territory_id,
            owner_id: Some(owner.id),
            why: String::new(),
        }),
        None => {
            let profile = leads::profile::store::of_lead(tx.conn, lead.id)?;
            territories::choose(tx, lead.territory_id, &profile, &[])
        }
    }
}

/// Gives the lead back as it was handed over, unless it was handed over since or is with sales already.
fn hand_over_anew(tx: &mut Tx, story: &Story, rejection: &Rejection) -> Result<Option<Instant>> {
    let lead = &story.lead;
    let rejected = story
        .handover()
        .filter(|h| h.handed_over_at <= rejection.at);
    let Some(rejected) = rejected.filter(|_| !lead.stage.is_open() && !lead.is_stopped) else {
        return Ok(None);
    };
    let pick = owner_again(tx, lead)?;
    let at = story.next_instant(tx.now);
    leads::plan_step(tx, lead.id, (lead.next_step_on, None))?;
    let whose = (at, rejected.by_id);
    let (again, id) = write_down(tx, lead, &pick, whose, &rejected.note)?;
    // Whoever rejected it is told of how the dispute was settled.
    if pick.owner_id.is_none() || pick.owner_id != lead.owner_id {
        assign::tell_of_handover(tx, &again, id, pick.owner_id)?;
    }
    Ok(Some(at))
}
