//! Stories of service levels: what each side kept of what it promised, counted by hand.

use crate::world::{Database, Database::*, World};
use rstest::rstest;
use std::collections::HashMap;
use touchline::imports::{self, Source};
use touchline::lists;
use touchline::rules::level::{Per, Volume};

/// Seven warm leads, six of them handed over on a Monday at nine in Berlin, and looked at on the third Friday at one.
/// - taken: accepted after one working hour, reached after two.
/// - late: tried after five hours, and given up the next day after that one attempt.
/// - abroad: rejected after an hour as of another territory. role: rejected after six as the wrong person.
/// - lying: never touched. fresh: handed over an hour ago. worked: tried five times, and not reached.
const LEADS: &str = "external_id,name,company,email,source,owner_email,created_at\n\
    taken,Taken,Acme,t@acme.example,web,ana@example.com,2026-03-02T08:00:00Z\n\
    late,Late,Acme,l@acme.example,web,ana@example.com,2026-03-02T08:00:00Z\n\
    abroad,Abroad,Acme,a@acme.example,fair,ben@example.com,2026-03-02T08:00:00Z\n\
    role,Role,Acme,r@acme.example,fair,ben@example.com,2026-03-02T08:00:00Z\n\
    lying,Lying,Acme,y@acme.example,fair,sue@example.com,2026-03-02T08:00:00Z\n\
    fresh,Fresh,,f@acme.example,web,sue@example.com,2026-03-20T11:00:00Z\n\
    worked,Worked,Acme,,web,sue@example.com,2026-03-02T08:00:00Z\n";
const EVENTS: &str = "lead_external_id,at,event,reason\n\
    taken,2026-03-02T09:00:00Z,accepted,\n\
    late,2026-03-03T09:00:00Z,disqualified,Unable to reach\n\
    abroad,2026-03-02T09:00:00Z,rejected,Not my territory\n\
    role,2026-03-02T14:00:00Z,rejected,Wrong role\n";
const TOUCHES: &str = "external_id,person_email,kind,outcome,happened_at,lead_external_id\n\
    1,ana@example.com,Call,Interested,2026-03-02T10:00:00Z,taken\n\
    2,ana@example.com,Call,No answer,2026-03-02T13:00:00Z,late\n\
    3,sue@example.com,Call,No answer,2026-03-02T09:00:00Z,worked\n\
    4,sue@example.com,Call,No answer,2026-03-03T09:00:00Z,worked\n\
    5,sue@example.com,E-mail,Sent,2026-03-04T09:00:00Z,worked\n\
    6,sue@example.com,Call,No answer,2026-03-05T09:00:00Z,worked\n\
    7,sue@example.com,Call,No answer,2026-03-06T09:00:00Z,worked\n";

fn told(database: Database) -> World {
    let world = World::new(database);
    let files = [
        Source::new("leads.csv", LEADS.as_bytes()),
        Source::new("lead_events.csv", EVENTS.as_bytes()),
        Source::new("activities.csv", TOUCHES.as_bytes()),
    ];
    let report = world.write(|tx| imports::import(tx, &files, false, &mut |_| {}));
    assert!(report.is_good(), "{report:?}");
    world.at("2026-03-20T12:00:00Z");
    world
}

/// The row of a group in the file, by column.
fn row(world: &World, name: &str, query: &str) -> HashMap<String, String> {
    rows(world, name, query).swap_remove(0)
}

/// The rows of the file, by column.
fn rows(world: &World, name: &str, query: &str) -> Vec<HashMap<String, String>> {
    let file = world
        .as_(name)
        .get(&format!("/service-levels?format=csv{query}"));
    let mut reader = csv::Reader::from_reader(file.ok().body.as_bytes());
    let rows = reader.deserialize();
    rows.map(|row| row.expect("a row")).collect()
}

/// Met, missed, pending and not applicable of a promise.
fn tally(row: &HashMap<String, String>, clause: &str) -> [u64; 4] {
    ["met", "missed", "pending", "not_applicable"].map(|verdict| {
        row[&format!("{clause}_{verdict}")]
            .parse()
            .expect("a count")
    })
}

#[rstest]
fn each_promise_of_both_sides_is_counted(#[values(Sqlite, Postgres)] database: Database) {
    let world = told(database);
    for name in ["mark", "ada"] {
        let all = row(&world, name, "");
        assert_eq!(all["n"], "7");
        assert_eq!(tally(&all, "accept"), [2, 3, 1, 1]);
        assert_eq!(tally(&all, "first_attempt"), [2, 3, 1, 1]);
        assert_eq!(tally(&all, "least_attempts"), [1, 1, 2, 3]);
        assert_eq!(tally(&all, "contact_or_exit"), [4, 2, 1, 0]);
        assert_eq!(
            (all["complete"].as_str(), all["in_territory"].as_str()),
            ("5", "6")
        );
        assert_eq!(all["within_definition"], "6");
        assert_eq!(
            (all["delivered"].as_str(), all["promised"].as_str()),
            ("7", "")
        );
    }
    let page = world.as_("mark").get("/service-levels");
    page.ok()
        .says("First attempt in time Maturing Warming up 2 of 5 \u{2013} 2 3 1 1")
        .says("Contact or exit in time Maturing Warming up 4 of 6")
        .says("Warming up 5 of 7")
        .says("with a name, a company, a phone number or e-mail address, and a source")
        .says("7 of –");
    assert!(page.links().contains(&"/definitions/1".to_owned()));
}

#[rstest]
fn while_some_may_still_be_tried_in_time_a_share_is_maturing(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let many = |day: &str, prefix: &str| {
        let mut leads = "external_id,name,created_at,source,owner_email\n".to_owned();
        let mut calls =
            "external_id,person_email,kind,outcome,happened_at,lead_external_id\n".to_owned();
        for at in 0..12 {
            leads += &format!("{prefix}{at},L,{day}T09:00:00Z,{prefix},ana@example.com\n");
            if at < 11 {
                calls += &format!(
                    "{prefix}{at},ana@example.com,Call,No answer,{day}T09:{:02}:00Z,{prefix}{at}\n",
                    at + 1
                );
            }
        }
        let files = [
            Source::new("leads.csv", leads.as_bytes()),
            Source::new("activities.csv", calls.as_bytes()),
        ];
        let report = world.write(|tx| imports::import(tx, &files, false, &mut |_| {}));
        assert!(report.is_good(), "{report:?}");
    };
    world.at("2026-03-04T10:00:00Z");
    many("2026-03-02", "fair");
    many("2026-03-04", "web");
    // Of the fair's leads one was missed; of the web's as many were tried, and one may still be.
    let page = world.as_("mark").get("/service-levels?by=source");
    page.ok()
        .says("First attempt in time Maturing 95.7 % 22 of 23")
        .says("91.7 % 11 of 12, likely 64.6 to 98.5 %")
        .says("100.0 % 11 of 11, likely 74.1 to 100.0 % Maturing 1 pending");
    let text = page.text();
    let groups = text.split("By source").nth(1).expect("groups");
    // Nothing is concluded of the web: it stands behind.
    assert!(groups.find("fair") < groups.find("web"), "{groups}");
}

#[rstest]
fn retiring_a_reason_changes_nothing_that_was_counted(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = told(database);
    let reasons = "/outcomes/reasons?format=csv";
    let figures = || {
        let levels = row(&world, "mark", "")["within_definition"].clone();
        (levels, world.as_("mark").get(reasons).ok().body.clone())
    };
    let before = figures();
    assert_eq!(before.0, "6");
    assert!(before.1.contains("definitional"), "{}", before.1);
    for reason in world.read(lists::store::all_reasons) {
        let path = format!("/reasons/{}", reason.id);
        world.as_("ada").post(&path, &[("change", "retire")]);
    }
    assert!(world.read(lists::store::reasons).is_empty());
    assert_eq!(figures(), before);
}

#[rstest]
fn first_attempts_are_counted_as_on_the_page_of_follow_up_speed(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = told(database);
    let speed = world.as_("ada").get("/follow-up");
    speed
        .says("2 of 5 attempted in time")
        .says("3 missed, 1 pending, 1 not applicable");
}

#[rstest]
fn a_group_is_an_urgency_a_source_or_a_team(#[values(Sqlite, Postgres)] database: Database) {
    let world = told(database);
    // fair: abroad, lying and role.
    let fair = row(&world, "mark", "&by=source");
    assert_eq!((fair["group"].as_str(), fair["n"].as_str()), ("fair", "3"));
    assert_eq!(tally(&fair, "first_attempt"), [0, 2, 0, 1]);
    assert_eq!(fair["delivered"], "");
    // The last row is of all, whatever the groups.
    let all = rows(&world, "mark", "&by=source").pop().expect("a row");
    assert_eq!(all, row(&world, "mark", ""));
    assert_eq!((all["group"].as_str(), all["n"].as_str()), ("all", "7"));
    let warm = row(&world, "mark", "&by=urgency");
    assert_eq!((warm["group"].as_str(), warm["n"].as_str()), ("warm", "7"));
    let north = row(&world, "ada", "&by=team");
    assert_eq!(
        (north["group"].as_str(), north["n"].as_str()),
        ("North", "4")
    );
    let page = world.as_("ada").get("/service-levels?by=team");
    page.ok()
        .says("By team")
        .says("North Warming up")
        .says("South");
    world
        .as_("ada")
        .get("/service-levels?by=owner")
        .is(422)
        .says("Enter a grouping from the list.");
}

#[rstest]
fn a_manager_sees_their_teams_and_a_rep_nothing(#[values(Sqlite, Postgres)] database: Database) {
    let world = told(database);
    let of_max = row(&world, "max", "");
    assert_eq!(of_max["n"], "4");
    assert_eq!(tally(&of_max, "first_attempt"), [1, 2, 0, 1]);
    // What marketing promised in all is measured by all that it handed over.
    assert_eq!(of_max["delivered"], "7");
    world.as_("ana").get("/service-levels").is(403);
}

#[rstest]
fn leads_handed_over_stand_against_the_number_promised_for_the_days(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = told(database);
    crate::definitions::agree(&world, |content| {
        content.volume = Some(Volume {
            count: 70,
            per: Per::Week,
        });
    });
    // In force from Friday the 20th at one: Saturday is the first day that counts.
    world.at("2026-03-23T12:00:00Z");
    world.lead("Kept", "ana");
    let days = "&from=2026-03-20&to=2026-03-31";
    let all = row(&world, "mark", days);
    assert_eq!(
        (all["delivered"].as_str(), all["promised"].as_str()),
        ("1", "30")
    );
    world
        .as_("mark")
        .get(&format!("/service-levels?{}", &days[1..]))
        .says("of that number 1 of 30");
    let none = world.as_("mark").get("/service-levels?from=2026-04-01");
    none.ok().says("No lead was handed over in these days");
}

#[rstest]
fn what_sales_finds_out_later_does_not_make_a_hand_over_complete(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let terms = touchline::handover::Terms {
        source: "web".to_owned(),
        owner_id: Some(world.person("ana").id),
        ..crate::world::terms()
    };
    let uid = world.lead_on("Hanna", &terms);
    let complete = |query: &str| {
        let row = row(&world, "mark", query);
        (row["complete"].clone(), row["n"].clone())
    };
    let none = ("0".to_owned(), "1".to_owned());
    assert_eq!(complete(""), none);
    world.at("2026-03-05T09:00:00Z");
    let path = format!("/leads/{uid}/edit");
    let found = [("company", "Acme"), ("phone", "+49 30 99")];
    let form = world.as_("ana").get(&path);
    form.ok().submit(&path, &found).is(303);
    assert_eq!(complete(""), none);
    // Handed over anew, it is complete then.
    let lost = [("reason", "No fit")];
    crate::talk::moves(&world.as_("ana"), &uid, "lost", &lost).is(303);
    let again = [("deed", "hand-over"), ("lead", uid.as_str())];
    world.at("2026-03-06T09:00:00Z");
    world.as_("mark").post("/leads/bulk", &again).is(303);
    assert_eq!(complete(""), ("1".to_owned(), "2".to_owned()));
}

#[rstest]
fn a_lead_that_a_withdrawn_rejection_gives_back_was_delivered_once(
    #[values(Sqlite, Postgres)] database: Database,
) {
    use touchline::handover;
    use touchline::talk::{self, Reply};
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let role = [("reason", "Wrong role")];
    crate::talk::moves(&world.as_("ana"), &uid, "rejected", &role).is(303);
    let me = world.me("ada");
    let event = world.read(|conn| {
        let lead = touchline::leads::store::by_uid(conn, &me, &uid)?.expect("the lead");
        Ok(talk::store::rejections(conn, lead.id)?[0].event_id)
    });
    for (who, reply) in [("mark", Reply::Disputed), ("ana", Reply::Withdrawn)] {
        world.at("2026-03-05T09:00:00Z");
        world.write_as(who, |tx| handover::reply(tx, &uid, event, reply, "No."));
    }
    world.at("2026-03-05T15:00:00Z");
    let all = row(&world, "mark", "");
    // Sales has the clocks of both.
    assert_eq!((all["n"].as_str(), all["delivered"].as_str()), ("2", "1"));
    assert_eq!(tally(&all, "first_attempt"), [0, 1, 0, 1]);
    assert_eq!(
        (
            all["in_territory"].as_str(),
            all["within_definition"].as_str()
        ),
        ("1", "1")
    );
    let explained = world
        .as_("mark")
        .get("/service-levels/explain?figure=complete");
    explained
        .ok()
        .says("0 of 1")
        .says("given back by a withdrawn rejection");
}

#[rstest]
fn the_time_to_answer_a_rejection_has_what_it_rests_on_and_where_it_likely_lies(
    #[values(Sqlite, Postgres)] database: Database,
) {
    use touchline::handover;
    use touchline::talk::{self, Reply};
    let world = World::new(database);
    // Six rejections of a Monday at nine; five are agreed to after one, two, three, four and five working hours.
    world.at("2026-03-02T08:00:00Z");
    let mut rejected = Vec::new();
    for at in 0..6 {
        let uid = world.lead(&format!("Lead {at}"), "ana");
        let role = [("reason", "Wrong role")];
        crate::talk::moves(&world.as_("ana"), &uid, "rejected", &role).is(303);
        rejected.push(uid);
    }
    let me = world.me("ada");
    for (at, uid) in rejected.iter().take(5).enumerate() {
        world.at(&format!("2026-03-02T{:02}:00:00Z", 9 + at));
        let event = world.read(|conn| {
            let lead = touchline::leads::store::by_uid(conn, &me, uid)?.expect("the lead");
            Ok(talk::store::rejections(conn, lead.id)?[0].event_id)
        });
        world.write_as("mark", |tx| {
            handover::reply(tx, uid, event, Reply::Agreed, "")
        });
    }
    world.at("2026-03-03T15:00:00Z");
    let all = row(&world, "mark", "");
    let seconds = |column: &str| all[column].parse::<f64>().ok().map(|s| s / 3_600.0);
    assert_eq!(all["to_answer"], "6");
    // How many were answered in time stands with of how many, how many may still be, and of how many nothing is asked.
    let answered = ["", "_n", "_pending", "_not_applicable"];
    let answered = answered.map(|what| all[&format!("answered_in_time{what}")].as_str());
    assert_eq!(answered, ["0", "0", "0", "6"], "nothing is promised yet");
    assert_eq!(
        (all["complete_n"].as_str(), all["complete_pending"].as_str()),
        ("6", "0")
    );
    assert_eq!(seconds("answer_median_s"), Some(3.0));
    assert_eq!(seconds("answer_median_low_s"), Some(1.0));
    // One still waits: by when nine in ten are answered nobody knows.
    assert_eq!(seconds("answer_p90_s"), None);
    let page = world.as_("mark").get("/service-levels");
    page.ok()
        .says("those that still wait not left out 3 h (n = 6) 1 h or more")
        .says("nine in ten are answered within it not reached yet (n = 6)");
    world
        .as_("mark")
        .get("/service-levels/explain?figure=answer_time")
        .ok()
        .says("5 of 6 answered: 3 h (n = 6), likely 1 h or more")
        .says("In the whole, not counted: still waiting: counted as waiting (1 row)");
}
