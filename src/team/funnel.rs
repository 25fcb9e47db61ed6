//! The funnel plot: people's rates round the team's, for "is this more than chance?". Source: METRICS.md 4.1.

use crate::charts::line::{Axes, Scale};
use crate::charts::{Path, Plot};
use crate::page;
use crate::rules::funnel_plot::{ALPHAS, Standing, limits, standing};
use crate::rules::rates::Rate;
use crate::style;

/// So many points make a limit's line.
const STEPS: u32 = 90;

/// Somebody's rate in the picture.
pub struct Dot {
    pub name: String,
    /// In percent from the left and from the top.
    pub x: f64,
    pub y: f64,
    /// Told by shape too: a circle within the limits, a diamond far out.
    pub class: &'static str,
    pub is_far: bool,
    /// Whether it rests on fewer than ten, and nothing is concluded of it. Source: PRODUCT.md 7, rule 1.
    pub is_few: bool,
    pub is_mine: bool,
    /// Whether the name stands on the left of it.
    pub is_right: bool,
    pub words: String,
    pub row: DotRow,
}

/// The same in a table.
pub struct DotRow {
    pub of: String,
    pub share: String,
    /// The limits at 95 % and at 99.8 %.
    pub limits: [String; 2],
    pub standing: &'static str,
}

/// Of one team.
pub struct Funnel {
    pub team: String,
    pub plot: Plot,
    pub dots: Vec<Dot>,
    /// What it says.
    pub sentence: String,
    pub tone: &'static str,
}

impl Funnel {
    /// What it asks, with the team where there are several.
    pub fn title(&self, teams: usize) -> String {
        match teams {
            1 => "Is this more than chance?".to_owned(),
            _ => format!("Is this more than chance? {}", self.team),
        }
    }
}

/// Of a team's name and rate, and of (name, whether it is the reader's, rate) of its people; `None` where nobody did
/// anything.
pub fn funnel((name, team): (&str, Rate), people: &[(String, bool, Rate)]) -> Option<Funnel> {
    let p0 = team.share()?;
    let people: Vec<_> = people.iter().filter(|(.., rate)| rate.n > 0).collect();
    let most = people.iter().map(|(.., rate)| rate.n).max()?;
    let shares = people.iter().filter_map(|(.., rate)| rate.share());
    let inner = limits(p0, (most / 5).max(1), ALPHAS[1]).1;
    let top = shares.fold(inner, f64::max) * 1.1;
    let axes = Axes {
        x: Scale {
            from: 0.0,
            to: most as f64 * 1.08,
        },
        y: Scale {
            from: 0.0,
            to: top.clamp(0.05, 1.0),
        },
    };
    let dots = people
        .iter()
        .map(|(name, is_mine, rate)| dot(&axes, p0, name, *is_mine, *rate));
    let dots: Vec<Dot> = dots.collect();
    let (sentence, tone) = sentence(&dots);
    Some(Funnel {
        team: name.to_owned(),
        plot: plot(&axes, p0, (name, team), &sentence),
        dots,
        sentence,
        tone,
    })
}

fn plot(axes: &Axes, p0: f64, (name, team): (&str, Rate), sentence: &str) -> Plot {
    let most = axes.x.to;
    let ns = (1..=STEPS).map(|step| (most * f64::from(step) / f64::from(STEPS)).max(1.0));
    let ns: Vec<u64> = ns.map(|n| n.round() as u64).collect();
    let line = |alpha: f64, is_upper: bool| {
        let points = ns.iter().map(|n| {
            let (low, high) = limits(p0, *n, alpha);
            (*n as f64, if is_upper { high } else { low })
        });
        axes.line(points)
    };
    let path = |class, d| Path { class, d };
    let [near, far] = ALPHAS;
    let percent = |value: f64| match value {
        value if value <= 0.0 => String::new(),
        value => page::whole_percent(value),
    };
    let (xs, ys) = (axes.x.round_values(5), axes.y.round_values(4));
    Plot {
        label: format!(
            "Rates of people in {name} round the team\u{2019}s {}",
            match team.is_warming_up() {
                true => page::of(team),
                false => page::percent(p0),
            }
        ),
        about: format!(
            "Across: how many each rate rests on. Up: the rate. Lines: the team\u{2019}s rate ({}), and what chance \
             does round it, 95\u{a0}% and 99.8\u{a0}% of the time. {sentence}",
            page::of(team)
        ),
        x: xs
            .into_iter()
            .map(|n| axes.x_tick(n, style::count(n.round() as i64)))
            .collect(),
        y: ys
            .into_iter()
            .map(|share| axes.y_tick(share, percent(share)))
            .collect(),
        limits: Vec::new(),
        paths: vec![
            path("funnel-far", line(far, false)),
            path("funnel-far", line(far, true)),
            path("funnel-near", line(near, false)),
            path("funnel-near", line(near, true)),
            path("funnel-team", axes.line([(0.0, p0), (most, p0)])),
        ],
    }
}

fn dot(axes: &Axes, p0: f64, name: &str, is_mine: bool, rate: Rate) -> Dot {
    let share = rate.share().unwrap_or(0.0);
    let judged = standing(p0, rate).filter(|_| !rate.is_warming_up());
    let is_far = matches!(judged, Some(Standing::FarAbove | Standing::FarBelow));
    let limit = |alpha| {
        let (low, high) = limits(p0, rate.n, alpha);
        format!(
            "{} to {}",
            style::decimal(low * 100.0, 1),
            page::percent(high)
        )
    };
    let x = axes.x_tick(rate.n as f64, "").at;
    Dot {
        name: name.to_owned(),
        x,
        y: axes.y_tick(share, "").at,
        class: match judged {
            _ if is_far => "dot dot-far",
            Some(Standing::Edge) => "dot dot-edge",
            _ => "dot",
        },
        is_far,
        is_few: judged.is_none(),
        is_mine,
        is_right: x > 75.0,
        words: format!("{name}: {} ({})", page::share(rate), page::of(rate)),
        row: DotRow {
            of: page::of(rate),
            share: page::share(rate),
            limits: ALPHAS.map(limit),
            standing: judged.map_or("Too few to say", words),
        },
    }
}

fn words(standing: Standing) -> &'static str {
    match standing {
        Standing::Within => "Within chance",
        Standing::Edge => "Within 99.8\u{a0}%, outside of 95\u{a0}%",
        Standing::FarAbove => "Above what chance does",
        Standing::FarBelow => "Below what chance does",
    }
}

/// What is concluded of those with ten or more; of the others that they are too few.
fn sentence(dots: &[Dot]) -> (String, &'static str) {
    let judged: Vec<&Dot> = dots.iter().filter(|dot| !dot.is_few).collect();
    let few = dots.len() - judged.len();
    if judged.is_empty() {
        return (
            "Too few to say: nobody here has ten or more.".to_owned(),
            "info",
        );
    }
    let few = match few {
        0 => String::new(),
        1 => " 1 has fewer than ten: too few to say.".to_owned(),
        few => format!(" {few} have fewer than ten: too few to say."),
    };
    let far = judged.iter().filter(|dot| dot.is_far);
    let far: Vec<&str> = far.map(|dot| dot.name.as_str()).collect();
    if far.is_empty() {
        let all = format!("All of this is within what chance does.{few}");
        return (all, "good");
    }
    let rest = match far.len() == judged.len() {
        true => "",
        false => " All others are within what chance does.",
    };
    (
        format!(
            "Outside of what chance does 99.8\u{a0}% of the time: {}. Worth a question, and no verdict.{rest}{few}",
            far.join(", ")
        ),
        "info",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_who_is_warming_up_nothing_is_said() {
        let of = |name: &str, k, n| (name.to_owned(), false, Rate { k, n });
        let people = [of("New", 3, 3), of("Old", 40, 100)];
        let funnel = funnel(("North", Rate { k: 10, n: 400 }), &people).unwrap();
        assert!(!funnel.dots[0].is_far && funnel.dots[1].is_far);
        assert!(!funnel.sentence.contains("New"), "{}", funnel.sentence);
        assert!(
            funnel
                .sentence
                .ends_with("1 has fewer than ten: too few to say.")
        );
        let row = &funnel.dots[0].row;
        let few = ("Warming up", "Too few to say");
        assert_eq!((row.share.as_str(), row.standing), few);
    }

    #[test]
    fn where_nobody_has_ten_nothing_is_said_to_be_chance() {
        let of = |name: &str, k, n| (name.to_owned(), false, Rate { k, n });
        let people = [of("Ana", 1, 4), of("Ben", 9, 9)];
        let funnel = funnel(("North", Rate { k: 10, n: 13 }), &people).unwrap();
        assert!(!funnel.sentence.contains("chance"), "{}", funnel.sentence);
        assert_eq!(funnel.tone, "info");
    }
}
