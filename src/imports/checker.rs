//! Checking files as often as one likes, by what the database knew when it was asked once.

use super::{Plan, Report, Source};
use crate::db::Conn;
use crate::error::Result;
use crate::value::Instant;

/// What rows may name and are compared with, as the database had it at one time. Machines that try what nobody would
/// type ask it thousands of times a second (`fuzz/`).
pub struct Checker(Plan);

impl Checker {
    /// Reads what the database knows. An error of the database is given on.
    pub fn load(conn: &mut Conn) -> Result<Checker> {
        Plan::empty(conn).map(Checker)
    }

    /// Checks every row as [`super::check`] does, all but the flags: whether imported history broke a rule for people at
    /// the keyboard is told by what a lead went through, for which the database is asked.
    pub fn check(&self, now: Instant, sources: &[Source]) -> Report {
        let mut plan = self.0.clone();
        plan.report.files = plan.read_all(now, sources, &mut |_| {});
        plan.report.made = plan.books.made();
        plan.report
    }
}
