//! The queue of leads that nobody owns, with its own clock: how long each has waited for an owner.

pub mod store;

use super::list::{Options, Order, Place};
use super::mine::{Mine, Whose, worked};
use super::pages::{PAGE_ROWS, done_toast};
use super::views::{self, Tally, View};
use super::{Lead, Windows};
use crate::app::Cx;
use crate::calendar::Calendars;
use crate::csv_out::{self, Cell};
use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::Result;
use crate::form::Choice;
use crate::leads::cohort::owners_of;
use crate::page::{self, Answer, Frame, Link};
use crate::people::Person;
use crate::rules::access::{LOGGERS, MANAGERS, Me, Role};
use crate::rules::level::{Clause, Due, Window};
use crate::urls;
use crate::value::Instant;
use askama::Template;
use chrono::Days;
use std::sync::Arc;

/// So many are in the file, those that wait longest.
const FILED: usize = 10_000;

/// Older waits are told in calendar time only.
const CALENDAR_DAYS: u64 = 400;

#[derive(Template)]
#[template(path = "leads/queue.html")]
struct QueuePage {
    frame: Frame,
    tabs: Vec<Link>,
    rows: Vec<Row>,
    leavers: Vec<Leaver>,
    is_rep: bool,
    is_manager: bool,
    owners: Vec<Choice>,
    back: &'static str,
    previous: String,
    next: String,
}

struct Row {
    uid: String,
    /// What its forms were made with.
    seen: String,
    name: String,
    sub: String,
    territory: String,
    waits: String,
    works: String,
    /// The same in seconds; of older ones no working time is told.
    waits_s: f64,
    works_s: Option<f64>,
    /// Tone and words of what is due next and when, by the hours of whoever had it; no words where every promise is kept.
    due: (&'static str, String),
    due_at: Option<Instant>,
    is_stopped: bool,
}

/// Somebody who has left, with open leads that are theirs still.
struct Leaver {
    href: String,
    words: String,
}

/// `?format=csv` for those that wait longest as a file.
pub fn show(cx: &Cx) -> Answer {
    let me = cx.me()?;
    if cx.query().value("format") == "csv" {
        return page::csv_file("unassigned-leads", cx.snapshot(|conn| csv(conn, cx))?);
    }
    cx.snapshot(|conn| {
        let place = Place::read(&cx.query());
        let (leads, is_more) = store::page(conn, place, PAGE_ROWS)?;
        let names = Options::load(conn, cx.kept, me)?;
        let calendars: Arc<Calendars> = cx.kept.get(conn)?;
        let definitions: Arc<Definitions> = cx.kept.get(conn)?;
        let mine = match LOGGERS.allows(me.role) {
            true => Mine::load(conn, me, Whose::of(me), &calendars, &definitions, cx.now)?,
            false => Mine::default(),
        };
        let tally = Tally {
            mine: Some(&mine),
            queue: store::count(conn)?,
        };
        let is_manager = MANAGERS.allows(me.role);
        let (previous, next) = ways(&leads, place, is_more);
        page::show(&QueuePage {
            frame: Frame::new(cx, "Unassigned leads").with_toast(done_toast(cx)),
            tabs: views::tabs(me, View::Queue, &tally),
            rows: rows(conn, cx, (&calendars, &definitions), &leads, &names)?,
            leavers: match is_manager {
                true => leavers(conn, me, &names)?,
                false => Vec::new(),
            },
            is_rep: me.role == Role::Rep,
            is_manager,
            owners: views::receivers(&names, me),
            back: "/leads?view=unassigned",
            previous,
            next,
        })
    })
}

fn csv(conn: &mut Conn, cx: &Cx) -> Result<String> {
    let header = [
        "lead",
        "about",
        "territory",
        "waits_s",
        "of_working_time_s",
        "next_promise",
        "due_at",
    ];
    let (leads, _) = store::page(conn, Place::First, FILED)?;
    let names = Options::load(conn, cx.kept, cx.me()?)?;
    let ground = (cx.kept.get(conn)?, cx.kept.get(conn)?);
    let ground: (Arc<Calendars>, Arc<Definitions>) = ground;
    let rows = rows(conn, cx, (&ground.0, &ground.1), &leads, &names)?;
    let row = |row: &Row| -> Vec<Cell> {
        vec![
            Cell::from(row.name.as_str()),
            Cell::from(row.sub.as_str()),
            Cell::from(row.territory.as_str()),
            Cell::number(Some(row.waits_s)),
            Cell::number(row.works_s),
            Cell::from(row.due.1.as_str()),
            Cell::from(row.due_at.map_or(String::new(), |at| at.to_string())),
        ]
    };
    csv_out::table(&header, rows.iter().map(row))
}

fn rows(
    conn: &mut Conn,
    cx: &Cx,
    (calendars, definitions): (&Calendars, &Definitions),
    leads: &[Lead],
    names: &Options,
) -> Result<Vec<Row>> {
    let ids: Vec<i64> = leads.iter().map(|lead| lead.id).collect();
    let since = store::since(conn, &ids)?;
    let seen = super::mine::store::seen(conn, leads)?;
    let given = store::given(conn, &ids)?;
    let owners = owners_of(conn, &ids)?;
    let mut windows = Windows::new(calendars);
    let mut next = |lead: &Lead| {
        let given = given.get(&lead.id).filter(|_| !lead.is_stopped)?;
        windows.next(definitions, given, lead.stage, owners.of(lead.id), cx.now)
    };
    let begins = |lead: &Lead| match since.get(&lead.id) {
        Some(at) => lead.listed_at.max(*at),
        None => lead.listed_at,
    };
    let today = calendars.zone().day_of(cx.now);
    let earliest = today
        .checked_sub_days(Days::new(CALENDAR_DAYS))
        .unwrap_or(today);
    let oldest = leads.iter().map(begins).min().unwrap_or(cx.now);
    let first = calendars.zone().day_of(oldest).max(earliest);
    let calendar = calendars.of_workspace(first.pred_opt().unwrap_or(first), today);
    let mut row = |lead: &Lead| {
        let begun = begins(lead);
        let parts = [
            lead.company.as_str(),
            crate::style::stage(lead.stage),
            lead.urgency.label(),
        ];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let next = next(lead);
        let is_old = calendars.zone().day_of(begun) < earliest;
        let works_s = (!is_old).then(|| calendar.working_us(begun, cx.now) as f64 / 1e6);
        let waits_s = cx.now.seconds_since(begun);
        Row {
            uid: lead.uid.clone(),
            seen: seen.get(&lead.id).cloned().unwrap_or_default(),
            name: lead.title_name().to_owned(),
            sub: parts.join(" \u{b7} "),
            territory: names.lists.label_name(lead.territory_id).to_owned(),
            waits: page::duration(waits_s),
            works: works_s.map_or(page::DASH.to_owned(), worked),
            waits_s,
            works_s,
            due_at: next.as_ref().map(|(_, window)| window.due_at),
            due: due_words(next, cx),
            is_stopped: lead.is_stopped,
        }
    };
    Ok(leads.iter().map(&mut row).collect())
}

fn due_words(next: Option<(Clause, Window)>, cx: &Cx) -> (&'static str, String) {
    let Some((clause, window)) = next else {
        return ("quiet", String::new());
    };
    let what = clause.noun();
    let time = page::short_time(window.due_at, cx.zone(), cx.zone().day_of(cx.now));
    match window.due(cx.now) {
        Due::Over => ("bad", format!("{what} was due {time}")),
        _ => ("warn", format!("{what} due {time}")),
    }
}

fn ways(leads: &[Lead], place: Place, is_more: bool) -> (String, String) {
    let (has_previous, has_next) = match place {
        Place::First => (false, is_more),
        Place::After(_) => (true, is_more),
        Place::Before(_) => (is_more, true),
    };
    let way = |is_there: bool, key: &str, lead: Option<&Lead>| match lead.filter(|_| is_there) {
        Some(lead) => {
            let cursor = Order::Oldest.cursor(lead).to_string();
            urls::with_query("/leads", &[("view", "unassigned"), (key, &cursor)])
        }
        None => String::new(),
    };
    (
        way(has_previous, "before", leads.first()),
        way(has_next, "after", leads.last()),
    )
}

/// Those who have left a team of the asker's, or for an admin whoever has left, with leads that are still theirs.
fn leavers(conn: &mut Conn, me: &Me, names: &Options) -> Result<Vec<Leaver>> {
    let was_mine = |person: &&Person| person.left_on.is_some() && me.manages(person.id);
    let gone: Vec<&Person> = names.directory.people.iter().filter(was_mine).collect();
    if gone.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = gone.iter().map(|person| person.id).collect();
    let open = store::open_of_each(conn, &ids)?;
    let line = |person: &&Person| {
        let count = *open.get(&person.id)?;
        let leads = if count == 1 {
            "open lead"
        } else {
            "open leads"
        };
        Some(Leaver {
            href: format!("/people/{}/leads", person.uid),
            words: format!("{} has left with {count} {leads}", person.name),
        })
    };
    Ok(gone.iter().filter_map(line).collect())
}
