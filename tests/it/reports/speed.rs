//! Stories of speed against outcome: what is tried sooner beside what came of it.

use super::explained::open_figures;
use super::import;
use crate::world::{Database, Database::*, World};
use rstest::rstest;
use std::collections::HashMap;

/// On one morning twelve leads each that were tried after half an hour, after three hours, and after three days or never: nine,
/// six and two of them were won. Three were refused at once, and one was handed over yesterday.
fn raced(database: Database) -> World {
    let world = World::new(database);
    let mut leads = "external_id,name,created_at,source,owner_email\n".to_owned();
    let mut calls =
        "external_id,person_email,kind,outcome,happened_at,lead_external_id\n".to_owned();
    let mut events = "lead_external_id,at,event,reason\n".to_owned();
    for at in 0..36 {
        leads += &format!("l{at},L{at},2026-03-04T09:00:00Z,web,ana@example.com\n");
        let first = match at {
            0..12 => "2026-03-04T09:30:00Z",
            12..24 => "2026-03-04T12:00:00Z",
            24..30 => "2026-03-07T09:00:00Z",
            _ => "",
        };
        if !first.is_empty() {
            calls += &format!("c{at},ana@example.com,Call,No answer,{first},l{at}\n");
        }
        let event = match at {
            0..9 | 12..18 | 24..26 => "won,",
            _ => "lost,No fit",
        };
        events += &format!("l{at},2026-03-20T09:00:00Z,{event}\n");
    }
    for at in 0..3 {
        leads += &format!("r{at},R{at},2026-03-04T09:00:00Z,list,ana@example.com\n");
        events += &format!("r{at},2026-03-04T09:10:00Z,rejected,Competitor\n");
    }
    leads += "y,Young,2026-04-29T09:00:00Z,list,ana@example.com\n";
    import(
        &world,
        &[
            ("leads.csv", &leads),
            ("activities.csv", &calls),
            ("lead_events.csv", &events),
        ],
    );
    world.at("2026-04-30T12:00:00Z");
    world
}

#[rstest]
fn what_is_tried_sooner_stands_beside_what_came_of_it_and_is_not_called_its_cause(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = raced(database);
    let page = world.as_("mark").get("/outcomes/speed");
    page.ok()
        .says("Of those first tried within 1 h 75.0 % were won (9 of 12, likely 46.8 to 91.1 %)")
        .says("of those tried later than after 24 h, or never 16.7 % were won (2 of 12")
        .says("won more often, by more than chance would explain.")
        .says("Easy leads may also be called sooner. This says what came together, not what caused what.")
        .says("Within 1 h 12 0 0.0 %")
        .says("Over 24 h, or never 12 6 0.0 %")
        // Of nothing in a row nothing is said.
        .says("4 to 24 h Warming up 0 0 \u{2013}");
    // Once is enough.
    assert_eq!(page.text().matches("Easy leads").count(), 1);
    let file = world.as_("mark").get("/outcomes/speed?format=csv");
    let mut reader = csv::Reader::from_reader(file.ok().body.as_bytes());
    let rows = reader.deserialize().map(|row| row.expect("a row"));
    let rows: Vec<HashMap<String, String>> = rows.collect();
    let of = |name: &str| -> Vec<&str> { rows.iter().map(|row| row[name].as_str()).collect() };
    assert_eq!(of("first_touch"), ["1h", "4h", "24h", "late"]);
    assert_eq!(of("n"), ["12", "12", "0", "12"]);
    assert_eq!(of("never"), ["0", "0", "0", "6"]);
    assert_eq!(of("won"), ["9", "6", "0", "2"]);
    assert_eq!(of("won_share")[..2], ["0.75", "0.5"]);
    assert!(
        rows[0]["more_low"]
            .parse::<f64>()
            .is_ok_and(|low| low > 0.0)
    );
    assert_eq!(rows[3]["more_than_slowest"], "");
}

#[rstest]
fn who_could_not_be_called_and_who_is_too_young_is_left_out_and_said_so(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = raced(database);
    let mark = world.as_("mark");
    mark.get("/outcomes/speed")
        .ok()
        .says("Left out: 1 maturing")
        .says("Left out: 3 given back before anybody tried them.");
    let left_out = ["/outcomes/explain?figure=speed-left-"];
    assert_eq!(open_figures(&mark, "/outcomes/speed", &left_out), 2);
    mark.get("/outcomes/explain?figure=speed-left-given_back")
        .ok()
        .says("Counted: given back before anybody tried it (3 rows)")
        .says("Left out: in the table: first tried");
    mark.get("/outcomes/explain?figure=speed-left-maturing")
        .ok()
        .says("Counted: maturing: open, not reached, and its time is not over (1 row)");
    mark.get("/outcomes/explain?figure=speed-1h-won")
        .ok()
        .says("9 of 12 = 75.0 % (46.8 to 91.1 %)")
        .says("Counted: won (9 rows)")
        .says("In the whole, not counted: not so: lost (3 rows)")
        .says("Left out: given back before anybody tried it (3 rows)")
        .says("Left out: maturing: open, not reached, and its time is not over")
        .says("tried after 30 min; taken up, won");
    mark.get("/outcomes/explain?figure=speed-late-never")
        .ok()
        .says("Counted: never tried (6 rows)");
    mark.get("/outcomes/explain?figure=speed-1h-beside")
        .ok()
        .says("9 of 12 - 2 of 12: +58.3 points");
    for wrong in [
        "speed-2h-won",
        "speed-1h-smiles",
        "speed-1h",
        "speed-left-n",
    ] {
        mark.get(&format!("/outcomes/explain?figure={wrong}"))
            .is(404);
    }
    // As of that noon only the first half hour is known, and nothing has ended.
    mark.get("/outcomes/speed?as_of=2026-03-04T11:00:00Z")
        .ok()
        .says("Warming up: 0 hand-overs were first tried within 1 h")
        .says("Left out: 36 maturing");
    // A manager of another team sees none of them.
    world
        .as_("mia")
        .get("/outcomes/speed")
        .ok()
        .says("Over 24 h, or never Warming up 0 0");
}

#[rstest]
fn speed_against_outcome_is_printed_by_the_command_too(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = raced(database);
    let ask = |format: &str| {
        let shared = ["--as-of", "2026-04-30T12:00:00Z", "--format", format];
        let args = [&["report", "outcomes", "--view", "speed"][..], &shared[..]].concat();
        let (code, printed, said) = world.home().run(&args);
        assert_eq!(code, Some(0), "{said}");
        printed
    };
    let table = ask("table").replace('\u{a0}', " ");
    assert_eq!(
        table
            .matches("Easy leads may also be called sooner.")
            .count(),
        1
    );
    // What a share rests on stands beside it at a terminal too.
    let in_full = "75.0 % (9 of 12, likely 46.8 to 91.1 %)";
    assert!(table.contains(in_full), "{table}");
    let page = world.as_("mark").get("/outcomes/speed?format=csv");
    assert_eq!(ask("csv").trim(), page.ok().body.trim());
    let report: serde_json::Value = serde_json::from_str(&ask("json")).expect("JSON");
    assert_eq!(report["view"], "speed");
    assert_eq!(report["buckets"][3]["won"]["k"], 2);
    assert_eq!(report["note"], "Easy leads may also be called sooner.");
}

#[rstest]
fn only_a_call_that_ended_the_waiting_of_a_hand_over_says_how_soon_it_was_tried(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    // One was lost untouched, handed over again and called then; the other was called although it was lost.
    let leads = "external_id,name,created_at,source,owner_email\n\
                 again,Again,2026-03-04T09:00:00Z,web,ana@example.com\n\
                 after,After,2026-03-04T09:00:00Z,web,ana@example.com\n";
    let events = "lead_external_id,at,event,reason\n\
                  again,2026-03-04T09:10:00Z,lost,No fit\n\
                  again,2026-03-04T09:20:00Z,handed_over,\n\
                  after,2026-03-04T09:10:00Z,lost,No fit\n";
    let calls = "external_id,person_email,kind,outcome,happened_at,lead_external_id\n\
                 c1,ana@example.com,Call,No answer,2026-03-04T09:40:00Z,again\n\
                 c2,ana@example.com,Call,No answer,2026-03-04T09:40:00Z,after\n";
    import(
        &world,
        &[
            ("leads.csv", leads),
            ("lead_events.csv", events),
            ("activities.csv", calls),
        ],
    );
    world.at("2026-04-30T12:00:00Z");
    let mark = world.as_("mark");
    let file = mark.get("/outcomes/speed?format=csv");
    let mut reader = csv::Reader::from_reader(file.ok().body.as_bytes());
    let rows = reader.deserialize().map(|row| row.expect("a row"));
    let rows: Vec<HashMap<String, String>> = rows.collect();
    let of = |name: &str| -> Vec<&str> { rows.iter().map(|row| row[name].as_str()).collect() };
    assert_eq!(of("n"), ["1", "0", "0", "2"]);
    assert_eq!(of("never"), ["0", "0", "0", "2"]);
    mark.get("/outcomes/explain?figure=speed-1h-n")
        .ok()
        .says("tried after 20 min")
        .says_nothing_of("tried after 40 min");
    mark.get("/outcomes/explain?figure=speed-late-never")
        .ok()
        .says("Counted: never tried (2 rows)");
}
