//! Stories of the report's faces: page, CSV and command line say the same, to whom they may.

use super::followup::{self, LIVELY};
use super::{group, import};
use crate::world::{Database, Database::*, World};
use rstest::rstest;
use serde_json::Value;
use std::process::{Command, Output};
use touchline::config::DatabaseUrl;
use touchline::followup::{Awaited, Filters, WhichClock, tables};
use touchline::leads::cohort::Grouping;
use touchline::outcomes;

fn touchline(world: &World, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_touchline"));
    match &world.app().config.database_url {
        DatabaseUrl::Sqlite(path) => command.env("TOUCHLINE_DATABASE_URL", path),
        DatabaseUrl::Postgres(url) => command.env("TOUCHLINE_DATABASE_URL", url),
    };
    command.args(arguments.split(' ')).output().expect("to run")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

#[rstest]
fn standard_output_carries_the_report_and_nothing_else(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::empty(database);
    for name in ["follow-up-speed", "outcomes", "leaderboard", "habits"] {
        let out = touchline(&world, &format!("report {name} --format json"));
        assert!(out.status.success(), "{out:?}");
        let report: Value = serde_json::from_slice(&out.stdout).expect("JSON");
        assert_eq!(report["report"], name);
        let said = text(&out.stderr);
        assert!(said.contains("UTC, Monday to Friday 09:00-17:00"), "{said}");
    }
    for view in [
        "follow-up-speed --view legs",
        "follow-up-speed --view persistence",
        "outcomes --view quality",
        "outcomes --view reasons",
        "outcomes --view value",
        "outcomes --view scores",
        "outcomes --view content",
    ] {
        let [json, table, csv] = ["json", "table", "csv"].map(|format| {
            let out = touchline(&world, &format!("report {view} --format {format}"));
            assert!(out.status.success(), "{out:?}");
            text(&out.stdout).to_owned()
        });
        assert!(serde_json::from_str::<Value>(&json).is_ok(), "{json}");
        assert!(!table.is_empty() && !csv.is_empty(), "{view}");
    }
}

#[rstest]
#[case("follow-up-speed --by colour", "source, campaign, asset, urgency")]
#[case("outcomes --by team", "source, campaign, asset, owner, week")]
#[case("follow-up-speed --clock sun", "calendar, working")]
#[case("outcomes --view value --by owner", "source, campaign, asset")]
#[case("outcomes --view speed --by source", "all leads at once")]
#[case(
    "follow-up-speed --view legs --from 2026-03-01 --to 2026-03-02 --compare-before",
    "--view speed"
)]
#[case("follow-up-speed --event win", "attempt, contact")]
#[case("follow-up-speed --limit soon", "a number of seconds")]
#[case("follow-up-speed --as-of 2026-03-04", "2026-03-31T12:00:00Z")]
#[case("outcomes --from 2026-02-30", "a day such as")]
#[case(
    "outcomes --from 2026-03-02 --to 2026-03-01",
    "--from must not be after --to"
)]
#[case("habits --by colour", "person, team")]
#[case(
    "habits --from 2026-03-02 --to 2026-03-01",
    "the first day must not be after the last"
)]
#[case("leaderboard --metric smiles", "activities, reached, leads_reached")]
#[case("leaderboard --metric kind:Dance", "Call, E-mail")]
#[case("outcomes --colour red", "--help")]
fn a_wrong_filter_says_in_one_line_what_is_allowed(#[case] filters: &str, #[case] allowed: &str) {
    let world = World::new(Sqlite);
    let out = touchline(&world, &format!("report {filters}"));
    assert_eq!(out.status.code(), Some(2), "{out:?}");
    assert_eq!(text(&out.stdout), "");
    let said = text(&out.stderr);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains(allowed), "{said}");
}

#[rstest]
fn both_databases_print_the_same_bytes() {
    let worlds = [Sqlite, Postgres].map(World::new);
    for world in &worlds {
        import(world, LIVELY);
    }
    let same = |print: &dyn Fn(&World) -> String| {
        let [first, second] = [&worlds[0], &worlds[1]].map(print);
        assert_eq!(first, second);
    };
    for by in Grouping::ALL.iter().copied().map(Some).chain([None]) {
        for (clock, event) in [
            (WhichClock::Calendar, Awaited::Attempt),
            (WhichClock::Working, Awaited::Contact),
        ] {
            let filters = Filters {
                by,
                clock,
                event,
                ..followup::filters()
            };
            same(&|world| {
                let report = world.read(|conn| touchline::followup::report(conn, &filters, None));
                let json = serde_json::to_string(&report).expect("JSON");
                [
                    json,
                    tables::csv(&report).expect("CSV"),
                    tables::text(&report),
                ]
                .concat()
            });
        }
        let filters = outcomes::Filters {
            cohort: followup::filters().cohort,
            by,
            only: None,
        };
        same(&|world| {
            let report = world.read(|conn| outcomes::report(conn, &filters, None));
            let json = serde_json::to_string(&report).expect("JSON");
            [json, outcomes::tables::csv(&report).expect("CSV")].concat()
        });
    }
}

/// The row of a group in a CSV file, by column.
fn csv_row(csv: &str, name: &str) -> Vec<(String, String)> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let mut rows = reader.records().map(|row| row.expect("a row"));
    let row = rows.find(|row| &row[0] == name).expect("the group");
    let cells = header.iter().zip(row.iter());
    cells.map(|(c, v)| (c.to_owned(), v.to_owned())).collect()
}

#[rstest]
fn page_and_file_carry_the_printed_figures(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    import(&world, LIVELY);
    world.at("2026-03-20T12:00:00Z");
    let mark = world.as_("mark");
    let filters = Filters {
        by: Some(Grouping::Source),
        ..followup::filters()
    };
    let printed = followup::report(&world, &filters);
    let file = mark.get("/follow-up?by=source&format=csv");
    let row = csv_row(&file.ok().body, "web");
    let web = group(&printed, "web");
    for (column, value) in [
        ("n", &web["n"]),
        ("median_s", &web["median_s"]),
        ("event_3600", &web["within"][3]["event"]),
        ("km_low_86400", &web["within"][6]["km_low"]),
        ("attained", &web["service_level"]["attained"]),
    ] {
        let cell = row.iter().find(|(name, _)| name == column).expect("it");
        assert_eq!(cell.1.parse::<f64>().ok(), value.as_f64(), "{column}");
    }
    // A name that a spreadsheet would run is made safe, and only there.
    csv_row(&file.body, "'=sum");
    mark.get("/follow-up?by=source")
        .ok()
        .says("Of 6 leads, 1 were attempted within an hour")
        .says("1 is still waiting, for 14 d 3 h.")
        .says("(none)")
        .says("=sum")
        .says("Never: closed before")
        .says("Warming up");
    mark.get("/outcomes?by=source")
        .ok()
        .says("Won Warming up 3 of 6")
        .says("EUR 10.8")
        .says("(none)");
}

#[rstest]
fn a_manager_sees_the_leads_of_their_teams_and_those_that_wait_for_an_owner(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    import(&world, LIVELY);
    world.at("2026-03-20T12:00:00Z");
    let n = |name: &str, path: &str| {
        let file = world.as_(name).get(path);
        csv_row(&file.ok().body, "all")[1].1.clone()
    };
    for path in ["/follow-up?format=csv", "/outcomes?format=csv"] {
        assert_eq!(n("ada", path), "6");
        assert_eq!(n("mark", path), "6");
        // a (Kim of North), b twice and c (Ana), and d, which nobody owns.
        assert_eq!(n("max", path), "5", "{path}");
        // e (Sue), and d.
        assert_eq!(n("mia", path), "2", "{path}");
    }
    world.as_("ana").get("/follow-up").is(403);
}

#[rstest]
fn a_wrong_day_gives_the_page_back_with_what_to_mend(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let mark = world.as_("mark");
    for path in ["/follow-up", "/outcomes"] {
        for query in [
            "from=2026-02-30",
            "by=colour",
            "from=2026-03-02&to=2026-03-01",
        ] {
            let page = mark.get(&format!("{path}?{query}&format=csv"));
            page.is(422).says("Please check what you entered");
        }
        mark.get(path)
            .ok()
            .says("No lead was handed over in these days");
    }
}

#[rstest]
fn a_share_that_can_still_grow_says_so(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world.lead("Acme", "ana");
    let mark = world.as_("mark");
    mark.get("/follow-up")
        .ok()
        .says("Of 1 lead, 0 so far were attempted within an hour");
    world.at("2026-03-05T10:00:00Z");
    mark.get("/follow-up")
        .ok()
        .says("Of 1 lead, 0 were attempted within an hour");
}

#[rstest]
fn two_origins_at_once_are_refused_and_one_is_named_wherever_it_narrows(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let leads = "external_id,name,created_at,source,campaign\n\
                 a,A,2026-03-04T09:00:00Z,Partner,Spring\n\
                 b,B,2026-03-04T09:00:00Z,Web,Spring\n";
    import(&world, &[("leads.csv", leads)]);
    world.at("2026-03-20T12:00:00Z");
    let mark = world.as_("mark");
    for face in [
        "", "/quality", "/reasons", "/value", "/scores", "/content", "/speed",
    ] {
        for query in ["source=1&campaign=2", "source=1&campaign=2&format=csv"] {
            mark.get(&format!("/outcomes{face}?{query}"))
                .is(422)
                .says("narrowed to one source or to one campaign, and not to both");
        }
    }
    mark.get("/outcomes/explain?figure=won&source=1&campaign=2")
        .is(404);
    let links = mark.get("/outcomes?by=source").links();
    let narrowed = links.iter().filter(|link| {
        link.starts_with("/outcomes?") && link.contains("by=week") && link.contains("source=")
    });
    let narrowed: Vec<&String> = narrowed.collect();
    assert_eq!(narrowed.len(), 2, "{links:?}");
    mark.get(narrowed[0]).ok().says("Only the source Partner");
    // Where it is narrowed to a source, no way leads on to a campaign as well.
    let by_campaign = narrowed[0].replace("by=week", "by=campaign");
    let links = mark.get(&by_campaign).ok().links();
    let is_refused = |link: &&String| link.contains("source=") && link.contains("campaign=");
    assert_eq!(links.iter().find(is_refused), None);
    let explained = narrowed[0].replace("/outcomes?", "/outcomes/explain?figure=won&");
    mark.get(&explained).ok().says("only the source Partner");
}
