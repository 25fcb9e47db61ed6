//! What an activity of each kind is worth in the score: read by everybody whom it measures, changed by admins.

use super::{tabs, toast};
use crate::app::Cx;
use crate::csv_out::{self, Cell};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::lists::{self, CAP_MOST, Kind, Lists, WEIGHT_MOST, Weight};
use crate::page::{self, Answer, DASH, Frame, Link};
use crate::people::Directory;
use crate::rules::access::Role;
use crate::rules::score::Channel;
use crate::targets;
use askama::Template;
use chrono::NaiveDate;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "ledger/score.html")]
struct ScorePage {
    frame: Frame,
    tabs: Vec<Link>,
    form: Form,
    can_set: bool,
    rows: Vec<KindView>,
    /// Everything that was set, newest first.
    history: Vec<WeightView>,
}

struct KindView {
    name: String,
    weight: String,
    cap: String,
    /// The names of its fields.
    weight_field: String,
    cap_field: String,
    /// From when it holds, or that it is the default.
    since: String,
}

struct WeightView {
    kind: String,
    words: String,
    from: String,
    set_by: String,
    reason: String,
}

/// `?format=csv` for every weight that was set, newest first, as a file, `&table=today` for those in force.
pub fn index(cx: &Cx) -> Answer {
    let query = cx.query();
    match (query.value("format"), query.value("table")) {
        ("csv", "today") => return page::csv_file("weights-today", today_csv(cx)?),
        ("csv", _) => return page::csv_file("weights", history_csv(cx)?),
        _ => {}
    }
    let mut page = score_page(cx, Form::default())?;
    if cx.query().value("done") == "saved" {
        page.frame = page
            .frame
            .with_toast(toast("Saved: past days keep their scores."));
    }
    page::show(&page)
}

fn kinds(lists: &Lists) -> impl Iterator<Item = &Kind> {
    lists
        .kinds
        .iter()
        .filter(|kind| kind.is_prospecting && !kind.is_retired)
}

fn fields_of(kind: &Kind) -> (String, String) {
    (format!("weight_{}", kind.id), format!("cap_{}", kind.id))
}

fn score_page(cx: &Cx, mut form: Form) -> Result<ScorePage> {
    let me = cx.me()?;
    let today = cx.read(|conn| targets::latest_day(conn, cx.kept, me, cx.now))?;
    let lists: Arc<Lists> = cx.reference()?;
    let directory: Arc<Directory> = cx.reference()?;
    form.set_default("valid_from", today.to_string());
    let mut rows = Vec::new();
    for kind in kinds(&lists) {
        let channel = lists.channel(kind, today);
        let (weight_field, cap_field) = fields_of(kind);
        form.set_default(&weight_field, channel.weight.to_string());
        form.set_default(&cap_field, typed_cap(channel));
        let set = lists.weights.on(kind.id, today);
        rows.push(KindView {
            name: kind.name.clone(),
            weight: page::amount(channel.weight),
            cap: channel
                .daily_cap
                .map_or(DASH.to_owned(), |cap| cap.to_string()),
            weight_field,
            cap_field,
            since: set.map_or("Default".to_owned(), |row| page::day(row.valid_from)),
        });
    }
    let history = set(&lists).into_iter();
    Ok(ScorePage {
        frame: Frame::new(cx, "Score"),
        tabs: tabs(me, "/targets/score"),
        can_set: me.role == Role::Admin,
        rows,
        history: history
            .map(|(kind, row)| weight_view(cx, kind, row, &directory))
            .collect(),
        form,
    })
}

/// Every weight that was set, newest first.
fn set(lists: &Lists) -> Vec<(&Kind, &Weight)> {
    let of_kind = |kind| lists.weights.of(kind).iter();
    let kinds = lists.kinds.iter();
    let mut all: Vec<(&Kind, &Weight)> = kinds
        .flat_map(|kind| of_kind(kind.id).map(move |row| (kind, row)))
        .collect();
    all.sort_by_key(|(_, row)| std::cmp::Reverse(row.id));
    all
}

fn history_csv(cx: &Cx) -> Result<String> {
    let lists: Arc<Lists> = cx.reference()?;
    let directory: Arc<Directory> = cx.reference()?;
    let header = [
        "kind",
        "points_of_one",
        "at_most_a_day",
        "valid_from",
        "set_by",
        "set_at",
        "reason",
    ];
    let row = |(kind, row): (&Kind, &Weight)| -> Vec<Cell> {
        vec![
            Cell::from(kind.name.as_str()),
            Cell::number(Some(row.weight)),
            Cell::number(row.daily_cap.map(f64::from)),
            Cell::from(row.valid_from.to_string()),
            Cell::from(directory.name(row.set_by_id)),
            Cell::from(row.set_at.to_string()),
            Cell::from(row.reason.as_str()),
        ]
    };
    csv_out::table(&header, set(&lists).into_iter().map(row))
}

/// As [`kinds`] are weighed today; no day where a default holds.
fn today_csv(cx: &Cx) -> Result<String> {
    let me = cx.me()?;
    let today = cx.read(|conn| targets::latest_day(conn, cx.kept, me, cx.now))?;
    let lists: Arc<Lists> = cx.reference()?;
    let header = ["kind", "points_of_one", "at_most_a_day", "valid_from"];
    let row = |kind: &Kind| -> Vec<Cell> {
        let channel = lists.channel(kind, today);
        let set = lists.weights.on(kind.id, today);
        vec![
            Cell::from(kind.name.as_str()),
            Cell::number(Some(channel.weight)),
            Cell::number(channel.daily_cap.map(f64::from)),
            Cell::from(set.map_or(String::new(), |row| row.valid_from.to_string())),
        ]
    };
    csv_out::table(&header, kinds(&lists).map(row))
}

fn typed_cap(channel: Channel) -> String {
    channel
        .daily_cap
        .map(|cap| cap.to_string())
        .unwrap_or_default()
}

fn weight_view(cx: &Cx, kind: &Kind, row: &Weight, directory: &Directory) -> WeightView {
    let cap = row
        .daily_cap
        .map_or("no cap".to_owned(), |cap| format!("at most {cap} a day"));
    let (by, at) = (
        directory.name(row.set_by_id),
        page::time(row.set_at, cx.zone()),
    );
    WeightView {
        kind: kind.name.clone(),
        words: format!("{} points, {cap}", page::amount(row.weight)),
        from: page::day(row.valid_from),
        set_by: format!("{by}, {at}"),
        reason: row.reason.clone(),
    }
}

/// Writes what differs from what holds on that day.
pub fn update(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let me = cx.me()?;
    let today = cx.read(|conn| targets::latest_day(conn, cx.kept, me, cx.now))?;
    let lists: Arc<Lists> = cx.reference()?;
    let day = form.day("valid_from").map(|day| day.unwrap_or(today));
    let reason = form.text("reason", 300);
    let changes = read(&lists, &mut form, day.unwrap_or(today));
    let (Some(day), Some(reason), true) = (day, reason, form.is_good()) else {
        return page::again(&score_page(cx, form)?);
    };
    let saved = cx.write(|tx| {
        let today = targets::latest_day(tx.conn, tx.kept, me, tx.now)?;
        let days = (day, today);
        let mut changes = changes.iter();
        changes.try_for_each(|(kind, channel)| lists::weigh(tx, kind, *channel, days, &reason))
    });
    match saved {
        Ok(()) => page::go_to("/targets/score?done=saved"),
        Err(Error::Refused(why)) => {
            form.refuse("valid_from", why);
            page::again(&score_page(cx, form)?)
        }
        Err(error) => Err(error),
    }
}

fn read(lists: &Lists, form: &mut Form, day: NaiveDate) -> Vec<(Kind, Channel)> {
    let mut changes = Vec::new();
    for kind in kinds(lists) {
        let (weight_field, cap_field) = fields_of(kind);
        // A kind that came since the form was opened stays as it is.
        if !form.has(&weight_field) {
            continue;
        }
        let weight = form.parsed(&weight_field, "a weight from 0 to 1000", |text| {
            let weight: f64 = text.replace(',', ".").parse().ok()?;
            (0.0..=WEIGHT_MOST).contains(&weight).then_some(weight)
        });
        let daily_cap = form.optional(&cap_field, "a cap from 1 to 1000, or nothing", |text| {
            text.parse().ok().filter(|cap| (1..=CAP_MOST).contains(cap))
        });
        if let (Some(weight), Some(daily_cap)) = (weight, daily_cap) {
            let channel = Channel { weight, daily_cap };
            let differs = channel != lists.channel(kind, day);
            changes.extend(differs.then(|| (kind.clone(), channel)));
        }
    }
    changes
}
