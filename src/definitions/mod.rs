//! The agreement between sales and marketing, in versions that both heads sign: what words mean, and what each side
//! promises. A hand-over keeps the version that was in force when it was made.

pub mod diff;
mod fields;
mod heads;
pub mod pages;
pub mod store;
mod text;
pub mod under;
mod verbs;

pub use heads::{Chosen, Side, name_head, name_heads};
pub use store::{Content, Level, Signature, Version};
pub use text::RULES_IN_FORCE;
pub use verbs::{Done, begin, drop_draft, edit, sign};

use crate::db::Conn;
use crate::error::Result;
use crate::kept::Keep;
use crate::rules::level::{Clause, Limit, ServiceLevel};
use crate::rules::wait::Urgency;
use crate::value::Instant;
use std::collections::HashMap;

/// The versions that are or were in force, kept in memory: what a service level is, is a look-up.
pub struct Definitions {
    /// The oldest first; there is always one.
    versions: Vec<Version>,
    levels: HashMap<(i64, Urgency, Option<i64>), ServiceLevel>,
}

impl Keep for Definitions {
    fn load(conn: &mut Conn) -> Result<Definitions> {
        Ok(Definitions::new(store::all(conn)?))
    }
}

impl Definitions {
    fn new(mut versions: Vec<Version>) -> Definitions {
        versions.retain(|version| version.from.is_some());
        versions.sort_by_key(|version| (version.from, version.number));
        if versions.is_empty() {
            versions.push(Version::of_house());
        }
        let levels = versions.iter().flat_map(|version| {
            let levels = version.content.levels.iter();
            levels.map(|level| {
                (
                    (version.number, level.urgency, level.source_id),
                    level.promise,
                )
            })
        });
        Definitions {
            levels: levels.collect(),
            versions,
        }
    }

    /// The versions in the order in which they came into force.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The version in force at an instant; the first one for what lies before all.
    pub fn at(&self, at: Instant) -> &Version {
        let begun = self.versions.partition_point(|v| v.from <= Some(at));
        &self.versions[begun.saturating_sub(1)]
    }

    /// A version that is or was in force, by its number.
    pub fn version(&self, number: i64) -> Option<&Version> {
        self.versions.iter().find(|v| v.number == number)
    }

    /// What a version promises for a lead: the level of its urgency and source, else that of its urgency.
    pub fn level(&self, number: i64, urgency: Urgency, source_id: Option<i64>) -> ServiceLevel {
        let own = source_id.and_then(|_| self.levels.get(&(number, urgency, source_id)));
        let level = own.or_else(|| self.levels.get(&(number, urgency, None)));
        level
            .copied()
            .unwrap_or_else(|| ServiceLevel::of_house(urgency))
    }

    /// How many working days the longest limit of a promise has in any version: calendars look as far ahead.
    pub fn longest_days(&self, clause: Clause) -> u32 {
        let days = |level: &ServiceLevel| match clause.limit(level) {
            Some(Limit::WorkingDays(days)) => days,
            _ => 0,
        };
        self.levels.values().map(days).max().unwrap_or(0)
    }
}

impl Version {
    /// Version 1 of a workspace that has none: no text, and the house's own levels.
    fn of_house() -> Version {
        let level = |urgency: &Urgency| Level {
            urgency: *urgency,
            source_id: None,
            promise: ServiceLevel::of_house(*urgency),
        };
        Version {
            number: 1,
            content: Content {
                levels: Urgency::ALL.iter().map(level).collect(),
                ..Content::default()
            },
            revision: 1,
            edited_by_id: None,
            edited_at: Instant(i64::MIN),
            signatures: Vec::new(),
            from: Some(Instant(i64::MIN)),
        }
    }
}
