//! What every report on hand-overs says first of itself.

use super::Cohort;
use crate::value::Instant;
use chrono::NaiveDate;
use serde::Serialize;

/// Which report it is, and what it is about: IMPORT.md, "Reports".
#[derive(Debug, Clone, Serialize)]
pub struct About {
    pub report: &'static str,
    /// Where the report has several faces, which one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view: Option<&'static str>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub as_of: Instant,
    /// Where only hand-overs made under one version were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<i64>,
}

impl About {
    pub fn new(report: &'static str, view: Option<&'static str>, cohort: &Cohort) -> About {
        About {
            report,
            view,
            from: cohort.from,
            to: cohort.to,
            as_of: cohort.as_of,
            definition: cohort.definition,
        }
    }
}
