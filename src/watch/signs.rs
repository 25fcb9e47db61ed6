//! Finds what is odd in the logs of some people.

use super::days;
use super::store::{self, Entry};
use crate::activities::totals::{self, Span};
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::Result;
use crate::kept::Kept;
use crate::rules::day;
use crate::rules::funnel_plot::{ALPHAS, Standing, limits, standing};
use crate::rules::rates::Rate;
use crate::rules::tiers::LEAST_TRIALS;
use crate::rules::watch::{self, Sign};
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Something odd, with the entries that it lies in.
#[derive(Debug, Clone)]
pub struct Found {
    pub person_id: i64,
    pub sign: Sign,
    /// The same as long as it stands: what somebody says of it hangs on it.
    pub name: String,
    /// The first and last day that it is about.
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// The day on which it could be known.
    pub found_on: NaiveDate,
    pub entries: Vec<Entry>,
    /// Of a share: what it is, what the team's is, and the limits of 99.8 % round that.
    pub rates: Option<(Rate, Rate, (f64, f64))>,
}

/// All that is odd in the last weeks, the newest first; of one day by person. Three queries.
pub fn found(conn: &mut Conn, kept: Kept, people: &[i64], now: Instant) -> Result<Vec<Found>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let calendars: Arc<Calendars> = kept.get(conn)?;
    let today = calendars.zone().day_of(now);
    // A day of one zone may be the next of another.
    let (from, to) = (days(today).0, today + Days::new(1));
    let mut by_person: BTreeMap<i64, Vec<Entry>> = BTreeMap::new();
    let entries = store::entries(conn, people, (from, to))?.into_iter();
    for entry in entries.filter(|entry| entry.happened_at <= now) {
        by_person.entry(entry.person_id).or_default().push(entry);
    }
    let mut all = Vec::new();
    for entries in by_person.values() {
        all.extend(bursts(entries, &calendars));
        all.extend(by_week(entries, &calendars));
    }
    all.extend(shares(conn, &calendars, people, (from, today), now)?);
    all.sort_by(|a, b| (b.found_on, a.person_id, &a.name).cmp(&(a.found_on, b.person_id, &b.name)));
    Ok(all)
}

/// When an entry could be known of.
fn known(entry: &Entry) -> Instant {
    entry.entered_at.max(entry.happened_at)
}

/// `at` is when it was enough to be odd: what is added later to the same sign does not move its day.
fn about(
    calendars: &Calendars,
    (sign, name): (Sign, String),
    entries: Vec<Entry>,
    at: Option<Instant>,
) -> Option<Found> {
    let person_id = entries.first()?.person_id;
    let days = entries.iter().map(|entry| entry.local_day);
    Some(Found {
        person_id,
        sign,
        name,
        from: days.clone().min()?,
        to: days.max()?,
        found_on: calendars.day_at(person_id, at?),
        rates: None,
        entries,
    })
}

/// Of touches: counts without a lead are entered in one go.
fn bursts(entries: &[Entry], calendars: &Calendars) -> Vec<Found> {
    let touches: Vec<&Entry> = entries.iter().filter(|e| e.lead_id.is_some()).collect();
    let times: Vec<Instant> = touches.iter().map(|entry| entry.happened_at).collect();
    let burst = |range: std::ops::Range<usize>| {
        let name = format!("{}:{}", Sign::Burst, times[range.start]);
        let theirs: Vec<Entry> = touches[range]
            .iter()
            .map(|entry| (*entry).clone())
            .collect();
        let pairs: Vec<_> = theirs.iter().map(|e| (e.happened_at, known(e))).collect();
        about(
            calendars,
            (Sign::Burst, name),
            theirs,
            watch::burst_known(&pairs),
        )
    };
    watch::bursts(&times)
        .into_iter()
        .filter_map(burst)
        .collect()
}

/// Notes alike and late entries, week by week.
fn by_week(entries: &[Entry], calendars: &Calendars) -> Vec<Found> {
    let mut weeks: BTreeMap<NaiveDate, Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        let monday = day::week_of(entry.local_day);
        weeks.entry(monday).or_default().push(entry);
    }
    let mut all = Vec::new();
    for (monday, entries) in weeks {
        let noted: Vec<&Entry> = entries
            .iter()
            .copied()
            .filter(|e| e.lead_id.is_some())
            .collect();
        let notes: Vec<(i64, &str)> = noted
            .iter()
            .map(|entry| (entry.lead_id.unwrap_or(0), entry.note.as_str()))
            .collect();
        for (words, places) in watch::alike(&notes) {
            let start: String = words.chars().take(60).collect();
            let name = format!("{}:{monday}:{start}", Sign::Alike);
            let theirs: Vec<Entry> = places.into_iter().map(|at| noted[at].clone()).collect();
            let pairs: Vec<_> = theirs
                .iter()
                .map(|e| (e.lead_id.unwrap_or(0), known(e)))
                .collect();
            let at = watch::alike_known(&pairs);
            all.extend(about(calendars, (Sign::Alike, name), theirs, at));
        }
        let late = entries.iter().filter(|entry| entry.is_late);
        let late: Vec<Entry> = late.map(|entry| (*entry).clone()).collect();
        let name = format!("{}:{monday}", Sign::Late);
        let at = late.iter().map(known).min();
        all.extend(about(calendars, (Sign::Late, name), late, at));
    }
    all
}

/// Shares reached over the last whole weeks, outside of what chance does round the team's 99.8 % of the time. A person
/// is looked at with the team that they are in now, and what they did in it.
fn shares(
    conn: &mut Conn,
    calendars: &Calendars,
    people: &[i64],
    (from, today): (NaiveDate, NaiveDate),
    now: Instant,
) -> Result<Vec<Found>> {
    let monday = day::week_of(today);
    let span = Span {
        from,
        to: monday - Days::new(1),
        as_of: now,
        people: None,
    };
    let mut own: HashMap<(i64, i64), Rate> = HashMap::new();
    let mut teams: HashMap<i64, Rate> = HashMap::new();
    for sum in totals::reached_or_not(conn, &span)? {
        let Some(team) = sum.team_id else { continue };
        let n = sum.quantity.max(0) as u64;
        let k = if sum.is_reached { n } else { 0 };
        for rate in [
            own.entry((sum.person_id, team)).or_default(),
            teams.entry(team).or_default(),
        ] {
            rate.n += n;
            rate.k += k;
        }
    }
    let odd = |person: &i64| {
        let team = calendars.team_on(*person, calendars.day_at(*person, now))?;
        let rate = *own.get(&(*person, team))?;
        let all = *teams.get(&team)?;
        let p0 = all.share()?;
        let is_far = matches!(standing(p0, rate)?, Standing::FarAbove | Standing::FarBelow);
        (is_far && rate.n >= LEAST_TRIALS).then(|| Found {
            person_id: *person,
            sign: Sign::Reached,
            name: format!("{}:{monday}", Sign::Reached),
            from,
            to: span.to,
            found_on: monday,
            entries: Vec::new(),
            rates: Some((rate, all, limits(p0, rate.n, ALPHAS[1]))),
        })
    };
    Ok(people.iter().filter_map(odd).collect())
}
