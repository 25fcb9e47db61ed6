//! All SQL about territories: their rules, and the rotas of their people.

use super::{DEFAULT_ROTA, NewRule, Rota};
use crate::db::Conn;
use crate::error::Result;
use crate::insert_all;
use crate::rules::territory::{Rule, Seat};
use crate::schema::{handovers, leads, rota_seats, rotas, territory_rules};
use diesel::prelude::*;
use std::collections::HashMap;

#[derive(Queryable, Selectable)]
#[diesel(table_name = territory_rules)]
struct RuleRow {
    id: i64,
    territory_id: i64,
    country: String,
    region: String,
    post_code: String,
    employees_from: Option<i32>,
    employees_to: Option<i32>,
    segment: String,
}

impl RuleRow {
    fn rule(self) -> Rule {
        let number = |n: Option<i32>| n.and_then(|n| u32::try_from(n).ok());
        Rule {
            id: self.id,
            territory_id: self.territory_id,
            country: self.country,
            region: self.region,
            post_code: self.post_code,
            employees_from: number(self.employees_from),
            employees_to: number(self.employees_to),
            segment: self.segment,
        }
    }
}

/// The rules that hold, in their order.
pub fn rules(conn: &mut Conn) -> Result<Vec<Rule>> {
    let rows: Vec<RuleRow> = territory_rules::table
        .filter(territory_rules::is_retired.eq(false))
        .order((territory_rules::position, territory_rules::id))
        .select(RuleRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(RuleRow::rule).collect())
}

/// Adds a rule after all others.
pub fn add_rule(conn: &mut Conn, new: &NewRule) -> Result<i64> {
    let last: Option<i32> = territory_rules::table
        .select(diesel::dsl::max(territory_rules::position))
        .first(conn)?;
    let id = diesel::insert_into(territory_rules::table)
        .values((
            territory_rules::territory_id.eq(new.territory_id),
            territory_rules::position.eq(last.unwrap_or(0) + 1),
        ))
        .returning(territory_rules::id)
        .get_result(conn)?;
    set_rule(conn, id, new)?;
    Ok(id)
}

pub fn set_rule(conn: &mut Conn, id: i64, new: &NewRule) -> Result<()> {
    let number = |n: Option<u32>| n.and_then(|n| i32::try_from(n).ok());
    diesel::update(territory_rules::table.find(id))
        .set((
            territory_rules::territory_id.eq(new.territory_id),
            territory_rules::country.eq(&new.country),
            territory_rules::region.eq(&new.region),
            territory_rules::post_code.eq(&new.post_code),
            territory_rules::employees_from.eq(number(new.employees_from)),
            territory_rules::employees_to.eq(number(new.employees_to)),
            territory_rules::segment.eq(&new.segment),
        ))
        .execute(conn)?;
    Ok(())
}

pub fn retire_rule(conn: &mut Conn, id: i64) -> Result<()> {
    diesel::update(territory_rules::table.find(id))
        .set(territory_rules::is_retired.eq(true))
        .execute(conn)?;
    Ok(())
}

pub fn is_retired(conn: &mut Conn, id: i64) -> Result<bool> {
    Ok(territory_rules::table
        .find(id)
        .select(territory_rules::is_retired)
        .first(conn)?)
}

/// Puts rules into this order.
pub fn set_order(conn: &mut Conn, ids: &[i64]) -> Result<()> {
    for (position, id) in (1i32..).zip(ids) {
        diesel::update(territory_rules::table.find(id))
            .set(territory_rules::position.eq(position))
            .execute(conn)?;
    }
    Ok(())
}

/// All rotas with their seats, by their territory; those without people too.
pub fn rotas(conn: &mut Conn) -> Result<HashMap<Option<i64>, Rota>> {
    let rows: Vec<(i64, Option<i64>)> = rotas::table
        .select((rotas::id, rotas::territory_id))
        .load(conn)?;
    let mut seats: HashMap<i64, Vec<Seat>> = HashMap::new();
    let all: Vec<(i64, i64, i64, i64)> = rota_seats::table
        .order((rota_seats::rota_id, rota_seats::person_id))
        .select((
            rota_seats::rota_id,
            rota_seats::person_id,
            rota_seats::weight,
            rota_seats::credit,
        ))
        .load(conn)?;
    for (rota_id, person_id, weight, credit) in all {
        seats.entry(rota_id).or_default().push(Seat {
            person_id,
            weight,
            credit,
        });
    }
    let rota = |(id, territory_id)| {
        let seats = seats.remove(&id).unwrap_or_default();
        (territory_id, Rota { id, seats })
    };
    Ok(rows.into_iter().map(rota).collect())
}

/// The seats of a rota as they are, once nobody else is about to change them: until this transaction ends.
pub fn lock(conn: &mut Conn, rota_id: i64) -> Result<Vec<Seat>> {
    diesel::update(rotas::table.find(rota_id))
        .set(rotas::turns.eq(rotas::turns + 1))
        .execute(conn)?;
    let rows: Vec<(i64, i64, i64)> = rota_seats::table
        .filter(rota_seats::rota_id.eq(rota_id))
        .order(rota_seats::person_id)
        .select((
            rota_seats::person_id,
            rota_seats::weight,
            rota_seats::credit,
        ))
        .load(conn)?;
    let seat = |(person_id, weight, credit)| Seat {
        person_id,
        weight,
        credit,
    };
    Ok(rows.into_iter().map(seat).collect())
}

pub fn set_credits(conn: &mut Conn, rota: &Rota) -> Result<()> {
    for seat in &rota.seats {
        diesel::update(rota_seats::table.find((rota.id, seat.person_id)))
            .set(rota_seats::credit.eq(seat.credit))
            .execute(conn)?;
    }
    Ok(())
}

/// The rota of a territory, made when there is none yet; of no territory: the default one.
pub fn rota_id(conn: &mut Conn, territory_id: Option<i64>) -> Result<i64> {
    let Some(territory_id) = territory_id else {
        return Ok(DEFAULT_ROTA);
    };
    let known = rotas::table
        .filter(rotas::territory_id.eq(territory_id))
        .select(rotas::id)
        .first(conn)
        .optional()?;
    match known {
        Some(id) => Ok(id),
        None => Ok(diesel::insert_into(rotas::table)
            .values(rotas::territory_id.eq(territory_id))
            .returning(rotas::id)
            .get_result(conn)?),
    }
}

#[derive(Insertable)]
#[diesel(table_name = rota_seats)]
struct SeatRow {
    rota_id: i64,
    person_id: i64,
    weight: i64,
}

/// Replaces the people of a rota, by id and weight; everybody begins at 0.
pub fn set_seats(conn: &mut Conn, rota_id: i64, people: &[(i64, i64)]) -> Result<()> {
    lock(conn, rota_id)?;
    diesel::delete(rota_seats::table.filter(rota_seats::rota_id.eq(rota_id))).execute(conn)?;
    let rows: Vec<SeatRow> = people
        .iter()
        .map(|(person_id, weight)| SeatRow {
            rota_id,
            person_id: *person_id,
            weight: *weight,
        })
        .collect();
    insert_all!(conn, rota_seats::table, &rows);
    Ok(())
}

/// Where a lead belongs, and its newest hand-over where nobody knew that before: what was promised stays.
pub fn place_lead(
    conn: &mut Conn,
    lead_id: i64,
    handover_id: Option<i64>,
    territory_id: Option<i64>,
) -> Result<()> {
    diesel::update(leads::table.find(lead_id))
        .set(leads::territory_id.eq(territory_id))
        .execute(conn)?;
    if let Some(id) = handover_id {
        diesel::update(
            handovers::table
                .find(id)
                .filter(handovers::territory_id.is_null()),
        )
        .set(handovers::territory_id.eq(territory_id))
        .execute(conn)?;
    }
    Ok(())
}
