//! Stories of follow-up speed beside the speed itself: comparisons, whose time it was, how often leads are tried, and
//! what explains a number.

use super::followup::{LIVELY, filters, report};
use super::{group, import};
use crate::world::{Database, Database::*, Page, World};
use rstest::rstest;
use serde_json::{Value, json};
use touchline::followup::{self, Filters};
use touchline::leads::cohort::Grouping;

/// Leads of two sources on one morning, called after so many minutes, `web` first; none is never called.
fn two_sources(world: &World, web_min: &[Option<u32>], list_min: &[Option<u32>]) {
    let mut leads = "external_id,name,created_at,source\n".to_owned();
    let mut calls =
        "external_id,person_email,kind,outcome,happened_at,lead_external_id\n".to_owned();
    for (source, times) in [("web", web_min), ("list", list_min)] {
        for (at, minutes) in times.iter().enumerate() {
            leads += &format!("{source}{at},L,2026-03-04T09:00:00Z,{source}\n");
            if let Some(minutes) = minutes {
                let (hour, minute) = (9 + minutes / 60, minutes % 60);
                calls += &format!(
                    "{source}{at},ana@example.com,Call,No answer,2026-03-04T{hour:02}:{minute:02}:00Z,{source}{at}\n"
                );
            }
        }
    }
    import(world, &[("leads.csv", &leads), ("activities.csv", &calls)]);
}

fn by_source() -> Filters {
    Filters {
        by: Some(Grouping::Source),
        ..filters()
    }
}

#[rstest]
fn two_groups_that_clearly_differ_are_said_to_and_by_which_chance(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let web: Vec<_> = (1..=12).map(Some).collect();
    let list: Vec<_> = (1..=12).map(|at| Some(100 + 10 * at)).collect();
    two_sources(&world, &web, &list);
    let printed = report(&world, &by_source());
    let found = &printed["comparison"]["groups"];
    assert_eq!(found["compared"], json!(["list", "web"]));
    assert_eq!(
        (&found["n"], found["pairs"].as_array().map(Vec::len)),
        (&json!(24), Some(1))
    );
    assert_eq!(
        (&found["pairs"][0]["faster"], &found["pairs"][0]["slower"]),
        (&json!("web"), &json!("list"))
    );
    world.at("2026-03-20T12:00:00Z");
    let page = world.as_("mark").get("/follow-up?by=source");
    page.ok()
        .says("0 of 12 so far, up to 25.0 %")
        .says("Web leads are attempted faster than list leads; the difference is larger than chance would explain (p < 0.001).")
        .says_nothing_of("significant");
}

#[rstest]
fn groups_that_chance_would_explain_are_too_few_to_be_sure(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let web: Vec<_> = (1..=10).map(|at| Some(10 * at)).collect();
    let list: Vec<_> = (1..=10).map(|at| (at < 9).then_some(10 * at + 5)).collect();
    two_sources(&world, &web, &list);
    world.at("2026-03-20T12:00:00Z");
    let mark = world.as_("mark");
    mark.get("/follow-up?by=source")
        .ok()
        .says("No clear difference between list and web")
        .says("20 leads are too few to be sure.");
    // Nine leads are nobody's conclusion.
    mark.get("/follow-up?by=owner")
        .ok()
        .says("Fewer than two groups have 10 leads: too few to compare.");
}

#[rstest]
fn people_stand_in_order_of_name(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    import(&world, LIVELY);
    world.at("2026-03-20T12:00:00Z");
    for path in ["/follow-up?by=owner", "/outcomes?by=owner"] {
        let page = world.as_("mark").get(path);
        page.ok()
            .says("In order of name: people are not ranked by a raw rate");
        let text = page.text();
        let at = |name: &str| text.find(name).expect("a row");
        assert!(at("Ana Arndt") < at("Sue Sommer"), "{text}");
    }
}

#[rstest]
fn nothing_is_concluded_of_days_that_mature(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let mut fast: Vec<_> = (1..=12).map(Some).collect();
    fast.push(None);
    two_sources(&world, &fast, &[]);
    let mut leads = "external_id,name,created_at\n".to_owned();
    for at in 0..12 {
        leads += &format!("old{at},L,2026-03-03T09:00:00Z\n");
    }
    import(&world, &[("leads.csv", &leads)]);
    // One of the leads of an hour ago may still be tried in time.
    world.at("2026-03-04T10:00:00Z");
    let day = Some("2026-03-04".parse().expect("a day"));
    let asked = |as_of: &str| {
        let mut asked = filters();
        asked.compares_before = true;
        (asked.cohort.from, asked.cohort.to) = (day, day);
        asked.cohort.as_of = crate::world::instant(as_of);
        report(&world, &asked)["comparison"]["before"].clone()
    };
    let before = asked("2026-03-04T10:00:00Z");
    // Where nothing is concluded nobody is said to be slower.
    assert_eq!(
        (&before["p"], &before["is_faster_now"]),
        (&Value::Null, &Value::Null)
    );
    let later = asked("2026-03-20T12:00:00Z");
    assert!(later["p"].is_number(), "{later}");
    assert_eq!(later["is_faster_now"], true);
    let path = "/follow-up?from=2026-03-04&to=2026-03-04&compare=before";
    world
        .as_("mark")
        .get(path)
        .ok()
        .says("nothing is concluded yet (maturing)")
        .says_nothing_of("larger than chance");
}

#[rstest]
fn the_way_to_a_number_asks_for_the_same_number_later(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    import(&world, LIVELY);
    world.at("2026-03-20T12:00:00Z");
    for (path, figure) in [
        ("/follow-up", "figure=waiting&"),
        ("/outcomes", "figure=n&"),
        ("/service-levels", "figure=n&"),
    ] {
        let mark = world.as_("mark");
        let links = mark.get(path).ok().links();
        let link = links.iter().find(|link| link.contains(figure));
        let link = link.unwrap_or_else(|| panic!("no {figure} in {links:?}"));
        let told = |page: Page| {
            let text = page.ok().text();
            let told = text.split_once("Explain this number");
            told.expect("an explanation").1.to_owned()
        };
        let before = told(mark.get(link));
        assert!(before.contains("20 Mar 2026, 13:00"), "{before}");
        world.at("2026-03-21T12:00:00Z");
        world.lead("Later", "ana");
        let mark = world.as_("mark");
        assert_eq!(told(mark.get(link)), before);
        mark.get(&format!("{path}?as_of=2026-03-20T12:00:00Z"))
            .ok()
            .says("Show it as of now")
            .says("20 Mar 2026, 13:00");
        mark.get(&format!("{path}?as_of=tomorrow")).is(422);
        world.at("2026-03-20T12:00:00Z");
    }
}

#[rstest]
fn days_are_compared_with_as_many_just_before(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let fast: Vec<_> = (1..=12).map(Some).collect();
    two_sources(&world, &fast, &[]);
    let mut leads = "external_id,name,created_at\n".to_owned();
    for at in 0..12 {
        leads += &format!("old{at},L,2026-03-03T09:00:00Z\n");
    }
    import(&world, &[("leads.csv", &leads)]);
    world.at("2026-03-20T12:00:00Z");
    let mark = world.as_("mark");
    let day = "from=2026-03-04&to=2026-03-04";
    mark.get(&format!("/follow-up?{day}&compare=before"))
        .ok()
        .says("These leads were attempted faster than those of 3 Mar 2026; the difference is larger than chance would explain (p < 0.001).");
    mark.get(&format!("/follow-up?{day}"))
        .ok()
        .says_nothing_of("those of 3 Mar");
}

/// Handed over on a Wednesday at ten in Berlin, in the queue for half an hour, Ben's for an hour and then Ana's, who
/// calls a quarter of an hour later. Made an hour before. It comes again a week later, and waits with Ana.
const PASSED_ON: &[(&str, &str)] = &[
    (
        "leads.csv",
        "external_id,name,created_at,handed_over_at\n\
         x,X,2026-03-04T08:00:00Z,2026-03-04T09:00:00Z\n",
    ),
    (
        "lead_events.csv",
        "lead_external_id,at,event,owner_email\n\
         x,2026-03-04T09:30:00Z,assigned,ben@example.com\n\
         x,2026-03-04T10:30:00Z,assigned,ana@example.com\n\
         x,2026-03-05T09:00:00Z,nurture,\n\
         x,2026-03-11T09:00:00Z,handed_over,\n",
    ),
    (
        "activities.csv",
        "external_id,person_email,kind,outcome,happened_at,lead_external_id\n\
         1,ana@example.com,Call,No answer,2026-03-04T10:45:00Z,x\n",
    ),
];

fn legs(world: &World, filters: &Filters) -> Value {
    let report = world.read(|conn| followup::legs::report(conn, filters, None));
    serde_json::to_value(report).expect("JSON")
}

#[rstest]
fn the_systems_time_and_the_reps_time_are_told_apart(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    import(&world, PASSED_ON);
    let weeks = Filters {
        by: Some(Grouping::Week),
        ..filters()
    };
    let printed = legs(&world, &weeks);
    let first = group(&printed, "2026-03-02");
    assert_eq!((&first["n"], &first["passed_on"]), (&json!(1), &json!(1)));
    let median =
        |group: &Value, at: usize, clock: &str| group["legs"][at][clock]["median_s"].clone();
    let minutes = |minutes: f64| json!(minutes * 60.0);
    for (at, expected) in [(0, 90.0), (1, 30.0), (2, 15.0)] {
        assert_eq!(median(first, at, "calendar"), minutes(expected));
    }
    // Nobody works before nine in Berlin: the first hour was at nine.
    assert_eq!(median(first, 0, "working"), minutes(90.0));
    let again = group(&printed, "2026-03-09");
    let counts = |at: usize| {
        let leg = &again["legs"][at];
        ["n", "done", "closed", "waiting"].map(|key| leg[key].as_u64().expect("a count"))
    };
    assert_eq!(
        (counts(0), counts(1), counts(2)),
        ([1, 1, 0, 0], [1, 1, 0, 0], [1, 0, 0, 1])
    );
    // The second hand-over's clock begins with itself, not when the lead was made.
    assert_eq!(median(again, 0, "calendar"), json!(0.0));
    assert_eq!(median(again, 2, "calendar"), Value::Null);
    world.at("2026-03-20T12:00:00Z");
    let page = world.as_("mark").get("/follow-up/legs");
    page.ok()
        .says("System")
        .says("Assignment")
        .says("2 leads, 1 passed on");
}

/// Four leads: given up after one call as out of reach; reached at the third; tried twice and quiet since; and tried
/// three days ago.
const TRIED: &[(&str, &str)] = &[
    (
        "leads.csv",
        "external_id,name,created_at\n\
         one,One,2026-03-02T09:00:00Z\nthree,Three,2026-03-02T09:00:00Z\n\
         quiet,Quiet,2026-03-02T09:00:00Z\nfresh,Fresh,2026-03-02T09:00:00Z\n",
    ),
    (
        "activities.csv",
        "external_id,person_email,kind,outcome,happened_at,lead_external_id\n\
         1,ana@example.com,Call,No answer,2026-03-02T10:00:00Z,one\n\
         2,ana@example.com,Call,No answer,2026-03-02T10:00:00Z,three\n\
         3,ana@example.com,Call,No answer,2026-03-03T10:00:00Z,three\n\
         4,ana@example.com,Call,Interested,2026-03-04T10:00:00Z,three\n\
         5,ana@example.com,Call,No answer,2026-03-02T10:00:00Z,quiet\n\
         6,ana@example.com,E-mail,Sent,2026-03-03T10:00:00Z,quiet\n\
         7,ana@example.com,Call,No answer,2026-03-17T12:00:00Z,fresh\n\
         8,ana@example.com,Call,No answer,2026-03-10T12:00:00Z,one\n",
    ),
    (
        "lead_events.csv",
        "lead_external_id,at,event,reason\none,2026-03-04T09:00:00Z,disqualified,Unable to reach\n",
    ),
];

#[rstest]
fn leads_are_given_up_after_so_many_attempts(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    import(&world, TRIED);
    let report = world.read(|conn| followup::persistence::report(conn, &filters(), None));
    let printed = serde_json::to_value(report).expect("JSON");
    let all = group(&printed, "all");
    // The call to the lead that was given up already is no attempt of its hand-over.
    let counts =
        ["n", "tried", "attempts", "given_up"].map(|key| all[key].as_u64().expect("a count"));
    assert_eq!(counts, [4, 4, 7, 2]);
    assert_eq!(all["given_up_after"], json!([0, 1, 1, 0, 0, 0, 0]));
    assert_eq!(
        (&all["after_one"], &all["six_or_more"]),
        (&json!(0.5), &json!(0.0))
    );
    let each: Vec<_> = all["by_attempt"]
        .as_array()
        .expect("attempts")
        .iter()
        .map(|one| ["tried", "reached"].map(|key| one[key].as_u64().expect("a count")))
        .collect();
    assert_eq!(each, [[4, 0], [2, 0], [1, 1]]);
    world.at("2026-03-20T12:00:00Z");
    world
        .as_("mark")
        .get("/follow-up/persistence?by=source")
        .ok()
        .says("Of 2 that were given up, 1 got one attempt and 0 six or more.");
}

#[rstest]
fn nothing_handed_over_is_no_number_on_any_face(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let mark = world.as_("mark");
    mark.get("/follow-up/persistence")
        .ok()
        .says("No lead of these days was tried yet");
    mark.get("/follow-up/legs")
        .ok()
        .says("No lead was handed over in these days: nothing to measure.");
    for face in ["legs", "persistence"] {
        mark.get(&format!("/follow-up/{face}?by=source&format=csv"))
            .ok();
        mark.get(&format!("/follow-up/{face}?by=colour")).is(422);
    }
    let all_waiting = World::new(database);
    all_waiting.lead("Acme", "ana");
    all_waiting
        .as_("mark")
        .get("/follow-up/legs")
        .ok()
        .says("1 leads, 0 passed on");
}

#[rstest]
fn a_number_leads_to_its_definition_and_to_the_rows_in_it_and_out_of_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    import(&world, LIVELY);
    world.at("2026-03-20T12:00:00Z");
    let mark = world.as_("mark");
    let explain = |query: &str| mark.get(&format!("/follow-up/explain?{query}"));
    // a after ten minutes; b after six and a half hours and later not at all; d won and e rejected before a touch.
    explain("figure=within-3600")
        .ok()
        .says("Warming up")
        .says("1 of 6: too few")
        .says("Counted: attempted by then")
        .says("In the whole, not counted: attempted later")
        .says("attempted after 10 min");
    explain("figure=level&group=web&by=source")
        .ok()
        .says("Within service level: web")
        .says("1 met / (1 met + 2 missed): fewer than 10, warming up");
    explain("figure=level&group=%3Dsum&by=source")
        .ok()
        .says("Left out: not applicable: closed within the limit, untouched");
    explain("figure=smiles").is(404);
    let file = explain("figure=n&format=csv");
    assert_eq!(file.ok().body.lines().count(), 7, "{}", file.body);
    // What leads there is the report itself.
    let links = mark.get("/follow-up?by=source").links();
    let waiting = links
        .iter()
        .find(|link| link.contains("figure=waiting") && link.contains("group=alpha"));
    assert!(waiting.is_none(), "campaigns are no sources");
    let web = links
        .iter()
        .find(|link| link.contains("figure=median") && link.contains("group=web"));
    mark.get(web.expect("a way to the web leads' median"))
        .ok()
        .says("10 min");
}

#[rstest]
fn nobody_is_told_of_rows_that_do_not_count_for_them(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    import(&world, LIVELY);
    world.at("2026-03-20T12:00:00Z");
    let rows = |name: &str| {
        let file = world
            .as_(name)
            .get("/follow-up/explain?figure=n&format=csv");
        file.ok().body.lines().count() - 1
    };
    assert_eq!((rows("ada"), rows("max"), rows("mia")), (6, 5, 2));
    world.as_("ana").get("/follow-up/explain?figure=n").is(403);
}
