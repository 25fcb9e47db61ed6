//! The only reader of the wall clock: everything else is given the time.

use crate::value::Instant;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// How long something takes, which is no time of day.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    pub fn start() -> Stopwatch {
        Stopwatch(std::time::Instant::now())
    }

    pub fn seconds(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

/// Where `now` comes from.
#[derive(Clone)]
pub enum Clock {
    Wall,
    /// A clock that a test sets by hand.
    Set(Arc<AtomicI64>),
}

impl Clock {
    pub fn set_to(at: Instant) -> Clock {
        Clock::Set(Arc::new(AtomicI64::new(at.0)))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks")]
    pub fn now(&self) -> Instant {
        match self {
            Clock::Wall => chrono::Utc::now().into(),
            Clock::Set(micros) => Instant(micros.load(Ordering::SeqCst)),
        }
    }

    /// Sets a clock made by [`Clock::set_to`]; the wall clock cannot be set.
    pub fn set(&self, at: Instant) {
        if let Clock::Set(micros) = self {
            micros.store(at.0, Ordering::SeqCst);
        }
    }
}
