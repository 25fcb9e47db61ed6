//! The page of working hours: the workspace, everybody's week, and holidays.

mod holidays;
pub mod time_off;

pub use holidays::{create_holiday, delete_holiday};

use super::hours::{read_blocks, set_hours, week_words, write_blocks};
use super::store::{self, DayBlock, Holiday};
use super::{Calendars, WEEKDAYS, Week, Whose};
use crate::app::{Cx, Tx};
use crate::audit;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::kept::Keep;
use crate::page::{self, Answer, Frame, Toast};
use crate::people::{self, Person, Team, since_ever};
use crate::rules::workday::WeekHours;
use crate::urls;
use crate::value::Instant;
use askama::Template;
use chrono::{NaiveDate, Weekday};
use holidays::{HolidayRow, holiday_rows};
use std::collections::HashMap;

/// How many changes of holidays the page shows.
const TRAIL: i64 = 20;

#[derive(Template)]
#[template(path = "calendar/index.html")]
struct CalendarPage {
    frame: Frame,
    form: Form,
    owners: Vec<Choice>,
    /// Whose hours are shown, as in the address.
    whose: String,
    title: String,
    has_own: bool,
    /// The zone in which the hours are read.
    zone: String,
    /// What hours hold where there are no own ones; empty where there are.
    inherited: &'static str,
    weekdays: Vec<WeekdayField>,
    /// Whose a new holiday is.
    holiday_for: Vec<Choice>,
    /// The weeks of hours that somebody has set, newest first.
    weeks: Vec<WeekView>,
    holidays: Vec<HolidayRow>,
    /// What was done to holidays, newest first.
    trail: Vec<String>,
}

/// A week of hours in the list of those that hold, held or will hold.
struct WeekView {
    words: String,
    from: String,
    set_by: String,
    tone: &'static str,
    state: &'static str,
}

struct WeekdayField {
    label: &'static str,
    name: String,
}

/// What the page is made of.
struct Known {
    calendars: Calendars,
    people: Vec<Person>,
    teams: Vec<Team>,
    holidays: Vec<Holiday>,
    trail: Vec<audit::Line>,
    /// Of everybody, leavers too.
    names: HashMap<i64, String>,
}

fn load(conn: &mut Conn) -> Result<Known> {
    let mut known = Known {
        calendars: Calendars::load(conn)?,
        people: people::store::all(conn)?,
        teams: people::store::teams(conn)?,
        holidays: store::holidays(conn)?,
        trail: holidays::trail(conn, TRAIL)?,
        names: HashMap::new(),
    };
    let everybody = known.people.iter();
    known.names = everybody.map(|p| (p.id, p.name.clone())).collect();
    known.people.retain(|person| person.left_on.is_none());
    known
        .people
        .sort_by_key(|person| (person.name.to_lowercase(), person.id));
    known
        .teams
        .sort_by_key(|team| (team.name.to_lowercase(), team.id));
    Ok(known)
}

impl Known {
    /// Everybody who may have hours or holidays, the workspace first: as in the address, and as people read it.
    fn owners(&self) -> Vec<(String, String)> {
        let workspace = std::iter::once((String::new(), "The workspace".to_owned()));
        let open = self.teams.iter().filter(|team| !team.is_retired);
        let teams = open.map(|team| (format!("team-{}", team.id), format!("Team {}", team.name)));
        let people = self
            .people
            .iter()
            .map(|person| (format!("person-{}", person.uid), person.name.clone()));
        workspace.chain(teams).chain(people).collect()
    }

    /// Whose hours or holiday an address or a form names.
    fn whose(&self, key: &str) -> Result<Whose> {
        if key.is_empty() {
            return Ok(Whose::Workspace);
        }
        let team = key
            .strip_prefix("team-")
            .and_then(|id| self.teams.iter().find(|team| team.id.to_string() == id));
        let person = key
            .strip_prefix("person-")
            .and_then(|uid| self.people.iter().find(|person| person.uid == uid));
        match (team, person) {
            (Some(team), _) => Ok(Whose::Team(team.id)),
            (None, Some(person)) => Ok(Whose::Person(person.id)),
            (None, None) => Err(Error::NotFound),
        }
    }

    /// The week that holds: one's own, else what it falls back to, with the name of that.
    fn week(&self, whose: Whose, today: NaiveDate) -> (WeekHours, &'static str) {
        let calendars = &self.calendars;
        if let Some(own) = calendars.own_hours(whose, today) {
            return (own.clone(), "");
        }
        if let Whose::Person(id) = whose
            && let Some(team) = calendars.team_on(id, today)
            && let Some(theirs) = calendars.own_hours(Whose::Team(team), today)
        {
            return (theirs.clone(), "their team's");
        }
        match calendars.own_hours(Whose::Workspace, today) {
            Some(shared) => (shared.clone(), "the workspace's"),
            None => (WeekHours::nine_to_five(), "Monday to Friday 09:00 to 17:00"),
        }
    }

    fn name(&self, id: Option<i64>) -> &str {
        let name = id.and_then(|id| self.names.get(&id));
        name.map_or("Import or set-up", String::as_str)
    }

    /// The weeks that somebody was given, newest first.
    fn week_views(&self, cx: &Cx, whose: Whose, today: NaiveDate) -> Vec<WeekView> {
        let weeks = self.calendars.weeks(whose);
        let holding = weeks.iter().rfind(|week| week.row.valid_from <= today);
        let holding = holding.map(|week| week.row.id);
        let view = |week: &Week| {
            let row = &week.row;
            let at = row.set_at.map(|at| page::time(at, cx.zone()));
            let (tone, state) = match row.valid_from > today {
                true => ("info", "To come"),
                false if Some(row.id) == holding => ("good", "In force"),
                false => ("quiet", "Before"),
            };
            let shared = || "The shared hours".to_owned();
            WeekView {
                words: week.hours.as_ref().map_or_else(shared, week_words),
                from: match row.valid_from == since_ever() {
                    true => "since ever".to_owned(),
                    false => format!("from {}", page::day(row.valid_from)),
                },
                set_by: match at {
                    Some(at) => format!("{}, {at}", self.name(row.set_by_id)),
                    None => self.name(row.set_by_id).to_owned(),
                },
                tone,
                state,
            }
        };
        weeks.iter().rev().map(view).collect()
    }

    fn zone_name(&self, whose: Whose, now: Instant) -> String {
        let zone = match whose {
            Whose::Person(id) => Some(self.calendars.zone_at(id, now)),
            whose => self.calendars.zones.now(whose).cloned(),
        };
        zone.as_ref()
            .unwrap_or(self.calendars.zone())
            .name()
            .to_owned()
    }
}

pub fn index(cx: &Cx) -> Answer {
    let query = cx.query();
    let mut page = calendar_page(cx, query.value("whose"), Form::default())?;
    let text = match query.value("done") {
        "saved" => "Saved.",
        "holiday" => "The holiday is added.",
        "removed" => "The holiday is removed.",
        _ => return page::show(&page),
    };
    page.frame = page.frame.with_toast(Some(Toast {
        text: text.to_owned(),
        undo_href: None,
    }));
    page::show(&page)
}

/// One form stands for all those on the page: a field that did not come shows what is stored.
fn calendar_page(cx: &Cx, key: &str, mut form: Form) -> Result<CalendarPage> {
    let known = cx.snapshot(load)?;
    let today = cx.workspace.zone.day_of(cx.now);
    let whose = known.whose(key)?;
    let (week, inherited) = known.week(whose, today);
    for (number, weekday) in weekdays() {
        form.set_default(&field(number), write_blocks(week.on(weekday)));
    }
    form.set_default("whose", key);
    form.set_default("valid_from", today.to_string());
    let owners = known.owners();
    let title = owners
        .iter()
        .find(|(value, _)| value == key)
        .map(|(_, label)| label.clone());
    let others = owners.iter().skip(1).cloned();
    let everybody = std::iter::once((String::new(), "Everybody".to_owned()));
    let holiday_for = form.choices("holiday_for", everybody.chain(others));
    Ok(CalendarPage {
        frame: Frame::new(cx, "Working hours"),
        owners: form.choices("whose", owners),
        whose: key.to_owned(),
        title: title.unwrap_or_default(),
        has_own: inherited.is_empty() && whose != Whose::Workspace,
        zone: known.zone_name(whose, cx.now),
        inherited,
        weekdays: weekdays()
            .map(|(number, _)| WeekdayField {
                label: WEEKDAYS[number - 1],
                name: field(number),
            })
            .collect(),
        holiday_for,
        weeks: known.week_views(cx, whose, today),
        holidays: holiday_rows(&known, today),
        trail: known.trail(cx),
        form,
    })
}

/// 1 to 7 with their weekdays, Monday first.
fn weekdays() -> impl Iterator<Item = (usize, Weekday)> {
    (1..=7).map(|number| (number, super::weekday(number as i32)))
}

fn field(number: usize) -> String {
    format!("hours_{number}")
}

pub fn update_hours(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let key = form.value("whose").to_owned();
    let whose = cx.snapshot(load)?.whose(&key)?;
    let blocks = read_week(&mut form);
    let from = valid_from(cx, &mut form);
    let Some(from) = from.filter(|_| form.is_good()) else {
        return page::again(&calendar_page(cx, &key, form)?);
    };
    saved(cx, &key, form, |tx| set_hours(tx, whose, from, &blocks))
}

/// From which day on a week is to hold: today, where nothing is said.
fn valid_from(cx: &Cx, form: &mut Form) -> Option<NaiveDate> {
    let today = cx.workspace.zone.day_of(cx.now);
    form.day("valid_from").map(|day| day.unwrap_or(today))
}

fn read_week(form: &mut Form) -> Vec<DayBlock> {
    let mut week = Vec::new();
    for (number, weekday) in weekdays() {
        let name = field(number);
        let expected = "hours such as 09:00-12:30, 13:15-17:00, or nothing";
        let Some(blocks) = form.parsed(&name, expected, read_blocks) else {
            continue;
        };
        // One day at a time, so that the message stands at its field.
        if let Err(fault) = WeekHours::new(blocks.iter().map(|block| (weekday, *block))) {
            form.refuse(&name, format!("{fault}."));
        }
        week.extend(blocks.into_iter().map(|block| (number as i32, block)));
    }
    if form.is_good() && week.is_empty() {
        form.refuse("hours_1", "Enter hours for at least one day.");
    }
    week
}

/// Ends hours of one's own from a day on.
pub fn reset_hours(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let key = form.value("whose").to_owned();
    let whose = cx.snapshot(load)?.whose(&key)?;
    let Some(from) = valid_from(cx, &mut form) else {
        return page::again(&calendar_page(cx, &key, form)?);
    };
    saved(cx, &key, form, |tx| set_hours(tx, whose, from, &[]))
}

fn saved(cx: &Cx, key: &str, mut form: Form, verb: impl FnOnce(&mut Tx) -> Result<()>) -> Answer {
    match cx.write(verb) {
        Ok(()) => page::go_to(urls::with_query(
            "/calendar",
            &[("whose", key), ("done", "saved")],
        )),
        Err(Error::Refused(why)) => {
            form.refuse("hours_1", why);
            page::again(&calendar_page(cx, key, form)?)
        }
        Err(error) => Err(error),
    }
}
