//! The life of a lead after its hand-over: assigned, tried, reached, met, won or lost, or left lying.

use super::cast::{CAST, FIELD, MARKETING};
use super::story::{Event, Story, Touch};
use crate::rules::level::ServiceLevel;
use crate::rules::wait::Urgency;
use crate::value::Instant;

const HOUR_MIN: f64 = 60.0;
/// About a working day.
const DAY_MIN: f64 = 7.5 * HOUR_MIN;

const NOTES: [&str; 8] = [
    "Warehouse lights are ten years old.",
    "Wants figures for two sites.",
    "Budget is decided in the next quarter.",
    "Asked for a reference from the same trade.",
    "Colleague on site knows more, call back.",
    "Has an offer from somebody else.",
    "Electricity bill doubled; interested in the calculator.",
    "Prefers e-mail in the morning.",
];

/// One hand-over and who works on it.
#[derive(Clone, Copy)]
struct Work {
    lead: usize,
    who: usize,
    assigned_at: Instant,
}

/// Tells what became of a lead that got its owner at this instant.
pub fn live(story: &mut Story, lead: usize, who: usize, assigned_at: Instant) {
    let work = Work {
        lead,
        who,
        assigned_at,
    };
    let source = story.leads[lead].source;
    let habits = CAST[who].habits;
    let minutes = source.first_attempt_min * habits.pace * story.dice.spread();
    let first = story.after(who, assigned_at, minutes);
    if story.dice.chance(source.untouched * habits.neglect) {
        return lie(story, work);
    }
    if story.dice.chance(0.85) {
        let share = story.dice.within(0.2, 0.8);
        let at = story.after(who, assigned_at, minutes * share);
        event(story, work, at, "accepted", "", Some(who));
    }
    if story.dice.chance(source.rejected) {
        return reject(story, work, first);
    }
    attempt(story, work, first);
}

/// Nobody touches it. What is old has been cleared up by now; what is young still waits.
fn lie(story: &mut Story, work: Work) {
    let days = story.dice.within(10.0, 20.0);
    let at = story.after(work.who, work.assigned_at, days * DAY_MIN);
    let reason = match story.leads[work.lead].urgency {
        Urgency::Content => "Content only, no buying intent",
        _ => "Not ready yet",
    };
    event(story, work, at, "nurture", reason, Some(work.who));
}

fn reject(story: &mut Story, work: Work, at: Instant) {
    let reason = story.dice.weighted(&[
        ("Contact data missing or wrong", 4.0),
        ("Not my territory", 3.0),
        ("Content only, no buying intent", 5.0),
        ("Outside target profile", 4.0),
        ("Wrong role", 3.0),
        ("Duplicate", 1.0),
        ("Already owned", 1.0),
        ("Spam or test", 1.0),
        ("Competitor", 0.5),
    ]);
    let kind = if reason == "Duplicate" {
        "duplicate"
    } else {
        "rejected"
    };
    event(story, work, at, kind, reason, Some(work.who));
}

/// Tries until somebody is reached, or patience ends.
fn attempt(story: &mut Story, work: Work, first: Instant) {
    let source = story.leads[work.lead].source;
    let habits = CAST[work.who].habits;
    let wanted = f64::from(ServiceLevel::of_house(source.urgency).least_attempts) * habits.patience;
    let most = (wanted * story.dice.within(0.7, 1.3)).round().max(1.0) as i64;
    let mut at = first;
    for number in 1..=most {
        if at > story.setting.now {
            return;
        }
        let reach = source.reach * habits.charm / (1.0 + 0.12 * (number - 1) as f64);
        let kind = kind_of_attempt(story, work.who, number);
        if story.dice.chance(reach) {
            return reached(story, work, kind, at, false);
        }
        if story.dice.chance(0.03) && is_bad_data(story, work, kind, at) {
            return;
        }
        let outcome = match kind {
            "Call" => story.dice.weighted(&[
                ("No answer", 6.0),
                ("Left voicemail", 3.0),
                ("Gatekeeper", 2.0),
            ]),
            "Social touch" => "Message sent",
            "Visit" => story.dice.pick(&["Nobody there", "Left materials"]),
            _ => "Sent",
        };
        touch(story, work, at, kind, outcome);
        let pause = story.dice.within(0.35, 2.4) * DAY_MIN;
        at = story.after(work.who, at, pause);
    }
    give_up(story, work, at);
}

fn kind_of_attempt(story: &mut Story, who: usize, number: i64) -> &'static str {
    if number == 1 {
        return story.dice.weighted(&[("Call", 8.0), ("E-mail", 2.0)]);
    }
    let visits = if CAST[who].team == FIELD { 2.0 } else { 0.0 };
    story.dice.weighted(&[
        ("Call", 5.0),
        ("E-mail", 2.5),
        ("Social touch", 1.0),
        ("Text", 0.7),
        ("Visit", visits),
    ])
}

/// An address that is wrong, or somebody who wants no more calls. Whether it ends the lead.
fn is_bad_data(story: &mut Story, work: Work, kind: &'static str, at: Instant) -> bool {
    let (outcome, reason) = match kind {
        "Call" => story.dice.weighted(&[
            (("Wrong number", "Bad data"), 3.0),
            (("Do not contact", "Do not contact"), 1.0),
        ]),
        "E-mail" => story.dice.weighted(&[
            (("Bounced", ""), 2.0),
            (("Unsubscribed", "Do not contact"), 1.0),
        ]),
        "Social touch" => ("Not the right person", ""),
        "Text" => ("Not delivered", ""),
        _ => ("Closed or moved", "Bad data"),
    };
    touch(story, work, at, kind, outcome);
    if reason.is_empty() {
        return false;
    }
    let at = at.plus_seconds(600);
    event(story, work, at, "disqualified", reason, Some(work.who));
    true
}

fn give_up(story: &mut Story, work: Work, at: Instant) {
    let (kind, reason) = story.dice.weighted(&[
        (("disqualified", "Unable to reach"), 5.0),
        (("disqualified", "Went silent"), 1.0),
        (("nurture", "Not ready yet"), 3.0),
        // Left open, without a word.
        (("", ""), 1.0),
    ]);
    if !kind.is_empty() {
        event(story, work, at, kind, reason, Some(work.who));
    }
}

/// Somebody answers. `is_warm`: not for the first time.
fn reached(story: &mut Story, work: Work, kind: &'static str, at: Instant, is_warm: bool) {
    let booked = if is_warm { 6.0 } else { 3.2 };
    let answer = story.dice.weighted(&[
        ("Meeting booked", booked),
        ("interested", 3.0),
        ("later", 2.5),
        ("no", 2.5),
        ("referred", 0.4),
    ]);
    // A text is answered, and nothing more: the meeting is booked by a call.
    let kind = if kind == "Text" && answer != "interested" {
        "Call"
    } else {
        kind
    };
    touch(story, work, at, kind, outcome_of(kind, answer));
    match answer {
        "Meeting booked" => meet(story, work, at),
        "no" => {
            let reason = story.dice.weighted(&[
                ("No need", 4.0),
                ("No budget", 3.0),
                ("Bad timing", 2.0),
                ("Chose a competitor", 2.0),
                ("No authority", 1.0),
                ("No fit", 1.0),
                ("Other", 0.4),
            ]);
            let at = at.plus_seconds(900);
            event(story, work, at, "disqualified", reason, Some(work.who));
        }
        _ => {
            let days = match answer {
                "later" => story.dice.within(3.0, 9.0),
                _ => story.dice.within(0.5, 3.0),
            };
            let next = story.after(work.who, at, days * DAY_MIN);
            // Some never answer again, and stay open.
            if next <= story.setting.now && story.dice.chance(0.9) {
                reached(story, work, "Call", next, true);
            }
        }
    }
}

fn outcome_of(kind: &str, answer: &str) -> &'static str {
    match (kind, answer) {
        ("Text", _) => "Replied",
        (_, "Meeting booked") => "Meeting booked",
        ("Call", "interested") => "Interested",
        ("Call", "later") => "Call back later",
        ("Call", "no") => "Not interested",
        ("Call", _) => "Referred on",
        ("E-mail", "later") => "Replied, later",
        ("E-mail", "no") => "Replied, no",
        ("E-mail", _) => "Replied, positive",
        ("Visit", "interested") => "Spoke with decision-maker",
        ("Visit", _) => "Spoke with other",
        _ => "Replied",
    }
}

/// The meeting, and what comes after it.
fn meet(story: &mut Story, work: Work, booked_at: Instant) {
    let days = story.dice.within(2.0, 7.0);
    let at = story.after(work.who, booked_at, days * DAY_MIN);
    let outcome = story.dice.weighted(&[
        ("Held, next step agreed", 6.5),
        ("Held, no next step", 2.0),
        ("No-show", 1.2),
        ("Cancelled", 0.6),
    ]);
    touch(story, work, at, "Meeting held", outcome);
    let later = story.after(work.who, at, DAY_MIN);
    match outcome {
        "Held, next step agreed" => negotiate(story, work, at),
        "Held, no next step" => {
            let reason = story.dice.pick(&["No need", "No budget", "Bad timing"]);
            event(story, work, later, "disqualified", reason, Some(work.who));
        }
        _ if later <= story.setting.now => reached(story, work, "Call", later, true),
        _ => {}
    }
}

fn negotiate(story: &mut Story, work: Work, met_at: Instant) {
    let who = Some(work.who);
    let at = met_at.plus_seconds(1200);
    event(story, work, at, "qualified", "", who);
    let days = story.dice.within(2.0, 8.0);
    let offered_at = story.after(work.who, at, days * DAY_MIN);
    event(story, work, offered_at, "opportunity", "", who);
    let days = story.dice.within(6.0, 30.0);
    let decided_at = story.after(work.who, offered_at, days * DAY_MIN);
    let mut at = offered_at;
    loop {
        let days = story.dice.within(2.0, 6.0);
        at = story.after(work.who, at, days * DAY_MIN);
        if at >= decided_at {
            break;
        }
        let kind = story.dice.pick(&["Call", "E-mail"]);
        touch(story, work, at, kind, outcome_of(kind, "interested"));
    }
    let is_won = story.dice.chance(story.leads[work.lead].source.win);
    if is_won {
        let amount = (story.dice.spread() * 9_000.0 / 50.0).round() as i64 * 50;
        let reason = story
            .dice
            .weighted(&[("New customer", 5.0), ("Existing customer, more", 1.0)]);
        story.add_event(Event {
            lead: work.lead,
            at: decided_at,
            kind: "won",
            reason,
            by: who,
            owner: None,
            amount: Some(amount.max(500)),
        });
    } else {
        let reason = story.dice.weighted(&[
            ("Chose a competitor", 4.0),
            ("No budget", 2.0),
            ("No decision", 3.0),
            ("Bad timing", 1.0),
        ]);
        event(story, work, decided_at, "lost", reason, who);
    }
}

fn event(
    story: &mut Story,
    work: Work,
    at: Instant,
    kind: &'static str,
    reason: &'static str,
    by: Option<usize>,
) {
    story.add_event(Event {
        lead: work.lead,
        at,
        kind,
        reason,
        by,
        owner: None,
        amount: None,
    });
}

fn touch(story: &mut Story, work: Work, at: Instant, kind: &'static str, outcome: &'static str) {
    let technique = match story.leads[work.lead].urgency {
        Urgency::Referral => "referral",
        // Who only read something is called as cold as from a list, or when there is an occasion.
        Urgency::Content => {
            story
                .dice
                .weighted(&[("cold", 5.0), ("trigger", 4.0), ("inbound", 1.0)])
        }
        _ => story.dice.weighted(&[
            ("inbound", 5.0),
            ("trigger", 2.0),
            ("cold", 2.0),
            ("existing", 1.0),
        ]),
    };
    let is_joint = matches!(kind, "Visit" | "Meeting held") && story.dice.chance(0.16);
    let with = is_joint.then(|| story.dice.pick(&MARKETING));
    let asset = if kind == "E-mail" && story.dice.chance(0.3) {
        story
            .dice
            .pick(&["Price list", "Product catalogue", "Savings calculator"])
    } else {
        ""
    };
    let note = if story.dice.chance(0.08) {
        story.dice.pick(&NOTES)
    } else {
        ""
    };
    let entered_at = story.entered_at(at);
    story.add_touch(Touch {
        who: work.who,
        at,
        entered_at,
        lead: Some(work.lead),
        kind,
        outcome,
        technique,
        quantity: 1,
        with,
        asset,
        note,
    });
    if kind == "Call" && story.dice.chance(0.05) {
        look_up(story, work, at);
    }
}

/// Now and then somebody reads about a company before they call it.
fn look_up(story: &mut Story, work: Work, called_at: Instant) {
    let at = called_at.plus_seconds(-300).max(work.assigned_at);
    story.add_touch(Touch {
        who: work.who,
        at,
        entered_at: at,
        lead: Some(work.lead),
        kind: "Research note",
        outcome: "",
        technique: "trigger",
        quantity: 1,
        with: None,
        asset: "",
        note: "Opens a second site this year, says their website.",
    });
}
