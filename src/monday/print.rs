//! How much of a pack is printed, so that it stays on two sheets however large the team is: of what is longer, the first
//! rows, and how many more there are. The page and its files have all of it. Source: PRODUCT.md 7.

/// Rows of each part: those that there are, or those that are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rows {
    pub reps: usize,
    pub owners: usize,
    pub goals: usize,
    pub levels: usize,
    pub sources: usize,
    pub disputes: usize,
    pub visits: usize,
    pub carried: usize,
    pub agreed: usize,
}

/// As many as two sheets of A4 hold where there is more of everything, and an eighth of a sheet to spare.
const WORST: Rows = Rows {
    reps: 20,
    owners: 5,
    goals: 2,
    levels: 2,
    sources: 6,
    disputes: 3,
    visits: 3,
    carried: 4,
    agreed: 4,
};

/// One part: its rows, and how many lines one of them takes at least and at most.
type Part = (fn(&mut Rows) -> &mut usize, usize, usize);

/// In the order in which they get the lines that others leave: what is still owed comes first.
const PARTS: [Part; 9] = [
    (|rows| &mut rows.carried, 2, 3),
    (|rows| &mut rows.agreed, 2, 3),
    (|rows| &mut rows.levels, 7, 10),
    (|rows| &mut rows.disputes, 2, 4),
    (|rows| &mut rows.visits, 1, 2),
    (|rows| &mut rows.goals, 2, 4),
    (|rows| &mut rows.owners, 1, 1),
    (|rows| &mut rows.sources, 1, 3),
    (|rows| &mut rows.reps, 2, 3),
];

impl Rows {
    /// How many are printed of those that there are: what one part does not need, others may have.
    pub fn printed(mut self) -> Rows {
        let mut printed = WORST;
        let mut lines = 0;
        for (rows, least, _) in PARTS {
            let (there, most) = (*rows(&mut self), *rows(&mut printed));
            lines += most.saturating_sub(there) * least;
        }
        for (rows, _, tall) in PARTS {
            let (there, most) = (*rows(&mut self), rows(&mut printed));
            let more = there.saturating_sub(*most).min(lines / tall);
            *most += more;
            lines -= more * tall;
        }
        printed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(factor: usize) -> Rows {
        let mut rows = WORST;
        for (part, ..) in PARTS {
            *part(&mut rows) *= factor;
        }
        rows
    }

    #[test]
    fn where_there_is_more_of_everything_each_part_has_its_share() {
        assert_eq!(times(3).printed(), WORST);
    }

    #[test]
    fn a_small_pack_is_printed_whole() {
        let small = Rows {
            reps: 9,
            owners: 9,
            goals: 1,
            levels: 3,
            sources: 4,
            disputes: 4,
            visits: 6,
            carried: 5,
            agreed: 0,
        };
        let printed = small.printed();
        assert!(printed.levels >= 3 && printed.disputes >= 4 && printed.visits >= 6);
        assert!(printed.carried >= 5 && printed.owners >= 9);
    }

    #[test]
    fn what_is_still_owed_is_the_last_to_be_left_out() {
        let owed = Rows {
            reps: 10,
            carried: 7,
            levels: 6,
            ..WORST
        };
        let printed = owed.printed();
        assert_eq!((printed.carried, printed.levels), (7, 3));
    }
}
