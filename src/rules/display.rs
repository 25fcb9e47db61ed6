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

/// Where a row stands among all of its board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand {
    pub place: usize,
    /// How many stand on this place or above it.
    up_to: usize,
    /// Whether what ranks them is more than nothing.
    has_some: bool,
}

impl Stand {
    /// The stand of a row with a place; `places` are those of all rows of the board, its own too.
    pub fn of(place: Option<usize>, has_some: bool, places: &[Option<usize>]) -> Option<Stand> {
        let place = place?;
        let up_to = places.iter().flatten().filter(|other| **other <= place);
        Some(Stand {
            place,
            up_to: up_to.count(),
            has_some,
        })
    }

    /// Whether they are of the first three: nobody is first with nothing, and of those who share a place all are or none,
    /// so that a tie never names more than three.
    fn is_top(self) -> bool {
        self.has_some && self.up_to <= TOP
    }
}

/// What a member sees of a row of their board; `stand` is where it stands and `own` the member's place. One's own row is
/// always seen.
pub fn sight(mode: DisplayMode, stand: Option<Stand>, own: Option<usize>) -> Sight {
    match (mode, stand) {
        (DisplayMode::AllNamed, _) => Sight::Named,
        (DisplayMode::TopThree, Some(stand)) if stand.is_top() => Sight::Named,
        (DisplayMode::OwnPlace, Some(Stand { place, .. })) => match own {
            Some(own) if place < own && own - place <= LINES => Sight::Line,
            _ => Sight::Hidden,
        },
        _ => Sight::Hidden,
    }
}

/// Whether members see the place of their own row.
pub fn shows_own_place(mode: DisplayMode, own: Option<Stand>) -> bool {
    match mode {
        DisplayMode::AllNamed | DisplayMode::OwnPlace => true,
        DisplayMode::TopThree => own.is_some_and(Stand::is_top),
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
            let seven: Vec<_> = (1..=7).map(Some).collect();
            let stand = Stand::of(place, true, &seven);
            assert_eq!(sight(mode, stand, Some(5)), seen, "{mode} {place:?}");
        }
        let first = Stand::of(Some(1), true, &[Some(1)]);
        assert_eq!(sight(OwnPlace, first, None), Sight::Hidden);
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
    fn the_first_three_are_three_at_most_and_nobody_is_first_with_nothing() {
        let named = |places: &[usize], has_some| {
            let places: Vec<_> = places.iter().copied().map(Some).collect();
            let all = places.iter().map(|one| Stand::of(*one, has_some, &places));
            let named = all.filter(|stand| sight(TopThree, *stand, None) == Sight::Named);
            named.count()
        };
        assert_eq!(named(&[1, 2, 3, 4], true), 3);
        assert_eq!(named(&[1, 2, 2, 4], true), 3);
        // The two who share the third place would make it four.
        assert_eq!(named(&[1, 2, 3, 3], true), 2);
        assert_eq!(named(&[1, 1, 1, 1], true), 0);
        assert_eq!(named(&[1, 1, 1], false), 0);
    }

    #[test]
    fn ones_own_place_is_told_where_places_are() {
        let all: Vec<_> = (1..=9).map(Some).collect();
        let at = |place| Stand::of(Some(place), true, &all);
        assert!(shows_own_place(OwnPlace, at(9)) && shows_own_place(TopThree, at(2)));
        assert!(!shows_own_place(TopThree, at(4)) && !shows_own_place(Off, at(1)));
    }
}
