//! How many hand-overs a source brings beside how good they are, as points of one picture.

use super::figures::{Part, Settled, Step};
use super::sheet::{Line, Said, Sheet, Table, Ways};
use super::{Group, LEAST_LEADS, Report, left_out_maturing, tables};
use crate::charts::line::{Axes, Scale};
use crate::charts::scatter::{Dot, Scatter};
use crate::csv_out::Cell;
use crate::error::Result;
use crate::leads::cohort::{About, Grouping, Place, in_order};
use crate::page;
use crate::rules::rates::Rate;
use crate::style;
use serde::Serialize;
use std::collections::BTreeMap;

/// What is concluded of a group rests on those of it that are not maturing.
fn is_small(group: &Group) -> bool {
    group.figures.settled.n < LEAST_LEADS
}

fn won(group: &Group) -> Rate {
    group.figures.settled.rate(Step::Won)
}

pub fn sheet(report: &Report, ways: Ways) -> Result<Sheet> {
    let by = report.by.unwrap_or(Grouping::Source);
    let place = |group: &Group| Place {
        is_small: is_small(group),
        low: won(group).interval().map(|(low, _)| low),
    };
    let said =
        "Ordered by the lower end of the share won, without those maturing; small groups last";
    let (groups, order) = in_order(by, &report.groups, place, said);
    let by = by.label().to_lowercase();
    let told = groups.iter().copied().filter(|group| !is_small(group));
    let told: Vec<&Group> = told.collect();
    Ok(Sheet {
        headline: headline(&by, &told),
        warnings: left_out_maturing(report.total.maturing, ways("maturing", ""))
            .into_iter()
            .collect(),
        scatter: (!told.is_empty()).then(|| scatter(&by, &told)),
        bars: None,
        tables: vec![Table {
            title: format!("Quantity and quality by {by}"),
            note: order.to_owned(),
            first: "Group",
            columns: vec![
                "Leads",
                "Maturing",
                "Taken up",
                "Contacted",
                "Qualified",
                "Won",
                "Value won",
            ],
            rows: groups.iter().map(|group| line(group, ways)).collect(),
        }],
        how: "Each group is a point: how many leads were handed over, and which share of them was won so far with its \
              95 % interval. Shares are of those that are not maturing: one that is open and not reached, while the time \
              for that is not over, does not say yet how good its source is. Groups with fewer than 10 others are left \
              out of the picture. Taken up is what was accepted, tried or reached. Leads of the last \
              weeks have had less time to be won.",
        versions: report.versions.clone(),
        csv: csv(report)?,
    })
}

/// The rows of the funnel, and of each group how many are not maturing (settled_n), and how many of these were accepted,
/// contacted, qualified, won and taken up, each with its share, low and high.
fn csv(report: &Report) -> Result<String> {
    let shares = Settled::FILED
        .iter()
        .flat_map(|step| ["", "_share", "_low", "_high"].map(|end| format!("settled_{step}{end}")));
    let columns: Vec<String> = ["settled_n".to_owned()].into_iter().chain(shares).collect();
    let cells = |group: &Group| {
        let settled = &group.figures.settled;
        let shares = Settled::FILED.iter().flat_map(|step| {
            let part = Part::from(settled.rate(*step));
            let count = Cell::count(part.k as i64);
            let rest = [part.share, part.low, part.high].map(Cell::number);
            [count].into_iter().chain(rest)
        });
        [Cell::count(settled.n as i64)]
            .into_iter()
            .chain(shares)
            .collect()
    };
    tables::csv_with(report, &columns, cells)
}

/// The report as programs read it: the funnel's figures of each group, and what is concluded of it.
#[derive(Serialize)]
pub struct Printed<'r> {
    #[serde(flatten)]
    about: About,
    by: Option<Grouping>,
    groups: Vec<PrintedGroup<'r>>,
}

#[derive(Serialize)]
struct PrintedGroup<'r> {
    #[serde(flatten)]
    group: &'r Group,
    /// Of those that are not maturing.
    settled: BTreeMap<&'static str, Part>,
}

impl Printed<'_> {
    pub fn of(report: &Report) -> Printed<'_> {
        let part =
            |group: &Group, step: Step| (step.word(), group.figures.settled.rate(step).into());
        let printed = |group| PrintedGroup {
            group,
            settled: Settled::FILED
                .iter()
                .map(|step| part(group, *step))
                .collect(),
        };
        Printed {
            about: About {
                view: Some("quality"),
                ..report.about.clone()
            },
            by: report.by,
            groups: report.groups.iter().map(printed).collect(),
        }
    }
}

fn line(group: &Group, ways: Ways) -> Line {
    let name = page::group_name(&group.name);
    let figures = &group.figures;
    let count = |figure: &str, n: u64| Said {
        href: ways(figure, name),
        ..Said::plain(style::count(n))
    };
    let share = |step: &Step| Said {
        href: ways(&format!("settled-{step}"), name),
        ..Said::share(figures.settled.rate(*step))
    };
    let n = count(Step::HandedOver.word(), figures.n);
    let maturing = count("maturing", figures.maturing);
    let value = Said {
        href: ways("value", name),
        ..Said::plain(tables::money(&figures.value_won))
    };
    let shares = Settled::STEPS.iter().map(share);
    Line {
        name: name.to_owned(),
        badge: match (is_small(group), figures.n < LEAST_LEADS) {
            (false, _) => "",
            (true, true) => "Warming up",
            (true, false) => "Maturing",
        },
        is_faint: is_small(group),
        cells: [n, maturing]
            .into_iter()
            .chain(shares)
            .chain([value])
            .collect(),
    }
}

/// "Webinar brings the most leads (80); Referral has the largest share won for sure (at least 12 %)."
fn headline(by: &str, told: &[&Group]) -> String {
    let most = told.iter().max_by_key(|group| group.figures.n);
    let best = told.first().filter(|best| won(best).k > 0);
    match (most, best) {
        (Some(most), Some(best)) => format!(
            "{} brings the most leads ({}). The best share won is that of {}: {} ({}), likely {}.",
            page::group_name(&most.name),
            style::count(most.figures.n),
            page::group_name(&best.name),
            page::share(won(best)),
            page::of(won(best)),
            page::interval(won(best))
        ),
        (Some(_), None) => "No lead of a group of 10 or more was won yet.".to_owned(),
        (None, _) => {
            format!("No {by} has 10 leads yet of which something can be said: warming up.")
        }
    }
}

fn scatter(by: &str, told: &[&Group]) -> Scatter {
    let most = told.iter().map(|group| group.figures.n).max().unwrap_or(1) as f64;
    let high = |rate: Rate| rate.interval().map_or(0.0, |(_, high)| high);
    let top = told
        .iter()
        .map(|group| high(won(group)))
        .fold(0.05, f64::max);
    let axes = Axes {
        x: Scale {
            from: 0.0,
            to: most * 1.05,
        },
        y: Scale { from: 0.0, to: top },
    };
    let dot = |group: &&Group| {
        let rate = won(group);
        let likely = rate.interval().unwrap_or((0.0, 0.0));
        let name = page::group_name(&group.name).to_owned();
        Dot::new(
            &axes,
            group.figures.n as f64,
            rate.share().unwrap_or(0.0),
            likely,
            name,
        )
    };
    let x = axes.x.round_values(5).into_iter();
    let y = axes.y.round_values(4).into_iter();
    Scatter {
        label: format!("Quality against quantity by {by}"),
        about: "A point for each group: to the right those with more leads, above those with a larger share won. The \
                line is the likely range; the table below has the same figures."
            .to_owned(),
        x_name: "Leads handed over".to_owned(),
        y_name: "Share won".to_owned(),
        x: x.map(|value| axes.x_tick(value, page::amount(value))).collect(),
        y: y
            .map(|value| {
                let label = if value > 0.0 { page::percent(value) } else { String::new() };
                axes.y_tick(value, label)
            })
            .collect(),
        dots: told.iter().map(dot).collect(),
    }
}
