//! What a comparison of groups, or with the days before, rests on: the hand-overs of each, and those that were not compared.

use super::{asked, speed};
use crate::app::Cx;
use crate::error::Error;
use crate::explain::{self, How, way_back};
use crate::followup::comparison::{LEAST_LEADS, OfDays, OfGroups, observations};
use crate::followup::face::{self, pairs};
use crate::followup::figures::{Figures, Waiting};
use crate::followup::{Before, Face, Filters, Group, Study, rows, study};
use crate::leads::cohort::{self, Behind, Counted, Grouping, Key, bar, grouped};
use crate::page::{self, Answer};
use crate::rules::comparison::{LogRank, MOST_COMPARED, log_rank};
use crate::rules::survival::Obs;
use crate::style;
use crate::value::Instant;
use std::collections::{BTreeSet, HashMap};

/// So many groups are told each by itself, no more.
const MOST_TOLD: usize = 12;

/// Which comparison.
pub enum Asked {
    /// All groups together.
    Groups,
    /// A group beside those that it is clearly faster than.
    Faster(String),
    /// These days beside as many just before.
    Before,
}

impl Asked {
    /// `compared`, `faster-Webinar`, `before`.
    pub fn read(word: &str) -> Option<Asked> {
        match word {
            "compared" => Some(Asked::Groups),
            "before" => Some(Asked::Before),
            _ => word
                .strip_prefix("faster-")
                .map(|name| Asked::Faster(name.to_owned())),
        }
    }
}

/// A hand-over, and how it counts in a comparison.
struct Placed {
    waiting: Waiting,
    how: How,
    why: String,
    /// How its group is called; empty where days are compared.
    group: String,
}

impl Counted for Placed {
    fn handover(&self) -> (i64, Instant, Key) {
        self.waiting.handover()
    }
}

/// A comparison in ready words.
struct Test {
    label: String,
    meaning: &'static str,
    formula: &'static str,
    value: String,
    filled: String,
}

impl explain::Figure for Test {
    type Of = Placed;

    fn label(&self) -> String {
        self.label.clone()
    }

    fn meaning(&self) -> &'static str {
        self.meaning
    }

    fn formula(&self) -> &'static str {
        self.formula
    }

    fn place(&self, placed: &Placed) -> (How, String) {
        (placed.how, placed.why.clone())
    }

    fn worked_out(&self, _: &[&Placed]) -> (String, String) {
        (self.value.clone(), self.filled.clone())
    }
}

/// The page of a comparison.
pub fn show(cx: &Cx, asked_for: &Asked) -> Answer {
    let me = cx.me()?;
    let mut form = cx.query();
    let filters = face::read(&mut form, cx, Face::Speed).ok_or(Error::NotFound)?;
    let (study, heads) = cx.snapshot(|conn| {
        let study = study(conn, &filters, Some(me))?;
        let heads = cohort::heads(conn, span(&filters, &study))?;
        Ok((study, heads))
    })?;
    let found = match asked_for {
        Asked::Groups => of_groups(&filters, &study, None),
        Asked::Faster(name) => of_groups(&filters, &study, Some(name)),
        Asked::Before => of_days(&filters, &study),
    };
    let (test, members) = found.ok_or(Error::NotFound)?;
    let is_of_days = matches!(asked_for, Asked::Before);
    let before = study.before.iter().filter(|_| is_of_days);
    let versions = before
        .flat_map(|before| &before.versions)
        .chain(&study.versions);
    let versions: BTreeSet<i64> = versions.copied().collect();
    let behind = Behind {
        members,
        heads,
        cohort: filters.cohort,
        by: filters.by.filter(|_| !is_of_days),
        group: String::new(),
        asked: asked(Face::Speed, &filters),
        versions: versions.into_iter().collect(),
        column: "How it stands",
        says: Box::new(move |placed: &Placed| {
            let stands = speed::stands(&filters, &placed.waiting);
            match placed.group.as_str() {
                "" => stands,
                group => format!("{group}: {stands}"),
            }
        }),
        back: way_back(
            Face::Speed.path(),
            pairs(&form),
            format!("Follow-up speed: {}", Face::Speed.label().to_lowercase()),
        ),
    };
    behind.show(cx, &form, test)
}

/// From the first hand-over that may be compared to the last.
fn span(filters: &Filters, study: &Study) -> (Instant, Instant) {
    let first = study
        .before
        .as_ref()
        .map_or(filters.cohort, |before| before.cohort);
    let [(from, _), (_, until)] = [first, filters.cohort].map(|cohort| cohort.span(&study.zone));
    (from, until)
}

/// A group, those that it is clearly faster than, and the largest p among these.
type Pairs<'f> = (&'f str, Vec<&'f str>, f64);

/// The test of all groups, or a group beside those that it is clearly faster than; none where there is no such thing.
fn of_groups(
    filters: &Filters,
    study: &Study,
    faster: Option<&str>,
) -> Option<(Test, Vec<Placed>)> {
    let by = filters.by?;
    let report = study.report(filters);
    let found = report.comparison?.groups?;
    let told = found.by_faster();
    let pairs = match faster {
        None => None,
        Some(name) => {
            let mut all = told.iter();
            Some(all.find(|(faster, ..)| page::group_name(faster) == name)?)
        }
    };
    let groups: HashMap<Key, (&Group, (How, String))> = report
        .groups
        .iter()
        .map(|group| (group.key, (group, place(by, &found, pairs, group))))
        .collect();
    let members = study.waitings.iter().filter_map(|waiting| {
        let (group, (how, why)) = groups.get(&waiting.key)?;
        Some(Placed {
            waiting: *waiting,
            how: *how,
            why: why.clone(),
            group: by.words(&group.name),
        })
    });
    let members = members.collect();
    let test = match pairs {
        None => all_groups(filters, study, &found, &report.groups),
        Some(pairs) => Test {
            label: format!("Faster than others: {}", by.words(pairs.0)),
            meaning: "This group beside each that it is clearly faster than. The p is corrected for all pairs that there \
                      are, after Holm; of several the largest is told. Pairs are looked at only where all groups \
                      together differ by more than chance would explain.",
            formula: "log-rank of each pair; the p of all pairs in order, each times how many are left (Holm)",
            value: style::chance(pairs.2),
            filled: pairs_filled(by, &found, pairs),
        },
    };
    Some((test, members))
}

/// How the hand-overs of a group count in the test of all, or in that of a group beside slower ones.
fn place(by: Grouping, found: &OfGroups, pairs: Option<&Pairs>, group: &Group) -> (How, String) {
    let name = group.name.as_str();
    match (left_out(found, group), pairs) {
        (Some(why), _) => (How::LeftOut, why),
        (None, None) => (How::Counted, of(by, name, found.compared.len())),
        (None, Some((faster, ..))) if *faster == name => {
            let of = of(by, name, 1);
            (How::Counted, format!("{of}, which is faster"))
        }
        (None, Some((_, slower, _))) if slower.contains(&name) => {
            let of = of(by, name, slower.len());
            (How::Counted, format!("{of}, which is slower"))
        }
        (None, Some(_)) => (
            How::LeftOut,
            "of a group that is not clearly slower".to_owned(),
        ),
    }
}

/// Why the hand-overs of a group were not compared.
fn left_out(found: &OfGroups, group: &Group) -> Option<String> {
    let count = found.compared.len();
    match group {
        _ if group.figures.n < LEAST_LEADS => {
            Some("of a group with fewer than 10 leads: warming up".to_owned())
        }
        _ if group.maturing == Some(true) => Some("of a week that is maturing".to_owned()),
        _ if count > MOST_COMPARED => {
            Some(format!("more than {MOST_COMPARED} groups are not compared"))
        }
        _ if count < 2 => Some("no other group has 10 leads to compare with".to_owned()),
        _ => None,
    }
}

/// Of which of so many groups a hand-over is.
fn of(by: Grouping, name: &str, count: usize) -> String {
    match count > MOST_TOLD {
        true => "of a group with 10 leads or more".to_owned(),
        false => format!("of {}", by.words(name)),
    }
}

fn all_groups(filters: &Filters, study: &Study, found: &OfGroups, groups: &[Group]) -> Test {
    let value = found.verdict();
    let filled = match found.p {
        None => value.clone(),
        Some(_) => {
            let members = grouped(filters.by, &study.waitings);
            let compared = found.compared.iter();
            let theirs = compared.filter_map(|name| {
                let group = groups.iter().find(|group| group.name == *name)?;
                members.get(&group.key).map(|members| observations(members))
            });
            let theirs: Vec<Vec<Obs>> = theirs.collect();
            let test = log_rank(&theirs);
            test.map_or(value.clone(), |test| groups_filled(filters, found, &test))
        }
    };
    Test {
        label: "Difference between groups".to_owned(),
        meaning: "How often groups that do not differ would look at least as different as these, by chance alone. Leads \
                  still waiting count as waiting that long at least. Groups with fewer than 10 leads, and weeks that are \
                  maturing, are left out.",
        formula: "log-rank: what each group had less what was to be expected if all were alike, summed over all times, \
                  against its spread; chi-squared with one degree of freedom less than groups",
        value,
        filled,
    }
}

/// "3 groups of 120 leads: chi-squared 12.3, degrees of freedom 2, p = 0.002; web: 40 attempted, 31.2 expected; ..."
fn groups_filled(filters: &Filters, found: &OfGroups, test: &LogRank) -> String {
    let each = found
        .compared
        .iter()
        .zip(test.observed.iter().zip(&test.expected));
    // People are not put in order by their speed.
    let most = if filters.by == Some(Grouping::Owner) {
        0
    } else {
        MOST_TOLD
    };
    let each = each.take(most).map(|(name, (observed, expected))| {
        format!(
            "; {}: {} {}, {} expected if all were alike",
            filters.by.map_or(name.clone(), |by| by.words(name)),
            style::decimal(*observed, 0),
            filters.event.done(),
            style::decimal(*expected, 1)
        )
    });
    format!(
        "{} groups of {} leads: chi-squared {}, degrees of freedom {}, {}{}",
        style::count(found.compared.len() as u64),
        style::count(found.n),
        style::decimal(test.chi2, 2),
        test.degrees,
        found.verdict(),
        each.collect::<String>()
    )
}

/// "beside fair p = 0.004; beside list p = 0.02; corrected for all pairs".
fn pairs_filled(by: Grouping, found: &OfGroups, (faster, ..): &Pairs) -> String {
    let theirs = found.pairs.iter().filter(|pair| pair.faster == *faster);
    let each = theirs.take(MOST_TOLD).map(|pair| {
        format!(
            "beside {} {}",
            by.words(&pair.slower),
            style::chance(pair.p)
        )
    });
    format!(
        "{}; corrected for all pairs",
        each.collect::<Vec<_>>().join("; ")
    )
}

/// The test of these days beside those before; none where they were not compared.
fn of_days(filters: &Filters, study: &Study) -> Option<(Test, Vec<Placed>)> {
    let before = study.before.as_ref()?;
    let found = study.report(filters).comparison?.before?;
    let event = filters.event;
    let days = bar::between(before.cohort.from, before.cohort.to);
    let placed = |waiting: &Waiting, why: &str| {
        let (how, why) = match waiting.is_young {
            true => {
                let why =
                    format!("the time for its first {event} is not over: nothing is concluded yet");
                (How::LeftOut, why)
            }
            false => (How::Counted, why.to_owned()),
        };
        Placed {
            waiting: *waiting,
            how,
            why,
            group: String::new(),
        }
    };
    let theirs = format!("of {days}");
    let members = study
        .waitings
        .iter()
        .map(|waiting| placed(waiting, "of these days"));
    let members = members.chain(
        before
            .waitings
            .iter()
            .map(|waiting| placed(waiting, &theirs)),
    );
    let test = Test {
        label: "Difference from the days before".to_owned(),
        meaning: "How often leads of these days and of as many just before would look at least as different if they did \
                  not differ, by chance alone. Leads still waiting count as waiting that long at least. Where the time \
                  is not over for some of them, or either are fewer than 10, nothing is concluded.",
        formula: "log-rank: what these days had less what was to be expected if all were alike, summed over all times, \
                  against its spread; chi-squared with one degree of freedom",
        value: found.verdict(),
        filled: days_filled(filters, study, before, &found, &days),
    };
    Some((test, members.collect()))
}

/// "these days 12 leads, 12 attempted, median 6 min; 3 Mar 2026 12 leads, 0 attempted, median not reached yet: p < 0.001".
fn days_filled(
    filters: &Filters,
    study: &Study,
    before: &Before,
    found: &OfDays,
    days: &str,
) -> String {
    let side = |name: &str, waitings: &[Waiting]| {
        let all: Vec<&Waiting> = waitings.iter().collect();
        let figures = Figures::of(&all, filters.limit_us);
        format!(
            "{name}: {} leads, {} {}, median {}",
            style::count(figures.n),
            style::count(figures.with_event),
            filters.event.done(),
            rows::quantile(figures.n, figures.median_s)
        )
    };
    format!(
        "{}; {}; {}",
        side("these days", &study.waitings),
        side(days, &before.waitings),
        found.verdict()
    )
}
