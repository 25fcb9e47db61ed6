//! Stories of persistence as a marketer tells them: how often my leads were tried before they were given up, and whether
//! another attempt would have reached them.

use super::followup::filters;
use super::{group, import};
use crate::world::{Database, Database::*, World};
use rstest::rstest;
use serde_json::{Value, json};
use std::collections::HashMap;
use touchline::followup::{self, Filters};
use touchline::leads::cohort::Grouping;

/// One lead: its name, its source, and its attempts on as many days running, whether each reached somebody; and whether it
/// was given up as out of reach a day after the last one.
struct Course<'c> {
    name: String,
    source: &'c str,
    attempts: &'c [bool],
    is_given_up: bool,
}

fn many<'c>(
    count: usize,
    prefix: &str,
    source: &'c str,
    attempts: &'c [bool],
    is_given_up: bool,
) -> Vec<Course<'c>> {
    let course = |at: usize| Course {
        name: format!("{prefix}{at}"),
        source,
        attempts,
        is_given_up,
    };
    (0..count).map(course).collect()
}

/// All handed over on Monday 2 March at nine, and tried at ten from then on.
fn told(world: &World, courses: &[Course]) {
    let mut leads = "external_id,name,created_at,source,owner_email\n".to_owned();
    let mut calls =
        "external_id,person_email,kind,outcome,happened_at,lead_external_id\n".to_owned();
    let mut events = "lead_external_id,at,event,reason\n".to_owned();
    for course in courses {
        let (name, source) = (&course.name, course.source);
        leads += &format!("{name},{name},2026-03-02T09:00:00Z,{source},ana@example.com\n");
        for (at, is_reached) in course.attempts.iter().enumerate() {
            let outcome = match is_reached {
                true => "Interested",
                false => "No answer",
            };
            let day = 2 + at;
            calls += &format!(
                "{name}-{at},ana@example.com,Call,{outcome},2026-03-{day:02}T10:00:00Z,{name}\n"
            );
        }
        if course.is_given_up {
            let day = 2 + course.attempts.len();
            events += &format!("{name},2026-03-{day:02}T09:00:00Z,disqualified,Unable to reach\n");
        }
    }
    import(
        world,
        &[
            ("leads.csv", &leads),
            ("activities.csv", &calls),
            ("lead_events.csv", &events),
        ],
    );
    world.at("2026-03-20T12:00:00Z");
}

const NO: bool = false;
const YES: bool = true;

/// Forty from the fair: a quarter reached by the first call, five of the thirty others by the third, and the rest given up
/// after one. Twelve from a list, given up after six calls each.
fn fair_and_list(world: &World) {
    let courses = [
        many(10, "first", "fair", &[YES], false),
        many(5, "third", "fair", &[NO, NO, YES], false),
        many(25, "once", "fair", &[NO], true),
        many(12, "often", "list", &[NO; 6], true),
    ];
    told(world, &courses.into_iter().flatten().collect::<Vec<_>>());
}

fn report(world: &World, filters: &Filters) -> Value {
    let report = world.read(|conn| followup::persistence::report(conn, filters, None));
    serde_json::to_value(report).expect("JSON")
}

fn by_source() -> Filters {
    Filters {
        by: Some(Grouping::Source),
        ..filters()
    }
}

#[rstest]
fn marketing_reads_after_how_many_attempts_its_leads_were_given_up_by_source(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    fair_and_list(&world);
    let printed = report(&world, &by_source());
    let [fair, list] = ["fair", "list"].map(|name| group(&printed, name));
    assert_eq!(
        (&fair["given_up"], &fair["given_up_after"]),
        (&json!(25), &json!([0, 25, 0, 0, 0, 0, 0]))
    );
    assert_eq!(
        (&list["given_up"], &list["given_up_after"]),
        (&json!(12), &json!([0, 0, 0, 0, 0, 0, 12]))
    );
    assert_eq!(
        (&fair["after_one"], &list["six_or_more"]),
        (&json!(1.0), &json!(1.0))
    );
    let page = world.as_("mark").get("/follow-up/persistence?by=source");
    page.ok()
        .says("Of 37 that were given up, 67.6 % got one attempt and 32.4 % six or more.")
        .says("fair 40 1.2 25 100.0 % 25 of 25, likely 86.7 to 100.0 %")
        .says("list 12 6.0 12 0.0 % 0 of 12, likely 0.0 to 24.2 % 100.0 % 12 of 12");
}

#[rstest]
fn another_attempt_would_have_reached_more_and_those_given_up_before_are_not_left_out(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    fair_and_list(&world);
    let printed = report(&world, &by_source());
    let fair = group(&printed, "fair");
    let each = fair["by_attempt"].as_array().expect("attempts");
    let counts: Vec<_> = each
        .iter()
        .map(|one| [&one["tried"], &one["reached"]].map(|n| n.as_u64().expect("a count")))
        .collect();
    assert_eq!(counts, [[40, 10], [5, 0], [5, 5]]);
    // Of those that got a third call all were reached: 1 - (1 - 10/40) (1 - 0/5) (1 - 5/5).
    let by: Vec<_> = each.iter().map(|one| one["reached_by"].as_f64()).collect();
    assert_eq!(by, [Some(0.25), Some(0.25), Some(1.0)]);
    // Five are too few for a page to say so.
    let mark = world.as_("mark");
    mark.get("/follow-up/persistence")
        .ok()
        .says("By attempt 1 19.2 %, 52 tried")
        .says("1 52 10 19.2 % 10.8 to 31.9 % 19.2 %")
        .says("3 17 5 29.4 % 13.3 to 53.1 % 43.0 %");
    mark.get("/follow-up/persistence/explain?figure=by-3&by=source&group=fair")
        .ok()
        .says("1 - (1 - 10 / 40) \u{d7} (1 - 0 / 5) \u{d7} (1 - 5 / 5)")
        .says("Counted: reached by then (15 rows)")
        .says("In the whole, not counted: tried fewer times: counted so far as it was (25 rows)");
    mark.get("/follow-up/persistence/explain?figure=after-1&by=source&group=fair")
        .ok()
        .says("Counted: tried once (25 rows)")
        .says("Left out: not given up (15 rows)")
        .says("1; given up");
}

#[rstest]
fn a_lead_that_nobody_tries_for_two_weeks_is_given_up_without_anybody_saying_so(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let courses = [
        many(1, "quiet", "fair", &[NO, NO], false),
        many(1, "reached", "fair", &[NO, YES], false),
        many(1, "never", "fair", &[], false),
    ];
    told(&world, &courses.into_iter().flatten().collect::<Vec<_>>());
    let given_up = |as_of: &str| {
        let mut filters = filters();
        filters.cohort.as_of = crate::world::instant(as_of);
        let printed = report(&world, &filters);
        group(&printed, "all")["given_up_after"].clone()
    };
    // Tried last on Tuesday the third at ten: a day short of two weeks it is still being worked.
    let none = json!([0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(given_up("2026-03-16T12:00:00Z"), none);
    assert_eq!(
        given_up("2026-03-17T10:00:00Z"),
        json!([0, 0, 1, 0, 0, 0, 0])
    );
    // Whoever was reached was not given up, and nobody gave up what nobody began.
    let page = world.as_("mark").get("/follow-up/persistence");
    page.ok()
        .says("2 leads were tried 4 times, 2.0 times each.")
        .says("Of 1 that were given up, 0 got one attempt and 0 six or more.");
    // A call brings it back to life.
    world.at("2026-03-18T10:00:00Z");
    let again = "external_id,person_email,kind,outcome,happened_at,lead_external_id\n\
                 again,ana@example.com,Call,No answer,2026-03-18T10:00:00Z,quiet0\n";
    import(&world, &[("activities.csv", again)]);
    assert_eq!(given_up("2026-03-20T12:00:00Z"), none);
}

#[rstest]
fn the_file_says_of_each_attempt_what_the_page_says(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    fair_and_list(&world);
    let file = world
        .as_("mark")
        .get("/follow-up/persistence?by=source&format=csv");
    let mut reader = csv::Reader::from_reader(file.ok().body.as_bytes());
    let rows = reader.deserialize().map(|row| row.expect("a row"));
    let rows: Vec<HashMap<String, String>> = rows.collect();
    let fair = &rows[0];
    let cells = [
        ("group", "fair"),
        ("tried_1", "40"),
        ("reached_1", "10"),
        ("reached_by_1", "0.25"),
        ("reached_share_1", "0.25"),
        ("tried_3", "5"),
        ("reached_by_3", "1"),
        ("given_up_after_1", "25"),
        ("after_one", "1"),
        ("tried_4", ""),
    ];
    for (column, expected) in cells {
        assert_eq!(fair[column], expected, "{column}");
    }
    let low: f64 = fair["reached_by_low_1"].parse().expect("a number");
    let high: f64 = fair["reached_by_high_1"].parse().expect("a number");
    assert!(low < 0.25 && 0.25 < high, "{low} to {high}");
    // A terminal prints the same.
    let args = [
        "report",
        "follow-up-speed",
        "--view",
        "persistence",
        "--by",
        "source",
        "--as-of",
        "2026-03-20T12:00:00Z",
        "--format",
        "csv",
    ];
    let (code, printed, said) = world.home().run(&args);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(printed.trim(), file.body.trim());
}

#[rstest]
fn a_terminal_says_how_many_and_no_share_where_few_were_tried_so_often(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    fair_and_list(&world);
    let args = [
        "report",
        "follow-up-speed",
        "--view",
        "persistence",
        "--by",
        "source",
    ];
    let as_of = ["--as-of", "2026-03-20T12:00:00Z"];
    let (code, table, said) = world.home().run(&[&args[..], &as_of].concat());
    assert_eq!(code, Some(0), "{said}");
    let table = table.replace('\u{a0}', " ");
    let fair = table.lines().find(|line| line.starts_with("fair"));
    let fair = fair.expect("the fair's");
    assert!(fair.contains("25.0 % (40 tried, likely"), "{fair}");
    // Five got a third call, and it reached all of them.
    assert!(fair.contains("  5 of 5  "), "{fair}");
    assert!(!fair.contains("(5 tried"), "{fair}");
    assert!(
        table.contains("where fewer than 10 were tried so often"),
        "{table}"
    );
}
