//! Tiers and the funnel plot of people's rates, on the figures of tests/vectors/proportion.json.

use super::*;
use crate::reports::explained::value_of;
use crate::world::Page;
use serde_json::Value;
use touchline::people::NewPerson;
use touchline::rules::access::Role;

const TOLERANCE: f64 = 1e-9;
/// Of what rests on where a likelihood is highest: it is so flat there that its place is known to half of the digits.
const OF_A_MAXIMUM: f64 = 1e-6;

fn vectors() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/proportion.json");
    let text = std::fs::read_to_string(path).expect("the vectors");
    serde_json::from_str(&text).expect("JSON")
}

fn logged(world: &World, name: &str, k: u64, n: u64) {
    if k > 0 {
        counts(world, name, ("Call", "Interested"), k);
    }
    if n > k {
        counts(world, name, ("Call", "No answer"), n - k);
    }
}

/// Somebody new in North.
fn newcomer(world: &World, name: &str) {
    let new = NewPerson {
        email: format!("{}@example.com", name.to_lowercase()),
        name: name.to_owned(),
        role: Role::Rep,
        time_zone: None,
        password_hash: None,
    };
    let north = world.team("North");
    world.write(|tx| {
        let id = people::add(tx, new)?;
        people::join(tx, id, north, day("2026-01-01"), false)
    });
}

/// The eight of the example in North; returns their rows.
fn example(world: &World) -> Vec<Value> {
    let example = vectors()["eb_example"]["board"].clone();
    let rows = example.as_array().expect("a list").clone();
    for row in &rows {
        let name = row["rep"].as_str().expect("a name");
        if !["Ana", "Ben"].contains(&name) {
            newcomer(world, name);
        }
        let count = |key: &str| row[key].as_u64().expect("a count");
        logged(world, &name.to_lowercase(), count("k"), count("n"));
    }
    rows
}

const RATES: &str = "/team/rates?period=week&rate=share_reached";

#[rstest]
fn the_tiers_of_the_example_are_those_of_the_page_and_its_file(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let wanted = example(&world);
    let rows = file(&world, "max", &format!("{RATES}&format=csv"));
    for wanted in &wanted {
        let rep = wanted["rep"].as_str().expect("a name");
        let row = rows
            .iter()
            .find(|row| row["name"].starts_with(rep))
            .expect("a row");
        let number = |column: &str| row[column].parse::<f64>().expect("a number");
        let close = |column: &str, key: &Value| {
            let wanted = key.as_f64().expect("a number");
            let tolerance = match column.starts_with("shrunk") {
                true => OF_A_MAXIMUM,
                false => TOLERANCE,
            };
            let is_close = (number(column) - wanted).abs() < tolerance;
            assert!(is_close, "{rep}, {column}: {row:?}");
        };
        close("share", &wanted["raw"]);
        close("low", &wanted["wilson"][0]);
        close("high", &wanted["wilson"][1]);
        close("shrunk", &wanted["post_mean"]);
        close("shrunk_low", &wanted["post_p05"]);
        close("shrunk_high", &wanted["post_p95"]);
        // Fewer than ten trials are warming up on a page, whatever the example's tier.
        let is_warm = wanted["n"].as_u64() >= Some(10);
        let tier = wanted["tier"].as_u64().filter(|_| is_warm);
        assert_eq!(
            row["tier"],
            tier.map_or(String::new(), |tier| tier.to_string()),
            "{rep}"
        );
    }
    let page = world.as_("max").get(RATES);
    page.ok()
        .says("Tier 1 Ben Beck North 40.0 % 24 of 60 28.6 to 52.6 % 36.2 % 27.2 to 45.6 %")
        .says("Tier 2 Gus")
        .says("Warming up Fewer than 10: too few for a tier. Ana Arndt")
        .says("fewer than ten: too few to say.")
        .says("People differ by more than chance would explain (p < 0.001). Whoever stands in a lower tier");
}

#[rstest]
fn where_chance_explains_it_all_there_is_one_tier(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    for (name, k) in [("ana", 10), ("ben", 10)] {
        logged(&world, name, k, 100);
    }
    let page = world.as_("max").get(RATES);
    page.ok()
        .says("No measurable difference between reps")
        .says("Tier 1 Ana Arndt")
        .says_nothing_of("Tier 2")
        .says("All of this is within what chance does.");
    // The limits round a tenth of a hundred, as in the example.
    let row = &file(&world, "max", &format!("{RATES}&format=csv"))[0];
    let example = vectors()["funnel"].clone();
    let wanted = example.as_array().expect("a list").iter();
    let wanted = wanted
        .clone()
        .find(|row| row["n"] == 100)
        .expect("the row of 100");
    for (column, key) in [("limit_95_low", "lo"), ("limit_95_high", "hi")] {
        let got: f64 = row[column].parse().expect("a number");
        assert!((got - wanted[key].as_f64().expect("a number")).abs() < TOLERANCE);
    }
    // Nobody ever reached anybody: no rate to shrink towards, and no broken page.
    let next = world
        .as_("max")
        .get("/team/rates?period=week&rate=meetings_per_prospect");
    next.ok().says("Nothing yet");
}

#[rstest]
fn only_far_outside_of_chance_is_worth_a_question(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    logged(&world, "ana", 80, 100);
    for name in ["Cy", "Dee", "Eli"] {
        newcomer(&world, name);
        logged(&world, &name.to_lowercase(), 20, 100);
    }
    let page = world.as_("max").get(RATES);
    page.ok()
        .says("Outside of what chance does 99.8 % of the time: Ana Arndt, Cy, Dee, Eli.")
        .says("Ana Arndt 80 of 100 80.0 %");
    // A member sees their own mark, and nobody else's.
    let own = world.as_("ana").get(RATES);
    own.ok()
        .says("Above what chance does")
        .says_nothing_of("Below what chance does");
    assert_eq!(dots(&own), 1);
    assert_eq!(dots(&page), 4);
}

#[rstest]
fn somebodys_rate_is_held_against_that_of_their_own_team(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    for (name, reached) in [
        ("ana", 40),
        ("ben", 10),
        ("max", 10),
        ("sue", 45),
        ("mia", 44),
    ] {
        logged(&world, name, reached, 50);
    }
    world.at("2026-03-11T09:00:00Z");
    // Round the rate of both teams four would be odd; round North's Ana is, as the watch-list says, and of South nobody.
    let ada = world.as_("ada");
    let path = "/team/rates?from=2026-03-02&to=2026-03-08&rate=share_reached";
    let page = ada.get(path);
    page.ok()
        .says("Is this more than chance? North")
        .says("Outside of what chance does 99.8 % of the time: Ana Arndt. Worth a question")
        .says("Is this more than chance? South")
        .says("All of this is within what chance does.");
    let watched = ada.get("/watch-list");
    watched
        .ok()
        .says("Ana Arndt: A share reached that chance does not explain")
        .says_nothing_of("Sue Sommer: A share reached");
    let rows = file(&world, "ada", &format!("{path}&format=csv"));
    let of = |name: &str| {
        let row = rows.iter().find(|row| row["name"] == name).expect("a row");
        ["in_team_k", "in_team_n", "team_k", "team_n"].map(|column| row[column].clone())
    };
    assert_eq!(of("Ana Arndt"), ["40", "50", "60", "150"]);
    assert_eq!(of("Sue Sommer"), ["45", "50", "89", "100"]);
    // What explains the limits says round what, and of whom that is.
    let uid = world.person("ana").uid;
    let links = page.anchors().into_iter();
    let mut links = links.filter(|(href, _)| href.contains(&uid) && href.contains("figure=far"));
    let (href, printed) = links.next().expect("a way to the limits");
    let limits = ada.get(&href);
    assert_eq!(value_of(limits.ok()), printed);
    limits
        .says("n = 50 at 40.0 % (North, 60 of 150)")
        .says("In the whole, not counted: in the team’s rate (2 rows)")
        .says("Left out: in no team, or another one (2 rows)");
}

fn dots(page: &Page) -> usize {
    let tags = page.tags().into_iter();
    tags.filter(|tag| {
        tag.attr("class")
            .is_some_and(|class| class.starts_with("dot"))
    })
    .count()
}

#[rstest]
fn a_meeting_counts_once_for_each_lead_that_was_touched(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (acme, globex) = (world.lead("Acme", "ana"), world.lead("Globex", "ana"));
    world.log("ana", "Call", "No answer", Some(&acme));
    world.log("ana", "Visit", "Meeting booked", Some(&acme));
    world.log("ana", "E-mail", "Meeting booked", Some(&acme));
    world.log("ana", "Call", "No answer", Some(&globex));
    world.log("ana", "Research note", "", Some(&globex));
    let path = "/team/rates?period=week&rate=meetings_per_prospect&format=csv";
    let row = &file(&world, "ana", path)[0];
    assert_eq!((row["k"].as_str(), row["n"].as_str()), ("1", "2"));
    assert_eq!((row["share"].as_str(), row["tier"].as_str()), ("0.5", ""));
}

#[rstest]
fn of_fewer_than_ten_nothing_is_said_to_be_chance(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    logged(&world, "ana", 8, 9);
    logged(&world, "ben", 0, 9);
    let page = world.as_("max").get(RATES);
    page.ok()
        .says("Too few to say: nobody here has ten or more.")
        .says_nothing_of("within what chance does.")
        .says_nothing_of("Within chance");
}
