//! The rep's Today: targets, entries, next leads.
