//! What somebody may do with a lead, as buttons and forms of its page.

use super::promise::Offers;
use super::timeline::Names;
use super::{May, Story, assign, twin};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::Result;
use crate::form::{Choice, Form};
use crate::lists::{self, List, Lists};
use crate::people::Directory;
use crate::rules::access::{Me, Role};
use crate::rules::moves;
use crate::rules::stage::{EventKind, Stage};
use std::sync::Arc;

/// What somebody is about to do with the lead: the form that the page opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Move(EventKind),
    Assign,
    Reroute,
    HandOver,
}

impl Deed {
    pub fn from_word(word: &str) -> Option<Deed> {
        match word {
            "assign" => Some(Deed::Assign),
            "re-route" => Some(Deed::Reroute),
            "hand-over" => Some(Deed::HandOver),
            word => EventKind::from_word(word)
                .filter(|kind| moves::BY_HAND.contains(kind))
                .map(Deed::Move),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Deed::Move(kind) => kind.word(),
            Deed::Assign => "assign",
            Deed::Reroute => "re-route",
            Deed::HandOver => "hand-over",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Deed::Move(EventKind::Accepted) => "Accept",
            Deed::Move(EventKind::Rejected) => "Reject",
            Deed::Move(EventKind::Disqualified) => "Disqualify",
            Deed::Move(EventKind::Nurture) => "Return to nurture",
            Deed::Move(EventKind::Qualified) => "Qualified",
            Deed::Move(EventKind::Opportunity) => "Opportunity",
            Deed::Move(EventKind::Duplicate) => "Duplicate",
            Deed::Move(kind) => kind.label(),
            Deed::Assign => "Assign",
            Deed::Reroute => "Not my territory",
            Deed::HandOver => "Hand over again",
        }
    }

    /// What the button of its form says.
    fn submit(self) -> &'static str {
        match self {
            Deed::Move(EventKind::Duplicate) => "It is the same",
            Deed::Reroute => "Send it there",
            Deed::HandOver => "Hand over",
            deed => deed.title(),
        }
    }

    /// Whether it takes one press and no form.
    pub fn is_plain(self) -> bool {
        let kinds = [
            EventKind::Accepted,
            EventKind::Qualified,
            EventKind::Opportunity,
        ];
        matches!(self, Deed::Move(kind) if kinds.contains(&kind))
    }
}

/// A button of the page: pressed, or leading to a form.
pub struct Action {
    pub word: &'static str,
    pub label: &'static str,
    pub key: &'static str,
}

/// The form of a deed; lists that it does not ask for are empty.
pub struct DeedForm {
    pub word: &'static str,
    pub title: &'static str,
    pub submit: &'static str,
    pub action: String,
    pub is_move: bool,
    pub reasons: Vec<Choice>,
    /// The reasons of a rejection, by class.
    pub classes: Vec<ReasonClass>,
    /// Names the lead that this one is the same as.
    pub asks_twin: bool,
    pub twins: Vec<Choice>,
    pub asks_return: bool,
    pub asks_amount: bool,
    pub owners: Vec<Choice>,
    /// Where a lead that was routed wrongly can go: of the re-routing, and of a rejection for that reason.
    pub territories: Vec<Choice>,
    pub urgencies: Vec<Choice>,
    pub news: Vec<Choice>,
    pub offers: Option<Offers>,
}

/// Reasons of one class, and what follows from them.
pub struct ReasonClass {
    pub title: &'static str,
    pub reasons: Vec<ReasonChoice>,
}

pub struct ReasonChoice {
    pub choice: Choice,
    pub about: &'static str,
    /// What else is asked for where it is chosen: `territory`, `twin`, `nurture`; empty for nothing.
    pub asks: &'static str,
}

pub fn action(deed: Deed) -> Action {
    Action {
        word: deed.word(),
        label: deed.title(),
        key: match deed {
            Deed::Move(EventKind::Accepted) => "a",
            Deed::Move(EventKind::Rejected) => "r",
            _ => "",
        },
    }
}

/// What this person may do with the lead as it stands.
pub fn possible(me: &Me, story: &Story, may: &May) -> Vec<Deed> {
    let standing = story.standing();
    let moves = moves::BY_HAND.iter().copied();
    let moves = moves.filter(|kind| may.make(*kind) && moves::refusal(*kind, &standing).is_none());
    // Pressed by mistake on a lead that nobody has tried they would hide a promise that is not kept yet.
    let is_early = |kind: &EventKind| {
        let is_further = [EventKind::Qualified, EventKind::Opportunity].contains(kind);
        is_further && standing.stage < Stage::Attempting
    };
    let moves = moves.filter(|kind| !is_early(kind));
    let mut deeds: Vec<Deed> = moves.map(Deed::Move).collect();
    let is_open = story.lead.stage.is_open();
    if may.assign && is_open && (me.role != Role::Rep || story.lead.owner_id.is_none()) {
        deeds.push(Deed::Assign);
    }
    if deeds.contains(&Deed::Move(EventKind::Rejected)) {
        deeds.push(Deed::Reroute);
    }
    if may.hand_over && !is_open && !story.lead.is_stopped {
        deeds.push(Deed::HandOver);
    }
    deeds
}

/// The form of a deed, and what stands in it.
pub fn open(
    conn: &mut Conn,
    cx: &Cx,
    me: &Me,
    story: &Story,
    names: &Names,
    deed: Deed,
    mut form: Form,
) -> Result<(DeedForm, Form)> {
    let offers = match deed {
        Deed::HandOver => Some(Offers::load(conn, cx.now)?),
        _ => None,
    };
    // A form that came back keeps what was typed; a fresh one shows the lead as it is.
    if let Some(offers) = offers.as_ref().filter(|_| !form.has("urgency")) {
        form = offers.filled(conn, story, &names.lists)?;
    }
    let (path, kind) = match deed {
        Deed::Move(kind) => ("events", Some(kind)),
        deed => (deed.word(), None),
    };
    let asks = |kinds: &[EventKind]| kind.is_some_and(|kind| kinds.contains(&kind));
    let (reasons, classes) = all_reasons(conn, kind, &form)?;
    let asks_twin = asks(&[EventKind::Rejected, EventKind::Duplicate]);
    let owners = match (&offers, deed) {
        (Some(offers), _) => offers.owners(&form),
        (None, Deed::Assign) => new_owners(conn, cx, me, story, &form)?,
        _ => Vec::new(),
    };
    let may_reroute = [Deed::Move(EventKind::Rejected), Deed::Reroute].contains(&deed);
    let deed = DeedForm {
        territories: match may_reroute {
            true => territories(&names.lists, story, &form),
            false => Vec::new(),
        },
        word: deed.word(),
        title: deed.title(),
        submit: deed.submit(),
        action: format!("/leads/{}/{path}", story.lead.uid),
        is_move: kind.is_some(),
        reasons,
        classes,
        asks_twin,
        twins: match asks_twin {
            true => twin::choices(conn, me, story, &form)?,
            false => Vec::new(),
        },
        asks_return: asks(&[EventKind::Nurture, EventKind::Disqualified]),
        asks_amount: asks(&[EventKind::Won]),
        owners,
        urgencies: Offers::urgencies(&form),
        news: offers
            .as_ref()
            .map(|offers| offers.news(&form))
            .unwrap_or_default(),
        offers,
    };
    Ok((deed, form))
}

/// The reasons of a kind of event: in one list, or by class for a rejection.
fn all_reasons(
    conn: &mut Conn,
    kind: Option<EventKind>,
    form: &Form,
) -> Result<(Vec<Choice>, Vec<ReasonClass>)> {
    Ok(match kind {
        None => (Vec::new(), Vec::new()),
        Some(EventKind::Rejected) => (Vec::new(), classes(conn, form)?),
        Some(kind) => (reasons(conn, kind, form)?, Vec::new()),
    })
}

/// The reasons of a rejection by their classes (PRODUCT.md 5).
fn classes(conn: &mut Conn, form: &Form) -> Result<Vec<ReasonClass>> {
    let all = lists::store::reasons(conn)?;
    let of_class = |(class, title)| {
        let is_theirs = |r: &&lists::Reason| r.event == "rejected" && r.class == class;
        let names: Vec<&str> = all
            .iter()
            .filter(is_theirs)
            .map(|r| r.name.as_str())
            .collect();
        let choices = form.choices("reason", names.into_iter().map(|name| (name, name)));
        let reasons = choices.into_iter().map(|choice| ReasonChoice {
            about: what_follows(&choice.value),
            asks: asks(&choice.value),
            choice,
        });
        ReasonClass {
            title,
            reasons: reasons.collect(),
        }
    };
    let mut classes: Vec<ReasonClass> = lists::REJECTION_CLASSES.map(of_class).into();
    classes.retain(|class| !class.reasons.is_empty());
    Ok(classes)
}

fn what_follows(reason: &str) -> &'static str {
    match asks(reason) {
        "territory" => "name the right one",
        "twin" => "name the other lead",
        "nurture" => "can stay in nurture",
        _ => "",
    }
}

fn asks(reason: &str) -> &'static str {
    match reason {
        moves::NOT_MY_TERRITORY => "territory",
        moves::DUPLICATE => "twin",
        moves::CONTENT_ONLY => "nurture",
        _ => "",
    }
}

/// The reasons of a kind of event, none chosen at first; empty for a kind without reasons.
fn reasons(conn: &mut Conn, kind: EventKind, form: &Form) -> Result<Vec<Choice>> {
    let all = lists::store::reasons(conn)?;
    let names: Vec<&str> = all
        .iter()
        .filter(|r| r.event == kind.word())
        .map(|r| r.name.as_str())
        .collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let none = if kind.needs_reason() {
        "Choose a reason"
    } else {
        "No reason"
    };
    let each = names.into_iter().map(|name| (name, name));
    Ok(form.choices("reason", [("", none)].into_iter().chain(each)))
}

/// The other territories; empty when there are none.
fn territories(lists: &Lists, story: &Story, form: &Form) -> Vec<Choice> {
    let known = lists.labels_of(List::Territory);
    let others = known.filter(|t| !t.is_retired && Some(t.id) != story.lead.territory_id);
    let others: Vec<(String, String)> = others
        .map(|territory| (territory.id.to_string(), territory.name.clone()))
        .collect();
    if others.is_empty() {
        return Vec::new();
    }
    let none = [(String::new(), "Choose the right territory".to_owned())];
    form.choices("territory", none.into_iter().chain(others))
}

/// To whom this person may give the lead.
fn new_owners(
    conn: &mut Conn,
    cx: &Cx,
    me: &Me,
    story: &Story,
    form: &Form,
) -> Result<Vec<Choice>> {
    let directory: Arc<Directory> = cx.kept.get(conn)?;
    let all = assign::receivers(&directory, me);
    let others = all.filter(|person| story.lead.owner_id != Some(person.id));
    let each = others.map(|person| (person.uid.clone(), person.name.clone()));
    let nobody = [(String::new(), "Choose an owner".to_owned())];
    Ok(form.choices("owner", nobody.into_iter().chain(each)))
}
