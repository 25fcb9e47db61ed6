//! Explains the figures of the page of hand-overs: what each counts, and the hand-overs in it and left out of it.

use super::fields;
use super::figures::rating_words;
use super::filter::{Came, Filter, Grouping};
use super::page::{KEPT, reply_word};
use super::passed::{self, Passed};
use crate::app::Cx;
use crate::error::Error;
use crate::explain::{self, Figure, How, way_back};
use crate::form::Form;
use crate::leads::cohort::{self, Behind, Cohort, Counted, Key};
use crate::lists::Lists;
use crate::page::{self, Answer};
use crate::people::Directory;
use crate::rules::access::Me;
use crate::rules::survival::End;
use crate::style;
use crate::talk::{Average, Rejection, Reply};
use crate::urls;
use crate::value::Instant;
use std::sync::Arc;

/// What is asked of the hand-overs that the page shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum What {
    All,
    /// How many came to it.
    Came(Came),
    /// Which share of the rejected was disputed.
    Disputed,
    /// How many disputes are not settled.
    Open,
    /// How many rejections nobody answered, and how many were replied to so.
    Unanswered,
    Replied(Reply),
    /// What the owners' ratings are on average.
    Rating,
}

impl What {
    pub fn word(self) -> &'static str {
        match self {
            What::All => "n",
            What::Came(came) => came.word(),
            What::Disputed => "disputed-share",
            What::Open => "open",
            What::Unanswered => "unanswered",
            What::Replied(reply) => reply.word(),
            What::Rating => "rating",
        }
    }

    fn read(word: &str) -> Option<What> {
        Some(match word {
            "n" => What::All,
            "disputed-share" => What::Disputed,
            "open" => What::Open,
            "unanswered" => What::Unanswered,
            "rating" => What::Rating,
            word => match Came::from_word(word) {
                Some(came) => What::Came(came),
                None => What::Replied(Reply::from_word(word)?),
            },
        })
    }
}

/// The address that explains a figure of a group, by the filters of the page; an empty group is all.
pub fn address(form: &Form, what: What, group: &str) -> String {
    let asked = [("figure", what.word()), ("group", group)];
    let kept = KEPT.iter().map(|name| (*name, form.value(name)));
    let pairs: Vec<(&str, &str)> = asked.into_iter().chain(kept).collect();
    urls::with_query("/hand-overs/explain", &pairs)
}

/// `/hand-overs/explain?figure=won&by=source&group=Webinar`; `?format=csv` for its rows as a file. Whoever asks sees the
/// rows that the page shows them.
pub fn show(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let mut form = cx.query();
    let directory: Arc<Directory> = cx.reference()?;
    let lists: Arc<Lists> = cx.reference()?;
    let zone = &cx.workspace.zone;
    let today = zone.day_of(cx.now);
    let filter = Filter::read(&mut form, &directory, me, today).ok_or(Error::NotFound)?;
    let what = What::read(form.value("figure")).ok_or(Error::NotFound)?;
    let span = filter.span(zone);
    let (mut all, heads) = cx.snapshot(|conn| {
        let all = passed::passed(conn, me, span, cx.now)?;
        Ok((all, cohort::heads(conn, span)?))
    })?;
    let asked = asked(&form, &directory, &lists, me, &all);
    all.retain(|passed| filter.lets_through(passed, (me, &directory)));
    let group = form.value("group").to_owned();
    let own = Own {
        what,
        by: filter.by.filter(|_| !group.is_empty()),
        group: group.clone(),
        lists,
    };
    let is_rating = what == What::Rating;
    all.retain(|passed| own.is_of_it(passed) || (is_rating && own.is_rated_in_it(passed)));
    let behind = Behind {
        versions: cohort::versions(all.iter().map(|passed| passed.handover.definition_id)),
        members: all,
        heads,
        cohort: Cohort {
            from: Some(filter.from),
            to: Some(filter.to),
            as_of: cx.now,
            definition: None,
        },
        by: filter.by.map(Grouping::of_cohorts),
        group: match own.by {
            Some(_) => group,
            None => String::new(),
        },
        asked,
        column: "How it stands",
        says: Box::new(stands),
        back: way_back(
            "/hand-overs",
            KEPT.iter().map(|name| (*name, form.value(name))).collect(),
            "Hand-overs".to_owned(),
        ),
    };
    behind.show(cx, &form, own)
}

/// What the filters of the page ask for besides days and groups: "owner: Ana Arndt".
fn asked(
    form: &Form,
    directory: &Directory,
    lists: &Lists,
    me: &Me,
    all: &[Passed],
) -> Vec<String> {
    let near = fields::near(me, form, directory, all).into_iter();
    let fields = near.chain(fields::far(form, lists, all));
    let said = fields
        .filter(|field| field.name != "by" && !form.value(field.name).is_empty())
        .filter_map(|field| {
            let chosen = field.choices.iter().find(|choice| choice.chosen)?;
            Some(format!("{}: {}", field.label.to_lowercase(), chosen.label))
        });
    said.collect()
}

/// A figure of the hand-overs of a group, or of all.
struct Own {
    what: What,
    /// None where all are asked for.
    by: Option<Grouping>,
    group: String,
    lists: Arc<Lists>,
}

impl Own {
    fn is_named(&self, label_id: Option<i64>) -> bool {
        page::group_name(self.lists.label_name(label_id)) == self.group
    }

    fn is_of_it(&self, passed: &Passed) -> bool {
        self.by.is_none_or(|by| self.is_named(by.of(passed)))
    }

    /// Whether its rating counts: of assets for the one of which it speaks, as on the page.
    fn is_rated_in_it(&self, passed: &Passed) -> bool {
        let Some(rating) = passed.rating.as_ref() else {
            return false;
        };
        match self.by {
            Some(by @ Grouping::Asset) => self.is_named(rating.asset(by.of(passed))),
            _ => self.is_of_it(passed),
        }
    }

    /// How a hand-over counts for a question about its rejection.
    fn of_rejection(
        passed: &Passed,
        is_so: impl Fn(&Rejection) -> bool,
        words: &str,
    ) -> (How, String) {
        match &passed.rejection {
            None => (How::LeftOut, "not rejected".to_owned()),
            Some(rejection) if is_so(rejection) => (How::Counted, words.to_owned()),
            Some(_) => (
                How::InWhole,
                format!("rejected, and not so: {}", talk(passed)),
            ),
        }
    }
}

/// How far the talk about its rejection has come, in words.
fn talk(passed: &Passed) -> &'static str {
    match reply_word(passed) {
        "unanswered" => "not answered yet",
        "agreed" => "marketing agrees",
        "disputed" => "disputed",
        "upheld" => "disputed, and the rejection stands",
        "withdrawn" => "disputed, and withdrawn",
        _ => "nobody was asked",
    }
}

impl Counted for Passed {
    fn handover(&self) -> (i64, Instant, Key) {
        (self.handover.id, self.handover.handed_over_at, Key::All)
    }
}

impl Figure for Own {
    type Of = Passed;

    fn label(&self) -> String {
        match self.what {
            What::All => "Leads handed over",
            What::Came(came) => came.label(),
            What::Disputed => "Disputed of rejected",
            What::Open => "Disputes that are open",
            What::Unanswered => "Rejections that nobody answered",
            What::Replied(Reply::Agreed) => "Rejections that marketing agrees with",
            What::Replied(Reply::Disputed) => "Disputed",
            What::Replied(Reply::Upheld) => "Disputes where the rejection stands",
            What::Replied(Reply::Withdrawn) => "Disputes that ended with the rejection withdrawn",
            What::Rating => "Average rating by the owners",
        }
        .to_owned()
    }

    fn meaning(&self) -> &'static str {
        match self.what {
            What::All => {
                "Hand-overs of these days that fit the filters. Each is counted by itself: a lead that was handed over twice \
                 is there twice."
            }
            What::Came(Came::Untouched) => {
                "Hand-overs that are open, and that nobody has tried since they were handed over."
            }
            What::Came(Came::TakenUp) => {
                "Hand-overs that sales took up: accepted, tried, or reached, as the service level on acceptance has it. Who \
                 calls without accepting has taken the lead up. One that was rejected, a duplicate or ended before any of \
                 these was not."
            }
            What::Came(Came::Accepted) => {
                "Hand-overs that somebody said they accept. Who called without saying so is counted as taken up only."
            }
            What::Came(Came::Reached) => {
                "Hand-overs in which somebody was reached before the lead was handed over again."
            }
            What::Came(Came::Won) => {
                "Hand-overs that were won before the lead was handed over again."
            }
            What::Came(Came::Rejected) => {
                "Hand-overs that sales rejected before a contact, where the rejection was not corrected."
            }
            What::Came(Came::Disputed) | What::Disputed | What::Replied(Reply::Disputed) => {
                "Rejections that marketing disputed, settled ones too, of all rejections."
            }
            What::Open => {
                "Rejections that marketing disputed and that nobody has settled yet, of all rejections."
            }
            What::Unanswered => {
                "Rejections that marketing has neither agreed with nor disputed, of all rejections. One that came by a \
                 file waits for nobody."
            }
            What::Replied(Reply::Agreed) => {
                "Rejections that marketing agrees with, of all rejections."
            }
            What::Replied(Reply::Upheld) => {
                "Rejections that marketing disputed and that stand, as sales settled it, of all rejections."
            }
            What::Replied(Reply::Withdrawn) => {
                "Rejections that marketing disputed and that sales took back: the lead was handed over anew. Of all \
                 rejections."
            }
            What::Rating => {
                "The mean of the stars, one to five, that owners gave these hand-overs; of several ratings of one hand-over \
                 the last holds. By asset a rating counts for the one of which it speaks."
            }
        }
    }

    fn formula(&self) -> &'static str {
        match self.what {
            What::Disputed => "disputed / rejected, with Wilson's 95 % interval",
            What::Rating => "the sum of the stars / how many ratings",
            _ => "a count",
        }
    }

    fn place(&self, passed: &Passed) -> (How, String) {
        let status = || style::stage(passed.status).to_lowercase();
        let is = |reply: Reply| {
            move |rejection: &Rejection| rejection.replies().any(|replied| replied.reply == reply)
        };
        match self.what {
            What::All => (How::Counted, "handed over in these days".to_owned()),
            What::Came(Came::Disputed) | What::Disputed | What::Replied(Reply::Disputed) => {
                Own::of_rejection(passed, Rejection::is_disputed, "disputed")
            }
            What::Came(came) if came.is_of(passed) => (How::Counted, came.label().to_lowercase()),
            What::Came(_) => (How::InWhole, format!("not so: {}", status())),
            What::Open => Own::of_rejection(passed, Rejection::waits_for_settling, "not settled"),
            What::Unanswered => {
                Own::of_rejection(passed, Rejection::waits_for_answer, "not answered")
            }
            What::Replied(reply) => Own::of_rejection(passed, is(reply), "so it ended"),
            What::Rating => match &passed.rating {
                None => (How::LeftOut, "not rated".to_owned()),
                Some(_) if !self.is_rated_in_it(passed) => (
                    How::LeftOut,
                    "its rating speaks of something else".to_owned(),
                ),
                Some(rating) => (How::Counted, format!("rated {} of 5", rating.stars)),
            },
        }
    }

    fn worked_out(&self, all: &[&Passed]) -> (String, String) {
        let rate = self.rate(all);
        match self.what {
            What::All => {
                let n = style::count(rate.n);
                (n.clone(), format!("{n} hand-overs"))
            }
            What::Disputed => explain::share(rate),
            What::Rating => {
                let mut average = Average::default();
                let rated = all.iter().filter(|passed| self.is_rated_in_it(passed));
                for rating in rated.filter_map(|passed| passed.rating.as_ref()) {
                    average.add(rating.stars);
                }
                let value = rating_words(&average);
                let (sum, n) = (average.sum, average.n);
                let filled = format!(
                    "{} stars / {} ratings: {value}",
                    style::count(sum),
                    style::count(n)
                );
                (value, filled)
            }
            _ => explain::count(rate),
        }
    }
}

/// "Won; first attempt after 10 min; rated 4 of 5".
fn stands(passed: &Passed) -> String {
    let waited = passed
        .wait
        .until
        .seconds_since(passed.handover.handed_over_at);
    let tried = match passed.wait.end {
        End::Event => format!("first attempt after {}", page::duration(waited)),
        End::Open => format!("waiting {}", page::duration(waited)),
        End::Closed => "closed before an attempt".to_owned(),
    };
    let rated = passed.rating.as_ref();
    let rated = rated.map_or(String::new(), |rating| {
        format!("; rated {} of 5", rating.stars)
    });
    format!("{}; {tried}{rated}", style::stage(passed.status))
}
