//! Whose time a waiting was: the system's until somebody owned the lead, and then the rep's. Source: PRODUCT.md 6 and 7.

use super::legs_page::{in_full, median, p90};
use super::store::{self, Row};
use super::{Filters, Ground, REPORT, Read, figures, maturing};
use crate::csv_out::{self, Cell};
use crate::db::Conn;
use crate::error::Result;
use crate::leads::cohort::{self, About, Clocks, Counted, Grouping, Key, Ownerships, grouped};
use crate::page;
use crate::rules::access::Me;
use crate::rules::stretches::Stretches;
use crate::rules::survival::{End, Obs, Observed, Quantile};
use crate::text_out;
use crate::value::Instant;
use serde::Serialize;
use std::collections::HashMap;

crate::words! {
    /// A stretch of the way from a new lead to its first attempt.
    pub enum Leg {
        /// From the day it was made until it had an owner. For a lead that came again, from that hand-over on.
        System = "system",
        /// From the hand-over until it had an owner.
        Assignment = "assignment",
        /// From when its owner had it. Each new owner begins anew.
        Rep = "rep",
    }
}

impl Leg {
    pub fn label(self) -> &'static str {
        match self {
            Leg::System => "System",
            Leg::Assignment => "Assignment",
            Leg::Rep => "Rep",
        }
    }

    pub fn about(self) -> &'static str {
        match self {
            Leg::System => "made until it had an owner",
            Leg::Assignment => "handed over until it had an owner",
            Leg::Rep => "with its owner, until the first",
        }
    }
}

/// The legs of one hand-over; a leg that was never begun is none.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    handover_id: i64,
    start: Instant,
    key: Key,
    legs: [Option<Timed>; 3],
    /// How often it went on before the event or the end.
    pub transfers: usize,
}

#[derive(Debug, Clone, Copy)]
pub struct Timed {
    pub end: End,
    pub calendar_s: f64,
    pub working_s: f64,
}

impl Counted for Way {
    fn handover(&self) -> (i64, Instant, Key) {
        (self.handover_id, self.start, self.key)
    }
}

impl Way {
    /// A leg of it; none where it was never begun.
    pub fn leg(&self, leg: Leg) -> Option<Timed> {
        self.legs[leg as usize]
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct Report {
    #[serde(flatten)]
    pub about: About,
    pub event: super::Awaited,
    pub by: Option<Grouping>,
    pub groups: Vec<Group>,
    #[serde(skip)]
    pub versions: Vec<i64>,
    #[serde(skip)]
    pub is_default_hours: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Group {
    #[serde(rename = "group")]
    pub name: String,
    pub n: u64,
    /// Hand-overs that went from one person to another, or back to nobody, before the event or the end.
    pub passed_on: u64,
    pub legs: Vec<Figures>,
    /// Of weeks: whether nothing is concluded of them yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maturing: Option<bool>,
}

/// One leg of a group: of those that began it, how many are through, and how long it takes.
#[derive(Debug, Clone, Serialize)]
pub struct Figures {
    pub leg: Leg,
    pub n: u64,
    pub done: u64,
    pub closed: u64,
    pub waiting: u64,
    pub calendar: Times,
    pub working: Times,
}

/// From Kaplan-Meier, in seconds.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Times {
    pub median_s: Option<f64>,
    pub median_low_s: Option<f64>,
    pub median_high_s: Option<f64>,
    pub p90_s: Option<f64>,
    pub p90_low_s: Option<f64>,
    pub p90_high_s: Option<f64>,
}

/// Reads the legs; `me` sees what they may, and nobody (the command line) sees all.
pub fn report(conn: &mut Conn, filters: &Filters, me: Option<&Me>) -> Result<Report> {
    let read = ways(conn, filters, me)?;
    let weeks = maturing::Weeks::read(conn, filters, filters.event, me)?;
    let group = |(key, members): (&Key, &Vec<&Way>)| Group {
        maturing: weeks.has(*key),
        name: read.names.of(*key),
        n: members.len() as u64,
        passed_on: members.iter().filter(|way| way.transfers > 0).count() as u64,
        legs: Leg::ALL
            .iter()
            .map(|leg| Figures::of(*leg, members))
            .collect(),
    };
    let mut groups: Vec<Group> = grouped(filters.by, &read.all).iter().map(group).collect();
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Report {
        about: About::new(REPORT, Some("legs"), &filters.cohort),
        event: filters.event,
        by: filters.by,
        groups,
        versions: read.versions,
        is_default_hours: read.is_default_hours,
    })
}

/// Reads the way of each hand-over.
pub fn ways(conn: &mut Conn, filters: &Filters, me: Option<&Me>) -> Result<Read<Way>> {
    let mut ground = Ground::load(conn, filters, true, me)?;
    let created: HashMap<i64, Instant> = store::created(conn, ground.span)?.into_iter().collect();
    let mut first: HashMap<i64, Instant> = HashMap::new();
    for (lead_id, at) in store::starts(conn, ground.span)? {
        first.entry(lead_id).or_insert(at);
    }
    let ownerships = Ownerships {
        owners: std::mem::take(&mut ground.owners),
        calendars: &ground.calendars,
    };
    let made = |row: &Row| match first.get(&row.lead_id) {
        Some(at) if *at < row.handed_over_at => row.handed_over_at,
        _ => created
            .get(&row.lead_id)
            .map_or(row.handed_over_at, |made| (*made).min(row.handed_over_at)),
    };
    let as_of = filters.cohort.as_of;
    let waitings = ground
        .rows
        .iter()
        .map(|row| (made(row), row.wait(filters.event, as_of).until));
    let clocks = Clocks::around(waitings, 0, as_of, &ownerships);
    let each = ground.rows.iter();
    let all = each.map(|row| way(row, made(row), filters, &ownerships, &clocks));
    Read::new(conn, &ground, all.collect(), filters.by)
}

fn way(
    row: &Row,
    made: Instant,
    filters: &Filters,
    ownerships: &Ownerships,
    clocks: &Clocks,
) -> Way {
    let wait = row.wait(filters.event, filters.cohort.as_of);
    let changes = ownerships.owners.of(row.lead_id);
    let owners: Vec<(Instant, Option<i64>)> = changes.iter().map(|a| (a.at, a.owner_id)).collect();
    let stretches = Stretches::of(row.handed_over_at, wait.until, &owners);
    let ownership = clocks.ownership(changes);
    let timed = |from: Instant, until: Instant, end| Timed {
        end,
        calendar_s: until.seconds_since(from),
        working_s: figures::seconds(ownership.working_us(from, until)),
    };
    // Who is tried without ever having an owner does not wait for one any more.
    let (until, end) = match (stretches.assigned_at, wait.end) {
        (Some(at), _) => (at, End::Event),
        (None, End::Open) => (wait.until, End::Open),
        (None, _) => (wait.until, End::Closed),
    };
    Way {
        handover_id: row.id,
        start: row.handed_over_at,
        key: cohort::key(filters.by, row.member(), wait.until, ownerships),
        legs: [
            Some(timed(made, until, end)),
            Some(timed(row.handed_over_at, until, end)),
            stretches
                .rep_from
                .map(|from| timed(from, wait.until, wait.end)),
        ],
        transfers: stretches.transfers,
    }
}

impl Figures {
    pub fn of(leg: Leg, members: &[&Way]) -> Figures {
        let begun: Vec<Timed> = members.iter().filter_map(|way| way.leg(leg)).collect();
        let count = |end| begun.iter().filter(|timed| timed.end == end).count() as u64;
        let times = |seconds: fn(&Timed) -> f64| {
            let observed = begun.iter().map(|timed| Obs {
                t_s: seconds(timed),
                end: timed.end,
            });
            Times::of(&observed.collect::<Vec<_>>())
        };
        Figures {
            leg,
            n: begun.len() as u64,
            done: count(End::Event),
            closed: count(End::Closed),
            waiting: count(End::Open),
            calendar: times(|timed| timed.calendar_s),
            working: times(|timed| timed.working_s),
        }
    }
}

impl Times {
    fn of(observed: &[Obs]) -> Times {
        let curve = Observed::new(observed).curve();
        let Quantile {
            value_s,
            low_s,
            high_s,
        } = curve.quantile(0.5);
        let p90 = curve.quantile(0.9);
        Times {
            median_s: value_s,
            median_low_s: low_s,
            median_high_s: high_s,
            p90_s: p90.value_s,
            p90_low_s: p90.low_s,
            p90_high_s: p90.high_s,
        }
    }

    fn all(self) -> [Option<f64>; 4] {
        [
            self.median_s,
            self.median_low_s,
            self.median_high_s,
            self.p90_s,
        ]
    }
}

impl Report {
    /// One row for each leg of a group. Columns: group, leg, n, done, closed, waiting, passed_on, and for each clock
    /// median_s, median_low_s, median_high_s and p90_s with the clock's name before it; then p90_low_s and p90_high_s so;
    /// maturing (true or false of a week).
    pub fn csv(&self) -> Result<String> {
        let clocks = ["calendar", "working"].into_iter().flat_map(|clock| {
            ["median_s", "median_low_s", "median_high_s", "p90_s"]
                .map(|name| format!("{clock}_{name}"))
        });
        let names = [
            "group",
            "leg",
            "n",
            "done",
            "closed",
            "waiting",
            "passed_on",
        ]
        .map(str::to_owned);
        let p90 = ["calendar", "working"].into_iter();
        let p90 = p90.flat_map(|clock| ["low", "high"].map(|end| format!("{clock}_p90_{end}_s")));
        let last = ["maturing".to_owned()];
        let columns: Vec<String> = names
            .into_iter()
            .chain(clocks)
            .chain(p90)
            .chain(last)
            .collect();
        let header: Vec<&str> = columns.iter().map(String::as_str).collect();
        let rows = self.groups.iter().flat_map(|group| {
            group.legs.iter().map(|leg| {
                let mut cells = vec![Cell::from(group.name.as_str()), Cell::from(leg.leg.word())];
                let counts = [leg.n, leg.done, leg.closed, leg.waiting, group.passed_on];
                cells.extend(counts.map(|count| Cell::count(count as i64)));
                let times = leg.calendar.all().into_iter().chain(leg.working.all());
                cells.extend(times.map(Cell::number));
                let p90 = [leg.calendar, leg.working];
                let p90 = p90.map(|times| [times.p90_low_s, times.p90_high_s]);
                cells.extend(p90.into_iter().flatten().map(Cell::number));
                cells.push(maturing::cell(group.maturing));
                cells
            })
        });
        csv_out::table(&header, rows)
    }

    /// One line for each leg of a group, rounded for reading.
    pub fn text(&self) -> String {
        let header = [
            "Group",
            "Leg",
            "Begun",
            "Done",
            "Closed",
            "Waiting",
            "Median",
            "P90",
            "Working median",
            "Working P90",
            "Note",
        ];
        let lines = self.groups.iter().flat_map(|group| {
            group.legs.iter().map(|leg| {
                let counts =
                    [leg.n, leg.done, leg.closed, leg.waiting].map(|count| count.to_string());
                let named = [
                    page::group_name(&group.name).to_owned(),
                    leg.leg.label().to_owned(),
                ];
                let told = |times: Times, words| {
                    [
                        in_full(leg.n, times.median_s, median(times), words),
                        in_full(leg.n, times.p90_s, p90(times), words),
                    ]
                };
                let times = [
                    told(leg.calendar, page::duration),
                    told(leg.working, page::working_time),
                ];
                named
                    .into_iter()
                    .chain(counts)
                    .chain(times.into_iter().flatten())
                    .chain([maturing::note(group.n, group.maturing).to_owned()])
                    .collect()
            })
        });
        text_out::aligned(&header, lines)
    }
}
