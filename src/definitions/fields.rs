//! The form of a draft: what stands in its fields, and what was typed into them.

use super::store::{Content, Level};
use super::text::SECTIONS;
use crate::form::{Choice, Form};
use crate::lists::{List, Lists};
use crate::rules::level::{Limit, Per, ServiceLevel, Volume};
use crate::rules::wait::Urgency;

/// A section has at most so many characters.
const MOST_TEXT: usize = 6000;
/// Levels for a source of their own, at most.
const MOST_OWN: usize = 12;
const MOST_ATTEMPTS: u32 = 50;
const MOST_KINDS: u32 = 8;
const MOST_LEADS: u32 = 1_000_000;

/// The fields of a promise: the end of the name, and the label.
const PROMISE: [(&str, &str); 5] = [
    ("accept", "Accept by"),
    ("first", "First attempt by"),
    ("attempts", "Least attempts"),
    ("kinds", "Least kinds"),
    ("contact", "Contact or exit by"),
];

/// The fields of one level, for the page.
pub struct LevelFields {
    pub legend: String,
    /// Where it is that of a source: what to choose from.
    pub own: Option<Own>,
    pub fields: Vec<Field>,
}

pub struct Own {
    pub urgency: Field,
    pub urgencies: Vec<Choice>,
    pub source: Field,
    pub sources: Vec<Choice>,
}

pub struct Field {
    pub name: String,
    pub label: &'static str,
    pub value: String,
    pub error: String,
}

fn field(form: &Form, name: String, label: &'static str) -> Field {
    Field {
        value: form.value(&name).to_owned(),
        error: form.error(&name).to_owned(),
        name,
        label,
    }
}

/// The form as a version says it.
pub fn filled(content: &Content) -> Form {
    let mut form = Form::default();
    for (name, _, text) in SECTIONS {
        form.set_default(name, text(content).as_str());
    }
    let mut own = 0;
    for level in &content.levels {
        let prefix = match level.source_id {
            None => level.urgency.word().to_owned(),
            Some(source_id) => {
                own += 1;
                let prefix = format!("own{own}");
                form.set_default(&format!("{prefix}_urgency"), level.urgency.word());
                form.set_default(&format!("{prefix}_source"), source_id.to_string());
                prefix
            }
        };
        let promise = &level.promise;
        let values = [
            promise.accept_by.to_string(),
            promise.first_attempt_by.to_string(),
            promise.least_attempts.to_string(),
            promise.least_kinds.to_string(),
            promise.contact_or_exit_by.to_string(),
        ];
        for ((name, _), value) in PROMISE.iter().zip(values) {
            form.set_default(&format!("{prefix}_{name}"), value);
        }
    }
    let volume = content.volume;
    form.set_default(
        "volume",
        volume.map(|v| v.count.to_string()).unwrap_or_default(),
    );
    form.set_default("volume_per", volume.map_or(Per::Month, |v| v.per).word());
    let answer_by = content.answer_by.map(|limit| limit.to_string());
    form.set_default("answer_by", answer_by.unwrap_or_default());
    form
}

/// What was typed; `None` with a message a field where it is wrong.
pub fn read(form: &mut Form, lists: &Lists) -> Option<Content> {
    let mut sections = SECTIONS
        .map(|(name, ..)| form.text(name, MOST_TEXT))
        .map(plain);
    let mut levels = Vec::new();
    for urgency in Urgency::ALL {
        let promise = read_promise(form, urgency.word());
        levels.extend(promise.map(|promise| Level {
            urgency: *urgency,
            source_id: None,
            promise,
        }));
    }
    for index in 1..=MOST_OWN {
        levels.extend(read_own(form, lists, index, &levels));
    }
    let volume = form.optional("volume", "a whole number of leads", |text| {
        text.parse().ok().filter(|n| (1..=MOST_LEADS).contains(n))
    });
    let per = form.parsed("volume_per", "a week or a month", Per::from_word);
    let answer_by = form.optional("answer_by", LIMIT, Limit::read);
    if !form.is_good() {
        return None;
    }
    let mut section = |index: usize| sections[index].take();
    Some(Content {
        stages: section(0)?,
        qualified: section(1)?,
        reasons: section(2)?,
        score_rules: section(3)?,
        levels: sorted(levels),
        volume: volume?.zip(per).map(|(count, per)| Volume { count, per }),
        answer_by: answer_by?,
    })
}

/// With line ends as they are stored.
fn plain(text: Option<String>) -> Option<String> {
    text.map(|text| text.replace("\r\n", "\n").trim().to_owned())
}

fn sorted(mut levels: Vec<Level>) -> Vec<Level> {
    levels.sort_by_key(|level| (level.source_id.is_some(), level.urgency, level.source_id));
    levels
}

const LIMIT: &str = "a limit such as 15 min, 4 h or 2 working days";

fn read_promise(form: &mut Form, prefix: &str) -> Option<ServiceLevel> {
    let [accept, first, attempts, kinds, contact] =
        PROMISE.map(|(name, _)| format!("{prefix}_{name}"));
    let mut limit = |name: &str| form.parsed(name, LIMIT, Limit::read);
    let (accept_by, first_attempt_by, contact_or_exit_by) =
        (limit(&accept), limit(&first), limit(&contact));
    let mut count = |name: &str, expected: &str, most: u32| {
        let whole = |text: &str| text.parse().ok().filter(|n: &u32| *n <= most);
        form.parsed(name, expected, whole)
    };
    let least_attempts = count(&attempts, "a whole number, at most 50", MOST_ATTEMPTS);
    let least_kinds = count(&kinds, "a whole number, at most 8", MOST_KINDS);
    Some(ServiceLevel {
        accept_by: accept_by?,
        first_attempt_by: first_attempt_by?,
        least_attempts: least_attempts?,
        least_kinds: least_kinds?,
        contact_or_exit_by: contact_or_exit_by?,
    })
}

/// The level of a source; none where no source is chosen.
fn read_own(form: &mut Form, lists: &Lists, index: usize, known: &[Level]) -> Option<Level> {
    let prefix = format!("own{index}");
    let source = format!("{prefix}_source");
    if form.value(&source).is_empty() {
        return None;
    }
    let source_id: Option<i64> = form.parsed(&source, "a source from the list", |text| {
        let id = text.parse().ok()?;
        lists.label(id).filter(|label| label.list == List::Source)?;
        Some(id)
    });
    let urgency = form.parsed(
        &format!("{prefix}_urgency"),
        "an urgency from the list",
        Urgency::from_word,
    );
    let promise = read_promise(form, &prefix);
    let (source_id, urgency, promise) = (source_id?, urgency?, promise?);
    let is_taken = |level: &Level| level.urgency == urgency && level.source_id == Some(source_id);
    if known.iter().any(is_taken) {
        form.refuse(
            &source,
            "This urgency and source have a level above already.",
        );
        return None;
    }
    Some(Level {
        urgency,
        source_id: Some(source_id),
        promise,
    })
}

/// The levels of the form: one for each urgency, those of sources, and an empty one.
pub fn levels(form: &Form, lists: &Lists) -> Vec<LevelFields> {
    let promise = |prefix: &str| -> Vec<Field> {
        PROMISE
            .iter()
            .map(|(name, label)| field(form, format!("{prefix}_{name}"), label))
            .collect()
    };
    let plain = Urgency::ALL.iter().map(|urgency| LevelFields {
        legend: format!("{}: {}", urgency.label(), urgency.about()),
        own: None,
        fields: promise(urgency.word()),
    });
    let used = (1..=MOST_OWN)
        .filter(|index| !form.value(&format!("own{index}_source")).is_empty())
        .max()
        .unwrap_or(0);
    let own = (1..=MOST_OWN.min(used + 1)).map(|index| {
        let prefix = format!("own{index}");
        let (urgency, source) = (format!("{prefix}_urgency"), format!("{prefix}_source"));
        let sources = lists
            .labels_of(List::Source)
            .map(|label| (label.id.to_string(), label.name.clone()));
        let none = [(String::new(), "No source".to_owned())];
        LevelFields {
            legend: format!("For one source {index}"),
            fields: promise(&prefix),
            own: Some(Own {
                urgencies: form
                    .choices(&urgency, Urgency::ALL.iter().map(|u| (u.word(), u.label()))),
                sources: form.choices(&source, none.into_iter().chain(sources)),
                urgency: field(form, urgency, "Urgency"),
                source: field(form, source, "Source"),
            }),
        }
    });
    plain.chain(own).collect()
}
