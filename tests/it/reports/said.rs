//! What reports say in sentences and words, the same on every way out: of comparisons, of few, of nothing, of who was late.

use super::explained::{open_figures, value_of};
use super::followup::LIVELY;
use super::import;
use crate::world::{Database, Database::*, Page, World};
use rstest::rstest;
use std::collections::HashMap;

fn rows(file: &Page) -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_reader(file.ok().body.as_bytes());
    let rows = reader.deserialize().map(|row| row.expect("a row"));
    rows.collect()
}

fn printed(world: &World, args: &[&str]) -> String {
    let (code, printed, said) = world.home().run(&[&["report"], args].concat());
    assert_eq!(code, Some(0), "{said}");
    printed.replace('\u{a0}', " ")
}

/// Twelve leads of 4 March, each tried within so many minutes, and twelve of the day before that nobody tried.
fn two_days(world: &World) {
    let mut leads = "external_id,name,created_at\n".to_owned();
    let mut calls =
        "external_id,person_email,kind,outcome,happened_at,lead_external_id\n".to_owned();
    for at in 0..12 {
        leads += &format!("l{at},L,2026-03-04T09:00:00Z\nold{at},L,2026-03-03T09:00:00Z\n");
        calls += &format!(
            "c{at},ana@example.com,Call,No answer,2026-03-04T09:{:02}:00Z,l{at}\n",
            at + 1
        );
    }
    import(world, &[("leads.csv", &leads), ("activities.csv", &calls)]);
    world.at("2026-03-20T12:00:00Z");
}

const DAY: [&str; 5] = [
    "follow-up-speed",
    "--from",
    "2026-03-04",
    "--to",
    "2026-03-04",
];
const BESIDE: &str = "These leads were attempted faster than those of 3 Mar 2026; the difference is larger than chance would \
                      explain (p < 0.001).";

#[rstest]
fn the_days_before_are_compared_on_every_way_out(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    two_days(&world);
    let ask = |format: &str| {
        let rest = [
            "--compare-before",
            "--as-of",
            "2026-03-20T12:00:00Z",
            "--format",
            format,
        ];
        printed(&world, &[&DAY[..], &rest].concat())
    };
    assert!(ask("table").contains(BESIDE), "{}", ask("table"));
    let path = "/follow-up?from=2026-03-04&to=2026-03-04&compare=before";
    let mark = world.as_("mark");
    mark.get(path).ok().says(BESIDE);
    let file = mark.get(&format!("{path}&format=csv"));
    assert_eq!(file.ok().body.trim(), ask("csv").trim());
    let row = &rows(&file)[0];
    assert_eq!(row["beside_before"], BESIDE);
    let told = ["before_from", "before_to", "before_n"].map(|column| row[column].as_str());
    assert_eq!(told, ["2026-03-03", "2026-03-03", "12"]);
    // Where nothing is compared there is nothing of it.
    let plain = rows(&mark.get("/follow-up?format=csv"));
    assert!(!plain[0].contains_key("beside_before"));
}

#[rstest]
fn a_view_that_does_not_compare_days_says_so(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    two_days(&world);
    for view in ["legs", "persistence"] {
        for format in ["table", "csv", "json"] {
            let rest = ["--compare-before", "--view", view, "--format", format];
            let args = [&["report"], &DAY[..], &rest].concat();
            let (code, printed, said) = world.home().run(&args);
            assert_eq!((code, printed.as_str()), (Some(2), ""), "{view}");
            assert!(
                said.lines().count() == 1 && said.contains("--view speed"),
                "{said}"
            );
        }
        let path = format!("/follow-up/{view}?from=2026-03-04&to=2026-03-04&compare=before");
        world
            .as_("mark")
            .get(&path)
            .is(422)
            .says("Only how soon leads were followed up is compared with the days before.");
    }
}

#[rstest]
fn an_option_that_a_view_has_no_use_for_is_refused_and_not_forgotten(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let asked = [
        ("legs", "--clock", "working"),
        ("legs", "--limit", "60"),
        ("persistence", "--clock", "calendar"),
        ("persistence", "--limit", "60"),
        ("persistence", "--event", "contact"),
    ];
    for (view, option, value) in asked {
        let rest = ["--view", view, option, value];
        let args = [&["report"], &DAY[..], &rest].concat();
        let (code, printed, said) = world.home().run(&args);
        assert_eq!((code, printed.as_str()), (Some(2), ""), "{view} {option}");
        let wanted = format!("touchline: --view {view} has no use for {option}; leave it out.");
        assert_eq!(said.trim(), wanted);
    }
    let rest = ["--view", "legs", "--event", "contact"];
    printed(&world, &[&DAY[..], &rest].concat());
}

#[rstest]
fn what_is_said_of_days_before_names_what_is_waited_for(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    two_days(&world);
    world.at("2026-03-04T10:00:00Z");
    let path = "/follow-up?from=2026-03-04&to=2026-03-04&compare=before&event=contact";
    world
        .as_("mark")
        .get(path)
        .ok()
        .says("the time for a first contact is not over for some of all these")
        .says_nothing_of("the time for a first attempt");
}

/// The cells of a line of a table at a terminal.
fn cells(line: &str) -> Vec<&str> {
    let cells = line.split("  ").map(str::trim);
    cells.filter(|cell| !cell.is_empty()).collect()
}

#[rstest]
fn a_terminal_prints_what_is_not_judged_beside_the_service_level(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    import(&world, LIVELY);
    let args = [
        "follow-up-speed",
        "--by",
        "urgency",
        "--as-of",
        "2026-03-20T12:00:00Z",
    ];
    let table = printed(&world, &args);
    let header = cells(table.lines().next().expect("a header"));
    let [level, pending, not_applicable] = ["Service level", "Pending", "Not applicable"]
        .map(|name| header.iter().position(|cell| *cell == name).expect(name));
    let line = table.lines().find(|line| line.starts_with("warm"));
    let warm = cells(line.expect("the warm ones"));
    assert_eq!(warm[level], "Warming up (0 of 2)", "{table}");
    assert_eq!((warm[pending], warm[not_applicable]), ("0", "1"), "{table}");
}

#[rstest]
fn nothing_is_no_time_that_may_still_be_reached(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    for args in [
        &["follow-up-speed"][..],
        &["follow-up-speed", "--view", "legs"],
        &["outcomes"],
    ] {
        let table = printed(&world, args);
        assert!(table.contains("\u{2013} (nothing to measure)"), "{table}");
        assert!(!table.contains("not reached yet"), "{table}");
    }
    let mark = world.as_("mark");
    mark.get("/follow-up/legs")
        .ok()
        .says("No lead was handed over in these days: nothing to measure.")
        .says("\u{2013} nothing to measure")
        .says_nothing_of("fewer than half")
        .says_nothing_of("not reached yet");
    mark.get("/outcomes/explain?figure=days")
        .ok()
        .says_nothing_of("not reached yet");
    mark.get("/follow-up/explain?figure=median")
        .ok()
        .says_nothing_of("not reached yet");
}

#[rstest]
fn nobodys_time_is_concluded_of_three_leads(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    for name in ["Acme", "Birch", "Cedar"] {
        world.lead(name, "ana");
    }
    let legs = |world: &World| world.as_("mark").get("/follow-up/legs");
    legs(&world)
        .ok()
        .says("Fewer than 10 leads: warming up, nothing is concluded yet.")
        .says_nothing_of("fewer than half")
        .says_nothing_of("half had an owner");
    // Ten had an owner at once, and two of them one to begin with.
    for at in 0..9 {
        world.lead(&format!("L{at}"), "ana");
    }
    legs(&world)
        .ok()
        .says("After the hand-over half had an owner within");
}

#[rstest]
fn who_asks_how_much_was_entered_late_finds_what_that_means_and_whose_it_was(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-03-02T09:00:00Z");
    world.target("max", "ana", "activities", 4);
    let lead = world.lead("Acme", "ana");
    world.log("ana", "Call", "No answer", Some(&lead));
    world.log("ben", "Call", "No answer", None);
    world.at("2026-03-06T10:00:00Z");
    super::flags::call(&world, "ana", &lead, "No answer", "2026-03-02T12:00:00Z");
    let max = world.as_("max");
    let anchors = max.get("/habits").ok().anchors();
    let late = anchors
        .iter()
        .find(|(href, _)| href.contains("figure=late"));
    let (href, words) = late.expect("a way from the figure");
    let page = max.get(href);
    assert_eq!(
        (value_of(page.ok()), words.as_str()),
        ("1 of 3".to_owned(), "1 of 3")
    );
    page.says("more than two working days after they happened")
        .says("Counted: some of it entered late (1 row)")
        .says("Ana Arndt 1 2")
        .says("In the whole, not counted: nothing of it entered late (1 row)")
        .says("Ben Beck 0 1");
    let file = max.get(&format!("{href}&format=csv"));
    assert_eq!(file.ok().body.lines().count(), 3);
    // Of another team nothing, and nobody asks who leads nobody.
    world.as_("mia").get(href).ok().says_nothing_of("Ana Arndt");
    world.as_("ana").get(href).is(404);
    let mark = world.as_("mark");
    let place = ["/follow-up/persistence/explain?figure=late"];
    assert_eq!(open_figures(&mark, "/follow-up/persistence", &place), 1);
    mark.get("/follow-up/persistence/explain?figure=late")
        .ok()
        .says("Attempts entered late")
        .says("Counted: some of its attempts late (1 row)")
        .says("1 entered late / 2 attempts");
}

#[rstest]
fn groups_stand_in_the_same_order_on_every_page_and_by_name_in_every_file(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    // Of the alpha leads eight are taken up, each is given up after one call; of the beta ones all, and after six.
    let mut leads = "external_id,name,created_at,source\n".to_owned();
    let mut calls =
        "external_id,person_email,kind,outcome,happened_at,lead_external_id\n".to_owned();
    let mut events = "lead_external_id,at,event,reason\n".to_owned();
    for at in 0..12 {
        for (source, count) in [("alpha", 1), ("beta", 6)] {
            let id = format!("{source}{at}");
            let count = if source == "alpha" && at >= 8 {
                0
            } else {
                count
            };
            leads += &format!("{id},L,2026-03-02T09:00:00Z,{source}\n");
            for day in 3..3 + count {
                calls += &format!(
                    "{id}-{day},ana@example.com,Call,No answer,2026-03-{day:02}T09:00:00Z,{id}\n"
                );
            }
            if at < 10 && source == "beta" {
                events += &format!("{id},2026-03-02T10:00:00Z,accepted,\n");
            }
            events += &format!("{id},2026-03-10T09:00:00Z,disqualified,Unable to reach\n");
        }
    }
    import(
        &world,
        &[
            ("leads.csv", &leads),
            ("activities.csv", &calls),
            ("lead_events.csv", &events),
        ],
    );
    world.at("2026-04-30T12:00:00Z");
    let mark = world.as_("mark");
    for (path, said) in [
        (
            "/follow-up/persistence",
            "Ordered by the lower end of the share given up after 6 or more",
        ),
        (
            "/outcomes/reasons",
            "Ordered by the lower end of the share taken up",
        ),
    ] {
        let page = mark.get(&format!("{path}?by=source"));
        let text = page.ok().says(said).text();
        let table = text.split_once(said).expect("the table").1;
        let at = |name: &str| table.find(name).expect("a row");
        assert!(at("beta ") < at("alpha "), "{path}: {table}");
        let file = rows(&mark.get(&format!("{path}?by=source&format=csv")));
        let mut names: Vec<&str> = file.iter().map(|row| row["group"].as_str()).collect();
        names.dedup();
        assert_eq!(names, ["alpha", "beta"], "{path}");
        mark.get(&format!("{path}?by=owner"))
            .ok()
            .says("In order of name: people are not ranked by a raw rate");
        mark.get(&format!("{path}?by=week"))
            .ok()
            .says("In order of time");
    }
}
