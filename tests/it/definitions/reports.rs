//! Stories of reports under a version.

use super::agree;
use crate::world::{Database, Database::*, World};
use rstest::rstest;
use std::process::{Command, Output};
use touchline::config::DatabaseUrl;
use touchline::rules::level::Limit;

/// One lead under version 1 that was tried after an hour, and one under version 2, which promises half an hour.
fn told(database: Database) -> World {
    let world = World::new(database);
    let before = world.lead("Before", "ana");
    world.at("2026-03-04T10:00:00Z");
    world.log("ana", "Call", "Interested", Some(&before));
    agree(&world, |content| {
        for level in &mut content.levels {
            level.promise.first_attempt_by = Limit::read("30 min").expect("a limit");
        }
    });
    let after = world.lead("After", "ana");
    world.at("2026-03-04T11:00:00Z");
    world.log("ana", "Call", "No answer", Some(&after));
    world.at("2026-03-04T12:00:00Z");
    world
}

#[rstest]
fn a_page_says_under_which_versions_and_shows_those_of_one(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = told(database);
    let mark = world.as_("mark");
    let all = mark.get("/follow-up");
    all.ok()
        .says("Of 2 leads")
        .says("Made under version 1 and version 2 of the definitions.")
        .says("1 of 2 attempted in time");
    assert!(all.links().contains(&"/definitions/2".to_owned()));
    let of = |number| mark.get(&format!("/follow-up?definition={number}"));
    of(1)
        .says("Of 1 lead")
        .says("Made under version 1 of")
        .says("1 of 1 attempted in time");
    of(2).says("0 of 1 attempted in time");
    of(7).says("No lead was handed over");
    mark.get("/follow-up?definition=x")
        .is(422)
        .says("Enter a version from the list.");
    let outcomes = mark.get("/outcomes?definition=1&by=source");
    outcomes.ok().says("Made under version 1 of").says("Won");
    let file = |path: &str| mark.get(path).ok().body.clone();
    for (path, both, one) in [
        ("/follow-up?format=csv", "all,2,", "all,1,"),
        ("/outcomes?format=csv", "all,2,", "all,1,"),
        ("/service-levels?format=csv", "all,2,", "all,1,"),
    ] {
        assert!(file(path).contains(both), "{path}");
        assert!(
            file(&format!("{path}&definition=2")).contains(one),
            "{path}"
        );
    }
    // The filter stays when the days change, and the file is that of the page.
    let links = of(1).links();
    assert!(
        links
            .iter()
            .any(|l| l.contains("from=2026") && l.contains("definition=1"))
    );
    assert!(
        links
            .iter()
            .any(|l| l.contains("format=csv") && l.contains("definition=1"))
    );
}

#[rstest]
fn a_workspace_with_one_version_is_asked_nothing(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world.lead("Acme", "ana");
    for path in ["/follow-up", "/outcomes", "/service-levels"] {
        let page = world.as_("max").get(path);
        page.ok().says("Made under version 1 of the definitions.");
        assert_eq!(page.field("definition"), None, "{path}");
    }
}

fn printed(world: &World, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_touchline"));
    match &world.app().config.database_url {
        DatabaseUrl::Sqlite(path) => command.env("TOUCHLINE_DATABASE_URL", path),
        DatabaseUrl::Postgres(url) => command.env("TOUCHLINE_DATABASE_URL", url),
    };
    command.args(arguments.split(' ')).output().expect("to run")
}

#[rstest]
fn a_command_prints_the_hand_overs_of_one_version(#[values(Sqlite, Postgres)] database: Database) {
    let world = told(database);
    for report in ["follow-up-speed", "outcomes"] {
        let json = |more: &str| {
            let as_of = "--as-of 2026-03-04T12:00:00Z --format json";
            let out = printed(&world, &format!("report {report} {as_of}{more}"));
            assert!(out.status.success(), "{out:?}");
            serde_json::from_slice::<serde_json::Value>(&out.stdout).expect("JSON")
        };
        assert_eq!(json("")["groups"][0]["n"], 2);
        assert!(json("").get("definition").is_none());
        let one = json(" --definition 2");
        assert_eq!(one["groups"][0]["n"], 1);
        assert_eq!(one["definition"], 2);
        let out = printed(&world, &format!("report {report} --definition 3"));
        assert_eq!(out.status.code(), Some(2), "{out:?}");
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(
            said.contains("a version that is or was in force: 1, 2"),
            "{said}"
        );
    }
}
