//! What the members of a team see of each other: one rule for the page and its file.

use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{Page, World};
use rstest::rstest;

/// In North Max logged 5 calls this week, Ben 3 and Ana 2; Ada moved in and logged 1.
pub fn north(database: Database, mode: &str) -> World {
    let world = World::new(database);
    world.write(|tx| {
        let ada = touchline::people::store::by_email(tx.conn, "ada@example.com")?;
        let team = touchline::people::store::teams(tx.conn)?;
        let north = team.iter().find(|team| team.name == "North");
        let day = touchline::people::since_ever();
        touchline::people::join(
            tx,
            ada.expect("ada").id,
            north.expect("North").id,
            day,
            false,
        )
    });
    for (name, calls) in [("max", 5), ("ben", 3), ("ana", 2), ("ada", 1)] {
        for _ in 0..calls {
            world.log(name, "Call", "No answer", None);
        }
    }
    let team = format!("/teams/{}", world.team("North"));
    let page = world.as_("ada").get(&team);
    page.ok().submit(&team, &[("display_mode", mode)]).is(303);
    world
}

/// The names on the file of somebody's board, with the place of each.
fn file(world: &World, name: &str) -> Vec<(String, String)> {
    let file = world.as_(name).get("/team?format=csv");
    let mut reader = csv::Reader::from_reader(file.ok().body.as_bytes());
    let rows = reader.records().map(|row| {
        let row = row.expect("a row");
        (row[1].to_owned(), row[0].to_owned())
    });
    rows.collect()
}

fn board(world: &World, name: &str) -> Page {
    world.as_(name).get("/team")
}

fn pairs(rows: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, place): &(&str, &str)| ((*name).to_owned(), (*place).to_owned());
    rows.iter().map(owned).collect()
}

#[rstest]
#[case::off("off", &[("Ana Arndt", "")])]
#[case::the_teams_bar("team_bar", &[("Ana Arndt", "")])]
#[case::three_by_name("top_three", &[("Max Maier", "1"), ("Ben Beck", "2"), ("Ana Arndt", "3")])]
#[case::all_by_name("all_named", &[("Max Maier", "1"), ("Ben Beck", "2"), ("Ana Arndt", "3"), ("Ada Adler", "4")])]
#[case::lines("own_place", &[("A line to reach", "1"), ("A line to reach", "2"), ("Ana Arndt", "3")])]
fn a_member_sees_of_the_others_what_the_display_mode_says(
    #[case] mode: &str,
    #[case] seen: &[(&str, &str)],
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = north(database, mode);
    assert_eq!(file(&world, "ana"), pairs(seen));
    let page = board(&world, "ana");
    for name in ["Max Maier", "Ben Beck", "Ada Adler"] {
        let is_named = seen.iter().any(|(known, _)| *known == name);
        assert_eq!(page.has(name), is_named, "{name}: {}", page.text());
    }
}

#[rstest]
fn whoever_leads_the_team_sees_everybody_in_any_mode(
    #[values("off", "team_bar", "top_three", "own_place")] mode: &str,
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = north(database, mode);
    for name in ["max", "ada"] {
        let names: Vec<String> = file(&world, name).into_iter().map(|row| row.0).collect();
        for member in ["Max Maier", "Ben Beck", "Ana Arndt", "Ada Adler"] {
            assert!(
                names.iter().any(|known| known == member),
                "{name}: {names:?}"
            );
        }
    }
}

#[rstest]
fn a_team_bar_says_what_the_team_has_together(#[values(Sqlite, Postgres)] database: Database) {
    let world = north(database, "team_bar");
    world.target("max", "ana", "activities", 4);
    let page = board(&world, "ana");
    // From today to Friday: three days of four. The others have no target that their calls could count for.
    page.ok()
        .says("North 2 of 12")
        .says("17 % of the targets of 1 of 4 people; 9 more that count for nobody’s target");
}

#[rstest]
fn a_line_to_reach_says_the_value_and_nothing_else(#[values(Sqlite, Postgres)] database: Database) {
    let world = north(database, "own_place");
    let page = board(&world, "ana");
    page.ok().says("A line to reach 1 5 \u{2013} \u{2013}");
    let uid = world.person("max").uid;
    assert!(!page.body.contains(&uid), "{}", page.body);
}

#[rstest]
fn a_line_to_reach_says_what_ranks_and_not_of_what_it_is_made(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = north(database, "own_place");
    for name in ["max", "ben", "ana"] {
        world.target("ada", name, "activities", 4);
    }
    let file = world.as_("ana").get("/team?rank=percent&format=csv");
    let mut reader = csv::Reader::from_reader(file.ok().body.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    let line = rows.iter().find(|row| &row[0] == "1").expect("a line");
    // Of what was due, and beside it no value, no target, and no share of the whole one.
    let others = [4, 5, 6, 7].map(|at| &line[at]);
    assert_eq!((&line[1], others), ("A line to reach", [""; 4]));
    assert!(
        line[8].parse::<f64>().is_ok_and(|share| share > 0.0),
        "{line:?}"
    );
}

#[rstest]
fn what_it_takes_to_the_next_line_is_said_by_what_ranks(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = north(database, "own_place");
    board(&world, "ana").says("1 more to the next line");
    for name in ["max", "ben", "ana"] {
        world.target("ada", name, "activities", 4);
    }
    // One hour of today's eight is gone: of the half that was due Ben has 3 and Ana 2.
    let page = world.as_("ana").get("/team?rank=percent");
    page.ok().says("+200.0 points to the next line");
}

#[rstest]
fn the_first_three_are_never_more_than_three_and_nobody_is_first_with_nothing(
    #[values(Sqlite, Postgres)] database: Database,
) {
    // Ana and Ada share the third place: with both of them it would be four.
    let world = north(database, "top_three");
    world.log("ada", "Call", "No answer", None);
    assert_eq!(
        file(&world, "ben"),
        pairs(&[("Max Maier", "1"), ("Ben Beck", "2")])
    );
    assert_eq!(
        file(&world, "ana"),
        pairs(&[("Max Maier", "1"), ("Ben Beck", "2"), ("Ana Arndt", "")])
    );
    // On the next Monday nobody has done anything yet.
    world.at("2026-03-09T08:00:00Z");
    assert_eq!(file(&world, "ben"), pairs(&[("Ben Beck", "")]));
    let page = board(&world, "ben");
    page.ok()
        .says_nothing_of("Max Maier")
        .says_nothing_of("Ana Arndt");
    assert_eq!(file(&world, "max").len(), 5);
}
