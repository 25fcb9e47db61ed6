//! Reads what a pack says, as of an instant.

use super::content::{Carried, Content, Goal, OpenLead, Owner, Visit};
use super::monday_of;
use super::room::Room;
use super::store::{self, OpenRow};
use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::Result;
use crate::kept::Kept;
use crate::shared_goals;
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the pack of this week says: of the week before the Monday, and of what was open at the instant.
pub fn gather(conn: &mut Conn, kept: Kept, now: Instant) -> Result<Content> {
    let room = Room::read(conn, kept, now)?;
    let monday = monday_of(&room.directory, now);
    let from = monday - Days::new(7);
    let to = monday - Days::new(1);
    let definitions: Arc<Definitions> = kept.get(conn)?;
    Ok(Content {
        from,
        to,
        made_at: now,
        definition: definitions.at(now).number,
        reps: room.reps(conn, kept, (from, to))?,
        owners: owners(conn, &room)?,
        levels: room.levels(conn, (from, to))?,
        reasons: room.reasons(conn, (from, to))?,
        disputes: room.disputes(conn)?,
        visits: visits(conn, &room, (from, to))?,
        goals: goals(conn, &room)?,
        carried: carried(conn, &room, monday)?,
    })
}

/// A lead by its name, and the company where there is one.
pub fn lead_name(name: &str, company: &str) -> String {
    match (name, company) {
        ("", company) => company.to_owned(),
        (name, "") => name.to_owned(),
        (name, company) => format!("{name}, {company}"),
    }
}

/// Those with most untouched leads first, then by name; leads of nobody stand above all.
fn owners(conn: &mut Conn, room: &Room) -> Result<Vec<Owner>> {
    let mut by_owner: BTreeMap<Option<i64>, Owner> = BTreeMap::new();
    for row in store::open(conn, room.now)? {
        let owner = by_owner.entry(row.owner_id).or_insert_with(|| Owner {
            person_id: row.owner_id,
            name: room.name(row.owner_id),
            team_id: room.team_of(row.owner_id),
            open: 0,
            untouched: 0,
            oldest_untouched: None,
            oldest_open: None,
        });
        // They come oldest first.
        let lead = |row: OpenRow| OpenLead {
            name: lead_name(&row.name, &row.company),
            uid: row.uid,
            handed_over_at: row.handed_over_at,
        };
        let is_untouched = row.first_attempt_at.is_none_or(|at| at > room.now);
        owner.open += 1;
        if owner.oldest_open.is_none() {
            owner.oldest_open = Some(lead(row.clone()));
        }
        if is_untouched {
            owner.untouched += 1;
            if owner.oldest_untouched.is_none() {
                owner.oldest_untouched = Some(lead(row));
            }
        }
    }
    let mut owners: Vec<Owner> = by_owner.into_values().collect();
    owners.sort_by(|a, b| {
        let key = |o: &Owner| (o.person_id.is_some(), std::cmp::Reverse(o.untouched));
        (key(a), &a.name).cmp(&(key(b), &b.name))
    });
    Ok(owners)
}

fn visits(conn: &mut Conn, room: &Room, days: (NaiveDate, NaiveDate)) -> Result<Vec<Visit>> {
    let rows = store::visits(conn, days, room.now)?.into_iter();
    Ok(rows
        .map(|row| {
            let (lead_uid, name, company) = row.lead.unwrap_or_default();
            let kind = room.lists.kind(row.kind_id);
            let outcome = row.outcome_id.and_then(|id| room.lists.outcome(id));
            Visit {
                day: row.day,
                person_id: row.person_id,
                person: room.name(Some(row.person_id)),
                with: room.name(row.with_id),
                with_id: row.with_id,
                kind: kind.map(|kind| kind.name.clone()).unwrap_or_default(),
                outcome: outcome.map(|o| o.name.clone()).unwrap_or_default(),
                team_id: row.team_id,
                lead: lead_name(&name, &company),
                lead_uid,
            }
        })
        .collect())
}

fn goals(conn: &mut Conn, room: &Room) -> Result<Vec<Goal>> {
    let zone = &room.directory.workspace.zone;
    let standings = shared_goals::standings(conn, zone, &room.calendars, room.now)?;
    Ok(standings
        .into_iter()
        .map(|standing| Goal {
            id: standing.id,
            name: standing.name,
            measure: standing.measure.label().to_owned(),
            currency: standing.currency,
            value: standing.value,
            amount: standing.amount,
            gone: standing.gone,
            to: standing.to_day,
        })
        .collect())
}

/// What is open, and what was settled since the pack before: of last week's, all.
fn carried(conn: &mut Conn, room: &Room, monday: NaiveDate) -> Result<Vec<Carried>> {
    let before = store::mondays(conn)?;
    let before = before.iter().find(|(earlier, _)| *earlier < monday);
    let since = before.map_or(Instant(i64::MIN), |(_, made_at)| *made_at);
    let all = store::commitments(conn)?.into_iter();
    let seen = all.filter(|row| {
        let end = row.end.as_ref().filter(|end| end.at <= room.now);
        row.at <= room.now && row.monday < monday && end.is_none_or(|end| end.at >= since)
    });
    Ok(seen
        .map(|row| {
            let end = row.end.filter(|end| end.at <= room.now);
            Carried {
                id: row.id,
                owner: room.name(Some(row.owner_id)),
                owner_id: row.owner_id,
                text: row.text,
                due_on: row.due_on,
                made_on: row.monday,
                verdict: end.as_ref().map(|end| end.verdict.word().to_owned()),
                note: end.map(|end| end.note).unwrap_or_default(),
            }
        })
        .collect())
}
