//! `touchline report ...`: the same figures as the pages, for programs and for people at a terminal.

use crate::app::App;
use crate::calendar::Calendars;
use crate::definitions::Definitions;
use crate::error::{Error, Result};
use crate::followup::{self, Awaited, Face, WhichClock};
use crate::form::read_day;
use crate::habit;
use crate::kept::Keep;
use crate::leads::cohort::{Cohort, Grouping};
use crate::outcomes;
use crate::rules::target::Metric;
use crate::team::{self, By, Rank, Scope};
use crate::value::Instant;
use chrono::NaiveDate;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};
use std::io::Write;
use std::process::ExitCode;

/// Exit status for a wrong filter, as for every wrong argument.
const WRONG_FILTER: u8 = 2;

#[derive(Subcommand)]
pub enum Command {
    /// How long handed-over leads wait for a first attempt or a first contact
    FollowUpSpeed(FollowUpSpeed),
    /// Who did how much, by person or team
    Leaderboard(Leaderboard),
    /// What became of handed-over leads
    Outcomes(Outcomes),
    /// Days hit and missed, strength, streak and consistency
    Habits(Habits),
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    Json,
    Csv,
}

#[derive(Args)]
pub struct Shared {
    /// First day: of the hand-over in the workspace's zone, or of the activity
    #[arg(long, value_name = "DAY", value_parser = day)]
    from: Option<NaiveDate>,
    /// Last day, included
    #[arg(long, value_name = "DAY", value_parser = day)]
    to: Option<NaiveDate>,
    /// Hides what happened after it, such as 2026-03-31T12:00:00Z; now when not given
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    as_of: Option<Instant>,
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

#[derive(Args)]
pub struct FollowUpSpeed {
    #[command(flatten)]
    shared: Shared,
    #[arg(long, value_parser = words(Grouping::ALL, Grouping::word))]
    by: Option<Grouping>,
    #[arg(long, default_value = "calendar", value_parser = words(WhichClock::ALL, WhichClock::word))]
    clock: WhichClock,
    #[arg(long, default_value = "attempt", value_parser = words(Awaited::ALL, Awaited::word))]
    event: Awaited,
    /// Judges by one limit on the report's clock, not by the service level of each urgency
    #[arg(long, value_name = "SECONDS", value_parser = limit_us)]
    limit: Option<i64>,
    /// Only hand-overs made under this version of the definitions
    #[arg(long, value_name = "N")]
    definition: Option<i64>,
    /// How soon, whose time it was, or how often leads are tried
    #[arg(long, default_value = "speed", value_parser = words(Face::ALL, Face::word))]
    view: Face,
    /// Compares the days with as many just before; needs --from and --to, and the view speed
    #[arg(long, requires_all = ["from", "to"])]
    compare_before: bool,
    /// Leaves out touches that were entered more than two working days late
    #[arg(long)]
    without_late: bool,
}

#[derive(Args)]
pub struct Leaderboard {
    #[command(flatten)]
    shared: Shared,
    /// activities, reached, leads_reached, meetings_booked, score or kind:NAME
    #[arg(long, default_value = "activities")]
    metric: Metric,
    #[arg(long, default_value = "person", value_parser = words(By::ALL, By::word))]
    by: By,
    #[arg(long, default_value = "value", value_parser = words(Rank::ALL, Rank::word))]
    rank: Rank,
    /// Only people of this peer group, compared with each other
    #[arg(long, value_name = "GROUP")]
    peers: Option<String>,
    /// As the person with this address sees it, by the display mode of their team; all of it when not given
    #[arg(long, value_name = "EMAIL")]
    seen_by: Option<String>,
}

#[derive(Args)]
pub struct Outcomes {
    #[command(flatten)]
    shared: Shared,
    #[arg(long, value_parser = words(outcomes::GROUPINGS, Grouping::word))]
    by: Option<Grouping>,
    /// Only hand-overs made under this version of the definitions
    #[arg(long, value_name = "N")]
    definition: Option<i64>,
    /// How far they came, or quality, reasons, value, scores, content
    #[arg(long, default_value = "funnel", value_parser = words(outcomes::Face::ALL, outcomes::Face::word))]
    view: outcomes::Face,
}

#[derive(Args)]
pub struct Habits {
    #[command(flatten)]
    shared: Shared,
    #[arg(long, default_value = "person", value_parser = words(habit::By::ALL, habit::By::word))]
    by: habit::By,
}

/// One of a closed list of words.
fn words<T: Copy + Send + Sync + 'static>(
    all: &'static [T],
    word: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(all.iter().map(move |one| word(*one))).try_map(move |chosen| {
        let found = all.iter().copied().find(|one| word(*one) == chosen);
        found.ok_or("this is not in the list")
    })
}

fn day(text: &str) -> Result<NaiveDate, &'static str> {
    read_day(text).ok_or("use a day such as 2026-03-31")
}

fn instant(text: &str) -> Result<Instant, &'static str> {
    Instant::parse(text).ok_or(
        "use an instant with its offset, such as 2026-03-31T12:00:00Z or 2026-03-31T14:00:00+02:00",
    )
}

fn limit_us(text: &str) -> Result<i64, &'static str> {
    const MOST_S: f64 = 1e10;
    let limit_s: Option<f64> = text.parse().ok();
    limit_s
        .filter(|limit| (0.0..=MOST_S).contains(limit))
        .map(|limit| (limit * 1e6).round() as i64)
        .ok_or("use a number of seconds, 0 or more")
}

impl Shared {
    fn as_of(&self, app: &App) -> Instant {
        self.as_of.unwrap_or_else(|| app.clock.now())
    }

    fn cohort(&self, app: &App, definition: Option<i64>) -> Result<Cohort> {
        if matches!((self.from, self.to), (Some(from), Some(to)) if from > to) {
            return Err(Error::refused("--from must not be after --to"));
        }
        Ok(Cohort {
            from: self.from,
            to: self.to,
            as_of: self.as_of(app),
            definition: definition.map(|n| known_version(app, n)).transpose()?,
        })
    }
}

/// A version that is or was in force.
fn known_version(app: &App, number: i64) -> Result<i64> {
    let definitions = app.db.read(Definitions::load)?;
    if definitions.version(number).is_some() {
        return Ok(number);
    }
    let numbers = definitions.versions().iter().map(|v| v.number.to_string());
    let numbers: Vec<String> = numbers.collect();
    Err(Error::refused(format!(
        "--definition takes a version that is or was in force: {}",
        numbers.join(", ")
    )))
}

pub fn run(app: &App, command: &Command) -> Result<ExitCode> {
    let report = match command {
        Command::FollowUpSpeed(args) => follow_up_speed(app, args),
        Command::Leaderboard(args) => leaderboard(app, args),
        Command::Outcomes(args) => lead_outcomes(app, args),
        Command::Habits(args) => habits(app, args),
    };
    match report {
        Ok(report) => print(&report)?,
        Err(Error::Refused(why)) => {
            eprintln!("touchline: {why}");
            return Ok(ExitCode::from(WRONG_FILTER));
        }
        Err(error) => return Err(error),
    }
    Ok(ExitCode::SUCCESS)
}

fn follow_up_speed(app: &App, args: &FollowUpSpeed) -> Result<String> {
    if let Some(why) = args.view.refusal().filter(|_| args.compare_before) {
        let view = args.view;
        return Err(Error::refused(format!(
            "--compare-before is for --view speed and not for {view}: {why}"
        )));
    }
    let filters = followup::Filters {
        cohort: args.shared.cohort(app, args.definition)?,
        by: args.by,
        clock: args.clock,
        event: args.event,
        limit_us: args.limit,
        compares_before: args.compare_before,
        without_late: args.without_late,
    };
    let format = args.shared.format;
    app.db.snapshot(|conn| match args.view {
        Face::Speed => {
            let report = followup::report(conn, &filters, None)?;
            say_default_hours(report.is_default_hours);
            told(
                format,
                &report,
                followup::tables::csv,
                followup::tables::text,
            )
        }
        Face::Legs => {
            let report = followup::legs::report(conn, &filters, None)?;
            say_default_hours(report.is_default_hours);
            told(
                format,
                &report,
                |report| report.csv(),
                |report| report.text(),
            )
        }
        Face::Persistence => {
            let report = followup::persistence::report(conn, &filters, None)?;
            say_default_hours(Calendars::load(conn)?.is_default);
            told(
                format,
                &report,
                |report| report.csv(),
                |report| report.text(),
            )
        }
    })
}

/// A report in the format that was asked for.
fn told<R: serde::Serialize>(
    format: Format,
    report: &R,
    csv: fn(&R) -> Result<String>,
    text: fn(&R) -> String,
) -> Result<String> {
    match format {
        Format::Json => json(report),
        Format::Csv => csv(report),
        Format::Table => Ok(text(report)),
    }
}

fn leaderboard(app: &App, args: &Leaderboard) -> Result<String> {
    let report = app.db.snapshot(|conn| {
        let kept = app.shelf.now(conn)?;
        let now = app.clock.now();
        let filters = team::Filters {
            metric: args.metric.clone(),
            from: args.shared.from,
            to: args.shared.to,
            by: args.by,
            rank: args.rank,
            as_of: args.shared.as_of(app),
            scope: match &args.seen_by {
                Some(email) => Scope::of_address(conn, kept, email, now)?,
                None => Scope::Everybody,
            },
            peers: args.peers.clone(),
        };
        team::report(conn, kept, &filters)
    })?;
    say_default_hours(report.is_default_hours);
    match args.shared.format {
        Format::Json => json(&report),
        Format::Csv => report.csv(),
        Format::Table => Ok(report.text()),
    }
}

fn lead_outcomes(app: &App, args: &Outcomes) -> Result<String> {
    use outcomes::Face;
    if let Some(by) = args.by.filter(|by| !args.view.groupings().contains(by)) {
        let view = args.view;
        return Err(Error::refused(match view.takes() {
            nothing if nothing.is_empty() => {
                format!("--view {view} takes no --by: it is about all leads at once")
            }
            takes => format!("--view {view} takes --by {takes}, and not {by}"),
        }));
    }
    let filters = outcomes::Filters {
        cohort: args.shared.cohort(app, args.definition)?,
        by: args.by.or(args.view.default_by()),
        only: None,
    };
    let format = args.shared.format;
    app.db.snapshot(|conn| {
        say_default_hours(Calendars::load(conn)?.is_default);
        match (format, args.view) {
            (Format::Json, view) => Ok(outcomes::printed::json(conn, view, &filters)? + "\n"),
            (_, Face::Funnel) => {
                let report = outcomes::report(conn, &filters, None)?;
                told(
                    format,
                    &report,
                    outcomes::tables::csv,
                    outcomes::tables::text,
                )
            }
            (_, view) => {
                let nowhere = |_: &str, _: &str| String::new();
                let sheet = outcomes::sheet::read(conn, view, &filters, None, &nowhere)?;
                Ok(match format {
                    Format::Csv => sheet.csv,
                    _ => sheet.text(),
                })
            }
        }
    })
}

fn habits(app: &App, args: &Habits) -> Result<String> {
    let filters = habit::Filters {
        by: args.by,
        from: args.shared.from,
        to: args.shared.to,
        as_of: args.shared.as_of(app),
        teams: None,
    };
    let report = app.db.snapshot(|conn| {
        let kept = app.shelf.now(conn)?;
        habit::report(conn, kept, &filters)?.with_lately(conn, kept, &filters)
    })?;
    say_default_hours(report.is_default_hours);
    match args.shared.format {
        Format::Json => json(&report),
        Format::Csv => report.csv(),
        Format::Table => Ok(report.text()),
    }
}

fn say_default_hours(is_default: bool) {
    if is_default {
        eprintln!("{}", crate::calendar::DEFAULT_HOURS);
    }
}

fn json(report: &impl serde::Serialize) -> Result<String> {
    let mut line = serde_json::to_string(report).map_err(Error::internal)?;
    line.push('\n');
    Ok(line)
}

/// Who reads may stop early, as `head` does: that is no error.
fn print(out: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    match stdout
        .write_all(out.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::internal(error)),
        _ => Ok(()),
    }
}
