//! GET /wall/{token}: the board of a team on a screen that nobody signs in on. It shows what the team's display mode shows
//! to somebody who is nobody in the team, and nothing that leads on.

use super::asked::days_words;
use super::view::BarView;
use super::{Beside, Board, By, Filters, Rank, Row, Scope, Who, board_with_beside};
use crate::app::Cx;
use crate::assets;
use crate::error::{Error, Result};
use crate::page::{self, Answer, DASH, Reply};
use crate::people::screens::{self, Screen};
use crate::people::{Directory, Team};
use crate::rules::display::DisplayMode;
use crate::rules::target::Metric;
use crate::rules::zone::Zone;
use askama::Template;
use std::collections::HashMap;
use std::sync::Arc;

/// More rows than this get smaller type, so that a screen shows them all.
const MANY: usize = 12;

#[derive(Template)]
#[template(path = "team/wall.html")]
struct WallPage {
    workspace: String,
    css: &'static str,
    icon: &'static str,
    team: String,
    metric: String,
    days: String,
    /// When this was read, where the team is.
    at: String,
    bars: Vec<BarView>,
    rows: Vec<WallRow>,
    is_many: bool,
    /// Whether leads reached are the value itself.
    is_leads: bool,
    /// Why there is nothing to see; empty where there is.
    empty: &'static str,
}

struct WallRow {
    place: String,
    name: String,
    value: String,
    percent: String,
    leads_reached: String,
    reached: String,
    reached_of: String,
}

pub fn page(cx: &Cx) -> Answer {
    let token = cx.param("token")?;
    let screen = cx.read(|conn| screens::of_token(conn, token))?;
    let directory: Arc<Directory> = cx.reference()?;
    let team = directory.team(screen.team_id);
    let team = team
        .filter(|team| !team.is_retired)
        .ok_or(Error::NotFound)?;
    let answer = show(cx, &screen, team)?;
    if screens::is_newly_opened(&screen, cx.now) {
        note_opened(cx, &screen);
    }
    Ok(Reply {
        is_secret_address: true,
        ..answer
    })
}

/// A screen goes on where nothing can be written just now.
fn note_opened(cx: &Cx, screen: &Screen) {
    let noted = cx.write(|tx| screens::store::set_opened(tx.conn, screen.id, tx.now));
    if let Err(error) = noted {
        tracing::warn!(%error, "an opened screen was not noted");
    }
}

fn show(cx: &Cx, screen: &Screen, team: &Team) -> Answer {
    let zone = team.time_zone.as_deref().and_then(Zone::named);
    let zone = zone.as_ref().unwrap_or(&cx.workspace.zone);
    let filters = filters(cx, screen, zone)?;
    let (board, beside) = cx.snapshot(|conn| board_with_beside(conn, cx.kept, &filters))?;
    let Board { rows, bars, .. } = board;
    page::show(&WallPage {
        workspace: cx.workspace.name.clone(),
        css: assets::address("app.css"),
        icon: assets::address("icon.svg"),
        team: team.name.clone(),
        metric: filters.metric.label().to_owned(),
        days: days_words(filters.from, filters.to),
        at: page::time_and_zone(cx.now, zone),
        is_many: rows.len() > MANY,
        is_leads: filters.metric == Metric::LeadsReached,
        empty: match (team.display_mode, rows.is_empty() && bars.is_empty()) {
            (_, false) => "",
            (DisplayMode::Off, true) => "What this team does is not shown to others.",
            (_, true) => "Nothing to show yet: nobody is in this team, or nothing was done in it.",
        },
        rows: rows.iter().map(|row| wall_row(row, &beside)).collect(),
        bars: bars
            .iter()
            .map(|bar| BarView {
                href: String::new(),
                ..BarView::of(bar, &filters, false)
            })
            .collect(),
    })
}

/// What the screen was put up to show, in the days of now.
fn filters(cx: &Cx, screen: &Screen, zone: &Zone) -> Result<Filters> {
    let (from, to) = screen.period.days(zone.day_of(cx.now));
    Ok(Filters {
        metric: screen.metric.parse().map_err(Error::internal)?,
        from: Some(from),
        to: Some(to),
        by: By::Person,
        rank: Rank::Value,
        as_of: cx.now,
        scope: Scope::wall(screen.team_id),
        peers: None,
    })
}

fn wall_row(row: &Row, beside: &HashMap<Who, Beside>) -> WallRow {
    let figure = |value: Option<f64>| value.map_or(DASH.to_owned(), page::amount);
    let beside = row
        .value
        .map(|_| beside.get(&row.who).copied().unwrap_or_default());
    let (reached, reached_of) = beside.unwrap_or_default().reached_words();
    WallRow {
        place: row.place.map_or(DASH.to_owned(), |place| place.to_string()),
        name: row.name.clone(),
        value: figure(row.value),
        percent: row.percent.map_or(DASH.to_owned(), page::whole_percent),
        leads_reached: figure(beside.map(|beside| beside.leads_reached)),
        reached,
        reached_of,
    }
}
