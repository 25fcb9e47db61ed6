//! Stories of goals that sales and marketing own together.

use crate::reports::explained::open_figures;
use crate::world::{Database, Database::*, Page, World};
use rstest::rstest;
use touchline::imports::{self, Source};

pub fn make(world: &World, by: &str, name: &str, changes: &[(&str, &str)]) -> Page {
    let (max, mark) = (world.person("max").uid, world.person("mark").uid);
    let mut fields = vec![
        ("name", name),
        ("amount", "4"),
        ("from", "2026-03-02"),
        ("to", "2026-03-31"),
        ("sales_owner", &max),
        ("marketing_owner", &mark),
    ];
    fields.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    fields.extend(changes);
    world
        .as_(by)
        .get("/shared-goals")
        .submit("/shared-goals", &fields)
}

#[rstest]
fn both_sides_read_the_same_bar_and_marketing_no_target(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.target("max", "ana", "activities", 37);
    make(&world, "mark", "Spring", &[])
        .is(303)
        .follow()
        .says("both sides see it");
    let lead = world.lead("Acme", "ana");
    world.lead("Birch", "ana");
    world.at("2026-03-04T10:00:00Z");
    world.log("ana", "Call", "Meeting booked", Some(&lead));
    world.at("2026-03-05T10:00:00Z");
    // The same hand-over, and a meeting without a lead: neither counts once more.
    world.log("ana", "E-mail", "Meeting booked", Some(&lead));
    world.log("ana", "Call", "Meeting booked", None);
    let words = "Spring 1 of 4";
    for name in ["max", "mia", "mark", "ada"] {
        let page = world.as_(name).get("/shared-goals");
        page.ok()
            .says(words)
            .says("Max Maier for sales, Mark Marlow for marketing");
        page.says_nothing_of("37").says_nothing_of("Ana");
    }
    for address in ["/targets", "/targets/matrix"] {
        world.as_("max").get(address).says(words);
    }
    world.as_("ana").get("/targets").says_nothing_of("Spring");
    world.as_("ana").get("/shared-goals").is(403);
    world.as_("mark").get("/targets").is(403);
}

#[rstest]
fn wins_and_value_count_in_the_days_of_the_goal(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let leads = "external_id,name,created_at,amount,currency\n\
                 a,A,2026-02-01T09:00:00Z,1000,EUR\nb,B,2026-02-01T09:00:00Z,500,EUR\n\
                 c,C,2026-02-01T09:00:00Z,,\nd,D,2026-02-01T09:00:00Z,9000,EUR\n";
    let events = "lead_external_id,at,event,amount,currency\n\
                  a,2026-03-02T09:00:00Z,won,,\nb,2026-03-03T09:00:00Z,won,750.50,EUR\n\
                  c,2026-03-03T09:00:00Z,won,,\nd,2026-02-20T09:00:00Z,won,,\n";
    let files = [
        Source::new("leads.csv", leads.as_bytes()),
        Source::new("lead_events.csv", events.as_bytes()),
    ];
    world.write(|tx| imports::import(tx, &files, false, &mut |_| {}));
    make(
        &world,
        "max",
        "Wins",
        &[("measure", "wins"), ("amount", "3")],
    )
    .is(303);
    let value = [
        ("measure", "value"),
        ("amount", "5000"),
        ("currency", "eur"),
    ];
    make(&world, "ada", "Money", &value).is(303);
    let page = world.as_("mark").get("/shared-goals");
    page.says("Wins 3 of 3").says("reached");
    page.says("Money 1,750.5 of 5,000 EUR")
        .says("1 win without an amount in EUR is left out.");
}

#[rstest]
fn the_last_day_of_a_goal_is_whole(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let wins = [("measure", "wins"), ("amount", "3")];
    make(&world, "max", "Wins", &wins).is(303);
    world.at("2026-04-02T09:00:00Z");
    let leads = "external_id,name,created_at\n\
                 a,A,2026-02-01T09:00:00Z\nb,B,2026-02-01T09:00:00Z\n";
    // Half a second before midnight in Berlin, and at midnight.
    let events = "lead_external_id,at,event\n\
                  a,2026-03-31T21:59:59.500Z,won\nb,2026-03-31T22:00:00Z,won\n";
    let files = [
        Source::new("leads.csv", leads.as_bytes()),
        Source::new("lead_events.csv", events.as_bytes()),
    ];
    world.write(|tx| imports::import(tx, &files, false, &mut |_| {}));
    world
        .as_("mark")
        .get("/shared-goals")
        .ok()
        .says("Wins 1 of 3");
}

#[rstest]
fn a_goal_needs_an_owner_on_both_sides(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let (max, mark) = (world.person("max").uid, world.person("mark").uid);
    let two_of_sales = make(&world, "max", "One-sided", &[("marketing_owner", &max)]);
    two_of_sales
        .is(422)
        .says("an owner in sales and one in marketing");
    let two_of_marketing = make(&world, "max", "One-sided", &[("sales_owner", &mark)]);
    two_of_marketing.is(422);
    let wrong = [
        ("name", ""),
        ("amount", "0"),
        ("measure", "value"),
        ("currency", "Euro"),
        ("from", "soon"),
        ("sales_owner", "nobody"),
    ];
    make(&world, "max", "", &wrong)
        .is(422)
        .says("Enter what the goal is called.")
        .says("Enter an amount above 0.")
        .says("Enter a currency such as EUR.")
        .says("Enter a date")
        .says("Enter somebody of sales.");
    make(&world, "max", "Backwards", &[("to", "2026-03-01")])
        .is(422)
        .says("The last day must not be before the first.");
    world
        .as_("max")
        .get("/shared-goals")
        .says("No shared goal yet");
}

#[rstest]
fn a_goal_is_ended_by_its_owners_and_stays_to_be_read(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    make(&world, "max", "Spring", &[]).is(303);
    let page = world.as_("mark").get("/shared-goals");
    let end = page
        .actions()
        .into_iter()
        .find(|action| action.ends_with("/end"));
    let end = end.expect("a way to end it");
    let others = world.as_("mia").get("/shared-goals");
    assert!(!others.actions().contains(&end));
    world.as_("mia").post(&end, &[]).is(403);
    world.as_("ana").post(&end, &[]).is(403);
    page.submit(&end, &[])
        .is(303)
        .follow()
        .says("The goal has ended.");
    world
        .as_("max")
        .get("/shared-goals")
        .says("Spring 0 of 4")
        .says("ended early");
    world.as_("max").get("/targets").says_nothing_of("Spring");
    world.as_("max").post(&end, &[]).is(422);
    world.as_("max").post("/shared-goals/99/end", &[]).is(404);
}

#[rstest]
fn a_goal_opens_the_hand_overs_that_count_for_it(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    make(&world, "mark", "Spring", &[]);
    let lead = world.lead("Acme", "ana");
    let other = world.lead("Birch", "sue");
    world.at("2026-03-04T10:00:00Z");
    world.log("ana", "Call", "Meeting booked", Some(&lead));
    world.log("sue", "Call", "Meeting booked", Some(&other));
    for name in ["mark", "max", "ada"] {
        let found = open_figures(
            &world.as_(name),
            "/shared-goals",
            &["/shared-goals/explain?"],
        );
        assert_eq!(found, 1, "{name}");
    }
    let links = world.as_("mark").get("/shared-goals").ok().links();
    let link = links
        .iter()
        .find(|link| link.starts_with("/shared-goals/explain"));
    let link = link.expect("a way to what explains it");
    let address = link.split("&as_of").next().expect("an address");
    let explain = |name: &str| world.as_(name).get(address);
    explain("mark")
        .ok()
        .says("2 of 4")
        .says("Counted: a meeting was booked (2 rows)")
        .says("Birch");
    // The number is the same for everybody; a lead of another team has no name and no way to it.
    explain("max")
        .ok()
        .says("2 of 4")
        .says("Acme")
        .says("A lead that is not yours to see")
        .says_nothing_of("Birch");
    explain("ana").is(403);
    world
        .as_("mark")
        .get("/shared-goals/explain?goal=7000")
        .is(404);
    world.at("2026-03-09T10:00:00Z");
    let before = format!("{address}&as_of=2026-03-04T09:30:00Z");
    world.as_("mark").get(&before).ok().says("0 of 4");
}
