//! Bars under each other: shares of one whole with their intervals, and a funnel. Each has its words beside it, so that
//! nothing has to be read off an axis.

/// A picture of bars with its words.
#[derive(Debug, Clone, Default)]
pub struct Bars {
    pub label: String,
    /// What it shows, for who does not see it.
    pub about: String,
    pub rows: Vec<Row>,
}

/// One bar; all are in percent of the width.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub label: String,
    /// What stands at its end: `48.3 % (104 of 214)`.
    pub figure: String,
    pub class: &'static str,
    pub start: f64,
    pub width: f64,
    /// Where the interval begins and ends.
    pub likely: Option<(f64, f64)>,
}

/// How one bar is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    Plain,
    /// Nobody did it: hatched, not only of another colour.
    Never,
}

impl Row {
    /// A bar from the left for a share of 0 to 1, with its interval.
    pub fn share(
        label: String,
        figure: String,
        share: f64,
        likely: Option<(f64, f64)>,
        fill: Fill,
    ) -> Row {
        Row {
            label,
            figure,
            class: match fill {
                Fill::Plain => "bar-fill",
                Fill::Never => "bar-fill bar-never",
            },
            start: 0.0,
            width: percent(share),
            likely: likely.map(|(low, high)| (percent(low), percent(high))),
        }
    }

    /// A step of a funnel: a bar in the middle.
    pub fn step(label: String, figure: String, share: f64) -> Row {
        let width = percent(share);
        Row {
            label,
            figure,
            class: "bar-fill",
            start: (100.0 - width) / 2.0,
            width,
            likely: None,
        }
    }
}

impl Bars {
    /// Its height in em: three for each bar.
    pub fn height_em(&self) -> usize {
        3 * self.rows.len()
    }
}

fn percent(share: f64) -> f64 {
    (share.clamp(0.0, 1.0) * 10_000.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_share_and_never_longer_than_the_whole() {
        let row = |share| {
            Row::share(
                String::new(),
                String::new(),
                share,
                Some((0.1, 2.0)),
                Fill::Plain,
            )
        };
        assert_eq!((row(0.25).start, row(0.25).width), (0.0, 25.0));
        assert_eq!(row(1.5).width, 100.0);
        assert_eq!(row(0.0).likely, Some((10.0, 100.0)));
    }

    #[test]
    fn a_step_of_a_funnel_stands_in_the_middle() {
        let step = Row::step("Won".to_owned(), "1 of 4".to_owned(), 0.25);
        assert_eq!((step.start, step.width), (37.5, 25.0));
    }
}
