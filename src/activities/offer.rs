//! What the log form offers: kinds and outcomes, leads, assets and company.

use super::{Activity, store};
use crate::app::Cx;
use crate::db::Conn;
use crate::error::Result;
use crate::form::Form;
use crate::leads::gone::Gone;
use crate::leads::{self, Lead};
use crate::lists::{Kind, List, Lists, Outcome};
use crate::people::Directory;
use crate::rules::access::{Me, Role};
use std::sync::Arc;

const RECENT_LEADS: usize = 6;
const FOUND_LEADS: i64 = 12;

/// What the form offers.
pub struct Offer {
    pub kinds: Vec<Kind>,
    pub outcomes: Vec<Outcome>,
    pub leads: Vec<Lead>,
    /// How many of them the search found.
    pub found: usize,
    /// The entry's lead, where it is somebody else's now.
    pub not_mine: Option<i64>,
    /// What became of the lead that is chosen, where it is none of them.
    pub gone: Option<Gone>,
    pub last_kind: Option<i64>,
    pub assets: Vec<(i64, String)>,
    pub company: Vec<(String, String)>,
}

pub fn offer(
    conn: &mut Conn,
    cx: &Cx,
    me: &Me,
    form: &Form,
    old: Option<&Activity>,
) -> Result<Offer> {
    let today = me.zone.day_of(cx.now);
    let mut leads = match form.value("q") {
        "" => Vec::new(),
        q => leads::store::search(conn, me, q, FOUND_LEADS)?,
    };
    let found = leads.len();
    if found == 0 {
        let since = super::recent_since(today);
        let ids = store::recent_lead_ids(conn, me.id, since, RECENT_LEADS)?;
        leads = leads::store::visible_by_ids(conn, me, &ids)?;
    }
    let not_mine = add_chosen(conn, me, form, old, &mut leads)?;
    let chosen = form.value("lead");
    let gone = match chosen.is_empty() || leads.iter().any(|lead| lead.uid == chosen) {
        true => None,
        false => leads::gone::find(conn, cx, chosen)?,
    };
    let kept = |retired: bool, id: i64, old: Option<i64>| !retired || old == Some(id);
    let (lists, directory): (Arc<Lists>, Arc<Directory>) = (cx.kept.get(conn)?, cx.kept.get(conn)?);
    let last_kind = super::last_kind(conn, me.id, today)?;
    let mut kinds: Vec<Kind> = lists.kinds_to_log(last_kind).into_iter().cloned().collect();
    let retired = old.and_then(|old| lists.kind(old.kind_id));
    kinds.extend(retired.filter(|kind| kind.is_retired).cloned());
    let mut outcomes = lists.outcomes.clone();
    outcomes.retain(|o| kept(o.is_retired, o.id, old.and_then(|old| old.outcome_id)));
    let assets = lists
        .labels_of(List::Asset)
        .filter(|asset| !asset.is_retired);
    let people = directory.people.iter();
    let marketing = people.filter(|p| p.role == Role::Marketing && p.left_on.is_none());
    Ok(Offer {
        kinds,
        outcomes,
        leads,
        found,
        not_mine,
        gone,
        last_kind,
        assets: assets.map(|asset| (asset.id, asset.name.clone())).collect(),
        company: marketing.map(|p| (p.uid.clone(), p.name.clone())).collect(),
    })
}

/// Adds the lead that is chosen, and that of the entry, which keeps it; returns the latter where it is somebody else's now.
fn add_chosen(
    conn: &mut Conn,
    me: &Me,
    form: &Form,
    old: Option<&Activity>,
    leads: &mut Vec<Lead>,
) -> Result<Option<i64>> {
    let chosen = form.value("lead");
    if !chosen.is_empty() && leads.iter().all(|lead| lead.uid != chosen) {
        leads.splice(0..0, leads::store::by_uid(conn, me, chosen)?);
    }
    let before = old.and_then(|old| old.lead_id);
    let Some(id) = before.filter(|id| leads.iter().all(|lead| lead.id != *id)) else {
        return Ok(None);
    };
    leads.insert(0, leads::store::by_id(conn, id)?);
    let is_mine = !leads::store::visible_by_ids(conn, me, &[id])?.is_empty();
    Ok((!is_mine).then_some(id))
}
