//! What somebody sends twice is one act: the second time finds it done, and nobody is told of themselves.

use super::{Done, Move, Story, Terms};
use crate::app::Tx;
use crate::error::Result;
use crate::leads::{Handover, LeadEvent, signals};
use crate::rules::moves::NOT_MY_TERRITORY;
use crate::rules::stage::EventKind;

/// What one person did to a lead since they saw it, where nobody else did anything.
pub struct Alone<'s> {
    story: &'s Story,
    handovers: Vec<&'s Handover>,
    events: Vec<&'s LeadEvent>,
}

/// What a verb comes to where the lead changed since the asker looked: the news, or done where the asker alone has done
/// just that; `None` where nothing changed.
pub fn changed(
    tx: &mut Tx,
    story: &Story,
    seen: &str,
    is_it: impl FnOnce(&mut Tx, &Alone) -> Result<bool>,
) -> Result<Option<Done>> {
    let Some(news) = story.news_since(tx, seen)? else {
        return Ok(None);
    };
    let alone = Alone::since(story, seen, tx.me()?.id);
    Ok(Some(match alone {
        Some(alone) if is_it(tx, &alone)? => Done::Stored,
        _ => Done::Newer(news),
    }))
}

impl<'s> Alone<'s> {
    /// `None` where somebody else was faster, or `seen` is no version of a lead.
    fn since(story: &'s Story, seen: &str, me_id: i64) -> Option<Alone<'s>> {
        let (handovers, events) = story.since(Story::read_version(seen)?);
        let is_mine = |by_id: Option<i64>| by_id == Some(me_id);
        let is_alone =
            handovers.iter().all(|h| is_mine(h.by_id)) && events.iter().all(|e| is_mine(e.by_id));
        is_alone.then_some(Alone {
            story,
            handovers,
            events,
        })
    }

    /// The events, where no hand-over is among what was done.
    fn moves(&self) -> &[&LeadEvent] {
        match self.handovers.is_empty() {
            true => &self.events,
            false => &[],
        }
    }

    pub fn is_moved(&self, wanted: &Move) -> bool {
        let [first, rest @ ..] = self.moves() else {
            return false;
        };
        let and_nurture = match wanted.to_nurture {
            true => matches!(rest, [e] if e.kind == EventKind::Nurture),
            false => rest.is_empty(),
        };
        let next = self.story.lead.next_step_on;
        and_nurture
            && (!wanted.kind.is_closing() || next == wanted.return_on)
            && first.kind == wanted.kind
            && first.reason == wanted.reason
            && first.note == wanted.note
            && first.amount_micros == wanted.amount_micros
            && first.currency == wanted.currency
    }

    pub fn is_given(&self, owner_id: Option<i64>) -> bool {
        let is_it = |e: &LeadEvent| e.kind == EventKind::Assigned && e.owner_id == owner_id;
        owner_id.is_some() && matches!(self.moves(), [e] if is_it(e))
    }

    pub fn is_rerouted(&self, territory_id: i64, note: &str) -> bool {
        let is_it = |e: &LeadEvent| e.reason == NOT_MY_TERRITORY && e.note.ends_with(note);
        self.story.lead.territory_id == Some(territory_id)
            && matches!(self.moves(), [e] if is_it(e))
    }

    pub fn is_handed_over(&self, tx: &mut Tx, terms: &Terms) -> Result<bool> {
        let lead = &self.story.lead;
        let is_it = |h: &Handover| h.note == terms.note && h.urgency == terms.urgency;
        if !matches!(self.handovers.as_slice(), [h] if is_it(h)) {
            return Ok(false);
        }
        let now = Terms::of_lead(tx.conn, lead)?;
        let known = signals::store::of_lead(tx.conn, lead.id)?;
        let is_known = |(kind_id, what): &(i64, String)| {
            let mut known = known.iter();
            known.any(|signal| signal.kind_id == *kind_id && signal.what == *what)
        };
        // By the rules nobody was chosen, and a territory that was not named was found.
        Ok((terms.by_rules || terms.owner_id == lead.owner_id)
            && (terms.territory.is_empty() || terms.territory == now.territory)
            && terms.source == now.source
            && terms.campaign == now.campaign
            && terms.asset == now.asset
            && terms.more_assets.len() == now.more_assets.len()
            && terms.profile == now.profile
            && terms.score == now.score
            && terms.news.iter().all(is_known))
    }
}
