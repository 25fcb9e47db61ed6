//! One file a kind: what its rows say, how they compare with the database, and how they are written.

pub mod activities;
pub mod calendar;
mod changed_leads;
pub mod days;
pub mod flags;
pub mod histories;
pub mod lead_events;
pub mod leads;
pub mod people;
mod promised;
mod store;
pub mod targets;
