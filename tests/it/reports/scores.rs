//! Stories of the score beside what came of it, as a file.

use super::explained::{busy, open_figures};
use super::{followup, import};
use crate::world::{Database, Database::*, World};
use rstest::rstest;
use std::collections::HashMap;
use touchline::outcomes::{Filters, scores};

#[rstest]
fn the_file_of_scores_holds_the_fitted_score_and_how_good_it_is(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    busy(&world);
    let file = world.as_("mark").get("/outcomes/scores?format=csv");
    let mut reader = csv::Reader::from_reader(file.ok().body.as_bytes());
    let rows = reader.deserialize().map(|row| row.expect("a row"));
    let rows: Vec<HashMap<String, String>> = rows.collect();
    let of = |table: &str| rows.iter().filter(|row| row["table"] == table).count();
    assert_eq!((of("score"), of("measure")), (10, 4));
    let filters = Filters {
        cohort: followup::filters().cohort,
        by: None,
        only: None,
    };
    let report = world.read(|conn| scores::report(conn, &filters, None));
    let report = serde_json::to_value(report).expect("JSON");
    let tested = &report["fitted"]["tested"];
    let chances = tested["rows"].as_array().expect("a fitted score");
    assert_eq!(of("chance"), chances.len());
    for said in chances {
        let row = rows.iter().find(|row| said["name"] == row["name"].as_str());
        let row = row.expect("the row of the fitted score");
        let number = |name: &str| row[name].parse::<f64>().ok();
        assert_eq!(number("value"), said["mean"].as_f64());
        assert_eq!(number("n"), said["won"]["n"].as_f64());
        assert_eq!(number("won"), said["won"]["k"].as_f64());
        assert_eq!(number("won_low"), said["won"]["low"].as_f64());
    }
    let auc = rows
        .iter()
        .find(|row| row["table"] == "measure" && row["name"] == "auc")
        .expect("the AUC");
    assert_eq!(auc["value"].parse::<f64>().ok(), tested["auc"].as_f64());
}

/// Four hundred leads of two sources, of which the web's were won half of the time until the last quarter, and then hardly
/// ever: what was learned of them does not hold.
fn turned(world: &World) {
    let mut leads = "external_id,name,created_at,source\n".to_owned();
    let mut events = "lead_external_id,at,event\n".to_owned();
    for at in 0..400 {
        let (hour, minute) = (9 + at / 60, at % 60);
        let source = if at % 2 == 0 { "web" } else { "list" };
        leads += &format!("l{at},L,2026-03-04T{hour:02}:{minute:02}:00Z,{source}\n");
        let (half, tenth) = (at % 4 < 2, at % 20 < 2);
        let is_won = match (source, at < 300) {
            ("web", true) | ("list", false) => half,
            _ => tenth,
        };
        let event = if is_won { "won" } else { "lost" };
        events += &format!("l{at},2026-03-06T09:00:00Z,{event}\n");
    }
    import(
        world,
        &[("leads.csv", &leads), ("lead_events.csv", &events)],
    );
    world.at("2026-04-30T12:00:00Z");
}

#[rstest]
fn a_score_that_may_not_say_its_chances_shows_what_that_rests_on(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    turned(&world);
    let mark = world.as_("mark");
    let page = mark.get("/outcomes/scores");
    page.ok()
        .says("does not come true on the newer 100 as a percentage: it says no more than the share won of all")
        .says("in 2 of 2 tenths with 30 leads or more it does not come true")
        .says("Whether its chances come true What it says must lie in the 99.8 % interval of what came")
        .says("Does not come true");
    let file = mark.get("/outcomes/scores?format=csv");
    let mut reader = csv::Reader::from_reader(file.ok().body.as_bytes());
    let rows = reader.deserialize().map(|row| row.expect("a row"));
    let rows: Vec<HashMap<String, String>> = rows.collect();
    let tenths: Vec<_> = rows.iter().filter(|row| row["table"] == "tenth").collect();
    assert_eq!(tenths.len(), 2);
    for tenth in tenths {
        let number = |name: &str| tenth[name].parse::<f64>().expect("a number");
        assert_eq!((number("n"), tenth["verdict"].as_str()), (50.0, "does_not"));
        let is_within =
            number("limit_low") <= number("value") && number("value") <= number("limit_high");
        assert!(!is_within, "{tenth:?}");
        assert!(number("from") <= number("value") && number("value") <= number("to"));
    }
    // Each of its figures is explained: how many, what was said on average, and what was won.
    let found = open_figures(
        &mark,
        "/outcomes/scores",
        &["/outcomes/explain?figure=fitted-tenth-"],
    );
    assert_eq!(found, 6);
    mark.get("/outcomes/explain?figure=fitted-tenth-4-says")
        .is(200);
    for wrong in [
        "fitted-tenth-9-won",
        "fitted-tenth-x-n",
        "fitted-tenth-4-smiles",
    ] {
        mark.get(&format!("/outcomes/explain?figure={wrong}"))
            .is(404);
    }
}

#[rstest]
fn what_a_score_says_of_its_rows_and_bands_is_explained(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    busy(&world);
    let mark = world.as_("mark");
    let bands = open_figures(
        &mark,
        "/outcomes/scores",
        &["/outcomes/explain?figure=score-"],
    );
    assert_eq!(bands, 10 * 6 + 3);
    let links = mark.get("/outcomes/scores").links();
    let says = links.iter().filter(|link| link.contains("-says"));
    assert!(says.clone().count() > 10, "{links:?}");
    mark.get("/outcomes/explain?figure=score-7-says")
        .ok()
        .says("Score 70 to 79: the mean")
        .says("Counted: its score is in this band");
}

/// The rows of the file that say how a fitted score orders: name and how many.
fn ordered(world: &World) -> Vec<(String, String)> {
    let file = world.as_("mark").get("/outcomes/scores?format=csv");
    let mut reader = csv::Reader::from_reader(file.ok().body.as_bytes());
    let rows = reader.deserialize().map(|row| row.expect("a row"));
    let rows: Vec<HashMap<String, String>> = rows.collect();
    let rows = rows.iter().filter(|row| row["table"] == "chance");
    rows.map(|row| (row["name"].clone(), row["n"].clone()))
        .collect()
}

fn row(name: &str, n: &str) -> (String, String) {
    (name.to_owned(), n.to_owned())
}

#[rstest]
fn leads_with_the_same_chance_are_in_the_same_row(#[values(Sqlite, Postgres)] database: Database) {
    let two = World::new(database);
    turned(&two);
    assert_eq!(ordered(&two), [row("High", "50"), row("Low", "50")]);
    // All of one source, and every other one won: there is one chance, and nothing to order by.
    let one = World::new(database);
    let mut leads = "external_id,name,created_at,source\n".to_owned();
    let mut events = "lead_external_id,at,event\n".to_owned();
    for at in 0..400 {
        let (hour, minute) = (9 + at / 60, at % 60);
        leads += &format!("l{at},L,2026-03-04T{hour:02}:{minute:02}:00Z,web\n");
        let event = if at % 2 == 0 { "won" } else { "lost" };
        events += &format!("l{at},2026-03-06T09:00:00Z,{event}\n");
    }
    import(&one, &[("leads.csv", &leads), ("lead_events.csv", &events)]);
    one.at("2026-04-30T12:00:00Z");
    assert_eq!(ordered(&one), [row("Medium", "100")]);
    one.as_("mark")
        .get("/outcomes/explain?figure=fitted-0-n")
        .ok()
        .says("Leads with a fitted chance: medium");
}
