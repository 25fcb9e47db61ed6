//! Which territory a lead belongs to, and whose turn it is there (PRODUCT.md 5).

use super::profile::Profile;

/// The leads of a territory: each part that is not empty must fit. A part may name several, with commas between them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    pub id: i64,
    pub territory_id: i64,
    pub country: String,
    pub region: String,
    /// What the post code begins with.
    pub post_code: String,
    /// How many people work there, both included.
    pub employees_from: Option<u32>,
    pub employees_to: Option<u32>,
    pub segment: String,
}

/// What a rule asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Country,
    Region,
    PostCode,
    Employees,
    Segment,
}

impl Rule {
    /// The first part that does not fit; `None` when the rule matches. What is not known fits no part that asks for it.
    pub fn mismatch(&self, profile: &Profile) -> Option<Part> {
        let equal = |has: &str, wanted: &str| has == wanted;
        let begins = |has: &str, wanted: &str| has.starts_with(wanted);
        let parts = [
            (Part::Country, fits(&self.country, &profile.country, equal)),
            (Part::Region, fits(&self.region, &profile.region, equal)),
            (
                Part::PostCode,
                fits(&self.post_code, &profile.post_code, begins),
            ),
            (Part::Employees, self.has_size(profile.employees)),
            (Part::Segment, fits(&self.segment, &profile.segment, equal)),
        ];
        let misses = parts.into_iter().find(|(_, fits)| !fits);
        misses.map(|(part, _)| part)
    }

    fn has_size(&self, employees: Option<u32>) -> bool {
        match (self.employees_from, self.employees_to, employees) {
            (None, None, _) => true,
            (_, _, None) => false,
            (from, to, Some(n)) => from.is_none_or(|from| from <= n) && to.is_none_or(|to| n <= to),
        }
    }
}

/// Whether any of what is wanted fits, without regard to case and spaces; nothing wanted fits everything.
fn fits(wanted: &str, has: &str, how: fn(&str, &str) -> bool) -> bool {
    let has = plain(has);
    let mut wanted = wanted.split(',').map(plain).filter(|one| !one.is_empty());
    match wanted.next() {
        None => true,
        Some(first) => how(&has, &first) || wanted.any(|one| how(&has, &one)),
    }
}

fn plain(text: &str) -> String {
    let letters = text.chars().filter(|c| !c.is_whitespace());
    letters.flat_map(char::to_lowercase).collect()
}

/// The first rule that matches.
pub fn find<'r>(rules: &'r [Rule], profile: &Profile) -> Option<&'r Rule> {
    rules.iter().find(|rule| rule.mismatch(profile).is_none())
}

/// Somebody's place in a rota. `credit` is how far they are ahead of the others' turns; a new one begins at 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    pub person_id: i64,
    /// How many leads they get beside the others' weights; at least 1.
    pub weight: i64,
    pub credit: i64,
}

/// Gives the next lead to one of those present: smooth weighted round robin. The credit of each present person grows by
/// their weight, and the largest credit, of equal ones the lowest id, gets the lead and pays the weights of all present.
/// Who is absent neither gains nor pays, so that who comes back is not flooded.
pub fn turn(seats: &mut [Seat], present: &[i64]) -> Option<i64> {
    let here = seats.iter().filter(|s| present.contains(&s.person_id));
    let next = here.max_by_key(|s| (s.credit + s.weight, std::cmp::Reverse(s.person_id)))?;
    let next = next.person_id;
    give(seats, present, next);
    Some(next)
}

/// Counts a lead that one of those present got as their turn, whoever's it was.
pub fn give(seats: &mut [Seat], present: &[i64], person_id: i64) {
    let here = |seat: &Seat| present.contains(&seat.person_id);
    let all: i64 = seats.iter().filter(|s| here(s)).map(|s| s.weight).sum();
    for seat in seats.iter_mut().filter(|s| here(s)) {
        seat.credit += seat.weight;
        if seat.person_id == person_id {
            seat.credit -= all;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn acme() -> Profile {
        Profile {
            country: "de".to_owned(),
            region: " Bayern".to_owned(),
            post_code: "80 331".to_owned(),
            employees: Some(250),
            segment: "Retail".to_owned(),
        }
    }

    /// Country, region, post code and segment; and the company's size.
    fn asks(texts: [&str; 4], employees_from: Option<u32>, employees_to: Option<u32>) -> Rule {
        let [country, region, post_code, segment] = texts.map(str::to_owned);
        Rule {
            country,
            region,
            post_code,
            segment,
            employees_from,
            employees_to,
            ..Rule::default()
        }
    }

    #[test]
    fn a_rule_fits_when_each_of_its_parts_does() {
        for (texts, misses) in [
            (["", "", "", ""], None),
            (["DE", "", "", ""], None),
            (["AT, D E", "", "", ""], None),
            ([" , ", "", "", ""], None),
            (["AT,CH", "", "", ""], Some(Part::Country)),
            (["", "bay ern", "", ""], None),
            (["", "Bay", "", ""], Some(Part::Region)),
            (["", "", "803", ""], None),
            (["", "", "10,8 0", ""], None),
            (["", "", "81", ""], Some(Part::PostCode)),
            (["", "", "", "RETAIL"], None),
            (["DE", "", "", "Public"], Some(Part::Segment)),
        ] {
            assert_eq!(
                asks(texts, None, None).mismatch(&acme()),
                misses,
                "{texts:?}"
            );
        }
        for (from, to, fits) in [
            (Some(250), Some(250), true),
            (Some(251), None, false),
            (None, Some(249), false),
            (None, Some(250), true),
        ] {
            let misses = asks([""; 4], from, to).mismatch(&acme());
            assert_eq!(misses.is_none(), fits, "{from:?} to {to:?}");
        }
    }

    #[test]
    fn what_is_not_known_fits_only_rules_that_do_not_ask_for_it() {
        let fits = |rule: Rule| rule.mismatch(&Profile::default()).is_none();
        assert!(fits(Rule::default()));
        assert!(!fits(asks(["DE", "", "", ""], None, None)));
        assert!(!fits(asks(["", "", "8", ""], None, None)));
        assert!(!fits(asks([""; 4], None, Some(9))));
    }

    #[test]
    fn the_first_rule_that_fits_wins() {
        let rule = |id, country: &str| Rule {
            id,
            country: country.to_owned(),
            ..Rule::default()
        };
        let found = |rules: &[Rule]| find(rules, &acme()).map(|rule| rule.id);
        assert_eq!(found(&[rule(1, "FR"), rule(2, "DE"), rule(3, "")]), Some(2));
        assert_eq!(found(&[rule(3, ""), rule(2, "DE")]), Some(3));
        assert_eq!(found(&[rule(1, "FR")]), None);
    }

    fn seats(weights: &[i64]) -> Vec<Seat> {
        let seat = |(at, weight): (usize, &i64)| Seat {
            person_id: at as i64 + 1,
            weight: *weight,
            credit: 0,
        };
        weights.iter().enumerate().map(seat).collect()
    }

    fn turns(seats: &mut [Seat], present: &[i64], times: i64) -> Vec<i64> {
        (0..times).filter_map(|_| turn(seats, present)).collect()
    }

    #[test]
    fn turns_are_spread_and_not_bunched() {
        let mut three = seats(&[2, 1, 1]);
        assert_eq!(turns(&mut three, &[1, 2, 3], 8), [1, 2, 3, 1, 1, 2, 3, 1]);
        assert!(turns(&mut three, &[], 3).is_empty());
        assert_eq!(turn(&mut [], &[1]), None);
    }

    fn got(turns: &[i64], person_id: i64) -> i64 {
        turns.iter().filter(|id| **id == person_id).count() as i64
    }

    proptest! {
        #[test]
        fn over_many_turns_the_shares_follow_the_weights(weights in prop::collection::vec(1i64..9, 1..7), rounds in 1i64..20) {
            let all: i64 = weights.iter().sum();
            let mut rota = seats(&weights);
            let everybody: Vec<i64> = rota.iter().map(|seat| seat.person_id).collect();
            let turns = turns(&mut rota, &everybody, all * rounds);
            for seat in &rota {
                prop_assert_eq!(got(&turns, seat.person_id), seat.weight * rounds);
                prop_assert_eq!(seat.credit, 0);
            }
        }

        #[test]
        fn who_is_away_gets_nothing_and_is_not_flooded_afterwards(
            weights in prop::collection::vec(1i64..9, 2..7), before in 0i64..40, away in 0i64..200, after in 1i64..60,
        ) {
            let mut rota = seats(&weights);
            let everybody: Vec<i64> = rota.iter().map(|seat| seat.person_id).collect();
            let others = &everybody[1..];
            turns(&mut rota, &everybody, before);
            prop_assert_eq!(got(&turns(&mut rota, others, away), 1), 0);
            let all: i64 = weights.iter().sum();
            let since = got(&turns(&mut rota, &everybody, after), 1);
            // Their share of what came since, and at most the turn or two that were theirs when they left.
            prop_assert!(since <= after * weights[0] / all + 2, "{since} of {after}");
        }

        #[test]
        fn the_order_of_the_seats_does_not_matter(weights in prop::collection::vec(1i64..9, 1..7), times in 0i64..50) {
            let mut rota = seats(&weights);
            let mut reversed: Vec<Seat> = rota.iter().rev().copied().collect();
            let everybody: Vec<i64> = rota.iter().map(|seat| seat.person_id).collect();
            prop_assert_eq!(turns(&mut rota, &everybody, times), turns(&mut reversed, &everybody, times));
        }
    }
}
