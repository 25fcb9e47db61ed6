//! The habit of a team, for its manager: who is on track, with whom to talk, and the team's goal.

mod goals;
mod page;
mod team;
mod ways;

pub use page::index;
