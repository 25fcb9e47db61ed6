//! A line as small as a word: how a figure went, without axes.

/// A picture in a box of 100 by 24, y downwards.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spark {
    /// All its values in words, for who does not see it.
    pub label: String,
    /// The path; empty where there is nothing to draw.
    pub d: String,
}

impl Spark {
    /// Values in order of time; `None` leaves a gap. The largest reaches the top, and zero is the bottom.
    pub fn new(label: String, values: &[Option<f64>]) -> Spark {
        let most = values.iter().flatten().copied().fold(0.0, f64::max);
        let last = values.len().saturating_sub(1).max(1) as f64;
        let mut d = String::new();
        let mut is_open = false;
        for (at, value) in values.iter().enumerate() {
            let Some(value) = value else {
                is_open = false;
                continue;
            };
            let x = round(100.0 * at as f64 / last);
            let y = round(22.0 - 20.0 * if most > 0.0 { value / most } else { 0.0 });
            d.push_str(&format!("{}{x} {y}", if is_open { 'L' } else { 'M' }));
            is_open = true;
        }
        Spark { label, d }
    }
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_value_reaches_the_top_and_a_gap_stays_a_gap() {
        let spark = Spark::new(String::new(), &[Some(0.0), Some(5.0), None, Some(10.0)]);
        assert_eq!(spark.d, "M0 22L33.3 12M100 2");
        assert_eq!(Spark::new(String::new(), &[None]).d, "");
        assert_eq!(
            Spark::new(String::new(), &[Some(0.0), Some(0.0)]).d,
            "M0 22L100 22"
        );
    }
}
