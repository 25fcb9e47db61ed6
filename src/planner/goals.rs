//! Goals on the planner's page: one's own, and those that members share.

use super::pages::with_goal_form;
use crate::app::Cx;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::explain::AS_OF;
use crate::form::{Choice, Form};
use crate::goals::{self, AMOUNT_MOST, Aim, NewGoal, Progress};
use crate::lists;
use crate::page::{self, Answer};
use crate::people::Directory;
use crate::rules::target::Metric;
use crate::urls;
use std::collections::HashMap;
use std::sync::Arc;

/// Goals that are over are shown up to so many.
const PAST_MOST: i64 = 6;
const SHARED_MOST: i64 = 60;

/// All goals that the reader sees.
pub struct GoalsView {
    pub standing: Vec<Told>,
    pub past: Vec<Told>,
    pub shared: Vec<Shared>,
    /// Whether goals may be shared with the reader.
    pub sees_shared: bool,
}

/// A goal, and what stands behind how far one is.
pub struct Told {
    pub progress: Progress,
    pub href: String,
}

/// A goal that somebody shares.
pub struct Shared {
    pub name: String,
    pub told: Told,
}

/// The entries behind a metric's figure, and the leads behind one's own wins; empty for the wins of others.
fn told(progress: Progress, uid: &str, is_own: bool) -> Told {
    let (from, to) = progress.days;
    let (from, to, as_of) = (from.to_string(), to.to_string(), progress.as_of.to_string());
    let days = [("from", from.as_str()), ("to", &to), (AS_OF, &as_of)];
    let href = match progress.goal.aim() {
        Some(Aim::Metric(metric)) => {
            let metric = metric.to_string();
            let of_whom = [("person", uid), ("metric", metric.as_str())];
            urls::with_query("/team/entries", &[&of_whom[..], &days].concat())
        }
        Some(Aim::Wins) if is_own => urls::with_query(
            "/planner/explain",
            &[&[("figure", WINS)][..], &days].concat(),
        ),
        _ => String::new(),
    };
    Told { progress, href }
}

/// The figure of one's own wins in `/planner/explain`.
pub const WINS: &str = "wins";

impl GoalsView {
    pub fn read(conn: &mut Conn, cx: &Cx) -> Result<GoalsView> {
        let me = cx.me()?;
        let today = me.zone.day_of(cx.now);
        let directory: Arc<Directory> = cx.kept.get(conn)?;
        let standing = goals::store::standing(conn, me.id, today)?;
        let past = goals::store::past(conn, me.id, today, PAST_MOST)?;
        let everybody: Vec<i64> = directory.people.iter().map(|person| person.id).collect();
        let sharers = goals::sharers(me, &directory.memberships, &everybody, today);
        let shared = match sharers.is_empty() {
            true => Vec::new(),
            false => goals::store::shared_by(conn, &sharers, today, SHARED_MOST)?,
        };
        let shared = goals::progress(conn, cx.kept, shared, cx.now)?;
        let places: HashMap<i64, usize> = everybody.iter().copied().zip(0..).collect();
        let mut shared: Vec<Shared> = shared
            .into_iter()
            .map(|progress| {
                let person = directory.person(progress.goal.person_id);
                let uid = person.map_or("", |person| &person.uid);
                Shared {
                    name: directory.name(Some(progress.goal.person_id)).to_owned(),
                    told: told(progress, uid, false),
                }
            })
            .collect();
        shared.sort_by_key(|shared| places.get(&shared.told.progress.goal.person_id).copied());
        let own = |all: Vec<Progress>| -> Vec<Told> {
            let all = all.into_iter();
            all.map(|progress| told(progress, &me.uid, true)).collect()
        };
        Ok(GoalsView {
            standing: own(goals::progress(conn, cx.kept, standing, cx.now)?),
            past: own(goals::progress(conn, cx.kept, past, cx.now)?),
            shared,
            sees_shared: !sharers.is_empty(),
        })
    }
}

/// The form for a goal of one's own making.
pub struct GoalForm {
    pub form: Form,
    pub metrics: Vec<Choice>,
}

impl GoalForm {
    pub fn empty(cx: &Cx) -> Result<GoalForm> {
        GoalForm::of(cx, Form::default())
    }

    fn of(cx: &Cx, form: Form) -> Result<GoalForm> {
        let aims = aims(cx)?;
        let labels = aims.iter().map(|aim| (aim, aim.label()));
        Ok(GoalForm {
            metrics: form.choices("metric", labels),
            form,
        })
    }
}

/// What may be a goal: a retired kind no more.
fn aims(cx: &Cx) -> Result<Vec<Aim>> {
    let lists = cx.reference::<lists::Lists>()?;
    let kinds = lists.kinds.iter().filter(|kind| !kind.is_retired);
    let kinds = kinds.map(|kind| Metric::Kind(kind.name.clone()));
    let metrics = Metric::GENERAL.into_iter().chain(kinds).map(Aim::Metric);
    Ok(metrics.chain([Aim::Wins]).collect())
}

/// Sets a goal: of one's own making, or adopted from the plan.
pub fn create(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let Some(new) = read(cx, &mut form)? else {
        return with_goal_form(cx, GoalForm::of(cx, form)?);
    };
    match cx.write(|tx| goals::set(tx, &new)) {
        Ok(()) => page::go_to("/planner?done=set"),
        Err(Error::Refused(why)) => {
            form.refuse("by_day", why);
            with_goal_form(cx, GoalForm::of(cx, form)?)
        }
        Err(error) => Err(error),
    }
}

fn read(cx: &Cx, form: &mut Form) -> Result<Option<NewGoal>> {
    let today = cx.zone().day_of(cx.now);
    let aims = aims(cx)?;
    let aim = form.parsed("metric", "what to count, from the list", |text| {
        text.parse().ok().filter(|aim| aims.contains(aim))
    });
    let amount = form.parsed("amount", "an amount above 0, at most 1,000,000", |text| {
        let amount: f64 = text.replace(',', ".").parse().ok()?;
        (amount > 0.0 && amount <= AMOUNT_MOST).then_some(amount)
    });
    let starts_on = form.day("starts_on").map(|day| day.unwrap_or(today));
    let by_day = form.day("by_day");
    let plan = form.text("plan", 200);
    let new = || {
        Some(NewGoal {
            aim: aim?,
            amount: amount?,
            starts_on: starts_on?,
            by_day: by_day?,
            plan: plan?,
            is_shared: form.is_ticked("shared"),
        })
    };
    Ok(new())
}

/// Shows a goal to one's managers where the box is ticked, else keeps it to oneself.
pub fn share(cx: &Cx) -> Answer {
    let (uid, is_shared) = (cx.param("uid")?, cx.form().is_ticked("shared"));
    cx.write(|tx| goals::share(tx, uid, is_shared))?;
    page::go_to(match is_shared {
        true => "/planner?done=shared",
        false => "/planner?done=private",
    })
}

pub fn end(cx: &Cx) -> Answer {
    let uid = cx.param("uid")?;
    cx.write(|tx| goals::end(tx, uid))?;
    page::go_to("/planner?done=ended")
}
