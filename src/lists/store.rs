//! All SQL about kinds, outcomes, reasons and labels.

use super::{Class, Icon, List};
use crate::db::Conn;
use crate::error::Result;
use crate::rules::score::Channel;
use crate::rules::target::Metric;
use crate::schema::{
    activities, goals, kinds, labels, lead_events, outcomes, reasons, score_weights, screens,
    targets, territory_rules,
};
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = kinds)]
pub struct Kind {
    pub id: i64,
    pub name: String,
    pub is_prospecting: bool,
    pub is_attempt: bool,
    pub without_lead: bool,
    pub is_retired: bool,
    pub icon: Icon,
}

/// What an admin says of a kind.
#[derive(Debug, Clone, Insertable, AsChangeset)]
#[diesel(table_name = kinds)]
pub struct KindFields {
    pub name: String,
    pub is_prospecting: bool,
    pub is_attempt: bool,
    pub without_lead: bool,
    pub icon: Icon,
}

/// What an admin says of an outcome.
#[derive(Debug, Clone, Insertable, AsChangeset)]
#[diesel(table_name = outcomes)]
pub struct OutcomeFields {
    pub name: String,
    pub class: Class,
    pub is_meeting: bool,
    pub arrived: bool,
    pub stops_contact: bool,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = outcomes)]
pub struct Outcome {
    pub id: i64,
    pub kind_id: i64,
    pub name: String,
    pub class: Class,
    pub is_meeting: bool,
    pub arrived: bool,
    pub stops_contact: bool,
    pub is_retired: bool,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = reasons)]
pub struct Reason {
    pub id: i64,
    pub event: String,
    pub class: String,
    pub name: String,
    pub position: i32,
    pub is_retired: bool,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = labels)]
pub struct Label {
    pub id: i64,
    pub list: List,
    pub name: String,
    pub is_retired: bool,
    /// Its place in the list; those at the same place stand by name.
    pub position: i32,
    /// The one that is meant by it since both were made one.
    pub same_as_id: Option<i64>,
}

/// All labels, retired ones too, in the order of their lists.
pub fn all_labels(conn: &mut Conn) -> Result<Vec<Label>> {
    let mut all: Vec<Label> = labels::table.select(Label::as_select()).load(conn)?;
    // Sorted here: databases sort letters each in their own way.
    all.sort_by(|a, b| (a.position, &a.name, a.id).cmp(&(b.position, &b.name, b.id)));
    Ok(all)
}

/// All kinds, retired ones too, in their order.
pub fn kinds(conn: &mut Conn) -> Result<Vec<Kind>> {
    Ok(kinds::table
        .order((kinds::position, kinds::id))
        .select(Kind::as_select())
        .load(conn)?)
}

/// All outcomes, retired ones too, in their order.
pub fn outcomes(conn: &mut Conn) -> Result<Vec<Outcome>> {
    Ok(outcomes::table
        .order((outcomes::kind_id, outcomes::position, outcomes::id))
        .select(Outcome::as_select())
        .load(conn)?)
}

/// The reasons that may be given now, in their order.
pub fn reasons(conn: &mut Conn) -> Result<Vec<Reason>> {
    Ok(reasons::table
        .filter(reasons::is_retired.eq(false))
        .order(reasons::position)
        .select(Reason::as_select())
        .load(conn)?)
}

/// All reasons, retired ones too, in their order.
pub fn all_reasons(conn: &mut Conn) -> Result<Vec<Reason>> {
    Ok(reasons::table
        .order((reasons::position, reasons::id))
        .select(Reason::as_select())
        .load(conn)?)
}

/// The kinds of event and names of reasons that were ever given.
pub fn given_reasons(conn: &mut Conn) -> Result<HashSet<(String, String)>> {
    let rows: Vec<(String, String)> = lead_events::table
        .filter(lead_events::reason.ne(""))
        .select((lead_events::kind, lead_events::reason))
        .distinct()
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

pub fn add_reason(
    conn: &mut Conn,
    (event, class, name): (&str, &str, &str),
    position: i32,
) -> Result<i64> {
    Ok(diesel::insert_into(reasons::table)
        .values((
            reasons::event.eq(event),
            reasons::class.eq(class),
            reasons::name.eq(name),
            reasons::position.eq(position),
        ))
        .returning(reasons::id)
        .get_result(conn)?)
}

pub fn rename_reason(conn: &mut Conn, id: i64, name: &str) -> Result<()> {
    diesel::update(reasons::table.find(id))
        .set(reasons::name.eq(name))
        .execute(conn)?;
    Ok(())
}

pub fn place_reason(conn: &mut Conn, id: i64, position: i32) -> Result<()> {
    diesel::update(reasons::table.find(id))
        .set(reasons::position.eq(position))
        .execute(conn)?;
    Ok(())
}

pub fn retire_reason(conn: &mut Conn, id: i64, is_retired: bool) -> Result<()> {
    diesel::update(reasons::table.find(id))
        .set(reasons::is_retired.eq(is_retired))
        .execute(conn)?;
    Ok(())
}

/// The names of all labels by id.
pub fn label_names(conn: &mut Conn) -> Result<HashMap<i64, String>> {
    Ok(labels::table
        .select((labels::id, labels::name))
        .load(conn)?
        .into_iter()
        .collect())
}

/// The labels of a list by id and name, in its order; retired ones left out.
pub fn labels(conn: &mut Conn, list: List) -> Result<Vec<(i64, String)>> {
    let all = all_labels(conn)?.into_iter();
    let standing = all.filter(|label| label.list == list && !label.is_retired);
    Ok(standing.map(|label| (label.id, label.name)).collect())
}

/// All labels by list and name; of one that was made the same as another the other's id.
pub fn label_ids(conn: &mut Conn) -> Result<HashMap<(List, String), i64>> {
    let all = all_labels(conn)?.into_iter();
    let meant = |l: Label| ((l.list, l.name), l.same_as_id.unwrap_or(l.id));
    Ok(all.map(meant).collect())
}

/// The id of a label, made when it is new, or that of the one that is meant by it; `None` for an empty name.
pub fn label_id(conn: &mut Conn, list: List, name: &str) -> Result<Option<i64>> {
    if name.is_empty() {
        return Ok(None);
    }
    let known = labels::table
        .filter(labels::list.eq(list).and(labels::name.eq(name)))
        .select((labels::id, labels::same_as_id))
        .first::<(i64, Option<i64>)>(conn)
        .optional()?;
    match known {
        Some((id, same_as)) => Ok(Some(same_as.unwrap_or(id))),
        None => add_label(conn, list, name).map(Some),
    }
}

pub fn add_label(conn: &mut Conn, list: List, name: &str) -> Result<i64> {
    Ok(diesel::insert_into(labels::table)
        .values((labels::list.eq(list), labels::name.eq(name)))
        .returning(labels::id)
        .get_result(conn)?)
}

/// What a kind is worth from a day on.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = score_weights)]
pub struct Weight {
    pub id: i64,
    pub kind_id: i64,
    pub weight: f64,
    pub daily_cap: Option<i32>,
    pub valid_from: NaiveDate,
    pub reason: String,
    pub set_by_id: Option<i64>,
    pub set_at: Instant,
}

/// All weights, in the order in which they were written.
pub fn weights(conn: &mut Conn) -> Result<Vec<Weight>> {
    Ok(score_weights::table
        .order(score_weights::id)
        .select(Weight::as_select())
        .load(conn)?)
}

pub fn add_weight(
    conn: &mut Conn,
    kind_id: i64,
    channel: Channel,
    (valid_from, reason): (NaiveDate, &str),
    (set_by_id, set_at): (Option<i64>, Instant),
) -> Result<()> {
    let cap = channel.daily_cap.and_then(|cap| i32::try_from(cap).ok());
    diesel::insert_into(score_weights::table)
        .values((
            score_weights::kind_id.eq(kind_id),
            score_weights::weight.eq(channel.weight),
            score_weights::daily_cap.eq(cap),
            score_weights::valid_from.eq(valid_from),
            score_weights::reason.eq(reason),
            score_weights::set_by_id.eq(set_by_id),
            score_weights::set_at.eq(set_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Positions begin here for what is added: after all that was placed.
pub const LAST: i32 = 1_000_000;

pub fn add_kind(conn: &mut Conn, fields: &KindFields) -> Result<i64> {
    Ok(diesel::insert_into(kinds::table)
        .values((fields, kinds::position.eq(LAST)))
        .returning(kinds::id)
        .get_result(conn)?)
}

pub fn set_kind(conn: &mut Conn, id: i64, fields: &KindFields) -> Result<()> {
    diesel::update(kinds::table.find(id))
        .set(fields)
        .execute(conn)?;
    Ok(())
}

pub fn place_kind(conn: &mut Conn, id: i64, place: usize) -> Result<()> {
    diesel::update(kinds::table.find(id))
        .set(kinds::position.eq(i32::try_from(place).unwrap_or(LAST)))
        .execute(conn)?;
    Ok(())
}

pub fn retire_kind(conn: &mut Conn, id: i64, is_retired: bool) -> Result<()> {
    diesel::update(kinds::table.find(id))
        .set(kinds::is_retired.eq(is_retired))
        .execute(conn)?;
    Ok(())
}

/// Whether a kind was ever logged. Looks through the entries, which happens when an admin changes what a kind counts as.
pub fn is_kind_used(conn: &mut Conn, id: i64) -> Result<bool> {
    let used = activities::table.filter(activities::kind_id.eq(id));
    Ok(diesel::select(diesel::dsl::exists(used)).get_result(conn)?)
}

/// Whether a target, a goal or a screen ever named it.
pub fn is_kind_asked(conn: &mut Conn, kind: &Kind) -> Result<bool> {
    let metric = Metric::Kind(kind.name.clone()).to_string();
    let targeted = targets::table.filter(targets::metric.eq(metric.clone()));
    let own = goals::table.filter(goals::metric.eq(metric.clone()));
    let shown = screens::table.filter(screens::metric.eq(metric));
    let asked = diesel::dsl::exists(targeted).or(diesel::dsl::exists(own));
    let asked = asked.or(diesel::dsl::exists(shown));
    Ok(diesel::select(asked).get_result(conn)?)
}

pub fn add_outcome(conn: &mut Conn, kind_id: i64, fields: &OutcomeFields) -> Result<i64> {
    Ok(diesel::insert_into(outcomes::table)
        .values((
            fields,
            outcomes::kind_id.eq(kind_id),
            outcomes::position.eq(LAST),
        ))
        .returning(outcomes::id)
        .get_result(conn)?)
}

pub fn set_outcome(conn: &mut Conn, id: i64, fields: &OutcomeFields) -> Result<()> {
    diesel::update(outcomes::table.find(id))
        .set(fields)
        .execute(conn)?;
    Ok(())
}

pub fn place_outcome(conn: &mut Conn, id: i64, place: usize) -> Result<()> {
    diesel::update(outcomes::table.find(id))
        .set(outcomes::position.eq(i32::try_from(place).unwrap_or(LAST)))
        .execute(conn)?;
    Ok(())
}

pub fn retire_outcome(conn: &mut Conn, id: i64, is_retired: bool) -> Result<()> {
    diesel::update(outcomes::table.find(id))
        .set(outcomes::is_retired.eq(is_retired))
        .execute(conn)?;
    Ok(())
}

/// Whether an outcome was ever logged; as with kinds.
pub fn is_outcome_used(conn: &mut Conn, id: i64) -> Result<bool> {
    let used = activities::table.filter(activities::outcome_id.eq(id));
    Ok(diesel::select(diesel::dsl::exists(used)).get_result(conn)?)
}

pub fn rename_label(conn: &mut Conn, id: i64, name: &str) -> Result<()> {
    diesel::update(labels::table.find(id))
        .set(labels::name.eq(name))
        .execute(conn)?;
    Ok(())
}

/// Retires an entry or brings it back, which means itself then.
pub fn retire_label(conn: &mut Conn, id: i64, is_retired: bool) -> Result<()> {
    diesel::update(labels::table.find(id))
        .set((
            labels::is_retired.eq(is_retired),
            labels::same_as_id.eq(None::<i64>),
        ))
        .execute(conn)?;
    Ok(())
}

/// Puts an entry at a place of its list.
pub fn place_label(conn: &mut Conn, id: i64, place: usize) -> Result<()> {
    diesel::update(labels::table.find(id))
        .set(labels::position.eq(i32::try_from(place).unwrap_or(LAST)))
        .execute(conn)?;
    Ok(())
}

/// Takes all entries of a list from their places: they stand by name again.
pub fn unplace_labels(conn: &mut Conn, list: List) -> Result<()> {
    diesel::update(labels::table.filter(labels::list.eq(list)))
        .set(labels::position.eq(LAST))
        .execute(conn)?;
    Ok(())
}

/// Whether a rule that stands sends leads to a territory.
pub fn has_territory_rule(conn: &mut Conn, territory_id: i64) -> Result<bool> {
    let rules = territory_rules::table
        .filter(territory_rules::territory_id.eq(territory_id))
        .filter(territory_rules::is_retired.eq(false));
    Ok(diesel::select(diesel::dsl::exists(rules)).get_result(conn)?)
}
