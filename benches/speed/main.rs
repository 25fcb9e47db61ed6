//! How fast Touchline is, beside the bare server and the bare database in the same run.
//!
//! `cargo bench` prints ratios; TOUCHLINE_TEST_DATA names the folder of the real data sets (without it
//! the import and the report are left out).

mod http;
mod load;
mod reports;
mod scale;
mod start;

fn main() {
    println!("what                                        ours        bare       ratio   wanted");
    if let Some(address) = scale_address() {
        return scale::run(&address);
    }
    start::run();
    http::run();
    reports::run();
}

/// One line of the result; `ratio` is ours to bare as the limit reads it.
fn line(what: &str, ours: String, bare: String, ratio: f64, wanted: &str) {
    println!("{what:<40} {ours:>11} {bare:>11} {ratio:>10.2}   {wanted}");
}

/// The word after `scale` among the arguments.
fn scale_address() -> Option<String> {
    let mut arguments = std::env::args().skip_while(|argument| argument != "scale");
    arguments.nth(1)
}

/// The middle of several measurements.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A setting of the bench.
#[expect(
    clippy::disallowed_methods,
    reason = "a bench reads its own setting, at its start"
)]
fn data_folder() -> Option<std::path::PathBuf> {
    std::env::var_os("TOUCHLINE_TEST_DATA").map(Into::into)
}
