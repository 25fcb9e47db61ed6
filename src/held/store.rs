//! All SQL about what is held about a person.

use super::{Section, elsewhere};
use crate::audit::store::{Wanted, entries};
use crate::db::Conn;
use crate::error::Result;
use crate::people::{Directory, Person};
use crate::schema::{
    activities, goals, habit_settings, handovers, kinds, lead_events, leads, notices, outcomes,
    ratings, remarks, sessions, targets, time_off, verdicts, work_hours, work_weeks,
};
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::prelude::*;

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// One list.
fn list<R>(
    name: &'static str,
    about: &'static str,
    header: &'static [&'static str],
    rows: Vec<R>,
    row: impl Fn(R) -> Vec<String>,
) -> Section {
    Section {
        name,
        about,
        header,
        rows: rows.into_iter().map(row).collect(),
    }
}

/// Everything, list by list.
pub fn sections(conn: &mut Conn, directory: &Directory, person: &Person) -> Result<Vec<Section>> {
    Ok(vec![
        account(person),
        teams(directory, person.id),
        devices(conn, person.id)?,
        days_off(conn, person.id)?,
        entries_logged(conn, person.id)?,
        set_targets(conn, person.id)?,
        own_hours(conn, person.id)?,
        judged(conn, person.id)?,
        chosen(conn, person.id)?,
        own_goals(conn, person.id)?,
        handed_over(conn, person.id)?,
        events(conn, person.id)?,
        written(conn, person.id)?,
        given(conn, person.id)?,
        told(conn, person.id)?,
        record(conn, directory, person.id)?,
        elsewhere::section(conn, person.id)?,
    ])
}

fn account(person: &Person) -> Section {
    Section {
        name: "account",
        about: "Who you are here",
        header: &[
            "name",
            "email",
            "role",
            "time_zone",
            "left_on",
            "second_factor",
        ],
        rows: vec![vec![
            person.name.clone(),
            person.email.clone(),
            person.role.to_string(),
            text(person.time_zone.as_ref()),
            text(person.left_on),
            person.has_second_factor.to_string(),
        ]],
    }
}

fn teams(directory: &Directory, person_id: i64) -> Section {
    let rows: Vec<_> = directory.memberships_of(person_id).collect();
    let team = |id| text(directory.team(id).map(|team| team.name.clone()));
    let header = &["team", "from", "until"];
    list("teams", "Teams, by date", header, rows, |m| {
        vec![team(m.team_id), m.from_day.to_string(), text(m.until_day)]
    })
}

fn devices(conn: &mut Conn, person_id: i64) -> Result<Section> {
    let rows: Vec<(Instant, Instant, String, String)> = sessions::table
        .filter(sessions::person_id.eq(person_id))
        .order(sessions::id)
        .select((
            sessions::created_at,
            sessions::expires_at,
            sessions::user_agent,
            sessions::address,
        ))
        .load(conn)?;
    Ok(list(
        "sessions",
        "Where you are signed in",
        &["since", "until", "device", "address"],
        rows,
        |(since, until, device, address)| {
            vec![since.to_string(), until.to_string(), device, address]
        },
    ))
}

fn days_off(conn: &mut Conn, person_id: i64) -> Result<Section> {
    let rows: Vec<(NaiveDate, NaiveDate, String)> = time_off::table
        .filter(time_off::person_id.eq(person_id))
        .order(time_off::from_day)
        .select((time_off::from_day, time_off::to_day, time_off::part))
        .load(conn)?;
    Ok(list(
        "time-off",
        "Time off",
        &["from", "to", "part"],
        rows,
        |(from, to, part)| vec![from.to_string(), to.to_string(), part],
    ))
}

/// What an entry says: when it happened and was entered, kind, outcome, how many, note, and whether it stands.
type Logged = (Instant, Instant, String, Option<String>, i32, String, bool);

fn entries_logged(conn: &mut Conn, person_id: i64) -> Result<Section> {
    let rows: Vec<Logged> = activities::table
        .inner_join(kinds::table.on(kinds::id.eq(activities::kind_id)))
        .left_join(outcomes::table.on(outcomes::id.nullable().eq(activities::outcome_id)))
        .filter(activities::person_id.eq(person_id))
        .order(activities::id)
        .select((
            activities::happened_at,
            activities::entered_at,
            kinds::name,
            outcomes::name.nullable(),
            activities::quantity,
            activities::note,
            activities::is_current,
        ))
        .load(conn)?;
    Ok(list(
        "activities",
        "What you logged, corrections too",
        &[
            "happened_at",
            "entered_at",
            "kind",
            "outcome",
            "quantity",
            "note",
            "stands",
        ],
        rows,
        |(happened, entered, kind, outcome, quantity, note, stands)| {
            vec![
                happened.to_string(),
                entered.to_string(),
                kind,
                text(outcome),
                quantity.to_string(),
                note,
                stands.to_string(),
            ]
        },
    ))
}

fn set_targets(conn: &mut Conn, person_id: i64) -> Result<Section> {
    let rows: Vec<(String, f64, String, NaiveDate, String)> = targets::table
        .filter(targets::person_id.eq(person_id))
        .order(targets::id)
        .select((
            targets::metric,
            targets::amount,
            targets::period,
            targets::valid_from,
            targets::reason,
        ))
        .load(conn)?;
    Ok(list(
        "targets",
        "Targets set for you",
        &["metric", "amount", "period", "from", "reason"],
        rows,
        |(metric, amount, period, from, reason)| {
            vec![metric, amount.to_string(), period, from.to_string(), reason]
        },
    ))
}

fn own_hours(conn: &mut Conn, person_id: i64) -> Result<Section> {
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
    Ok(list(
        "hours",
        "Working hours of your own",
        &["from", "weekday", "opens", "closes"],
        rows,
        |(from, weekday, opens, closes)| {
            let (from, weekday) = (from.to_string(), weekday.to_string());
            vec![from, weekday, clock(opens), clock(closes)]
        },
    ))
}

fn judged(conn: &mut Conn, person_id: i64) -> Result<Section> {
    let rows: Vec<(String, NaiveDate, String, String, String, Instant)> = verdicts::table
        .filter(verdicts::person_id.eq(person_id))
        .order(verdicts::id)
        .select((
            verdicts::period,
            verdicts::first_day,
            verdicts::state,
            verdicts::origin,
            verdicts::reason,
            verdicts::at,
        ))
        .load(conn)?;
    Ok(list(
        "verdicts",
        "Days and weeks of yours that were kept or corrected",
        &["period", "first_day", "verdict", "origin", "reason", "at"],
        rows,
        |(period, first_day, state, origin, reason, at)| {
            let (first_day, at) = (first_day.to_string(), at.to_string());
            vec![period, first_day, state, origin, reason, at]
        },
    ))
}

fn chosen(conn: &mut Conn, person_id: i64) -> Result<Section> {
    let rows: Vec<(Option<i32>, bool)> = habit_settings::table
        .filter(habit_settings::person_id.eq(person_id))
        .order(habit_settings::id)
        .select((habit_settings::remind_at_min, habit_settings::hides_streak))
        .load(conn)?;
    Ok(list(
        "habit",
        "What you chose for your habit",
        &["reminder_minutes_after_midnight", "hides_streak"],
        rows,
        |(remind_at, hides)| vec![text(remind_at), hides.to_string()],
    ))
}

fn handed_over(conn: &mut Conn, person_id: i64) -> Result<Section> {
    let rows: Vec<(Instant, String, String, String)> = handovers::table
        .inner_join(leads::table.on(leads::id.eq(handovers::lead_id)))
        .filter(handovers::by_id.eq(person_id))
        .order(handovers::id)
        .select((
            handovers::handed_over_at,
            leads::uid,
            handovers::urgency,
            handovers::note,
        ))
        .load(conn)?;
    Ok(list(
        "hand-overs",
        "Leads you handed over",
        &["at", "lead", "urgency", "note"],
        rows,
        |(at, lead, urgency, note)| vec![at.to_string(), lead, urgency, note],
    ))
}

fn own_goals(conn: &mut Conn, person_id: i64) -> Result<Section> {
    let rows: Vec<(String, f64, Option<NaiveDate>, String, Instant)> = goals::table
        .filter(goals::person_id.eq(person_id))
        .order(goals::id)
        .select((
            goals::metric,
            goals::amount,
            goals::by_day,
            goals::plan,
            goals::made_at,
        ))
        .load(conn)?;
    Ok(list(
        "goals",
        "Goals you set yourself",
        &["aim", "amount", "by", "plan", "made_at"],
        rows,
        |(aim, amount, by, plan, made)| {
            vec![aim, amount.to_string(), text(by), plan, made.to_string()]
        },
    ))
}

fn events(conn: &mut Conn, person_id: i64) -> Result<Section> {
    let rows: Vec<(Instant, String, String, String, String)> = lead_events::table
        .inner_join(leads::table.on(leads::id.eq(lead_events::lead_id)))
        .filter(lead_events::by_id.eq(person_id))
        .order(lead_events::id)
        .select((
            lead_events::at,
            leads::uid,
            lead_events::kind,
            lead_events::reason,
            lead_events::note,
        ))
        .load(conn)?;
    Ok(list(
        "lead-events",
        "What you did to leads",
        &["at", "lead", "what", "reason", "note"],
        rows,
        |(at, lead, what, reason, note)| vec![at.to_string(), lead, what, reason, note],
    ))
}

fn written(conn: &mut Conn, person_id: i64) -> Result<Section> {
    let rows: Vec<(Instant, String)> = remarks::table
        .filter(remarks::by_id.eq(person_id))
        .order(remarks::id)
        .select((remarks::at, remarks::text))
        .load(conn)?;
    Ok(list(
        "questions",
        "Questions and answers you wrote",
        &["at", "text"],
        rows,
        |(at, text)| vec![at.to_string(), text],
    ))
}

fn given(conn: &mut Conn, person_id: i64) -> Result<Section> {
    let rows: Vec<(Instant, i32, String, String)> = ratings::table
        .filter(ratings::by_id.eq(person_id))
        .order(ratings::id)
        .select((ratings::at, ratings::stars, ratings::landed, ratings::note))
        .load(conn)?;
    Ok(list(
        "ratings",
        "Ratings you gave",
        &["at", "stars", "landed", "note"],
        rows,
        |(at, stars, landed, note)| vec![at.to_string(), stars.to_string(), landed, note],
    ))
}

fn told(conn: &mut Conn, person_id: i64) -> Result<Section> {
    let rows: Vec<(Instant, String, String, Option<Instant>)> = notices::table
        .filter(notices::person_id.eq(person_id))
        .order(notices::id)
        .select((notices::at, notices::kind, notices::text, notices::read_at))
        .load(conn)?;
    Ok(list(
        "notices",
        "What you were told",
        &["at", "kind", "text", "read_at"],
        rows,
        |(at, kind, words, read)| vec![at.to_string(), kind, words, text(read)],
    ))
}

fn record(conn: &mut Conn, directory: &Directory, person_id: i64) -> Result<Section> {
    let wanted = Wanted {
        person_id: Some(person_id),
        ..Wanted::default()
    };
    let rows = entries(conn, &wanted, None, i64::MAX)?;
    Ok(list(
        "record",
        "The record about you, and of what you changed",
        &["at", "by", "did", "thing", "was", "became", "address"],
        rows,
        |entry| {
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
        },
    ))
}
