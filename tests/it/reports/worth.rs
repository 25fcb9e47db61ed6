//! What a win is worth, wherever value is told: once a hand-over, by its last win, and never in another currency.

use super::{group, import};
use crate::shared_goals;
use crate::world::{Database, Database::*, World, instant};
use rstest::rstest;
use serde_json::{Value, json};
use touchline::leads::cohort::{Cohort, Grouping};
use touchline::outcomes::{self, Filters, value};

const LEADS: &str = "external_id,name,created_at,source,amount,currency\n\
                     twice,Twice,2026-03-02T09:00:00Z,web,100,EUR\n\
                     bare,Bare,2026-03-02T09:00:00Z,fair,70,EUR\n";

fn filters() -> Filters {
    Filters {
        cohort: Cohort {
            from: None,
            to: None,
            as_of: instant("2026-03-30T12:00:00Z"),
            definition: None,
        },
        by: Some(Grouping::Source),
        only: None,
    }
}

/// What each source was worth by the funnel, and by the credit of its first touches.
fn worth(world: &World) -> [Value; 2] {
    let funnel = world.read(|conn| outcomes::report(conn, &filters(), None));
    let credit = world.read(|conn| value::report(conn, &filters(), None));
    [serde_json::to_value(funnel), serde_json::to_value(credit)].map(|report| report.expect("JSON"))
}

/// What a shared goal on value in euros has.
fn goal(world: &World) -> String {
    let fields = [
        ("measure", "value"),
        ("amount", "1000"),
        ("currency", "EUR"),
    ];
    shared_goals::make(world, "max", "Value", &fields).is(303);
    let text = world.as_("max").get("/shared-goals").ok().text();
    let (_, rest) = text.split_once("Value ").expect("the goal");
    let words: Vec<&str> = rest.split(' ').collect();
    let of = words
        .iter()
        .position(|word| *word == "of")
        .expect("a figure");
    words[of - 1].to_owned()
}

#[rstest]
fn a_hand_over_that_was_won_twice_is_worth_what_it_was_won_for_last(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let events = "lead_external_id,at,event,amount,currency\n\
                  twice,2026-03-09T09:00:00Z,won,5000,EUR\n\
                  twice,2026-03-16T09:00:00Z,won,750,EUR\n";
    import(&world, &[("leads.csv", LEADS), ("lead_events.csv", events)]);
    let [funnel, credit] = worth(&world);
    let web = group(&funnel, "web");
    assert_eq!(
        (&web["won"], &web["value_won"]),
        (&json!(1), &json!({"EUR": 750.0}))
    );
    // The days to a win are those to the first.
    assert_eq!(web["median_days_to_won"], json!(7.0));
    for side in ["first", "last"] {
        let told = &group(&credit, "web")[side];
        assert_eq!(
            told,
            &json!({"wins": 1.0, "value": {"EUR": 750.0}}),
            "{side}"
        );
    }
    assert_eq!(credit["value_won"], json!({"EUR": 750.0}));
    world.at("2026-03-30T12:00:00Z");
    assert_eq!(goal(&world), "750");
    world
        .as_("mark")
        .get("/outcomes/explain?figure=value&by=source&group=web")
        .ok()
        .says("EUR 750")
        .says("One that was won more than once counts once, with its last win.")
        .says("won (EUR 750)");
}

#[rstest]
fn the_amount_of_a_lead_stays_in_the_currency_of_the_lead(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    // Sales said in which currency it was won, and not for how much.
    let events = "lead_external_id,at,event,amount,currency\n\
                  bare,2026-03-09T09:00:00Z,won,,USD\n\
                  twice,2026-03-09T09:00:00Z,won,40,\n";
    import(&world, &[("leads.csv", LEADS), ("lead_events.csv", events)]);
    let [funnel, credit] = worth(&world);
    assert_eq!(group(&funnel, "fair")["value_won"], json!({"EUR": 70.0}));
    assert_eq!(group(&funnel, "web")["value_won"], json!({"EUR": 40.0}));
    assert_eq!(credit["value_won"], json!({"EUR": 110.0}));
    world.at("2026-03-30T12:00:00Z");
    assert_eq!(goal(&world), "110");
}
