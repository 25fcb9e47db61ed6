//! Explains a plan: the prospects that its rate rests on, and those that it leaves out.

use super::goals::WINS;
use super::history::{Counts, Prospect};
use super::pages::{self, FIELDS};
use super::words::{self, Words};
use super::{Question, Study};
use crate::activities::totals::Span;
use crate::app::Cx;
use crate::error::Error;
use crate::explain::{self, Explanation, How, Row, parts};
use crate::form::Form;
use crate::goals::wins_by_day;
use crate::leads;
use crate::leads::cohort::bar;
use crate::page::{self, Answer, DASH};
use crate::rules::plan::{Belief, Plan};
use crate::rules::rates::Rate;
use crate::style;
use chrono::NaiveDate;
use std::collections::HashSet;

/// `/planner/explain?goal=10&aim=meetings_booked&...`; `?format=csv` for its rows as a file.
pub fn page(cx: &Cx) -> Answer {
    let mut form = cx.query();
    if form.value("figure") == WINS {
        return wins(cx, form);
    }
    pages::set_defaults(&mut form, cx.zone().day_of(cx.now));
    let question = pages::read(&mut form, cx).ok_or(Error::NotFound)?;
    let (study, rows) = cx.snapshot(|conn| {
        let me = cx.me()?;
        let study = super::study(conn, cx, question.clone())?;
        let history = super::history(conn, cx, &question)?;
        let mine = history.prospects.iter().filter(|one| history.is_mine(one));
        let mine: Vec<&Prospect> = mine.collect();
        let ids: HashSet<i64> = mine.iter().map(|one| one.worked.pair.lead_id).collect();
        let names = leads::names(conn, me, ids)?;
        let mut rows = Vec::new();
        for one in mine {
            let lead_id = one.worked.pair.lead_id;
            let (name, href) = names.get(&lead_id).cloned().unwrap_or_default();
            let is_matured = history.has_matured(one, study.learnt.lag.as_ref());
            rows.push(placed(&question, one, is_matured, (name, href)));
        }
        Ok((study, rows))
    })?;
    let mut rows = rows;
    rows.extend(team(&study));
    let pairs: Vec<(&str, &str)> = FIELDS.map(|name| (name, form.value(name))).into();
    let explanation = Explanation {
        figure: "Plan".to_owned(),
        group: String::new(),
        value: value(&study),
        meaning: "The fewest new prospects (or touches) a working day with which the chance of making the goal is 80\u{a0}% or \
                  more. The rate is that of your own prospects that have matured, with the team's as a prior, of what lands \
                  in time; goal \u{f7} rate would be a coin toss.",
        formula: "the smallest N with P(X \u{2265} goal - had | N) \u{2265} 0.80, X beta-binomial with the rate of what lands in \
                  time; a day: N / working days left, rounded up",
        filled: filled(&study),
        filters: filters(cx, &question),
        first: "Prospect",
        columns: vec!["First worked", "Touches", "Outcome on"],
        parts: parts(rows),
        under: Vec::new(),
        back: explain::way_back("/planner", pairs, "Planner".to_owned()),
    };
    explain::show(cx, &form, explanation)
}

/// `/planner/explain?figure=wins&from=2026-03-02&to=2026-03-31`: one's own wins of some days, behind a goal.
fn wins(cx: &Cx, mut form: Form) -> Answer {
    let me = cx.me()?;
    let as_of = bar::instant(&mut form, cx.now).ok_or(Error::NotFound)?;
    let days = (form.day("from").flatten(), form.day("to").flatten());
    let (Some(from), Some(to)) = days else {
        return Err(Error::NotFound);
    };
    let span = Span {
        from,
        to,
        as_of,
        people: Some(vec![me.id]),
    };
    let (wins, names) = cx.snapshot(|conn| {
        let wins = wins_by_day(conn, cx.kept, &span)?;
        let ids: HashSet<i64> = wins.iter().map(|(_, lead_id, _)| *lead_id).collect();
        Ok((wins, leads::names(conn, me, ids)?))
    })?;
    let row = |(_, lead_id, day): &(i64, i64, NaiveDate)| {
        let (name, href) = names.get(lead_id).cloned().unwrap_or_default();
        let (how, reason) = match from <= *day && *day <= to {
            true => (How::Counted, "won while you owned it"),
            false => (How::LeftOut, "won on another day"),
        };
        let row = Row {
            name,
            href,
            cells: vec![page::day(*day)],
            ..Row::default()
        };
        (how, reason.to_owned(), row)
    };
    let rows: Vec<(How, String, Row)> = wins.iter().map(row).collect();
    let counted = rows.iter().filter(|(how, ..)| *how == How::Counted).count();
    let value = style::count(counted as u64);
    let explanation = Explanation {
        figure: "Wins".to_owned(),
        group: String::new(),
        filled: format!("{value} leads"),
        value,
        meaning: "Leads that were won while you owned them, each on the day that it was for you.",
        formula: "a count",
        filters: vec![
            format!("{} to {}", page::day(from), page::day(to)),
            format!("as of {}", page::time_and_zone(as_of, cx.zone())),
        ],
        first: "Lead",
        columns: vec!["Won on"],
        parts: parts(rows),
        under: Vec::new(),
        back: explain::way_back("/planner", Vec::new(), "Planner".to_owned()),
    };
    explain::show(cx, &form, explanation)
}

/// "15 new prospects a working day (about 33 touches)"; where there is no number, what the planner says instead.
fn value(study: &Study) -> String {
    match study.plan {
        Some(Plan::Needs { per_day, .. }) => words::asked(study, per_day),
        _ => {
            let words = Words::new(study);
            [words.headline, words.refusal].concat()
        }
    }
}

fn filled(study: &Study) -> String {
    let question = &study.question;
    let rate = match study.landing() {
        Some(Belief::Known(rate)) => page::percent(rate),
        Some(Belief::Likely(beta)) => {
            let [a, b] = [beta.a, beta.b].map(page::amount);
            format!("{} as Beta({a}, {b})", page::percent(beta.mean()))
        }
        None => DASH.to_owned(),
    };
    let units = match study.plan {
        Some(Plan::Needs { units, .. }) => format!("; N = {}", crate::style::count(units)),
        _ => String::new(),
    };
    format!(
        "goal {}, had {}, {} working days left, {} lands in time, rate of that {rate}{units}",
        question.goal,
        study.got,
        page::amount(study.days_left),
        page::percent(study.landed)
    )
}

fn filters(cx: &Cx, question: &Question) -> Vec<String> {
    vec![
        format!(
            "{} to {}",
            page::day(question.since),
            page::day(question.by)
        ),
        format!(
            "prospects first worked in the last {} weeks",
            question.weeks
        ),
        format!("as of {}", page::time_and_zone(question.as_of, cx.zone())),
    ]
}

fn placed(
    question: &Question,
    one: &Prospect,
    is_matured: bool,
    (name, href): (String, String),
) -> (How, String, Row) {
    let outcome = one.outcome(question.is_wins);
    let (how, reason) = match (is_matured, outcome) {
        (false, _) => (How::LeftOut, "too new: something may still come of it"),
        (true, Some(_)) => (How::Counted, "matured, with the outcome"),
        (true, None) => (How::InWhole, "matured, without the outcome"),
    };
    let row = Row {
        name,
        href,
        cells: vec![
            page::day(one.worked.first_day),
            one.worked.touches.to_string(),
            outcome.map_or(DASH.to_owned(), page::day),
        ],
        ..Row::default()
    };
    (how, reason.to_owned(), row)
}

/// What the team brings to the rate, in one row: whose they are is nobody else's to see.
fn team(study: &Study) -> Option<(How, String, Row)> {
    let all: Vec<&Counts> = study.learnt.team.iter().collect();
    let sum = |of: fn(&Counts) -> u64| all.iter().map(|counts| of(counts)).sum::<u64>();
    let rate = Rate {
        k: match study.question.is_wins {
            true => sum(|counts| counts.won),
            false => sum(|counts| counts.met),
        },
        n: sum(|counts| counts.prospects),
    };
    let row = Row {
        name: format!("The team\u{2019}s prospects: {}", page::of(rate)),
        cells: vec![DASH.to_owned(), DASH.to_owned(), DASH.to_owned()],
        ..Row::default()
    };
    let reason = "what the rate is drawn towards".to_owned();
    (rate.n > 0).then_some((How::LeftOut, reason, row))
}
