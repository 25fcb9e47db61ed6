//! A pack in ready words.

use super::content::{Against, Content, Level, OpenLead, Owner, Rep};
use super::explain::Part;
use crate::page::{self, DASH};
use crate::rules::access::Me;
use crate::rules::level::Clause;
use crate::rules::rates::Rate;
use crate::rules::target::Metric;
use crate::service_levels::figures::MARKETING;
use crate::style;
use std::collections::BTreeMap;

/// So many reasons of each source are told.
const TOP_REASONS: usize = 3;

pub struct RepView {
    pub name: String,
    pub team: String,
    pub is_mine: bool,
    pub place: String,
    pub place_href: String,
    pub days: String,
    pub days_href: String,
    pub off: String,
    /// In the order of the metrics.
    pub against: Vec<AgainstView>,
    pub leads_reached: String,
    pub leads_reached_href: String,
    pub share_reached: String,
    pub share_href: String,
    pub of: String,
}

pub struct AgainstView {
    pub metric: String,
    pub value: String,
    /// What explains it; empty where nothing does.
    pub href: String,
    pub target: String,
    /// Empty without a share of the target.
    pub percent: String,
    pub percent_href: String,
}

pub struct OwnerView {
    pub name: String,
    pub untouched: String,
    pub untouched_href: String,
    pub open: String,
    pub open_href: String,
    pub lead: String,
    pub href: String,
    pub waits: String,
    pub waits_href: String,
}

pub struct LevelView {
    pub title: String,
    pub n: String,
    pub n_href: String,
    pub sales: Vec<KeptView>,
    pub marketing: Vec<KeptView>,
    /// Empty without a promise.
    pub volume: String,
    pub volume_href: String,
}

pub struct KeptView {
    pub label: String,
    pub share: String,
    pub href: String,
    pub of: String,
    pub interval: String,
    pub more: String,
    /// While some are pending, those that were judged are the quick ones. Source: PRODUCT.md 7, rule 4.
    pub is_maturing: bool,
}

pub struct SourceView {
    pub source: String,
    pub reasons: Vec<ReasonView>,
}

/// A reason with how often it was.
pub struct ReasonView {
    pub words: String,
    pub n: u64,
    pub href: String,
}

/// "Wed off, half of Thu off".
pub fn off_words(rep: &Rep) -> String {
    let off = rep.off.iter().map(|off| {
        let day = off.day.format("%a");
        match off.is_half {
            true => format!("half of {day} off"),
            false => format!("{day} off"),
        }
    });
    off.collect::<Vec<_>>().join(", ")
}

/// `ways` gives a figure of theirs the address that explains it.
pub fn rep(rep: &Rep, me: &Me, ways: &dyn Fn(Part, &str) -> String) -> RepView {
    let rate = rep.share_reached();
    RepView {
        name: rep.name.clone(),
        team: rep.team.clone(),
        is_mine: rep.person_id == me.id,
        place: rep.place.map_or(DASH.to_owned(), |place| place.to_string()),
        place_href: rep.place.map_or(String::new(), |_| ways(Part::Place, "")),
        days: match rep.expected {
            0 => DASH.to_owned(),
            expected => format!("{} of {expected}", rep.hit),
        },
        days_href: match rep.expected {
            0 => String::new(),
            _ => ways(Part::DaysHit, ""),
        },
        off: off_words(rep),
        against: (rep.against.iter()).map(|one| against(one, ways)).collect(),
        leads_reached: match rep.has_week() {
            true => page::amount(rep.leads_reached),
            false => DASH.to_owned(),
        },
        leads_reached_href: match rep.has_week() {
            true => ways(Part::Value, Metric::LeadsReached.label()),
            false => String::new(),
        },
        share_reached: page::share(rate),
        share_href: match rate.n {
            0 => String::new(),
            _ => ways(Part::Reached, ""),
        },
        of: match rate.n {
            0 => String::new(),
            _ => page::rests_on(rate),
        },
    }
}

fn against(one: &Against, ways: &dyn Fn(Part, &str) -> String) -> AgainstView {
    let figure = |value: Option<f64>| value.map_or(DASH.to_owned(), page::amount);
    let share = one
        .value
        .zip(one.target)
        .map(|(value, target)| value / target);
    AgainstView {
        metric: one.metric.clone(),
        value: match one.share {
            Some(share) => page::whole_percent(share),
            None => figure(one.value),
        },
        href: one
            .value
            .map_or(String::new(), |_| ways(Part::Value, &one.metric)),
        target: figure(one.target),
        percent: share.map_or(String::new(), page::percent),
        percent_href: share.map_or(String::new(), |_| ways(Part::Percent, &one.metric)),
    }
}

/// The address that explains what of an owner's leads.
pub type OwnerWays<'w> = &'w dyn Fn(Part, Option<i64>) -> String;

/// Those with something untouched, each with the lead that has waited longest.
pub fn owners(content: &Content, ways: OwnerWays) -> Vec<OwnerView> {
    let with = content.owners.iter().filter(|owner| owner.untouched > 0);
    with.map(|owner| {
        let lead = owner.oldest_untouched.as_ref();
        OwnerView {
            waits_href: lead.map_or(String::new(), |_| ways(Part::Waits, owner.person_id)),
            ..owner_view(content, owner, lead, ways)
        }
    })
    .collect()
}

/// The lead that has been open longest, with whose it is.
pub fn oldest(content: &Content, ways: OwnerWays) -> Option<OwnerView> {
    let all = content.owners.iter();
    let oldest = all
        .filter_map(|owner| Some((owner.oldest_open.as_ref()?, owner)))
        .min_by_key(|(lead, _)| lead.handed_over_at);
    oldest.map(|(lead, owner)| OwnerView {
        waits_href: ways(Part::Oldest, owner.person_id),
        ..owner_view(content, owner, Some(lead), ways)
    })
}

fn owner_view(
    content: &Content,
    owner: &Owner,
    lead: Option<&OpenLead>,
    ways: OwnerWays,
) -> OwnerView {
    let wait = |lead: &OpenLead| content.made_at.seconds_since(lead.handed_over_at);
    OwnerView {
        name: match owner.person_id {
            Some(_) => owner.name.clone(),
            None => "Nobody yet".to_owned(),
        },
        untouched: style::count(owner.untouched),
        untouched_href: ways(Part::Untouched, owner.person_id),
        open: style::count(owner.open),
        open_href: ways(Part::Open, owner.person_id),
        lead: lead.map(|lead| lead.name.clone()).unwrap_or_default(),
        href: lead
            .map(|lead| format!("/leads/{}", lead.uid))
            .unwrap_or_default(),
        waits: lead
            .map(|lead| page::duration(wait(lead)))
            .unwrap_or_default(),
        waits_href: String::new(),
    }
}

/// `ways` gives a promise, by its word, the address that explains it.
pub fn level(level: &Level, ways: &dyn Fn(Part, &str) -> String) -> LevelView {
    let href = |figure: &str| ways(Part::Promise, figure);
    let sales = level
        .sales
        .iter()
        .zip(Clause::ALL)
        .map(|(promise, clause)| {
            let kept = kept(&promise.label, promise.rate(), href(clause.word()));
            kept.with_pending(promise.pending)
        });
    let marketing = level.marketing.iter().zip(MARKETING).map(|(share, word)| {
        let kept = kept(&share.label, share.rate(), href(word));
        kept.with_pending(share.pending.unwrap_or(0))
    });
    LevelView {
        title: match level.is_all {
            true if level.team.is_empty() => "All teams".to_owned(),
            _ => page::group_name(&level.team).to_owned(),
        },
        n: style::count(level.n),
        n_href: href("n"),
        sales: sales.collect(),
        marketing: marketing.collect(),
        volume: match (level.delivered, level.promised) {
            (Some(delivered), Some(promised)) => format!(
                "{} of about {} leads promised to all teams",
                style::count(delivered as i64),
                style::decimal(promised, 0)
            ),
            _ => String::new(),
        },
        volume_href: href("volume"),
    }
}

impl KeptView {
    /// So many may still be kept, or not.
    fn with_pending(self, pending: u64) -> KeptView {
        KeptView {
            more: match pending {
                0 => String::new(),
                pending => format!("{} pending", style::count(pending)),
            },
            is_maturing: pending > 0,
            ..self
        }
    }
}

fn kept(label: &str, rate: Rate, href: String) -> KeptView {
    KeptView {
        label: label.to_owned(),
        href,
        share: page::share(rate),
        of: match rate.n {
            0 => String::new(),
            _ => page::of(rate),
        },
        interval: match rate.is_warming_up() {
            true => String::new(),
            false => page::interval(rate),
        },
        more: String::new(),
        is_maturing: false,
    }
}

/// The most frequent reasons of each source, over the teams that are seen.
pub fn sources(content: &Content, ways: &dyn Fn(&str, &str) -> String) -> Vec<SourceView> {
    let mut counts: BTreeMap<&str, BTreeMap<(&str, &str), u64>> = BTreeMap::new();
    for reason in &content.reasons {
        let of_source = counts.entry(&reason.source).or_default();
        *of_source
            .entry((&reason.event, &reason.reason))
            .or_default() += reason.n;
    }
    let view = |(source, reasons): (&str, BTreeMap<(&str, &str), u64>)| {
        let mut reasons: Vec<_> = reasons.into_iter().collect();
        reasons.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
        let source = page::group_name(source);
        let named = |((event, reason), n): ((&str, &str), u64)| {
            let words = format!("{event}: {reason}");
            let href = ways(source, &words);
            ReasonView { words, n, href }
        };
        SourceView {
            source: source.to_owned(),
            reasons: reasons.into_iter().take(TOP_REASONS).map(named).collect(),
        }
    };
    counts.into_iter().map(view).collect()
}
