//! Explains the figures of lead outcomes: what each counts, its formula with its own numbers, and the rows behind it.

mod content;
mod fitted;
mod funnel;
mod score;
mod speed;
mod value;

use super::content::{day, leads};
use super::face::{self, pairs};
use super::figures::{Step, Story};
use super::ground::Ground;
use super::scores;
use super::value::credited;
use super::{Face, Filters};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::explain::{How, way_back};
use crate::form::Form;
use crate::leads::cohort::{self, Behind, Counted, Head, Names};
use crate::lists::{self, Lists};
use crate::page::Answer;
use crate::rules::resonance;
use content::OfLead;
use std::collections::HashMap;
use std::sync::Arc;

/// `/outcomes/explain?figure=won&group=Webinar&by=source`; `?format=csv` for its rows as a file.
pub fn show(cx: &Cx) -> Answer {
    let mut form = cx.query();
    let filters = face::read(&mut form, cx, Face::Funnel).ok_or(Error::NotFound)?;
    let word = form.value("figure").to_owned();
    if let Some((asset_id, figure)) = content::read(&word) {
        let all = |conn: &mut Conn, ground: Ground| of_asset(conn, ground, &filters, asset_id);
        let (behind, ()) = read(cx, &form, &filters, Face::Content, content::stands, all)?;
        return behind.show(cx, &form, figure);
    }
    let told = |story: &Story| stands(story);
    if let Some((side, what)) = value::read(&word) {
        let (behind, (credited, names)) =
            read(cx, &form, &filters, Face::Value, told, |conn, ground| {
                let credited = credited(conn, &ground, &filters)?;
                let names = lists::store::label_names(conn)?;
                Ok((ground.stories, (credited, names)))
            })?;
        let figure = value::Credit {
            side,
            what,
            group: behind.group.clone(),
            credited,
            names,
        };
        return behind.show(cx, &form, figure);
    }
    if let Some(asked) = fitted::read(&word) {
        let (behind, fitted) = read(cx, &form, &filters, Face::Scores, told, |conn, ground| {
            let fitted = scores::fitted(conn, &ground, filters.cohort.as_of)?;
            Ok((ground.stories, fitted))
        })?;
        let figure = fitted::Chance::new(asked, fitted.tested).ok_or(Error::NotFound)?;
        return behind.show(cx, &form, figure);
    }
    if let Some(figure) = speed::Figure::read(&word) {
        let all = |_: &mut Conn, ground: Ground| Ok((ground.stories, ()));
        let (behind, ()) = read(cx, &form, &filters, Face::Speed, speed::stands, all)?;
        return behind.show(cx, &form, figure);
    }
    if let Some(figure) = score::Figure::read(&word) {
        let all = |_: &mut Conn, ground: Ground| Ok((ground.stories, ()));
        let (behind, ()) = read(cx, &form, &filters, Face::Scores, told, all)?;
        return behind.show(cx, &form, figure);
    }
    let figure = funnel::Figure::read(&word).ok_or(Error::NotFound)?;
    let (behind, names) = read(cx, &form, &filters, Face::Funnel, told, |conn, ground| {
        let keys = ground.stories.iter().map(|story| story.start.key);
        let names = Names::load(conn, filters.by, keys)?;
        Ok((ground.stories, names))
    })?;
    let group = form.value("group");
    behind.of_group(&names, group).show(cx, &form, figure)
}

/// What stands behind a figure of a face: `rows` makes it of the hand-overs that the asker may see, and whatever else the
/// figure needs.
fn read<R: Counted + 'static, M>(
    cx: &Cx,
    form: &Form,
    filters: &Filters,
    face: Face,
    says: fn(&R) -> String,
    rows: impl FnOnce(&mut Conn, Ground) -> Result<(Vec<R>, M)>,
) -> Result<(Behind<R>, M)> {
    let me = cx.me()?;
    if face.refusal(filters.by).is_some() {
        return Err(Error::NotFound);
    }
    let (versions, heads, (members, more)) = cx.snapshot(|conn| {
        let ground = Ground::load(conn, filters, Some(me))?;
        let versions = ground.versions();
        let heads: HashMap<i64, Head> = cohort::heads(conn, ground.span)?;
        Ok((versions, heads, rows(conn, ground)?))
    })?;
    let lists: Arc<Lists> = cx.reference()?;
    let only = face::only(filters, &lists);
    let behind = Behind {
        members,
        heads,
        cohort: filters.cohort,
        by: filters.by,
        group: match face {
            Face::Funnel => String::new(),
            _ => form.value("group").to_owned(),
        },
        asked: Vec::from_iter(only.map(|one| format!("only the {one}"))),
        versions,
        column: match face {
            Face::Content | Face::Speed => "How it stands",
            _ => "Ever had",
        },
        says: Box::new(says),
        back: way_back(
            face.path(),
            pairs(form),
            format!("Lead outcomes: {}", face.label().to_lowercase()),
        ),
    };
    Ok((behind, more))
}

/// The leads of the hand-overs, each by its last one, as they stand to an asset: once for each attempt at which they do.
fn of_asset(
    conn: &mut Conn,
    ground: Ground,
    filters: &Filters,
    asset_id: i64,
) -> Result<(Vec<OfLead>, ())> {
    let as_of = filters.cohort.as_of;
    let (ids, leads): (Vec<i64>, Vec<_>) = leads(conn, &ground, as_of)?.into_iter().unzip();
    let stand = resonance::stand(&leads, asset_id, day(as_of));
    let mut last: HashMap<i64, &Story> = HashMap::new();
    for story in &ground.stories {
        last.insert(story.start.lead_id, story);
    }
    let mut rows = Vec::new();
    for (lead_id, stands) in ids.into_iter().zip(stand) {
        let Some(story) = last.get(&lead_id) else {
            continue;
        };
        let row = |stands, is_again| OfLead {
            handover_id: story.start.handover_id,
            at: story.start.at,
            stands,
            is_again,
        };
        if stands.is_empty() {
            rows.push(row(None, false));
        }
        let all = stands.into_iter().enumerate();
        rows.extend(all.map(|(place, stands)| row(Some(stands), place > 0)));
    }
    Ok((rows, ()))
}

/// Where a hand-over stands of which nothing is concluded yet.
fn maturing() -> (How, String) {
    let why = "maturing: open, not reached, and its time is not over";
    (How::LeftOut, why.to_owned())
}

fn standing(story: &Story) -> String {
    match &story.exit {
        _ if story.had(Step::Won) => "won".to_owned(),
        Some((end, ..)) => end.label().to_lowercase(),
        None => "still open".to_owned(),
    }
}

/// "accepted, contacted, won (EUR 8,000)".
fn stands(story: &Story) -> String {
    let had = Step::ALL
        .iter()
        .filter(|step| **step != Step::HandedOver && story.had(**step));
    let words = had.map(|step| match step {
        Step::Won if story.worth().is_some() => {
            let worth = super::figures::value([story].into_iter());
            format!("won ({})", super::tables::money(&worth))
        }
        step => step.label().to_lowercase(),
    });
    words.collect::<Vec<_>>().join(", ")
}
