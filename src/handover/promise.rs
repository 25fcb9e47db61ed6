//! The promise of a hand-over, as marketing fills it in.

use super::story::Story;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::Result;
use crate::form::{Choice, Form};
use crate::kept::Keep;
use crate::leads::store::Promise;
use crate::lists::{self, List, Lists};
use crate::people::{self, Person};
use crate::rules::access::Role;
use crate::rules::wait::Urgency;
use crate::value::Instant;
use std::collections::HashMap;

/// The promise with its lists by name: a name that is new is made.
#[derive(Debug, Clone)]
pub struct Terms {
    pub territory: String,
    pub source: String,
    pub campaign: String,
    pub asset: String,
    pub urgency: Urgency,
    pub score: Option<f64>,
    pub note: String,
    pub owner_id: Option<i64>,
    /// The territory's rota says whose it becomes; `owner_id` says nothing then.
    pub by_rules: bool,
}

/// What the owner field says when the rules shall decide.
pub const BY_RULES: &str = "rules";

impl Terms {
    /// With ids for names, made where they are new.
    pub fn promise(&self, conn: &mut Conn) -> Result<Promise> {
        Ok(Promise {
            territory_id: lists::store::label_id(conn, List::Territory, &self.territory)?,
            source_id: lists::store::label_id(conn, List::Source, &self.source)?,
            campaign_id: lists::store::label_id(conn, List::Campaign, &self.campaign)?,
            asset_id: lists::store::label_id(conn, List::Asset, &self.asset)?,
            urgency: self.urgency,
            score: self.score,
        })
    }
}

/// What the fields of a promise offer.
pub struct Offers {
    pub territories: Vec<String>,
    pub sources: Vec<String>,
    pub campaigns: Vec<String>,
    pub assets: Vec<String>,
    owners: Vec<(Person, String)>,
}

impl Offers {
    pub fn load(conn: &mut Conn, now: Instant) -> Result<Offers> {
        let calendars = Calendars::load(conn)?;
        let today = calendars.zone().day_of(now);
        let teams: HashMap<i64, String> = people::store::teams(conn)?
            .into_iter()
            .map(|team| (team.id, team.name))
            .collect();
        let mut owners: Vec<(Person, String)> = Vec::new();
        for person in people::store::all(conn)? {
            let may_own =
                matches!(person.role, Role::Rep | Role::Manager) && person.left_on.is_none();
            if may_own {
                let team = calendars
                    .team_on(person.id, today)
                    .and_then(|id| teams.get(&id));
                let label = match team {
                    Some(team) => format!("{} ({team})", person.name),
                    None => person.name.clone(),
                };
                owners.push((person, label));
            }
        }
        owners.sort_by(|a, b| (&a.1, a.0.id).cmp(&(&b.1, b.0.id)));
        let mut names = |list| -> Result<Vec<String>> {
            let mut names: Vec<String> = lists::store::labels(conn, list)?
                .into_iter()
                .map(|(_, name)| name)
                .collect();
            names.sort();
            Ok(names)
        };
        Ok(Offers {
            territories: names(List::Territory)?,
            sources: names(List::Source)?,
            campaigns: names(List::Campaign)?,
            assets: names(List::Asset)?,
            owners,
        })
    }

    pub fn urgencies(form: &Form) -> Vec<Choice> {
        let label = |u: &Urgency| (u.word(), format!("{}: {}", u.label(), u.about()));
        form.choices("urgency", Urgency::ALL.iter().map(label))
    }

    pub fn owners(&self, form: &Form) -> Vec<Choice> {
        let nobody = [(BY_RULES, "By the rules"), ("", "Nobody yet")]
            .map(|(value, label)| (value.to_owned(), label.to_owned()));
        let each = self
            .owners
            .iter()
            .map(|(person, label)| (person.uid.clone(), label.clone()));
        form.choices("owner", nobody.into_iter().chain(each))
    }

    /// Reads the fields; `None` when one is wrong, with a message in the form.
    pub fn read(&self, form: &mut Form) -> Option<Terms> {
        let territory = form.text("territory", 80);
        let source = form.text("source", 80);
        let campaign = form.text("campaign", 80);
        let asset = form.text("asset", 80);
        let urgency = form.parsed("urgency", "how urgent it is", Urgency::from_word);
        let score = form.optional("score", "a score from 0 to 100", |text| {
            text.parse()
                .ok()
                .filter(|score| (0.0..=100.0).contains(score))
        });
        let note = form.text("note", 2000);
        let by_rules = form.value("owner") == BY_RULES;
        let owner_id = form.optional("owner", "an owner from the list", |uid| {
            if by_rules {
                return Some(None);
            }
            let found = self.owners.iter().find(|(person, _)| person.uid == uid);
            found.map(|(person, _)| Some(person.id))
        });
        Some(Terms {
            territory: territory?,
            source: source?,
            campaign: campaign?,
            asset: asset?,
            urgency: urgency?,
            score: score?,
            note: note?,
            owner_id: owner_id?.flatten(),
            by_rules,
        })
    }

    /// The fields as the lead has them now, for a new hand-over.
    pub fn filled(&self, story: &Story, lists: &Lists) -> Form {
        let lead = &story.lead;
        let label = |id| lists.label_name(id).to_owned();
        let owner = self
            .owners
            .iter()
            .find(|(person, _)| Some(person.id) == lead.owner_id);
        Form::filled([
            ("territory", label(lead.territory_id)),
            ("source", label(lead.source_id)),
            ("campaign", label(lead.campaign_id)),
            ("asset", label(lead.asset_id)),
            ("urgency", lead.urgency.word().to_owned()),
            (
                "score",
                lead.score
                    .map(|score| score.to_string())
                    .unwrap_or_default(),
            ),
            (
                "owner",
                owner.map_or(BY_RULES.to_owned(), |(person, _)| person.uid.clone()),
            ),
        ])
    }
}
