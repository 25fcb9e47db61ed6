//! The goals of teams in ready words, with what explains each figure.

use super::page::query_of;
use super::team::Goal;
use crate::explain::AS_OF;
use crate::habit;
use crate::page::Said;
use crate::rules::target::{self, Metric};
use crate::value::Instant;

pub struct GoalView {
    pub label: String,
    pub text: String,
    pub percent: u32,
    pub pace: u32,
    pub note: Vec<Said>,
    pub tone: &'static str,
    pub href: String,
}

impl GoalView {
    /// `as_of` is the instant of the page.
    pub fn of(goal: &Goal, as_of: Instant) -> GoalView {
        let (points, target) = (goal.part.points, goal.part.target);
        let percent = |share: f64| (share * 100.0).round().clamp(0.0, 100.0) as u32;
        let is_hit = target::is_hit(points, target);
        let ahead = target::ahead_of_pace(points, target, goal.gone);
        let to = |figure: &str| {
            let pairs = goal_pairs(goal, &goal.metric, as_of);
            let figure = vec![("figure".to_owned(), figure.to_owned())];
            query_of("/team/explain", &[figure, pairs].concat())
        };
        GoalView {
            label: format!("{}: {}", goal.team, goal.metric.label()),
            text: habit::goal_words(points, target),
            percent: percent(points / target),
            pace: percent(goal.gone),
            note: vec![Said {
                figure: habit::goal_pace_words(goal.part, goal.gone, goal.asked),
                after: match habit::some_asked(goal.asked) {
                    all if all.is_empty() => all,
                    some => format!("; {some}"),
                },
                href: to("goal_pace"),
                ..Said::default()
            }],
            tone: if is_hit || ahead >= 0 { "good" } else { "warn" },
            href: to("goal"),
        }
    }
}

/// What stands beside the volume of each team with a goal, once a team, as of the instant of the page.
pub fn beside(goals: &[Goal], as_of: Instant) -> Vec<Vec<Said>> {
    let teams = goals.chunk_by(|a, b| a.team_id == b.team_id);
    let words = teams.filter_map(|goals| {
        let goal = goals.first()?;
        let of_team = |metric: Metric| goal_pairs(goal, &metric, as_of);
        let leads = of_team(Metric::LeadsReached);
        let share = [
            of_team(Metric::Activities),
            vec![("figure".to_owned(), "reached".to_owned())],
        ]
        .concat();
        let mut said = goal.beside.said(
            &query_of("/team/entries", &leads),
            &query_of("/team/explain", &share),
        );
        if let Some(first) = said.first_mut() {
            first.before = format!("{}: ", goal.team);
        }
        if let Some(last) = said.last_mut() {
            last.after.push('.');
        }
        Some(said)
    });
    words.collect()
}

/// What names a metric of a team in the week of its goal, in an address.
fn goal_pairs(goal: &Goal, metric: &Metric, as_of: Instant) -> Vec<(String, String)> {
    let pairs = [
        ("team", goal.team_id.to_string()),
        ("metric", metric.to_string()),
        ("from", goal.days.0.to_string()),
        ("to", goal.days.1.to_string()),
        (AS_OF, as_of.to_string()),
    ];
    pairs.map(|(name, value)| (name.to_owned(), value)).to_vec()
}
