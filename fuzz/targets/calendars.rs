#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    touchline_fuzz::import(bytes, &["calendar.csv", "holidays.csv", "time_off.csv"]);
});
