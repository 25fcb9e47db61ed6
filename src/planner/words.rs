//! The planner's answer in words.

use super::{Question, Study, Unit};
use crate::page;
use crate::rules::plan::{Basis, Belief, CHANCE, Plan};
use crate::style;

/// What the page says.
pub struct Words {
    pub headline: String,
    /// Why there is no number.
    pub refusal: String,
    /// About other paces, about the rate, and about what lands late.
    pub paragraphs: Vec<String>,
}

impl Words {
    pub fn new(study: &Study) -> Words {
        let mut words = Words {
            headline: String::new(),
            refusal: String::new(),
            paragraphs: Vec::new(),
        };
        match study.plan {
            None if study.got >= study.question.goal => words.headline = made(study),
            None => words.refusal = no_number(study),
            Some(Plan::Made) => words.headline = made(study),
            Some(Plan::NoDays) => {
                words.refusal = "No working day is left until then. Choose a later day.".to_owned();
            }
            Some(Plan::Beyond) => words.refusal = beyond(study),
            Some(Plan::Needs { per_day, units, .. }) => {
                words.headline = format!(
                    "To have an {} chance of {}: {}.",
                    whole(CHANCE),
                    goal(&study.question),
                    asked(study, per_day)
                );
                let paces = [
                    Some(in_all(study, units)),
                    at_pace(study, per_day),
                    coin_toss(study),
                ];
                let paces: Vec<String> = paces.into_iter().flatten().collect();
                words.paragraphs.push(paces.join(" "));
            }
        }
        if study.plan.is_some() {
            words.paragraphs.push(rate(study).join(" "));
            words.paragraphs.push(late(study).join(" "));
        }
        words
    }
}

/// "15 new prospects a working day (about 33 touches)".
pub fn asked(study: &Study, per_day: u64) -> String {
    match study.question.unit {
        Unit::Touches => format!("{} a working day", count(per_day, "touch", "touches")),
        Unit::Prospects if study.learnt.touches.is_none() => {
            format!(
                "{} a working day",
                count(per_day, "new prospect", "new prospects")
            )
        }
        Unit::Prospects => format!(
            "{} a working day (about {})",
            count(per_day, "new prospect", "new prospects"),
            count(
                (per_day as f64 * study.touches()).round() as u64,
                "touch",
                "touches"
            )
        ),
    }
}

fn whole(share: f64) -> String {
    match share {
        ..0.005 => "under 1\u{a0}%".to_owned(),
        0.995.. => "over 99\u{a0}%".to_owned(),
        _ => page::whole_percent(share),
    }
}

fn count(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", style::count(n), if n == 1 { one } else { many })
}

fn outcomes(question: &Question, n: u64) -> String {
    match question.is_wins {
        true => count(n, "win", "wins"),
        false => count(n, "meeting", "meetings"),
    }
}

fn goal(question: &Question) -> String {
    let goal = outcomes(question, question.goal);
    match question.days {
        Some(days) => format!("{goal} in {} working days", page::amount(days)),
        None => format!("{goal} by {}", page::day(question.by)),
    }
}

fn made(study: &Study) -> String {
    let question = &study.question;
    format!(
        "The goal is made: {} of {} since {}.",
        study.got,
        outcomes(question, question.goal),
        page::day(question.since)
    )
}

fn no_number(study: &Study) -> String {
    let question = &study.question;
    format!(
        "No number: there is no {} yet of your {} that {} matured, and no team whose rate could stand in. Log your \
         touches against leads, or try a rate of your own.",
        if question.is_wins { "win" } else { "meeting" },
        count(study.learnt.own.prospects, "prospect", "prospects"),
        if study.learnt.own.prospects == 1 {
            "has"
        } else {
            "have"
        },
    )
}

fn beyond(study: &Study) -> String {
    let best = study.best.map_or(String::new(), |(_, best)| {
        format!(
            " It would take more than three times the best week so far, which had {}.",
            count(best, "new prospect", "new prospects")
        )
    });
    format!("This goal needs a better rate or more days.{best}")
}

/// N*: "It takes 297 new prospects in all."
fn in_all(study: &Study, units: u64) -> String {
    let units = match study.question.unit {
        Unit::Prospects => count(units, "new prospect", "new prospects"),
        Unit::Touches => count(units, "touch", "touches"),
    };
    format!("It takes {units} in all.")
}

/// "At 10 a day, your pace of the last 4 weeks, the chance is 46 %."
fn at_pace(study: &Study, per_day: u64) -> Option<String> {
    let own = study.pace.round();
    let (pace, whose) = match own >= 1.0 && own != per_day as f64 {
        true => (own, ", your pace of the last 4 weeks,"),
        false => ((per_day as f64 * 2.0 / 3.0).round(), ""),
    };
    if pace < 1.0 || pace == per_day as f64 {
        return None;
    }
    let chance = study.chance_at(pace)?;
    Some(format!(
        "At {pace} a day{whose} the chance is {}.",
        whole(chance)
    ))
}

/// What goal ÷ rate would say.
fn coin_toss(study: &Study) -> Option<String> {
    let rate = study.landing()?;
    let missing = study.question.goal.saturating_sub(study.got);
    let units = (missing as f64 / rate.mean()).ceil() as u64;
    let per_day = (units as f64 / study.days_left).ceil();
    Some(format!(
        "Goal ÷ rate would say {} a day ({} in all), a chance of {}.",
        page::amount(per_day),
        style::count(units),
        whole(rate.at_least(missing, units))
    ))
}

/// "Your rate is 4.5 %, likely between 3.1 % and 6.1 % (18 of 400 prospects that have matured)."
fn rate(study: &Study) -> Vec<String> {
    let Some((belief, basis)) = study.rate else {
        return Vec::new();
    };
    let question = &study.question;
    let own = study.learnt.own;
    let (n, unit) = match question.unit {
        Unit::Prospects => (own.prospects, "matured prospects"),
        Unit::Touches => (own.touches, "touches on matured prospects"),
    };
    let k = if question.is_wins { own.won } else { own.met };
    let rests = format!("{} of {} {unit}", outcomes(question, k), style::count(n));
    let mut sentences = vec![match belief {
        Belief::Known(rate) => format!(
            "With a rate of {}, taken as it is; your own: {rests}.",
            page::percent(rate)
        ),
        Belief::Likely(beta) => format!(
            "Your rate is {}, likely between {} and {} ({rests}).",
            page::percent(beta.mean()),
            page::percent(beta.quantile(0.05)),
            page::percent(beta.quantile(0.95))
        ),
    }];
    sentences.extend(match basis {
        Some(Basis::Team) => Some("With so few outcomes of your own, this is using the team's rate mostly."),
        Some(Basis::OwnFew) => Some("It rests on few outcomes of your own, with no team to learn from: take it with care."),
        Some(Basis::Own) | None => None,
    }.map(str::to_owned));
    if study.learnt.maturing > 0 {
        sentences.push(format!(
            "{} too new to count in the rate.",
            count(study.learnt.maturing, "prospect is", "prospects are")
        ));
    }
    sentences
}

/// What lands late: of what is worked from now on, and of what is in flight already.
fn late(study: &Study) -> Vec<String> {
    let question = &study.question;
    let what = if question.is_wins { "wins" } else { "meetings" };
    let (Some(lag), Some((belief, _))) = (&study.learnt.lag, study.rate) else {
        return vec![format!(
            "Too few {what} yet to know how late they land: as if all landed in time."
        )];
    };
    let mut sentences = vec![format!(
        "Of the {what} that new prospects lead to, {} land before the day; the plan counts only these.",
        whole(study.landed)
    )];
    let per_prospect = match question.unit {
        Unit::Prospects => belief.mean(),
        Unit::Touches => belief.mean() * study.touches(),
    };
    let flying = &study.learnt.in_flight;
    if !flying.is_empty() {
        let expected = lag.expected_late(per_prospect, flying.iter().copied());
        sentences.push(format!(
            "On top, about {} late {what} may still come of {} in flight.",
            style::decimal(expected, 1),
            count(flying.len() as u64, "prospect", "prospects")
        ));
    }
    sentences
}
