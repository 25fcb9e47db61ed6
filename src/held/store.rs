//! All SQL about what is held about a person.

use super::Section;
use crate::audit::store::{Wanted, entries};
use crate::db::Conn;
use crate::error::Result;
use crate::people::{Directory, Person};
use crate::schema::{
    activities, goals, kinds, lead_events, leads, notices, outcomes, ratings, remarks, sessions,
    targets, time_off,
};
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::prelude::*;

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
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
        own_goals(conn, person.id)?,
        events(conn, person.id)?,
        written(conn, person.id)?,
        given(conn, person.id)?,
        told(conn, person.id)?,
        record(conn, directory, person.id)?,
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
    let row = |m: &crate::people::store::Membership| {
        let team = directory.team(m.team_id).map(|team| team.name.clone());
        vec![text(team), m.from_day.to_string(), text(m.until_day)]
    };
    Section {
        name: "teams",
        about: "Teams, by date",
        header: &["team", "from", "until"],
        rows: directory.memberships_of(person_id).map(row).collect(),
    }
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
    Ok(Section {
        name: "sessions",
        about: "Where you are signed in",
        header: &["since", "until", "device", "address"],
        rows: rows
            .into_iter()
            .map(|(since, until, device, address)| {
                vec![since.to_string(), until.to_string(), device, address]
            })
            .collect(),
    })
}

fn days_off(conn: &mut Conn, person_id: i64) -> Result<Section> {
    let rows: Vec<(NaiveDate, NaiveDate, String)> = time_off::table
        .filter(time_off::person_id.eq(person_id))
        .order(time_off::from_day)
        .select((time_off::from_day, time_off::to_day, time_off::part))
        .load(conn)?;
    Ok(Section {
        name: "time-off",
        about: "Time off",
        header: &["from", "to", "part"],
        rows: rows
            .into_iter()
            .map(|(from, to, part)| vec![from.to_string(), to.to_string(), part])
            .collect(),
    })
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
    Ok(Section {
        name: "activities",
        about: "What you logged, corrections too",
        header: &[
            "happened_at",
            "entered_at",
            "kind",
            "outcome",
            "quantity",
            "note",
            "stands",
        ],
        rows: rows
            .into_iter()
            .map(
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
            )
            .collect(),
    })
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
    Ok(Section {
        name: "targets",
        about: "Targets set for you",
        header: &["metric", "amount", "period", "from", "reason"],
        rows: rows
            .into_iter()
            .map(|(metric, amount, period, from, reason)| {
                vec![metric, amount.to_string(), period, from.to_string(), reason]
            })
            .collect(),
    })
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
    Ok(Section {
        name: "goals",
        about: "Goals you set yourself",
        header: &["aim", "amount", "by", "plan", "made_at"],
        rows: rows
            .into_iter()
            .map(|(aim, amount, by, plan, made)| {
                vec![aim, amount.to_string(), text(by), plan, made.to_string()]
            })
            .collect(),
    })
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
    Ok(Section {
        name: "lead-events",
        about: "What you did to leads",
        header: &["at", "lead", "what", "reason", "note"],
        rows: rows
            .into_iter()
            .map(|(at, lead, what, reason, note)| vec![at.to_string(), lead, what, reason, note])
            .collect(),
    })
}

fn written(conn: &mut Conn, person_id: i64) -> Result<Section> {
    let rows: Vec<(Instant, String)> = remarks::table
        .filter(remarks::by_id.eq(person_id))
        .order(remarks::id)
        .select((remarks::at, remarks::text))
        .load(conn)?;
    Ok(Section {
        name: "questions",
        about: "Questions and answers you wrote",
        header: &["at", "text"],
        rows: rows
            .into_iter()
            .map(|(at, text)| vec![at.to_string(), text])
            .collect(),
    })
}

fn given(conn: &mut Conn, person_id: i64) -> Result<Section> {
    let rows: Vec<(Instant, i32, String, String)> = ratings::table
        .filter(ratings::by_id.eq(person_id))
        .order(ratings::id)
        .select((ratings::at, ratings::stars, ratings::landed, ratings::note))
        .load(conn)?;
    Ok(Section {
        name: "ratings",
        about: "Ratings you gave",
        header: &["at", "stars", "landed", "note"],
        rows: rows
            .into_iter()
            .map(|(at, stars, landed, note)| vec![at.to_string(), stars.to_string(), landed, note])
            .collect(),
    })
}

fn told(conn: &mut Conn, person_id: i64) -> Result<Section> {
    let rows: Vec<(Instant, String, String, Option<Instant>)> = notices::table
        .filter(notices::person_id.eq(person_id))
        .order(notices::id)
        .select((notices::at, notices::kind, notices::text, notices::read_at))
        .load(conn)?;
    Ok(Section {
        name: "notices",
        about: "What you were told",
        header: &["at", "kind", "text", "read_at"],
        rows: rows
            .into_iter()
            .map(|(at, kind, words, read)| vec![at.to_string(), kind, words, text(read)])
            .collect(),
    })
}

fn record(conn: &mut Conn, directory: &Directory, person_id: i64) -> Result<Section> {
    let wanted = Wanted {
        person_id: Some(person_id),
        ..Wanted::default()
    };
    let rows = entries(conn, &wanted, None, i64::MAX)?;
    Ok(Section {
        name: "record",
        about: "The record about you, and of what you changed",
        header: &["at", "by", "did", "thing", "was", "became", "address"],
        rows: rows
            .into_iter()
            .map(|entry| {
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
            })
            .collect(),
    })
}
