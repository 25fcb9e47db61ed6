//! The demo's story from its first day to now.

use super::boards;
use super::cast::REPS;
use super::dice::Dice;
use super::life;
use super::market::{self, Lead, TERRITORIES};
use super::routine;
use super::setting::Setting;
use super::story::{Event, Story};
use crate::rules::stage::EventKind;
use crate::rules::wait::Urgency;
use crate::value::Instant;

/// Any number: it is the same story on every machine.
const SEED: u64 = 20_260_304;

const MINUTE_US: i64 = 60_000_000;

/// What each rep finds waiting: urgency, and for how many of their working minutes.
const WAITING: [(Urgency, i64); 3] = [
    (Urgency::Warm, 6 * 60),
    (Urgency::Warm, 3 * 60 + 25),
    (Urgency::Content, 70),
];

/// Tells all of it.
pub fn tell(setting: &Setting) -> Story<'_> {
    let mut story = Story {
        setting,
        dice: Dice::new(SEED),
        leads: Vec::new(),
        touches: Vec::new(),
        events: Vec::new(),
    };
    for day in setting.days() {
        let leads = market::leads_of(&mut story.dice, setting, day);
        story.leads.extend(leads);
    }
    let mut turns = [0; TERRITORIES.len()];
    for lead in 0..story.leads.len() {
        if let Some(at) = story.leads[lead].handed_over_at
            && let Some((who, assigned_at)) = share_out(&mut story, &mut turns, lead, at)
        {
            life::live(&mut story, lead, who, assigned_at);
        }
    }
    return_from_nurture(&mut story);
    close_the_silent(&mut story);
    for who in REPS {
        for (urgency, minutes) in WAITING {
            let lead = waiting(&mut story, who, urgency, minutes);
            story.leads.push(lead);
        }
    }
    routine::fill(&mut story);
    boards::burst(&mut story);
    story.touches.sort_by_key(|touch| (touch.at, touch.who));
    story.events.sort_by_key(|event| (event.at, event.lead));
    story
}

/// Gives a lead to the next rep of its territory who is there; some of the newest are still in the queue.
fn share_out(
    story: &mut Story,
    turns: &mut [usize],
    lead: usize,
    handed_over_at: Instant,
) -> Option<(usize, Instant)> {
    let assigned_at = handed_over_at.plus_seconds(story.dice.between(40, 200));
    let is_new = story.setting.now.seconds_since(handed_over_at) < 10_800.0;
    if assigned_at > story.setting.now || (is_new && story.dice.chance(0.4)) {
        return None;
    }
    let territory = story.leads[lead].territory;
    let who = next_rep(story.setting, &mut turns[territory], territory, assigned_at);
    story.leads[lead].owner = Some(who);
    story.leads[lead].assigned_at = Some(assigned_at);
    Some((who, assigned_at))
}

fn next_rep(setting: &Setting, turn: &mut usize, territory: usize, at: Instant) -> usize {
    let reps: Vec<usize> = REPS
        .filter(|who| who % TERRITORIES.len() == territory)
        .collect();
    let is_there = |who: &usize| {
        let calendar = &setting.calendars[*who];
        let day = calendar.zone().day_of(at);
        // On days when nobody works it is anybody's.
        calendar.fraction(day) > 0.0 || !setting.works_on(day)
    };
    *turn += 1;
    let in_turn = (0..reps.len()).map(|step| reps[(*turn + step) % reps.len()]);
    in_turn
        .clone()
        .find(is_there)
        .unwrap_or(reps[*turn % reps.len()])
}

/// Some of what went back to marketing is handed over again after some weeks, to whoever had it.
fn return_from_nurture(story: &mut Story) {
    let returns: Vec<(usize, Instant)> = story
        .events
        .iter()
        .filter(|event| event.kind == "nurture")
        .map(|event| (event.lead, event.at))
        .collect();
    for (lead, at) in returns {
        let again_at = at.plus_seconds(story.dice.between(20, 50) * 86_400);
        let Some(who) = story.leads[lead].owner else {
            continue;
        };
        if again_at > story.setting.now || !story.dice.chance(0.3) {
            continue;
        }
        let event = |kind, after_s: i64, owner| Event {
            lead,
            at: again_at.plus_seconds(after_s),
            kind,
            reason: "",
            by: None,
            owner,
            amount: None,
        };
        story.add_event(event("handed_over", 0, None));
        story.add_event(event("assigned", 30, Some(who)));
        life::live(story, lead, who, again_at.plus_seconds(30));
    }
}

/// Once a month reps clear up what they have not heard of.
fn close_the_silent(story: &mut Story) {
    const MONTH_S: i64 = 30 * 86_400;
    let mut is_open: Vec<bool> = story
        .leads
        .iter()
        .map(|lead| lead.owner.is_some())
        .collect();
    let mut last: Vec<Option<Instant>> = vec![None; story.leads.len()];
    story.events.sort_by_key(|event| (event.at, event.lead));
    for event in &story.events {
        match EventKind::from_word(event.kind) {
            Some(EventKind::HandedOver) => is_open[event.lead] = true,
            Some(kind) if kind.is_closing() => is_open[event.lead] = false,
            _ => {}
        }
        last[event.lead] = last[event.lead].max(Some(event.at));
    }
    for touch in &story.touches {
        if let Some(lead) = touch.lead {
            last[lead] = last[lead].max(Some(touch.at));
        }
    }
    for lead in (0..story.leads.len()).filter(|lead| is_open[*lead]) {
        if let Some(at) = last[lead] {
            story.add_event(Event {
                lead,
                at: at.plus_seconds(MONTH_S),
                kind: "disqualified",
                reason: "Went silent",
                by: story.leads[lead].owner,
                owner: None,
                amount: None,
            });
        }
    }
}

/// A lead of a rep's that nobody has touched, so that there is one that is late and one that soon will be.
fn waiting(story: &mut Story, who: usize, urgency: Urgency, minutes: i64) -> Lead {
    let at = story.setting.working_ago(who, minutes * MINUTE_US);
    let mut lead = market::lead(&mut story.dice, story.setting, at);
    while lead.urgency != urgency {
        lead = market::lead(&mut story.dice, story.setting, at);
    }
    lead.territory = who % TERRITORIES.len();
    lead.handed_over_at = Some(at);
    lead.owner = Some(who);
    lead.assigned_at = Some(at.plus_seconds(60).min(story.setting.now));
    lead
}

#[cfg(test)]
mod tests {
    use super::super::files;
    use super::*;
    use std::collections::HashSet;

    fn at(text: &str) -> Setting {
        Setting::new(Instant::parse(text).unwrap())
    }

    #[test]
    fn the_same_moment_tells_the_same_story() {
        let texts = |setting: &Setting| files::of_story(&tell(setting)).unwrap();
        let setting = at("2026-11-19T14:30:00Z");
        assert_eq!(texts(&setting), texts(&setting));
    }

    #[test]
    fn nothing_in_the_story_lies_in_the_future() {
        for now in [
            "2026-11-19T14:30:00Z",
            "2026-11-21T21:07:00Z",
            "2026-03-29T00:30:00Z",
        ] {
            let setting = at(now);
            let story = tell(&setting);
            assert!(
                story
                    .touches
                    .iter()
                    .all(|t| t.at <= setting.now && t.entered_at <= setting.now)
            );
            assert!(story.events.iter().all(|e| e.at <= setting.now));
            let handed_over = story.leads.iter().filter_map(|lead| lead.handed_over_at);
            assert!(handed_over.max() <= Some(setting.now));
            assert!(
                story
                    .leads
                    .iter()
                    .all(|lead| lead.created_at <= setting.now)
            );
        }
    }

    #[test]
    fn there_is_enough_of_everything_on_any_day_and_at_any_hour() {
        for now in [
            "2026-11-19T14:30:00Z",
            "2026-11-21T21:07:00Z",
            "2026-06-07T03:00:00Z",
        ] {
            let setting = at(now);
            let story = tell(&setting);
            let (leads, touches) = (story.leads.len(), story.touches.len());
            assert!((1300..1800).contains(&leads), "{leads} leads");
            assert!((10_000..14_000).contains(&touches), "{touches} activities");
            let kinds: HashSet<&str> = story.touches.iter().map(|t| t.kind).collect();
            assert_eq!(kinds.len(), 8, "{kinds:?}");
            let events: HashSet<&str> = story.events.iter().map(|e| e.kind).collect();
            for kind in [
                "accepted",
                "rejected",
                "disqualified",
                "nurture",
                "won",
                "lost",
                "handed_over",
            ] {
                assert!(events.contains(kind), "no {kind}");
            }
            let won = story.events.iter().filter(|e| e.kind == "won");
            assert!(won.clone().count() > 40 && won.clone().all(|e| e.amount.is_some()));
            let today = |who| {
                let zone = setting.zone_of(who);
                story
                    .touches
                    .iter()
                    .filter(|t| t.who == who && zone.day_of(t.at) == zone.day_of(setting.now))
                    .count()
            };
            assert!(
                REPS.filter(|who| today(*who) > 0).count() >= 7,
                "an idle day"
            );
        }
    }

    #[test]
    fn every_touch_of_a_lead_follows_its_creation() {
        let setting = at("2026-11-19T14:30:00Z");
        let story = tell(&setting);
        for touch in &story.touches {
            if let Some(lead) = touch.lead {
                assert!(touch.at >= story.leads[lead].created_at);
            }
        }
    }

    #[test]
    fn each_rep_finds_leads_that_nobody_has_touched() {
        let setting = at("2026-11-19T14:30:00Z");
        let story = tell(&setting);
        let touched: HashSet<usize> = story.touches.iter().filter_map(|t| t.lead).collect();
        for who in REPS {
            let waiting = (0..story.leads.len())
                .filter(|lead| story.leads[*lead].owner == Some(who) && !touched.contains(lead));
            assert!(waiting.count() >= WAITING.len());
        }
    }
}
