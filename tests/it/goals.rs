//! Stories of personal goals: private unless shared, and ended, not deleted.

use crate::reports::explained::value_of;
use crate::world::{Database, Database::*, Page, World};
use chrono::NaiveDate;
use diesel::prelude::*;
use rstest::rstest;
use touchline::calendar::{self, Part};
use touchline::error::Error;
use touchline::goals::{self, Aim, NewGoal, STANDING_MOST};
use touchline::leads::{self, NewEvent};
use touchline::rules::stage::EventKind;
use touchline::rules::target::Metric;
use touchline::schema::{audit_entries, audit_words};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn calls(amount: f64, by_day: Option<&str>) -> NewGoal {
    NewGoal {
        aim: Aim::Metric(Metric::Kind("Call".to_owned())),
        amount,
        starts_on: day("2026-03-02"),
        by_day: by_day.map(day),
        plan: String::new(),
        is_shared: false,
    }
}

/// Sets a goal and returns its uid.
fn set(world: &World, name: &str, new: &NewGoal) -> String {
    world.write_as(name, |tx| {
        goals::set(tx, new)?;
        let (id, day) = (tx.me()?.id, day("2026-03-01"));
        let goals = goals::store::standing(tx.conn, id, day)?;
        Ok(goals.last().expect("the goal").uid.clone())
    })
}

#[rstest]
fn a_goal_is_read_beside_the_working_time_that_is_gone(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-03-03T09:00:00Z");
    for _ in 0..4 {
        world.log("ana", "Call", "No answer", None);
    }
    // Monday to Friday week, ten working days: on Wednesday at ten 2 1/8 days are gone.
    world.at("2026-03-04T09:00:00Z");
    set(&world, "ana", &calls(40.0, Some("2026-03-13")));
    let page = world.as_("ana").get("/planner");
    page.ok()
        .says("Call 4 of 40 by Fri 13 Mar 2026")
        .says("4 behind pace")
        .says("Private");
    set(&world, "ana", &calls(3.0, None));
    world.log("ana", "Call", "No answer", None);
    let page = world.as_("ana").get("/planner");
    page.says("Call 1 of 3 today").says("1 ahead of pace");
    // When its time is over, it says how it ended.
    world.at("2026-03-16T09:00:00Z");
    let page = world.as_("ana").get("/planner");
    page.says("Earlier goals")
        .says("5 of 40 by Fri 13 Mar 2026 Not reached")
        .says("0 of 3 today");
}

#[rstest]
fn a_goal_is_private_until_it_is_shared_and_then_the_managers_see_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = set(&world, "ana", &calls(40.0, Some("2026-03-13")));
    let everybody = ["max", "mia", "ada", "ben", "sue"];
    for name in everybody {
        let page = world.as_(name).get("/planner");
        page.ok()
            .says_nothing_of("of 40")
            .says_nothing_of("Ana Arndt");
    }
    let page = world.as_("ana").get("/planner");
    let done = page.submit(&format!("/planner/goals/{uid}/share"), &[]);
    done.redirects_to("/planner?done=shared");
    for name in everybody {
        let page = world.as_(name).get("/planner");
        match ["max", "ada"].contains(&name) {
            true => page.says("Ana Arndt").says("0 of 40 by Fri 13 Mar 2026"),
            false => page.says_nothing_of("of 40"),
        };
    }
    let page = world.as_("ana").get("/planner");
    let done = page.submit(&format!("/planner/goals/{uid}/share"), &[]);
    done.redirects_to("/planner?done=private");
    world
        .as_("max")
        .get("/planner")
        .says("Nobody shares a goal with you now.");
}

#[rstest]
fn nobody_changes_the_goal_of_somebody_else(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let new = NewGoal {
        is_shared: true,
        ..calls(40.0, Some("2026-03-13"))
    };
    let uid = set(&world, "ana", &new);
    for name in ["max", "ada", "ben", "mark"] {
        let answer = world.try_as(name, |tx| goals::end(tx, &uid));
        assert!(matches!(answer, Err(Error::NotFound)), "{name}");
        let answer = world.try_as(name, |tx| goals::share(tx, &uid, false));
        assert!(matches!(answer, Err(Error::NotFound)), "{name}");
    }
    let share = format!("/planner/goals/{uid}/share");
    world.as_("max").post(&share, &[]).is(404);
    world.as_("mark").post(&share, &[]).is(403);
    world.as_("mark").post("/planner/goals", &[]).is(403);
    world
        .as_("ana")
        .get("/planner")
        .says("Shared with your manager");
}

#[rstest]
fn an_ended_goal_stays_with_its_dates_and_the_trail_does_not_say_what_it_was(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.log("ana", "Call", "No answer", None);
    let uid = set(&world, "ana", &calls(40.0, Some("2026-03-13")));
    let page = world.as_("ana").get("/planner");
    let done = page.submit(&format!("/planner/goals/{uid}/end"), &[]);
    done.redirects_to("/planner?done=ended");
    // What is logged after it ended is not counted.
    world.at("2026-03-05T09:00:00Z");
    world.log("ana", "Call", "No answer", None);
    world
        .as_("ana")
        .get("/planner")
        .says("Earlier goals")
        .says("1 of 40 by Fri 13 Mar 2026");
    let again = world.try_as("ana", |tx| goals::end(tx, &uid));
    assert!(matches!(again, Err(Error::NotFound)));
    let trail: Vec<(String, String)> = world.read(|conn| {
        Ok(audit_entries::table
            .inner_join(audit_words::table.on(audit_words::entry_id.eq(audit_entries::id)))
            .filter(audit_entries::subject.eq("goal"))
            .order(audit_entries::id)
            .select((audit_entries::verb, audit_words::became))
            .load(conn)?)
    });
    let verb = |verb: &str| (verb.to_owned(), String::new());
    assert_eq!(trail, [verb("set goal"), verb("ended goal")]);
}

#[rstest]
fn a_goal_of_wins_counts_the_leads_won_while_they_were_ones_own(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    for (name, owner) in [("Acme", "ana"), ("Birch", "ana"), ("Cedar", "ben")] {
        let lead = world.lead(name, owner);
        world.write_as(owner, |tx| {
            let id = leads::visible(tx, &lead)?.id;
            let won = NewEvent::now(tx, id, EventKind::Won);
            leads::record(tx, &won)
        });
    }
    let fields = [
        ("metric", "wins"),
        ("amount", "5"),
        ("by_day", "2026-03-31"),
    ];
    let done = world.as_("ana").post("/planner/goals", &fields);
    done.redirects_to("/planner?done=set");
    world
        .as_("ana")
        .get("/planner")
        .says("Wins 2 of 5 by Tue 31 Mar 2026");
    let behind = open_goal(&world, "2 of 5 by Tue 31 Mar 2026");
    assert_eq!(value_of(&behind), "2");
    behind
        .says("Acme")
        .says("Birch")
        .says_nothing_of("Cedar")
        .says("Counted: won while you owned it (2 rows)");
}

/// What ana's goal of these words opens.
fn open_goal(world: &World, words: &str) -> Page {
    let ana = world.as_("ana");
    let links = ana.get("/planner").ok().anchors();
    let link = links.iter().find(|(_, said)| said == words);
    let (href, _) = link.unwrap_or_else(|| panic!("no goal says {words:?}: {links:?}"));
    let page = ana.get(href);
    page.ok();
    page
}

#[rstest]
fn what_a_goal_counts_leads_to_the_entries_that_it_counts(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-03-03T09:00:00Z");
    for _ in 0..4 {
        world.log("ana", "Call", "No answer", None);
    }
    set(&world, "ana", &calls(40.0, Some("2026-03-13")));
    set(&world, "ana", &calls(3.0, None));
    world.at("2026-03-04T09:00:00Z");
    world.log("ana", "Call", "No answer", None);
    let all = open_goal(&world, "5 of 40 by Fri 13 Mar 2026");
    assert_eq!(value_of(&all), "5");
    let today = open_goal(&world, "1 of 3 today");
    assert_eq!(value_of(&today), "1");
    // As an earlier goal too.
    world.at("2026-03-16T09:00:00Z");
    let over = open_goal(&world, "5 of 40 by Fri 13 Mar 2026");
    assert_eq!(value_of(&over), "5");
}

#[rstest]
fn a_goal_that_makes_no_sense_comes_back_with_what_to_mend(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let rep = world.as_("ana");
    for (metric, amount, by_day, words) in [
        ("kind:Fax", "5", "", "Enter what to count, from the list."),
        ("activities", "0", "", "Enter an amount above 0"),
        ("activities", "NaN", "", "Enter an amount above 0"),
        ("activities", "5", "2026-03-03", "That day is over."),
        (
            "activities",
            "5",
            "2028-01-01",
            "A goal is for a year at most.",
        ),
        ("activities", "5", "soon", "Enter a date such as"),
    ] {
        let fields = [("metric", metric), ("amount", amount), ("by_day", by_day)];
        rep.post("/planner/goals", &fields).is(422).says(words);
    }
    for amount in 1..=STANDING_MOST {
        set(&world, "ana", &calls(amount as f64, None));
    }
    let more = world.try_as("ana", |tx| goals::set(tx, &calls(99.0, None)));
    assert!(matches!(more, Err(Error::Refused(_))));
}

#[rstest]
fn a_goal_of_an_amount_a_day_asks_nothing_of_a_day_off_and_half_of_half_a_day(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    set(&world, "ana", &calls(4.0, None));
    let id = world.person("ana").id;
    let off = |on: &str, part: Part| {
        let on = day(on);
        world.write_as("ana", |tx| calendar::time_off::enter(tx, id, on, on, part));
    };
    off("2026-03-05", Part::Full);
    off("2026-03-06", Part::Afternoon);
    let says = |at: &str, words: &str| {
        let page = world.at(at).as_("ana").get("/planner");
        page.ok().says(words);
        page
    };
    // Thursday is off, and of Friday the morning is gone at one o'clock; on Saturday nobody works.
    let thursday = says("2026-03-05T15:00:00Z", "Call 0 today");
    thursday
        .says("Nothing asked: a day off")
        .says_nothing_of("behind pace");
    says("2026-03-06T15:00:00Z", "Call 0 of 2 today").says("2 behind pace");
    says("2026-03-07T15:00:00Z", "Nothing asked: a day off");
    says("2026-03-09T16:00:00Z", "Call 0 of 4 today").says("4 behind pace");
}

#[rstest]
fn what_is_logged_after_a_goal_was_ended_counts_no_more_on_its_last_day_either(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let by_day = calls(5.0, Some("2026-03-13"));
    let ended = [
        set(&world, "ana", &by_day),
        set(&world, "ana", &calls(3.0, None)),
    ];
    world.log("ana", "Call", "No answer", None);
    world.at("2026-03-04T10:00:00Z");
    for uid in &ended {
        world.write_as("ana", |tx| goals::end(tx, uid));
    }
    // One that goes on counts on.
    set(&world, "ana", &calls(6.0, Some("2026-03-13")));
    world.at("2026-03-04T11:00:00Z");
    world.log("ana", "Call", "No answer", None);
    let page = world.as_("ana").get("/planner");
    page.ok()
        .says("1 of 5 by Fri 13 Mar 2026")
        .says("1 of 3 a day")
        .says("2 of 6 by Fri 13 Mar 2026");
}
