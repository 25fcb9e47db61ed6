//! A team's habit: its goal, and who is on track (section 4.2).

use super::{Part, State, Verdict};
use crate::words;

/// Nobody counts for more of the team's goal than this share of their own target.
const TEAM_CAP: f64 = 1.25;

/// What somebody counts for in the team's goal: nothing without a target.
pub fn towards_goal(member: Part) -> f64 {
    member.points.min(TEAM_CAP * member.target)
}

/// What a team has of its goal, and the goal: Σ min(points, 1.25 × own target), and Σ own targets.
pub fn team_goal(members: impl IntoIterator<Item = Part>) -> Part {
    let none = Part {
        points: 0.0,
        target: 0.0,
    };
    members.into_iter().fold(none, |sum, member| Part {
        points: sum.points + towards_goal(member),
        target: sum.target + member.target,
    })
}

/// As [`team_goal`] of leads reached, of which each counts once: people with a target reached so many `distinct` ones.
pub fn goal_of_leads(members: impl IntoIterator<Item = Part>, distinct: f64) -> Part {
    let goal = team_goal(members);
    Part {
        points: goal.points.min(distinct),
        ..goal
    }
}

words! {
    /// How somebody's last weeks went.
    pub enum Course {
        /// No week that asked for anything is over.
        New = "new",
        OnTrack = "on_track",
        /// The last week slipped, the one before did not.
        Wavers = "wavers",
        /// Two weeks running slipped.
        Slipped = "slipped",
    }
}

impl Course {
    pub fn label(self) -> &'static str {
        match self {
            Course::New => "No whole week yet",
            Course::OnTrack => "On track",
            Course::Wavers => "One week slipped",
            Course::Slipped => "Two weeks slipped",
        }
    }
}

/// Whether a week slipped: fewer than half of its expected days were hit. `None` where it has none.
pub fn slipped<'v>(days: impl IntoIterator<Item = &'v Verdict>) -> Option<bool> {
    let (mut expected, mut hit) = (0, 0);
    for verdict in days.into_iter().filter(|v| v.is_expected()) {
        expected += 1;
        hit += usize::from(verdict.state == State::Hit);
    }
    (expected > 0).then_some(2 * hit < expected)
}

/// Whether a week with a target of its own slipped: less than half of it was met. `None` where it asked for nothing.
pub fn slipped_week(week: &Verdict) -> Option<bool> {
    let attained = week.attainment.filter(|_| week.is_expected())?;
    Some(attained < 0.5)
}

/// The course of weeks that are over, the newest first; a week that asked for nothing is skipped.
pub fn course(newest_first: impl IntoIterator<Item = Option<bool>>) -> Course {
    let mut asked = newest_first.into_iter().flatten();
    match (asked.next(), asked.next()) {
        (None, _) => Course::New,
        (Some(false), _) => Course::OnTrack,
        (Some(true), Some(true)) => Course::Slipped,
        (Some(true), _) => Course::Wavers,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DONE: Verdict = Verdict {
        state: State::Hit,
        attainment: Some(1.0),
    };
    const HALF: Verdict = Verdict {
        state: State::Missed,
        attainment: Some(0.5),
    };

    fn part(points: f64, target: f64) -> Part {
        Part { points, target }
    }

    #[test]
    fn one_hero_cannot_carry_the_team() {
        let goal = team_goal([part(300.0, 100.0), part(50.0, 100.0), part(9.0, 0.0)]);
        assert_eq!(goal, part(175.0, 200.0));
    }

    #[test]
    fn a_lead_that_two_reached_counts_once_for_the_goal() {
        let members = [part(2.0, 3.6), part(2.0, 3.6)];
        assert_eq!(goal_of_leads(members, 3.0), part(3.0, 7.2));
        // Nobody's cap is lifted by the leads of others.
        let members = [part(9.0, 2.0), part(1.0, 2.0)];
        assert_eq!(goal_of_leads(members, 10.0), part(3.5, 4.0));
    }

    #[test]
    fn two_weeks_running_below_half_of_their_days_have_slipped() {
        assert_eq!(slipped(&[DONE, DONE, HALF, HALF]), Some(false));
        assert_eq!(slipped(&[DONE, HALF, HALF]), Some(true));
        assert_eq!(slipped(&[Verdict::NEUTRAL]), None);
        assert_eq!(slipped_week(&HALF), Some(false));
        assert_eq!(slipped_week(&Verdict::NEUTRAL), None);
        let yes = Some(true);
        assert_eq!(course([None, yes, None, yes, Some(false)]), Course::Slipped);
        assert_eq!(course([yes, Some(false), yes]), Course::Wavers);
        assert_eq!(course([Some(false), yes, yes]), Course::OnTrack);
        assert_eq!(course([None, None]), Course::New);
    }
}
