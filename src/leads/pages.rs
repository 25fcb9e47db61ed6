//! Pages of leads.
