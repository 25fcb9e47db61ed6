//! What concerns somebody is told once, to them alone, and calls for nobody who is not at work.

use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::World;
use rstest::rstest;
use touchline::inbox::{self, Notice, NoticeKind};

/// Tells some of the cast, in the name of another.
fn tell(world: &World, by: &str, whom: &[&str], kind: NoticeKind, notice: &Notice) {
    let ids: Vec<i64> = whom.iter().map(|name| world.person(name).id).collect();
    world.write_as(by, |tx| inbox::tell(tx, &ids, kind, notice));
}

fn saying(text: &str) -> Notice {
    Notice {
        text: text.to_owned(),
        ..Notice::default()
    }
}

#[rstest]
fn what_concerns_one_waits_in_the_inbox_until_it_is_read(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ana = world.as_("ana");
    ana.get("/inbox").ok().says("Nothing new");
    let lead = world.lead("Acme", "ana");
    let handed = ana.get("/inbox");
    handed.ok().says("Handed over to you");
    handed.submit("/inbox/read", &[]).is(303);
    let id = world.read(|conn| {
        let me = world.me("ana");
        Ok(touchline::leads::store::by_uid(conn, &me, &lead)?.map(|lead| lead.id))
    });
    let notice = Notice {
        lead_id: id,
        ..saying("asked whether they can pay")
    };
    tell(
        &world,
        "mark",
        &["ana", "ana", "mark"],
        NoticeKind::Asked,
        &notice,
    );
    let inbox = ana.get("/inbox");
    inbox
        .ok()
        .says("Acme")
        .says("asked whether they can pay")
        .says("Mark Marlow");
    assert_eq!(inbox.body.matches("asked whether").count(), 1);
    // Who did it is not told, and others see nothing of it.
    for name in ["mark", "ben", "max", "ada"] {
        let page = world.as_(name).get("/inbox?show=all");
        page.ok().says_nothing_of("asked whether");
    }
    let mut actions = inbox.actions().into_iter();
    let is_notice = |action: &String| action.starts_with("/inbox/") && action != "/inbox/read";
    let address = actions.find(is_notice).expect("a notice to open");
    world.as_("ben").post(&address, &[]).is(404);
    let opened = inbox.submit(&address, &[]);
    opened.redirects_to(&format!("/leads/{lead}#talk"));
    ana.get("/inbox").ok().says("Nothing new");
    ana.get("/inbox?show=all").ok().says("asked whether");
}

#[rstest]
fn what_was_told_under_a_key_is_told_once_and_what_is_switched_off_not_at_all(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let once = Notice {
        once: Some("due:1".to_owned()),
        ..saying("to be tried by noon")
    };
    for _ in 0..3 {
        tell(&world, "max", &["ana", "ben"], NoticeKind::Due, &once);
    }
    let ana = world.as_("ana");
    let page = ana.get("/inbox");
    assert_eq!(page.ok().body.matches("to be tried by noon").count(), 1);
    let kinds = ana.get("/inbox/kinds");
    kinds
        .ok()
        .says("A question is asked")
        .says_nothing_of("comes back from nurture");
    // A question is one that she can do without.
    kinds.submit("/inbox/kinds", &[("asked", "")]).is(303);
    tell(
        &world,
        "max",
        &["ana", "ben"],
        NoticeKind::Asked,
        &saying("a question"),
    );
    tell(
        &world,
        "max",
        &["ana", "ben"],
        NoticeKind::Due,
        &saying("another promise"),
    );
    ana.get("/inbox")
        .says("another promise")
        .says_nothing_of("a question");
    world.as_("ben").get("/inbox").says("a question");
}

#[rstest]
fn nothing_calls_for_somebody_outside_their_hours_or_on_time_off(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    tell(
        &world,
        "max",
        &["ana"],
        NoticeKind::Asked,
        &saying("a question"),
    );
    let counted = |page: &crate::world::Page| page.body.contains("class=\"news\"");
    let ana = world.as_("ana");
    assert!(counted(ana.get("/me").ok()), "on a Wednesday afternoon");
    world.at("2026-03-04T20:00:00Z");
    assert!(!counted(ana.get("/me").ok()), "in the evening");
    ana.get("/inbox")
        .says("a question")
        .says("Outside your working hours");
    world.at("2026-03-05T09:00:00Z");
    assert!(counted(ana.get("/me").ok()), "the next morning");
    let off = [
        ("from", "2026-03-05"),
        ("to", "2026-03-05"),
        ("part", "full"),
    ];
    ana.get("/time-off").submit("/time-off", &off).is(303);
    assert!(!counted(ana.get("/me").ok()), "on a day off");
    let leaver = world.person("ben").uid;
    let page = world.as_("ada").get(&format!("/people/{leaver}"));
    page.submit(
        &format!("/people/{leaver}/left"),
        &[("last_day", "2026-03-04")],
    )
    .is(303);
    tell(
        &world,
        "max",
        &["ben"],
        NoticeKind::Asked,
        &saying("too late"),
    );
    let told = world.read(|conn| {
        let ben = world.person("ben").id;
        inbox::store::page(conn, ben, false, None, 9)
    });
    assert!(told.is_empty(), "{told:?}");
}

#[rstest]
fn all_that_was_seen_is_marked_as_read_and_what_came_since_stays_new(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    tell(
        &world,
        "max",
        &["ana"],
        NoticeKind::Asked,
        &saying("the budget"),
    );
    let ana = world.as_("ana");
    let page = ana.get("/inbox");
    tell(
        &world,
        "max",
        &["ana"],
        NoticeKind::Asked,
        &saying("the deadline"),
    );
    page.submit("/inbox/read", &[]).redirects_to("/inbox");
    ana.get("/inbox")
        .ok()
        .says("the deadline")
        .says_nothing_of("the budget");
}

#[rstest]
fn whoever_is_told_what_others_do_to_a_lead_has_a_switch_for_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (ana, max) = (world.as_("ana"), world.as_("max"));
    for (who, label) in [
        ("ana", "A lead that I own or handed over is accepted"),
        (
            "ana",
            "A definition waits for a signature or comes into force",
        ),
        ("mark", "A lead of mine is re-routed"),
        ("max", "The rules of the lead score change"),
    ] {
        world.as_(who).get("/inbox/kinds").ok().says(label);
    }
    let exits = |name: &str| {
        let uid = world.lead(name, "ana");
        let no_need = [("reason", "No need")];
        crate::talk::moves(&max, &uid, "disqualified", &no_need).is(303);
        ana.get("/inbox?show=all")
            .ok()
            .text()
            .matches("Disqualified: No need")
            .count()
    };
    assert_eq!(exits("Acme"), 1);
    let kinds = ana.get("/inbox/kinds");
    kinds.submit("/inbox/kinds", &[("exited", "")]).is(303);
    assert_eq!(exits("Birch"), 1);
}

#[rstest]
fn who_has_another_role_since_is_told_nothing_that_does_not_concern_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let fields = [("reason", "Wrong role"), ("note", "An intern.")];
    crate::talk::moves(&world.as_("ana"), &uid, "rejected", &fields).is(303);
    let event = world.read(|conn| {
        let all = touchline::talk::store::rejections_waiting(conn, touchline::value::Instant(0))?;
        Ok(all[0].event_id.to_string())
    });
    let (ana, role) = (
        world.person("ana").id,
        touchline::rules::access::Role::Marketing,
    );
    world.write_as("ada", |tx| {
        touchline::people::change(tx, ana, ("Ana Arndt", role, None), None)
    });
    let fields = [("event", event.as_str()), ("reply", "agreed")];
    let path = format!("/leads/{uid}/answer");
    world.as_("mark").post(&path, &fields).is(303);
    let page = world.as_("ana").get("/inbox?show=all");
    page.ok().says_nothing_of("Marketing agrees");
    // What is still hers is offered to be given to others.
    let path = format!("/people/{}", world.person("ana").uid);
    let page = world.as_("ada").get(&path);
    page.ok()
        .says("what is still theirs can be given to others");
    assert!(page.links().contains(&format!("{path}/leads")));
}
