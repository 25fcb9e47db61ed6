//! How often leads are tried, and what each further attempt brings (section 2.1).

/// What the attempts numbered `attempt` came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attempt {
    /// From 1.
    pub attempt: usize,
    /// Leads that got it while nobody had been reached.
    pub tried: u64,
    /// Those of them that it reached.
    pub reached: u64,
    /// The share that is reached by then, leads still being worked not left out (a discrete Kaplan-Meier).
    pub reached_by: f64,
}

/// What each attempt brought, over leads given as their attempts in order of time: whether each reached somebody.
/// Attempts after the first that did are not counted.
pub fn by_attempt<'a>(leads: impl IntoIterator<Item = &'a [bool]>) -> Vec<Attempt> {
    let mut counts: Vec<(u64, u64)> = Vec::new();
    for attempts in leads {
        for (index, is_reached) in attempts.iter().enumerate() {
            if counts.len() == index {
                counts.push((0, 0));
            }
            counts[index].0 += 1;
            if *is_reached {
                counts[index].1 += 1;
                break;
            }
        }
    }
    let mut not_reached = 1.0;
    let each = counts.into_iter().enumerate();
    each.map(|(index, (tried, reached))| {
        not_reached *= 1.0 - reached as f64 / tried as f64;
        Attempt {
            attempt: index + 1,
            tried,
            reached,
            reached_by: 1.0 - not_reached,
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_the_first_contact_is_no_attempt_to_reach() {
        let leads: [&[bool]; 3] = [&[false, true, false], &[false], &[]];
        let all = by_attempt(leads);
        let counts: Vec<_> = all
            .iter()
            .map(|a| (a.attempt, a.tried, a.reached))
            .collect();
        assert_eq!(counts, [(1, 2, 0), (2, 1, 1)]);
        assert_eq!(all[1].reached_by, 1.0);
    }

    #[test]
    fn the_share_reached_never_falls() {
        let leads: [&[bool]; 4] = [&[true], &[false, false], &[false, true], &[false]];
        let all = by_attempt(leads);
        assert!(
            all.windows(2)
                .all(|pair| pair[0].reached_by <= pair[1].reached_by)
        );
    }
}
