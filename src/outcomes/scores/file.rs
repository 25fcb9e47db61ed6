//! The score beside its outcomes as a file.

use super::{Band, Report};
use crate::csv_out::{self, Cell};
use crate::error::Result;
use crate::outcomes::figures::Part;

impl Report {
    /// One row a band, then what tells them apart (`apart`: halves, pairs in
    /// order, those without a score and those that are maturing), those of the fitted score (`chance`: its name, the mean chance, n and won) and how good that is
    /// (`measure`: its name and value). Columns: from, to, mean_score, n, accepted, reached, won each with k, share, low,
    /// high; table, name, value; and of each tenth of the fitted chances (`tenth`) the 99.8 % limits between which its mean
    /// must lie, and whether it does; last of each band those taken up: taken_up, with share, low and high.
    pub(super) fn csv(&self) -> Result<String> {
        let mut columns: Vec<String> = ["from", "to", "mean_score", "n"].map(str::to_owned).into();
        for step in ["accepted", "reached", "won"] {
            columns.extend(["", "_share", "_low", "_high"].map(|end| format!("{step}{end}")));
        }
        columns.extend(["table", "name", "value"].map(str::to_owned));
        columns.extend(["limit_low", "limit_high", "verdict"].map(str::to_owned));
        columns.extend(["", "_share", "_low", "_high"].map(|end| format!("taken_up{end}")));
        let header: Vec<&str> = columns.iter().map(String::as_str).collect();
        let row = |band: &Band| {
            let mut cells: Vec<Cell> = [band.from, band.to, band.mean_score]
                .map(|value| Cell::number(Some(value)))
                .into();
            cells.push(Cell::count(band.n as i64));
            for part in [&band.accepted, &band.reached, &band.won] {
                cells.push(Cell::count(part.k as i64));
                cells.extend([part.share, part.low, part.high].map(Cell::number));
            }
            cells.extend([
                Cell::from("score"),
                Cell::from(band.name()),
                Cell::number(None),
            ]);
            cells.extend((0..3).map(|_| Cell::number(None)));
            let part = &band.taken_up;
            let ends = [Some(part.k as f64), part.share, part.low, part.high];
            cells.extend(ends.map(Cell::number));
            cells
        };
        let bands = self.bands.iter().map(row);
        let others = self.apart_cells().into_iter().chain(self.fitted.cells());
        let others = others.map(|mut cells| {
            cells.extend((0..4).map(|_| Cell::number(None)));
            cells
        });
        csv_out::table(&header, bands.chain(others))
    }

    /// The halves, the pairs, and how many have no score or are maturing, as rows of the file.
    fn apart_cells(&self) -> Vec<Vec<Cell>> {
        let row = |name: &str, n: u64, won: Option<&Part>, value: Option<f64>| {
            let empty = |count: usize| (0..count).map(|_| Cell::number(None));
            let mut cells: Vec<Cell> = empty(3).collect();
            cells.push(Cell::count(n as i64));
            cells.extend(empty(8));
            cells.push(Cell::number(won.map(|won| won.k as f64)));
            for of in [|p: &Part| p.share, |p: &Part| p.low, |p: &Part| p.high] {
                cells.push(Cell::number(won.and_then(of)));
            }
            cells.extend([Cell::from("apart"), Cell::from(name), Cell::number(value)]);
            cells.extend(empty(3));
            cells
        };
        let (upper, lower) = (&self.upper, &self.lower);
        if self.bands.is_empty() && self.maturing == 0 {
            return Vec::new();
        }
        vec![
            row("upper", upper.n, Some(upper), None),
            row("lower", lower.n, Some(lower), None),
            row("auc", upper.n + lower.n, None, self.auc),
            row("unscored", self.unscored, None, None),
            row("maturing", self.maturing, None, None),
        ]
    }
}
