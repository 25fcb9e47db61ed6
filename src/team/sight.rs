//! What of a board somebody may see: the display mode of each team, for every way out of [`super::board`].

use super::read::Reading;
use super::{By, Row, Scope, Who};
use crate::rules::display::{DisplayMode, Sight, shows_own_place, sight};

/// What a team has together, where its members see no more than that.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamBar {
    pub team: String,
    pub value: f64,
    pub target: Option<f64>,
}

/// The rows that the asker may see, and the bars of their teams. Managers and admins see all of their scope.
pub fn shown(rows: Vec<Row>, reading: &Reading) -> (Vec<Row>, Vec<TeamBar>) {
    let Scope::Teams {
        me_id,
        leads: false,
        ..
    } = reading.filters.scope
    else {
        return (rows, Vec::new());
    };
    let bars = bars(&rows, reading);
    let me = Who::Person(me_id);
    let own = rows.iter().find(|row| row.who == me);
    let own = own.and_then(|row| row.place);
    let shown = rows.into_iter().filter_map(|row| {
        let mode = mode_of(&row, reading);
        if row.who == me {
            let place = row.place.filter(|_| shows_own_place(mode, own));
            return Some(Row { place, ..row });
        }
        if reading.filters.by == By::Team {
            return (mode != DisplayMode::Off).then_some(row);
        }
        match sight(mode, row.place, own) {
            Sight::Named => Some(row),
            Sight::Line => Some(line(row)),
            Sight::Hidden => None,
        }
    });
    (shown.collect(), bars)
}

fn mode_of(row: &Row, reading: &Reading) -> DisplayMode {
    let team = row.team_id.and_then(|id| reading.directory.team(id));
    team.map_or(DisplayMode::AllNamed, |team| team.display_mode)
}

/// The row without anything that says whose it is.
fn line(row: Row) -> Row {
    Row {
        name: "A line to reach".to_owned(),
        is_line: true,
        uid: String::new(),
        email: None,
        team: None,
        team_id: None,
        target: None,
        percent: None,
        improvement: None,
        ..row
    }
}

fn bars(rows: &[Row], reading: &Reading) -> Vec<TeamBar> {
    if reading.filters.by == By::Team {
        return Vec::new();
    }
    let teams = reading.directory.teams.iter();
    let with_bar = teams.filter(|team| {
        team.display_mode == DisplayMode::TeamBar && reading.filters.scope.has_team(Some(team.id))
    });
    let bar = |team: &crate::people::Team| {
        let theirs = || rows.iter().filter(|row| row.team_id == Some(team.id));
        TeamBar {
            team: team.name.clone(),
            value: theirs().filter_map(|row| row.value).sum(),
            target: theirs().filter_map(|row| row.target).reduce(|a, b| a + b),
        }
    };
    with_bar.map(bar).collect()
}
