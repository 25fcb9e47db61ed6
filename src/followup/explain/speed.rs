//! The figures of how soon leads were followed up.

use super::then::Then;
use crate::explain::{self, Figure, How};
use crate::followup::figures::{Figures, Of, TIMES_S, Waiting, Within, curves};
use crate::followup::{Awaited, Filters, rows};
use crate::page;
use crate::rules::rates::Rate;
use crate::rules::speed::Band;
use crate::rules::survival::End;
use crate::style;

/// A figure, and what the report is asked for.
pub struct Speed {
    what: What,
    event: Awaited,
    limit_us: Option<i64>,
}

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum What {
    All,
    End(End),
    /// The share with the event within so many seconds.
    Within(u32),
    /// How they stood so many seconds after.
    Then(Then, u32),
    /// The time by which so much of them had it.
    Quantile(f64),
    Level,
    Band(Band),
    /// Tried before they were handed over.
    InConversation,
    /// Whose event was entered late.
    Late,
}

impl Speed {
    pub fn read(word: &str, filters: &Filters) -> Option<Speed> {
        Some(Speed {
            what: What::read(word)?,
            event: filters.event,
            limit_us: filters.limit_us,
        })
    }
}

impl What {
    /// `n`, `event`, `closed`, `waiting`, `within-3600`, `closed-3600`, `waiting-3600`, `followed-3600`, `median`, `p90`, `level`,
    /// `band-1h`, `in_conversation`, `late`.
    fn read(word: &str) -> Option<What> {
        Some(match word {
            "n" => What::All,
            "event" => What::End(End::Event),
            "closed" => What::End(End::Closed),
            "waiting" => What::End(End::Open),
            "median" => What::Quantile(0.5),
            "p90" => What::Quantile(0.9),
            "level" => What::Level,
            "in_conversation" => What::InConversation,
            "late" => What::Late,
            _ => match word.split_once('-')? {
                ("band", band) => What::Band(Band::from_word(band)?),
                (what, seconds) => {
                    let seconds = seconds.parse().ok();
                    let seconds = seconds.filter(|seconds| TIMES_S.contains(seconds))?;
                    match what {
                        "within" => What::Within(seconds),
                        what => What::Then(Then::read(what)?, seconds),
                    }
                }
            },
        })
    }
}

impl Figure for Speed {
    type Of = Waiting;

    fn label(&self) -> String {
        let event = self.event;
        match self.what {
            What::All => "Leads handed over".to_owned(),
            What::End(End::Event) => event.done_label().to_owned(),
            What::End(End::Closed) => "Closed before".to_owned(),
            What::End(End::Open) => "Still waiting".to_owned(),
            What::Within(t_s) => {
                format!(
                    "{} within {}",
                    event.done_label(),
                    page::duration(f64::from(t_s))
                )
            }
            What::Then(then, t_s) => then.label(t_s),
            What::Quantile(p) if p < 0.9 => format!("Median to first {event}"),
            What::Quantile(_) => format!("90th percentile to first {event}"),
            What::Level => "Within service level".to_owned(),
            What::InConversation => "Already in conversation".to_owned(),
            What::Late => "Entered late".to_owned(),
            What::Band(band) => format!("{} after {}", event.done_label(), band.label()),
        }
    }

    fn meaning(&self) -> &'static str {
        match self.what {
            What::All => {
                "Hand-overs of these days. Each is counted by itself: a lead that was handed over twice is there twice."
            }
            What::End(End::Event) => {
                "Hand-overs that have it as of now. What was done before the hand-over does not count, and after a \
                 closing nothing does."
            }
            What::End(End::Closed) => {
                "Hand-overs that ended before it: rejected, disqualified, returned to nurture, a duplicate, lost or won."
            }
            What::End(End::Open) => "Hand-overs that have neither it nor an end as of now.",
            What::Within(_) => {
                "The share of all hand-overs that had it by this time. Closings before it are an end of their own, and \
                 leads still waiting are counted as waiting, not left out."
            }
            What::Then(then, _) => then.meaning(),
            What::Quantile(_) => {
                "The time by which so large a share has it. Leads still waiting count as waiting that long at least; \
                 closings are set aside from then on. Where the share is not reached, there is no such time yet."
            }
            What::Level => {
                "Of the hand-overs whose first attempt can be judged, the share attempted within the limit of their \
                 version of the definitions, urgency and source, in the owner's working time."
            }
            What::InConversation => {
                "Hand-overs of leads that somebody had tried before. What came before the hand-over does not count; they stay \
                 in the report."
            }
            What::Late => {
                "Hand-overs whose event was entered more than two working days after it happened. It counts at the time at \
                 which it happened; the report can leave such entries out."
            }
            What::Band(_) => {
                "Hand-overs whose first one came after a time in this band; the end belongs to it."
            }
        }
    }

    fn formula(&self) -> &'static str {
        match self.what {
            What::All | What::End(_) => "a count",
            What::InConversation => "tried before / all",
            What::Late => "entered late / all with the event",
            What::Within(_) => {
                "Aalen-Johansen: sum over times up to t of (share still waiting) \u{d7} (events / at risk), with its 95 % \
                 band"
            }
            What::Then(then, _) => then.formula(),
            What::Quantile(_) => {
                "Kaplan-Meier: the first time at which the share still waiting is at most 1 - p"
            }
            What::Level => "met / (met + missed), with Wilson's 95 % interval",
            What::Band(_) => "in the band / all, with Wilson's 95 % interval",
        }
    }

    fn place(&self, waiting: &Waiting) -> (How, String) {
        let event = self.event;
        let done = event.done();
        let standing = match waiting.obs.end {
            End::Event => format!("{} in time", event.done_label()),
            End::Closed => format!("closed before it was {done}"),
            End::Open => "still waiting".to_owned(),
        };
        match self.what {
            What::All => (How::Counted, "handed over in these days".to_owned()),
            What::End(end) if end == waiting.obs.end => (How::Counted, self.label().to_lowercase()),
            What::Within(t_s) => match waiting.obs.end {
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
            What::Then(then, t_s) => then.place(waiting, t_s, done),
            What::Quantile(_) => match waiting.obs.end {
                End::Event => (How::Counted, format!("{done} at its time")),
                End::Closed => (How::InWhole, "closed: set aside from then on".to_owned()),
                End::Open => (How::InWhole, "still waiting: counted as waiting".to_owned()),
            },
            What::InConversation if waiting.is_in_conversation => {
                (How::Counted, "tried before".to_owned())
            }
            What::InConversation => (How::InWhole, "not tried before".to_owned()),
            What::Late if waiting.is_late => (How::Counted, "entered late".to_owned()),
            What::Late if waiting.obs.end == End::Event => {
                (How::InWhole, "entered in time".to_owned())
            }
            What::Late => (How::LeftOut, standing),
            What::Level => explain::judged(
                waiting.verdict,
                "not applicable: closed within the limit, untouched",
            ),
            What::Band(band) if waiting.band() == band => {
                (How::Counted, self.label().to_lowercase())
            }
            What::Band(_) if waiting.obs.end == End::Event => {
                (How::InWhole, format!("{done} sooner or later than that"))
            }
            What::End(End::Open | End::Closed) if waiting.obs.end == End::Event => {
                (How::InWhole, done.to_owned())
            }
            What::End(_) | What::Band(_) => (How::InWhole, standing),
        }
    }

    fn worked_out(&self, members: &[&Waiting]) -> (String, String) {
        let figures = Figures::of(members, self.limit_us);
        let of_all = |k: u64| explain::count(Rate { k, n: figures.n });
        match self.what {
            What::All => {
                let n = style::count(figures.n);
                (n.clone(), format!("{n} hand-overs"))
            }
            What::End(End::Event) => of_all(figures.with_event),
            What::End(End::Closed) => of_all(figures.closed),
            What::End(End::Open) => of_all(figures.waiting),
            What::InConversation => of_all(figures.in_conversation),
            What::Late => explain::count(Rate {
                k: figures.late,
                n: figures.with_event,
            }),
            What::Band(band) => {
                let in_band = figures.bands.iter().find(|one| one.band == band);
                of_all(in_band.map_or(0, |one| one.n))
            }
            What::Within(t_s) => match figures.within.iter().find(|one| one.t_s == t_s) {
                Some(one) => within(one, members),
                None => (page::DASH.to_owned(), String::new()),
            },
            What::Then(then, t_s) => match figures.within.iter().find(|one| one.t_s == t_s) {
                Some(one) => then.worked_out(one, self.rate(members), young(one, members)),
                None => (page::DASH.to_owned(), String::new()),
            },
            What::Quantile(p) => quantile(p, &figures, members),
            What::Level => {
                let level = figures.service_level;
                explain::kept(level.met, level.missed)
            }
        }
    }
}

/// How a hand-over stands: "attempted after 10 min".
pub fn stands(filters: &Filters, waiting: &Waiting) -> String {
    let time = page::duration(waiting.obs.t_s);
    let stands = match waiting.obs.end {
        End::Event => format!("{} after {time}", filters.event.done()),
        End::Closed => format!("closed after {time}"),
        End::Open => format!("waiting for {time}"),
    };
    let late = if waiting.is_late {
        ", entered late"
    } else {
        ""
    };
    let before = match waiting.is_in_conversation {
        true => ", already in conversation",
        false => "",
    };
    format!("{stands}{late}{before}")
}

/// How many still wait, and not yet that long.
fn young(one: &Within, members: &[&Waiting]) -> u64 {
    let young = |w: &&&Waiting| w.obs.end == End::Open && w.obs.t_s < f64::from(one.t_s);
    members.iter().filter(young).count() as u64
}

fn within(one: &Within, members: &[&Waiting]) -> (String, String) {
    let young = young(one, members);
    let value = one.words();
    let counted = page::of(one.rate);
    if !one.is_told {
        let few = "too few, or too few followed so long, to tell the share";
        return (value, format!("{counted}: {few}"));
    }
    let band = match one.event_low {
        Some(_) => format!(", likely {}", one.range_of(Of::Event)),
        None => String::new(),
    };
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
    let value = rows::quantile(figures.n, found.value_s);
    let filled = format!(
        "{} with it, {} closed and {} waiting of {}: {value}{likely}",
        style::count(figures.with_event),
        style::count(figures.closed),
        style::count(figures.waiting),
        style::count(figures.n)
    );
    (value, filled)
}
