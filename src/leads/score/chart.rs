//! How scores are spread, before and after a change of the rules: steps over bands of ten points.

use super::preview::{BANDS, Preview};
use crate::charts::{Limit, Path, Plot, Tick};
use crate::style;

const SIDE: f64 = 1000.0;

pub fn histogram(preview: &Preview, line: f64) -> Plot {
    let most = preview.before.iter().chain(&preview.after).copied().max();
    let most = most.unwrap_or(0).max(2).next_multiple_of(2);
    let tick = |value: usize| Tick {
        at: 100.0 * (1.0 - value as f64 / most as f64),
        label: style::count(value as i64),
        minor: false,
    };
    let x = |points: usize| Tick {
        at: points as f64,
        label: points.to_string(),
        minor: !points.is_multiple_of(50),
    };
    let anchor = match line {
        line if line < 20.0 => "start",
        line if line > 80.0 => "end",
        _ => "mid",
    };
    Plot {
        label: "How many leads have which score".to_owned(),
        about: format!(
            "Bands of ten points. With these rules {} of {} leads are on the line of {line} or above it.",
            preview.above, preview.leads
        ),
        x: (0..=100).step_by(10).map(x).collect(),
        y: vec![tick(most), tick(most / 2)],
        limits: vec![Limit {
            at: line,
            label: "Line".to_owned(),
            anchor,
        }],
        paths: vec![
            Path {
                class: "curve-band",
                d: format!("{}L1000 1000L0 1000Z", steps(&preview.before, most)),
            },
            Path {
                class: "curve-event",
                d: steps(&preview.after, most),
            },
        ],
    }
}

fn steps(bands: &[usize; BANDS], most: usize) -> String {
    let width = SIDE / BANDS as f64;
    let mut d = String::new();
    for (band, many) in bands.iter().enumerate() {
        let y = SIDE * (1.0 - *many as f64 / most as f64);
        let (from, to) = (band as f64 * width, (band + 1) as f64 * width);
        let start = if band == 0 { "M" } else { "L" };
        d.push_str(&format!("{start}{from} {y:.1}L{to} {y:.1}"));
    }
    d
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_band_reaches_the_top_and_an_empty_one_the_ground() {
        let mut bands = [0; BANDS];
        bands[1] = 4;
        let d = steps(&bands, 4);
        assert!(d.starts_with("M0 1000.0L100 1000.0L100 0.0L200 0.0L200 1000.0"));
    }
}
