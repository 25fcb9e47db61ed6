//! What a pack is read with: people, calendars and lists, and the parts that need them most.

use super::content::{Against, Dispute, Level, Off, Promise, Reason, Rep, Share};
use super::gather::lead_name;
use super::store;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::Result;
use crate::habit::{self, Ground, HabitRow};
use crate::kept::Kept;
use crate::leads::cohort::{self, Cohort, Grouping, Key, Ownerships};
use crate::lists::Lists;
use crate::people::{Directory, Person};
use crate::rules::access::Role;
use crate::rules::level::{Clause, Tally};
use crate::rules::rank;
use crate::rules::target::Metric;
use crate::service_levels::{self, figures::Figures};
use crate::team::{self, Board, By, Rank, Row, Scope, Who};
use crate::value::Instant;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

pub struct Room {
    pub directory: Arc<Directory>,
    pub calendars: Arc<Calendars>,
    pub lists: Arc<Lists>,
    pub now: Instant,
}

type Days = (NaiveDate, NaiveDate);

impl Room {
    pub fn read(conn: &mut Conn, kept: Kept, now: Instant) -> Result<Room> {
        Ok(Room {
            directory: kept.get(conn)?,
            calendars: kept.get(conn)?,
            lists: kept.get(conn)?,
            now,
        })
    }

    pub fn name(&self, person_id: Option<i64>) -> String {
        self.directory.name(person_id).to_owned()
    }

    /// The team of somebody now.
    pub fn team_of(&self, person_id: Option<i64>) -> Option<i64> {
        let person_id = person_id?;
        let today = self.calendars.day_at(person_id, self.now);
        self.calendars.team_on(person_id, today)
    }

    /// The week of everybody who prospects: reps, and whoever else had a target or logged something. By team and name.
    pub fn reps(&self, conn: &mut Conn, kept: Kept, days: Days) -> Result<Vec<Rep>> {
        let boards = self.boards(conn, kept, days)?;
        let habits = habit::Filters {
            by: habit::By::Person,
            from: Some(days.0),
            to: Some(days.1),
            as_of: self.now,
            teams: None,
        };
        let habits = habit::report(conn, kept, &habits)?.rows.into_iter();
        let habits: HashMap<i64, HabitRow> = habits
            .filter_map(|row| Some((row.person_id?, row)))
            .collect();
        let mut filters = self.filters(Metric::Activities, days);
        filters.rank = Rank::Percent;
        let (main, beside) = team::board_with_beside(conn, kept, &filters)?;
        let mut reps: Vec<Rep> = Vec::new();
        for row in &main.rows {
            let Who::Person(id) = row.who else { continue };
            let Some(person) = self.directory.person(id) else {
                continue;
            };
            let against = against(&boards, id);
            let has_target = against.iter().any(|one| one.target.is_some());
            let has_work = row.value.is_some_and(|value| value > 0.0);
            if person.role != Role::Rep && !has_target && !has_work {
                continue;
            }
            let beside = beside.get(&row.who).copied().unwrap_or_default();
            let habit = habits.get(&id);
            let memberships = self.calendars.memberships(id).iter();
            let of_week = memberships.filter(|m| m.holds_within(days.0, days.1));
            reps.push(Rep {
                teams: of_week.map(|m| m.team_id).collect(),
                hit: habit.map_or(0, |habit| habit.hit),
                expected: habit.map_or(0, |habit| habit.expected),
                off: self.off(person, days),
                activities: beside.activities,
                reached: beside.reached,
                leads_reached: beside.leads_reached,
                late: Some(beside.late),
                against,
                ..rep(row, person)
            });
        }
        place(&mut reps, &main);
        reps.sort_by(|a, b| (&a.team, &a.name, a.person_id).cmp(&(&b.team, &b.name, b.person_id)));
        Ok(reps)
    }

    fn filters(&self, metric: Metric, days: Days) -> team::Filters {
        team::Filters {
            metric,
            from: Some(days.0),
            to: Some(days.1),
            by: By::Person,
            rank: Rank::Value,
            as_of: self.now,
            scope: Scope::Everybody,
            peers: None,
        }
    }

    /// The board of each metric that somebody had a target for: a few.
    fn boards(
        &self,
        conn: &mut Conn,
        kept: Kept,
        days: Days,
    ) -> Result<Vec<(Metric, HashMap<i64, Row>)>> {
        let ground = Ground::kept(conn, kept)?;
        let loggers = ground.loggers();
        let asked = loggers.flat_map(|person| ground.metrics_between(person.id, days.0, days.1));
        let mut metrics: BTreeSet<Metric> = asked.collect();
        metrics.insert(Metric::Activities);
        let mut boards = Vec::new();
        for metric in metrics {
            let board = team::board(conn, kept, &self.filters(metric.clone(), days))?;
            let rows = board.rows.into_iter().filter_map(|row| match row.who {
                Who::Person(id) => Some((id, row)),
                Who::Team(_) => None,
            });
            boards.push((metric, rows.collect()));
        }
        Ok(boards)
    }

    /// The working days that holidays and time off took, or halved.
    fn off(&self, person: &Person, (from, to): Days) -> Vec<Off> {
        let days = from.iter_days().take_while(|day| *day <= to);
        let here = days.filter(|day| person.left_on.is_none_or(|left_on| *day <= left_on));
        let off = |day: NaiveDate| {
            let share = self.calendars.share_of(person.id, day);
            (share.fraction < share.scheduled).then_some(Off {
                day,
                is_half: share.fraction > 0.0,
            })
        };
        here.filter_map(off).collect()
    }

    /// Both sides' service levels for the hand-overs of the week: of all, then of each team.
    pub fn levels(&self, conn: &mut Conn, (from, to): Days) -> Result<Vec<Level>> {
        let filters = service_levels::Filters {
            cohort: Cohort {
                from: Some(from),
                to: Some(to),
                as_of: self.now,
                definition: None,
            },
            by: Some(Grouping::Team),
        };
        let report = service_levels::report(conn, &filters, None)?;
        let all = Level {
            is_all: true,
            delivered: Some(report.volume.delivered),
            promised: report.volume.promised,
            ..level(None, "", &report.total)
        };
        let groups = report.groups.iter().map(|group| {
            let team_id = match group.key {
                Key::Id(id) => id,
                _ => None,
            };
            level(team_id, &group.name, &group.figures)
        });
        Ok([all].into_iter().chain(groups).collect())
    }

    /// How often leads of each source ended for each reason in the week, the most frequent first; of the team of whoever
    /// owned the lead then.
    pub fn reasons(&self, conn: &mut Conn, (from, to): Days) -> Result<Vec<Reason>> {
        let zone = &self.directory.workspace.zone;
        let after = to.succ_opt().unwrap_or(to);
        let until = zone.midnight(after).min(Instant(self.now.0 + 1));
        let ended = store::ended(conn, (zone.midnight(from), until))?;
        let lead_ids: Vec<i64> = ended.iter().map(|row| row.lead_id).collect();
        let ownerships = Ownerships {
            owners: cohort::owners_of(conn, &lead_ids)?,
            calendars: &self.calendars,
        };
        let mut counts: BTreeMap<(String, &str, String, Option<i64>), u64> = BTreeMap::new();
        for row in ended {
            let source = self.lists.label_name(row.source_id).to_owned();
            let team_id = ownerships.team(row.lead_id, row.at);
            let key = (source, row.kind.label(), row.reason, team_id);
            *counts.entry(key).or_default() += 1;
        }
        let mut reasons: Vec<Reason> = counts
            .into_iter()
            .map(|((source, event, reason, team_id), n)| Reason {
                source,
                event: event.to_owned(),
                reason,
                team_id,
                n,
            })
            .collect();
        reasons.sort_by(|a, b| (&a.source, b.n).cmp(&(&b.source, a.n)));
        Ok(reasons)
    }

    pub fn disputes(&self, conn: &mut Conn) -> Result<Vec<Dispute>> {
        let rows = store::disputes(conn, self.now)?.into_iter();
        let dispute = |(row, reason): (store::DisputeRow, String)| Dispute {
            name: lead_name(&row.name, &row.company),
            uid: row.uid,
            owner_id: row.owner_id,
            team_id: self.team_of(row.owner_id),
            reason,
            disputed_at: row.at,
            says: row.says,
        };
        Ok(rows.map(dispute).collect())
    }
}

fn rep(row: &Row, person: &Person) -> Rep {
    Rep {
        person_id: person.id,
        name: person.name.clone(),
        team_id: row.team_id,
        team: row.team.clone().unwrap_or_default(),
        teams: Vec::new(),
        is_line: false,
        place: None,
        hit: 0,
        expected: 0,
        off: Vec::new(),
        activities: 0.0,
        reached: 0.0,
        leads_reached: 0.0,
        late: None,
        against: Vec::new(),
    }
}

fn against(boards: &[(Metric, HashMap<i64, Row>)], person_id: i64) -> Vec<Against> {
    let of = |(metric, rows): &(Metric, HashMap<i64, Row>)| {
        let row = rows.get(&person_id);
        Against {
            metric: metric.label().to_owned(),
            value: row.and_then(|row| row.value),
            target: row.and_then(|row| row.target),
            share: None,
        }
    };
    boards.iter().map(of).collect()
}

/// Places within each team: by the share of the own target, and where nobody of it has one by the value.
fn place(reps: &mut [Rep], main: &Board) {
    let rows: HashMap<i64, &Row> = main
        .rows
        .iter()
        .filter_map(|row| match row.who {
            Who::Person(id) => Some((id, row)),
            Who::Team(_) => None,
        })
        .collect();
    let teams: BTreeSet<Option<i64>> = reps.iter().map(|rep| rep.team_id).collect();
    for team in teams {
        let theirs = reps.iter_mut().filter(|rep| rep.team_id == team);
        let theirs: Vec<&mut Rep> = theirs.collect();
        let row_of = |rep: &Rep| rows.get(&rep.person_id).filter(|row| !row.is_away);
        let has_targets = theirs
            .iter()
            .any(|rep| row_of(rep).is_some_and(|row| row.percent.is_some()));
        let ranked = rank::ranked(
            theirs,
            |rep| {
                let row = row_of(rep)?;
                if has_targets { row.percent } else { row.value }
            },
            |rep| rep.name.clone(),
        );
        for (place, rep) in ranked {
            rep.place = place;
        }
    }
}

fn level(team_id: Option<i64>, team: &str, figures: &Figures) -> Level {
    let promise = |(clause, tally): (&Clause, Tally)| Promise {
        label: clause.label().to_owned(),
        met: tally.met,
        missed: tally.missed,
        pending: tally.pending,
        not_applicable: tally.not_applicable,
    };
    let share = |(name, label, rate): (&str, &str, crate::rules::rates::Rate)| Share {
        label: label.to_owned(),
        k: rate.k,
        n: rate.n,
        pending: Some(figures.pending(name)),
    };
    Level {
        team_id,
        team: team.to_owned(),
        is_all: false,
        n: figures.n,
        sales: Clause::ALL.iter().zip(figures.sales).map(promise).collect(),
        marketing: figures.marketing().into_iter().map(share).collect(),
        delivered: None,
        promised: None,
    }
}
