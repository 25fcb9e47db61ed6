//! Who gets a lead: the rules, the rotas and who is at work, as of one instant.

use super::{Rota, store};
use crate::app::Tx;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::lists;
use crate::people::{Directory, Person};
use crate::rules::access::Role;
use crate::rules::profile::Profile;
use crate::rules::territory::{self, Rule, Seat};
use crate::value::Instant;
use chrono::Days;
use std::collections::HashMap;
use std::sync::Arc;

/// A lead waits for whoever is first at work again within these days; beyond them it goes to the queue.
const SOON_DAYS: u64 = 5;
const DAY_US: i64 = 86_400_000_000;

/// All that decides about a lead. [`Desk::pick`] takes turns in memory only.
pub struct Desk {
    pub rules: Vec<Rule>,
    rotas: HashMap<Option<i64>, Rota>,
    directory: Arc<Directory>,
    /// Of labels, those made in this transaction too.
    names: HashMap<i64, String>,
    calendars: Arc<Calendars>,
    now: Instant,
}

/// Whose a lead becomes, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    pub territory_id: Option<i64>,
    /// Nobody: the queue of leads without an owner.
    pub owner_id: Option<i64>,
    /// In a few words, for the history: "Territory North, turn of Ana".
    pub why: String,
}

/// Whether somebody is at work at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    Here,
    /// At work next at this instant, within the next few days.
    From(Instant),
    Away,
}

impl Desk {
    pub fn load(conn: &mut Conn, kept: Kept, now: Instant) -> Result<Desk> {
        let mut desk = Desk {
            rules: store::rules(conn)?,
            rotas: store::rotas(conn)?,
            directory: kept.get(conn)?,
            names: lists::store::label_names(conn)?,
            calendars: kept.get(conn)?,
            now,
        };
        let Desk {
            rotas, directory, ..
        } = &mut desk;
        for rota in rotas.values_mut() {
            rota.seats.retain(|seat| may_own(directory, seat));
        }
        Ok(desk)
    }

    /// The rule that says where a lead like this belongs.
    pub fn rule_for(&self, profile: &Profile) -> Option<&Rule> {
        territory::find(&self.rules, profile)
    }

    /// The seats of a territory's rota, or of the default one; of people who may own leads.
    pub fn seats(&self, territory_id: Option<i64>) -> &[Seat] {
        self.rotas
            .get(&territory_id)
            .map_or(&[], |rota| &rota.seats)
    }

    /// Of which rota a lead of this territory goes round: its own, else the default one, else none. People in `without`
    /// count as if they were on none.
    fn rota_for(&self, territory_id: Option<i64>, without: &[i64]) -> Option<Option<i64>> {
        let has_people = |rota: &Option<i64>| {
            let mut seats = self.seats(*rota).iter();
            seats.any(|seat| !without.contains(&seat.person_id))
        };
        [territory_id, None].into_iter().find(has_people)
    }

    /// Whether a lead of this territory goes round among people of whom this is one.
    pub fn goes_to(&self, territory_id: Option<i64>, without: &[i64], person_id: i64) -> bool {
        let rota = self.rota_for(territory_id, without);
        let mut seats = rota.map_or(&[][..], |rota| self.seats(rota)).iter();
        !without.contains(&person_id) && seats.any(|seat| seat.person_id == person_id)
    }

    pub fn person(&self, id: i64) -> Option<&Person> {
        self.directory.person(id)
    }

    pub fn territory_name(&self, id: Option<i64>) -> &str {
        id.and_then(|id| self.names.get(&id))
            .map_or("", String::as_str)
    }

    /// By their hours, holidays and time off.
    pub fn presence(&self, person_id: i64) -> Presence {
        let today = self.calendars.day_at(person_id, self.now);
        let first = today.pred_opt().unwrap_or(today);
        let last = today
            .checked_add_days(Days::new(SOON_DAYS + 1))
            .unwrap_or(today);
        let calendar = self.calendars.of_person(person_id, first, last);
        // The first microsecond of work from now on ends one later.
        let next = calendar.due(self.now, 1).map(|end| Instant(end.0 - 1));
        match next {
            Some(next) if next <= self.now => Presence::Here,
            Some(next) if next.0 - self.now.0 <= SOON_DAYS as i64 * DAY_US => Presence::From(next),
            _ => Presence::Away,
        }
    }

    /// Those at work now; when nobody is, those who are first at work again within the next few days.
    pub fn present(&self, people: &[i64]) -> Vec<i64> {
        let from = |id: &i64| match self.presence(*id) {
            Presence::Here => Some(self.now),
            Presence::From(at) => Some(at),
            Presence::Away => None,
        };
        let all: Vec<(i64, Instant)> = people
            .iter()
            .filter_map(|id| Some((*id, from(id)?)))
            .collect();
        let Some(first) = all.iter().map(|(_, at)| *at).min() else {
            return Vec::new();
        };
        let present = all.into_iter().filter(|(_, at)| *at == first);
        present.map(|(id, _)| id).collect()
    }

    /// Who may have a turn in a rota now.
    fn candidates(&self, rota: Option<i64>, without: &[i64]) -> Vec<i64> {
        let seats = self.seats(rota).iter().map(|seat| seat.person_id);
        let people: Vec<i64> = seats.filter(|id| !without.contains(id)).collect();
        self.present(&people)
    }

    /// Gives a lead of a territory, or of none, to whose turn it is.
    pub fn pick(&mut self, territory_id: Option<i64>, without: &[i64]) -> Pick {
        let rota = self.rota_for(territory_id, without);
        let owner_id = rota.and_then(|rota| {
            let present = self.candidates(rota, without);
            let rota = self.rotas.get_mut(&rota)?;
            territory::turn(&mut rota.seats, &present)
        });
        Pick {
            territory_id,
            owner_id,
            why: self.why(territory_id, rota, owner_id),
        }
    }

    fn why(
        &self,
        territory_id: Option<i64>,
        rota: Option<Option<i64>>,
        owner: Option<i64>,
    ) -> String {
        let place = match self.territory_name(territory_id) {
            "" => "No territory fits".to_owned(),
            name => format!("Territory {name}"),
        };
        let round = match rota {
            None => return format!("{place}, and nobody to give it to"),
            Some(None) => ", default rota",
            Some(Some(_)) => "",
        };
        match owner {
            None => format!("{place}{round}, nobody is at work soon"),
            Some(id) => format!("{place}{round}, turn of {}", self.directory.name(Some(id))),
        }
    }

    /// Reads the seats of the rota anew that a lead goes round in, and keeps others from changing them meanwhile.
    fn lock(&mut self, tx: &mut Tx, rota: Option<i64>) -> Result<()> {
        if let Some(known) = self.rotas.get_mut(&rota) {
            known.seats = store::lock(tx.conn, known.id)?;
            known.seats.retain(|seat| may_own(&self.directory, seat));
        }
        Ok(())
    }

    fn save(&self, tx: &mut Tx, rota: Option<i64>) -> Result<()> {
        match self.rotas.get(&rota) {
            Some(rota) => store::set_credits(tx.conn, rota),
            None => Ok(()),
        }
    }
}

fn may_own(directory: &Directory, seat: &Seat) -> bool {
    let person = directory.person(seat.person_id);
    person.is_some_and(|p| p.left_on.is_none() && p.role != Role::Marketing)
}

/// Decides whose a lead becomes, and counts the turn: by the territory given by hand, else by the one that its profile has.
/// People in `without` are passed over.
pub fn choose(
    tx: &mut Tx,
    territory_id: Option<i64>,
    profile: &Profile,
    without: &[i64],
) -> Result<Pick> {
    let mut desk = Desk::load(tx.conn, tx.kept, tx.now)?;
    let found = || desk.rule_for(profile).map(|rule| rule.territory_id);
    let territory_id = territory_id.or_else(found);
    let rota = desk.rota_for(territory_id, without);
    if let Some(rota) = rota {
        desk.lock(tx, rota)?;
    }
    let pick = desk.pick(territory_id, without);
    if let Some(rota) = rota {
        desk.save(tx, rota)?;
    }
    Ok(pick)
}

/// Counts a turn that somebody was given by hand as the rules had proposed it; nothing where it was not theirs to have.
pub fn take_turn(
    tx: &mut Tx,
    territory_id: Option<i64>,
    without: &[i64],
    person_id: i64,
) -> Result<()> {
    let mut desk = Desk::load(tx.conn, tx.kept, tx.now)?;
    let Some(rota) = desk.rota_for(territory_id, without) else {
        return Ok(());
    };
    desk.lock(tx, rota)?;
    let present = desk.candidates(rota, without);
    if !present.contains(&person_id) {
        return Ok(());
    }
    if let Some(rota) = desk.rotas.get_mut(&rota) {
        territory::give(&mut rota.seats, &present, person_id);
    }
    desk.save(tx, rota)
}
