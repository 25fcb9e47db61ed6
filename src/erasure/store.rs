//! All SQL of erasing somebody.

use crate::audit::store::has_words;
use crate::db::{BATCH_ROWS, Conn};
use crate::error::Result;
use crate::schema::{
    activities, commitment_ends, commitments, goals, handovers, import_uploads, known_devices,
    lead_events, lead_signals, leads, notices, password_links, people, ratings, recovery_codes,
    rejection_replies, remarks, score_rule_sets, score_weights, second_factors, targets, verdicts,
    watch_words,
};
use crate::value::Instant;
use diesel::prelude::*;

/// The number of who is erased next; `None` for who is erased already.
pub fn next_number(conn: &mut Conn, person_id: i64) -> Result<Option<i64>> {
    let erased: Option<Instant> = people::table
        .find(person_id)
        .select(people::erased_at)
        .first(conn)?;
    if erased.is_some() {
        return Ok(None);
    }
    let so_far: i64 = people::table
        .filter(people::erased_at.is_not_null())
        .count()
        .get_result(conn)?;
    Ok(Some(so_far + 1))
}

/// Removes all by which somebody came in.
pub fn forget_doors(conn: &mut Conn, person_id: i64) -> Result<()> {
    diesel::delete(password_links::table.filter(password_links::person_id.eq(person_id)))
        .execute(conn)?;
    diesel::delete(known_devices::table.filter(known_devices::person_id.eq(person_id)))
        .execute(conn)?;
    diesel::delete(recovery_codes::table.filter(recovery_codes::person_id.eq(person_id)))
        .execute(conn)?;
    diesel::delete(second_factors::table.find(person_id)).execute(conn)?;
    Ok(())
}

/// Blanks what somebody wrote, wherever it stands, and drops what they were told.
pub fn blank_words(conn: &mut Conn, person_id: i64) -> Result<()> {
    diesel::update(activities::table.filter(activities::person_id.eq(person_id)))
        .set(activities::note.eq(""))
        .execute(conn)?;
    diesel::update(lead_events::table.filter(lead_events::by_id.eq(person_id)))
        .set(lead_events::note.eq(""))
        .execute(conn)?;
    diesel::update(remarks::table.filter(remarks::by_id.eq(person_id)))
        .set(remarks::text.eq(""))
        .execute(conn)?;
    diesel::update(rejection_replies::table.filter(rejection_replies::by_id.eq(person_id)))
        .set(rejection_replies::text.eq(""))
        .execute(conn)?;
    diesel::update(ratings::table.filter(ratings::by_id.eq(person_id)))
        .set((ratings::note.eq(""), ratings::landed.eq("")))
        .execute(conn)?;
    diesel::update(goals::table.filter(goals::person_id.eq(person_id)))
        .set(goals::plan.eq(""))
        .execute(conn)?;
    diesel::update(handovers::table.filter(handovers::by_id.eq(person_id)))
        .set(handovers::note.eq(""))
        .execute(conn)?;
    let of_theirs = targets::set_by_id
        .eq(person_id)
        .or(targets::person_id.eq(person_id));
    diesel::update(targets::table.filter(of_theirs))
        .set(targets::reason.eq(""))
        .execute(conn)?;
    diesel::update(score_weights::table.filter(score_weights::set_by_id.eq(person_id)))
        .set(score_weights::reason.eq(""))
        .execute(conn)?;
    diesel::update(score_rule_sets::table.filter(score_rule_sets::by_id.eq(person_id)))
        .set(score_rule_sets::why.eq(""))
        .execute(conn)?;
    diesel::update(lead_signals::table.filter(lead_signals::by_id.eq(person_id)))
        .set((lead_signals::what.eq(""), lead_signals::link.eq("")))
        .execute(conn)?;
    diesel::update(notices::table.filter(notices::by_id.eq(person_id)))
        .set(notices::text.eq(""))
        .execute(conn)?;
    replace_words(conn, person_id)?;
    diesel::delete(notices::table.filter(notices::person_id.eq(person_id))).execute(conn)?;
    Ok(())
}

/// What stands where something must be said.
const ERASED: &str = "erased";

fn replace_words(conn: &mut Conn, person_id: i64) -> Result<()> {
    let theirs = verdicts::by_id
        .eq(person_id)
        .or(verdicts::person_id.eq(person_id).nullable());
    let corrected = verdicts::table.filter(theirs);
    diesel::update(corrected.filter(verdicts::reason.ne("")))
        .set(verdicts::reason.eq(ERASED))
        .execute(conn)?;
    diesel::update(commitments::table.filter(commitments::by_id.eq(person_id)))
        .set(commitments::text.eq(ERASED))
        .execute(conn)?;
    let ended = commitment_ends::table.filter(commitment_ends::by_id.eq(person_id));
    diesel::update(ended.filter(commitment_ends::note.ne("")))
        .set(commitment_ends::note.eq(ERASED))
        .execute(conn)?;
    diesel::update(watch_words::table.filter(watch_words::person_id.eq(person_id)))
        .set(watch_words::text.eq(ERASED))
        .execute(conn)?;
    Ok(())
}

/// Blanks what others were told with one of these names in it.
pub fn blank_notices(conn: &mut Conn, names: &[String]) -> Result<()> {
    for name in names.iter().filter(|name| !name.is_empty()) {
        let near: Vec<(i64, String)> = notices::table
            .filter(notices::text.like(format!("%{name}%")))
            .select((notices::id, notices::text))
            .load(conn)?;
        let named = near.into_iter().filter(|(_, text)| has_words(text, name));
        let ids: Vec<i64> = named.map(|(id, _)| id).collect();
        for ids in ids.chunks(BATCH_ROWS) {
            diesel::update(notices::table.filter(notices::id.eq_any(ids)))
                .set(notices::text.eq(""))
                .execute(conn)?;
        }
    }
    Ok(())
}

pub fn rename(
    conn: &mut Conn,
    person_id: i64,
    (name, email): (&str, &str),
    now: Instant,
) -> Result<()> {
    diesel::update(people::table.find(person_id))
        .set((
            people::name.eq(name),
            people::email.eq(email),
            people::password_hash.eq(None::<String>),
            people::has_second_factor.eq(false),
            people::erased_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Drops the uploads that wait and are somebody's, or name one of these.
pub fn drop_uploads(conn: &mut Conn, person_id: Option<i64>, names: &[String]) -> Result<()> {
    let waiting: Vec<(i64, i64, Vec<u8>)> = import_uploads::table
        .select((
            import_uploads::id,
            import_uploads::by_id,
            import_uploads::content,
        ))
        .load(conn)?;
    let names: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let is_named = |content: &[u8]| {
        let text = String::from_utf8_lossy(content).to_lowercase();
        names.iter().any(|name| has_words(&text, name))
    };
    let gone = waiting
        .into_iter()
        .filter(|(_, by_id, content)| Some(*by_id) == person_id || is_named(content));
    let ids: Vec<i64> = gone.map(|(id, ..)| id).collect();
    for ids in ids.chunks(BATCH_ROWS) {
        diesel::delete(import_uploads::table.filter(import_uploads::id.eq_any(ids)))
            .execute(conn)?;
    }
    Ok(())
}

/// Blanks whatever was written about a lead, and marks it as erased.
pub fn blank_lead(conn: &mut Conn, lead_id: i64, now: Instant) -> Result<()> {
    diesel::update(activities::table.filter(activities::lead_id.eq(lead_id)))
        .set(activities::note.eq(""))
        .execute(conn)?;
    diesel::update(lead_events::table.filter(lead_events::lead_id.eq(lead_id)))
        .set(lead_events::note.eq(""))
        .execute(conn)?;
    diesel::update(remarks::table.filter(remarks::lead_id.eq(lead_id)))
        .set(remarks::text.eq(""))
        .execute(conn)?;
    diesel::update(rejection_replies::table.filter(rejection_replies::lead_id.eq(lead_id)))
        .set(rejection_replies::text.eq(""))
        .execute(conn)?;
    diesel::update(ratings::table.filter(ratings::lead_id.eq(lead_id)))
        .set((ratings::note.eq(""), ratings::landed.eq("")))
        .execute(conn)?;
    diesel::update(handovers::table.filter(handovers::lead_id.eq(lead_id)))
        .set(handovers::note.eq(""))
        .execute(conn)?;
    diesel::update(lead_signals::table.filter(lead_signals::lead_id.eq(lead_id)))
        .set((lead_signals::what.eq(""), lead_signals::link.eq("")))
        .execute(conn)?;
    diesel::update(notices::table.filter(notices::lead_id.eq(lead_id)))
        .set(notices::text.eq(""))
        .execute(conn)?;
    diesel::update(leads::table.find(lead_id))
        .set(leads::erased_at.eq(now))
        .execute(conn)?;
    Ok(())
}
