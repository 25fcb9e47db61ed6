//! Touchline.
pub mod rules;
pub mod value;
