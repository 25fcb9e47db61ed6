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

/// The mode of several that shows least; `None` of none. Who counts in two teams is shown as the more private one says.
pub fn strictest(modes: impl IntoIterator<Item = DisplayMode>) -> Option<DisplayMode> {
    // The lines to reach name nobody, so that they show less than three names.
    let shows = |mode: &DisplayMode| match mode {
        DisplayMode::Off => 0,
        DisplayMode::TeamBar => 1,
        DisplayMode::OwnPlace => 2,
        DisplayMode::TopThree => 3,
        DisplayMode::AllNamed => 4,
    };
    modes.into_iter().min_by_key(shows)
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
    fn of_several_modes_the_one_that_shows_least_holds_in_whatever_order() {
        let all = [AllNamed, TopThree, OwnPlace, TeamBar, Off];
        for (at, one) in all.iter().enumerate() {
            for other in &all[at..] {
                assert_eq!(strictest([*one, *other]), Some(*other));
                assert_eq!(strictest([*other, *one]), Some(*other));
            }
        }
        assert_eq!(strictest([]), None);
    }

    #[test]
    fn ones_own_place_is_told_where_places_are() {
        assert!(shows_own_place(OwnPlace, Some(9)) && shows_own_place(TopThree, Some(2)));
        assert!(!shows_own_place(TopThree, Some(4)) && !shows_own_place(Off, Some(1)));
    }
}
