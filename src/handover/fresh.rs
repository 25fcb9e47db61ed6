//! Handing over a lead that is new: the form of marketing.

use super::promise::{BY_RULES, Offers, Terms};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::{self, Choice, Form};
use crate::leads::{self, Lead, NewLead, score};
use crate::page::{self, Answer, Frame};
use crate::rules::lead_score::{Happened, Traits};
use crate::rules::wait::Urgency;
use crate::style;
use crate::value::Instant;
use askama::Template;

/// Fewer digits than this are no telephone number that tells two people apart.
const PHONE_DIGITS: usize = 6;

#[derive(Template)]
#[template(path = "handover/new.html")]
struct NewPage {
    frame: Frame,
    form: Form,
    promise: Offers,
    urgencies: Vec<Choice>,
    owners: Vec<Choice>,
    news: Vec<Choice>,
    known: Vec<Known>,
}

/// A lead that may be the same person.
struct Known {
    uid: String,
    name: String,
    sub: String,
}

fn new_page(cx: &Cx, form: Form, promise: Offers, known: Vec<Known>) -> NewPage {
    NewPage {
        frame: Frame::new(cx, "Hand over a lead"),
        urgencies: Offers::urgencies(&form),
        owners: promise.owners(&form),
        news: promise.news(&form),
        form,
        promise,
        known,
    }
}

pub fn form(cx: &Cx) -> Answer {
    let form = Form::filled([
        ("uid", uuid::Uuid::now_v7().to_string().as_str()),
        ("urgency", Urgency::Warm.word()),
        ("owner", BY_RULES),
    ]);
    let offers = cx.snapshot(|conn| Offers::load(conn, cx.now))?;
    page::show(&new_page(cx, form, offers, Vec::new()))
}

pub fn create(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let offers = cx.snapshot(|conn| Offers::load(conn, cx.now))?;
    let lead = read(&mut form);
    let terms = offers.read(&mut form);
    let uid = form.parsed("uid", "the form anew: reload the page", |text| {
        uuid::Uuid::parse_str(text).ok()
    });
    let is_now = !form.is_ticked("keep");
    if !is_now && terms.as_ref().is_some_and(|terms| terms.owner_id.is_some()) {
        form.refuse(
            "owner",
            "A lead in nurture has no owner: hand it over, or choose nobody yet.",
        );
    }
    let (true, Some(lead), Some(terms), Some(uid)) = (form.is_good(), lead, terms, uid) else {
        return page::again(&new_page(cx, form, offers, Vec::new()));
    };
    let uid = uid.to_string();
    if is_now && !form.is_ticked("below") {
        ask_below(cx, &mut form, &lead, &terms)?;
    }
    let known = if form.is_ticked("other") {
        Vec::new()
    } else {
        same(cx, &lead, &uid)?
    };
    if !known.is_empty() {
        form.refuse(
            "other",
            "This may be somebody we know: look below, and tick the box if it is not.",
        );
    }
    if !form.is_good() {
        return page::again(&new_page(cx, form, offers, known));
    }
    let save = || cx.write(|tx| super::add(tx, &uid, &lead, &terms, is_now));
    // Of two that were sent at the same moment the second finds the first.
    let saved = match save() {
        Err(Error::Conflict(_)) => save(),
        saved => saved,
    };
    match saved {
        Ok(()) => page::go_to(format!(
            "/leads/{uid}?done={}",
            if is_now { "hand-over" } else { "kept" }
        )),
        Err(Error::Refused(why)) => {
            form.refuse("name", why);
            page::again(&new_page(cx, form, offers, Vec::new()))
        }
        Err(error) => Err(error),
    }
}

/// Asks whether a lead whose score begins below the line is to be handed over all the same.
fn ask_below(cx: &Cx, form: &mut Form, lead: &NewLead, terms: &Terms) -> Result<()> {
    let traits = Traits {
        profile: &terms.profile,
        title: &lead.title,
        source: &terms.source,
        campaign: &terms.campaign,
        urgency: terms.urgency,
    };
    let news = terms.news.iter().map(|(kind_id, _)| Happened {
        kind_id: *kind_id,
        at: cx.now,
    });
    let news: Vec<Happened> = news.collect();
    let below = cx.read(|conn| score::below_line(conn, &traits, &news, terms.score, cx.now))?;
    if let Some((score, line)) = below {
        form.refuse(
            "below",
            format!(
                "This lead's score of {} is below the line of {}: keep it in nurture, or tick to hand it over anyway.",
                page::amount(score),
                page::amount(line)
            ),
        );
    }
    Ok(())
}

fn read(form: &mut Form) -> Option<NewLead> {
    let name = form.required("name", 120, "the person's name");
    let company = form.text("company", 120);
    let email = form.optional(
        "email",
        "an e-mail address such as ana@example.com",
        form::read_email,
    );
    let phone = form.text("phone", 40);
    let title = form.text("title", 120);
    let amount = form.optional("amount", "an amount such as 1200.50", |typed| {
        form::read_micros(&style::plain(typed))
    });
    let currency = form.optional(
        "currency",
        "a currency by its three letters, such as EUR",
        form::read_currency,
    );
    if matches!((&amount, &currency), (Some(Some(_)), Some(None))) {
        form.refuse("currency", "Enter the currency of the amount, such as EUR.");
    }
    let note = form.text("background", 2000);
    Some(NewLead {
        external_id: None,
        name: name?,
        company: company?,
        email: email?.unwrap_or_default(),
        phone: phone?,
        title: title?,
        territory_id: None,
        source_id: None,
        campaign_id: None,
        asset_id: None,
        urgency: Urgency::Warm,
        score: None,
        amount_micros: amount?,
        currency: currency?.unwrap_or_default(),
        note: note?,
        created_at: Instant(0),
        created_by_id: None,
        import_hash: None,
    })
}

/// Leads that may be the same person: with the same e-mail address, or the same digits in the phone number.
fn same(cx: &Cx, new: &NewLead, uid: &str) -> Result<Vec<Known>> {
    let digits = leads::phone_digits(&new.phone);
    let digits = if digits.len() < PHONE_DIGITS {
        ""
    } else {
        digits.as_str()
    };
    let is_same = |lead: &Lead| {
        let same_email = !new.email.is_empty() && lead.email.to_lowercase() == new.email;
        let same_phone = !digits.is_empty() && leads::phone_digits(&lead.phone) == digits;
        lead.uid != uid && (same_email || same_phone)
    };
    let found = cx.read(|conn| leads::perhaps_same(conn, &new.email, digits))?;
    let known = |lead: Lead| Known {
        name: lead.title_name().to_owned(),
        sub: [
            lead.company.as_str(),
            &lead.email,
            &lead.phone,
            crate::style::stage(lead.stage),
        ]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · "),
        uid: lead.uid,
    };
    Ok(found
        .into_iter()
        .filter(is_same)
        .take(10)
        .map(known)
        .collect())
}
