//! Lines and bands over two even axes.

use super::{Path, Plot, SIDE, Tick};

/// An axis on which equal steps are equally long, from one end to the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    pub from: f64,
    pub to: f64,
}

impl Scale {
    /// Where a value lies, 0 to 1; what is outside lies at the nearer end, and all of an axis without length at 0.
    pub fn share(&self, value: f64) -> f64 {
        let length = self.to - self.from;
        match length > 0.0 && value.is_finite() {
            true => ((value - self.from) / length).clamp(0.0, 1.0),
            false => 0.0,
        }
    }

    /// Values that people read, at most `most` of them besides the first: multiples of 1, 2 or 5 times a power of ten, from end to end.
    pub fn round_values(&self, most: u32) -> Vec<f64> {
        let length = self.to - self.from;
        if !(length > 0.0 && length.is_finite()) || most == 0 {
            return vec![self.from];
        }
        let least = length / f64::from(most);
        let power = 10f64.powf(least.log10().floor());
        let fits = |times: &f64| times * power >= least * (1.0 - 1e-9);
        let times = [1.0, 2.0, 5.0].into_iter().find(fits).unwrap_or(10.0);
        let step = times * power;
        let first = (self.from / step - 1e-9).ceil();
        let last = (self.to / step + 1e-9).floor();
        let count = (last - first).max(0.0) as u32;
        (0..=count)
            .map(|index| (first + f64::from(index)) * step)
            .collect()
    }
}

/// Both axes of a picture, y upwards.
#[derive(Debug, Clone, Copy)]
pub struct Axes {
    pub x: Scale,
    pub y: Scale,
}

impl Axes {
    /// A share of 0 to 1 over an axis.
    pub fn of_shares(x: Scale) -> Axes {
        let y = Scale { from: 0.0, to: 1.0 };
        Axes { x, y }
    }

    pub fn x_tick(&self, value: f64, label: impl Into<String>) -> Tick {
        Tick {
            at: percent(self.x.share(value)),
            label: label.into(),
            minor: false,
        }
    }

    /// A mark at a height; the label of the lowest is best left empty.
    pub fn y_tick(&self, value: f64, label: impl Into<String>) -> Tick {
        Tick {
            at: percent(1.0 - self.y.share(value)),
            label: label.into(),
            minor: false,
        }
    }

    /// The path through points in their order; empty for none.
    pub fn line(&self, points: impl IntoIterator<Item = (f64, f64)>) -> String {
        let mut d = String::new();
        for (x, y) in points {
            d.push(if d.is_empty() { 'M' } else { 'L' });
            d.push_str(&self.place(x, y));
        }
        d
    }

    /// The path around the area between a lower and an upper value, given as (x, low, high); empty for none.
    pub fn band(&self, points: &[(f64, f64, f64)]) -> String {
        let above = points.iter().map(|(x, _, high)| (*x, *high));
        let below = points.iter().rev().map(|(x, low, _)| (*x, *low));
        let mut d = self.line(above.chain(below));
        if !d.is_empty() {
            d.push('Z');
        }
        d
    }

    /// A picture of one line with a band around it where there is one, and share ticks where y is a share;
    /// the caller names it and sets other ticks.
    pub fn plot(&self, band: &[(f64, f64, f64)], line: &[(f64, f64)]) -> Plot {
        let path = |class, d: String| (!d.is_empty()).then_some(Path { class, d });
        Plot {
            y: super::share_ticks(),
            paths: [
                path("curve-band", self.band(band)),
                path("curve-event", self.line(line.iter().copied())),
            ]
            .into_iter()
            .flatten()
            .collect(),
            ..Plot::default()
        }
    }

    fn place(&self, x: f64, y: f64) -> String {
        format!(
            "{} {}",
            tenths(self.x.share(x) * SIDE),
            tenths((1.0 - self.y.share(y)) * SIDE)
        )
    }
}

fn percent(share: f64) -> f64 {
    (share * 10_000.0).round() / 100.0
}

fn tenths(place: f64) -> f64 {
    (place * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const AXES: Axes = Axes {
        x: Scale {
            from: 10.0,
            to: 30.0,
        },
        y: Scale { from: 0.0, to: 1.0 },
    };

    #[test]
    fn ticks_stand_at_values_that_people_read() {
        let values = |from, to, most| Scale { from, to }.round_values(most);
        assert_eq!(
            values(0.0, 30.0, 6),
            [0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0]
        );
        assert_eq!(values(0.0, 47.0, 5), [0.0, 10.0, 20.0, 30.0, 40.0]);
        assert_eq!(values(3.0, 11.0, 4), [4.0, 6.0, 8.0, 10.0]);
        assert_eq!(
            values(0.0, 1.0, 5),
            [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]
        );
        assert_eq!(values(7.0, 7.0, 5), [7.0]);
        assert_eq!(values(0.0, f64::NAN, 5), [0.0]);
    }

    #[test]
    fn what_lies_outside_is_drawn_at_the_nearer_end() {
        assert_eq!((AXES.x.share(0.0), AXES.x.share(99.0)), (0.0, 1.0));
        assert_eq!(AXES.x.share(f64::NAN), 0.0);
        assert_eq!(AXES.y_tick(0.25, "25").at, 75.0);
        assert_eq!(AXES.x_tick(15.0, "15").at, 25.0);
    }

    #[test]
    fn a_line_goes_through_its_points_and_a_band_around_them() {
        let line = [(10.0, 0.0), (20.0, 0.5), (30.0, 1.0)];
        assert_eq!(AXES.line(line), "M0 1000L500 500L1000 0");
        let band = [(10.0, 0.0, 0.2), (30.0, 0.5, 1.0)];
        assert_eq!(AXES.band(&band), "M0 800L1000 0L1000 500L0 1000Z");
        assert_eq!(AXES.band(&[]), "");
        let plot = AXES.plot(&[], &line);
        assert_eq!(plot.paths.len(), 1);
    }
}
