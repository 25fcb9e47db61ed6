//! Explains the course of somebody's last weeks, and how many of those whom the asker leads are on track.

use super::{Asked, Found};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::explain::{AS_OF, Explanation, How, Row, parts};
use crate::form::Form;
use crate::habit::lately::{CourseWeek, course_weeks};
use crate::habit::{self, Ground, Member};
use crate::leads::cohort::bar;
use crate::page::{self, DASH, Link};
use crate::people::{Directory, Person};
use crate::rules::access::Role;
use crate::rules::habit::{Course, course};
use crate::urls;
use crate::value::Instant;
use std::sync::Arc;

/// How the number of those on track is called in an address.
pub const ON_TRACK: &str = "on_track";

/// The address that explains how many are on track.
pub fn on_track_href(as_of: Instant) -> String {
    let pairs = [("figure", ON_TRACK), (AS_OF, &as_of.to_string())];
    urls::with_query("/habit/explain", &pairs)
}

/// "3 of 5 on track", of those who have a whole week behind them; empty where nobody has.
pub fn on_track_words(members: &[Member]) -> String {
    let courses = || members.iter().filter_map(|member| member.lately.course);
    let known = courses().filter(|course| *course != Course::New).count();
    let on_track = courses().filter(|course| *course == Course::OnTrack);
    match known {
        0 => String::new(),
        _ => format!("{} of {known} on track", on_track.count()),
    }
}

/// The weeks behind somebody's course, the newest first.
pub fn of_person(
    conn: &mut Conn,
    cx: &Cx,
    ground: &Ground,
    person: &Person,
    asked: Asked,
) -> Result<Found> {
    let today = ground.calendars.zone().day_of(asked.as_of);
    // Who is in no team has no course.
    ground
        .calendars
        .team_on(person.id, today)
        .ok_or(Error::NotFound)?;
    let mut habits = habit::now(conn, cx.kept, ground, &[person], asked.as_of, &[])?;
    let habit = habits.of.remove(&person.id).ok_or(Error::NotFound)?;
    let weeks: Vec<CourseWeek> = course_weeks(&habit).collect();
    let value = course(weeks.iter().map(|week| week.slipped)).label();
    let mut told = 0;
    let rows = weeks.iter().map(|week| {
        let (how, why) = place(week.slipped, told);
        told += usize::from(week.slipped.is_some());
        (how, why.to_owned(), row(week))
    });
    let rows: Vec<_> = rows.collect();
    let last = weeks.iter().find(|week| week.slipped.is_some());
    let filled = match last {
        None => format!("no whole week that asked for anything: {value}"),
        Some(week) => format!(
            "week of {}: {}: {value}",
            page::day(week.monday),
            words(week)
        ),
    };
    Ok(Found {
        value: value.to_owned(),
        filled,
        first: "Week of",
        columns: vec!["Hit"],
        rows,
    })
}

/// How a week counts, of which `told` newer ones asked for something.
fn place(slipped: Option<bool>, told: usize) -> (How, &'static str) {
    match (slipped, told) {
        (None, _) => (How::LeftOut, "nothing was asked for"),
        (Some(true), 0 | 1) => (How::Counted, "one of the last two: it slipped"),
        (Some(false), 0 | 1) => (How::Counted, "one of the last two: it did not slip"),
        _ => (How::LeftOut, "before the last two that asked for something"),
    }
}

fn words(week: &CourseWeek) -> String {
    match (week.expected, week.attained) {
        (0, Some(attained)) => format!("{} of the week's target", page::percent(attained)),
        (0, None) => DASH.to_owned(),
        (expected, _) => format!("{} of {expected} days", week.hit),
    }
}

fn row(week: &CourseWeek) -> Row {
    Row {
        name: page::day(week.monday),
        cells: vec![words(week)],
        ..Row::default()
    }
}

/// What explains how many are on track: not found for who leads nobody.
pub fn on_track(cx: &Cx, form: &mut Form) -> Result<Explanation> {
    let me = cx.me()?;
    if !me.is_one_of(&[Role::Admin, Role::Manager]) {
        return Err(Error::NotFound);
    }
    let as_of = bar::instant(form, cx.now).ok_or(Error::NotFound)?;
    let members = cx.snapshot(|conn| {
        let ground = Ground::kept(conn, cx.kept)?;
        habit::members(conn, cx.kept, &ground, me, as_of)
    })?;
    let directory: Arc<Directory> = cx.reference()?;
    let value = on_track_words(&members);
    let rows = members.iter().map(|member| {
        let course = member.lately.course.unwrap_or(Course::New);
        let (how, why) = match course {
            Course::OnTrack => (How::Counted, "on track"),
            Course::Wavers | Course::Slipped => (How::InWhole, "the last week slipped"),
            Course::New => (How::LeftOut, "no whole week that asked for anything yet"),
        };
        let person = directory.person(member.id);
        let row = Row {
            name: member.name.clone(),
            href: person.map_or(String::new(), |person| {
                format!("/people/{}/card", person.uid)
            }),
            cells: vec![course.label().to_owned()],
            ..Row::default()
        };
        (how, why.to_owned(), row)
    });
    Ok(Explanation {
        figure: "On track".to_owned(),
        group: String::new(),
        meaning: "Of those who are in your teams now, how many are on track: the last whole week that asked them for something \
                  has not slipped. It slips when fewer than half of its working days were hit, or without daily targets \
                  less than half of the week's.",
        formula: "on track / all with a whole week that asked for something",
        filled: value.clone(),
        value,
        filters: vec![
            "in a team on the last day".to_owned(),
            format!("as of {}", page::time_and_zone(as_of, cx.zone())),
        ],
        first: "Member",
        columns: vec!["Course"],
        parts: parts(rows),
        under: Vec::new(),
        back: Link {
            href: "/habits".to_owned(),
            label: "Habit".to_owned(),
            current: false,
        },
    })
}
