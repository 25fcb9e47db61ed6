//! What of a pack somebody may see (PRODUCT.md 1 and 7): by who they are now, so that no old pack says more than a board.
//!
//! Admins see all. Managers see their teams, and what nobody owns. Marketing sees every lead and both sides' promises,
//! and nothing of a rep's own log: no targets, no activity without a lead. Reps see themselves, of their team what its
//! display mode shows, the shared goals, and the commitments that are theirs.

use super::content::{Content, Rep};
use crate::people::Directory;
use crate::rules::access::{Me, Role};
use crate::rules::display::{DisplayMode, Sight, shows_own_place, sight};

/// The parts that somebody may see.
pub fn seen(content: &Content, me: &Me, directory: &Directory) -> Content {
    let mut seen = content.clone();
    let is_mine = |person: Option<i64>| person == Some(me.id);
    let leads = |team: Option<i64>| team.is_some_and(|team| me.teams.contains(&team));
    match me.role {
        Role::Admin => {}
        Role::Manager => {
            seen.reps
                .retain(|rep| leads(rep.team_id) || is_mine(Some(rep.person_id)));
            seen.owners.retain(|owner| {
                owner.person_id.is_none() || leads(owner.team_id) || is_mine(owner.person_id)
            });
            seen.levels.retain(|level| leads(level.team_id));
            seen.reasons
                .retain(|reason| leads(reason.team_id) || reason.team_id.is_none());
            seen.disputes.retain(|one| {
                one.owner_id.is_none() || leads(one.team_id) || is_mine(one.owner_id)
            });
            seen.visits
                .retain(|visit| leads(visit.team_id) || is_mine(Some(visit.person_id)));
        }
        Role::Marketing => {
            seen.reps.clear();
            seen.visits.retain(|visit| !visit.lead_uid.is_empty());
        }
        Role::Rep => {
            seen.reps = of_member(&content.reps, me, directory);
            seen.owners.retain(|owner| is_mine(owner.person_id));
            seen.levels.clear();
            seen.reasons.clear();
            seen.disputes.retain(|one| is_mine(one.owner_id));
            seen.visits.retain(|visit| is_mine(Some(visit.person_id)));
            seen.carried.retain(|one| one.owner_id == me.id);
        }
    }
    seen
}

/// The rows that a member sees by the display mode of the team: a line to reach has no name and no days.
fn of_member(reps: &[Rep], me: &Me, directory: &Directory) -> Vec<Rep> {
    let mode = |team: Option<i64>| {
        let team = team.and_then(|team| directory.team(team));
        team.map_or(DisplayMode::Off, |team| team.display_mode)
    };
    let own = reps.iter().find(|rep| rep.person_id == me.id);
    let own_team = own.and_then(|rep| rep.team_id);
    let own_place = own.and_then(|rep| rep.place);
    let shown = reps.iter().filter_map(|rep| {
        if rep.person_id == me.id {
            let place = rep
                .place
                .filter(|_| shows_own_place(mode(own_team), own_place));
            return Some(Rep {
                place,
                ..rep.clone()
            });
        }
        let is_team_mate = rep.team_id.is_some_and(|team| me.teams.contains(&team));
        // Their place is among another team's people: it says nothing of the lines of one's own.
        let own_place = own_place.filter(|_| rep.team_id == own_team);
        match sight(mode(rep.team_id), rep.place, own_place) {
            _ if !is_team_mate => None,
            Sight::Named => Some(rep.clone()),
            Sight::Line => Some(line(rep)),
            Sight::Hidden => None,
        }
    });
    shown.collect()
}

fn line(rep: &Rep) -> Rep {
    let mut line = rep.clone();
    line.person_id = 0;
    line.name = "A line to reach".to_owned();
    line.team_id = None;
    line.team.clear();
    line.off.clear();
    (line.hit, line.expected) = (0, 0);
    line
}
