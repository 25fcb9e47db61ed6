//! What the members of a team see of each other on a leaderboard: one rule for every way out of it. Source: PRODUCT.md 7.

use crate::words;

words! {
    /// Chosen for each team. Whoever leads the team sees all in any of them.
    pub enum DisplayMode {
        /// Everybody sees only themselves.
        Off = "off",
        /// And what the team has together.
        TeamBar = "team_bar",
        /// The first three by name.
        TopThree = "top_three",
        AllNamed = "all_named",
        /// One's own place, and what stands on the next places without names.
        OwnPlace = "own_place",
    }
}

impl DisplayMode {
    pub fn label(self) -> &'static str {
        match self {
            DisplayMode::Off => "Off: everybody sees only themselves",
            DisplayMode::TeamBar => "Team bar only",
            DisplayMode::TopThree => "Top three named",
            DisplayMode::AllNamed => "All named",
            DisplayMode::OwnPlace => "Own place, with the lines to reach",
        }
    }
}

/// How much of a row is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    Named,
    /// The value and the place, and nothing that says whose.
    Line,
    Hidden,
}

/// So many places above one's own are lines to reach.
const LINES: usize = 3;
const TOP: usize = 3;

/// What a member sees of a row of their board; `place` is its place and `own` the member's. One's own row is always seen.
pub fn sight(mode: DisplayMode, place: Option<usize>, own: Option<usize>) -> Sight {
    match (mode, place) {
        (DisplayMode::AllNamed, _) => Sight::Named,
        (DisplayMode::TopThree, Some(place)) if place <= TOP => Sight::Named,
        (DisplayMode::OwnPlace, Some(place)) => match own {
            Some(own) if place < own && own - place <= LINES => Sight::Line,
            _ => Sight::Hidden,
        },
        _ => Sight::Hidden,
    }
}

/// Whether members see the place of their own row.
pub fn shows_own_place(mode: DisplayMode, own: Option<usize>) -> bool {
    match mode {
        DisplayMode::AllNamed | DisplayMode::OwnPlace => true,
        DisplayMode::TopThree => own.is_some_and(|own| own <= TOP),
        DisplayMode::Off | DisplayMode::TeamBar => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DisplayMode::{AllNamed, Off, OwnPlace, TeamBar, TopThree};

    #[test]
    fn nobody_is_named_but_where_the_mode_says_so() {
        for (mode, place, seen) in [
            (Off, Some(1), Sight::Hidden),
            (TeamBar, Some(1), Sight::Hidden),
            (TopThree, Some(3), Sight::Named),
            (TopThree, Some(4), Sight::Hidden),
            (TopThree, None, Sight::Hidden),
            (AllNamed, None, Sight::Named),
            (OwnPlace, Some(6), Sight::Hidden),
            (OwnPlace, Some(4), Sight::Line),
            (OwnPlace, Some(1), Sight::Hidden),
            (OwnPlace, None, Sight::Hidden),
        ] {
            assert_eq!(sight(mode, place, Some(5)), seen, "{mode} {place:?}");
        }
        assert_eq!(sight(OwnPlace, Some(1), None), Sight::Hidden);
    }

    #[test]
    fn ones_own_place_is_told_where_places_are() {
        assert!(shows_own_place(OwnPlace, Some(9)) && shows_own_place(TopThree, Some(2)));
        assert!(!shows_own_place(TopThree, Some(4)) && !shows_own_place(Off, Some(1)));
    }
}
