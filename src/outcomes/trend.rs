//! Which hand-overs a trend of reasons compares: the older and the newer half of those that were followed long enough.

use super::figures::Story;
use crate::value::Instant;

/// A trend is told of ends within so many days of the hand-over, and of hand-overs that were followed as long: else the
/// newer ones would have ended more seldom, and for other reasons, only because they are younger.
pub const TREND_DAYS: i64 = 14;

/// Where the newer half begins of the hand-overs that were followed long enough: with the one in the middle.
pub fn middle(members: &[&Story]) -> Option<Instant> {
    let followed = members.iter().filter(|s| s.is_followed_for(TREND_DAYS));
    let mut starts: Vec<Instant> = followed.map(|story| story.start.at).collect();
    starts.sort_unstable();
    starts.get(starts.len() / 2).copied()
}

/// Whether a hand-over is of the newer half; in neither where it was not followed long enough.
pub fn is_newer(story: &Story, middle: Instant) -> Option<bool> {
    let is_followed = story.is_followed_for(TREND_DAYS);
    is_followed.then_some(story.start.at >= middle)
}

/// Whether it ended so soon that the trend counts it.
pub fn is_soon(story: &Story) -> bool {
    story.ended_within(TREND_DAYS)
}
