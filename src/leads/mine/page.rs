//! The page of one's own leads: a card a lead, the most urgent first.

use super::store;
use super::{Mine, Promised, Section, part};
use crate::app::Cx;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::Result;
use crate::form::Choice;
use crate::leads::list::{Options, Order, Place};
use crate::leads::pages::{PAGE_ROWS, done_toast};
use crate::leads::views::{self, Tally, View};
use crate::leads::{self, Lead};
use crate::lists::Lists;
use crate::page::{self, Answer, Frame, Link};
use crate::rules::access::{Me, Role};
use crate::rules::stage::Stage;
use crate::urls;
use askama::Template;
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "leads/mine.html")]
struct MinePage {
    frame: Frame,
    tabs: Vec<Link>,
    section: &'static str,
    /// What the section is, where it is not plain.
    about: &'static str,
    cards: Vec<Card>,
    /// To whom a manager may give what is ticked; empty for a rep.
    owners: Vec<Choice>,
    may_accept: bool,
    may_step: bool,
    back: String,
    previous: String,
    next: String,
    empty: (&'static str, &'static str),
}

/// One lead, in ready words.
struct Card {
    uid: String,
    /// What its forms were made with.
    seen: String,
    name: String,
    company: String,
    sub: String,
    tone: &'static str,
    words: String,
    is_stopped: bool,
    may_log: bool,
    may_accept: bool,
    may_reject: bool,
    may_step: bool,
    may_pick: bool,
    dial: String,
    log_call: String,
}

/// `section`: the one asked for, else the most urgent that has something in it.
pub fn show(cx: &Cx, section: Option<Section>) -> Answer {
    let me = cx.me()?;
    cx.snapshot(|conn| {
        let calendars: Arc<Calendars> = cx.kept.get(conn)?;
        let definitions: Arc<Definitions> = cx.kept.get(conn)?;
        let mine = Mine::load(conn, me, &calendars, &definitions, cx.now)?;
        let section = section.unwrap_or_else(|| mine.first_section());
        let place = Place::read(&cx.query());
        let (leads, said, ways) = rows(conn, me, cx, &mine, section, place)?;
        let lists: Arc<Lists> = cx.kept.get(conn)?;
        let tally = Tally {
            mine: Some(&mine),
            queue: leads::queue::store::count(conn)?,
        };
        let names = Options::load(conn, cx.kept, me)?;
        let mut seen = store::seen(conn, &leads)?;
        let cards = leads.iter().map(|lead| Card {
            seen: seen.remove(&lead.id).unwrap_or_default(),
            ..card(lead, section, &said, &lists)
        });
        let cards: Vec<Card> = cards.collect();
        let view = View::Mine(section);
        page::show(&MinePage {
            frame: Frame::new(cx, "Leads").with_toast(done_toast(cx)),
            tabs: views::tabs(me, view, &tally),
            section: section.label(),
            about: about(section),
            owners: match me.role {
                Role::Rep => Vec::new(),
                _ => views::receivers(&names, me),
            },
            may_accept: cards.iter().any(|card| card.may_accept),
            may_step: cards.iter().any(|card| card.may_step),
            cards,
            back: address(section, &[]),
            previous: ways.0,
            next: ways.1,
            empty: empty(section),
        })
    })
}

fn address(section: Section, more: &[(&str, &str)]) -> String {
    let mut pairs = vec![("view", section.word())];
    pairs.extend(more);
    urls::with_query("/leads", &pairs)
}

type Rows = (Vec<Lead>, HashMap<i64, String>, (String, String));

/// The leads of a page, what is said of each, and the ways to the pages before and after it.
fn rows(
    conn: &mut Conn,
    me: &Me,
    cx: &Cx,
    mine: &Mine,
    section: Section,
    place: Place,
) -> Result<Rows> {
    let today = me.zone.day_of(cx.now);
    let way = |is_there: bool, key: &str, cursor: Option<String>| match cursor.filter(|_| is_there)
    {
        Some(cursor) => address(section, &[(key, cursor.as_str())]),
        None => String::new(),
    };
    let page = match section {
        Section::Working => store::working(conn, me.id, today, place, PAGE_ROWS)?,
        Section::Nurture => store::nurtured(conn, me.id, place, PAGE_ROWS)?,
        section => {
            let (shown, has_previous, has_next) = part(mine.promised(section), place, PAGE_ROWS);
            let ids: Vec<i64> = shown.iter().map(|one| one.lead_id).collect();
            let leads = leads::store::visible_by_ids(conn, me, &ids)?;
            let said = shown.iter().map(|one| (one.lead_id, one.words.clone()));
            let cursor = |one: Option<&Promised>| one.map(|one| one.cursor().to_string());
            let ways = (
                way(has_previous, "before", cursor(shown.first())),
                way(has_next, "after", cursor(shown.last())),
            );
            return Ok((leads, said.collect(), ways));
        }
    };
    let (leads, is_more) = page;
    let (has_previous, has_next) = match place {
        Place::First => (false, is_more),
        Place::After(_) => (true, is_more),
        Place::Before(_) => (is_more, true),
    };
    let cursor = |lead: Option<&Lead>| lead.map(|lead| Order::Newest.cursor(lead).to_string());
    let ways = (
        way(has_previous, "before", cursor(leads.first())),
        way(has_next, "after", cursor(leads.last())),
    );
    let said = leads.iter().map(|lead| (lead.id, words(cx, lead)));
    Ok((leads.clone(), said.collect(), ways))
}

/// What is said of a lead without a promise that runs.
fn words(cx: &Cx, lead: &Lead) -> String {
    let touched = |lead: &Lead| match lead.last_touch_at {
        Some(at) => {
            let today = cx.zone().day_of(cx.now);
            format!("Touched {}", page::short_time(at, cx.zone(), today))
        }
        None => String::new(),
    };
    match (lead.stage, lead.next_step_on) {
        (Stage::Nurture, Some(day)) => format!("Comes back {}", page::day(day)),
        (Stage::Nurture, None) => "With marketing".to_owned(),
        _ if lead.is_stopped => "Close it: no further contact".to_owned(),
        (_, Some(day)) => format!("Next step {}", page::day(day)),
        (_, None) => touched(lead),
    }
}

fn card(lead: &Lead, section: Section, said: &HashMap<i64, String>, lists: &Lists) -> Card {
    let is_open = lead.stage.is_open() && !lead.is_stopped;
    let sub = [
        lead.stage.label(),
        lead.urgency.label(),
        lists.label_name(lead.source_id),
    ];
    let sub: Vec<&str> = sub.into_iter().filter(|part| !part.is_empty()).collect();
    let score = lead
        .score
        .map(|score| format!(" \u{b7} score {}", page::amount(score)));
    Card {
        uid: lead.uid.clone(),
        seen: String::new(),
        name: lead.title_name().to_owned(),
        company: match lead.name.is_empty() {
            true => String::new(),
            false => lead.company.clone(),
        },
        sub: format!("{}{}", sub.join(" \u{b7} "), score.unwrap_or_default()),
        tone: match section {
            Section::Overdue => "bad",
            Section::Due => "warn",
            Section::New => "info",
            Section::Working | Section::Nurture => "quiet",
        },
        words: said.get(&lead.id).cloned().unwrap_or_default(),
        is_stopped: lead.is_stopped,
        may_log: is_open,
        may_accept: lead.stage == Stage::HandedOver && is_open,
        may_reject: lead.stage.is_untouched() && is_open,
        may_step: is_open && !lead.stage.is_untouched(),
        may_pick: lead.stage.is_open(),
        dial: match is_open {
            true => leads::dial(&lead.phone),
            false => String::new(),
        },
        log_call: lists.log_address("call", &lead.uid),
    }
}

fn about(section: Section) -> &'static str {
    match section {
        Section::Overdue => {
            "The time for the first attempt is over, or the day of the next step has passed."
        }
        Section::Due => {
            "Most of the time for the first attempt is gone, or the next step is today."
        }
        Section::New => "No attempt yet, and time for it.",
        Section::Working => "Tried, and nothing is due today.",
        Section::Nurture => "Back with marketing: they return when they are ready.",
    }
}

fn empty(section: Section) -> (&'static str, &'static str) {
    match section {
        Section::Overdue => (
            "Nothing is overdue",
            "Every promise to your leads is kept so far.",
        ),
        Section::Due => (
            "Nothing is due",
            "What comes due soon stands here before it is late.",
        ),
        Section::New => (
            "No new leads",
            "Leads that marketing hands over to you stand here.",
        ),
        Section::Working => (
            "Nothing in work",
            "Leads that you have tried stand here until they are closed.",
        ),
        Section::Nurture => (
            "Nobody in nurture",
            "Leads that you send back to marketing stand here.",
        ),
    }
}
