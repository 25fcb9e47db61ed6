//! What a pack lists, in ready words: disputed rejections, joint visits, shared goals.

use super::content::{Content, Dispute, Goal, Rep, Visit};
use crate::app::Cx;
use crate::page::{self, Said};
use crate::people::Directory;
use crate::rules::rates::Rate;
use crate::rules::target;
use crate::style;

pub struct DisputeView {
    pub lead: String,
    pub href: String,
    /// Whose lead it was; empty for nobody's.
    pub owner: String,
    pub reason: String,
    pub says: String,
    pub since: String,
}

pub struct VisitView {
    pub day: String,
    pub person: String,
    pub with: String,
    pub kind: String,
    pub outcome: String,
    pub lead: String,
    pub href: String,
}

pub struct GoalView {
    pub name: String,
    pub text: String,
    pub percent: u32,
    pub pace: u32,
    pub note: Vec<Said>,
    pub tone: &'static str,
    pub href: String,
}

pub fn dispute(cx: &Cx, one: &Dispute, directory: &Directory) -> DisputeView {
    DisputeView {
        lead: one.name.clone(),
        href: format!("/leads/{}", one.uid),
        owner: directory.name(one.owner_id).to_owned(),
        reason: one.reason.clone(),
        says: one.says.clone(),
        since: page::time(one.disputed_at, cx.zone()),
    }
}

pub fn visit(visit: &Visit) -> VisitView {
    VisitView {
        day: page::day(visit.day),
        person: visit.person.clone(),
        with: visit.with.clone(),
        kind: visit.kind.clone(),
        outcome: visit.outcome.clone(),
        lead: visit.lead.clone(),
        href: match visit.lead_uid.as_str() {
            "" => String::new(),
            uid => format!("/leads/{uid}"),
        },
    }
}

/// `href` explains what was done, `pace_href` how far that is ahead of the pace; empty where nothing does.
pub fn goal(goal: &Goal, href: String, pace_href: String) -> GoalView {
    let percent = |share: f64| (share * 100.0).round().clamp(0.0, 100.0) as u32;
    let is_hit = target::is_hit(goal.value, goal.amount);
    let ahead = target::ahead_of_pace(goal.value, goal.amount, goal.gone);
    GoalView {
        name: goal.name.clone(),
        text: goal_words(goal),
        href,
        percent: percent(goal.value / goal.amount),
        pace: percent(goal.gone),
        note: vec![Said {
            before: format!("{}, ", goal.measure),
            figure: goal_pace(goal),
            after: format!(", until {}", style::day(goal.to)),
            href: pace_href,
        }],
        tone: if is_hit || ahead >= 0 { "good" } else { "warn" },
    }
}

/// "2 behind pace", or that it is reached.
pub fn goal_pace(goal: &Goal) -> String {
    match target::is_hit(goal.value, goal.amount) {
        true => "reached".to_owned(),
        false => page::pace(target::ahead_of_pace(goal.value, goal.amount, goal.gone)),
    }
}

/// "12 of 40", of a value with its currency.
pub fn goal_words(goal: &Goal) -> String {
    let unit = match goal.currency.as_str() {
        "" => String::new(),
        currency => format!("\u{a0}{currency}"),
    };
    format!(
        "{} of {}{unit}",
        page::amount(goal.value),
        page::amount(goal.amount)
    )
}

/// How many of the activities of those shown were entered late; nothing of nothing in packs that do not say.
pub fn late(content: &Content) -> Rate {
    let known = content.reps.iter().filter(|rep| rep.late.is_some());
    let sum = |of: fn(&Rep) -> f64| known.clone().map(of).sum::<f64>() as u64;
    Rate {
        k: sum(|rep| rep.late.unwrap_or(0.0)),
        n: sum(|rep| rep.activities),
    }
}
