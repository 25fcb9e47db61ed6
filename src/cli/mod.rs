//! The command line: each command is a few lines into a feature.

mod examples;
mod import;
mod keeping;
mod logs;
mod person;
pub mod report;
mod serve;

use crate::app::App;
use crate::clock::Clock;
use crate::config::{self, Config, Logs};
use crate::error::Result;
use clap::builder::Resettable;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::process::ExitCode;

/// A prospecting habit tracker with metrics: the rep's log, the manager's targets and marketing's receipt per lead.
#[derive(Parser)]
#[command(name = "touchline", version)]
struct Cli {
    #[command(flatten)]
    config: Config,
    #[command(flatten)]
    logs: Logs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the web app
    Serve(serve::Command),
    /// Add people and set passwords
    #[command(subcommand)]
    Person(person::Command),
    /// Print a report
    #[command(subcommand)]
    Report(report::Command),
    /// Import CSV files: people, calendar, holidays, time off, targets, leads, activities, lead events
    Import(import::Command),
    /// Create the database it names, or bring its tables up to date
    Migrate,
    /// Write a copy of the database into a file, while it is in use, and check the copy
    Backup(keeping::Backup),
    /// Make the database what a backup holds, all of it or nothing
    Restore(keeping::Restore),
    /// Sign everybody out and end all links: after another program than restore brought a copy back
    EndDoors,
    /// Copy everything into another, empty database and compare both; the first one stays as it is
    MoveTo(keeping::MoveTo),
    /// Look whether the database is sound and what is kept adds up; changes nothing
    Check,
}

/// All commands, with what help says of them.
fn command() -> clap::Command {
    examples::add(Cli::command())
}

/// A setting whose variable is there and holds nothing is not set: `VARIABLE= touchline ...` is how many switch one off.
fn without_empty(argument: Arg) -> Arg {
    match argument.get_env().is_some_and(config::is_empty_variable) {
        true => argument.env(Resettable::Reset),
        false => argument,
    }
}

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    let matches = command().mut_args(without_empty).try_get_matches();
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return wrong_arguments(&error),
    };
    let is_server = matches!(&cli.command, Command::Serve(serve) if !serve.is_demo());
    logs::begin(&cli.logs, is_server);
    for name in config::unknown_variables(&variables()) {
        eprintln!("touchline: {name} is no setting and changes nothing; --help lists them all");
    }
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("touchline: {error}");
            ExitCode::from(1)
        }
    }
}

/// Help where it was asked for; else one line that says what is allowed, and exit status 2.
fn wrong_arguments(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        error.exit();
    }
    let text = error.render().to_string();
    let said = text.lines().map(str::trim);
    let said: Vec<&str> = said.take_while(|line| !line.is_empty()).collect();
    let said = said.join(" ");
    let line = said.strip_prefix("error: ").unwrap_or(&said);
    let line = with_variable(error, without_password(error, line));
    match error.kind() {
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => eprintln!("touchline: {line}"),
        _ => eprintln!("touchline: {line}; --help says what is allowed"),
    }
    ExitCode::from(2)
}

/// A setting may have come from the environment: its variable is named beside its flag.
fn with_variable(error: &clap::Error, line: String) -> String {
    let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg) else {
        return line;
    };
    let mut command = Cli::command();
    // Before that, what an argument is called is not known.
    command.build();
    let mut arguments = command.get_arguments();
    let variable = arguments
        .find(|argument| argument.to_string() == *flag)
        .and_then(|argument| argument.get_env()?.to_str());
    match variable {
        Some(variable) => line.replace(&format!("'{flag}'"), &format!("'{flag}' or {variable}")),
        None => line,
    }
}

/// What was typed is said again, but not the password in an address.
fn without_password(error: &clap::Error, line: &str) -> String {
    let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue) else {
        return line.to_owned();
    };
    let hidden = match (value.find("://"), value.rfind('@')) {
        (Some(from), Some(to)) if from < to => format!("{}...{}", &value[..from + 3], &value[to..]),
        _ => return line.to_owned(),
    };
    line.replace(value, &hidden)
}

/// The variables of the environment that are settings.
fn variables() -> Vec<String> {
    let command = Cli::command();
    let variables = command
        .get_arguments()
        .filter_map(|argument| argument.get_env());
    variables
        .map(|name| name.to_string_lossy().into_owned())
        .collect()
}

fn run(cli: Cli) -> Result<ExitCode> {
    match cli.command {
        Command::Serve(command) => serve::run(cli.config, &command)?,
        Command::Person(command) => {
            if command.needs_somebody() {
                keeping::must_be_there(&cli.config.database_url)?;
            }
            let app = App::new(cli.config, Clock::Wall)?.at_the_console();
            person::run(&app, command)?;
        }
        Command::Report(command) => {
            return report::run(&App::new(cli.config, Clock::Wall)?, &command);
        }
        Command::Import(command) => {
            let app = App::new(cli.config, Clock::Wall)?.at_the_console();
            return import::run(&app, &command);
        }
        Command::Migrate => {
            keeping::migrate(cli.config)?;
            eprintln!("The database is up to date.");
        }
        Command::Backup(command) => return keeping::backup(&cli.config, &command),
        Command::Restore(command) => return keeping::restore(&cli.config, &command),
        Command::EndDoors => keeping::end_doors(cli.config)?,
        Command::MoveTo(command) => return keeping::move_to(&cli.config, &command),
        Command::Check => return keeping::check(cli.config),
    }
    Ok(ExitCode::SUCCESS)
}
