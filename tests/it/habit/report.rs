//! The report's faces: page, CSV and command line say the same.

use super::*;
use crate::reports::explained::value_of;
use rstest::rstest;
use touchline::people;

const LATER: &str = "2026-03-12T09:00:00Z";

fn lively(database: Database) -> World {
    let world = World::new(database);
    target(&world, "activities,2,day,,North,2026-02-02");
    target(&world, "leads_reached,1,week,ana@example.com,,2026-02-02");
    target(&world, "score,6,day,ben@example.com,,2026-02-16");
    for (name, day, days, count) in [
        ("ana", "2026-02-02", 19, 2),
        ("ben", "2026-02-09", 9, 3),
        ("max", "2026-02-20", 4, 1),
        ("sue", "2026-02-20", 4, 1),
    ] {
        calls_daily(&world, name, day, days, count);
    }
    away(&world, "ana", "2026-02-18", "2026-02-18", "morning");
    world.at(LATER);
    world
}

#[rstest]
fn both_databases_print_the_same_bytes() {
    let worlds = [Sqlite, Postgres].map(lively);
    for by in By::ALL {
        for (from, to) in [("", ""), ("2026-02-09", "2026-03-01")] {
            let filters = Filters {
                by: *by,
                ..filters(from, to, LATER)
            };
            let [first, second] = [&worlds[0], &worlds[1]].map(|world| {
                let report = made(world, &filters);
                let json = serde_json::to_string(&report).expect("JSON");
                [json, report.csv().expect("CSV"), report.text()].concat()
            });
            assert_eq!(first, second);
        }
    }
}

#[rstest]
fn the_page_and_its_csv_have_the_figures_of_the_report(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = lively(database);
    for by in By::ALL {
        let of_north = Filters {
            by: *by,
            teams: Some(vec![world.team("North")]),
            ..filters("2026-02-09", "2026-03-01", LATER)
        };
        let report = made(&world, &of_north);
        let address = format!("/habits?from=2026-02-09&to=2026-03-01&by={by}");
        let max = world.as_("max");
        let csv = max.get(&format!("{address}&format=csv"));
        // Of people the file has what the page says beside the report: their course, and how much they improved.
        let more = match by {
            By::Person => "course,improvement",
            By::Team => "",
        };
        let of_report = report.csv().expect("CSV");
        let lines = csv.ok().body.lines().zip(of_report.lines());
        for (at, (line, of_report)) in lines.enumerate() {
            assert!(line.starts_with(of_report), "{line} beside {of_report}");
            let rest = line.trim_start_matches(of_report).trim_start_matches(',');
            if at == 0 {
                assert_eq!(rest, more);
            }
        }
        assert_eq!(csv.body.lines().count(), of_report.lines().count());
        let page = max.get(&address);
        for row in &report.rows {
            let strength = row.strength.map(touchline::page::whole_percent);
            let strength = strength.unwrap_or("\u{2013}".to_owned());
            page.says(&strength.replace('\u{a0}', " "));
        }
    }
}

#[rstest]
fn every_row_has_the_keys_that_were_promised(#[values(Sqlite, Postgres)] database: Database) {
    let world = lively(database);
    let row = habit_of(&world, "ana", "", "", LATER);
    let keys: Vec<&str> = row
        .as_object()
        .expect("a row")
        .keys()
        .map(String::as_str)
        .collect();
    let wanted = [
        "email",
        "name",
        "team",
        "expected",
        "hit",
        "missed",
        "neutral",
        "strength",
        "streak",
        "best",
        "freezes",
        "consistency_hit",
        "consistency_of",
        "consistency_partial",
        "weeks",
    ];
    let sorted = |keys: &[&str]| {
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        keys.join(" ")
    };
    assert_eq!(sorted(&keys), sorted(&wanted));
    let mut weeks: Vec<&String> = row["weeks"].as_object().expect("weeks").keys().collect();
    weeks.sort();
    assert_eq!(weeks, ["best", "streak", "strength"]);
    assert!(habit_of(&world, "ben", "", "", LATER)["weeks"].is_null());
}

#[rstest]
fn a_wrong_period_says_so(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let page = world
        .as_("max")
        .get("/habits?from=2026-03-05&to=2026-03-01");
    page.is(422).says("must not be after the last");
    world.as_("max").get("/habits?from=soon").is(422);
}

/// A lead reached on two days of a week counts once in it.
#[rstest]
fn a_lead_reached_twice_in_a_week_is_one_lead_of_the_week(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    target(&world, "leads_reached,2,week,ana@example.com,,2026-03-02");
    let lead = world.lead("Acme", "ana");
    for at in ["2026-03-04T10:00:00Z", "2026-03-05T10:00:00Z"] {
        world.at(at);
        world.log("ana", "Call", "Interested", Some(&lead));
    }
    let streak = |as_of| habit_of(&world, "ana", "", "", as_of)["weeks"]["streak"].clone();
    let missed = habit_of(&world, "ana", "", "", LATER);
    assert_eq!(missed["weeks"]["streak"], 0);
    let other = world.lead("Birch", "ana");
    world.log("ana", "Call", "Interested", Some(&other));
    assert_eq!(streak(LATER), 1);
}

#[rstest]
fn who_is_in_no_team_has_a_row_beside_the_teams_with_the_same_figures(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = lively(database);
    let people = "email,name,role\nlone@example.com,Lone Wolf,rep".to_owned();
    let (header, row) = people.split_once('\n').expect("two lines");
    import(&world, "people.csv", header, &[row.to_owned()]);
    target(&world, "activities,10,week,lone@example.com,,2026-02-02");
    calls_daily(&world, "lone", "2026-02-02", 12, 3);
    let alone = habit_of(&world, "lone", "2026-02-02", "2026-03-01", LATER);
    let by_team = Filters {
        by: By::Team,
        ..filters("2026-02-02", "2026-03-01", LATER)
    };
    let report = serde_json::to_value(made(&world, &by_team)).expect("JSON");
    let rows = report["rows"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["name"] == "");
    let row = row.unwrap_or_else(|| panic!("no row of those without a team: {report:#}"));
    assert_eq!(counts(row), counts(&alone));
    assert!(alone["weeks"]["strength"].is_number(), "{alone:#}");
    assert_eq!(row["weeks"]["strength"], alone["weeks"]["strength"]);
    assert_eq!(row["consistency_partial"], alone["consistency_partial"]);
}

/// Ben leaves North for South on Thursday.
fn with_a_mover(database: Database) -> World {
    let world = World::new(database);
    target(&world, "activities,1,day,,North,2026-02-23");
    target(&world, "activities,1,day,,South,2026-02-23");
    calls_daily(&world, "ana", "2026-03-02", 3, 1);
    calls_daily(&world, "ben", "2026-03-02", 5, 1);
    let (ben, south) = (world.person("ben").id, world.team("South"));
    world.write(|tx| people::join(tx, ben, south, date("2026-03-05"), true));
    world.at("2026-03-09T09:00:00Z");
    world
}

#[rstest]
fn a_teams_row_is_the_same_for_its_manager_and_for_an_admin_also_when_somebody_moved_away(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = with_a_mover(database);
    let address = "/habits?from=2026-03-02&to=2026-03-06&by=team&format=csv";
    let row = |name: &str, team: &str| {
        let file = world.as_(name).get(address).ok().body.clone();
        let start = format!(",{team},{team},");
        let row = file.lines().find(|line| line.starts_with(&start));
        row.unwrap_or_else(|| panic!("{name} has no row of {team}: {file}"))
            .to_owned()
    };
    for (name, team) in [("max", "North"), ("mia", "South")] {
        assert_eq!(row(name, team), row("ada", team), "{team}");
    }
    // Max and Ana five days each, and Ben three.
    assert!(row("max", "North").starts_with(",North,North,13,6,7,0,"));
    assert!(row("mia", "South").starts_with(",South,South,12,2,10,0,"));
}

#[rstest]
fn the_days_that_members_spent_in_a_team_add_up_to_its_figure(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = with_a_mover(database);
    for (name, team, figures) in [
        ("max", "North", [("hit", 6), ("missed", 7)]),
        ("mia", "South", [("hit", 2), ("missed", 10)]),
    ] {
        for (figure, wanted) in figures {
            let days = "from=2026-03-02&to=2026-03-06";
            let team = world.team(team);
            let address = format!("/habit/explain?figure={figure}&team={team}&{days}");
            let client = world.as_(name);
            assert_eq!(value_of(client.get(&address).ok()), wanted.to_string());
            let file = client
                .get(&format!("{address}&format=csv"))
                .ok()
                .body
                .clone();
            let mut reader = csv::Reader::from_reader(file.as_bytes());
            let rows = reader.records().map(|row| row.expect("a row"));
            let own = rows.filter(|row| &row[0] == "Counted");
            let own = own.map(|row| row[5].parse::<u32>().expect("days"));
            assert_eq!(own.sum::<u32>(), wanted, "{file}");
        }
    }
    // How he stands is told to those who lead him now.
    let strength = format!(
        "/habit/explain?figure=strength&team={}",
        world.team("North")
    );
    let page = world.as_("max").get(&strength);
    page.ok()
        .says("Left out: in another team on the last day (1 row)");
    assert!(page.has("Counted: a member (2 rows)"));
}

#[rstest]
fn the_command_says_of_people_what_the_page_says_of_their_last_weeks(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = lively(database);
    let days = ["--from", "2026-02-09", "--to", "2026-03-01"];
    let ask = |more: &[&str]| {
        let as_of = ["--as-of", LATER];
        let args = [&["report", "habits"], &days[..], &as_of, more].concat();
        let (code, printed, said) = world.home().run(&args);
        assert_eq!(code, Some(0), "{said}");
        printed.replace('\u{a0}', " ")
    };
    let address = "/habits?from=2026-02-09&to=2026-03-01&by=person";
    let ada = world.as_("ada");
    let file = ada.get(&format!("{address}&format=csv"));
    assert_eq!(file.ok().body.trim(), ask(&["--format", "csv"]).trim());
    assert!(file.body.contains(",course,improvement"), "{}", file.body);
    let json: Value = serde_json::from_str(&ask(&["--format", "json"])).expect("JSON");
    let rows = json["rows"].as_array().expect("rows").iter();
    let courses: Vec<_> = rows.map(|row| (&row["name"], &row["course"])).collect();
    assert!(
        courses.iter().any(|(_, course)| course.is_string()),
        "{courses:?}"
    );
    let (page, table) = (ada.get(address), ask(&["--format", "table"]));
    assert!(
        table.contains("Course") && table.contains("Since eight weeks"),
        "{table}"
    );
    for (name, course) in courses {
        let name = name.as_str().expect("a name");
        let line = table.lines().find(|line| line.starts_with(name));
        let line = line.unwrap_or_else(|| panic!("no {name} in {table}"));
        let label = match course.as_str() {
            Some("on_track") => "On track",
            Some("wavers") => "One week slipped",
            Some("slipped") => "Two weeks slipped",
            Some("new") => "No whole week yet",
            _ => "Not in a team",
        };
        assert!(line.contains(label), "{name}: {line}");
        page.says(label);
    }
    // Teams have none.
    assert!(!ask(&["--by", "team", "--format", "csv"]).contains("course"));
    assert!(!ask(&["--by", "team"]).contains("Since eight weeks"));
}
