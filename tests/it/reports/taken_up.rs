//! Who calls without accepting has taken a lead up: no source looks refused for it.

use super::explained::open_figures;
use super::followup::LIVELY;
use super::{group, import};
use crate::world::{Database, Database::*, Page, World, instant};
use rstest::rstest;
use serde_json::{Value, json};
use std::collections::HashMap;
use touchline::leads::cohort::{Cohort, Grouping};
use touchline::outcomes::{self, Filters};

const LATER: &str = "2026-04-30T12:00:00Z";

fn by_source(world: &World) -> Value {
    let filters = Filters {
        cohort: Cohort {
            from: None,
            to: None,
            as_of: instant(LATER),
            definition: None,
        },
        by: Some(Grouping::Source),
        only: None,
    };
    let report = world.read(|conn| outcomes::report(conn, &filters, None));
    serde_json::to_value(report).expect("JSON")
}

fn rows(file: &Page) -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_reader(file.ok().body.as_bytes());
    let rows = reader.deserialize().map(|row| row.expect("a row"));
    rows.collect()
}

/// Twelve leads each: of those that are called nobody says "accepted", of those that are accepted nobody calls, and the rest are
/// rejected, and called for nothing when they are gone.
fn three_ways(world: &World) {
    let mut leads = "external_id,name,created_at,source,score,owner_email\n".to_owned();
    let mut calls =
        "external_id,person_email,kind,outcome,happened_at,lead_external_id\n".to_owned();
    let mut events = "lead_external_id,at,event,reason\n".to_owned();
    for at in 0..12 {
        for (source, score) in [("called", 75), ("said", 55), ("refused", 15)] {
            let id = format!("{source}{at}");
            leads += &format!("{id},L,2026-03-04T09:00:00Z,{source},{score},ana@example.com\n");
            match source {
                "said" => events += &format!("{id},2026-03-04T09:30:00Z,accepted,\n"),
                "refused" => events += &format!("{id},2026-03-04T09:20:00Z,rejected,Wrong role\n"),
                _ => {}
            }
            if source != "said" {
                calls +=
                    &format!("c{id},ana@example.com,Call,No answer,2026-03-04T09:30:00Z,{id}\n");
            }
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
    world.at(LATER);
}

#[rstest]
fn a_lead_that_is_called_is_taken_up_and_not_said_to_be_accepted(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    three_ways(&world);
    let report = by_source(&world);
    let of = |name: &str| {
        let group = group(&report, name);
        (group["accepted"].clone(), group["taken_up"].clone())
    };
    assert_eq!(of("called"), (json!(0), json!(12)));
    assert_eq!(of("said"), (json!(12), json!(12)));
    assert_eq!(of("refused"), (json!(0), json!(0)));
    let mark = world.as_("mark");
    mark.get("/outcomes?by=source")
        .ok()
        .says("Of 36 leads, 66.7 % were taken up, 0.0 % reached and 0.0 % won so far.")
        .says("Taken up 66.7 % 24 of 36, likely")
        .says("who calls without accepting has taken a lead up");
    mark.get("/outcomes/explain?figure=accepted")
        .ok()
        .says("Who called without saying so is not here, and is counted as taken up")
        .says("Counted: accepted (12 rows)");
    mark.get("/outcomes/explain?figure=taken_up&by=source&group=called")
        .ok()
        .says("accepted, tried, or reached, as the service level on acceptance has it")
        .says("Counted: taken up (12 rows)");
    // The service level on acceptance says the same of them.
    let levels = rows(&mark.get("/service-levels?by=source&format=csv"));
    let called = levels.iter().find(|row| row["group"] == "called");
    assert_eq!(called.expect("the group")["accept_met"], "12");
}

#[rstest]
fn where_acceptance_is_judged_it_is_by_what_was_taken_up(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    three_ways(&world);
    let mark = world.as_("mark");
    let reasons = mark.get("/outcomes/reasons?by=source");
    let text = reasons
        .ok()
        .says("Of 36 leads, 66.7 % were taken up and 33.3 % rejected.")
        .says("Ordered by the lower end of the share taken up")
        .text();
    let table = text.split_once("share taken up").expect("the table").1;
    let at = |name: &str| table.find(name).expect("a row");
    assert!(at("called 12") < at("refused 12") && at("said 12") < at("refused 12"));
    mark.get("/outcomes/quality?by=source")
        .ok()
        .says("called 12 0 100.0 % 12 of 12");
    mark.get("/outcomes/scores")
        .ok()
        .says("70 to 79 12 75 100.0 % 12 of 12");
    for path in [
        "/outcomes?by=source",
        "/outcomes/reasons?by=source",
        "/outcomes/quality?by=source",
        "/outcomes/scores",
    ] {
        let found = open_figures(&mark, path, &["/outcomes/explain?"]);
        assert!(found > 8, "{path}: {found}");
    }
}

#[rstest]
fn files_keep_what_was_accepted_in_its_place_and_say_last_what_was_taken_up(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    three_ways(&world);
    let mark = world.as_("mark");
    for (view, accepted) in [
        ("/outcomes?by=source", "accepted"),
        ("/outcomes/quality?by=source", "settled_accepted"),
        ("/outcomes/reasons?by=source", "accepted"),
    ] {
        let join = if view.contains('?') { '&' } else { '?' };
        let file = mark.get(&format!("{view}{join}format=csv"));
        let header = file.ok().body.lines().next().expect("a header").to_owned();
        let columns: Vec<&str> = header.split(',').collect();
        assert_eq!(columns[columns.len() - 4], "taken_up", "{header}");
        let told: HashMap<String, [String; 2]> = rows(&file)
            .into_iter()
            .map(|row| {
                let told = [accepted, "taken_up"].map(|column| row[column].clone());
                (row["group"].clone(), told)
            })
            .collect();
        assert_eq!(told["called"], ["0", "12"], "{view}");
        assert_eq!(told["said"], ["12", "12"], "{view}");
        assert_eq!(told["refused"], ["0", "0"], "{view}");
    }
    let scores = rows(&mark.get("/outcomes/scores?format=csv"));
    let called = scores.iter().find(|row| row["from"] == "70").expect("it");
    assert_eq!(
        (called["accepted"].as_str(), called["taken_up"].as_str()),
        ("0", "12")
    );
    let (code, table, said) = world.home().run(&[
        "report", "outcomes", "--view", "quality", "--as-of", LATER, "--format", "json",
    ]);
    assert_eq!(code, Some(0), "{said}");
    let printed: Value = serde_json::from_str(&table).expect("JSON");
    let settled = &group(&printed, "called")["settled"];
    assert_eq!(
        (&settled["accepted"]["k"], &settled["taken_up"]["k"]),
        (&json!(0), &json!(12))
    );
}

#[rstest]
fn nothing_is_further_on_that_was_not_taken_up(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    import(&world, LIVELY);
    // Booked by a visit that reached nobody on record, qualified by event alone, and rejected only.
    let leads = "external_id,name,created_at,source\n\
                 q,Q,2026-03-04T09:00:00Z,event\nm,M,2026-03-04T09:00:00Z,event\n\
                 o,O,2026-03-04T09:00:00Z,event\nr,R,2026-03-04T09:00:00Z,event\n";
    let events = "lead_external_id,at,event\n\
                  q,2026-03-05T09:00:00Z,qualified\nm,2026-03-05T09:00:00Z,meeting_booked\n\
                  o,2026-03-05T09:00:00Z,opportunity\nr,2026-03-05T09:00:00Z,rejected\n";
    import(&world, &[("leads.csv", leads), ("lead_events.csv", events)]);
    let report = by_source(&world);
    for group in report["groups"].as_array().expect("groups") {
        let of = |key: &str| group[key].as_u64().expect("a count");
        for further in ["accepted", "contacted", "meetings", "qualified", "won"] {
            assert!(of(further) <= of("taken_up"), "{further}: {group}");
        }
    }
    let event = group(&report, "event");
    assert_eq!(
        (&event["taken_up"], &event["rejected"]),
        (&json!(3), &json!(1))
    );
}
