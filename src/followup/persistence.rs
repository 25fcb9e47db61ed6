//! How often leads are tried, what each further attempt brings, and when they are given up. Source: METRICS.md 2.1.

use super::store::{self, Row};
use super::{Awaited, Filters, Ground, REPORT, Read, maturing};
use crate::db::Conn;
use crate::error::Result;
use crate::leads::cohort::{self, About, Attempt, Counted, Grouping, Key, Ownerships, grouped};
use crate::rules::access::Me;
use crate::rules::persistence::{self, GivenUp, MANY, QUIET_DAYS};
use crate::rules::rates::Rate;
use crate::value::Instant;
use serde::Serialize;
use std::collections::HashMap;

/// So many attempts are told one by one.
pub const MOST_ATTEMPTS: usize = 10;

/// The attempts at one hand-over.
#[derive(Debug, Clone)]
pub struct Effort {
    handover_id: i64,
    start: Instant,
    key: Key,
    /// Whether each reached somebody, oldest first.
    pub attempts: Vec<bool>,
    pub is_given_up: bool,
    /// Of the attempts, those that were entered late.
    pub late: u64,
}

impl Counted for Effort {
    fn handover(&self) -> (i64, Instant, Key) {
        (self.handover_id, self.start, self.key)
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct Report {
    #[serde(flatten)]
    pub about: About,
    pub by: Option<Grouping>,
    pub groups: Vec<Group>,
    /// Of all groups together, for the page.
    #[serde(skip)]
    pub total: Figures,
    #[serde(skip)]
    pub versions: Vec<i64>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Group {
    #[serde(rename = "group")]
    pub name: String,
    #[serde(flatten)]
    pub figures: Figures,
    /// Of weeks: whether nothing is concluded of them yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maturing: Option<bool>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Figures {
    pub n: u64,
    /// Hand-overs with an attempt, and all attempts at them.
    pub tried: u64,
    pub attempts: u64,
    /// Of all attempts, those that were entered late.
    pub late: u64,
    pub attempts_per_lead: Option<f64>,
    pub given_up: u64,
    /// How many were given up after 0, 1, ... attempts; the last is for six and more.
    pub given_up_after: [u64; MANY + 1],
    pub six_or_more: Option<f64>,
    pub six_or_more_low: Option<f64>,
    pub six_or_more_high: Option<f64>,
    pub after_one: Option<f64>,
    pub after_one_low: Option<f64>,
    pub after_one_high: Option<f64>,
    pub by_attempt: Vec<ByAttempt>,
}

/// What an attempt brought to those not reached before it.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ByAttempt {
    pub attempt: usize,
    pub tried: u64,
    pub reached: u64,
    /// The share reached by then; those still being worked are not left out.
    pub reached_by: f64,
    pub reached_by_low: Option<f64>,
    pub reached_by_high: Option<f64>,
    /// Of those tried, the share that it reached itself.
    pub share: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

impl ByAttempt {
    fn of(one: persistence::Attempt) -> ByAttempt {
        let rate = Rate {
            k: one.reached,
            n: one.tried,
        };
        let (low, high) = rate.interval().unzip();
        let (reached_by_low, reached_by_high) = one.band.unzip();
        ByAttempt {
            attempt: one.attempt,
            tried: one.tried,
            reached: one.reached,
            reached_by: one.reached_by,
            reached_by_low,
            reached_by_high,
            share: rate.share(),
            low,
            high,
        }
    }
}

/// Reads the report; `me` sees what they may, and nobody (the command line) sees all.
pub fn report(conn: &mut Conn, filters: &Filters, me: Option<&Me>) -> Result<Report> {
    let read = efforts(conn, filters, me)?;
    // How often a lead was tried is known once the time is over in which it should be reached or ended.
    let weeks = maturing::Weeks::read(conn, filters, Awaited::Contact, me)?;
    let group = |(key, members): (&Key, &Vec<&Effort>)| Group {
        maturing: weeks.has(*key),
        name: read.names.of(*key),
        figures: Figures::of(members),
    };
    let mut groups: Vec<Group> = grouped(filters.by, &read.all).iter().map(group).collect();
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Report {
        about: About::new(REPORT, Some("persistence"), &filters.cohort),
        by: filters.by,
        groups,
        total: Figures::of(&read.all.iter().collect::<Vec<_>>()),
        versions: read.versions,
    })
}

/// Reads the attempts at each hand-over.
pub fn efforts(conn: &mut Conn, filters: &Filters, me: Option<&Me>) -> Result<Read<Effort>> {
    let needs_owners = filters.by.is_some_and(Grouping::is_of_owners);
    let mut ground = Ground::load(conn, filters, needs_owners, me)?;
    let as_of = filters.cohort.as_of;
    let past = Past {
        starts: by_lead(store::starts(conn, ground.span)?),
        attempts: by_lead(
            cohort::attempts(conn, ground.span, as_of)?
                .into_iter()
                .filter(|attempt| !(filters.without_late && attempt.is_late))
                .map(|attempt| (attempt.lead_id, attempt)),
        ),
        unreachable: by_lead(store::unreachable(conn, ground.span, as_of)?),
    };
    let ownerships = Ownerships {
        owners: std::mem::take(&mut ground.owners),
        calendars: &ground.calendars,
    };
    let effort = |row: &Row| {
        let until = row.closed_at.map_or(as_of, |closed| closed.min(as_of));
        let key = cohort::key(filters.by, row.member(), until, &ownerships);
        past.effort(row, key, as_of)
    };
    let all = ground.rows.iter().map(effort).collect();
    Read::new(conn, &ground, all, filters.by)
}

/// What happened to the leads, by lead, oldest first.
struct Past {
    starts: HashMap<i64, Vec<Instant>>,
    attempts: HashMap<i64, Vec<Attempt>>,
    unreachable: HashMap<i64, Vec<Instant>>,
}

fn by_lead<T>(rows: impl IntoIterator<Item = (i64, T)>) -> HashMap<i64, Vec<T>> {
    let mut leads: HashMap<i64, Vec<T>> = HashMap::new();
    for (lead_id, one) in rows {
        leads.entry(lead_id).or_default().push(one);
    }
    leads
}

impl Past {
    /// From the hand-over until its first closing, the lead's next hand-over or the report.
    fn effort(&self, row: &Row, key: Key, as_of: Instant) -> Effort {
        let start = row.handed_over_at;
        let starts = self.starts.get(&row.lead_id).into_iter().flatten();
        let next = starts.copied().find(|at| *at > start && *at <= as_of);
        let is_before_next = |at: Instant| next.is_none_or(|next| at < next);
        let closed = row
            .closed_at
            .filter(|at| *at <= as_of && is_before_next(*at));
        let is_its = |at: Instant| {
            at >= start && is_before_next(at) && closed.is_none_or(|closed| at <= closed)
        };
        let all = self.attempts.get(&row.lead_id).into_iter().flatten();
        let own: Vec<&Attempt> = all.filter(|attempt| is_its(attempt.at)).collect();
        let contact = row
            .first_contact_at
            .filter(|at| *at <= as_of && is_before_next(*at));
        let is_unreachable = || {
            let said = self.unreachable.get(&row.lead_id).into_iter().flatten();
            said.copied().any(|at| Some(at) == closed)
        };
        let is_quiet = || {
            let last = own.last().filter(|_| closed.is_none() && next.is_none());
            last.is_some_and(|last| as_of.seconds_since(last.at) >= (QUIET_DAYS * 86_400) as f64)
        };
        Effort {
            handover_id: row.id,
            start,
            key,
            is_given_up: is_unreachable() || (contact.is_none() && is_quiet()),
            late: own.iter().filter(|attempt| attempt.is_late).count() as u64,
            attempts: own.iter().map(|attempt| attempt.is_reached).collect(),
        }
    }
}

impl Figures {
    pub fn of(members: &[&Effort]) -> Figures {
        let tried = members
            .iter()
            .filter(|effort| !effort.attempts.is_empty())
            .count() as u64;
        let attempts: u64 = members
            .iter()
            .map(|effort| effort.attempts.len() as u64)
            .sum();
        let given_up = members.iter().filter(|effort| effort.is_given_up);
        let given_up = GivenUp::of(given_up.map(|effort| effort.attempts.len()));
        let each = persistence::by_attempt(members.iter().map(|effort| effort.attempts.as_slice()));
        let (many, one) = (given_up.many(), given_up.after_one());
        let (many_band, one_band) = (many.interval().unzip(), one.interval().unzip());
        Figures {
            n: members.len() as u64,
            tried,
            attempts,
            late: members.iter().map(|effort| effort.late).sum(),
            attempts_per_lead: (tried > 0).then(|| attempts as f64 / tried as f64),
            given_up: given_up.n(),
            given_up_after: given_up.after,
            six_or_more: many.share(),
            six_or_more_low: many_band.0,
            six_or_more_high: many_band.1,
            after_one: one.share(),
            after_one_low: one_band.0,
            after_one_high: one_band.1,
            by_attempt: each
                .into_iter()
                .take(MOST_ATTEMPTS)
                .map(ByAttempt::of)
                .collect(),
        }
    }

    /// Of all attempts, those that were entered late.
    pub fn late_rate(&self) -> Rate {
        Rate {
            k: self.late,
            n: self.attempts,
        }
    }

    /// The share given up after so many attempts.
    pub fn given_up_after(&self, attempts: usize) -> Rate {
        let after = self.given_up_after;
        GivenUp { after }.share_of(attempts)
    }
}
