//! The report as a plain table, for programs.

use super::figures::Figures;
use super::{Report, Volume};
use crate::csv_out::{self, Cell};
use crate::error::Result;
use crate::leads::cohort::ALL;
use crate::rules::level::Clause;

/// One row a group, and the last of all. Columns: group, n; for each promise of sales C its C_met, C_missed, C_pending,
/// C_not_applicable, C_attained, C_low, C_high; for each of marketing's M its M (how many), M_n (of how many), M_pending,
/// M_not_applicable, M_share, M_low, M_high; delivered and promised, of all only; rejections to answer, the median time
/// until the answer and its 90th percentile, each with its interval. Shares are 0 to 1; absent values are empty.
pub fn csv(report: &Report) -> Result<String> {
    let columns = header(&report.total);
    let header: Vec<&str> = columns.iter().map(String::as_str).collect();
    let groups = report.groups.iter();
    let groups = groups.map(|group| row(&group.name, &group.figures, None));
    let all = row(ALL, &report.total, Some(&report.volume));
    csv_out::table(&header, groups.chain([all]))
}

fn header(figures: &Figures) -> Vec<String> {
    let mut columns = vec!["group".to_owned(), "n".to_owned()];
    let verdicts = [
        "met",
        "missed",
        "pending",
        "not_applicable",
        "attained",
        "low",
        "high",
    ];
    for clause in Clause::ALL {
        columns.extend(verdicts.map(|verdict| format!("{clause}_{verdict}")));
    }
    for (name, ..) in figures.marketing() {
        columns.push(name.to_owned());
        let rest = ["n", "pending", "not_applicable", "share", "low", "high"];
        columns.extend(rest.map(|what| format!("{name}_{what}")));
    }
    columns.extend(["delivered", "promised", "to_answer"].map(str::to_owned));
    for quantile in ["median", "p90"] {
        columns.push(format!("answer_{quantile}_s"));
        columns.extend(["low", "high"].map(|end| format!("answer_{quantile}_{end}_s")));
    }
    columns
}

fn row(name: &str, figures: &Figures, volume: Option<&Volume>) -> Vec<Cell> {
    let count = |value: u64| Cell::count(value as i64);
    let mut cells = vec![Cell::from(name), count(figures.n)];
    for tally in figures.sales {
        cells.extend([tally.met, tally.missed, tally.pending, tally.not_applicable].map(count));
        let (low, high) = tally.rate().interval().unzip();
        cells.extend([tally.rate().share(), low, high].map(Cell::number));
    }
    for (name, _, rate) in figures.marketing() {
        let (low, high) = rate.interval().unzip();
        let left_out = figures.not_applicable(name);
        cells.extend([rate.k, rate.n, figures.pending(name), left_out].map(count));
        cells.extend([rate.share(), low, high].map(Cell::number));
    }
    cells.push(Cell::number(volume.map(|volume| volume.delivered as f64)));
    cells.push(Cell::number(volume.and_then(|volume| volume.promised)));
    cells.push(count(figures.answer_time.n));
    for quantile in [figures.answer_time.median, figures.answer_time.p90] {
        cells.extend([quantile.value_s, quantile.low_s, quantile.high_s].map(Cell::number));
    }
    cells
}
