//! The fields of the page's filters.

use super::filter::{Came, Grouping, Whose};
use super::passed::Passed;
use crate::form::{Choice, Form};
use crate::lists::{List, Lists};
use crate::people::Directory;
use crate::rules::access::{Me, Role};
use crate::rules::speed::Band;
use crate::rules::stage::{EventKind, Stage};
use std::collections::BTreeSet;

/// One field of the filters.
pub struct FilterView {
    pub name: &'static str,
    pub label: &'static str,
    pub choices: Vec<Choice>,
}

fn field(
    form: &Form,
    (name, label): (&'static str, &'static str),
    any: &str,
    rest: impl IntoIterator<Item = (String, String)>,
) -> FilterView {
    let any = [(String::new(), any.to_owned())];
    FilterView {
        name,
        label,
        choices: form.choices(name, any.into_iter().chain(rest)),
    }
}

fn pair(word: &str, label: &str) -> (String, String) {
    (word.to_owned(), label.to_owned())
}

/// The filters at hand.
pub fn near(me: &Me, form: &Form, directory: &Directory, all: &[Passed]) -> Vec<FilterView> {
    let owners: BTreeSet<i64> = all.iter().filter_map(|passed| passed.owner_id).collect();
    let owners = directory.people.iter().filter(|p| owners.contains(&p.id));
    let stages = Stage::ALL
        .iter()
        .map(|s| pair(s.word(), crate::style::stage(*s)));
    let groupings = Grouping::ALL.iter().map(|g| pair(g.word(), g.label()));
    let mut fields = vec![
        field(form, ("status", "Status"), "All", stages),
        field(
            form,
            ("owner", "Owner"),
            "Anybody",
            owners.map(|p| pair(&p.uid, &p.name)),
        ),
        field(form, ("by", "Group by"), "Nothing", groupings),
    ];
    if me.is_one_of(&[Role::Marketing, Role::Admin]) {
        let whose = [(Whose::Mine, "Mine"), (Whose::All, "Everybody's")];
        let whose = whose.map(|(whose, label)| (whose.word(), label));
        let whose = FilterView {
            name: "whose",
            label: "Whose",
            choices: form.choices("whose", whose),
        };
        fields.insert(0, whose);
    }
    fields
}

/// The filters that are folded away.
pub fn far(form: &Form, lists: &Lists, all: &[Passed]) -> Vec<FilterView> {
    let reasons: BTreeSet<&str> = all.iter().map(Passed::reason).collect();
    let reasons = reasons.into_iter().filter(|reason| !reason.is_empty());
    let labels = |list| {
        lists
            .labels_of(list)
            .map(|l| pair(&l.id.to_string(), &l.name))
    };
    let closings = EventKind::ALL.iter().filter(|kind| kind.is_closing());
    let closings = closings.map(|kind| pair(kind.word(), kind.label()));
    let came = Came::ALL.iter().map(|c| pair(c.word(), c.label()));
    let outcomes = [pair("open", "Not ended")].into_iter().chain(closings);
    let bands = Band::ALL.iter().map(|b| pair(b.word(), b.label()));
    vec![
        field(form, ("speed", "First attempt"), "Any time", bands),
        field(form, ("came", "Came to"), "All", came),
        field(form, ("outcome", "Ended as"), "All", outcomes),
        field(
            form,
            ("reason", "Reason"),
            "All",
            reasons.map(|r| pair(r, r)),
        ),
        field(form, ("source", "Source"), "All", labels(List::Source)),
        field(
            form,
            ("campaign", "Campaign"),
            "All",
            labels(List::Campaign),
        ),
        field(form, ("asset", "Asset"), "All", labels(List::Asset)),
    ]
}
