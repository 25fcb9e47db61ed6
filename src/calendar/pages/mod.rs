//! The page of working hours: the workspace, everybody's week, and holidays.

pub mod time_off;

use super::hours::{read_blocks, set_hours, write_blocks};
use super::store::{self, Holiday};
use super::{Calendars, WEEKDAYS, Whose, put_holiday, remove_holiday};
use crate::app::{Cx, Tx};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::kept::Keep;
use crate::page::{self, Answer, Frame, Toast};
use crate::people;
use crate::people::{Person, Team};
use crate::rules::workday::{Block, WeekHours};
use crate::rules::zone::Zone;
use crate::urls;
use askama::Template;
use chrono::{NaiveDate, Weekday};

/// How long a holiday that is over stays on the page.
const PAST_HOLIDAYS_DAYS: i64 = 366;

#[derive(Template)]
#[template(path = "calendar/index.html")]
struct CalendarPage {
    frame: Frame,
    form: Form,
    owners: Vec<Choice>,
    /// Whose hours are shown, as in the address.
    whose: String,
    title: String,
    is_workspace: bool,
    has_own: bool,
    /// The zone in which the hours are read.
    zone: String,
    /// What hours hold where there are no own ones; empty where there are.
    inherited: &'static str,
    weekdays: Vec<WeekdayField>,
    zones: Vec<Choice>,
    teams: Vec<Choice>,
    holidays: Vec<HolidayRow>,
}

struct WeekdayField {
    label: &'static str,
    name: String,
}

struct HolidayRow {
    day: String,
    name: String,
    who: String,
    remove_href: String,
    remove_label: String,
}

/// What the page is made of.
struct Known {
    calendars: Calendars,
    people: Vec<Person>,
    teams: Vec<Team>,
    holidays: Vec<Holiday>,
}

fn load(conn: &mut Conn) -> Result<Known> {
    let mut known = Known {
        calendars: Calendars::load(conn)?,
        people: people::store::all(conn)?,
        teams: people::store::teams(conn)?,
        holidays: store::holidays(conn)?,
    };
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
    /// Everybody who may have hours: as in the address, and as people read it.
    fn owners(&self) -> Vec<(String, String)> {
        let workspace = std::iter::once((String::new(), "The workspace".to_owned()));
        let teams = self
            .teams
            .iter()
            .map(|team| (format!("team-{}", team.id), format!("Team {}", team.name)));
        let people = self
            .people
            .iter()
            .map(|person| (format!("person-{}", person.uid), person.name.clone()));
        workspace.chain(teams).chain(people).collect()
    }

    /// Whose hours an address names.
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
        let hours = &self.calendars.hours;
        if let Some(own) = hours.get(&whose) {
            return (own.clone(), "");
        }
        if let Whose::Person(id) = whose
            && let Some(team) = self.calendars.team_on(id, today)
            && let Some(theirs) = hours.get(&Whose::Team(team))
        {
            return (theirs.clone(), "their team's");
        }
        match hours.get(&Whose::Workspace) {
            Some(shared) => (shared.clone(), "the workspace's"),
            None => (WeekHours::nine_to_five(), "Monday to Friday 09:00 to 17:00"),
        }
    }

    fn zone_name(&self, whose: Whose) -> &str {
        let zone = match whose {
            Whose::Workspace => None,
            Whose::Team(id) => self.calendars.team_zones.get(&id),
            Whose::Person(id) => Some(self.calendars.zone_of(id)),
        };
        zone.unwrap_or(self.calendars.zone()).name()
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
    form.set_default("workspace", cx.workspace.name.clone());
    form.set_default("time_zone", cx.workspace.zone.name());
    form.set_default("whose", key);
    let owners = known.owners();
    let title = owners
        .iter()
        .find(|(value, _)| value == key)
        .map(|(_, label)| label.clone());
    let everybody = std::iter::once((String::new(), "Everybody".to_owned()));
    let teams = known
        .teams
        .iter()
        .map(|team| (team.id.to_string(), team.name.clone()));
    let zones = Zone::all_names()
        .into_iter()
        .map(|name| (name.clone(), name));
    Ok(CalendarPage {
        frame: Frame::new(cx, "Working hours"),
        owners: form.choices("whose", owners),
        whose: key.to_owned(),
        title: title.unwrap_or_default(),
        is_workspace: whose == Whose::Workspace,
        has_own: inherited.is_empty() && whose != Whose::Workspace,
        zone: known.zone_name(whose).to_owned(),
        inherited,
        weekdays: weekdays()
            .map(|(number, _)| WeekdayField {
                label: WEEKDAYS[number - 1],
                name: field(number),
            })
            .collect(),
        zones: form.choices("time_zone", zones),
        teams: form.choices("holiday_team", everybody.chain(teams)),
        holidays: holiday_rows(&known, today),
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

fn holiday_rows(known: &Known, today: NaiveDate) -> Vec<HolidayRow> {
    let is_shown = |holiday: &&Holiday| (today - holiday.day).num_days() <= PAST_HOLIDAYS_DAYS;
    let row = |holiday: &Holiday| {
        let team = known.teams.iter().find(|t| Some(t.id) == holiday.team_id);
        HolidayRow {
            day: page::day(holiday.day),
            name: holiday.name.clone(),
            who: team.map_or("Everybody".to_owned(), |team| team.name.clone()),
            remove_href: format!("/calendar/holidays/{}/remove", holiday.id),
            remove_label: format!("{} on {}", holiday.name, page::day(holiday.day)),
        }
    };
    known.holidays.iter().filter(is_shown).map(row).collect()
}

pub fn update_workspace(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let read = (
        form.required("workspace", 80, "a name for the workspace"),
        form.parsed("time_zone", "a time zone from the list", Zone::named),
    );
    let (Some(name), Some(zone)) = read else {
        return page::again(&calendar_page(cx, "", form)?);
    };
    cx.write(|tx| people::change_workspace(tx, &name, zone.name(), cx.workspace.style))?;
    page::go_to("/calendar?done=saved")
}

pub fn update_hours(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let key = form.value("whose").to_owned();
    let whose = cx.snapshot(load)?.whose(&key)?;
    let blocks = read_week(&mut form);
    if !form.is_good() {
        return page::again(&calendar_page(cx, &key, form)?);
    }
    saved(cx, &key, form, |tx| set_hours(tx, whose, &blocks))
}

fn read_week(form: &mut Form) -> Vec<(i32, Block)> {
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

/// Takes hours of one's own away.
pub fn reset_hours(cx: &Cx) -> Answer {
    let form = cx.form();
    let key = form.value("whose").to_owned();
    let whose = cx.snapshot(load)?.whose(&key)?;
    saved(cx, &key, form, |tx| set_hours(tx, whose, &[]))
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

pub fn create_holiday(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let teams = cx.read(people::store::teams)?;
    let read = (
        form.parsed(
            "holiday_day",
            "a date such as 2026-12-25",
            crate::form::read_day,
        ),
        form.required("holiday_name", 80, "what the holiday is called"),
        form.optional("holiday_team", "a team from the list", |id| {
            teams
                .iter()
                .map(|team| team.id)
                .find(|known| known.to_string() == id)
        }),
    );
    let (Some(day), Some(name), Some(team)) = read else {
        return page::again(&calendar_page(cx, "", form)?);
    };
    cx.write(|tx| put_holiday(tx, day, &name, team))?;
    page::go_to("/calendar?done=holiday#holidays")
}

pub fn delete_holiday(cx: &Cx) -> Answer {
    let id = cx.id_param("id")?;
    cx.write(|tx| remove_holiday(tx, id))?;
    page::go_to("/calendar?done=removed#holidays")
}
