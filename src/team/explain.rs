//! GET /team/explain: explains the shares of the board and the rates, by what stands above and below their lines. Whose
//! rows somebody may open is decided as for the entries; people beside each other are those whom the rates show.

use super::asked::{Asked as Query, address, days_words, owned};
use super::behind::{self, Asked, Named};
use super::entries::{self, why_not};
use super::read::Reading;
use super::view::reached_words;
use super::{Beside, Conversion, Filters, RateRow, Rates, Who, rates};
use crate::activities::totals;
use crate::app::Cx;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::explain::{self, Explanation, How, Row, parts};
use crate::leads;
use crate::page::{self, Answer, Link};
use crate::rules::rates::Rate;
use crate::rules::target::Metric;
use std::collections::HashMap;

crate::words! {
    /// A figure that can be asked for, of the person or team in the address.
    pub enum Figure {
        /// The value by its own target.
        Percent = "percent",
        /// The share reached, as the board rounds it.
        Reached = "reached",
        /// The rates, as such and shrunk towards that of all.
        ShareReached = "share_reached",
        MeetingsPerProspect = "meetings_per_prospect",
        ShrunkShareReached = "shrunk_share_reached",
        ShrunkMeetingsPerProspect = "shrunk_meetings_per_prospect",
    }
}

impl Figure {
    pub fn of(conversion: Conversion) -> Figure {
        match conversion {
            Conversion::ShareReached => Figure::ShareReached,
            Conversion::MeetingsPerProspect => Figure::MeetingsPerProspect,
        }
    }

    pub fn shrunk(conversion: Conversion) -> Figure {
        match conversion {
            Conversion::ShareReached => Figure::ShrunkShareReached,
            Conversion::MeetingsPerProspect => Figure::ShrunkMeetingsPerProspect,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Figure::Percent => "Of target",
            Figure::Reached | Figure::ShareReached => "Share reached",
            Figure::MeetingsPerProspect => "Meetings per prospect",
            Figure::ShrunkShareReached => "Share reached, shrunk",
            Figure::ShrunkMeetingsPerProspect => "Meetings per prospect, shrunk",
        }
    }

    fn meaning(self) -> &'static str {
        match self {
            Figure::Percent => {
                "What was done, by what the targets in force asked for over these days, less days off. Each stretch of \
                 days in one team counts for that team."
            }
            Figure::Reached | Figure::ShareReached => Conversion::ShareReached.about(),
            Figure::MeetingsPerProspect => Conversion::MeetingsPerProspect.about(),
            Figure::ShrunkShareReached | Figure::ShrunkMeetingsPerProspect => {
                "The rate with that of everybody here mixed in (empirical Bayes): a rate of few trials stands nearer \
                 to it than one of many. Tiers are made of it, never ranks."
            }
        }
    }

    fn formula(self) -> &'static str {
        match self {
            Figure::Percent => "value / target",
            Figure::Reached | Figure::ShareReached => {
                "reached somebody / all prospecting activities, with Wilson's 95 % interval"
            }
            Figure::MeetingsPerProspect => {
                "leads with a meeting booked / leads touched, with Wilson's 95 % interval"
            }
            Figure::ShrunkShareReached | Figure::ShrunkMeetingsPerProspect => {
                "(m \u{d7} M + k) / (M + n): m is the rate of all, M says how alike the people are"
            }
        }
    }
}

/// The address of a figure of somebody; `metric` is that of the board.
pub fn href(figure: Figure, filters: &Filters, who: Who, uid: &str) -> String {
    let mut pairs = vec![owned(("figure", figure.to_string()))];
    pairs.extend(entries::pairs(filters, who, uid));
    pairs.extend(filters.peers.clone().map(|peers| owned(("peers", peers))));
    address("/team/explain", &pairs)
}

/// A figure's value, its formula with its own numbers, and its rows with what they say of themselves.
struct Found {
    value: String,
    filled: String,
    first: &'static str,
    columns: Vec<&'static str>,
    rows: Vec<(How, String, Row)>,
}

pub fn page(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let form = cx.query();
    let figure = Figure::from_word(form.value("figure")).ok_or(Error::NotFound)?;
    let (asked, found) = cx.snapshot(|conn| {
        let asked = behind::asked(conn, cx, me)?;
        let found = match figure {
            Figure::Percent => percent(conn, cx, &asked)?,
            Figure::Reached | Figure::ShareReached => reached(conn, cx, asked.clone(), figure)?,
            Figure::MeetingsPerProspect => meetings(conn, cx, &asked)?,
            Figure::ShrunkShareReached => shrunk(conn, cx, &asked, Conversion::ShareReached)?,
            Figure::ShrunkMeetingsPerProspect => {
                shrunk(conn, cx, &asked, Conversion::MeetingsPerProspect)?
            }
        };
        Ok((asked, found))
    })?;
    if found.rows.is_empty() && !asked.is_known {
        return Err(Error::NotFound);
    }
    let (path, label) = match figure {
        Figure::Percent | Figure::Reached => ("/team", "Team"),
        _ => ("/team/rates", "Rates"),
    };
    let [from, to] = ["from", "to"].map(|name| (name, form.value(name).to_owned()));
    let explanation = Explanation {
        figure: asked.name.clone(),
        group: figure.label().to_owned(),
        value: found.value,
        meaning: figure.meaning(),
        formula: figure.formula(),
        filled: found.filled,
        filters: vec![
            format!(
                "{}, {}",
                asked.filters.metric.label(),
                days_words(asked.filters.from, asked.filters.to)
            ),
            format!(
                "as of {}",
                page::time_and_zone(asked.filters.as_of, cx.zone())
            ),
        ],
        first: found.first,
        columns: found.columns,
        parts: parts(found.rows),
        under: Vec::new(),
        back: Link {
            href: address(path, &[from, to].map(owned)),
            label: label.to_owned(),
            current: false,
        },
    };
    explain::show(cx, &form, explanation)
}

/// The board's value above the line, what each stretch of days asks below it.
fn percent(conn: &mut Conn, cx: &Cx, asked: &Asked) -> Result<Found> {
    let value = behind::total(conn, cx.kept, asked)?;
    let filters = &asked.filters;
    let reading = Reading::new(conn, cx.kept, filters)?;
    let mut rows = vec![(
        How::Counted,
        "what was done".to_owned(),
        Row {
            name: filters.metric.label().to_owned(),
            sub: String::new(),
            href: entries::href(filters, asked.who, &asked.uid),
            cells: vec![page::amount(value)],
        },
    )];
    let mut target: Option<f64> = None;
    for person in reading.loggers() {
        for (first, last, _, who) in reading.stretches(person, reading.from, reading.to) {
            if who != asked.who {
                continue;
            }
            let amount = reading.target(person, first, last);
            let (how, reason) = match amount {
                Some(_) => (How::InWhole, "what was asked for"),
                None => (How::LeftOut, "no target in force"),
            };
            if let Some(amount) = amount {
                *target.get_or_insert(0.0) += amount;
            }
            let row = Row {
                name: person.name.clone(),
                sub: days_words(Some(first), Some(last)),
                href: String::new(),
                cells: vec![amount.map_or(page::DASH.to_owned(), page::amount)],
            };
            rows.push((how, reason.to_owned(), row));
        }
    }
    let share = target.map(|target| value / target);
    let words = share
        .filter(|share| share.is_finite())
        .map_or(page::DASH.to_owned(), page::percent);
    let asked_for = target.map_or(page::DASH.to_owned(), page::amount);
    Ok(Found {
        filled: format!("{} / {asked_for} = {words}", page::amount(value)),
        value: words,
        first: "What",
        columns: vec!["Amount"],
        rows,
    })
}

/// Entries that reached somebody above the line, all prospecting ones below it.
fn reached(conn: &mut Conn, cx: &Cx, mut asked: Asked, figure: Figure) -> Result<Found> {
    let me = cx.me()?;
    asked.behind.metric = Metric::Activities;
    let all = behind::counted(conn, cx.kept, me, &asked, None, None)?;
    let others = behind::left_out(conn, cx.kept, me, &asked, None)?;
    let mut rate = Rate::default();
    let mut rows = Vec::new();
    for named in all {
        let quantity = u64::from(named.entry.quantity.max(0) as u32);
        rate.n += quantity;
        let (how, reason) = match named.entry.is_reached {
            true => (How::Counted, "reached somebody"),
            false => (How::InWhole, "reached nobody"),
        };
        if named.entry.is_reached {
            rate.k += quantity;
        }
        rows.push((how, reason.to_owned(), told(cx, named)));
    }
    for named in others {
        let reason = why_not(&Metric::Activities, &named.entry);
        rows.push((How::LeftOut, reason.to_owned(), told(cx, named)));
    }
    let (value, filled) = explain::share(rate);
    let value = match figure {
        Figure::Reached => {
            let beside = Beside {
                activities: rate.n as f64,
                reached: rate.k as f64,
                leads_reached: 0.0,
            };
            reached_words(&beside).0
        }
        _ => value,
    };
    Ok(Found {
        value,
        filled: format!("counts of the entries: {filled}"),
        first: "When",
        columns: vec!["Person", "Kind", "Outcome", "Lead", "Count"],
        rows,
    })
}

fn told(cx: &Cx, named: Named) -> Row {
    Row {
        name: page::time(named.entry.happened_at, cx.zone()),
        sub: String::new(),
        href: named.lead_href,
        cells: vec![
            named.person,
            named.kind,
            named.outcome,
            named.lead,
            named.entry.quantity.to_string(),
        ],
    }
}

/// Leads with a meeting above the line, all that were touched below it.
fn meetings(conn: &mut Conn, cx: &Cx, asked: &Asked) -> Result<Found> {
    let filters = &asked.filters;
    let reading = Reading::new(conn, cx.kept, filters)?;
    let mut worked: HashMap<i64, bool> = HashMap::new();
    for prospect in totals::prospects(conn, &reading.span())? {
        if filters.who(prospect.person_id, prospect.team_id) == Some(asked.who) {
            *worked.entry(prospect.lead_id).or_default() |= prospect.has_meeting;
        }
    }
    let names = leads::names(conn, cx.me()?, worked.keys().copied().collect())?;
    let mut rows: Vec<_> = worked
        .iter()
        .map(|(lead_id, has_meeting)| {
            let (name, href) = names.get(lead_id).cloned().unwrap_or_default();
            let (how, reason) = match has_meeting {
                true => (How::Counted, "a meeting was booked"),
                false => (How::InWhole, "touched, and no meeting booked"),
            };
            let row = Row {
                name,
                href,
                ..Row::default()
            };
            (how, reason.to_owned(), row)
        })
        .collect();
    rows.sort_by(|a, b| (&a.2.name, &a.2.href).cmp(&(&b.2.name, &b.2.href)));
    let rate = Rate {
        k: worked.values().filter(|has_meeting| **has_meeting).count() as u64,
        n: worked.len() as u64,
    };
    let (value, filled) = explain::share(rate);
    Ok(Found {
        value,
        filled,
        first: "Lead",
        columns: Vec::new(),
        rows,
    })
}

/// One's rate above the line; the rates that the reader is shown, towards which it is drawn, below it.
fn shrunk(conn: &mut Conn, cx: &Cx, asked: &Asked, conversion: Conversion) -> Result<Found> {
    let peers = Query::read(cx)?.filters.peers;
    let filters = Filters {
        peers,
        ..asked.filters.clone()
    };
    let Rates { rows, prior, .. } = rates(conn, cx.kept, &filters, conversion)?;
    let own = rows
        .iter()
        .find(|row| Who::Person(row.person_id) == asked.who);
    let shrunk = own.and_then(|own| own.shrunk.filter(|_| own.tier.is_some()));
    let (Some(own), Some(shrunk), Some(prior)) = (own, shrunk, prior) else {
        return Err(Error::NotFound);
    };
    let value = page::percent(shrunk.mean);
    let [mean, strength] = [prior.mean * 100.0, prior.strength].map(page::amount);
    let row = |row: &RateRow| {
        let (how, reason) = match (row.person_id == own.person_id, row.rate.n) {
            (true, _) => (How::Counted, "the rate itself"),
            (false, 0) => (How::LeftOut, "nothing yet"),
            (false, _) if row.is_away => (How::LeftOut, "off all the time"),
            (false, _) => (
                How::InWhole,
                "what it is drawn towards, with the rates not shown to you",
            ),
        };
        let told = Row {
            name: row.name.clone(),
            sub: row.team.clone(),
            href: String::new(),
            cells: vec![page::of(row.rate), page::share(row.rate)],
        };
        (how, reason.to_owned(), told)
    };
    Ok(Found {
        filled: format!(
            "({mean}\u{a0}% \u{d7} {strength} + {}) / ({strength} + {}) = {value}",
            own.rate.k, own.rate.n
        ),
        value,
        first: "Person",
        columns: vec!["Of", "Rate"],
        rows: rows.iter().map(row).collect(),
    })
}
