//! Entries that several people make in the same moment: the plain ones are stored in one transaction (decision 7).

use super::ground::Ground;
use super::store::{self, NewActivity, TouchOf};
use super::{Entry, Logged, Step, alike_within, move_on, step};
use crate::app::{Cx, Tx};
use crate::db::{Conn, Together};
use crate::error::{Error, Result};
use crate::kept::Kept;
use crate::leads::gone::Touched;
use crate::leads::{self, Lead};
use crate::rules::access::Me;
use crate::rules::next_step::Becomes;
use crate::value::Instant;
use std::collections::{HashMap, HashSet};

/// Those who log just now. Each is told whether their entry is stored, when it is safe; one that is not plain is not.
type Waiting = Together<Asked, Result<bool>>;

/// An entry, and the lead that it touches.
struct Asked {
    new: NewActivity,
    touch: Option<Touch>,
}

struct Touch {
    by: Me,
    now: Instant,
    /// From which address it is asked.
    address: String,
    lead_uid: String,
    step: Step,
    is_again: bool,
}

/// A touch of which nothing has to be asked, and what becomes of the lead's next step.
struct Plain<'a> {
    touch: &'a Touch,
    lead: Lead,
    becomes: Becomes,
}

/// As [`super::log`], in the name of the asker.
pub fn log(cx: &Cx, entry: &Entry) -> Result<Logged> {
    let waiting = cx.kept.lasting::<Waiting>();
    if let Some(asked) = asked(cx, entry) {
        let is_stored = waiting.ask(asked, |all| store_all(cx, &all));
        if is_stored.unwrap_or(Ok(false))? {
            return Ok(Logged::Stored);
        }
    }
    cx.write(|tx| super::log(tx, entry))
}

/// `None` where the entry is wrong.
fn asked(cx: &Cx, entry: &Entry) -> Option<Asked> {
    let me = cx.me().ok()?;
    let new = Ground::of(cx)
        .and_then(|ground| ground.new_row(entry))
        .ok()?;
    let touch = entry.lead_uid.as_ref().map(|uid| Touch {
        by: me.clone(),
        now: cx.now,
        address: cx.request.address.clone(),
        lead_uid: uid.clone(),
        step: entry.step,
        is_again: entry.is_again,
    });
    Some(Asked { new, touch })
}

/// All that are plain in one transaction. Where the database refuses one of them none is stored, so that nobody answers for
/// others.
fn store_all(cx: &Cx, all: &[Asked]) -> Vec<Result<bool>> {
    match cx.app.db.write(|conn| store_plain(conn, cx.kept, all)) {
        Ok(are_stored) => are_stored.into_iter().map(Ok).collect(),
        Err(Error::Internal(_)) => vec![Ok(false); all.len()],
        Err(error) => vec![Err(error); all.len()],
    }
}

fn store_plain(conn: &mut Conn, kept: Kept, all: &[Asked]) -> Result<Vec<bool>> {
    let plain = plain_touches(conn, all)?;
    let rows = all.iter().enumerate().filter_map(|(at, asked)| {
        let mut new = asked.new.clone();
        if asked.touch.is_some() {
            new.lead_id = Some(plain.get(&at)?.lead.id);
        }
        Some((at, new))
    });
    let (places, rows): (Vec<usize>, Vec<NewActivity>) = rows.unzip();
    let mut are_stored = vec![false; all.len()];
    let mut touched = Vec::new();
    for ((at, new), id) in places.iter().zip(&rows).zip(store::add_each(conn, &rows)?) {
        let Some(id) = id else { continue };
        are_stored[*at] = true;
        if let Some(plain) = plain.get(at) {
            let tx = &mut plain.touch.tx(conn, kept);
            let step = (plain.touch.step.said, plain.becomes);
            move_on(tx, new, id, &plain.lead, step)?;
            touched.push(plain);
        }
    }
    let ids: Vec<i64> = touched.iter().map(|plain| plain.lead.id).collect();
    if let Some(last) = touched.last() {
        leads::refresh(&mut last.touch.tx(conn, kept), &ids)?;
    }
    Ok(are_stored)
}

impl Touch {
    fn tx<'t>(&'t self, conn: &'t mut Conn, kept: Kept<'t>) -> Tx<'t> {
        Tx {
            conn,
            kept,
            me: Some(&self.by),
            now: self.now,
            address: &self.address,
        }
    }
}

/// The touches that are plain, by their place: of a lead with sales that the asker sees and nobody else touches at once, of
/// whose next step nobody planned another meanwhile, and unlike any before.
fn plain_touches<'a>(conn: &mut Conn, all: &'a [Asked]) -> Result<HashMap<usize, Plain<'a>>> {
    let touches = all.iter().enumerate();
    let touches: Vec<(usize, &Asked, &Touch)> = touches
        .filter_map(|(at, asked)| Some((at, asked, asked.touch.as_ref()?)))
        .collect();
    let windows = || {
        touches
            .iter()
            .map(|(_, asked, _)| alike_within(asked.new.happened_at))
    };
    let (Some(from), Some(to)) = (
        windows().map(|(from, _)| from).min(),
        windows().map(|(_, to)| to).max(),
    ) else {
        return Ok(HashMap::new());
    };
    let uids: Vec<&str> = touches
        .iter()
        .map(|(.., touch)| touch.lead_uid.as_str())
        .collect();
    let held = leads::store::held(conn, &uids)?;
    let ids: Vec<i64> = held.iter().map(|lead| lead.id).collect();
    let before = store::touches_between(conn, &ids, from, to)?;
    let leads: HashMap<&str, &Lead> = held.iter().map(|lead| (lead.uid.as_str(), lead)).collect();
    let (mut plain, mut seen) = (HashMap::new(), HashSet::new());
    for (at, asked, touch) in touches {
        let Some(lead) = leads.get(touch.lead_uid.as_str()) else {
            continue;
        };
        let new = &asked.new;
        let (from, to) = alike_within(new.happened_at);
        let is_like = |one: &TouchOf| {
            (one.person_id, one.lead_id, one.kind_id) == (new.person_id, Some(lead.id), new.kind_id)
                && (from..=to).contains(&one.happened_at)
        };
        let is_asked_about = !touch.is_again && before.iter().any(is_like);
        let is_theirs = touch.by.sees_lead(lead.owner_id, lead.stage);
        let is_with_sales = lead.stage.is_open() && lead.erased_at.is_none();
        if is_asked_about || !is_theirs || !is_with_sales || !seen.insert(lead.id) {
            continue;
        }
        let touched = Touched {
            lead: (*lead).clone(),
            is_theirs,
        };
        let becomes = step::after(touch.step, &touched, &mut new.clone(), true)?;
        let lead = touched.lead;
        if becomes != Becomes::Moved {
            plain.insert(
                at,
                Plain {
                    touch,
                    lead,
                    becomes,
                },
            );
        }
    }
    Ok(plain)
}
