//! Whether hand-overs were taken up, and why hand-overs ended without a win: each reason with its interval and its trend.

mod file;
mod tables;

use super::figures::{Part, Step, Story};
use super::ground::Ground;
use super::sheet::{Sheet, Ways};
use super::trend::{is_newer, is_soon, middle};
use super::{Filters, LEAST_LEADS, REPORT};
use crate::db::Conn;
use crate::error::Result;
use crate::leads::cohort::{About, Grouping, Names, Place, grouped, in_order};
use crate::lists;
use crate::page;
use crate::rules::access::Me;
use crate::rules::rates::{Rate, newcombe};
use crate::rules::stage::EventKind;
use crate::style;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// A larger share of "Other" says that the list of reasons is wrong. Source: PRODUCT.md 5.
const MOST_OTHER: f64 = 0.1;

/// The ends that have reasons.
const ENDS: [EventKind; 4] = [
    EventKind::Rejected,
    EventKind::Disqualified,
    EventKind::Nurture,
    EventKind::Lost,
];

#[derive(Serialize)]
pub struct Report {
    #[serde(flatten)]
    pub about: About,
    pub by: Option<Grouping>,
    pub groups: Vec<Group>,
    #[serde(skip)]
    versions: Vec<i64>,
}

#[derive(Serialize)]
pub struct Group {
    #[serde(rename = "group")]
    pub name: String,
    pub n: u64,
    pub accepted: Part,
    pub rejected: Part,
    /// Hand-overs that ended with a reason, and "Other" of these.
    pub given: u64,
    pub other: Part,
    /// The most frequent first.
    pub reasons: Vec<Reason>,
    /// Those of which nothing can be concluded yet: open, not reached, and their time is not over.
    pub maturing: u64,
    /// Accepted, tried or reached.
    pub taken_up: Part,
}

/// How often hand-overs ended for a reason, of all; and within two weeks, in the older and the newer half of those that
/// were followed so long.
#[derive(Serialize)]
pub struct Reason {
    pub end: EventKind,
    pub class: String,
    pub reason: String,
    pub share: Part,
    pub older: Part,
    pub newer: Part,
    pub change: Option<f64>,
    pub change_low: Option<f64>,
    pub change_high: Option<f64>,
}

/// Reads the report; `me` sees what they may, and nobody (the command line) sees all.
pub fn report(conn: &mut Conn, filters: &Filters, me: Option<&Me>) -> Result<Report> {
    let ground = Ground::load(conn, filters, me)?;
    let classes: HashMap<(String, String), String> = lists::store::all_reasons(conn)?
        .into_iter()
        .map(|reason| ((reason.event, reason.name), reason.class))
        .collect();
    let keys = ground.stories.iter().map(|story| story.start.key);
    let names = Names::load(conn, filters.by, keys)?;
    let mut groups: Vec<Group> = grouped(filters.by, &ground.stories)
        .into_iter()
        .map(|(key, members)| Group::of(names.of(key), &members, &classes))
        .collect();
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Report {
        about: About::new(REPORT, Some("reasons"), &filters.cohort),
        by: filters.by,
        groups,
        versions: ground.versions(),
    })
}

impl Group {
    fn of(name: String, members: &[&Story], classes: &HashMap<(String, String), String>) -> Group {
        let n = members.len() as u64;
        let had = |step| Rate {
            k: members.iter().filter(|story| story.had(step)).count() as u64,
            n,
        };
        let middle = middle(members);
        let mut halves = [0, 0];
        let mut counts: BTreeMap<(EventKind, &str), (u64, [u64; 2])> = BTreeMap::new();
        for story in members {
            let half = middle.and_then(|middle| is_newer(story, middle));
            if let Some(is_newer) = half {
                halves[usize::from(is_newer)] += 1;
            }
            if let Some(given) = given(story) {
                let count = counts.entry(given).or_default();
                count.0 += 1;
                if let Some(is_newer) = half.filter(|_| is_soon(story)) {
                    count.1[usize::from(is_newer)] += 1;
                }
            }
        }
        let all_given = counts.values().map(|(all, _)| all).sum();
        let other = counts.iter().filter(|((_, reason), _)| is_other(reason));
        let other = other.map(|(_, (all, _))| all).sum();
        let reason = |((end, reason), (all, soon)): (&(EventKind, &str), &(u64, [u64; 2]))| {
            let class = classes.get(&(end.word().to_owned(), (*reason).to_owned()));
            let rates = [(*all, n), (soon[0], halves[0]), (soon[1], halves[1])];
            let [share, older, newer] = rates.map(|(k, n)| Rate { k, n });
            let change = newcombe(newer, older);
            Reason {
                end: *end,
                class: class.cloned().unwrap_or_default(),
                reason: (*reason).to_owned(),
                share: share.into(),
                older: older.into(),
                newer: newer.into(),
                change: change.map(|change| change.value),
                change_low: change.map(|change| change.low),
                change_high: change.map(|change| change.high),
            }
        };
        let mut reasons: Vec<Reason> = counts.iter().map(reason).collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.share.k));
        Group {
            name,
            n,
            accepted: had(Step::Accepted).into(),
            rejected: had(Step::Rejected).into(),
            given: all_given,
            other: Rate {
                k: other,
                n: all_given,
            }
            .into(),
            reasons,
            maturing: members.iter().filter(|story| story.is_maturing).count() as u64,
            taken_up: had(Step::TakenUp).into(),
        }
    }

    /// What is to be said of it before anything is concluded: a week matures as long as one of its hand-overs does.
    fn note(&self, by: Option<Grouping>) -> &'static str {
        match self.n < LEAST_LEADS {
            true => "Warming up",
            false if self.maturing > 0 && by.is_some_and(Grouping::is_of_time) => "Maturing",
            false => "",
        }
    }

    /// Whether so many said "Other" that the list of reasons is wrong.
    fn has_too_many_others(&self) -> bool {
        self.given >= LEAST_LEADS && self.other.share.is_some_and(|share| share > MOST_OTHER)
    }
}

/// How a hand-over ended with a reason, and which; none without one.
pub fn given(story: &Story) -> Option<(EventKind, &str)> {
    let (end, _, reason) = story.exit.as_ref()?;
    (ENDS.contains(end) && !reason.is_empty()).then_some((*end, reason.as_str()))
}

pub fn is_other(reason: &str) -> bool {
    reason.trim().eq_ignore_ascii_case("other")
}

impl Reason {
    /// What can be said of its trend, in a word for programs.
    fn tendency(&self) -> &'static str {
        match (self.change_low, self.change_high) {
            _ if self.older.n.min(self.newer.n) < LEAST_LEADS => "few",
            (Some(low), _) if low > 0.0 => "more",
            (_, Some(high)) if high < 0.0 => "less",
            _ => "none",
        }
    }

    /// The same for people.
    fn trend(&self) -> &'static str {
        match self.tendency() {
            "few" => "warming up",
            "more" => "\u{2191} more often lately",
            "less" => "\u{2193} less often lately",
            _ => "no clear change",
        }
    }
}

impl Report {
    pub fn sheet(&self, ways: Ways) -> Result<Sheet> {
        let named = |group: &Group| match self.by {
            None => "All leads".to_owned(),
            Some(by) => by.words(&group.name),
        };
        let (groups, order) = self.in_order();
        // Of a week that matures nothing is concluded.
        let too_many = groups
            .iter()
            .filter(|group| group.has_too_many_others() && group.note(self.by).is_empty());
        let way = self.way_of(ways);
        let warning = |group: &&Group| {
            vec![page::Said {
                before: format!("{}: ", named(group)),
                figure: page::share(group.other.rate()),
                after: format!(
                    " of the reasons are \u{201c}Other\u{201d} ({}). Above 10\u{a0}% the list of reasons is wrong: add what \
                     is missing.",
                    page::of(group.other.rate())
                ),
                href: way("other", group),
            }]
        };
        let mut tables = vec![self.taken_up((&groups, order), named, self.way_of(ways))];
        tables.extend(
            groups
                .iter()
                .map(|group| self.reasons_of(group, named(group), self.way_of(ways))),
        );
        Ok(Sheet {
            headline: self.headline(),
            warnings: too_many.map(warning).collect(),
            bars: self
                .groups
                .first()
                .filter(|_| self.by.is_none())
                .map(tables::picture),
            tables,
            how: "Taken up is what was accepted, tried or reached. Each hand-over counts once, with the reason of its \
                  first end that was no win, of all hand-overs. The trend counts ends within 14 days of the hand-over \
                  only, and leaves out hand-overs that were not followed so long yet: they are maturing, and would look better than they are. It compares the newer \
                  half of these with the older one (Newcombe), and is told where the difference is larger than chance \
                  would explain.",
            versions: self.versions.clone(),
            csv: self.csv()?,
            ..Sheet::default()
        })
    }

    /// The groups as other tables of this report have them, and which order that is.
    fn in_order(&self) -> (Vec<&Group>, &'static str) {
        let Some(by) = self.by else {
            return (self.groups.iter().collect(), "");
        };
        let place = |group: &Group| Place {
            is_small: group.n < LEAST_LEADS,
            low: group.taken_up.low,
        };
        let said = "Ordered by the lower end of the share taken up; small groups last";
        in_order(by, &self.groups, place, said)
    }

    /// Where a number of a group is explained.
    fn way_of(&self, ways: Ways) -> impl Fn(&str, &Group) -> String {
        move |figure, group| match self.by {
            None => ways(figure, ""),
            Some(_) => ways(figure, page::group_name(&group.name)),
        }
    }

    /// "Of 214 leads, 61 % were taken up and 12 % rejected. The most frequent reason: Outside target profile (9)."
    fn headline(&self) -> String {
        let sum = |of: fn(&Group) -> u64| self.groups.iter().map(of).sum::<u64>();
        let n = sum(|group| group.n);
        let [taken_up, rejected] =
            [sum(|group| group.taken_up.k), sum(|group| group.rejected.k)].map(|k| Rate { k, n });
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for reason in self.groups.iter().flat_map(|group| &group.reasons) {
            *counts.entry(&reason.reason).or_default() += reason.share.k;
        }
        let most = counts.iter().max_by_key(|(_, k)| **k);
        let most = most.map_or(" No reason was given yet.".to_owned(), |(reason, k)| {
            format!(
                " The most frequent reason: {reason} ({}).",
                style::count(*k)
            )
        });
        format!(
            "Of {} leads, {} were taken up and {} rejected.{most}",
            style::count(n),
            page::part(taken_up),
            page::part(rejected)
        )
    }
}
