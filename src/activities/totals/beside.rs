//! What stands beside every volume: leads reached, and the share of activities that reached somebody. Source: PRODUCT.md
//! 7, rule 9.

use super::{ReachedOrNot, Span};
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::page::{self, DASH, Said};
use crate::rules::rates::Rate;
use crate::rules::target::Metric;
use crate::style;
use std::collections::HashMap;
use std::hash::Hash;

/// Counts of what stands beside a volume.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Beside {
    pub activities: f64,
    pub reached: f64,
    pub leads_reached: f64,
    /// Of the activities, those that were entered late.
    pub late: f64,
}

impl Beside {
    /// Counts what somebody did.
    pub fn add(&mut self, sum: &ReachedOrNot) {
        let quantity = sum.quantity as f64;
        self.activities += quantity;
        self.reached += if sum.is_reached { quantity } else { 0.0 };
    }

    /// Of the activities, those that reached somebody.
    pub fn share_reached(&self) -> Rate {
        let [k, n] = [self.reached, self.activities].map(|count| count.max(0.0) as u64);
        Rate { k, n }
    }

    /// Of the activities, those that were entered late.
    pub fn share_late(&self) -> Rate {
        let [k, n] = [self.late, self.activities].map(|count| count.max(0.0) as u64);
        Rate { k, n }
    }

    /// The share reached in whole percents, and what it rests on: `20 %` and `3 of 15, likely 7 to 45 %`.
    pub fn reached_words(&self) -> (String, String) {
        let rate = self.share_reached();
        let of = page::of(rate);
        match (rate.share(), rate.interval()) {
            (Some(_), _) if rate.is_warming_up() => (page::share(rate), of),
            (Some(share), Some((low, high))) => {
                let likely = format!(
                    "{of}, likely {} to {}",
                    style::decimal(low * 100.0, 0),
                    page::whole_percent(high)
                );
                (page::whole_percent(share), likely)
            }
            _ => (DASH.to_owned(), String::new()),
        }
    }

    /// `3 leads reached, share reached 20 % (3 of 15, likely 7 to 45 %)`.
    pub fn words(&self) -> String {
        let leads = leads_words(self.leads_reached);
        match self.reached_words() {
            (share, of) if of.is_empty() => format!("{leads}, share reached {share}"),
            (share, of) => format!("{leads}, share reached {} ({of})", share.to_lowercase()),
        }
    }
}

impl Beside {
    /// As [`Beside::words`], with what explains the leads and the share.
    pub fn said(&self, leads_href: &str, share_href: &str) -> Vec<Said> {
        let leads = leads_words(self.leads_reached);
        let (figure, noun) = leads.split_once(' ').unwrap_or((&leads, ""));
        let (share, of) = match self.reached_words() {
            (share, of) if of.is_empty() => (share, of),
            (share, of) => (share.to_lowercase(), format!(" ({of})")),
        };
        vec![
            Said {
                before: String::new(),
                figure: figure.to_owned(),
                after: format!(" {noun}, share reached "),
                href: leads_href.to_owned(),
            },
            Said {
                before: String::new(),
                figure: share,
                after: of,
                href: share_href.to_owned(),
            },
        ]
    }
}

/// `1 lead reached`, `12 leads reached`.
pub fn leads_words(leads: f64) -> String {
    match page::amount(leads) {
        one if one == "1" => "1 lead reached".to_owned(),
        leads => format!("{leads} leads reached"),
    }
}

/// What stands beside the volume of each key that `key` gives to (person, team at that time), all but what was entered
/// late, in two queries. A lead counts as reached once under each key.
pub fn by<K: Hash + Eq + Copy>(
    conn: &mut Conn,
    kept: Kept,
    span: &Span,
    key: impl Fn(i64, Option<i64>) -> Option<K>,
) -> Result<HashMap<K, Beside>> {
    let mut all: HashMap<K, Beside> = HashMap::new();
    for sum in super::reached_or_not(conn, span)? {
        if let Some(key) = key(sum.person_id, sum.team_id) {
            all.entry(key).or_default().add(&sum);
        }
    }
    let leads = super::by(
        conn,
        kept,
        &Metric::LeadsReached,
        span,
        |person, team, _| key(person, team),
    )?;
    for (key, leads) in leads {
        all.entry(key).or_default().leads_reached = leads;
    }
    Ok(all)
}
