//! GET /team/explain: explains the shares of the board and the rates, by what stands above and below their lines. Whose
//! rows somebody may open is decided as for the entries; people beside each other are those whom the rates show.

use super::asked::{address, days_words, owned};
use super::behind::{self, Asked, Named};
use super::entries::{self, why_not};
use super::figure::Figure;
use super::limits::explained as limits;
use super::read::Reading;
use super::{Beside, Conversion, Filters, RateRow, Rates, Who, rates, together, weeks};
use crate::activities::totals;
use crate::app::Cx;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::explain::{self, Explanation, How, Row, parts};
use crate::form::Form;
use crate::leads;
use crate::page::{self, Answer, Link};
use crate::rules::rates::Rate;
use crate::rules::target::Metric;
use crate::style;
use std::collections::HashMap;

/// The address of a figure of somebody; `metric` is that of the board.
pub fn href(figure: Figure, filters: &Filters, who: Who, uid: &str) -> String {
    let mut pairs = vec![owned(("figure", figure.to_string()))];
    pairs.extend(entries::pairs(filters, who, uid));
    pairs.extend(filters.peers.clone().map(|peers| owned(("peers", peers))));
    address("/team/explain", &pairs)
}

/// A figure's value, its formula with its own numbers, and its rows with what they say of themselves.
pub struct Found {
    pub value: String,
    pub filled: String,
    pub first: &'static str,
    pub columns: Vec<&'static str>,
    pub rows: Vec<(How, String, Row)>,
}

pub fn page(cx: &Cx) -> Answer {
    let form = cx.query();
    let explanation = explanation(cx, &form)?;
    explain::show(cx, &form, explanation)
}

/// What explains the figure that an address asks for.
pub fn explanation(cx: &Cx, form: &Form) -> Result<Explanation> {
    let me = cx.me()?;
    let figure = Figure::from_word(form.value("figure")).ok_or(Error::NotFound)?;
    let (name, filters, found) = cx.snapshot(|conn| match figure {
        Figure::Together => together::sum(conn, cx, me, form),
        Figure::Goal => together::goal(conn, cx, me, form),
        Figure::Late | Figure::TogetherReached => together::share(conn, cx, me, form, figure),
        Figure::TogetherShareReached => together::rate(conn, cx, form, Conversion::ShareReached),
        Figure::TogetherMeetingsPerProspect => {
            together::rate(conn, cx, form, Conversion::MeetingsPerProspect)
        }
        _ => of_somebody(conn, cx, form, figure),
    })?;
    let (path, label) = match figure {
        Figure::ShareReached
        | Figure::MeetingsPerProspect
        | Figure::TogetherShareReached
        | Figure::TogetherMeetingsPerProspect
        | Figure::ShrunkShareReached
        | Figure::ShrunkMeetingsPerProspect
        | Figure::NearShareReached
        | Figure::FarShareReached
        | Figure::NearMeetingsPerProspect
        | Figure::FarMeetingsPerProspect => ("/team/rates", "Rates"),
        _ => ("/team", "Team"),
    };
    let [from, to] = ["from", "to"].map(|name| (name, form.value(name).to_owned()));
    Ok(Explanation {
        figure: name,
        group: figure.label().to_owned(),
        value: found.value,
        meaning: figure.meaning(),
        formula: figure.formula(),
        filled: found.filled,
        filters: vec![
            format!(
                "{}, {}",
                filters.metric.label(),
                days_words(filters.from, filters.to)
            ),
            format!("as of {}", page::time_and_zone(filters.as_of, cx.zone())),
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
    })
}

/// A figure of a person or a team.
fn of_somebody(
    conn: &mut Conn,
    cx: &Cx,
    form: &Form,
    figure: Figure,
) -> Result<(String, Filters, Found)> {
    let asked = behind::asked(conn, cx, cx.me()?, form)?;
    let found = match figure {
        Figure::Percent => percent(conn, cx, &asked)?,
        Figure::Value => value(conn, cx, &asked)?,
        Figure::Target => target(conn, cx, &asked)?,
        Figure::Improved => weeks::improved(conn, cx, &asked)?,
        Figure::Trend => weeks::trend(conn, cx, &asked)?,
        Figure::Reached | Figure::ShareReached => reached(conn, cx, asked.clone(), figure)?,
        Figure::MeetingsPerProspect => meetings(conn, cx, &asked)?,
        Figure::ShrunkShareReached => shrunk(conn, cx, &asked, Conversion::ShareReached)?,
        Figure::ShrunkMeetingsPerProspect => {
            shrunk(conn, cx, &asked, Conversion::MeetingsPerProspect)?
        }
        Figure::NearShareReached => limits(conn, cx, &asked, (Conversion::ShareReached, 0))?,
        Figure::FarShareReached => limits(conn, cx, &asked, (Conversion::ShareReached, 1))?,
        Figure::NearMeetingsPerProspect => {
            limits(conn, cx, &asked, (Conversion::MeetingsPerProspect, 0))?
        }
        Figure::FarMeetingsPerProspect => {
            limits(conn, cx, &asked, (Conversion::MeetingsPerProspect, 1))?
        }
        Figure::Together
        | Figure::Goal
        | Figure::Late
        | Figure::TogetherReached
        | Figure::TogetherShareReached
        | Figure::TogetherMeetingsPerProspect => return Err(Error::NotFound),
    };
    if found.rows.is_empty() && !asked.is_known {
        return Err(Error::NotFound);
    }
    Ok((asked.name, asked.filters, found))
}

/// What each stretch of days asks, by the team that it was spent in; the sum, where anything is asked.
fn stretches(conn: &mut Conn, cx: &Cx, asked: &Asked) -> Result<(Told, Option<f64>)> {
    let reading = Reading::new(conn, cx.kept, &asked.filters)?;
    let (mut rows, mut sum) = (Vec::new(), None);
    for person in reading.loggers() {
        for (first, last, _, who) in reading.stretches(person, reading.from, reading.to) {
            if who != asked.who {
                continue;
            }
            let amount = reading.target(person, first, last);
            if let Some(amount) = amount {
                *sum.get_or_insert(0.0) += amount;
            }
            let row = Row {
                name: person.name.clone(),
                sub: days_words(Some(first), Some(last)),
                href: String::new(),
                cells: vec![amount.map_or(page::DASH.to_owned(), page::amount)],
            };
            rows.push((amount.is_some(), row));
        }
    }
    Ok((rows, sum))
}

/// Rows, each with whether anything is asked there.
type Told = Vec<(bool, Row)>;

const NOTHING_ASKED: &str = "no target in force";

/// What each stretch of days asks.
fn target(conn: &mut Conn, cx: &Cx, asked: &Asked) -> Result<Found> {
    let (told, target) = stretches(conn, cx, asked)?;
    let value = target.map_or(page::DASH.to_owned(), page::amount);
    let n = told.iter().filter(|(is_asked, _)| *is_asked).count();
    let placed = |(is_asked, row)| match is_asked {
        true => (How::Counted, "what was asked for".to_owned(), row),
        false => (How::LeftOut, NOTHING_ASKED.to_owned(), row),
    };
    Ok(Found {
        filled: format!("{value} over {n} stretches of days in one team"),
        value,
        first: "Whose days",
        columns: vec!["Amount"],
        rows: told.into_iter().map(placed).collect(),
    })
}

/// The board's value above the line, what each stretch of days asks below it.
fn percent(conn: &mut Conn, cx: &Cx, asked: &Asked) -> Result<Found> {
    let value = behind::total(conn, cx.kept, asked)?;
    let filters = &asked.filters;
    let done = Row {
        name: filters.metric.label().to_owned(),
        sub: String::new(),
        href: entries::href(filters, asked.who, &asked.uid),
        cells: vec![page::amount(value)],
    };
    let mut rows = vec![(How::Counted, "what was done".to_owned(), done)];
    let (told, target) = stretches(conn, cx, asked)?;
    rows.extend(told.into_iter().map(|(is_asked, row)| match is_asked {
        true => (How::InWhole, "what was asked for".to_owned(), row),
        false => (How::LeftOut, NOTHING_ASKED.to_owned(), row),
    }));
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

/// The entries that add up to the value, and the others of the same days.
fn value(conn: &mut Conn, cx: &Cx, asked: &Asked) -> Result<Found> {
    let me = cx.me()?;
    let value = page::amount(behind::total(conn, cx.kept, asked)?);
    let all = behind::counted(conn, cx.kept, me, asked, None, None)?;
    let others = behind::left_out(conn, cx.kept, me, asked, None)?;
    let n = all.len();
    let counted = all
        .into_iter()
        .map(|named| (How::Counted, "counts".to_owned(), told(cx, named)));
    let left_out = others.into_iter().map(|named| {
        let reason = why_not(&asked.filters.metric, &named.entry);
        (How::LeftOut, reason.to_owned(), told(cx, named))
    });
    Ok(Found {
        filled: format!("{} entries: {value}", style::count(n as u64)),
        value,
        first: "When",
        columns: vec!["Person", "Kind", "Outcome", "Lead", "Count"],
        rows: counted.chain(left_out).collect(),
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
                ..Beside::default()
            };
            beside.reached_words().0
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
    let Rates { rows, prior, .. } = rates(conn, cx.kept, &asked.filters, conversion)?;
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
