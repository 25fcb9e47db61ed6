//! Stories of what waits for somebody: nothing is forgotten because the page shows other days.

use crate::talk::moves;
use crate::world::{Database, Database::*, World, new_lead, newcomer, terms};
use rstest::rstest;
use touchline::imports::{self, Source};
use touchline::inbox::NoticeKind;
use touchline::leads::{self, Lead};
use touchline::rules::access::Role;
use touchline::rules::stage::Stage;
use touchline::talk;
use touchline::{handover, inbox, jobs, people};

fn lead(world: &World, uid: &str) -> Lead {
    let admin = world.me("ada");
    world.read(|conn| Ok(leads::store::by_uid(conn, &admin, uid)?.expect("the lead")))
}

/// What the page of hand-overs says, with these days.
fn waits(world: &World, who: &str, query: &str) -> String {
    let page = world.as_(who).get(&format!("/hand-overs{query}"));
    page.ok().text()
}

#[rstest]
fn marketing_finds_every_rejection_that_waits_for_its_answer_whatever_days_it_looks_at(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let seen = world.lead("Birch", "ana");
    // Rejected long after it was handed over.
    world.at("2026-08-03T09:00:00Z");
    let fields = [("reason", "Wrong role"), ("note", "An intern.")];
    for uid in [&uid, &seen] {
        moves(&world.as_("ana"), uid, "rejected", &fields).is(303);
    }
    let waiting = "Wrong role. Ana Arndt, 11:00";
    for query in ["", "?from=2026-07-28&to=2026-08-03"] {
        let text = waits(&world, "mark", query);
        assert_eq!(text.matches(waiting).count(), 2, "{text}");
    }
    // Nobody else's to answer.
    for other in ["ana", "max", "ada"] {
        let text = waits(&world, other, "");
        assert!(!text.contains(waiting), "{other}: {text}");
    }
    let id = lead(&world, &seen).id;
    let event = world.read(|conn| Ok(talk::store::rejections(conn, id)?[0].event_id.to_string()));
    let answer = |who: &str, path: &str, reply: &str| {
        let fields = [("event", event.as_str()), ("reply", reply), ("text", "No.")];
        let path = format!("/leads/{seen}/{path}");
        world.as_(who).post(&path, &fields).is(303);
    };
    answer("mark", "answer", "disputed");
    assert_eq!(waits(&world, "mark", "").matches(waiting).count(), 1);
    // What is disputed waits for sales: its owner and their managers.
    let week = "?from=2026-07-28&to=2026-08-03";
    for (who, many) in [("ana", 1), ("max", 1), ("ben", 0), ("mia", 0)] {
        let text = waits(&world, who, week);
        assert_eq!(text.matches(waiting).count(), many, "{who}: {text}");
    }
    answer("ana", "settle", "upheld");
    assert!(!waits(&world, "max", week).contains(waiting));
}

#[rstest]
fn a_lead_disqualified_for_bad_timing_comes_back_on_its_day(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let never = world.lead("Birch", "ana");
    let ana = world.as_("ana");
    let timing = [("reason", "Bad timing"), ("return_on", "2026-06-01")];
    moves(&ana, &uid, "disqualified", &timing).is(303);
    moves(&ana, &never, "disqualified", &[("reason", "No need")]).is(303);
    let mark = world.as_("mark");
    mark.get("/leads/ready").says_nothing_of("Acme");
    world.at("2026-06-01T07:00:00Z");
    world
        .as_("mark")
        .get("/hand-overs")
        .says("Its day has come");
    let today = "2026-06-01".parse().expect("a day");
    let back = world.read(|conn| leads::back_from_nurture(conn, today, today));
    assert_eq!(back.len(), 1);
    let ready = world.as_("mark").get("/leads/ready");
    ready
        .says("Acme")
        .says("Was to come back on Mon 1 Jun 2026")
        .says_nothing_of("Birch");
    let again = [("deed", "hand-over"), ("lead", uid.as_str())];
    world.as_("mark").post("/leads/bulk", &again).is(303);
    assert_eq!(lead(&world, &uid).stage, Stage::HandedOver);
    world
        .as_("mark")
        .get("/leads/ready")
        .says_nothing_of("Acme");
}

#[rstest]
fn who_asked_not_to_be_contacted_is_never_handed_over_again(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let stop = [("reason", "Do not contact")];
    moves(&world.as_("ana"), &uid, "disqualified", &stop).is(303);
    assert!(lead(&world, &uid).is_stopped);
    let again = [("deed", "hand-over"), ("lead", uid.as_str())];
    let refused = world.as_("mark").post("/leads/bulk", &again);
    refused.is(422).says("asked not to be contacted");
    assert_eq!(lead(&world, &uid).stage, Stage::Disqualified);
    // By a file as well.
    let files = [
        touchline::imports::Source::new(
            "leads.csv",
            b"external_id,name,created_at\nL1,Cedar,2026-03-02T09:00:00Z\n",
        ),
        touchline::imports::Source::new(
            "lead_events.csv",
            b"lead_external_id,at,event,reason\nL1,2026-03-03T09:00:00Z,disqualified,Do not contact\n",
        ),
    ];
    let report = world.write(|tx| touchline::imports::import(tx, &files, false, &mut |_| {}));
    assert!(report.is_good(), "{report:?}");
    let me = world.me("ada");
    let found = world.read(|conn| leads::store::search(conn, &me, "cedar", 2));
    assert!(found[0].is_stopped);
}

/// What somebody was told, oldest first.
fn told(world: &World, name: &str) -> Vec<NoticeKind> {
    let id = world.person(name).id;
    let rows = world.read(|conn| inbox::store::page(conn, id, false, None, 100));
    rows.into_iter().rev().map(|row| row.kind).collect()
}

/// A lead of ana's that somebody hands over.
fn by(world: &World, who: &str, name: &str) -> String {
    let uid = uuid::Uuid::now_v7().to_string();
    let lead = new_lead(name, world.now());
    let terms = handover::Terms {
        owner_id: Some(world.person("ana").id),
        ..terms()
    };
    world.write_as(who, |tx| handover::add(tx, &uid, &lead, &terms, true));
    uid
}

#[rstest]
fn who_has_left_or_is_a_rep_leaves_the_answer_to_all_of_marketing_and_an_admin_answers_themselves(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let paula = newcomer("Paula Pohl", Role::Marketing);
    world.write_as("ada", |tx| people::add(tx, paula));
    let of_mark = by(&world, "mark", "Acme");
    let of_ada = by(&world, "ada", "Birch");
    let kept_warm = by(&world, "mark", "Cedar");
    let mark = world.person("mark").id;
    let today = "2026-03-04".parse().expect("a day");
    world.write_as("ada", |tx| people::part(tx, mark, today));
    let ana = world.as_("ana");
    let rate = [("stars", "4")];
    ana.post(&format!("/leads/{of_mark}/rating"), &rate).is(303);
    let role = [("reason", "Wrong role")];
    for uid in [&of_mark, &of_ada] {
        moves(&ana, uid, "rejected", &role).is(303);
    }
    assert_eq!(
        told(&world, "paula"),
        [NoticeKind::Rated, NoticeKind::Rejected]
    );
    assert_eq!(told(&world, "ada"), [NoticeKind::Rejected]);
    for (who, theirs, others) in [("paula", "Acme", "Birch"), ("ada", "Birch", "Acme")] {
        let text = waits(&world, who, "");
        let list = text
            .split("Wrong role. Ana Arndt")
            .next()
            .unwrap_or_default();
        assert!(list.ends_with(&format!("{theirs} ")), "{who}: {text}");
        assert!(!list.ends_with(&format!("{others} ")), "{who}: {text}");
        assert_eq!(text.matches("Wrong role. Ana Arndt").count(), 1, "{who}");
    }
    // What marketing answers for it may take back, and it hears when the day has come.
    let later = [("reason", "Not ready yet"), ("return_on", "2026-03-09")];
    moves(&world.as_("paula"), &kept_warm, "nurture", &later).is(303);
    world.at("2026-03-09T08:00:00Z");
    jobs::run(world.app());
    assert!(told(&world, "paula").contains(&NoticeKind::BackFromNurture));
    // A question of sales finds somebody too.
    let fields = [
        ("id", uuid::Uuid::now_v7().to_string()),
        ("text", "Who is she?".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    ana.post(&format!("/leads/{of_mark}/questions"), &fields)
        .is(303);
    assert!(told(&world, "paula").contains(&NoticeKind::Asked));
}

#[rstest]
fn an_imported_rejection_waits_for_no_answer_and_may_be_answered(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let files = [
        Source::new(
            "leads.csv",
            b"external_id,name,created_at,owner_email\nL1,Cedar,2026-03-02T09:00:00Z,ana@example.com\n",
        ),
        Source::new(
            "lead_events.csv",
            b"lead_external_id,at,event,reason\nL1,2026-03-03T09:00:00Z,rejected,Wrong role\n",
        ),
    ];
    let report = world.write(|tx| imports::import(tx, &files, false, &mut |_| {}));
    assert!(report.is_good(), "{report:?}");
    let text = waits(&world, "mark", "");
    assert!(!text.contains("Wrong role. "), "{text}");
    let me = world.me("ada");
    let found = world.read(|conn| leads::store::search(conn, &me, "cedar", 2));
    let rejections = |world: &World| world.read(|conn| talk::store::rejections(conn, found[0].id));
    let tally = |world: &World| talk::Tally::of(&rejections(world));
    assert_eq!((tally(&world).rejected, tally(&world).unanswered), (1, 0));
    let event = rejections(&world)[0].event_id.to_string();
    let agreed = [("event", event.as_str()), ("reply", "agreed")];
    let path = format!("/leads/{}", found[0].uid);
    let page = world.as_("mark").get(&path);
    page.ok().says_nothing_of("Waits for marketing's answer");
    page.submit(&format!("{path}/answer"), &agreed).is(303);
    assert_eq!(tally(&world).agreed, 1);
}
