//! What stands above every face of lead outcomes: its filters, and the ways to the others.

use super::{Face, Filters, GROUPINGS};
use crate::app::Cx;
use crate::definitions::{Definitions, under};
use crate::error::Result;
use crate::explain;
use crate::form::{Choice, Form};
use crate::leads::cohort::Grouping;
use crate::leads::cohort::bar::{self, AS_OF, Bar};
use crate::lists::Lists;
use crate::page::Link;
use crate::urls;
use crate::value::Instant;
use std::sync::Arc;

/// The filters beside the days, in the order of the address.
const FILTERS: [&str; 5] = ["by", "source", "campaign", "asset", "definition"];

/// What hand-overs can be narrowed to one of, and grouped by where content and origin are asked for.
pub const ORIGINS: &[Grouping] = &[Grouping::Source, Grouping::Campaign, Grouping::Asset];

impl Face {
    pub fn path(self) -> &'static str {
        match self {
            Face::Funnel => "/outcomes",
            Face::Quality => "/outcomes/quality",
            Face::Reasons => "/outcomes/reasons",
            Face::Value => "/outcomes/value",
            Face::Scores => "/outcomes/scores",
            Face::Content => "/outcomes/content",
            Face::Speed => "/outcomes/speed",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Face::Funnel => "How far",
            Face::Quality => "Quality",
            Face::Reasons => "Reasons",
            Face::Value => "Value",
            Face::Scores => "Score",
            Face::Content => "Content",
            Face::Speed => "Speed",
        }
    }

    /// What it can be grouped by; nothing where it is about all leads at once.
    pub fn groupings(self) -> &'static [Grouping] {
        match self {
            Face::Funnel | Face::Reasons => GROUPINGS,
            Face::Quality | Face::Value => ORIGINS,
            Face::Scores | Face::Content | Face::Speed => &[],
        }
    }

    /// What it can be grouped by, as it is typed; empty where that is nothing.
    pub fn takes(self) -> String {
        let words = self.groupings().iter().map(|by| by.word());
        words.collect::<Vec<_>>().join(", ")
    }

    /// Why it is not grouped like that, in a sentence that says what it can be grouped by; `None` where it is.
    pub fn refusal(self, by: Option<Grouping>) -> Option<String> {
        let by = by.filter(|by| !self.groupings().contains(by))?;
        Some(match self.groupings() {
            [] => "This view is about all leads at once: it has no groups.".to_owned(),
            _ => format!(
                "This view can be grouped by {}, and not by {by}.",
                self.takes()
            ),
        })
    }

    /// Whether it makes no sense without groups.
    pub fn needs_groups(self) -> bool {
        matches!(self, Face::Quality | Face::Value)
    }

    /// What it is grouped by where nothing is asked for.
    pub fn default_by(self) -> Option<Grouping> {
        self.needs_groups().then_some(Grouping::Source)
    }
}

/// The head of a page.
pub struct Head {
    pub path: &'static str,
    pub form: Form,
    as_of: Instant,
    pub bar: Bar,
    pub tabs: Vec<Link>,
    /// Empty where the face has no groups.
    pub groupings: Vec<Choice>,
    pub versions: Vec<Choice>,
    /// What the hand-overs are narrowed to, and the way back to all.
    pub only: String,
    pub all_href: String,
}

/// Reads the filters; `None` with messages in the form when they are wrong.
pub fn read(form: &mut Form, cx: &Cx, face: Face) -> Option<Filters> {
    if let Some(by) = face.default_by() {
        form.set_default("by", by.word());
    }
    let cohort = bar::cohort(form, cx.now);
    let by = form.optional("by", "a grouping from the list", |word| {
        Grouping::from_word(word).filter(|by| GROUPINGS.contains(by))
    });
    let mut only = None;
    for origin in ORIGINS {
        let id = form.optional(origin.word(), "one from the list", |text| text.parse().ok())?;
        let both: [Option<(Grouping, i64)>; 2] = [only, id.map(|id| (*origin, id))];
        if let [Some((first, _)), Some(_)] = both {
            let why = format!(
                "This report can be narrowed to one {first} or to one {origin}, and not to both: leave one of them out."
            );
            form.refuse(origin.word(), why);
            // So that the ways on from the page are good.
            form.replace(origin.word(), "");
            return None;
        }
        only = both[0].or(both[1]);
    }
    let by = by?;
    if let Some(why) = face.refusal(by) {
        form.refuse("by", why);
        // So that the ways on from the page are good.
        form.replace("by", face.default_by().map_or("", Grouping::word));
        return None;
    }
    Some(Filters {
        cohort: cohort?,
        by: by.or(face.default_by()),
        only,
    })
}

impl Head {
    pub fn new(cx: &Cx, form: Form, face: Face, filters: Option<&Filters>) -> Result<Head> {
        let definitions: Arc<Definitions> = cx.reference()?;
        let lists: Arc<Lists> = cx.reference()?;
        let tab = |one: &Face| Link {
            href: urls::with_query(one.path(), &carried(&form, *one)),
            label: one.label().to_owned(),
            current: *one == face,
        };
        let nothing = [("", "Nothing")]
            .into_iter()
            .filter(|_| !face.needs_groups());
        let groupings = face.groupings().iter().map(|by| (by.word(), by.label()));
        let all = pairs(&form).into_iter();
        let all = all.filter(|(name, _)| !["source", "campaign", "asset"].contains(name));
        Ok(Head {
            as_of: bar::given(&form, cx.now),
            path: face.path(),
            bar: Bar::new(face.path(), &form, &FILTERS, cx.now, &cx.workspace.zone),
            tabs: Face::ALL.iter().map(tab).collect(),
            groupings: match face.groupings() {
                [] => Vec::new(),
                _ => form.choices("by", nothing.chain(groupings)),
            },
            versions: under::choices(&form, &definitions),
            only: filters
                .and_then(|filters| only(filters, &lists))
                .unwrap_or_default(),
            all_href: urls::with_query(face.path(), &all.collect::<Vec<_>>()),
            form,
        })
    }

    /// The address that explains a figure of a group; an empty group is all.
    pub fn explain(&self, figure: &str, group: &str) -> String {
        let pairs = pairs(&self.form);
        explain::address("/outcomes/explain", &pairs, self.as_of, (figure, group))
    }
}

/// What the hand-overs are narrowed to, as in "source Partner"; `None` for all of them.
pub fn only(filters: &Filters, lists: &Lists) -> Option<String> {
    let (by, id) = filters.only?;
    let name = lists.label_name(Some(id));
    Some(format!("{} {name}", by.label().to_lowercase()))
}

/// The filters that another face takes too.
fn carried(form: &Form, face: Face) -> Vec<(&str, &str)> {
    let is_taken = |by: &str| face.refusal(Grouping::from_word(by)).is_none();
    let all = pairs(form).into_iter();
    all.filter(|(name, value)| *name != "by" || is_taken(value))
        .collect()
}

/// The report's own filters, as they stand in an address.
pub fn pairs(form: &Form) -> Vec<(&str, &str)> {
    let days = ["from", "to", AS_OF].into_iter();
    days.chain(FILTERS)
        .map(|name| (name, form.value(name)))
        .collect()
}
