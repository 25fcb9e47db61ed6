//! For reports: which versions their hand-overs were made under, and the choice of one.

use super::Definitions;
use crate::form::{Choice, Form};
use crate::page::Link;

/// The versions to choose from in the field `definition`; none where there is only one.
pub fn choices(form: &Form, definitions: &Definitions) -> Vec<Choice> {
    let versions = definitions.versions();
    if versions.len() < 2 {
        return Vec::new();
    }
    let any = [(String::new(), "Any version".to_owned())];
    let each = versions
        .iter()
        .map(|v| (v.number.to_string(), format!("Version {}", v.number)));
    form.choices("definition", any.into_iter().chain(each))
}

/// The ways to the versions that something was made under.
pub fn links(numbers: &[i64]) -> Vec<Link> {
    let link = |number: &i64| Link {
        href: format!("/definitions/{number}"),
        label: format!("version {number}"),
        current: false,
    };
    numbers.iter().map(link).collect()
}
