//! The timetable tells of promises, and of leads that come back, once, whatever is started anew.

use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{World, newcomer, terms};
use rstest::rstest;
use touchline::definitions::{self, Side};
use touchline::handover::{self, Terms};
use touchline::inbox::{self, NoticeKind};
use touchline::jobs;
use touchline::people;
use touchline::rules::access::Role;
use touchline::rules::level::Limit;
use touchline::rules::wait::Urgency;
use touchline::talk::{self, Reply};
use touchline::value::Instant;

/// What somebody was told of leads by the timetable, oldest first.
fn told(world: &World, name: &str) -> Vec<(NoticeKind, String)> {
    let id = world.person(name).id;
    let rows = world.read(|conn| inbox::store::page(conn, id, false, None, 100));
    let of_leads = |kind| kind != NoticeKind::Pack;
    let by_itself = rows.into_iter().rev();
    let by_itself = by_itself.filter(|row| row.by.is_none() && of_leads(row.kind));
    by_itself.map(|row| (row.kind, row.text)).collect()
}

/// Lets the timetable run at an instant.
fn run_at(world: &World, when: &str) {
    world.at(when);
    jobs::run(world.app());
}

fn due(text: &str) -> (NoticeKind, String) {
    (NoticeKind::Due, text.to_owned())
}

fn overdue(text: &str) -> (NoticeKind, String) {
    (NoticeKind::Overdue, text.to_owned())
}

// A warm lead is to be accepted and tried within four working hours; the cast works in Berlin from nine to five.
#[rstest]
fn the_owner_is_told_when_a_promise_is_due_soon_and_managers_too_when_it_is_overdue(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-03-04T10:00:00Z");
    world.lead("Acme", "ana");
    run_at(&world, "2026-03-04T12:59:00Z");
    assert!(told(&world, "ana").is_empty());
    // Three quarters of four hours.
    run_at(&world, "2026-03-04T13:00:00Z");
    let soon = [due("To be accepted soon"), due("First attempt due soon")];
    assert_eq!(told(&world, "ana"), soon);
    assert!(told(&world, "max").is_empty());
    for minute in ["2026-03-04T13:01:00Z", "2026-03-04T13:30:00Z"] {
        run_at(&world, minute);
    }
    assert_eq!(told(&world, "ana"), soon);
    run_at(&world, "2026-03-04T14:01:00Z");
    let late = [
        overdue("Not accepted in time"),
        overdue("First attempt overdue"),
    ];
    assert_eq!(told(&world, "ana")[2..], late);
    assert_eq!(told(&world, "max"), late);
    // Nobody of another team, and not marketing.
    assert!(told(&world, "mia").is_empty());
    assert!(told(&world, "mark").is_empty());
    run_at(&world, "2026-03-05T09:00:00Z");
    assert_eq!(told(&world, "max"), late);
}

#[rstest]
fn a_promise_that_was_kept_and_time_outside_of_working_hours_alarm_nobody(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    // An hour before the end of the working day: three hours are left for the next.
    world.at("2026-03-04T15:00:00Z");
    let tried = world.lead("Acme", "ana");
    world.lead("Birch", "ben");
    world.log("ana", "Call", "No answer", Some(&tried));
    run_at(&world, "2026-03-05T07:59:00Z");
    assert!(told(&world, "ben").is_empty());
    run_at(&world, "2026-03-05T11:01:00Z");
    assert!(told(&world, "ana").is_empty());
    let late = [
        overdue("Not accepted in time"),
        overdue("First attempt overdue"),
    ];
    assert_eq!(told(&world, "ben"), late);
}

#[rstest]
fn a_lead_that_nobody_owns_alarms_all_managers_and_what_was_long_overdue_nobody(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-03-04T10:00:00Z");
    world.lead("Acme", "");
    // While there is time to give it to somebody, and when there is none any more.
    run_at(&world, "2026-03-04T13:00:00Z");
    let soon = [due("To be accepted soon"), due("First attempt due soon")];
    for name in ["max", "mia"] {
        assert_eq!(told(&world, name), soon, "{name}");
    }
    run_at(&world, "2026-03-04T14:01:00Z");
    for name in ["max", "mia"] {
        assert_eq!(told(&world, name).len(), 4, "{name}");
    }
    // As history comes in by import.
    world.at("2026-03-16T10:00:00Z");
    world.lead("Old", "ana");
    run_at(&world, "2026-04-20T16:00:00Z");
    assert!(told(&world, "ana").is_empty());
}

#[rstest]
fn what_fell_due_while_the_program_stood_still_is_told_when_it_runs_again(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    run_at(&world, "2026-03-05T10:00:00Z");
    world.lead("Acme", "ana");
    // Over a long weekend.
    run_at(&world, "2026-03-10T07:00:00Z");
    let late = [
        overdue("Not accepted in time"),
        overdue("First attempt overdue"),
    ];
    assert_eq!(told(&world, "ana"), late);
    assert_eq!(told(&world, "max"), late);
}

// Content is to be accepted within one working day, and tried within two.
#[rstest]
fn what_is_due_as_the_working_day_ends_is_not_overdue_in_the_evening(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-03-03T18:00:00Z");
    let terms = Terms {
        urgency: Urgency::Content,
        owner_id: Some(world.person("ana").id),
        ..terms()
    };
    let uid = world.lead_on("Acme", &terms);
    // Five o'clock in Berlin, and the evening after it.
    for evening in ["2026-03-04T16:01:00Z", "2026-03-04T20:00:00Z"] {
        run_at(&world, evening);
        assert!(!told(&world, "ana").contains(&overdue("Not accepted in time")));
        assert!(told(&world, "max").is_empty());
    }
    let receipt = |world: &World| {
        let lead = world.as_("ana").get(&format!("/leads/{uid}"));
        let link = lead.links().into_iter();
        let mut link = link.filter(|link| link.starts_with("/hand-overs/"));
        world.as_("ana").get(&link.next().expect("a receipt"))
    };
    receipt(&world).says("Has time");
    run_at(&world, "2026-03-05T08:01:00Z");
    assert_eq!(told(&world, "max"), [overdue("Not accepted in time")]);
    receipt(&world).says("Missed");
}

#[rstest]
fn marketing_is_told_once_when_a_lead_comes_back_from_nurture(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let page = world.as_("ana").get(&format!("/leads/{uid}?do=nurture"));
    let fields = [("reason", "Not ready yet"), ("return_on", "2026-03-09")];
    page.submit(&format!("/leads/{uid}/events"), &fields)
        .is(303);
    run_at(&world, "2026-03-08T12:00:00Z");
    assert!(told(&world, "mark").is_empty());
    let back = (
        NoticeKind::BackFromNurture,
        "Its day to come back has come".to_owned(),
    );
    for when in [
        "2026-03-09T08:00:00Z",
        "2026-03-09T10:00:00Z",
        "2026-03-10T08:00:00Z",
    ] {
        run_at(&world, when);
        assert_eq!(told(&world, "mark"), std::slice::from_ref(&back), "{when}");
    }
}

#[rstest]
fn of_two_programs_one_runs_a_job_that_is_due(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let (now, before) = (world.now(), world.now().plus_seconds(-55));
    let claim = || world.write(|tx| jobs::store::claim(tx.conn, "promises", now, before));
    assert!(claim());
    assert!(!claim());
    let later = now.plus_seconds(60);
    let again = world.write(|tx| jobs::store::claim(tx.conn, "promises", later, now));
    assert!(again);
}

/// A lead of ana's that she has rejected now.
fn rejected(world: &World, name: &str) -> String {
    let uid = world.lead(name, "ana");
    let fields = [("reason", "Wrong role"), ("note", "An intern.")];
    crate::talk::moves(&world.as_("ana"), &uid, "rejected", &fields).is(303);
    uid
}

// Two working days from Wednesday, 10:00 in Berlin, are over on Friday at 10:00.
#[rstest]
fn whoever_answers_a_rejection_is_told_when_it_is_due_and_the_head_of_marketing_when_it_is_overdue(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-03-02T08:00:00Z");
    crate::definitions::agree(&world, |content| {
        content.answer_by = Some(Limit::WorkingDays(2));
    });
    world.write(|tx| people::add(tx, newcomer("Mona Meier", Role::Marketing)));
    let head = world.person("mona").id;
    world.write_as("ada", |tx| {
        definitions::name_head(tx, Side::Marketing, head)
    });
    world.at("2026-03-04T09:00:00Z");
    let answered = rejected(&world, "Birch");
    let event = world.read(|conn| {
        let all = talk::store::rejections_waiting(conn, Instant(0))?;
        Ok(all[0].event_id)
    });
    world.write_as("mark", |tx| {
        handover::reply(tx, &answered, event, Reply::Agreed, "")
    });
    rejected(&world, "Acme");
    let waits = |words: &str| {
        world.as_("mark").get("/hand-overs").ok().says(words);
    };
    waits("Wrong role. Ana Arndt, 10:00; answer until 6 Mar, 10:00");
    let of_answers = |name: &str| {
        let mut all = told(&world, name);
        all.retain(|(_, text)| text.contains("answer"));
        all
    };
    run_at(&world, "2026-03-05T12:59:00Z");
    assert!(of_answers("mark").is_empty());
    let soon = due("The answer to its rejection is due soon");
    for minute in ["2026-03-05T13:00:00Z", "2026-03-06T08:59:00Z"] {
        run_at(&world, minute);
        assert_eq!(of_answers("mark"), std::slice::from_ref(&soon));
        assert!(of_answers("mona").is_empty());
    }
    let late = overdue("The answer to its rejection is overdue");
    for minute in ["2026-03-06T09:01:00Z", "2026-03-09T09:00:00Z"] {
        run_at(&world, minute);
        assert_eq!(of_answers("mark"), [soon.clone(), late.clone()]);
        assert_eq!(of_answers("mona"), std::slice::from_ref(&late));
    }
    waits("answer overdue since 6 Mar, 10:00");
    // Sales promised nothing here.
    assert!(of_answers("ana").is_empty() && of_answers("max").is_empty());
}

#[rstest]
fn an_answer_that_nobody_promised_is_never_due(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    rejected(&world, "Acme");
    run_at(&world, "2026-03-30T09:00:00Z");
    assert!(
        told(&world, "mark")
            .iter()
            .all(|(_, text)| !text.contains("answer"))
    );
    let page = world.as_("mark").get("/hand-overs");
    page.ok()
        .says("Wrong role. Ana Arndt")
        .says_nothing_of("answer until");
}
