//! All SQL about what is held about a person that is no list of rows of theirs alone.

use super::Section;
use crate::audit::store::{Wanted, entries};
use crate::db::Conn;
use crate::error::Result;
use crate::people::Directory;
use crate::schema::{work_hours, work_weeks};
use chrono::NaiveDate;
use diesel::prelude::*;

/// Working hours of somebody's own.
pub fn hours(conn: &mut Conn, person_id: i64) -> Result<Section> {
    let rows: Vec<(NaiveDate, i32, i32, i32)> = work_weeks::table
        .inner_join(work_hours::table.on(work_hours::week_id.eq(work_weeks::id)))
        .filter(work_weeks::person_id.eq(person_id))
        .order((work_weeks::id, work_hours::weekday, work_hours::opens_min))
        .select((
            work_weeks::valid_from,
            work_hours::weekday,
            work_hours::opens_min,
            work_hours::closes_min,
        ))
        .load(conn)?;
    let clock = |minutes: i32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let row = |(from, weekday, opens, closes): (NaiveDate, i32, i32, i32)| {
        let (from, weekday) = (from.to_string(), weekday.to_string());
        vec![from, weekday, clock(opens), clock(closes)]
    };
    Ok(Section {
        name: "hours",
        about: "Working hours of your own",
        header: ["valid_from", "weekday", "opens", "closes"]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.into_iter().map(row).collect(),
    })
}

/// The record about somebody, and of what they changed.
pub fn record(conn: &mut Conn, directory: &Directory, person_id: i64) -> Result<Section> {
    let wanted = Wanted {
        person_id: Some(person_id),
        ..Wanted::default()
    };
    let rows = entries(conn, &wanted, None, i64::MAX)?.into_iter();
    let rows = rows.map(|entry| {
        // From where others did something is theirs.
        let is_own = entry.by_id == Some(person_id);
        vec![
            entry.at.to_string(),
            directory.name(entry.by_id).to_owned(),
            entry.verb,
            entry.subject,
            entry.was,
            entry.became,
            if is_own { entry.address } else { String::new() },
        ]
    });
    Ok(Section {
        name: "record",
        about: "The record about you, and of what you changed",
        header: ["at", "by", "did", "thing", "was", "became", "address"]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.collect(),
    })
}
