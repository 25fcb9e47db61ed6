//! What a lead's company is like, as far as territories and the score ask.

pub mod store;
