//! Hours as people type them: `09:00-12:30, 13:15-17:00`.

use super::Whose;
use super::dated::Weeks;
use super::store::{self, DayBlock};
use crate::app::Tx;
use crate::audit;
use crate::error::{Error, Result};
use crate::rules::workday::{Block, WeekHours};
use chrono::{NaiveDate, Weekday};

/// `09:00` as minutes after midnight; `24:00` is the next midnight.
pub fn read_minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let two_digits = |part: &str| {
        part.len() <= 2 && !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())
    };
    if !two_digits(hours) || minutes.len() != 2 || !two_digits(minutes) {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let minute = hours * 60 + minutes;
    (minutes < 60 && minute <= 1440).then_some(minute)
}

/// The blocks of one day, with commas between them; nothing for a day that is not worked.
pub fn read_blocks(text: &str) -> Option<Vec<Block>> {
    let parts = text
        .split([',', ';'])
        .map(str::trim)
        .filter(|part| !part.is_empty());
    parts.map(read_block).collect()
}

fn read_block(text: &str) -> Option<Block> {
    let (opens, closes) = text.split_once(['-', '\u{2013}'])?;
    Some(Block {
        opens_min: read_minute(opens.trim())?,
        closes_min: read_minute(closes.trim())?,
    })
}

/// What [`read_blocks`] reads.
pub fn write_blocks(blocks: &[Block]) -> String {
    let texts: Vec<String> = blocks.iter().map(Block::to_string).collect();
    texts.join(", ")
}

/// A week in words: `Mon to Thu 09:00-17:00, Fri 09:00-12:30`; a day that is not worked is left out.
pub fn week_words(week: &WeekHours) -> String {
    let days: Vec<(Weekday, String)> = (1..=7)
        .map(super::weekday)
        .map(|day| (day, write_blocks(week.on(day))))
        .collect();
    let alike = days.chunk_by(|(_, one), (_, other)| one == other);
    let words = alike.filter_map(|days| match days {
        [(_, hours), ..] if hours.is_empty() => None,
        [(day, hours)] => Some(format!("{day} {hours}")),
        [(first, hours), .., (last, _)] => Some(format!("{first} to {last} {hours}")),
        [] => None,
    });
    words.collect::<Vec<_>>().join("; ")
}

/// Sets somebody's week from a day on; the days before keep what they had. Without any block they have the hours of
/// their team or the workspace from then on; a workspace without any has Monday to Friday 09:00 to 17:00.
pub fn set_hours(
    tx: &mut Tx,
    whose: Whose,
    valid_from: NaiveDate,
    blocks: &[DayBlock],
) -> Result<()> {
    let week = blocks
        .iter()
        .map(|&(day, block)| (super::weekday(day), block));
    WeekHours::new(week).map_err(|fault| Error::refused(format!("{fault}.")))?;
    let was = Weeks::load(tx.conn)?.remove(&whose).unwrap_or_default();
    let was = was.hours(valid_from).map(week_words).unwrap_or_default();
    let by = (tx.by_id(), Some(tx.now));
    store::add_week(tx.conn, whose, valid_from, blocks, by)?;
    let became = format!("from {valid_from}: {}", block_words(blocks));
    audit::change(tx, SET, whose.subject(), &was, &became)
}

/// What the record says was done to hours.
const SET: &str = "set the hours of";

/// What the record says of a week that holds since ever, which may have been another one.
pub fn since_ever(whose: Whose, was: Option<&[DayBlock]>, blocks: &[DayBlock]) -> audit::Change {
    let said = |blocks: &[DayBlock]| format!("since ever: {}", block_words(blocks));
    audit::Change {
        verb: SET,
        about: whose.subject(),
        was: was.map(said).unwrap_or_default(),
        became: said(blocks),
    }
}

/// A week in words, as [`week_words`]; of one without any hours that it is without.
fn block_words(blocks: &[DayBlock]) -> String {
    let days = blocks
        .iter()
        .map(|&(day, block)| (super::weekday(day), block));
    match WeekHours::new(days) {
        Ok(week) if !blocks.is_empty() => week_words(&week),
        _ => "no hours of their own".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_blocks_a_day_are_read_as_they_are_written() {
        let blocks = read_blocks(" 9:00-12:30,13:15 \u{2013} 24:00 ").unwrap();
        assert_eq!(write_blocks(&blocks), "09:00-12:30, 13:15-24:00");
        assert_eq!(read_blocks(""), Some(Vec::new()));
    }

    #[test]
    fn a_week_is_told_by_days_that_are_alike() {
        let day = |hours: &str| read_blocks(hours).unwrap();
        let week = [
            (Weekday::Mon, "09:00-12:00, 13:00-17:00"),
            (Weekday::Tue, "09:00-12:00, 13:00-17:00"),
            (Weekday::Thu, "09:00-12:00"),
        ];
        let blocks = week
            .iter()
            .flat_map(|(weekday, hours)| day(hours).into_iter().map(|block| (*weekday, block)));
        assert_eq!(
            week_words(&WeekHours::new(blocks).unwrap()),
            "Mon to Tue 09:00-12:00, 13:00-17:00; Thu 09:00-12:00"
        );
    }

    #[test]
    fn what_is_no_time_is_not_read() {
        for wrong in [
            "9-5",
            "09:00",
            "09:00-25:00",
            "09:60-10:00",
            "x-y",
            "24:01-24:02",
        ] {
            assert_eq!(read_blocks(wrong), None, "{wrong}");
        }
    }
}
