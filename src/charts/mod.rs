//! The geometry of pictures: from figures to the ticks and paths that templates/parts/chart.html draws. Words keep
//! their size at any width, so ticks are in percent and paths in a square of 1000 by 1000, y downwards.

pub mod bars;
pub mod heat_map;
pub mod line;
pub mod qr;
pub mod scatter;
pub mod spark;

const SIDE: f64 = 1000.0;
/// Steps nearer to each other than this share one.
const COLUMNS: f64 = 500.0;

/// A picture with its words.
#[derive(Debug, Clone, Default)]
pub struct Plot {
    pub label: String,
    /// What it shows, for who does not see it.
    pub about: String,
    pub x: Vec<Tick>,
    pub y: Vec<Tick>,
    pub limits: Vec<Limit>,
    pub paths: Vec<Path>,
}

/// A mark on an axis, in percent from the left or from the top.
#[derive(Debug, Clone)]
pub struct Tick {
    pub at: f64,
    pub label: String,
    /// Left out on a phone.
    pub minor: bool,
}

/// An upright line at which something should have happened.
#[derive(Debug, Clone)]
pub struct Limit {
    pub at: f64,
    pub label: String,
    /// Where the label stands: start, mid or end.
    pub anchor: &'static str,
}

#[derive(Debug, Clone)]
pub struct Path {
    pub class: &'static str,
    pub d: String,
}

/// Time on a growing scale.
#[derive(Debug, Clone, Copy)]
pub struct LogAxis {
    pub from_s: f64,
    pub to_s: f64,
}

impl LogAxis {
    /// Where a time lies, 0 to 1; what is outside lies at the nearer end.
    pub fn share(&self, t_s: f64) -> f64 {
        let t_s = t_s.clamp(self.from_s, self.to_s);
        (t_s / self.from_s).ln() / (self.to_s / self.from_s).ln()
    }

    pub fn percent(&self, t_s: f64) -> f64 {
        (self.share(t_s) * 10_000.0).round() / 100.0
    }

    fn column(&self, t_s: f64) -> u32 {
        (self.share(t_s) * COLUMNS).round() as u32
    }
}

/// The ticks of shares: every quarter, without a word for none.
pub fn share_ticks() -> Vec<Tick> {
    let tick = |percent: u8| Tick {
        at: 100.0 - f64::from(percent),
        label: match percent {
            0 => String::new(),
            percent => format!("{percent}\u{a0}%"),
        },
        minor: false,
    };
    [0, 25, 50, 75, 100].map(tick).into()
}

/// A staircase: from each column on, up to the next, a value of 0 to 1.
#[derive(Debug, Clone)]
pub struct Stairs<V>(Vec<(u32, V)>);

impl<V: Copy> Stairs<V> {
    /// `steps` are times in order and the values from them on; it begins at `start` and ends with the axis.
    pub fn new(axis: &LogAxis, start: V, steps: impl IntoIterator<Item = (f64, V)>) -> Stairs<V> {
        let mut stairs = vec![(0, start)];
        for (t_s, value) in steps.into_iter().take_while(|(t_s, _)| *t_s <= axis.to_s) {
            let column = axis.column(t_s);
            match stairs.last_mut() {
                Some(last) if last.0 == column => last.1 = value,
                _ => stairs.push((column, value)),
            }
        }
        Stairs(stairs)
    }

    /// The parts before and from a time on; a part that would have no width is none.
    pub fn split(self, axis: &LogAxis, t_s: f64) -> (Option<Part<V>>, Option<Part<V>>) {
        let (cut, end) = (axis.column(t_s), COLUMNS as u32);
        let begun = self.0.partition_point(|(column, _)| *column <= cut);
        let held = self.0[begun - 1].1;
        let mut before = self.0;
        let mut after = vec![(cut, held)];
        after.extend(before.drain(begun..));
        before.retain(|(column, _)| *column < cut);
        let part = |steps, end| Part { steps, end };
        (
            (cut > 0).then(|| part(before, cut)),
            (cut < end).then(|| part(after, end)),
        )
    }
}

/// A piece of a staircase up to its end; it has one step or more.
#[derive(Debug, Clone)]
pub struct Part<V> {
    steps: Vec<(u32, V)>,
    end: u32,
}

fn x(column: u32) -> f64 {
    f64::from(column) * SIDE / COLUMNS
}

fn y(share: f64) -> f64 {
    ((1.0 - share) * SIDE).round()
}

impl Part<f64> {
    /// The line of it.
    pub fn line(&self) -> String {
        outline(self.steps.iter().copied(), "M") + format!("H{}", x(self.end)).as_str()
    }
}

impl Part<(f64, f64)> {
    /// The area between the lower and the upper value.
    pub fn area(&self) -> String {
        let mut d = outline(self.steps.iter().map(|(at, band)| (*at, band.1)), "M");
        d.push_str(&format!("H{}", x(self.end)));
        for (at, (low, _)) in self.steps.iter().rev() {
            d.push_str(&format!("V{}H{}", y(*low), x(*at)));
        }
        d.push('Z');
        d
    }
}

fn outline(steps: impl Iterator<Item = (u32, f64)>, start: &str) -> String {
    let mut d = String::new();
    for (at, share) in steps {
        if d.is_empty() {
            d = format!("{start}{} {}", x(at), y(share));
        } else {
            d.push_str(&format!("H{}V{}", x(at), y(share)));
        }
    }
    d
}

#[cfg(test)]
mod tests {
    use super::*;

    const AXIS: LogAxis = LogAxis {
        from_s: 60.0,
        to_s: 6_000.0,
    };

    #[test]
    fn each_tenfold_of_time_is_as_wide_as_the_next() {
        assert_eq!(AXIS.percent(600.0), 50.0);
        assert_eq!((AXIS.percent(0.0), AXIS.percent(1e9)), (0.0, 100.0));
    }

    #[test]
    fn a_staircase_rises_at_its_steps_and_runs_on_to_the_end() {
        let steps = [(10.0, 0.25), (600.0, 0.5), (600.1, 0.75), (9_999.0, 1.0)];
        let stairs = Stairs::new(&AXIS, 0.0, steps);
        let (before, after) = stairs.split(&AXIS, 6_000.0);
        assert_eq!(
            before.map(|part| part.line()).as_deref(),
            Some("M0 750H500V250H1000")
        );
        assert!(after.is_none());
    }

    #[test]
    fn a_staircase_is_split_where_few_are_left() {
        let stairs = || Stairs::new(&AXIS, (0.0, 0.0), [(600.0, (0.25, 0.75))]);
        let (before, after) = stairs().split(&AXIS, 1_897.366596);
        assert_eq!(
            before.map(|part| part.area()).as_deref(),
            Some("M0 1000H500V250H750V750H500V1000H0Z")
        );
        assert_eq!(
            after.map(|part| part.area()).as_deref(),
            Some("M750 250H1000V750H750Z")
        );
        let (before, after) = stairs().split(&AXIS, 0.0);
        assert!(before.is_none() && after.is_some());
    }
}
