//! The habit: verdicts on days and weeks, strength, streak with freezes, consistency (section 1), and a team's (4.2).

mod team;

pub use team::{Course, course, goal_of_leads, slipped, slipped_week, team_goal, towards_goal};

use super::target::is_hit;
use crate::words;

words! {
    /// What became of a day or a week.
    pub enum State {
        /// Every target was met.
        Hit = "hit",
        /// It is over, and not every target was met.
        Missed = "missed",
        /// It asked for nothing.
        Neutral = "neutral",
        /// It is not over, and not hit yet: never shown as a miss.
        Pending = "pending",
    }
}

/// One target of a day or a week, and the points towards it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    pub points: f64,
    /// T', after days off; what is not above 0 asks nothing.
    pub target: f64,
}

impl Part {
    /// How much of the target was met, 0 to 1.
    pub fn attained(&self) -> f64 {
        (self.points / self.target).clamp(0.0, 1.0)
    }
}

/// What became of a day or a week, and how much of its targets was met.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    pub state: State,
    /// a: the mean over the targets of min(1, points / T'), 0 to 1; `None` where nothing is asked.
    pub attainment: Option<f64>,
}

impl Verdict {
    pub const NEUTRAL: Verdict = Verdict {
        state: State::Neutral,
        attainment: None,
    };

    /// Judges a day or week by its targets; `is_over` says whether it has ended.
    pub fn of(parts: impl IntoIterator<Item = Part>, is_over: bool) -> Verdict {
        let (mut asked, mut sum, mut all_hit) = (0.0, 0.0, true);
        for part in parts.into_iter().filter(|part| part.target > 0.0) {
            asked += 1.0;
            sum += part.attained();
            all_hit &= is_hit(part.points, part.target);
        }
        if asked == 0.0 {
            return Verdict::NEUTRAL;
        }
        let state = match (all_hit, is_over) {
            (true, _) => State::Hit,
            (false, true) => State::Missed,
            (false, false) => State::Pending,
        };
        Verdict {
            state,
            attainment: Some(sum / asked),
        }
    }

    /// In a word.
    pub fn label(&self) -> &'static str {
        match (self.state, self.attainment) {
            (State::Hit, _) => "Hit",
            (State::Missed, Some(part)) if part > 0.0 => "Partly met",
            (State::Missed, _) => "Missed",
            (State::Neutral, _) => "Nothing asked",
            (State::Pending, _) => "Not over yet",
        }
    }

    /// Whether it counts: something was asked, and it is hit or over.
    pub fn is_expected(&self) -> bool {
        matches!(self.state, State::Hit | State::Missed)
    }

    fn credit(&self) -> f64 {
        self.attainment.unwrap_or(0.0)
    }
}

/// How fast a habit of days or of weeks grows, and how its freezes are earned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rhythm {
    /// m: the share of the strength that stays after one expected day or week.
    pub carry: f64,
    /// So many hits earn a freeze; 0 for none.
    pub freeze_every: u32,
    /// So many freezes can be held.
    pub freeze_most: u32,
}

impl Rhythm {
    /// Half-life 13 expected days; a freeze for every 10 hits, at most 2.
    pub fn of_days() -> Rhythm {
        Rhythm {
            carry: 0.5_f64.powf(1.0 / 13.0),
            freeze_every: 10,
            freeze_most: 2,
        }
    }

    /// Half-life 13 / √7 expected weeks; a freeze for every 4 hits, at most 1.
    pub fn of_weeks() -> Rhythm {
        Rhythm {
            carry: 0.5_f64.powf(7.0_f64.sqrt() / 13.0),
            freeze_every: 4,
            freeze_most: 1,
        }
    }
}

words! {
    /// What a day or week did to the streak, apart from adding to it.
    pub enum Turn {
        None = "",
        FreezeEarned = "freeze_earned",
        FreezeUsed = "freeze_used",
        Broken = "broken",
    }
}

/// How a habit stands after some days or weeks: all that the next one needs to know of those before.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Standing {
    /// How many days or weeks counted.
    pub expected: u32,
    /// s, 0 to 1.
    pub strength: f64,
    /// Hits in a row.
    pub streak: u32,
    pub best: u32,
    /// Freezes in hand.
    pub freezes: u32,
    /// Hits since a freeze was last earned, or since the streak broke.
    pub towards: u32,
}

impl Standing {
    /// Takes one more day or week in. What is neutral or pending changes nothing.
    pub fn add(&mut self, rhythm: &Rhythm, verdict: Verdict) -> Turn {
        if !verdict.is_expected() {
            return Turn::None;
        }
        self.expected += 1;
        self.strength = self.strength * rhythm.carry + verdict.credit() * (1.0 - rhythm.carry);
        match verdict.state {
            State::Hit => self.hit(rhythm),
            _ => self.miss(),
        }
    }

    fn hit(&mut self, rhythm: &Rhythm) -> Turn {
        self.streak += 1;
        self.best = self.best.max(self.streak);
        self.towards += 1;
        if self.towards != rhythm.freeze_every {
            return Turn::None;
        }
        self.towards = 0;
        if self.freezes == rhythm.freeze_most {
            return Turn::None;
        }
        self.freezes += 1;
        Turn::FreezeEarned
    }

    fn miss(&mut self) -> Turn {
        if self.streak > 0 && self.freezes > 0 {
            self.freezes -= 1;
            return Turn::FreezeUsed;
        }
        let had = std::mem::take(&mut self.streak);
        self.towards = 0;
        match had {
            0 => Turn::None,
            _ => Turn::Broken,
        }
    }

    /// The strength; `None` before the first day or week that counts.
    pub fn strength(&self) -> Option<f64> {
        (self.expected > 0).then_some(self.strength)
    }
}

/// Consistency looks at so many expected days.
pub const WINDOW_DAYS: usize = 20;
const LEAST_DAYS: usize = 5;

/// "17 of 20 working days".
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Consistency {
    pub hit: usize,
    pub of: usize,
    credit: f64,
}

impl Consistency {
    /// Over the last [`WINDOW_DAYS`] expected days; the newest comes first.
    pub fn of<'v>(newest_first: impl IntoIterator<Item = &'v Verdict>) -> Consistency {
        let expected = newest_first.into_iter().filter(|v| v.is_expected());
        let mut all = Consistency::default();
        for verdict in expected.take(WINDOW_DAYS) {
            all.of += 1;
            all.credit += verdict.credit();
            all.hit += usize::from(verdict.state == State::Hit);
        }
        all
    }

    /// Of several people: their days taken together.
    pub fn together<'c>(all: impl IntoIterator<Item = &'c Consistency>) -> Consistency {
        let none = Consistency::default();
        all.into_iter().fold(none, |sum, one| Consistency {
            hit: sum.hit + one.hit,
            of: sum.of + one.of,
            credit: sum.credit + one.credit,
        })
    }

    /// Whether there are enough days for a figure: five.
    pub fn is_known(&self) -> bool {
        self.of >= LEAST_DAYS
    }

    /// The mean attainment.
    pub fn partial(&self) -> Option<f64> {
        self.is_known().then(|| self.credit / self.of as f64)
    }

    /// The share of days that were hit.
    pub fn strict(&self) -> Option<f64> {
        self.is_known().then(|| self.hit as f64 / self.of as f64)
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

    fn after(verdicts: &[Verdict]) -> Standing {
        let mut standing = Standing::default();
        for verdict in verdicts {
            standing.add(&Rhythm::of_days(), *verdict);
        }
        standing
    }

    #[test]
    fn points_exactly_at_the_target_hit_also_where_numbers_are_not_exact() {
        let tenths = [0.1; 3].iter().sum::<f64>();
        for (points, target) in [(20.0, 20.0), (0.3, tenths), (12.5, 25.0 * 0.5)] {
            let verdict = Verdict::of([part(points, target)], true);
            assert_eq!(verdict.state, State::Hit, "{points} of {target}");
        }
        let verdict = Verdict::of([part(19.999, 20.0)], true);
        assert_eq!(verdict.state, State::Missed);
    }

    #[test]
    fn of_several_targets_each_must_be_met_and_none_makes_up_for_another() {
        let verdict = Verdict::of([part(60.0, 20.0), part(1.0, 4.0)], true);
        assert_eq!(verdict.state, State::Missed);
        assert_eq!(verdict.attainment, Some(0.625));
        let verdict = Verdict::of([part(20.0, 20.0), part(4.0, 4.0)], true);
        assert_eq!(verdict, DONE);
    }

    #[test]
    fn a_day_that_asks_for_nothing_is_neutral_whatever_was_done() {
        assert_eq!(Verdict::of([], true), Verdict::NEUTRAL);
        assert_eq!(Verdict::of([part(7.0, 0.0)], false), Verdict::NEUTRAL);
    }

    #[test]
    fn a_day_that_is_not_over_is_pending_until_it_is_hit() {
        let pending = Verdict::of([part(0.0, 20.0)], false);
        assert_eq!(pending.state, State::Pending);
        assert_eq!(after(&[DONE, pending]), after(&[DONE]));
        assert_eq!(Verdict::of([part(20.0, 20.0)], false), DONE);
    }

    #[test]
    fn more_than_the_target_buys_no_more_strength() {
        let verdict = Verdict::of([part(500.0, 20.0)], true);
        assert_eq!(after(&[verdict]), after(&[DONE]));
    }

    #[test]
    fn thirteen_perfect_days_are_half_of_the_strength() {
        for (days, strength) in [
            (13, 0.500),
            (20, 0.656),
            (44, 0.904),
            (66, 0.970),
            (87, 0.990),
        ] {
            let got = after(&vec![DONE; days]).strength;
            assert!((got - strength).abs() < 0.0005, "{days} days: {got}");
        }
        assert_eq!(Standing::default().strength(), None);
    }

    #[test]
    fn a_freeze_is_not_spent_where_there_is_no_streak() {
        let mut standing = Standing {
            freezes: 1,
            ..Standing::default()
        };
        assert_eq!(standing.add(&Rhythm::of_days(), HALF), Turn::None);
        assert_eq!((standing.streak, standing.freezes), (0, 1));
    }

    #[test]
    fn no_more_than_two_freezes_are_held_and_the_next_takes_ten_hits_again() {
        let mut standing = after(&[DONE; 30]);
        assert_eq!((standing.freezes, standing.streak), (2, 30));
        assert_eq!(standing.add(&Rhythm::of_days(), HALF), Turn::FreezeUsed);
        for _ in 0..9 {
            assert_eq!(standing.add(&Rhythm::of_days(), DONE), Turn::None);
        }
        assert_eq!(standing.add(&Rhythm::of_days(), DONE), Turn::FreezeEarned);
        assert_eq!((standing.freezes, standing.streak), (2, 40));
    }

    #[test]
    fn consistency_is_over_the_last_twenty_expected_days_and_needs_five() {
        let mut days = vec![Verdict::NEUTRAL; 3];
        days.extend([DONE; 17]);
        days.extend([HALF; 3]);
        days.extend([HALF; 50]);
        let all = Consistency::of(&days);
        assert_eq!((all.hit, all.of), (17, 20));
        assert_eq!((all.strict(), all.partial()), (Some(0.85), Some(0.925)));
        let few = Consistency::of(&[DONE; 4]);
        assert_eq!((few.hit, few.of, few.partial()), (4, 4, None));
    }
}
