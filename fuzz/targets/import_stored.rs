#![no_main]
//! As `csv_import` and `calendars`, and what is good is written into a database and taken back: some tens a second.

use touchline::imports::Kind;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    touchline_fuzz::import(bytes, Kind::ALL);
});
