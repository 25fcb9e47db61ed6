//! What of a board somebody may see: the display mode of each team, for every way out of [`super::board`].

use super::read::Reading;
use super::{By, Row, Scope, Who};
use crate::rules::display::{DisplayMode, Sight, shows_own_place, sight};

/// The rows that the asker may see. Managers and admins see all of their scope.
pub fn shown(rows: Vec<Row>, reading: &Reading) -> Vec<Row> {
    let Scope::Teams {
        me_id,
        leads: false,
        ..
    } = reading.filters.scope
    else {
        return rows;
    };
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
    shown.collect()
}

fn mode_of(row: &Row, reading: &Reading) -> DisplayMode {
    mode(reading, row.team_id)
}

/// What the members of a team see of each other; who is in none hides nothing.
pub fn mode(reading: &Reading, team_id: Option<i64>) -> DisplayMode {
    let team = team_id.and_then(|id| reading.directory.team(id));
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
