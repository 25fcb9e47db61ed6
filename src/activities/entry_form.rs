//! Between the log form and an entry: reads the form, or fills it.

use super::{Activity, Entry, Step, Technique};
use crate::app::Cx;
use crate::error::Result;
use crate::form::Form;
use crate::leads;
use crate::lists::Lists;
use crate::people::Directory;
use crate::rules::next_step::Said;
use crate::value::Instant;
use chrono::{Days, NaiveDate, NaiveTime};
use std::sync::Arc;

/// An entry as the form shows it, to be mended.
pub fn filled(cx: &Cx, old: &Activity) -> Result<Form> {
    let local = cx.zone().local(old.happened_at);
    let (lead, with) = cx.read(|conn| {
        let lead = old
            .lead_id
            .map(|id| leads::store::by_id(conn, id))
            .transpose()?;
        let directory: Arc<Directory> = cx.kept.get(conn)?;
        let with = old.with_id.and_then(|id| directory.person(id)).cloned();
        Ok((lead, with))
    })?;
    let id_text = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    Ok(Form::filled([
        ("kind", old.kind_id.to_string()),
        ("outcome", id_text(old.outcome_id)),
        ("lead", lead.map(|lead| lead.uid).unwrap_or_default()),
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

/// When and where a form was filled in: on a device without signal that was before it is read.
pub struct Made {
    pub at: Instant,
    pub origin: &'static str,
}

impl Made {
    pub fn now(cx: &Cx) -> Made {
        Made {
            at: cx.now,
            origin: "web",
        }
    }
}

/// The entry that the form describes; `None` when a field is wrong.
pub fn read(
    cx: &Cx,
    form: &mut Form,
    old: Option<&Activity>,
    made: &Made,
) -> Result<Option<Entry>> {
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
    let happened_at = happened_at(cx, form, old.map_or(made.at, |old| old.happened_at));
    let step = read_step(form, cx.zone().day_of(made.at));
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
            step: step?,
            is_again: form.is_ticked("again"),
            origin: made.origin,
        })
    };
    Ok(entry())
}

/// The choice of the step that plans none, where one was planned.
pub const NO_STEP: &str = "none";

/// The hidden field that says which step a form shows for a lead.
pub fn seen_field(lead_uid: &str) -> String {
    format!("step-{lead_uid}")
}

/// What is said of the next step: nothing, none, in so many days, or a day.
fn read_step(form: &mut Form, today: NaiveDate) -> Option<Step> {
    let said = form.optional("next", "a day for the next step", |v| {
        if v == NO_STEP {
            return Some(None);
        }
        let day = match v.parse::<u64>() {
            Ok(days) if days <= 366 => today.checked_add_days(Days::new(days)),
            _ => crate::form::read_day(v),
        };
        day.map(Some)
    })?;
    let field = seen_field(form.value("lead"));
    let seen = form.has(&field);
    Some(Step {
        said: said.map_or(Said::Nothing, Said::Plans),
        seen: seen.then(|| crate::form::read_day(form.value(&field))),
    })
}

/// Every kind that has outcomes asks for one.
fn kind_needs_outcome(cx: &Cx, form: &Form) -> Result<bool> {
    let Ok(kind) = form.value("kind").parse::<i64>() else {
        return Ok(false);
    };
    if !form.value("outcome").is_empty() {
        return Ok(false);
    }
    let lists: Arc<Lists> = cx.reference()?;
    let mut outcomes = lists.outcomes.iter();
    Ok(outcomes.any(|o| o.kind_id == kind && !o.is_retired))
}

/// `usual`, unless the form says another day or minute.
fn happened_at(cx: &Cx, form: &mut Form, usual: Instant) -> Option<Instant> {
    let zone = cx.zone();
    let now = zone.local(usual);
    let day = form.day("day")?.unwrap_or(now.date());
    let time = form.optional("time", "a time such as 14:30", |v| {
        NaiveTime::parse_from_str(v, "%H:%M").ok()
    })?;
    match time {
        Some(time)
            if day == now.date()
                && time.format("%H:%M").to_string() == now.format("%H:%M").to_string() =>
        {
            Some(usual)
        }
        Some(time) => Some(zone.instant_of(day.and_time(time))),
        None if day == now.date() => Some(usual),
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
    let directory: Arc<Directory> = cx.reference()?;
    let person = directory.person_of_uid(&uid);
    if person.is_none() {
        form.refuse("with", "Choose a colleague from the list.");
    }
    Ok(person.map(|person| person.id))
}

/// A client-made id for a form that is shown.
pub fn new_uid() -> String {
    uuid::Uuid::now_v7().to_string()
}
