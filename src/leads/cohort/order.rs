//! In which order the groups of a table stand on a page. Files keep the order of name. Source: PRODUCT.md 7, rule 1.

use super::Grouping;

/// What decides the place of a group.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Whether it has too few for a place among the others.
    pub is_small: bool,
    /// The lower end of the share by which groups are put in order; none where there is no share.
    pub low: Option<f64>,
}

/// Puts groups, given in order of name, in the order of a page, and says which that is: weeks, days and hours follow each
/// other, people stand by name, and all else by the lower end of a share, as `by_share` says, those with few last.
pub fn in_order<'g, G>(
    by: Grouping,
    groups: &'g [G],
    place: impl Fn(&G) -> Place,
    by_share: &'static str,
) -> (Vec<&'g G>, &'static str) {
    let mut all: Vec<&G> = groups.iter().collect();
    if by.is_of_time() {
        return (all, "In order of time");
    }
    if by == Grouping::Owner {
        return (all, "In order of name: people are not ranked by a raw rate");
    }
    all.sort_by(|a, b| {
        let (a, b) = (place(a), place(b));
        let low = |place: Place| place.low.unwrap_or(-1.0);
        (a.is_small.cmp(&b.is_small)).then(low(b).total_cmp(&low(a)))
    });
    (all, by_share)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "Ordered by the lower end of the share won; small groups last";

    fn told(by: Grouping) -> (Vec<&'static str>, &'static str) {
        const GROUPS: [(&str, bool, Option<f64>); 4] = [
            ("a few", true, Some(0.9)),
            ("b low", false, Some(0.1)),
            ("c none", false, None),
            ("d high", false, Some(0.4)),
        ];
        let place = |group: &(&str, bool, Option<f64>)| Place {
            is_small: group.1,
            low: group.2,
        };
        let (groups, said) = in_order(by, &GROUPS, place, SAID);
        (groups.into_iter().map(|group| group.0).collect(), said)
    }

    #[test]
    fn groups_stand_by_the_lower_end_of_their_share_and_small_ones_last() {
        let by_share = ["d high", "b low", "c none", "a few"];
        for by in [Grouping::Source, Grouping::Team, Grouping::Urgency] {
            assert_eq!(told(by), (by_share.to_vec(), SAID), "{by}");
        }
    }

    #[test]
    fn people_and_weeks_are_never_put_in_order_by_a_share() {
        for by in [Grouping::Owner, Grouping::Week, Grouping::Hour] {
            let (groups, said) = told(by);
            assert_eq!(groups, ["a few", "b low", "c none", "d high"], "{by}");
            assert_ne!(said, SAID);
        }
    }
}
