//! Explains what a board has together: the sum of its people, and how much of it was entered late or reached somebody.

use super::asked::{address, owned};
use super::beside::together;
use super::explain::Found;
use super::figure::Figure;
use super::view::may_open;
use super::{
    Beside, Board, By, Conversion, Filters, Rank, RateRow, Rates, Who, behind, board,
    board_with_beside, entries, rates,
};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::explain::{self, AS_OF, How, Row};
use crate::form::Form;
use crate::page::{self, DASH};
use crate::rules::access::Me;
use crate::rules::rates::Rate;
use crate::rules::target::Metric;
use crate::style;
use std::collections::{HashMap, HashSet};

/// The address of the figure of a whole board, or of a team's goal.
pub fn href(figure: Figure, filters: &Filters, team: Option<i64>) -> String {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let pairs = [
        ("figure", figure.to_string()),
        ("team", team.map_or(String::new(), |team| team.to_string())),
        ("metric", filters.metric.to_string()),
        ("from", day(filters.from)),
        ("to", day(filters.to)),
        ("by", filters.by.to_string()),
        ("rank", filters.rank.to_string()),
        ("peers", filters.peers.clone().unwrap_or_default()),
        (AS_OF, filters.as_of.to_string()),
    ];
    address("/team/explain", &pairs.map(owned))
}

/// Everybody's value, for who sees everybody of their scope.
pub fn sum(conn: &mut Conn, cx: &Cx, me: &Me, form: &Form) -> Result<(String, Filters, Found)> {
    let filters = Filters {
        by: By::from_word(form.value("by")).unwrap_or(By::Person),
        ..behind::filters(cx, me, form)?
    };
    let board = match board(conn, cx.kept, &filters) {
        Err(Error::Refused(_)) => return Err(Error::NotFound),
        board => board?,
    };
    let together = board.together.ok_or(Error::NotFound)?;
    let others = match filters.of_all_groups() {
        Some(all) => super::board(conn, cx.kept, &all)?.rows,
        None => Vec::new(),
    };
    let shown: HashSet<Who> = board.rows.iter().map(|row| row.who).collect();
    let others = others.iter().filter(|row| !shown.contains(&row.who));
    let row = |row: &super::Row| {
        let (how, reason) = match row.value {
            _ if !shown.contains(&row.who) => (How::LeftOut, OUTSIDE),
            Some(_) => (How::Counted, "what was done"),
            None => (
                How::LeftOut,
                "no working day in a team since anybody logs, and nothing logged",
            ),
        };
        let told = Row {
            name: match row.name.as_str() {
                "" => "(none)".to_owned(),
                name => name.to_owned(),
            },
            sub: row.email.as_ref().and(row.team.clone()).unwrap_or_default(),
            href: entries::href(&filters, row.who, &row.uid),
            cells: vec![row.value.map_or(DASH.to_owned(), page::amount)],
        };
        (how, reason.to_owned(), told)
    };
    let parts = board.rows.iter().filter_map(|row| row.value);
    let parts: Vec<String> = parts.map(page::amount).collect();
    let value = page::amount(together);
    let twice = match filters.metric {
        Metric::LeadsReached => "; a lead that several reached counts once",
        _ => "",
    };
    let found = Found {
        filled: format!("{} = {value}{twice}", parts.join(" + ")),
        value,
        said: None,
        first: first_column(&filters),
        columns: vec!["Value"],
        rows: board.rows.iter().chain(others).map(row).collect(),
    };
    Ok(("Everybody".to_owned(), filters, found))
}

fn first_column(filters: &Filters) -> &'static str {
    match filters.by {
        By::Person => "Person",
        By::Team => "Team",
    }
}

/// Of all activities of the rows that are shown, those that were entered late.
pub fn late_rate(board: &Board, beside: &HashMap<Who, Beside>) -> Rate {
    together(&board.rows, beside).share_late()
}

/// How much of what is behind the rows that the reader is shown was entered late, or reached somebody: a row for each of
/// them. Who is shown may depend on how they are ranked. What all reached together is only for who sees everybody.
pub fn share(
    conn: &mut Conn,
    cx: &Cx,
    me: &Me,
    form: &Form,
    figure: Figure,
) -> Result<(String, Filters, Found)> {
    let filters = Filters {
        by: By::from_word(form.value("by")).unwrap_or(By::Person),
        rank: Rank::from_word(form.value("rank")).unwrap_or(Rank::Value),
        ..behind::filters(cx, me, form)?
    };
    let (board, beside) = match board_with_beside(conn, cx.kept, &filters) {
        Err(Error::Refused(_)) => return Err(Error::NotFound),
        made => made?,
    };
    let is_late = figure == Figure::Late;
    let all = together(&board.rows, &beside);
    let rate = match is_late {
        true => all.share_late(),
        false => all.share_reached(),
    };
    if rate.n == 0 || !is_late && board.all().is_none() {
        return Err(Error::NotFound);
    }
    let href = |row: &super::Row| match may_open(me, row.who) {
        true => entries::href(&filters, row.who, &row.uid),
        false => String::new(),
    };
    let row = |row: &super::Row| {
        let theirs = beside.get(&row.who).copied().unwrap_or_default();
        placed_share(row, theirs, is_late, href(row))
    };
    let mut rows: Vec<_> = (board.rows.iter().filter(|row| !row.is_line))
        .map(row)
        .collect();
    rows.extend(outside_shares(conn, cx, me, (&filters, &board, is_late))?);
    let found = Found {
        value: match is_late {
            true => page::late_figure(rate),
            false => all.reached_words().0,
        },
        filled: explain::share(rate).1,
        said: None,
        first: first_column(&filters),
        columns: vec![
            if is_late {
                "Entered late"
            } else {
                "Reached somebody"
            },
            "Activities",
        ],
        rows,
    };
    Ok(("Everybody shown".to_owned(), filters, found))
}

/// The rows of such a share that a peer group leaves out, for who is not limited to their own.
fn outside_shares(
    conn: &mut Conn,
    cx: &Cx,
    me: &Me,
    (filters, board, is_late): (&Filters, &Board, bool),
) -> Result<Vec<(How, String, Row)>> {
    let Some(all) = filters.of_all_groups() else {
        return Ok(Vec::new());
    };
    let shown: HashSet<Who> = board.rows.iter().map(|row| row.who).collect();
    let (all, beside) = board_with_beside(conn, cx.kept, &all)?;
    let others = all.rows.iter().filter(|row| !shown.contains(&row.who));
    let row = |row: &super::Row| {
        let theirs = beside.get(&row.who).copied().unwrap_or_default();
        let href = match may_open(me, row.who) {
            true => entries::href(filters, row.who, &row.uid),
            false => String::new(),
        };
        let (.., told) = placed_share(row, theirs, is_late, href);
        (How::LeftOut, OUTSIDE.to_owned(), told)
    };
    Ok(others.map(row).collect())
}

/// A row of such a share.
fn placed_share(
    row: &super::Row,
    theirs: Beside,
    is_late: bool,
    href: String,
) -> (How, String, Row) {
    let (counted, words) = match is_late {
        true => (theirs.late, LATE),
        false => (theirs.reached, REACHED),
    };
    let (how, reason) = match (theirs.activities > 0.0, counted > 0.0) {
        (_, true) => (How::Counted, words[0]),
        (true, false) => (How::InWhole, words[1]),
        (false, false) => (How::LeftOut, "nothing logged"),
    };
    let told = Row {
        name: page::group_name(&row.name).to_owned(),
        sub: row.email.as_ref().and(row.team.clone()).unwrap_or_default(),
        href,
        cells: [counted, theirs.activities].map(page::amount).into(),
    };
    (how, reason.to_owned(), told)
}

const LATE: [&str; 2] = ["some of it entered late", "nothing of it entered late"];
const REACHED: [&str; 2] = [
    "some of it reached somebody",
    "nothing of it reached anybody",
];

/// Why somebody of another peer group is left out.
pub const OUTSIDE: &str = "in another group";

/// The rates that a peer group leaves out, for who is not limited to their own.
pub fn outside(
    conn: &mut Conn,
    cx: &Cx,
    filters: &Filters,
    (conversion, shown): (Conversion, &[RateRow]),
) -> Result<Vec<RateRow>> {
    let Some(all) = filters.of_all_groups() else {
        return Ok(Vec::new());
    };
    let shown: HashSet<i64> = shown.iter().map(|row| row.person_id).collect();
    let all = rates(conn, cx.kept, &all, conversion)?.rows.into_iter();
    Ok(all.filter(|row| !shown.contains(&row.person_id)).collect())
}

/// The rate of everybody together, for who sees it beside the rates: whom the reader is not shown stands in one row.
pub fn rate(
    conn: &mut Conn,
    cx: &Cx,
    form: &Form,
    conversion: Conversion,
) -> Result<(String, Filters, Found)> {
    let filters = behind::filters(cx, cx.me()?, form)?;
    let Rates { rows, team, .. } = match rates(conn, cx.kept, &filters, conversion) {
        Err(Error::Refused(_)) => return Err(Error::NotFound),
        made => made?,
    };
    let team = team.filter(|team| team.n > 0).ok_or(Error::NotFound)?;
    let shown = rows.iter().fold(Rate::default(), |sum, row| Rate {
        k: sum.k + row.rate.k,
        n: sum.n + row.rate.n,
    });
    let told = |name: &str, sub: &str, rate: Rate| {
        let (how, reason) = match rate.n {
            0 => (How::LeftOut, "nothing yet"),
            _ => (How::Counted, "what was done"),
        };
        let told = Row {
            name: name.to_owned(),
            sub: sub.to_owned(),
            href: String::new(),
            cells: [rate.k, rate.n].map(style::count).into(),
        };
        (how, reason.to_owned(), told)
    };
    let mut all: Vec<_> = rows
        .iter()
        .map(|row| told(&row.name, &row.team, row.rate))
        .collect();
    if shown.n < team.n {
        let others = Rate {
            k: team.k - shown.k,
            n: team.n - shown.n,
        };
        all.push(told("Others, together", "", others));
    }
    for row in outside(conn, cx, &filters, (conversion, &rows))? {
        let (.., told) = told(&row.name, &row.team, row.rate);
        all.push((How::LeftOut, OUTSIDE.to_owned(), told));
    }
    let (value, filled) = explain::share(team);
    let found = Found {
        value,
        filled,
        said: None,
        first: "Person",
        columns: vec![conversion.counted(), conversion.of()],
        rows: all,
    };
    Ok(("Everybody".to_owned(), filters, found))
}
