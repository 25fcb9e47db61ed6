//! What of a pack somebody may see (PRODUCT.md 1 and 7): by who they are now, so that no old pack says more than a board.
//!
//! Admins see all. Managers see their teams, and what nobody owns. Marketing sees every lead and both sides' promises,
//! and nothing of a rep's own log: no targets, no activity without a lead. Reps see themselves, of their team what its
//! display mode shows, the shared goals, and the commitments that are theirs.

use super::content::{Against, Content, Level, Promise, Rep, Share};
use crate::people::Directory;
use crate::rules::access::{Me, Role};
use crate::rules::display::{DisplayMode, Sight, Stand, shows_own_place, sight, strictest};
use crate::rules::target::Metric;
use std::cmp::Reverse;

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
            seen.levels = of_teams(&content.levels, leads);
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

/// The levels of the teams that somebody leads, before them what these have together, and beside that all leads that
/// were handed over and promised: what is promised is promised to all.
fn of_teams(levels: &[Level], leads: impl Fn(Option<i64>) -> bool) -> Vec<Level> {
    let all = levels.iter().find(|level| level.is_all);
    let (delivered, promised) = all.map_or((None, None), |all| (all.delivered, all.promised));
    let theirs = levels.iter().filter(|level| leads(level.team_id)).cloned();
    let theirs: Vec<Level> = theirs.collect();
    let together = theirs.iter().cloned().reduce(together).map(|sum| Level {
        team_id: None,
        team: "Your teams".to_owned(),
        is_all: true,
        delivered,
        promised,
        ..sum
    });
    match &theirs[..] {
        [only] => vec![Level {
            delivered,
            promised,
            ..only.clone()
        }],
        _ => together.into_iter().chain(theirs).collect(),
    }
}

/// Two levels as one. Both have the promises of all, in the same order.
fn together(one: Level, other: Level) -> Level {
    let sales = one.sales.into_iter().zip(other.sales);
    let marketing = one.marketing.into_iter().zip(other.marketing);
    Level {
        n: one.n + other.n,
        sales: sales
            .map(|(one, other)| Promise {
                met: one.met + other.met,
                missed: one.missed + other.missed,
                pending: one.pending + other.pending,
                not_applicable: one.not_applicable + other.not_applicable,
                ..one
            })
            .collect(),
        marketing: marketing
            .map(|(one, other)| Share {
                k: one.k + other.k,
                n: one.n + other.n,
                pending: one.pending.zip(other.pending).map(|(a, b)| a + b),
                ..one
            })
            .collect(),
        ..one
    }
}

/// The rows that a member sees, of each by the strictest display mode of the teams in which it counts. Lines come in the
/// order of their places: that of names would say whose they are.
fn of_member(reps: &[Rep], me: &Me, directory: &Directory) -> Vec<Rep> {
    let mode = |rep: &Rep| {
        let teams = rep.teams.iter().copied().chain(rep.team_id);
        let modes = teams.filter_map(|team| directory.team(team));
        strictest(modes.map(|team| team.display_mode)).unwrap_or(DisplayMode::Off)
    };
    let own = reps.iter().find(|rep| rep.person_id == me.id);
    let own_team = own.and_then(|rep| rep.team_id);
    let own_place = own.and_then(|rep| rep.place);
    let stand = |rep: &Rep| {
        let theirs = reps.iter().filter(|other| other.team_id == rep.team_id);
        let places: Vec<_> = theirs.map(|other| other.place).collect();
        let is_main = |one: &&Against| one.metric == Metric::Activities.label();
        let main = rep.against.iter().find(is_main).and_then(|one| one.value);
        Stand::of(rep.place, main.is_some_and(|value| value > 0.0), &places)
    };
    let shown = reps.iter().filter_map(|rep| {
        if rep.person_id == me.id {
            let place = rep.place.filter(|_| shows_own_place(mode(rep), stand(rep)));
            return Some(Rep {
                place,
                ..rep.clone()
            });
        }
        let is_team_mate = rep.team_id.is_some_and(|team| me.teams.contains(&team));
        // Their place is among another team's people: it says nothing of the lines of one's own.
        let own_place = own_place.filter(|_| rep.team_id == own_team);
        match sight(mode(rep), stand(rep), own_place) {
            _ if !is_team_mate => None,
            Sight::Named => Some(rep.clone()),
            Sight::Line => Some(line(rep)),
            Sight::Hidden => None,
        }
    });
    let mut shown: Vec<Rep> = shown.collect();
    shown.sort_by_key(|rep| (Reverse(rep.is_line), rep.place.filter(|_| rep.is_line)));
    shown
}

/// The place and what ranks: the share of the target, and the value where nobody of the team has one.
fn line(rep: &Rep) -> Rep {
    let ranks = |one: &Against| {
        let is_main = one.metric == Metric::Activities.label();
        let share = one.value.zip(one.target);
        Against {
            metric: one.metric.clone(),
            value: one.value.filter(|_| is_main && one.target.is_none()),
            target: None,
            share: share
                .filter(|_| is_main)
                .map(|(value, target)| value / target),
        }
    };
    Rep {
        person_id: 0,
        name: "A line to reach".to_owned(),
        team_id: None,
        team: String::new(),
        teams: Vec::new(),
        is_line: true,
        place: rep.place,
        hit: 0,
        expected: 0,
        off: Vec::new(),
        activities: 0.0,
        reached: 0.0,
        leads_reached: 0.0,
        late: None,
        against: rep.against.iter().map(ranks).collect(),
    }
}
