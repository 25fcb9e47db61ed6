//! Whether the packs that are kept say what had been entered when each was made.

use super::content::{Content, Rep};
use super::erased;
use super::store::{self, Entered, Pack};
use crate::db::Conn;
use crate::error::Result;
use crate::keeping::check::Found;
use crate::people;
use crate::value::Instant;
use chrono::Days;
use std::collections::HashSet;

/// Whoever saves while a pack is made may have read the clock before it, and be written after it.
const AT_ONCE_S: i64 = 60;

/// Adds up, from everything that was ever entered for the week of a pack, what stood when it was made, and compares that with
/// the pack. What it says of targets, leads and names was true then and is not worked out again.
pub fn look(conn: &mut Conn) -> Result<Found> {
    let mut found = Found::default();
    let erased = people::store::erased_names(conn)?;
    let (mut packs, mut brought) = (0, 0);
    for pack in store::all(conn)? {
        packs += 1;
        match serde_json::from_str::<Content>(&pack.content) {
            Err(why) => found.wrong.push(format!(
                "packs: the one of {} cannot be read: {why}",
                pack.monday
            )),
            Ok(mut content) => {
                erased::rename(&mut content, &erased);
                brought += compare(conn, &pack, &content, &mut found.wrong)?;
            }
        }
    }
    if packs > 0 {
        found.by_design.push(format!(
            "{packs} Monday packs stay as they were made: what they count was entered by then, and is added up again; what they \
             say of targets, leads and names was true then"
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
    if (content.from, content.to, content.made_at) != (of_week.0, of_week.1, pack.made_at) {
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
