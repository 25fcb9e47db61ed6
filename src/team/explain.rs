//! GET /team/explain: explains the shares of the board and the rates, by what stands above and below their lines. Whose
//! rows somebody may open is decided as for the entries; people beside each other are those whom the rates show.

use super::against::{of_due, percent, target};
use super::asked::{address, days_words, owned};
use super::behind::{self, Asked, Named};
use super::entries::{self, why_not};
use super::figure::Figure;
use super::goal_explained::goal;
use super::limits::{explained as limits, shrunk};
use super::read::Reading;
use super::{Beside, Conversion, Filters, Who, together, weeks};
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
    /// What it means here and its formula, where that is not what the figure always says.
    pub said: Option<(&'static str, &'static str)>,
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
        Figure::Goal | Figure::GoalShare | Figure::GoalBeyond | Figure::GoalPace => {
            goal(conn, cx, me, form, figure)
        }
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
    let (meaning, formula) = found.said.unwrap_or((figure.meaning(), figure.formula()));
    let days = days_words(filters.from, filters.to);
    let mut asked_for = vec![
        format!("{}, {days}", filters.metric.label()),
        format!("as of {}", page::time_and_zone(filters.as_of, cx.zone())),
    ];
    if let Some(group) = figure.group_of(&filters) {
        asked_for.push(format!("compared with: {group}"));
    }
    let [from, to] = ["from", "to"].map(|name| (name, form.value(name).to_owned()));
    Ok(Explanation {
        figure: name,
        group: figure.label().to_owned(),
        value: found.value,
        meaning,
        formula,
        filled: found.filled,
        filters: asked_for,
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
        Figure::OfDue => of_due(conn, cx, &asked)?,
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
        | Figure::GoalShare
        | Figure::GoalBeyond
        | Figure::GoalPace
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
        said: None,
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
        said: None,
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
        said: None,
        first: "Lead",
        columns: Vec::new(),
        rows,
    })
}
