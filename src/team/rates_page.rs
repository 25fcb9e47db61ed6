//! GET /team/rates: tiers and the funnel plot of people's rates, and as CSV.

use super::asked::{Asked, address, days_words, owned, period_links, tabs};
use super::explain;
use super::figure::Figure;
use super::funnel::{Funnel, funnel};
use super::view::may_open;
use super::{Conversion, Filters, InTeam, RateRow, Rates, Who, rates, together};
use crate::app::Cx;
use crate::csv_out::{self, Cell};
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::page::{self, Answer, DASH, Frame, Link};
use crate::rules::access::Me;
use crate::rules::comparison::CLEAR_BELOW;
use crate::rules::funnel_plot::{ALPHAS, limits};
use crate::rules::tiers::LEAST_TRIALS;
use crate::style;
use askama::Template;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "team/rates.html")]
struct RatesPage {
    frame: Frame,
    sub: String,
    about: &'static str,
    refused: String,
    tabs: Vec<Link>,
    periods: Vec<Link>,
    from: String,
    to: String,
    carry_filters: Vec<(String, String)>,
    carry_period: Vec<(String, String)>,
    conversions: Vec<Choice>,
    peers: Vec<Choice>,
    csv: String,
    /// What the tiers say together; empty for nothing.
    verdict: String,
    /// The rate of everybody together, what it rests on, and what explains it; empty without one.
    team: String,
    team_of: String,
    team_href: String,
    tiers: Vec<TierView>,
    /// One for each team that the reader sees, by name.
    funnels: Vec<FunnelView>,
}

/// The funnel of a team.
struct FunnelView {
    funnel: Funnel,
    /// What explains the two limits of each mark; empty where that is not the reader's to open.
    limit_hrefs: Vec<[String; 2]>,
}

/// People whom chance does not tell apart.
struct TierView {
    title: String,
    about: &'static str,
    rows: Vec<RateView>,
}

struct RateView {
    name: String,
    sub: String,
    is_mine: bool,
    share: String,
    /// What explains the rate, and what the shrunk one; empty where that is not the reader's to open.
    href: String,
    of: String,
    interval: String,
    shrunk: String,
    shrunk_href: String,
    shrunk_interval: String,
}

pub fn page(cx: &Cx) -> Answer {
    let mut asked = Asked::read(cx)?;
    let conversion = Conversion::from_word(asked.query.value("rate"));
    let conversion = conversion.unwrap_or(Conversion::ShareReached);
    let mut made = None;
    if asked.refused.is_empty() {
        match cx.snapshot(|conn| rates(conn, cx.kept, &asked.filters, conversion)) {
            Ok(rates) if asked.is_csv() => return page::csv_file("rates", csv(&rates)?),
            Ok(rates) => made = Some(rates),
            Err(Error::Refused(why)) => asked.refused = why,
            Err(error) => return Err(error),
        }
    }
    let page = rates_page(cx, asked, conversion, made.as_ref())?;
    match made {
        Some(_) => page::show(&page),
        None => page::again(&page),
    }
}

fn rates_page(
    cx: &Cx,
    asked: Asked,
    conversion: Conversion,
    made: Option<&Rates>,
) -> Result<RatesPage> {
    let me = cx.me()?;
    let ways = Ways {
        me,
        filters: &asked.filters,
        conversion,
    };
    let words = [
        ("rate", conversion.to_string()),
        ("peers", asked.peers_word()),
    ];
    let shown = Form::filled(words.clone());
    let carry_filters = words.map(owned).to_vec();
    let carry_period = asked.carry_period();
    let all = [
        &carry_filters[..],
        &carry_period,
        &[owned(("format", "csv".to_owned()))],
    ]
    .concat();
    let [(_, from), (_, to)] = asked.days();
    let is_leader = asked.filters.scope.leads();
    let labels = Conversion::ALL.iter().map(|one| (*one, one.label()));
    let team = made.and_then(|made| made.team).filter(|team| team.n > 0);
    Ok(RatesPage {
        frame: Frame::new(cx, "Rates").live(),
        sub: format!(
            "{}, {}{}",
            conversion.label(),
            days_words(asked.filters.from, asked.filters.to),
            asked.as_of_words(cx)
        ),
        about: conversion.about(),
        tabs: tabs(cx, "/team/rates")?,
        periods: period_links("/team/rates", &carry_filters, asked.period),
        from,
        to,
        conversions: shown.choices("rate", labels),
        peers: asked.peer_choices(cx)?,
        csv: address("/team/rates", &all),
        verdict: made.map(verdict).unwrap_or_default(),
        team: team.map(page::share).unwrap_or_default(),
        team_of: team.map(page::rests_on).unwrap_or_default(),
        team_href: together::href(Figure::together(conversion), &asked.filters, None),
        tiers: made.map_or_else(Vec::new, |made| tier_views(made, &ways)),
        funnels: made.map_or_else(Vec::new, |made| funnels(made, &ways, is_leader)),
        refused: asked.refused,
        carry_filters,
        carry_period,
    })
}

/// Each team's people round the rate of that team. Leaders see everybody's mark, others only their own.
fn funnels(made: &Rates, ways: &Ways, is_leader: bool) -> Vec<FunnelView> {
    let me_id = ways.me.id;
    let mut teams: BTreeMap<(&str, i64), Vec<(&RateRow, &InTeam)>> = BTreeMap::new();
    for row in &made.rows {
        let seen = row.in_team.as_ref();
        if let Some(here) = seen.filter(|_| is_leader || row.person_id == me_id) {
            let team = (here.name.as_str(), here.team_id);
            teams.entry(team).or_default().push((row, here));
        }
    }
    let figures = Figure::limits(ways.conversion);
    let view = |((name, _), rows): ((&str, i64), Vec<(&RateRow, &InTeam)>)| {
        let (_, here) = rows.first()?;
        let people = rows
            .iter()
            .map(|(row, here)| (row.name.clone(), row.person_id == me_id, here.own));
        let hrefs = rows
            .iter()
            .map(|(row, _)| figures.map(|figure| ways.to(figure, row, true)));
        Some(FunnelView {
            limit_hrefs: hrefs.collect(),
            funnel: funnel((name, here.all), &people.collect::<Vec<_>>())?,
        })
    };
    teams.into_iter().filter_map(view).collect()
}

fn verdict(made: &Rates) -> String {
    let judged = made.rows.iter().filter(|row| row.tier.is_some()).count();
    match made.is_measurable {
        _ if judged < 2 => String::new(),
        false => {
            "No measurable difference between reps: chance alone would make them differ as much. \
                  One tier."
                .to_owned()
        }
        true => format!(
            "{}Whoever stands in a lower tier is behind the first of the one above with a chance of 90\u{a0}% or more; \
             within a tier there is no order to speak of.",
            made.spread_p.map_or(String::new(), spread)
        ),
    }
}

/// Whether people differ at all, in a sentence.
fn spread(p: f64) -> String {
    let said = style::chance(p);
    match p < CLEAR_BELOW {
        true => format!("People differ by more than chance would explain ({said}). "),
        false => format!("Chance alone might make people differ as much ({said}). "),
    }
}

/// The ways to what explains a figure.
struct Ways<'a> {
    me: &'a Me,
    filters: &'a Filters,
    conversion: Conversion,
}

impl Ways<'_> {
    fn to(&self, figure: Figure, row: &RateRow, is_there: bool) -> String {
        let who = Who::Person(row.person_id);
        match is_there && may_open(self.me, who) {
            true => explain::href(figure, self.filters, who, &row.uid),
            false => String::new(),
        }
    }
}

/// The tiers in their order; then who is warming up, who did nothing, who is away or is not compared.
fn tier_views(made: &Rates, ways: &Ways) -> Vec<TierView> {
    let title = |row: &RateRow| match row.tier {
        _ if row.is_away => ("Away".to_owned(), "Off on every working day so far."),
        Some(tier) => (format!("Tier {tier}"), ""),
        None if row.rate.n == 0 => ("Nothing yet".to_owned(), ""),
        None if row.rate.n < LEAST_TRIALS => (
            "Warming up".to_owned(),
            "Fewer than 10: too few for a tier.",
        ),
        None => (
            "You".to_owned(),
            "Your team shows no comparison here, so this is your own rate alone.",
        ),
    };
    let mut views: Vec<TierView> = Vec::new();
    for row in &made.rows {
        let (title, about) = title(row);
        if views.last().is_none_or(|last| last.title != title) {
            views.push(TierView {
                title,
                about,
                rows: Vec::new(),
            });
        }
        if let Some(last) = views.last_mut() {
            last.rows.push(rate_view(row, ways));
        }
    }
    views
}

fn rate_view(row: &RateRow, ways: &Ways) -> RateView {
    let dash = || DASH.to_owned();
    let shrunk = row.shrunk.filter(|_| row.tier.is_some());
    RateView {
        name: row.name.clone(),
        sub: row.team.clone(),
        is_mine: row.person_id == ways.me.id,
        share: page::share(row.rate),
        href: ways.to(Figure::of(ways.conversion), row, row.rate.n > 0),
        of: match row.rate.n {
            0 => String::new(),
            _ => page::of(row.rate),
        },
        interval: page::interval(row.rate),
        shrunk: shrunk.map_or_else(dash, |shrunk| page::percent(shrunk.mean)),
        shrunk_href: ways.to(Figure::shrunk(ways.conversion), row, shrunk.is_some()),
        shrunk_interval: shrunk.map_or_else(String::new, |shrunk| {
            let low = style::decimal(shrunk.low * 100.0, 1);
            format!("{low} to {}", page::percent(shrunk.high))
        }),
    }
}

const HEADER: [&str; 21] = [
    "tier",
    "name",
    "email",
    "team",
    "k",
    "n",
    "share",
    "low",
    "high",
    "shrunk",
    "shrunk_low",
    "shrunk_high",
    "expected_rank",
    "limit_95_low",
    "limit_95_high",
    "limit_998_low",
    "limit_998_high",
    "in_team_k",
    "in_team_n",
    "team_k",
    "team_n",
];

/// Shares are 0 to 1; the limits are those of the funnel, of what somebody did in their team round the rate of that team.
fn csv(made: &Rates) -> Result<String> {
    let rows = made.rows.iter().map(|row| {
        let (low, high) = row.rate.interval().unzip();
        let here = row.in_team.as_ref();
        let round = here.and_then(|here| Some((here.all.share()?, here.own.n)));
        let limits = ALPHAS.map(|alpha| round.map(|(p0, n)| limits(p0, n, alpha)).unzip());
        let mut cells = vec![
            Cell::number(row.tier.map(|tier| tier as f64)),
            Cell::from(row.name.as_str()),
            Cell::from(row.email.as_str()),
            Cell::from(row.team.as_str()),
            Cell::count(row.rate.k as i64),
            Cell::count(row.rate.n as i64),
            Cell::number(row.rate.share()),
            Cell::number(low),
            Cell::number(high),
            Cell::number(row.shrunk.map(|shrunk| shrunk.mean)),
            Cell::number(row.shrunk.map(|shrunk| shrunk.low)),
            Cell::number(row.shrunk.map(|shrunk| shrunk.high)),
            Cell::number(row.expected_rank),
        ];
        for (low, high) in limits {
            cells.extend([Cell::number(low), Cell::number(high)]);
        }
        let own = here.map(|here| here.own);
        for rate in [own, here.map(|here| here.all)] {
            cells.push(Cell::number(rate.map(|rate| rate.k as f64)));
            cells.push(Cell::number(rate.map(|rate| rate.n as f64)));
        }
        cells
    });
    csv_out::table(&HEADER, rows)
}
