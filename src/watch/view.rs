//! What is odd in ready words: kind ones, since there is most often a good reason.

use super::explain;
use super::seen_from;
use super::signs::Found;
use super::store::{self, Entry, Word};
use crate::app::Cx;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::Result;
use crate::explain::AS_OF;
use crate::lists::Lists;
use crate::page;
use crate::people::Directory;
use crate::rules::rates::Rate;
use crate::rules::watch::Sign;
use crate::style;
use crate::urls;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::Arc;

/// So many entries are shown; all are in the list of entries.
const SHOWN: usize = 30;

/// One of the list.
pub struct Odd {
    pub name: String,
    pub person: String,
    pub email: String,
    pub sign: Sign,
    pub title: &'static str,
    /// What it is, in figures.
    pub text: String,
    /// What to think of it, to whoever wrote it.
    pub kindly: &'static str,
    pub days: String,
    /// From when on those who lead see it; empty for never.
    pub seen_from: String,
    pub rows: Vec<OddRow>,
    pub more: usize,
    /// The entries of the days that it is about.
    pub href: String,
    /// What explains it.
    pub explain_href: String,
    /// What they said of it, and when.
    pub word: String,
    pub said: String,
    pub count: usize,
    /// Of a share: what it is, what the team's is, and the limits of 99.8 % round that.
    pub rates: Option<(Rate, Rate, (f64, f64))>,
}

pub struct OddRow {
    pub when: String,
    pub entered: String,
    pub what: String,
    pub lead: String,
    pub note: String,
    pub quantity: i32,
}

pub fn odd(conn: &mut Conn, cx: &Cx, found: Vec<Found>) -> Result<Vec<Odd>> {
    let (directory, lists): (Arc<Directory>, Arc<Lists>) = (cx.kept.get(conn)?, cx.kept.get(conn)?);
    let calendars: Arc<Calendars> = cx.kept.get(conn)?;
    let mut people: Vec<i64> = found.iter().map(|one| one.person_id).collect();
    people.sort_unstable();
    people.dedup();
    let mut words: HashMap<(i64, String), Word> = HashMap::new();
    for word in store::words(conn, &people)? {
        words.insert((word.person_id, word.sign.clone()), word);
    }
    let view = |one: Found| {
        let person = directory.person(one.person_id);
        let word = words.get(&(one.person_id, one.name.clone()));
        let word = word.or_else(|| earlier(&words, &one));
        let from = seen_from(&calendars, one.person_id, one.found_on);
        let (title, kindly) = titles(one.sign);
        let shown = one.entries.iter().take(SHOWN);
        let uid = person.map_or("", |person| &person.uid);
        Odd {
            person: person.map(|p| p.name.clone()).unwrap_or_default(),
            email: person.map(|p| p.email.clone()).unwrap_or_default(),
            sign: one.sign,
            title,
            text: text(&one),
            kindly,
            days: match one.from == one.to {
                true => page::day(one.from),
                false => format!("{} to {}", page::day(one.from), page::day(one.to)),
            },
            seen_from: from.map(page::day).unwrap_or_default(),
            rows: shown.map(|entry| row(cx, entry, &lists)).collect(),
            more: one.entries.len().saturating_sub(SHOWN),
            href: urls::with_query(
                "/team/entries",
                &[
                    ("person", uid),
                    ("metric", "activities"),
                    ("from", &one.from.to_string()),
                    ("to", &one.to.to_string()),
                    (AS_OF, &cx.now.to_string()),
                ],
            ),
            explain_href: explain::href(uid, &one.name, cx.now),
            word: word.map(|word| word.text.clone()).unwrap_or_default(),
            said: word
                .map(|word| page::time(word.at, cx.zone()))
                .unwrap_or_default(),
            count: one.entries.len(),
            rates: one.rates,
            name: one.name,
        }
    };
    Ok(found.into_iter().map(view).collect())
}

/// What somebody said of a share reached in an earlier week of those that it is over: it is told anew each Monday, and is
/// the same.
fn earlier<'w>(words: &'w HashMap<(i64, String), Word>, one: &Found) -> Option<&'w Word> {
    if one.sign != Sign::Reached {
        return None;
    }
    let prefix = format!("{}:", one.sign);
    let monday = |word: &Word| -> Option<NaiveDate> {
        word.sign.strip_prefix(prefix.as_str())?.parse().ok()
    };
    let theirs = words
        .values()
        .filter(|word| word.person_id == one.person_id);
    let of_it = theirs.filter(|word| monday(word).is_some_and(|monday| monday >= one.from));
    of_it.max_by_key(|word| word.at)
}

/// What a sign is called.
pub fn title(sign: Sign) -> &'static str {
    titles(sign).0
}

fn titles(sign: Sign) -> (&'static str, &'static str) {
    match sign {
        Sign::Burst => (
            "Many touches at once",
            "Most often a list that was entered in one go. If so, all is well: say so, and set the times that \
             you know.",
        ),
        Sign::Alike => (
            "The same note on several leads",
            "A template is fine. If one lead said more than another, add it: it is what the next call builds on.",
        ),
        Sign::Late => (
            "Entered late",
            "They count all the same. Logging on the day keeps the streak and the clocks of your leads right.",
        ),
        Sign::Reached => (
            "A share reached that chance does not explain",
            "It may be a good list, a hard one, or how outcomes are chosen. What do you think it is?",
        ),
    }
}

pub fn text(one: &Found) -> String {
    let n = style::count(one.entries.len() as i64);
    let span = || {
        let (first, last) = (one.entries.first(), one.entries.last());
        let seconds = first
            .zip(last)
            .map(|(a, b)| b.happened_at.seconds_since(a.happened_at));
        page::duration(seconds.unwrap_or(0.0))
    };
    match one.sign {
        Sign::Burst => format!("{n} touches of leads within {}", span()),
        Sign::Alike => format!(
            "{n} touches with the same words: \u{201c}{}\u{201d}",
            one.entries.first().map_or("", |entry| entry.note.trim())
        ),
        Sign::Late => match one.entries.len() {
            1 => "1 entry made more than two working days late".to_owned(),
            _ => format!("{n} entries made more than two working days late"),
        },
        Sign::Reached => one.rates.map_or_else(String::new, reached),
    }
}

fn reached((own, team, (low, high)): (Rate, Rate, (f64, f64))) -> String {
    format!(
        "{} reached ({}); the team\u{2019}s share is {} ({}), round which chance stays between {} and {} 99.8\u{a0}% \
         of the time",
        page::share(own),
        page::rests_on(own),
        page::share(team),
        page::rests_on(team),
        style::decimal(low * 100.0, 1),
        page::percent(high)
    )
}

pub fn row(cx: &Cx, entry: &Entry, lists: &Lists) -> OddRow {
    let (name, company) = entry.lead.clone().unwrap_or_default();
    OddRow {
        when: page::time(entry.happened_at, cx.zone()),
        entered: page::time(entry.entered_at, cx.zone()),
        what: what(entry.kind_id, entry.outcome_id, lists),
        lead: if name.is_empty() { company } else { name },
        note: entry.note.clone(),
        quantity: entry.quantity,
    }
}

/// `Call: No answer`.
pub fn what(kind_id: i64, outcome_id: Option<i64>, lists: &Lists) -> String {
    let kind = lists.kind(kind_id).map_or("", |kind| &kind.name);
    match outcome_id.and_then(|id| lists.outcome(id)) {
        None => kind.to_owned(),
        Some(outcome) => format!("{kind}: {}", outcome.name),
    }
}
