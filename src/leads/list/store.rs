//! All SQL about lists of leads.

use super::{Filter, Owner, Place};
use crate::db::{Backend, Conn};
use crate::error::Result;
use crate::leads::store::{Condition, Lead, contains, visible_to};
use crate::lists::List;
use crate::rules::access::{Me, Role};
use crate::schema::leads;
use diesel::prelude::*;

type Query = leads::BoxedQuery<
    'static,
    Backend,
    diesel::dsl::SqlTypeOf<diesel::dsl::AsSelect<Lead, Backend>>,
>;

/// At most `most` leads of a page, newest hand-over first, and whether there are more beyond it (for a place before a
/// cursor: nearer to the start).
pub fn page(
    conn: &mut Conn,
    me: &Me,
    filter: &Filter,
    place: Place,
    most: usize,
) -> Result<(Vec<Lead>, bool)> {
    let mut rows = match (me.role, filter.owner) {
        // A rep's own leads and those of nobody, one after the other: each lies in order in an index, where both
        // together would have to be sorted.
        (Role::Rep, None) => {
            let mut rows = first_rows(conn, me, filter, Some(Owner::Person(me.id)), place, most)?;
            rows.extend(first_rows(
                conn,
                me,
                filter,
                Some(Owner::Nobody),
                place,
                most,
            )?);
            rows
        }
        _ => first_rows(conn, me, filter, filter.owner, place, most)?,
    };
    let is_backwards = matches!(place, Place::Before(_));
    rows.sort_by_key(|lead| (lead.listed_at, lead.id));
    if !is_backwards {
        rows.reverse();
    }
    let is_more = rows.len() > most;
    rows.truncate(most);
    if is_backwards {
        rows.reverse();
    }
    Ok((rows, is_more))
}

/// One more than `most` of the rows next to a place, of one owner or whoever's.
fn first_rows(
    conn: &mut Conn,
    me: &Me,
    filter: &Filter,
    owner: Option<Owner>,
    place: Place,
    most: usize,
) -> Result<Vec<Lead>> {
    let query = filtered(me, filter, owner).limit(most as i64 + 1);
    let newest_first = (leads::listed_at.desc(), leads::id.desc());
    Ok(match place {
        Place::First => query.order(newest_first).load(conn)?,
        // The first condition lets the index lead to the place.
        Place::After(cursor) => query
            .filter(leads::listed_at.le(cursor.at))
            .filter(leads::listed_at.lt(cursor.at).or(leads::id.lt(cursor.id)))
            .order(newest_first)
            .load(conn)?,
        Place::Before(cursor) => query
            .filter(leads::listed_at.ge(cursor.at))
            .filter(leads::listed_at.gt(cursor.at).or(leads::id.gt(cursor.id)))
            .order((leads::listed_at.asc(), leads::id.asc()))
            .load(conn)?,
    })
}

fn filtered(me: &Me, filter: &Filter, owner: Option<Owner>) -> Query {
    let mut query = leads::table
        .filter(visible_to(me))
        .select(Lead::as_select())
        .into_boxed();
    for word in &filter.words {
        query = query.filter(contains(word));
    }
    if !filter.stages.is_empty() {
        query = query.filter(leads::stage.eq_any(filter.stages.clone()));
    }
    for (list, id) in &filter.labels {
        query = query.filter(has_label(*list, *id));
    }
    if let Some(urgency) = filter.urgency {
        query = query.filter(leads::urgency.eq(urgency));
    }
    query = match owner {
        Some(Owner::Nobody) => query.filter(leads::owner_id.is_null()),
        Some(Owner::Person(id)) => query.filter(leads::owner_id.eq(id)),
        None => query,
    };
    if let Some(from) = filter.from {
        query = query.filter(leads::listed_at.ge(from));
    }
    if let Some(until) = filter.until {
        query = query.filter(leads::listed_at.lt(until));
    }
    query
}

fn has_label(list: List, id: i64) -> Condition {
    match list {
        List::Source => Box::new(leads::source_id.eq(id)),
        List::Campaign => Box::new(leads::campaign_id.eq(id)),
        List::Asset => Box::new(leads::asset_id.eq(id)),
        List::Territory => Box::new(leads::territory_id.eq(id)),
    }
}

/// Leads with this e-mail address, or with these digits in their phone number; empty ones match nothing.
/// At most 50 of each, by their search text: the caller compares.
pub fn perhaps_same(conn: &mut Conn, email: &str, phone_digits: &str) -> Result<Vec<Lead>> {
    let mut found: Vec<Lead> = Vec::new();
    for word in [email, phone_digits]
        .into_iter()
        .filter(|word| !word.is_empty())
    {
        let query = leads::table.filter(contains(&word.to_lowercase()));
        let query = query.order((leads::listed_at.desc(), leads::id.desc()));
        let rows: Vec<Lead> = query.select(Lead::as_select()).limit(50).load(conn)?;
        for lead in rows {
            if found.iter().all(|known| known.id != lead.id) {
                found.push(lead);
            }
        }
    }
    Ok(found)
}
