//! Explains the figures of a habit: the days or weeks that make it up, and those that do not, each with the reason.

mod course;
mod figure;
mod late;
mod one;
mod steps;
mod team;

pub use course::{on_track_href, on_track_words};
pub use figure::{Figure, days_in_a_row, strength};
pub use late::late_href;

use super::ground::Ground;
use super::points::Points;
use super::settings::Settings;
use super::walk::Walk;
use super::{attained, correct};
use crate::activities::totals::{self, Span};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::explain::{self, AS_OF, Explanation, How, Row, parts};
use crate::form::Form;
use crate::leads::cohort::bar;
use crate::page::{self, Answer, DASH, Link};
use crate::people::{self, Person};
use crate::rules::access::Role;
use crate::rules::rank;
use crate::urls;
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use steps::Course as Steps;

/// What the address asks for besides the figure: both days included.
#[derive(Clone, Copy)]
struct Asked {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    as_of: Instant,
}

/// A figure's value, its formula with its own numbers, and its rows.
struct Found {
    value: String,
    filled: String,
    first: &'static str,
    columns: Vec<&'static str>,
    rows: Vec<(How, String, Row)>,
}

/// The address that explains a figure of a person (`person`, by uid) or a team (`team`, by id) over some days.
pub fn href(
    figure: Figure,
    (whose, uid): (&str, &str),
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
    as_of: Instant,
) -> String {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let pairs = [
        ("figure", figure.word()),
        (whose, uid),
        ("from", &day(from)),
        ("to", &day(to)),
        (AS_OF, &as_of.to_string()),
    ];
    urls::with_query("/habit/explain", &pairs)
}

/// `/habit/explain?figure=strength&person=...`; `?format=csv` for its rows as a file.
pub fn page(cx: &Cx) -> Answer {
    let form = cx.query();
    let explanation = explanation(cx, &form)?;
    explain::show(cx, &form, explanation)
}

/// What explains the figure that an address asks for. Not found: whose habit is not the asker's to see, and what somebody
/// hides of theirs.
pub fn explanation(cx: &Cx, form: &Form) -> Result<Explanation> {
    let mut form = form.clone();
    match form.value("figure") {
        late::WORD => return late::explanation(cx, &mut form),
        course::ON_TRACK => return course::on_track(cx, &mut form),
        _ => {}
    }
    let figure = Figure::from_word(form.value("figure")).ok_or(Error::NotFound)?;
    let asked = Asked {
        from: form.day("from").ok_or(Error::NotFound)?,
        to: form.day("to").ok_or(Error::NotFound)?,
        as_of: bar::instant(&mut form, cx.now).ok_or(Error::NotFound)?,
    };
    let (name, back, found) = cx.snapshot(|conn| match form.value("team") {
        "" => of_person(conn, cx, form.value("person"), figure, asked),
        team => {
            let (name, found) = team::explain(conn, cx, team, figure, asked)?;
            Ok((name, "/habits".to_owned(), found))
        }
    })?;
    let days = match (asked.from, asked.to) {
        (from, to) if figure.is_of_window() || figure.of_one().is_some() => bar::between(from, to),
        (_, Some(to)) => format!("over all history up to {}", page::day(to)),
        (_, None) => "over all history".to_owned(),
    };
    Ok(Explanation {
        figure: name,
        group: figure.label().to_owned(),
        value: found.value,
        meaning: figure.meaning(),
        formula: figure.formula(),
        filled: found.filled,
        filters: vec![
            days,
            format!("as of {}", page::time_and_zone(asked.as_of, cx.zone())),
        ],
        first: found.first,
        columns: found.columns,
        parts: parts(found.rows),
        under: Vec::new(),
        back: Link {
            label: if back == "/habits" {
                "Habit"
            } else {
                "Gym card"
            }
            .to_owned(),
            href: back,
            current: false,
        },
    })
}

fn of_person(
    conn: &mut Conn,
    cx: &Cx,
    uid: &str,
    figure: Figure,
    asked: Asked,
) -> Result<(String, String, Found)> {
    let me = cx.me()?;
    let ground = Ground::kept(conn, cx.kept)?;
    let person = ground.directory.person_of_uid(uid).cloned();
    let person = person
        .filter(|person| person.role != Role::Marketing)
        .filter(|person| correct::is_seen_by(me, person.id))
        .ok_or(Error::NotFound)?;
    let settings = cx.kept.get::<Settings>(conn)?;
    if figure.is_of_streak() && settings.of(person.id).hides_streak {
        return Err(Error::NotFound);
    }
    let found = match (figure, figure.of_one()) {
        (_, Some(period)) => one::of_person(conn, cx, &ground, &person, (asked, period))?,
        (Figure::Improvement, _) => improvement(conn, cx, &ground, &person, asked)?,
        (Figure::Course, _) => course::of_person(conn, cx, &ground, &person, asked)?,
        _ => Steps::read(conn, cx, &ground, &person, asked)?.found(figure),
    };
    let back = match person.id == me.id {
        true => "/card".to_owned(),
        false => format!("/people/{uid}/card"),
    };
    Ok((person.name, back, found))
}

impl Steps {
    /// All days and weeks of a person up to the last one that counts: the window's, or that of the as-of.
    fn read(
        conn: &mut Conn,
        cx: &Cx,
        ground: &Ground,
        person: &Person,
        asked: Asked,
    ) -> Result<Steps> {
        let today = ground.day_of(person.id, asked.as_of);
        let last = asked.to.map_or(today, |to| to.min(today));
        let span = Span {
            from: people::since_ever(),
            to: last,
            as_of: asked.as_of,
            people: Some(vec![person.id]),
        };
        let points = Points::read(conn, cx.kept, ground.metrics(person.id), &span)?;
        let first_entry = totals::first_day(conn, asked.as_of)?;
        let begins = ground.begins(person.id, first_entry, asked.as_of);
        let walk = Walk {
            ground,
            points: &points,
            person,
            begins,
            as_of: asked.as_of,
        };
        let from = asked.from.unwrap_or(begins);
        let first = begins.min(from);
        let (days, weeks) = walk.go(&mut Default::default(), (first, last), first);
        Ok(Steps {
            from,
            days,
            weeks,
            shown_from: begins,
            way: Box::new({
                let uid = person.uid.clone();
                move |figure, first, last| {
                    let days = (Some(first), Some(last));
                    href(figure, ("person", &uid), days, asked.as_of)
                }
            }),
        })
    }
}

/// Of each week the mean of what was attained of each metric that it asked for.
fn improvement(
    conn: &mut Conn,
    cx: &Cx,
    ground: &Ground,
    person: &Person,
    asked: Asked,
) -> Result<Found> {
    let today = cx.zone().day_of(asked.as_of);
    let weeks = attained::whole_weeks(conn, today, asked.as_of)?;
    let of_weeks = (&weeks[..], asked.as_of);
    let attained = attained::of_all(conn, cx.kept, ground, &[person], of_weeks)?;
    let of_week = |week: &NaiveDate| attained.get(&(person.id, *week)).copied();
    let all: Vec<Option<f64>> = weeks.iter().map(of_week).collect();
    let value = rank::improvement(&all).map_or(DASH.to_owned(), |change| {
        page::points(change).replace('-', "\u{2212}")
    });
    let mut asking = 0;
    let mut rows = Vec::new();
    for (week, share) in weeks.iter().zip(&all).rev() {
        asking += usize::from(share.is_some());
        let (how, reason) = rank::place_of_week(share.is_some(), asking);
        let row = Row {
            name: format!(
                "{} to {}",
                page::day(*week),
                page::day(*week + Days::new(6))
            ),
            cells: vec![share.map_or(DASH.to_owned(), page::percent)],
            ..Row::default()
        };
        rows.push((how_of(how), reason.to_owned(), row));
    }
    Ok(Found {
        filled: format!("{asking} weeks asked for something: {value}"),
        value,
        first: "Week",
        columns: vec!["Met"],
        rows,
    })
}

fn how_of(side: rank::Side) -> How {
    match side {
        rank::Side::Recent => How::Counted,
        rank::Side::Before => How::InWhole,
        rank::Side::Neither => How::LeftOut,
    }
}
