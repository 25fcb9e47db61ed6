//! The command line: each command is a few lines into a feature.

mod import;
mod keeping;
mod person;
mod report;
mod serve;

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Result;
use clap::error::ErrorKind;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// A prospecting habit tracker with metrics: the rep's log, the manager's targets and marketing's receipt per lead.
#[derive(Parser)]
#[command(name = "touchline", version)]
struct Cli {
    #[command(flatten)]
    config: Config,
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
    /// Copy everything into another, empty database and compare both; the first one stays as it is
    MoveTo(keeping::MoveTo),
    /// Look whether the database is sound and what is kept adds up; changes nothing
    Check,
}

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return wrong_arguments(&error),
    };
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("TOUCHLINE_LOG")
                .unwrap_or_else(|_| "warn".into()),
        )
        .init();
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
    match error.kind() {
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => eprintln!("touchline: {line}"),
        _ => eprintln!("touchline: {line}; --help says what is allowed"),
    }
    ExitCode::from(2)
}

fn run(cli: Cli) -> Result<ExitCode> {
    match cli.command {
        Command::Serve(command) => serve::run(cli.config, &command)?,
        Command::Person(command) => person::run(&App::new(cli.config, Clock::Wall)?, command)?,
        Command::Report(command) => {
            return report::run(&App::new(cli.config, Clock::Wall)?, &command);
        }
        Command::Import(command) => {
            return import::run(&App::new(cli.config, Clock::Wall)?, &command);
        }
        Command::Migrate => {
            App::new(cli.config, Clock::Wall)?;
            eprintln!("The database is up to date.");
        }
        Command::Backup(command) => return keeping::backup(&cli.config, &command),
        Command::Restore(command) => return keeping::restore(&cli.config, &command),
        Command::MoveTo(command) => return keeping::move_to(&cli.config, &command),
        Command::Check => return keeping::check(cli.config),
    }
    Ok(ExitCode::SUCCESS)
}
