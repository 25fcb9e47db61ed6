//! A score in words: every rule as a line, and every point of a lead with its reason.

use super::store::{self, ScoredLead};
use super::{Ground, Known, held, signals};
use crate::db::Conn;
use crate::error::Result;
use crate::page;
use crate::rules::lead_score::{BehaviourRule, FitRule, Rules};
use crate::style;
use crate::value::Instant;
use std::collections::HashMap;

/// A score, or points, to a tenth.
pub fn points(points: f64) -> String {
    // Adding zero makes the minus zero of an empty sum a plain one.
    style::decimal(points + 0.0, 1)
}

/// Why a lead has some points.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    pub text: String,
    /// What counts now.
    pub points: f64,
    /// Of behaviour: when it was, its age, and the points of a new one.
    pub decay: Option<Decay>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Decay {
    pub at: Instant,
    pub age_days: f64,
    pub full: f64,
}

/// A lead's score with all its reasons.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Explained {
    /// The score that holds; `None` where nothing is known.
    pub score: Option<f64>,
    pub given: Option<f64>,
    pub is_computed: bool,
    /// 0 where there are no rules.
    pub version: i32,
    pub line: f64,
    pub fit: Vec<Reason>,
    pub behaviour: Vec<Reason>,
    pub fit_points: f64,
    pub behaviour_points: f64,
}

/// The score of a lead as of `now`, whatever was written at its last change.
pub fn explain(conn: &mut Conn, lead_id: i64, now: Instant) -> Result<Explained> {
    let Some(lead) = store::any(conn, lead_id)? else {
        return Ok(Explained::default());
    };
    let Some(set) = store::current(conn)? else {
        return Ok(Explained {
            score: lead.score,
            given: lead.given_score,
            ..Explained::default()
        });
    };
    let names = kind_names(conn)?;
    let ground = Ground::new(conn, set.rules)?;
    let known = Known::load(conn, std::slice::from_ref(&lead))?;
    Ok(explained(
        &ground,
        &lead,
        &known,
        &names,
        (set.version, now),
    ))
}

fn explained(
    ground: &Ground,
    lead: &ScoredLead,
    known: &Known,
    names: &HashMap<i64, String>,
    (version, now): (i32, Instant),
) -> Explained {
    let scored = ground.scored(lead, known, now);
    let rules = &ground.rules;
    let fit = scored.fit.iter().map(|(place, points)| Reason {
        text: fit_words(&rules.fit[*place]),
        points: *points,
        decay: None,
    });
    let nothing = Vec::new();
    let happened = known.signals.get(&lead.id).unwrap_or(&nothing);
    let behaviour = scored.behaviour.iter().map(|counted| {
        let rule = &rules.behaviour[counted.rule];
        Reason {
            text: kind_name(names, rule).to_owned(),
            points: counted.points,
            decay: Some(Decay {
                at: happened[counted.signal].at,
                age_days: counted.age_days,
                full: rule.points,
            }),
        }
    });
    Explained {
        score: held(&scored, lead.given_score),
        given: lead.given_score,
        is_computed: !scored.is_empty(),
        version,
        line: rules.line,
        fit: fit.collect(),
        behaviour: behaviour.collect(),
        fit_points: scored.fit_points(),
        behaviour_points: scored.behaviour_points(),
    }
}

/// The names of the kinds of signals.
pub fn kind_names(conn: &mut Conn) -> Result<HashMap<i64, String>> {
    let kinds = signals::store::kinds(conn)?;
    Ok(kinds.into_iter().map(|kind| (kind.id, kind.name)).collect())
}

/// All rules, a line each with its points: as versions are compared and as definitions print them.
pub fn lines(rules: &Rules, names: &HashMap<i64, String>) -> Vec<String> {
    let line = format!("Line: {}", page::amount(rules.line));
    let fit = rules
        .fit
        .iter()
        .map(|rule| format!("{}: {}", fit_words(rule), signed(rule.points)));
    let behaviour = rules.behaviour.iter().map(|rule| {
        let points = signed(rule.points);
        format!(
            "{}: {points}, half of it after 14 days",
            kind_name(names, rule)
        )
    });
    let mut lines = vec![line];
    lines.extend(fit.chain(behaviour));
    lines
}

pub fn fit_words(rule: &FitRule) -> String {
    let (field, comparison) = (rule.field.label(), rule.comparison.label());
    format!("{field} {comparison} {}", rule.value)
}

fn kind_name<'n>(names: &'n HashMap<i64, String>, rule: &BehaviourRule) -> &'n str {
    names.get(&rule.kind_id).map_or("", String::as_str)
}

/// `+10`, `-5`, `0`.
pub fn signed(points: f64) -> String {
    let text = page::amount(points);
    match points > 0.0 {
        true => format!("+{text}"),
        false => text,
    }
}
