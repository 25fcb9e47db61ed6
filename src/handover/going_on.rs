//! What the lead's page says of its score, its company and what goes on there; and what each hand-over carried of it.

use super::{May, Story, edit};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::Result;
use crate::leads::carried::{self, Line, Part};
use crate::leads::score::{self, Explained, Reason};
use crate::leads::signals::{self, Signal};
use crate::leads::{Handover, profile};
use crate::lists::Lists;
use crate::page::{self, DASH};
use crate::people::Directory;
use crate::rules::access::Me;
use crate::style;
use crate::value::Instant;
use std::collections::HashMap;
use std::sync::Arc;

/// The block of the page; `templates/handover/signals.html` draws it.
#[derive(Default)]
pub struct GoingOn {
    pub may_edit: bool,
    pub company: Vec<(&'static str, String)>,
    /// What else it responded to.
    pub assets: String,
    pub score: Option<ScoreView>,
    pub signals: Vec<SignalView>,
}

pub struct ScoreView {
    pub total: String,
    pub tone: &'static str,
    /// How it stands to the line, and by which rules.
    pub about: String,
    pub fit: Vec<ReasonView>,
    pub fit_points: String,
    pub behaviour: Vec<ReasonView>,
    pub behaviour_points: String,
}

pub struct ReasonView {
    pub text: String,
    pub points: String,
    /// `15 when it was new, 3 days ago`.
    pub decay: String,
}

pub struct SignalView {
    pub title: String,
    pub by: String,
    pub asset: String,
    pub link: String,
    /// Where it is corrected; empty for who may not.
    pub href: String,
}

/// One part of what a hand-over carried.
pub struct Carried {
    pub title: &'static str,
    pub lines: Vec<String>,
}

impl GoingOn {
    pub fn load(conn: &mut Conn, cx: &Cx, me: &Me, story: &Story, may: &May) -> Result<GoingOn> {
        let lead = &story.lead;
        let lists: Arc<Lists> = cx.kept.get(conn)?;
        let directory: Arc<Directory> = cx.kept.get(conn)?;
        let kinds = score::kind_names(conn)?;
        let assets = carried::store::assets(conn, lead.id)?;
        let assets: Vec<&str> = assets
            .iter()
            .map(|id| lists.label_name(Some(*id)))
            .collect();
        let view = |signal: Signal| {
            let kind = kinds.get(&signal.kind_id).map_or("", String::as_str);
            let who = directory.name(signal.by_id);
            let when = page::time(signal.at, cx.zone());
            SignalView {
                title: joined(&[kind, &signal.what], ": "),
                by: joined(&[who, &when], ", "),
                asset: lists.label_name(signal.asset_id).to_owned(),
                href: match signals::may_correct(me, &signal) {
                    true => format!("/leads/{}/signals?of={}", lead.uid, signal.uid),
                    false => String::new(),
                },
                link: signal.link,
            }
        };
        Ok(GoingOn {
            may_edit: edit::may_edit(me, may),
            company: carried::company(&profile::store::of_lead(conn, lead.id)?),
            assets: assets.join(", "),
            score: score_view(&score::explain(conn, lead.id, cx.now)?),
            signals: signals::store::of_lead(conn, lead.id)?
                .into_iter()
                .map(view)
                .collect(),
        })
    }
}

fn joined(parts: &[&str], between: &str) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .copied()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(between)
}

/// `None` where there is neither a score nor a rule.
fn score_view(explained: &Explained) -> Option<ScoreView> {
    if explained.score.is_none() && explained.version == 0 {
        return None;
    }
    let line = page::amount(explained.line);
    let is_above = explained.score.is_some_and(|score| score >= explained.line);
    let mut about = Vec::new();
    if explained.version > 0 {
        about.push(match is_above {
            true => format!("on the line of {line} or above it"),
            false => format!("below the line of {line}"),
        });
        about.push(match explained.is_computed {
            true => format!("by version {} of the rules", explained.version),
            false => "no rule knows anything of this lead yet".to_owned(),
        });
    }
    if let Some(given) = explained.given {
        let given = page::amount(given);
        about.push(match explained.is_computed {
            true => format!("given: {given}, which does not count beside the rules"),
            false => "given by hand or by a file".to_owned(),
        });
    }
    Some(ScoreView {
        total: explained.score.map_or(DASH.to_owned(), score::points),
        tone: match (explained.version, is_above) {
            (0, _) => "quiet",
            (_, true) => "good",
            _ => "info",
        },
        about: about.join(" · "),
        fit: explained.fit.iter().map(reason_view).collect(),
        fit_points: score::points(explained.fit_points),
        behaviour: explained.behaviour.iter().map(reason_view).collect(),
        behaviour_points: score::points(explained.behaviour_points),
    })
}

fn reason_view(reason: &Reason) -> ReasonView {
    let decay = reason.decay.as_ref().map(|decay| {
        let (full, days) = (page::amount(decay.full), decay.age_days.floor());
        match days {
            days if days < 1.0 => format!("{full}, today"),
            days if days < 2.0 => format!("{full} when it was new, a day ago"),
            days => format!(
                "{full} when it was new, {} days ago",
                style::count(days as i64)
            ),
        }
    });
    ReasonView {
        text: reason.text.clone(),
        points: score::points(reason.points),
        decay: decay.unwrap_or_default(),
    }
}

/// What each of some hand-overs carried, in words.
pub fn carried(
    conn: &mut Conn,
    cx: &Cx,
    handovers: &[Handover],
) -> Result<HashMap<i64, Vec<Carried>>> {
    let ids: Vec<i64> = handovers.iter().map(|handover| handover.id).collect();
    let mut all: HashMap<i64, Vec<Carried>> = HashMap::new();
    for (handover_id, line) in carried::store::of_handovers(conn, &ids)? {
        let title = title(line.part);
        let words = words(cx, line);
        let parts = all.entry(handover_id).or_default();
        match parts.iter_mut().find(|part| part.title == title) {
            Some(part) => part.lines.push(words),
            None => parts.push(Carried {
                title,
                lines: vec![words],
            }),
        }
    }
    Ok(all)
}

fn title(part: Part) -> &'static str {
    match part {
        Part::Asset => "Further assets",
        Part::Company => "Company",
        Part::Signal => "What was going on",
        Part::Fit | Part::Behaviour | Part::Given => "Why that score",
    }
}

fn words(cx: &Cx, line: Line) -> String {
    let on = |at: Instant| style::day(cx.zone().day_of(at));
    let line = match line.text.is_empty() {
        true => Line {
            text: "Erased".to_owned(),
            ..line
        },
        false => line,
    };
    match (line.points, line.at) {
        (Some(points), Some(at)) => format!("{}, {}: {}", line.text, on(at), score::points(points)),
        (Some(points), None) => format!("{}: {}", line.text, score::points(points)),
        (None, Some(at)) => format!("{}, {}", line.text, on(at)),
        (None, None) => line.text,
    }
}
