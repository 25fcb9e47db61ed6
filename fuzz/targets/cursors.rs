#![no_main]
//! Whatever comes as the place in a list leads to a place, or to the first page.

use touchline::form::Form;
use touchline::leads::list::{Cursor, Place};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Some(cursor) = Cursor::read(text) {
        assert_eq!(Cursor::read(&cursor.to_string()), Some(cursor));
        let _ = cursor.score();
    }
    let _ = Place::read(&Form::parse(text.as_bytes()));
    for name in ["after", "before"] {
        let _ = Place::read(&Form::filled([(name, text)]));
    }
});
