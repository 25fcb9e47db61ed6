#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    touchline_fuzz::import(
        bytes,
        &[
            "people.csv",
            "targets.csv",
            "leads.csv",
            "activities.csv",
            "lead_events.csv",
        ],
    );
});
