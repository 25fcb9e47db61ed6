//! Hand-overs and what became of them: marketing's page, and the same for sales about their own.

mod csv;
mod explain;
mod fields;
mod figures;
mod filter;
mod page;
mod passed;
pub mod store;
mod told;
mod waiting;

pub use explain::show as explain;
pub use figures::Totals;
pub use page::index;
