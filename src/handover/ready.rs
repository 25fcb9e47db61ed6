//! Leads that are ready to be handed over: their score has reached the line, or their day has come.

use super::{Done, Terms};
use crate::app::{Cx, Tx};
use crate::csv_out::{self, Cell};
use crate::db::Conn;
use crate::error::Result;
use crate::leads::{self, Lead, mine, score};
use crate::lists::Lists;
use crate::page::{self, Answer, Frame, Link};
use crate::style;
use crate::value::Instant;
use askama::Template;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::Arc;

/// So many are shown, the highest score first.
const SHOWN: usize = 100;

/// Why a lead is ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Its score reached the line then.
    Above(Instant),
    /// The day on which it was to come back.
    Day(NaiveDate),
}

/// The leads that are ready on a day, the highest score first. One that sales sent back until a day waits for it, unless
/// its score has reached the line since.
pub fn ready(conn: &mut Conn, today: NaiveDate) -> Result<Vec<(Lead, Why)>> {
    let found = score::store::perhaps_ready(conn, today)?;
    let ids: Vec<i64> = found.iter().map(|(lead, _)| lead.id).collect();
    let closed: HashMap<i64, Instant> = score::store::last_closed(conn, &ids)?;
    let mut ready = Vec::new();
    for (lead, since) in found {
        let day = lead.next_step_on;
        let is_new = |since: &Instant| closed.get(&lead.id).is_none_or(|at| since > at);
        let why = match (day.filter(|day| *day <= today), since) {
            (Some(day), _) => Some(Why::Day(day)),
            (None, Some(since)) if day.is_none() || is_new(&since) => Some(Why::Above(since)),
            _ => None,
        };
        ready.extend(why.map(|why| (lead, why)));
    }
    ready.sort_by(|(a, _), (b, _)| {
        let (a_score, b_score) = (a.score.unwrap_or(-1.0), b.score.unwrap_or(-1.0));
        b_score.total_cmp(&a_score).then(a.id.cmp(&b.id))
    });
    Ok(ready)
}

#[derive(Template)]
#[template(path = "handover/ready.html")]
struct ReadyPage {
    frame: Frame,
    tabs: Vec<Link>,
    sub: String,
    rows: Vec<Row>,
}

struct Row {
    uid: String,
    name: String,
    company: String,
    source: String,
    score: String,
    why: String,
    seen: String,
}

/// `?format=csv` for all of them as a file.
pub fn index(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let today = cx.zone().day_of(cx.now);
    if cx.query().value("format") == "csv" {
        return page::csv_file("ready", csv(cx, today)?);
    }
    let page = cx.snapshot(|conn| {
        let lists: Arc<Lists> = cx.kept.get(conn)?;
        let all = ready(conn, today)?;
        let many = all.len();
        let (leads, reasons): (Vec<Lead>, Vec<Why>) = all.into_iter().take(SHOWN).unzip();
        let mut seen = mine::store::seen(conn, &leads)?;
        let rows = leads.iter().zip(reasons).map(|(lead, why)| Row {
            seen: seen.remove(&lead.id).unwrap_or_default(),
            ..row(cx, &lists, lead, why)
        });
        Ok(ReadyPage {
            frame: Frame::new(cx, "Ready to hand over").with_toast(leads::pages::done_toast(cx)),
            tabs: score::pages::tabs(me, "/leads/ready"),
            sub: match many {
                many if many > SHOWN => format!(
                    "{} leads, the {SHOWN} with the highest score are shown.",
                    style::count(many as i64)
                ),
                _ => "Leads in nurture whose score has reached the line, and leads whose day to come back has come."
                    .to_owned(),
            },
            rows: rows.collect(),
        })
    })?;
    page::show(&page)
}

fn csv(cx: &Cx, today: NaiveDate) -> Result<String> {
    let header = [
        "name",
        "company",
        "email",
        "score",
        "since",
        "came_back_on",
        "source",
    ];
    let (all, lists): (_, Arc<Lists>) =
        cx.snapshot(|conn| Ok((ready(conn, today)?, cx.kept.get(conn)?)))?;
    let row = |(lead, why): &(Lead, Why)| -> Vec<Cell> {
        let (since, day) = match why {
            Why::Above(since) => (since.to_string(), String::new()),
            Why::Day(day) => (String::new(), day.to_string()),
        };
        vec![
            Cell::from(lead.name.as_str()),
            Cell::from(lead.company.as_str()),
            Cell::from(lead.email.as_str()),
            Cell::number(lead.score),
            Cell::from(since),
            Cell::from(day),
            Cell::from(lists.label_name(lead.source_id)),
        ]
    };
    csv_out::table(&header, all.iter().map(row))
}

fn row(cx: &Cx, lists: &Lists, lead: &Lead, why: Why) -> Row {
    Row {
        uid: lead.uid.clone(),
        name: lead.title_name().to_owned(),
        company: lead.company.clone(),
        source: lists.label_name(lead.source_id).to_owned(),
        score: score::pages::points(lead.score),
        why: match why {
            Why::Above(since) => {
                format!("Reached the line on {}", page::day(cx.zone().day_of(since)))
            }
            Why::Day(day) => format!("Was to come back on {}", page::day(day)),
        },
        seen: String::new(),
    }
}

/// Hands a lead over as it stands, for whoever is to have it.
pub fn hand_over(tx: &mut Tx, uid: &str, seen: &str) -> Result<Done> {
    let lead = leads::visible(tx, uid)?;
    let terms = Terms::of_lead(tx.conn, &lead)?;
    super::again(tx, uid, &terms, seen)
}
