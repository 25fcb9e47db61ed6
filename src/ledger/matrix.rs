//! The matrix: people and teams by metrics, the targets that hold on a day, and a form over all of them.

use super::seen::Seen;
use super::suggested::suggestions;
use super::{fields, goals_shown, tabs, toast};
use crate::app::Cx;
use crate::csv_out::{self, Cell};
use crate::error::Result;
use crate::form::{Choice, Form, read_day};
use crate::page::{self, Answer, Frame, Link};
use crate::rules::access::Me;
use crate::rules::suggestion::Suggestion;
use crate::rules::target::{Metric, Period, TargetRow};
use crate::shared_goals::GoalView;
use crate::targets::{Whose, words};
use crate::urls;
use askama::Template;
use chrono::NaiveDate;
use std::collections::HashMap;

/// Columns that are there also when nobody has such a target.
const ALWAYS: [Metric; 3] = [
    Metric::Activities,
    Metric::LeadsReached,
    Metric::MeetingsBooked,
];

#[derive(Template)]
#[template(path = "ledger/matrix.html")]
struct MatrixPage {
    frame: Frame,
    tabs: Vec<Link>,
    csv: String,
    form: Form,
    /// As the filters say it.
    on: String,
    day: String,
    is_daily: bool,
    /// The filters, for the forms to keep.
    carried: Vec<(&'static str, String)>,
    periods: Vec<Choice>,
    teams: Vec<Choice>,
    columns: Vec<Choice>,
    metrics: Vec<Metric>,
    rows: Vec<RowView>,
    everybody: Vec<Choice>,
    sources: Vec<Choice>,
    goals: Vec<GoalView>,
}

/// A person or a team.
struct RowView {
    key: String,
    name: String,
    is_team: bool,
    cells: Vec<CellView>,
}

struct CellView {
    /// The name of its field.
    field: String,
    /// The metric and whose, for who does not see the table.
    label: String,
    metric: String,
    value: String,
    error: String,
    words: String,
    origin: &'static str,
    /// From when it holds, who set it and why.
    about: String,
    history_href: String,
    suggestion: String,
}

/// What the matrix shows.
pub struct View {
    on: NaiveDate,
    pub period: Period,
    team: Option<i64>,
    has_all_columns: bool,
}

impl View {
    /// From the filters of the page, or the hidden fields of its form.
    pub fn of(form: &Form, today: NaiveDate) -> View {
        View {
            on: read_day(form.value("on")).unwrap_or(today),
            period: Period::from_word(form.value("period")).unwrap_or(Period::Day),
            team: form.value("team").parse().ok(),
            has_all_columns: form.value("columns") == "all",
        }
    }

    /// The filters as fields.
    fn carried(&self) -> Vec<(&'static str, String)> {
        let team = self.team.map(|team| team.to_string());
        let columns = if self.has_all_columns { "all" } else { "" };
        vec![
            ("on", self.on.to_string()),
            ("period", self.period.word().to_owned()),
            ("team", team.unwrap_or_default()),
            ("columns", columns.to_owned()),
        ]
    }

    /// The address of the same as a file.
    fn csv_href(&self) -> String {
        let carried = self.carried();
        let carried = carried.iter().map(|(name, value)| (*name, value.as_str()));
        let fields: Vec<_> = carried.chain([("format", "csv")]).collect();
        urls::with_query("/targets/matrix", &fields)
    }

    /// The address of the page, with a word about what was done.
    pub fn address(&self, done: &str) -> String {
        let carried = self.carried();
        let carried = carried.iter().map(|(name, value)| (*name, value.as_str()));
        let fields: Vec<_> = carried.chain([("done", done)]).collect();
        urls::with_query("/targets/matrix", &fields)
    }
}

pub fn index(cx: &Cx) -> Answer {
    let (me, query) = (cx.me()?, cx.query());
    let view = View::of(&query, me.zone.day_of(cx.now));
    if query.value("format") == "csv" {
        let seen = cx.snapshot(|conn| Seen::read(conn, cx))?;
        return page::csv_file("target-matrix", Sheet::read(cx, seen, &view)?.csv()?);
    }
    let mut page = matrix_page(cx, me, &view, Form::default())?;
    page.frame = page.frame.with_toast(match query.value("done") {
        "saved" => toast("Targets saved."),
        "copied" => toast("Targets copied."),
        "ramp" => toast("The ramp is set."),
        _ => None,
    });
    page::show(&page)
}

/// The page again, with what was entered and what is wrong with it (422).
pub fn again(cx: &Cx, view: &View, form: Form) -> Answer {
    page::again(&matrix_page(cx, cx.me()?, view, form)?)
}

fn matrix_page(cx: &Cx, me: &Me, view: &View, mut form: Form) -> Result<MatrixPage> {
    let seen = cx.snapshot(|conn| Seen::read(conn, cx))?;
    for name in ["valid_from", "copy_from"] {
        form.set_default(name, view.on.max(seen.today).to_string());
    }
    let sheet = Sheet::read(cx, seen, view)?;
    let seen = &sheet.seen;
    let filters = Form::filled(view.carried());
    let everybody = seen.everybody();
    let people = everybody
        .iter()
        .filter(|(key, ..)| key.starts_with("person:"));
    let named = |(key, _, name): &(String, Whose, String)| (key.clone(), name.clone());
    let teams = seen.teams.iter();
    let teams = teams.map(|team| (team.id.to_string(), team.name.clone()));
    let none = |label: &str| std::iter::once((String::new(), label.to_owned()));
    Ok(MatrixPage {
        frame: Frame::new(cx, "Target matrix"),
        tabs: tabs(me, "/targets/matrix"),
        csv: view.csv_href(),
        on: view.on.to_string(),
        day: page::day(view.on),
        is_daily: view.period == Period::Day,
        carried: view.carried(),
        periods: filters.choices("period", fields::PERIODS),
        teams: filters.choices("team", none("All teams").chain(teams)),
        columns: filters.choices("columns", [("", "In use"), ("all", "All metrics")]),
        rows: sheet.rows(&form),
        sources: form.choices("from", none("Choose").chain(everybody.iter().map(named))),
        everybody: form.choices("whose", none("Choose").chain(people.map(named))),
        goals: goals_shown(cx, me)?,
        metrics: sheet.metrics,
        form,
    })
}

/// What stands in the cells.
struct Sheet {
    seen: Seen,
    period: Period,
    shown: Vec<(String, Whose, String)>,
    metrics: Vec<Metric>,
    held: HashMap<Whose, Vec<TargetRow>>,
    suggested: HashMap<(i64, Metric), Suggestion>,
}

impl Sheet {
    fn read(cx: &Cx, seen: Seen, view: &View) -> Result<Sheet> {
        let shown = shown(&seen, view);
        let held: HashMap<Whose, Vec<TargetRow>> = shown
            .iter()
            .map(|(_, whose, _)| (*whose, seen.holding_for(*whose, view.on)))
            .collect();
        let metrics = columns(cx, view, &held)?;
        let suggested = match view.period {
            Period::Day => {
                cx.snapshot(|conn| suggestions(conn, cx, &seen.people, &metrics, seen.today))?
            }
            _ => HashMap::new(),
        };
        Ok(Sheet {
            seen,
            period: view.period,
            shown,
            metrics,
            held,
            suggested,
        })
    }

    fn rows(&self, form: &Form) -> Vec<RowView> {
        let row = |(number, (key, whose, name)): (usize, &(String, Whose, String))| {
            let cell_of = |(column, metric)| {
                let field = format!("c{number}.{column}");
                self.cell(form, field, (key, *whose, name), metric)
            };
            RowView {
                key: key.clone(),
                name: name.clone(),
                is_team: matches!(whose, Whose::Team(_)),
                cells: self.metrics.iter().enumerate().map(cell_of).collect(),
            }
        };
        self.shown.iter().enumerate().map(row).collect()
    }

    /// A row for each of a person or a team, and a column for each metric with the target that holds, in words; empty
    /// where none does.
    fn csv(&self) -> Result<String> {
        let metrics = self.metrics.iter().map(Metric::to_string);
        let header: Vec<String> = ["whose", "is_team", "period"]
            .map(str::to_owned)
            .into_iter()
            .chain(metrics)
            .collect();
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let rows = self.rows(&Form::default()).into_iter().map(|row| {
            let own = [
                Cell::from(row.name),
                Cell::from(if row.is_team { "true" } else { "false" }),
                Cell::from(self.period.word()),
            ];
            let cells = row.cells.into_iter().map(|cell| Cell::from(cell.words));
            own.into_iter().chain(cells).collect()
        });
        csv_out::table(&header, rows)
    }

    fn cell(
        &self,
        form: &Form,
        field: String,
        (key, whose, name): (&str, Whose, &str),
        metric: &Metric,
    ) -> CellView {
        let rows = self.held.get(&whose).map_or(&[][..], Vec::as_slice);
        let is_it = |row: &&TargetRow| row.metric == *metric && row.period == self.period;
        let row = rows.iter().find(is_it);
        let suggestion = match whose {
            Whose::Person(id) => self.suggested.get(&(id, metric.clone())),
            Whose::Team(_) => None,
        };
        // An amount of nothing ends a target, and is nothing to suggest.
        let suggestion = suggestion.filter(|s| s.amount >= 1.0);
        let metric_key = metric.to_string();
        CellView {
            value: form.value(&field).to_owned(),
            error: form.error(&field).to_owned(),
            label: format!("{} of {name}", metric.label()),
            metric: metric.label().to_owned(),
            words: row.map(words).unwrap_or_default(),
            origin: match row {
                Some(row) if row.personal => "own",
                Some(_) if key.starts_with("person:") => "team's",
                _ => "",
            },
            about: row.map(|row| self.about(row)).unwrap_or_default(),
            history_href: urls::with_query(
                "/targets/cell",
                &[("whose", key), ("metric", &metric_key)],
            ),
            suggestion: suggestion
                .map(|s| format!("{} suggested, from {} days", page::amount(s.amount), s.days))
                .unwrap_or_default(),
            field,
        }
    }

    /// From when a target holds, who set it and why.
    fn about(&self, row: &TargetRow) -> String {
        let entry = self.seen.entry(row.id);
        let by = entry.map(|entry| self.seen.set_by(entry));
        let why = entry.map(|entry| entry.reason.clone());
        let parts = [Some(format!("from {}", page::day(row.valid_from))), by, why];
        let parts: Vec<String> = parts
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect();
        parts.join(", ")
    }
}

/// Each team and then its members; who is in none of the reader's teams comes last.
fn shown(seen: &Seen, view: &View) -> Vec<(String, Whose, String)> {
    let everybody = seen.everybody();
    let team_of = |whose: Whose| match whose {
        Whose::Team(id) => Some(id),
        Whose::Person(id) => {
            let memberships = seen.ledger.memberships(id).iter().rev();
            let mut now = memberships.filter(|m| m.holds_on(seen.today));
            now.find(|m| seen.teams.iter().any(|team| team.id == m.team_id))
                .map(|m| m.team_id)
        }
    };
    let place = |team: Option<i64>| seen.teams.iter().position(|known| Some(known.id) == team);
    let mut shown: Vec<_> = everybody
        .into_iter()
        .filter(|(_, whose, _)| view.team.is_none() || team_of(*whose) == view.team)
        .collect();
    // A stable sort: within a team everybody stays in order of name.
    shown.sort_by_key(|(_, whose, _)| place(team_of(*whose)).unwrap_or(usize::MAX));
    shown
}

fn columns(cx: &Cx, view: &View, held: &HashMap<Whose, Vec<TargetRow>>) -> Result<Vec<Metric>> {
    let mut metrics = fields::metrics(cx)?;
    metrics.retain(|metric| {
        let is_held = |row: &TargetRow| row.metric == *metric && row.period == view.period;
        view.has_all_columns || ALWAYS.contains(metric) || held.values().flatten().any(is_held)
    });
    Ok(metrics)
}
