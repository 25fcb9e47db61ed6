//! The rules: pure functions over dates and numbers. No I/O, no clock, no database.
