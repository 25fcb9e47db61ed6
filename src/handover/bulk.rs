//! One tap for the tedious: accept, take, give, hand over, set the next step of one lead or of several. Each lead is judged by itself,
//! and those refused are named with the reason.

use super::{Done, Move, assign, look, ready};
use crate::app::{Cx, Tx};
use crate::error::{Error, Result};
use crate::form::{self, FieldError, Form};
use crate::leads::{self, queue};
use crate::page::{self, Answer, Frame};
use crate::rules::access::Me;
use crate::rules::stage::EventKind;
use crate::urls;
use askama::Template;
use chrono::{Days, NaiveDate};

/// Where marketing finds what is ready to be handed over.
const READY: &str = "/leads/ready";

/// More leads at once are done in parts.
const LEADS_MOST: usize = 100;

crate::words! {
    /// What is done to each.
    pub enum Deed { Accept = "accept", Take = "take", Give = "give", Step = "step", Rules = "rules", HandOver = "hand-over" }
}

#[derive(Template)]
#[template(path = "handover/bulk.html")]
struct BulkPage {
    frame: Frame,
    errors: Vec<FieldError>,
    refused: Vec<Refused>,
    back: String,
}

struct Refused {
    /// Where the lead is; empty for one that the asker does not see.
    href: String,
    name: String,
    why: String,
}

/// What to do, with what it needs.
struct Wanted {
    deed: Deed,
    owner: String,
    next: Option<NaiveDate>,
}

pub fn create(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let mut form = cx.form();
    let back = back(&form);
    let wanted = read(&mut form, me, cx);
    let uids = leads_of(cx, &mut form)?;
    let Some(wanted) = wanted.filter(|_| form.is_good()) else {
        let page = BulkPage {
            frame: Frame::new(cx, "Nothing was done"),
            errors: form.errors().to_vec(),
            refused: Vec::new(),
            back,
        };
        return page::again(&page);
    };
    let mut refused = Vec::new();
    for uid in &uids {
        // What the list said of the lead; a list that said nothing of it, as of all that wait, is not asked.
        let seen = format!("seen-{uid}");
        let seen = form.has(&seen).then(|| form.value(&seen));
        refused.extend(match cx.write(|tx| one(tx, uid, &wanted, seen)) {
            Ok(Done::Stored) => None,
            Ok(Done::Refused(_, why) | Done::Newer(why)) | Err(Error::Refused(why)) => {
                Some(name(cx, uid, why)?)
            }
            Err(error @ (Error::Forbidden | Error::NotFound)) => Some(gone(cx, uid, error)?),
            Err(error) => return Err(error),
        });
    }
    let done = uids.len() - refused.len();
    if refused.is_empty() {
        let joint = if back.contains('?') { '&' } else { '?' };
        return page::go_to(format!("{back}{joint}done={}-{done}", wanted.deed));
    }
    page::again(&BulkPage {
        frame: Frame::new(cx, format!("{done} done, {} refused", refused.len())),
        errors: Vec::new(),
        refused,
        back,
    })
}

/// The list that was left, and nowhere else.
fn back(form: &Form) -> String {
    let wanted = urls::local_path(form.value("back"));
    let is_list = ["/leads", READY].contains(&wanted) || wanted.starts_with("/leads?");
    if is_list { wanted } else { "/leads" }.to_owned()
}

fn read(form: &mut Form, me: &Me, cx: &Cx) -> Option<Wanted> {
    let deed = form.parsed("deed", "what to do from the list", Deed::from_word)?;
    let owner = match deed {
        Deed::Give => form.required("owner", 40, "to whom they go")?,
        _ => String::new(),
    };
    let today = me.zone.day_of(cx.now);
    let day = |text: &str| match text.parse::<u64>() {
        Ok(days) if days <= 366 => today.checked_add_days(Days::new(days)),
        _ => form::read_day(text),
    };
    // A date that was typed comes before the button beside it.
    let field = if form.value("on").is_empty() {
        "next"
    } else {
        "on"
    };
    let next = match deed {
        Deed::Step => Some(form.parsed(field, "the day of the next step", day)?),
        _ => None,
    };
    Some(Wanted { deed, owner, next })
}

/// The leads that were ticked, each once; or the first of the queue, where all of it is asked for.
fn leads_of(cx: &Cx, form: &mut Form) -> Result<Vec<String>> {
    if form.is_ticked("all") {
        return cx.read(|conn| queue::store::first(conn, LEADS_MOST as i64));
    }
    let mut uids: Vec<String> = Vec::new();
    for uid in form.values("lead") {
        if !uids.iter().any(|known| known == uid) {
            uids.push(uid.to_owned());
        }
    }
    if uids.is_empty() {
        form.refuse("lead", "Choose at least one lead.");
    }
    if uids.len() > LEADS_MOST {
        form.refuse(
            "lead",
            format!("Choose at most {LEADS_MOST} leads at once."),
        );
    }
    Ok(uids)
}

fn one(tx: &mut Tx, uid: &str, wanted: &Wanted, seen: Option<&str>) -> Result<Done> {
    let seen = match seen {
        Some(seen) => seen,
        None => &look(tx, uid)?.0.version(),
    };
    match wanted.deed {
        Deed::Accept => accept(tx, uid, seen),
        Deed::Take => assign::assign(tx, uid, "me", seen),
        Deed::Give => assign::assign(tx, uid, &wanted.owner, seen),
        Deed::Step => plan_next(tx, uid, wanted.next, seen),
        Deed::Rules => assign::by_rules(tx, uid, seen),
        Deed::HandOver => ready::hand_over(tx, uid, seen),
    }
}

fn accept(tx: &mut Tx, uid: &str, seen: &str) -> Result<Done> {
    let wanted = Move {
        kind: EventKind::Accepted,
        reason: String::new(),
        note: String::new(),
        amount_micros: None,
        currency: String::new(),
        return_on: None,
        to_nurture: false,
        same_as: String::new(),
        seen: seen.to_owned(),
    };
    super::move_on(tx, uid, &wanted)
}

/// Says when to go on with an open lead.
fn plan_next(tx: &mut Tx, uid: &str, on: Option<NaiveDate>, seen: &str) -> Result<Done> {
    let (story, may) = look(tx, uid)?;
    if !may.move_on {
        return Err(Error::Forbidden);
    }
    let is_with_sales = story.lead.stage.is_open() && !story.lead.is_stopped;
    if story.lead.next_step_on == on && is_with_sales {
        return Ok(Done::Stored);
    }
    if let Some(news) = story.news_since(tx, seen)? {
        return Ok(Done::Newer(news));
    }
    let no = |why: &str| Ok(Done::Refused("next", why.to_owned()));
    let today = tx.me()?.zone.day_of(tx.now);
    if !story.lead.stage.is_open() {
        return no("This lead is not with sales: there is no next step.");
    }
    if story.lead.is_stopped {
        return no("This person asked not to be contacted: there is no next step.");
    }
    if on.is_some_and(|day| day < today) {
        return no("Enter today or a day after it.");
    }
    leads::plan_step(tx, story.lead.id, (story.lead.next_step_on, on))?;
    Ok(Done::Stored)
}

fn name(cx: &Cx, uid: &str, why: String) -> Result<Refused> {
    let lead = cx.read(|conn| leads::store::by_uid(conn, cx.me()?, uid))?;
    Ok(match lead {
        Some(lead) => Refused {
            href: format!("/leads/{}", lead.uid),
            name: lead.title_name().to_owned(),
            why,
        },
        None => Refused {
            href: String::new(),
            name: "A lead that is not yours to see".to_owned(),
            why,
        },
    })
}

/// A lead that went to somebody else is named with what became of it.
fn gone(cx: &Cx, uid: &str, error: Error) -> Result<Refused> {
    let why = match error {
        Error::Forbidden => "This is not yours to do.",
        _ => "Somebody else has it now.",
    };
    Ok(
        match cx.snapshot(|conn| leads::gone::find(conn, cx, uid))? {
            Some(gone) => Refused {
                href: String::new(),
                name: gone.name,
                why: gone.news,
            },
            None => name(cx, uid, why.to_owned())?,
        },
    )
}
