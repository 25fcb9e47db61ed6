//! All SQL of erasing somebody.

use crate::audit::store::has_words;
use crate::db::like::anywhere;
use crate::db::{BATCH_ROWS, Conn};
use crate::error::Result;
use crate::leads::carried::Part;
use crate::rules::stage::Stage;
use crate::schema::{
    activities, api_keys, commitment_ends, commitments, goals, handover_lines, handovers, holidays,
    import_uploads, known_devices, lead_events, lead_signals, leads, leads_above, notices,
    password_links, people, ratings, recovery_codes, rejection_replies, remarks, score_rule_sets,
    score_weights, screens, second_factors, shared_goals, targets, verdicts, watch_words,
};
use crate::value::Instant;
use chrono::NaiveDate;
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
    diesel::delete(api_keys::table.filter(api_keys::person_id.eq(person_id))).execute(conn)?;
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
    let entered = leads::table.filter(leads::created_by_id.eq(person_id));
    diesel::update(entered.filter(leads::note.ne("")))
        .set(leads::note.eq(""))
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
    blank_carried(conn, person_id)?;
    diesel::update(lead_signals::table.filter(lead_signals::by_id.eq(person_id)))
        .set((lead_signals::what.eq(""), lead_signals::link.eq("")))
        .execute(conn)?;
    diesel::update(notices::table.filter(notices::by_id.eq(person_id)))
        .set(notices::text.eq(""))
        .execute(conn)?;
    replace_words(conn, person_id)?;
    diesel::update(holidays::table.filter(holidays::person_id.eq(person_id)))
        .set(holidays::name.eq(ERASED))
        .execute(conn)?;
    diesel::delete(notices::table.filter(notices::person_id.eq(person_id))).execute(conn)?;
    Ok(())
}

/// Blanks what hand-overs carried of somebody's signals, which are still as they wrote them.
fn blank_carried(conn: &mut Conn, person_id: i64) -> Result<()> {
    let is_of_it = lead_signals::lead_id
        .eq(handovers::lead_id)
        .and(lead_signals::at.nullable().eq(handover_lines::at));
    let near: Vec<(i64, String, String, String)> = handover_lines::table
        .inner_join(handovers::table.on(handovers::id.eq(handover_lines::handover_id)))
        .inner_join(lead_signals::table.on(is_of_it))
        .filter(handover_lines::part.eq(Part::Signal))
        .filter(lead_signals::by_id.eq(person_id))
        .select((
            handover_lines::id,
            handover_lines::text,
            lead_signals::what,
            lead_signals::link,
        ))
        .load(conn)?;
    let says = |text: &str, words: &str| !words.is_empty() && text.contains(words);
    let theirs = near
        .into_iter()
        .filter(|(_, text, what, link)| says(text, what) || says(text, link));
    let ids: Vec<i64> = theirs.map(|(id, ..)| id).collect();
    for ids in ids.chunks(BATCH_ROWS) {
        diesel::update(handover_lines::table.filter(handover_lines::id.eq_any(ids)))
            .set(handover_lines::text.eq(""))
            .execute(conn)?;
    }
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
            .filter(notices::text.like(anywhere(name)).escape('!'))
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

/// Replaces what others wrote down as a commitment, or of one, with one of these names in it: packs quote it.
pub fn replace_commitments(conn: &mut Conn, names: &[String]) -> Result<()> {
    for name in names.iter().filter(|name| !name.is_empty()) {
        let named = |(_, text): &(i64, String)| has_words(text, name);
        let near: Vec<(i64, String)> = commitments::table
            .filter(commitments::text.like(anywhere(name)).escape('!'))
            .select((commitments::id, commitments::text))
            .load(conn)?;
        for (id, _) in near.into_iter().filter(named) {
            diesel::update(commitments::table.find(id))
                .set(commitments::text.eq(ERASED))
                .execute(conn)?;
        }
        let near: Vec<(i64, String)> = commitment_ends::table
            .filter(commitment_ends::note.like(anywhere(name)).escape('!'))
            .select((commitment_ends::id, commitment_ends::note))
            .load(conn)?;
        for (id, _) in near.into_iter().filter(named) {
            diesel::update(commitment_ends::table.find(id))
                .set(commitment_ends::note.eq(ERASED))
                .execute(conn)?;
        }
    }
    Ok(())
}

/// Replaces what others called a screen or a shared goal with one of these names in it.
pub fn replace_titles(conn: &mut Conn, names: &[String]) -> Result<()> {
    let screens_now: Vec<(i64, String)> = screens::table
        .select((screens::id, screens::name))
        .load(conn)?;
    let goals_now: Vec<(i64, String)> = shared_goals::table
        .select((shared_goals::id, shared_goals::name))
        .load(conn)?;
    let is_named = |(_, title): &(i64, String)| {
        let mut names = names.iter().filter(|name| !name.is_empty());
        names.any(|name| has_words(title, name))
    };
    for (id, _) in screens_now.into_iter().filter(is_named) {
        diesel::update(screens::table.find(id))
            .set(screens::name.eq(ERASED))
            .execute(conn)?;
    }
    for (id, _) in goals_now.into_iter().filter(is_named) {
        diesel::update(shared_goals::table.find(id))
            .set(shared_goals::name.eq(ERASED))
            .execute(conn)?;
    }
    Ok(())
}

/// Calls somebody otherwise from now on; `mark` is that of the address that they had.
pub fn rename(
    conn: &mut Conn,
    person_id: i64,
    (name, email, mark): (&str, &str, &str),
    now: Instant,
) -> Result<()> {
    diesel::update(people::table.find(person_id))
        .set((
            people::name.eq(name),
            people::email.eq(email),
            people::password_hash.eq(None::<String>),
            people::has_second_factor.eq(false),
            people::erased_at.eq(now),
            people::erased_hash.eq(mark),
        ))
        .execute(conn)?;
    Ok(())
}

/// Drops the uploads that wait and are somebody's, or in which `is_named` finds what is to go; one after the other, since
/// each may be large.
pub fn drop_uploads(
    conn: &mut Conn,
    person_id: Option<i64>,
    is_named: impl Fn(&[u8]) -> bool,
) -> Result<()> {
    let waiting: Vec<(i64, i64)> = import_uploads::table
        .order(import_uploads::id)
        .select((import_uploads::id, import_uploads::by_id))
        .load(conn)?;
    for (id, by_id) in waiting {
        let upload = import_uploads::table.find(id);
        let goes = match Some(by_id) == person_id {
            true => true,
            false => {
                let content: Vec<u8> = upload.select(import_uploads::content).first(conn)?;
                is_named(&content)
            }
        };
        if goes {
            diesel::delete(upload).execute(conn)?;
        }
    }
    Ok(())
}

/// Nothing happened since an instant.
#[derive(Debug, Clone, Copy)]
pub struct Silence {
    pub since: Instant,
    pub now: Instant,
}

/// Leads that are over without a win, with what is personal, to which nothing happened since. Who waits for a day waits.
#[diesel::dsl::auto_type(no_type_alias)]
fn are_silent(silence: Silence) -> _ {
    let over: Vec<Stage> = Stage::over();
    let since: Instant = silence.since;
    let today: NaiveDate = silence.now.to_utc().date_naive();
    let events = lead_events::table
        .filter(lead_events::lead_id.eq(leads::id))
        .filter(lead_events::entered_at.ge(since));
    let entries = activities::table
        .filter(activities::lead_id.eq(leads::id.nullable()))
        .filter(activities::entered_at.ge(since));
    let signals = lead_signals::table
        .filter(lead_signals::lead_id.eq(leads::id))
        .filter(lead_signals::entered_at.ge(since));
    let waits = leads::next_step_on
        .is_not_null()
        .and(leads::next_step_on.assume_not_null().ge(today));
    leads::stage
        .eq_any(over)
        .and(leads::erased_at.is_null())
        .and(leads::listed_at.lt(since))
        .and(diesel::dsl::not(waits))
        .and(diesel::dsl::not(diesel::dsl::exists(events)))
        .and(diesel::dsl::not(diesel::dsl::exists(entries)))
        .and(diesel::dsl::not(diesel::dsl::exists(signals)))
}

pub fn count_silent(conn: &mut Conn, silence: Silence) -> Result<i64> {
    let found = leads::table.filter(are_silent(silence)).count();
    Ok(found.get_result(conn)?)
}

/// The ids of the first of them, at most `most`.
pub fn silent(conn: &mut Conn, silence: Silence, most: i64) -> Result<Vec<i64>> {
    Ok(leads::table
        .filter(are_silent(silence))
        .order(leads::id)
        .limit(most)
        .select(leads::id)
        .load(conn)?)
}

pub fn is_silent(conn: &mut Conn, silence: Silence, id: i64) -> Result<bool> {
    let found = leads::table.find(id).filter(are_silent(silence)).count();
    Ok(found.get_result::<i64>(conn)? > 0)
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
    let theirs = handovers::table
        .filter(handovers::lead_id.eq(lead_id))
        .select(handovers::id);
    let carried = handover_lines::table.filter(handover_lines::handover_id.eq_any(theirs));
    diesel::update(carried.filter(handover_lines::part.eq(Part::Signal)))
        .set(handover_lines::text.eq(""))
        .execute(conn)?;
    // Nobody is asked to go on with it.
    diesel::delete(leads_above::table.find(lead_id)).execute(conn)?;
    diesel::update(leads::table.find(lead_id))
        .set((
            leads::erased_at.eq(now),
            leads::next_step_on.eq(None::<NaiveDate>),
        ))
        .execute(conn)?;
    Ok(())
}
