//! Explains a figure of lead outcomes: what it counts, its formula with its own numbers, and the hand-overs behind it.

use super::face::{self, pairs};
use super::figures::{Figures, Step, Story};
use super::ground::Ground;
use super::{Face, Filters, scores, tables};
use crate::app::Cx;
use crate::definitions::under;
use crate::error::Error;
use crate::explain::{self, Explanation, How, Row, parts};
use crate::leads::cohort::{self, Head, Names, bar};
use crate::page::{self, Answer, Link};
use crate::rules::rates::Rate;
use crate::rules::stage::EventKind;
use crate::style;
use crate::urls;

/// A figure that can be asked for.
enum Figure {
    /// How many had it.
    Step(Step),
    /// The median of the days to a win.
    Days,
    /// How many ended so, for this reason.
    Reason(EventKind, String),
    /// How many of a band of the score had it.
    Score(usize, Step),
}

impl Figure {
    /// A step's word, `days`, `reason-rejected-Wrong role`, or `score-7-won`.
    fn read(word: &str) -> Option<Figure> {
        if word == "days" {
            return Some(Figure::Days);
        }
        let mut parts = word.splitn(3, '-');
        match (parts.next()?, parts.next(), parts.next()) {
            ("reason", Some(end), Some(reason)) => Some(Figure::Reason(
                EventKind::from_word(end)?,
                reason.to_owned(),
            )),
            ("score", Some(band), Some(step)) => {
                Some(Figure::Score(band.parse().ok()?, Step::from_word(step)?))
            }
            (step, None, None) => Some(Figure::Step(Step::from_word(step)?)),
            _ => None,
        }
    }

    fn label(&self) -> String {
        match self {
            Figure::Step(step) => step.label().to_owned(),
            Figure::Days => "Median days to won".to_owned(),
            Figure::Reason(end, reason) => format!("{}: {reason}", end.label()),
            Figure::Score(band, step) => format!(
                "Score {}: {}",
                scores::band_name(*band),
                step.label().to_lowercase()
            ),
        }
    }

    fn meaning(&self) -> &'static str {
        match self {
            Figure::Step(Step::HandedOver) => {
                "Hand-overs of these days. Each is counted by itself: a lead that was handed over twice is there twice."
            }
            Figure::Step(Step::Open) => {
                "Hand-overs without an end: neither won, nor lost, nor given back."
            }
            Figure::Step(Step::Contacted) => {
                "Hand-overs in which somebody was reached, or that were said to be contacted."
            }
            Figure::Step(Step::Meeting) => {
                "Hand-overs in which a meeting was booked, whether or not it was held."
            }
            Figure::Step(_) => {
                "Hand-overs that ever had it as of now. What happened belongs to the lead's last hand-over before it."
            }
            Figure::Days => {
                "The days from the hand-over by which half of the leads are won. Where fewer than half are, there is \
                 no such number yet."
            }
            Figure::Reason(..) => {
                "Hand-overs whose first end that was no win has this reason, of all hand-overs."
            }
            Figure::Score(..) => {
                "Hand-overs that ever had it, of those whose score was in this band when they were handed over."
            }
        }
    }

    fn formula(&self) -> &'static str {
        match self {
            Figure::Step(Step::HandedOver) => "a count",
            Figure::Days => {
                "Kaplan-Meier: the first time at which half are won; other ends and open leads are set aside then"
            }
            _ => "had it / all, with Wilson's 95 % interval",
        }
    }

    /// How a hand-over counts, and why.
    fn place(&self, story: &Story) -> (How, String) {
        let had = |step: Step| match story.had(step) {
            true => (How::Counted, step.label().to_lowercase()),
            false => (How::InWhole, format!("not so: {}", standing(story))),
        };
        match self {
            Figure::Step(step) => had(*step),
            Figure::Days if story.had(Step::Won) => (How::Counted, "won at its time".to_owned()),
            Figure::Days => (
                How::InWhole,
                format!("set aside when seen last: {}", standing(story)),
            ),
            Figure::Reason(end, reason) => match &story.exit {
                Some((theirs, _, why)) if theirs == end && why == reason => {
                    (How::Counted, "ended so, for this reason".to_owned())
                }
                Some((theirs, ..)) if theirs == end => {
                    (How::InWhole, "ended so for another reason".to_owned())
                }
                _ => (How::InWhole, format!("not so: {}", standing(story))),
            },
            Figure::Score(band, step) => match story.start.score.map(scores::band_of) {
                Some(theirs) if theirs == *band => had(*step),
                Some(_) => (How::LeftOut, "its score is in another band".to_owned()),
                None => (How::LeftOut, "it had no score".to_owned()),
            },
        }
    }
}

fn standing(story: &Story) -> String {
    match &story.exit {
        _ if story.had(Step::Won) => "won".to_owned(),
        Some((end, ..)) => end.label().to_lowercase(),
        None => "still open".to_owned(),
    }
}

/// `/outcomes/explain?figure=won&group=Webinar&by=source`; `?format=csv` for its rows as a file.
pub fn show(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let mut form = cx.query();
    let filters = face::read(&mut form, cx, Face::Funnel).ok_or(Error::NotFound)?;
    let figure = Figure::read(form.value("figure")).ok_or(Error::NotFound)?;
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
        let (how, reason) = figure.place(story);
        Some((how, reason, told(cx, story, head)))
    };
    let (value, filled) = worked_out(&figure, &members);
    let explanation = Explanation {
        figure: figure.label(),
        group: group.to_owned(),
        value,
        meaning: figure.meaning(),
        formula: figure.formula(),
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

fn worked_out(figure: &Figure, members: &[&Story]) -> (String, String) {
    if let Figure::Days = figure {
        let figures = Figures::of(members);
        let value = tables::days(figures.median_days_to_won);
        let filled = format!("{} won: {value}", page::of(figures.rate(Step::Won)));
        return (value, filled);
    }
    let places: Vec<How> = members.iter().map(|story| figure.place(story).0).collect();
    let rate = Rate {
        k: places.iter().filter(|how| **how == How::Counted).count() as u64,
        n: places.iter().filter(|how| **how != How::LeftOut).count() as u64,
    };
    let value = match figure {
        Figure::Step(Step::HandedOver) => style::count(rate.n),
        _ => page::share(rate),
    };
    let filled = format!("{} = {value} ({})", page::of(rate), page::interval(rate));
    (value, filled)
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
