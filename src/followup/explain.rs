//! Explains a figure of follow-up speed: what it means, its formula with its own numbers, and the hand-overs behind it.

use super::face::{self, pairs};
use super::figures::{Attainment, Figures, Waiting, curves};
use super::{Awaited, Filters, Study, WhichClock, rows, study};
use crate::app::Cx;
use crate::calendar::Calendars;
use crate::definitions::under;
use crate::error::Error;
use crate::explain::{self, Explanation, How, Row, parts};
use crate::kept::Keep;
use crate::leads::cohort::{self, Head, bar};
use crate::page::{self, Answer, Link};
use crate::rules::rates::Rate;
use crate::rules::speed::Band;
use crate::rules::survival::End;
use crate::rules::wait::Verdict;
use crate::style;
use crate::urls;

/// A figure that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Figure {
    All,
    End(End),
    /// The share with the event within so many seconds.
    Within(u32),
    /// The time by which so much of them had it.
    Quantile(f64),
    Level,
    Band(Band),
}

impl Figure {
    /// `n`, `event`, `closed`, `waiting`, `within-3600`, `median`, `p90`, `level`, `band-1h`.
    fn read(word: &str) -> Option<Figure> {
        Some(match word {
            "n" => Figure::All,
            "event" => Figure::End(End::Event),
            "closed" => Figure::End(End::Closed),
            "waiting" => Figure::End(End::Open),
            "median" => Figure::Quantile(0.5),
            "p90" => Figure::Quantile(0.9),
            "level" => Figure::Level,
            _ => match word.split_once('-')? {
                ("within", seconds) => Figure::Within(seconds.parse().ok()?),
                ("band", band) => Figure::Band(Band::from_word(band)?),
                _ => return None,
            },
        })
    }

    fn label(self, event: Awaited) -> String {
        match self {
            Figure::All => "Leads handed over".to_owned(),
            Figure::End(End::Event) => event.done_label().to_owned(),
            Figure::End(End::Closed) => "Closed before".to_owned(),
            Figure::End(End::Open) => "Still waiting".to_owned(),
            Figure::Within(t_s) => {
                format!(
                    "{} within {}",
                    event.done_label(),
                    page::duration(f64::from(t_s))
                )
            }
            Figure::Quantile(p) if p < 0.9 => format!("Median to first {event}"),
            Figure::Quantile(_) => format!("90th percentile to first {event}"),
            Figure::Level => "Within service level".to_owned(),
            Figure::Band(band) => format!("{} after {}", event.done_label(), band.label()),
        }
    }

    fn meaning(self) -> &'static str {
        match self {
            Figure::All => {
                "Hand-overs of these days. Each is counted by itself: a lead that was handed over twice is there twice."
            }
            Figure::End(End::Event) => {
                "Hand-overs that have it as of now. What was done before the hand-over does not count, and after a \
                 closing nothing does."
            }
            Figure::End(End::Closed) => {
                "Hand-overs that ended before it: rejected, disqualified, returned to nurture, a duplicate, lost or won."
            }
            Figure::End(End::Open) => "Hand-overs that have neither it nor an end as of now.",
            Figure::Within(_) => {
                "The share of all hand-overs that had it by this time. Closings before it are an end of their own, and \
                 leads still waiting are counted as waiting, not left out."
            }
            Figure::Quantile(_) => {
                "The time by which so large a share has it. Leads still waiting count as waiting that long at least; \
                 closings are set aside from then on. Where the share is not reached, there is no such time yet."
            }
            Figure::Level => {
                "Of the hand-overs whose first attempt can be judged, the share attempted within the limit of their \
                 version of the definitions, urgency and source, in the owner's working time."
            }
            Figure::Band(_) => {
                "Hand-overs whose first one came after a time in this band; the end belongs to it."
            }
        }
    }

    fn formula(self) -> &'static str {
        match self {
            Figure::All | Figure::End(_) => "a count",
            Figure::Within(_) => {
                "Aalen-Johansen: sum over times up to t of (share still waiting) \u{d7} (events / at risk)"
            }
            Figure::Quantile(_) => {
                "Kaplan-Meier: the first time at which the share still waiting is at most 1 - p"
            }
            Figure::Level => "met / (met + missed), with Wilson's 95 % interval",
            Figure::Band(_) => "in the band / all, with Wilson's 95 % interval",
        }
    }
}

/// `/follow-up/explain?figure=within-3600&group=Webinar&by=source`; `?format=csv` for its rows as a file.
pub fn show(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let mut form = cx.query();
    let filters = face::read(&mut form, cx).ok_or(Error::NotFound)?;
    let figure = Figure::read(form.value("figure")).ok_or(Error::NotFound)?;
    let (study, heads) = cx.snapshot(|conn| {
        let span = filters.cohort.span(Calendars::load(conn)?.zone());
        Ok((study(conn, &filters, Some(me))?, cohort::heads(conn, span)?))
    })?;
    let group = form.value("group");
    let is_in =
        |w: &&Waiting| group.is_empty() || page::group_name(&study.names.of(w.key)) == group;
    let members: Vec<&Waiting> = study.waitings.iter().filter(is_in).collect();
    let row = |waiting: &Waiting| {
        let head = heads.get(&waiting.handover_id)?;
        let (how, reason) = place(figure, filters.event, waiting);
        Some((how, reason, told(cx, filters.event, waiting, head)))
    };
    let mut rows: Vec<_> = members
        .iter()
        .filter_map(|waiting| Some((waiting.start, row(waiting)?)))
        .collect();
    rows.sort_by_key(|(start, _)| *start);
    let (value, filled) = worked_out(figure, &filters, &members);
    let explanation = Explanation {
        figure: figure.label(filters.event),
        group: filters.by.map_or(String::new(), |by| match group {
            "" => String::new(),
            group => by.words(group),
        }),
        value,
        meaning: figure.meaning(),
        formula: figure.formula(),
        filled,
        filters: asked(cx, &filters, &study),
        columns: vec!["Handed over", "How it stands"],
        parts: parts(rows.into_iter().map(|(_, row)| row)),
        under: under::links(&study.versions),
        back: Link {
            href: urls::with_query("/follow-up", &pairs(&form)),
            label: "Follow-up speed".to_owned(),
            current: false,
        },
    };
    explain::show(cx, &form, explanation)
}

fn told(cx: &Cx, event: Awaited, waiting: &Waiting, head: &Head) -> Row {
    let time = page::duration(waiting.obs.t_s);
    Row {
        name: head.name.title().to_owned(),
        sub: head.name.company.clone(),
        href: format!("/hand-overs/{}", head.uid),
        cells: vec![
            page::time(head.handed_over_at, cx.zone()),
            match waiting.obs.end {
                End::Event => format!("{} after {time}", event.done()),
                End::Closed => format!("closed after {time}"),
                End::Open => format!("waiting for {time}"),
            },
        ],
    }
}

/// How a hand-over counts for a figure, and why.
fn place(figure: Figure, event: Awaited, waiting: &Waiting) -> (How, String) {
    let done = event.done();
    let standing = match waiting.obs.end {
        End::Event => format!("{} in time", event.done_label()),
        End::Closed => format!("closed before it was {done}"),
        End::Open => "still waiting".to_owned(),
    };
    match figure {
        Figure::All => (How::Counted, "handed over in these days".to_owned()),
        Figure::End(end) if end == waiting.obs.end => {
            (How::Counted, figure.label(event).to_lowercase())
        }
        Figure::Within(t_s) => match waiting.obs.end {
            End::Event if waiting.obs.t_s <= f64::from(t_s) => {
                (How::Counted, format!("{done} by then"))
            }
            End::Event => (How::InWhole, format!("{done} later")),
            End::Open if waiting.obs.t_s < f64::from(t_s) => (
                How::InWhole,
                "still waiting, and not yet that long".to_owned(),
            ),
            _ => (How::InWhole, standing),
        },
        Figure::Quantile(_) => match waiting.obs.end {
            End::Event => (How::Counted, format!("{done} at its time")),
            End::Closed => (How::InWhole, "closed: set aside from then on".to_owned()),
            End::Open => (How::InWhole, "still waiting: counted as waiting".to_owned()),
        },
        Figure::Level => match waiting.verdict {
            Verdict::Met => (How::Counted, "within the limit".to_owned()),
            Verdict::Missed => (How::InWhole, "the clock passed the limit".to_owned()),
            Verdict::Pending => (
                How::LeftOut,
                "pending: open, and the limit is not passed".to_owned(),
            ),
            Verdict::NotApplicable => (
                How::LeftOut,
                "not applicable: closed within the limit, untouched".to_owned(),
            ),
        },
        Figure::Band(band) if waiting.band() == band => {
            (How::Counted, figure.label(event).to_lowercase())
        }
        Figure::Band(_) if waiting.obs.end == End::Event => {
            (How::InWhole, format!("{done} sooner or later than that"))
        }
        Figure::End(End::Open | End::Closed) if waiting.obs.end == End::Event => {
            (How::InWhole, done.to_owned())
        }
        Figure::End(_) | Figure::Band(_) => (How::InWhole, standing),
    }
}

/// The figure as printed, and its formula with its own numbers.
fn worked_out(figure: Figure, filters: &Filters, members: &[&Waiting]) -> (String, String) {
    let figures = Figures::of(members, filters.limit_us);
    let of_all = |k: u64| {
        let rate = Rate { k, n: figures.n };
        let words = format!(
            "{} = {} ({})",
            page::of(rate),
            page::share(rate),
            page::interval(rate)
        );
        (style::count(k), words)
    };
    match figure {
        Figure::All => {
            let n = style::count(figures.n);
            (n.clone(), format!("{n} hand-overs"))
        }
        Figure::End(End::Event) => of_all(figures.with_event),
        Figure::End(End::Closed) => of_all(figures.closed),
        Figure::End(End::Open) => of_all(figures.waiting),
        Figure::Band(band) => {
            let in_band = figures.bands.iter().find(|one| one.band == band);
            of_all(in_band.map_or(0, |one| one.n))
        }
        Figure::Within(t_s) => within(f64::from(t_s), &figures, members),
        Figure::Quantile(p) => quantile(p, &figures, members),
        Figure::Level => level(&figures.service_level),
    }
}

fn within(t_s: f64, figures: &Figures, members: &[&Waiting]) -> (String, String) {
    let share = curves(members).1.at(t_s).event;
    let done = |w: &&&Waiting| w.obs.end == End::Event && w.obs.t_s <= t_s;
    let k = members.iter().filter(done).count() as u64;
    let young = |w: &&&Waiting| w.obs.end == End::Open && w.obs.t_s < t_s;
    let young = members.iter().filter(young).count() as u64;
    let band = share.band().map_or(String::new(), |(low, high)| {
        format!(", likely {} to {}", page::percent(low), page::percent(high))
    });
    let value = if figures.n == 0 {
        page::DASH.to_owned()
    } else {
        page::percent(share.value)
    };
    let counted = page::of(Rate { k, n: figures.n });
    let filled = match young {
        0 => format!("{counted} = {value}{band}"),
        young => format!(
            "{counted} had it by then, and {} still wait that were handed over more recently: with these counted as \
             waiting the estimate is {value}{band}",
            style::count(young)
        ),
    };
    (value, filled)
}

fn quantile(p: f64, figures: &Figures, members: &[&Waiting]) -> (String, String) {
    let found = curves(members).0.quantile(p);
    let likely = match (found.low_s, found.high_s) {
        (Some(low), Some(high)) => {
            format!(
                ", likely {} to {}",
                page::duration(low),
                page::duration(high)
            )
        }
        (Some(low), None) => format!(", likely {} or more", page::duration(low)),
        _ => String::new(),
    };
    let value = rows::quantile(found.value_s);
    let filled = format!(
        "{} with it, {} closed and {} waiting of {}: {value}{likely}",
        style::count(figures.with_event),
        style::count(figures.closed),
        style::count(figures.waiting),
        style::count(figures.n)
    );
    (value, filled)
}

fn level(level: &Attainment) -> (String, String) {
    let rate = level.rate();
    let filled = format!(
        "{} met / ({} met + {} missed) = {} ({})",
        style::count(level.met),
        style::count(level.met),
        style::count(level.missed),
        page::share(rate),
        page::interval(rate)
    );
    (page::share(rate), filled)
}

fn asked(cx: &Cx, filters: &Filters, study: &Study) -> Vec<String> {
    let mut asked = vec![
        format!(
            "{}, as of {}",
            bar::days(&filters.cohort),
            page::time_and_zone(cx.now, cx.zone())
        ),
        match filters.clock {
            WhichClock::Calendar => "calendar time".to_owned(),
            WhichClock::Working => "working time of whoever owned the lead".to_owned(),
        },
        format!("until the first {}", filters.event),
    ];
    asked.extend(
        filters
            .by
            .map(|by| format!("grouped by {}", by.label().to_lowercase())),
    );
    asked.extend(
        filters
            .cohort
            .definition
            .map(|n| format!("made under version {n} of the definitions only")),
    );
    if study.waitings.is_empty() {
        asked.push("no hand-over that you may see fits".to_owned());
    }
    asked
}
