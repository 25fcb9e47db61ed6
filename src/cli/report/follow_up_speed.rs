//! `touchline report follow-up-speed`.

use super::{Asking, Format, Shared, Told, told, version, words};
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::followup::{self, Awaited, Face, WhichClock};
use crate::kept::Keep;
use crate::leads::cohort::Grouping;
use clap::Args;

#[derive(Args)]
pub struct FollowUpSpeed {
    #[command(flatten)]
    pub(super) shared: Shared,
    #[arg(long, value_parser = words(Grouping::ALL, Grouping::word))]
    by: Option<Grouping>,
    /// Calendar when not given
    #[arg(long, value_parser = words(WhichClock::ALL, WhichClock::word))]
    clock: Option<WhichClock>,
    /// Attempt when not given
    #[arg(long, value_parser = words(Awaited::ALL, Awaited::word))]
    event: Option<Awaited>,
    /// Judges by one limit on the report's clock, not by the service level of each urgency
    #[arg(long, value_name = "SECONDS", value_parser = limit_us)]
    limit: Option<i64>,
    /// Only hand-overs made under this version of the definitions
    #[arg(long, value_name = "N", value_parser = version)]
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

impl FollowUpSpeed {
    /// An option that was given and changes nothing in the view.
    fn without_use(&self) -> Option<&'static str> {
        let is_speed = self.view == Face::Speed;
        let is_persistence = self.view == Face::Persistence;
        let options = [
            ("--clock", self.clock.is_some() && !is_speed),
            ("--limit", self.limit.is_some() && !is_speed),
            ("--event", self.event.is_some() && is_persistence),
        ];
        options.into_iter().find(|one| one.1).map(|(name, _)| name)
    }

    fn filters(&self, conn: &mut Conn, asking: &Asking) -> Result<followup::Filters> {
        Ok(followup::Filters {
            cohort: self.shared.cohort(conn, asking, self.definition)?,
            by: self.by,
            clock: self.clock.unwrap_or(WhichClock::Calendar),
            event: self.event.unwrap_or(Awaited::Attempt),
            limit_us: self.limit,
            compares_before: self.compare_before,
            without_late: self.without_late,
        })
    }
}

fn limit_us(text: &str) -> Result<i64, &'static str> {
    const MOST_S: f64 = 1e10;
    let limit_s: Option<f64> = text.parse().ok();
    limit_s
        .filter(|limit| (0.0..=MOST_S).contains(limit))
        .map(|limit| (limit * 1e6).round() as i64)
        .ok_or("use a number of seconds, 0 or more")
}

pub(super) fn follow_up_speed(
    conn: &mut Conn,
    asking: &Asking,
    args: &FollowUpSpeed,
    format: Format,
) -> Result<Told> {
    if let Some(why) = args.view.refusal().filter(|_| args.compare_before) {
        let view = args.view;
        return Err(Error::refused(format!(
            "--compare-before is for --view speed and not for {view}: {why}"
        )));
    }
    if let Some(option) = args.without_use() {
        let view = args.view;
        return Err(Error::refused(format!(
            "--view {view} has no use for {option}; leave it out."
        )));
    }
    let filters = args.filters(conn, asking)?;
    let me = asking.me;
    let text = match args.view {
        Face::Speed => {
            let report = followup::report(conn, &filters, me)?;
            told(
                format,
                &report,
                followup::tables::csv,
                followup::tables::text,
            )
        }
        Face::Legs => {
            let report = followup::legs::report(conn, &filters, me)?;
            told(
                format,
                &report,
                |report| report.csv(),
                |report| report.text(),
            )
        }
        Face::Persistence => {
            let report = followup::persistence::report(conn, &filters, me)?;
            told(
                format,
                &report,
                |report| report.csv(),
                |report| report.text(),
            )
        }
    };
    Ok(Told {
        text: text?,
        is_default_hours: Calendars::load(conn)?.is_default,
    })
}
