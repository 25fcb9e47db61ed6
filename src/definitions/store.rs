//! All SQL about definitions. A limit is stored as it is written: `4 h`, `2 working days`.

use super::Side;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::insert_all;
use crate::rules::level::{Limit, Per, ServiceLevel, Volume};
use crate::rules::wait::Urgency;
use crate::schema::{
    definition_heads, definition_levels, definition_signatures, definitions, definitions_in_force,
};
use crate::value::Instant;
use diesel::prelude::*;

/// A version of the agreement: in force since `from`, or a draft.
#[derive(Debug, Clone)]
pub struct Version {
    pub number: i64,
    pub content: Content,
    /// Counts the edits of a draft.
    pub revision: i32,
    pub edited_by_id: Option<i64>,
    pub edited_at: Instant,
    pub signatures: Vec<Signature>,
    pub from: Option<Instant>,
}

/// What is agreed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Content {
    pub stages: String,
    pub qualified: String,
    pub reasons: String,
    pub score_rules: String,
    pub levels: Vec<Level>,
    /// How many leads marketing promises; `None` for no promise.
    pub volume: Option<Volume>,
    /// How soon marketing answers a rejection; `None` for no promise.
    pub answer_by: Option<Limit>,
}

/// What sales promises for an urgency; with a source for its leads only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    pub urgency: Urgency,
    pub source_id: Option<i64>,
    pub promise: ServiceLevel,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Signature {
    pub side: Side,
    pub by_id: i64,
    pub at: Instant,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = definitions)]
struct Row {
    id: i64,
    stages: String,
    qualified: String,
    reasons: String,
    score_rules: String,
    volume: Option<i32>,
    volume_per: Per,
    answer_by: String,
    revision: i32,
    edited_by_id: Option<i64>,
    edited_at: Instant,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = definition_levels, treat_none_as_default_value = false)]
struct LevelRow {
    definition_id: i64,
    urgency: Urgency,
    source_id: Option<i64>,
    accept_by: String,
    first_attempt_by: String,
    least_attempts: i32,
    least_kinds: i32,
    contact_or_exit_by: String,
}

fn limit(text: &str) -> Result<Limit> {
    Limit::read(text).ok_or_else(|| Error::internal(format!("{text:?} is no limit")))
}

fn optional(text: &str) -> Result<Option<Limit>> {
    match text {
        "" => Ok(None),
        text => limit(text).map(Some),
    }
}

impl LevelRow {
    fn of(definition_id: i64, level: &Level) -> LevelRow {
        let promise = &level.promise;
        LevelRow {
            definition_id,
            urgency: level.urgency,
            source_id: level.source_id,
            accept_by: promise.accept_by.to_string(),
            first_attempt_by: promise.first_attempt_by.to_string(),
            least_attempts: promise.least_attempts as i32,
            least_kinds: promise.least_kinds as i32,
            contact_or_exit_by: promise.contact_or_exit_by.to_string(),
        }
    }

    fn level(&self) -> Result<Level> {
        Ok(Level {
            urgency: self.urgency,
            source_id: self.source_id,
            promise: ServiceLevel {
                accept_by: limit(&self.accept_by)?,
                first_attempt_by: limit(&self.first_attempt_by)?,
                least_attempts: self.least_attempts.unsigned_abs(),
                least_kinds: self.least_kinds.unsigned_abs(),
                contact_or_exit_by: limit(&self.contact_or_exit_by)?,
            },
        })
    }
}

/// All versions with the draft, in order of their numbers; levels in the order of urgencies, those of sources after.
pub fn all(conn: &mut Conn) -> Result<Vec<Version>> {
    let rows: Vec<Row> = definitions::table
        .order(definitions::id)
        .select(Row::as_select())
        .load(conn)?;
    let mut levels: Vec<LevelRow> = definition_levels::table
        .select(LevelRow::as_select())
        .load(conn)?;
    levels.sort_by_key(|level| (level.source_id.is_some(), level.urgency, level.source_id));
    let signatures: Vec<(i64, Side, i64, Instant)> = definition_signatures::table
        .order((definition_signatures::at, definition_signatures::side))
        .select((
            definition_signatures::definition_id,
            definition_signatures::side,
            definition_signatures::by_id,
            definition_signatures::at,
        ))
        .load(conn)?;
    let in_force: Vec<(i64, Instant)> = definitions_in_force::table
        .select((
            definitions_in_force::definition_id,
            definitions_in_force::from_at,
        ))
        .load(conn)?;
    let version = |row: Row| {
        let theirs = levels.iter().filter(|level| level.definition_id == row.id);
        let count = row.volume.map(i32::unsigned_abs);
        Ok(Version {
            number: row.id,
            revision: row.revision,
            edited_by_id: row.edited_by_id,
            edited_at: row.edited_at,
            signatures: signatures
                .iter()
                .filter(|(id, ..)| *id == row.id)
                .map(|&(_, side, by_id, at)| Signature { side, by_id, at })
                .collect(),
            from: in_force
                .iter()
                .find(|(id, _)| *id == row.id)
                .map(|(_, from)| *from),
            content: Content {
                levels: theirs.map(LevelRow::level).collect::<Result<_>>()?,
                volume: count.map(|count| Volume {
                    count,
                    per: row.volume_per,
                }),
                answer_by: optional(&row.answer_by)?,
                stages: row.stages,
                qualified: row.qualified,
                reasons: row.reasons,
                score_rules: row.score_rules,
            },
        })
    };
    rows.into_iter().map(version).collect()
}

/// The number of the version in force at an instant; the first one's for what lies before all.
pub fn number_at(conn: &mut Conn, at: Instant) -> Result<i64> {
    let number: Option<i64> = definitions_in_force::table
        .filter(definitions_in_force::from_at.le(at))
        .order((
            definitions_in_force::from_at.desc(),
            definitions_in_force::definition_id.desc(),
        ))
        .select(definitions_in_force::definition_id)
        .first(conn)
        .optional()?;
    Ok(number.unwrap_or(1))
}

/// Adds a draft.
pub fn add(
    conn: &mut Conn,
    number: i64,
    content: &Content,
    by_id: Option<i64>,
    at: Instant,
) -> Result<()> {
    diesel::insert_into(definitions::table)
        .values((
            definitions::id.eq(number),
            definitions::stages.eq(&content.stages),
            definitions::qualified.eq(&content.qualified),
            definitions::reasons.eq(&content.reasons),
            definitions::score_rules.eq(&content.score_rules),
            definitions::volume.eq(content.volume.map(|volume| volume.count as i32)),
            definitions::volume_per.eq(content.volume.map_or(Per::Month, |volume| volume.per)),
            definitions::answer_by.eq(words(content.answer_by)),
            definitions::edited_by_id.eq(by_id),
            definitions::edited_at.eq(at),
            definitions::revision.eq(first_revision(at)),
        ))
        .execute(conn)?;
    add_levels(conn, number, content)
}

/// The second in which a draft was made: a number that was dropped and is drafted again never has a revision twice, and
/// nobody signs what they did not read.
fn first_revision(at: Instant) -> i32 {
    i32::try_from(at.0 / 1_000_000).unwrap_or(1)
}

fn words(limit: Option<Limit>) -> String {
    limit.map(|limit| limit.to_string()).unwrap_or_default()
}

fn add_levels(conn: &mut Conn, number: i64, content: &Content) -> Result<()> {
    let rows: Vec<LevelRow> = content
        .levels
        .iter()
        .map(|level| LevelRow::of(number, level))
        .collect();
    insert_all!(conn, definition_levels::table, &rows);
    Ok(())
}

/// Replaces the content of a draft; the signatures under the old one go.
pub fn change(
    conn: &mut Conn,
    number: i64,
    content: &Content,
    by_id: Option<i64>,
    at: Instant,
) -> Result<()> {
    diesel::update(definitions::table.find(number))
        .set((
            definitions::stages.eq(&content.stages),
            definitions::qualified.eq(&content.qualified),
            definitions::reasons.eq(&content.reasons),
            definitions::score_rules.eq(&content.score_rules),
            definitions::volume.eq(content.volume.map(|volume| volume.count as i32)),
            definitions::volume_per.eq(content.volume.map_or(Per::Month, |volume| volume.per)),
            definitions::answer_by.eq(words(content.answer_by)),
            definitions::revision.eq(definitions::revision + 1),
            definitions::edited_by_id.eq(by_id),
            definitions::edited_at.eq(at),
        ))
        .execute(conn)?;
    remove_signatures(conn, number, None)?;
    remove_levels(conn, number)?;
    add_levels(conn, number, content)
}

fn remove_levels(conn: &mut Conn, number: i64) -> Result<()> {
    diesel::delete(definition_levels::table)
        .filter(definition_levels::definition_id.eq(number))
        .execute(conn)?;
    Ok(())
}

/// Those of a draft; of one side, where one is given.
pub fn remove_signatures(conn: &mut Conn, number: i64, side: Option<Side>) -> Result<()> {
    let sides = side.map_or(Side::ALL.to_vec(), |side| vec![side]);
    diesel::delete(definition_signatures::table)
        .filter(definition_signatures::definition_id.eq(number))
        .filter(definition_signatures::side.eq_any(sides))
        .execute(conn)?;
    Ok(())
}

/// Removes a draft with all that belongs to it.
pub fn remove(conn: &mut Conn, number: i64) -> Result<()> {
    remove_signatures(conn, number, None)?;
    remove_levels(conn, number)?;
    diesel::delete(definitions::table.find(number)).execute(conn)?;
    Ok(())
}

pub fn add_signature(conn: &mut Conn, number: i64, signature: &Signature) -> Result<()> {
    diesel::insert_into(definition_signatures::table)
        .values((
            definition_signatures::definition_id.eq(number),
            definition_signatures::side.eq(signature.side),
            definition_signatures::by_id.eq(signature.by_id),
            definition_signatures::at.eq(signature.at),
        ))
        .execute(conn)?;
    Ok(())
}

/// How many sides have signed a version.
pub fn signatures(conn: &mut Conn, number: i64) -> Result<i64> {
    Ok(definition_signatures::table
        .filter(definition_signatures::definition_id.eq(number))
        .count()
        .get_result(conn)?)
}

/// From then on a version is in force, and can never be changed.
pub fn put_in_force(conn: &mut Conn, number: i64, from: Instant) -> Result<()> {
    diesel::insert_into(definitions_in_force::table)
        .values((
            definitions_in_force::definition_id.eq(number),
            definitions_in_force::from_at.eq(from),
        ))
        .execute(conn)?;
    Ok(())
}

/// Who signs for which side.
pub fn heads(conn: &mut Conn) -> Result<Vec<(Side, i64)>> {
    Ok(definition_heads::table
        .order(definition_heads::side.desc())
        .select((definition_heads::side, definition_heads::person_id))
        .load(conn)?)
}

pub fn set_head(conn: &mut Conn, side: Side, person_id: i64) -> Result<()> {
    diesel::delete(definition_heads::table.find(side)).execute(conn)?;
    diesel::insert_into(definition_heads::table)
        .values((
            definition_heads::side.eq(side),
            definition_heads::person_id.eq(person_id),
        ))
        .execute(conn)?;
    Ok(())
}
