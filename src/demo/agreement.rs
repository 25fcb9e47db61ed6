//! What the demo's sales and marketing agreed on: a second version, which both signed, and the draft of a third.

use super::cast::{self, ADMIN, MANAGERS, MARKETING, as_};
use crate::app::Tx;
use crate::definitions::{self, Content, Level, Side, Version, store};
use crate::error::{Error, Result};
use crate::lists::{self, List};
use crate::rules::level::{Limit, Per, Volume};
use crate::rules::wait::Urgency;
use crate::value::Instant;

const DAY_S: i64 = 86_400;
/// For how long the second version has been in force.
const AGREED_DAYS: i64 = 60;
/// How old the draft is.
const DRAFTED_DAYS: i64 = 2;

/// Names the heads, and lets them sign version 2 two months ago.
pub fn sign(tx: &mut Tx) -> Result<()> {
    let at = tx.now.plus_seconds(-AGREED_DAYS * DAY_S);
    let heads = [(Side::Sales, MANAGERS[0]), (Side::Marketing, MARKETING[0])];
    for (side, who) in heads {
        let person = cast::member(tx, who)?.id;
        as_(tx, ADMIN, at, |tx| definitions::name_head(tx, side, person))?;
    }
    let partner = source(tx, "Partner")?;
    let revision = write(tx, MARKETING[0], at, |content| second(content, partner))?;
    for (_, who) in heads {
        as_(tx, who, at, |tx| definitions::sign(tx, revision))?;
    }
    Ok(())
}

/// Lets marketing draft version 3 and sign it, so that sales is asked to.
pub fn draft(tx: &mut Tx) -> Result<()> {
    let at = tx.now.plus_seconds(-DRAFTED_DAYS * DAY_S);
    let revision = write(tx, MARKETING[0], at, third)?;
    as_(tx, MARKETING[0], at, |tx| {
        definitions::sign(tx, revision).map(drop)
    })
}

fn second(content: &mut Content, partner: i64) {
    content.qualified =
        "A lead is qualified when its owner has spoken with the person, and both know of a building to be lit, of \
         somebody who decides, and of a next step with a date."
            .to_owned();
    content.volume = Some(Volume {
        count: 250,
        per: Per::Month,
    });
    for level in &mut content.levels {
        if level.urgency == Urgency::Hot {
            level.promise.contact_or_exit_by = Limit::WorkingDays(8);
        }
    }
    let referral = content
        .levels
        .iter()
        .find(|level| level.urgency == Urgency::Referral);
    if let Some(mut level) = referral.copied() {
        level.promise.first_attempt_by = level.promise.accept_by;
        content.levels.push(Level {
            source_id: Some(partner),
            ..level
        });
    }
}

fn third(content: &mut Content) {
    content.qualified = content
        .qualified
        .replace("with a date", "with a date and a budget");
    content.answer_by = Some(Limit::WorkingDays(2));
    content.volume = Some(Volume {
        count: 280,
        per: Per::Month,
    });
    for level in &mut content.levels {
        if level.urgency == Urgency::Content {
            level.promise.least_attempts = 4;
        }
    }
}

/// Makes a draft, changes it and returns its revision.
fn write(tx: &mut Tx, who: usize, at: Instant, change: impl FnOnce(&mut Content)) -> Result<i32> {
    let number = as_(tx, who, at, |tx| definitions::begin(tx, &[]))?;
    let mut version = version(tx, number)?;
    change(&mut version.content);
    as_(tx, who, at, |tx| {
        definitions::edit(tx, &version.content, version.revision).map(drop)
    })?;
    Ok(self::version(tx, number)?.revision)
}

fn version(tx: &mut Tx, number: i64) -> Result<Version> {
    let versions = store::all(tx.conn)?;
    let found = versions.into_iter().find(|v| v.number == number);
    found.ok_or(Error::NotFound)
}

fn source(tx: &mut Tx, name: &str) -> Result<i64> {
    match lists::store::label_id(tx.conn, List::Source, name)? {
        Some(id) => Ok(id),
        None => lists::store::add_label(tx.conn, List::Source, name),
    }
}
