//! The rules: pure functions over dates and numbers. No I/O, no clock, no database.
//! Section numbers in this folder are those of the project's definitions of its metrics.

pub mod access;
pub mod attribution;
pub mod beta;
pub mod comparison;
pub mod day;
pub mod display;
pub mod funnel_plot;
pub mod habit;
mod hours;
pub mod lead_score;
pub mod legs;
pub mod level;
mod metric;
pub mod moves;
mod ownership;
pub mod persistence;
pub mod plan;
pub mod profile;
pub mod ramp;
pub mod rank;
pub mod rates;
pub mod score;
pub mod speed;
pub mod stage;
pub mod suggestion;
pub mod survival;
pub mod target;
pub mod technique;
pub mod territory;
pub mod tiers;
pub mod wait;
pub mod watch;
pub mod weekdays;
pub mod workday;
pub mod zone;
