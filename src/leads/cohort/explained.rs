//! Explains a figure of any report on hand-overs: which of them count, which are in the whole, which are left out.

use super::{Cohort, Grouping, Head, Key, Names, bar};
use crate::app::Cx;
use crate::definitions::under;
use crate::explain::{self, Explanation, Figure, Row, parts};
use crate::form::Form;
use crate::page::{self, Answer, Link};
use crate::value::Instant;
use std::collections::HashMap;

/// One hand-over as a report counts it.
pub trait Counted {
    /// Its id, when it was, and in which group it is.
    fn handover(&self) -> (i64, Instant, Key);
}

/// The hand-overs behind a figure, as the report itself reads them: who asks sees no other ones.
pub struct Behind<R> {
    pub members: Vec<R>,
    pub heads: HashMap<i64, Head>,
    pub cohort: Cohort,
    pub by: Option<Grouping>,
    /// What the figure is of, in words; empty for all of them.
    pub group: String,
    /// What was asked for besides days, grouping and version, a sentence each.
    pub asked: Vec<String>,
    pub versions: Vec<i64>,
    /// What a row says of itself, and how it is called.
    pub column: &'static str,
    pub says: Box<dyn Fn(&R) -> String>,
    pub back: Link,
}

impl<R: Counted> Behind<R> {
    /// Leaves those of a group by its name; an empty one is all.
    pub fn of_group(mut self, names: &Names, group: &str) -> Behind<R> {
        if let (Some(by), false) = (self.by, group.is_empty()) {
            self.group = by.words(group);
            self.members
                .retain(|one| page::group_name(&names.of(one.handover().2)) == group);
        }
        self
    }

    /// The page; `?format=csv` for all rows as a file.
    pub fn show(self, cx: &Cx, form: &Form, figure: impl Figure<Of = R>) -> Answer {
        explain::show(cx, form, self.explanation(cx, figure))
    }

    /// What explains a figure of them.
    pub fn explanation(self, cx: &Cx, mut figure: impl Figure<Of = R>) -> Explanation {
        let mut members: Vec<&R> = self.members.iter().collect();
        members.sort_by_key(|one| {
            let (id, at, _) = one.handover();
            (at, id)
        });
        figure.among(&members);
        let row = |one: &&R| {
            let head = self.heads.get(&one.handover().0)?;
            let (how, reason) = figure.place(one);
            Some((how, reason, self.row(cx, one, head)))
        };
        let (value, filled) = figure.worked_out(&members);
        Explanation {
            figure: figure.label(),
            value,
            meaning: figure.meaning(),
            formula: figure.formula(),
            filled,
            filters: self.filters(cx),
            first: "Lead",
            columns: vec!["Handed over", self.column],
            parts: parts(members.iter().filter_map(row)),
            under: under::links(&self.versions),
            group: self.group,
            back: self.back,
        }
    }

    fn row(&self, cx: &Cx, one: &R, head: &Head) -> Row {
        Row {
            name: head.name.title().to_owned(),
            sub: head.name.company.clone(),
            href: format!("/hand-overs/{}", head.uid),
            cells: vec![page::time(head.handed_over_at, cx.zone()), (self.says)(one)],
        }
    }

    fn filters(&self, cx: &Cx) -> Vec<String> {
        let mut filters = vec![bar::as_of(cx, &self.cohort)];
        filters.extend(self.asked.iter().cloned());
        filters.extend(
            self.by
                .map(|by| format!("grouped by {}", by.label().to_lowercase())),
        );
        filters.extend(
            self.cohort
                .definition
                .map(|n| format!("made under version {n} of the definitions only")),
        );
        if self.members.is_empty() {
            filters.push("no hand-over that you may see fits".to_owned());
        }
        filters
    }
}
