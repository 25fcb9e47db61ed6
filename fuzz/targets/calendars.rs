#![no_main]
//! Whatever comes as a file of hours, holidays or days off is read into rows; and whatever hours, zones and days off
//! somebody has make a calendar, whose answers agree with each other.

use touchline::imports::Kind;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    match bytes.split_first() {
        Some((first, rest)) if first % 2 == 1 => touchline_fuzz::expand(rest),
        Some((first, rest)) => {
            // The first byte is even: its half chooses.
            let bytes: Vec<u8> = [first / 2]
                .into_iter()
                .chain(rest.iter().copied())
                .collect();
            touchline_fuzz::check(&bytes, &[Kind::Calendar, Kind::Holidays, Kind::TimeOff]);
        }
        None => {}
    }
});
