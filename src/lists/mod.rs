//! What may be chosen: kinds of activity with their outcomes, reasons, and the labels of leads.

mod asked;
pub mod kind_pages;
pub mod kinds;
pub mod labels;
pub mod reasons;
pub mod same;
pub mod store;
mod weights;

pub use store::{Kind, Label, Outcome, Reason, Weight};
pub use weights::{CAP_MOST, WEIGHT_MOST, Weights, weigh};

use crate::db::Conn;
use crate::error::Result;
use crate::kept::Keep;
use crate::urls;
use std::collections::HashMap;

/// All lists, kept in memory; retired entries too.
pub struct Lists {
    /// In their order.
    pub kinds: Vec<Kind>,
    /// In the order of their kinds, and in theirs.
    pub outcomes: Vec<Outcome>,
    /// In the order of their lists.
    pub labels: Vec<Label>,
    /// What kinds are worth in the score.
    pub weights: Weights,
    label_by_id: HashMap<i64, usize>,
}

impl Keep for Lists {
    fn load(conn: &mut Conn) -> Result<Lists> {
        let labels = store::all_labels(conn)?;
        Ok(Lists {
            kinds: store::kinds(conn)?,
            outcomes: store::outcomes(conn)?,
            label_by_id: labels.iter().enumerate().map(|(i, l)| (l.id, i)).collect(),
            labels,
            weights: Weights::new(store::weights(conn)?),
        })
    }
}

impl Lists {
    pub fn kind(&self, id: i64) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.id == id)
    }

    /// The kinds to choose from, the one that was used last in front.
    pub fn kinds_to_log(&self, last_used: Option<i64>) -> Vec<&Kind> {
        let mut kinds: Vec<&Kind> = self.kinds.iter().filter(|k| !k.is_retired).collect();
        kinds.sort_by_key(|kind| Some(kind.id) != last_used);
        kinds
    }

    /// The log form for a touch with a lead, with the kind that has this icon.
    pub fn log_address(&self, icon: &str, lead_uid: &str) -> String {
        let mut kinds = self.kinds.iter();
        let kind = kinds.find(|kind| !kind.is_retired && kind.icon() == icon);
        let kind = kind.map(|kind| kind.id.to_string()).unwrap_or_default();
        urls::with_query("/log", &[("kind", &kind), ("lead", lead_uid)])
    }

    pub fn outcome(&self, id: i64) -> Option<&Outcome> {
        self.outcomes.iter().find(|outcome| outcome.id == id)
    }

    pub fn label(&self, id: i64) -> Option<&Label> {
        self.label_by_id.get(&id).map(|index| &self.labels[*index])
    }

    /// A label's name; empty for none.
    pub fn label_name(&self, id: Option<i64>) -> &str {
        let label = id.and_then(|id| self.label(id));
        label.map_or("", |label| &label.name)
    }

    /// The labels of a list, in its order, retired ones too.
    pub fn labels_of(&self, list: List) -> impl Iterator<Item = &Label> {
        self.labels.iter().filter(move |label| label.list == list)
    }
}

crate::words! {
    /// What came of an activity. Source: PRODUCT.md 2.
    pub enum Class { NotReached = "not_reached", Reached = "reached", BadData = "bad_data" }
}

impl Class {
    pub fn label(self) -> &'static str {
        match self {
            Class::NotReached => "Not reached",
            Class::Reached => "Reached",
            Class::BadData => "Bad data",
        }
    }
}

crate::words! {
    /// A list of names that leads refer to.
    pub enum List { Source = "source", Campaign = "campaign", Asset = "asset", Territory = "territory" }
}

/// The classes of reasons for a rejection, with what people call them. Source: PRODUCT.md 5.
pub const REJECTION_CLASSES: [(&str, &str); 3] = [
    ("procedural", "Procedural: it should not have come here"),
    ("clerical", "Clerical: something is wrong with the data"),
    ("definitional", "Definitional: it is not what was agreed"),
];

/// How an entry counts: fixed when it is entered, from its kind and outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub is_prospecting: bool,
    pub is_attempt: bool,
    pub is_reached: bool,
    pub is_meeting: bool,
}

impl Counts {
    /// An entry without an outcome is an attempt where its kind can be one; what never arrived (bounced) is none.
    pub fn of(kind: &Kind, outcome: Option<&Outcome>) -> Counts {
        Counts {
            is_prospecting: kind.is_prospecting,
            is_attempt: kind.is_attempt && outcome.is_none_or(|o| o.arrived),
            is_reached: outcome.is_some_and(|o| o.class == Class::Reached),
            is_meeting: outcome.is_some_and(|o| o.is_meeting),
        }
    }
}

impl Kind {
    /// The name of its picture.
    pub fn icon(&self) -> &'static str {
        self.icon.word()
    }
}

crate::words! {
    /// The picture of a kind of activity.
    pub enum Icon {
        Call = "call", Email = "email", Social = "social", Text = "text", Visit = "visit", Meeting = "meeting",
        Referral = "referral", Research = "research", Log = "log",
    }
}

impl Icon {
    pub fn label(self) -> &'static str {
        match self {
            Icon::Call => "Telephone",
            Icon::Email => "Envelope",
            Icon::Social => "Social",
            Icon::Text => "Text message",
            Icon::Visit => "Place",
            Icon::Meeting => "Meeting",
            Icon::Referral => "Referral",
            Icon::Research => "Magnifier",
            Icon::Log => "Plus",
        }
    }
}

impl Class {
    /// The icon that stands beside the class, so that colour never stands alone.
    pub fn sign(self) -> &'static str {
        match self {
            Class::NotReached => "missed",
            Class::Reached => "reached",
            Class::BadData => "bad",
        }
    }
}
