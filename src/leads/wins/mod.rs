//! Leads that were won: each with whom it is credited to, and what it is worth.

mod store;

use crate::db::Conn;
use crate::error::Result;
use crate::value::Instant;

/// A win.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Win {
    pub lead_id: i64,
    pub at: Instant,
    /// Who owned the lead when it was won; `None` where nobody did.
    pub owner_id: Option<i64>,
}

/// The wins of a span, its first and its last instant included, in order of time. Two queries.
pub fn wins(conn: &mut Conn, span: (Instant, Instant)) -> Result<Vec<Win>> {
    let won = store::won(conn, span)?;
    if won.is_empty() {
        return Ok(Vec::new());
    }
    let owners = store::owners(conn, span)?;
    let mut wins: Vec<Win> = won
        .into_iter()
        .map(|(lead_id, at)| Win {
            lead_id,
            at,
            owner_id: owners.at(lead_id, at),
        })
        .collect();
    wins.sort_unstable_by_key(|win| (win.at, win.lead_id));
    Ok(wins)
}

/// What a win is worth, as currency and millionths of it: its own amount, in the lead's currency where it names none;
/// without one the lead's amount, which is in the lead's currency whatever the win names. `None` without either.
pub fn worth(
    (amount, currency): (Option<i64>, String),
    lead: (Option<i64>, String),
) -> Option<(String, i64)> {
    match amount {
        Some(micros) if currency.is_empty() => Some((lead.1, micros)),
        Some(micros) => Some((currency, micros)),
        None => lead.0.map(|micros| (lead.1, micros)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_never_in_a_currency_that_it_was_not_given_in() {
        let of = |amount, currency: &str| (amount, currency.to_owned());
        let said = |currency: &str, micros| Some((currency.to_owned(), micros));
        let lead = || of(Some(7), "EUR");
        assert_eq!(worth(of(Some(9), "USD"), lead()), said("USD", 9));
        assert_eq!(worth(of(Some(9), ""), lead()), said("EUR", 9));
        assert_eq!(worth(of(None, "USD"), lead()), said("EUR", 7));
        assert_eq!(worth(of(None, "USD"), of(None, "EUR")), None);
    }
}
