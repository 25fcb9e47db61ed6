//! The Monday pack: made once a week, frozen, and read by each as far as it is theirs.

pub mod big;
mod commitments;
mod explained;
mod whole;

use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{Page, World, terms};
use rstest::rstest;
use std::collections::HashMap;
use touchline::handover::Terms;
use touchline::imports::{self, Source};
use touchline::rules::display::DisplayMode;
use touchline::rules::level::{Per, Volume};
use touchline::{erasure, jobs, people};

/// A week in North: Ana hit one of her two days at four calls (off from Wednesday on), Ben logged nine; two leads wait.
fn week(database: Database) -> World {
    let world = World::new(database);
    world.at("2026-03-02T08:00:00Z");
    world.target("max", "ana", "activities", 4);
    world.target("max", "ben", "activities", 2);
    let id = world.person("ana").id;
    world.write(|tx| {
        let day = |text: &str| text.parse().expect("a day");
        let part = touchline::calendar::Part::Full;
        touchline::calendar::store::put_time_off(
            tx.conn,
            id,
            day("2026-03-04"),
            day("2026-03-06"),
            part,
        )
    });
    let acme = world.lead("Acme", "ana");
    for _ in 0..3 {
        world.log("ana", "Call", "No answer", None);
    }
    world.log("ana", "Call", "Interested", Some(&acme));
    world.at("2026-03-03T08:00:00Z");
    for _ in 0..9 {
        world.log("ben", "Call", "No answer", None);
    }
    world.lead("Globex", "ben");
    world.at("2026-03-04T08:00:00Z");
    world.lead("Initech", "");
    world.lead("Umbrella", "sue");
    world
}

fn made(world: &World) -> Page {
    world.as_("max").post("/monday", &[]).is(303);
    world.as_("max").get("/monday")
}

fn table(world: &World, name: &str, table: &str) -> Vec<HashMap<String, String>> {
    table_of(world, name, "2026-03-09", table)
}

fn table_of(world: &World, name: &str, monday: &str, table: &str) -> Vec<HashMap<String, String>> {
    let path = format!("/monday/{monday}?format=csv&table={table}");
    let page = world.as_(name).get(&path);
    let mut reader = csv::Reader::from_reader(page.ok().body.as_bytes());
    let rows = reader.deserialize();
    rows.map(|row| row.expect("a row")).collect()
}

#[rstest]
fn the_timetable_makes_one_on_monday_morning_and_only_one(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = week(database);
    let packs = |world: &World| world.read(touchline::monday::store::mondays).len();
    // Monday, ten minutes before six in Berlin.
    for (when, count) in [
        ("2026-03-08T12:00:00Z", 0),
        ("2026-03-09T04:50:00Z", 0),
        ("2026-03-09T05:01:00Z", 1),
        ("2026-03-09T05:31:00Z", 1),
        ("2026-03-10T05:31:00Z", 1),
        ("2026-03-16T08:00:00Z", 2),
    ] {
        world.at(when);
        jobs::run(world.app());
        assert_eq!(packs(&world), count, "{when}");
    }
    let page = world.as_("mark").get("/monday/2026-03-09");
    page.ok()
        .says("The week of Mon 2 Mar 2026 to Sun 8 Mar 2026")
        .says("Made 9 Mar 2026, 06:01 by the timetable, under version 1 of the definitions");
    // A tap in a week that has one makes no second.
    let tap = world.as_("max").post("/monday", &[]);
    assert_eq!(tap.location, "/monday/2026-03-16?done=before");
    assert_eq!(packs(&world), 2);
}

#[rstest]
fn it_says_what_the_week_was_for_both_sides(#[values(Sqlite, Postgres)] database: Database) {
    let world = week(database);
    world.at("2026-03-09T08:00:00Z");
    let page = made(&world);
    page.ok()
        .says(
            "Ana Arndt North 2 1 of 2 Wed off, Thu off, Fri off 4 of 8, 50.0 % 1 Warming up (1 of 4)",
        )
        .says("Ben Beck North 1 1 of 5 9 of 10, 90.0 % 0 Warming up (0 of 9)")
        .says("Nobody yet 1 1 Initech")
        .says("Ben Beck 1 1 Globex")
        .says("The oldest open lead: Acme, open for 7 d, Ana Arndt.")
        .says_nothing_of("Umbrella")
        .says("No lead ended for a reason last week.");
    let all = world.as_("mark").get("/monday");
    all.ok()
        .says("All teams 4 leads handed over last week")
        .says("Sue Sommer 1 1 Umbrella")
        .says_nothing_of("against targets")
        .says_nothing_of("50.0 %");
    let levels = table(&world, "ada", "levels");
    let first = |team: &str, promise: &str| {
        let row = levels
            .iter()
            .find(|r| r["team"] == team && r["promise"] == promise);
        let row = row.expect("a row");
        (row["met"].clone(), row["judged"].clone())
    };
    // Four working hours for a warm lead: Acme was tried at once, the others wait since Tuesday and Wednesday.
    let text = |k: &str, n: &str| (k.to_owned(), n.to_owned());
    assert_eq!(first("all", "First attempt in time"), text("1", "4"));
    assert_eq!(first("North", "First attempt in time"), text("1", "2"));
    // As on the page, a share stands with what it rests on and where it likely lies.
    let row = levels
        .iter()
        .find(|row| row["team"] == "all" && row["promise"] == "First attempt in time")
        .expect("a row");
    assert_eq!((row["n"].as_str(), row["share"].as_str()), ("4", "0.25"));
    let end = |name: &str| row[name].parse::<f64>().expect("a number");
    assert!(end("low") < 0.25 && 0.25 < end("high"));
    let reps = table(&world, "max", "reps");
    let ana = reps.iter().find(|row| row["name"] == "Ana Arndt");
    let ana = ana.expect("Ana");
    assert_eq!(
        (ana["share_reached"].as_str(), ana["off"].as_str()),
        ("0.25", "Wed off, Thu off, Fri off")
    );
    for name in [
        "reps",
        "owners",
        "reasons",
        "disputes",
        "visits",
        "commitments",
    ] {
        table(&world, "ada", name);
    }
    world
        .as_("ada")
        .get("/monday/2026-03-09?format=csv&table=people")
        .is(404);
}

#[rstest]
fn what_it_said_stays_whatever_is_entered_later(#[values(Sqlite, Postgres)] database: Database) {
    let world = week(database);
    world.at("2026-03-09T08:00:00Z");
    let reading = |name: &str| {
        let parts = ["reps", "owners", "levels", "reasons", "disputes", "visits"];
        parts.map(|part| table(&world, name, part))
    };
    made(&world);
    let before = reading("ada");
    // Late entries, a lead that goes to somebody else and is tried, and a new name.
    world.at("2026-03-10T08:00:00Z");
    let uid = world.lead("Hooli", "ben");
    world.log("ben", "Call", "Interested", Some(&uid));
    for _ in 0..5 {
        world.log("ana", "Call", "No answer", None);
    }
    let ben = world.person("ben");
    world.write(|tx| {
        people::change(tx, ben.id, ("Benjamin Beck", ben.role, None), None)?;
        people::part(tx, ben.id, "2026-03-10".parse().expect("a day"))
    });
    assert_eq!(reading("ada"), before);
    world
        .as_("ada")
        .get("/monday")
        .ok()
        .says("Ben Beck North 1 1 of 5");
    let change = world.app().db.write(|conn| {
        touchline::both!(conn, |c| diesel::RunQueryDsl::execute(
            diesel::sql_query("UPDATE packs SET content = '{}'"),
            c
        ))?;
        Ok(())
    });
    assert!(change.is_err(), "a pack was changed");
    let remove = world.app().db.write(|conn| {
        touchline::both!(conn, |c| diesel::RunQueryDsl::execute(
            diesel::sql_query("DELETE FROM packs"),
            c
        ))?;
        Ok(())
    });
    assert!(remove.is_err(), "a pack was removed");
}

#[rstest]
fn each_reads_as_much_of_it_as_is_theirs(#[values(Sqlite, Postgres)] database: Database) {
    let world = week(database);
    world.at("2026-03-09T08:00:00Z");
    made(&world);
    let names = |name: &str, part: &str, column: &str| {
        let rows = table(&world, name, part);
        let mut names: Vec<String> = rows.into_iter().map(|row| row[column].clone()).collect();
        names.dedup();
        names
    };
    assert_eq!(names("max", "reps", "name"), ["Ana Arndt", "Ben Beck"]);
    assert_eq!(names("mia", "reps", "name"), ["Sue Sommer"]);
    assert_eq!(names("mia", "owners", "owner"), ["", "Sue Sommer"]);
    assert_eq!(names("mark", "reps", "name").len(), 0);
    assert_eq!(names("mark", "owners", "owner").len(), 4);
    assert_eq!(names("ada", "reps", "name").len(), 3);
    assert_eq!(names("ana", "owners", "owner"), ["Ana Arndt"]);
    assert_eq!(names("ana", "levels", "team").len(), 0);
    let north = world.team("North");
    for (mode, seen) in [
        (DisplayMode::AllNamed, vec!["Ana Arndt", "Ben Beck"]),
        (DisplayMode::TopThree, vec!["Ana Arndt", "Ben Beck"]),
        (DisplayMode::Off, vec!["Ana Arndt"]),
        (DisplayMode::TeamBar, vec!["Ana Arndt"]),
        (DisplayMode::OwnPlace, vec!["A line to reach", "Ana Arndt"]),
    ] {
        world.write_as("ada", |tx| people::choose_display_mode(tx, north, mode));
        assert_eq!(names("ana", "reps", "name"), seen, "{mode}");
        assert_eq!(names("sue", "reps", "name"), ["Sue Sommer"], "{mode}");
        let page = world.as_("ana").get("/monday");
        assert_eq!(page.has("Ben Beck"), seen.contains(&"Ben Beck"), "{mode}");
    }
    // A line has its place and the share by which it stands there, and nothing of what it is made.
    let rows = table(&world, "ana", "reps");
    let line = rows.iter().find(|row| row["name"] == "A line to reach");
    let line = line.expect("a line");
    assert_eq!(
        (line["place"].as_str(), line["of_target"].as_str()),
        ("1", "0.9")
    );
    for column in [
        "value",
        "target",
        "activities",
        "reached",
        "leads_reached",
        "days_hit",
        "team",
    ] {
        assert_eq!(line[column], "", "{column}");
    }
    world
        .as_("ana")
        .get("/monday")
        .ok()
        .says("A line to reach 1 \u{2013} 90 %");
}

#[rstest]
fn a_manager_reads_what_was_promised_to_all_and_what_their_teams_have_together(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    crate::definitions::agree(&world, |content| {
        content.volume = Some(Volume {
            count: 70,
            per: Per::Week,
        });
    });
    world.at("2026-03-10T08:00:00Z");
    world.lead("Acme", "ana");
    world.lead("Umbrella", "sue");
    world.at("2026-03-16T08:00:00Z");
    made(&world);
    let teams = || {
        let rows = table_of(&world, "max", "2026-03-16", "levels");
        let mut teams: Vec<String> = rows.into_iter().map(|row| row["team"].clone()).collect();
        teams.dedup();
        teams
    };
    assert_eq!(teams(), ["North"]);
    let page = world.as_("max").get("/monday");
    page.ok()
        .says("North 1 leads handed over last week; 2 of about 70 leads promised to all teams")
        .says_nothing_of("All teams");
    let (max, south) = (world.person("max").id, world.team("South"));
    let since = "2026-03-01".parse().expect("a day");
    world.write(|tx| people::join(tx, max, south, since, false));
    assert_eq!(teams(), ["Your teams", "North", "South"]);
    world
        .as_("max")
        .get("/monday")
        .ok()
        .says("Your teams 2 leads");
}

#[rstest]
fn a_reason_is_credited_to_whoever_owned_the_lead_then(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let leads = "external_id,name,created_at,source,owner_email\n\
                 a,Acme,2026-03-02T09:00:00Z,web,ana@example.com\n";
    let events = "lead_external_id,at,event,reason,owner_email\n\
                  a,2026-03-03T09:00:00Z,rejected,Wrong role,\n\
                  a,2026-03-05T09:00:00Z,handed_over,,\n\
                  a,2026-03-05T09:00:00Z,assigned,,sue@example.com\n";
    let files = [
        Source::new("leads.csv", leads.as_bytes()),
        Source::new("lead_events.csv", events.as_bytes()),
    ];
    world.at("2026-03-09T08:00:00Z");
    let report = world.write(|tx| imports::import(tx, &files, false, &mut |_| {}));
    assert!(report.is_good(), "{report:?}");
    made(&world);
    assert_eq!(table(&world, "max", "reasons").len(), 1);
    assert_eq!(table(&world, "mia", "reasons").len(), 0);
}

#[rstest]
fn who_was_erased_has_no_name_on_an_old_pack(#[values(Sqlite, Postgres)] database: Database) {
    let world = week(database);
    world.at("2026-03-09T08:00:00Z");
    made(&world).ok().says("Ben Beck");
    let ben = world.person("ben").id;
    let last = "2026-03-09".parse().expect("a day");
    world.write_as("ada", |tx| {
        people::part(tx, ben, last)?;
        erasure::erase(tx, ben)
    });
    for path in [
        "/monday",
        "/monday/2026-03-09?format=csv&table=reps",
        "/monday/2026-03-09?format=csv&table=owners",
    ] {
        let page = world.as_("ada").get(path);
        page.ok()
            .says("Former colleague 1")
            .says_nothing_of("Ben Beck");
    }
}

#[rstest]
fn an_empty_workspace_and_one_person_have_a_pack(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world
        .as_("ana")
        .get("/monday")
        .ok()
        .says("No pack yet")
        .says_nothing_of("now");
    for name in ["ana", "mark"] {
        world.as_(name).post("/monday", &[]).is(403);
    }
    made(&world)
        .ok()
        .says("None: every open lead was tried at least once.")
        .says("None is open.");
    for name in ["ana", "mark", "ada"] {
        world.as_(name).get("/monday").ok();
    }
    // A rep is told of what is theirs: nobody says that there is nothing else.
    world
        .as_("ana")
        .get("/monday")
        .says("None of yours: each open lead was tried at least once.")
        .says("None of yours is open.");
    world.as_("ana").get("/monday/2026-02-02").is(404);
    world.as_("ana").get("/monday/karma").is(404);
}

#[rstest]
fn reasons_disputes_and_joint_visits_of_the_week_stand_on_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let terms = || Terms {
        source: "Webinar".to_owned(),
        owner_id: Some(world.person("ana").id),
        ..terms()
    };
    for (name, reason) in [
        ("Acme", "Wrong role"),
        ("Globex", "Wrong role"),
        ("Initech", "Competitor"),
    ] {
        let uid = world.lead_on(name, &terms());
        let fields = [("reason", reason), ("note", "So it is.")];
        crate::talk::moves(&world.as_("ana"), &uid, "rejected", &fields).is(303);
        if name == "Globex" {
            let page = world.as_("mark").get(&format!("/leads/{uid}"));
            let dispute = page
                .links()
                .into_iter()
                .find(|link| link.contains("dispute"));
            let form = world.as_("mark").get(&dispute.expect("a way to dispute"));
            let says = [("text", "She signs the orders.")];
            form.submit(&format!("/leads/{uid}/answer"), &says).is(303);
        }
    }
    world.at("2026-03-09T08:00:00Z");
    let page = made(&world);
    page.ok()
        .says("Webinar Rejected: Wrong role 2; Rejected: Competitor 1")
        .says("Globex Wrong role; disputed 4 Mar 2026, 10:00 “She signs the orders.”");
    world
        .as_("mia")
        .get("/monday")
        .ok()
        .says_nothing_of("Globex");
    world
        .as_("ana")
        .get("/monday")
        .ok()
        .says("She signs the orders.");
}

#[rstest]
fn both_sides_are_told_of_a_new_pack_once(#[values(Sqlite, Postgres)] database: Database) {
    let world = week(database);
    world.at("2026-03-09T08:00:00Z");
    let mia = world.as_("mia");
    let kinds = mia.get("/inbox/kinds");
    kinds.ok().says("The Monday pack is made");
    world
        .as_("ana")
        .get("/inbox/kinds")
        .ok()
        .says_nothing_of("The Monday pack is made");
    made(&world);
    let told = |name: &str| {
        world
            .as_(name)
            .get("/inbox")
            .ok()
            .has("The Monday pack is made")
    };
    assert_eq!(["mark", "mia"].map(told), [true, true]);
    // Who made it knows, and a rep's inbox is for leads.
    assert_eq!(["max", "ana"].map(told), [false, false]);
    let inbox = world.as_("mark").get("/inbox");
    let mut actions = inbox.actions().into_iter();
    let is_notice = |action: &String| action.starts_with("/inbox/") && action != "/inbox/read";
    let address = actions.find(is_notice).expect("a notice to open");
    // A week later it still leads to its own pack.
    world.at("2026-03-17T08:00:00Z");
    inbox
        .submit(&address, &[])
        .redirects_to("/monday/2026-03-09");
}
