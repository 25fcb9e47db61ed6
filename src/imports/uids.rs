//! Public ids for many rows at once.

use crate::error::{Error, Result};
use crate::value::Instant;
use uuid::Builder;

/// Chance in one id, in bytes: beside a time and a count enough that no two are alike.
const CHANCE: usize = 6;

/// UUIDs of version 7 that sort in the order in which they are taken. The system is asked for chance once for all.
pub struct Uids {
    millis: u64,
    chance: Vec<u8>,
    taken: u32,
}

impl Uids {
    pub fn new(now: Instant, count: usize) -> Result<Uids> {
        let mut chance = vec![0; count * CHANCE];
        getrandom::fill(&mut chance).map_err(Error::internal)?;
        Ok(Uids {
            millis: (now.0 / 1_000).max(0) as u64,
            chance,
            taken: 0,
        })
    }

    /// The next one; as many as were asked for are unlike all others.
    pub fn take(&mut self) -> String {
        let mut bytes = [0; 10];
        // The first four bits give way to the version, and the first two of the third byte to the variant: the
        // count stands in the 26 bits around them.
        let [.., high, low] = self.taken.to_be_bytes();
        bytes[0] = (self.taken >> 22) as u8 & 0x0f;
        bytes[1] = (self.taken >> 14) as u8;
        bytes[2] = high & 0x3f;
        bytes[3] = low;
        let at = self.taken as usize * CHANCE;
        if let Some(chance) = self.chance.get(at..at + CHANCE) {
            bytes[4..].copy_from_slice(chance);
        }
        self.taken += 1;
        let uid = Builder::from_unix_timestamp_millis(self.millis, &bytes).into_uuid();
        uid.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_and_sort_as_they_are_taken() {
        let now = Instant(1_772_614_800_000_000);
        let mut uids = Uids::new(now, 70_000).unwrap();
        let taken: Vec<String> = (0..70_000).map(|_| uids.take()).collect();
        assert!(taken.windows(2).all(|pair| pair[0] < pair[1]));
        let again = Uids::new(now, 1).unwrap().take();
        assert!(!taken.contains(&again));
        assert_eq!(uuid::Uuid::parse_str(&again).unwrap().get_version_num(), 7);
    }
}
