//! Holidays on the page of working hours.

use super::{Known, calendar_page, load};
use crate::app::Cx;
use crate::audit;
use crate::calendar::Whose;
use crate::calendar::holidays::{OF_A_PERSON, VERBS, add_holiday, remove_holiday};
use crate::calendar::store::Holiday;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::page::{self, Answer};
use chrono::NaiveDate;

/// How long a holiday that is over stays on the page.
const PAST_HOLIDAYS_DAYS: i64 = 366;

pub struct HolidayRow {
    pub day: String,
    pub name: String,
    pub who: String,
    pub remove_href: String,
    pub remove_label: String,
}

pub fn holiday_rows(known: &Known, today: NaiveDate) -> Vec<HolidayRow> {
    let is_shown = |holiday: &&Holiday| (today - holiday.day).num_days() <= PAST_HOLIDAYS_DAYS;
    let row = |holiday: &Holiday| {
        let who = match holiday.whose() {
            Whose::Workspace => "Everybody",
            Whose::Team(id) => {
                let team = known.teams.iter().find(|team| team.id == id);
                team.map_or("A team", |team| &team.name)
            }
            Whose::Person(id) => known.name(Some(id)),
        };
        let day = page::day(holiday.day);
        HolidayRow {
            name: holiday.name.clone(),
            remove_href: format!("/calendar/holidays/{}/remove", holiday.id),
            remove_label: format!("{} on {day}, {who}", holiday.name),
            who: who.to_owned(),
            day,
        }
    };
    known.holidays.iter().filter(is_shown).map(row).collect()
}

/// What was done to holidays of everybody, of teams and of people, newest first.
pub fn trail(conn: &mut Conn, most: i64) -> Result<Vec<audit::Line>> {
    let mut lines = audit::trail(conn, "holiday", &VERBS, None, most)?;
    lines.extend(audit::trail(conn, "person", &OF_A_PERSON, None, most)?);
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    lines.truncate(usize::try_from(most).unwrap_or_default());
    Ok(lines)
}

impl Known {
    /// Who added or removed which holiday, in sentences.
    pub fn trail(&self, cx: &Cx) -> Vec<String> {
        let sentence = |line: &crate::audit::Line| {
            let (who, when) = (self.name(line.by_id), page::time(line.at, cx.zone()));
            let whose = match OF_A_PERSON.contains(&line.verb.as_str()) {
                true => format!(" {}:", self.name(line.subject_id)),
                false => String::new(),
            };
            format!("{who} {}{whose} {}, {when}", line.verb, line.what())
        };
        self.trail.iter().map(sentence).collect()
    }
}

pub fn create_holiday(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let known = cx.snapshot(load)?;
    let read = (
        form.parsed(
            "holiday_day",
            "a date such as 2026-12-25",
            crate::form::read_day,
        ),
        form.required("holiday_name", 80, "what the holiday is called"),
        form.optional("holiday_for", "a team or a person from the list", |key| {
            known.whose(key).ok()
        }),
    );
    let (Some(day), Some(name), Some(whose)) = read else {
        return page::again(&calendar_page(cx, "", form)?);
    };
    let whose = whose.unwrap_or(Whose::Workspace);
    match cx.write(|tx| add_holiday(tx, day, &name, whose)) {
        Ok(()) => page::go_to("/calendar?done=holiday#holidays"),
        Err(Error::Refused(why)) => {
            form.refuse("holiday_day", why);
            page::again(&calendar_page(cx, "", form)?)
        }
        Err(error) => Err(error),
    }
}

pub fn delete_holiday(cx: &Cx) -> Answer {
    let id = cx.id_param("id")?;
    cx.write(|tx| remove_holiday(tx, id))?;
    page::go_to("/calendar?done=removed#holidays")
}
