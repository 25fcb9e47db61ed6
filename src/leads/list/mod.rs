//! Which leads a list shows, read from the address, and the place of a page in it.

pub mod store;

use super::Lead;
use crate::db::Conn;
use crate::error::Result;
use crate::form::{Choice, Form};
use crate::kept::Kept;
use crate::lists::{List, Lists};
use crate::page;
use crate::people::{Directory, Person};
use crate::rules::access::{Me, Role};
use crate::rules::stage::Stage;
use crate::rules::wait::Urgency;
use crate::rules::zone::Zone;
use crate::value::Instant;
use std::sync::Arc;

/// What a list is narrowed to; an empty filter lets every lead through.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Each must be in name, company, e-mail or phone; lower case.
    pub words: Vec<String>,
    pub stages: Vec<Stage>,
    pub labels: Vec<(List, i64)>,
    pub urgency: Option<Urgency>,
    pub owner: Option<Owner>,
    /// The newest hand-over is at or after it.
    pub from: Option<Instant>,
    /// The newest hand-over is before it.
    pub until: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    Nobody,
    Person(i64),
}

/// Where a page of a list begins or ends: an instant and an id, as `1763978400000000.42`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub at: Instant,
    pub id: i64,
}

impl Cursor {
    /// `None` for anything that is no cursor.
    pub fn read(text: &str) -> Option<Cursor> {
        let (at, id) = text.split_once('.')?;
        Some(Cursor {
            at: Instant(at.parse().ok()?),
            id: id.parse().ok()?,
        })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.at.0, self.id)
    }
}

crate::words! {
    /// How a list is ordered: by the newest hand-over, or by the score, best first.
    pub enum Order { Newest = "newest", Oldest = "oldest", Score = "score" }
}

impl Order {
    /// Whether what is larger comes first.
    pub fn is_downwards(self) -> bool {
        self != Order::Oldest
    }

    /// The place of a lead in a list of this order.
    pub fn cursor(self, lead: &Lead) -> Cursor {
        Cursor {
            id: lead.id,
            at: match (self, lead.score) {
                (Order::Score, Some(score)) => Instant(score.max(0.0).to_bits() as i64),
                (Order::Score, None) => NO_SCORE,
                _ => lead.listed_at,
            },
        }
    }
}

/// In a list by score, where a place holds the bits of the score: they are ordered as scores are, which are never
/// negative, and this lies below them.
const NO_SCORE: Instant = Instant(-1);

impl Cursor {
    /// The score at this place of a list by score; `None` among the leads without one.
    pub fn score(self) -> Option<f64> {
        u64::try_from(self.at.0).ok().map(f64::from_bits)
    }
}

/// Where a page stands in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    First,
    After(Cursor),
    Before(Cursor),
}

impl Place {
    /// From the fields `after` and `before`; what is no cursor leads to the first page.
    pub fn read(form: &Form) -> Place {
        if let Some(cursor) = Cursor::read(form.value("after")) {
            Place::After(cursor)
        } else if let Some(cursor) = Cursor::read(form.value("before")) {
            Place::Before(cursor)
        } else {
            Place::First
        }
    }
}

/// Whose and what leads can be asked for, and everything that rows say by name.
pub struct Options {
    pub lists: Arc<Lists>,
    pub directory: Arc<Directory>,
    /// Who may own leads, as far as the asker may know; by name.
    pub owners: Vec<Person>,
}

impl Options {
    pub fn load(conn: &mut Conn, kept: Kept, me: &Me) -> Result<Options> {
        let directory: Arc<Directory> = kept.get(conn)?;
        let is_owner = |person: &&Person| match me.role {
            Role::Rep => false,
            Role::Manager => me.manages(person.id),
            Role::Marketing | Role::Admin => person.role != Role::Marketing,
        };
        Ok(Options {
            lists: kept.get(conn)?,
            owners: directory.people.iter().filter(is_owner).cloned().collect(),
            directory,
        })
    }
}

/// The fields of a filter that name a list of labels.
pub const LABEL_FIELDS: [(&str, &str, List); 4] = [
    ("source", "Source", List::Source),
    ("campaign", "Campaign", List::Campaign),
    ("asset", "Asset", List::Asset),
    ("territory", "Territory", List::Territory),
];

/// Reads a filter; `None` when a field is wrong, with a message in the form.
pub fn read(form: &mut Form, options: &Options, me: &Me, zone: &Zone) -> Option<Filter> {
    let q = form.text("q", 200);
    let stages = form.optional("stage", "a stage from the list", read_stages);
    let urgency = form.optional("urgency", "an urgency from the list", Urgency::from_word);
    let owner = form.optional("owner", "an owner from the list", |text| match text {
        "me" => Some(Owner::Person(me.id)),
        "nobody" => Some(Owner::Nobody),
        uid => {
            let person = options.owners.iter().find(|person| person.uid == uid)?;
            Some(Owner::Person(person.id))
        }
    });
    let mut labels = Vec::new();
    for (field, label, list) in LABEL_FIELDS {
        let expected = format!("a {} from the list", label.to_lowercase());
        let id = form.optional(field, &expected, |text| {
            let id: i64 = text.parse().ok()?;
            let label = options.lists.label(id)?;
            (label.list == list).then_some(id)
        });
        labels.extend(id.flatten().map(|id| (list, id)));
    }
    let from = form.day("from");
    let to = form.day("to");
    if !form.is_good() {
        return None;
    }
    Some(Filter {
        words: super::search_words(&q?),
        stages: stages?.unwrap_or_default(),
        labels,
        urgency: urgency?,
        owner: owner?,
        from: from?.map(|day| zone.midnight(day)),
        until: to?
            .and_then(|day| day.succ_opt())
            .map(|day| zone.midnight(day)),
    })
}

fn read_stages(text: &str) -> Option<Vec<Stage>> {
    let of = |is_wanted: fn(Stage) -> bool| {
        Some(
            Stage::ALL
                .iter()
                .copied()
                .filter(|s| is_wanted(*s))
                .collect(),
        )
    };
    match text {
        "open" => of(Stage::is_open),
        "closed" => of(Stage::is_closed),
        "untouched" => of(Stage::is_untouched),
        word => Stage::from_word(word).map(|stage| vec![stage]),
    }
}

/// The stages to choose from: all, a group, or one.
pub fn stage_choices(form: &Form) -> Vec<Choice> {
    let groups = [
        ("", "All"),
        ("open", "Open"),
        ("untouched", "Open, without an attempt"),
        ("closed", "Closed or with marketing"),
    ];
    let each = Stage::ALL
        .iter()
        .map(|stage| (stage.word(), crate::style::stage(*stage)));
    form.choices("stage", groups.into_iter().chain(each))
}

/// The owners to choose from: a rep sees only their own leads and those that nobody owns.
pub fn owner_choices(form: &Form, options: &Options, me: &Me) -> Vec<Choice> {
    let mut all = vec![(String::new(), "Anybody".to_owned())];
    if me.role != Role::Marketing {
        all.push(("me".to_owned(), "Me".to_owned()));
    }
    all.push(("nobody".to_owned(), "Nobody yet".to_owned()));
    let others = options.owners.iter().filter(|person| person.id != me.id);
    all.extend(others.map(|person| (person.uid.clone(), person.name.clone())));
    form.choices("owner", all)
}

/// How long an untried lead has waited, or when it was touched last.
pub fn last_word(lead: &Lead, now: Instant, zone: &Zone) -> String {
    let is_untried = lead.stage.is_untouched();
    match (lead.handed_over_at, lead.last_touch_at) {
        (Some(at), _) if is_untried => {
            format!("Waiting {}", page::duration(now.seconds_since(at)))
        }
        (_, Some(at)) => format!("Touched {}", page::short_time(at, zone, zone.day_of(now))),
        _ => page::DASH.to_owned(),
    }
}
