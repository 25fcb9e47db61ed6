//! What a hand-over carries beside its own columns: further assets, the company, what goes on there, and why the score
//! is what it is. Frozen as lines of text when the lead is handed over: whatever changes later, the promise stands.

pub mod store;

use super::{Lead, profile, score, signals};
use crate::app::Tx;
use crate::error::Result;
use crate::lists;
use crate::rules::profile::Profile;
use crate::value::Instant;

crate::words! {
    /// What a line is about.
    pub enum Part {
        Asset = "asset", Company = "company", Signal = "signal", Fit = "fit", Behaviour = "behaviour", Given = "given",
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub part: Part,
    pub text: String,
    /// Of a reason of the score.
    pub points: Option<f64>,
    /// When a signal or a behaviour was.
    pub at: Option<Instant>,
}

impl Line {
    fn new(part: Part, text: impl Into<String>) -> Line {
        Line {
            part,
            text: text.into(),
            points: None,
            at: None,
        }
    }
}

/// So many of the newest signals go with a hand-over.
const SIGNALS: usize = 20;

/// Writes down what a hand-over of this lead carries now.
pub fn freeze(tx: &mut Tx, lead: &Lead, handover_id: i64) -> Result<()> {
    let names = lists::store::label_names(tx.conn)?;
    let mut lines = Vec::new();
    for asset_id in store::assets(tx.conn, lead.id)? {
        let name = names.get(&asset_id).cloned().unwrap_or_default();
        lines.push(Line::new(Part::Asset, name));
    }
    let profile = profile::store::of_lead(tx.conn, lead.id)?;
    for (label, value) in company(&profile) {
        lines.push(Line::new(Part::Company, format!("{label}: {value}")));
    }
    let kinds = score::kind_names(tx.conn)?;
    for signal in signals::store::of_lead(tx.conn, lead.id)?
        .iter()
        .take(SIGNALS)
    {
        let kind = kinds.get(&signal.kind_id).map_or("", String::as_str);
        let asset = signal.asset_id.and_then(|id| names.get(&id));
        let parts = [
            kind,
            signal.what.as_str(),
            asset.map_or("", String::as_str),
            &signal.link,
        ];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        lines.push(Line {
            at: Some(signal.at),
            ..Line::new(Part::Signal, parts.join(" · "))
        });
    }
    lines.extend(reasons(&score::explain(tx.conn, lead.id, tx.now)?));
    store::add(tx.conn, handover_id, &lines)
}

/// What is known of a company, by name.
pub fn company(profile: &Profile) -> Vec<(&'static str, String)> {
    let employees = profile.employees.map(|n| n.to_string());
    let all = [
        ("Country", profile.country.clone()),
        ("Region", profile.region.clone()),
        ("Post code", profile.post_code.clone()),
        ("Employees", employees.unwrap_or_default()),
        ("Segment", profile.segment.clone()),
    ];
    let known = all.into_iter().filter(|(_, value)| !value.is_empty());
    known.collect()
}

fn reasons(explained: &score::Explained) -> Vec<Line> {
    let line = |part: Part| {
        move |reason: &score::Reason| Line {
            points: Some(reason.points),
            at: reason.decay.as_ref().map(|decay| decay.at),
            ..Line::new(part, reason.text.clone())
        }
    };
    let mut lines: Vec<Line> = explained.fit.iter().map(line(Part::Fit)).collect();
    lines.extend(explained.behaviour.iter().map(line(Part::Behaviour)));
    if let Some(given) = explained.given.filter(|_| !explained.is_computed) {
        lines.push(Line {
            points: Some(given),
            ..Line::new(Part::Given, "Given by hand or by a file")
        });
    }
    lines
}
