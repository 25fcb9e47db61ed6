//! A version in ready words.

use super::Ground;
use crate::app::Cx;
use crate::definitions::Side;
use crate::definitions::store::{Content, Level, Version};
use crate::definitions::text::{self, SECTIONS};
use crate::error::Result;
use crate::lists::Lists;
use crate::page;

pub struct VersionView {
    pub number: i64,
    pub is_draft: bool,
    pub state: String,
    pub sections: Vec<SectionView>,
    pub levels: Vec<LevelView>,
    pub volume: String,
    pub answer: String,
    /// Who has signed and who has not, a side each; none for the house's own.
    pub signatures: Vec<SignatureView>,
    /// What the asker signs; `None` where they are no head, or have signed.
    pub sign: Option<SignView>,
}

pub struct SectionView {
    pub heading: &'static str,
    pub paragraphs: Vec<String>,
}

pub struct LevelView {
    pub name: String,
    pub about: &'static str,
    pub accept: String,
    pub first: String,
    pub attempts: String,
    pub contact: String,
}

pub struct SignatureView {
    pub side: &'static str,
    pub is_signed: bool,
    pub text: String,
}

pub struct SignView {
    pub side: String,
    pub revision: i32,
}

impl VersionView {
    pub fn new(cx: &Cx, ground: &Ground, version: &Version) -> Result<VersionView> {
        let me = cx.me()?;
        let content = &version.content;
        let is_draft = version.from.is_none();
        let is_house = !is_draft && version.signatures.is_empty();
        let signature = |side: &Side| {
            let signed = version.signatures.iter().find(|s| s.side == *side);
            SignatureView {
                side: side.label(),
                is_signed: signed.is_some(),
                text: match signed {
                    Some(signed) => format!(
                        "{}, {}",
                        ground.directory.name(Some(signed.by_id)),
                        page::time(signed.at, cx.zone())
                    ),
                    None => match ground.directory.name(ground.head(*side)) {
                        "" => "not signed; an admin has not named anybody yet".to_owned(),
                        name => format!("{name} has not signed yet"),
                    },
                },
            }
        };
        let mine = Side::ALL.iter().copied().find(|side| {
            ground.head(*side) == Some(me.id)
                && side.takes(me.role)
                && !version.signatures.iter().any(|s| s.side == *side)
        });
        Ok(VersionView {
            number: version.number,
            is_draft,
            state: state(cx, ground, version),
            sections: sections(content),
            levels: levels(content, &ground.lists),
            volume: text::volume(content),
            answer: text::answer(content),
            signatures: match is_house {
                true => Vec::new(),
                false => Side::ALL.iter().map(signature).collect(),
            },
            sign: mine.filter(|_| is_draft).map(|side| SignView {
                side: side.label().to_lowercase(),
                revision: version.revision,
            }),
        })
    }
}

fn sections(content: &Content) -> Vec<SectionView> {
    let section = |(_, heading, text): (&str, &'static str, fn(&Content) -> &String)| SectionView {
        heading,
        paragraphs: text::paragraphs(text(content)).map(str::to_owned).collect(),
    };
    SECTIONS.into_iter().map(section).collect()
}

fn levels(content: &Content, lists: &Lists) -> Vec<LevelView> {
    let view = |level: &Level| LevelView {
        name: text::level_name(level, lists),
        about: match level.source_id {
            None => level.urgency.about(),
            Some(_) => "in place of the row of its urgency",
        },
        accept: level.promise.accept_by.to_string(),
        first: level.promise.first_attempt_by.to_string(),
        attempts: text::attempts(&level.promise),
        contact: level.promise.contact_or_exit_by.to_string(),
    };
    content.levels.iter().map(view).collect()
}

/// In force since when, in force until when, or how far a draft is.
pub fn state(cx: &Cx, ground: &Ground, version: &Version) -> String {
    let Some(from) = version.from else {
        return match version.signatures.len() {
            0 => "Draft, not signed".to_owned(),
            _ => "Draft, signed by one side".to_owned(),
        };
    };
    let when = |at| page::time(at, cx.zone());
    let next = ground.versions.iter().filter_map(|v| v.from);
    let next = next.filter(|next| *next > from).min();
    let since = match version.signatures.is_empty() {
        true => "The house's own defaults, unsigned".to_owned(),
        false => format!("In force since {}", when(from)),
    };
    match (next, version.signatures.is_empty()) {
        (None, _) => since,
        (Some(next), true) => format!("{since}; in force until {}", when(next)),
        (Some(next), false) => format!("In force {} to {}", when(from), when(next)),
    }
}
