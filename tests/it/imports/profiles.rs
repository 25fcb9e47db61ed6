//! What a lead's company is like, and its score, by import.

use super::{counts, handovers, import, imported, lead, problems};
use crate::lead_score::{rules, set_rules};
use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::World;
use rstest::rstest;
use touchline::leads::{profile, score};
use touchline::rules::profile::Profile;

const LEAD: &str =
    "external_id,name,created_at,state,score,country,region,post_code,employees,segment\n";

fn take(world: &World, rows: &str) -> Vec<(u64, u64, u64, usize)> {
    counts(&imported(world, &[("leads.csv", &format!("{LEAD}{rows}"))]))
}

fn profile_of(world: &World, external_id: &str) -> Profile {
    let id = lead(world, external_id).id;
    world.read(|conn| profile::store::of_lead(conn, id))
}

const ONE: &str = "L1,One,2026-03-02T08:00:00Z,,71.5,Germany,Berlin,10115,250,Industry\n";

#[rstest]
fn a_company_comes_in_with_its_lead_and_again_changes_nothing(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let two = "L2,Two,2026-03-02T08:00:00Z,nurture,,,,,,\n";
    assert_eq!(take(&world, &format!("{ONE}{two}")), [(2, 0, 0, 0)]);
    let known = Profile {
        country: "Germany".to_owned(),
        region: "Berlin".to_owned(),
        post_code: "10115".to_owned(),
        employees: Some(250),
        segment: "Industry".to_owned(),
    };
    assert_eq!(profile_of(&world, "L1"), known);
    assert!(profile_of(&world, "L2").is_empty());
    assert_eq!(take(&world, &format!("{ONE}{two}")), [(0, 0, 2, 0)]);
    assert_eq!(profile_of(&world, "L1"), known);
}

#[rstest]
fn a_changed_company_replaces_the_old_one_and_an_empty_one_removes_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    take(&world, ONE);
    let moved = ONE.replace("Berlin,10115,250", "Bavaria,80331,260");
    assert_eq!(take(&world, &moved), [(0, 1, 0, 0)]);
    let now = profile_of(&world, "L1");
    assert_eq!((now.region.as_str(), now.employees), ("Bavaria", Some(260)));
    let gone = "L1,One,2026-03-02T08:00:00Z,,71.5,,,,,\n";
    assert_eq!(take(&world, gone), [(0, 1, 0, 0)]);
    assert!(profile_of(&world, "L1").is_empty());
}

#[rstest]
fn a_number_of_employees_that_is_none_is_named(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    for wrong in ["many", "-5", "1.5", "3000000000"] {
        let rows = format!("{LEAD}{}", ONE.replace("250", wrong));
        let report = import(&world, &[("leads.csv", &rows)]);
        assert!(!report.is_written);
        let problems = problems(&report.files[0]).join("\n");
        for part in ["line 2", "employees", wrong, "a whole number of people"] {
            assert!(problems.contains(part), "{part}: {problems}");
        }
    }
}

#[rstest]
fn a_file_gives_a_score_and_the_rules_come_first_but_history_stays(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    take(&world, ONE);
    assert_eq!(lead(&world, "L1").score, Some(71.5));
    set_rules(&world, 50.0);
    let three = "L3,Three,2026-03-02T08:00:00Z,,12,Germany,,,,\n";
    let four = "L4,Four,2026-03-02T08:00:00Z,,12,Spain,,,,\n";
    take(&world, &format!("{three}{four}"));
    let scores = ["L1", "L3", "L4"].map(|id| {
        let lead = lead(&world, id);
        (lead.score, lead.given_score)
    });
    assert_eq!(
        scores,
        [
            (Some(30.0), Some(71.5)),
            (Some(30.0), Some(12.0)),
            (Some(12.0), Some(12.0))
        ]
    );
    // A hand-over of the past was promised with the score of the file.
    assert_eq!(handovers(&world, "L3")[0].score, Some(12.0));
    let moved = four.replace("Spain", "Germany");
    take(&world, &moved);
    assert_eq!(lead(&world, "L4").score, Some(30.0));
    assert_eq!(take(&world, &moved), [(0, 0, 1, 0)]);
    let mut wanted = rules(50.0);
    wanted.fit.remove(0);
    world.write_as("max", |tx| {
        score::save(tx, &wanted, "Germany counts no more", 1)
    });
    assert_eq!(
        lead(&world, "L1").score,
        Some(71.5),
        "what was given holds again"
    );
}
