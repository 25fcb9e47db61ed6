//! The promise of a hand-over, as marketing fills it in.

use super::story::Story;
use crate::app::Tx;
use crate::calendar::Calendars;
use crate::db::Conn;
use crate::error::Result;
use crate::form::{Choice, Form};
use crate::kept::Keep;
use crate::leads::Lead;
use crate::leads::profile::store::Promise;
use crate::leads::signals::{NewSignal, SignalKind, Sort};
use crate::leads::{carried, profile, score, signals};
use crate::lists::{self, List, Lists};
use crate::people::{self, Person};
use crate::rules::access::Role;
use crate::rules::profile::Profile;
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
    /// What else it responded to.
    pub more_assets: Vec<String>,
    pub profile: Profile,
    /// What goes on: kinds of signals, and words.
    pub news: Vec<(i64, String)>,
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

    /// The lead as it stands, for handing it over with one tap.
    pub fn of_lead(conn: &mut Conn, lead: &Lead) -> Result<Terms> {
        let names = lists::store::label_names(conn)?;
        let name = |id: Option<i64>| {
            id.and_then(|id| names.get(&id))
                .cloned()
                .unwrap_or_default()
        };
        let assets = carried::store::assets(conn, lead.id)?;
        Ok(Terms {
            territory: name(lead.territory_id),
            source: name(lead.source_id),
            campaign: name(lead.campaign_id),
            asset: name(lead.asset_id),
            more_assets: assets.into_iter().map(|id| name(Some(id))).collect(),
            profile: profile::store::of_lead(conn, lead.id)?,
            news: Vec::new(),
            urgency: lead.urgency,
            score: lead.given_score,
            note: String::new(),
            owner_id: None,
            by_rules: true,
        })
    }

    /// Writes what a lead comes with beside its own columns, and what its score is with all that.
    pub fn write_rest(&self, tx: &mut Tx, lead_id: i64) -> Result<()> {
        profile::store::set(tx.conn, lead_id, &self.profile)?;
        let mut assets = Vec::new();
        for name in &self.more_assets {
            assets.extend(lists::store::label_id(tx.conn, List::Asset, name)?);
        }
        assets.sort_unstable();
        assets.dedup();
        carried::store::set_assets(tx.conn, lead_id, &assets)?;
        for (kind_id, what) in &self.news {
            let new = NewSignal::now(tx, *kind_id, what);
            signals::write(tx, lead_id, &new, None, false)?;
        }
        // Nobody is told that it has come up: it is handed over, or entered, just now.
        score::renew(tx.conn, lead_id, tx.now)
    }
}

/// What the fields of a promise offer.
pub struct Offers {
    pub territories: Vec<String>,
    pub sources: Vec<String>,
    pub campaigns: Vec<String>,
    pub assets: Vec<String>,
    kinds: Vec<SignalKind>,
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
            let labels = lists::store::labels(conn, list)?.into_iter();
            Ok(labels.map(|(_, name)| name).collect())
        };
        Ok(Offers {
            territories: names(List::Territory)?,
            sources: names(List::Source)?,
            campaigns: names(List::Campaign)?,
            assets: names(List::Asset)?,
            kinds: signals::store::kinds(conn)?,
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

    /// What may have happened, to choose from; what somebody found out has a field of its own.
    pub fn news(&self, form: &Form) -> Vec<Choice> {
        let nothing = [(String::new(), "Nothing new".to_owned())];
        let open = self.kinds.iter();
        let open = open.filter(|kind| !kind.is_retired && kind.sort != Sort::Note);
        let each = open.map(|kind| (kind.id.to_string(), kind.name.clone()));
        form.choices("news_kind", nothing.into_iter().chain(each))
    }

    fn read_news(&self, form: &mut Form) -> Option<Vec<(i64, String)>> {
        let kind = form.optional("news_kind", "what happened, from the list", |text| {
            let id: i64 = text.parse().ok()?;
            let kind = self
                .kinds
                .iter()
                .find(|kind| kind.id == id && !kind.is_retired);
            kind.map(|kind| kind.id)
        });
        let what = form.text("news_what", 1000);
        let note = form.text("news_note", 1000);
        let (kind, what, note) = (kind?, what?, note?);
        if kind.is_none() && !what.is_empty() {
            form.refuse("news_kind", "Choose what happened.");
            return None;
        }
        let mut kinds = self.kinds.iter();
        let of_notes = kinds.find(|kind| !kind.is_retired && kind.sort == Sort::Note);
        let found_out = of_notes.map(|kind| (kind.id, note));
        let news = kind.map(|id| (id, what)).into_iter();
        let found_out = found_out.filter(|(_, note)| !note.is_empty());
        Some(news.chain(found_out).collect())
    }

    /// Reads the fields; `None` when one is wrong, with a message in the form.
    pub fn read(&self, form: &mut Form) -> Option<Terms> {
        let territory = form.text("territory", 80);
        let source = form.text("source", 80);
        let campaign = form.text("campaign", 80);
        let asset = form.text("asset", 80);
        let more_assets = read_more_assets(form);
        let profile = read_profile(form);
        let news = self.read_news(form);
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
            more_assets: more_assets?,
            profile: profile?,
            news: news?,
            urgency: urgency?,
            score: score?,
            note: note?,
            owner_id: owner_id?.flatten(),
            by_rules,
        })
    }

    /// The fields as the lead has them now, for a new hand-over.
    pub fn filled(&self, conn: &mut Conn, story: &Story, lists: &Lists) -> Result<Form> {
        let lead = &story.lead;
        let profile = profile::store::of_lead(conn, lead.id)?;
        let more = carried::store::assets(conn, lead.id)?;
        let more: Vec<&str> = more.iter().map(|id| lists.label_name(Some(*id))).collect();
        let label = |id| lists.label_name(id).to_owned();
        let owner = self
            .owners
            .iter()
            .find(|(person, _)| Some(person.id) == lead.owner_id);
        let company = profile_values(&profile).into_iter();
        let promise = [
            ("territory", label(lead.territory_id)),
            ("source", label(lead.source_id)),
            ("campaign", label(lead.campaign_id)),
            ("asset", label(lead.asset_id)),
            ("urgency", lead.urgency.word().to_owned()),
            (
                "score",
                lead.given_score
                    .map(|score| score.to_string())
                    .unwrap_or_default(),
            ),
            (
                "owner",
                owner.map_or(BY_RULES.to_owned(), |(person, _)| person.uid.clone()),
            ),
            ("more_assets", more.join("\n")),
        ];
        Ok(Form::filled(promise.into_iter().chain(company)))
    }
}

/// The fields of a company, as a form has them.
pub fn profile_values(profile: &Profile) -> [(&'static str, String); 5] {
    let employees = profile.employees.map(|n| n.to_string());
    [
        ("country", profile.country.clone()),
        ("region", profile.region.clone()),
        ("post_code", profile.post_code.clone()),
        ("employees", employees.unwrap_or_default()),
        ("segment", profile.segment.clone()),
    ]
}

pub fn read_profile(form: &mut Form) -> Option<Profile> {
    let country = form.text("country", 60);
    let region = form.text("region", 60);
    let post_code = form.text("post_code", 20);
    let employees = form.optional("employees", "a whole number of people", |text| {
        text.parse().ok().filter(|n| *n <= i32::MAX as u32)
    });
    let segment = form.text("segment", 60);
    Some(Profile {
        country: country?,
        region: region?,
        post_code: post_code?,
        employees: employees?,
        segment: segment?,
    })
}

/// Names, one a line.
fn read_more_assets(form: &mut Form) -> Option<Vec<String>> {
    let text = form.text("more_assets", 1000)?;
    let names: Vec<String> = text
        .lines()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    if names.iter().any(|name| name.chars().count() > 80) {
        form.refuse("more_assets", "Use at most 80 characters for each.");
        return None;
    }
    Some(names)
}
