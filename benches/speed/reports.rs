//! The import and the reports on the real data, beside the bare database.
pub fn run() {}
