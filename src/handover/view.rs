//! The page of one lead: what is known, what was promised, what happened, and what may be done next.

use super::clocks::{self, Clocks, Leg};
use super::deed::{self, Action, Deed, DeedForm};
use super::going_on::{self, Carried, GoingOn};
use super::say::{self, Say, SayForm};
use super::talking::TalkView;
use super::timeline::{self, Entry, Names, Telling};
use super::{May, Story};
use crate::app::Cx;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::leads::{self, Handover, Lead, score};
use crate::lists::Lists;
use crate::page::{self, Frame, Toast};
use crate::rules::access::{Me, Role};
use crate::rules::level::Due;
use crate::rules::moves;
use crate::rules::stage::{EventKind, Stage};
use crate::rules::survival::End;
use crate::talk::{Reply, Talk};
use askama::Template;
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "handover/lead.html")]
pub struct LeadPage {
    pub frame: Frame,
    uid: String,
    name: String,
    sub: String,
    phone_href: String,
    phone: String,
    email: String,
    /// Where one goes after a call or an e-mail.
    log_call: String,
    log_email: String,
    stage: &'static str,
    tone: &'static str,
    urgency: &'static str,
    is_stopped: bool,
    /// Tone and words of the first attempt's due time; no words when there is none.
    due: (&'static str, String),
    facts: Vec<Fact>,
    note: String,
    may_log: bool,
    may_take: bool,
    presses: Vec<Action>,
    others: Vec<Action>,
    form: Form,
    deed: Option<DeedForm>,
    seen: String,
    /// Whose clock the times on the page are of.
    zone: String,
    /// The newest hand-over in a line, and its note; empty before there is one.
    promised: String,
    promised_note: String,
    promises: Vec<PromiseView>,
    going_on: GoingOn,
    timeline: Vec<Entry>,
    talk: TalkView,
    say: Option<SayForm>,
    /// The leads that are said to be the same.
    twins: Vec<Twin>,
    /// Where an admin erases what is known of it; empty where nobody can.
    erase_href: String,
}

/// A lead that is the same; its address is empty where the reader may not see it.
struct Twin {
    href: String,
    name: String,
}

/// The form that a page opens.
pub enum Open {
    Deed(Deed),
    Say(Say),
}

struct Fact {
    label: &'static str,
    text: String,
}

/// One hand-over: what was promised, and its clocks.
struct PromiseView {
    receipt: String,
    title: String,
    facts: Vec<Fact>,
    note: String,
    carried: Vec<Carried>,
    clocks: Vec<ClockRow>,
}

struct ClockRow {
    label: &'static str,
    state: &'static str,
    calendar: String,
    working: String,
}

/// The page as it is now, with `open` opened and `form` in it.
pub fn load(cx: &Cx, uid: &str, open: Option<Open>, mut form: Form) -> Result<LeadPage> {
    let me = cx.me()?;
    cx.snapshot(|conn| {
        let lead = leads::store::by_uid(conn, me, uid)?.ok_or(Error::NotFound)?;
        let story = Story::load(conn, lead)?;
        let talk = Talk::load(conn, story.lead.id)?;
        let names = Names::load(conn, cx.kept)?;
        let may = May::of(me, &story, &names.directory);
        let possible = deed::possible(me, &story, &may);
        // A form that was sent is given back, whatever has become impossible since.
        let was_sent = !form.is_good() || form.has("seen");
        let (mut opened, mut said) = (None, None);
        match open {
            Some(Open::Deed(deed)) if was_sent || possible.contains(&deed) => {
                let (deed, filled) = deed::open(conn, cx, me, &story, &names, deed, form)?;
                (opened, form) = (Some(deed), filled);
            }
            Some(Open::Say(say)) => {
                said = say::open(cx, me, (&story, &talk, &names), &say, &mut form);
            }
            _ => {}
        }
        let talk_view = TalkView::new(cx, me, &story, &may, &talk, &names);
        let mut page = lead_page(cx, &story, &names, talk_view, form);
        let lists: Arc<Lists> = cx.kept.get(conn)?;
        page.log_call = lists.log_address("call", &page.uid);
        page.log_email = lists.log_address("email", &page.uid);
        (page.deed, page.say) = (opened, said);
        page.twins = twins(conn, me, &talk, &names)?;
        page.may_log = may.log && !story.lead.is_stopped && story.lead.stage.is_open();
        if !story.lead.stage.is_open() && me.role == Role::Admin {
            page.erase_href = format!("/leads/{}/erase", page.uid);
        }
        add_deeds(&mut page, me, &story, possible);
        let calendars: Arc<Calendars> = cx.kept.get(conn)?;
        let definitions: Arc<Definitions> = cx.kept.get(conn)?;
        page.going_on = GoingOn::load(conn, cx, me, &story, &may)?;
        let carried = going_on::carried(conn, cx, &story.handovers)?;
        add_promises(
            cx,
            &mut page,
            &story,
            &names,
            (&calendars, &definitions),
            carried,
        );
        page.timeline = timeline::entries(cx, &Telling::Lead(me), &story, &talk, &names);
        Ok(page)
    })
}

fn add_deeds(page: &mut LeadPage, me: &Me, story: &Story, possible: Vec<Deed>) {
    page.may_take =
        possible.contains(&Deed::Assign) && story.lead.owner_id.is_none() && me.role == Role::Rep;
    for deed in possible {
        if deed.is_plain() {
            page.presses.push(deed::action(deed));
        } else if !(page.may_take && deed == Deed::Assign) {
            page.others.push(deed::action(deed));
        }
    }
}

fn add_promises(
    cx: &Cx,
    page: &mut LeadPage,
    story: &Story,
    names: &Names,
    (calendars, definitions): (&Calendars, &Definitions),
    mut carried: HashMap<i64, Vec<Carried>>,
) {
    for (index, handover) in story.handovers.iter().enumerate().rev() {
        let clocks = clocks::of(calendars, definitions, story, handover, cx.now);
        let is_newest = index + 1 == story.handovers.len();
        if is_newest {
            page.promised = promised(cx, handover, names);
            page.promised_note.clone_from(&handover.note);
        }
        if is_newest && !story.lead.is_stopped && story.lead.stage.is_open() {
            page.due = due_words(cx, &clocks);
        }
        page.promises.push(PromiseView {
            carried: carried.remove(&handover.id).unwrap_or_default(),
            ..promise_view(cx, handover, names, &clocks)
        });
    }
}

fn twins(conn: &mut Conn, me: &Me, talk: &Talk, names: &Names) -> Result<Vec<Twin>> {
    let visible = leads::store::visible_by_ids(conn, me, &talk.twins)?;
    let all = leads::store::by_ids(conn, &talk.twins)?;
    let twin = |lead: &Lead| match visible.iter().any(|seen| seen.id == lead.id) {
        true => Twin {
            href: format!("/leads/{}", lead.uid),
            name: lead.title_name().to_owned(),
        },
        false => Twin {
            href: String::new(),
            name: match names.person(lead.owner_id) {
                "" => "a lead that you do not see".to_owned(),
                owner => format!("a lead of {owner}"),
            },
        },
    };
    Ok(all.iter().map(twin).collect())
}

fn lead_page(cx: &Cx, story: &Story, names: &Names, talk: TalkView, form: Form) -> LeadPage {
    let lead = &story.lead;
    let parts = [lead.title.as_str(), &lead.company].into_iter();
    LeadPage {
        frame: Frame::new(cx, lead.title_name()).with_toast(toast(cx)),
        uid: lead.uid.clone(),
        name: lead.title_name().to_owned(),
        sub: parts
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
        phone_href: leads::dial(&lead.phone),
        log_call: String::new(),
        log_email: String::new(),
        phone: lead.phone.clone(),
        email: lead.email.clone(),
        stage: crate::style::stage(lead.stage),
        tone: lead.stage.tone(),
        urgency: lead.urgency.label(),
        is_stopped: lead.is_stopped,
        due: ("", String::new()),
        facts: facts(cx, lead, names),
        note: lead.note.clone(),
        may_log: false,
        may_take: false,
        presses: Vec::new(),
        others: Vec::new(),
        form,
        deed: None,
        seen: story.version(),
        zone: cx.zone().name().to_owned(),
        promised: String::new(),
        promised_note: String::new(),
        promises: Vec::new(),
        going_on: GoingOn::default(),
        timeline: Vec::new(),
        talk,
        say: None,
        twins: Vec::new(),
        erase_href: String::new(),
    }
}

fn facts(cx: &Cx, lead: &Lead, names: &Names) -> Vec<Fact> {
    let owner = match names.person(lead.owner_id) {
        "" => "Nobody yet",
        name => name,
    };
    let mut facts = vec![
        Fact {
            label: "Owner",
            text: owner.to_owned(),
        },
        Fact {
            label: "Attempts",
            text: lead.attempts.to_string(),
        },
    ];
    let mut add = |label, text: String| {
        if !text.is_empty() {
            facts.push(Fact { label, text });
        }
    };
    let next = if lead.stage == Stage::Nurture {
        "Comes back on"
    } else {
        "Next step"
    };
    add(next, lead.next_step_on.map(page::day).unwrap_or_default());
    add("Territory", names.label(lead.territory_id).to_owned());
    add(
        "Amount",
        lead.amount_micros
            .map(|micros| page::money(micros, &lead.currency))
            .unwrap_or_default(),
    );
    add("Created", page::time(lead.created_at, cx.zone()));
    add("External id", lead.external_id.clone().unwrap_or_default());
    facts
}

/// What marketing handed over, in a line: `Handed over by Oskar Berg, 14:05: Webinar · Spring series · Price list`.
fn promised(cx: &Cx, handover: &Handover, names: &Names) -> String {
    let when = page::short_time(handover.handed_over_at, cx.zone(), cx.zone().day_of(cx.now));
    let by = match names.person(handover.by_id) {
        "" => format!("Handed over {when}"),
        name => format!("Handed over by {name}, {when}"),
    };
    let ids = [handover.source_id, handover.campaign_id, handover.asset_id];
    let parts = ids.into_iter().map(|id| names.label(id));
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    match parts.is_empty() {
        true => by,
        false => format!("{by}: {}", parts.join(" \u{b7} ")),
    }
}

fn promise_view(cx: &Cx, handover: &Handover, names: &Names, clocks: &Clocks) -> PromiseView {
    let mut facts = Vec::new();
    let mut add = |label, text: String| {
        if !text.is_empty() {
            facts.push(Fact { label, text });
        }
    };
    add("By", names.person(handover.by_id).to_owned());
    add(
        "Urgency",
        format!("{}: {}", handover.urgency.label(), handover.urgency.about()),
    );
    add("Source", names.label(handover.source_id).to_owned());
    add("Campaign", names.label(handover.campaign_id).to_owned());
    add("Asset", names.label(handover.asset_id).to_owned());
    add("Territory", names.label(handover.territory_id).to_owned());
    add(
        "Score",
        handover.score.map(score::points).unwrap_or_default(),
    );
    PromiseView {
        receipt: format!("/hand-overs/{}", handover.uid),
        title: format!(
            "Handed over {}",
            page::time(handover.handed_over_at, cx.zone())
        ),
        facts,
        note: handover.note.clone(),
        carried: Vec::new(),
        clocks: vec![
            clock_row("First attempt", &clocks.first_attempt),
            clock_row("First contact", &clocks.first_contact),
        ],
    }
}

fn clock_row(label: &'static str, leg: &Leg) -> ClockRow {
    ClockRow {
        label,
        state: match leg.end {
            End::Event => "after",
            End::Closed => "none, closed after",
            End::Open => "not yet, waiting",
        },
        calendar: page::duration(leg.calendar_s),
        working: page::working_time(leg.working_s),
    }
}

/// Overdue, due soon from 75 % of the time on, or just when it is due (PRODUCT.md 5).
fn due_words(cx: &Cx, clocks: &Clocks) -> (&'static str, String) {
    let Some((clause, due)) = clocks.due else {
        return ("", String::new());
    };
    let what = clause.noun();
    let when = page::short_time(due.due_at, cx.zone(), cx.zone().day_of(cx.now));
    match due.due(cx.now) {
        Due::Over => ("bad", format!("{what} overdue since {when}")),
        Due::Soon => ("warn", format!("{what} due soon: {when}")),
        Due::Later => ("info", format!("{what} due {when}")),
    }
}

fn toast(cx: &Cx) -> Option<Toast> {
    let query = cx.query();
    let text = match query.value("done") {
        "kept" => "Saved, and kept in nurture.",
        "edited" => "Saved.",
        "hand-over" => "Handed over.",
        "assign" => "Assigned.",
        "re-route" => "Re-routed.",
        "asked" => "Asked.",
        "answered" => "Answered.",
        "taken-back" => "Taken back.",
        "rated" => "Rated.",
        word => match Reply::from_word(word) {
            Some(reply) => reply.label(),
            None => EventKind::from_word(word)
                .filter(|kind| moves::BY_HAND.contains(kind))?
                .label(),
        },
    };
    Some(Toast {
        text: text.to_owned(),
        undo_href: None,
    })
}
