//! The target ledger.
