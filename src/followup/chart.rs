//! The rising staircase: which share had the event, and which was closed before, by how much time.

use super::figures::{Figures, LEAST_AT_RISK, TIMES_S, Waiting, curves};
use super::{Awaited, WhichClock};
use crate::charts::{LogAxis, Part, Path, Plot, Stairs, Tick, share_ticks};
use crate::page;
use crate::rules::survival::{Competing, Shares};

const AXIS: LogAxis = LogAxis {
    from_s: 60.0,
    to_s: 604_800.0,
};

/// `total` are the figures of all these waitings.
pub fn plot(waitings: &[Waiting], total: &Figures, event: Awaited, clock: WhichClock) -> Plot {
    let all: Vec<&Waiting> = waitings.iter().collect();
    let (curve, competing) = curves(&all);
    let few = curve.steps.iter().find(|step| step.at_risk < LEAST_AT_RISK);
    let faint_from_s = few.map_or(AXIS.to_s, |step| step.t_s);
    Plot {
        label: format!("Share of leads {} within a time", event.done()),
        about: about(total, event, clock),
        x: TIMES_S.iter().map(|t_s| tick(*t_s)).collect(),
        y: share_ticks(),
        limits: Vec::new(),
        paths: paths(&competing, faint_from_s),
    }
}

/// What had happened by a time as areas on each other: done, closed before, and waiting still.
pub fn areas(waitings: &[Waiting], event: Awaited) -> Plot {
    let all: Vec<&Waiting> = waitings.iter().collect();
    let (curve, competing) = curves(&all);
    let few = curve.steps.iter().find(|step| step.at_risk < LEAST_AT_RISK);
    let faint_from_s = few.map_or(AXIS.to_s, |step| step.t_s);
    let area = |start, edges: fn(&Shares) -> (f64, f64)| {
        let steps = competing.steps.iter().map(|step| (step.t_s, edges(step)));
        Stairs::new(&AXIS, start, steps).split(&AXIS, faint_from_s)
    };
    let done = area((0.0, 0.0), |step| (0.0, step.event.value));
    let ended = |step: &Shares| step.event.value + step.closed.value;
    let closed = area((0.0, 0.0), |step| {
        (step.event.value, step.event.value + step.closed.value)
    });
    let waiting = Stairs::new(
        &AXIS,
        (0.0, 1.0),
        competing
            .steps
            .iter()
            .map(|step| (step.t_s, (ended(step), 1.0))),
    );
    let waiting = waiting.split(&AXIS, faint_from_s);
    let path = |class, part: Option<Part<(f64, f64)>>| {
        part.map(|part| Path {
            class,
            d: part.area(),
        })
    };
    let paths = [
        path("area-done", done.0),
        path("area-done curve-faint", done.1),
        path("area-closed", closed.0),
        path("area-closed curve-faint", closed.1),
        path("area-waiting", waiting.0),
        path("area-waiting curve-faint", waiting.1),
    ];
    Plot {
        label: format!("Leads {}, closed before and waiting, by time", event.done()),
        about: "Three areas that make up all leads at each time since the hand-over; the table below has the same figures."
            .to_owned(),
        x: TIMES_S.iter().map(|t_s| tick(*t_s)).collect(),
        y: share_ticks(),
        limits: Vec::new(),
        paths: paths.into_iter().flatten().collect(),
    }
}

fn about(total: &Figures, event: Awaited, clock: WhichClock) -> String {
    let told = [3_600, 86_400].map(|t_s| {
        let within = total.within.iter().find(|within| within.t_s == t_s);
        let within = within.filter(|within| within.is_told)?;
        let time = page::duration(f64::from(t_s));
        Some(format!("{} {} within {time}", within.words(), event.done()))
    });
    let told: Vec<String> = told.into_iter().flatten().collect();
    let told = match told.is_empty() {
        true => String::new(),
        false => format!(": {}", told.join(", ")),
    };
    format!(
        "A staircase over {} time on a growing scale{told}. The table below has the same figures.",
        clock.word()
    )
}

fn tick(t_s: u32) -> Tick {
    Tick {
        at: AXIS.percent(f64::from(t_s)),
        label: page::duration(f64::from(t_s)),
        minor: matches!(t_s, 300 | 900 | 28_800 | 259_200),
    }
}

fn paths(competing: &Competing, faint_from_s: f64) -> Vec<Path> {
    let stairs = |value: fn(&Shares) -> f64| {
        let steps = competing.steps.iter().map(|step| (step.t_s, value(step)));
        Stairs::new(&AXIS, 0.0, steps).split(&AXIS, faint_from_s)
    };
    let band = |step: &Shares| {
        let share = step.event;
        (step.t_s, share.band().unwrap_or((share.value, share.value)))
    };
    let band = Stairs::new(&AXIS, (0.0, 0.0), competing.steps.iter().map(band));
    let band = band.split(&AXIS, faint_from_s);
    let event = stairs(|step| step.event.value);
    let closed = stairs(|step| step.closed.value);
    let path = |class, d: Option<String>| d.map(|d| Path { class, d });
    [
        path("curve-band", band.0.map(|part| part.area())),
        path("curve-band curve-faint", band.1.map(|part| part.area())),
        path("curve-closed", closed.0.map(|part| part.line())),
        path("curve-closed curve-faint", closed.1.map(|part| part.line())),
        path("curve-event", event.0.map(|part| part.line())),
        path("curve-event curve-faint", event.1.map(|part| part.line())),
    ]
    .into_iter()
    .flatten()
    .collect()
}
