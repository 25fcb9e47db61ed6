//! The page of time off: one's own, and that of the people one plans for.

use crate::app::Cx;
use crate::audit;
use crate::calendar::time_off::{VERBS, enter, is_changeable, planned_by, remove};
use crate::calendar::{Calendars, Part, store};
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::page::{self, Answer, Frame, Toast};
use crate::people::{Directory, Person};
use crate::rules::access::Me;
use askama::Template;
use std::sync::Arc;

/// How many changes the page shows.
const TRAIL: i64 = 20;
/// How long a time off that is over stays on the page.
const PAST_DAYS: i64 = 92;

impl Part {
    fn label(self) -> &'static str {
        match self {
            Part::Full => "Whole days",
            Part::Morning => "Mornings",
            Part::Afternoon => "Afternoons",
        }
    }
}

#[derive(Template)]
#[template(path = "calendar/time_off.html")]
struct TimeOffPage {
    frame: Frame,
    form: Form,
    /// Whom one may enter it for; empty when only for oneself.
    people: Vec<Choice>,
    parts: Vec<Choice>,
    rows: Vec<TimeOffRow>,
    /// Who entered and removed what, newest first.
    trail: Vec<String>,
}

struct TimeOffRow {
    person: String,
    days: String,
    part: &'static str,
    /// Empty where it is too late to remove it.
    remove_href: String,
    remove_label: String,
}

pub fn index(cx: &Cx) -> Answer {
    let query = cx.query();
    let mut page = time_off_page(cx, Form::default())?;
    let text = match query.value("done") {
        "entered" => "The time off is entered: those days ask for nothing.",
        "removed" => "The time off is removed.",
        _ => return page::show(&page),
    };
    page.frame = page.frame.with_toast(Some(Toast {
        text: text.to_owned(),
        undo_href: None,
    }));
    page::show(&page)
}

fn time_off_page(cx: &Cx, mut form: Form) -> Result<TimeOffPage> {
    let me = cx.me()?;
    let today = cx.zone().day_of(cx.now);
    let calendars: Arc<Calendars> = cx.reference()?;
    let (people, offs, trail, directory) = cx.snapshot(|conn| {
        let people = planned_by(conn, me)?;
        let ids: Vec<i64> = people.iter().map(|person| person.id).collect();
        let trail = audit::trail(conn, "person", &VERBS, Some(&ids), TRAIL)?;
        let directory: Arc<Directory> = cx.kept.get(conn)?;
        Ok((people, store::time_off(conn, None)?, trail, directory))
    })?;
    let sentence = |line: &audit::Line| {
        let (who, whose) = (directory.name(line.by_id), directory.name(line.subject_id));
        let when = page::time(line.at, cx.zone());
        format!("{who} {} {whose}: {}. {when}", line.verb, line.what())
    };
    form.set_default("part", Part::Full.word());
    let is_shown = |off: &&store::TimeOff| (today - off.to_day).num_days() <= PAST_DAYS;
    let rows = offs.iter().rev().filter(is_shown);
    let choices = form.choices("person", people.iter().map(|p| (&p.uid, &p.name)));
    Ok(TimeOffPage {
        frame: Frame::new(cx, "Time off"),
        parts: form.choices(
            "part",
            Part::ALL.iter().map(|part| (part.word(), part.label())),
        ),
        trail: trail.iter().map(sentence).collect(),
        rows: rows
            .filter_map(|off| row(cx, me, &calendars, (off, &people)))
            .collect(),
        people: if people.len() > 1 {
            choices
        } else {
            Vec::new()
        },
        form,
    })
}

/// `None` for somebody whom the asker does not plan for.
fn row(
    cx: &Cx,
    me: &Me,
    calendars: &Calendars,
    (off, people): (&store::TimeOff, &[Person]),
) -> Option<TimeOffRow> {
    let person = people.iter().find(|person| person.id == off.person_id)?;
    let days = if off.from_day == off.to_day {
        page::day(off.from_day)
    } else {
        format!("{} to {}", page::day(off.from_day), page::day(off.to_day))
    };
    Some(TimeOffRow {
        remove_href: if is_changeable(me, calendars, off.from_day, cx.now) {
            format!("/time-off/{}/remove", off.id)
        } else {
            String::new()
        },
        remove_label: format!("{}, {days}", person.name),
        person: person.name.clone(),
        part: off.part.label(),
        days,
    })
}

pub fn create(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let mut form = cx.form();
    let people = cx.read(|conn| planned_by(conn, me))?;
    let uid = form.value("person").to_owned();
    let person_id = if uid.is_empty() {
        Some(me.id)
    } else {
        people.iter().find(|p| p.uid == uid).map(|p| p.id)
    };
    let person_id = person_id.ok_or(Error::NotFound)?;
    let read = (
        form.parsed("from", "the first day", crate::form::read_day),
        form.day("to"),
        form.parsed("part", "which part of the days", Part::from_word),
    );
    let (Some(from), Some(to), Some(part)) = read else {
        return page::again(&time_off_page(cx, form)?);
    };
    match cx.write(|tx| enter(tx, person_id, from, to.unwrap_or(from), part)) {
        Ok(()) => page::go_to("/time-off?done=entered"),
        Err(Error::Refused(why)) => {
            let is_backwards = to.is_some_and(|to| to < from);
            form.refuse(if is_backwards { "to" } else { "from" }, why);
            page::again(&time_off_page(cx, form)?)
        }
        Err(error) => Err(error),
    }
}

pub fn delete(cx: &Cx) -> Answer {
    let id = cx.id_param("id")?;
    cx.write(|tx| remove(tx, id))?;
    page::go_to("/time-off?done=removed")
}
