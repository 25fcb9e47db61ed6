//! A made-up team on a throw-away database.
