//! The passwords with which people sign in: only their hashes are kept.

pub mod store;
