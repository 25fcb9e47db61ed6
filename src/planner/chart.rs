//! The chance against units a working day, as a picture and as a table.

use super::Study;
use crate::charts::line::{Axes, Scale};
use crate::charts::{Limit, Plot};
use crate::page;
use crate::rules::plan::Plan;

const POINTS: u32 = 60;
const ROWS: u32 = 10;

/// A line of the table under the picture.
pub struct Row {
    pub per_day: String,
    pub units: String,
    pub chance: String,
}

/// As far as twice what the plan asks, or three times the best week; `None` where there is nothing to draw.
pub fn chart(study: &Study, unit: &str) -> Option<(Plot, Vec<Row>)> {
    let asked = match study.plan? {
        Plan::Needs { per_day, .. } => Some(per_day),
        Plan::Beyond => None,
        Plan::Made | Plan::NoDays => return None,
    };
    let most = match asked {
        Some(per_day) => per_day as f64 * 2.0,
        None => (study.best?.0 * 3.0).ceil(),
    };
    let axes = Axes::of_shares(Scale {
        from: 0.0,
        to: most.max(1.0),
    });
    let at = |index: u32| most * f64::from(index) / f64::from(POINTS);
    let points = (0..=POINTS).map(|index| Some((at(index), study.chance_at(at(index))?)));
    let points: Vec<(f64, f64)> = points.collect::<Option<_>>()?;
    let mut plot = axes.plot(&[], &points);
    plot.label = format!("Chance by new {unit} a working day");
    plot.about = match asked {
        Some(per_day) => format!("It rises with each of them, and passes 80 % at {per_day} a day."),
        None => "It stays below 80 % up to three times the best week.".to_owned(),
    };
    let ticks = axes.x.round_values(ROWS / 2);
    plot.x = ticks
        .iter()
        .map(|value| axes.x_tick(*value, page::amount(*value)))
        .collect();
    if let Some(per_day) = asked {
        plot.limits.push(Limit {
            at: axes.x_tick(per_day as f64, "").at,
            label: format!("{per_day} a day"),
            anchor: "mid",
        });
    }
    Some((plot, rows(study, axes.x, asked)))
}

fn rows(study: &Study, x: Scale, asked: Option<u64>) -> Vec<Row> {
    let mut paces = x.round_values(ROWS);
    paces.extend(asked.map(|per_day| per_day as f64));
    paces.sort_by(f64::total_cmp);
    paces.dedup();
    let row = |pace: &f64| {
        let units = crate::rules::plan::units_of(*pace, study.days_left);
        Some(Row {
            per_day: page::amount(*pace),
            units: units.to_string(),
            chance: page::percent(study.chance_at(*pace)?),
        })
    };
    paces.iter().filter_map(row).collect()
}
