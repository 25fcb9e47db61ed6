//! How many hand-overs a source brings beside how good they are, as points of one picture.

use super::figures::Step;
use super::sheet::{Line, Said, Sheet, Table, Ways};
use super::{Group, LEAST_LEADS, Report, tables};
use crate::charts::line::{Axes, Scale};
use crate::charts::scatter::{Dot, Scatter};
use crate::error::Result;
use crate::page;
use crate::rules::rates::Rate;
use crate::style;

pub fn sheet(report: &Report, ways: Ways) -> Result<Sheet> {
    let by = report
        .by
        .map_or("group".to_owned(), |by| by.label().to_lowercase());
    let mut groups: Vec<&Group> = report.groups.iter().collect();
    let is_small = |group: &Group| group.figures.n < LEAST_LEADS;
    let low = |group: &Group| group.figures.won_low.unwrap_or(-1.0);
    groups.sort_by(|a, b| {
        is_small(a)
            .cmp(&is_small(b))
            .then(low(b).total_cmp(&low(a)))
    });
    let told: Vec<&Group> = groups
        .iter()
        .copied()
        .filter(|group| !is_small(group))
        .collect();
    Ok(Sheet {
        headline: headline(&by, &told),
        warnings: Vec::new(),
        scatter: (!told.is_empty()).then(|| scatter(&by, &told)),
        bars: None,
        tables: vec![Table {
            title: format!("Quantity and quality by {by}"),
            note: "Ordered by the lower end of the share won; small groups last".to_owned(),
            first: "Group",
            columns: vec![
                "Leads",
                "Accepted",
                "Contacted",
                "Qualified",
                "Won",
                "Value won",
            ],
            rows: groups
                .iter()
                .map(|group| line(group, is_small(group), ways))
                .collect(),
        }],
        how: "Each group is a point: how many leads were handed over, and which share of them was won so far with its \
              95 % interval. Groups of fewer than 10 leads are left out of the picture. Leads of the last weeks have \
              had less time to be won.",
        versions: report.versions.clone(),
        csv: tables::csv(report)?,
    })
}

fn line(group: &Group, is_faint: bool, ways: Ways) -> Line {
    let name = page::group_name(&group.name);
    let share = |step: Step| Said {
        href: ways(step.word(), name),
        ..Said::share(group.figures.rate(step))
    };
    let n = Said {
        href: ways(Step::HandedOver.word(), name),
        ..Said::plain(style::count(group.figures.n))
    };
    let shares = [Step::Accepted, Step::Contacted, Step::Qualified, Step::Won].map(share);
    let value = Said {
        href: ways("value", name),
        ..Said::plain(tables::money(&group.figures.value_won))
    };
    Line {
        name: name.to_owned(),
        badge: if is_faint { "Warming up" } else { "" },
        is_faint,
        cells: [n].into_iter().chain(shares).chain([value]).collect(),
    }
}

/// "Webinar brings the most leads (80); Referral has the largest share won for sure (at least 12 %)."
fn headline(by: &str, told: &[&Group]) -> String {
    let most = told.iter().max_by_key(|group| group.figures.n);
    let best = told.first().filter(|best| best.figures.won > 0);
    match (most, best) {
        (Some(most), Some(best)) => format!(
            "{} brings the most leads ({}). The best share won is that of {}: {} ({}), likely {}.",
            page::group_name(&most.name),
            style::count(most.figures.n),
            page::group_name(&best.name),
            page::share(best.figures.rate(Step::Won)),
            page::of(best.figures.rate(Step::Won)),
            page::interval(best.figures.rate(Step::Won))
        ),
        (Some(_), None) => "No lead of a group of 10 or more was won yet.".to_owned(),
        (None, _) => format!("No {by} has 10 leads yet: warming up."),
    }
}

fn scatter(by: &str, told: &[&Group]) -> Scatter {
    let most = told.iter().map(|group| group.figures.n).max().unwrap_or(1) as f64;
    let rate = |group: &&&Group| group.figures.rate(Step::Won);
    let high = |rate: Rate| rate.interval().map_or(0.0, |(_, high)| high);
    let top = told
        .iter()
        .map(|group| high(rate(&group)))
        .fold(0.05, f64::max);
    let axes = Axes {
        x: Scale {
            from: 0.0,
            to: most * 1.05,
        },
        y: Scale { from: 0.0, to: top },
    };
    let dot = |group: &&Group| {
        let rate = rate(&group);
        let likely = rate.interval().unwrap_or((0.0, 0.0));
        let name = page::group_name(&group.name).to_owned();
        Dot::new(
            &axes,
            rate.n as f64,
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
