//! What is said of differences opens what it rests on, and stands in the file.

use super::explained::open_figures;
use super::followup::{filters, report};
use super::import;
use crate::world::{Database, Database::*, Page, World};
use rstest::rstest;
use std::collections::HashMap;
use touchline::followup::Filters;
use touchline::leads::cohort::Grouping;

fn rows(file: &Page) -> HashMap<String, HashMap<String, String>> {
    let mut reader = csv::Reader::from_reader(file.ok().body.as_bytes());
    let rows = reader.deserialize::<HashMap<String, String>>();
    let rows = rows.map(|row| row.expect("a row"));
    rows.map(|row| (row["group"].clone(), row)).collect()
}

/// Twelve leads each of web, fair and list, and three of none, all of Ana and Ben in turn: those of the web are tried within
/// minutes, the others on the next day.
fn three_sources(world: &World) {
    let mut leads = "external_id,name,created_at,source,owner_email\n".to_owned();
    let mut calls =
        "external_id,person_email,kind,outcome,happened_at,lead_external_id\n".to_owned();
    for (source, count, day) in [("web", 12, 4), ("fair", 12, 5), ("list", 12, 5), ("", 3, 5)] {
        for at in 0..count {
            let (id, owner) = (format!("{source}{at}"), ["ana", "ben"][at % 2]);
            leads += &format!("{id},L{id},2026-03-04T09:00:00Z,{source},{owner}@example.com\n");
            calls += &format!(
                "c{id},{owner}@example.com,Call,No answer,2026-03-{day:02}T09:{:02}:00Z,{id}\n",
                at + 1
            );
        }
    }
    import(world, &[("leads.csv", &leads), ("activities.csv", &calls)]);
    world.at("2026-03-20T12:00:00Z");
}

const BY_SOURCE: &str = "/follow-up?by=source";

#[rstest]
fn a_difference_between_groups_opens_the_leads_of_each_and_those_left_out(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    three_sources(&world);
    let mark = world.as_("mark");
    mark.get(BY_SOURCE)
        .ok()
        .says("The 3 groups of 10 leads or more differ by more than chance would explain (p < 0.001).")
        .says("Web leads are attempted faster than fair and list leads");
    let places = ["compared", "faster-"];
    let places = places.map(|word| format!("/follow-up/explain?figure={word}"));
    let places = places.each_ref().map(String::as_str);
    assert_eq!(open_figures(&mark, BY_SOURCE, &places), 2);
    mark.get("/follow-up/explain?figure=compared&by=source")
        .ok()
        .says("Difference between groups")
        .says("log-rank")
        .says("3 groups of 36 leads: chi-squared")
        .says("degrees of freedom 2, p < 0.001; fair: 12 attempted,")
        .says("grouped by source")
        .says("Counted: of web (12 rows)")
        .says("Counted: of fair (12 rows)")
        .says("web: attempted after 1 min")
        .says("Left out: of a group with fewer than 10 leads: warming up (3 rows)")
        .says("(none): attempted after");
    mark.get("/follow-up/explain?figure=faster-web&by=source")
        .ok()
        .says("Faster than others: web")
        .says("after Holm")
        .says("beside fair p < 0.001; beside list p < 0.001; corrected for all pairs")
        .says("Counted: of web, which is faster (12 rows)")
        .says("Counted: of list, which is slower (12 rows)")
        .says("Left out: of a group with fewer than 10 leads: warming up (3 rows)");
}

#[rstest]
fn a_file_says_of_each_group_whether_it_was_tested_and_than_whom_it_is_faster(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    three_sources(&world);
    let file = rows(&world.as_("mark").get("/follow-up?by=source&format=csv"));
    let asked = Filters {
        by: Some(Grouping::Source),
        ..filters()
    };
    let printed = report(&world, &asked)["comparison"]["groups"].clone();
    let p = |group: &str, column: &str| file[group][column].parse::<f64>().ok();
    for name in ["web", "fair", "list"] {
        assert_eq!(p(name, "group_p"), printed["p"].as_f64(), "{name}");
    }
    assert_eq!(file[""]["group_p"], "");
    let slower = ["web", "fair", "list", ""].map(|name| file[name]["faster_than"].as_str());
    assert!(
        slower[1..].iter().all(|names| names.is_empty()),
        "{slower:?}"
    );
    let mut names: Vec<&str> = slower[0].split("; ").collect();
    names.sort_unstable();
    assert_eq!(names, ["fair", "list"]);
    let pairs = printed["pairs"].as_array().expect("pairs").iter();
    let largest = pairs.map(|pair| pair["p"].as_f64().expect("p"));
    assert_eq!(p("web", "faster_p"), largest.reduce(f64::max));
    assert_eq!(p("fair", "faster_p"), None);
    // Without groups nothing is tested, and the columns are there all the same.
    let all = rows(&world.as_("mark").get("/follow-up?format=csv"));
    let empty = ["group_p", "faster_than", "faster_p"].map(|column| all["all"][column].as_str());
    assert_eq!(empty, ["", "", ""]);
}

#[rstest]
fn people_are_compared_and_not_put_in_order_in_the_file_either(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    three_sources(&world);
    // Ben's leads of April are tried a day after Ana's.
    let mut leads = "external_id,name,created_at,owner_email\n".to_owned();
    let mut calls =
        "external_id,person_email,kind,outcome,happened_at,lead_external_id\n".to_owned();
    for at in 0..12 {
        for (owner, day) in [("ana", 1), ("ben", 2)] {
            let id = format!("{owner}{at}");
            leads += &format!("{id},L,2026-04-01T09:00:00Z,{owner}@example.com\n");
            calls += &format!(
                "c{id},{owner}@example.com,Call,No answer,2026-04-{day:02}T09:{:02}:00Z,{id}\n",
                at + 1
            );
        }
    }
    import(&world, &[("leads.csv", &leads), ("activities.csv", &calls)]);
    world.at("2026-04-20T12:00:00Z");
    let mark = world.as_("mark");
    let path = "/follow-up?from=2026-04-01&to=2026-04-01&by=owner";
    mark.get(path)
        .ok()
        .says("The 2 groups of 10 leads or more differ by more than chance would explain (p < 0.001).")
        .says("People are not put in order by their speed.")
        .says_nothing_of("faster than Ben Beck");
    let place = ["/follow-up/explain?figure=compared"];
    assert_eq!(open_figures(&mark, path, &place), 1);
    mark.get("/follow-up/explain?figure=compared&by=owner&from=2026-04-01&to=2026-04-01")
        .ok()
        .says("2 groups of 24 leads: chi-squared")
        .says_nothing_of("12 attempted,");
    for (name, row) in rows(&mark.get(&format!("{path}&format=csv"))) {
        assert!(row["group_p"].parse::<f64>().is_ok(), "{name}");
        assert_eq!(
            (row["faster_than"].as_str(), row["faster_p"].as_str()),
            ("", "")
        );
    }
    mark.get("/follow-up/explain?figure=faster-Ana+Arndt&by=owner")
        .is(404);
}

#[rstest]
fn days_that_are_compared_with_those_before_open_the_leads_of_both(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let mut leads = "external_id,name,created_at,owner_email\n".to_owned();
    let mut calls =
        "external_id,person_email,kind,outcome,happened_at,lead_external_id\n".to_owned();
    for at in 0..12 {
        leads += &format!(
            "l{at},L,2026-03-04T09:00:00Z,ana@example.com\nold{at},Old,2026-03-03T09:00:00Z,ana@example.com\n"
        );
        calls += &format!(
            "c{at},ana@example.com,Call,No answer,2026-03-04T09:{:02}:00Z,l{at}\n",
            at + 1
        );
    }
    import(&world, &[("leads.csv", &leads), ("activities.csv", &calls)]);
    world.at("2026-03-20T12:00:00Z");
    let mark = world.as_("mark");
    let query = "from=2026-03-04&to=2026-03-04&compare=before";
    let path = format!("/follow-up?{query}");
    let place = ["/follow-up/explain?figure=before"];
    assert_eq!(open_figures(&mark, &path, &place), 1);
    let explained = format!("/follow-up/explain?figure=before&{query}");
    mark.get(&explained)
        .ok()
        .says("Difference from the days before")
        .says("these days: 12 leads, 12 attempted, median")
        .says("3 Mar 2026: 12 leads, 0 attempted, median")
        .says("Counted: of these days (12 rows)")
        .says("Counted: of 3 Mar 2026 (12 rows)");
    // While the time of some is not over, they are named, and nothing is tested.
    world.at("2026-03-04T10:00:00Z");
    let contact = "&event=contact";
    assert_eq!(
        open_figures(&world.as_("mark"), &format!("{path}{contact}"), &place),
        1
    );
    world
        .as_("mark")
        .get(&format!("{explained}{contact}"))
        .ok()
        .says("nothing is concluded yet")
        .says("Left out: the time for its first contact is not over: nothing is concluded yet");
}

#[rstest]
fn what_was_not_compared_says_why_and_nobody_sees_whose_leads_are_not_theirs(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    three_sources(&world);
    let explained = "/follow-up/explain?figure=compared&by=source";
    // Ana's and Ben's leads are not those of Mia, who leads another team.
    world
        .as_("mia")
        .get(explained)
        .ok()
        .says("too few to compare")
        .says_nothing_of("Lweb1")
        .says_nothing_of("of web");
    world
        .as_("mia")
        .get("/follow-up/explain?figure=faster-web&by=source")
        .is(404);
    world.as_("ana").get(explained).is(403);
    let mark = world.as_("mark");
    for wrong in [
        "compared",
        "before",
        "before&by=source",
        "faster-fair&by=source",
        "faster-&by=source",
    ] {
        mark.get(&format!("/follow-up/explain?figure={wrong}"))
            .is(404);
    }
    let week = "/follow-up?by=week";
    mark.get(week)
        .ok()
        .says("Fewer than two groups have 10 leads: too few to compare.");
    let place = ["/follow-up/explain?figure=compared"];
    assert_eq!(open_figures(&mark, week, &place), 1);
    mark.get("/follow-up/explain?figure=compared&by=week")
        .ok()
        .says("Left out: no other group has 10 leads to compare with (39 rows)");
}
