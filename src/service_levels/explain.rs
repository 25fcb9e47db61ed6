//! Explains a figure of the service levels: what was promised, how often it was kept, and the hand-overs behind it.

use super::figures::{AnswerTime, Judged};
use super::pages::{self, about, answer_range, answer_words, pairs, volume_words};
use super::{Volume, read};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::explain::{self, Explanation, Figure, How};
use crate::form::Form;
use crate::leads::cohort::{self, Behind};
use crate::page::{self, Answer};
use crate::rules::level::Clause;
use crate::rules::survival::{End, Obs};
use crate::rules::wait::Verdict;
use crate::style;

/// A figure of both sides' promises.
enum Promise {
    All,
    Sales(Clause),
    /// How many kept a promise of sales, or did not.
    Verdict(Clause, Verdict),
    Complete,
    InTerritory,
    WithinDefinition,
    Answered,
    AnswerTime,
    AnswerP90,
    Volume(Volume),
}

impl Promise {
    /// `n`, `accept`, `accept-missed`, `complete`, `in_territory`, `within_definition`, `answered_in_time`,
    /// `answer_time`, `answer_p90`, `volume`.
    fn read(word: &str, volume: Volume) -> Option<Promise> {
        Some(match word {
            "n" => Promise::All,
            "complete" => Promise::Complete,
            "in_territory" => Promise::InTerritory,
            "within_definition" => Promise::WithinDefinition,
            "answered_in_time" => Promise::Answered,
            "answer_time" => Promise::AnswerTime,
            "answer_p90" => Promise::AnswerP90,
            "volume" => Promise::Volume(volume),
            _ => match word.split_once('-') {
                None => Promise::Sales(Clause::from_word(word)?),
                Some((clause, verdict)) => {
                    Promise::Verdict(Clause::from_word(clause)?, Verdict::from_word(verdict)?)
                }
            },
        })
    }
}

impl Figure for Promise {
    type Of = Judged;

    fn label(&self) -> String {
        match self {
            Promise::All => "Leads handed over".to_owned(),
            Promise::Sales(clause) => clause.label().to_owned(),
            Promise::Verdict(clause, verdict) => format!("{}: {}", clause.label(), words(*verdict)),
            Promise::Complete => "Complete".to_owned(),
            Promise::InTerritory => "In territory".to_owned(),
            Promise::WithinDefinition => "Within the definition".to_owned(),
            Promise::Answered => "Rejections answered in time".to_owned(),
            Promise::AnswerTime => "Time to answer a rejection".to_owned(),
            Promise::AnswerP90 => "90th percentile of the time to answer a rejection".to_owned(),
            Promise::Volume(_) => "Leads handed over of those promised".to_owned(),
        }
    }

    fn meaning(&self) -> &'static str {
        match self {
            Promise::All => {
                "Hand-overs of these days. Each is counted by itself: a lead that was handed over twice is there twice."
            }
            Promise::Sales(clause) | Promise::Verdict(clause, _) => match clause {
                Clause::Accept => {
                    "Accepted within the limit of the version, urgency and source of the hand-over, in the owner's \
                     working time. An attempt accepts a lead too."
                }
                Clause::FirstAttempt => {
                    "Attempted within the limit of the version, urgency and source of the hand-over, in the owner's \
                     working time."
                }
                Clause::LeastAttempts => {
                    "Tried at least as often, and in as many ways, as promised before it ended. A lead that was reached \
                     needs no more, and neither does one that was rejected, a duplicate, or given up for bad data, \
                     because it may not be contacted, or as content only."
                }
                Clause::ContactOrExit => {
                    "Reached or ended within the limit of the version, urgency and source of the hand-over, in the \
                     owner's working time: an exit is as good as a contact."
                }
            },
            Promise::Complete => about("complete"),
            Promise::InTerritory => about("in_territory"),
            Promise::WithinDefinition => about("within_definition"),
            Promise::Answered => about("answered_in_time"),
            Promise::AnswerTime => {
                "The working time by the workspace's hours within which half of the rejections are answered. Those \
                 that still wait count as waiting so long at least; imported rejections are left out."
            }
            Promise::AnswerP90 => {
                "The working time by the workspace's hours within which nine in ten of the rejections are answered. Those \
                 that still wait count as waiting so long at least; imported rejections are left out."
            }
            Promise::Volume(_) => {
                "Leads handed over on the days for which a number is promised, of that number. A month's or week's \
                 number is spread over its days, each by the version in force when it began. All leads count, whoever \
                 may see them."
            }
        }
    }

    fn formula(&self) -> &'static str {
        match self {
            Promise::All | Promise::Verdict(..) => "a count",
            Promise::Sales(_) | Promise::Answered => {
                "met / (met + missed), with Wilson's 95 % interval"
            }
            Promise::AnswerTime => {
                "Kaplan-Meier: the first time at which at most half still wait for an answer, with the interval of \
                 Brookmeyer and Crowley"
            }
            Promise::AnswerP90 => {
                "Kaplan-Meier: the first time at which at most a tenth still waits for an answer, with the interval of \
                 Brookmeyer and Crowley"
            }
            Promise::Volume(_) => "handed over / promised",
            _ => "kept / all, with Wilson's 95 % interval",
        }
    }

    fn place(&self, judged: &Judged) -> (How, String) {
        let counted = |words: &str| (How::Counted, words.to_owned());
        let kept = |is_kept: bool| match is_kept {
            _ if judged.is_given_back => given_back(),
            true => counted("kept"),
            false => (How::InWhole, "not kept".to_owned()),
        };
        match self {
            Promise::All => counted("handed over in these days"),
            Promise::Sales(clause) => explain::judged(
                judged.verdict(*clause),
                "not applicable: ended before it was due",
            ),
            Promise::Verdict(clause, verdict) => match judged.verdict(*clause) {
                theirs if theirs == *verdict => counted(words(theirs)),
                theirs => (How::InWhole, words(theirs).to_owned()),
            },
            Promise::Complete => kept(judged.is_complete),
            Promise::InTerritory => kept(judged.is_in_territory),
            Promise::WithinDefinition => kept(judged.is_within_definition),
            Promise::Answered => {
                explain::judged(judged.answer, "not applicable: nothing had to be answered")
            }
            Promise::AnswerTime | Promise::AnswerP90 => match judged.answering.map(|wait| wait.end)
            {
                Some(End::Event) => counted("answered at its time"),
                Some(_) => (How::InWhole, "still waiting: counted as waiting".to_owned()),
                None => (How::LeftOut, "nothing had to be answered".to_owned()),
            },
            Promise::Volume(_) if judged.is_given_back => given_back(),
            Promise::Volume(_) if judged.is_of_volume => counted("on a day that counts"),
            Promise::Volume(_) => (How::LeftOut, "on a day without a promise".to_owned()),
        }
    }

    fn worked_out(&self, all: &[&Judged]) -> (String, String) {
        let rate = self.rate(all);
        match self {
            Promise::All => {
                let n = style::count(rate.n);
                (n.clone(), format!("{n} hand-overs"))
            }
            Promise::Verdict(..) => explain::count(rate),
            Promise::Sales(_) | Promise::Answered => explain::kept(rate.k, rate.n - rate.k),
            Promise::AnswerTime | Promise::AnswerP90 => {
                let waits: Vec<Obs> = all.iter().filter_map(|one| one.answering).collect();
                let time = AnswerTime::of(&waits);
                let quantile = match self {
                    Promise::AnswerTime => time.median,
                    _ => time.p90,
                };
                let value = answer_words(time.n, quantile);
                let likely = match answer_range(quantile) {
                    nothing if nothing.is_empty() => nothing,
                    range => format!(", likely {range}"),
                };
                let filled = format!("{} answered: {value}{likely}", page::of(rate));
                (value, filled)
            }
            Promise::Volume(volume) => {
                let hidden = volume.delivered.saturating_sub(rate.k);
                let hidden = match hidden {
                    0 => String::new(),
                    n => format!("; {} of them are not yours to see", style::count(n)),
                };
                let value = volume_words(*volume);
                (value.clone(), format!("{value}{hidden}"))
            }
            _ => explain::share(rate),
        }
    }
}

fn given_back() -> (How, String) {
    let words = "given back by a withdrawn rejection: counted when it was handed over before";
    (How::LeftOut, words.to_owned())
}

fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::Missed => "missed",
        Verdict::Pending => "pending",
        Verdict::NotApplicable => "not applicable",
    }
}

/// "Accept met, first attempt met, least attempts pending, contact or exit met".
fn stands(judged: &Judged) -> String {
    let clauses = Clause::ALL.iter().map(|clause| {
        let verdict = words(judged.verdict(*clause));
        format!("{} {verdict}", clause.about().to_lowercase())
    });
    clauses.collect::<Vec<_>>().join(", ")
}

/// `/service-levels/explain?figure=first_attempt&group=Webinar&by=source`; `?format=csv` for its rows as a file.
pub fn show(cx: &Cx) -> Answer {
    let form = cx.query();
    let explanation = explanation(cx, &form)?;
    explain::show(cx, &form, explanation)
}

/// What explains the figure that an address asks for.
pub fn explanation(cx: &Cx, form: &Form) -> Result<Explanation> {
    let me = cx.me()?;
    let mut form = form.clone();
    let filters = pages::read(&mut form, cx).ok_or(Error::NotFound)?;
    let (read, heads) = cx.snapshot(|conn| {
        let read = read(conn, &filters, Some(me))?;
        let heads = cohort::heads(conn, read.span)?;
        Ok((read, heads))
    })?;
    let figure = Promise::read(form.value("figure"), read.volume).ok_or(Error::NotFound)?;
    let behind = Behind {
        members: read.judged,
        heads,
        cohort: filters.cohort,
        by: filters.by,
        group: String::new(),
        asked: Vec::new(),
        versions: read.versions,
        column: "Promises of sales",
        says: Box::new(stands),
        back: explain::way_back("/service-levels", pairs(&form), "Service levels".to_owned()),
    };
    let behind = behind.of_group(&read.names, form.value("group"));
    Ok(behind.explanation(cx, figure))
}
