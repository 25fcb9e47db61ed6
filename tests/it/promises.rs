//! Stories of what a hand-over carries, frozen as it was, and of mending a lead's own data.

use crate::lead_score::{in_nurture, lead, rules, set_rules};
use crate::signals::note;
use crate::world::{Database, Database::*, World, terms};
use rstest::rstest;
use touchline::handover::{Terms, edit};
use touchline::leads::score;
use touchline::leads::{self, carried};
use touchline::rules::wait::Urgency;

/// The lines of each hand-over of a lead, oldest first.
fn lines(world: &World, uid: &str) -> Vec<Vec<String>> {
    let id = lead(world, uid).id;
    world.read(|conn| {
        let handovers = leads::store::handovers(conn, id)?;
        let of = |handover: &leads::Handover| {
            let lines = carried::store::of_handovers(conn, &[handover.id])?;
            let words = lines.into_iter().map(|(_, line)| match line.points {
                Some(points) => format!("{} {points}", line.text),
                None => line.text,
            });
            Ok(words.collect())
        };
        handovers.iter().map(of).collect()
    })
}

#[rstest]
fn a_hand_over_carries_the_whole_promise(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    set_rules(&world, 50.0);
    let page = world.as_("mark").get("/leads/new");
    let saved = page.submit(
        "/leads/new",
        &[
            ("name", "Hanna"),
            ("asset", "Guide"),
            ("more_assets", "Price list\r\n\r\nCalculator\r\nPrice list"),
            ("country", "Germany"),
            ("post_code", "10115"),
            ("employees", "250"),
            ("segment", "Industry"),
            ("news_kind", "2"),
            ("news_what", "Twice today"),
            ("news_note", "Their lease ends in May."),
            ("score", "64"),
        ],
    );
    let page = saved.is(303).follow();
    for words in [
        "Further assets Price list Calculator",
        "Company Country: Germany Post code: 10115 Employees: 250 Segment: Industry",
        "What was going on",
        "Visited prices · Twice today, 4 Mar 2026",
        "Research note · Their lease ends in May., 4 Mar 2026",
        "Why that score Country is Germany: 30.0 Visited prices, 4 Mar 2026: 20.0",
        "Score 50",
        "Score 50.0",
    ] {
        page.says(words);
    }
    let uid = saved.location.replace("/leads/", "");
    let uid = uid.split('?').next().unwrap_or_default();
    // Whatever changes later, the promise stands.
    let before = lines(&world, uid);
    let form = format!("/leads/{uid}/edit");
    world
        .as_("mark")
        .get(&form)
        .submit(&form, &[("country", "Austria")])
        .is(303);
    let mut wanted = rules(50.0);
    wanted.fit[1].points = 60.0;
    world.write_as("max", |tx| score::save(tx, &wanted, "More", 1));
    note(&world, "ana", uid, "Hiring", "Ten electricians");
    assert_eq!(lines(&world, uid), before);
    let shown = world.as_("mark").get(&format!("/leads/{uid}"));
    shown.says("Country: Germany").says("Score 80.0");
}

#[rstest]
fn wrong_fields_of_the_promise_come_back_filled(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let long = "x".repeat(81);
    let page = world.as_("mark").get("/leads/new");
    for (field, wrong, sentence) in [
        ("employees", "many", "Enter a whole number of people."),
        ("employees", "-3", "Enter a whole number of people."),
        (
            "employees",
            "99999999999",
            "Enter a whole number of people.",
        ),
        ("country", &long, "Use at most 60 characters."),
        ("post_code", &long, "Use at most 20 characters."),
        ("more_assets", &long, "Use at most 80 characters for each."),
        ("news_kind", "10000", "Enter what happened, from the list."),
        ("news_what", "Something", "Choose what happened."),
    ] {
        let back = page.submit("/leads/new", &[("name", "Hanna"), (field, wrong)]);
        back.is(422).says(sentence);
        assert_eq!(back.field("name").as_deref(), Some("Hanna"), "{field}");
        assert_eq!(
            back.field(field).as_deref(),
            Some(wrong).filter(|_| field != "news_kind").or(Some("")),
            "{field}"
        );
    }
}

#[rstest]
fn a_lead_that_comes_back_from_nurture_is_handed_over_anew_and_keeps_its_history(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    set_rules(&world, 50.0);
    let uid = in_nurture(&world, "Hanna", "Germany");
    let ana = world.person("ana").uid;
    let hand_over = |fields: &[(&str, &str)]| {
        let mark = world.as_("mark");
        let page = mark.get(&format!("/leads/{uid}?do=hand-over"));
        page.submit(&format!("/leads/{uid}/hand-over"), fields)
            .is(303);
    };
    hand_over(&[("owner", &ana), ("note", "First promise")]);
    world.at("2026-03-04T09:40:00Z");
    world.log("ana", "Call", "No answer", Some(&uid));
    world.at("2026-03-04T10:00:00Z");
    let page = world.as_("ana").get(&format!("/leads/{uid}?do=nurture"));
    let fields = [("reason", "Not ready yet"), ("return_on", "2026-05-04")];
    page.submit(&format!("/leads/{uid}/events"), &fields)
        .is(303);
    world.at("2026-05-04T09:00:00Z");
    note(&world, "mark", &uid, "Visited prices", "Again");
    let page = world.as_("mark").get(&format!("/leads/{uid}?do=hand-over"));
    assert_eq!(
        page.field("country").as_deref(),
        Some("Germany"),
        "the form knows the company"
    );
    hand_over(&[("owner", &ana), ("note", "Second promise")]);
    world.at("2026-05-04T09:30:00Z");
    let promises = lines(&world, &uid);
    assert_eq!(promises[0], ["Country: Germany", "Country is Germany 30"]);
    assert_eq!(
        promises[1],
        [
            "Country: Germany",
            "Visited prices · Again",
            "Country is Germany 30",
            "Visited prices 20"
        ]
    );
    let page = world.as_("ana").get(&format!("/leads/{uid}"));
    for words in [
        "First promise",
        "Second promise",
        "First attempt after 40 min",
        "First attempt not yet, waiting 30 min",
        "Call: No answer",
        "Returned to nurture: Not ready yet",
    ] {
        page.says(words);
    }
    let handovers = world.read(|conn| {
        let id = leads::store::handovers(conn, lead_id(&world, &uid))?;
        Ok(id)
    });
    assert_eq!(
        handovers.iter().map(|h| h.score).collect::<Vec<_>>(),
        [Some(30.0), Some(50.0)]
    );
    assert!(handovers[0].first_attempt_at.is_some() && handovers[1].first_attempt_at.is_none());
}

fn lead_id(world: &World, uid: &str) -> i64 {
    lead(world, uid).id
}

#[rstest]
fn who_may_mends_a_leads_data_and_it_is_found_by_the_new_ones(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let form = format!("/leads/{uid}/edit");
    for (who, name) in [
        ("ana", "Anna Acme"),
        ("max", "Max Acme"),
        ("mark", "Mark Acme"),
        ("ada", "Ada Acme"),
    ] {
        let page = world.as_(who).get(&form);
        let fields = [
            ("name", name),
            ("phone", "+49 30 555 12"),
            ("employees", "40"),
        ];
        page.submit(&form, &fields)
            .redirects_to(&format!("/leads/{uid}?done=edited"));
        assert_eq!(lead(&world, &uid).name, name);
    }
    world
        .as_("ana")
        .get(&format!("/leads/{uid}?done=edited"))
        .says("Saved.")
        .says("Employees 40");
    world.as_("ana").get("/leads?q=4930555").says("Ada Acme");
    world.as_("ana").get("/leads?q=ada+acme").says("Ada Acme");
    for (who, status) in [("ben", 404), ("sue", 404), ("mia", 404)] {
        world.as_(who).get(&form).is(status);
        world.as_(who).post(&form, &[("name", "x")]).is(status);
    }
    // What waits for an owner is seen by every rep, and mended by none.
    let waiting = world.lead("Birch", "");
    let form = format!("/leads/{waiting}/edit");
    world.as_("ana").get(&form).is(403);
    world.as_("ana").post(&form, &[("name", "x")]).is(403);
    world.as_("max").get(&form).ok();
    let trail = world.read(|conn| {
        let id = lead_id(&world, &uid);
        touchline::audit::trail(conn, "lead", &["edited"], Some(&[id]), 9)
    });
    let details: Vec<&str> = trail.iter().map(|line| line.detail.as_str()).collect();
    assert_eq!(
        details,
        [
            "Person Ada Acme",
            "Person Mark Acme",
            "Person Max Acme",
            "Person Anna Acme, Phone +49 30 555 12, Employees 40"
        ]
    );
}

#[rstest]
fn a_wrong_edit_comes_back_filled(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let form = format!("/leads/{uid}/edit");
    let page = world.as_("ana").get(&form);
    for (field, wrong, sentence) in [
        ("name", "", "Enter the person's name."),
        ("email", "x", "Enter an e-mail address"),
        ("employees", "1.5", "Enter a whole number of people."),
    ] {
        let back = page.submit(&form, &[("title", "Buyer"), (field, wrong)]);
        back.is(422).says(sentence);
        assert_eq!(back.field("title").as_deref(), Some("Buyer"));
        assert_eq!(back.field("was_name").as_deref(), Some("Acme"));
    }
    assert_eq!(lead(&world, &uid).title, "");
}

#[rstest]
fn of_two_who_edit_at_once_the_second_sees_what_changed_and_loses_nothing(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let form = format!("/leads/{uid}/edit");
    let (ana, mark) = (world.as_("ana").get(&form), world.as_("mark").get(&form));
    ana.submit(
        &form,
        &[("company", "Acme & Sons"), ("background", "One\r\ntwo")],
    )
    .is(303);
    let late = mark.submit(&form, &[("title", "Buyer")]);
    late.is(409).says(
        "Ana Arndt changed this lead while you had the page open (10:00): Company is now \u{201c}Acme & Sons\u{201d}; Background is now",
    );
    assert_eq!(late.field("title").as_deref(), Some("Buyer"));
    assert_eq!(lead(&world, &uid).company, "Acme & Sons");
    // Looked at and saved again, it stands as typed; sent twice, it is no conflict.
    late.submit(&form, &[("company", "Acme & Sons")]).is(303);
    late.submit(&form, &[("company", "Acme & Sons")]).is(303);
    let now = lead(&world, &uid);
    assert_eq!(
        (now.title.as_str(), now.company.as_str()),
        ("Buyer", "Acme & Sons")
    );
    // A page that was open since before changes nothing.
    let old = world.try_as("ana", |tx| {
        let wanted = edit::Details {
            name: "Late".to_owned(),
            company: String::new(),
            title: String::new(),
            email: String::new(),
            phone: String::new(),
            note: String::new(),
            profile: Default::default(),
        };
        edit::edit(tx, &uid, &wanted, &[])
    });
    assert!(
        matches!(old, Ok(touchline::handover::Done::Newer(_))),
        "{old:?}"
    );
}

#[rstest]
fn a_rejection_that_is_withdrawn_hands_over_with_the_score_of_that_day(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    set_rules(&world, 50.0);
    let fields = [
        ("name", "Hanna"),
        ("country", "Germany"),
        ("news_kind", "2"),
        ("news_what", "Twice today"),
    ];
    let mark = world.as_("mark");
    let saved = mark.get("/leads/new").submit("/leads/new", &fields);
    let uid = saved.is(303).location.replace("/leads/", "");
    let uid = uid.split('?').next().unwrap_or_default().to_owned();
    let path = format!("/leads/{uid}");
    let max = world.as_("max");
    let reject = max.get(&format!("{path}?do=rejected"));
    reject
        .submit(&format!("{path}/events"), &[("reason", "Wrong role")])
        .is(303);
    let event = mark.get(&path).field("event").expect("to answer");
    let disputed = [
        ("event", event.as_str()),
        ("reply", "disputed"),
        ("text", "No."),
    ];
    mark.post(&format!("{path}/answer"), &disputed).is(303);
    let withdrawn = [("event", event.as_str()), ("reply", "withdrawn")];
    max.post(&format!("{path}/settle"), &withdrawn).is(303);
    let id = lead_id(&world, &uid);
    let all = world.read(|conn| leads::store::handovers(conn, id));
    let scores: Vec<Option<f64>> = all.iter().map(|h| h.score).collect();
    assert_eq!(scores, [Some(50.0), Some(50.0)]);
    // And its reasons stand under both.
    let lines = lines(&world, &uid);
    assert_eq!(lines[0], lines[1]);
}

#[rstest]
fn who_works_one_day_a_week_has_a_day_on_which_a_promise_is_due(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ana = world.person("ana");
    let fridays = [
        ("whose", format!("person-{}", ana.uid)),
        ("hours_5", "09:00-17:00".to_owned()),
    ];
    let fridays: Vec<(&str, &str)> = fridays.iter().map(|(k, v)| (*k, v.as_str())).collect();
    world.as_("ada").post("/calendar/hours", &fridays).is(303);
    world.at("2026-03-04T09:00:00Z");
    let terms = Terms {
        urgency: Urgency::Content,
        owner_id: Some(ana.id),
        ..terms()
    };
    let uid = world.lead_on("Hanna", &terms);
    let path = format!("/leads/{uid}");
    let ana_s = world.as_("ana");
    // One of her working days from Wednesday the 4th is the Friday, two are that and the next.
    ana_s.get(&path).says("Acceptance due 6 Mar, 17:00");
    let accept = [("deed", "accept"), ("lead", uid.as_str())];
    ana_s.post("/leads/bulk", &accept).is(303);
    ana_s.get(&path).says("First attempt due 13 Mar, 17:00");
}
