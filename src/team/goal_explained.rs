//! Explains what a team has of its goal, or without a target what it did.

use super::entries::{self, NO_TEAM};
use super::explain::Found;
use super::figure::Figure;
use super::read::Reading;
use super::{Filters, Who, behind, sight, view};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::explain::{How, Row};
use crate::form::Form;
use crate::habit::{self, Ground, TeamGoal};
use crate::page::{self, DASH};
use crate::rules::access::Me;
use crate::rules::display::DisplayMode;
use crate::rules::habit::{Part, towards_goal};
use crate::rules::target::Metric;

/// What stands on the page where nobody has a target: what it means, and its formula.
const PLAIN: (&str, &str) = (
    "What everybody in the team did in these days: nobody has a target of it, so that all of it counts. Of leads reached \
     each lead counts once.",
    "sum over people",
);
const OF_LEADS: (&str, &str) = (
    "What the team has of the targets of its people together. Nobody counts for more than 125\u{a0}% of their own target, so \
     that one hero cannot carry it, without a target nothing counts towards it, and a lead that several reached counts once.",
    "min(sum of min(leads, 1.25 \u{d7} own target), their leads each once) / sum of own targets",
);

/// What a team has of its goal, for who leads it and for its members where they see its bar. Members see their own part,
/// and the others' together.
pub fn goal(
    conn: &mut Conn,
    cx: &Cx,
    me: &Me,
    form: &Form,
    figure: Figure,
) -> Result<(String, Filters, Found)> {
    let filters = behind::filters(cx, me, form)?;
    let leads = filters.scope.leads();
    let id: i64 = form
        .value("team")
        .parse()
        .ok()
        .filter(|id| filters.scope.has_team(Some(*id)) && form.value("team") != NO_TEAM)
        .ok_or(Error::NotFound)?;
    let reading = Reading::new(conn, cx.kept, &filters)?;
    let team = reading.directory.team(id).ok_or(Error::NotFound)?;
    if !leads && sight::mode(&reading, Some(id)) == DisplayMode::Off {
        return Err(Error::NotFound);
    }
    let ground = Ground::kept(conn, cx.kept)?;
    let (span, days) = (reading.span(), (reading.from, reading.to));
    let mut goals = habit::team_goals(
        conn,
        cx.kept,
        &ground,
        &filters.metric,
        (&span, days),
        |of| of == id,
    )?;
    let together = goals.remove(&id).ok_or(Error::NotFound)?;
    let target = (together.asked > 0).then_some(together.goal.target);
    let rows = rows(&reading, &filters, me, &together);
    let whole = filled(&together, &filters.metric, &rows);
    let (value, filled) = match (figure, target) {
        (Figure::Goal, _) => (
            view::goal_words(together.goal.points, target, together.value),
            whole,
        ),
        (_, None) => return Err(Error::NotFound),
        (Figure::GoalShare, Some(target)) => share(&together, target, &whole),
        (Figure::GoalBeyond, Some(_)) => beyond(&together),
        (_, Some(_)) => {
            let due = habit::due(&ground, &filters.metric, (days, filters.as_of), |of| {
                of == id
            });
            let people = together.parts.iter().map(|(person, _)| (id, *person));
            pace(&together, people.filter_map(|key| due.get(&key)).sum())
        }
    };
    let found = Found {
        value,
        filled,
        said: said(figure, target, &filters.metric),
        first: "Person",
        columns: vec!["Done", "Own target", "Counts"],
        rows,
    };
    Ok((team.name.clone(), filters, found))
}

/// What it means here and its formula, where that is not what the figure always says.
fn said(
    figure: Figure,
    target: Option<f64>,
    metric: &Metric,
) -> Option<(&'static str, &'static str)> {
    match (figure, target, metric) {
        (Figure::Goal, None, _) => Some(PLAIN),
        (Figure::Goal | Figure::GoalShare, Some(_), Metric::LeadsReached) => Some(OF_LEADS),
        _ => None,
    }
}

/// The share of the goal that the team has.
fn share(together: &TeamGoal, target: f64, whole: &str) -> (String, String) {
    let share = page::whole_percent(together.goal.points / target);
    let filled = format!("{whole} = {share}");
    (share, filled)
}

/// What was done and counts towards nobody's target.
fn beyond(together: &TeamGoal) -> (String, String) {
    let [done, counted] = [together.value, together.goal.points].map(habit::roundly);
    let value = page::amount(habit::beyond_goal(together.value, together.goal.points));
    let filled = format!(
        "{} - {} = {value}",
        page::amount(done),
        page::amount(counted)
    );
    (value, filled)
}

/// How far the team is ahead of its pace, of which `due` was due by then.
fn pace(together: &TeamGoal, due: f64) -> (String, String) {
    let goal = together.goal;
    let asked = (together.asked, together.people);
    let value = habit::goal_pace_words(goal, due / goal.target, asked);
    let filled = format!(
        "{} - {} due by then of {}: {value}",
        page::amount(goal.points),
        page::amount(due),
        page::amount(goal.target)
    );
    (value, filled)
}

/// The formula with its own numbers.
fn filled(together: &TeamGoal, metric: &Metric, rows: &[(How, String, Row)]) -> String {
    let is_of_leads = *metric == Metric::LeadsReached;
    if together.asked == 0 {
        let parts = rows.iter().filter_map(|(.., row)| row.cells.last());
        let parts: Vec<&str> = parts.map(String::as_str).collect();
        let sum = format!("{} = {}", parts.join(" + "), page::amount(together.value));
        return match is_of_leads {
            true => format!("{sum}; a lead that several reached counts once"),
            false => sum,
        };
    }
    let once = match is_of_leads {
        true => ", each lead once",
        false => "",
    };
    let of = match habit::some_asked((together.asked, together.people)) {
        all if all.is_empty() => all,
        some => format!("; {some}"),
    };
    format!(
        "{}{once} / {}{of}",
        page::amount(together.goal.points),
        page::amount(together.goal.target)
    )
}

/// The people's parts; to a member their own, and the others' together.
fn rows(
    reading: &Reading,
    filters: &Filters,
    me: &Me,
    together: &TeamGoal,
) -> Vec<(How, String, Row)> {
    let leads = filters.scope.leads();
    let has_goal = together.asked > 0;
    let capped = |part: Part| match has_goal {
        true => towards_goal(part),
        false => part.points,
    };
    let is_seen = |person: i64| leads || person == me.id;
    let (seen, others): (Vec<_>, Vec<_>) =
        (together.parts.iter().copied()).partition(|(person, _)| is_seen(*person));
    let mut rows: Vec<(How, String, Row)> = Vec::new();
    for (person, part) in seen {
        let person = reading.directory.person(person);
        let uid = person.map_or("", |person| &person.uid);
        let who = person.map(|person| Who::Person(person.id));
        let row = Row {
            href: who.map_or(String::new(), |who| entries::href(filters, who, uid)),
            ..told(person.map_or("", |person| &person.name), part, capped(part))
        };
        rows.push(placed(has_goal, part, row));
    }
    if !others.is_empty() {
        let all = others.iter().fold((0.0, 0.0, 0.0), |sum, (_, part)| {
            let counted = capped(*part);
            (sum.0 + part.points, sum.1 + part.target, sum.2 + counted)
        });
        let part = Part {
            points: all.0,
            target: all.1,
        };
        let name = format!("{} others, together", others.len());
        rows.push(placed(has_goal, part, told(&name, part, all.2)));
    }
    rows
}

fn told(name: &str, part: Part, counted: f64) -> Row {
    Row {
        name: name.to_owned(),
        cells: vec![
            page::amount(part.points),
            match part.target {
                target if target > 0.0 => page::amount(target),
                _ => DASH.to_owned(),
            },
            page::amount(counted),
        ],
        ..Row::default()
    }
}

fn placed(has_goal: bool, part: Part, row: Row) -> (How, String, Row) {
    let (how, reason) = match (has_goal, part.target > 0.0) {
        (false, _) => (How::Counted, "what was done"),
        (true, true) => (How::Counted, "up to 1.25 \u{d7} the own target"),
        (true, false) => (How::LeftOut, "without a target"),
    };
    (how, reason.to_owned(), row)
}
