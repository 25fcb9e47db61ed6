//! The parameters of a report: the flags of its command with `_` in place of `-`, read by the same parser, so that what one
//! takes the other takes too.

use crate::cli::report::Command;
use crate::error::{Error, Result};
use crate::form::Form;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, CommandFactory, Parser};
use std::error::Error as _;

/// Flags of the command alone: here the answer is JSON, and for who asks.
const OF_THE_COMMAND: [&str; 2] = ["format", "seen_by"];

#[derive(Parser)]
#[command(
    no_binary_name = true,
    disable_help_flag = true,
    disable_help_subcommand = true
)]
struct Line {
    #[command(subcommand)]
    report: Command,
}

/// Reads the parameters of a report; an empty one is as good as none. Refused, with a sentence that says what is allowed.
pub fn command(name: &str, query: &Form) -> Result<Command> {
    let flags = flags(name);
    let mut words = vec![name.to_owned()];
    for (given, value) in query.pairs().filter(|(_, value)| !value.is_empty()) {
        let Some(flag) = flags.iter().find(|flag| parameter(flag) == given) else {
            return Err(Error::refused(format!(
                "There is no parameter {given:?} here: use {}.",
                parameters(name).join(", ")
            )));
        };
        if query.values(given).count() > 1 {
            return Err(Error::refused(format!(
                "{given} comes twice: give it once."
            )));
        }
        words.extend(word(flag, value)?);
    }
    let line = Line::try_parse_from(words);
    line.map(|line| line.report)
        .map_err(|error| in_parameters(Error::refused(sentence(&error))))
}

/// What a report can be asked for.
pub fn parameters(name: &str) -> Vec<String> {
    flags(name).iter().map(parameter).collect()
}

/// The flags of a report's command that are parameters here; none of a report that there is not.
fn flags(name: &str) -> Vec<Arg> {
    let line = Line::command();
    let report = line.find_subcommand(name);
    let flags = report.into_iter().flat_map(|report| report.get_arguments());
    flags
        .filter(|flag| !OF_THE_COMMAND.contains(&parameter(flag).as_str()))
        .cloned()
        .collect()
}

/// What a flag is called here.
fn parameter(flag: &Arg) -> String {
    flag.get_long().unwrap_or_default().replace('-', "_")
}

/// A flag as it is typed; nothing where it is switched off.
fn word(flag: &Arg, value: &str) -> Result<Option<String>> {
    let long = flag.get_long().unwrap_or_default();
    match (flag.get_action().takes_values(), value) {
        (true, value) => Ok(Some(format!("--{long}={value}"))),
        (false, "true") => Ok(Some(format!("--{long}"))),
        (false, "false") => Ok(None),
        (false, _) => Err(Error::refused(format!(
            "{} is true or false, and not {value:?}.",
            parameter(flag)
        ))),
    }
}

/// What is wrong, as the parser knows it.
fn sentence(error: &clap::Error) -> String {
    let known = |kind| match error.get(kind) {
        Some(ContextValue::String(one)) => vec![one.as_str()],
        Some(ContextValue::Strings(all)) => all.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    // The parser calls a flag that takes a value `--by <BY>`.
    let flags = known(ContextKind::InvalidArg).into_iter();
    let flags: Vec<&str> = flags.filter_map(|flag| flag.split(' ').next()).collect();
    let flag = flags.join(" and ");
    match (error.kind(), error.source()) {
        (ErrorKind::InvalidValue, _) => {
            let allowed = known(ContextKind::ValidValue).join(", ");
            let value = known(ContextKind::InvalidValue).join(" ");
            format!("{flag} is one of {allowed}, and not {value:?}.")
        }
        (ErrorKind::MissingRequiredArgument, _) => format!("This needs {flag} too."),
        (_, Some(why)) => format!("{flag} is not right: {why}."),
        (_, None) => format!("{flag} is not right."),
    }
}

/// A refusal of the command's in the words of the API: `--as-of` is `as_of` here.
pub fn in_parameters(error: Error) -> Error {
    let Error::Refused(why) = error else {
        return error;
    };
    let words = why.split(' ').map(|word| match word.strip_prefix("--") {
        Some(flag) => flag.replace('-', "_"),
        None => word.to_owned(),
    });
    Error::refused(words.collect::<Vec<_>>().join(" "))
}
