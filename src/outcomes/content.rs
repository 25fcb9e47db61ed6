//! Content that resonates: replies and meetings of leads that got an asset, beside comparable ones that did not, and the
//! assets that nobody used. Source: METRICS.md 7.

use super::figures::Part;
use super::ground::Ground;
use super::sheet::{Line, Said, Sheet, Table, Ways};
use super::{Filters, REPORT, store};
use crate::csv_out::{self, Cell};
use crate::db::Conn;
use crate::error::Result;
use crate::leads::cohort::About;
use crate::lists::{self, List};
use crate::page;
use crate::rules::access::Me;
use crate::rules::rates::Rate;
use crate::rules::resonance::{self, Beside, LEAST_USES, Lead, Touch};
use crate::style;
use crate::value::Instant;
use serde::Serialize;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

const SECONDS_PER_DAY: f64 = 86_400.0;

#[derive(Serialize)]
pub struct Report {
    #[serde(flatten)]
    pub about: About,
    /// The best first, by their shrunk reply rates.
    pub assets: Vec<Asset>,
    /// Assets in the list that no touch of these leads used.
    pub unused: Vec<String>,
    #[serde(skip)]
    unused_ids: Vec<i64>,
    #[serde(skip)]
    versions: Vec<i64>,
}

#[derive(Serialize)]
pub struct Asset {
    pub asset: String,
    #[serde(skip)]
    id: i64,
    pub leads: u64,
    pub reply: Compared,
    pub meeting: Compared,
}

#[derive(Serialize)]
pub struct Compared {
    pub with: Part,
    pub without: Part,
    pub difference: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// higher, lower, no clear difference; none under 30 uses.
    pub verdict: Option<&'static str>,
}

/// A time in days, as the rules count it.
pub fn day(at: Instant) -> f64 {
    at.seconds_since(Instant(0)) / SECONDS_PER_DAY
}

/// The leads that were handed over, each with its touches.
pub fn leads(conn: &mut Conn, ground: &Ground, as_of: Instant) -> Result<HashMap<i64, Lead>> {
    let mut leads: HashMap<i64, Lead> = HashMap::new();
    for story in &ground.stories {
        let lead = leads.entry(story.start.lead_id).or_default();
        lead.source = story.start.source_id;
    }
    for one in store::uses(conn, ground.span, as_of)? {
        if let Some(lead) = leads.get_mut(&one.lead_id) {
            lead.touches.push(Touch {
                day: day(one.at),
                asset: one.asset_id,
                is_attempt: one.is_attempt,
                is_reached: one.is_reached,
                is_meeting: one.is_meeting,
            });
        }
    }
    Ok(leads)
}

/// Reads the report; `me` sees what they may, and nobody (the command line) sees all.
pub fn report(conn: &mut Conn, filters: &Filters, me: Option<&Me>) -> Result<Report> {
    let ground = Ground::load(conn, filters, me)?;
    let as_of = filters.cohort.as_of;
    let leads: Vec<Lead> = leads(conn, &ground, as_of)?.into_values().collect();
    let found = resonance::resonances(&leads, day(as_of));
    let used: HashSet<i64> = found.iter().map(|one| one.asset).collect();
    let names = lists::store::label_names(conn)?;
    let listed = lists::store::labels(conn, List::Asset)?;
    let mut unused: Vec<(String, i64)> = listed
        .into_iter()
        .filter(|(id, _)| !used.contains(id))
        .map(|(id, name)| (name, id))
        .collect();
    unused.sort();
    let (unused, unused_ids) = unused.into_iter().unzip();
    Ok(Report {
        about: About::new(REPORT, Some("content"), &filters.cohort),
        assets: found
            .iter()
            .map(|one| Asset {
                asset: names.get(&one.asset).cloned().unwrap_or_default(),
                id: one.asset,
                leads: one.leads,
                reply: one.reply.into(),
                meeting: one.meeting.into(),
            })
            .collect(),
        unused,
        unused_ids,
        versions: ground.versions(),
    })
}

impl From<Beside> for Compared {
    fn from(beside: Beside) -> Compared {
        let difference = beside.difference;
        let verdict = difference.map(|difference| match difference.clear() {
            Some(Ordering::Greater) => "higher",
            Some(_) => "lower",
            None => "no clear difference",
        });
        Compared {
            with: beside.with.into(),
            without: beside.without.into(),
            difference: difference.map(|difference| difference.value),
            low: difference.map(|difference| difference.low),
            high: difference.map(|difference| difference.high),
            verdict: verdict.filter(|_| beside.with.n >= LEAST_USES),
        }
    }
}

impl Report {
    /// One row an asset. Columns: asset, leads, and for reply and meeting with_k, with_n, without_k, without_n,
    /// difference, low, high, verdict; then a row for each unused one.
    fn csv(&self) -> Result<String> {
        let mut columns: Vec<String> = ["asset", "leads"].map(str::to_owned).into();
        let ends = [
            "with_k",
            "with_n",
            "without_k",
            "without_n",
            "difference",
            "low",
            "high",
            "verdict",
        ];
        for outcome in ["reply", "meeting"] {
            columns.extend(ends.map(|end| format!("{outcome}_{end}")));
        }
        let shares = ["with", "without"]
            .map(|arm| ["share", "low", "high"].map(|end| format!("{arm}_{end}")));
        for outcome in ["reply", "meeting"] {
            let ends = shares.iter().flatten();
            columns.extend(ends.map(|end| format!("{outcome}_{end}")));
        }
        let header: Vec<&str> = columns.iter().map(String::as_str).collect();
        let count = |value: u64| Cell::count(value as i64);
        let used = self.assets.iter().map(|asset| {
            let mut cells = vec![Cell::from(asset.asset.as_str()), count(asset.leads)];
            for one in [&asset.reply, &asset.meeting] {
                cells.extend([one.with.k, one.with.n, one.without.k, one.without.n].map(count));
                cells.extend([one.difference, one.low, one.high].map(Cell::number));
                cells.push(Cell::from(one.verdict.unwrap_or_default()));
            }
            for part in [&asset.reply, &asset.meeting]
                .map(|one| [&one.with, &one.without])
                .concat()
            {
                cells.extend([part.share, part.low, part.high].map(Cell::number));
            }
            cells
        });
        let unused = self.unused.iter().map(|name| {
            let mut cells = vec![Cell::from(name.as_str()), count(0)];
            cells.extend((2..columns.len()).map(|_| Cell::from("")));
            cells
        });
        csv_out::table(&header, used.chain(unused))
    }

    /// Leads that got an asset, beside comparable ones.
    fn used(&self, ways: Ways) -> Table {
        let line = |asset: &Asset| {
            let is_few = asset.reply.with.n < LEAST_USES;
            let way = |what: &str| ways(&format!("content-{}-{what}", asset.id), &asset.asset);
            let leads = Said {
                href: way("leads"),
                ..Said::plain(style::count(asset.leads))
            };
            let compared = asset.reply.told("reply", way).into_iter();
            let compared = compared.chain(asset.meeting.told("meeting", way));
            Line {
                name: asset.asset.clone(),
                badge: if is_few { "Under 30 uses" } else { "" },
                is_faint: is_few,
                cells: [leads].into_iter().chain(compared).collect(),
            }
        };
        Table {
            title: "Leads that got it, beside comparable ones".to_owned(),
            note: "Ordered by the reply rate, few uses counting less".to_owned(),
            first: "Asset",
            columns: vec![
                "Leads",
                "Reply within 7 d",
                "Without it",
                "Difference",
                "Meeting within 30 d",
                "Without it",
                "Difference",
            ],
            rows: self.assets.iter().map(line).collect(),
        }
    }

    /// The assets that nobody used.
    fn not_used(&self, ways: Ways) -> Table {
        let line = |(name, id): (&String, &i64)| Line {
            name: name.clone(),
            cells: vec![Said {
                href: ways(&format!("content-{id}-leads"), name),
                ..Said::plain("0")
            }],
            ..Line::default()
        };
        Table {
            title: "Not used by any rep".to_owned(),
            note: "With leads of these days".to_owned(),
            first: "Asset",
            columns: vec!["Uses"],
            rows: self.unused.iter().zip(&self.unused_ids).map(line).collect(),
        }
    }

    pub fn sheet(&self, ways: Ways) -> Result<Sheet> {
        let mut tables = vec![self.used(ways)];
        if !self.unused.is_empty() {
            tables.push(self.not_used(ways));
        }
        Ok(Sheet {
            headline: self.headline(),
            tables,
            how: "A lead counts by its first touch with the asset. Comparable are leads of the same source that got none \
                  of it, once at each number of attempts at which others of that source got it. A reply is a contact \
                  within 7 days of that touch, a meeting one booked within 30; leads not followed that long are not \
                  counted yet. Differences are in percentage points with 95 % intervals: Newcombe's, and over several \
                  sources or attempts weighed by these (Mantel-Haenszel, each with 5 on both sides). With under 30 uses nothing is told. Who got what was the reps' \
                  choice: this says what goes together, not what caused it.",
            versions: self.versions.clone(),
            csv: self.csv()?,
            ..Sheet::default()
        })
    }

    /// "4 assets were used with 30 leads or more and compared; Guide gets more replies than comparable leads. ..."
    fn headline(&self) -> String {
        let told: Vec<&Asset> = self
            .assets
            .iter()
            .filter(|asset| asset.reply.verdict.is_some())
            .collect();
        let with = |verdict: &str| {
            let found = told
                .iter()
                .filter(|asset| asset.reply.verdict == Some(verdict));
            found
                .map(|asset| asset.asset.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let unused = match self.unused.len() {
            0 => String::new(),
            1 => " 1 asset was used by nobody.".to_owned(),
            n => format!(" {n} assets were used by nobody."),
        };
        if told.is_empty() {
            return format!("No asset was used with 30 leads yet: nothing is compared.{unused}");
        }
        let compared = match told.len() {
            1 => "1 asset was compared".to_owned(),
            n => format!("{n} assets were compared"),
        };
        let found = match (with("higher"), with("lower")) {
            (more, less) if more.is_empty() && less.is_empty() => {
                "none gets clearly more or fewer replies than comparable leads".to_owned()
            }
            (more, less) if less.is_empty() => format!("more replies with {more}"),
            (more, less) if more.is_empty() => format!("fewer replies with {less}"),
            (more, less) => format!("more replies with {more}, fewer with {less}"),
        };
        format!("{compared}: {found}.{unused}")
    }
}

/// A share of leads as it is told; a dash where few of them were followed.
pub fn told(rate: Rate) -> Said {
    match rate.n >= LEAST_USES {
        true => Said::share(rate),
        false => Said::with(page::DASH, page::of(rate)),
    }
}

impl Compared {
    fn told(&self, outcome: &str, way: impl Fn(&str) -> String) -> [Said; 3] {
        let said = [
            ("with", told(self.with.rate())),
            ("without", told(self.without.rate())),
            ("difference", self.difference()),
        ];
        said.map(|(what, said)| Said {
            href: way(&format!("{outcome}-{what}")),
            ..said
        })
    }

    /// What the difference says, in points with their interval; a dash where there are too few.
    pub fn difference(&self) -> Said {
        match (self.verdict, self.difference, self.low, self.high) {
            (Some(verdict), Some(value), Some(low), Some(high)) => Said {
                range: format!(
                    "{} to {}",
                    style::decimal(low * 100.0, 1),
                    style::decimal(high * 100.0, 1)
                ),
                ..Said::with(verdict, page::points(value))
            },
            _ => Said::plain(page::DASH),
        }
    }
}
