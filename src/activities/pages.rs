//! Logging: the form in three taps, and mending one's own entries.

use super::{Activity, Entry, Logged, Technique, store};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::leads::{self, Lead};
use crate::lists::{self, Class, Kind, List, Outcome};
use crate::page::{self, Answer, Frame};
use crate::people;
use crate::rules::access::{Me, Role};
use crate::urls;
use crate::value::Instant;
use askama::Template;
use chrono::{Days, NaiveTime};

/// How far back the last kind and the recent leads are looked for.
const RECENT_DAYS: u64 = 30;
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
    question: String,
    uid: String,
    kind: i64,
    kinds: Vec<KindTile>,
    leads: Vec<LeadTile>,
    searched: bool,
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
    let Some(entry) = read(cx, &mut form, None)? else {
        return page::again(&log_page(cx, form, None)?);
    };
    match cx.write(|tx| super::log(tx, &entry)) {
        Ok(Logged::Stored | Logged::Known) => {
            page::go_to(urls::with_query("/today", &[("saved", &entry.uid)]))
        }
        Ok(Logged::Asks(at)) => {
            let mut page = log_page(cx, form, None)?;
            let when = page::short_time(at, cx.zone(), cx.zone().day_of(cx.now));
            page.question =
                format!("You logged the same with this lead at {when}. Again, or a duplicate?");
            page::again(&page)
        }
        Err(Error::Refused(why)) => {
            form.refuse("kind", why);
            page::again(&log_page(cx, form, None)?)
        }
        Err(error) => Err(error),
    }
}

pub fn edit_form(cx: &Cx) -> Answer {
    let old = own(cx)?;
    let form = filled(cx, &old)?;
    page::show(&log_page(cx, form, Some(&old))?)
}

pub fn edit(cx: &Cx) -> Answer {
    let old = own(cx)?;
    let mut form = cx.form();
    let Some(entry) = read(cx, &mut form, Some(&old))? else {
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

/// An entry as the form shows it, to be mended.
fn filled(cx: &Cx, old: &Activity) -> Result<Form> {
    let local = cx.zone().local(old.happened_at);
    let (lead, with) = cx.read(|conn| {
        let lead = old
            .lead_id
            .map(|id| leads::store::by_id(conn, id))
            .transpose()?;
        let with = old
            .with_id
            .map(|id| people::store::by_id(conn, id))
            .transpose()?
            .flatten();
        Ok((lead, with))
    })?;
    let id_text = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    Ok(Form::filled([
        ("kind", old.kind_id.to_string()),
        ("outcome", id_text(old.outcome_id)),
        (
            "lead",
            lead.as_ref()
                .map(|lead| lead.uid.clone())
                .unwrap_or_default(),
        ),
        (
            "next",
            lead.and_then(|lead| lead.next_step_on)
                .map(|day| day.to_string())
                .unwrap_or_default(),
        ),
        ("quantity", old.quantity.to_string()),
        ("day", local.date().to_string()),
        ("time", local.format("%H:%M").to_string()),
        ("technique", old.technique.clone()),
        ("asset", id_text(old.asset_id)),
        ("with", with.map(|person| person.uid).unwrap_or_default()),
        ("note", old.note.clone()),
        ("shared", old.note_for_marketing.to_string()),
    ]))
}

/// The entry that the form describes; `None` when a field is wrong.
fn read(cx: &Cx, form: &mut Form, old: Option<&Activity>) -> Result<Option<Entry>> {
    let today = cx.zone().day_of(cx.now);
    let uid =
        uuid::Uuid::parse_str(form.value("uid")).map_or_else(|_| new_uid(), |uid| uid.to_string());
    let kind_id = form.parsed("kind", "what you did", |v| v.parse().ok());
    let outcome_id = form.optional("outcome", "an outcome from the list", |v| v.parse().ok());
    let technique = form.optional(
        "technique",
        "a technique from the list",
        Technique::from_word,
    );
    form.set_default("quantity", "1");
    let quantity = form.parsed("quantity", "a count from 1 to 1000", |v| {
        v.parse().ok().filter(|n| (1..=1000).contains(n))
    });
    let happened_at = happened_at(cx, form, old);
    let next_step_on = form.optional("next", "a day for the next step", |v| {
        match v.parse::<u64>() {
            Ok(days) if days <= 366 => today.checked_add_days(Days::new(days)),
            _ => crate::form::read_day(v),
        }
    });
    let asset_id = form.optional("asset", "an asset from the list", |v| v.parse().ok());
    let with = companion(cx, form)?;
    let note = form.text("note", 4_000);
    if kind_needs_outcome(cx, form)? {
        form.refuse("outcome", "Choose what came of it.");
    }
    if !form.is_good() {
        return Ok(None);
    }
    let entry = || {
        Some(Entry {
            uid,
            lead_uid: Some(form.value("lead").to_owned()).filter(|uid| !uid.is_empty()),
            kind_id: kind_id?,
            outcome_id: outcome_id?,
            technique: technique?,
            quantity: if form.value("lead").is_empty() {
                quantity?
            } else {
                1
            },
            happened_at: happened_at?,
            with_id: with,
            asset_id: asset_id?,
            note: note?,
            note_for_marketing: form.is_ticked("shared"),
            next_step_on: next_step_on?,
            is_again: form.is_ticked("again"),
            origin: "web",
        })
    };
    Ok(entry())
}

/// Every kind that has outcomes asks for one.
fn kind_needs_outcome(cx: &Cx, form: &Form) -> Result<bool> {
    let Ok(kind) = form.value("kind").parse::<i64>() else {
        return Ok(false);
    };
    if !form.value("outcome").is_empty() {
        return Ok(false);
    }
    let outcomes = cx.read(lists::store::outcomes)?;
    Ok(outcomes.iter().any(|o| o.kind_id == kind && !o.is_retired))
}

/// Now, unless the form says a day or time; an unchanged minute keeps the seconds of the entry being mended.
fn happened_at(cx: &Cx, form: &mut Form, old: Option<&Activity>) -> Option<Instant> {
    let zone = cx.zone();
    let now = zone.local(old.map_or(cx.now, |old| old.happened_at));
    let day = form.day("day")?.unwrap_or(now.date());
    let time = form.optional("time", "a time such as 14:30", |v| {
        NaiveTime::parse_from_str(v, "%H:%M").ok()
    })?;
    match time {
        Some(time)
            if day == now.date()
                && time.format("%H:%M").to_string() == now.format("%H:%M").to_string() =>
        {
            Some(old.map_or(cx.now, |old| old.happened_at))
        }
        Some(time) => Some(zone.instant_of(day.and_time(time))),
        None if day == now.date() => Some(old.map_or(cx.now, |old| old.happened_at)),
        None => {
            form.refuse("time", "Enter the time as well when it was another day.");
            None
        }
    }
}

/// Who came along, for a joint visit.
fn companion(cx: &Cx, form: &mut Form) -> Result<Option<i64>> {
    let uid = form.value("with").to_owned();
    if uid.is_empty() {
        return Ok(None);
    }
    let person = cx.read(|conn| people::store::by_uid(conn, &uid))?;
    if person.is_none() {
        form.refuse("with", "Choose a colleague from the list.");
    }
    Ok(person.map(|person| person.id))
}

fn new_uid() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// What the form offers.
struct Offer {
    kinds: Vec<Kind>,
    outcomes: Vec<Outcome>,
    leads: Vec<Lead>,
    last_kind: Option<i64>,
    assets: Vec<(i64, String)>,
    company: Vec<(String, String)>,
}

fn offer(conn: &mut Conn, cx: &Cx, me: &Me, form: &Form, old: Option<&Activity>) -> Result<Offer> {
    let today = me.zone.day_of(cx.now);
    let since = today
        .checked_sub_days(Days::new(RECENT_DAYS))
        .unwrap_or(today);
    let mut leads = match form.value("q") {
        "" => {
            let ids = store::recent_lead_ids(conn, me.id, since, RECENT_LEADS)?;
            leads::store::visible_by_ids(conn, me, &ids)?
        }
        q => leads::store::search(conn, me, q, FOUND_LEADS)?,
    };
    let chosen = form.value("lead");
    if !chosen.is_empty() && leads.iter().all(|lead| lead.uid != chosen) {
        leads.splice(0..0, leads::store::by_uid(conn, me, chosen)?);
    }
    let kept = |retired: bool, id: i64, old: Option<i64>| !retired || old == Some(id);
    let mut kinds = lists::store::kinds(conn)?;
    kinds.retain(|k| kept(k.is_retired, k.id, old.map(|old| old.kind_id)));
    let mut outcomes = lists::store::outcomes(conn)?;
    outcomes.retain(|o| kept(o.is_retired, o.id, old.and_then(|old| old.outcome_id)));
    let marketing = people::store::all(conn)?
        .into_iter()
        .filter(|p| p.role == Role::Marketing && p.left_on.is_none());
    Ok(Offer {
        kinds,
        outcomes,
        leads,
        last_kind: store::last_kind(conn, me.id, since)?,
        assets: lists::store::labels(conn, List::Asset)?,
        company: marketing.map(|p| (p.uid, p.name)).collect(),
    })
}

fn log_page(cx: &Cx, mut form: Form, old: Option<&Activity>) -> Result<LogPage> {
    let me = cx.me()?;
    let offer = cx.read(|conn| offer(conn, cx, me, &form, old))?;
    form.set_default("quantity", "1");
    form.set_default("next", "");
    let kind = form
        .value("kind")
        .parse()
        .ok()
        .filter(|id| offer.kinds.iter().any(|k| k.id == *id));
    let kind = kind
        .or(offer.last_kind)
        .or(offer.kinds.first().map(|k| k.id))
        .unwrap_or_default();
    let nobody = [(String::new(), "Nobody".to_owned())];
    let no_asset = [(String::new(), "None".to_owned())];
    Ok(LogPage {
        frame: Frame::new(
            cx,
            if old.is_some() {
                "Change an entry"
            } else {
                "Log"
            },
        ),
        action: old.map_or_else(
            || "/log".to_owned(),
            |old| format!("/activities/{}", old.uid),
        ),
        remove_action: old
            .map_or_else(String::new, |old| format!("/activities/{}/remove", old.uid)),
        is_edit: old.is_some(),
        question: String::new(),
        uid: Some(form.value("uid").to_owned())
            .filter(|uid| !uid.is_empty())
            .unwrap_or_else(new_uid),
        kind,
        kinds: offer
            .kinds
            .iter()
            .map(|k| kind_tile(k, k.id == kind, &offer.outcomes, &form))
            .collect(),
        leads: offer
            .leads
            .iter()
            .map(|lead| lead_tile(lead, form.value("lead")))
            .collect(),
        searched: !form.value("q").is_empty(),
        steps: steps(&form),
        techniques: form.choices(
            "technique",
            std::iter::once(("", "Not said"))
                .chain(Technique::ALL.iter().map(|t| (t.word(), t.label()))),
        ),
        assets: form.choices(
            "asset",
            no_asset.into_iter().chain(
                offer
                    .assets
                    .into_iter()
                    .map(|(id, name)| (id.to_string(), name)),
            ),
        ),
        company: form.choices("with", nobody.into_iter().chain(offer.company)),
        form,
    })
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
