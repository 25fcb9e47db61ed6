//! Stories of lead outcomes beside the funnel: reasons, value and where it came from, scores, content, and what explains a
//! number.

use super::explained::open_figures;
use super::followup::LIVELY;
use super::{group, import};
use crate::world::{Database, Database::*, World, instant};
use rstest::rstest;
use serde::Serialize;
use serde_json::{Value, json};
use touchline::leads::cohort::{Cohort, Grouping};
use touchline::outcomes::{Face, Filters, content, reasons, scores, sheet, value};

fn filters(by: Option<Grouping>) -> Filters {
    Filters {
        cohort: Cohort {
            from: None,
            to: None,
            as_of: instant("2026-04-30T12:00:00Z"),
            definition: None,
        },
        by,
        only: None,
    }
}

fn printed(report: impl Serialize) -> Value {
    serde_json::to_value(report).expect("JSON")
}

/// So many leads a minute apart from nine on, each by its place as a row of the file.
fn leads(world: &World, count: usize, columns: &str, row: impl Fn(usize) -> String) {
    let mut text = format!("external_id,name,created_at,{columns}\n");
    for at in 0..count {
        let (hour, minute) = (9 + at / 60, at % 60);
        text += &format!("l{at},L,2026-03-04T{hour:02}:{minute:02}:00Z,{}\n", row(at));
    }
    import(world, &[("leads.csv", &text)]);
}

/// An event a day later for each of the leads that `event` says one of.
fn events(world: &World, count: usize, event: impl Fn(usize) -> Option<&'static str>) {
    let mut text = "lead_external_id,at,event,reason\n".to_owned();
    for at in 0..count {
        if let Some(event) = event(at) {
            text += &format!("l{at},2026-03-06T09:00:00Z,{event}\n");
        }
    }
    import(world, &[("lead_events.csv", &text)]);
}

#[rstest]
fn a_reason_has_its_share_and_its_trend_and_too_many_others_are_flagged(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    leads(&world, 24, "source", |_| "web".to_owned());
    // Of the older twelve two had no need; of the newer twelve ten were "Other".
    events(&world, 24, |at| match at {
        0 | 1 => Some("disqualified,No need"),
        14.. => Some("disqualified,Other"),
        2 => Some("accepted,"),
        _ => None,
    });
    let report = printed(world.read(|conn| reasons::report(conn, &filters(None), None)));
    let all = group(&report, "all");
    assert_eq!(
        (&all["n"], &all["given"], &all["other"]["k"]),
        (&json!(24), &json!(12), &json!(10))
    );
    assert_eq!(all["accepted"]["k"], 1);
    let [other, none] = [&all["reasons"][0], &all["reasons"][1]];
    assert_eq!(
        (&other["reason"], &none["reason"]),
        (&json!("Other"), &json!("No need"))
    );
    assert_eq!(
        (&other["older"]["k"], &other["newer"]["k"]),
        (&json!(0), &json!(10))
    );
    assert!(
        other["change_low"].as_f64().is_some_and(|low| low > 0.0),
        "{other}"
    );
    world.at("2026-04-30T12:00:00Z");
    world
        .as_("mark")
        .get("/outcomes/reasons")
        .ok()
        .says("83.3 % of the reasons are \u{201c}Other\u{201d} (10 of 12)")
        .says("more often lately")
        .says("The most frequent reason: Other (10).");
}

#[rstest]
fn a_group_that_gave_no_reason_stands_in_the_file_too(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    leads(&world, 24, "source", |at| {
        if at < 12 { "fair" } else { "web" }.to_owned()
    });
    events(&world, 24, |at| match at {
        0 => Some("accepted,"),
        12..15 => Some("disqualified,No need"),
        _ => None,
    });
    world.at("2026-04-30T12:00:00Z");
    let file = world
        .as_("mark")
        .get("/outcomes/reasons?by=source&format=csv");
    let mut reader = csv::Reader::from_reader(file.ok().body.as_bytes());
    let rows = reader.deserialize().map(|row| row.expect("a row"));
    let rows: Vec<std::collections::HashMap<String, String>> = rows.collect();
    let of = |column: &str| -> Vec<&str> { rows.iter().map(|row| row[column].as_str()).collect() };
    assert_eq!(of("group"), ["fair", "web"]);
    assert_eq!(of("accepted"), ["1", "0"]);
    assert_eq!(of("reason"), ["", "No need"]);
    assert_eq!((of("k"), of("given")), (vec!["", "3"], vec!["0", "3"]));
    assert!(rows[0]["accepted_high"].parse::<f64>().is_ok(), "{rows:?}");
}

#[rstest]
fn leads_that_are_too_young_to_have_ended_are_no_trend(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    leads(&world, 24, "source", |_| "web".to_owned());
    events(&world, 24, |_| Some("disqualified,No need"));
    let mut young = "external_id,name,created_at\n".to_owned();
    for at in 0..24 {
        young += &format!("y{at},Young,2026-04-28T09:00:00Z\n");
    }
    import(&world, &[("leads.csv", &young)]);
    let report = printed(world.read(|conn| reasons::report(conn, &filters(None), None)));
    let reason = &group(&report, "all")["reasons"][0];
    let of = |part: &str| (reason[part]["k"].clone(), reason[part]["n"].clone());
    assert_eq!(of("share"), (json!(24), json!(48)));
    assert_eq!(
        (of("older"), of("newer")),
        ((json!(12), json!(12)), (json!(12), json!(12)))
    );
    world.at("2026-04-30T12:00:00Z");
    let mark = world.as_("mark");
    mark.get("/outcomes/reasons").ok().says("no clear change");
    mark.get("/outcomes/explain?figure=newer-disqualified-No+need")
        .ok()
        .says("Left out: maturing: not followed for 14 days yet (24 rows)");
}

#[rstest]
fn a_wins_value_goes_back_to_its_first_and_to_its_last_touch(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let leads = "external_id,name,created_at,source,asset,amount,currency\n\
                 x,X,2026-03-02T09:00:00Z,web,Guide,100,EUR\n\
                 old,Old,2025-10-01T09:00:00Z,fair,Guide,50,EUR\n\
                 open,Open,2026-03-02T09:00:00Z,web,Guide,70,EUR\n";
    let calls = "external_id,person_email,kind,outcome,happened_at,lead_external_id,asset\n\
                 1,ana@example.com,E-mail,Sent,2026-03-05T09:00:00Z,x,Case study\n";
    let events =
        "lead_external_id,at,event\nx,2026-03-09T09:00:00Z,won\nold,2026-03-09T09:00:00Z,won\n";
    import(
        &world,
        &[
            ("leads.csv", leads),
            ("activities.csv", calls),
            ("lead_events.csv", events),
        ],
    );
    let by =
        |grouping| printed(world.read(|conn| value::report(conn, &filters(Some(grouping)), None)));
    let assets = by(Grouping::Asset);
    let credit = |name: &str, side: &str| group(&assets, name)[side].clone();
    let all = json!({"wins": 1.0, "value": {"EUR": 100.0}});
    let none = json!({"wins": 0.0, "value": {}});
    assert_eq!(
        (credit("Guide", "first"), credit("Guide", "last")),
        (all.clone(), none.clone())
    );
    assert_eq!(
        (credit("Case study", "first"), credit("Case study", "last")),
        (none, all.clone())
    );
    // The old lead came from somewhere more than 90 days before it was won.
    assert_eq!(
        (&assets["wins"], &assets["uncredited"]),
        (&json!(2), &json!(1))
    );
    let sources = by(Grouping::Source);
    assert_eq!(group(&sources, "web")["last"], all);
    world.at("2026-04-30T12:00:00Z");
    world
        .as_("mark")
        .get("/outcomes/value?by=asset")
        .ok()
        .says("not what caused it")
        .says("1 of the wins are credited to no asset");
    let nothing = ["/outcomes/explain?figure=no-wins"];
    let mark = world.as_("mark");
    assert_eq!(open_figures(&mark, "/outcomes/value?by=asset", &nothing), 1);
    mark.get("/outcomes/explain?figure=no-wins&by=asset")
        .ok()
        .says("1 of 2 wins: EUR 50")
        .says("Counted: nothing is known of the 90 days before (1 row)")
        .says("In the whole, not counted: credited to something (1 row)")
        .says("Left out: not won: still open (1 row)");
}

#[rstest]
fn each_band_of_the_score_stands_beside_what_came_of_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    leads(&world, 25, "score", |at| match at {
        0..12 => "72".to_owned(),
        12..24 => "15".to_owned(),
        _ => String::new(),
    });
    events(&world, 25, |at| (at < 3).then_some("won,"));
    let report = printed(world.read(|conn| scores::report(conn, &filters(None), None)));
    let bands = report["bands"].as_array().expect("bands");
    let told: Vec<_> = bands
        .iter()
        .map(|band| (&band["from"], &band["n"], &band["won"]["k"]))
        .collect();
    assert_eq!(
        told,
        [
            (&json!(10.0), &json!(12), &json!(0)),
            (&json!(70.0), &json!(12), &json!(3))
        ]
    );
    assert_eq!(
        (&report["unscored"], &report["fitted"]["tested"]),
        (&json!(1), &Value::Null)
    );
    // Of 3 x 21 pairs, the 27 with a lead of the same score are half in order.
    let auc = (3.0 * 12.0 + 3.0 * 9.0 / 2.0) / 63.0;
    assert!((report["auc"].as_f64().expect("a share") - auc).abs() < 1e-12);
    world.at("2026-04-30T12:00:00Z");
    world
        .as_("mark")
        .get("/outcomes/scores")
        .ok()
        .says("Scores around 72 say the best, and 25.0 % of them were won so far (3 of 12).")
        .says("the score is not shown to predict")
        .says("No score is fitted to the outcomes yet: 3 won and 0 lost")
        .says("1 hand-over had no score and is left out");
}

#[rstest]
fn a_score_is_fitted_where_there_are_outcomes_enough_and_tested_on_the_newer_ones(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let is_web = |at: usize| at.is_multiple_of(2);
    leads(&world, 400, "source", |at| {
        if is_web(at) { "web" } else { "list" }.to_owned()
    });
    // Half of those from the web are won, and a tenth of the others.
    events(&world, 400, |at| {
        let is_won = if is_web(at) {
            at.is_multiple_of(4)
        } else {
            at % 20 == 1
        };
        Some(if is_won { "won," } else { "lost," })
    });
    let report = printed(world.read(|conn| scores::report(conn, &filters(None), None)));
    let fitted = &report["fitted"];
    assert_eq!(
        (&fitted["won"], &fitted["lost"]),
        (&json!(120), &json!(280))
    );
    let tested = &fitted["tested"];
    assert_eq!(
        (&tested["n"], &tested["may_show_percentages"]),
        (&json!(100), &json!(true))
    );
    assert!(
        tested["skill"].as_f64().is_some_and(|skill| skill > 0.1),
        "{tested}"
    );
}

#[rstest]
fn content_is_compared_with_leads_that_got_none_of_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    leads(&world, 80, "source,asset", |at| {
        format!("web,{}", if at == 0 { "Nobody reads this" } else { "" })
    });
    let mut calls =
        "external_id,person_email,kind,outcome,happened_at,lead_external_id,asset\n".to_owned();
    for at in 0..80 {
        let (asset, replies) = if at < 40 {
            ("Guide", at < 20)
        } else {
            ("", at < 45)
        };
        let outcome = if replies { "Replied, positive" } else { "Sent" };
        calls += &format!(
            "{at},ana@example.com,E-mail,\"{outcome}\",2026-03-05T09:00:00Z,l{at},{asset}\n"
        );
    }
    import(&world, &[("activities.csv", &calls)]);
    let report = printed(world.read(|conn| content::report(conn, &filters(None), None)));
    let guide = &report["assets"][0];
    assert_eq!(
        (&guide["asset"], &guide["leads"]),
        (&json!("Guide"), &json!(40))
    );
    let reply = &guide["reply"];
    assert_eq!(
        (&reply["with"]["k"], &reply["without"]["k"]),
        (&json!(20), &json!(5))
    );
    assert_eq!(
        (&reply["verdict"], &guide["meeting"]["verdict"]),
        (&json!("higher"), &json!("no clear difference"))
    );
    assert_eq!(report["unused"], json!(["Nobody reads this"]));
    world.at("2026-04-30T12:00:00Z");
    world
        .as_("mark")
        .get("/outcomes/content")
        .ok()
        .says("1 asset was compared: more replies with Guide. 1 asset was used by nobody.");
}

#[rstest]
fn a_week_matures_until_its_leads_should_be_reached_or_ended(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    leads(&world, 12, "source", |at| {
        if at < 11 { "web" } else { "fair" }.to_owned()
    });
    world.at("2026-03-06T12:00:00Z");
    let mark = world.as_("mark");
    mark.get("/outcomes?by=week").ok().says("Maturing");
    world.at("2026-04-06T12:00:00Z");
    let mark = world.as_("mark");
    mark.get("/outcomes?by=week")
        .ok()
        .says_nothing_of("Maturing");
    // The weeks of one source are one step from the table of sources.
    let links = mark.get("/outcomes?by=source").links();
    let weeks = links
        .iter()
        .find(|link| link.contains("by=week") && link.contains("source="));
    let page = mark.get(weeks.expect("a way to the weeks"));
    page.ok().says("Of 11 leads").says("Only the source web.");
}

#[rstest]
fn a_number_of_the_outcomes_leads_to_its_rows(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    import(&world, LIVELY);
    world.at("2026-04-30T12:00:00Z");
    let mark = world.as_("mark");
    mark.get("/outcomes/explain?figure=won&by=source&group=web")
        .ok()
        .says("Won: web")
        .says("1 of 3")
        .says("Counted: won")
        .says("In the whole, not counted: not so: still open");
    mark.get("/outcomes/explain?figure=days")
        .ok()
        .says("Median days to won");
    mark.get("/outcomes/explain?figure=smiles").is(404);
    let rows = |name: &str| {
        let file = world.as_(name).get("/outcomes/explain?figure=n&format=csv");
        file.ok().body.lines().count() - 1
    };
    assert_eq!((rows("ada"), rows("max"), rows("mia")), (6, 5, 2));
    world.as_("ana").get("/outcomes/explain?figure=n").is(403);
}

#[rstest]
fn every_face_is_the_same_on_both_databases_and_says_so_when_there_is_nothing() {
    let worlds = [Sqlite, Postgres].map(World::new);
    let nowhere = |_: &str, _: &str| String::new();
    let faces = [
        Face::Quality,
        Face::Reasons,
        Face::Value,
        Face::Scores,
        Face::Content,
        Face::Speed,
    ];
    let told = |world: &World, face: Face| {
        let by = face.needs_groups().then_some(Grouping::Source);
        let sheet = world.read(|conn| sheet::read(conn, face, &filters(by), None, &nowhere));
        format!("{}{}", sheet.text(), sheet.csv)
    };
    for face in faces {
        let [empty, same] = [&worlds[0], &worlds[1]].map(|world| told(world, face));
        assert_eq!(empty, same, "{face}");
        assert!(!empty.contains("NaN"), "{empty}");
        worlds[0].as_("mark").get(face.path()).ok();
        worlds[0]
            .as_("mark")
            .get(&format!("{}?from=2026-02-30", face.path()))
            .is(422);
        worlds[0].as_("ana").get(face.path()).is(403);
    }
    for world in &worlds {
        import(world, LIVELY);
    }
    worlds[0].at("2026-04-30T12:00:00Z");
    for face in faces {
        let [one, other] = [&worlds[0], &worlds[1]].map(|world| told(world, face));
        assert_eq!(one, other, "{face}");
        let file = worlds[0]
            .as_("mark")
            .get(&format!("{}?format=csv", face.path()));
        // Nobody gave a score; a group without a reason has its row all the same.
        let is_empty = face == Face::Scores;
        assert_eq!(file.ok().body.lines().count() == 1, is_empty, "{face}");
    }
}
