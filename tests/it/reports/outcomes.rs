//! Stories of lead outcomes: what counts for which hand-over, how often, and what it was worth.

use super::followup::LIVELY;
use super::{group, import, names};
use crate::world::{Database, Database::*, World, instant};
use rstest::rstest;
use serde_json::{Value, json};
use touchline::leads::cohort::{Cohort, Grouping};
use touchline::outcomes::{self, Filters};

fn filters(as_of: &str, by: Option<Grouping>) -> Filters {
    Filters {
        cohort: Cohort {
            from: None,
            to: None,
            as_of: instant(as_of),
            definition: None,
        },
        by,
        only: None,
    }
}

const LATER: &str = "2026-04-30T12:00:00Z";

fn report(world: &World, filters: &Filters) -> Value {
    let report = world.read(|conn| outcomes::report(conn, filters, None));
    serde_json::to_value(report).expect("JSON")
}

/// The counts of a group that are not zero, as `won 1, open 2`.
fn counts(report: &Value, name: &str) -> String {
    const KEYS: [&str; 11] = [
        "n",
        "accepted",
        "rejected",
        "disqualified",
        "nurture",
        "contacted",
        "meetings",
        "qualified",
        "won",
        "lost",
        "open",
    ];
    let group = group(report, name);
    let there = KEYS.iter().filter(|key| group[**key] != 0);
    let words: Vec<String> = there.map(|key| format!("{key} {}", group[*key])).collect();
    words.join(", ")
}

#[rstest]
fn what_happened_belongs_to_the_last_hand_over_before_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let leads = "external_id,name,created_at,source\nx,X,2026-03-04T09:00:00Z,web\n";
    let events = "lead_external_id,at,event\n\
                  x,2026-03-01T09:00:00Z,meeting_booked\n\
                  x,2026-03-05T09:00:00Z,accepted\nx,2026-03-05T10:00:00Z,accepted\n\
                  x,2026-03-06T09:00:00Z,nurture\n\
                  x,2026-03-12T09:00:00Z,handed_over\n\
                  x,2026-03-12T09:00:00Z,qualified\nx,2026-03-13T09:00:00Z,lost\n";
    let calls = "external_id,person_email,kind,outcome,happened_at,lead_external_id\n\
                 1,ana@example.com,Call,Interested,2026-03-12T10:00:00Z,x\n\
                 2,ana@example.com,Call,Meeting booked,2026-03-12T11:00:00Z,x\n";
    let files = [
        ("leads.csv", leads),
        ("lead_events.csv", events),
        ("activities.csv", calls),
    ];
    import(&world, &files);
    let weeks = filters(LATER, Some(Grouping::Week));
    let report_by_week = report(&world, &weeks);
    assert_eq!(
        counts(&report_by_week, "2026-03-02"),
        "n 1, accepted 1, nurture 1, meetings 1"
    );
    assert_eq!(
        counts(&report_by_week, "2026-03-09"),
        "n 1, contacted 1, meetings 1, qualified 1, lost 1"
    );
    let mut second = weeks;
    second.cohort.from = Some("2026-03-09".parse().expect("a day"));
    let only_second = report(&world, &second);
    assert_eq!(names(&only_second), ["2026-03-09"]);
    assert_eq!(only_second["groups"][0], report_by_week["groups"][1]);
    let early = report(&world, &filters("2026-03-05T09:30:00Z", None));
    assert_eq!(counts(&early, "all"), "n 1, accepted 1, meetings 1, open 1");
}

#[rstest]
fn a_win_needs_no_touch_and_is_worth_its_own_amount_else_the_leads(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    import(&world, LIVELY);
    let by_source = report(&world, &filters(LATER, Some(Grouping::Source)));
    assert_eq!(counts(&by_source, "fair"), "n 1, won 1");
    assert_eq!(group(&by_source, "fair")["value_won"], json!({"EUR": 0.2}));
    assert_eq!(group(&by_source, "=sum")["value_won"], json!({}));
    // 10.5 + 0.1 + 0.2, to the cent.
    let all = report(&world, &filters(LATER, None));
    assert_eq!(group(&all, "all")["value_won"], json!({"EUR": 10.8}));
    let dearer = "lead_external_id,at,event,amount,currency\n\
                  d,2026-03-11T09:00:00Z,won,99,USD\n";
    import(&world, &[("lead_events.csv", dearer)]);
    let all = report(&world, &filters(LATER, None));
    assert_eq!(
        group(&all, "all")["value_won"],
        json!({"EUR": 10.6, "USD": 99.0})
    );
    assert_eq!(group(&all, "all")["won"], 3);
}

#[rstest]
fn the_median_counts_open_leads_as_open_and_a_win_before_the_hand_over_as_at_once(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let leads = "external_id,name,created_at\n\
                 a,A,2026-03-04T09:00:00Z\nb,B,2026-03-04T09:00:00Z\nc,C,2026-03-04T09:00:00Z\n";
    let events = "lead_external_id,at,event\n\
                  a,2026-03-01T09:00:00Z,won\nb,2026-03-06T21:00:00Z,won\n";
    import(&world, &[("leads.csv", leads), ("lead_events.csv", events)]);
    let median = |at| {
        let all = report(&world, &filters(at, None));
        group(&all, "all")["median_days_to_won"].clone()
    };
    assert_eq!(median("2026-03-05T09:00:00Z"), Value::Null);
    assert_eq!(median(LATER), json!(2.5));
    let lost =
        "lead_external_id,at,event\nb,2026-03-05T09:00:00Z,lost\nc,2026-03-04T09:00:00Z,lost\n";
    import(&world, &[("lead_events.csv", lost)]);
    assert_eq!(median(LATER), Value::Null);
}

#[rstest]
fn the_days_to_a_win_are_told_with_where_they_likely_lie_and_by_when_nine_in_ten_are_won(
    #[values(Sqlite, Postgres)] database: Database,
) {
    use touchline::rules::survival::{End, Obs, Observed};
    let world = World::new(database);
    // Twenty leads: one won on each of the first nineteen days, and one still open after twenty-five.
    let (mut leads, mut events) = (
        "external_id,name,created_at,source\n".to_owned(),
        "lead_external_id,at,event\n".to_owned(),
    );
    for at in 0..20 {
        leads += &format!("l{at},L,2026-03-02T09:00:00Z,web\n");
        if at < 19 {
            events += &format!("l{at},2026-03-{:02}T09:00:00Z,won\n", 3 + at);
        }
    }
    import(
        &world,
        &[("leads.csv", &leads), ("lead_events.csv", &events)],
    );
    let as_of = "2026-03-27T09:00:00Z";
    let obs = |at: u32| match at {
        0..19 => Obs {
            t_s: f64::from(at + 1),
            end: End::Event,
        },
        _ => Obs {
            t_s: 25.0,
            end: End::Open,
        },
    };
    let all: Vec<Obs> = (0..20).map(obs).collect();
    let curve = Observed::new(&all).curve();
    let printed = report(&world, &filters(as_of, None));
    let printed = group(&printed, "all");
    for (p, keys) in [
        (
            0.5,
            ["median_days_to_won", "median_days_low", "median_days_high"],
        ),
        (0.9, ["p90_days_to_won", "p90_days_low", "p90_days_high"]),
    ] {
        let known = curve.quantile(p);
        let known = [known.value_s, known.low_s, known.high_s];
        assert_eq!(keys.map(|key| printed[key].as_f64()), known, "{p}");
    }
    assert_eq!(printed["median_days_to_won"], 10.0);
    world.at(as_of);
    let mark = world.as_("mark");
    let [low, high] = ["median_days_low", "median_days_high"].map(|key| &printed[key]);
    let [low, high] = [low, high].map(|end| end.as_f64().expect("an end"));
    mark.get("/outcomes?by=source")
        .ok()
        .says(&format!(
            "Median days to won 10 likely {low} to {high}, n = 20"
        ))
        .says("90th percentile of the days 18 likely")
        .says(&format!("10 ({low} to {high}) 18 ("));
    mark.get("/outcomes/explain?figure=days-p90")
        .ok()
        .says("19 of 20 won: 18 (likely")
        .says("Counted: won at its time (19 rows)");
    let args = ["report", "outcomes", "--as-of", as_of];
    let (code, table, said) = world.home().run(&args);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        table.contains(&format!("10 (likely {low} to {high})")),
        "{table}"
    );
}

#[rstest]
fn the_printed_report_keeps_its_shape(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    import(&world, LIVELY);
    let owners = filters(LATER, Some(Grouping::Owner));
    let printed = world.read(|conn| outcomes::report(conn, &owners, None));
    let text = serde_json::to_string(&printed).expect("JSON");
    let head = r#"{"report":"outcomes","from":null,"to":null,"as_of":"2026-04-30T12:00:00Z","by":"owner","groups":[{"group":"","n":1,"accepted":0,"rejected":0,"disqualified":0,"nurture":0,"contacted":0,"meetings":0,"qualified":0,"won":1,"lost":0,"open":0,"won_rate":1.0,"won_low":0.20654931437723745,"won_high":1.0,"value_won":{"EUR":0.2},"median_days_to_won":4.5,"maturing":0,"median_days_low":4.5,"median_days_high":4.5,"p90_days_to_won":4.5,"p90_days_low":4.5,"p90_days_high":4.5,"taken_up":1},{"group":"Ana Arndt","n":3,"#;
    assert!(text.starts_with(head), "{text}");
    let nobody = filters("2026-01-01T00:00:00Z", None);
    let nobody = report(&world, &nobody);
    assert_eq!(counts(&nobody, "all"), "");
    assert_eq!(group(&nobody, "all")["won_rate"], Value::Null);
}

#[rstest]
fn a_hand_over_is_its_owners_at_its_own_closing_and_not_at_one_of_the_next(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let leads = "external_id,name,created_at\nx,X,2026-01-05T09:00:00Z\n";
    let events = "lead_external_id,at,event,owner_email\n\
                  x,2026-02-02T09:00:00Z,handed_over,\n\
                  x,2026-02-02T10:00:00Z,assigned,ana@example.com\n\
                  x,2026-02-03T09:00:00Z,lost,\n\
                  x,2026-02-04T09:00:00Z,assigned,ben@example.com\n";
    import(&world, &[("leads.csv", leads), ("lead_events.csv", events)]);
    let report = report(&world, &filters(LATER, Some(Grouping::Owner)));
    assert_eq!(counts(&report, "Ana Arndt"), "n 1, lost 1");
    assert_eq!(counts(&report, "Ben Beck"), "n 1, open 1");
}
