//! How much of a pack is printed, so that it stays on two sheets however large the team is: of what is longer, the first
//! rows, and how many more there are. The page and its files have all of it. Source: PRODUCT.md 7.

/// How many rows of each part are printed.
pub struct Printed {
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
pub const PRINTED: Printed = Printed {
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
