//! The import page for admins.
