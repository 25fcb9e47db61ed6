//! What of a board somebody may see: the display mode of each team, for every way out of [`super::board`].

use super::read::Reading;
use super::{By, Rank, Row, Scope, Who};
use crate::rules::display::{DisplayMode, Sight, Stand, shows_own_place, sight, strictest};

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
    let is_mine = |row: &Row| me_id.is_some_and(|me| row.who == Who::Person(me));
    let own = rows.iter().find(|row| is_mine(row));
    let own = own.and_then(|row| row.place);
    let rank = reading.filters.rank;
    let places: Vec<Option<usize>> = rows.iter().map(|row| row.place).collect();
    let stand = |row: &Row| {
        let has_some = row.ranks_by(rank).is_some_and(|value| value > 0.0);
        Stand::of(row.place, has_some, &places)
    };
    let shown = rows.into_iter().filter_map(|row| {
        let mode = mode_of(&row, reading);
        if is_mine(&row) {
            let place = row.place.filter(|_| shows_own_place(mode, stand(&row)));
            return Some(Row { place, ..row });
        }
        if reading.filters.by == By::Team {
            return (mode != DisplayMode::Off).then_some(row);
        }
        match sight(mode, stand(&row), own) {
            Sight::Named => Some(row),
            Sight::Line => Some(line(row, rank)),
            Sight::Hidden => None,
        }
    });
    shown.collect()
}

fn mode_of(row: &Row, reading: &Reading) -> DisplayMode {
    match row.who {
        Who::Person(id) => mode_of_person(reading, id),
        Who::Team(team) => mode(reading, team),
    }
}

/// What members see of somebody: the strictest mode of the teams of the board in which their work counts, or may have
/// counted. Who has left a team takes its figures with them, and not what their new team shows of its own.
pub fn mode_of_person(reading: &Reading, person_id: i64) -> DisplayMode {
    let scope = &reading.filters.scope;
    let memberships = reading.calendars.memberships(person_id).iter();
    let begun = memberships.filter(|m| m.from_day <= reading.to);
    let theirs = begun
        .map(|m| m.team_id)
        .filter(|id| scope.has_team(Some(*id)));
    let theirs = strictest(theirs.map(|team| mode(reading, Some(team))));
    theirs.unwrap_or_else(|| {
        // Work that was done in one of these teams, in days that no membership tells of any more.
        let teams = reading.directory.teams.iter();
        let all = teams.filter(|team| scope.has_team(Some(team.id)));
        strictest(all.map(|team| team.display_mode)).unwrap_or(DisplayMode::AllNamed)
    })
}

/// What the members of a team see of each other; who is in none hides nothing.
pub fn mode(reading: &Reading, team_id: Option<i64>) -> DisplayMode {
    let team = team_id.and_then(|id| reading.directory.team(id));
    team.map_or(DisplayMode::AllNamed, |team| team.display_mode)
}

/// What ranks of a row, and nothing that says whose it is, or of what it is made: the share of the whole target beside that
/// of what was due would tell of days off.
fn line(row: Row, rank: Rank) -> Row {
    Row {
        value: row.value.filter(|_| rank == Rank::Value),
        percent: row.percent.filter(|_| row.of_due == row.percent),
        of_due: row.of_due.filter(|_| rank == Rank::Percent),
        due: None,
        improvement: row.improvement.filter(|_| rank == Rank::Improved),
        name: "A line to reach".to_owned(),
        is_line: true,
        uid: String::new(),
        email: None,
        team: None,
        team_id: None,
        target: None,
        ..row
    }
}
