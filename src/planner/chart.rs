//! The chance against units a working day, as a picture and as a table.

use super::Study;
use crate::charts::line::{Axes, Scale};
use crate::charts::{Limit, Plot};
use crate::csv_out::{self, Cell};
use crate::error::Result;
use crate::page;
use crate::rules::plan::{self, Plan};

const POINTS: u32 = 60;
const ROWS: u32 = 10;

/// A line of the table under the picture.
pub struct Row {
    pub per_day: String,
    pub units: String,
    pub chance: String,
}

/// What the plan asks a day, and as far as the picture goes: to twice that, or to three times the best week. `None`
/// where there is nothing to draw.
fn reach(study: &Study) -> Option<(Option<u64>, Scale)> {
    let (asked, most) = match study.plan? {
        Plan::Needs { per_day, .. } => (Some(per_day), per_day as f64 * 2.0),
        Plan::Beyond => (None, (study.best?.0 * 3.0).ceil()),
        Plan::Made | Plan::NoDays => return None,
    };
    let to = most.max(1.0);
    Some((asked, Scale { from: 0.0, to }))
}

/// The picture and its table.
pub fn chart(study: &Study, unit: &str) -> Option<(Plot, Vec<Row>)> {
    let (asked, x) = reach(study)?;
    let axes = Axes::of_shares(x);
    let at = |index: u32| x.to * f64::from(index) / f64::from(POINTS);
    let points = (0..=POINTS).map(|index| Some((at(index), study.chance_at(at(index))?)));
    let points: Vec<(f64, f64)> = points.collect::<Option<_>>()?;
    let mut plot = axes.plot(&[], &points);
    plot.label = format!("Chance by {unit} a working day");
    plot.about = match asked {
        Some(per_day) => {
            format!("It rises with each of them; {per_day} a day make it 80\u{a0}% or more.")
        }
        None => "It stays below 80\u{a0}% up to three times the best week.".to_owned(),
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
    let row = |(pace, units, chance): (f64, u64, f64)| Row {
        per_day: page::amount(pace),
        units: units.to_string(),
        chance: page::percent(chance),
    };
    Some((plot, figures(study).into_iter().map(row).collect()))
}

/// Units a day, units in all and the chance, at paces that people read and at that of the plan.
fn figures(study: &Study) -> Vec<(f64, u64, f64)> {
    let Some((asked, x)) = reach(study) else {
        return Vec::new();
    };
    let mut paces = x.round_values(ROWS);
    paces.extend(asked.map(|per_day| per_day as f64));
    paces.sort_by(f64::total_cmp);
    paces.dedup();
    let figures = |pace: f64| {
        let units = plan::units_of(pace, study.days_left);
        Some((pace, units, study.chance_at(pace)?))
    };
    paces.into_iter().filter_map(figures).collect()
}

/// The same as a file.
pub fn csv(study: &Study) -> Result<String> {
    let header = format!("{}_a_day", study.question.unit);
    let rows = figures(study).into_iter().map(|(pace, units, chance)| {
        vec![
            Cell::number(Some(pace)),
            Cell::count(units as i64),
            Cell::number(Some(chance)),
        ]
    });
    csv_out::table(&[header.as_str(), "in_all", "chance"], rows)
}
