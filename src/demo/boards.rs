//! What the demo's team sees of each other and talks about on Mondays: peer groups, two packs with what was agreed, and
//! something odd in a log.

use super::cast::{ADMIN, BEN, CLARA, DAVID, GRETA, HUGO, MANAGERS, MARKETING, REPS, as_, member};
use super::story::{Story, Touch};
use crate::app::{App, Tx};
use crate::error::Result;
use crate::monday::{self, NewCommitment, Verdict};
use crate::people::{self, peers};
use crate::rules::day;
use crate::value::Instant;
use chrono::{Days, NaiveDate};
use std::collections::BTreeSet;

const NEWCOMERS: [usize; 3] = [CLARA, DAVID, HUGO];
/// When packs are made, in seconds after midnight.
const MADE_S: i64 = 7 * 3_600;
/// How many leads get the same e-mail within minutes.
const BURST: usize = 23;

/// Entered from a list in one go, the day before yesterday: what the watch-list is for.
pub fn burst(story: &mut Story) {
    let who = HUGO;
    let at = story.setting.working_ago(who, 12 * 3_600_000_000);
    let theirs = story
        .touches
        .iter()
        .filter(|touch| touch.who == who && touch.at < at);
    let leads: BTreeSet<usize> = theirs.filter_map(|touch| touch.lead).collect();
    for (place, lead) in (0..).zip(leads.into_iter().rev().take(BURST)) {
        let at = at.plus_seconds(place * 21);
        story.add_touch(Touch {
            who,
            at,
            entered_at: at,
            lead: Some(lead),
            kind: "Social touch",
            outcome: "Message sent",
            technique: "existing",
            quantity: 1,
            with: None,
            asset: "",
            note: "Sent the invitation to the spring fair.",
        });
    }
}

pub fn set(app: &App) -> Result<()> {
    app.write(groups)?;
    let now = app.clock.now();
    let zone = app.db.read(people::workspace)?.zone;
    let this = day::week_of(zone.day_of(now));
    for monday in [this - Days::new(7), this] {
        let at = Instant(zone.midnight(monday).0).plus_seconds(MADE_S);
        if at <= now {
            pack(app, monday, at)?;
        }
    }
    Ok(())
}

fn groups(tx: &mut Tx) -> Result<()> {
    for who in REPS {
        let name = if NEWCOMERS.contains(&who) {
            "Newcomers"
        } else {
            "Old hands"
        };
        let id = member(tx, who)?.id;
        let since = people::since_ever();
        peers::store::add(tx.conn, (id, name, since), None, tx.now)?;
    }
    Ok(())
}

/// The pack of a week, and what was agreed at its meeting.
fn pack(app: &App, monday: NaiveDate, at: Instant) -> Result<()> {
    let content = app.db.snapshot(|conn| {
        let kept = app.shelf.now(conn)?;
        monday::gather(conn, kept, at)
    })?;
    app.write(|tx| {
        let is_first = monday::store::newest(tx.conn)?.is_none();
        as_nobody(tx, at, |tx| monday::keep(tx, monday, &content))?;
        let agreed: &[(usize, usize, &str)] = match is_first {
            true => &[
                (
                    MANAGERS[0],
                    BEN,
                    "Try every hot lead before ten o\u{2019}clock",
                ),
                (
                    MARKETING[0],
                    MARKETING[1],
                    "Ask for a phone number on the price-list form",
                ),
                (MANAGERS[1], GRETA, "Take marketing along to two visits"),
            ],
            false => &[
                (
                    MANAGERS[0],
                    DAVID,
                    "Give back what is not tried by Wednesday",
                ),
                (MARKETING[0], MARKETING[0], "Answer the disputed rejections"),
            ],
        };
        let verdicts = [
            (0, Verdict::Kept, ""),
            (1, Verdict::NotKept, "The form comes with the next release."),
        ];
        let meeting = at.plus_seconds(2 * 3_600);
        let mut ids = Vec::new();
        for (by, owner, text) in agreed {
            let new = NewCommitment {
                text: (*text).to_owned(),
                owner_id: member(tx, *owner)?.id,
                due_on: monday + Days::new(4),
            };
            ids.push(as_(tx, *by, meeting, |tx| {
                monday::commit(tx, monday, &new)
            })?);
        }
        let said = at.plus_seconds(4 * 86_400);
        for (place, verdict, note) in verdicts.into_iter().filter(|_| is_first) {
            as_(tx, ADMIN, said, |tx| {
                monday::settle(tx, ids[place], verdict, note)
            })?;
        }
        Ok(())
    })
}

fn as_nobody<T>(tx: &mut Tx, at: Instant, verb: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
    verb(&mut Tx {
        conn: tx.conn,
        kept: tx.kept,
        me: None,
        now: at,
        address: tx.address,
    })
}
