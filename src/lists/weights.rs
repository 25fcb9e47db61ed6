//! What a kind is worth in the score, by date: METRICS.md 4.2 until an admin says otherwise.

use super::store::{self, Weight};
use super::{Kind, Lists};
use crate::app::Tx;
use crate::audit;
use crate::error::{Error, Result};
use crate::page;
use crate::rules::score::Channel;
use chrono::NaiveDate;
use std::collections::HashMap;

/// The most that one activity may be worth.
pub const WEIGHT_MOST: f64 = 1000.0;
/// The largest daily cap; more need none.
pub const CAP_MOST: u32 = 1000;

/// The weights of all kinds, each kind's in the order of their first days and then as they were written.
#[derive(Debug, Default)]
pub struct Weights(HashMap<i64, Vec<Weight>>);

impl Weights {
    pub(super) fn new(rows: Vec<Weight>) -> Weights {
        let mut weights = Weights::default();
        for row in rows {
            weights.0.entry(row.kind_id).or_default().push(row);
        }
        for rows in weights.0.values_mut() {
            rows.sort_by_key(|row| (row.valid_from, row.id));
        }
        weights
    }

    /// All that were set for a kind.
    pub fn of(&self, kind_id: i64) -> &[Weight] {
        self.0.get(&kind_id).map_or(&[], Vec::as_slice)
    }

    /// The one that holds on a day; `None` where the default does.
    pub fn on(&self, kind_id: i64, day: NaiveDate) -> Option<&Weight> {
        self.of(kind_id).iter().rfind(|row| row.valid_from <= day)
    }
}

impl Lists {
    /// What a kind is worth on a day.
    pub fn channel(&self, kind: &Kind, day: NaiveDate) -> Channel {
        worth(&self.weights, kind, day)
    }

    /// [`Lists::channel`] by the kind's name.
    pub fn channel_named(&self, name: &str, day: NaiveDate) -> Channel {
        let kind = self.kinds.iter().find(|kind| kind.name == name);
        kind.map_or_else(|| Channel::of(name), |kind| self.channel(kind, day))
    }
}

/// What a kind is worth on a day by some weights.
fn worth(weights: &Weights, kind: &Kind, day: NaiveDate) -> Channel {
    match weights.on(kind.id, day) {
        Some(row) => Channel {
            weight: row.weight,
            daily_cap: row.daily_cap.and_then(|cap| u32::try_from(cap).ok()),
        },
        None => Channel::of(&kind.name),
    }
}

/// Says what a kind is worth from a day on. Refused: a day before `today`, the latest one that it is for anybody: the
/// scores of days that have begun somewhere stay as they are.
pub fn weigh(
    tx: &mut Tx,
    kind: &Kind,
    channel: Channel,
    (valid_from, today): (NaiveDate, NaiveDate),
    reason: &str,
) -> Result<()> {
    if valid_from < today {
        return Err(Error::refused(format!(
            "Past days keep their scores: choose {} or later.",
            page::day(today)
        )));
    }
    if !(0.0..=WEIGHT_MOST).contains(&channel.weight) || channel.daily_cap == Some(0) {
        return Err(Error::refused(
            "Enter a weight from 0 to 1000, and a cap of at least 1.",
        ));
    }
    let rows = store::weights(tx.conn)?;
    let before = worth(&Weights::new(rows), kind, valid_from);
    store::add_weight(
        tx.conn,
        kind.id,
        channel,
        (valid_from, reason),
        (tx.by_id(), tx.now),
    )?;
    let was = format!("{} {}", kind.name, in_words(before));
    let became = format!("{} {}, from {valid_from}", kind.name, in_words(channel));
    audit::change(tx, "weighed", ("kind", Some(kind.id)), &was, &became)
}

/// `2, cap 30`.
fn in_words(channel: Channel) -> String {
    let cap = channel.daily_cap.map(|cap| format!("cap {cap}"));
    format!("{}, {}", channel.weight, cap.as_deref().unwrap_or("no cap"))
}
