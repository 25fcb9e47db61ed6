//! The gym card of one person: a year of days, strength, streak, consistency, records, corrections. Private: one's own,
//! or that of somebody whose manager one is.

mod beside;
mod figures;
mod page;
mod pictures;

pub use page::{choose, correct, own, theirs};
