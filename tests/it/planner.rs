//! Stories of the planner: what it answers to whom, and when it gives no number.

use crate::reports::explained::value_of;
use crate::world::{Database, Database::*, Page, World};
use chrono::NaiveDate;
use rstest::rstest;
use touchline::calendar::{self, Part};
use touchline::leads::{self, NewEvent};
use touchline::rules::plan::{self, Ask, Belief, Plan};
use touchline::rules::rates::{Prior, Rate};
use touchline::rules::stage::EventKind;

/// 10 meetings counted from 1 March to 31 March: 20 working days from Wednesday, 4 March on.
const MARCH: &str = "/planner?goal=10&since=2026-03-01&by=2026-03-31";

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Leads that somebody works first now, each with one call; the first `booked` of them book a meeting at once.
fn works(world: &World, name: &str, count: usize, booked: usize) -> Vec<String> {
    let work = |index: usize| {
        let lead = world.lead(&format!("Lead {index} of {name}"), name);
        let outcome = match index < booked {
            true => "Meeting booked",
            false => "No answer",
        };
        world.log(name, "Call", outcome, Some(&lead));
        lead
    };
    (0..count).map(work).collect()
}

fn asks(world: &World, name: &str, question: &str) -> Page {
    world.at("2026-03-04T09:00:00Z").as_(name).get(question)
}

fn rate(k: u64, n: u64) -> Rate {
    Rate { k, n }
}

#[rstest]
fn a_rep_reads_how_many_prospects_a_day_give_the_goal_a_chance_of_80_percent(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2025-12-01T09:00:00Z");
    works(&world, "ana", 30, 6);
    works(&world, "ben", 12, 3);
    // Within 60 days, and so not matured: not in the rate.
    world.at("2026-03-03T09:00:00Z");
    works(&world, "ana", 4, 0);

    let team = Prior::of(&[rate(3, 12), rate(6, 30)]);
    let (beta, _) = plan::posterior(rate(6, 30), team).expect("a rate");
    let ask = Ask {
        goal: 10,
        got: 0,
        days_left: 20.0,
        best_per_day: Some(6.0),
    };
    let belief = Belief::Likely(beta);
    let Plan::Needs { per_day, units, .. } = plan::plan(ask, belief) else {
        panic!("a number");
    };
    let page = asks(&world, "ana", MARCH);
    page.ok()
        .says(&format!(
            "To have an 80 % chance of 10 meetings by Tue 31 Mar 2026: {per_day} new prospects a working day \
             (about {per_day} touches)."
        ))
        .says(&format!("It takes {units} new prospects in all."))
        .says("6 meetings of 30 matured prospects")
        .says("4 prospects are too new to count in the rate.")
        .says("Too few meetings yet to know how late they land")
        .says("20 working days are left.")
        .says_nothing_of("Ben Beck");
    let (low, high) = (beta.quantile(0.05) * 100.0, beta.quantile(0.95) * 100.0);
    page.says(&format!("likely between {low:.1} % and {high:.1} %"));
    // The same figures in the table beside the picture.
    assert!(units <= per_day * 20);
    let chance = belief.at_least(10, per_day * 20) * 100.0;
    page.says(&format!("{per_day} {} {chance:.1} %", per_day * 20));
    let csv = asks(&world, "ana", &format!("{MARCH}&format=csv"));
    let line = format!("\n{per_day},{},{}\n", per_day * 20, chance / 100.0);
    assert!(csv.ok().body.starts_with("prospects_a_day,in_all,chance\n"));
    assert!(csv.body.contains(&line[..line.len() - 4]), "{}", csv.body);
}

#[rstest]
fn what_was_had_since_the_goal_began_and_days_off_count(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2025-12-01T09:00:00Z");
    works(&world, "ana", 30, 6);
    world.at("2026-03-03T09:00:00Z");
    works(&world, "ana", 4, 4);
    let ana = world.person("ana").id;
    let (first, last) = (day("2026-03-09"), day("2026-03-13"));
    world.write(|tx| calendar::store::put_time_off(tx.conn, ana, first, last, Part::Full));
    let page = asks(&world, "ana", MARCH);
    page.says("4 of 10 since Sun 1 Mar 2026.")
        .says("15 working days are left.");
    // After work, the day is over.
    world.at("2026-03-04T17:00:00Z");
    world
        .as_("ana")
        .get(MARCH)
        .says("14 working days are left.");
    asks(
        &world,
        "ana",
        "/planner?goal=4&since=2026-03-01&by=2026-03-31",
    )
    .says("The goal is made: 4 of 4 meetings since Sun 1 Mar 2026.")
    .says_nothing_of("Adopt as my goal");
}

#[rstest]
fn meetings_that_land_late_are_counted_as_late(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world.at("2026-01-12T09:00:00Z");
    let leads = works(&world, "ana", 40, 0);
    // Ten of them book: four the next working day, six after ten.
    world.at("2026-01-13T09:00:00Z");
    for lead in &leads[..4] {
        world.log("ana", "Call", "Meeting booked", Some(lead));
    }
    world.at("2026-01-26T09:00:00Z");
    for lead in &leads[4..10] {
        world.log("ana", "Call", "Meeting booked", Some(lead));
    }
    world.at("2026-03-03T09:00:00Z");
    works(&world, "ana", 20, 0);
    let page = asks(&world, "ana", MARCH);
    // A day after the first touch 4 of 60 have booked, after ten days 6 of the 36 still watched of the other 56: so
    // that F is 0 on the same day, 0.3 from 1 to 9 days and 1 from 10 days on; the mean over 0 to 19 days is 0.635.
    page.ok()
        .says("64 % land before the day")
        .says("10 meetings of 40 matured prospects")
        .says("20 prospects are too new to count in the rate.");
    // Those worked yesterday have seven of ten still before them.
    let (beta, _) = plan::posterior(rate(10, 40), None).expect("a rate");
    let expected = 20.0 * beta.mean() * 0.7;
    page.says(&format!(
        "about {expected:.1} late meetings may still come of 50 prospects in flight"
    ));
}

#[rstest]
fn what_if_is_asked_by_form_and_refused_beyond_three_times_the_best_week(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2025-12-01T09:00:00Z");
    works(&world, "ana", 30, 6);
    let page = asks(&world, "ana", &format!("{MARCH}&rate=50&days=5"));
    page.ok()
        .says(
            "With a rate of 50.0 %, taken as it is; your own: 6 meetings of 30 matured prospects.",
        )
        // 24 of a known rate of one half.
        .says("5 new prospects a working day");
    let refused = asks(&world, "ana", &format!("{MARCH}&rate=1&days=5"));
    refused
        .ok()
        .says("This goal needs a better rate or more days.")
        .says("more than three times the best week so far, which had 30 new prospects")
        .says_nothing_of("Adopt as my goal");
    asks(&world, "ana", &format!("{MARCH}&unit=touches&days=10"))
        .ok()
        .says("touches a working day.")
        .says("touches on matured prospects");
    // A weekend has no working day.
    asks(
        &world,
        "ana",
        "/planner?goal=10&since=2026-03-07&by=2026-03-08",
    )
    .ok()
    .says("No working day is left until then.");
}

#[rstest]
fn without_outcomes_and_without_a_team_there_is_no_number(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2025-12-01T09:00:00Z");
    works(&world, "sue", 8, 0);
    works(&world, "ben", 30, 6);
    asks(&world, "sue", MARCH)
        .ok()
        .says("No number: there is no meeting yet of your 8 prospects that have matured")
        .says_nothing_of("Adopt as my goal");
    // Ana has not begun, and her team has.
    asks(&world, "ana", MARCH)
        .ok()
        .says("this is using the team's rate mostly")
        .says("0 meetings of 0 matured prospects");
}

#[rstest]
fn wins_are_those_of_who_owned_the_lead(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world.at("2025-12-01T09:00:00Z");
    let leads = works(&world, "ana", 12, 8);
    world.at("2025-12-05T09:00:00Z");
    for lead in &leads[..5] {
        world.write_as("ana", |tx| {
            let id = leads::visible(tx, lead)?.id;
            let won = NewEvent::now(tx, id, EventKind::Won);
            leads::record(tx, &won)
        });
    }
    // A lead that is ben's by now was won while it was ana's.
    let ben = world.person("ben").id;
    world.at("2025-12-08T09:00:00Z");
    world.write_as("max", |tx| {
        let id = leads::visible(tx, &leads[0])?.id;
        leads::assign(tx, id, ben)
    });
    asks(&world, "ana", &format!("{MARCH}&aim=wins&days=200"))
        .ok()
        .says("10 wins in 200 working days")
        .says("5 wins of 12 matured prospects");
    asks(&world, "ben", &format!("{MARCH}&aim=wins"))
        .ok()
        .says("0 wins of 0 matured prospects");
}

#[rstest]
fn an_answer_is_adopted_as_a_goal_in_one_tap_and_only_once(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2025-12-01T09:00:00Z");
    works(&world, "ana", 30, 6);
    let page = asks(&world, "ana", MARCH);
    page.says("None yet.");
    for _ in 0..2 {
        let done = page.submit("/planner/goals", &[]);
        done.redirects_to("/planner?done=set");
        done.follow().says("Goal set.");
    }
    let seen = asks(&world, "ana", "/planner");
    seen.says("0 of 10 by Tue 31 Mar 2026")
        .says("Plan: ")
        .says("new prospects a working day");
    assert_eq!(seen.text().matches("0 of 10 by").count(), 1);
}

#[rstest]
fn a_question_that_makes_no_sense_comes_back_with_what_to_mend(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    for (query, words) in [
        ("goal=0", "Enter a whole number from 1 to 10,000."),
        ("by=2026-02-30", "Enter a date within a year of today."),
        ("since=2020-01-01", "Enter a date within a year of today."),
        ("weeks=9", "Enter 8, 12, 26 or 52."),
        ("rate=0", "Enter a rate above 0, at most 100 %."),
        ("days=NaN", "Enter a number of days from 0.5 to 366."),
        (
            "since=2026-03-20&by=2026-03-10",
            "must not be before the day it counts from",
        ),
    ] {
        let page = world.as_("ana").get(&format!("/planner?{query}"));
        page.is(422).says(words);
    }
    world.as_("mark").get("/planner").is(403);
}

#[rstest]
fn a_plan_opens_the_prospects_that_its_rate_rests_on(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2025-12-01T09:00:00Z");
    works(&world, "ana", 30, 6);
    works(&world, "ben", 12, 3);
    world.at("2026-03-03T09:00:00Z");
    works(&world, "ana", 4, 0);
    let page = asks(&world, "ana", MARCH);
    let links = page.ok().links();
    let link = links
        .iter()
        .find(|link| link.starts_with("/planner/explain"));
    let link = link.expect("a way to what explains it").clone();
    let explained = world.as_("ana").get(&link);
    let value = value_of(explained.ok());
    page.says(&value);
    explained
        .says("Counted: matured, with the outcome (6 rows)")
        .says("In the whole, not counted: matured, without the outcome (24 rows)")
        .says("Left out: too new: something may still come of it (4 rows)")
        .says("The team’s prospects: 3 of 12")
        .says_nothing_of("of ben");
    // What is worked later does not change what was planned then.
    world.at("2026-03-05T09:00:00Z");
    works(&world, "ana", 10, 10);
    assert_eq!(value_of(world.as_("ana").get(&link).ok()), value);
    world.as_("ana").get("/planner/explain?goal=none").is(404);
    world.as_("mark").get(&link).is(403);
}
