//! Whether the scores that are kept are what the rules give, and whether those at the line are known as such.

use super::store::{self, ScoredLead};
use super::{BATCH_LEADS, Ground, Known};
use crate::db::Conn;
use crate::error::Result;
use crate::rules::lead_score::SCORE_MOST;
use crate::rules::score_span::Span;
use crate::value::Instant;

/// Of what is told by rounding alone.
const EXACT: f64 = 1e-6;

/// A night in which scores could not fade is told elsewhere, and the next is a day later.
const MISSED_S: i64 = 2 * 86_400;

/// Says which scores are not what the rules in force give, or not the given one where no rule knows anything, as of `now`. A
/// score was worked out when the rules came, when it last faded, or later: it must lie between what it was then and is now.
/// What has ended keeps the score it had, and is left out until it goes on.
pub fn wrong(conn: &mut Conn, now: Instant) -> Result<Vec<String>> {
    let current = store::current(conn)?;
    let since = match &current {
        Some(set) => {
            let faded = store::last_faded(conn)?.unwrap_or(set.at);
            faded.plus_seconds(-MISSED_S).max(set.at)
        }
        None => now,
    };
    let ground = current
        .map(|set| Ground::new(conn, set.rules))
        .transpose()?;
    let mut wrong = Vec::new();
    let mut after = 0;
    loop {
        let leads = store::next_scored(conn, after, BATCH_LEADS)?;
        let Some(last) = leads.last() else { break };
        after = last.id;
        let known = Known::load(conn, &leads)?;
        if let Some(ground) = &ground {
            let ids: Vec<i64> = leads.iter().map(|lead| lead.id).collect();
            let above = store::above(conn, &ids)?;
            wrong.extend(
                leads
                    .iter()
                    .filter_map(|lead| misplaced(ground, lead, above.contains(&lead.id))),
            );
        }
        for lead in &leads {
            let span = ground
                .as_ref()
                .map(|ground| ground.span(lead, &known, (since, now)));
            wrong.extend(fault(lead, span));
        }
    }
    Ok(wrong)
}

/// Says of a lead that is kept as one at the line, or as one below it, that its kept score says otherwise.
fn misplaced(ground: &Ground, lead: &ScoredLead, is_kept_above: bool) -> Option<String> {
    let (kept, said) = match (is_kept_above, ground.rules.is_above(lead.score)) {
        (true, false) => ("above", "below"),
        (false, true) => ("below", "above"),
        _ => return None,
    };
    Some(format!(
        "leads_above: lead {} is kept as one {kept} the line of the score, and its score is {said} it: saving the rules of \
         the score anew puts it right",
        lead.id
    ))
}

/// What is wrong with one, in a sentence.
fn fault(lead: &ScoredLead, span: Option<Span>) -> Option<String> {
    let is = |score: Option<f64>| match (lead.score, score) {
        (Some(kept), Some(score)) => (kept - score).abs() <= EXACT,
        (kept, score) => kept == score,
    };
    let words = |score: Option<f64>| score.map_or("none".to_owned(), |score| format!("{score:.2}"));
    let given = || words(lead.given_score);
    let (is_right, expected) = match span {
        None => (
            is(lead.given_score),
            format!("the given one is {}", given()),
        ),
        Some(span) if span.is_unknown => (
            is(lead.given_score),
            format!(
                "no rule knows anything of it, and the given one is {}",
                given()
            ),
        ),
        Some(span) => {
            let lies = lead.score.is_some_and(|kept| {
                (span.least - EXACT..=span.most + EXACT).contains(&kept) && kept <= SCORE_MOST
            });
            let may_be_given = span.may_be_unknown && is(lead.given_score);
            (
                lies || may_be_given,
                format!("the rules give {}", words(Some(span.least))),
            )
        }
    };
    let kept = words(lead.score);
    (!is_right).then(|| {
        format!(
            "leads: the score of lead {} is {kept}, and {expected}",
            lead.id
        )
    })
}
