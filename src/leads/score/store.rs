//! All SQL about the rules of the score, and the scores that they give.

use crate::both;
use crate::db::{Backend, Conn};
use crate::error::{Error, Result};
use crate::leads::Lead;
use crate::rules::lead_score::{BehaviourRule, Comparison, Field, FitRule, Rules};
use crate::rules::stage::{EventKind, Stage};
use crate::rules::wait::Urgency;
use crate::schema::{
    handovers, job_runs, lead_events, lead_signals, leads, leads_above, score_behaviour_rules,
    score_fit_rules, score_rule_sets,
};
use crate::value::Instant;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

/// The job of the timetable by which scores fade.
pub const FADING: &str = "scores";

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = score_rule_sets)]
struct SetRow {
    id: i64,
    version: i32,
    line: f64,
    why: String,
    by_id: Option<i64>,
    at: Instant,
}

/// One version of the rules.
#[derive(Debug, Clone)]
pub struct RuleSet {
    pub version: i32,
    pub why: String,
    pub by_id: Option<i64>,
    pub at: Instant,
    pub rules: Rules,
}

/// What the score asks of a lead.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = leads)]
pub struct ScoredLead {
    pub id: i64,
    pub title: String,
    pub source_id: Option<i64>,
    pub campaign_id: Option<i64>,
    pub urgency: Urgency,
    pub score: Option<f64>,
    pub given_score: Option<f64>,
    pub stage: Stage,
    pub is_stopped: bool,
}

/// The one that holds; `None` before there are rules.
pub fn current(conn: &mut Conn) -> Result<Option<RuleSet>> {
    Ok(sets(conn, 1)?.into_iter().next())
}

/// The newest `most` sets, newest first.
pub fn sets(conn: &mut Conn, most: i64) -> Result<Vec<RuleSet>> {
    let rows: Vec<SetRow> = score_rule_sets::table
        .order(score_rule_sets::version.desc())
        .limit(most)
        .select(SetRow::as_select())
        .load(conn)?;
    let with_rules = rows.into_iter().map(|row| {
        Ok(RuleSet {
            rules: Rules {
                line: row.line,
                fit: fit_rules(conn, row.id)?,
                behaviour: behaviour_rules(conn, row.id)?,
            },
            version: row.version,
            why: row.why,
            by_id: row.by_id,
            at: row.at,
        })
    });
    with_rules.collect()
}

fn fit_rules(conn: &mut Conn, set_id: i64) -> Result<Vec<FitRule>> {
    let rows: Vec<(String, String, String, f64)> = score_fit_rules::table
        .filter(score_fit_rules::set_id.eq(set_id))
        .order(score_fit_rules::id)
        .select((
            score_fit_rules::field,
            score_fit_rules::comparison,
            score_fit_rules::value,
            score_fit_rules::points,
        ))
        .load(conn)?;
    let rule = |(field, comparison, value, points): (String, String, String, f64)| {
        Some(FitRule {
            field: Field::from_word(&field)?,
            comparison: Comparison::from_word(&comparison)?,
            value,
            points,
        })
    };
    let rules: Option<Vec<FitRule>> = rows.into_iter().map(rule).collect();
    rules.ok_or_else(|| Error::internal("a rule of the score has an unknown word"))
}

fn behaviour_rules(conn: &mut Conn, set_id: i64) -> Result<Vec<BehaviourRule>> {
    let rows: Vec<(i64, f64)> = score_behaviour_rules::table
        .filter(score_behaviour_rules::set_id.eq(set_id))
        .order(score_behaviour_rules::id)
        .select((
            score_behaviour_rules::kind_id,
            score_behaviour_rules::points,
        ))
        .load(conn)?;
    let rule = |(kind_id, points)| BehaviourRule { kind_id, points };
    Ok(rows.into_iter().map(rule).collect())
}

/// Adds a set; refused as a conflict where the version is there already.
pub fn add_set(conn: &mut Conn, set: &RuleSet) -> Result<()> {
    let id: i64 = diesel::insert_into(score_rule_sets::table)
        .values((
            score_rule_sets::version.eq(set.version),
            score_rule_sets::line.eq(set.rules.line),
            score_rule_sets::why.eq(&set.why),
            score_rule_sets::by_id.eq(set.by_id),
            score_rule_sets::at.eq(set.at),
        ))
        .returning(score_rule_sets::id)
        .get_result(conn)?;
    for rule in &set.rules.fit {
        diesel::insert_into(score_fit_rules::table)
            .values((
                score_fit_rules::set_id.eq(id),
                score_fit_rules::field.eq(rule.field.word()),
                score_fit_rules::comparison.eq(rule.comparison.word()),
                score_fit_rules::value.eq(&rule.value),
                score_fit_rules::points.eq(rule.points),
            ))
            .execute(conn)?;
    }
    for rule in &set.rules.behaviour {
        diesel::insert_into(score_behaviour_rules::table)
            .values((
                score_behaviour_rules::set_id.eq(id),
                score_behaviour_rules::kind_id.eq(rule.kind_id),
                score_behaviour_rules::points.eq(rule.points),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// In nurture or with sales: what has ended, or is erased, keeps the score that it had.
fn is_scored()
-> Box<dyn BoxableExpression<leads::table, Backend, SqlType = diesel::sql_types::Bool>> {
    let stages = Stage::ALL.iter().copied();
    let stages: Vec<Stage> = stages.filter(|stage| !stage.has_ended()).collect();
    Box::new(leads::stage.eq_any(stages).and(leads::erased_at.is_null()))
}

/// Those of some leads whose score may change.
pub fn scored(conn: &mut Conn, ids: &[i64]) -> Result<Vec<ScoredLead>> {
    Ok(leads::table
        .filter(leads::id.eq_any(ids))
        .filter(is_scored())
        .select(ScoredLead::as_select())
        .load(conn)?)
}

/// The next `most` leads after an id whose score may change, by id.
pub fn next_scored(conn: &mut Conn, after: i64, most: i64) -> Result<Vec<ScoredLead>> {
    Ok(leads::table
        .filter(leads::id.gt(after))
        .filter(is_scored())
        .order(leads::id)
        .limit(most)
        .select(ScoredLead::as_select())
        .load(conn)?)
}

/// When scores last faded by the timetable began.
pub fn last_faded(conn: &mut Conn) -> Result<Option<Instant>> {
    Ok(job_runs::table
        .find(FADING)
        .select(job_runs::ran_at)
        .first(conn)
        .optional()?)
}

/// As [`next_scored`], of those with signals, since only theirs changes as time goes by, and of those that ended once: in
/// older releases they went on with the score that they had.
pub fn next_to_fade(conn: &mut Conn, after: i64, most: i64) -> Result<Vec<ScoredLead>> {
    let has_signals = lead_signals::table
        .filter(lead_signals::lead_id.eq(leads::id))
        .select(lead_signals::id);
    let closings = EventKind::ALL.iter().copied();
    let closings = closings.filter(|kind| kind.is_closing() && *kind != EventKind::Nurture);
    let has_ended = lead_events::table
        .filter(lead_events::lead_id.eq(leads::id))
        .filter(lead_events::kind.eq_any(closings))
        .select(lead_events::id);
    Ok(leads::table
        .filter(leads::id.gt(after))
        .filter(is_scored())
        .filter(diesel::dsl::exists(has_signals).or(diesel::dsl::exists(has_ended)))
        .order(leads::id)
        .limit(most)
        .select(ScoredLead::as_select())
        .load(conn)?)
}

pub fn set_score(conn: &mut Conn, lead_id: i64, score: Option<f64>) -> Result<()> {
    diesel::update(leads::table.find(lead_id))
        .set(leads::score.eq(score))
        .execute(conn)?;
    Ok(())
}

/// Makes the given score the one that holds.
pub fn restore_given(conn: &mut Conn, lead_ids: &[i64]) -> Result<()> {
    diesel::update(leads::table.filter(leads::id.eq_any(lead_ids)))
        .set(leads::score.eq(leads::given_score))
        .execute(conn)?;
    Ok(())
}

/// Lets others who bring these leads' scores up to date wait until this transaction has ended, and then see what it wrote.
pub fn hold(conn: &mut Conn, lead_ids: &[i64]) -> Result<()> {
    diesel::update(leads::table.filter(leads::id.eq_any(lead_ids)))
        .set(leads::score.eq(leads::score))
        .execute(conn)?;
    Ok(())
}

/// Some leads as they are once nobody else brings their scores up to date.
pub fn held(conn: &mut Conn, found: &[ScoredLead]) -> Result<Vec<ScoredLead>> {
    let ids: Vec<i64> = found.iter().map(|lead| lead.id).collect();
    hold(conn, &ids)?;
    scored(conn, &ids)
}

/// Those of some leads that have reached the line.
pub fn above(conn: &mut Conn, lead_ids: &[i64]) -> Result<HashSet<i64>> {
    let ids: Vec<i64> = leads_above::table
        .filter(leads_above::lead_id.eq_any(lead_ids))
        .select(leads_above::lead_id)
        .load(conn)?;
    Ok(ids.into_iter().collect())
}

/// Says that a lead has reached the line; whether nobody had said so.
pub fn set_above(conn: &mut Conn, lead_id: i64, since: Instant) -> Result<bool> {
    let row = (
        leads_above::lead_id.eq(lead_id),
        leads_above::since.eq(since),
    );
    let made = both!(conn, |c| diesel::insert_into(leads_above::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c)?);
    Ok(made == 1)
}

pub fn set_below(conn: &mut Conn, lead_id: i64) -> Result<()> {
    diesel::delete(leads_above::table.find(lead_id)).execute(conn)?;
    Ok(())
}

/// Leads in nurture that may be contacted and have reached the line, and those in nurture or disqualified for now whose
/// day to come back is not after `today`; with since when they are above.
pub fn perhaps_ready(conn: &mut Conn, today: NaiveDate) -> Result<Vec<(Lead, Option<Instant>)>> {
    let in_nurture = leads::stage.eq(Stage::Nurture);
    let is_above = leads_above::lead_id
        .is_not_null()
        .and(in_nurture)
        .nullable();
    Ok(leads::table
        .left_join(leads_above::table.on(leads_above::lead_id.eq(leads::id)))
        .filter(leads::stage.eq_any(Stage::RETURNING))
        .filter(leads::is_stopped.eq(false).and(leads::erased_at.is_null()))
        .filter(is_above.or(leads::next_step_on.le(today)))
        .order(leads::id)
        .select((Lead::as_select(), leads_above::since.nullable()))
        .load(conn)?)
}

/// One lead, whatever its stage.
pub fn any(conn: &mut Conn, id: i64) -> Result<Option<ScoredLead>> {
    Ok(leads::table
        .find(id)
        .select(ScoredLead::as_select())
        .first(conn)
        .optional()?)
}

/// When the newest hand-over of each of some leads was closed first; those that never were are left out.
pub fn last_closed(conn: &mut Conn, lead_ids: &[i64]) -> Result<HashMap<i64, Instant>> {
    let rows: Vec<(i64, Option<Instant>)> = handovers::table
        .filter(handovers::lead_id.eq_any(lead_ids))
        .filter(handovers::closed_at.is_not_null())
        .order(handovers::handed_over_at)
        .select((handovers::lead_id, handovers::closed_at))
        .load(conn)?;
    let known = rows.into_iter();
    Ok(known.filter_map(|(id, at)| Some((id, at?))).collect())
}
