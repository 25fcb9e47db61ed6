#![no_main]
//! Whatever comes as a file of people, targets, leads or what was done with them is read into rows, each good or named.

use touchline::imports::Kind;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    touchline_fuzz::check(
        bytes,
        &[
            Kind::People,
            Kind::Targets,
            Kind::Leads,
            Kind::Activities,
            Kind::LeadEvents,
        ],
    );
});
