//! Stories of territories: which lead belongs where, whose turn it is, what waits in the queue, and what is re-routed.

use crate::world::{Database, Database::*, World, new_lead, terms};
use chrono::NaiveDate;
use diesel::prelude::*;
use rstest::rstest;
use touchline::calendar::{self, Part};
use touchline::error::Error;
use touchline::handover::{self, Done, Story, Terms};
use touchline::leads::{self, Lead};
use touchline::lists::{self, List};
use touchline::rules::profile::Profile;
use touchline::rules::stage::{EventKind, Stage};
use touchline::schema::notices;
use touchline::territories::{self, NewRule};

fn lead(world: &World, uid: &str) -> Lead {
    let admin = world.me("ada");
    world.read(|conn| Ok(leads::store::by_uid(conn, &admin, uid)?.expect("the lead")))
}

fn story(world: &World, uid: &str) -> Story {
    let lead = lead(world, uid);
    world.read(|conn| Story::load(conn, lead))
}

/// The first name of who owns a lead; empty for nobody.
fn owner(world: &World, uid: &str) -> String {
    let Some(id) = lead(world, uid).owner_id else {
        return String::new();
    };
    let person = world.read(|conn| touchline::people::store::by_id(conn, id));
    let name = person.expect("the owner").name;
    name.split(' ').next().unwrap_or_default().to_owned()
}

/// A territory whose leads go round among these people, by weight.
fn territory(world: &World, name: &str, people: &[(&str, i64)]) -> i64 {
    let seats = seats(world, people);
    world.write(|tx| {
        let id = territories::add_territory(tx, name)?;
        territories::set_rota(tx, Some(id), &seats)?;
        Ok(id)
    })
}

fn seats(world: &World, people: &[(&str, i64)]) -> Vec<(i64, i64)> {
    let seat = |(name, weight): &(&str, i64)| (world.person(name).id, *weight);
    people.iter().map(seat).collect()
}

fn rule(world: &World, territory_id: i64, post_code: &str) {
    let rule = NewRule {
        territory_id,
        country: "DE".to_owned(),
        post_code: post_code.to_owned(),
        ..NewRule::default()
    };
    world.write(|tx| territories::add_rule(tx, &rule));
}

/// A lead from a German post code that mark hands over now by the rules; returns its uid.
fn hand_over(world: &World, name: &str, post_code: &str) -> String {
    let profile = Profile {
        country: "de".to_owned(),
        post_code: post_code.to_owned(),
        ..Profile::default()
    };
    let (_, uid) = world.write(|tx| leads::store::add(tx.conn, &new_lead(name, tx.now)));
    let terms = Terms {
        by_rules: true,
        profile,
        ..terms()
    };
    let seen = story(world, &uid).version();
    let done = world.write_as("mark", |tx| handover::again(tx, &uid, &terms, &seen));
    assert_eq!(done, Done::Stored);
    uid
}

fn off(world: &World, name: &str, from: &str, to: &str) {
    let person = world.person(name).id;
    let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
    world
        .write(|tx| calendar::store::put_time_off(tx.conn, person, day(from), day(to), Part::Full));
}

/// What somebody was told of a lead, oldest first: kind and words.
fn told(world: &World, name: &str) -> Vec<(String, String)> {
    let id = world.person(name).id;
    world.read(|conn| {
        Ok(notices::table
            .filter(notices::person_id.eq(id))
            .order(notices::id)
            .select((notices::kind, notices::text))
            .load(conn)?)
    })
}

/// What the last assignment of a lead says: reason and note.
fn last_word(world: &World, uid: &str) -> (String, String) {
    let events = story(world, uid).events;
    let last = events.iter().rfind(|e| e.kind == EventKind::Assigned);
    last.map(|e| (e.reason.clone(), e.note.clone()))
        .unwrap_or_default()
}

#[rstest]
fn a_manager_says_where_leads_belong_and_tries_it_on(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let max = world.as_("max");
    let page = max.get("/territories");
    page.ok().says("No rules yet");
    page.submit("/territories", &[("name", "")]).is(422);
    page.submit("/territories", &[("name", "North")])
        .redirects_to("/territories?done=territory");
    page.submit("/territories", &[("name", "North")])
        .is(422)
        .says("There is a territory called North already.");
    page.submit("/territories", &[("name", "South")]).is(303);
    let id = |name: &str| {
        let id = world.read(|conn| lists::store::label_id(conn, List::Territory, name));
        id.expect("the territory").to_string()
    };
    let form = max.get("/territories/rules/new");
    for (field, wrong, sentence) in [
        ("territory", "", "Enter a territory from the list."),
        ("territory", "999999", "Choose a territory from the list."),
        ("employees_from", "many", "Enter a whole number."),
        ("country", &"x".repeat(201), "Use at most 200 characters."),
    ] {
        let fields = [("territory", id("North")), (field, wrong.to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let fields = if field == "territory" {
            &fields[1..]
        } else {
            &fields
        };
        form.submit("/territories/rules", fields)
            .is(422)
            .says(sentence);
    }
    let sizes = [
        ("territory", &*id("North")),
        ("employees_from", "9"),
        ("employees_to", "8"),
    ];
    form.submit("/territories/rules", &sizes)
        .is(422)
        .says("smaller than the smallest");
    let south = id("South");
    form.submit("/territories/rules", &[("territory", &south)])
        .is(303);
    let north = [
        ("territory", &*id("North")),
        ("country", "DE"),
        ("post_code", "2, 3"),
    ];
    form.submit("/territories/rules", &north)
        .is(303)
        .follow()
        .says("Every lead");
    let trial = "/territories/try?country=de&post_code=30+159";
    max.get(trial)
        .says("It would wait in the queue: Territory South");
    let rules = world.read(territories::store::rules);
    let up = format!("/territories/rules/{}/up", rules[1].id);
    max.get("/territories").submit(&up, &[]).is(303);
    max.get(trial)
        .says("Fits, and is the first that does")
        .says("Fits too, but comes later")
        .says("Territory North, and nobody to give it to.");
    let ana = format!("weight-{}", world.person("ana").uid);
    let ben = format!("weight-{}", world.person("ben").uid);
    let rota = max.get(&format!("/territories/rota?territory={}", id("North")));
    rota.submit("/territories/rota", &[(&ana, "101")])
        .is(422)
        .says("Enter a whole number from 1 to 100, or nothing.");
    rota.submit("/territories/rota", &[(&ana, "2"), (&ben, "1")])
        .is(303);
    off(&world, "ana", "2026-03-04", "2026-03-06");
    max.get(trial)
        .says("Ben Beck would get it: Territory North, turn of Ben Beck.")
        .says("From 9 Mar, 09:00")
        .says("Is passed over now");
    let retire = format!("/territories/rules/{}/retire", rules[0].id);
    max.get(&format!("/territories/rules/{}", rules[0].id))
        .submit(&retire, &[])
        .redirects_to("/territories?done=retired");
    max.get(&format!("/territories/rules/{}", rules[0].id))
        .is(404);
    max.get("/territories/try?country=FR")
        .says("No territory fits, and nobody");
}

#[rstest]
fn a_lead_handed_over_by_the_rules_goes_to_whose_turn_it_is(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let north = territory(&world, "North", &[("ana", 2), ("ben", 1)]);
    let south = territory(&world, "South", &[("sue", 1)]);
    rule(&world, north, "2");
    rule(&world, south, "8");
    let uids: Vec<String> = (0..6)
        .map(|n| hand_over(&world, &format!("Lead {n}"), "20 095"))
        .collect();
    let owners: Vec<String> = uids.iter().map(|uid| owner(&world, uid)).collect();
    assert_eq!(owners, ["Ana", "Ben", "Ana", "Ana", "Ben", "Ana"]);
    let first = story(&world, &uids[0]);
    assert_eq!(first.lead.territory_id, Some(north));
    assert_eq!(first.handovers[0].territory_id, Some(north));
    let why = (
        String::new(),
        "Territory North, turn of Ana Arndt".to_owned(),
    );
    assert_eq!(last_word(&world, &uids[0]), why);
    world
        .as_("ana")
        .get(&format!("/leads/{}", uids[0]))
        .says("Assigned to Ana Arndt")
        .says("Territory North, turn of Ana Arndt");
    let of_ben = [(
        "handed_over".to_owned(),
        "Handed over to you (warm)".to_owned(),
    )];
    assert_eq!(told(&world, "ben")[..1], of_ben);
    assert!(told(&world, "max").is_empty());
    let away = hand_over(&world, "Elsewhere", "80331");
    assert_eq!(owner(&world, &away), "Sue");
}

#[rstest]
fn who_is_not_at_work_has_no_turn(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let north = territory(&world, "North", &[("ana", 1), ("ben", 1)]);
    rule(&world, north, "");
    off(&world, "ben", "2026-03-05", "2026-03-06");
    let next = |name: &str, when: &str| {
        world.at(when);
        owner(&world, &hand_over(&world, name, "1"))
    };
    assert_eq!(next("1", "2026-03-05T09:00:00Z"), "Ana");
    assert_eq!(next("2", "2026-03-05T09:01:00Z"), "Ana");
    // Thursday evening: ana is at work on Friday, ben on Monday only.
    assert_eq!(next("3", "2026-03-05T18:00:00Z"), "Ana");
    // Friday evening: both are first back on Monday, and nobody is flooded for having been away.
    assert_eq!(next("4", "2026-03-06T18:00:00Z"), "Ana");
    assert_eq!(next("5", "2026-03-06T18:01:00Z"), "Ben");
    assert_eq!(next("6", "2026-03-06T18:02:00Z"), "Ana");
    off(&world, "ana", "2026-03-09", "2026-03-20");
    off(&world, "ben", "2026-03-09", "2026-03-20");
    let uid = {
        world.at("2026-03-09T09:00:00Z");
        hand_over(&world, "7", "1")
    };
    assert_eq!(owner(&world, &uid), "", "nobody is back within days");
    let waits = (
        "unassigned".to_owned(),
        "Waits for an owner (warm)".to_owned(),
    );
    assert_eq!(told(&world, "max"), told(&world, "mia"));
    assert_eq!(told(&world, "mia"), [waits]);
}

#[rstest]
fn a_leaver_has_no_turn_and_the_default_rota_takes_what_finds_no_other(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let north = territory(&world, "North", &[("ben", 1)]);
    rule(&world, north, "2");
    let nowhere = hand_over(&world, "Nowhere", "9");
    assert_eq!(owner(&world, &nowhere), "");
    let sue = seats(&world, &[("sue", 1)]);
    world.write(|tx| territories::set_rota(tx, None, &sue));
    let abroad = hand_over(&world, "Abroad", "9");
    assert_eq!(owner(&world, &abroad), "Sue");
    assert_eq!(
        last_word(&world, &abroad).1,
        "No territory fits, default rota, turn of Sue Sommer"
    );
    let ben = world.person("ben").id;
    let last_day = "2026-03-04".parse().expect("a day");
    world.write(|tx| touchline::people::part(tx, ben, last_day));
    let left = hand_over(&world, "After ben", "2");
    assert_eq!(owner(&world, &left), "Sue");
    assert_eq!(lead(&world, &left).territory_id, Some(north));
    let by_hand = world.try_as("max", |tx| {
        territories::set_rota(tx, Some(north), &[(ben, 1)])
    });
    assert!(matches!(by_hand, Err(Error::Refused(_))), "{by_hand:?}");
}

#[rstest]
fn the_form_of_marketing_asks_the_rules_unless_somebody_is_chosen(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    territory(&world, "North", &[("ana", 1)]);
    let form = world.as_("mark").get("/leads/new");
    assert_eq!(form.field("owner").as_deref(), Some("rules"));
    let saved = form.submit("/leads/new", &[("name", "Hanna"), ("territory", "North")]);
    saved.is(303).follow().says("Owner Ana Arndt");
    let form = world.as_("mark").get("/leads/new");
    let nobody = [("name", "Otto"), ("territory", "North"), ("owner", "")];
    form.submit("/leads/new", &nobody)
        .follow()
        .says("Owner Nobody yet");
}

#[rstest]
fn an_import_is_never_assigned_by_the_rules(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let north = territory(&world, "North", &[("ana", 1)]);
    rule(&world, north, "");
    let file = b"external_id,name,created_at,handed_over_at,country\nL1,Acme,2026-03-02T09:00:00Z,2026-03-02T09:00:00Z,DE\n";
    let ada = world.as_("ada");
    let preview = ada.upload("/import", &[("leads.csv", file)]);
    let place = preview.is(303).location.clone();
    ada.get(&place).submit(&format!("{place}/confirm"), &[]);
    let file = ada.get("/leads?view=all&format=csv");
    assert!(
        file.body.contains("Acme,,,,,handed_over,,warm"),
        "{}",
        file.body
    );
}

#[rstest]
fn two_hand_overs_at_once_go_to_two_people(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let north = territory(&world, "North", &[("ana", 1), ("ben", 1)]);
    let by_rules = Terms {
        territory: "North".to_owned(),
        by_rules: true,
        ..terms()
    };
    let (me, now, app) = (world.me("mark"), world.now(), world.app());
    std::thread::scope(|scope| {
        for n in 0..8 {
            let (me, by_rules) = (&me, &by_rules);
            scope.spawn(move || {
                let uid = uuid::Uuid::now_v7().to_string();
                let done = app.db.write(|conn| {
                    let kept = app.shelf.now(conn)?;
                    let mut tx = touchline::app::Tx {
                        conn,
                        kept,
                        me: Some(me),
                        now,
                        address: "",
                    };
                    handover::add(
                        &mut tx,
                        &uid,
                        &new_lead(&format!("Lead {n}"), now),
                        by_rules,
                        true,
                    )
                });
                done.expect("the hand-over is stored");
            });
        }
    });
    for name in ["ana", "ben"] {
        let file = world.as_(name).get("/leads?view=all&owner=me&format=csv");
        assert_eq!(file.body.lines().count(), 5, "{name}: {}", file.body);
    }
    let rotas = world.read(territories::store::rotas);
    let credits: Vec<i64> = rotas[&Some(north)].seats.iter().map(|s| s.credit).collect();
    assert_eq!(credits, [0, 0]);
}

#[rstest]
fn the_queue_counts_how_long_leads_wait_and_is_emptied_by_hand_or_rule(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-03-03T15:00:00Z");
    let old = world.lead("Old", "");
    world.at("2026-03-04T09:00:00Z");
    let new = world.lead("New", "");
    let third = world.lead("Third", "");
    world.at("2026-03-04T09:30:00Z");
    let queue = "/leads?view=unassigned";
    let page = world.as_("ana").get(queue);
    page.ok()
        .says("Unassigned 3")
        .says("None First attempt due 12:00 18 h 30 min 2 h 30 min");
    world
        .as_("mark")
        .get(queue)
        .says("Unassigned 3")
        .says_nothing_of("Take");
    let bulk = |who: &str, fields: &[(&str, &str)]| world.as_(who).post("/leads/bulk", fields);
    let back = ("back", queue);
    bulk("ana", &[("deed", "take"), ("lead", &old), back])
        .redirects_to("/leads?view=unassigned&done=take-1");
    assert_eq!(owner(&world, &old), "Ana");
    // Pressed twice at once by two: the second hears that it is gone.
    bulk("ben", &[("deed", "take"), ("lead", &old), back])
        .is(422)
        .says("0 done, 1 refused")
        .says("Somebody else has it now.");
    bulk("ana", &[("deed", "rules"), ("lead", &new)])
        .is(422)
        .says("This is not yours to do.");
    bulk("max", &[("deed", "rules"), ("lead", &new)])
        .is(422)
        .says("No territory fits, and nobody to give it to: it stays in the queue.");
    let ben = world.person("ben").uid;
    let sue = world.person("sue").uid;
    bulk("max", &[("deed", "give"), ("lead", &new), ("owner", &sue)])
        .is(422)
        .says("This is not yours to do.");
    bulk("max", &[("deed", "give"), ("lead", &new), ("owner", &ben)]).is(303);
    assert_eq!(owner(&world, &new), "Ben");
    let given = ("assigned".to_owned(), "Given to you".to_owned());
    assert_eq!(told(&world, "ben"), [given]);
    let seats = seats(&world, &[("sue", 1)]);
    world.write(|tx| territories::set_rota(tx, None, &seats));
    bulk("max", &[("deed", "rules"), ("all", "true"), back]).is(303);
    assert_eq!(owner(&world, &third), "Sue");
    bulk("max", &[("deed", "rules"), ("lead", &third)])
        .is(422)
        .says("Somebody else has it now.");
    bulk("mia", &[("deed", "rules"), ("lead", &third)])
        .is(422)
        .says("Somebody owns this lead already.");
    world
        .as_("max")
        .get(queue)
        .says("No lead waits for an owner");
    for (fields, sentence) in [
        (&[("deed", "take")][..], "Choose at least one lead."),
        (
            &[("deed", "burn"), ("lead", "x")],
            "Enter what to do from the list.",
        ),
        (&[("deed", "give"), ("lead", "x")], "Enter to whom they go."),
        (
            &[("deed", "step"), ("lead", "x"), ("next", "")],
            "Enter the day of the next step.",
        ),
    ] {
        bulk("max", fields).is(422).says(sentence);
    }
    bulk("mark", &[("deed", "take"), ("lead", &third)])
        .is(422)
        .says("This is not yours to do.");
}

#[rstest]
fn not_my_territory_sends_a_lead_on_at_once_and_is_no_rejection(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let north = territory(&world, "North", &[("ana", 1)]);
    let south = territory(&world, "South", &[("ana", 1), ("sue", 1)]);
    let uid = world.lead_on(
        "Acme",
        &Terms {
            territory: "North".to_owned(),
            owner_id: Some(world.person("ana").id),
            ..terms()
        },
    );
    let path = format!("/leads/{uid}");
    let ana = world.as_("ana");
    world.at("2026-03-04T12:00:00Z");
    let form = ana.get(&format!("{path}?do=re-route"));
    let action = format!("{path}/re-route");
    form.submit(&action, &[("territory", "")])
        .is(422)
        .says("the right territory");
    form.submit(&action, &[("territory", &north.to_string())])
        .is(422)
        .says("It is in North already");
    form.submit(&action, &[("territory", "999999")]).is(422);
    world
        .as_("ben")
        .post(&action, &[("territory", &south.to_string())])
        .is(404);
    let south_id = south.to_string();
    form.submit(
        &action,
        &[("territory", &south_id), ("note", "They moved.")],
    )
    .redirects_to("/leads?done=re-route-1");
    // Ana stands in that rota too, and is passed over.
    let story = story(&world, &uid);
    assert_eq!(owner(&world, &uid), "Sue");
    assert_eq!(story.lead.stage, Stage::HandedOver);
    assert_eq!(story.lead.territory_id, Some(south));
    // What marketing promised stays on its receipt.
    assert_eq!(story.handovers[0].territory_id, Some(north));
    let receipt = format!("/hand-overs/{}", story.handovers[0].uid);
    let page = world.as_("mark").get(&receipt);
    page.ok()
        .says("Territory North")
        .says("From North. Territory South");
    assert_eq!(story.handovers[0].closed_at, None);
    let note = "From North. Territory South, turn of Sue Sommer. They moved.".to_owned();
    assert_eq!(
        last_word(&world, &uid),
        ("Not my territory".to_owned(), note)
    );
    // Sent twice it is sent on once; with other words it comes back with them.
    let twice = [("territory", south_id.as_str()), ("note", "They moved.")];
    form.submit(&action, &twice)
        .redirects_to("/leads?done=re-route-1");
    assert_eq!(
        crate::territories::story(&world, &uid).version(),
        story.version()
    );
    let again = form.submit(&action, &[("territory", &south_id), ("note", "To Rome.")]);
    again
        .is(409)
        .says("Given to Sue Sommer by you, 13:00 (not my territory).")
        .says("Note: To Rome.");
    let said = |name: &str| told(&world, name).pop().map(|(_, text)| text);
    assert_eq!(
        said("sue").as_deref(),
        Some("Given to you (not my territory)")
    );
    let now = Some("Given to Sue Sommer (not my territory)");
    assert_eq!(said("mark").as_deref(), now);
    world
        .as_("sue")
        .get(&path)
        .says("Reason: Not my territory")
        .says("Ana Arndt's clock closed as transferred after 3 h")
        .says("First attempt not yet, waiting 3 h");
    world.as_("mark").get("/outcomes").ok();
    world.log("sue", "Call", "Interested", Some(&uid));
    let contacted = world.as_("sue").post(
        &action,
        &[
            ("territory", &north.to_string()),
            ("seen", &crate::territories::story(&world, &uid).version()),
        ],
    );
    contacted.is(422).says("not re-routed after a contact");
}

#[rstest]
fn a_rejection_that_names_the_right_territory_re_routes(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let south = territory(&world, "South", &[]).to_string();
    let uid = world.lead("Acme", "ana");
    let path = format!("/leads/{uid}");
    let ana = world.as_("ana");
    let form = ana.get(&format!("{path}?do=rejected"));
    let events = format!("{path}/events");
    let named = [
        ("reason", "Not my territory"),
        ("territory", south.as_str()),
    ];
    let done = form.submit(&events, &named);
    done.is(303)
        .follow()
        .says("Re-routed.")
        .says("Owner Nobody yet");
    let waits = (
        "unassigned".to_owned(),
        "Waits for an owner (not my territory)".to_owned(),
    );
    assert_eq!(told(&world, "max").last(), Some(&waits));
    assert_eq!(lead(&world, &uid).stage, Stage::HandedOver);
    // The one who had the page open sees what changed, and keeps what they typed.
    let late = form.submit(&events, &[("note", "Typed"), named[0], named[1]]);
    late.is(409)
        .says("Sent back to the unassigned leads by you")
        .says("Note: Typed");
    let max = world.as_("max").post(
        &format!("{path}/re-route"),
        &[("territory", &south), ("seen", "0-0"), ("note", "Typed")],
    );
    max.is(409).says("This lead changed");
    assert_eq!(max.field("note").as_deref(), Some("Typed"));
    // Without naming one it is neither.
    let other = world.lead("Birch", "ana");
    let form = ana.get(&format!("/leads/{other}?do=rejected"));
    let unnamed = [("reason", "Not my territory"), ("note", "Not mine.")];
    let back = form.submit(&format!("/leads/{other}/events"), &unnamed);
    back.is(422)
        .says("Name the right territory: the lead goes there at once");
    assert_eq!(back.field("note").as_deref(), Some("Not mine."));
    assert_eq!(lead(&world, &other).stage, Stage::HandedOver);
}

#[rstest]
fn where_there_is_no_other_territory_the_wrong_one_is_a_rejection(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let form = world.as_("ana").get(&format!("/leads/{uid}?do=rejected"));
    form.says_nothing_of("Right territory");
    let fields = [("reason", "Not my territory")];
    form.submit(&format!("/leads/{uid}/events"), &fields)
        .is(303);
    assert_eq!(lead(&world, &uid).stage, Stage::Rejected);
}

#[rstest]
fn who_changes_a_rule_or_a_rota_second_sees_what_the_first_changed(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let north = territory(&world, "North", &[("ana", 1)]);
    for post_code in ["1", "2", "3"] {
        rule(&world, north, post_code);
    }
    let rules = || world.read(territories::store::rules);
    let id = rules()[0].id;
    let path = format!("/territories/rules/{id}");
    let (max, mia) = (world.as_("max"), world.as_("mia"));
    let (of_max, of_mia) = (max.get(&path), mia.get(&path));
    of_mia.submit(&path, &[("post_code", "10, 11")]).is(303);
    of_mia.submit(&path, &[("post_code", "10, 11")]).is(303);
    let told = of_max.submit(&path, &[("country", "AT")]);
    told.is(409)
        .says("Mia Moser (10:00) changed this rule: it is about \u{201c}DE \u{b7} post code 10, 11\u{2026}\u{201d} now.");
    assert_eq!(told.field("country").as_deref(), Some("AT"));
    assert_eq!(rules()[0].country, "DE");
    let retire = format!("{path}/retire");
    of_max
        .submit(&retire, &[])
        .is(409)
        .says("Read it again before you retire it.");
    told.submit(&path, &[]).is(303);
    assert_eq!(
        (rules()[0].country.as_str(), rules()[0].post_code.as_str()),
        ("AT", "1")
    );
    let fresh = max.get(&path);
    fresh.submit(&retire, &[]).is(303);
    fresh.submit(&retire, &[]).is(303);
    let lost = of_mia.submit(&path, &[("region", "Tyrol")]);
    lost.is(409)
        .says("Max Maier (10:00) retired it.")
        .says("Region: Tyrol");
    // The order: each moves what they see.
    let list = max.get("/territories");
    let (first, last) = (rules()[0].id, rules()[1].id);
    let up = format!("/territories/rules/{last}/up");
    list.submit(&up, &[]).is(303);
    list.submit(&up, &[]).is(303);
    assert_eq!(rules()[0].id, last, "pressed twice, moved once");
    let down = format!("/territories/rules/{first}/down");
    list.submit(&down, &[])
        .is(409)
        .says("The order changed while you had the page open.");
    assert!(list.body.contains("disabled"), "the first cannot go up");
    // The rota.
    let rota = format!("/territories/rota?territory={north}");
    let (of_max, of_mia) = (max.get(&rota), mia.get(&rota));
    let [ana, ben] = ["ana", "ben"].map(|name| format!("weight-{}", world.person(name).uid));
    of_mia.submit("/territories/rota", &[(&ana, "3")]).is(303);
    let told = of_max.submit("/territories/rota", &[(&ben, "2")]);
    told.is(409)
        .says("Mia Moser (10:00) saved these weights: Ana Arndt 3 (was 1).");
    assert_eq!(told.field(&ben).as_deref(), Some("2"));
    told.submit("/territories/rota", &[]).is(303);
    let rotas = world.read(territories::store::rotas);
    let weights: Vec<i64> = rotas[&Some(north)]
        .seats
        .iter()
        .map(|seat| seat.weight)
        .collect();
    assert_eq!(weights, [1, 2]);
    world.as_("ana").post("/territories/rota", &[]).is(403);
}
