//! The page of one's own leads: a card a lead, the most urgent first.

use super::store;
use super::{Mine, Promised, Section, Whose, part};
use crate::app::Cx;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::Result;
use crate::form::Choice;
use crate::leads::list::{Options, Order, Place};
use crate::leads::pages::{PAGE_ROWS, done_toast};
use crate::leads::views::{self, Tally, View};
use crate::leads::{self, Lead, score};
use crate::lists::Lists;
use crate::page::{self, Answer, Frame, Link};
use crate::rules::access::Role;
use crate::rules::stage::Stage;
use askama::Template;
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "leads/mine.html")]
struct MinePage {
    frame: Frame,
    tabs: Vec<Link>,
    /// One's own leads and the team's, for a manager.
    sides: Vec<Link>,
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
pub fn show(cx: &Cx, section: Option<Section>, whose: Whose) -> Answer {
    let me = cx.me()?;
    cx.snapshot(|conn| {
        let calendars: Arc<Calendars> = cx.kept.get(conn)?;
        let definitions: Arc<Definitions> = cx.kept.get(conn)?;
        let mine = Mine::load(conn, me, whose, &calendars, &definitions, cx.now)?;
        let section = section.unwrap_or_else(|| mine.first_section());
        let view = View::Mine(section, whose);
        let (leads, said, ways) = rows(conn, cx, &mine, section, whose)?;
        let lists: Arc<Lists> = cx.kept.get(conn)?;
        let tally = Tally {
            mine: Some(&mine),
            queue: leads::queue::store::count(conn)?,
        };
        let names = Options::load(conn, cx.kept, me)?;
        let mut seen = store::seen(conn, &leads)?;
        let card = |lead: &Lead| {
            let owner = match whose {
                Whose::Own => "",
                Whose::Team => names.directory.name(lead.owner_id),
            };
            Card {
                seen: seen.remove(&lead.id).unwrap_or_default(),
                ..card(lead, section, &said, &lists, owner)
            }
        };
        let cards: Vec<Card> = leads.iter().map(card).collect();
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
            back: view.address(me),
            sides: views::sides(me, section, whose),
            previous: ways.0,
            next: ways.1,
            empty: empty(section, whose),
        })
    })
}

type Rows = (Vec<Lead>, HashMap<i64, String>, (String, String));

/// The leads of a page, what is said of each, and the ways to the pages before and after it.
fn rows(conn: &mut Conn, cx: &Cx, mine: &Mine, section: Section, whose: Whose) -> Result<Rows> {
    let (me, place) = (cx.me()?, Place::read(&cx.query()));
    let (today, owners) = (me.zone.day_of(cx.now), whose.owners(me));
    let here = View::Mine(section, whose).address(me);
    let way = |is_there: bool, key: &str, cursor: Option<String>| match cursor.filter(|_| is_there)
    {
        Some(cursor) => format!("{here}&{key}={cursor}"),
        None => String::new(),
    };
    let page = match section {
        Section::Working => {
            store::working(conn, &owners, today, &mine.due_tried, place, PAGE_ROWS)?
        }
        Section::Nurture => store::nurtured(conn, &owners, place, PAGE_ROWS)?,
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
    let said = leads.iter().map(|lead| {
        let running = mine.running.get(&lead.id).map_or("", String::as_str);
        (lead.id, words(cx, lead, running))
    });
    Ok((leads.clone(), said.collect(), ways))
}

/// What is said of a lead that is not due; `running` is until when its next promise has time.
fn words(cx: &Cx, lead: &Lead, running: &str) -> String {
    let today = cx.zone().day_of(cx.now);
    let next = match (lead.stage, lead.next_step_on) {
        (Stage::Nurture, Some(day)) => return format!("Comes back {}", page::day(day)),
        (Stage::Nurture, None) => return "With marketing".to_owned(),
        _ if lead.is_stopped => return "Close it: no further contact".to_owned(),
        (_, Some(day)) => format!("Next step {}", page::day(day)),
        (_, None) => String::new(),
    };
    let attempts = match lead.attempts {
        0 => String::new(),
        1 => "1 attempt".to_owned(),
        many => format!("{many} attempts"),
    };
    let touched = lead
        .last_touch_at
        .map(|at| format!("touched {}", page::short_time(at, cx.zone(), today)));
    let touched = touched.unwrap_or_default();
    let parts = [running.to_owned(), next, attempts, touched];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" \u{b7} ")
}

/// `owner`: whose it is, where it is somebody else's; what is to be done with it is theirs then.
fn card(
    lead: &Lead,
    section: Section,
    said: &HashMap<i64, String>,
    lists: &Lists,
    owner: &str,
) -> Card {
    let is_open = lead.stage.is_open() && !lead.is_stopped && owner.is_empty();
    let sub = [
        owner,
        crate::style::stage(lead.stage),
        lead.urgency.label(),
        lists.label_name(lead.source_id),
    ];
    let sub: Vec<&str> = sub.into_iter().filter(|part| !part.is_empty()).collect();
    let score = lead
        .score
        .map(|score| format!(" \u{b7} score {}", score::points(score)));
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
            "The time of a promise is over, or the day of the next step has passed."
        }
        Section::Due => "Most of the time of a promise is gone, or the next step is today.",
        Section::New => "No attempt yet, and time for what is promised next.",
        Section::Working => "Tried, and nothing is due today.",
        Section::Nurture => "Back with marketing: they return when they are ready.",
    }
}

fn empty(section: Section, whose: Whose) -> (&'static str, &'static str) {
    if whose == Whose::Team {
        return match section {
            Section::Overdue => (
                "Nothing of your team's is overdue",
                "Every promise to their leads is kept so far.",
            ),
            _ => (
                "Nothing of your team's",
                "Leads of the people whom you manage stand here.",
            ),
        };
    }
    match section {
        Section::Overdue => (
            "Nothing of yours is overdue",
            "Every promise to your own leads is kept so far.",
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
