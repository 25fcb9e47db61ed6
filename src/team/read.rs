//! What a board is made from: people, teams, calendars and targets, each read once.

use super::{By, Filters, Rank, Row, Scope, Span, Who, last_local_day};
use crate::activities::totals;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::Result;
use crate::habit::Ground;
use crate::kept::Kept;
use crate::people::peers::Peers;
use crate::people::{self, Directory, Person};
use crate::rules::access::Role;
use crate::rules::target::DayShare;
use crate::targets::Ledger;
use chrono::NaiveDate;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

pub struct Reading<'f> {
    pub filters: &'f Filters,
    pub directory: Arc<Directory>,
    pub calendars: Arc<Calendars>,
    pub ledger: Arc<Ledger>,
    pub peers: Arc<Peers>,
    ground: Ground,
    /// The days of the period, both included: without a filter from the first entry's day to that of the as-of.
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// The as-of's day in the workspace's zone.
    pub today: NaiveDate,
    /// Whose entries can count in the period; everybody's without.
    people: Option<Vec<i64>>,
}

/// What a period asks for: who was a member with an expected day in it, and the targets.
#[derive(Default)]
pub struct Asked {
    pub present: HashSet<Who>,
    /// Members whose working days so far were all taken by holidays or time off.
    pub away: HashSet<Who>,
    pub targets: HashMap<Who, f64>,
    /// What of them was due by the as-of; only where it ranks.
    pub dues: HashMap<Who, f64>,
}

/// Whose entries of some days somebody may count: a board of one team reads nothing of the others.
fn people_between(
    conn: &mut Conn,
    scope: &Scope,
    days: (NaiveDate, NaiveDate),
) -> Result<Option<Vec<i64>>> {
    let Scope::Teams { teams, me_id, .. } = scope else {
        return Ok(None);
    };
    let mut people = totals::people_of(conn, teams, days)?;
    people.extend(me_id.filter(|me| !people.contains(me)));
    Ok(Some(people))
}

impl<'f> Reading<'f> {
    pub fn new(conn: &mut Conn, kept: Kept, filters: &'f Filters) -> Result<Reading<'f>> {
        let calendars: Arc<Calendars> = kept.get(conn)?;
        let today = calendars.zone().day_of(filters.as_of);
        let to = filters.to.unwrap_or(today);
        let from = match filters.from {
            Some(from) => from,
            None => totals::first_day(conn, filters.as_of)?.map_or(to, |first| first.min(to)),
        };
        let latest = filters.to.unwrap_or(last_local_day(filters.as_of));
        Ok(Reading {
            people: people_between(conn, &filters.scope, (from, latest))?,
            filters,
            directory: kept.get(conn)?,
            calendars,
            ledger: kept.get(conn)?,
            peers: kept.get(conn)?,
            ground: Ground::kept(conn, kept)?,
            from,
            to,
            today,
        })
    }

    /// The entries that count. Without a last day that is every local day there can be by the as-of.
    pub fn span(&self) -> Span {
        let latest = last_local_day(self.filters.as_of);
        Span {
            from: self.from,
            to: self.filters.to.unwrap_or(latest),
            as_of: self.filters.as_of,
            people: self.people.clone(),
        }
    }

    /// The entries of other days that count for the same rows.
    pub fn span_of(&self, conn: &mut Conn, (from, to): (NaiveDate, NaiveDate)) -> Result<Span> {
        Ok(Span {
            from,
            to,
            as_of: self.filters.as_of,
            people: people_between(conn, &self.filters.scope, (from, to))?,
        })
    }

    /// A team, if what was done in it counts on the board.
    pub fn team_of_board(&self, team: Option<i64>) -> Option<i64> {
        team.filter(|team| self.filters.scope.has_team(Some(*team)))
    }

    /// What a day asks of a person: nothing any more after the last day of a leaver.
    pub fn share(&self, person: &Person, day: NaiveDate) -> DayShare {
        let share = self.calendars.share_of(person.id, day);
        match person.left_on {
            Some(left_on) if left_on < day => DayShare {
                fraction: 0.0,
                ..share
            },
            _ => share,
        }
    }

    /// The first day of each person of which a log can say that they were there and logged nothing.
    pub fn log_begins(&self, conn: &mut Conn) -> Result<impl Fn(&Person) -> NaiveDate> {
        let as_of = self.filters.as_of;
        let first_entry = totals::first_day(conn, as_of)?;
        let begins = move |person: &Person| self.ground.logs_since(person.id, first_entry, as_of);
        Ok(begins)
    }

    /// Presence, from where the log begins up to the day that it is for a person at the as-of, and targets over the
    /// whole period: each stretch of days in one team counts on the row of that team.
    pub fn asked(&self, conn: &mut Conn) -> Result<Asked> {
        let mut asked = Asked::default();
        let begins = self.log_begins(conn)?;
        for person in self.loggers() {
            let stretches = self.stretches(person, self.from, self.to);
            if stretches.is_empty() {
                continue;
            }
            let today = self.calendars.day_at(person.id, self.filters.as_of);
            for (first, last, team, who) in stretches {
                let last_here = last.min(today).min(person.left_on.unwrap_or(last));
                if team.is_some() && !asked.present.contains(&who) {
                    let first = first.max(begins(person));
                    let mut days = first.iter_days().take_while(|day| *day <= last_here);
                    let mut is_asked = false;
                    let is_present = days.any(|day| {
                        let share = self.calendars.share_of(person.id, day);
                        is_asked |= share.scheduled > 0.0;
                        share.fraction > 0.0
                    });
                    match is_present {
                        true => asked.present.insert(who),
                        false => is_asked && asked.away.insert(who),
                    };
                }
                if let Some(target) = self.target(person, first, last) {
                    *asked.targets.entry(who).or_insert(0.0) += target;
                }
                let is_due = self.filters.rank == Rank::Percent;
                if let Some(due) = is_due.then(|| self.due(person, first, last)).flatten() {
                    *asked.dues.entry(who).or_insert(0.0) += due;
                }
            }
        }
        let Asked { present, away, .. } = &mut asked;
        away.retain(|who| matches!(who, Who::Person(_)) && !present.contains(who));
        Ok(asked)
    }

    /// What a person's targets ask over some days.
    pub fn target(&self, person: &Person, from: NaiveDate, to: NaiveDate) -> Option<f64> {
        let metric = &self.filters.metric;
        self.ledger
            .over(person.id, metric, from, to, |day| self.share(person, day))
    }

    /// What of that was due by the as-of: all of a day that is over, and of the day that it is for them then the part of
    /// its working time that is gone.
    pub fn due(&self, person: &Person, from: NaiveDate, to: NaiveDate) -> Option<f64> {
        let (metric, as_of) = (&self.filters.metric, self.filters.as_of);
        let today = self.calendars.day_at(person.id, as_of);
        let calendar = self.calendars.of_person(person.id, today, today);
        let share = |day: NaiveDate| {
            let share = self.share(person, day);
            match day.cmp(&today) {
                Ordering::Less => share,
                Ordering::Equal => share.gone(&calendar, day, as_of),
                Ordering::Greater => DayShare {
                    fraction: 0.0,
                    ..share
                },
            }
        };
        self.ledger.over(person.id, metric, from, to, share)
    }

    /// Those who may log, and so have targets.
    pub fn loggers(&self) -> impl Iterator<Item = &Person> {
        let people = self.directory.people.iter();
        people.filter(|p| p.role != Role::Marketing)
    }

    /// The stretches of days that somebody spent in one team, with that team and the row on which they count.
    pub fn stretches(
        &self,
        person: &Person,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Vec<(NaiveDate, NaiveDate, Option<i64>, Who)> {
        let memberships = self.calendars.memberships(person.id);
        let stretches = people::stretches(memberships, from, to).into_iter();
        let placed = stretches.filter_map(|(first, last)| {
            let team = people::team_on(memberships, first);
            let who = self.filters.who(person.id, team)?;
            Some((first, last, team, who))
        });
        placed.collect()
    }

    /// The rows of the board, without figures and in no order: who has entries, and who belongs to it.
    pub fn rows(&self, values: &HashMap<Who, f64>) -> Vec<Row> {
        match self.filters.by {
            By::Person => {
                let listed = self.directory.people.iter().filter(|person| {
                    values.contains_key(&Who::Person(person.id)) || self.belongs(person)
                });
                let group = self.filters.peers.as_deref();
                let listed = listed.filter(|person| {
                    group.is_none_or(|group| self.peers.on(person.id, self.to) == group)
                });
                listed.map(|person| self.person_row(person)).collect()
            }
            By::Team => {
                let shown = self.directory.teams.iter().filter(|team| {
                    !team.is_retired || values.contains_key(&Who::Team(Some(team.id)))
                });
                let known = shown.map(|team| Some(team.id));
                let teams = known.filter(|team| self.filters.scope.has_team(*team));
                let without = [None]
                    .into_iter()
                    .filter(|_| values.contains_key(&Who::Team(None)));
                teams
                    .chain(without)
                    .map(|team| self.team_row(team))
                    .collect()
            }
        }
    }

    /// Whether somebody stands on the board also with nothing logged: members of a team in the period, and every rep.
    fn belongs(&self, person: &Person) -> bool {
        let has_left = person.left_on.is_some_and(|left_on| left_on < self.from);
        if person.role == Role::Marketing || has_left {
            return false;
        }
        let memberships = self.calendars.memberships(person.id).iter();
        let mut within = memberships.filter(|m| m.holds_within(self.from, self.to));
        match self.filters.scope {
            Scope::Everybody => person.role == Role::Rep || within.next().is_some(),
            Scope::Teams { me_id, .. } => {
                Some(person.id) == me_id
                    || within.any(|m| self.filters.scope.has_team(Some(m.team_id)))
            }
        }
    }

    fn person_row(&self, person: &Person) -> Row {
        let memberships = self.calendars.memberships(person.id);
        let begun = memberships.iter().filter(|m| m.from_day <= self.to);
        let last = begun.max_by_key(|m| (m.until_day, m.from_day, m.id));
        let team = people::team_on(memberships, self.to).or_else(|| last.map(|m| m.team_id));
        Row {
            uid: person.uid.clone(),
            email: Some(person.email.clone()),
            team: team.map(|team| self.team_name(team)),
            team_id: team,
            ..self.row(Who::Person(person.id), person.name.clone())
        }
    }

    fn team_row(&self, team: Option<i64>) -> Row {
        let name = team.map_or_else(String::new, |team| self.team_name(team));
        Row {
            team: Some(name.clone()),
            team_id: team,
            ..self.row(Who::Team(team), name)
        }
    }

    fn team_name(&self, id: i64) -> String {
        let team = self.directory.team(id);
        team.map_or_else(String::new, |team| team.name.clone())
    }

    fn row(&self, who: Who, name: String) -> Row {
        Row {
            who,
            uid: String::new(),
            name,
            email: None,
            team: None,
            team_id: None,
            is_line: false,
            is_away: false,
            place: None,
            value: None,
            target: None,
            percent: None,
            due: None,
            of_due: None,
            improvement: None,
        }
    }
}
