//! GET /team/entries: the entries behind a figure of the board.

use super::asked::days_words;
use super::why::{self, KindSum};
use super::{By, Filters, Rank, Scope, Who, last_local_day};
use crate::activities::Activity;
use crate::activities::totals::{self, Behind, Span};
use crate::app::Cx;
use crate::csv_out::{self, Cell};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::kept::Kept;
use crate::leads;
use crate::lists::Lists;
use crate::page::{self, Answer, Frame};
use crate::people::{self, Directory};
use crate::rules::access::{Me, Role};
use crate::rules::score::Line;
use crate::rules::target::Metric;
use crate::urls;
use crate::value::Instant;
use askama::Template;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The `team` of entries that were made in none.
pub const NO_TEAM: &str = "none";

const ROWS_A_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "team/entries.html")]
struct EntriesPage {
    frame: Frame,
    title: String,
    sub: String,
    about: &'static str,
    csv: String,
    next: String,
    is_first: bool,
    has_people: bool,
    /// What each kind scored; empty where the figure is no score.
    sums: Vec<KindSum>,
    rows: Vec<EntryView>,
}

struct EntryView {
    day: String,
    time: String,
    person: String,
    kind: String,
    outcome: String,
    lead: String,
    /// Empty where the lead is not the reader's to see.
    lead_href: String,
    quantity: i32,
    is_late: bool,
    /// What it scores and why; empty where the figure is no score.
    points: String,
    why: String,
}

/// What the address asks for.
struct Asked {
    filters: Filters,
    who: Who,
    name: String,
    behind: Behind,
    /// Whether the reader may know of the person without seeing any entry.
    is_known: bool,
}

pub fn page(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let query = cx.query();
    let asked = cx.read(|conn| asked(conn, cx, me))?;
    if query.value("format") == "csv" {
        let (rows, lines) = cx.snapshot(|conn| {
            let rows = read(conn, cx.kept, me, &asked, None, None)?;
            Ok((rows, lines(conn, cx.kept, &asked)?))
        })?;
        return page::csv_file("entries", csv(rows, lines.as_ref())?);
    }
    let after = read_cursor(query.value("after"));
    let most = ROWS_A_PAGE as i64 + 1;
    let (mut rows, total, lines, sums) = cx.snapshot(|conn| {
        let rows = read(conn, cx.kept, me, &asked, after, Some(most))?;
        let lines = lines(conn, cx.kept, &asked)?;
        let sums = match &lines {
            Some(lines) => {
                let all = totals::behind(conn, me, &asked.behind, None, None)?;
                why::sums(&all, lines, &*cx.kept.get::<Lists>(conn)?)
            }
            None => Vec::new(),
        };
        Ok((rows, total(conn, cx.kept, &asked)?, lines, sums))
    })?;
    if rows.is_empty() && !asked.is_known {
        return Err(Error::NotFound);
    }
    let has_more = rows.len() > ROWS_A_PAGE;
    rows.truncate(ROWS_A_PAGE);
    let last = rows.last().filter(|_| has_more);
    let next = last
        .map(|row| link(cx, ("after", cursor(&row.entry))))
        .unwrap_or_default();
    let metric = &asked.filters.metric;
    page::show(&EntriesPage {
        frame: Frame::new(cx, format!("{}: {}", asked.name, metric.label())),
        title: format!("{}: {}", metric.label(), page::amount(total)),
        sub: format!(
            "{}, {}",
            asked.name,
            days_words(asked.filters.from, asked.filters.to)
        ),
        about: about(metric),
        csv: link(cx, ("format", "csv".to_owned())),
        next,
        is_first: after.is_none(),
        has_people: matches!(asked.who, Who::Team(_)),
        sums,
        rows: rows
            .into_iter()
            .map(|row| {
                let line = lines.as_ref().and_then(|lines| lines.get(&row.entry.id));
                view(cx, row, line)
            })
            .collect(),
    })
}

/// What each entry scores, where the figure is a score.
fn lines(conn: &mut Conn, kept: Kept, asked: &Asked) -> Result<Option<HashMap<i64, Line>>> {
    let Asked { filters, who, .. } = asked;
    if filters.metric != Metric::Score {
        return Ok(None);
    }
    let is_counted = |person, team| filters.who(person, team).is_some_and(|found| found == *who);
    totals::score_lines(conn, kept, &asked.behind.span, is_counted).map(Some)
}

/// How the entries make up the figure.
fn about(metric: &Metric) -> &'static str {
    match metric {
        Metric::LeadsReached => "A lead counts once, however many entries reached it.",
        Metric::Score => {
            "The score weighs each entry: a lead counts once a day for each kind, some kinds only up to a \
             number a day, an entry that reached somebody twice, one that never arrived not at all."
        }
        _ => "The counts of these entries add up to the figure.",
    }
}

fn asked(conn: &mut Conn, cx: &Cx, me: &Me) -> Result<Asked> {
    let mut query = cx.query();
    let metric: Metric = query.value("metric").parse().map_err(|_| Error::NotFound)?;
    let from = query.day("from").ok_or(Error::NotFound)?;
    let to = query.day("to").ok_or(Error::NotFound)?;
    let (who, name, is_known) = match query.value("person") {
        "" => team(conn, me, query.value("team"))?,
        uid => person(conn, me, uid)?,
    };
    let (by, person_id, team_id) = match who {
        Who::Person(id) => (By::Person, Some(id), None),
        Who::Team(team) => (By::Team, None, Some(team)),
    };
    let span = Span {
        from: from.unwrap_or_else(people::since_ever),
        to: to.unwrap_or(last_local_day(cx.now)),
        as_of: cx.now,
        person_id,
    };
    Ok(Asked {
        behind: Behind {
            metric: metric.clone(),
            span,
            team_id,
        },
        filters: Filters {
            metric,
            from,
            to,
            by,
            rank: Rank::Value,
            as_of: cx.now,
            scope: Scope::of(me),
            peers: None,
        },
        who,
        name,
        is_known,
    })
}

/// Oneself, or for a manager or an admin somebody else; who was never in a manager's teams is known by entries only.
fn person(conn: &mut Conn, me: &Me, uid: &str) -> Result<(Who, String, bool)> {
    let person = people::store::by_uid(conn, uid)?.ok_or(Error::NotFound)?;
    let is_known = match me.role {
        _ if person.id == me.id => true,
        Role::Admin => true,
        Role::Manager => {
            let theirs = people::store::memberships_of(conn, person.id)?;
            theirs.iter().any(|m| me.teams.contains(&m.team_id))
        }
        _ => return Err(Error::NotFound),
    };
    Ok((Who::Person(person.id), person.name, is_known))
}

fn team(conn: &mut Conn, me: &Me, id: &str) -> Result<(Who, String, bool)> {
    if id == NO_TEAM && me.role == Role::Admin {
        return Ok((Who::Team(None), "Without a team".to_owned(), true));
    }
    let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
    let is_mine = match me.role {
        Role::Admin => true,
        Role::Manager => me.teams.contains(&id),
        _ => false,
    };
    let team = people::store::team(conn, id)?.filter(|_| is_mine);
    let team = team.ok_or(Error::NotFound)?;
    Ok((Who::Team(Some(id)), team.name, true))
}

/// The figure itself, counted as the board counts it.
fn total(conn: &mut Conn, kept: Kept, asked: &Asked) -> Result<f64> {
    let Asked { filters, who, .. } = asked;
    let totals = totals::by(
        conn,
        kept,
        &filters.metric,
        &asked.behind.span,
        |person, team, _| filters.who(person, team).filter(|found| found == who),
    )?;
    Ok(totals.get(who).copied().unwrap_or(0.0))
}

/// An entry with the names of what it refers to.
struct Named {
    entry: Activity,
    person: String,
    email: String,
    kind: String,
    outcome: String,
    lead: String,
    lead_href: String,
}

fn read(
    conn: &mut Conn,
    kept: Kept,
    me: &Me,
    asked: &Asked,
    after: Option<(Instant, i64)>,
    most: Option<i64>,
) -> Result<Vec<Named>> {
    let entries = totals::behind(conn, me, &asked.behind, after, most)?;
    let lead_ids: HashSet<i64> = entries.iter().filter_map(|entry| entry.lead_id).collect();
    let mut lead_ids: Vec<i64> = lead_ids.into_iter().collect();
    lead_ids.sort_unstable();
    let (mut leads, mut seen) = (HashMap::new(), HashSet::new());
    // SQLite takes a bounded number of values in one query; a page needs one round.
    for ids in lead_ids.chunks(crate::db::BATCH_ROWS) {
        leads.extend(
            leads::store::by_ids(conn, ids)?
                .into_iter()
                .map(|lead| (lead.id, lead)),
        );
        seen.extend(
            leads::store::visible_by_ids(conn, me, ids)?
                .into_iter()
                .map(|lead| lead.id),
        );
    }
    let (lists, directory): (Arc<Lists>, Arc<Directory>) = (kept.get(conn)?, kept.get(conn)?);
    let named = |entry: Activity| {
        let lead = entry.lead_id.and_then(|id| leads.get(&id));
        let shown = lead.filter(|lead| seen.contains(&lead.id));
        let person = directory.person(entry.person_id);
        let kind = lists.kind(entry.kind_id);
        let outcome = entry.outcome_id.and_then(|id| lists.outcome(id));
        Named {
            person: person.map(|p| p.name.clone()).unwrap_or_default(),
            email: person.map(|p| p.email.clone()).unwrap_or_default(),
            kind: kind.map(|k| k.name.clone()).unwrap_or_default(),
            outcome: outcome.map(|o| o.name.clone()).unwrap_or_default(),
            lead: lead.map(|l| l.title_name().to_owned()).unwrap_or_default(),
            lead_href: shown
                .map(|lead| format!("/leads/{}", lead.uid))
                .unwrap_or_default(),
            entry,
        }
    };
    Ok(entries.into_iter().map(named).collect())
}

fn view(cx: &Cx, row: Named, line: Option<&Line>) -> EntryView {
    let entry = &row.entry;
    let local = cx.zone().local(entry.happened_at);
    EntryView {
        day: page::day(entry.local_day),
        // The day is that of whoever made the entry; a reader elsewhere may have another.
        time: match local.date() == entry.local_day {
            true => local.format("%H:%M").to_string(),
            false => page::time(entry.happened_at, cx.zone()),
        },
        quantity: entry.quantity,
        is_late: entry.is_late,
        points: line
            .map(|line| page::amount(line.points))
            .unwrap_or_default(),
        why: line.map(why::words).unwrap_or_default(),
        person: row.person,
        kind: row.kind,
        outcome: row.outcome,
        lead: row.lead,
        lead_href: row.lead_href,
    }
}

fn csv(rows: Vec<Named>, lines: Option<&HashMap<i64, Line>>) -> Result<String> {
    let mut header = vec![
        "person",
        "email",
        "day",
        "happened_at",
        "kind",
        "outcome",
        "lead",
        "quantity",
        "late",
    ];
    if lines.is_some() {
        header.extend(["points", "why"]);
    }
    let cells = rows.into_iter().map(|row| {
        let line = lines.map(|lines| lines.get(&row.entry.id));
        let mut cells = vec![
            Cell::from(row.person),
            Cell::from(row.email),
            Cell::from(row.entry.local_day.to_string()),
            Cell::from(row.entry.happened_at.to_string()),
            Cell::from(row.kind),
            Cell::from(row.outcome),
            Cell::from(row.lead),
            Cell::count(row.entry.quantity.into()),
            Cell::from(if row.entry.is_late { "true" } else { "false" }),
        ];
        if let Some(line) = line {
            cells.push(Cell::number(line.map(|line| line.points)));
            cells.push(Cell::from(line.map_or("", |line| line.fate.word())));
        }
        cells
    });
    csv_out::table(&header, cells)
}

/// This page's address with one more field.
fn link(cx: &Cx, (name, value): (&str, String)) -> String {
    let query = cx.query();
    let kept = ["person", "team", "metric", "from", "to"];
    let mut pairs: Vec<(&str, &str)> = kept.iter().map(|kept| (*kept, query.value(kept))).collect();
    pairs.push((name, &value));
    urls::with_query("/team/entries", &pairs)
}

/// Where the next page goes on: after an instant and an id.
fn cursor(entry: &Activity) -> String {
    format!("{}.{}", entry.happened_at.0, entry.id)
}

fn read_cursor(text: &str) -> Option<(Instant, i64)> {
    let (at, id) = text.split_once('.')?;
    Some((Instant(at.parse().ok()?), id.parse().ok()?))
}
