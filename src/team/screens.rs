//! GET and POST /team/screens: the screens on a wall of one's teams: put up, listed, taken down.

use super::asked::tabs;
use super::page::metric_choices;
use crate::app::Cx;
use crate::csv_out::{self, Cell};
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::lists::Lists;
use crate::page::{self, Answer, DASH, Frame, Link, Toast};
use crate::people::Directory;
use crate::people::screens::{self, NAME_MOST, NewScreen, Screen};
use crate::rules::period::Period;
use crate::rules::target::Metric;
use askama::Template;
use std::sync::Arc;

const PATH: &str = "/team/screens";

#[derive(Template)]
#[template(path = "team/screens.html")]
struct ScreensPage {
    frame: Frame,
    form: Form,
    tabs: Vec<Link>,
    csv: &'static str,
    teams: Vec<Choice>,
    metrics: Vec<Choice>,
    periods: Vec<Choice>,
    rows: Vec<ScreenRow>,
}

struct ScreenRow {
    name: String,
    team: String,
    shows: String,
    made: String,
    by: String,
    opened: String,
    take_down: String,
}

#[derive(Template)]
#[template(path = "team/screen.html")]
struct ScreenPage<'a> {
    frame: Frame,
    name: &'a str,
    team: String,
    link: String,
}

pub fn page(cx: &Cx) -> Answer {
    let query = cx.query();
    if query.value("format") == "csv" {
        return page::csv_file("screens", csv(cx)?);
    }
    let mut page = screens_page(cx, Form::default())?;
    if query.value("done") == "down" {
        page.frame = page.frame.with_toast(Some(Toast {
            text: "Taken down. The address shows nothing any more.".to_owned(),
            undo_href: None,
        }));
    }
    page::show(&page)
}

/// Puts a screen up; the answer is the one page that shows its address.
pub fn create(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let Some(new) = read(cx, &mut form)? else {
        return page::again(&screens_page(cx, form)?);
    };
    match cx.write(|tx| screens::put_up(tx, &new)) {
        Ok(token) => {
            let directory: Arc<Directory> = cx.reference()?;
            page::show(&ScreenPage {
                frame: Frame::new(cx, "A screen for a wall"),
                name: &new.name,
                team: team_name(&directory, new.team_id),
                link: format!("{}{}", cx.origin(), screens::path(&token)),
            })
        }
        Err(Error::Refused(why)) => {
            form.refuse("name", why);
            page::again(&screens_page(cx, form)?)
        }
        Err(error) => Err(error),
    }
}

pub fn take_down(cx: &Cx) -> Answer {
    let id = cx.id_param("id")?;
    cx.write(|tx| screens::take_down(tx, id))?;
    page::go_to(format!("{PATH}?done=down"))
}

fn read(cx: &Cx, form: &mut Form) -> Result<Option<NewScreen>> {
    let lists: Arc<Lists> = cx.reference()?;
    let shown = metric_choices(&lists.kinds);
    let read = (
        form.parsed("team", "a team", |id| id.parse().ok()),
        form.required("name", NAME_MOST, "where it hangs"),
        form.parsed("metric", "something of the list", |text| {
            let metric = text.parse::<Metric>().ok()?;
            shown
                .iter()
                .any(|(known, _)| *known == metric)
                .then_some(metric)
        }),
        form.parsed("period", "a period of the list", Period::from_word),
    );
    Ok(match read {
        (Some(team_id), Some(name), Some(metric), Some(period)) => Some(NewScreen {
            team_id,
            name,
            metric,
            period,
        }),
        _ => None,
    })
}

fn screens_page(cx: &Cx, mut form: Form) -> Result<ScreensPage> {
    let (directory, lists): (Arc<Directory>, Arc<Lists>) = (cx.reference()?, cx.reference()?);
    let me = cx.me()?;
    let teams = directory.teams.iter();
    let teams = teams.filter(|team| !team.is_retired && screens::may_put_up(me, team.id));
    form.set_default("metric", Metric::Activities.to_string());
    form.set_default("period", Period::Week.word());
    let rows = theirs(cx)?;
    Ok(ScreensPage {
        frame: Frame::new(cx, "Screens"),
        tabs: tabs(cx, PATH)?,
        csv: "/team/screens?format=csv",
        teams: form.choices("team", teams.map(|team| (team.id, team.name.clone()))),
        metrics: form.choices("metric", metric_choices(&lists.kinds)),
        periods: form.choices(
            "period",
            Period::ALL
                .iter()
                .map(|period| (period.word(), period.label())),
        ),
        rows: rows
            .iter()
            .map(|screen| screen_row(cx, screen, &directory))
            .collect(),
        form,
    })
}

/// The screens of the asker's teams.
fn theirs(cx: &Cx) -> Result<Vec<Screen>> {
    let me = cx.me()?;
    let mut standing = cx.read(screens::store::standing)?;
    standing.retain(|screen| screens::may_put_up(me, screen.team_id));
    Ok(standing)
}

fn team_name(directory: &Directory, id: i64) -> String {
    let team = directory.team(id);
    team.map(|team| team.name.clone()).unwrap_or_default()
}

/// `Activities, this week`.
fn shows(screen: &Screen) -> String {
    let metric = screen.metric.parse::<Metric>();
    let metric = metric.map(|metric| metric.label().to_owned());
    format!(
        "{}, {}",
        metric.unwrap_or_default(),
        screen.period.label().to_lowercase()
    )
}

fn screen_row(cx: &Cx, screen: &Screen, directory: &Directory) -> ScreenRow {
    ScreenRow {
        name: screen.name.clone(),
        team: team_name(directory, screen.team_id),
        shows: shows(screen),
        made: page::time(screen.made_at, cx.zone()),
        by: directory.name(screen.made_by_id).to_owned(),
        opened: screen
            .opened_at
            .map_or(DASH.to_owned(), |at| page::time(at, cx.zone())),
        take_down: format!("{PATH}/{}/take-down", screen.id),
    }
}

fn csv(cx: &Cx) -> Result<String> {
    let directory: Arc<Directory> = cx.reference()?;
    let all = theirs(cx)?;
    let rows = all.iter().map(|screen| {
        let opened = screen.opened_at.map(|at| at.to_string());
        vec![
            Cell::from(screen.name.as_str()),
            Cell::from(team_name(&directory, screen.team_id)),
            Cell::from(screen.metric.as_str()),
            Cell::from(screen.period.word()),
            Cell::from(screen.made_at.to_string()),
            Cell::from(directory.name(screen.made_by_id)),
            Cell::from(opened.unwrap_or_default()),
        ]
    });
    let header = [
        "name",
        "team",
        "metric",
        "period",
        "made_at",
        "made_by",
        "opened_at",
    ];
    csv_out::table(&header, rows)
}
