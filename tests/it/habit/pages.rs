//! Who sees a card, and what Today, the card and the team's page say.

use super::*;
use rstest::rstest;
use touchline::calendar::{self, Whose};
use touchline::people;
use touchline::rules::workday::Block;

#[rstest]
fn a_card_is_seen_by_its_owner_their_manager_and_admins_only(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    target(&world, "activities,1,day,ana@example.com,,2026-03-02");
    let card = format!("/people/{}/card", world.person("ana").uid);
    world.as_("ana").get("/card").ok().says("Your gym card");
    for name in ["max", "ada"] {
        let page = world.as_(name).get(&card);
        page.ok().says("Gym card of Ana Arndt");
    }
    world.as_("mia").get(&card).is(404);
    for name in ["ana", "ben", "sue", "mark"] {
        world.as_(name).get(&card).is(403);
    }
    world.as_("mark").get("/card").is(403);
    let mark = format!("/people/{}/card", world.person("mark").uid);
    world.as_("ada").get(&mark).is(404);
    world.as_("ada").get("/people/nobody/card").is(404);
}

#[rstest]
fn a_card_tells_each_day_by_shape_and_in_a_table(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    target(&world, "activities,4,day,ana@example.com,,2026-02-23");
    let done = [("2026-02-23", 4), ("2026-02-24", 1), ("2026-02-28", 2)];
    calls(&world, "ana", &done);
    world.at("2026-03-02T09:00:00Z");
    let card = world.as_("ana").get("/card");
    card.ok()
        .says("Hit, 4 activities")
        .says("Partly met, 25.0 %, 1 activities")
        .says("Missed")
        .says("Nothing asked, 2 activities")
        .says("Not over yet")
        .says("1 days hit, 4 not or partly met");
    for class in [
        "day-full",
        "day-part",
        "day-crossed",
        "day-dot",
        "day-dashed",
    ] {
        let squares = card.body.matches(&format!("<g class=\"{class}\"")).count();
        // One more is in the key.
        assert!(squares >= 2, "{class}");
    }
    let csv = world.as_("ana").get("/card?format=csv").ok().body.clone();
    let header =
        "day,verdict,attainment,activities,strength,reached,leads_reached,meetings_booked\n";
    assert!(csv.starts_with(header), "{csv}");
    assert!(csv.contains("2026-02-24,missed,0.25,1,"), "{csv}");
    assert!(csv.contains("2026-02-28,neutral,,2,"), "{csv}");
    assert!(csv.contains("2026-03-02,pending,0,0,"), "{csv}");
}

#[rstest]
fn a_reminder_comes_at_the_time_that_one_chose_and_only_while_something_is_left(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.target("max", "ana", "activities", 2);
    let ana = world.as_("ana");
    world.at("2026-03-04T14:45:00Z");
    ana.get("/today").ok().says_nothing_of("as you asked");
    let page = ana.get("/card");
    page.submit("/card", &[("remind_at", "25:00")]).is(422);
    let done = page.submit("/card", &[("remind_at", "15:30")]);
    done.redirects_to("/card?done=chosen");
    done.follow().says("Saved.");
    // 15:30 in Berlin is 14:30 UTC.
    let words = "It is 15:30 or later, as you asked. Activities today: 0 of 2.";
    ana.get("/today").ok().says(words);
    world
        .as_("max")
        .get("/today")
        .says_nothing_of("as you asked");
    world.at("2026-03-05T14:29:00Z");
    ana.get("/today").ok().says_nothing_of("as you asked");
    world.at("2026-03-05T14:30:00Z");
    ana.get("/today").ok().says("as you asked");
    world.log("ana", "Call", "No answer", None);
    ana.get("/today").ok().says("Activities today: 1 of 2.");
    world.log("ana", "Call", "No answer", None);
    ana.get("/today").ok().says_nothing_of("as you asked");
    // Saturday asks for nothing.
    world.at("2026-03-07T15:00:00Z");
    ana.get("/today").ok().says_nothing_of("as you asked");
    world.at("2026-03-09T15:00:00Z");
    ana.get("/today").ok().says("as you asked");
    let page = ana.get("/card");
    assert_eq!(page.field("remind_at").as_deref(), Some("15:30"));
    page.submit("/card", &[("remind_at", "")]).is(303);
    ana.get("/today").ok().says_nothing_of("as you asked");
}

#[rstest]
fn who_hides_their_streak_hides_it_on_every_page(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    target(&world, "activities,1,day,ana@example.com,,2026-02-23");
    calls_daily(&world, "ana", "2026-02-23", 5, 1);
    world.at("2026-03-02T09:00:00Z");
    let ana = world.as_("ana");
    ana.get("/today").says("5 in a row");
    world.as_("max").get("/habits").says("5 of 5");
    let row = || {
        let csv = world.as_("max").get("/habits?format=csv").ok().body.clone();
        let row = csv.lines().find(|line| line.starts_with("ana@"));
        let cells = row.expect("her row").split(',').map(str::to_owned);
        cells.collect::<Vec<_>>()[8..11].to_vec()
    };
    assert_eq!(row(), ["5", "5", "0"]);
    let page = ana.get("/card");
    page.says("In a row");
    page.submit("/card", &[("hides_streak", "true")]).is(303);
    ana.get("/today")
        .says("Strength")
        .says_nothing_of("in a row");
    ana.get("/card").says_nothing_of("In a row 5");
    let card = format!("/people/{}/card", world.person("ana").uid);
    world.as_("max").get(&card).says_nothing_of("Best streak");
    assert_eq!(row(), ["", "", ""]);
}

/// Ana hits all days of three weeks, Ben slips from the second on.
fn three_weeks(world: &World) {
    for name in ["ana", "ben"] {
        target(
            world,
            &format!("activities,2,day,{name}@example.com,,2026-02-09"),
        );
    }
    for monday in ["2026-02-09", "2026-02-16", "2026-02-23"] {
        calls_daily(world, "ana", monday, 5, 2);
    }
    calls_daily(world, "ben", "2026-02-09", 5, 2);
    calls_daily(world, "ben", "2026-02-16", 2, 2);
    calls_daily(world, "ben", "2026-02-23", 2, 2);
}

#[rstest]
fn a_manager_sees_who_is_on_track_and_with_whom_to_talk(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    three_weeks(&world);
    world.at("2026-02-26T09:00:00Z");
    let page = world.as_("max").get("/habits");
    page.ok()
        .says("1 of 2 on track")
        .says("One week slipped")
        .says_nothing_of("Worth a conversation");
    world.at("2026-03-02T09:00:00Z");
    let page = world.as_("max").get("/habits");
    page.ok()
        .says("1 of 2 on track")
        .says("Worth a conversation with Ben Beck")
        .says("Two weeks slipped")
        .says("In order of name: this is no ranking");
    let text = page.text();
    let at = |name: &str| text.rfind(name).expect(name);
    assert!(at("Ana Arndt") < at("Ben Beck"));
    world
        .as_("mia")
        .get("/habits")
        .ok()
        .says_nothing_of("Ben Beck");
    world.as_("ada").get("/habits").ok().says("Ben Beck");
    world.as_("ana").get("/habits").is(403);
    world.as_("mark").get("/habits").is(403);
}

#[rstest]
fn the_teams_goal_counts_nobody_for_more_than_125_percent(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    for name in ["ana", "ben"] {
        target(
            &world,
            &format!("activities,4,day,{name}@example.com,,2026-03-02"),
        );
    }
    calls(&world, "ana", &[("2026-03-02", 200)]);
    calls(&world, "ben", &[("2026-03-02", 5)]);
    world.at("2026-03-03T12:00:00Z");
    // 20 a week each: 25 of Ana's 200 count, and all of Ben's 5.
    let page = world.as_("max").get("/habits");
    page.ok()
        .says("North: Activities 30 of 40")
        .says("North: 0 leads reached, share reached 0 % (0 of 205, likely 0 to 2 %).");
    let row = page.text();
    assert!(row.contains("125"), "{row}");
}

#[rstest]
fn improvement_is_the_last_four_weeks_against_the_eight_before(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    target(&world, "activities,4,day,ana@example.com,,2026-01-05");
    for week in 0..8 {
        let monday = date("2026-01-05") + Days::new(7 * week);
        let count = if week < 4 { 2 } else { 3 };
        calls_daily(&world, "ana", &monday.to_string(), 5, count);
    }
    world.at("2026-03-02T09:00:00Z");
    world.as_("max").get("/habits").ok().says("+25.0 points");
}

#[rstest]
fn a_teams_goal_is_due_as_the_targets_of_its_members_are(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let [ben, south] = [world.person("ben").id, world.team("South")];
    let morning = Block {
        opens_min: 9 * 60,
        closes_min: 12 * 60,
    };
    world.write(|tx| {
        let mondays = [(1, morning)];
        let whose = Whose::Person(ben);
        calendar::store::add_week(tx.conn, whose, date("2026-01-05"), &mondays, (None, None))
    });
    target(&world, "activities,100,week,ben@example.com,,2026-02-02");
    target(&world, "activities,2,day,ana@example.com,,2026-02-02");
    // All that is Ben's is due on Monday, and of Ana's ten the half by Wednesday noon: whoever has much counts for much.
    world.at("2026-03-04T12:00:00Z");
    let page = world.as_("max").get("/habits");
    page.ok().says("0 of 110").says("105 behind pace");
    // Who comes into a team in its week owes it nothing of the days before.
    let ana = world.person("ana").id;
    world.write(|tx| people::join(tx, ana, south, date("2026-03-05"), true));
    world.at("2026-03-05T08:00:00Z");
    let page = world.as_("mia").get("/habits");
    page.ok().says("0 of 4").says("on pace");
}

#[rstest]
fn improvement_is_the_same_for_readers_in_other_zones(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    target(&world, "activities,4,day,ana@example.com,,2026-01-05");
    for week in 0..8 {
        let monday = date("2026-01-05") + Days::new(7 * week);
        calls_daily(
            &world,
            "ana",
            &monday.to_string(),
            5,
            u32::from(week > 3) + week as u32 % 3,
        );
    }
    // Monday morning in Berlin, and still Sunday evening in California.
    world.at("2026-03-02T07:30:00Z");
    let file = |name: &str| {
        world
            .as_(name)
            .get("/habits?from=2026-02-02&to=2026-03-01&format=csv")
            .ok()
            .body
            .clone()
    };
    let page = |name: &str| {
        let page = world.as_(name).get("/habits?from=2026-02-02&to=2026-03-01");
        page.ok().text().matches("0 of 20").count()
    };
    let (here, goals) = (file("max"), page("max"));
    let all = file("ada");
    assert!(here.lines().all(|row| all.contains(row)), "{here}\n{all}");
    assert!(goals > 0);
    let max = world.person("max").id;
    let role = touchline::rules::access::Role::Manager;
    world.write_as("ada", |tx| {
        people::change(
            tx,
            max,
            ("Max Maier", role, Some("America/Los_Angeles")),
            None,
        )
    });
    assert_eq!((file("max"), page("max")), (here, goals));
}
