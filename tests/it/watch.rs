//! The watch-list: told to whoever wrote the log first, and to those who lead them a working day later.

use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{World, entry};
use rstest::rstest;
use std::collections::HashMap;
use touchline::activities::{self, Entry, Logged};
use touchline::calendar::{self, Part};
use touchline::lists;

/// Logs a call on each lead, a minute apart from now, with a note.
fn touches(world: &World, name: &str, leads: &[String], note: &str, apart_s: i64) {
    let start = world.now();
    for (at, lead) in (0..).zip(leads) {
        let happened_at = start.plus_seconds(at * apart_s);
        world.at(&happened_at.to_string());
        world.write_as(name, |tx| {
            let kinds = lists::store::kinds(tx.conn)?;
            let call = kinds
                .iter()
                .find(|kind| kind.name == "Call")
                .expect("calls");
            let entry = Entry {
                lead_uid: Some(lead.clone()),
                note: note.to_owned(),
                ..entry(call.id, tx.now)
            };
            assert_eq!(activities::log(tx, &entry)?, Logged::Stored);
            Ok(())
        });
    }
}

fn leads(world: &World, owner: &str, count: usize) -> Vec<String> {
    (0..count)
        .map(|at| world.lead(&format!("Lead {at}"), owner))
        .collect()
}

fn sees(world: &World, name: &str, text: &str) -> bool {
    let path = if name == "ana" {
        "/card"
    } else {
        "/watch-list"
    };
    let page = world.as_(name).get(path);
    page.ok().has(text)
}

#[rstest]
fn a_burst_is_told_to_the_rep_at_once_and_to_the_manager_a_working_day_later(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let all = leads(&world, "ana", 21);
    // Twenty in ten minutes are work.
    touches(&world, "ana", &all[..20], "", 20);
    assert!(!sees(&world, "ana", "Many touches at once"));
    touches(&world, "ana", &all[20..], "", 20);
    let card = world.as_("ana").get("/card");
    card.ok()
        .says("Worth a word from you")
        .says("Many touches at once Wed 4 Mar 2026")
        .says("21 touches of leads within 6 min 20 s.")
        .says("Your manager sees it from Thu 5 Mar 2026 on");
    for name in ["max", "ada"] {
        assert!(
            !sees(&world, name, "Many touches"),
            "{name} on the same day"
        );
    }
    // Her word comes first.
    card.submit("/card/word", &[("text", "A fair: I had a list.")])
        .is(303);
    world
        .as_("ana")
        .get("/card")
        .ok()
        .says("“A fair: I had a list.” you");
    world.at("2026-03-05T07:00:00Z");
    let list = world.as_("max").get("/watch-list");
    list.ok()
        .says("Ana Arndt: Many touches at once")
        .says("“A fair: I had a list.” Ana Arndt");
    assert!(sees(&world, "ada", "Many touches"));
    assert!(!sees(&world, "mia", "Many touches"), "of another team");
    let csv = world.as_("max").get("/watch-list?format=csv").body.clone();
    assert!(
        csv.contains("Ana Arndt,ana@example.com,burst,Wed 4 Mar 2026"),
        "{csv}"
    );
    world
        .as_("ben")
        .get("/card")
        .ok()
        .says_nothing_of("Worth a word");
    for name in ["ana", "mark"] {
        world.as_(name).get("/watch-list").is(403);
    }
}

#[rstest]
fn who_is_away_has_the_first_word_when_they_are_back(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let all = leads(&world, "ana", 21);
    touches(&world, "ana", &all, "", 1);
    let id = world.person("ana").id;
    let day = |text: &str| text.parse().expect("a day");
    let (from, to) = (day("2026-03-05"), day("2026-03-10"));
    world.write(|tx| calendar::store::put_time_off(tx.conn, id, from, to, Part::Full));
    world.at("2026-03-10T15:00:00Z");
    assert!(!sees(&world, "max", "Many touches"));
    world.at("2026-03-11T07:00:00Z");
    assert!(sees(&world, "max", "Many touches"));
}

#[rstest]
fn the_same_words_on_five_leads_of_a_week_are_told(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let all = leads(&world, "ana", 5);
    touches(&world, "ana", &all[..4], "Asked for the price list", 900);
    assert!(!sees(&world, "ana", "The same note"));
    touches(&world, "ana", &all[4..], " asked for  the Price list", 900);
    let card = world.as_("ana").get("/card");
    card.ok()
        .says("5 touches with the same words: “Asked for the price list”")
        .says("Lead 4");
    // What is mended is gone.
    let uid = card_entry(&world);
    world
        .as_("ana")
        .post(&format!("/activities/{uid}/remove"), &[])
        .is(303);
    assert!(!sees(&world, "ana", "The same note"));
}

/// The newest entry of ana's.
fn card_entry(world: &World) -> String {
    let page = world.as_("ana").get("/today");
    let mut links = page.links().into_iter();
    let link = links.find(|link| link.starts_with("/activities/"));
    link.expect("an entry").replace("/activities/", "")
}

#[rstest]
fn late_entries_are_told_and_a_sign_that_is_not_ones_own_takes_no_word(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-03-06T09:00:00Z");
    world.write_as("ana", |tx| {
        let kinds = lists::store::kinds(tx.conn)?;
        let call = kinds
            .iter()
            .find(|kind| kind.name == "Call")
            .expect("calls");
        let entry = Entry {
            happened_at: tx.now.plus_seconds(-4 * 86_400),
            ..entry(call.id, tx.now)
        };
        assert_eq!(activities::log(tx, &entry)?, Logged::Stored);
        Ok(())
    });
    let card = world.as_("ana").get("/card");
    card.ok()
        .says("1 entry made more than two working days late");
    let fields = [("sign", "late:2026-03-02"), ("text", "I was ill.")];
    world.as_("ben").post("/card/word", &fields).is(404);
    world
        .as_("ana")
        .post("/card/word", &[("sign", "late:2026-02-23"), ("text", "No")])
        .is(404);
    world.as_("ana").post("/card/word", &fields).is(303);
    world.as_("mark").post("/card/word", &fields).is(403);
    // From Friday the next working day is Monday.
    world.at("2026-03-08T20:00:00Z");
    assert!(!sees(&world, "max", "Entered late"));
    world.at("2026-03-09T07:00:00Z");
    assert!(sees(&world, "max", "I was ill."));
}

#[rstest]
fn a_further_late_entry_does_not_put_the_day_off_and_the_rep_was_told_first(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let late = |happened_at: &str| {
        world.write_as("ana", |tx| {
            let kinds = lists::store::kinds(tx.conn)?;
            let call = kinds.iter().find(|kind| kind.name == "Call");
            let entry = Entry {
                happened_at: crate::world::instant(happened_at),
                ..entry(call.expect("calls").id, tx.now)
            };
            assert_eq!(activities::log(tx, &entry)?, Logged::Stored);
            Ok(())
        });
    };
    world.at("2026-03-06T09:00:00Z");
    late("2026-03-02T09:00:00Z");
    for _ in 0..2 {
        touchline::jobs::run(world.app());
        let inbox = world.as_("ana").get("/inbox");
        let is_told = |word: &str| inbox.text().matches(word).count();
        assert_eq!(is_told("Entered late"), 1, "{}", inbox.text());
        world.at("2026-03-06T12:00:00Z");
    }
    world
        .as_("max")
        .get("/inbox")
        .ok()
        .says_nothing_of("Entered late");
    let inbox = world.as_("ana").get("/inbox");
    let mut actions = inbox.actions().into_iter();
    let is_notice = |action: &String| action.starts_with("/inbox/") && action != "/inbox/read";
    let address = actions.find(is_notice).expect("a notice to open");
    inbox.submit(&address, &[]).redirects_to("/card#watch");
    world.at("2026-03-09T07:00:00Z");
    assert!(sees(&world, "max", "1 entry made more than"));
    late("2026-03-03T09:00:00Z");
    assert!(sees(&world, "max", "2 entries made more than"));
}

#[rstest]
fn a_share_reached_outside_of_chance_is_told_after_the_week(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    for (name, reached, all) in [("ana", 40, 50), ("ben", 10, 50), ("max", 10, 50)] {
        for at in 0..all {
            let outcome = if at < reached {
                "Interested"
            } else {
                "No answer"
            };
            world.log(name, "Call", outcome, None);
        }
    }
    assert!(!sees(&world, "ana", "chance does not explain"));
    world.at("2026-03-09T07:00:00Z");
    let card = world.as_("ana").get("/card");
    // Of 150 together 60: round 40 % chance stays between 20 and 62 % of fifty.
    card.ok()
        .says("80.0 % reached (40 of 50, likely 67.0 to 88.8 %); the team’s share is 40.0 % (60 of 150, likely 32.5 to 48.0 %)");
    assert!(!sees(&world, "max", "Ana Arndt"));
    world.at("2026-03-10T07:00:00Z");
    assert!(sees(&world, "max", "Ana Arndt: A share reached"));
    // The file has the same in columns of their own.
    let csv = world.as_("max").get("/watch-list?format=csv");
    let mut reader = csv::Reader::from_reader(csv.ok().body.as_bytes());
    let row = reader.deserialize::<HashMap<String, String>>().next();
    let row = row.expect("a row").expect("a row");
    let cells =
        ["k", "n", "share", "team_k", "team_n", "team_share"].map(|name| row[name].as_str());
    assert_eq!(cells, ["40", "50", "0.8", "60", "150", "0.4"]);
    let end = |name: &str| row[name].parse::<f64>().expect("a number");
    assert!(end("low") < 0.8 && 0.8 < end("high"));
    assert!(
        end("limit_998_low") < 0.4 && 0.4 < end("limit_998_high") && end("limit_998_high") < 0.8
    );
    // Each entry of the share is a row behind it, and so is what the rest of the team's share is made of.
    let list = world.as_("max").get("/watch-list");
    let links = list.ok().links();
    let why = links
        .iter()
        .find(|link| link.starts_with("/watch-list/explain"));
    let why = world
        .as_("max")
        .get(why.expect("a way to what explains it"));
    why.ok()
        .says("it reached somebody (40 rows)")
        .says("it reached nobody (10 rows)")
        .says("it counts in the share of the team only (2 rows)");
}

#[rstest]
fn what_one_says_of_a_share_reached_holds_for_the_weeks_that_it_is_over(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    for (name, reached) in [("ana", 40), ("ben", 10), ("max", 10)] {
        for at in 0..50 {
            let outcome = if at < reached {
                "Interested"
            } else {
                "No answer"
            };
            world.log(name, "Call", outcome, None);
        }
    }
    world.at("2026-03-09T07:00:00Z");
    let said = [("sign", "reached:2026-03-09"), ("text", "It was a fair.")];
    world.as_("ana").post("/card/word", &said).is(303);
    // It is told anew on the next Monday, and she has said what there is to say.
    world.at("2026-03-16T07:00:00Z");
    assert!(sees(&world, "ana", "40 of 50"));
    assert!(sees(&world, "ana", "It was a fair."));
    world.at("2026-03-17T07:00:00Z");
    assert!(sees(&world, "max", "Ana Arndt: A share reached"));
    assert!(sees(&world, "max", "It was a fair."));
}

#[rstest]
fn an_empty_watch_list_says_so(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    for name in ["max", "ada"] {
        world.as_(name).get("/watch-list").ok().says("Nothing odd");
    }
}

#[rstest]
fn a_sign_opens_what_it_means_and_where_it_lies(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let all = leads(&world, "ana", 21);
    touches(&world, "ana", &all, "", 20);
    let links = world.as_("ana").get("/card").ok().links();
    let link = links
        .iter()
        .find(|link| link.starts_with("/watch-list/explain"));
    let link = link.expect("a way to what explains it").clone();
    world
        .as_("ana")
        .get(&link)
        .ok()
        .says("21 touches of leads within")
        .says("touches in any 10 minutes > 20")
        .says("Counted: it lies in them (21 rows)");
    // Those who lead see it from the next working day on, and others never.
    world.as_("max").get(&link).is(404);
    world.at("2026-03-05T09:00:00Z");
    world.as_("max").get(&link).ok().says("Ana Arndt");
    for name in ["mia", "ben"] {
        world.as_(name).get(&link).is(404);
    }
    world.as_("mark").get(&link).is(403);
}
