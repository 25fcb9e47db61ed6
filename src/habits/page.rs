//! GET /habits: the team's habits in their frame, and as CSV.

use super::goals::{GoalView, beside};
use super::team::{self, Team};
use super::ways::Hrefs;
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::habit::explain;
use crate::habit::{self, By, Filters, HabitRow, Habits, Member, Settings};
use crate::page::{self, Answer, DASH, Frame, Link, Said};
use crate::people::Directory;
use crate::rules::access::Role;
use crate::rules::day;
use crate::rules::habit::Course;
use crate::urls;
use crate::value::Instant;
use askama::Template;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;
use std::sync::Arc;

crate::words! {
    /// A named period.
    pub enum Span { Weeks = "weeks", Week = "week", LastWeek = "last-week", Quarter = "quarter", All = "all" }
}

impl Span {
    fn label(self) -> &'static str {
        match self {
            Span::Weeks => "Last four weeks",
            Span::Week => "This week",
            Span::LastWeek => "Last week",
            Span::Quarter => "Last 13 weeks",
            Span::All => "All",
        }
    }

    /// Its first and last day, seen from `today`.
    fn days(self, today: NaiveDate) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let monday = day::week_of(today);
        let back = |weeks: u64| monday - Days::new(7 * weeks);
        match self {
            Span::Weeks => (Some(back(3)), Some(today)),
            Span::Week => (Some(monday), Some(today)),
            Span::LastWeek => (Some(back(1)), Some(back(1) + Days::new(6))),
            Span::Quarter => (Some(back(12)), Some(today)),
            Span::All => (None, None),
        }
    }
}

#[derive(Template)]
#[template(path = "habits/page.html")]
struct HabitsPage {
    frame: Frame,
    sub: String,
    refused: String,
    /// With whom to talk, each in a sentence.
    talks: Vec<String>,
    goals: Vec<GoalView>,
    /// What stands beside the volume of each team with a goal, once a team.
    beside: Vec<Vec<Said>>,
    /// How many are on track.
    on_track: Vec<Said>,
    periods: Vec<Link>,
    from: String,
    to: String,
    carry_filters: Vec<(String, String)>,
    carry_period: Vec<(String, String)>,
    bys: Vec<Choice>,
    csv: String,
    is_by_person: bool,
    rows: Vec<RowView>,
    /// How many of the activities were entered late.
    late: Option<page::Late>,
}

struct RowView {
    name: String,
    sub: String,
    /// The card.
    href: String,
    hrefs: Hrefs,
    is_mine: bool,
    tone: &'static str,
    course: &'static str,
    strength: String,
    consistency: String,
    hit: String,
    missed: String,
    neutral: String,
    streak: String,
    weeks: String,
    improvement: String,
}

/// What the address asks for.
struct Asked {
    filters: Filters,
    /// The named period; none where the address names days.
    span: Option<Span>,
    /// What is wrong with it; empty when nothing is.
    refused: String,
}

pub fn index(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let mut asked = asked(cx)?;
    let mut report = None;
    if asked.refused.is_empty() {
        match cx.snapshot(|conn| habit::report(conn, cx.kept, &asked.filters)) {
            Ok(made) => report = Some(made),
            Err(Error::Refused(why)) => asked.refused = why,
            Err(error) => return Err(error),
        }
    }
    if let Some(report) = &mut report {
        report.hide_streaks(&*cx.reference::<Settings>()?);
    }
    let team = cx.snapshot(|conn| team::read(conn, cx.kept, me, cx.now))?;
    if let Some(report) = report.as_mut().filter(|_| asked.filters.by == By::Person) {
        let members: HashMap<i64, &Member> = team.members.iter().map(|m| (m.id, m)).collect();
        report.tell(|id| members.get(&id).map(|member| member.lately));
    }
    if let (Some(report), "csv") = (&report, cx.query().value("format")) {
        return page::csv_file("habits", report.csv()?);
    }
    let is_refused = report.is_none();
    let shown = habits_page(cx, &asked, report.as_ref(), &team)?;
    match is_refused {
        true => page::again(&shown),
        false => page::show(&shown),
    }
}

fn asked(cx: &Cx) -> Result<Asked> {
    let me = cx.me()?;
    let mut query = cx.query();
    let is_custom = ["from", "to"]
        .iter()
        .any(|name| !query.value(name).is_empty());
    let named = Span::from_word(query.value("period")).unwrap_or(Span::Weeks);
    let (from, to) = match is_custom {
        true => (query.day("from").flatten(), query.day("to").flatten()),
        false => named.days(cx.zone().day_of(cx.now)),
    };
    let wrong_day = query.errors().first().map(|error| error.text.clone());
    Ok(Asked {
        filters: Filters {
            by: By::from_word(query.value("by")).unwrap_or(By::Person),
            from,
            to,
            as_of: cx.now,
            teams: (me.role != Role::Admin).then(|| me.teams.clone()),
        },
        span: (!is_custom).then_some(named),
        refused: wrong_day.unwrap_or_default(),
    })
}

fn habits_page(cx: &Cx, asked: &Asked, report: Option<&Habits>, team: &Team) -> Result<HabitsPage> {
    let filters = &asked.filters;
    let day_text = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let (from, to) = (day_text(filters.from), day_text(filters.to));
    let by = ("by".to_owned(), filters.by.to_string());
    let carry_period = match asked.span {
        Some(span) => vec![("period".to_owned(), span.to_string())],
        None => vec![
            ("from".to_owned(), from.clone()),
            ("to".to_owned(), to.clone()),
        ],
    };
    let csv = [
        &carry_period[..],
        &[by.clone(), ("format".to_owned(), "csv".to_owned())],
    ]
    .concat();
    let period = |span: &Span| Link {
        href: urls::with_query(
            "/habits",
            &[("period", span.word()), ("by", filters.by.word())],
        ),
        label: span.label().to_owned(),
        current: asked.span == Some(*span),
    };
    let choices = Form::filled([by.clone()]);
    let directory: Arc<Directory> = cx.reference()?;
    let members: HashMap<i64, &Member> = team.members.iter().map(|m| (m.id, m)).collect();
    let rows = report
        .map(|report| report.rows.as_slice())
        .unwrap_or_default();
    let rows: Vec<RowView> = rows
        .iter()
        .map(|row| row_view(cx, filters, &directory, &members, row))
        .collect();
    Ok(HabitsPage {
        frame: Frame::new(cx, "Habit"),
        sub: days_words(filters),
        on_track: on_track(&team.members, cx.now),
        refused: asked.refused.clone(),
        talks: talks(&team.members),
        beside: beside(&team.goals, cx.now),
        goals: (team.goals.iter())
            .map(|goal| GoalView::of(goal, cx.now))
            .collect(),
        periods: Span::ALL.iter().map(period).collect(),
        from,
        to,
        carry_filters: vec![by],
        carry_period,
        bys: choices.choices("by", [(By::Person, "Person"), (By::Team, "Team")]),
        csv: query_of("/habits", &csv),
        is_by_person: filters.by == By::Person,
        rows,
        late: report.and_then(|report| {
            let href = explain::late_href((filters.from, filters.to), filters.as_of);
            page::Late::new(report.late_rate(), "activities", href)
        }),
    })
}

pub fn query_of(path: &str, pairs: &[(String, String)]) -> String {
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(key, v)| (key.as_str(), v.as_str()))
        .collect();
    urls::with_query(path, &pairs)
}

fn on_track(members: &[Member], as_of: Instant) -> Vec<Said> {
    let said = match explain::on_track_words(members) {
        nobody if nobody.is_empty() => Said {
            before: "Nobody has a whole week with a target behind them yet".to_owned(),
            ..Said::default()
        },
        figure => Said {
            figure,
            href: explain::on_track_href(as_of),
            ..Said::default()
        },
    };
    vec![said]
}

/// `Mon 2 Mar 2026 to Sun 8 Mar 2026`, where both days are known.
fn days_words(filters: &Filters) -> String {
    let days = filters.from.zip(filters.to);
    days.map_or_else(String::new, |(from, to)| {
        format!("{} to {}", page::day(from), page::day(to))
    })
}

fn talks(members: &[Member]) -> Vec<String> {
    let slipped = members
        .iter()
        .filter(|m| m.lately.course == Some(Course::Slipped));
    let sentence = |member: &Member| {
        format!(
            "Worth a conversation with {}: in each of the last two weeks with targets fewer than half of the working days were hit, or less than half of the week's target. Ask what stands in the way.",
            member.name
        )
    };
    slipped.map(sentence).collect()
}

fn row_view(
    cx: &Cx,
    filters: &Filters,
    directory: &Directory,
    members: &HashMap<i64, &Member>,
    row: &HabitRow,
) -> RowView {
    let dash = || DASH.to_owned();
    let share = |share: Option<f64>| share.map_or_else(dash, page::whole_percent);
    let count = |count: Option<u32>| count.map_or_else(dash, |count| count.to_string());
    let person = row.person_id.and_then(|id| directory.person(id));
    let is_mine = cx
        .who
        .as_ref()
        .is_some_and(|me| Some(me.id) == row.person_id);
    let member = row.person_id.and_then(|id| members.get(&id));
    let (tone, course) = course_words(member.and_then(|member| member.lately.course));
    let hrefs = Hrefs::of(filters, directory, row, member.is_some());
    let improvement = member.and_then(|member| member.lately.improvement);
    let points = |change: f64| page::points(change).replace('-', "\u{2212}");
    let is_expected = row.expected > 0;
    let of_days = |days: u32| {
        if is_expected {
            days.to_string()
        } else {
            dash()
        }
    };
    RowView {
        name: page::group_name(&row.name).to_owned(),
        sub: if person.is_some() {
            row.team.clone()
        } else {
            String::new()
        },
        href: match person {
            Some(_) if is_mine => "/card".to_owned(),
            Some(person) => format!("/people/{}/card", person.uid),
            None => String::new(),
        },
        hrefs,
        is_mine,
        tone,
        course,
        strength: share(row.strength),
        consistency: row.consistency_words(),
        hit: of_days(row.hit),
        missed: of_days(row.missed),
        neutral: row.neutral.to_string(),
        streak: count(row.streak.filter(|_| row.strength.is_some())),
        weeks: row
            .weeks
            .as_ref()
            .map_or_else(dash, |weeks| share(weeks.strength)),
        improvement: improvement.map_or_else(dash, points),
    }
}

fn course_words(course: Option<Course>) -> (&'static str, &'static str) {
    let tone = match course {
        Some(Course::OnTrack) => "good",
        Some(Course::Wavers) => "warn",
        Some(Course::Slipped) => "info",
        Some(Course::New) | None => "quiet",
    };
    (tone, course.map_or("Not in a team today", Course::label))
}
