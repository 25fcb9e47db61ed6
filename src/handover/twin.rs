//! Two leads that are the same: the other one is named, and the two lead to each other from then on.

use super::{Move, Story};
use crate::app::Tx;
use crate::db::Conn;
use crate::error::Result;
use crate::form::{Choice, Form};
use crate::leads::{self, Lead};
use crate::rules::access::Me;

const SHOWN: i64 = 10;
/// Fewer digits than this are no telephone number that tells two people apart.
const PHONE_DIGITS: usize = 6;

type Refusal = (&'static str, String);

/// The id of the lead that a move names, where it says that there is one; else which field is wrong, and why.
pub fn wanted(tx: &mut Tx, story: &Story, wanted: &Move) -> Result<Result<Option<i64>, Refusal>> {
    if !wanted.is_duplicate() {
        return Ok(Ok(None));
    }
    let no = |why: &str| Ok(Err(("same_as", why.to_owned())));
    if wanted.same_as.is_empty() {
        return no("Name the lead that this one is the same as: search for it, and choose it.");
    }
    let me = tx.me()?;
    match leads::store::by_uid(tx.conn, me, &wanted.same_as)? {
        Some(twin) if twin.id == story.lead.id => no("Choose another lead than this one."),
        Some(twin) => Ok(Ok(Some(twin.id))),
        None => no("Choose a lead from those that were found."),
    }
}

/// The leads to choose from: those that were searched for, else those with the same address or number. Only what
/// `me` may see is found.
pub fn choices(conn: &mut Conn, me: &Me, story: &Story, form: &Form) -> Result<Vec<Choice>> {
    let q: String = form.value("find").chars().take(200).collect();
    let q = q.as_str();
    let found = if q.is_empty() {
        let digits = Some(leads::phone_digits(&story.lead.phone));
        let digits = digits.filter(|digits| digits.len() >= PHONE_DIGITS);
        let digits = digits.unwrap_or_default();
        let email = story.lead.email.to_lowercase();
        let ids: Vec<i64> = leads::perhaps_same(conn, &email, &digits)?
            .into_iter()
            .map(|lead| lead.id)
            .collect();
        leads::store::visible_by_ids(conn, me, &ids)?
    } else {
        leads::store::search(conn, me, q, SHOWN + 1)?
    };
    let others = found.into_iter().filter(|lead| lead.id != story.lead.id);
    let each = others
        .take(SHOWN as usize)
        .map(|lead| (lead.uid.clone(), label(&lead)));
    Ok(form.choices("same_as", each))
}

fn label(lead: &Lead) -> String {
    let parts = [
        lead.title_name(),
        &lead.company,
        &lead.email,
        crate::style::stage(lead.stage),
    ]
    .into_iter();
    let mut parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.dedup();
    parts.join(" · ")
}
