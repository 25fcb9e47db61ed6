//! Holidays on the page of working hours.

use super::{Known, calendar_page};
use crate::app::Cx;
use crate::calendar::store::Holiday;
use crate::calendar::{add_holiday, remove_holiday};
use crate::error::Error;
use crate::page::{self, Answer};
use crate::people;
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

impl Known {
    /// Who added or removed which holiday, in sentences.
    pub fn trail(&self, cx: &Cx) -> Vec<String> {
        let sentence = |line: &crate::audit::Line| {
            let (who, when) = (self.name(line.by_id), page::time(line.at, cx.zone()));
            format!("{who} {} {}, {when}", line.verb, line.detail)
        };
        self.trail.iter().map(sentence).collect()
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
    match cx.write(|tx| add_holiday(tx, day, &name, team)) {
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
