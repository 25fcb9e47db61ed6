//! What is odd in a log, and worth a word from whoever wrote it (section 4.2): for a list that they see first, never for
//! a board.

use crate::value::Instant;
use crate::words;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

words! {
    /// What is odd.
    pub enum Sign {
        /// Many touches within minutes.
        Burst = "burst",
        /// The same note on many leads.
        Alike = "alike",
        /// Entries made long after what they tell of.
        Late = "late",
        /// A share reached that chance does not explain.
        Reached = "reached",
    }
}

/// More touches than this within [`BURST_S`] are a burst.
pub const BURST_OVER: usize = 20;
pub const BURST_S: i64 = 600;
/// A note on so many leads of one week, of so many words, is odd: shorter ones are what everybody writes.
pub const ALIKE_LEADS: usize = 5;
pub const ALIKE_WORDS: usize = 3;

/// The stretches of touches, given in order of time, of which each is within ten minutes of more than 20; stretches that
/// touch are one.
pub fn bursts(times: &[Instant]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut end = 0;
    for (start, first) in times.iter().enumerate() {
        let last = first.plus_seconds(BURST_S);
        while end < times.len() && times[end] <= last {
            end += 1;
        }
        if end - start <= BURST_OVER {
            continue;
        }
        match found.last_mut() {
            Some(before) if start < before.end => before.end = end,
            _ => found.push(start..end),
        }
    }
    found
}

/// When a burst was known to be one: with the first touch by which more than 20 of ten minutes were. Given are when each
/// happened, in order of that, and when it was known; what comes later does not move the day. `None` without a burst.
pub fn burst_known(touches: &[(Instant, Instant)]) -> Option<Instant> {
    let mut first: Option<Instant> = None;
    let mut end = 0;
    for (start, (begin, _)) in touches.iter().enumerate() {
        let last = begin.plus_seconds(BURST_S);
        while end < touches.len() && touches[end].0 <= last {
            end += 1;
        }
        let mut known: Vec<Instant> = touches[start..end].iter().map(|(_, at)| *at).collect();
        if known.len() > BURST_OVER {
            let (_, crossed, _) = known.select_nth_unstable(BURST_OVER);
            first = Some(first.map_or(*crossed, |first| first.min(*crossed)));
        }
    }
    first
}

/// When a note was known to stand on five leads. Given are lead, and when it was known; what comes later does not move
/// the day. `None` on fewer leads.
pub fn alike_known(notes: &[(i64, Instant)]) -> Option<Instant> {
    let mut notes = notes.to_vec();
    notes.sort_by_key(|(_, at)| *at);
    let mut leads = BTreeSet::new();
    let mut crossed = notes.into_iter().filter(|(lead, _)| {
        leads.insert(*lead);
        leads.len() >= ALIKE_LEADS
    });
    crossed.next().map(|(_, at)| at)
}

/// A note as it is compared: without case and spaces.
pub fn plain(note: &str) -> String {
    let words: Vec<String> = note.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// The notes that stand on five leads or more, in order of their words, each with the places where it stands. Given are
/// lead and note.
pub fn alike(notes: &[(i64, &str)]) -> Vec<(String, Vec<usize>)> {
    let mut by_words: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, (_, note)) in notes.iter().enumerate() {
        let words = plain(note);
        if words.split(' ').count() >= ALIKE_WORDS {
            by_words.entry(words).or_default().push(at);
        }
    }
    let leads = |places: &[usize]| {
        let leads: BTreeSet<i64> = places.iter().map(|at| notes[*at].0).collect();
        leads.len()
    };
    let mut found: Vec<_> = by_words.into_iter().collect();
    found.retain(|(_, places)| leads(places) >= ALIKE_LEADS);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every(seconds: i64, count: i64) -> Vec<Instant> {
        (0..count)
            .map(|at| Instant(0).plus_seconds(at * seconds))
            .collect()
    }

    #[test]
    fn twenty_touches_in_ten_minutes_are_work_and_one_more_is_a_burst() {
        assert!(bursts(&every(10, 20)).is_empty());
        assert_eq!(bursts(&every(10, 21)), vec![0..21; 1]);
        // Exactly ten minutes from the first to the last.
        assert_eq!(bursts(&every(30, 21)), vec![0..21; 1]);
        assert!(bursts(&every(31, 200)).is_empty());
        assert!(bursts(&[]).is_empty());
    }

    #[test]
    fn stretches_that_overlap_are_one_burst_and_others_are_their_own() {
        assert_eq!(bursts(&every(20, 60)), vec![0..60; 1]);
        let mut two = every(1, 30);
        two.extend(every(1, 25).iter().map(|at| at.plus_seconds(3_600)));
        assert_eq!(bursts(&two), [0..30, 30..55]);
    }

    #[test]
    fn the_same_words_on_five_leads_are_told_whatever_their_case_and_spaces() {
        let note = "Asked for  the price";
        let mut notes: Vec<(i64, &str)> = (0..4).map(|lead| (lead, note)).collect();
        notes.push((3, note));
        assert_eq!(alike(&notes), []);
        notes.push((9, "asked FOR the price "));
        let found = alike(&notes);
        assert_eq!(
            found,
            [("asked for the price".to_owned(), vec![0, 1, 2, 3, 4, 5])]
        );
        let short: Vec<(i64, &str)> = (0..9).map(|lead| (lead, "left voicemail")).collect();
        assert_eq!(alike(&short), []);
    }
}
