//! `touchline report ...`: the same figures as the pages, for programs and for people at a terminal. The API reads its
//! parameters by the same flags, and answers with the same JSON.

mod follow_up_speed;

use crate::app::App;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::definitions::Definitions;
use crate::error::{Error, Result};
use crate::form::read_day;
use crate::habit;
use crate::kept::{Keep, Kept};
use crate::leads::cohort::{Cohort, Grouping};
use crate::outcomes;
use crate::rules::access::{Me, Role};
use crate::rules::target::Metric;
use crate::team::{self, By, Rank, Scope};
use crate::value::Instant;
use chrono::NaiveDate;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};
use follow_up_speed::{FollowUpSpeed, follow_up_speed};
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
    #[arg(long, value_name = "N", value_parser = version)]
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

fn version(text: &str) -> Result<i64, &'static str> {
    text.parse().map_err(|_| "use the number of a version")
}

fn instant(text: &str) -> Result<Instant, &'static str> {
    Instant::parse(text).ok_or(
        "use an instant with its offset, such as 2026-03-31T12:00:00Z or 2026-03-31T14:00:00+02:00",
    )
}

/// Who asks for a report, and when.
pub struct Asking<'a> {
    pub kept: Kept<'a>,
    pub now: Instant,
    /// Nobody at a terminal, who sees all of it; else somebody, who sees what their pages show.
    pub me: Option<&'a Me>,
}

/// A report in the format that was asked for.
struct Told {
    text: String,
    /// Whether the workspace has set neither zone nor hours.
    is_default_hours: bool,
}

impl Command {
    /// The report as JSON. Refused: a wrong filter, with a sentence that says what is allowed.
    pub fn json(&self, conn: &mut Conn, asking: &Asking) -> Result<String> {
        Ok(self.told(conn, asking, Format::Json)?.text)
    }

    fn told(&self, conn: &mut Conn, asking: &Asking, format: Format) -> Result<Told> {
        match self {
            Command::FollowUpSpeed(args) => follow_up_speed(conn, asking, args, format),
            Command::Leaderboard(args) => leaderboard(conn, asking, args, format),
            Command::Outcomes(args) => lead_outcomes(conn, asking, args, format),
            Command::Habits(args) => habits(conn, asking, args, format),
        }
    }

    fn format(&self) -> Format {
        match self {
            Command::FollowUpSpeed(args) => args.shared.format,
            Command::Leaderboard(args) => args.shared.format,
            Command::Outcomes(args) => args.shared.format,
            Command::Habits(args) => args.shared.format,
        }
    }
}

impl Shared {
    /// The instant asked for; whoever looks at pages looks at nothing that is still to come.
    fn as_of(&self, asking: &Asking) -> Instant {
        let asked = self.as_of.unwrap_or(asking.now);
        match asking.me {
            Some(_) => asked.min(asking.now),
            None => asked,
        }
    }

    fn cohort(&self, conn: &mut Conn, asking: &Asking, definition: Option<i64>) -> Result<Cohort> {
        if matches!((self.from, self.to), (Some(from), Some(to)) if from > to) {
            return Err(Error::refused("--from must not be after --to"));
        }
        if let Some(number) = definition {
            must_be_known(&*asking.kept.get::<Definitions>(conn)?, number)?;
        }
        Ok(Cohort {
            from: self.from,
            to: self.to,
            as_of: self.as_of(asking),
            definition,
        })
    }
}

/// Refused: a version that never was in force.
fn must_be_known(definitions: &Definitions, number: i64) -> Result<()> {
    if definitions.version(number).is_some() {
        return Ok(());
    }
    let numbers = definitions.versions().iter().map(|v| v.number.to_string());
    let numbers: Vec<String> = numbers.collect();
    Err(Error::refused(format!(
        "--definition takes a version that is or was in force: {}",
        numbers.join(", ")
    )))
}

pub fn run(app: &App, command: &Command) -> Result<ExitCode> {
    let told = app.db.snapshot(|conn| {
        let asking = Asking {
            kept: app.shelf.now(conn)?,
            now: app.clock.now(),
            me: None,
        };
        command.told(conn, &asking, command.format())
    });
    match told {
        Ok(told) => {
            if told.is_default_hours {
                eprintln!("{}", crate::calendar::DEFAULT_HOURS);
            }
            print(&told.text)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(Error::Refused(why)) => {
            eprintln!("touchline: {why}");
            Ok(ExitCode::from(WRONG_FILTER))
        }
        Err(error) => Err(error),
    }
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

fn leaderboard(
    conn: &mut Conn,
    asking: &Asking,
    args: &Leaderboard,
    format: Format,
) -> Result<Told> {
    let scope = match (asking.me, &args.seen_by) {
        (Some(me), _) => Scope::of(me),
        (None, Some(email)) => Scope::of_address(conn, asking.kept, email, asking.now)?,
        (None, None) => Scope::Everybody,
    };
    let filters = team::Filters {
        metric: args.metric.clone(),
        from: args.shared.from,
        to: args.shared.to,
        by: args.by,
        rank: args.rank,
        as_of: args.shared.as_of(asking),
        scope,
        peers: args.peers.clone(),
    };
    let report = team::report(conn, asking.kept, &filters)?;
    let text = told(
        format,
        &report,
        |report| report.csv(),
        |report| report.text(),
    )?;
    Ok(Told {
        text,
        is_default_hours: report.is_default_hours,
    })
}

fn lead_outcomes(
    conn: &mut Conn,
    asking: &Asking,
    args: &Outcomes,
    format: Format,
) -> Result<Told> {
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
        cohort: args.shared.cohort(conn, asking, args.definition)?,
        by: args.by.or(args.view.default_by()),
        only: None,
    };
    let text = match (format, args.view) {
        (Format::Json, view) => outcomes::printed::json(conn, view, &filters, asking.me)? + "\n",
        (_, Face::Funnel) => {
            let report = outcomes::report(conn, &filters, asking.me)?;
            told(
                format,
                &report,
                outcomes::tables::csv,
                outcomes::tables::text,
            )?
        }
        (_, view) => {
            let nowhere = |_: &str, _: &str| String::new();
            let sheet = outcomes::sheet::read(conn, view, &filters, asking.me, &nowhere)?;
            match format {
                Format::Csv => sheet.csv,
                _ => sheet.text(),
            }
        }
    };
    Ok(Told {
        text,
        is_default_hours: Calendars::load(conn)?.is_default,
    })
}

/// Everybody's; to a manager those of their teams, and to a rep their own. A streak that its owner hides is told to nobody
/// but at a terminal.
fn habits(conn: &mut Conn, asking: &Asking, args: &Habits, format: Format) -> Result<Told> {
    let own = asking.me.filter(|me| me.role == Role::Rep);
    if own.is_some() && args.by == habit::By::Team {
        return Err(Error::refused(
            "--by team is for managers and admins: leave it out, and read your own habit",
        ));
    }
    let filters = habit::Filters {
        by: args.by,
        from: args.shared.from,
        to: args.shared.to,
        as_of: args.shared.as_of(asking),
        teams: asking
            .me
            .filter(|me| me.role == Role::Manager)
            .map(|me| me.teams.clone()),
    };
    let mut report = habit::report(conn, asking.kept, &filters)?;
    if let Some(me) = own {
        report = report.of_one(conn, &filters, me.id)?;
    }
    report = report.with_lately(conn, asking.kept, &filters)?;
    if asking.me.is_some() {
        report.hide_streaks(&*asking.kept.get::<habit::Settings>(conn)?);
    }
    let text = told(
        format,
        &report,
        |report| report.csv(),
        |report| report.text(),
    )?;
    Ok(Told {
        text,
        is_default_hours: report.is_default_hours,
    })
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
