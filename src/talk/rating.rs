//! How good a hand-over was, by its owner, and which content or message landed.

pub use super::store::Rating;
use super::{home, store};
use crate::app::Tx;
use crate::error::{Error, Result};
use crate::inbox::{self, Notice, NoticeKind};
use crate::leads::{self, Handover};
use crate::people::Directory;
use crate::value::Instant;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

/// A rating to be written down.
#[derive(Debug, Clone)]
pub struct NewRating {
    /// 1 to 5.
    pub stars: i32,
    /// What landed: an asset of the list, or free words.
    pub asset_id: Option<i64>,
    pub landed: String,
    pub note: String,
}

/// Rates the newest hand-over of a lead, by its owner; a later rating holds, and the earlier one stays in the trail.
pub fn rate(tx: &mut Tx, lead_uid: &str, new: &NewRating) -> Result<()> {
    let lead = leads::visible(tx, lead_uid)?;
    let me = tx.me()?.id;
    if lead.owner_id != Some(me) {
        return Err(Error::Forbidden);
    }
    leads::refuse_words(&lead, &[&new.landed, &new.note])?;
    if !(1..=5).contains(&new.stars) {
        return Err(Error::refused("Choose 1 to 5."));
    }
    let handovers = leads::store::handovers(tx.conn, lead.id)?;
    let Some(handover) = handovers.last() else {
        return Err(Error::refused("Only a lead that was handed over is rated."));
    };
    let ratings = store::ratings(tx.conn, lead.id)?;
    if rating_of(&ratings, &handovers, handover).is_some_and(|known| known.says(new)) {
        return Ok(());
    }
    store::add_rating(tx, handover, new)?;
    let text = match new.landed.as_str() {
        "" => format!("Rated {} of 5", new.stars),
        landed => format!("Rated {} of 5; what landed: {landed}", new.stars),
    };
    let notice = Notice {
        lead_id: Some(lead.id),
        handover_id: Some(handover.id),
        text,
        ..Notice::default()
    };
    let directory: Arc<Directory> = tx.kept.get(tx.conn)?;
    let people = directory.answering(handover.by_id);
    inbox::tell(tx, &people, NoticeKind::Rated, &notice)
}

/// The rating that holds for one of a lead's hand-overs: its newest, by [`home`].
pub fn rating_of<'r>(
    ratings: &'r [Rating],
    handovers: &[Handover],
    handover: &Handover,
) -> Option<&'r Rating> {
    let starts: Vec<Instant> = handovers.iter().map(|h| h.handed_over_at).collect();
    let start = Some(handover.handed_over_at);
    let is_theirs = |r: &&Rating| home(&starts, r.handed_over_at, r.at) == start;
    ratings.iter().filter(is_theirs).max_by_key(|r| r.id)
}

/// An average rating and on how many it rests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Average {
    pub n: u64,
    pub sum: u64,
}

impl Average {
    pub fn add(&mut self, stars: i32) {
        self.n += 1;
        self.sum += u64::try_from(stars).unwrap_or(0);
    }

    /// 1 to 5; nothing of none.
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| self.sum as f64 / self.n as f64)
    }
}

/// What resonates: the average rating of each asset, campaign or whatever the hand-overs are told apart by.
pub fn averages<K: Eq + Hash>(rated: impl IntoIterator<Item = (K, i32)>) -> HashMap<K, Average> {
    let mut averages: HashMap<K, Average> = HashMap::new();
    for (key, stars) in rated {
        averages.entry(key).or_default().add(stars);
    }
    averages
}

impl Rating {
    /// Whether it is the same one, as of a form that was sent twice.
    fn says(&self, new: &NewRating) -> bool {
        self.stars == new.stars
            && self.asset_id == new.asset_id
            && self.landed == new.landed
            && self.note == new.note
    }

    /// The asset that it speaks of: the one that landed, else that of the hand-over. Free words speak of none.
    pub fn asset(&self, of_handover: Option<i64>) -> Option<i64> {
        match self.landed.as_str() {
            "" => of_handover,
            _ => self.asset_id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_says_on_how_many_ratings_it_rests() {
        let averages = averages([("list", 1), ("guide", 5), ("guide", 4)]);
        assert_eq!(averages["guide"], Average { n: 2, sum: 9 });
        assert_eq!(averages["guide"].mean(), Some(4.5));
        assert_eq!(Average::default().mean(), None);
    }
}
