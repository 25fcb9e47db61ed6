//! The planner page: the question, the answer in words and as a picture, and one's goals.

use super::chart::{self, Row};
use super::goals::{GoalForm, GoalsView};
use super::words::{self, Words};
use super::{Question, Study, Unit, back, study};
use crate::app::Cx;
use crate::charts::Plot;
use crate::error::Result;
use crate::explain::AS_OF;
use crate::form::{Choice, Form, read_day};
use crate::leads::cohort::bar;
use crate::page::{self, Answer, Frame, Toast};
use crate::rules::day;
use crate::rules::plan::Plan;
use crate::urls;
use askama::Template;
use chrono::{Days, NaiveDate};

const WEEKS: [u64; 4] = [8, 12, 26, 52];
const WEEKS_FIRST: u64 = 26;
const GOAL_FIRST: u64 = 10;
const GOAL_MOST: u64 = 10_000;
/// With fewer days left in the month, the first look is at the next one.
const FEW_DAYS: i64 = 7;
const YEAR_DAYS: u64 = 366;
/// What the planner is asked, in the order of the address.
pub const FIELDS: [&str; 8] = [
    "goal", "aim", "since", "by", "weeks", "unit", "rate", "days",
];

#[derive(Template)]
#[template(path = "planner/page.html")]
struct PlannerPage {
    frame: Frame,
    form: Form,
    aims: Vec<Choice>,
    weeks: Vec<Choice>,
    units: Vec<Choice>,
    answer: Option<View>,
    goals: GoalsView,
    goal_form: GoalForm,
}

/// The answer, ready to be shown.
struct View {
    words: Words,
    basis: String,
    picture: Option<Picture>,
    csv_href: String,
    explain_href: String,
    adopt: Option<Adopt>,
}

struct Picture {
    plot: Plot,
    rows: Vec<Row>,
    unit: &'static str,
}

/// What adopting the plan as a goal posts.
struct Adopt {
    aim: String,
    amount: u64,
    starts_on: String,
    by_day: String,
    plan: String,
}

/// `?format=csv` for the chances as a file.
pub fn index(cx: &Cx) -> Answer {
    let mut form = cx.query();
    set_defaults(&mut form, cx.zone().day_of(cx.now));
    let question = read(&mut form, cx);
    if form.value("format") == "csv"
        && let Some(question) = question
    {
        let study = cx.snapshot(|conn| study(conn, cx, question))?;
        return page::csv_file("planner", chart::csv(&study)?);
    }
    let is_good = question.is_some();
    let page = planner_page(cx, form, question, GoalForm::empty(cx)?)?;
    match is_good {
        true => page::show(&page),
        false => page::again(&page),
    }
}

/// The page with the form of a goal that was refused.
pub(super) fn with_goal_form(cx: &Cx, goal_form: GoalForm) -> Answer {
    let mut form = Form::default();
    set_defaults(&mut form, cx.zone().day_of(cx.now));
    let question = read(&mut form, cx);
    page::again(&planner_page(cx, form, question, goal_form)?)
}

fn planner_page(
    cx: &Cx,
    form: Form,
    question: Option<Question>,
    goal_form: GoalForm,
) -> Result<PlannerPage> {
    let (study, goals) = cx.snapshot(|conn| {
        let study = question.map(|question| study(conn, cx, question));
        Ok((study.transpose()?, GoalsView::read(conn, cx)?))
    })?;
    let weeks = WEEKS.map(|weeks| (weeks, format!("{weeks} weeks")));
    Ok(PlannerPage {
        frame: Frame::new(cx, "Planner").with_toast(toast(&form)),
        aims: form.choices("aim", [("meetings_booked", "Meetings"), ("wins", "Wins")]),
        weeks: form.choices("weeks", weeks),
        units: form.choices(
            "unit",
            [("prospects", "New prospects"), ("touches", "Touches")],
        ),
        answer: study.as_ref().map(|study| View::new(study, &form)),
        form,
        goals,
        goal_form,
    })
}

fn toast(form: &Form) -> Option<Toast> {
    let text = match form.value("done") {
        "set" => "Goal set.",
        "shared" => "Goal shared with your manager.",
        "private" => "Goal kept to yourself.",
        "ended" => "Goal ended.",
        _ => return None,
    };
    Some(Toast {
        text: text.to_owned(),
        undo_href: None,
    })
}

/// This month, or with few days left in it the next one.
pub(super) fn set_defaults(form: &mut Form, today: NaiveDate) {
    let next = day::next_month(today);
    let (first, after) = match (next - today).num_days() < FEW_DAYS {
        true => (next, day::next_month(next)),
        false => (day::month_of(today), next),
    };
    form.set_default("goal", GOAL_FIRST.to_string());
    form.set_default("aim", "meetings_booked");
    form.set_default("since", first.to_string());
    form.set_default("by", back(after, 1).to_string());
    form.set_default("weeks", WEEKS_FIRST.to_string());
    form.set_default("unit", Unit::Prospects.word());
}

pub(super) fn read(form: &mut Form, cx: &Cx) -> Option<Question> {
    let as_of = bar::instant(form, cx.now);
    let today = cx.zone().day_of(cx.now);
    let goal = form.parsed("goal", "a whole number from 1 to 10,000", |text| {
        text.parse()
            .ok()
            .filter(|goal| (1..=GOAL_MOST).contains(goal))
    });
    let aim = form.parsed("aim", "meetings or wins", |text| match text {
        "meetings_booked" => Some(false),
        "wins" => Some(true),
        _ => None,
    });
    let (earliest, latest) = (back(today, YEAR_DAYS), today + Days::new(YEAR_DAYS));
    let near = |text: &str| read_day(text).filter(|day| (earliest..=latest).contains(day));
    let since = form.parsed("since", "a date within a year of today", near);
    let by = form.parsed("by", "a date within a year of today", near);
    let weeks = form.parsed("weeks", "8, 12, 26 or 52", |text| {
        text.parse().ok().filter(|weeks| WEEKS.contains(weeks))
    });
    let unit = form.parsed("unit", "prospects or touches", Unit::from_word);
    let rate = form.optional("rate", "a rate above 0, at most 100 %", |text| {
        let rate: f64 = number(text)?;
        (rate > 0.0 && rate <= 100.0).then_some(rate / 100.0)
    });
    let days = form.optional("days", "a number of days from 0.5 to 366", |text| {
        number(text).filter(|days| (0.5..=366.0).contains(days))
    });
    if matches!((since, by), (Some(since), Some(by)) if since > by) {
        form.refuse(
            "by",
            "The goal's day must not be before the day it counts from.",
        );
        return None;
    }
    Some(Question {
        is_wins: aim?,
        goal: goal?,
        since: since?,
        by: by?,
        weeks: weeks?,
        unit: unit?,
        rate: rate?,
        days: days?,
        as_of: as_of?,
    })
}

fn number(text: &str) -> Option<f64> {
    let text = text.trim_end_matches('%').trim_end().replace(',', ".");
    text.parse().ok()
}

impl View {
    fn new(study: &Study, form: &Form) -> View {
        let as_of = study.question.as_of.to_string();
        let mut pairs: Vec<(&str, &str)> = FIELDS.map(|name| (name, form.value(name))).into();
        pairs.push((AS_OF, &as_of));
        let explained = urls::with_query("/planner/explain", &pairs);
        pairs.push(("format", "csv"));
        let unit = match study.question.unit {
            Unit::Prospects => "new prospects",
            Unit::Touches => "touches",
        };
        let picture = chart::chart(study, unit).map(|(plot, rows)| Picture {
            plot,
            rows,
            unit: match study.question.unit {
                Unit::Prospects => "New prospects a day",
                Unit::Touches => "Touches a day",
            },
        });
        View {
            words: Words::new(study),
            basis: basis(study),
            picture,
            csv_href: urls::with_query("/planner", &pairs),
            explain_href: explained,
            adopt: adopt(study),
        }
    }
}

/// What was counted, in small print.
fn basis(study: &Study) -> String {
    let question = &study.question;
    let got = match study.got {
        0 => String::new(),
        got => format!(
            " {got} of {} since {}.",
            question.goal,
            page::day(question.since)
        ),
    };
    format!(
        "{} working days are left.{got} From the prospects first worked in the last {} weeks.",
        page::amount(study.days_left),
        question.weeks
    )
}

/// A goal ends on a day: an answer for some other number of days than are left until it is none.
fn adopt(study: &Study) -> Option<Adopt> {
    let Some(Plan::Needs { per_day, .. }) = study.plan else {
        return None;
    };
    let question = Some(&study.question).filter(|question| question.days.is_none())?;
    Some(Adopt {
        aim: question.aim().to_string(),
        amount: question.goal,
        starts_on: question.since.to_string(),
        by_day: question.by.to_string(),
        plan: words::asked(study, per_day),
    })
}
