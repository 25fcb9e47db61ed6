//! The leaderboard: any metric over any days, by person or team. The page, its CSV and the report are one board.

mod against;
mod asked;
mod before;
mod behind;
mod beside;
mod best;
mod check;
mod entries;
mod explain;
mod figure;
mod funnel;
mod goal;
mod goal_explained;
mod improved;
mod limits;
mod page;
mod peers;
mod rates;
mod rates_page;
mod read;
mod report;
mod screens;
mod sight;
mod together;
mod trend;
mod view;
mod wall;
mod weeks;
mod why;

pub use crate::activities::totals::Beside;
pub use entries::page as entries_page;
pub use explain::{explanation, page as explain_page};
pub use goal::TeamBar;
pub use page::page;
pub use peers::{create as create_peer, page as peers_page};
pub use rates::{Conversion, InTeam, RateRow, Rates, rates};
pub use rates_page::page as rates_page;
pub use report::{Leaderboard, report};
pub use screens::{create as create_screen, page as screens_page, take_down as take_down_screen};
pub use wall::page as wall_page;

use crate::activities::totals::{self, Span};
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::kept::Kept;
use crate::people::Directory;
use crate::rules::access::{Me, Role};
use crate::rules::rank;
use crate::rules::target::Metric;
use crate::value::Instant;
use check::{check, check_days, check_peers};
use chrono::{Days, NaiveDate};
use read::Reading;
use std::collections::{HashMap, HashSet};

crate::words! {
    /// What a row of the board is about.
    pub enum By { Person = "person", Team = "team" }
}

crate::words! {
    /// What decides the places: the value, its share of what one's own target asked for by then, or the improvement of
    /// the last weeks.
    pub enum Rank { Value = "value", Percent = "percent", Improved = "improved" }
}

/// Who and what a board is over.
#[derive(Debug, Clone)]
pub struct Filters {
    pub metric: Metric,
    /// Both days included, as local days; without them all history up to `as_of`.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub by: By,
    pub rank: Rank,
    /// What happened after it is hidden.
    pub as_of: Instant,
    pub scope: Scope,
    /// Only people who are in this peer group on the last day, compared with each other; no matter for teams.
    pub peers: Option<String>,
}

/// Whose work a board shows.
#[derive(Debug, Clone)]
pub enum Scope {
    Everybody,
    /// What was done in these teams, and what `me_id` did anywhere; a screen on a wall is nobody.
    Teams {
        teams: Vec<i64>,
        me_id: Option<i64>,
        /// Whether they manage the teams, and see all of them whatever the display mode.
        leads: bool,
    },
}

impl Scope {
    /// An admin's is everybody, others see the teams that they belong to today.
    pub fn of(me: &Me) -> Scope {
        match me.role {
            Role::Admin => Scope::Everybody,
            _ => Scope::Teams {
                teams: me.teams.clone(),
                me_id: Some(me.id),
                leads: me.role == Role::Manager,
            },
        }
    }

    /// As a screen on a wall shows a team: to somebody who is nobody in it, and leads nobody.
    pub fn wall(team_id: i64) -> Scope {
        Scope::Teams {
            teams: vec![team_id],
            me_id: None,
            leads: false,
        }
    }

    /// Of somebody by their address, as they would see the board today. Refused: nobody, and who sees no board.
    pub fn of_address(conn: &mut Conn, kept: Kept, email: &str, now: Instant) -> Result<Scope> {
        let directory = kept.get::<Directory>(conn)?;
        let person = directory.people.iter().find(|p| p.email == email);
        let person = person.filter(|person| person.left_on.is_none());
        let Some(person) = person.filter(|person| person.role != Role::Marketing) else {
            return Err(Error::refused(format!(
                "Nobody who sees a leaderboard has the address {email}."
            )));
        };
        let today = kept.get::<Calendars>(conn)?.day_at(person.id, now);
        let theirs = directory.memberships_of(person.id);
        let teams = theirs.filter(|m| m.holds_on(today)).map(|m| m.team_id);
        Ok(match person.role {
            Role::Admin => Scope::Everybody,
            role => Scope::Teams {
                teams: teams.collect(),
                me_id: Some(person.id),
                leads: role == Role::Manager,
            },
        })
    }

    /// Whether they see everybody of their scope whatever the display mode.
    pub fn leads(&self) -> bool {
        matches!(self, Scope::Everybody | Scope::Teams { leads: true, .. })
    }

    fn has_team(&self, team: Option<i64>) -> bool {
        match self {
            Scope::Everybody => true,
            Scope::Teams { teams, .. } => team.is_some_and(|team| teams.contains(&team)),
        }
    }

    fn is_me(&self, person: i64) -> bool {
        matches!(self, Scope::Teams { me_id, .. } if *me_id == Some(person))
    }
}

/// Who a row is about; work without a team has a row of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    Person(i64),
    Team(Option<i64>),
}

impl Filters {
    /// The same of every peer group, for who is not limited to their own; `None` where no group limits it.
    fn of_all_groups(&self) -> Option<Filters> {
        let is_limited = self.peers.is_some() && self.by == By::Person && self.scope.leads();
        is_limited.then(|| Filters {
            peers: None,
            ..self.clone()
        })
    }

    /// The row on which the work of a person in a team counts; `None` where it is out of scope.
    fn who(&self, person: i64, team: Option<i64>) -> Option<Who> {
        match self.by {
            By::Team => self.scope.has_team(team).then_some(Who::Team(team)),
            By::Person => {
                let seen = self.scope.has_team(team) || self.scope.is_me(person);
                seen.then_some(Who::Person(person))
            }
        }
    }
}

/// A board, its rows in order.
#[derive(Debug)]
pub struct Board {
    pub rows: Vec<Row>,
    /// What each team has together; of those that the asker leads, or whose display mode is not off.
    pub bars: Vec<TeamBar>,
    /// Everybody's value together, a person in two teams once; only for who sees everybody.
    pub together: Option<f64>,
    /// What stands beside that: of leads reached each once. Nothing where it was not asked for.
    pub beside_together: Beside,
    /// Whether the period had not ended by the as-of.
    pub is_running: bool,
    /// Whether the workspace has set neither zone nor hours.
    pub is_default_hours: bool,
}

/// What somebody did, next to what they were to do.
#[derive(Debug, Clone)]
pub struct Row {
    pub who: Who,
    /// Of a person.
    pub uid: String,
    pub name: String,
    pub email: Option<String>,
    /// The team's name: for a person that of the period's last day, or the last before it.
    pub team: Option<String>,
    pub team_id: Option<i64>,
    /// Whether it stands here without its owner, as a line to reach.
    pub is_line: bool,
    /// Off on every working day of the period so far: no place, whatever was logged.
    pub is_away: bool,
    /// Ties share a place; without a value (or share, or improvement) there is none.
    pub place: Option<usize>,
    /// 0 is present with nothing logged; `None` is not a member with an expected day, and nothing logged.
    pub value: Option<f64>,
    /// What the targets in force asked for over the period.
    pub target: Option<f64>,
    /// Value by target, 0 to 1 and beyond.
    pub percent: Option<f64>,
    /// What of the target was due by the as-of, and the value by that; only where the share of the target ranks: while a
    /// period runs, whoever is off at its end would stand first for it.
    pub due: Option<f64>,
    pub of_due: Option<f64>,
    /// METRICS.md 4.2; only where it ranks.
    pub improvement: Option<f64>,
}

impl Row {
    /// By what it ranks; nothing of who is away.
    fn ranks_by(&self, rank: Rank) -> Option<f64> {
        match rank {
            _ if self.is_away => None,
            Rank::Value => self.value,
            Rank::Percent => self.of_due,
            Rank::Improved => self.improvement,
        }
    }
}

impl Board {
    /// What the rows have together, and what stands beside it; nothing of one row alone, which says it already.
    pub fn all(&self) -> Option<(f64, Beside)> {
        let together = self.together.filter(|_| self.rows.len() > 1)?;
        Some((together, self.beside_together))
    }
}

/// Makes the board in a fixed number of queries. Refused, with a sentence that says what is allowed: days in the wrong
/// order, and a kind that there is not.
pub fn board(conn: &mut Conn, kept: Kept, filters: &Filters) -> Result<Board> {
    check(conn, kept, filters)?;
    let reading = Reading::new(conn, kept, filters)?;
    let values = values(conn, kept, &reading, &filters.metric)?;
    with_values(conn, kept, &reading, &values)
}

/// As [`board`], and what stands beside its values.
pub fn board_with_beside(
    conn: &mut Conn,
    kept: Kept,
    filters: &Filters,
) -> Result<(Board, HashMap<Who, Beside>)> {
    check(conn, kept, filters)?;
    let reading = Reading::new(conn, kept, filters)?;
    let (mut activities, mut reached) = (HashMap::new(), HashMap::new());
    let sums = totals::reached_or_not(conn, &reading.span())?;
    for sum in &sums {
        let Some(who) = filters.who(sum.person_id, sum.team_id) else {
            continue;
        };
        *activities.entry(who).or_insert(0.0) += sum.quantity as f64;
        if sum.is_reached {
            *reached.entry(who).or_insert(0.0) += sum.quantity as f64;
        }
    }
    let leads_reached = values(conn, kept, &reading, &Metric::LeadsReached)?;
    let board = match &filters.metric {
        Metric::Activities => with_values(conn, kept, &reading, &activities)?,
        Metric::Reached => with_values(conn, kept, &reading, &reached)?,
        Metric::LeadsReached => with_values(conn, kept, &reading, &leads_reached)?,
        metric => {
            let values = values(conn, kept, &reading, metric)?;
            with_values(conn, kept, &reading, &values)?
        }
    };
    let mut beside: HashMap<Who, Beside> = HashMap::new();
    for (who, value) in activities {
        beside.entry(who).or_default().activities = value;
    }
    for (who, value) in reached {
        beside.entry(who).or_default().reached = value;
    }
    for (who, value) in leads_reached {
        beside.entry(who).or_default().leads_reached = value;
    }
    for (person, team, quantity) in totals::late(conn, &reading.span())? {
        if let Some(who) = filters.who(person, team) {
            beside.entry(who).or_default().late += quantity as f64;
        }
    }
    let seen: HashSet<Who> = board
        .rows
        .iter()
        .filter(|row| !row.is_line)
        .map(|row| row.who)
        .collect();
    beside.retain(|who, _| seen.contains(who));
    let mut board = board;
    beside::put(conn, kept, &reading, &mut board, (&beside, &sums))?;
    Ok((board, beside))
}

fn with_values(
    conn: &mut Conn,
    kept: Kept,
    reading: &Reading,
    values: &HashMap<Who, f64>,
) -> Result<Board> {
    let rank = reading.filters.rank;
    let asked = reading.asked(conn)?;
    let improvements = match rank {
        Rank::Improved => improved::improvements(conn, kept, reading)?,
        _ => HashMap::new(),
    };
    let mut rows = reading.rows(values);
    for row in &mut rows {
        row.is_away = asked.away.contains(&row.who);
        let present = asked.present.contains(&row.who).then_some(0.0);
        row.value = values.get(&row.who).copied().or(present);
        row.target = asked.targets.get(&row.who).copied();
        row.due = asked.dues.get(&row.who).copied();
        let value = row.value;
        let by = |of: Option<f64>| value.zip(of).map(|(value, of)| value / of);
        row.percent = by(row.target).filter(|share| share.is_finite());
        row.of_due = by(row.due).filter(|share| share.is_finite());
        row.improvement = improvements.get(&row.who).copied().flatten();
    }
    let ranked = rank::ranked(
        rows,
        |row| row.ranks_by(rank),
        |row| (row.name.clone(), row.email.clone()),
    );
    let rows = ranked.into_iter().map(|(place, row)| Row { place, ..row });
    let rows = sight::shown(rows.collect(), reading);
    Ok(Board {
        together: goal::together(conn, kept, reading, &rows)?,
        beside_together: Beside::default(),
        is_running: reading.today <= reading.to,
        rows,
        bars: goal::bars(conn, kept, reading)?,
        is_default_hours: reading.calendars.is_default,
    })
}

fn values(
    conn: &mut Conn,
    kept: Kept,
    reading: &Reading,
    metric: &Metric,
) -> Result<HashMap<Who, f64>> {
    let filters = reading.filters;
    totals::by(conn, kept, metric, &reading.span(), |person, team, _| {
        filters.who(person, team)
    })
}

/// The last day on which somebody's local day can be when it is this instant in UTC.
fn last_local_day(at: Instant) -> NaiveDate {
    let day = at.to_utc().date_naive();
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}
