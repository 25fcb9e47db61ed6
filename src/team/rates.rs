//! People's rates: shrunk towards the team's and in tiers, never in ranks. Source: METRICS.md 4.1.

use super::read::Reading;
use super::{By, Filters, Row, Scope, Who, check_days, check_peers, sight};
use crate::activities::totals;
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::rules::display::{DisplayMode, Sight, Stand, shows_own_place, sight as sight_of};
use crate::rules::rates::{Prior, Rate};
use crate::rules::tiers::{self, LEAST_TRIALS, Placed};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

crate::words! {
    /// What is a share of what.
    pub enum Conversion {
        /// Activities that reached somebody, of all.
        ShareReached = "share_reached",
        /// Leads with a meeting booked in the period, of those touched in it.
        MeetingsPerProspect = "meetings_per_prospect",
    }
}

impl Conversion {
    pub fn label(self) -> &'static str {
        match self {
            Conversion::ShareReached => "Share reached",
            Conversion::MeetingsPerProspect => "Meetings per prospect",
        }
    }

    /// What is above the line, and what below it.
    pub fn counted(self) -> &'static str {
        match self {
            Conversion::ShareReached => "Reached somebody",
            Conversion::MeetingsPerProspect => "With a meeting",
        }
    }

    pub fn of(self) -> &'static str {
        match self {
            Conversion::ShareReached => "Activities",
            Conversion::MeetingsPerProspect => "Leads touched",
        }
    }

    /// What the numbers count, for a page.
    pub fn about(self) -> &'static str {
        match self {
            Conversion::ShareReached => {
                "Activities that reached somebody, of all prospecting activities."
            }
            Conversion::MeetingsPerProspect => {
                "Leads with a meeting booked in these days, of all leads touched in them; a lead counts once."
            }
        }
    }
}

/// A share as the team's prior sees it, with its 90 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shrunk {
    pub mean: f64,
    pub low: f64,
    pub high: f64,
}

/// Somebody's rate in their team, and the team's: what the funnel plot holds against each other. The team is that of the
/// last day, and of who did nothing in that the one in which they did most.
#[derive(Debug, Clone)]
pub struct InTeam {
    pub team_id: i64,
    pub name: String,
    /// What they did in it; n is above 0.
    pub own: Rate,
    /// What was done in it, by whoever.
    pub all: Rate,
}

/// Somebody's rate.
#[derive(Debug, Clone)]
pub struct RateRow {
    pub person_id: i64,
    pub uid: String,
    pub name: String,
    pub email: String,
    pub team: String,
    /// Off on every working day of the period so far.
    pub is_away: bool,
    pub rate: Rate,
    /// `None` while warming up, for who is away, and where the reader sees no comparison.
    pub tier: Option<usize>,
    pub shrunk: Option<Shrunk>,
    pub expected_rank: Option<f64>,
    /// `None` where nothing was done in a team, and where the reader sees no comparison.
    pub in_team: Option<InTeam>,
    place: Option<usize>,
}

/// The rates of a board's people, by tier and shrunk rate, those warming up last.
#[derive(Debug)]
pub struct Rates {
    pub rows: Vec<RateRow>,
    /// Of all together; `None` where the reader sees only themselves.
    pub team: Option<Rate>,
    /// Whether people differ by more than chance would make them.
    pub is_measurable: bool,
    /// The chance that people who are alike would differ as much; `None` where the reader sees only themselves.
    pub spread_p: Option<f64>,
    /// What each rate is shrunk towards; `None` where the reader sees only themselves.
    pub prior: Option<Prior>,
}

/// Reads the rates of a period. Refused as the board is. Members are compared with their whole teams, of which a peer
/// group only chooses the rows: what a group of two has together is what the other one has.
pub fn rates(
    conn: &mut Conn,
    kept: Kept,
    filters: &Filters,
    conversion: Conversion,
) -> Result<Rates> {
    check_days(filters)?;
    check_peers(conn, kept, filters)?;
    let group = filters.peers.as_ref().filter(|_| !filters.scope.leads());
    let filters = &Filters {
        by: By::Person,
        peers: filters.peers.clone().filter(|_| group.is_none()),
        ..filters.clone()
    };
    let reading = Reading::new(conn, kept, filters)?;
    let counted = match conversion {
        Conversion::ShareReached => shares_reached(conn, &reading)?,
        Conversion::MeetingsPerProspect => meetings(conn, &reading)?,
    };
    let trials = counted
        .whole
        .iter()
        .map(|(who, rate)| (*who, rate.n as f64))
        .collect();
    let away = reading.asked(conn)?.away;
    let rows = reading.rows(&trials).into_iter();
    let mut rows: Vec<RateRow> = rows
        .filter_map(|row| rate_row(row, &counted, (&away, &reading)))
        .collect();
    rows.sort_by(|a, b| (&a.name, &a.email).cmp(&(&b.name, &b.email)));
    let (mut rows, prior) = in_tiers(rows);
    let all = rows.iter().fold(Rate::default(), |sum, row| Rate {
        k: sum.k + row.rate.k,
        n: sum.n + row.rate.n,
    });
    let members: Vec<Rate> = rows
        .iter()
        .filter(|row| row.shrunk.is_some())
        .map(|row| row.rate)
        .collect();
    let spread_p = prior.map(|prior| prior.spread(&members).p);
    let is_alone = see(&mut rows, &reading);
    if is_alone {
        rows.iter_mut().for_each(|row| row.in_team = None);
    }
    if let Some(group) = group {
        rows.retain(|row| reading.peers.on(row.person_id, reading.to) == group);
    }
    Ok(Rates {
        rows,
        team: Some(all).filter(|_| !is_alone),
        is_measurable: prior.is_some_and(Prior::is_measurable),
        spread_p: spread_p.filter(|_| !is_alone),
        prior: prior.filter(|_| !is_alone),
    })
}

/// The rates of rows, and of people in each team of the board.
#[derive(Default)]
struct Counted {
    whole: HashMap<Who, Rate>,
    in_team: HashMap<(i64, i64), Rate>,
}

impl Counted {
    /// Somebody's rate in their team.
    fn in_team(&self, person: i64, last: Option<i64>, reading: &Reading) -> Option<InTeam> {
        let theirs = self.in_team.iter();
        let theirs = theirs.filter(|((one, _), rate)| *one == person && rate.n > 0);
        let (team_id, own) = theirs
            .map(|((_, team), rate)| (*team, *rate))
            .max_by_key(|(team, rate)| (Some(*team) == last, rate.n, Reverse(*team)))?;
        let of_team = self
            .in_team
            .iter()
            .filter(|((_, team), _)| *team == team_id);
        let mut all = Rate::default();
        of_team.for_each(|(_, rate)| add(&mut all, rate.k, rate.n));
        let team = reading.directory.team(team_id)?;
        Some(InTeam {
            team_id,
            name: team.name.clone(),
            own,
            all,
        })
    }
}

fn add(rate: &mut Rate, k: u64, n: u64) {
    rate.k += k;
    rate.n += n;
}

fn shares_reached(conn: &mut Conn, reading: &Reading) -> Result<Counted> {
    let mut counted = Counted::default();
    for sum in totals::reached_or_not(conn, &reading.span())? {
        let n = sum.quantity.max(0) as u64;
        let k = if sum.is_reached { n } else { 0 };
        if let Some(who) = reading.filters.who(sum.person_id, sum.team_id) {
            add(counted.whole.entry(who).or_default(), k, n);
        }
        if let Some(team) = reading.team_of_board(sum.team_id) {
            let key = (sum.person_id, team);
            add(counted.in_team.entry(key).or_default(), k, n);
        }
    }
    Ok(counted)
}

fn meetings(conn: &mut Conn, reading: &Reading) -> Result<Counted> {
    let mut whole: HashMap<(Who, i64), bool> = HashMap::new();
    let mut in_team: HashMap<((i64, i64), i64), bool> = HashMap::new();
    for prospect in totals::prospects(conn, &reading.span())? {
        let (person, lead) = (prospect.person_id, prospect.lead_id);
        if let Some(who) = reading.filters.who(person, prospect.team_id) {
            *whole.entry((who, lead)).or_default() |= prospect.has_meeting;
        }
        if let Some(team) = reading.team_of_board(prospect.team_id) {
            *in_team.entry(((person, team), lead)).or_default() |= prospect.has_meeting;
        }
    }
    Ok(Counted {
        whole: by_lead(whole),
        in_team: by_lead(in_team),
    })
}

/// A lead counts once under each key.
fn by_lead<K: Hash + Eq>(leads: HashMap<(K, i64), bool>) -> HashMap<K, Rate> {
    let mut rates: HashMap<K, Rate> = HashMap::new();
    for ((key, _), has_meeting) in leads {
        add(rates.entry(key).or_default(), u64::from(has_meeting), 1);
    }
    rates
}

fn rate_row(
    row: Row,
    counted: &Counted,
    (away, reading): (&HashSet<Who>, &Reading),
) -> Option<RateRow> {
    let Who::Person(person_id) = row.who else {
        return None;
    };
    Some(RateRow {
        person_id,
        rate: counted.whole.get(&row.who).copied().unwrap_or_default(),
        is_away: away.contains(&row.who),
        in_team: counted.in_team(person_id, row.team_id, reading),
        uid: row.uid,
        name: row.name,
        email: row.email.unwrap_or_default(),
        team: row.team.unwrap_or_default(),
        tier: None,
        shrunk: None,
        expected_rank: None,
        place: None,
    })
}

/// Puts rows, given by name, in their order, and says what they are shrunk towards.
fn in_tiers(rows: Vec<RateRow>) -> (Vec<RateRow>, Option<Prior>) {
    let (mut judged, others): (Vec<RateRow>, Vec<RateRow>) = rows
        .into_iter()
        .partition(|row| row.rate.n > 0 && !row.is_away);
    let members: Vec<Rate> = judged.iter().map(|row| row.rate).collect();
    let prior = Prior::of(&members);
    let is_measurable = prior.is_some_and(Prior::is_measurable);
    let placed = prior.map_or_else(Vec::new, |prior| tiers::placed(&members, prior));
    // Nobody, or everybody, ever succeeded: there is no rate to shrink towards.
    if placed.is_empty() {
        judged.sort_by_key(|row| row.rate.n < LEAST_TRIALS);
        for row in judged.iter_mut().filter(|row| row.rate.n >= LEAST_TRIALS) {
            row.tier = Some(1);
        }
        judged.extend(others);
        return (judged, None);
    }
    let better = |tier: usize| {
        let tiers = placed.iter().filter_map(|placed| placed.tier);
        tiers.filter(|other| *other < tier).count()
    };
    let mut ordered: Vec<RateRow> = placed
        .iter()
        .map(|one: &Placed| RateRow {
            tier: one.tier,
            place: one
                .tier
                .filter(|_| is_measurable)
                .map(|tier| better(tier) + 1),
            shrunk: Some(Shrunk {
                mean: one.share.mean(),
                low: one.share.quantile(0.05),
                high: one.share.quantile(0.95),
            }),
            expected_rank: Some(one.expected_rank),
            ..judged[one.index].clone()
        })
        .collect();
    ordered.extend(others);
    (ordered, prior)
}

/// Leaves what the asker may see, by the display mode of each team; whether that is no more than themselves. A tier is
/// a place for the mode: without a measurable difference nobody stands among the first three.
fn see(rows: &mut Vec<RateRow>, reading: &Reading) -> bool {
    let Scope::Teams {
        me_id,
        leads: false,
        ..
    } = reading.filters.scope
    else {
        return false;
    };
    let own = rows.iter().find(|row| Some(row.person_id) == me_id);
    let own_place = own.and_then(|row| row.place);
    let own_mode = me_id.map(|me| sight::mode_of_person(reading, me));
    let own_mode = own_mode.unwrap_or(DisplayMode::Off);
    let places: Vec<Option<usize>> = rows.iter().map(|row| row.place).collect();
    let stand = |row: &RateRow| Stand::of(row.place, row.rate.k > 0, &places);
    let shows_own = shows_own_place(own_mode, own.and_then(stand));
    rows.retain(|row| {
        let mode = sight::mode_of_person(reading, row.person_id);
        Some(row.person_id) == me_id || sight_of(mode, stand(row), own_place) == Sight::Named
    });
    let mine = rows.iter_mut().filter(|row| Some(row.person_id) == me_id);
    for row in mine.filter(|_| !shows_own) {
        row.tier = None;
        row.shrunk = None;
        row.expected_rank = None;
    }
    own_mode == DisplayMode::Off
}
