//! What the targets share: a small workspace, and a file that is checked by what it knew once, or imported into it and
//! taken back.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::OnceLock;
use touchline::app::{App, Tx};
use touchline::clock::Clock;
use touchline::config::{Config, DatabaseUrl};
use touchline::error::Error;
use touchline::imports::{self, Checker, Kind, Mapping, Report, Source, Table};
use touchline::rules::workday::{Block, Day, Off, WeekHours, WorkCalendar};
use touchline::rules::zone::{Zone, Zones};
use touchline::value::Instant;

/// A Wednesday, as in the tests.
const NOW: &str = "2026-03-04T09:00:00Z";

/// What the workspace has before a file comes, so that rows name, repeat and change what is there.
const KNOWN: [(&str, &[u8]); 8] = [
    ("people.csv", include_bytes!("../known/people.csv")),
    ("calendar.csv", include_bytes!("../known/calendar.csv")),
    ("holidays.csv", include_bytes!("../known/holidays.csv")),
    ("time_off.csv", include_bytes!("../known/time_off.csv")),
    ("targets.csv", include_bytes!("../known/targets.csv")),
    ("leads.csv", include_bytes!("../known/leads.csv")),
    ("activities.csv", include_bytes!("../known/activities.csv")),
    (
        "lead_events.csv",
        include_bytes!("../known/lead_events.csv"),
    ),
];

fn now() -> Instant {
    Instant::parse(NOW).expect("an instant")
}

fn app() -> &'static App {
    static APP: OnceLock<App> = OnceLock::new();
    APP.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder").keep();
        let file: PathBuf = folder.join("touchline.db");
        let config = Config {
            database_url: DatabaseUrl::Sqlite(file),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            metrics_listen: None,
            public_url: None,
            trusted_proxy: Vec::new(),
            backup_folder: None,
            backup_keep: 14,
        };
        let app = App::new(config, Clock::set_to(now())).expect("an empty workspace");
        let known = KNOWN.map(|(name, content)| Source::new(name, content));
        let report = app
            .write(|tx| imports::import(tx, &known, false, &mut |_| {}))
            .expect("a small workspace");
        assert!(report.is_written, "{report:?}");
        app
    })
}

fn checker() -> &'static Checker {
    static CHECKER: OnceLock<Checker> = OnceLock::new();
    CHECKER.get_or_init(|| {
        let loaded = app().db.snapshot(Checker::load);
        loaded.expect("what a small workspace knows")
    })
}

/// Checks a file of bytes without a database: what became of it, and of its rows. The first byte chooses among these
/// kinds, and whether the file's own columns are taken in their order for ours.
pub fn check(bytes: &[u8], kinds: &[Kind]) {
    let Some((first, content)) = bytes.split_first() else {
        return;
    };
    let (kind, way) = (
        kinds[usize::from(*first) % kinds.len()],
        usize::from(*first) / kinds.len() % 4,
    );
    let mut source = Source::new(format!("{kind}.csv"), content);
    if let (3, Ok(table)) = (way, &source.table) {
        source.mapping = in_order(kind, table);
    }
    let sources = [source];
    let report = checker().check(now(), &sources);
    // Reading a file again and again costs more than checking it: a quarter of them are mended.
    if let (1, Ok(table)) = (way, &sources[0].table) {
        mend(table, &report);
    }
}

/// Our columns as the file's, each by its place.
fn in_order(kind: Kind, table: &Table) -> Mapping {
    let theirs = table.header.iter().cloned();
    let ours = kind.columns().map(|column| column.name.to_owned());
    ours.zip(theirs).collect()
}

/// Writes the rows with a problem for somebody to mend, as page and command do, and reads them again.
fn mend(table: &Table, report: &Report) {
    let file = &report.files[0];
    let problem_at = |line| file.problem_at(line);
    let _ = (table.rejected(problem_at), file.summary());
    let cells = |table: &Table, asked: &dyn Fn(u64) -> bool| {
        let mut rows: Vec<Vec<String>> = Vec::new();
        table.each(|line, row| {
            if asked(line) {
                rows.push(row.iter().map(str::to_owned).collect());
            }
        });
        rows
    };
    let bad = cells(table, &|line| problem_at(line).is_some());
    let again = Table::read(table.to_mend(problem_at).as_bytes());
    let again = again.expect("rows to mend are a file");
    assert_eq!(
        cells(&again, &|_| true),
        bad,
        "rows to mend are read back as they were"
    );
}

/// Imports a file of bytes, whose first one chooses among these kinds, and takes it back.
pub fn import(bytes: &[u8], kinds: &[Kind]) {
    let Some((first, content)) = bytes.split_first() else {
        return;
    };
    let kind = kinds[usize::from(*first) % kinds.len()];
    let sources = [Source::new(format!("{kind}.csv"), content)];
    let app = app();
    // Refused in the end, so that nothing of it stays.
    let done: Result<(), Error> = app.db.write_alone(|conn| {
        let kept = app.shelf.now(conn)?;
        let mut tx = Tx {
            conn,
            kept,
            me: None,
            now: app.clock.now(),
            address: "",
        };
        imports::import(&mut tx, &sources, true, &mut |_| {})?;
        Err(Error::Refused("taken back".to_owned()))
    });
    if let Err(fault @ Error::Internal(_)) = done {
        panic!("a fault of ours: {fault}");
    }
}

/// Makes a calendar of bytes (zones, a week of hours, days off) and asks what must agree.
pub fn expand(bytes: &[u8]) {
    let mut bytes = bytes.iter().copied();
    let mut number = |below: usize| {
        let [high, low] = [(); 2].map(|()| bytes.next().unwrap_or_default());
        usize::from(u16::from_be_bytes([high, low])) % below
    };
    let from = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a day")
        + Days::new(number(65_536) as u64 + number(65_536) as u64);
    let to = from + Days::new(number(60) as u64);
    let mut zone = || zones()[number(zones().len())].clone();
    let (first, second) = (zone(), zone());
    let moved = from + Days::new(number(60) as u64);
    let zones = Zones::new(first, vec![(moved, second)]);
    let blocks: Vec<(Weekday, Block)> = (0..number(12))
        .map(|_| {
            let weekday = Weekday::try_from(number(7) as u8).expect("a weekday");
            let opens_min = number(1440) as u16;
            let closes_min = opens_min + number(600) as u16;
            let block = Block {
                opens_min,
                closes_min,
            };
            (weekday, block)
        })
        .collect();
    let Ok(week) = WeekHours::new(blocks) else {
        return;
    };
    let offs = [(); 9].map(|()| match number(6) {
        0 => Off::Morning,
        1 => Off::Afternoon,
        2 => Off::Full,
        _ => Off::No,
    });
    let calendar = WorkCalendar::new(zones.clone(), from, to, |date| Day {
        blocks: week.on(date.weekday()),
        off: offs[(date - from).num_days() as usize % offs.len()],
    });
    let begin = zones.midnight(from).0;
    let mut asked = [(); 3].map(|()| Instant(begin + (number(65_536) as i64 - 2_000) * 97_000_003));
    asked.sort();
    let working_us = number(65_536) as i64 * 13_000_007;
    ask(&calendar, asked, working_us);
    for date in from.iter_days().take_while(|date| *date <= to) {
        let shares = [
            Some(calendar.fraction(date)),
            calendar.share_gone(date, asked[0]),
        ];
        assert!(
            shares
                .into_iter()
                .flatten()
                .all(|share| (0.0..=1.0).contains(&share))
        );
        let _ = calendar.expected_day_after(date, number(40));
    }
}

/// The working time between instants adds up, and what is due is due when it has passed.
fn ask(calendar: &WorkCalendar, [first, middle, last]: [Instant; 3], working_us: i64) {
    let parts = calendar.working_us(first, middle) + calendar.working_us(middle, last);
    assert_eq!(parts, calendar.working_us(first, last));
    match calendar.due(first, working_us) {
        Some(due) => assert_eq!(calendar.working_us(first, due), working_us),
        None => assert!(calendar.working_us(first, Instant(i64::MAX)) < working_us),
    }
    let _ = calendar.working_days_us(first, (working_us % 50) as u32);
}

fn zones() -> &'static [Zone] {
    static ZONES: OnceLock<Vec<Zone>> = OnceLock::new();
    ZONES.get_or_init(|| {
        let names = Zone::all_names();
        names.iter().filter_map(|name| Zone::named(name)).collect()
    })
}
