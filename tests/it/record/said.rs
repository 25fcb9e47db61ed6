//! What entries of the record say: what was, what things are called, who did it at the console; and what its filters refuse.

use super::*;
use chrono::NaiveDate;
use std::io::Write;
use std::process::Stdio;
use touchline::calendar::{self, Whose};
use touchline::lists::{self, List};
use touchline::people::peers;
use touchline::people::settings::{self, Keeping};
use touchline::rules::workday::Block;
use touchline::territories::{self, NewRule};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 4).expect("a day")
}

/// How many entries a page of the record shows.
fn rows(page: &crate::world::Page) -> usize {
    page.ok().body.matches("data-label=\"Did\"").count()
}

/// Runs a command of the program with a line on its standard input: its exit code, and what it said.
fn at_the_console(world: &World, arguments: &[&str], typed: &str) -> (Option<i32>, String) {
    let mut command = crate::world::touchline(world.home());
    command.args(arguments).stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut input = child.stdin.take().expect("its input");
    // One that refuses at once does not read what is typed.
    input.write_all(format!("{typed}\n").as_bytes()).ok();
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("panicked"), "{said}");
    (output.status.code(), said)
}

#[rstest]
fn what_is_set_anew_says_what_it_was(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let ana = world.person("ana").id;
    world.write_as("ada", |tx| {
        let kinds = lists::store::kinds(tx.conn)?;
        let call = kinds.iter().find(|kind| kind.name == "Call");
        for (weight, daily_cap) in [(3.0, Some(20)), (5.5, None)] {
            let channel = Channel { weight, daily_cap };
            let days = (today(), today());
            lists::weigh(tx, call.expect("Call"), channel, days, "Agreed")?;
        }
        peers::place(tx, (ana, "Newcomers", today()), 0)?;
        let keeping = |uploads_days| Keeping {
            notices_days: None,
            uploads_days,
            addresses_days: Some(30),
            leads_days: None,
        };
        settings::keep_for(tx, &keeping(None))?;
        settings::keep_for(tx, &keeping(Some(3)))
    });
    let newest = world.read(|conn| Ok(peers::store::all(conn)?[0].id));
    world.write_as("ada", |tx| peers::place(tx, (ana, "", today()), newest));
    let ada = world.as_("ada");
    ada.get("/stages")
        .submit("/stages", &[("nurture", "Resting")])
        .is(303);
    ada.get("/stages")
        .submit("/stages", &[("nurture", "Sleeping")])
        .is(303);
    ada.get("/record")
        .ok()
        .says("weighed kind Call Call 3, cap 20 Call 5.5, no cap, from 2026-03-04")
        .says("peer group of person Ana Arndt no group Newcomers from 2026-03-04")
        .says("peer group of person Ana Arndt Newcomers no group from 2026-03-04")
        .says("changed workspace addresses for ever addresses 30 days")
        .says("changed workspace uploads 1 day uploads 3 days")
        .says("named the stages of workspace nurture Nurture nurture Resting")
        .says("named the stages of workspace nurture Resting nurture Sleeping");
}

#[rstest]
fn what_the_command_line_does_was_done_at_the_console(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let password = "a long enough password";
    let set = ["person", "set-password", "ana@example.com"];
    let (code, said) = at_the_console(&world, &set, password);
    assert_eq!(code, Some(0), "{said}");
    let page = world.as_("ada").get("/record?by=console");
    assert_eq!(rows(&page), 1);
    page.says("The operator set the password of person Ana Arndt")
        .says("At the console");
    let file = world.as_("ada").get("/record?by=console&format=csv");
    assert!(
        file.ok()
            .body
            .contains(",The operator,set the password of,person,person Ana Arndt,,,console")
    );
    // What is nobody's address is kept when addresses are not.
    world.write(|tx| {
        let later = tx.now.plus_seconds(86_400 * 400);
        touchline::audit::store::blank_addresses(tx.conn, later)
    });
    let page = world.as_("ada").get("/record?by=console");
    assert_eq!(rows(&page), 1);
}

#[rstest]
fn somebody_who_has_left_gets_no_password_and_nobody_is_without_a_name(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    leaves(&world, "ana");
    let password = "a long enough password";
    let set = ["person", "set-password", "ana@example.com"];
    let (code, said) = at_the_console(&world, &set, password);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("They have left: say that they are back first."),
        "{said}"
    );
    let long = "x".repeat(121);
    for name in ["", "  ", "two\nlines", "a\u{7}bell", &long] {
        let add = ["person", "add", "new@example.com", name];
        let (code, said) = at_the_console(&world, &add, password);
        assert_eq!(code, Some(1), "{name:?}");
        assert!(
            said.contains("enter a name: one line of 1 to 120 letters"),
            "{said}"
        );
    }
    let add = ["person", "add", "new@example.com", " Nele Neu "];
    let (code, said) = at_the_console(&world, &add, password);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(world.person("new").name, "Nele Neu");
}

#[rstest]
fn the_record_calls_things_by_their_names(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world.write_as("ada", |tx| {
        let territory_id = territories::add_territory(tx, "DACH")?;
        let rule = NewRule {
            territory_id,
            country: "DE".to_owned(),
            ..NewRule::default()
        };
        let id = territories::add_rule(tx, &rule)?;
        territories::add_rule(tx, &rule)?;
        territories::move_rule(tx, id, false)?;
        let country = "AT".to_owned();
        territories::change_rule(tx, id, &NewRule { country, ..rule })?;
        territories::retire_rule(tx, id)?;
        let reasons = lists::store::all_reasons(tx.conn)?;
        let reason = reasons.iter().find(|reason| reason.name == "No budget");
        let id = reason.expect("a reason").id;
        lists::reasons::change(tx, id, &lists::reasons::Change::Retire)?;
        lists::labels::add(tx, List::Asset, "Guide")
    });
    let ada = world.as_("ada");
    let page = ada.get("/record?q=dach");
    assert_eq!(rows(&page), 6);
    page.says("added territory rule territory DACH, country DE")
        .says("moved territory rule place 1: territory DACH, country DE place 2: territory DACH, country DE")
        .says("changed territory rule territory DACH, country DE territory DACH, country AT")
        .says("retired territory rule territory DACH, country AT");
    ada.get("/record").ok().says("retired reason No budget");
    let ana = Whose::Person(world.person("ana").id);
    let morning = Block {
        opens_min: 9 * 60,
        closes_min: 12 * 60 + 30,
    };
    world.write_as("ada", |tx| {
        calendar::hours::set_hours(tx, ana, today(), &[(1, morning)])
    });
    ada.get("/record?q=hours")
        .ok()
        .says("set the hours of person Ana Arndt")
        .says("from 2026-03-04: Mon 09:00-12:30");
}

#[rstest]
fn a_wrong_filter_shows_its_fault_and_nothing_of_the_record(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ada = world.as_("ada");
    for query in ["from=2026-13-01", "to=yesterday", "by=nobody"] {
        for format in ["", "&format=csv"] {
            let page = ada.get(&format!("/record?{query}{format}"));
            page.is(422).says("Please check what you entered");
            assert!(!page.body.contains("data-label=\"Did\""), "{query}");
            assert!(!page.body.contains("added,"), "{query}");
        }
    }
    ada.get("/record?from=2026-13-01")
        .says("Enter a date such as 2026-03-31.")
        .says_nothing_of("No entry fits");
    ada.get("/record?from=2026-03-01&to=").ok();
}
