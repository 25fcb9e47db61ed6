//! What was logged today, how much of it reached somebody, and how many leads: in words, and explained by its entries.

use crate::activities::{self, Activity};
use crate::app::Cx;
use crate::error::Result;
use crate::explain::{AS_OF, Explanation, How, Row, parts};
use crate::leads::store::LeadName;
use crate::lists::Lists;
use crate::page::{self, Link, Said};
use crate::rules::rates::Rate;
use crate::style;
use crate::urls;
use crate::value::Instant;
use std::collections::HashSet;
use std::sync::Arc;

/// An entry, and what its lead is called.
pub type Logged = (Activity, Option<LeadName>);

crate::words! {
    /// A figure of what one logged today.
    pub enum Figure { Logged = "logged", Reached = "reached", LeadsReached = "leads_reached" }
}

impl Figure {
    fn label(self) -> &'static str {
        match self {
            Figure::Logged => "Logged",
            Figure::Reached => "Reached",
            Figure::LeadsReached => "Leads reached",
        }
    }

    fn meaning(self) -> &'static str {
        match self {
            Figure::Logged => {
                "All that you logged for today, whatever its kind: an entry of several counts as many."
            }
            Figure::Reached => {
                "What of your prospecting today reached somebody: a call that was taken, a reply, a meeting. The share is of \
                 what counts as prospecting, as on boards."
            }
            Figure::LeadsReached => {
                "Leads whom your prospecting reached today, each once however often it did."
            }
        }
    }

    fn formula(self) -> &'static str {
        match self {
            Figure::Logged => "sum of the counts of the entries",
            Figure::Reached => "reached / all that is prospecting, with Wilson's 95 % interval",
            Figure::LeadsReached => "a count of leads",
        }
    }
}

/// What the entries of a day add up to.
struct Counts {
    /// Of the prospecting ones, those that reached somebody.
    rate: Rate,
    logged: u64,
    leads: usize,
}

fn quantity(entry: &Activity) -> u64 {
    u64::from(entry.quantity.max(0) as u32)
}

/// Whether an entry counts as reached: of what is prospecting alone, as on boards.
fn is_reached(entry: &Activity) -> bool {
    entry.is_prospecting && entry.is_reached
}

impl Counts {
    fn of(entries: &[Logged]) -> Counts {
        let all = || entries.iter().map(|(entry, _)| entry);
        let sum = |is_it: fn(&Activity) -> bool| all().filter(|e| is_it(e)).map(quantity).sum();
        let reached = all().filter(|e| is_reached(e));
        let leads: HashSet<i64> = reached.filter_map(|e| e.lead_id).collect();
        Counts {
            rate: Rate {
                k: sum(is_reached),
                n: sum(|e| e.is_prospecting),
            },
            logged: sum(|_| true),
            leads: leads.len(),
        }
    }

    fn figure(&self, figure: Figure) -> String {
        match figure {
            Figure::Logged => format!("{} logged", self.logged),
            Figure::Reached => format!("{} reached", self.rate.k),
            Figure::LeadsReached => self.leads.to_string(),
        }
    }
}

/// `12 logged, 3 reached (25.0 %, likely 8.9 to 53.2 %); leads reached: 2`: a volume never stands alone, and of fewer than ten
/// there is no share, which is of what is prospecting, as on boards. Source: PRODUCT.md 7, rules 1 and 9.
pub fn words(entries: &[Logged], as_of: Instant) -> Vec<Said> {
    let counts = Counts::of(entries);
    let rate = counts.rate;
    let of = match rate.n == counts.logged {
        true => String::new(),
        false => format!(" of {} that are prospecting", rate.n),
    };
    let share = match rate.is_warming_up() {
        true => String::new(),
        false => format!(" ({}, likely {})", page::share(rate), page::interval(rate)),
    };
    let said = |before: &str, figure: Figure, after: String| Said {
        before: before.to_owned(),
        figure: counts.figure(figure),
        after,
        href: urls::with_query(
            "/today/explain",
            &[("figure", figure.word()), (AS_OF, &as_of.to_string())],
        ),
    };
    vec![
        said("", Figure::Logged, ", ".to_owned()),
        said("", Figure::Reached, format!("{of}{share}; ")),
        said("leads reached: ", Figure::LeadsReached, String::new()),
    ]
}

/// What explains a figure of what the asker logged on the day of an instant, up to it.
pub fn explanation(cx: &Cx, figure: Figure, as_of: Instant) -> Result<Explanation> {
    let me = cx.me()?;
    let today = me.zone.day_of(as_of);
    let mut entries = cx.read(|conn| activities::store::of_day(conn, me.id, today))?;
    entries.retain(|(entry, _)| entry.happened_at <= as_of);
    let lists: Arc<Lists> = cx.reference()?;
    let counts = Counts::of(&entries);
    let filled = match figure {
        Figure::Logged => format!(
            "sum of {} entries = {}",
            style::count(entries.len() as u64),
            counts.logged
        ),
        Figure::Reached => crate::explain::share(counts.rate).1,
        Figure::LeadsReached => format!("{} leads, each once", counts.leads),
    };
    // The first touch that reached a lead counts it.
    entries.reverse();
    let mut leads = HashSet::new();
    let rows: Vec<_> = entries
        .iter()
        .map(|logged| {
            let (how, why) = place(figure, &logged.0, &mut leads);
            (how, why.to_owned(), row(cx, &lists, logged))
        })
        .collect();
    Ok(Explanation {
        figure: figure.label().to_owned(),
        group: "today".to_owned(),
        value: counts.figure(figure),
        meaning: figure.meaning(),
        formula: figure.formula(),
        filled,
        filters: vec![
            page::day(today),
            format!("as of {}", page::time_and_zone(as_of, cx.zone())),
        ],
        first: "When",
        columns: vec!["Kind", "Outcome", "Lead", "Count"],
        parts: parts(rows),
        under: Vec::new(),
        back: Link {
            href: "/today".to_owned(),
            label: "Today".to_owned(),
            current: false,
        },
    })
}

/// How an entry counts; `leads` are those that were reached before it.
fn place(figure: Figure, entry: &Activity, leads: &mut HashSet<i64>) -> (How, &'static str) {
    match figure {
        Figure::Logged => (How::Counted, "logged"),
        _ if !entry.is_prospecting => (How::LeftOut, "its kind does not count as prospecting"),
        Figure::Reached if entry.is_reached => (How::Counted, "reached somebody"),
        Figure::Reached => (How::InWhole, "reached nobody"),
        Figure::LeadsReached => match entry.lead_id {
            _ if !entry.is_reached => (How::LeftOut, "reached nobody"),
            None => (How::LeftOut, "not against a lead"),
            Some(lead) if leads.insert(lead) => (How::Counted, "reached the lead"),
            Some(_) => (How::LeftOut, "reached a lead that is counted already"),
        },
    }
}

fn row(cx: &Cx, lists: &Lists, (entry, lead): &Logged) -> Row {
    let kind = lists.kind(entry.kind_id);
    let outcome = entry.outcome_id.and_then(|id| lists.outcome(id));
    Row {
        name: page::time(entry.happened_at, cx.zone()),
        sub: if entry.is_late { "entered late" } else { "" }.to_owned(),
        href: format!("/activities/{}", entry.uid),
        cells: vec![
            kind.map_or(String::new(), |kind| kind.name.clone()),
            outcome.map_or(String::new(), |outcome| outcome.name.clone()),
            lead.as_ref()
                .map_or(String::new(), |lead| lead.title().to_owned()),
            style::count(i64::from(entry.quantity)),
        ],
    }
}
