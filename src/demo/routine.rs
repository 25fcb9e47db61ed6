//! What reps do on every working day beside the leads that marketing hands over: their own prospects.

use super::cast::{CAST, FIELD, MANAGERS, MARKETING, REPS};
use super::story::{Story, Touch};
use super::targets;
use crate::value::Instant;
use chrono::NaiveDate;
use std::collections::HashMap;

/// Fills the days of all reps, as far as their discipline goes, and some of their managers'.
pub fn fill(story: &mut Story) {
    let mut done: HashMap<(usize, NaiveDate), i64> = HashMap::new();
    for touch in story.touches.iter().filter(|t| t.kind != "Research note") {
        let day = story.setting.zone_of(touch.who).day_of(touch.at);
        *done.entry((touch.who, day)).or_default() += touch.quantity;
    }
    for day in story.setting.days() {
        for who in REPS {
            let done = done.get(&(who, day)).copied().unwrap_or(0);
            fill_day(story, who, day, done);
        }
        for who in MANAGERS {
            if story.dice.chance(0.35) {
                look_after_customers(story, who, day);
            }
        }
    }
}

fn fill_day(story: &mut Story, who: usize, day: NaiveDate, done: i64) {
    let setting = story.setting;
    let asked = f64::from(targets::activities_of(setting, who, day));
    let asked = asked * setting.calendars[who].fraction(day);
    let wanted = if story.dice.chance(CAST[who].habits.discipline) {
        asked + story.dice.within(0.0, 4.0)
    } else {
        asked * story.dice.within(0.35, 0.95)
    };
    let Some(gone) = setting.calendars[who].share_gone(day, setting.now) else {
        return;
    };
    let mut missing = (wanted * gone).ceil() as i64 - done;
    while missing > 0 {
        let Some(at) = moment(story, who, day) else {
            return;
        };
        let touch = own_prospects(story, who, at, missing);
        missing -= touch.quantity;
        story.add_touch(touch);
    }
}

/// Some instant of somebody's working time on a day, before now.
fn moment(story: &mut Story, who: usize, day: NaiveDate) -> Option<Instant> {
    let calendar = &story.setting.calendars[who];
    let midnight = calendar.zone().midnight(day);
    let end = calendar.zone().midnight(day.succ_opt()?);
    let us = calendar.working_us(midnight, end.min(story.setting.now));
    let minutes = us as f64 / 60e6;
    (minutes > 1.0).then(|| {
        let share = story.dice.share();
        story.after(who, midnight, minutes * share)
    })
}

fn own_prospects(story: &mut Story, who: usize, at: Instant, most: i64) -> Touch {
    let visits = if CAST[who].team == FIELD { 2.0 } else { 0.0 };
    let kind = story.dice.weighted(&[
        ("Call", 6.0),
        ("E-mail", 2.0),
        ("Social touch", 1.5),
        ("Visit", visits),
        ("Referral asked", 0.5),
    ]);
    // What reached somebody is one entry; dials without an answer are counted together.
    let is_reached = story.dice.chance(0.22);
    let outcome = match (kind, is_reached) {
        ("Referral asked", _) => "",
        ("Call", false) => "No answer",
        ("E-mail", false) => "Sent",
        ("Social touch", false) => "Message sent",
        (_, false) => "Nobody there",
        ("Call", true) => story.dice.weighted(&[
            ("Not interested", 5.0),
            ("Call back later", 3.0),
            ("Interested", 2.0),
            ("Meeting booked", 0.7),
        ]),
        ("E-mail", true) => story
            .dice
            .weighted(&[("Replied, no", 3.0), ("Replied, later", 2.0)]),
        ("Visit", true) => story.dice.weighted(&[
            ("Spoke with other", 3.0),
            ("Spoke with decision-maker", 2.0),
            ("Meeting booked", 0.5),
        ]),
        _ => "Replied",
    };
    let quantity = if is_reached || outcome.is_empty() {
        1
    } else {
        story.dice.between(1, most.min(6))
    };
    let technique = story.dice.weighted(&[
        ("cold", 6.0),
        ("trigger", 2.0),
        ("existing", 1.5),
        ("referral", 0.5),
    ]);
    let is_joint = kind == "Visit" && story.dice.chance(0.08);
    let with = is_joint.then(|| story.dice.pick(&MARKETING));
    Touch {
        who,
        at,
        entered_at: story.entered_at(at),
        lead: None,
        kind,
        outcome,
        technique,
        quantity,
        with,
        asset: "",
        note: "",
    }
}

fn look_after_customers(story: &mut Story, who: usize, day: NaiveDate) {
    let Some(at) = moment(story, who, day) else {
        return;
    };
    let (kind, outcome) = story.dice.pick(&[
        ("Call", "Interested"),
        ("Meeting held", "Held, next step agreed"),
    ]);
    let touch = Touch {
        who,
        at,
        entered_at: story.entered_at(at),
        lead: None,
        kind,
        outcome,
        technique: "existing",
        quantity: 1,
        with: None,
        asset: "",
        note: "",
    };
    story.add_touch(touch);
}
