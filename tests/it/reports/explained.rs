//! Explain this number: whatever figure of a report is opened, its page says the same number, and its rows add up to it.

use super::import;
use crate::world::{Client, Database, Database::*, Page, World};
use rstest::rstest;
use std::collections::HashMap;
use touchline::{page, style};

const LEADS: usize = 280;

/// Leads of two sources on one morning, handed over a minute apart, half of them won. Every third gets an asset the next
/// day, and every second one of these answers; many are tried twice.
pub fn busy(world: &World) {
    let mut leads =
        "external_id,name,created_at,source,score,amount,currency,owner_email\n".to_owned();
    let mut calls =
        "external_id,person_email,kind,outcome,happened_at,lead_external_id,asset\n".to_owned();
    let mut events = "lead_external_id,at,event,reason,owner_email\n".to_owned();
    for at in 0..LEADS {
        let clock = |hours: usize| format!("{:02}:{:02}:00Z", hours + at / 60, at % 60);
        let source = ["web", "fair"][at % 2];
        let owner = ["ana", "ben", "sue"][at % 3];
        leads += &format!(
            "l{at},L{at},2026-03-02T{},{source},{},{},EUR,{owner}@example.com\n",
            clock(9),
            at * 7 % 100,
            10 + at
        );
        let asset = if at % 3 == 0 { "Guide" } else { "" };
        let outcome = if at % 6 == 0 {
            "\"Replied, positive\""
        } else {
            "Sent"
        };
        if at % 10 != 9 {
            calls += &format!(
                "a{at},{owner}@example.com,E-mail,{outcome},2026-03-03T{},l{at},{asset}\n",
                clock(10)
            );
        }
        if at % 5 == 1 {
            calls += &format!(
                "b{at},{owner}@example.com,Call,Interested,2026-03-04T{},l{at},\n",
                clock(10)
            );
        }
        let event = match at % 8 {
            0 | 1 | 4 | 5 => "won,",
            2 => "disqualified,No need",
            6 => "rejected,Wrong role",
            7 => "disqualified,Other",
            _ => continue,
        };
        events += &format!("l{at},2026-03-06T{},{event},\n", clock(9));
    }
    events += "l3,2026-03-05T09:00:00Z,assigned,,sue@example.com\n";
    import(
        world,
        &[
            ("leads.csv", &leads),
            ("activities.csv", &calls),
            ("lead_events.csv", &events),
        ],
    );
    world.at("2026-04-30T12:00:00Z");
}

/// What the page of an explanation says.
struct Explained {
    value: String,
    filled: String,
    counted: u64,
    whole: u64,
    left_out: u64,
}

fn number(text: &str) -> Option<u64> {
    text.replace(',', "").parse().ok()
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(inside, _)| inside)
}

/// The number that an explanation explains.
#[track_caller]
pub fn value_of(page: &Page) -> String {
    let value = between(&page.body, "<p class=\"explained-value\">", "</p>");
    value
        .unwrap_or_else(|| panic!("{} explains nothing", page.path))
        .replace("&#60;", "<")
}

impl Explained {
    fn read(page: &Page) -> Explained {
        let inside = |start: &str, end: &str| {
            let found = between(&page.body, start, end);
            let found = found.unwrap_or_else(|| panic!("{}: no {start}", page.path));
            found.replace("&#38;", "&").replace("&#60;", "<")
        };
        let mut explained = Explained {
            value: value_of(page),
            filled: inside("<dt>With its numbers</dt><dd class=\"break\">", "</dd>"),
            counted: 0,
            whole: 0,
            left_out: 0,
        };
        for summary in page.body.split("<summary>").skip(1) {
            let summary = summary.split("</summary>").next().unwrap_or_default();
            let count = summary
                .rsplit_once('(')
                .and_then(|(_, rows)| number(rows.split(' ').next()?));
            let count = count.unwrap_or_else(|| panic!("no count in {summary:?}"));
            match summary {
                one if one.starts_with("Counted: ") => explained.counted += count,
                one if one.starts_with("In the whole") => explained.whole += count,
                _ => explained.left_out += count,
            }
        }
        explained
    }

    fn rows(&self) -> u64 {
        self.counted + self.whole + self.left_out
    }

    /// The numbers of "3 of 15" or "3 met / (3 met + 12 missed)" at the beginning of the formula.
    fn fraction(&self) -> Option<(u64, u64)> {
        if self.filled.contains(" - ") {
            return None;
        }
        let words: Vec<&str> = self.filled.split([' ', '(', ':', ';', ',']).collect();
        match words.as_slice() {
            [k, "of", n, ..] => Some((number(k)?, number(n)?)),
            [k, "met", "/", "", _, "met", "+", missed, ..] => {
                let k = number(k)?;
                Some((k, k + number(missed)?))
            }
            _ => None,
        }
    }
}

/// Opens every figure of a page whose explanation lies at one of these places, and compares the number; how many there are.
#[track_caller]
pub fn open_figures(browser: &Client, path: &str, places: &[&str]) -> usize {
    let links = browser.get(path).ok().anchors().into_iter();
    let is_figure = |href: &str| places.iter().any(|place| href.starts_with(place));
    let figures: Vec<_> = links.filter(|(href, _)| is_figure(href)).collect();
    for (href, printed) in &figures {
        let page = browser.get(href);
        let explained = Explained::read(page.ok());
        assert_eq!(&explained.value, printed, "{href}");
        page.says("as of");
        // Its rows as a file too: one for each that the page counts.
        let file = browser.get(&format!("{href}&format=csv"));
        let rows = file.ok().body.lines().count() as u64 - 1;
        assert!(rows >= explained.rows(), "{href}: {rows}");
    }
    figures.len()
}

/// The cells of a file that a group has, as numbers.
fn cells(file: &Page, group: &str) -> Vec<f64> {
    let mut reader = csv::Reader::from_reader(file.ok().body.as_bytes());
    let records = reader.records().map(|record| record.expect("a row"));
    let theirs = records.filter(|record| record.get(0) == Some(group));
    let numbers = theirs.flat_map(|record| {
        let numbers = record.iter().filter_map(|cell| cell.parse::<f64>().ok());
        numbers.collect::<Vec<_>>()
    });
    numbers.collect()
}

/// Whether a figure stands in the file of its page: as it is, or the count that it is a share of.
fn is_filed(explained: &Explained, cells: &[f64]) -> bool {
    let value = explained.value.as_str();
    let words = |cell: f64| {
        [
            style::number(&cell.to_string()),
            page::percent(cell),
            page::duration(cell),
            page::working_time(cell),
            page::amount(cell),
            format!("EUR\u{a0}{}", page::amount(cell)),
            style::decimal(cell, 1),
        ]
    };
    let k = explained.fraction().map(|(k, _)| k as f64);
    // How much was late is a part of a whole, and both are filed.
    let is_there = |count: &str| {
        let count = if count == "None" {
            Some(0)
        } else {
            number(count)
        };
        count.is_some_and(|count| cells.contains(&(count as f64)))
    };
    let is_part = value.split_once(" of ");
    let is_part = is_part.is_some_and(|(k, n)| is_there(k) && is_there(n));
    // Words stand for no number: not reached yet, no clear difference, a dash.
    !value.contains(|c: char| c.is_ascii_digit())
        || is_part
        || value.contains("(n = ")
        || value.ends_with("of \u{2013}")
        || cells
            .iter()
            .any(|cell| Some(*cell) == k || words(*cell).iter().any(|w| w == value))
}

/// Opens every figure of a page that can be explained; how many there are.
fn open_all(browser: &Client, path: &str) -> usize {
    let page = browser.get(path);
    let query = path.split_once('?').map_or("", |(_, query)| query);
    let bare = path.split('?').next().unwrap_or_default();
    let file = browser.get(&format!("{bare}?{query}&format=csv"));
    let mut rows: HashMap<String, u64> = HashMap::new();
    let links = page.ok().anchors().into_iter();
    let links: Vec<_> = links
        .filter(|(href, _)| href.contains("/explain?"))
        .collect();
    for (href, printed) in &links {
        let answer = browser.get(href);
        let explained = Explained::read(answer.ok());
        assert_eq!(&explained.value, printed, "{href}");
        if let Some((k, n)) = explained.fraction() {
            let counted = (explained.counted, explained.counted + explained.whole);
            assert_eq!((k, n), counted, "{href}: {}", explained.filled);
        }
        let group = between(&format!("{href}&"), "group=", "&").map(|g| g.replace('+', " "));
        let group = group.unwrap_or_default();
        // Each row has one place, so that every figure of a group has as many of them.
        let is_of_group =
            !href.contains("content-") && !href.contains("-wins") && !href.contains("-value");
        if is_of_group {
            let known = *rows
                .entry(group.clone())
                .or_insert_with(|| explained.rows());
            assert_eq!(known, explained.rows(), "{href}");
        }
        let whole = if group.is_empty() {
            "all".to_owned()
        } else {
            group
        };
        let theirs = cells(&file, &whole);
        if !theirs.is_empty() {
            let value = &explained.value;
            assert!(
                is_filed(&explained, &theirs),
                "{href}: {value} is not in {theirs:?}"
            );
        }
    }
    links.len()
}

/// Each face as it is asked for, and how many figures it explains at least.
const PAGES: &[(&str, usize)] = &[
    ("/follow-up?by=source", 85),
    ("/follow-up?clock=working&event=contact&by=owner", 85),
    ("/follow-up/legs?by=source", 40),
    ("/follow-up/legs?event=contact", 24),
    ("/follow-up/persistence?by=source", 20),
    ("/follow-up/persistence", 14),
    ("/service-levels?by=source", 40),
    ("/service-levels", 26),
    ("/outcomes?by=source", 43),
    ("/outcomes/quality?by=source", 10),
    ("/outcomes/reasons", 10),
    ("/outcomes/reasons?by=owner", 20),
    ("/outcomes/value?by=source", 8),
    ("/outcomes/value?by=asset", 4),
    ("/outcomes/scores", 57),
    ("/outcomes/content", 7),
    ("/outcomes/speed", 20),
];

#[rstest]
fn every_figure_is_explained_by_the_same_number_and_rows_that_add_up_to_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    busy(&world);
    let mark = world.as_("mark");
    for (path, least) in PAGES {
        let found = open_all(&mark, path);
        assert!(found >= *least, "{path} explains {found} figures");
    }
}

#[rstest]
fn nobody_is_told_of_rows_that_the_report_does_not_count_for_them(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    busy(&world);
    for (path, _) in PAGES {
        let (bare, query) = path.split_once('?').unwrap_or((path, ""));
        let place = match bare.starts_with("/outcomes") {
            true => "/outcomes".to_owned(),
            false => bare.to_owned(),
        };
        let ask = format!("{place}/explain?{query}&figure=n&format=csv");
        let rows = |name: &str| world.as_(name).get(&ask).ok().body.lines().count() - 1;
        // Mia leads the South, where Sue is; one of her leads was Ana's first.
        let (all, south) = (rows("mark"), rows("mia"));
        assert_eq!((all, rows("ada")), (LEADS, LEADS), "{path}");
        assert!((90..100).contains(&south), "{path}: {south}");
        world.as_("ana").get(&ask).is(403);
    }
    // What marketing promised in all is measured by all, and says so without telling whose the others are.
    let volume = world
        .as_("mia")
        .get("/service-levels/explain?figure=volume");
    volume.ok().says("of them are not yours to see");
    let mark = world.as_("mark");
    for wrong in [
        "/follow-up/legs/explain?figure=rep-smiles",
        "/follow-up/persistence/explain?figure=by-0",
        "/service-levels/explain?figure=smiles",
        "/service-levels/explain?figure=accept-smiles",
        "/outcomes/explain?figure=content-x-leads",
        "/outcomes/explain?figure=fitted-99-won",
        "/outcomes/explain?figure=second-wins",
        "/outcomes/explain?figure=score-middle",
        "/follow-up/explain?figure=closed-61",
        "/follow-up/explain?figure=smiling-60",
    ] {
        mark.get(wrong).is(404);
    }
}
