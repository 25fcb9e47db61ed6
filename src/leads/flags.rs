//! What imported history shows that the rules would have refused at the keyboard: kept with the event, and told beside it.

/// Disqualified before the least attempts that were agreed.
pub const FEW_ATTEMPTS: &str = "disqualified before the least attempts";
/// Rejected after somebody had been reached.
pub const AFTER_CONTACT: &str = "rejected after a contact";

/// What a flag means, in a sentence; empty for none.
pub fn meaning(flag: &str) -> &'static str {
    match flag {
        "" => "",
        FEW_ATTEMPTS => {
            "It was imported so: fewer attempts stood against it than the service level asks for, and at the keyboard it \
             would have been refused. It counts as it happened."
        }
        AFTER_CONTACT => {
            "It was imported so: a lead that was reached is disqualified and not rejected, and at the keyboard it would have \
             been refused. It counts as it happened."
        }
        _ => {
            "It was imported so, and at the keyboard it would have been refused. It counts as it happened."
        }
    }
}
