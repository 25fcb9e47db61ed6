//! What happened to a hand-over, as its clocks ask about it: what started one, what stopped it, and what did neither, with
//! the reason. It tells of nothing that the receipt's track does not tell.

use super::Story;
use super::timeline::{Names, event_title, touch_title};
use crate::activities::Activity;
use crate::app::Cx;
use crate::explain::{How, Row};
use crate::leads::{Handover, LeadEvent};
use crate::page;
use crate::rules::legs::{Step, Way};
use crate::rules::level::Clause;
use crate::rules::stage::EventKind;
use crate::rules::survival::End;
use crate::value::Instant;

/// One thing that happened, in words, and what it says to a clock.
pub struct Happened {
    pub at: Instant,
    title: String,
    who: String,
    /// The furthest step on the way that it takes, if any.
    step: Option<Step>,
    pub is_touch: bool,
    is_attempt: bool,
    /// The lead changed hands.
    is_assignment: bool,
    is_closing: bool,
    /// A later entry corrects it or takes it back.
    is_replaced: bool,
}

/// What a clock waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    Leg(Step),
    Promise(Clause),
}

/// One run of a clock.
pub struct Run {
    pub goal: Goal,
    pub from: Instant,
    pub until: Instant,
    /// How it ended; `None` where the lead went to somebody else, with whom the leg went on.
    pub end: Option<End>,
    /// When the hand-over ended, if it did.
    pub closed_at: Option<Instant>,
    pub as_of: Instant,
}

/// Everything of a hand-over in order of time; first since when marketing had the lead, last the next hand-over.
pub fn all(story: &Story, handover: &Handover, names: &Names, way: &Way) -> Vec<Happened> {
    let (start, next) = (handover.handed_over_at, story.next_after(handover));
    let is_of_it = |at: Instant| at >= start && next.is_none_or(|next| at < next);
    let replaced = story.replaced();
    let made_by = |touch: &Activity| {
        let moves = story.events.iter().filter(|e| !replaced.contains(&e.id));
        let own = moves.filter(|e| e.activity_id == Some(touch.id));
        own.filter_map(step_of).max()
    };
    let is_told = |event: &LeadEvent| {
        let is_move = story
            .touches
            .iter()
            .any(|t| Some(t.id) == event.activity_id);
        is_of_it(event.at) && (!is_move || replaced.contains(&event.id))
    };
    let created = match story.returned_before(handover) {
        Some(_) => "Back with marketing",
        None => "Created",
    };
    let mut all = vec![
        Happened::point(way.created_at.min(start), created, Step::Created),
        Happened {
            who: names.person(handover.by_id).to_owned(),
            ..Happened::point(start, "Handed over", Step::HandedOver)
        },
    ];
    let touches = story.touches.iter().filter(|t| is_of_it(t.happened_at));
    all.extend(touches.map(|touch| touched(touch, made_by(touch), names)));
    let events = story.events.iter().filter(|e| is_told(e));
    all.extend(events.map(|event| moved(event, replaced.contains(&event.id), names)));
    all.extend(next.map(|at| Happened {
        step: None,
        is_closing: true,
        ..Happened::point(at, "Handed over again", Step::HandedOver)
    }));
    all.sort_by_key(|one| one.at);
    all
}

impl Happened {
    fn point(at: Instant, title: &str, step: Step) -> Happened {
        Happened {
            at,
            title: title.to_owned(),
            who: String::new(),
            step: Some(step),
            is_touch: false,
            is_attempt: false,
            is_assignment: false,
            is_closing: false,
            is_replaced: false,
        }
    }

    pub fn row(&self, cx: &Cx) -> Row {
        Row {
            name: self.title.clone(),
            sub: self.who.clone(),
            href: String::new(),
            cells: vec![page::time(self.at, cx.zone())],
        }
    }

    /// Why it stopped nothing while the clock ran.
    fn why_not(&self) -> &'static str {
        match self.is_touch {
            true if self.is_attempt => "an attempt that reached nobody",
            true => "no attempt: nobody tried to reach them with it, or it never arrived",
            false if self.is_assignment => "who has the lead: it stops no clock of this step",
            false => "not what the clock waits for",
        }
    }
}

fn touched(touch: &Activity, moved_to: Option<Step>, names: &Names) -> Happened {
    let own = match (touch.is_reached, touch.is_attempt) {
        (true, _) => Some(Step::FirstContact),
        (false, true) => Some(Step::FirstAttempt),
        (false, false) => None,
    };
    Happened {
        who: names.person(Some(touch.person_id)).to_owned(),
        step: own.max(moved_to),
        is_touch: true,
        is_attempt: touch.is_attempt,
        ..Happened::point(
            touch.happened_at,
            &touch_title(touch, names),
            Step::HandedOver,
        )
    }
}

fn moved(event: &LeadEvent, is_replaced: bool, names: &Names) -> Happened {
    Happened {
        who: names.person(event.by_id).to_owned(),
        step: step_of(event),
        is_assignment: event.kind == EventKind::Assigned,
        is_closing: event.kind.is_closing(),
        is_replaced,
        ..Happened::point(event.at, &event_title(event, names), Step::HandedOver)
    }
}

fn step_of(event: &LeadEvent) -> Option<Step> {
    match event.kind {
        EventKind::Assigned => event.owner_id.map(|_| Step::Assigned),
        EventKind::Accepted => Some(Step::Accepted),
        EventKind::Qualified | EventKind::Opportunity | EventKind::Won => Some(Step::Qualified),
        kind if kind.is_contact() => Some(Step::FirstContact),
        _ => None,
    }
}

impl Goal {
    fn is_met_by(self, one: &Happened) -> bool {
        let takes = |step: Step| one.step.is_some_and(|own| step <= own);
        match self {
            Goal::Leg(step) => takes(step),
            Goal::Promise(Clause::Accept) => takes(Step::Accepted),
            Goal::Promise(Clause::FirstAttempt | Clause::LeastAttempts) => one.is_attempt,
            Goal::Promise(Clause::ContactOrExit) => takes(Step::FirstContact) || one.is_closing,
        }
    }
}

impl Run {
    /// How something counts, and why. What starts and what stops the clock counts.
    pub fn place(&self, one: &Happened) -> (How, &'static str) {
        let left_out = |why| (How::LeftOut, why);
        if one.at > self.as_of {
            return left_out("after the time that was asked for");
        }
        if one.is_replaced {
            return left_out("taken back, or corrected by a later entry");
        }
        if self.goal == Goal::Promise(Clause::LeastAttempts) {
            return match one.is_attempt {
                false => left_out(one.why_not()),
                true if one.at > self.until => {
                    left_out("an attempt after the first contact or the end")
                }
                true => (How::Counted, "an attempt"),
            };
        }
        let is_closed_before = self.closed_at.is_some_and(|at| at < one.at);
        match self.stops(one) {
            Some(why) => (How::Counted, why),
            None if self.starts(one) => (How::Counted, "starts the clock"),
            None if one.at < self.from => left_out("before the clock started"),
            None if is_closed_before => left_out("after the closing, which stands"),
            None if one.at > self.until => left_out("after the clock had stopped"),
            None => left_out(one.why_not()),
        }
    }

    fn starts(&self, one: &Happened) -> bool {
        let is_start = match self.goal {
            Goal::Leg(_) => one.step.is_some() || one.is_assignment,
            Goal::Promise(_) => one.step == Some(Step::HandedOver),
        };
        is_start && one.at == self.from
    }

    fn stops(&self, one: &Happened) -> Option<&'static str> {
        let (is_it, why) = match self.end {
            Some(End::Event) => (self.goal.is_met_by(one), "stops the clock"),
            Some(End::Closed) => (one.is_closing, "ends the hand-over, which stops the clock"),
            Some(End::Open) => (false, ""),
            None => (
                one.is_assignment,
                "gives the lead to somebody else, whose time it is from then on",
            ),
        };
        (is_it && one.at == self.until).then_some(why)
    }
}
