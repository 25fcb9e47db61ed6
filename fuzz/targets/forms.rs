#![no_main]
//! Whatever comes as a form is read into fields, and each field by every reader.

use touchline::form::{Form, read_currency, read_day, read_email, read_micros};
use touchline::rules::network::Network;
use touchline::rules::target::Metric;
use touchline::rules::zone::Zone;
use touchline::urls;
use touchline::value::Instant;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut form = Form::parse(bytes);
    let pairs: Vec<(String, String)> = form
        .pairs()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    for (name, value) in &pairs {
        assert!(!value.contains('\0'), "PostgreSQL takes no NUL");
        let _ = form.required(name, 20, "a word");
        let _ = form.text(name, 20);
        let _ = form.day(name);
        let _ = form.email(name);
        let _ = (read_day(value), read_email(value), read_micros(value));
        let _ = (read_currency(value), Instant::parse(value), Zone::named(value));
        let _ = (value.parse::<Metric>(), value.parse::<Network>());
        let local = urls::local_path(value);
        assert!(local.starts_with('/') && !local.starts_with("//"), "{local:?}");
        let again = Form::parse(urls::with_query("", &[("a", value)]).trim_start_matches('?').as_bytes());
        assert_eq!(again.value("a"), value.trim(), "what is written into an address is read again");
    }
});
