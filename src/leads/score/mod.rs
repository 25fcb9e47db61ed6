//! The lead score: points by rules that marketing and sales set together (METRICS.md 6.1).
//!
//! `leads.score` is the score that holds: what the rules give where any of them knows something of the lead, else what
//! somebody or a file gave it (`leads.given_score`). Verbs that change what rules ask about call [`refresh_of`]; as days
//! pass, [`refresh`] lets behaviour fade.

pub mod agreement;
mod chart;
pub mod check;
mod fields;
pub mod pages;
mod preview;
pub mod renamed;
pub mod store;
mod words;

pub use preview::{Change, Preview, preview};
pub use store::RuleSet;
pub use words::{Explained, Reason, explain, kind_names, lines, points};

use super::{profile, signals};
use crate::app::Tx;
use crate::audit;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::inbox::{self, Notice, NoticeKind};
use crate::lists;
use crate::page;
use crate::people::{self, Directory};
use crate::rules::access::READERS;
use crate::rules::lead_score::{Happened, Rules, Scored, Traits};
use crate::rules::profile::Profile;
use crate::rules::score_span::Span;
use crate::rules::stage::Stage;
use crate::value::Instant;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};
use store::ScoredLead;

/// Leads looked at together.
pub const BATCH_LEADS: i64 = 500;
/// Above so many crossings at once one word for all of them is told.
const TOLD_EACH: usize = 5;
const WHY_MOST: usize = 300;

/// The rules, with the names that they compare.
pub struct Ground {
    pub rules: Rules,
    labels: HashMap<i64, String>,
}

/// Some leads with what is known of each.
struct Known {
    profiles: HashMap<i64, Profile>,
    signals: HashMap<i64, Vec<Happened>>,
}

impl Known {
    fn load(conn: &mut Conn, leads: &[ScoredLead]) -> Result<Known> {
        let ids: Vec<i64> = leads.iter().map(|lead| lead.id).collect();
        Ok(Known {
            profiles: profile::store::of_leads(conn, &ids)?,
            signals: signals::store::happened(conn, &ids)?,
        })
    }
}

impl Ground {
    pub fn new(conn: &mut Conn, rules: Rules) -> Result<Ground> {
        Ok(Ground {
            rules,
            labels: lists::store::label_names(conn)?,
        })
    }

    fn scored(&self, lead: &ScoredLead, known: &Known, now: Instant) -> Scored {
        let signals = known.signals.get(&lead.id).map_or(&[][..], Vec::as_slice);
        self.rules.score(&self.traits(lead, known), signals, now)
    }

    /// What the score may be that was worked out between two instants.
    fn span(&self, lead: &ScoredLead, known: &Known, between: (Instant, Instant)) -> Span {
        let signals = known.signals.get(&lead.id).map_or(&[][..], Vec::as_slice);
        self.rules.span(&self.traits(lead, known), signals, between)
    }

    fn traits<'t>(&'t self, lead: &'t ScoredLead, known: &'t Known) -> Traits<'t> {
        static NOTHING: LazyLock<Profile> = LazyLock::new(Profile::default);
        let name = |id: Option<i64>| {
            let name = id.and_then(|id| self.labels.get(&id));
            name.map_or("", String::as_str)
        };
        Traits {
            profile: known.profiles.get(&lead.id).unwrap_or(&NOTHING),
            title: &lead.title,
            source: name(lead.source_id),
            campaign: name(lead.campaign_id),
            urgency: lead.urgency,
        }
    }

    /// The score that holds by these rules.
    fn holds(&self, lead: &ScoredLead, known: &Known, now: Instant) -> Option<f64> {
        held(&self.scored(lead, known, now), lead.given_score)
    }

    /// Writes what the rules give; returns the leads in nurture that have reached the line by it.
    fn settle(&self, conn: &mut Conn, leads: &[ScoredLead], now: Instant) -> Result<Vec<i64>> {
        let known = Known::load(conn, leads)?;
        let ids: Vec<i64> = leads.iter().map(|lead| lead.id).collect();
        let above = store::above(conn, &ids)?;
        let mut crossed = Vec::new();
        for lead in leads {
            let score = self.holds(lead, &known, now);
            if score != lead.score {
                store::set_score(conn, lead.id, score)?;
            }
            match (above.contains(&lead.id), self.rules.is_above(score)) {
                (true, false) => store::set_below(conn, lead.id)?,
                (false, true) => {
                    let is_first = store::set_above(conn, lead.id, now)?;
                    if is_first && lead.stage == Stage::Nurture && !lead.is_stopped {
                        crossed.push(lead.id);
                    }
                }
                _ => {}
            }
        }
        Ok(crossed)
    }
}

/// The computed score holds as soon as a rule knows anything of the lead; till then the given one does.
fn held(scored: &Scored, given: Option<f64>) -> Option<f64> {
    match scored.is_empty() {
        true => given,
        false => Some(scored.total()),
    }
}

/// Brings the scores of some leads up to date and tells nobody: for leads that come in as they are. Returns those in
/// nurture that reached the line by it.
pub fn settle(conn: &mut Conn, lead_ids: &[i64], now: Instant) -> Result<Vec<i64>> {
    let current = store::current(conn)?;
    let ground = current
        .map(|set| Ground::new(conn, set.rules))
        .transpose()?;
    let mut crossed = Vec::new();
    for ids in lead_ids.chunks(BATCH_LEADS as usize) {
        match &ground {
            None => store::restore_given(conn, ids)?,
            Some(ground) => {
                let leads = store::scored(conn, ids)?;
                crossed.extend(ground.settle(conn, &leads, now)?);
            }
        }
    }
    Ok(crossed)
}

/// As [`settle`], for a lead that is handed over or entered just now, whatever its stage was.
pub fn renew(conn: &mut Conn, lead_id: i64, now: Instant) -> Result<()> {
    let lead = store::any(conn, lead_id)?;
    match (store::current(conn)?, lead) {
        (Some(set), Some(lead)) => {
            Ground::new(conn, set.rules)?.settle(conn, &[lead], now)?;
            Ok(())
        }
        _ => store::restore_given(conn, &[lead_id]),
    }
}

/// As [`settle`], for leads of an import, whose given scores hold already where there are no rules. It tells nobody: a
/// file brings what was, and who imported it sees it.
pub fn settle_imported(conn: &mut Conn, lead_ids: &[i64], now: Instant) -> Result<()> {
    if store::current(conn)?.is_some() {
        settle(conn, lead_ids, now)?;
    }
    Ok(())
}

/// Brings the scores of some leads up to date, in the transaction that changed what is known of them, and tells
/// marketing which came up.
pub fn refresh_of(tx: &mut Tx, lead_ids: &[i64]) -> Result<()> {
    store::hold(tx.conn, lead_ids)?;
    let crossed = settle(tx.conn, lead_ids, tx.now)?;
    tell(tx, &crossed)
}

/// Lets the behaviour of the next [`BATCH_LEADS`] leads after an id fade, as of `tx.now`; returns where to go on, or
/// `None` when all are done. Begin with 0, a transaction for each call.
pub fn refresh(tx: &mut Tx, after: i64) -> Result<Option<i64>> {
    let Some(set) = store::current(tx.conn)? else {
        return Ok(None);
    };
    let found = store::next_to_fade(tx.conn, after, BATCH_LEADS)?;
    let leads = store::held(tx.conn, &found)?;
    let crossed = Ground::new(tx.conn, set.rules)?.settle(tx.conn, &leads, tx.now)?;
    tell(tx, &crossed)?;
    let is_last = found.len() < BATCH_LEADS as usize;
    Ok(found.last().map(|lead| lead.id).filter(|_| !is_last))
}

/// Tells marketing which leads in nurture have come up: each by itself, or all in one word where they are many.
fn tell(tx: &mut Tx, crossed: &[i64]) -> Result<()> {
    if crossed.is_empty() {
        return Ok(());
    }
    let directory: Arc<Directory> = tx.kept.get(tx.conn)?;
    let marketing = directory.marketing();
    let mut say = |lead_id, text: String| {
        let notice = Notice {
            lead_id,
            text,
            ..Notice::default()
        };
        inbox::tell(tx, &marketing, NoticeKind::CrossedLine, &notice)
    };
    if crossed.len() > TOLD_EACH {
        let many = crossed.len();
        return say(
            None,
            format!("{many} leads in nurture have reached the line"),
        );
    }
    let text = "Its score has reached the line: it is ready to hand over";
    crossed
        .iter()
        .try_for_each(|id| say(Some(*id), text.to_owned()))
}

/// The score that a lead would begin with, and the line, where it is below; `None` on the line or above it, where nothing is
/// known of it, and without rules.
pub fn below_line(
    conn: &mut Conn,
    traits: &Traits,
    signals: &[Happened],
    given: Option<f64>,
    now: Instant,
) -> Result<Option<(f64, f64)>> {
    let Some(set) = store::current(conn)? else {
        return Ok(None);
    };
    let score = held(&set.rules.score(traits, signals, now), given);
    let below = score.filter(|_| !set.rules.is_above(score));
    Ok(below.map(|score| (score, set.rules.line)))
}

/// What became of a new set of rules.
#[derive(Debug, PartialEq, Eq)]
pub enum Saved {
    Stored,
    /// Somebody saved another version since the asker looked, in a sentence.
    Newer(String),
}

/// Saves rules as a new version and brings all scores up to date. `seen` is the version that the asker changed, 0 for
/// none. Refused: rules that make no sense, none at all, no reason.
pub fn save(tx: &mut Tx, rules: &Rules, why: &str, seen: i32) -> Result<Saved> {
    let me = tx.me()?;
    if !READERS.allows(me.role) {
        return Err(Error::Forbidden);
    }
    let current = store::current(tx.conn)?;
    let version = current.as_ref().map_or(0, |set| set.version);
    if let Some(newer) = current.filter(|set| set.version != seen) {
        return Ok(Saved::Newer(news(tx, &newer)?));
    }
    if rules.fit.is_empty() && rules.behaviour.is_empty() {
        return Err(Error::refused("Enter at least one rule."));
    }
    if why.is_empty() || why.chars().count() > WHY_MOST {
        return Err(Error::refused("Say why, in at most 300 characters."));
    }
    if let Some((_, fault)) = rules.fit.iter().find_map(|rule| rule.fault()) {
        return Err(Error::refused(fault));
    }
    add(tx, version + 1, rules, why)?;
    Ok(Saved::Stored)
}

/// Writes a version down, brings all scores up to date and tells both sides.
fn add(tx: &mut Tx, version: i32, rules: &Rules, why: &str) -> Result<()> {
    let set = RuleSet {
        version,
        why: why.to_owned(),
        by_id: tx.by_id(),
        at: tx.now,
        rules: rules.clone(),
    };
    store::add_set(tx.conn, &set)?;
    settle_all(tx, rules)?;
    tell_of_rules(tx, version, why)?;
    let detail = format!("version {version}: {why}");
    audit::note(tx, "changed", "lead score", None, &detail)
}

/// Brings all scores up to date by the rules that hold, and tells marketing which leads came up.
fn settle_all(tx: &mut Tx, rules: &Rules) -> Result<()> {
    let ground = Ground::new(tx.conn, rules.clone())?;
    let mut crossed = Vec::new();
    let mut after = 0;
    loop {
        let found = store::next_scored(tx.conn, after, BATCH_LEADS)?;
        let Some(last) = found.last() else { break };
        after = last.id;
        let leads = store::held(tx.conn, &found)?;
        crossed.extend(ground.settle(tx.conn, &leads, tx.now)?);
    }
    tell(tx, &crossed)
}

/// Tells both sides of a new version, since either may save one.
fn tell_of_rules(tx: &mut Tx, version: i32, why: &str) -> Result<()> {
    let directory: Arc<Directory> = tx.kept.get(tx.conn)?;
    let both = [directory.managers(), directory.marketing()].concat();
    let notice = Notice {
        text: format!("Version {version} of the score's rules holds: {why}"),
        ..Notice::default()
    };
    inbox::tell(tx, &both, NoticeKind::ScoreRules, &notice)
}

/// Who saved a version, when and why, in a sentence.
fn news(tx: &mut Tx, newer: &RuleSet) -> Result<String> {
    let zone = &tx.me()?.zone;
    let who = match newer.by_id {
        Some(id) => people::store::by_id(tx.conn, id)?.map(|person| person.name),
        None => None,
    };
    let who = who.unwrap_or_else(|| "Somebody".to_owned());
    let when = page::short_time(newer.at, zone, zone.day_of(tx.now));
    Ok(format!(
        "{who} saved version {} while you had the page open, {when}: \u{201c}{}\u{201d}. What you entered is below: \
         compare it with the history, then save again if it is still right.",
        newer.version, newer.why
    ))
}
