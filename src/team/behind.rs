//! What the address of a figure of the board asks for, and the entries behind it.

use super::entries::NO_TEAM;
use super::{By, Filters, Rank, Scope, Who, last_local_day};
use crate::activities::Activity;
use crate::activities::totals::{self, Behind, Span};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::kept::Kept;
use crate::leads;
use crate::leads::cohort::bar;
use crate::lists::Lists;
use crate::people::{self, Directory};
use crate::rules::access::{Me, Role};
use crate::rules::target::Metric;
use crate::value::Instant;
use std::collections::HashSet;
use std::sync::Arc;

/// What the address asks for.
#[derive(Clone)]
pub struct Asked {
    pub filters: Filters,
    pub who: Who,
    pub name: String,
    /// Of a person; empty of a team.
    pub uid: String,
    pub behind: Behind,
    /// Whether the reader may know of the person without seeing any entry.
    pub is_known: bool,
}

/// Reads it. What is not the reader's to open is not found.
pub fn asked(conn: &mut Conn, cx: &Cx, me: &Me, query: &Form) -> Result<Asked> {
    let filters = filters(cx, me, query)?;
    let Filters {
        from, to, as_of, ..
    } = filters;
    let (who, name, is_known) = match query.value("person") {
        "" => team(conn, me, query.value("team"))?,
        uid => person(conn, me, uid)?,
    };
    let (by, person_id, team_id) = match who {
        Who::Person(id) => (By::Person, Some(id), None),
        Who::Team(team) => (By::Team, None, Some(team)),
    };
    let span = Span {
        from: from.unwrap_or_else(people::since_ever),
        to: to.unwrap_or(last_local_day(as_of)),
        as_of,
        people: person_id.map(|one| vec![one]),
    };
    Ok(Asked {
        behind: Behind {
            metric: filters.metric.clone(),
            span,
            team_id,
        },
        filters: Filters { by, ..filters },
        uid: query.value("person").to_owned(),
        who,
        name,
        is_known,
    })
}

/// The days, the metric and the instant that the address names; a board of people.
pub fn filters(cx: &Cx, me: &Me, query: &Form) -> Result<Filters> {
    let mut query = query.clone();
    let metric: Metric = query.value("metric").parse().map_err(|_| Error::NotFound)?;
    let from = query.day("from").ok_or(Error::NotFound)?;
    let to = query.day("to").ok_or(Error::NotFound)?;
    let as_of = bar::instant(&mut query, cx.now).ok_or(Error::NotFound)?;
    let peers = query.value("peers").to_owned();
    Ok(Filters {
        metric,
        from,
        to,
        by: By::Person,
        rank: Rank::Value,
        as_of,
        scope: Scope::of(me),
        peers: (!peers.is_empty()).then_some(peers),
    })
}

/// Oneself, or for a manager or an admin somebody else; who was never in a manager's teams is known by entries only.
fn person(conn: &mut Conn, me: &Me, uid: &str) -> Result<(Who, String, bool)> {
    let person = people::store::by_uid(conn, uid)?.ok_or(Error::NotFound)?;
    let is_known = match me.role {
        _ if person.id == me.id => true,
        Role::Admin => true,
        Role::Manager => {
            let theirs = people::store::memberships_of(conn, person.id)?;
            theirs.iter().any(|m| me.teams.contains(&m.team_id))
        }
        _ => return Err(Error::NotFound),
    };
    Ok((Who::Person(person.id), person.name, is_known))
}

pub fn team(conn: &mut Conn, me: &Me, id: &str) -> Result<(Who, String, bool)> {
    if id == NO_TEAM && me.role == Role::Admin {
        return Ok((Who::Team(None), "Without a team".to_owned(), true));
    }
    let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
    let is_mine = match me.role {
        Role::Admin => true,
        Role::Manager => me.teams.contains(&id),
        _ => false,
    };
    let team = people::store::team(conn, id)?.filter(|_| is_mine);
    let team = team.ok_or(Error::NotFound)?;
    Ok((Who::Team(Some(id)), team.name, true))
}

/// The figure itself, counted as the board counts it.
pub fn total(conn: &mut Conn, kept: Kept, asked: &Asked) -> Result<f64> {
    let Asked { filters, who, .. } = asked;
    let totals = totals::by(
        conn,
        kept,
        &filters.metric,
        &asked.behind.span,
        |person, team, _| filters.who(person, team).filter(|found| found == who),
    )?;
    Ok(totals.get(who).copied().unwrap_or(0.0))
}

/// An entry with the names of what it refers to.
pub struct Named {
    pub entry: Activity,
    pub person: String,
    pub email: String,
    pub kind: String,
    pub outcome: String,
    pub lead: String,
    pub lead_href: String,
}

/// The entries that make up the figure, newest first, after the one with this instant and id, and at most `most` of them.
pub fn counted(
    conn: &mut Conn,
    kept: Kept,
    me: &Me,
    asked: &Asked,
    after: Option<(Instant, i64)>,
    most: Option<i64>,
) -> Result<Vec<Named>> {
    let entries = totals::behind(conn, me, &asked.behind, after, most)?;
    named(conn, kept, me, entries)
}

/// The other entries of the same people and days, newest first, at most `most` of them.
pub fn left_out(
    conn: &mut Conn,
    kept: Kept,
    me: &Me,
    asked: &Asked,
    most: Option<i64>,
) -> Result<Vec<Named>> {
    let entries = totals::left_out(conn, me, &asked.behind, most)?;
    named(conn, kept, me, entries)
}

fn named(conn: &mut Conn, kept: Kept, me: &Me, entries: Vec<Activity>) -> Result<Vec<Named>> {
    let lead_ids: HashSet<i64> = entries.iter().filter_map(|entry| entry.lead_id).collect();
    let leads = leads::names(conn, me, lead_ids)?;
    let (lists, directory): (Arc<Lists>, Arc<Directory>) = (kept.get(conn)?, kept.get(conn)?);
    let named = |entry: Activity| {
        let lead = entry.lead_id.and_then(|id| leads.get(&id));
        let (lead, lead_href) = lead.cloned().unwrap_or_default();
        let person = directory.person(entry.person_id);
        let kind = lists.kind(entry.kind_id);
        let outcome = entry.outcome_id.and_then(|id| lists.outcome(id));
        Named {
            person: person.map(|p| p.name.clone()).unwrap_or_default(),
            email: person.map(|p| p.email.clone()).unwrap_or_default(),
            kind: kind.map(|k| k.name.clone()).unwrap_or_default(),
            outcome: outcome.map(|o| o.name.clone()).unwrap_or_default(),
            lead,
            lead_href,
            entry,
        }
    };
    Ok(entries.into_iter().map(named).collect())
}
