//! The timetable: what is done every minute, or once a day, without anybody asking. What was done is known by rows, so
//! that a restart neither forgets nor repeats it, and several programs on one database do not do it twice.

mod answers;
mod habits;
mod nurture;
mod promises;
mod retention;
mod scores;
pub mod store;

use crate::app::App;
use crate::error::Result;
use crate::keeping::nightly;
use crate::leads;
use crate::monday;
use crate::value::Instant;
use crate::watch;

/// How often a job is due: at most once in so many seconds.
const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 3_600;
const DAY_S: i64 = 86_400;

struct Job {
    name: &'static str,
    every_s: i64,
    run: fn(&App) -> Result<()>,
}

const TIMETABLE: &[Job] = &[
    Job {
        name: "promises",
        every_s: MINUTE_S,
        run: promises::tell,
    },
    Job {
        name: "answers",
        every_s: MINUTE_S,
        run: answers::tell,
    },
    Job {
        name: "nurture",
        every_s: HOUR_S,
        run: nurture::tell,
    },
    Job {
        name: leads::score::store::FADING,
        every_s: DAY_S,
        run: scores::refresh,
    },
    Job {
        name: "monday",
        every_s: 10 * MINUTE_S,
        run: monday::make_when_due,
    },
    Job {
        name: "watch",
        every_s: HOUR_S,
        run: watch::tell,
    },
    Job {
        name: "retention",
        every_s: DAY_S,
        run: retention::clear,
    },
    Job {
        name: "backup",
        every_s: HOUR_S,
        run: nightly::make_when_due,
    },
];

/// Runs what is due. A job that fails is noted in the log, and is tried again when it is due again.
pub fn run(app: &App) {
    // What cannot be asked just now is taken for fitting: each request says what is wrong.
    if app.db.is_outgrown().unwrap_or(false) {
        app.found(true, true);
        tracing::error!(
            "the tables are of a newer Touchline than this program: it does nothing until that one is started in its place"
        );
        return;
    }
    app.found(false, app.db.must_be_writable().is_ok());
    for job in TIMETABLE {
        if let Err(error) = run_one(app, job) {
            tracing::error!(job = job.name, %error, "a job failed");
            app.meter.ran(job.name, false);
        }
    }
    // Each program has a memory of its own.
    if let Err(error) = habits::remember(app) {
        tracing::error!(job = "habits", %error, "a job failed");
    }
}

fn run_one(app: &App, job: &Job) -> Result<()> {
    let now = app.clock.now();
    // A little early is in time: the wake-ups of a minute are not exact.
    let before = Instant(now.0 - job.every_s * 1_000_000 + 5_000_000);
    let is_ours = app
        .db
        .write(|conn| store::claim(conn, job.name, now, before))?;
    if is_ours {
        (job.run)(app)?;
        app.meter.ran(job.name, true);
    }
    Ok(())
}
