//! What happened in the demo: leads, what reps did, and what came of it.

use super::dice::Dice;
use super::market::Lead;
use super::setting::Setting;
use crate::value::Instant;

/// Something a rep did.
pub struct Touch {
    pub who: usize,
    pub at: Instant,
    pub entered_at: Instant,
    /// A position in the story's leads.
    pub lead: Option<usize>,
    pub kind: &'static str,
    pub outcome: &'static str,
    pub technique: &'static str,
    pub quantity: i64,
    pub with: Option<usize>,
    pub asset: &'static str,
    pub note: &'static str,
}

/// Something that happened to a lead.
pub struct Event {
    pub lead: usize,
    pub at: Instant,
    pub kind: &'static str,
    pub reason: &'static str,
    pub by: Option<usize>,
    pub owner: Option<usize>,
    pub amount: Option<i64>,
}

/// Everything, up to now and never beyond it.
pub struct Story<'a> {
    pub setting: &'a Setting,
    pub dice: Dice,
    pub leads: Vec<Lead>,
    pub touches: Vec<Touch>,
    pub events: Vec<Event>,
}

impl Story<'_> {
    /// Writes down what a rep did. What lies ahead has not happened, and is left out.
    pub fn add_touch(&mut self, touch: Touch) {
        if touch.at <= self.setting.now {
            self.touches.push(touch);
        }
    }

    /// Writes down what happened to a lead, unless it lies ahead.
    pub fn add_event(&mut self, event: Event) {
        if event.at <= self.setting.now {
            self.events.push(event);
        }
    }

    /// The instant after so many working minutes of somebody; far ahead where the calendar ends.
    pub fn after(&self, who: usize, from: Instant, minutes: f64) -> Instant {
        let us = (minutes * 60e6) as i64;
        self.setting.calendars[who]
            .due(from, us.max(1))
            .unwrap_or(Instant(i64::MAX))
    }

    /// When an entry was made: soon after, sometimes in the evening, now and then days later.
    pub fn entered_at(&mut self, at: Instant) -> Instant {
        let seconds = if self.dice.chance(0.88) {
            self.dice.between(20, 900)
        } else if self.dice.chance(0.8) {
            self.dice.between(3_600, 6 * 3_600)
        } else {
            self.dice.between(86_400, 4 * 86_400)
        };
        at.plus_seconds(seconds).min(self.setting.now.max(at))
    }
}
