//! The lead score of the demo: companies, what leads did of late, two versions of the rules, and leads near the line.

use super::cast::{self, CAST, MANAGERS, MARKETING};
use super::dice::Dice;
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::handover::{self, Story};
use crate::leads::score::store::{ScoredLead, next_scored};
use crate::leads::score::{self, RuleSet};
use crate::leads::signals::store::SignalRow;
use crate::leads::signals::{self, NewSignal};
use crate::leads::{self, profile};
use crate::people;
use crate::rules::lead_score::{BehaviourRule, Comparison, Field, FitRule, Rules};
use crate::rules::profile::Profile;
use crate::rules::stage::Stage;
use std::collections::HashMap;

/// Any number of its own, so that the rest of the story stays as it is.
const SEED: u64 = 20_260_618;
const DAY_S: i64 = 86_400;

/// Country, region and the first digits of a post code.
const PLACES: [(&str, &str, &str); 6] = [
    ("Germany", "North", "20"),
    ("Germany", "East", "10"),
    ("Germany", "South", "80"),
    ("Austria", "East", "10"),
    ("Switzerland", "North", "80"),
    ("Netherlands", "West", "30"),
];
const EMPLOYEES: [u32; 7] = [8, 25, 60, 140, 320, 900, 2400];
const SEGMENTS: [&str; 4] = ["Industry", "Retail", "Hospitality", "Public sector"];

/// A kind of signal by its seeded name, with what it says.
const SIGNALS: [(&str, &str); 12] = [
    ("Downloaded", "Energy savings guide"),
    ("Downloaded", "Savings calculator"),
    ("Visited prices", "Three times in a week"),
    ("Visited prices", ""),
    ("Attended", "Webinar on lighting audits, to the end"),
    ("Opened an e-mail", "Spring newsletter"),
    ("Opened an e-mail", ""),
    ("Asked for a demo", "By the form on the website"),
    ("New management", "New head of operations since last month"),
    ("Funding", "Loan for the renewal of two halls"),
    ("New site", "Opens a second warehouse in autumn"),
    (
        "Research note",
        "Their lease on the old lighting ends this year.",
    ),
];

/// Field, comparison, value, points.
type Fit = (Field, Comparison, &'static str, f64);

const FIRST_FIT: [Fit; 4] = [
    (Field::Country, Comparison::Is, "Germany", 10.0),
    (Field::Employees, Comparison::AtLeast, "100", 15.0),
    (Field::Title, Comparison::Contains, "head", 10.0),
    (Field::Source, Comparison::Is, "Purchased list", -10.0),
];
const SECOND_FIT: [Fit; 3] = [
    (Field::Title, Comparison::Contains, "director", 15.0),
    (Field::Segment, Comparison::Is, "Industry", 10.0),
    (Field::Employees, Comparison::AtMost, "20", -15.0),
];
const FIRST_BEHAVIOUR: [(&str, f64); 4] = [
    ("Asked for a demo", 25.0),
    ("Visited prices", 15.0),
    ("Attended", 10.0),
    ("Downloaded", 5.0),
];
const SECOND_BEHAVIOUR: [(&str, f64); 3] = [
    ("Opened an e-mail", 1.0),
    ("New management", 10.0),
    ("Funding", 10.0),
];
const LINE: f64 = 40.0;
/// So many of those that are ready are handed over, so long ago.
const HANDED_OVER: usize = 6;
const AGO_S: i64 = 25 * 60;
/// So many come up just now.
const COMING_UP: usize = 3;

pub fn set(tx: &mut Tx) -> Result<()> {
    let dice = &mut Dice::new(SEED);
    let mut leads = Vec::new();
    loop {
        let after = leads.last().map_or(0, |lead: &ScoredLead| lead.id);
        let next = next_scored(tx.conn, after, score::BATCH_LEADS)?;
        if next.is_empty() {
            break;
        }
        leads.extend(next);
    }
    let kinds = signals::store::kinds(tx.conn)?;
    let kinds: HashMap<String, i64> = kinds.into_iter().map(|k| (k.name, k.id)).collect();
    set_profiles(tx, dice, &leads)?;
    add_signals(tx, dice, &leads, &kinds)?;
    add_rules(tx, &kinds)?;
    let ids: Vec<i64> = leads.iter().map(|lead| lead.id).collect();
    score::settle(tx.conn, &ids, tx.now)?;
    hand_over(tx)?;
    come_up(tx, &ids, &kinds)
}

fn set_profiles(tx: &mut Tx, dice: &mut Dice, leads: &[ScoredLead]) -> Result<()> {
    let mut profiles = Vec::new();
    for lead in leads {
        let (country, region, code) = dice.pick(&PLACES);
        let profile = Profile {
            country: country.to_owned(),
            region: region.to_owned(),
            post_code: format!("{code}{:03}", dice.between(0, 999)),
            employees: Some(dice.pick(&EMPLOYEES)),
            segment: dice.pick(&SEGMENTS).to_owned(),
        };
        profiles.push((lead.id, profile));
    }
    let ids: Vec<i64> = leads.iter().map(|lead| lead.id).collect();
    let known = profile::store::of_leads(tx.conn, &ids)?;
    let new = profiles.iter().filter(|(id, _)| !known.contains_key(id));
    let new: Vec<(i64, &Profile)> = new.map(|(id, profile)| (*id, profile)).collect();
    profile::store::add_all(tx.conn, &new)
}

/// Leads in nurture are watched the most.
fn add_signals(
    tx: &mut Tx,
    dice: &mut Dice,
    leads: &[ScoredLead],
    kinds: &HashMap<String, i64>,
) -> Result<()> {
    let by_id = Some(id_of(tx, MARKETING[0])?);
    for lead in leads {
        let many = match lead.stage {
            Stage::Nurture => dice.between(0, 4),
            _ => dice.between(0, 2),
        };
        for _ in 0..many {
            let (kind, what) = dice.pick(&SIGNALS);
            let at = tx.now.plus_seconds(-dice.between(DAY_S / 4, 40 * DAY_S));
            let row = SignalRow {
                uid: uuid::Uuid::now_v7().to_string(),
                lead_id: lead.id,
                kind_id: id_in(kinds, kind)?,
                at,
                entered_at: at,
                what: what.to_owned(),
                asset_id: None,
                link: String::new(),
                by_id,
                is_withdrawn: false,
                replaces_id: None,
            };
            signals::store::add(tx.conn, &row)?;
        }
    }
    Ok(())
}

fn add_rules(tx: &mut Tx, kinds: &HashMap<String, i64>) -> Result<()> {
    let rule = |(field, comparison, value, points): &Fit| FitRule {
        field: *field,
        comparison: *comparison,
        value: (*value).to_owned(),
        points: *points,
    };
    let counts = |(name, points): &(&str, f64)| -> Result<BehaviourRule> {
        Ok(BehaviourRule {
            kind_id: id_in(kinds, name)?,
            points: *points,
        })
    };
    let first = FIRST_BEHAVIOUR.iter().map(counts);
    let mut rules = Rules {
        line: 45.0,
        fit: FIRST_FIT.iter().map(rule).collect(),
        behaviour: first.collect::<Result<_>>()?,
    };
    let add = |tx: &mut Tx, version, rules: &Rules, why: &str, who, days_ago: i64| {
        let set = RuleSet {
            version,
            why: why.to_owned(),
            by_id: Some(id_of(tx, who)?),
            at: tx.now.plus_seconds(-days_ago * DAY_S),
            rules: rules.clone(),
        };
        score::store::add_set(tx.conn, &set)
    };
    let why = "What we agreed at the start of the quarter";
    add(tx, 1, &rules, why, MARKETING[0], 58)?;
    rules.fit.extend(SECOND_FIT.iter().map(rule));
    for counted in SECOND_BEHAVIOUR.iter().map(counts) {
        rules.behaviour.push(counted?);
    }
    rules.line = LINE;
    let why = "Directors buy, and what changes at a company counts";
    add(tx, 2, &rules, why, MANAGERS[0], 9)
}

/// Marketing hands over the leads that are the most ready, a while ago: with all that the promise carries.
fn hand_over(tx: &mut Tx) -> Result<()> {
    let me = cast::member(tx, MARKETING[0])?;
    let today = people::workspace(tx.conn)?.zone.day_of(tx.now);
    let ready = handover::ready::ready(tx.conn, today)?;
    let marketing = &mut Tx {
        conn: &mut *tx.conn,
        kept: tx.kept,
        me: Some(&me),
        now: tx.now.plus_seconds(-AGO_S),
        address: tx.address,
    };
    for (lead, _) in ready.into_iter().take(HANDED_OVER) {
        let uid = lead.uid.clone();
        let seen = Story::load(marketing.conn, lead)?.version();
        handover::ready::hand_over(marketing, &uid, &seen)?;
    }
    Ok(())
}

/// Some leads in nurture that were just below the line ask for a demo.
fn come_up(tx: &mut Tx, ids: &[i64], kinds: &HashMap<String, i64>) -> Result<()> {
    let mut near = leads::store::by_ids(tx.conn, ids)?;
    let is_near = |score: f64| (LINE - 20.0..LINE).contains(&score);
    near.retain(|lead| lead.stage == Stage::Nurture && lead.score.is_some_and(is_near));
    near.sort_by_key(|lead| lead.id);
    near.truncate(COMING_UP);
    let kind_id = id_in(kinds, "Asked for a demo")?;
    for lead in &near {
        let new = NewSignal::now(tx, kind_id, "By the form on the website");
        signals::write(tx, lead.id, &new, None, false)?;
        score::refresh_of(tx, &[lead.id])?;
    }
    Ok(())
}

fn id_of(tx: &mut Tx, who: usize) -> Result<i64> {
    let person = people::store::by_email(tx.conn, &CAST[who].email())?;
    Ok(person.ok_or(Error::NotFound)?.id)
}

fn id_in(kinds: &HashMap<String, i64>, name: &str) -> Result<i64> {
    kinds.get(name).copied().ok_or(Error::NotFound)
}
