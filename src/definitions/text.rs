//! A version as lines of text, so that one comparison shows all of it.

use super::store::{Content, Level};
use crate::lists::Lists;
use crate::rules::level::{Per, ServiceLevel};

/// The parts of the text: the field of the form, what stands above it, and where it is.
type Section = (&'static str, &'static str, fn(&Content) -> &String);

pub const SECTIONS: [Section; 4] = [
    ("stages", "Stages", |content| &content.stages),
    ("qualified", "What counts as qualified", |content| {
        &content.qualified
    }),
    ("reasons", "Reasons", |content| &content.reasons),
    ("score_rules", "Score rules", |content| &content.score_rules),
];

/// What stands above the score's rules, with their version after it.
pub const RULES_IN_FORCE: &str = "The rules in force, version";

/// The section of the score with these lines in place of those that an earlier version carried.
pub fn with_rules(section: &str, rules: &[String]) -> String {
    if rules.is_empty() {
        return section.to_owned();
    }
    let own = section
        .lines()
        .take_while(|line| !line.starts_with(RULES_IN_FORCE));
    let all = own.chain(rules.iter().map(String::as_str));
    all.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// The paragraphs of a section.
pub fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// Each heading with its paragraphs, or a sentence for each promise; the same headings for every version.
pub fn sections(content: &Content, lists: &Lists) -> Vec<(&'static str, Vec<String>)> {
    let written = SECTIONS.iter().map(|(_, heading, text)| {
        let paragraphs = paragraphs(text(content)).map(str::to_owned);
        (*heading, paragraphs.collect())
    });
    let levels = content.levels.iter().map(|level| level_line(level, lists));
    let promised = [
        ("What sales promises", levels.collect()),
        (
            "What marketing promises",
            vec![volume(content), answer(content)],
        ),
    ];
    written.chain(promised).collect()
}

/// All of it, headings too.
pub fn lines(content: &Content, lists: &Lists) -> Vec<String> {
    let with_heading =
        |(heading, lines): (&str, Vec<String>)| std::iter::once(heading.to_owned()).chain(lines);
    sections(content, lists)
        .into_iter()
        .flat_map(with_heading)
        .collect()
}

/// Whose level it is: "Hot", or "Hot from Webinar".
pub fn level_name(level: &Level, lists: &Lists) -> String {
    match level.source_id {
        None => level.urgency.label().to_owned(),
        id => format!("{} from {}", level.urgency.label(), lists.label_name(id)),
    }
}

fn level_line(level: &Level, lists: &Lists) -> String {
    let promise = &level.promise;
    format!(
        "{}: accept within {}, first attempt within {}, at least {}, contact or exit within {}",
        level_name(level, lists),
        promise.accept_by,
        promise.first_attempt_by,
        attempts(promise),
        promise.contact_or_exit_by
    )
}

/// "6 attempts of 2 kinds".
pub fn attempts(level: &ServiceLevel) -> String {
    let attempts = match level.least_attempts {
        1 => "1 attempt".to_owned(),
        count => format!("{count} attempts"),
    };
    match level.least_kinds {
        0 | 1 => attempts,
        kinds => format!("{attempts} of {kinds} kinds"),
    }
}

pub fn volume(content: &Content) -> String {
    match content.volume {
        None => "No number of leads is promised".to_owned(),
        Some(volume) => {
            let per = match volume.per {
                Per::Week => "a week",
                Per::Month => "a month",
            };
            format!("Leads handed over: {} {per}", volume.count)
        }
    }
}

pub fn answer(content: &Content) -> String {
    match content.answer_by {
        None => "No time to answer a rejection is promised".to_owned(),
        Some(limit) => format!("A rejection is answered within {limit}"),
    }
}
