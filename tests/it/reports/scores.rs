//! Stories of the score beside what came of it, as a file.

use super::explained::busy;
use super::followup;
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
