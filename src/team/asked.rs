//! What the addresses of the board and of the rates ask for, and the ways on from them.

use super::read::Reading;
use super::{By, Filters, Rank, Scope};
use crate::app::Cx;
use crate::error::Result;
use crate::form::{Choice, Form};
use crate::leads::cohort::bar::{self, AS_OF};
use crate::page::{self, Link};
use crate::rules::access::{LOGGERS, MANAGERS};
use crate::rules::period::Period;
use crate::rules::target::Metric;
use crate::urls;
use chrono::NaiveDate;

/// What the address asks for.
pub struct Asked {
    pub query: Form,
    pub filters: Filters,
    /// The named period; none where the address names days.
    pub period: Option<Period>,
    /// What is wrong with it, in a sentence; empty when nothing is.
    pub refused: String,
}

impl Asked {
    pub fn read(cx: &Cx) -> Result<Asked> {
        let mut query = cx.query();
        let metric = match query.value("metric") {
            "" => Ok(Metric::Activities),
            text => text.parse::<Metric>(),
        };
        let is_custom = ["from", "to"]
            .iter()
            .any(|name| !query.value(name).is_empty());
        let as_of = bar::instant(&mut query, cx.now).unwrap_or(cx.now);
        let named = Period::from_word(query.value("period")).unwrap_or(Period::Week);
        let (from, to) = match is_custom {
            true => (query.day("from").flatten(), query.day("to").flatten()),
            false => {
                let (from, to) = named.days(cx.zone().day_of(as_of));
                (Some(from), Some(to))
            }
        };
        let wrong_time = query.errors().first().map(|error| error.text.clone());
        let wrong_metric = metric.as_ref().err().map(ToString::to_string);
        let peers = query.value("peers").to_owned();
        Ok(Asked {
            filters: Filters {
                metric: metric.unwrap_or(Metric::Activities),
                from,
                to,
                by: By::from_word(query.value("by")).unwrap_or(By::Person),
                rank: Rank::from_word(query.value("rank")).unwrap_or(Rank::Value),
                as_of,
                scope: Scope::of(cx.me()?),
                peers: (!peers.is_empty()).then_some(peers),
            },
            query,
            period: (!is_custom).then_some(named),
            refused: wrong_metric.or(wrong_time).unwrap_or_default(),
        })
    }

    pub fn is_csv(&self) -> bool {
        self.query.value("format") == "csv"
    }

    /// The days as the address names them.
    pub fn days(&self) -> [(&'static str, String); 2] {
        [
            ("from", day_text(self.filters.from)),
            ("to", day_text(self.filters.to)),
        ]
    }

    /// What keeps the period, and the instant that was asked for, in another address.
    pub fn carry_period(&self) -> Vec<(String, String)> {
        let mut carry = match self.period {
            Some(period) => vec![owned(("period", period.to_string()))],
            None => self.days().map(owned).to_vec(),
        };
        carry.extend(self.carry_as_of());
        carry
    }

    /// The instant that was asked for, if one was.
    pub fn carry_as_of(&self) -> Option<(String, String)> {
        let asked = self.query.value(AS_OF);
        (!asked.is_empty()).then(|| owned((AS_OF, asked.to_owned())))
    }

    /// `, as of 4 Mar 2026, 10:00 CET`; empty where no instant was asked for.
    pub fn as_of_words(&self, cx: &Cx) -> String {
        self.carry_as_of().map_or_else(String::new, |_| {
            format!(
                ", as of {}",
                page::time_and_zone(self.filters.as_of, cx.zone())
            )
        })
    }

    pub fn peers_word(&self) -> String {
        self.filters.peers.clone().unwrap_or_default()
    }

    /// The groups that the asker may limit the board to; empty where there is none.
    pub fn peer_choices(&self, cx: &Cx) -> Result<Vec<Choice>> {
        let me = cx.me()?;
        let names: Vec<String> = cx.read(|conn| {
            let reading = Reading::new(conn, cx.kept, &self.filters)?;
            let own = reading.peers.on(me.id, reading.to);
            let names = reading.peers.names_on(reading.to).into_iter();
            let seen = names.filter(|name| self.filters.scope.leads() || *name == own);
            Ok(seen.map(str::to_owned).collect())
        })?;
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let everybody = [(String::new(), "Everybody".to_owned())];
        let all = names.into_iter().map(|name| (name.clone(), name));
        let shown = Form::filled([("peers", self.peers_word())]);
        Ok(shown.choices("peers", everybody.into_iter().chain(all)))
    }
}

/// The named periods as ways on from `path`.
pub fn period_links(path: &str, carry: &[(String, String)], current: Option<Period>) -> Vec<Link> {
    let link = |period: &Period| {
        let pairs = [carry, &[owned(("period", period.to_string()))]].concat();
        Link {
            href: address(path, &pairs),
            label: period.label().to_owned(),
            current: current == Some(*period),
        }
    };
    Period::ALL.iter().map(link).collect()
}

/// The pages about the team beside each other.
pub fn tabs(cx: &Cx, here: &str) -> Result<Vec<Link>> {
    let role = cx.me()?.role;
    let all = [
        ("/team", "Board", LOGGERS),
        ("/team/rates", "Rates", LOGGERS),
        ("/team/peers", "Peer groups", MANAGERS),
        ("/team/screens", "Screens", MANAGERS),
    ];
    let theirs = all.into_iter().filter(|(.., who)| who.allows(role));
    Ok(theirs
        .map(|(href, label, _)| Link {
            href: href.to_owned(),
            label: label.to_owned(),
            current: href == here,
        })
        .collect())
}

pub fn day_text(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

pub fn owned((name, value): (&str, String)) -> (String, String) {
    (name.to_owned(), value)
}

pub fn address(path: &str, pairs: &[(String, String)]) -> String {
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    urls::with_query(path, &pairs)
}

/// `Mon 16 Nov 2026 to Sun 22 Nov 2026`.
pub fn days_words(from: Option<NaiveDate>, to: Option<NaiveDate>) -> String {
    match (from, to) {
        (Some(from), Some(to)) if from == to => page::day(from),
        (Some(from), Some(to)) => format!("{} to {}", page::day(from), page::day(to)),
        (Some(from), None) => format!("since {}", page::day(from)),
        (None, Some(to)) => format!("until {}", page::day(to)),
        (None, None) => "all days".to_owned(),
    }
}
