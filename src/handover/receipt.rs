//! The receipt: the permanent page of one hand-over, read like a parcel's track, the same for everybody who may see it.

use super::going_on::{self, Carried};
use super::kept::{self, KeptRow};
use super::legs::{self, LegRow};
use super::say::landed;
use super::talking::{self, ThreadView};
use super::timeline::{self, Entry, Names, Telling};
use super::{Story, explain, store};
use crate::app::Cx;
use crate::calendar::Calendars;
use crate::csv_out::{self, Cell};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::leads::{self, Handover, Lead, score};
use crate::page::{self, Answer, Frame};
use crate::rules::access::Me;
use crate::talk::{Talk, rating_of};
use crate::value::Instant;
use askama::Template;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "handover/receipt.html")]
struct ReceiptPage {
    frame: Frame,
    name: String,
    sub: String,
    /// The lead's page; empty for who may not see the lead any more.
    lead_href: String,
    /// What to give to somebody else.
    address: String,
    stage: &'static str,
    tone: &'static str,
    facts: Vec<(&'static str, String)>,
    /// Of the definitions, as in force when it was handed over.
    version: i64,
    promise: Promised,
    note: String,
    owners: Vec<String>,
    legs: Vec<LegRow>,
    kept: Vec<KeptRow>,
    track: Vec<Entry>,
    threads: Vec<ThreadView>,
    /// The receipts before and after this one.
    others: Vec<(String, String)>,
    zone: String,
    legs_csv_href: String,
    promises_csv_href: String,
}

/// What the hand-over froze.
struct Promised {
    carried: Vec<Carried>,
}

/// `?format=csv` for the legs as a file, `&table=promises` for the promises.
pub fn show(cx: &Cx) -> Answer {
    let page = cx.snapshot(|conn| {
        let (story, handover, sees_lead) = seen(cx, conn)?;
        receipt(cx, conn, &story, &handover, sees_lead)
    })?;
    let query = cx.query();
    match (query.value("format"), query.value("table")) {
        ("csv", "promises") => page::csv_file("promises", promises_csv(&page.kept)?),
        ("csv", _) => page::csv_file("legs", legs_csv(&page.legs)?),
        _ => page::show(&page),
    }
}

fn legs_csv(legs: &[LegRow]) -> Result<String> {
    let header = ["until", "whose", "calendar_s", "working_s", "end"];
    let row = |leg: &LegRow| {
        vec![
            Cell::from(leg.step),
            Cell::known(&leg.whose),
            Cell::number(leg.calendar_s),
            Cell::number(leg.working_s),
            Cell::from(leg.end),
        ]
    };
    csv_out::table(&header, legs.iter().map(row))
}

fn promises_csv(kept: &[KeptRow]) -> Result<String> {
    let header = ["promise", "limit", "used", "verdict"];
    let row = |kept: &KeptRow| {
        let words = [kept.promise, &kept.limit, &kept.used, kept.verdict];
        words.map(Cell::known).into_iter().collect::<Vec<Cell>>()
    };
    csv_out::table(&header, kept.iter().map(row))
}

/// The hand-over of the address with its lead's story, and whether the asker sees the lead itself. Not found: one that is
/// neither theirs to see nor was theirs then.
pub fn seen(cx: &Cx, conn: &mut Conn) -> Result<(Story, Handover, bool)> {
    let me = cx.me()?;
    let handover = store::of_uid(conn, cx.param("uid")?)?.ok_or(Error::NotFound)?;
    let lead = leads::store::by_id(conn, handover.lead_id)?;
    let story = Story::load(conn, lead)?;
    let sees_lead = !leads::store::visible_by_ids(conn, me, &[story.lead.id])?.is_empty();
    if !sees_lead && !owned_then(&story, &handover, me) {
        return Err(Error::NotFound);
    }
    Ok((story, handover, sees_lead))
}

/// Who owned the lead during a hand-over keeps its receipt, whoever has the lead now: it tells of their own work.
fn owned_then(story: &Story, handover: &Handover, me: &Me) -> bool {
    owners(story, handover).contains(&Some(me.id))
}

/// Who owned the lead during a hand-over, in order; nobody where it waited.
fn owners(story: &Story, handover: &Handover) -> Vec<Option<i64>> {
    let start = handover.handed_over_at;
    let next = story.next_after(handover);
    let mut owners: Vec<Option<i64>> = Vec::new();
    let before = story.owners().filter(|(at, _)| *at < start).last();
    let changes = story.owners();
    let then = changes.filter(|(at, _)| *at >= start && next.is_none_or(|next| *at < next));
    // Who had the lead before counts unless it changed hands with the hand-over.
    let then: Vec<_> = then.collect();
    if then.first().is_none_or(|(at, _)| *at > start) {
        owners.extend(before.map(|(_, owner)| owner));
    }
    owners.extend(then.into_iter().map(|(_, owner)| owner));
    owners.dedup();
    owners
}

fn receipt(
    cx: &Cx,
    conn: &mut Conn,
    story: &Story,
    handover: &Handover,
    sees_lead: bool,
) -> Result<ReceiptPage> {
    let me = cx.me()?;
    let names = Names::load(conn, cx.kept)?;
    let calendars: Arc<Calendars> = cx.kept.get(conn)?;
    let (start, next) = (handover.handed_over_at, story.next_after(handover));
    let starts: Vec<Instant> = story.handovers.iter().map(|h| h.handed_over_at).collect();
    let talk = Talk::load(conn, story.lead.id)?.about(&starts, start);
    let way = legs::way(story, handover);
    let lead = &story.lead;
    let stage = story.stage_of(handover);
    Ok(ReceiptPage {
        frame: Frame::new(cx, format!("Receipt: {}", lead.title_name())),
        name: lead.title_name().to_owned(),
        sub: sub(lead),
        lead_href: match sees_lead {
            true => format!("/leads/{}", lead.uid),
            false => String::new(),
        },
        address: format!("{}/hand-overs/{}", cx.origin(), handover.uid),
        stage: crate::style::stage(stage),
        tone: stage.tone(),
        facts: facts(cx, story, handover, &talk, &names),
        version: handover.definition_id,
        promise: Promised {
            carried: going_on::carried(conn, cx, std::slice::from_ref(handover))?
                .remove(&handover.id)
                .unwrap_or_default(),
        },
        note: handover.note.clone(),
        owners: owners(story, handover)
            .into_iter()
            .map(|owner| match names.person(owner) {
                "" => "Nobody".to_owned(),
                name => name.to_owned(),
            })
            .collect(),
        legs: legs::rows(&calendars, &names, &way, cx.now, &|step, at, clock| {
            explain::leg_href(handover, (step, at, clock), cx.now)
        }),
        kept: kept::rows(cx, conn, story, handover, cx.now)?,
        track: timeline::entries(cx, &Telling::Receipt(start, next), story, &talk, &names),
        threads: talking::threads(cx, me, &talk.threads, &names),
        others: others(cx, story, handover),
        zone: cx.zone().name().to_owned(),
        legs_csv_href: format!("/hand-overs/{}?format=csv", handover.uid),
        promises_csv_href: format!("/hand-overs/{}?format=csv&table=promises", handover.uid),
    })
}

fn sub(lead: &Lead) -> String {
    let parts = [lead.title.as_str(), &lead.company].into_iter();
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

fn facts(
    cx: &Cx,
    story: &Story,
    handover: &Handover,
    talk: &Talk,
    names: &Names,
) -> Vec<(&'static str, String)> {
    let is_newest = story.next_after(handover).is_none();
    let rating = rating_of(&talk.ratings, &story.handovers, handover);
    let next_step = story.lead.next_step_on.filter(|_| is_newest);
    let rated = rating.map(|rating| {
        let landed = landed(rating.asset_id, &rating.landed, names);
        talking::stars(rating.stars, &landed)
    });
    let facts = [
        ("Created", page::time(story.lead.created_at, cx.zone())),
        (
            "Handed over",
            page::time(handover.handed_over_at, cx.zone()),
        ),
        ("By", names.person(handover.by_id).to_owned()),
        (
            "Urgency",
            format!("{}: {}", handover.urgency.label(), handover.urgency.about()),
        ),
        ("Source", names.label(handover.source_id).to_owned()),
        ("Campaign", names.label(handover.campaign_id).to_owned()),
        ("Asset", names.label(handover.asset_id).to_owned()),
        ("Territory", names.label(handover.territory_id).to_owned()),
        (
            "Score",
            handover.score.map(score::points).unwrap_or_default(),
        ),
        ("Next date", next_step.map(page::day).unwrap_or_default()),
        ("Rating", rated.unwrap_or_default()),
    ];
    facts
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .collect()
}

/// The ways to the lead's other receipts, and how they hang together.
fn others(cx: &Cx, story: &Story, handover: &Handover) -> Vec<(String, String)> {
    let others = story
        .handovers
        .iter()
        .filter(|other| other.id != handover.id);
    let link = |other: &Handover| {
        let when = page::time(other.handed_over_at, cx.zone());
        let word = match other.handed_over_at < handover.handed_over_at {
            true => "Before: handed over",
            false => "Later: handed over",
        };
        (
            format!("/hand-overs/{}", other.uid),
            format!("{word} {when}"),
        )
    };
    others.map(link).collect()
}
