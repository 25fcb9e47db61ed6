//! The rules: pure functions over dates and numbers. No I/O, no clock, no database.
//! Section numbers in this folder are those of the project's definitions of its metrics.

pub mod access;
pub mod attribution;
pub mod beta;
pub mod day;
pub mod display;
pub mod habit;
mod hours;
pub mod lead_score;
mod metric;
pub mod moves;
mod ownership;
pub mod plan;
pub mod profile;
pub mod ramp;
pub mod rank;
pub mod rates;
pub mod score;
pub mod stage;
pub mod suggestion;
pub mod survival;
pub mod target;
pub mod technique;
pub mod wait;
pub mod weekdays;
pub mod workday;
pub mod zone;
