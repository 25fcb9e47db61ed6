//! Points over two even axes, each with its name and the range in which it likely lies.

use super::Tick;
use super::line::Axes;

/// A picture with its words.
#[derive(Debug, Clone, Default)]
pub struct Scatter {
    pub label: String,
    /// What it shows, for who does not see it.
    pub about: String,
    /// What each axis counts.
    pub x_name: String,
    pub y_name: String,
    pub x: Vec<Tick>,
    pub y: Vec<Tick>,
    pub dots: Vec<Dot>,
}

/// A point; all places are in percent from the left or from the top.
#[derive(Debug, Clone, PartialEq)]
pub struct Dot {
    pub x: f64,
    pub y: f64,
    /// Where the upright line of its likely range begins and ends.
    pub high: f64,
    pub low: f64,
    pub name: String,
    /// Where the name stands: start or end of it at the point.
    pub anchor: &'static str,
}

impl Dot {
    /// A value at x with its interval, over axes.
    pub fn new(axes: &Axes, x: f64, y: f64, likely: (f64, f64), name: String) -> Dot {
        let at = axes.x_tick(x, "").at;
        let up = |value: f64| axes.y_tick(value, "").at;
        Dot {
            x: at,
            y: up(y),
            high: up(likely.1),
            low: up(likely.0),
            anchor: if at > 60.0 { "end" } else { "start" },
            name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::Scale;
    use super::*;

    #[test]
    fn a_point_stands_where_its_values_are_and_its_name_on_the_side_with_room() {
        let scale = |to| Scale { from: 0.0, to };
        let axes = Axes {
            x: scale(100.0),
            y: scale(0.5),
        };
        let dot = Dot::new(&axes, 80.0, 0.25, (0.0, 0.5), "Web".to_owned());
        assert_eq!((dot.x, dot.y, dot.high, dot.low), (80.0, 50.0, 0.0, 100.0));
        assert_eq!(dot.anchor, "end");
        assert_eq!(
            Dot::new(&axes, 10.0, 0.1, (0.0, 0.2), String::new()).anchor,
            "start"
        );
    }
}
