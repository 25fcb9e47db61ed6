//! What a pack said when it was made: kept as it is, and read the same for ever. A field that is added later has a
//! default, so that old packs are still read.

use crate::rules::rates::Rate;
use crate::value::Instant;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// The week that it is about, both days included.
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub made_at: Instant,
    /// The version of the definitions in force.
    pub definition: i64,
    pub reps: Vec<Rep>,
    /// Of open leads, those of nobody too.
    pub owners: Vec<Owner>,
    /// Of the hand-overs of the week: of all, and of each team.
    pub levels: Vec<Level>,
    pub reasons: Vec<Reason>,
    pub disputes: Vec<Dispute>,
    pub visits: Vec<Visit>,
    pub goals: Vec<Goal>,
    /// Commitments that were open, and those settled since the pack before.
    pub carried: Vec<Carried>,
}

/// The week of somebody who prospects, against their targets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rep {
    pub person_id: i64,
    pub name: String,
    pub team_id: Option<i64>,
    pub team: String,
    /// All teams of the week: what was done in one counts here too.
    #[serde(default)]
    pub teams: Vec<i64>,
    /// Whether it stands here without its owner, as a line to reach: a place and what ranks, and nothing else.
    #[serde(default)]
    pub is_line: bool,
    /// Among the people of their team, by share of the own target; ties share it, and who was away has none.
    pub place: Option<usize>,
    pub hit: u32,
    pub expected: u32,
    /// Working days that asked nothing, or half, as holidays and time off made them.
    pub off: Vec<Off>,
    pub activities: f64,
    pub reached: f64,
    pub leads_reached: f64,
    /// Of the activities, those that were entered late; absent in packs of before.
    #[serde(default)]
    pub late: Option<f64>,
    pub against: Vec<Against>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Off {
    pub day: NaiveDate,
    pub is_half: bool,
}

/// A metric against what the targets of the week asked for; absent where there is nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Against {
    pub metric: String,
    pub value: Option<f64>,
    pub target: Option<f64>,
    /// Value by target, of a line to reach that is ranked by it.
    #[serde(default)]
    pub share: Option<f64>,
}

/// The open leads of an owner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Owner {
    pub person_id: Option<i64>,
    pub name: String,
    pub team_id: Option<i64>,
    pub open: u64,
    pub untouched: u64,
    pub oldest_untouched: Option<OpenLead>,
    pub oldest_open: Option<OpenLead>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenLead {
    pub uid: String,
    pub name: String,
    pub handed_over_at: Instant,
}

/// Both sides' promises for some hand-overs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// Of one team, or of those whose leads no team owned; of all where `is_all`, which has a name where it is all that
    /// its reader leads.
    pub team_id: Option<i64>,
    pub team: String,
    pub is_all: bool,
    pub n: u64,
    pub sales: Vec<Promise>,
    pub marketing: Vec<Share>,
    /// Leads handed over and promised, of all only.
    pub delivered: Option<u64>,
    pub promised: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Promise {
    pub label: String,
    pub met: u64,
    pub missed: u64,
    pub pending: u64,
    pub not_applicable: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Share {
    pub label: String,
    pub k: u64,
    pub n: u64,
    /// How many may still be kept, or not; absent in packs of before.
    #[serde(default)]
    pub pending: Option<u64>,
}

/// How often leads of a source ended for a reason in the week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    pub source: String,
    pub event: String,
    pub reason: String,
    pub team_id: Option<i64>,
    pub n: u64,
}

/// A rejection that marketing disputes, and nobody has settled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dispute {
    pub uid: String,
    pub name: String,
    pub owner_id: Option<i64>,
    pub team_id: Option<i64>,
    pub reason: String,
    pub disputed_at: Instant,
    pub says: String,
}

/// A joint visit or call of the week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    pub day: NaiveDate,
    pub person_id: i64,
    pub person: String,
    pub with: String,
    #[serde(default)]
    pub with_id: Option<i64>,
    pub kind: String,
    pub outcome: String,
    pub team_id: Option<i64>,
    /// Empty without a lead.
    pub lead_uid: String,
    pub lead: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    #[serde(default)]
    pub id: i64,
    pub name: String,
    pub measure: String,
    pub currency: String,
    pub value: f64,
    pub amount: f64,
    /// The share of its working time that was gone, 0 to 1.
    pub gone: f64,
    pub to: NaiveDate,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Carried {
    pub id: i64,
    pub text: String,
    pub owner_id: i64,
    pub owner: String,
    pub due_on: NaiveDate,
    /// The Monday of the pack that it was made on.
    pub made_on: NaiveDate,
    /// A word of `Verdict`; absent while it is open.
    pub verdict: Option<String>,
    pub note: String,
}

impl Rep {
    /// Whether there is a figure of their week: whoever was away all of it and logged nothing has none, and a line to reach
    /// has no more than what ranks. Source: PRODUCT.md 7, rule 8.
    pub fn has_week(&self) -> bool {
        !self.is_line && self.against.iter().any(|one| one.value.is_some())
    }

    /// Of the activities, those that reached somebody; of nothing for a line to reach.
    pub fn share_reached(&self) -> Rate {
        let [k, n] = [self.reached, self.activities].map(|count| count.max(0.0) as u64);
        Rate { k, n }
    }
}

impl Promise {
    /// Met of those that are judged.
    pub fn rate(&self) -> Rate {
        Rate {
            k: self.met,
            n: self.met + self.missed,
        }
    }
}

impl Share {
    pub fn rate(&self) -> Rate {
        Rate {
            k: self.k,
            n: self.n,
        }
    }
}
