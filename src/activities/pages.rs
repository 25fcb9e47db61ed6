//! Logging: the form in three taps, and mending one's own entries.

use super::entry_form::{Made, filled, new_uid, read};
use super::{Activity, Logged, Technique, store};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::leads::{self, Lead};
use crate::lists::{Class, Kind, List, Lists, Outcome};
use crate::page::{self, Answer, Frame};
use crate::people::Directory;
use crate::rules::access::{Me, Role};
use crate::urls;
use crate::value::Instant;
use askama::Template;
use std::sync::Arc;

const RECENT_LEADS: usize = 6;
const FOUND_LEADS: i64 = 12;

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
    match cx.write(|tx| super::log(tx, &entry)) {
        Ok(Logged::Stored | Logged::Known) => {
            page::go_to(urls::with_query("/today", &[("saved", &entry.uid)]))
        }
        Ok(Logged::Asks(at)) => {
            let mut page = log_page(cx, form, None)?;
            page.question = question(cx, at);
            page::again(&page)
        }
        Err(Error::Refused(why)) => {
            form.refuse("kind", why);
            page::again(&log_page(cx, form, None)?)
        }
        Err(error) => Err(error),
    }
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
        Ok(()) => page::go_to("/today?done=changed"),
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

fn own(cx: &Cx) -> Result<Activity> {
    let uid = cx.param("uid")?;
    let me = cx.me()?;
    cx.read(|conn| store::own(conn, me.id, uid))?
        .ok_or(Error::NotFound)
}

/// What the form offers.
struct Offer {
    kinds: Vec<Kind>,
    outcomes: Vec<Outcome>,
    leads: Vec<Lead>,
    /// How many of them the search found.
    found: usize,
    last_kind: Option<i64>,
    assets: Vec<(i64, String)>,
    company: Vec<(String, String)>,
}

fn offer(conn: &mut Conn, cx: &Cx, me: &Me, form: &Form, old: Option<&Activity>) -> Result<Offer> {
    let today = me.zone.day_of(cx.now);
    let since = super::recent_since(today);
    let mut leads = match form.value("q") {
        "" => Vec::new(),
        q => leads::store::search(conn, me, q, FOUND_LEADS)?,
    };
    let found = leads.len();
    if found == 0 {
        let ids = store::recent_lead_ids(conn, me.id, since, RECENT_LEADS)?;
        leads = leads::store::visible_by_ids(conn, me, &ids)?;
    }
    let chosen = form.value("lead");
    if !chosen.is_empty() && leads.iter().all(|lead| lead.uid != chosen) {
        leads.splice(0..0, leads::store::by_uid(conn, me, chosen)?);
    }
    let kept = |retired: bool, id: i64, old: Option<i64>| !retired || old == Some(id);
    let (lists, directory): (Arc<Lists>, Arc<Directory>) = (cx.kept.get(conn)?, cx.kept.get(conn)?);
    let last_kind = super::last_kind(conn, me.id, today)?;
    let mut kinds: Vec<Kind> = lists.kinds_to_log(last_kind).into_iter().cloned().collect();
    let retired = old.and_then(|old| lists.kind(old.kind_id));
    kinds.extend(retired.filter(|kind| kind.is_retired).cloned());
    let mut outcomes = lists.outcomes.clone();
    outcomes.retain(|o| kept(o.is_retired, o.id, old.and_then(|old| old.outcome_id)));
    let assets = lists
        .labels_of(List::Asset)
        .filter(|asset| !asset.is_retired);
    let people = directory.people.iter();
    let marketing = people.filter(|p| p.role == Role::Marketing && p.left_on.is_none());
    Ok(Offer {
        kinds,
        outcomes,
        leads,
        found,
        last_kind,
        assets: assets.map(|asset| (asset.id, asset.name.clone())).collect(),
        company: marketing.map(|p| (p.uid.clone(), p.name.clone())).collect(),
    })
}

fn log_page(cx: &Cx, mut form: Form, old: Option<&Activity>) -> Result<LogPage> {
    let me = cx.me()?;
    let offer = cx.read(|conn| offer(conn, cx, me, &form, old))?;
    form.set_default("quantity", "1");
    form.set_default("next", "");
    let asked = form.value("kind").parse().ok();
    let known = asked.filter(|id| offer.kinds.iter().any(|k| k.id == *id));
    let first = offer.kinds.first().map(|k| k.id);
    let kind = known.or(offer.last_kind).or(first).unwrap_or_default();
    let tile = |k: &Kind| kind_tile(k, k.id == kind, &offer.outcomes, &form);
    let techniques = Technique::ALL.iter().map(|t| (t.word(), t.label()));
    let assets = offer
        .assets
        .iter()
        .map(|(id, name)| (id.to_string(), name.as_str()));
    let company = offer
        .company
        .iter()
        .map(|(uid, name)| (uid.as_str(), name.as_str()));
    let title = if old.is_some() {
        "Change an entry"
    } else {
        "Log"
    };
    let (action, remove_action) = addresses(old);
    Ok(LogPage {
        frame: Frame::new(cx, title),
        action,
        remove_action,
        is_edit: old.is_some(),
        whom: whom(&offer.leads, form.value("lead")),
        question: String::new(),
        uid: Some(form.value("uid").to_owned())
            .filter(|sent| !sent.is_empty())
            .unwrap_or_else(new_uid),
        kind,
        kinds: offer.kinds.iter().map(tile).collect(),
        leads: offer
            .leads
            .iter()
            .map(|lead| lead_tile(lead, form.value("lead")))
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

fn lead_tile(lead: &Lead, chosen: &str) -> LeadTile {
    LeadTile {
        value: lead.uid.clone(),
        label: lead.name.clone(),
        sub: if lead.is_stopped {
            "do not contact".to_owned()
        } else {
            lead.company.clone()
        },
        chosen: lead.uid == chosen,
    }
}

/// In how many days to come back; a date that stands already is kept as one more tile.
fn steps(form: &Form) -> Vec<Choice> {
    let known = form.value("next");
    let date = crate::form::read_day(known).map(|day| (known.to_owned(), page::day(day)));
    let usual = [
        ("", "None"),
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
