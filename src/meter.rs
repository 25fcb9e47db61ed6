//! What is measured while the program runs, as Prometheus reads it: how often, how long and how many, and nothing of anybody.

use crate::db::Db;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

/// The limits of the buckets in which waits are counted, in seconds.
const BUCKETS_S: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// How long things take, in seconds.
pub fn durations() -> Histogram {
    Histogram::new(BUCKETS_S)
}

/// A request by its row of the route table, never by its address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Asked {
    pub method: &'static str,
    pub route: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: &'static str,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ran {
    job: &'static str,
    result: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct State {
    state: &'static str,
}

/// All that is measured.
pub struct Meter {
    registry: Registry,
    answers: Family<Answered, Counter>,
    durations: Family<Asked, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    jobs: Family<Ran, Counter>,
    passwords: Counter,
    connections: Family<State, Gauge>,
    writes_waiting: Gauge,
}

impl Meter {
    pub fn new(db: &Db) -> Meter {
        let mut meter = Meter {
            registry: Registry::with_prefix("touchline"),
            answers: Family::default(),
            durations: Family::new_with_constructor(durations),
            in_flight: Gauge::default(),
            jobs: Family::default(),
            passwords: Counter::default(),
            connections: Family::default(),
            writes_waiting: Gauge::default(),
        };
        let registry = &mut meter.registry;
        let version = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "Which Touchline this is", version);
        registry.register(
            "requests",
            "Answers by route and status; 499 when the asker was gone first",
            meter.answers.clone(),
        );
        registry.register_with_unit(
            "request_duration",
            "From a request's head to its answer",
            Unit::Seconds,
            meter.durations.clone(),
        );
        registry.register(
            "requests_in_flight",
            "Requests that are being answered",
            meter.in_flight.clone(),
        );
        registry.register(
            "job_runs",
            "What the timetable has done",
            meter.jobs.clone(),
        );
        registry.register(
            "passwords_compared",
            "Passwords that were compared, also for nobody",
            meter.passwords.clone(),
        );
        registry.register(
            "database_connections",
            "Connections of the pool",
            meter.connections.clone(),
        );
        registry.register_with_unit(
            "database_wait",
            "How long work waited for a connection of the pool",
            Unit::Seconds,
            db.waited.clone(),
        );
        registry.register(
            "writes_waiting",
            "Writes that wait for their turn",
            meter.writes_waiting.clone(),
        );
        meter
    }

    /// Counts a request as in flight until what it returns is dropped.
    pub fn begin(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    /// Counts an answer.
    pub fn answered(&self, asked: Asked, status: u16, seconds: f64) {
        let Asked { method, route } = asked;
        let answered = Answered {
            method,
            route,
            status,
        };
        self.answers.get_or_create(&answered).inc();
        self.durations.get_or_create(&asked).observe(seconds);
    }

    /// Counts a run of a job.
    pub fn ran(&self, job: &'static str, is_good: bool) {
        let result = if is_good { "done" } else { "failed" };
        self.jobs.get_or_create(&Ran { job, result }).inc();
    }

    /// Counts a comparison of a password, which takes a core for a while.
    pub fn compared_a_password(&self) {
        self.passwords.inc();
    }

    /// How many passwords were compared.
    pub fn passwords_compared(&self) -> u64 {
        self.passwords.get()
    }

    /// Everything, as text (OpenMetrics 1.0).
    pub fn text(&self, db: &Db) -> Result<String, std::fmt::Error> {
        let load = db.load();
        for (state, count) in [("idle", load.idle), ("used", load.used)] {
            self.connections
                .get_or_create(&State { state })
                .set(count.into());
        }
        self.writes_waiting
            .set(i64::try_from(load.writes_waiting).unwrap_or(i64::MAX));
        let mut out = String::new();
        text::encode(&mut out, &self.registry)?;
        Ok(out)
    }
}

/// One request that is being answered.
pub struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}
