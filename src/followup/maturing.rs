//! Weeks whose hand-overs may still be tried in time: nothing is concluded of them. Source: PRODUCT.md 7, rule 4.

use super::comparison::LEAST_LEADS;
use super::figures::Waiting;
use super::{Awaited, Filters, waitings};
use crate::csv_out::Cell;
use crate::db::Conn;
use crate::error::Result;
use crate::leads::cohort::{Grouping, Key, grouped};
use crate::rules::access::Me;
use crate::rules::zone::Zone;
use crate::value::Instant;
use chrono::Days;
use std::collections::HashSet;

/// Whether a group matures: a week that is not over, or of which the time is not over in which one of its hand-overs
/// should be tried (by contact, reached or ended). `None` of groups that are no weeks, since of these some always are.
pub fn of(key: Key, members: &[&Waiting], zone: &Zone, as_of: Instant) -> Option<bool> {
    let Key::Week(monday) = key else {
        return None;
    };
    let is_over = zone.midnight(monday + Days::new(7)) <= as_of;
    Some(!is_over || members.iter().any(|waiting| waiting.is_young))
}

/// The weeks that mature, for the faces that measure something else than how soon; none where nothing is by week.
pub struct Weeks(Option<HashSet<Key>>);

impl Weeks {
    /// Reads them by the same waitings as the report on speed, until `event`.
    pub fn read(
        conn: &mut Conn,
        filters: &Filters,
        event: Awaited,
        me: Option<&Me>,
    ) -> Result<Weeks> {
        if filters.by != Some(Grouping::Week) {
            return Ok(Weeks(None));
        }
        let asked = Filters {
            event,
            limit_us: None,
            ..*filters
        };
        let read = waitings(conn, &asked, me)?;
        let members = grouped(filters.by, &read.all).into_iter();
        let maturing = members.filter(|(key, members)| {
            of(*key, members, &read.zone, filters.cohort.as_of) == Some(true)
        });
        Ok(Weeks(Some(maturing.map(|(key, _)| key).collect())))
    }

    /// Whether a group is one of them; `None` where nothing is by week.
    pub fn has(&self, key: Key) -> Option<bool> {
        self.0.as_ref().map(|weeks| weeks.contains(&key))
    }
}

/// What is to be said of a group before anything is concluded of it.
pub fn note(n: u64, maturing: Option<bool>) -> &'static str {
    match (n < LEAST_LEADS, maturing) {
        (true, _) => "Warming up",
        (false, Some(true)) => "Maturing",
        _ => "",
    }
}

/// The same for a file: whether a week matures, and nothing of other groups.
pub fn cell(maturing: Option<bool>) -> Cell {
    Cell::from(match maturing {
        Some(true) => "true",
        Some(false) => "false",
        None => "",
    })
}
