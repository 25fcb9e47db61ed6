//! What the program says while it runs: lines on standard error, for people or for programs.

use crate::config::{LogFormat, Logs};
use std::io::IsTerminal;
use std::panic::PanicHookInfo;
use tracing_subscriber::EnvFilter;

/// What is logged where nothing is set: all requests of a server, else only what goes wrong.
const OF_A_SERVER: &str = "warn,touchline=info";
const OF_A_COMMAND: &str = "warn";

/// Begins to log.
pub fn begin(logs: &Logs, is_server: bool) {
    let usual = if is_server { OF_A_SERVER } else { OF_A_COMMAND };
    let filter = EnvFilter::new(logs.log.as_deref().unwrap_or(usual));
    let lines = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(filter);
    match logs.log_format {
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
    std::panic::set_hook(Box::new(note_panic));
}

/// Says where, and not what: a message may quote what somebody wrote.
fn note_panic(panic: &PanicHookInfo) {
    let place = panic.location().map(ToString::to_string);
    let place = place.unwrap_or_default();
    tracing::error!(place, "a fault of ours ended what was being done");
}
