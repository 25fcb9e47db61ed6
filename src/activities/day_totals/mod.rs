//! What the standing entries of a day add up to, kept beside them: changed in the transaction of each entry, so that
//! years are read without adding up every entry again (decision 17).

pub mod store;

use super::store::NewActivity;
use crate::db::Conn;
use crate::error::Result;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Whose day, in which team at that time (0 for none), of which kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayKey {
    pub person_id: i64,
    pub local_day: NaiveDate,
    pub team_id: i64,
    pub kind_id: i64,
}

/// Sums of quantities: of all entries, of prospecting ones, of those that reached somebody, and of meetings booked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    pub entries: i32,
    pub prospecting: i32,
    pub reached: i32,
    pub meetings: i32,
}

/// What one entry adds.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    pub key: DayKey,
    pub sums: Sums,
}

impl Share {
    pub fn of(new: &NewActivity) -> Share {
        let counts = |is_counted: bool| if is_counted { new.quantity } else { 0 };
        Share {
            key: DayKey {
                person_id: new.person_id,
                local_day: new.local_day,
                team_id: new.team_id.unwrap_or(0),
                kind_id: new.kind_id,
            },
            sums: Sums {
                entries: new.quantity,
                prospecting: counts(new.is_prospecting),
                reached: counts(new.is_prospecting && new.is_reached),
                meetings: counts(new.is_meeting),
            },
        }
    }

    /// What taking the entry back takes away.
    pub fn taken_back(self) -> Share {
        Share {
            key: self.key,
            sums: Sums {
                entries: -self.sums.entries,
                prospecting: -self.sums.prospecting,
                reached: -self.sums.reached,
                meetings: -self.sums.meetings,
            },
        }
    }
}

/// Adds what entries add, each day once and in one order, so that two who write at once never wait for each other in a
/// circle.
pub fn add(conn: &mut Conn, shares: impl IntoIterator<Item = Share>) -> Result<()> {
    let mut days: BTreeMap<DayKey, Sums> = BTreeMap::new();
    for Share { key, sums } in shares {
        let day = days.entry(key).or_default();
        day.entries += sums.entries;
        day.prospecting += sums.prospecting;
        day.reached += sums.reached;
        day.meetings += sums.meetings;
    }
    store::add(conn, &days)
}
