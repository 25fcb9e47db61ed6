//! `touchline report leaderboard`: the board as IMPORT.md promises it.

use super::{Beside, Board, By, Filters, Rank, Row, Who, board_with_beside, together};
use crate::csv_out::{self, Cell};
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::page::{self, DASH};
use crate::rules::rates::Rate;
use crate::rules::target::Metric;
use crate::text_out;
use chrono::NaiveDate;
use serde::{Serialize, Serializer};
use std::collections::HashMap;

/// The report. Absent filters are null.
#[derive(Debug, Serialize)]
pub struct Leaderboard {
    pub report: &'static str,
    pub metric: Metric,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub by: By,
    pub rank: Rank,
    pub rows: Vec<LeaderboardRow>,
    /// What several rows have together, each lead once; null for who does not see everybody.
    pub together: Option<LeaderboardRow>,
    /// How much of the activities of the rows was entered late.
    pub late: LateShare,
    /// Whether the workspace has set neither zone nor hours.
    #[serde(skip)]
    pub is_default_hours: bool,
    /// Whether the period had not ended by the as-of.
    #[serde(skip)]
    pub is_running: bool,
}

/// One row; that of a team has its name twice and no address.
#[derive(Debug, Default, Serialize)]
pub struct LeaderboardRow {
    pub rank: Option<usize>,
    pub name: String,
    pub email: Option<String>,
    pub team: Option<String>,
    #[serde(serialize_with = "number")]
    pub value: Option<f64>,
    #[serde(serialize_with = "number")]
    pub target: Option<f64>,
    pub percent: Option<f64>,
    /// Where the share of the target ranks: what of it was due by the as-of, and the value by that, which decides the place.
    #[serde(serialize_with = "number", skip_serializing_if = "Option::is_none")]
    pub due: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_due: Option<f64>,
    /// Where it ranks: METRICS.md 4.2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub improvement: Option<f64>,
    /// What stands beside every volume: PRODUCT.md 7, rule 9. Absent where there is no value, and of a line to reach.
    #[serde(serialize_with = "number")]
    pub activities: Option<f64>,
    #[serde(serialize_with = "number")]
    pub reached: Option<f64>,
    #[serde(serialize_with = "number")]
    pub leads_reached: Option<f64>,
    /// Of the activities, those that reached somebody, 0 to 1, with its Wilson 95 % interval.
    pub share_reached: Option<f64>,
    pub share_reached_low: Option<f64>,
    pub share_reached_high: Option<f64>,
    /// Of the activities, those that were entered late.
    #[serde(serialize_with = "number")]
    pub late: Option<f64>,
    pub share_late: Option<f64>,
}

/// How many of some activities were entered late, with the share, 0 to 1, and its Wilson 95 % interval.
#[derive(Debug, Serialize)]
pub struct LateShare {
    pub k: u64,
    pub n: u64,
    pub share: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

impl LateShare {
    fn of(rate: Rate) -> LateShare {
        let (low, high) = rate.interval().unzip();
        LateShare {
            k: rate.k,
            n: rate.n,
            share: rate.share(),
            low,
            high,
        }
    }

    fn rate(&self) -> Rate {
        Rate {
            k: self.k,
            n: self.n,
        }
    }
}

/// Makes the report: the rows of the page with the same filters.
pub fn report(conn: &mut Conn, kept: Kept, filters: &Filters) -> Result<Leaderboard> {
    let (board, beside) = board_with_beside(conn, kept, filters)?;
    let together = LeaderboardRow::together(&board);
    let late = together::late_rate(&board, &beside);
    let Board {
        rows,
        is_default_hours,
        is_running,
        ..
    } = board;
    let with_beside = |row: Row| LeaderboardRow::of(row, &beside);
    Ok(Leaderboard {
        together,
        late: LateShare::of(late),
        report: "leaderboard",
        metric: filters.metric.clone(),
        from: filters.from,
        to: filters.to,
        by: filters.by,
        rank: filters.rank,
        rows: rows.into_iter().map(with_beside).collect(),
        is_default_hours,
        is_running,
    })
}

impl Leaderboard {
    /// The report as CSV, a column for each key of a row.
    pub fn csv(&self) -> Result<String> {
        let header = [&header(self.rank)[..], &BESIDE[..]].concat();
        let all = self.rows.iter().chain(&self.together);
        let cells = all.map(|row| {
            let mut cells = row.cells(self.rank);
            cells.extend(row.beside());
            cells
        });
        csv_out::table(&header, cells)
    }

    /// The report for people at a terminal.
    pub fn text(&self) -> String {
        let figure = |value: Option<f64>| value.map_or(DASH.to_owned(), page::amount);
        let has_due = self.rank == Rank::Percent && self.is_running;
        let is_leads = self.metric == Metric::LeadsReached;
        let all = self.rows.iter().chain(&self.together);
        let rows = all.map(|row| {
            let name = match (&row.team, &row.email) {
                (Some(team), Some(_)) => format!("{} ({team})", row.name),
                _ if row.name.is_empty() => "(none)".to_owned(),
                _ => row.name.clone(),
            };
            let mut cells = vec![
                name,
                row.rank.map_or(DASH.to_owned(), |rank| rank.to_string()),
                figure(row.value),
                figure(row.target),
                row.percent.map_or(DASH.to_owned(), page::percent),
            ];
            if has_due {
                let share = row.of_due.map_or(DASH.to_owned(), page::percent);
                cells.extend([figure(row.due), share]);
            }
            if self.rank == Rank::Improved {
                cells.push(row.improvement.map_or(DASH.to_owned(), page::points));
            }
            if !is_leads {
                cells.push(figure(row.leads_reached));
            }
            cells.push(page::in_full(row.rate_reached()));
            cells
        });
        let mut header = vec!["Name", "Rank", self.metric.label(), "Target", "Of target"];
        if has_due {
            header.extend(["Due by now", "Of due"]);
        }
        if self.rank == Rank::Improved {
            header.push("Improved by");
        }
        if !is_leads {
            header.push("Leads reached");
        }
        header.push("Share reached");
        let mut text = text_out::aligned(&header, rows);
        let late = page::late(self.late.rate(), "activities");
        if !late.is_empty() {
            text.push_str(&format!("{late}\n"));
        }
        text
    }
}

/// The columns of what stands beside the volume.
pub const BESIDE: [&str; 8] = [
    "activities",
    "reached",
    "leads_reached",
    "share_reached",
    "share_reached_low",
    "share_reached_high",
    "late",
    "share_late",
];

/// The columns of a row; what was due and the improvement only where they rank.
pub fn header(rank: Rank) -> Vec<&'static str> {
    let mut header = vec![
        "rank", "name", "email", "team", "value", "target", "percent",
    ];
    match rank {
        Rank::Value => {}
        Rank::Percent => header.extend(["due", "of_due"]),
        Rank::Improved => header.push("improvement"),
    }
    header
}

impl LeaderboardRow {
    /// A row with what stands beside it: nothing where there is no value, and of a line to reach.
    pub fn of(row: Row, beside: &HashMap<Who, Beside>) -> LeaderboardRow {
        let is_there = row.value.is_some() && !row.is_line;
        let there = is_there.then(|| beside.get(&row.who).copied().unwrap_or_default());
        LeaderboardRow::from(row).with(there)
    }

    /// What the rows have together, for who sees everybody.
    pub fn together(board: &Board) -> Option<LeaderboardRow> {
        let (value, beside) = board.all()?;
        let row = LeaderboardRow {
            name: "Together".to_owned(),
            value: Some(value),
            ..LeaderboardRow::default()
        };
        Some(row.with(Some(beside)))
    }

    fn with(self, beside: Option<Beside>) -> LeaderboardRow {
        let reached = beside.map(|beside| beside.share_reached());
        let (low, high) = reached.and_then(Rate::interval).unzip();
        LeaderboardRow {
            activities: beside.map(|beside| beside.activities),
            reached: beside.map(|beside| beside.reached),
            leads_reached: beside.map(|beside| beside.leads_reached),
            share_reached: reached.and_then(Rate::share),
            share_reached_low: low,
            share_reached_high: high,
            late: beside.map(|beside| beside.late),
            share_late: beside.and_then(|beside| beside.share_late().share()),
            ..self
        }
    }

    /// The cells of [`BESIDE`].
    pub fn beside(&self) -> [Cell; 8] {
        [
            self.activities,
            self.reached,
            self.leads_reached,
            self.share_reached,
            self.share_reached_low,
            self.share_reached_high,
            self.late,
            self.share_late,
        ]
        .map(Cell::number)
    }

    /// Of the activities, those that reached somebody.
    fn rate_reached(&self) -> Rate {
        let [k, n] = [self.reached, self.activities].map(|count| count.unwrap_or(0.0) as u64);
        Rate { k, n }
    }

    pub fn cells(&self, rank: Rank) -> Vec<Cell> {
        let text = |text: &Option<String>| Cell::from(text.as_deref().unwrap_or_default());
        let mut cells = vec![
            Cell::number(self.rank.map(|rank| rank as f64)),
            Cell::from(self.name.as_str()),
            text(&self.email),
            text(&self.team),
            Cell::number(self.value),
            Cell::number(self.target),
            Cell::number(self.percent),
        ];
        match rank {
            Rank::Value => {}
            Rank::Percent => cells.extend([self.due, self.of_due].map(Cell::number)),
            Rank::Improved => cells.push(Cell::number(self.improvement)),
        }
        cells
    }
}

impl From<Row> for LeaderboardRow {
    fn from(row: Row) -> LeaderboardRow {
        LeaderboardRow {
            rank: row.place,
            name: row.name,
            email: row.email,
            team: row.team,
            value: row.value,
            target: row.target,
            percent: row.percent,
            due: row.due,
            of_due: row.of_due,
            improvement: row.improvement,
            ..LeaderboardRow::default()
        }
    }
}

/// A count is written as one: `12`, not `12.0`.
fn number<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(whole) if whole.fract() == 0.0 && whole.abs() < 1e15 => {
            serializer.serialize_i64(*whole as i64)
        }
        other => other.serialize(serializer),
    }
}
