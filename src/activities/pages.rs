//! Logging: the form in three taps, and mending one's own entries.

use super::entry_form::{Made, NO_STEP, filled, new_uid, read, seen_field};
use super::offer::offer;
use super::{Activity, Logged, Technique, step, store, together};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::leads::{self, Lead};
use crate::lists::{Class, Kind, Outcome};
use crate::page::{self, Answer, Frame, Reply};
use crate::urls;
use crate::value::Instant;
use askama::Template;
use chrono::NaiveDate;

#[derive(Template)]
#[template(path = "activities/form.html")]
struct LogPage {
    frame: Frame,
    form: Form,
    /// Where the form is sent, and whether it mends an entry that stands.
    action: String,
    remove_action: String,
    is_edit: bool,
    /// Of the lead that is chosen.
    whom: String,
    question: String,
    /// What somebody else did meanwhile.
    news: String,
    uid: String,
    kind: i64,
    kinds: Vec<KindTile>,
    leads: Vec<LeadTile>,
    /// What leads were looked for, and how many were found.
    searched: String,
    found: usize,
    steps: Vec<Choice>,
    techniques: Vec<Choice>,
    assets: Vec<Choice>,
    company: Vec<Choice>,
}

struct KindTile {
    id: i64,
    label: String,
    icon: &'static str,
    href: String,
    chosen: bool,
    groups: Vec<OutcomeGroup>,
}

struct OutcomeGroup {
    title: &'static str,
    sign: &'static str,
    outcomes: Vec<Choice>,
}

struct LeadTile {
    value: String,
    label: String,
    sub: String,
    chosen: bool,
    /// The hidden field of the step that is planned with it, and that day.
    step_field: String,
    step: String,
}

pub fn form(cx: &Cx) -> Answer {
    page::show(&log_page(cx, cx.query(), None)?)
}

pub fn create(cx: &Cx) -> Answer {
    let mut form = cx.form();
    // Who looks for a lead gets the form as it is, with the leads found; a key pressed in the search logs nothing.
    if form.has("find") && !form.value("q").is_empty() {
        return page::show(&log_page(cx, form, None)?);
    }
    let Some(entry) = read(cx, &mut form, None, &Made::now(cx))? else {
        return page::again(&log_page(cx, form, None)?);
    };
    match together::log(cx, &entry) {
        Ok(Logged::Stored | Logged::Known) => {
            page::go_to(urls::with_query("/today", &[("saved", &entry.uid)]))
        }
        Ok(Logged::Asks(at)) => {
            let mut page = log_page(cx, form, None)?;
            page.question = question(cx, at);
            page::again(&page)
        }
        Ok(Logged::Moved(now)) => moved(cx, form, None, now),
        Err(Error::Refused(why)) => {
            form.refuse("kind", why);
            page::again(&log_page(cx, form, None)?)
        }
        Err(error) => Err(error),
    }
}

/// The form as it was sent, with the step that somebody else planned meanwhile (409).
fn moved(cx: &Cx, form: Form, old: Option<&Activity>, now: Option<NaiveDate>) -> Answer {
    let mut page = log_page(cx, form, old)?;
    page.news = step::news(now);
    page::with_status(409, &page)
}

/// What is asked where there is an entry like it, made at `at`.
pub fn question(cx: &Cx, at: Instant) -> String {
    let when = page::short_time(at, cx.zone(), cx.zone().day_of(cx.now));
    format!("You logged the same with this lead at {when}. Again, or a duplicate?")
}

pub fn edit_form(cx: &Cx) -> Answer {
    let old = own(cx)?;
    let form = filled(cx, &old)?;
    page::show(&log_page(cx, form, Some(&old))?)
}

pub fn edit(cx: &Cx) -> Answer {
    let old = own(cx)?;
    let mut form = cx.form();
    let Some(entry) = read(cx, &mut form, Some(&old), &Made::now(cx))? else {
        return page::again(&log_page(cx, form, Some(&old))?);
    };
    match cx.write(|tx| super::edit(tx, &old.uid, &entry)) {
        Ok(Logged::Moved(now)) => moved(cx, form, Some(&old), now),
        Ok(_) => page::go_to("/today?done=changed"),
        Err(Error::Refused(why)) => {
            form.refuse("kind", why);
            page::again(&log_page(cx, form, Some(&old))?)
        }
        Err(error) => Err(error),
    }
}

pub fn remove(cx: &Cx) -> Answer {
    let uid = cx.param("uid")?;
    cx.write(|tx| super::remove(tx, uid))?;
    page::go_to("/today?done=removed")
}

/// Gives back what was typed into the form of an entry that does not stand any more, or of a lead that is not theirs.
pub fn lost(cx: &Cx) -> Result<Option<Reply>> {
    let (me, form, uid) = (cx.me()?, cx.form(), cx.param("uid")?);
    if cx.read(|conn| store::own(conn, me.id, uid))?.is_some() {
        return leads::gone::answer_entry(cx);
    }
    if cx.read(|conn| store::owner_of(conn, uid))? != Some(me.id) {
        return Ok(None);
    }
    let title = "This entry was changed or deleted meanwhile".to_owned();
    let typed = page::typed(&form, &[("note", "Note")]);
    let news = "You changed it from another page. It stands in your day as it is now.";
    page::give_back(cx, title, news, typed, ("/today", "Go to today")).map(Some)
}

fn own(cx: &Cx) -> Result<Activity> {
    let uid = cx.param("uid")?;
    let me = cx.me()?;
    cx.read(|conn| store::own(conn, me.id, uid))?
        .ok_or(Error::NotFound)
}

fn log_page(cx: &Cx, mut form: Form, old: Option<&Activity>) -> Result<LogPage> {
    let me = cx.me()?;
    let offer = cx.snapshot(|conn| offer(conn, cx, me, &form, old))?;
    form.set_default("quantity", "1");
    form.set_default("next", "");
    made_at(cx, &mut form);
    if let Some(gone) = &offer.gone {
        let why = format!("{} is not yours any more. {}", gone.name, gone.news);
        form.refuse("lead", format!("{why} Choose another lead, or none."));
    }
    let asked = form.value("kind").parse().ok();
    let known = asked.filter(|id| offer.kinds.iter().any(|k| k.id == *id));
    let first = offer.kinds.first().map(|k| k.id);
    let kind = known.or(offer.last_kind).or(first).unwrap_or_default();
    let tile = |k: &Kind| kind_tile(k, k.id == kind, &offer.outcomes, &form);
    let techniques = Technique::ALL.iter().map(|t| (t.word(), t.label()));
    let assets = offer.assets.iter();
    let assets = assets.map(|(id, name)| (id.to_string(), name.as_str()));
    let company = offer.company.iter();
    let company = company.map(|(uid, name)| (uid.as_str(), name.as_str()));
    let title = match old {
        Some(_) => "Change an entry",
        None => "Log",
    };
    let (action, remove_action) = addresses(old);
    Ok(LogPage {
        frame: Frame::new(cx, title),
        action,
        remove_action,
        is_edit: old.is_some(),
        whom: whom(&offer.leads, form.value("lead")),
        question: String::new(),
        news: String::new(),
        uid: Some(form.value("uid").to_owned())
            .filter(|sent| !sent.is_empty())
            .unwrap_or_else(new_uid),
        kind,
        kinds: offer.kinds.iter().map(tile).collect(),
        leads: offer
            .leads
            .iter()
            .map(|lead| lead_tile(lead, form.value("lead"), offer.not_mine))
            .collect(),
        searched: form.value("q").to_owned(),
        found: offer.found,
        steps: steps(&form),
        techniques: form.choices(
            "technique",
            std::iter::once(("", "Not said")).chain(techniques),
        ),
        assets: form.choices(
            "asset",
            std::iter::once((String::new(), "None")).chain(assets),
        ),
        company: form.choices("with", std::iter::once(("", "Nobody")).chain(company)),
        form,
    })
}

/// What the chosen lead is called; empty without one.
fn whom(leads: &[Lead], chosen: &str) -> String {
    let lead = leads.iter().find(|lead| lead.uid == chosen);
    lead.map(|lead| lead.title_name().to_owned())
        .unwrap_or_default()
}

/// Where the form is sent, and what takes the entry away.
fn addresses(old: Option<&Activity>) -> (String, String) {
    match old {
        Some(old) => {
            let entry = format!("/activities/{}", old.uid);
            let removal = format!("{entry}/remove");
            (entry, removal)
        }
        None => ("/log".to_owned(), String::new()),
    }
}

fn kind_tile(kind: &Kind, chosen: bool, outcomes: &[Outcome], form: &Form) -> KindTile {
    let group = |class: Class| {
        let of_class = outcomes
            .iter()
            .filter(|o| o.kind_id == kind.id && o.class == class);
        let outcomes = form.choices("outcome", of_class.map(|o| (o.id, &o.name)));
        OutcomeGroup {
            title: class.label(),
            sign: class.sign(),
            outcomes,
        }
    };
    KindTile {
        id: kind.id,
        label: kind.name.clone(),
        icon: kind.icon(),
        href: urls::with_query(
            "/log",
            &[("kind", &kind.id.to_string()), ("lead", form.value("lead"))],
        ),
        chosen,
        groups: Class::ALL
            .iter()
            .map(|class| group(*class))
            .filter(|g| !g.outcomes.is_empty())
            .collect(),
    }
}

fn lead_tile(lead: &Lead, chosen: &str, not_mine: Option<i64>) -> LeadTile {
    let step = lead.next_step_on.filter(|_| not_mine != Some(lead.id));
    let about = match () {
        () if not_mine == Some(lead.id) => "not yours any more",
        () if lead.is_stopped => "do not contact",
        () => &lead.company,
    };
    let planned = step.map(|day| format!("next step {}", page::day(day)));
    let sub = [about, planned.as_deref().unwrap_or_default()].into_iter();
    let sub: Vec<&str> = sub.filter(|part| !part.is_empty()).collect();
    LeadTile {
        value: lead.uid.clone(),
        label: lead.name.clone(),
        sub: sub.join(" · "),
        chosen: lead.uid == chosen,
        step_field: seen_field(&lead.uid),
        step: step.map(|day| day.to_string()).unwrap_or_default(),
    }
}

/// An entry that was made on a device without signal, and is mended, keeps its time.
fn made_at(cx: &Cx, form: &mut Form) {
    let at = Instant::parse(form.value("at"));
    if let Some(made) = at.filter(|_| form.value("day").is_empty()) {
        let local = cx.zone().local(made);
        form.replace("day", local.date().to_string());
        form.replace("time", local.format("%H:%M").to_string());
    }
}

/// In how many days to come back; a date that was chosen already is one more tile.
fn steps(form: &Form) -> Vec<Choice> {
    let known = form.value("next");
    let date = crate::form::read_day(known).map(|day| (known.to_owned(), page::day(day)));
    let usual = [
        ("", "Nothing new"),
        (NO_STEP, "None"),
        ("1", "+1 day"),
        ("3", "+3 days"),
        ("7", "+7 days"),
    ];
    form.choices(
        "next",
        usual
            .map(|(value, label)| (value.to_owned(), label.to_owned()))
            .into_iter()
            .chain(date),
    )
}
