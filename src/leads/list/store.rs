//! All SQL about lists of leads.

use super::{Cursor, Filter, Order, Owner, Place};
use crate::db::{Backend, Conn};
use crate::error::Result;
use crate::leads::store::{Condition, Lead, contains, visible_to};
use crate::lists::List;
use crate::rules::access::{Me, Role};
use crate::schema::leads;
use diesel::prelude::*;

/// Leads, with conditions that come one by one.
pub type Query = leads::BoxedQuery<
    'static,
    Backend,
    diesel::dsl::SqlTypeOf<diesel::dsl::AsSelect<Lead, Backend>>,
>;

/// At most `most` leads of a page in an order, and whether there are more beyond it (for a place before a cursor: nearer
/// to the start).
pub fn page(
    conn: &mut Conn,
    me: &Me,
    filter: &Filter,
    order: Order,
    place: Place,
    most: usize,
) -> Result<(Vec<Lead>, bool)> {
    let owners = match (me.role, filter.owner) {
        // A rep's own leads and those of nobody, one after the other: each lies in order in an index, where both
        // together would have to be sorted.
        (Role::Rep, None) => vec![Some(Owner::Person(me.id)), Some(Owner::Nobody)],
        _ => vec![filter.owner],
    };
    let mut rows = Vec::new();
    for owner in owners {
        rows.extend(next_to(
            conn,
            &|| filtered(me, filter, owner),
            order,
            place,
            most,
        )?);
    }
    Ok(cut(rows, order, place, most))
}

/// Puts what lies next to a place into its order, and leaves out what is beyond the page; whether there was any.
pub fn cut(mut rows: Vec<Lead>, order: Order, place: Place, most: usize) -> (Vec<Lead>, bool) {
    let is_backwards = matches!(place, Place::Before(_));
    rows.sort_by_key(|lead| {
        let cursor = order.cursor(lead);
        (cursor.at, cursor.id)
    });
    if order.is_downwards() != is_backwards {
        rows.reverse();
    }
    let is_more = rows.len() > most;
    rows.truncate(most);
    if is_backwards {
        rows.reverse();
    }
    (rows, is_more)
}

/// One more than `most` of the rows of a query next to a place.
pub fn next_to(
    conn: &mut Conn,
    query: &dyn Fn() -> Query,
    order: Order,
    place: Place,
    most: usize,
) -> Result<Vec<Lead>> {
    let cursor = match place {
        Place::First => None,
        Place::After(cursor) | Place::Before(cursor) => Some(cursor),
    };
    let is_down = order.is_downwards() != matches!(place, Place::Before(_));
    let most = most as i64 + 1;
    match order {
        Order::Newest | Order::Oldest => by_time(conn, query().limit(most), cursor, is_down),
        Order::Score => by_score(conn, query, cursor, is_down, most),
    }
}

fn by_time(
    conn: &mut Conn,
    mut query: Query,
    cursor: Option<Cursor>,
    is_down: bool,
) -> Result<Vec<Lead>> {
    // The first condition of each lets the index lead to the place.
    if let Some(place) = cursor {
        query = match is_down {
            true => query
                .filter(leads::listed_at.le(place.at))
                .filter(leads::listed_at.lt(place.at).or(leads::id.lt(place.id))),
            false => query
                .filter(leads::listed_at.ge(place.at))
                .filter(leads::listed_at.gt(place.at).or(leads::id.gt(place.id))),
        };
    }
    Ok(match is_down {
        true => query
            .order((leads::listed_at.desc(), leads::id.desc()))
            .load(conn)?,
        false => query
            .order((leads::listed_at.asc(), leads::id.asc()))
            .load(conn)?,
    })
}

/// Those with a score, and below them those without, each in order in an index.
fn by_score(
    conn: &mut Conn,
    query: &dyn Fn() -> Query,
    cursor: Option<Cursor>,
    is_down: bool,
    most: i64,
) -> Result<Vec<Lead>> {
    let mut rows: Vec<Lead> = Vec::new();
    for has_score in [is_down, !is_down] {
        let left = most - rows.len() as i64;
        // The part of the list on the other side of the cursor was passed.
        let is_passed =
            cursor.is_some_and(|c| (c.score().is_some() != has_score) && (has_score == is_down));
        if left <= 0 || is_passed {
            continue;
        }
        let from = cursor.filter(|c| c.score().is_some() == has_score);
        let query = query().limit(left);
        rows.extend(match has_score {
            true => scored(conn, query, from, is_down)?,
            false => unscored(conn, query, from, is_down)?,
        });
    }
    Ok(rows)
}

fn scored(conn: &mut Conn, query: Query, from: Option<Cursor>, is_down: bool) -> Result<Vec<Lead>> {
    let mut query = query.filter(leads::score.is_not_null());
    if let Some((place, score)) = from.and_then(|c| Some((c, c.score()?))) {
        query = match is_down {
            true => query
                .filter(leads::score.le(score))
                .filter(leads::score.lt(score).or(leads::id.lt(place.id).nullable())),
            false => query
                .filter(leads::score.ge(score))
                .filter(leads::score.gt(score).or(leads::id.gt(place.id).nullable())),
        };
    }
    Ok(match is_down {
        true => query
            .order((leads::score.desc(), leads::id.desc()))
            .load(conn)?,
        false => query
            .order((leads::score.asc(), leads::id.asc()))
            .load(conn)?,
    })
}

fn unscored(
    conn: &mut Conn,
    query: Query,
    from: Option<Cursor>,
    is_down: bool,
) -> Result<Vec<Lead>> {
    let mut query = query.filter(leads::score.is_null());
    if let Some(place) = from {
        query = match is_down {
            true => query.filter(leads::id.lt(place.id)),
            false => query.filter(leads::id.gt(place.id)),
        };
    }
    Ok(match is_down {
        true => query.order(leads::id.desc()).load(conn)?,
        false => query.order(leads::id.asc()).load(conn)?,
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
