//! How long until it happens, when some are still waiting (section 3.1): Kaplan-Meier for "how
//! fast, had none been closed", Aalen-Johansen for "what happened to all of them".
//!
//! Those still waiting are censored, never left out. At equal times events come before closings
//! that censor, and both before those still open.

use super::rates::Z;

/// S at most this much above 1 - p has reached the quantile p.
const QUANTILE_TOLERANCE: f64 = 1e-12;

/// How a waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    /// What was waited for happened.
    Event,
    /// It was closed before.
    Closed,
    /// Neither, as of the report.
    Open,
}

/// One waiting: how long until its end, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Obs {
    pub t_s: f64,
    pub end: End,
}

/// How many ended how at one time, and how many had a time not below it.
#[derive(Debug, Clone, Copy)]
struct Moment {
    t_s: f64,
    at_risk: usize,
    events: usize,
    closed: usize,
    open: usize,
}

/// Observations, sorted once for both estimates.
#[derive(Debug, Clone)]
pub struct Observed(Vec<Moment>);

impl Observed {
    /// Takes observations in any order; O(n log n).
    pub fn new(observations: &[Obs]) -> Observed {
        let mut sorted = observations.to_vec();
        sorted.sort_unstable_by(|a, b| a.t_s.total_cmp(&b.t_s));
        let mut at_risk = sorted.len();
        let moments = sorted.chunk_by(|a, b| a.t_s == b.t_s).map(|same| {
            let count = |end| same.iter().filter(|obs| obs.end == end).count();
            let moment = Moment {
                t_s: same[0].t_s,
                at_risk,
                events: count(End::Event),
                closed: count(End::Closed),
                open: count(End::Open),
            };
            at_risk -= same.len();
            moment
        });
        Observed(moments.collect())
    }

    /// Kaplan-Meier of the event, with closings and those still open censored.
    pub fn curve(&self) -> Curve {
        let mut s = 1.0;
        let mut greenwood = 0.0;
        let steps = self.0.iter().map(|moment| {
            let (n, d) = (moment.at_risk as f64, moment.events as f64);
            s *= 1.0 - d / n;
            greenwood += d / (n * (n - d));
            Step {
                t_s: moment.t_s,
                at_risk: moment.at_risk,
                events: moment.events,
                censored: moment.closed + moment.open,
                s,
                greenwood: (s > 0.0).then_some(greenwood),
            }
        });
        Curve {
            steps: steps.collect(),
        }
    }

    /// Aalen-Johansen of event and closing, with those still open censored.
    pub fn competing(&self) -> Competing {
        let mut waiting = 1.0;
        let mut event = Incidence::default();
        let mut closed = Incidence::default();
        let ends = self.0.iter().filter(|m| m.events + m.closed > 0);
        let steps = ends.map(|moment| {
            let n = moment.at_risk as f64;
            let d = (moment.events + moment.closed) as f64;
            event.add(waiting, n, d, moment.events as f64);
            closed.add(waiting, n, d, moment.closed as f64);
            waiting *= 1.0 - d / n;
            Shares {
                t_s: moment.t_s,
                event: event.share(),
                closed: closed.share(),
                waiting,
                greenwood: event.a,
            }
        });
        Competing {
            steps: steps.collect(),
        }
    }
}

/// A Kaplan-Meier curve.
#[derive(Debug, Clone)]
pub struct Curve {
    /// One for each distinct time, also where only censorings lie, in order.
    pub steps: Vec<Step>,
}

/// A curve from one time on.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub t_s: f64,
    /// Those with a time not below `t_s`.
    pub at_risk: usize,
    pub events: usize,
    pub censored: usize,
    /// S: the share to whom it has not happened.
    pub s: f64,
    /// Greenwood's sum; none once S is 0.
    pub greenwood: Option<f64>,
}

impl Step {
    /// The log-log band of S (exponential Greenwood); none at S = 1 and at S = 0.
    pub fn band(&self) -> Option<(f64, f64)> {
        let sum = self.greenwood.filter(|_| self.s < 1.0)?;
        Some(log_log(self.s, sum))
    }
}

/// S^exp(±θ) with θ = z √V / ln S, of S between 0 and 1 and Greenwood's sum V.
fn log_log(s: f64, greenwood: f64) -> (f64, f64) {
    let theta = Z * greenwood.sqrt() / s.ln();
    (s.powf((-theta).exp()), s.powf(theta.exp()))
}

/// An estimated share with its 95 % band, where it has one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    pub value: f64,
    pub band: Option<(f64, f64)>,
}

impl Share {
    /// The share of the others: 1 - value, its band turned round.
    pub fn complement(self) -> Share {
        Share {
            value: 1.0 - self.value,
            band: self.band.map(|(low, high)| (1.0 - high, 1.0 - low)),
        }
    }
}

/// A quantile of the time in seconds and the ends of its 95 % interval; none is "not reached yet".
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantile {
    pub value_s: Option<f64>,
    pub low_s: Option<f64>,
    pub high_s: Option<f64>,
}

impl Curve {
    /// S at a time, the share to whom it has not happened. After the last observation a curve
    /// keeps its last value.
    pub fn at(&self, t_s: f64) -> Share {
        let past = self.steps.partition_point(|step| step.t_s <= t_s);
        let step = past.checked_sub(1).map(|last| &self.steps[last]);
        Share {
            value: step.map_or(1.0, |step| step.s),
            band: step.and_then(Step::band),
        }
    }

    /// How many have a time not below `t_s`.
    pub fn at_risk(&self, t_s: f64) -> usize {
        let past = self.steps.partition_point(|step| step.t_s < t_s);
        self.steps.get(past).map_or(0, |step| step.at_risk)
    }

    /// The time by which it has happened to the share `p`, with the interval of Brookmeyer and
    /// Crowley on the log-log scale: the first times at which the lower and the upper band of S
    /// come down to 1 - p, where S = 0 counts as a band of [0, 0].
    pub fn quantile(&self, p: f64) -> Quantile {
        let goal = 1.0 - p + QUANTILE_TOLERANCE;
        let first = |reached: &dyn Fn(&Step) -> bool| {
            let mut events = self.steps.iter().filter(|step| step.events > 0);
            events.find(|step| reached(step)).map(|step| step.t_s)
        };
        let band = |step: &Step| match step.s {
            0.0 => Some((0.0, 0.0)),
            _ => step.band(),
        };
        Quantile {
            value_s: first(&|step| step.s <= goal),
            low_s: first(&|step| band(step).is_some_and(|(low, _)| low <= goal)),
            // The upper band is never below S: asking S first spares most of the work.
            high_s: first(&|step| {
                step.s <= goal && band(step).is_some_and(|(_, high)| high <= goal)
            }),
        }
    }

    /// The restricted mean: the average time in seconds when none is counted beyond `tau_s`.
    pub fn rmst(&self, tau_s: f64) -> f64 {
        let (mut area, mut from, mut s) = (0.0, 0.0, 1.0);
        for step in self.steps.iter().take_while(|step| step.t_s < tau_s) {
            area += s * (step.t_s - from);
            (from, s) = (step.t_s, step.s);
        }
        area + s * (tau_s - from)
    }
}

/// Aalen-Johansen: the shares of event, closed and waiting over time.
#[derive(Debug, Clone)]
pub struct Competing {
    /// One for each distinct time of an event or a closing, in order.
    pub steps: Vec<Shares>,
}

/// What had happened by a time; the three values add up to 1.
#[derive(Debug, Clone, Copy)]
pub struct Shares {
    pub t_s: f64,
    pub event: CauseShare,
    pub closed: CauseShare,
    /// S of either end: the share that had neither.
    pub waiting: f64,
    /// Greenwood's sum of either end, as long as somebody waits.
    pub greenwood: f64,
}

impl Shares {
    /// The log-log band of those who wait, as [`Step::band`] has it with either end as the event; none at 1 and at 0.
    pub fn waiting_band(&self) -> Option<(f64, f64)> {
        let is_between = 0.0 < self.waiting && self.waiting < 1.0;
        is_between.then(|| log_log(self.waiting, self.greenwood))
    }
}

/// The share of one cause, and the variance of its estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CauseShare {
    pub value: f64,
    pub variance: f64,
}

impl CauseShare {
    const NONE: CauseShare = CauseShare {
        value: 0.0,
        variance: 0.0,
    };

    /// The band F^exp(±z·se/(F ln F)); none at 0 and at 1.
    pub fn band(&self) -> Option<(f64, f64)> {
        let f = self.value;
        // A sum that is 1 but for rounding has no band either.
        (f > 0.0 && f < 1.0 - QUANTILE_TOLERANCE).then(|| {
            let theta = Z * self.variance.sqrt() / (f * f.ln());
            (f.powf((-theta).exp()), f.powf(theta.exp()))
        })
    }
}

impl Competing {
    /// The shares at a time; after the last observation they stay.
    pub fn at(&self, t_s: f64) -> Shares {
        let past = self.steps.partition_point(|step| step.t_s <= t_s);
        let before_all = Shares {
            t_s,
            event: CauseShare::NONE,
            closed: CauseShare::NONE,
            waiting: 1.0,
            greenwood: 0.0,
        };
        let last = past.checked_sub(1).map(|last| self.steps[last]);
        Shares {
            t_s,
            ..last.unwrap_or(before_all)
        }
    }
}

/// The running sums of one cause. The variance is
/// Σ (F - F_i)² a_i + Σ S_i² b_i - 2 Σ (F - F_i) S_i c_i with a = d/(n(n-d)), whose sum is Greenwood's of either end,
/// b = d_k(n-d_k)/n³ and c = d_k/n²; each sum over (F - F_i) is carried on as F grows, so a step costs the same
/// however many came before.
#[derive(Default)]
struct Incidence {
    f: f64,
    a: f64,
    a_lag: f64,
    a_lag_squared: f64,
    b: f64,
    c: f64,
    c_lag: f64,
}

impl Incidence {
    /// Adds a time with `n` at risk, `d` ends of any cause and `d_k` of this one, and S before it.
    fn add(&mut self, s: f64, n: f64, d: f64, d_k: f64) {
        let rise = s * d_k / n;
        self.f += rise;
        self.a_lag_squared += rise * (2.0 * self.a_lag + rise * self.a);
        self.a_lag += rise * self.a;
        self.c_lag += rise * self.c;
        if d < n {
            self.a += d / (n * (n - d));
        }
        self.b += s * s * d_k * (n - d_k) / (n * n * n);
        self.c += s * d_k / (n * n);
    }

    fn share(&self) -> CauseShare {
        CauseShare {
            // Thousands of small steps may add up to a little more than all.
            value: self.f.min(1.0),
            variance: (self.a_lag_squared + self.b - 2.0 * self.c_lag).max(0.0),
        }
    }
}

#[cfg(test)]
mod tests;
