//! Explains a figure of a pack: it stays what it was when the pack was made, and its rows are read as of then.

mod rows;
mod standing;

use super::content::{Content, Level, Rep};
use super::lists::goal_words;
use super::store::Pack;
use super::{pages, view};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::explain::{self, AS_OF, Explanation};
use crate::form::Form;
use crate::habit;
use crate::page::{self, Answer, Link};
use crate::people::Directory;
use crate::rules::access::{Me, Role};
use crate::rules::level::Clause;
use crate::rules::target::Metric;
use crate::service_levels;
use crate::shared_goals;
use crate::team;
use crate::urls;
use std::sync::Arc;

crate::words! {
    /// Of what part of a pack a figure is.
    pub enum Part {
        /// Of a person, for a metric.
        Value = "value",
        Percent = "percent",
        DaysHit = "days_hit",
        Reached = "reached",
        /// Of the open leads of an owner.
        Untouched = "untouched",
        Open = "open",
        /// Of both sides' promises to the leads of a team.
        Promise = "promise",
        /// How often leads of a source ended for a reason.
        Reason = "reason",
        /// A shared goal.
        Goal = "goal",
        /// How far it was ahead of its pace.
        Pace = "pace",
        /// How much of what the people did was entered late.
        Late = "late",
        /// A person's place in their team.
        Place = "place",
        /// How long the lead of an owner that waited longest had waited, and the oldest open one of all.
        Waits = "waits",
        Oldest = "oldest",
    }
}

/// Whose figure: an address names the person, team or source by these words.
pub const NOBODY: &str = "nobody";
pub const ALL: &str = "all";

/// The address that explains a figure of a pack.
pub fn href(pack_href: &str, part: Part, whose: &str, figure: &str) -> String {
    let pairs = [("part", part.word()), ("whose", whose), ("figure", figure)];
    urls::with_query(&format!("{pack_href}/explain"), &pairs)
}

/// The figure as the pack says it, and how the pack came to it.
struct Frozen {
    value: String,
    filled: String,
}

/// `/monday/2026-03-09/explain?part=value&whose=...&figure=activities`; `?format=csv` for its rows as a file.
pub fn page(cx: &Cx) -> Answer {
    let form = cx.query();
    let (pack, seen) = pages::seen(cx)?;
    let part = Part::from_word(form.value("part")).ok_or(Error::NotFound)?;
    let (whose, figure) = (form.value("whose"), form.value("figure"));
    let (frozen, mut explanation) = match part {
        Part::Value | Part::Percent | Part::DaysHit | Part::Reached => {
            of_rep(cx, &seen, part, (whose, figure))?
        }
        Part::Untouched | Part::Open => rows::open(cx, &seen, part, whose)?,
        Part::Promise => promise(cx, &seen, (whose, figure))?,
        Part::Reason => rows::reason(cx, &seen, (whose, figure))?,
        Part::Goal => goal(cx, &seen, whose)?,
        Part::Late => rows::late(cx, &seen)?,
        Part::Pace => standing::pace(cx, &seen, whose)?,
        Part::Place => standing::place(cx, &seen, whose)?,
        Part::Waits => standing::waits(cx, &seen, whose)?,
        Part::Oldest => standing::oldest(cx, &seen)?,
    };
    freeze(cx, &pack, frozen, &mut explanation);
    explain::show(cx, &form, explanation)
}

/// The figure stays what the pack says. Where the rows of today add up to another one, the page says so.
fn freeze(cx: &Cx, pack: &Pack, frozen: Frozen, explanation: &mut Explanation) {
    let made = page::time_and_zone(pack.made_at, cx.zone());
    let version = pack.definition_id;
    explanation.filters.push(format!(
        "frozen when the pack was made, {made}, under version {version} of the definitions"
    ));
    if explanation.value != frozen.value {
        explanation.filters.push(format!(
            "counted again as of then, of what you may see, it is {}: something was entered, changed or passed on since",
            explanation.value
        ));
        explanation.filled = frozen.filled;
        explanation.value = frozen.value;
    }
    explanation.back = Link {
        href: pages::address(pack.monday),
        label: "Monday pack".to_owned(),
        current: false,
    };
}

/// What a report is asked for to count again: the days of the pack as of when it was made.
fn asked(seen: &Content, pairs: &[(&str, String)]) -> Form {
    let days = [
        ("from", seen.from.to_string()),
        ("to", seen.to.to_string()),
        (AS_OF, seen.made_at.to_string()),
    ];
    let all = days.into_iter().chain(pairs.iter().cloned());
    Form::filled(all)
}

/// Whether the rows behind a person's figures are the reader's to open.
pub fn may_open(me: &Me, rep: &Rep) -> bool {
    let leads = me.role == Role::Admin
        || me.role == Role::Manager && rep.team_id.is_some_and(|team| me.teams.contains(&team));
    !rep.is_line && (leads || rep.person_id == me.id)
}

fn of_rep(
    cx: &Cx,
    seen: &Content,
    part: Part,
    (uid, metric): (&str, &str),
) -> Result<(Frozen, Explanation)> {
    let me = cx.me()?;
    let directory: Arc<Directory> = cx.reference()?;
    let person = directory.person_of_uid(uid).ok_or(Error::NotFound)?;
    let reps = seen.reps.iter().filter(|rep| may_open(me, rep));
    let mut theirs = reps.filter(|rep| rep.person_id == person.id);
    let rep = theirs.next().ok_or(Error::NotFound)?;
    let view = view::rep(rep, me, &|_, _| String::new());
    let person = ("person", uid.to_owned());
    if part == Part::DaysHit {
        return days_hit(cx, seen, rep, (person, view.days));
    }
    let against = rep.against.iter().find(|one| one.metric == metric);
    let (value, filled, figure, metric) = match (part, against) {
        (Part::Reached, _) => {
            let counts = format!(
                "{} of {}",
                page::amount(rep.reached),
                page::amount(rep.activities)
            );
            (
                view.share_reached,
                counts,
                "share_reached",
                Metric::Activities,
            )
        }
        (_, None) if metric == Metric::LeadsReached.label() => {
            let value = page::amount(rep.leads_reached);
            (value.clone(), value, "value", Metric::LeadsReached)
        }
        (_, None) => return Err(Error::NotFound),
        (_, Some(one)) => {
            let [done, target] = [one.value, one.target]
                .map(|value| value.map_or(page::DASH.to_owned(), page::amount));
            let metric = Metric::of_label(&one.metric);
            match part {
                Part::Percent => {
                    let share = one.value.zip(one.target).ok_or(Error::NotFound)?;
                    let value = page::percent(share.0 / share.1);
                    let filled = format!("{done} / {target} = {value}");
                    (value, filled, "percent", metric)
                }
                _ => (done.clone(), done, "value", metric),
            }
        }
    };
    let figure = ("figure", figure.to_owned());
    let form = asked(seen, &[person, figure, ("metric", metric.to_string())]);
    Ok((Frozen { value, filled }, team::explanation(cx, &form)?))
}

/// On how many of somebody's days everything was met.
fn days_hit(
    cx: &Cx,
    seen: &Content,
    rep: &Rep,
    (person, days): ((&str, String), String),
) -> Result<(Frozen, Explanation)> {
    let form = asked(seen, &[person, ("figure", "hit".to_owned())]);
    let filled = format!(
        "{} hit of {} that asked for something",
        rep.hit, rep.expected
    );
    let mut explanation = habit::explain::explanation(cx, &form)?;
    // The pack says of how many, the habit how many.
    if explanation.value == rep.hit.to_string() {
        explanation.value = days.clone();
    }
    let value = days;
    Ok((Frozen { value, filled }, explanation))
}

fn promise(cx: &Cx, seen: &Content, (team, figure): (&str, &str)) -> Result<(Frozen, Explanation)> {
    let is_it = |level: &&Level| match team {
        ALL => level.is_all,
        NOBODY => !level.is_all && level.team_id.is_none(),
        id => !level.is_all && level.team_id.is_some_and(|team| team.to_string() == id),
    };
    let level = seen.levels.iter().find(is_it).ok_or(Error::NotFound)?;
    let view = view::level(level, &|_, _| String::new());
    let place = |one: &Clause| one.word() == figure;
    let frozen = match Clause::ALL.iter().position(place) {
        _ if figure == "volume" && !view.volume.is_empty() => Frozen {
            filled: view.volume.clone(),
            value: view.volume,
        },
        _ if figure == "n" => Frozen {
            value: view.n.clone(),
            filled: format!("{} hand-overs", view.n),
        },
        Some(at) => {
            let kept = view.sales.get(at).ok_or(Error::NotFound)?;
            let promise = level.sales.get(at).ok_or(Error::NotFound)?;
            Frozen {
                value: kept.share.clone(),
                filled: format!(
                    "{} met / ({} met + {} missed)",
                    promise.met, promise.met, promise.missed
                ),
            }
        }
        None => {
            let at = service_levels::figures::MARKETING
                .iter()
                .position(|word| *word == figure);
            let kept = at.and_then(|at| view.marketing.get(at));
            let kept = kept.ok_or(Error::NotFound)?;
            Frozen {
                value: kept.share.clone(),
                filled: kept.of.clone(),
            }
        }
    };
    let mut pairs = vec![("figure", figure.to_owned())];
    if team != ALL {
        pairs.push(("by", "team".to_owned()));
        pairs.push(("group", page::group_name(&level.team).to_owned()));
    }
    let form = asked(seen, &pairs);
    let mut explanation = service_levels::explain::explanation(cx, &form)?;
    // The pack says in words what the report says in numbers.
    if figure == "volume" && frozen.value.starts_with(&view_volume(level)) {
        explanation.value.clone_from(&frozen.value);
    }
    Ok((frozen, explanation))
}

/// "4 of ", as both say it.
fn view_volume(level: &Level) -> String {
    let delivered = level.delivered.unwrap_or_default();
    format!("{} of ", crate::style::count(delivered as i64))
}

fn goal(cx: &Cx, seen: &Content, id: &str) -> Result<(Frozen, Explanation)> {
    let goal = seen.goals.iter().find(|goal| goal.id.to_string() == id);
    let goal = goal.filter(|goal| goal.id != 0).ok_or(Error::NotFound)?;
    let value = goal_words(goal);
    let form = asked(seen, &[("goal", id.to_owned())]);
    let frozen = Frozen {
        filled: format!("{}: {value}", goal.measure),
        value,
    };
    Ok((frozen, shared_goals::explain::explanation(cx, &form)?))
}
