//! Explains a figure of lead outcomes: what it counts, its formula with its own numbers, and the hand-overs behind it.

use super::face::{self, pairs};
use super::figures::{Figures, Step, Story};
use super::ground::Ground;
use super::{Face, Filters, tables};
use crate::app::Cx;
use crate::definitions::under;
use crate::error::Error;
use crate::explain::{self, Explanation, How, Row, parts};
use crate::leads::cohort::{self, Head, Names, bar};
use crate::page::{self, Answer, Link};
use crate::urls;

/// The median of the days to a win; every other figure is a [`Step`].
const DAYS: &str = "days";

/// `/outcomes/explain?figure=won&group=Webinar&by=source`; `?format=csv` for its rows as a file.
pub fn show(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let mut form = cx.query();
    let filters = face::read(&mut form, cx, Face::Funnel).ok_or(Error::NotFound)?;
    let step = match form.value("figure") {
        DAYS => None,
        word => Some(Step::from_word(word).ok_or(Error::NotFound)?),
    };
    let (ground, names, heads) = cx.snapshot(|conn| {
        let ground = Ground::load(conn, &filters, Some(me))?;
        let keys = ground.stories.iter().map(|story| story.start.key);
        let names = Names::load(conn, filters.by, keys, Some(me))?;
        let heads = cohort::heads(conn, ground.span)?;
        Ok((ground, names, heads))
    })?;
    let group = form.value("group");
    let is_in =
        |story: &&Story| group.is_empty() || page::group_name(&names.of(story.start.key)) == group;
    let mut members: Vec<&Story> = ground.stories.iter().filter(is_in).collect();
    members.sort_by_key(|story| (story.start.at, story.start.handover_id));
    let row = |story: &&Story| {
        let head = heads.get(&story.start.handover_id)?;
        let (how, reason) = place(step, story);
        Some((how, reason, told(cx, story, head)))
    };
    let figures = Figures::of(&members);
    let (value, filled) = worked_out(step, &figures);
    let explanation = Explanation {
        figure: step.map_or("Median days to won", Step::label).to_owned(),
        group: group.to_owned(),
        value,
        meaning: meaning(step),
        formula: match step {
            Some(Step::HandedOver) => "a count",
            Some(_) => "had it / all, with Wilson's 95 % interval",
            None => {
                "Kaplan-Meier: the first time at which half are won; other ends and open leads are set aside then"
            }
        },
        filled,
        filters: asked(cx, &filters),
        columns: vec!["Handed over", "Ever had"],
        parts: parts(members.iter().filter_map(row)),
        under: under::links(&ground.versions()),
        back: Link {
            href: urls::with_query("/outcomes", &pairs(&form)),
            label: "Lead outcomes".to_owned(),
            current: false,
        },
    };
    explain::show(cx, &form, explanation)
}

fn meaning(step: Option<Step>) -> &'static str {
    match step {
        Some(Step::HandedOver) => {
            "Hand-overs of these days. Each is counted by itself: a lead that was handed over twice is there twice."
        }
        Some(Step::Open) => "Hand-overs without an end: neither won, nor lost, nor given back.",
        Some(Step::Contacted) => {
            "Hand-overs in which somebody was reached, or that were said to be contacted."
        }
        Some(Step::Meeting) => {
            "Hand-overs in which a meeting was booked, whether or not it was held."
        }
        Some(_) => {
            "Hand-overs that ever had it as of now. What happened belongs to the lead's last hand-over before it."
        }
        None => {
            "The days from the hand-over by which half of the leads are won. Where fewer than half are, there is no such \
             number yet."
        }
    }
}

fn place(step: Option<Step>, story: &Story) -> (How, String) {
    let standing = || match &story.exit {
        _ if story.had(Step::Won) => "won".to_owned(),
        Some((end, ..)) => end.label().to_lowercase(),
        None => "still open".to_owned(),
    };
    match step {
        Some(step) if story.had(step) => (How::Counted, step.label().to_lowercase()),
        Some(_) => (How::InWhole, format!("not so: {}", standing())),
        None if story.had(Step::Won) => (How::Counted, "won at its time".to_owned()),
        None => (
            How::InWhole,
            format!("set aside when seen last: {}", standing()),
        ),
    }
}

fn told(cx: &Cx, story: &Story, head: &Head) -> Row {
    let had = Step::ALL
        .iter()
        .filter(|step| **step != Step::HandedOver && story.had(**step));
    let had: Vec<String> = had.map(|step| step.label().to_lowercase()).collect();
    Row {
        name: head.name.title().to_owned(),
        sub: head.name.company.clone(),
        href: format!("/hand-overs/{}", head.uid),
        cells: vec![page::time(head.handed_over_at, cx.zone()), had.join(", ")],
    }
}

fn worked_out(step: Option<Step>, figures: &Figures) -> (String, String) {
    match step {
        Some(step) => {
            let rate = figures.rate(step);
            let value = match step {
                Step::HandedOver => crate::style::count(rate.n),
                _ => page::share(rate),
            };
            let filled = format!("{} = {value} ({})", page::of(rate), page::interval(rate));
            (value, filled)
        }
        None => {
            let value = tables::days(figures.median_days_to_won);
            let filled = format!("{} won: {value}", page::of(figures.rate(Step::Won)));
            (value, filled)
        }
    }
}

fn asked(cx: &Cx, filters: &Filters) -> Vec<String> {
    let mut asked = vec![format!(
        "{}, as of {}",
        bar::days(&filters.cohort),
        page::time_and_zone(cx.now, cx.zone())
    )];
    asked.extend(
        filters
            .by
            .map(|by| format!("grouped by {}", by.label().to_lowercase())),
    );
    asked.extend(
        filters
            .only
            .map(|(by, _)| format!("of one {} only", by.label().to_lowercase())),
    );
    asked.extend(
        filters
            .cohort
            .definition
            .map(|n| format!("made under version {n} of the definitions only")),
    );
    asked
}
