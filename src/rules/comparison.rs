//! Whether groups wait differently long, or whether chance would explain it (section 3.1).

use super::chi_square::chi_square_above;
use super::survival::{End, Obs};
use super::two_groups::Course;

/// The log-rank test over groups; those still waiting, and those closed before the event, are censored.
#[derive(Debug, Clone, PartialEq)]
pub struct LogRank {
    pub chi2: f64,
    pub degrees: usize,
    /// How often groups that do not differ would look at least as different.
    pub p: f64,
    /// Events of each group, and those it would have if all were alike.
    pub observed: Vec<f64>,
    pub expected: Vec<f64>,
}

/// `None` where fewer than two groups, or nothing that happened, leave nothing to compare. O(n log n + n G) for n
/// observations in G groups.
pub fn log_rank(groups: &[Vec<Obs>]) -> Option<LogRank> {
    let mut all: Vec<(f64, usize, bool)> = groups
        .iter()
        .enumerate()
        .flat_map(|(g, group)| group.iter().map(move |o| (o.t_s, g, o.end == End::Event)))
        .collect();
    all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut sums = Sums::new(groups);
    for same in all.chunk_by(|a, b| a.0 == b.0) {
        sums.happen(same.iter().filter(|(.., is_event)| *is_event).count());
        for (_, g, is_event) in same {
            sums.leave(*g, *is_event);
        }
    }
    let covariance = sums.covariance();
    // Of a group that had nobody at risk beside others when something happened, nothing can be said.
    let told: Vec<usize> = (0..groups.len())
        .filter(|g| covariance[*g][*g] > 0.0)
        .collect();
    // The last group follows from the others.
    let (_, told) = told.split_last().filter(|(_, others)| !others.is_empty())?;
    let degrees = told.len();
    let off: Vec<f64> = told
        .iter()
        .map(|g| sums.observed[*g] - sums.expected[*g])
        .collect();
    let among = told
        .iter()
        .map(|g| told.iter().map(|h| covariance[*g][*h]).collect())
        .collect();
    let inverse_off = solve(among, &off)?;
    let chi2 = off.iter().zip(&inverse_off).map(|(a, b)| a * b).sum();
    Some(LogRank {
        chi2,
        degrees,
        p: chi_square_above(chi2, degrees),
        observed: sums.observed,
        expected: sums.expected,
    })
}

/// The spread of a group is its own part less the shared one; a smaller share of the former is rounding.
const ROUNDING: f64 = 1e-9;

/// The sums of the test over time. What each time adds for a group depends on how many of it are at risk, which stays
/// from one of its own times to the next: so the factors that all share are summed at every time, and a group's part is
/// settled only when one of it leaves, as in the end all do.
struct Sums {
    at_risk: Vec<f64>,
    n: f64,
    observed: Vec<f64>,
    expected: Vec<f64>,
    /// Sums of d/n, of c/n and of c/n² with c = d(n-d)/(n-1), and their values when a group, or a pair, was settled.
    factors: [f64; 3],
    settled: Vec<[f64; 2]>,
    settled_pairs: Vec<Vec<f64>>,
    /// Sums of c n_g/n, and of c n_g n_h/n².
    own: Vec<f64>,
    shared: Vec<Vec<f64>>,
}

impl Sums {
    fn new(groups: &[Vec<Obs>]) -> Sums {
        let count = groups.len();
        let at_risk: Vec<f64> = groups.iter().map(|group| group.len() as f64).collect();
        Sums {
            n: at_risk.iter().sum(),
            at_risk,
            observed: vec![0.0; count],
            expected: vec![0.0; count],
            factors: [0.0; 3],
            settled: vec![[0.0; 2]; count],
            settled_pairs: vec![vec![0.0; count]; count],
            own: vec![0.0; count],
            shared: vec![vec![0.0; count]; count],
        }
    }

    /// So many events at one time, of all groups.
    fn happen(&mut self, events: usize) {
        let (d, n) = (events as f64, self.n);
        let c = if n > 1.0 {
            d * (n - d) / (n - 1.0)
        } else {
            0.0
        };
        let [of_events, of_own, of_pairs] = &mut self.factors;
        *of_events += d / n;
        *of_own += c / n;
        *of_pairs += c / (n * n);
    }

    fn leave(&mut self, g: usize, is_event: bool) {
        self.settle(g);
        self.observed[g] += f64::from(u8::from(is_event));
        self.at_risk[g] -= 1.0;
        self.n -= 1.0;
    }

    fn settle(&mut self, g: usize) {
        let [of_events, of_own, of_pairs] = self.factors;
        let n_g = self.at_risk[g];
        self.expected[g] += n_g * (of_events - self.settled[g][0]);
        self.own[g] += n_g * (of_own - self.settled[g][1]);
        self.settled[g] = [of_events, of_own];
        for h in 0..self.at_risk.len() {
            let more = n_g * self.at_risk[h] * (of_pairs - self.settled_pairs[g][h]);
            self.shared[g][h] += more;
            self.settled_pairs[g][h] = of_pairs;
            if h != g {
                self.shared[h][g] += more;
                self.settled_pairs[h][g] = of_pairs;
            }
        }
    }

    fn covariance(&self) -> Vec<Vec<f64>> {
        let row = |(g, shared): (usize, &Vec<f64>)| {
            let cell = |(h, shared): (usize, &f64)| match g == h {
                // A group that was never at risk beside another has no spread, but for rounding.
                true if self.own[g] - shared < ROUNDING * self.own[g] => 0.0,
                true => self.own[g] - shared,
                false => -shared,
            };
            shared.iter().enumerate().map(cell).collect()
        };
        self.shared.iter().enumerate().map(row).collect()
    }
}

/// x with A x = b; `None` where there is none.
fn solve(a: Vec<Vec<f64>>, b: &[f64]) -> Option<Vec<f64>> {
    let n = b.len();
    let with_b = a.into_iter().zip(b);
    let mut rows: Vec<Vec<f64>> = with_b
        .map(|(row, b)| row.into_iter().chain([*b]).collect())
        .collect();
    for i in 0..n {
        let pivot = (i..n).max_by(|x, y| rows[*x][i].abs().total_cmp(&rows[*y][i].abs()))?;
        rows.swap(i, pivot);
        if rows[i][i].abs() < 1e-12 {
            return None;
        }
        let (done, rest) = rows.split_at_mut(i + 1);
        for row in rest {
            let factor = row[i] / done[i][i];
            for (value, above) in row.iter_mut().zip(&done[i]).skip(i) {
                *value -= factor * above;
            }
        }
    }
    let mut x = vec![0.0; n];
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|j| rows[i][j] * x[j]).sum();
        x[i] = (rows[i][n] - known) / rows[i][i];
    }
    Some(x)
}

/// The p values of several comparisons after Holm: each is what it would have to be for all to hold together.
pub fn holm(ps: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..ps.len()).collect();
    order.sort_by(|a, b| ps[*a].total_cmp(&ps[*b]));
    let mut adjusted = vec![0.0; ps.len()];
    let mut least: f64 = 0.0;
    for (rank, index) in order.into_iter().enumerate() {
        least = least.max(ps[index] * (ps.len() - rank) as f64).min(1.0);
        adjusted[index] = least;
    }
    adjusted
}

/// A comparison is clear below it: chance alone would show as much in one of twenty.
pub const CLEAR_BELOW: f64 = 0.05;
/// With fewer events four of five times a group that is half as fast again is not told from another (Schoenfeld 1981: 4
/// (1.96 + 0.84)^2 / ln(1.5)^2 = 191): a difference that is not clear may be there all the same.
pub const FEW_EVENTS: u64 = 200;
/// More groups are not compared, neither all at once nor by pairs: that some of so many differ says nothing.
pub const MOST_COMPARED: usize = 100;

/// What can be said of groups beside each other: all at once, and then by pairs.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// Of the test of all groups.
    pub p: f64,
    /// The clear ones among the pairs, the clearest first; none unless the test of all is clear.
    pub pairs: Vec<Pair>,
}

/// Two groups that clearly differ, by their places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    pub faster: usize,
    pub slower: usize,
    /// After Holm, where there are more than two groups.
    pub p: f64,
}

impl Compared {
    pub fn is_clear(&self) -> bool {
        self.p < CLEAR_BELOW
    }
}

/// Compares groups as section 3.3 says: all first and then, where these differ, each pair, with Holm's correction. `None`
/// where there is nothing to compare, or too many. O(n log n + n G) for n observations in G groups,
/// as the test of all.
pub fn compare(groups: &[Vec<Obs>]) -> Option<Compared> {
    if groups.len() > MOST_COMPARED {
        return None;
    }
    let all = log_rank(groups)?;
    let mut found: Vec<Pair> = Vec::new();
    if all.p < CLEAR_BELOW {
        let groups: Vec<Course> = groups.iter().map(|group| Course::of(group)).collect();
        for one in 0..groups.len() {
            for other in one + 1..groups.len() {
                found.extend(groups[one].beside(&groups[other]).map(|test| {
                    let is_faster = test.observed > test.expected;
                    let (faster, slower) = if is_faster {
                        (one, other)
                    } else {
                        (other, one)
                    };
                    let p = chi_square_above(test.chi2, 1);
                    Pair { faster, slower, p }
                }));
            }
        }
    }
    let ps: Vec<f64> = found.iter().map(|pair| pair.p).collect();
    for (pair, p) in found.iter_mut().zip(holm(&ps)) {
        pair.p = p;
    }
    found.retain(|pair| pair.p < CLEAR_BELOW);
    found.sort_by(|a, b| a.p.total_cmp(&b.p));
    Some(Compared {
        p: all.p,
        pairs: found,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn obs(t_s: f64, end: End) -> Obs {
        Obs { t_s, end }
    }

    fn group(times: &[f64]) -> Vec<Obs> {
        times.iter().map(|t_s| obs(*t_s, End::Event)).collect()
    }

    #[test]
    fn groups_that_are_the_same_do_not_differ() {
        let same = group(&[1.0, 2.0, 5.0]);
        let test = log_rank(&[same.clone(), same.clone(), same]).unwrap();
        assert!(test.chi2.abs() < 1e-12 && (test.p - 1.0).abs() < 1e-12);
        assert_eq!(test.degrees, 2);
    }

    #[test]
    fn the_order_of_groups_and_of_input_does_not_matter() {
        let (a, b) = (group(&[5.0, 1.0, 2.0]), group(&[9.0, 3.0, 30.0]));
        let mut turned = a.clone();
        turned.reverse();
        let one = log_rank(&[a, b.clone()]).unwrap();
        let other = log_rank(&[b, turned]).unwrap();
        assert!((one.chi2 - other.chi2).abs() < 1e-12);
        let sums =
            |test: &LogRank| test.observed.iter().sum::<f64>() - test.expected.iter().sum::<f64>();
        assert!(sums(&one).abs() < 1e-12);
    }

    #[test]
    fn where_nothing_happened_there_is_nothing_to_compare() {
        let open = vec![obs(3.0, End::Open), obs(4.0, End::Closed)];
        assert_eq!(log_rank(&[open.clone(), open]), None);
        assert_eq!(log_rank(&[group(&[1.0])]), None);
        assert_eq!(log_rank(&[group(&[1.0, 2.0]), Vec::new()]), None);
    }

    #[test]
    fn a_group_that_was_gone_before_anything_happened_hides_no_difference() {
        let (a, b) = (group(&[1.0, 2.0, 3.0]), group(&[9.0, 20.0, 30.0]));
        let gone = vec![obs(0.0, End::Open); 10];
        let want = log_rank(&[a.clone(), b.clone()]).unwrap();
        for groups in [
            [gone.clone(), a.clone(), b.clone()],
            [a.clone(), gone.clone(), b.clone()],
            [a, b, gone],
        ] {
            let test = log_rank(&groups).unwrap();
            assert_eq!(test.degrees, 1);
            assert!((test.p - want.p).abs() < 1e-12, "{test:?}");
        }
    }

    #[test]
    fn holm_never_makes_a_difference_clearer_and_keeps_the_order() {
        let adjusted = holm(&[0.01, 0.04, 0.03, 0.005]);
        let want = [0.03, 0.06, 0.06, 0.02];
        for (got, want) in adjusted.iter().zip(want) {
            assert!((got - want).abs() < 1e-12, "{adjusted:?}");
        }
        assert_eq!(holm(&[0.9, 0.8]), [1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn pairs_of_many_groups_are_compared_too() {
        let slow: Vec<f64> = (100..160).map(f64::from).collect();
        let fast: Vec<f64> = (1..61).map(f64::from).collect();
        let mut twelve = vec![group(&slow); 11];
        twelve.push(group(&fast));
        let pairs = compare(&twelve).unwrap().pairs;
        assert_eq!(pairs.len(), 11);
        assert!(pairs.iter().all(|pair| pair.faster == 11));
        assert_eq!(compare(&vec![group(&slow); MOST_COMPARED + 1]), None);
    }

    #[test]
    fn pairs_are_compared_only_where_all_together_differ() {
        let slow: Vec<f64> = (100..140).map(f64::from).collect();
        let fast: Vec<f64> = (1..41).map(f64::from).collect();
        let three = [group(&slow), group(&fast), group(&slow)];
        let found = compare(&three).unwrap();
        assert!(found.is_clear());
        let pairs: Vec<_> = found.pairs.iter().map(|p| (p.faster, p.slower)).collect();
        assert_eq!(pairs, [(1, 0), (1, 2)]);
        let same = compare(&[group(&slow), group(&slow)]).unwrap();
        assert!(!same.is_clear() && same.pairs.is_empty());
        let two = compare(&[group(&fast), group(&slow)]).unwrap();
        assert!(
            (two.pairs[0].p - two.p).abs() < 1e-15,
            "two need no correction"
        );
    }
}
