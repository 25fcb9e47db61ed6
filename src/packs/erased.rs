//! What a pack no longer says: it stays as it was made, without the names and words of who was erased since.

use super::content::Content;
use super::store;
use crate::db::Conn;
use crate::error::Result;
use crate::leads;
use crate::page::DASH;
use crate::people;
use crate::value::Instant;
use std::collections::{HashMap, HashSet};

/// What stands where somebody's words stood.
const ERASED: &str = "erased";

/// Who and what was erased, read once for any number of packs.
pub struct Erased {
    /// What leads are called since, by uid.
    leads: HashMap<String, String>,
    /// What people are called since.
    people: HashMap<i64, String>,
    /// What anybody is called now; empty where nobody was erased.
    names: HashSet<String>,
    /// The disputes that they wrote, by the lead's uid and the time.
    disputed: HashSet<(String, Instant)>,
    /// What commitments say now, and what was said of their end.
    said: HashMap<i64, (String, Option<String>)>,
}

impl Erased {
    pub fn read(conn: &mut Conn) -> Result<Erased> {
        let people = people::store::erased_names(conn)?;
        let ids: Vec<i64> = people.keys().copied().collect();
        let (names, disputed) = match ids.is_empty() {
            true => Default::default(),
            false => {
                let all = people::store::all(conn)?.into_iter();
                let names = all.map(|person| person.name).collect();
                (names, store::disputed_by(conn, &ids)?)
            }
        };
        Ok(Erased {
            leads: leads::profile::store::erased(conn)?,
            people,
            names,
            disputed,
            said: store::said(conn)?,
        })
    }

    /// Names people and leads as they are called since they were erased, and leaves out what was written by them or of
    /// them.
    pub fn forget(&self, content: &mut Content) {
        self.forget_leads(content);
        self.quote_again(content);
        if self.people.is_empty() {
            return;
        }
        rename(content, &self.people);
        // Packs of before say with whom somebody went by name only: who is not called so any more may have been erased.
        for visit in &mut content.visits {
            if visit.with_id.is_none() && !self.names.contains(&visit.with) {
                visit.with = DASH.to_owned();
            }
        }
        for dispute in &mut content.disputes {
            let place = (dispute.uid.clone(), dispute.disputed_at);
            if self.disputed.contains(&place) {
                dispute.says = ERASED.to_owned();
            }
        }
    }

    /// Commitments are quoted as they stand: they never change, but where who wrote one, or whom it names, was erased.
    fn quote_again(&self, content: &mut Content) {
        for one in &mut content.carried {
            let Some((text, note)) = self.said.get(&one.id) else {
                continue;
            };
            one.text.clone_from(text);
            // One that was open when the pack was made stays open there.
            if let (Some(note), false) = (note, one.note.is_empty()) {
                one.note.clone_from(note);
            }
        }
    }

    /// Names leads by their uid, and leaves out what was said of them.
    fn forget_leads(&self, content: &mut Content) {
        let owners = content.owners.iter_mut();
        let open = owners.flat_map(|owner| [&mut owner.oldest_untouched, &mut owner.oldest_open]);
        for lead in open.flatten() {
            if let Some(now) = self.leads.get(&lead.uid) {
                lead.name.clone_from(now);
            }
        }
        for visit in &mut content.visits {
            if let Some(now) = self.leads.get(&visit.lead_uid) {
                visit.lead.clone_from(now);
            }
        }
        for dispute in &mut content.disputes {
            if let Some(now) = self.leads.get(&dispute.uid) {
                dispute.name.clone_from(now);
                dispute.says = ERASED.to_owned();
            }
        }
    }
}

/// By id, wherever somebody stands.
pub fn rename(content: &mut Content, erased: &HashMap<i64, String>) {
    let reps = content.reps.iter_mut();
    let reps = reps.map(|rep| (Some(rep.person_id), &mut rep.name));
    let owners = content.owners.iter_mut();
    let owners = owners.map(|owner| (owner.person_id, &mut owner.name));
    let visits = content.visits.iter_mut().flat_map(|visit| {
        [
            (Some(visit.person_id), &mut visit.person),
            (visit.with_id, &mut visit.with),
        ]
    });
    let carried = content.carried.iter_mut();
    let carried = carried.map(|one| (Some(one.owner_id), &mut one.owner));
    for (id, name) in reps.chain(owners).chain(visits).chain(carried) {
        if let Some(now) = id.and_then(|id| erased.get(&id)) {
            name.clone_from(now);
        }
    }
}
