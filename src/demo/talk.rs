//! What sales and marketing of the demo say to each other: answers to rejections, questions, ratings.

use super::cast::{self, ANA, BEN, DAVID, GRETA, MARKETING};
use crate::app::Tx;
use crate::calendar::Calendars;
use crate::error::Result;
use crate::handover::{self, Move, Story};
use crate::leads::list::{Filter, Place};
use crate::leads::{self, Lead};
use crate::lists::{self, List};
use crate::people::Directory;
use crate::rules::access::Me;
use crate::rules::stage::{EventKind, Stage};
use crate::rules::wait::Urgency;
use crate::signin;
use crate::talk::{self, NewRating, NewRemark, Rejection, Reply};
use crate::value::Instant;

const DAY_S: i64 = 86_400;

pub fn tell(tx: &mut Tx) -> Result<()> {
    answers(tx)?;
    fresh_rejections(tx)?;
    questions(tx)?;
    ratings(tx)
}

/// Does something in somebody's name at an instant, which is never ahead of now.
fn as_<T>(tx: &mut Tx, me: &Me, at: Instant, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
    work(&mut Tx {
        conn: tx.conn,
        kept: tx.kept,
        me: Some(me),
        now: at.min(tx.now),
        address: tx.address,
    })
}

/// The rejections of the last months are answered, and some disputes are open.
fn answers(tx: &mut Tx) -> Result<()> {
    let marketing = [
        cast::member(tx, MARKETING[0])?,
        cast::member(tx, MARKETING[1])?,
    ];
    let span = (tx.now.plus_seconds(-100 * DAY_S), tx.now);
    let rejections = talk::store::rejections_in(tx.conn, span)?;
    let answered = rejections.len();
    for (number, rejection) in rejections.iter().enumerate() {
        let marketer = &marketing[number % 2];
        let at = rejection
            .at
            .plus_seconds(7_200 + 1_800 * (number as i64 % 9));
        let (reply, text) = match number % 4 {
            0 => (
                Reply::Disputed,
                "The profile says otherwise: they asked for an offer on the phone.",
            ),
            1 => (
                Reply::Agreed,
                "Right, the list was too wide. We have narrowed it.",
            ),
            _ => (Reply::Agreed, ""),
        };
        let lead = leads::store::by_id(tx.conn, rejection.lead_id)?;
        let place = rejection.event_id;
        as_(tx, marketer, at, |tx| {
            handover::reply(tx, &lead.uid, place, reply, text)
        })?;
        if reply == Reply::Disputed && number + 8 < answered {
            settle(tx, &lead, rejection, number)?;
        }
    }
    Ok(())
}

/// The owner settles it: every third dispute is withdrawn, and the lead is theirs again.
fn settle(tx: &mut Tx, lead: &Lead, rejection: &Rejection, number: usize) -> Result<()> {
    let Some(owner) = owner(tx, lead)? else {
        return Ok(());
    };
    let (reply, text, at) = match number % 12 {
        8 => (
            Reply::Withdrawn,
            "Called again: you are right.",
            tx.now.plus_seconds(-1_200),
        ),
        _ => (
            Reply::Upheld,
            "The person left the company in spring.",
            rejection.at.plus_seconds(DAY_S),
        ),
    };
    let place = rejection.event_id;
    as_(tx, &owner, at, |tx| {
        handover::reply(tx, &lead.uid, place, reply, text)
    })?;
    Ok(())
}

/// A few that came in this morning wait for marketing's answer.
fn fresh_rejections(tx: &mut Tx) -> Result<()> {
    for (number, (who, reason)) in [
        (BEN, "Wrong role"),
        (GRETA, "Outside target profile"),
        (DAVID, "Contact data missing or wrong"),
    ]
    .into_iter()
    .enumerate()
    {
        let rep = cast::member(tx, who)?;
        let Some(lead) = newest(tx, &rep, &[Stage::HandedOver], 1)?.pop() else {
            continue;
        };
        let at = tx.now.plus_seconds(-1_800 * (number as i64 + 1));
        as_(tx, &rep, at, |tx| {
            let uid = lead.uid.clone();
            let wanted = Move {
                kind: EventKind::Rejected,
                reason: reason.to_owned(),
                note: String::new(),
                amount_micros: None,
                currency: String::new(),
                return_on: None,
                to_nurture: false,
                same_as: String::new(),
                seen: Story::load(tx.conn, lead)?.version(),
            };
            handover::move_on(tx, &uid, &wanted)
        })?;
    }
    Ok(())
}

fn owner(tx: &mut Tx, lead: &Lead) -> Result<Option<Me>> {
    let Some(id) = lead.owner_id else {
        return Ok(None);
    };
    let directory = tx.kept.get::<Directory>(tx.conn)?;
    let calendars = tx.kept.get::<Calendars>(tx.conn)?;
    Ok(signin::me(&directory, &calendars, id, tx.now))
}

/// The newest leads of somebody in some stages.
fn newest(tx: &mut Tx, me: &Me, stages: &[Stage], most: usize) -> Result<Vec<Lead>> {
    let filter = Filter {
        stages: stages.to_vec(),
        owner: Some(leads::list::Owner::Person(me.id)),
        ..Filter::default()
    };
    let order = leads::list::Order::Newest;
    let (leads, _) = leads::list::store::page(tx.conn, me, &filter, order, Place::First, most)?;
    Ok(leads)
}

/// A question of a rep that waits, one that is answered, and one of marketing's.
fn questions(tx: &mut Tx) -> Result<()> {
    let oskar = cast::member(tx, MARKETING[0])?;
    let open = [Stage::Accepted, Stage::Attempting, Stage::Contacted];
    for (who, question, answer) in [
        (ANA, "Did they say which site it is about?", ""),
        (
            BEN,
            "Who was at our stand: the buyer or the technician?",
            "The technician. The buyer is on the visitors' list, I sent it to you.",
        ),
        (
            GRETA,
            "Is there a budget for this year?",
            "Yes, they said so in the form.",
        ),
    ] {
        let rep = cast::member(tx, who)?;
        let Some(lead) = newest(tx, &rep, &open, 1)?.pop() else {
            continue;
        };
        let asked_at = tx.now.plus_seconds(-9_000);
        let uid = add_remark(question);
        as_(tx, &rep, asked_at, |tx| {
            talk::ask(tx, &lead.uid, &uid, &[oskar.id])
        })?;
        if !answer.is_empty() {
            let said = add_remark(answer);
            let at = asked_at.plus_seconds(2_400);
            as_(tx, &oskar, at, |tx| {
                talk::answer(tx, &lead.uid, &uid.uid, &said)
            })?;
        }
    }
    let ana = cast::member(tx, ANA)?;
    if let Some(lead) = newest(tx, &ana, &[Stage::HandedOver], 1)?.pop() {
        let asked = add_remark("They wait for a call before Friday: will you manage?");
        let at = tx.now.plus_seconds(-1_500);
        as_(tx, &oskar, at, |tx| {
            talk::ask(tx, &lead.uid, &asked, &[ana.id])
        })?;
    }
    Ok(())
}

fn add_remark(text: &str) -> NewRemark {
    NewRemark {
        uid: uuid::Uuid::now_v7().to_string(),
        text: text.to_owned(),
        tell: Vec::new(),
    }
}

/// Who asked for a demo is rated well, and who only read something less so.
fn ratings(tx: &mut Tx) -> Result<()> {
    const RATED: [Stage; 4] = [
        Stage::MeetingBooked,
        Stage::Qualified,
        Stage::Won,
        Stage::Disqualified,
    ];
    let calculator = lists::store::label_id(tx.conn, List::Asset, "Savings calculator")?;
    for who in super::cast::REPS {
        let rep = cast::member(tx, who)?;
        for lead in newest(tx, &rep, &RATED, 9)? {
            let usual = match lead.urgency {
                Urgency::Hot | Urgency::Referral => 5,
                Urgency::Warm => 4,
                Urgency::Content => 2,
            };
            let stars = (usual - i32::from(lead.id % 3 == 0)).max(1);
            let is_calculator = lead.urgency == Urgency::Content && lead.id % 4 == 0;
            let landed = match (is_calculator, lead.id % 5) {
                (true, _) => "Savings calculator",
                (false, 0) => "The figures of a company next door",
                _ => "",
            };
            let new = NewRating {
                stars: if is_calculator { 4 } else { stars },
                asset_id: calculator.filter(|_| is_calculator),
                landed: landed.to_owned(),
                note: String::new(),
            };
            let at = lead
                .last_touch_at
                .unwrap_or(lead.listed_at)
                .plus_seconds(900);
            as_(tx, &rep, at, |tx| talk::rate(tx, &lead.uid, &new))?;
        }
    }
    Ok(())
}
