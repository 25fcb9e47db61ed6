//! Whether the packs that are kept say what had been entered when each was made.

use super::content::{Content, Rep};
use super::room::Room;
use super::store::{self, Entered, Pack};
use crate::audit;
use crate::db::Conn;
use crate::error::Result;
use crate::keeping::check::Found;
use crate::kept::Kept;
use crate::packs;
use crate::page;
use crate::people;
use crate::rules::target::Metric;
use crate::value::Instant;
use chrono::Days;
use std::collections::{HashMap, HashSet};

/// Whoever saves while a pack is made may have read the clock before it, and be written after it.
const AT_ONCE_S: i64 = 60;

/// Adds up, from everything that was ever entered for the week of a pack, what stood when it was made, and compares that with
/// the pack; so are its targets, which are as they were unless the record knows of a change since, and its places, which must
/// follow from its own numbers. What it says of leads and names was true then and is not worked out again.
pub fn look(conn: &mut Conn, kept: Kept) -> Result<Found> {
    let mut found = Found::default();
    let erased = people::store::erased_names(conn)?;
    let (mut packs, mut brought, mut otherwise) = (0, 0, 0);
    for pack in store::all(conn)? {
        packs += 1;
        match serde_json::from_str::<Content>(&pack.content) {
            Err(why) => found.wrong.push(format!(
                "packs: the one of {} cannot be read: {why}",
                pack.monday
            )),
            Ok(mut content) => {
                packs::rename(&mut content, &erased);
                brought += compare(conn, &pack, &content, &mut found.wrong)?;
                otherwise += targets(conn, kept, &content, &mut found.wrong)?;
                found.wrong.extend(places(&content));
            }
        }
    }
    if packs > 0 {
        found.by_design.push(format!(
            "{packs} Monday packs stay as they were made: what they count was entered by then, and is added up again; what they \
             say of leads and names was true then"
        ));
    }
    if otherwise > 0 {
        found.by_design.push(format!(
            "{otherwise} targets in Monday packs would be others now: calendars, teams or targets were changed since, as the record \
             says"
        ));
    }
    if brought > 0 {
        found.by_design.push(format!(
            "{brought} lines of Monday packs count less or more than is known now, since files of that week were imported"
        ));
    }
    Ok(found)
}

/// Says how many lines of people an import explains.
fn compare(
    conn: &mut Conn,
    pack: &Pack,
    content: &Content,
    wrong: &mut Vec<String>,
) -> Result<usize> {
    let monday = pack.monday;
    let of_week = (monday - Days::new(7), monday - Days::new(1));
    // What a pack says of its time has whole seconds, and it is gathered before it is written down.
    let apart_s = pack.made_at.seconds_since(content.made_at).abs();
    if (content.from, content.to) != of_week || apart_s > AT_ONCE_S as f64 {
        wrong.push(format!(
            "packs: the one of {monday} is about another week, or was made at another time"
        ));
        return Ok(0);
    }
    let entered = store::entered(conn, of_week)?;
    let mut brought = 0;
    for rep in &content.reps {
        let theirs: Vec<&Entered> = entered
            .iter()
            .filter(|entry| entry.person_id == rep.person_id)
            .collect();
        if is_what_stood(rep, &theirs, content.made_at) {
            continue;
        }
        if theirs.iter().any(|entry| entry.origin == "import") {
            brought += 1;
            continue;
        }
        let stood = Sums::at(&theirs, content.made_at);
        wrong.push(format!(
            "packs: the one of {monday} says {} activities, {} reached and {} leads of {}, and what stood then adds up to {}, {} and {}",
            rep.activities,
            rep.reached,
            rep.leads_reached,
            rep.name,
            stood.activities,
            stood.reached,
            stood.leads_reached
        ));
    }
    Ok(brought)
}

/// Works the targets out again; one that is another now, though nothing was changed since by which, is named. Returns how many
/// are others by what was changed.
fn targets(
    conn: &mut Conn,
    kept: Kept,
    content: &Content,
    wrong: &mut Vec<String>,
) -> Result<usize> {
    let room = Room::read(conn, kept, content.made_at)?;
    let now = room
        .reps(conn, kept, (content.from, content.to))?
        .into_iter();
    let now: HashMap<i64, Rep> = now.map(|rep| (rep.person_id, rep)).collect();
    let changed = audit::store::changed_since(conn, content.made_at)?;
    let mut otherwise = 0;
    for rep in &content.reps {
        let is_explained = changed.iter().any(|(subject, id)| match subject.as_str() {
            "person" => *id == Some(rep.person_id),
            subject => OF_MANY.contains(&subject),
        });
        let again = now.get(&rep.person_id).map_or(&[][..], |rep| &rep.against);
        for (said, again) in rep.against.iter().filter_map(|said| {
            let again = again.iter().find(|again| again.metric == said.metric)?;
            Some((said, again))
        }) {
            let (was, is) = (said.target.unwrap_or(0.0), again.target.unwrap_or(0.0));
            if (was - is).abs() <= EXACT {
                continue;
            }
            if is_explained {
                otherwise += 1;
                continue;
            }
            wrong.push(format!(
                "packs: the one of {} says a target of {} for {} of {}, and {} was asked for",
                content.to + Days::new(1),
                page::amount(was),
                said.metric.to_lowercase(),
                rep.name,
                page::amount(is)
            ));
        }
    }
    Ok(otherwise)
}

/// What a change of which may change the targets of many.
const OF_MANY: [&str; 4] = ["team", "workspace", "holiday", "files"];
/// Of what is told by rounding alone.
const EXACT: f64 = 1e-6;

/// Places that do not follow from the numbers beside them: within a team, by the share of the own target, and where nobody of it
/// has one by the value.
fn places(content: &Content) -> Vec<String> {
    let activities = Metric::Activities.label();
    let main = |rep: &Rep| {
        let found = rep.against.iter().find(|one| one.metric == activities);
        found.map(|one| (one.value, one.target.filter(|target| *target > 0.0)))
    };
    let wrong = content.reps.iter().filter_map(|rep| {
        let place = rep.place?;
        let theirs = content.reps.iter();
        let theirs = theirs.filter(|one| one.team_id == rep.team_id && one.place.is_some());
        let theirs: Vec<&Rep> = theirs.collect();
        let has_targets = theirs
            .iter()
            .any(|one| main(one).is_some_and(|(_, target)| target.is_some()));
        let key = |rep: &Rep| match main(rep)? {
            (value, _) if !has_targets => value,
            (value, target) => Some(value? / target?),
        };
        let own = key(rep)?;
        let before = theirs.iter().filter_map(|one| key(one));
        let before = before.filter(|other| *other > own + EXACT).count();
        (place != before + 1).then(|| {
            format!(
                "packs: the one of {} puts {} in place {place} of their team, and its numbers put them in place {}",
                content.to + Days::new(1),
                rep.name,
                before + 1
            )
        })
    });
    wrong.collect()
}

/// What one person's entries add up to.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Sums {
    activities: f64,
    reached: f64,
    leads_reached: f64,
}

impl Sums {
    /// Of those that stood at an instant.
    fn at(entries: &[&Entered], at: Instant) -> Sums {
        let stood = entries.iter().filter(|entry| {
            let is_there = entry.entered_at <= at && entry.happened_at <= at;
            is_there && entry.ended_at.is_none_or(|ended| ended > at)
        });
        let mut sums = Sums {
            activities: 0.0,
            reached: 0.0,
            leads_reached: 0.0,
        };
        let mut leads = HashSet::new();
        for entry in stood {
            if entry.is_prospecting {
                sums.activities += f64::from(entry.quantity);
            }
            if entry.is_prospecting && entry.is_reached {
                sums.reached += f64::from(entry.quantity);
            }
            leads.extend(entry.lead_id.filter(|_| entry.is_reached));
        }
        sums.leads_reached = leads.len() as f64;
        sums
    }
}

/// Whether a line is what stood when the pack was made, or lies within what was being saved just then.
fn is_what_stood(rep: &Rep, entries: &[&Entered], made_at: Instant) -> bool {
    let around = [-AT_ONCE_S, 0, AT_ONCE_S];
    let around = around.map(|seconds| Sums::at(entries, made_at.plus_seconds(seconds)));
    let lies_within = |said: f64, of: fn(&Sums) -> f64| {
        let sums = around.iter().map(of);
        let (least, most) = sums.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), sum| {
            (least.min(sum), most.max(sum))
        });
        least <= said && said <= most
    };
    lies_within(rep.activities, |sums| sums.activities)
        && lies_within(rep.reached, |sums| sums.reached)
        && lies_within(rep.leads_reached, |sums| sums.leads_reached)
}
