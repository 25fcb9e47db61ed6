//! What the stories of follow-up speed and of lead outcomes share: leads and their histories, given as import files.

mod compared;
pub mod explained;
mod faces;
mod filters;
mod flags;
mod followup;
mod groupings;
mod maturing;
mod outcome_faces;
mod outcomes;
mod persistence;
mod real_data;
mod said;
mod scores;
mod shares;
mod speed;
mod taken_up;
mod working_clock;
mod worth;

use crate::world::World;
use serde_json::Value;
use touchline::imports::{self, Source};

/// Brings files into a world, as `touchline import` does; each is a name and its text.
fn import(world: &World, files: &[(&str, &str)]) {
    let files = files.iter();
    let sources: Vec<Source> = files
        .map(|(name, text)| Source::new(*name, text.as_bytes()))
        .collect();
    let report = world.write(|tx| imports::import(tx, &sources, false, &mut |_| {}));
    assert!(report.is_good(), "{report:?}");
}

/// The figures of a group of a printed report.
fn group<'r>(report: &'r Value, name: &str) -> &'r Value {
    let mut groups = report["groups"].as_array().expect("groups").iter();
    let found = groups.find(|group| group["group"] == name);
    found.unwrap_or_else(|| panic!("no group {name:?} in {report:#}"))
}

/// The names of the groups, in their order.
fn names(report: &Value) -> Vec<&str> {
    let groups = report["groups"].as_array().expect("groups").iter();
    groups
        .map(|g| g["group"].as_str().expect("a name"))
        .collect()
}
