//! The figures of content that resonates. They count leads, not hand-overs.

use crate::explain::{Figure, How};
use crate::leads::cohort::{Counted, Key};
use crate::outcomes::content::{Compared, told};
use crate::page;
use crate::rules::rates::Rate;
use crate::rules::resonance::{Beside, LEAST_USES, Stands};
use crate::style;
use crate::value::Instant;

/// A lead, as its last hand-over names it, and how it stands to the asset.
pub struct OfLead {
    pub handover_id: i64,
    pub at: Instant,
    pub stands: Option<Stands>,
    /// Whether it stands here for another attempt already.
    pub is_again: bool,
}

impl Counted for OfLead {
    fn handover(&self) -> (i64, Instant, Key) {
        (self.handover_id, self.at, Key::All)
    }
}

crate::words! {
    pub enum Outcome { Reply = "reply", Meeting = "meeting" }
}

crate::words! {
    pub enum What { With = "with", Without = "without", Difference = "difference" }
}

/// A figure of an asset.
pub enum Part {
    /// The leads that got it.
    Leads,
    Of(Outcome, What),
}

/// The asset's id and the figure: `content-12-leads`, `content-12-reply-with`.
pub fn read(word: &str) -> Option<(i64, Part)> {
    let mut parts = word.strip_prefix("content-")?.splitn(3, '-');
    let asset_id = parts.next()?.parse().ok()?;
    let part = match (parts.next()?, parts.next()) {
        ("leads", None) => Part::Leads,
        (outcome, Some(what)) => Part::Of(Outcome::from_word(outcome)?, What::from_word(what)?),
        _ => return None,
    };
    Some((asset_id, part))
}

impl Outcome {
    fn came(self, stands: &Stands) -> Option<bool> {
        match self {
            Outcome::Reply => stands.reply,
            Outcome::Meeting => stands.meeting,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Outcome::Reply => "Reply within 7 d",
            Outcome::Meeting => "Meeting within 30 d",
        }
    }
}

impl Figure for Part {
    type Of = OfLead;

    fn label(&self) -> String {
        match self {
            Part::Leads => "Leads that got it".to_owned(),
            Part::Of(outcome, What::With) => outcome.label().to_owned(),
            Part::Of(outcome, What::Without) => format!("{}, without it", outcome.label()),
            Part::Of(outcome, What::Difference) => format!("{}: difference", outcome.label()),
        }
    }

    fn meaning(&self) -> &'static str {
        match self {
            Part::Leads => {
                "Leads handed over in these days of which a touch used the asset. A lead counts once, however often it \
                 was handed over."
            }
            Part::Of(Outcome::Reply, _) => {
                "A contact within 7 days of the first touch with the asset. Comparable are leads of the same source \
                 that got none of it, once at each number of attempts at which others got it. Leads not followed \
                 that long are not counted yet."
            }
            Part::Of(Outcome::Meeting, _) => {
                "A meeting booked within 30 days of the first touch with the asset. Comparable are leads of the same \
                 source that got none of it, once at each number of attempts at which others got it. Leads not followed \
                 that long are not counted yet."
            }
        }
    }

    fn formula(&self) -> &'static str {
        match self {
            Part::Leads => "a count",
            Part::Of(_, What::Difference) => {
                "share with it - share without it, with Newcombe's 95 % interval; over several sources or attempts \
                 weighed by these (Mantel-Haenszel); nothing under 30 uses"
            }
            Part::Of(..) => "came in time / followed, with Wilson's 95 % interval; a dash under 30",
        }
    }

    fn place(&self, lead: &OfLead) -> (How, String) {
        let left_out = |reason: &str| (How::LeftOut, reason.to_owned());
        let (outcome, what, stands) = match (self, lead.stands) {
            (Part::Leads, Some(stands)) if stands.got_it => {
                return (How::Counted, "got it".to_owned());
            }
            (Part::Leads, _) if lead.is_again => {
                return left_out("counted already: it is comparable at several attempts");
            }
            (Part::Leads, _) => return (How::InWhole, "got none of it".to_owned()),
            (Part::Of(..), None) => return left_out("neither got it nor is comparable"),
            (Part::Of(outcome, what), Some(stands)) => (outcome, what, stands),
        };
        let came = match (outcome.came(&stands), what, stands.got_it) {
            (_, What::With, false) => return left_out("got none of it"),
            (_, What::Without, true) => return left_out("got it"),
            (None, ..) => return left_out("not followed long enough yet"),
            (Some(came), ..) => came,
        };
        let came_words = if came { "it came" } else { "it did not come" };
        match (what, stands.got_it, came) {
            (What::Difference, true, _) => (How::Counted, format!("got it: {came_words}")),
            (What::Difference, false, _) => (How::InWhole, format!("without it: {came_words}")),
            (_, _, true) => (How::Counted, came_words.to_owned()),
            (_, _, false) => (How::InWhole, came_words.to_owned()),
        }
    }

    fn worked_out(&self, leads: &[&OfLead]) -> (String, String) {
        let rate = self.rate(leads);
        let (outcome, what) = match self {
            Part::Leads => {
                let value = style::count(rate.k);
                let filled = format!("{} leads", page::of(rate));
                return (value, filled);
            }
            Part::Of(outcome, what) => (*outcome, *what),
        };
        let known = leads.iter().filter_map(|lead| lead.stands);
        let known: Vec<Stands> = known.collect();
        let beside = Beside::of(known.iter().map(|stands| (stands, outcome.came(stands))));
        match what {
            What::With => share(beside.with),
            What::Without => share(beside.without),
            What::Difference => {
                let said = Compared::from(beside).difference();
                let filled = format!(
                    "{} - {}: {}",
                    page::of(beside.with),
                    page::of(beside.without),
                    match said.sub.as_str() {
                        "" => format!("fewer than {LEAST_USES} uses, too few to tell"),
                        points => format!("{points}, likely {}", said.range),
                    }
                );
                (said.words, filled)
            }
        }
    }
}

fn share(rate: Rate) -> (String, String) {
    let said = told(rate);
    let filled = match rate.n >= LEAST_USES {
        true => format!("{} = {} ({})", said.sub, said.words, said.range),
        false => format!("{}: fewer than {LEAST_USES}, too few to tell", said.sub),
    };
    (said.words, filled)
}

/// "Got it; reply yes, meeting not yet known".
pub fn stands(lead: &OfLead) -> String {
    let Some(stands) = lead.stands else {
        return page::DASH.to_owned();
    };
    let came = |came: Option<bool>| match came {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not known yet",
    };
    let got_it = if stands.got_it {
        "Got it"
    } else {
        "Without it"
    };
    format!(
        "{got_it}, at attempt {}; reply {}, meeting {}",
        stands.before + 1,
        came(stands.reply),
        came(stands.meeting)
    )
}
