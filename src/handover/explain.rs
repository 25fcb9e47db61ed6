//! GET /hand-overs/{uid}/explain: explains the times of a receipt and what was used of a promise, by what happened to the
//! hand-over. Who may read the receipt may read it, and nobody else.

use super::happened::{self, Goal, Happened, Run};
use super::legs::{self, Stretch};
use super::timeline::Names;
use super::{Story, kept, receipt};
use crate::app::Cx;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::definitions::under;
use crate::error::{Error, Result};
use crate::explain::{self, AS_OF, Explanation, How, Row, parts};
use crate::form::Form;
use crate::leads::Handover;
use crate::leads::cohort::bar;
use crate::page::{self, Answer, Link};
use crate::rules::legs::{Step, Whose};
use crate::rules::level::Clause;
use crate::rules::survival::End;
use crate::urls;
use crate::value::Instant;
use std::sync::Arc;

crate::words! {
    /// The clock on which a stretch of a leg is printed.
    pub enum Clock { Calendar = "calendar", Working = "working" }
}

/// The address that explains the time of a stretch of a leg, by its place in the leg, on a clock.
pub fn leg_href(
    handover: &Handover,
    (step, at, clock): (Step, usize, Clock),
    as_of: Instant,
) -> String {
    let at = at.to_string();
    let pairs = [
        ("figure", clock.word()),
        ("step", step.word()),
        ("stretch", &at),
    ];
    address(handover, &pairs, as_of)
}

/// The address that explains what was used of a promise.
pub fn promise_href(handover: &Handover, clause: Clause, as_of: Instant) -> String {
    address(handover, &[("figure", clause.word())], as_of)
}

fn address(handover: &Handover, pairs: &[(&str, &str)], as_of: Instant) -> String {
    let as_of = as_of.to_string();
    let pairs = [pairs, &[(AS_OF, as_of.as_str())]].concat();
    urls::with_query(&format!("/hand-overs/{}/explain", handover.uid), &pairs)
}

/// What is read of a hand-over.
struct Read {
    story: Story,
    handover: Handover,
    names: Names,
    calendars: Arc<Calendars>,
    as_of: Instant,
}

/// `/hand-overs/.../explain?figure=working&step=first_attempt&stretch=0` or `?figure=first_attempt`; `?format=csv` for its
/// rows as a file.
pub fn page(cx: &Cx) -> Answer {
    let mut form = cx.query();
    let as_of = bar::instant(&mut form, cx.now).ok_or(Error::NotFound)?;
    let explanation = cx.snapshot(|conn| {
        let (story, handover, _) = receipt::seen(cx, conn)?;
        let read = Read {
            names: Names::load(conn, cx.kept)?,
            calendars: cx.kept.get(conn)?,
            story,
            handover,
            as_of,
        };
        let figure = form.value("figure");
        match (Clock::from_word(figure), Clause::from_word(figure)) {
            (Some(clock), _) => of_leg(cx, &read, &form, clock),
            (None, Some(clause)) => of_promise(cx, conn, &read, clause),
            (None, None) => Err(Error::NotFound),
        }
    })?;
    explain::show(cx, &form, explanation)
}

/// The time of a stretch of a leg, on a clock.
fn of_leg(cx: &Cx, read: &Read, form: &Form, clock: Clock) -> Result<Explanation> {
    let step = Step::from_word(form.value("step")).ok_or(Error::NotFound)?;
    let at: usize = form.value("stretch").parse().map_err(|_| Error::NotFound)?;
    let way = legs::way(&read.story, &read.handover);
    let legs = way.legs(read.as_of);
    let leg = legs.iter().find(|leg| leg.to == step);
    let leg = leg.ok_or(Error::NotFound)?;
    let stretches = legs::stretches(&read.calendars, leg);
    let stretch = stretches.get(at).ok_or(Error::NotFound)?;
    let run = Run {
        goal: Goal::Leg(step),
        from: stretch.from,
        until: stretch.until,
        end: (at + 1 == stretches.len()).then_some(leg.end),
        closed_at: way.closed_at.filter(|at| *at <= read.as_of),
        as_of: read.as_of,
    };
    let whose = legs::whose(&read.names, stretch.whose);
    let (value, formula) = match clock {
        Clock::Calendar => (&stretch.calendar, "until - from, whatever the hour"),
        Clock::Working => (
            &stretch.working,
            "sum over days of the working hours between from and until, less holidays and time off",
        ),
    };
    let filled = format!(
        "{}, {whose}: {value}{}",
        between(cx, stretch.from, stretch.until),
        match run.end {
            Some(End::Open) => "; it still runs",
            Some(End::Closed) => "; ended before the step was taken",
            Some(End::Event) if leg.is_implied => "; taken with the next step",
            Some(End::Event) => "",
            None => "; then the lead went to somebody else, and the leg went on with them",
        }
    );
    let hours = match clock {
        Clock::Calendar => "calendar time: it runs day and night".to_owned(),
        Clock::Working => by_hours(stretch, &whose),
    };
    Ok(Explanation {
        meaning: meaning_of_leg(step),
        formula,
        ..told(
            cx,
            read,
            (format!("Until: {}", step.label()), whose),
            (value.clone(), filled),
            vec![hours],
            rows(cx, read, &run, |_| true),
        )
    })
}

/// What was used of a promise's limit, or how often the lead was tried.
fn of_promise(cx: &Cx, conn: &mut Conn, read: &Read, clause: Clause) -> Result<Explanation> {
    let kept = kept::rows(cx, conn, &read.story, &read.handover, read.as_of)?;
    let place = Clause::ALL.iter().position(|one| *one == clause);
    let row = place.and_then(|at| kept.get(at)).ok_or(Error::NotFound)?;
    let course = kept::course(&read.story, &read.handover);
    let wait = course.wait(clause, read.as_of);
    let closed_at = course.closed.map(|(at, _)| at);
    let closed_at = closed_at.filter(|at| *at <= read.as_of);
    let is_counted = clause == Clause::LeastAttempts;
    let reached = course.first_contact_at.filter(|_| is_counted);
    let run = Run {
        goal: Goal::Promise(clause),
        from: course.start,
        until: reached.map_or(wait.until, |at| at.min(wait.until)),
        end: Some(wait.end),
        closed_at,
        as_of: read.as_of,
    };
    let verdict = row.verdict.to_lowercase();
    let (used, limit) = (&row.used, &row.limit);
    let filled = match is_counted {
        true => format!("attempts: {used}; promised: {limit}: {verdict}"),
        false => format!(
            "{}: {used} used of {limit}: {verdict}",
            between(cx, run.from, run.until)
        ),
    };
    let clock = match is_counted {
        true => "attempts up to the first contact or the end of the hand-over".to_owned(),
        false => {
            "working time of whoever had the lead: their hours, holidays and time off".to_owned()
        }
    };
    let is_row = |one: &Happened| !is_counted || one.is_touch;
    Ok(Explanation {
        meaning: meaning_of(clause),
        formula: match is_counted {
            true => "attempts, and of how many kinds; kept once both are as many as promised",
            false => {
                "working time from the hand-over until it was done, or ended, or now; kept while it is at most the limit"
            }
        },
        under: under::links(&[read.handover.definition_id]),
        ..told(
            cx,
            read,
            (clause.about().to_owned(), String::new()),
            (used.clone(), filled),
            vec![clock, format!("limit: {limit}")],
            rows(cx, read, &run, is_row),
        )
    })
}

/// What all explanations of a receipt have alike.
fn told(
    cx: &Cx,
    read: &Read,
    (figure, group): (String, String),
    (value, filled): (String, String),
    mut filters: Vec<String>,
    rows: Vec<(How, String, Row)>,
) -> Explanation {
    let handed_over = page::time(read.handover.handed_over_at, cx.zone());
    filters.push(format!(
        "this hand-over alone, of {handed_over}, until the next one"
    ));
    filters.push(format!(
        "as of {}",
        page::time_and_zone(read.as_of, cx.zone())
    ));
    Explanation {
        figure,
        group,
        value,
        meaning: "",
        formula: "",
        filled,
        filters,
        first: "What happened",
        columns: vec!["When"],
        parts: parts(rows),
        under: Vec::new(),
        back: Link {
            href: format!("/hand-overs/{}", read.handover.uid),
            label: "Receipt".to_owned(),
            current: false,
        },
    }
}

fn rows(
    cx: &Cx,
    read: &Read,
    run: &Run,
    is_row: impl Fn(&Happened) -> bool,
) -> Vec<(How, String, Row)> {
    let way = legs::way(&read.story, &read.handover);
    let all = happened::all(&read.story, &read.handover, &read.names, &way);
    let told = all.iter().filter(|one| is_row(one)).map(|one| {
        let (how, why) = run.place(one);
        (how, why.to_owned(), one.row(cx))
    });
    told.collect()
}

fn between(cx: &Cx, from: Instant, until: Instant) -> String {
    let (from, until) = (
        page::time(from, cx.zone()),
        page::time_and_zone(until, cx.zone()),
    );
    format!("{from} to {until}")
}

fn by_hours(stretch: &Stretch, whose: &str) -> String {
    match stretch.whose {
        Some(Whose::Person(_)) => {
            format!("working time of {whose}: their hours, holidays and time off")
        }
        _ => "working time of the workspace: its hours and holidays".to_owned(),
    }
}

fn meaning_of_leg(step: Step) -> &'static str {
    match step {
        Step::Created | Step::HandedOver => {
            "How long marketing had the lead: since it was made, or came back from sales, until it was handed over."
        }
        Step::Assigned => {
            "How long the lead waited for an owner. One that had an owner as it was handed over waited no time."
        }
        Step::Accepted => {
            "From having an owner until they accepted. Who tries to reach a lead has accepted it. A leg that changed hands \
             is told by whose time it was."
        }
        Step::FirstAttempt => {
            "From the acceptance until the first attempt: a call, voicemail, message or visit by a person that went out and \
             arrived. Notes, automatic messages and bounces are none. A leg that changed hands is told by whose time it was."
        }
        Step::FirstContact => {
            "From the first attempt until the first exchange: a call that was taken, a reply, a meeting. A leg that changed \
             hands is told by whose time it was."
        }
        Step::Qualified => {
            "From the first contact until the lead was qualified, an opportunity, or won. A leg that changed hands is told by \
             whose time it was."
        }
    }
}

fn meaning_of(clause: Clause) -> &'static str {
    match clause {
        Clause::Accept => {
            "How much of the time to accept was used. An attempt and a contact accept a lead too. A hand-over that ended \
             before its time was over needs no acceptance."
        }
        Clause::FirstAttempt => {
            "How much of the time to the first attempt was used. Notes, automatic messages and what never arrived are no \
             attempts. A hand-over that ended before its time was over needs none."
        }
        Clause::LeastAttempts => {
            "How often the lead was tried before it was reached or ended, and in how many kinds of ways. A lead that was \
             reached needs no more, and neither does one that was not given up."
        }
        Clause::ContactOrExit => {
            "How much of the time to reach the lead was used. Ending the hand-over is as good as a contact."
        }
    }
}
