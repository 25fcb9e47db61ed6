//! What is concluded of hand-overs whose time is not over: nothing, and every way out of a report says so.

use super::explained::open_figures;
use super::followup::{filters, report};
use super::{group, import};
use crate::world::{Database, Database::*, Page, World};
use rstest::rstest;
use serde_json::{Value, json};
use std::collections::HashMap;
use touchline::followup::{self, Filters};
use touchline::leads::cohort::Grouping;

/// So many leads of a source that were handed over on a morning and are scored so; those whose place is under `won` are won two
/// days later.
fn leads(world: &World, (name, source): (&str, &str), day: &str, count: usize, score: u32) {
    let mut text = "external_id,name,created_at,source,score\n".to_owned();
    for at in 0..count {
        text += &format!("{name}{at},L,{day}T09:{at:02}:00Z,{source},{score}\n");
    }
    import(world, &[("leads.csv", &text)]);
}

fn won(world: &World, name: &str, count: usize) {
    let mut text = "lead_external_id,at,event\n".to_owned();
    for at in 0..count {
        text += &format!("{name}{at},2026-03-06T09:00:00Z,won\n");
    }
    import(world, &[("lead_events.csv", &text)]);
}

const OLD: &str = "2026-03-04";
/// Two days before the end of April: ten working days to reach them are not over.
const YOUNG: &str = "2026-04-28";
const LATER: &str = "2026-04-30T12:00:00Z";

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

#[rstest]
fn a_score_is_not_judged_by_leads_that_may_still_be_reached(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    leads(&world, ("high", "web"), OLD, 12, 72);
    leads(&world, ("low", "web"), OLD, 12, 15);
    leads(&world, ("young", "web"), YOUNG, 14, 95);
    won(&world, "high", 3);
    world.at(LATER);
    let mark = world.as_("mark");
    mark.get("/outcomes/scores")
        .ok()
        .says("Scores around 72 say the best, and 25.0 % of them were won so far (3 of 12).")
        .says("14 hand-overs are still maturing and left out")
        .says_nothing_of("Scores around 95");
    let json = printed(
        &world,
        &[
            "outcomes", "--view", "scores", "--as-of", LATER, "--format", "json",
        ],
    );
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let bands = json["bands"].as_array().expect("bands");
    assert_eq!(bands.len(), 2, "{json}");
    assert_eq!(
        (&json["maturing"], &json["unscored"]),
        (&json!(14), &json!(0))
    );
    assert_eq!(
        (&json["upper"]["n"], &json["lower"]["n"]),
        (&json!(12), &json!(12))
    );
    // Of 3 x 21 pairs, the 27 with a lead of the same score are half in order.
    let auc = (3.0 * 12.0 + 3.0 * 9.0 / 2.0) / 63.0;
    assert!((json["auc"].as_f64().expect("a share") - auc).abs() < 1e-12);
    let file = rows(&mark.get("/outcomes/scores?format=csv"));
    let maturing = file.iter().find(|row| row["name"] == "maturing");
    assert_eq!(maturing.expect("the row")["n"], "14");
    mark.get("/outcomes/explain?figure=score-auc")
        .ok()
        .says("Left out: maturing: open, not reached, and its time is not over (14 rows)");
    mark.get("/outcomes/explain?figure=score-maturing")
        .ok()
        .says("Counted: maturing: open, not reached, and its time is not over (14 rows)")
        .says("Left out: the score is judged by it (24 rows)");
    let found = open_figures(&mark, "/outcomes/scores", &["/outcomes/explain?"]);
    assert!(found >= 13, "{found}");
    // Once their time is over they count.
    world.at("2026-06-01T12:00:00Z");
    world
        .as_("mark")
        .get("/outcomes/scores")
        .ok()
        .says("Scores around 95 say the best, and 0.0 % of them were won so far (0 of 14).")
        .says_nothing_of("maturing and left out");
}

#[rstest]
fn the_best_source_is_not_second_for_what_it_brought_this_week(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    leads(&world, ("web", "web"), OLD, 12, 50);
    leads(&world, ("fair", "fair"), OLD, 10, 50);
    leads(&world, ("more", "fair"), YOUNG, 10, 50);
    won(&world, "web", 6);
    won(&world, "fair", 7);
    world.at(LATER);
    let mark = world.as_("mark");
    let page = mark.get("/outcomes/quality?by=source");
    let found = open_figures(
        &mark,
        "/outcomes/quality?by=source",
        &["/outcomes/explain?figure=maturing"],
    );
    assert_eq!(found, 3, "all, and of each of the two sources");
    page.ok()
        .says("fair brings the most leads (20). The best share won is that of fair: 70.0 % (7 of 10), likely")
        .says("10 hand-overs are still maturing and left out")
        .says("fair 20 10 ");
    let text = page.text();
    let at = |row: &str| {
        text.find(row)
            .unwrap_or_else(|| panic!("no {row:?} in {text}"))
    };
    assert!(at("fair 20 10 ") < at("web 12 0 "));
    assert!(
        open_figures(
            &mark,
            "/outcomes/quality?by=source",
            &["/outcomes/explain?"]
        ) >= 14
    );
    mark.get("/outcomes/explain?figure=settled-won&by=source&group=fair")
        .ok()
        .says("Left out: maturing: open, not reached, and its time is not over (10 rows)");
    let file = rows(&mark.get("/outcomes/quality?by=source&format=csv"));
    let of = |column: &str| -> Vec<&str> { file.iter().map(|row| row[column].as_str()).collect() };
    assert_eq!(
        (of("group"), of("n")),
        (vec!["fair", "web"], vec!["20", "12"])
    );
    assert_eq!(
        (of("settled_n"), of("settled_won")),
        (vec!["10", "12"], vec!["7", "6"])
    );
    assert_eq!(of("settled_won_share"), ["0.7", "0.5"]);
    let args = [
        "outcomes", "--view", "quality", "--as-of", LATER, "--format", "json",
    ];
    let json: Value = serde_json::from_str(&printed(&world, &args)).expect("JSON");
    let fair = group(&json, "fair");
    assert_eq!((&fair["n"], &fair["maturing"]), (&json!(20), &json!(10)));
    assert_eq!(fair["settled"]["won"]["n"], json!(10));
}

/// Twelve leads of Monday, 2 March, all tried an hour later and none reached.
fn tried(database: Database) -> World {
    let world = World::new(database);
    world.at("2026-03-02T09:00:00Z");
    let leads: Vec<String> = (0..12)
        .map(|at| world.lead(&format!("L{at}"), "ana"))
        .collect();
    world.at("2026-03-02T10:00:00Z");
    for lead in &leads {
        world.log("ana", "Call", "No answer", Some(lead));
    }
    world
}

/// Whether a report by week says at an instant that its week matures: on the page, in its file, and at a terminal.
fn says_maturing(world: &World, path: &str, args: &[&str], at: &str) -> [bool; 3] {
    world.at(at);
    let mark = world.as_("mark");
    let page = mark.get(&format!("{path}?by=week"));
    let is_said = page.ok().has("2 Mar 2026 Maturing");
    let grey =
        ["2 Mar 2026", "System"].map(|row| format!("<tr class=\"faint\"><th scope=\"row\">{row}"));
    let is_grey = grey.iter().any(|row| page.body.contains(row));
    assert_eq!(is_grey, is_said, "{path}: {}", page.body);
    let file = rows(&mark.get(&format!("{path}?by=week&format=csv")));
    let is_filed = match file[0]["maturing"].as_str() {
        "true" | "12" => true,
        "false" | "0" => false,
        other => panic!("{path}: {other:?}"),
    };
    let asked = [args, &["--by", "week", "--as-of", at]].concat();
    let is_told = printed(world, &asked).to_lowercase().contains("maturing");
    [is_said, is_filed, is_told]
}

#[rstest]
fn a_week_that_matures_is_grey_on_every_view_and_marked_in_its_file(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = tried(database);
    let speed: &[&str] = &["follow-up-speed"];
    let legs: &[&str] = &["follow-up-speed", "--view", "legs"];
    let persistence: &[&str] = &["follow-up-speed", "--view", "persistence"];
    let reasons: &[&str] = &["outcomes", "--view", "reasons"];
    // All were tried, and more may come until Sunday.
    let wednesday = "2026-03-04T10:00:00Z";
    // Ten working days to reach them are over.
    let done = "2026-03-20T10:00:00Z";
    for (path, args) in [
        ("/follow-up", speed),
        ("/follow-up/legs", legs),
        ("/follow-up/persistence", persistence),
        ("/outcomes/reasons", reasons),
    ] {
        assert_eq!(
            says_maturing(&world, path, args, wednesday),
            [true; 3],
            "{path}"
        );
        assert_eq!(
            says_maturing(&world, path, args, done),
            [false; 3],
            "{path}"
        );
    }
    // How soon they were tried is known on Monday; how often it takes to reach them is not.
    let monday = "2026-03-09T10:00:00Z";
    assert_eq!(
        says_maturing(&world, "/follow-up/legs", legs, monday),
        [false; 3]
    );
    assert_eq!(
        says_maturing(&world, "/follow-up/persistence", persistence, monday),
        [true; 3]
    );
}

#[rstest]
fn a_program_reads_of_a_week_whether_it_matures_and_nothing_of_other_groups(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = tried(database);
    let asked = |by, as_of: &str| {
        let mut asked = Filters {
            by: Some(by),
            ..filters()
        };
        asked.cohort.as_of = crate::world::instant(as_of);
        asked
    };
    let of = |at: &str| group(&report(&world, &asked(Grouping::Week, at)), "2026-03-02").clone();
    assert_eq!(of("2026-03-04T10:00:00Z")["maturing"], json!(true));
    assert_eq!(of("2026-03-20T10:00:00Z")["maturing"], json!(false));
    let young = asked(Grouping::Week, "2026-03-04T10:00:00Z");
    let legs = world.read(|conn| followup::legs::report(conn, &young, None));
    let tries = world.read(|conn| followup::persistence::report(conn, &young, None));
    for report in [serde_json::to_value(legs), serde_json::to_value(tries)] {
        let report = report.expect("JSON");
        assert_eq!(group(&report, "2026-03-02")["maturing"], json!(true));
    }
    let by_source = report(&world, &asked(Grouping::Source, "2026-03-04T10:00:00Z"));
    assert!(
        group(&by_source, "").get("maturing").is_none(),
        "{by_source}"
    );
}

#[rstest]
fn a_lead_of_which_more_than_a_contact_is_known_is_not_waited_for(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let mut leads = "external_id,name,created_at,source,owner_email\n".to_owned();
    let mut calls =
        "external_id,person_email,kind,outcome,happened_at,lead_external_id\n".to_owned();
    let mut events = "lead_external_id,at,event\n".to_owned();
    for name in ["qualified", "opportunity", "meeting_booked", "tried"] {
        leads += &format!("{name},L,{YOUNG}T09:00:00Z,web,ana@example.com\n");
        calls += &format!("c-{name},ana@example.com,Call,No answer,{YOUNG}T09:30:00Z,{name}\n");
        if name != "tried" {
            events += &format!("{name},{YOUNG}T12:00:00Z,{name}\n");
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
    world.at(LATER);
    let mark = world.as_("mark");
    let speed = mark.get("/outcomes/speed?format=csv");
    assert_eq!(rows(&speed)[0]["n"], "3");
    mark.get("/outcomes/speed")
        .ok()
        .says("Left out: 1 maturing");
    mark.get("/outcomes/explain?figure=maturing")
        .ok()
        .says("In the whole, not counted: reached (3 rows)");
}
