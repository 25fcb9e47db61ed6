//! The planner: how much prospecting a goal takes, from one's own history. Source: METRICS.md 5.

mod chart;
pub mod explain;
pub mod goals;
mod history;
pub mod pages;
mod store;
mod words;

use crate::activities::totals::Span;
use crate::app::Cx;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::Result;
use crate::goals::Aim;
use crate::leads;
use crate::people::Directory;
use crate::rules::access::Role;
use crate::rules::day;
use crate::rules::plan::{self, Ask, Basis, Belief, Plan};
use crate::rules::rates::{Prior, Rate};
use crate::rules::target::Metric;
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use history::{Counts, History, Learnt, WorkDays};
use std::collections::HashMap;
use std::sync::Arc;

/// The pace of one's own is that of so many last days.
const PACE_DAYS: u64 = 28;

crate::words! {
    /// What is counted in a plan.
    pub enum Unit { Prospects = "prospects", Touches = "touches" }
}

/// What somebody asks the planner.
#[derive(Debug, Clone)]
pub struct Question {
    pub is_wins: bool,
    pub goal: u64,
    /// From this day on what was had counts.
    pub since: NaiveDate,
    pub by: NaiveDate,
    /// Of history.
    pub weeks: u64,
    pub unit: Unit,
    /// What if: a rate, and working days left.
    pub rate: Option<f64>,
    pub days: Option<f64>,
    /// What happened after it is hidden.
    pub as_of: Instant,
}

impl Question {
    pub fn aim(&self) -> Aim {
        match self.is_wins {
            true => Aim::Wins,
            false => Aim::Metric(Metric::MeetingsBooked),
        }
    }
}

/// An answer, and all that it rests on.
pub struct Study {
    pub question: Question,
    pub learnt: Learnt,
    pub got: u64,
    pub days_left: f64,
    /// The rate and what it rests on; `None` where the data carry no number.
    pub rate: Option<(Belief, Option<Basis>)>,
    /// The share of outcomes that lands in time.
    pub landed: f64,
    pub plan: Option<Plan>,
    /// Units a working day in the best week, and how many prospects that week had.
    pub best: Option<(f64, u64)>,
    /// One's own units a working day of late.
    pub pace: f64,
}

impl Study {
    /// The rate of what lands in time.
    pub fn landing(&self) -> Option<Belief> {
        self.rate.map(|(belief, _)| belief.landing(self.landed))
    }

    /// The chance at so many units a day.
    pub fn chance_at(&self, per_day: f64) -> Option<f64> {
        let missing = self.question.goal.saturating_sub(self.got);
        let units = plan::units_of(per_day, self.days_left);
        Some(self.landing()?.at_least(missing, units))
    }

    /// Touches a prospect; 1 where nobody knows.
    pub fn touches(&self) -> f64 {
        self.learnt.touches.map_or(1.0, |(touches, _)| touches)
    }
}

/// Answers a question of the asker, from their history and that of their team's members of today. Four queries, and
/// one more for wins.
pub fn study(conn: &mut Conn, cx: &Cx, question: Question) -> Result<Study> {
    let me = cx.me()?;
    let calendars: Arc<Calendars> = cx.kept.get(conn)?;
    let today = me.zone.day_of(question.as_of);
    let span = Span {
        from: question.since,
        to: today,
        as_of: question.as_of,
        people: Some(vec![me.id]),
    };
    let got = crate::goals::count(conn, cx.kept, &question.aim(), &span)?;
    let got = got.get(&me.id).map_or(0, |got| *got as u64);
    let history = read(conn, cx, &calendars, &question)?;
    let learnt = history.learn();
    let days_left = question
        .days
        .unwrap_or_else(|| days_left(&calendars, me.id, today, &question));
    let landed = learnt
        .lag
        .as_ref()
        .map_or(1.0, |lag| lag.landed_of_days(days_left));
    let mut study = Study {
        rate: rate(&question, &learnt),
        best: None,
        pace: 0.0,
        plan: None,
        question,
        learnt,
        got,
        days_left,
        landed,
    };
    study.best = best(&study, &calendars);
    study.pace = pace(&study, &history);
    let ask = Ask {
        goal: study.question.goal,
        got,
        days_left,
        best_per_day: study.best.map(|(best, _)| best),
    };
    study.plan = study.landing().map(|rate| plan::plan(ask, rate));
    Ok(study)
}

/// D: today counts while some of its working time is left.
fn days_left(calendars: &Calendars, person_id: i64, today: NaiveDate, question: &Question) -> f64 {
    let from = question.since.max(today);
    let calendar = calendars.of_person(person_id, from, question.by.max(from));
    let days = from.iter_days().take_while(|day| *day <= question.by);
    let is_over = |day: NaiveDate| {
        let gone = calendar.share_gone(day, question.as_of);
        day == today && gone.is_some_and(|gone| gone >= 1.0)
    };
    days.filter(|day| !is_over(*day))
        .map(|day| calendar.fraction(day))
        .sum()
}

/// What is known of the rate: the asked one, or one's own history with the team's rate as prior. Wins are two stages.
fn rate(question: &Question, learnt: &Learnt) -> Option<(Belief, Option<Basis>)> {
    if let Some(rate) = question.rate {
        return Some((Belief::Known(rate), None));
    }
    let met = match question.unit {
        Unit::Prospects => posterior(learnt, Counts::met_of_prospects),
        Unit::Touches => posterior(learnt, Counts::met_of_touches),
    };
    let (met, basis) = met?;
    if !question.is_wins {
        return Some((Belief::Likely(met), Some(basis)));
    }
    let (won, basis) = posterior(learnt, Counts::won_of_met)?;
    let both = plan::stages(&[met, won])?;
    Some((Belief::Likely(both), Some(basis)))
}

/// The team is a prior where somebody else in it has prospects too.
fn posterior(
    learnt: &Learnt,
    rate: fn(Counts) -> Rate,
) -> Option<(crate::rules::beta::Beta, Basis)> {
    let own = rate(learnt.own);
    let mut members: Vec<Rate> = learnt.team.iter().map(|counts| rate(*counts)).collect();
    members.retain(|rate| rate.n > 0);
    // In one order, so that sums come out the same each time.
    members.sort_unstable_by_key(|rate| (rate.n, rate.k));
    let has_team = !members.is_empty();
    members.extend((own.n > 0).then_some(own));
    let team = Prior::of(&members).filter(|_| has_team);
    plan::posterior(own, team)
}

fn best(study: &Study, calendars: &Calendars) -> Option<(f64, u64)> {
    let (count, person, week) = study.learnt.best_week?;
    let days = week.iter_days().take(7);
    let scheduled: f64 = days
        .map(|day| calendars.share_of(person, day).scheduled)
        .sum();
    let per_day = count as f64 / scheduled.max(1.0);
    Some((in_units(study, per_day), count))
}

fn pace(study: &Study, history: &History) -> f64 {
    let from = back(history.today, PACE_DAYS);
    let days = history.days.get(&history.me);
    let days = days.map_or(0.0, |days| days.between(from, history.today));
    let count = history.own_since(from + Days::new(1)) as f64;
    in_units(study, if days > 0.0 { count / days } else { 0.0 })
}

fn in_units(study: &Study, prospects: f64) -> f64 {
    match study.question.unit {
        Unit::Prospects => prospects,
        Unit::Touches => prospects * study.touches(),
    }
}

fn back(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

/// The prospects that the rate rests on.
fn history(conn: &mut Conn, cx: &Cx, question: &Question) -> Result<History> {
    let calendars: Arc<Calendars> = cx.kept.get(conn)?;
    read(conn, cx, &calendars, question)
}

fn read(conn: &mut Conn, cx: &Cx, calendars: &Calendars, question: &Question) -> Result<History> {
    let me = cx.me()?;
    let today = me.zone.day_of(question.as_of);
    let from = day::week_of(back(today, question.weeks * 7));
    let directory: Arc<Directory> = cx.kept.get(conn)?;
    let people = team_of(&directory, me.id, &me.teams, today);
    let worked = store::worked(
        conn,
        &people,
        (from, today),
        (me.zone.midnight(from), question.as_of),
    )?;
    let meetings = store::meetings(conn, &people, from, question.as_of)?;
    // A day earlier, since each person's day is their own.
    let span = (calendars.zone().midnight(back(from, 1)), question.as_of);
    let closings = store::closings(conn, &people, from, span)?;
    let mut wins: HashMap<store::Pair, Vec<NaiveDate>> = HashMap::new();
    if question.is_wins {
        for win in leads::wins::wins(conn, span)? {
            if let Some(person_id) = win.owner_id {
                let lead_id = win.lead_id;
                let day = calendars.day_at(person_id, win.at);
                let pair = store::Pair { person_id, lead_id };
                wins.entry(pair).or_default().push(day);
            }
        }
    }
    let closed_on = |worked: &store::Worked| {
        let closings = closings.get(&worked.pair.lead_id)?;
        let zones = calendars.zones_of(worked.pair.person_id);
        let mut days = closings.iter().map(|at| zones.day_of(*at));
        days.find(|day| *day >= worked.first_day)
    };
    let days = people.iter().map(|id| {
        let fraction = |day| calendars.share_of(*id, day).fraction;
        (*id, WorkDays::new(from, today, fraction))
    });
    Ok(History {
        me: me.id,
        today,
        is_wins: question.is_wins,
        prospects: history::prospects(worked, &meetings, &wins, closed_on),
        days: days.collect(),
    })
}

/// The asker and who is in one of their teams on a day.
fn team_of(directory: &Directory, me: i64, teams: &[i64], day: NaiveDate) -> Vec<i64> {
    let members = directory.memberships.iter();
    let members = members.filter(|m| m.holds_on(day) && teams.contains(&m.team_id));
    let is_seller = |id: &i64| {
        let person = directory.person(*id);
        person.is_some_and(|person| person.role != Role::Marketing)
    };
    let mut people: Vec<i64> = members.map(|m| m.person_id).filter(is_seller).collect();
    people.push(me);
    people.sort_unstable();
    people.dedup();
    people
}
