//! Hours as people type them: `09:00-12:30, 13:15-17:00`.

use super::{Whose, store};
use crate::app::Tx;
use crate::audit;
use crate::error::{Error, Result};
use crate::rules::workday::{Block, WeekHours};

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

/// Replaces somebody's week: (weekday 1 to 7, block) in any order. Without any block they have the hours of
/// their team or the workspace; a workspace without any has Monday to Friday 09:00 to 17:00.
pub fn set_hours(tx: &mut Tx, whose: Whose, blocks: &[(i32, Block)]) -> Result<()> {
    let week = blocks
        .iter()
        .map(|&(day, block)| (super::weekday(day), block));
    WeekHours::new(week).map_err(|fault| Error::refused(format!("{fault}.")))?;
    store::replace_hours(tx.conn, whose, blocks)?;
    let (subject, id) = match whose {
        Whose::Workspace => ("workspace", None),
        Whose::Team(id) => ("team", Some(id)),
        Whose::Person(id) => ("person", Some(id)),
    };
    let week: Vec<String> = blocks
        .iter()
        .map(|(day, block)| format!("{day} {block}"))
        .collect();
    audit::note(tx, "set the hours of", subject, id, &week.join(", "))
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
