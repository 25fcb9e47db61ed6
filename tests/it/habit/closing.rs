//! What is closed stays: late entries, calendars changed afterwards, and corrections.

use super::*;
use crate::world::entry;
use diesel::connection::SimpleConnection;
use rstest::rstest;
use touchline::activities::{self, Logged};
use touchline::both;
use touchline::calendar::{self, Part};
use touchline::db::Db;
use touchline::error::Error;
use touchline::habit::Correction;
use touchline::lists;
use touchline::people;
use touchline::routes::TABLE;
use touchline::rules::access::Role;
use touchline::rules::habit::State;
use touchline::rules::target::Period;

/// The week of 2 March is closed from Wednesday 11 March, 00:00 in Berlin.
const LAST_OPEN: &str = "2026-03-10T22:30:00Z";
const CLOSED: &str = "2026-03-10T23:00:00Z";
const LATER: &str = "2026-03-12T09:00:00Z";

/// Ana does one of two on Thursday, and two of two on the other days of her first week.
fn first_week(database: Database) -> World {
    let world = World::new(database);
    target(&world, "activities,2,day,ana@example.com,,2026-03-02");
    let done = [
        ("2026-03-02", 2),
        ("2026-03-03", 2),
        ("2026-03-04", 2),
        ("2026-03-05", 1),
        ("2026-03-06", 2),
    ];
    calls(&world, "ana", &done);
    world
}

fn week(world: &World) -> [u64; 4] {
    let as_of = world.now().to_string();
    counts(&habit_of(world, "ana", "2026-03-02", "2026-03-06", &as_of))
}

/// Ana logs a second call of Thursday now.
fn log_thursday(world: &World) -> touchline::error::Result<Logged> {
    world.try_as("ana", |tx| {
        let kinds = lists::store::kinds(tx.conn)?;
        let call = kinds.iter().find(|kind| kind.name == "Call");
        let thursday = instant("2026-03-05T15:00:00Z");
        activities::log(tx, &entry(call.expect("a kind").id, thursday))
    })
}

#[rstest]
fn an_entry_made_late_counts_as_long_as_the_week_is_open(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = first_week(database);
    world.at(LAST_OPEN);
    world.as_("ana").get("/card").ok().says("4 of 6");
    assert_eq!(log_thursday(&world).expect("an open week"), Logged::Stored);
    assert_eq!(week(&world), [5, 5, 0, 0]);
    world.as_("ana").get("/card").ok().says("5 of 6");
}

#[rstest]
fn an_entry_for_a_closed_week_is_refused_and_its_verdicts_stay(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = first_week(database);
    world.at(CLOSED);
    let answer = log_thursday(&world);
    assert!(matches!(answer, Err(Error::Refused(why)) if why.starts_with("That week is closed")));
    assert_eq!(week(&world), [5, 4, 1, 0]);
}

/// What somebody changes by keyboard about the past: who, the page, the form and its fields.
type Change<'c> = (&'c str, &'c str, &'c str, &'c [(&'c str, &'c str)]);

const DAY_OFF: Change = (
    "max",
    "/time-off",
    "/time-off",
    &[
        ("person", "ANA"),
        ("from", "2026-03-05"),
        ("to", "2026-03-05"),
        ("part", "full"),
    ],
);
const HOLIDAY: Change = (
    "ada",
    "/calendar",
    "/calendar/holidays",
    &[
        ("holiday_day", "2026-03-05"),
        ("holiday_name", "Found late"),
    ],
);
const HOURS: Change = (
    "ada",
    "/calendar",
    "/calendar/hours",
    &[("hours_4", ""), ("valid_from", "2026-03-02")],
);

fn change(world: &World, (who, page, action, fields): Change) {
    let ana = world.person("ana").uid;
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(key, value)| (*key, if *value == "ANA" { ana.as_str() } else { value }))
        .collect();
    let page = world.as_(who).get(page);
    page.ok().submit(action, &fields).is(303);
}

#[rstest]
#[case::time_off(DAY_OFF)]
#[case::a_holiday(HOLIDAY)]
#[case::working_hours(HOURS)]
fn a_calendar_changed_afterwards_turns_no_closed_day(
    #[case] changed: Change<'static>,
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = first_week(database);
    world.at(LATER);
    let before = habit_of(&world, "ana", "", "2026-03-08", LATER);
    world.as_("ana").get("/card").ok().says("4 of 8");
    change(&world, changed);
    assert_eq!(habit_of(&world, "ana", "", "2026-03-08", LATER), before);
    let card = world.as_("ana").get("/card");
    card.ok()
        .says("4 of 8")
        .says("Thu 5 Mar 2026: stays missed")
        .says("changed when it was closed");
}

#[rstest]
fn a_closed_day_stays_also_of_who_was_with_marketing_in_between(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = first_week(database);
    world.at(LATER);
    let before = habit_of(&world, "ana", "", "2026-03-08", LATER);
    let page = format!("/people/{}", world.person("ana").uid);
    let role = |role: &str| {
        let form = world.as_("ada").get(&page);
        form.ok().submit(&page, &[("role", role)]).is(303);
    };
    role("marketing");
    assert_eq!(habit_of(&world, "ana", "", "2026-03-08", LATER), before);
    change(&world, HOLIDAY);
    role("rep");
    assert_eq!(habit_of(&world, "ana", "", "2026-03-08", LATER), before);
    let card = world.as_("ana").get("/card");
    card.ok().says("changed when it was closed");
}

#[rstest]
#[case::time_off(DAY_OFF)]
#[case::a_holiday(HOLIDAY)]
#[case::working_hours(HOURS)]
fn a_calendar_changed_while_the_week_is_open_decides_it(
    #[case] changed: Change<'static>,
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = first_week(database);
    world.at(LAST_OPEN);
    change(&world, changed);
    assert_eq!(week(&world), [4, 4, 0, 1]);
    let card = world.as_("ana").get("/card");
    card.ok().says("None so far").says_nothing_of("stays");
}

#[rstest]
fn what_was_kept_stays_also_when_the_calendar_is_changed_back_and_again(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = first_week(database);
    world.at(LATER);
    change(&world, HOLIDAY);
    let page = world.as_("ada").get("/calendar");
    let actions = page.actions();
    let remove = actions.iter().find(|action| action.ends_with("/remove"));
    page.submit(remove.expect("a way to remove it"), &[])
        .is(303);
    change(&world, DAY_OFF);
    assert_eq!(week(&world), [5, 4, 1, 0]);
    let card = world.as_("ana").get("/card").ok().text();
    assert_eq!(card.matches("stays missed").count(), 1, "{card}");
}

#[rstest]
fn who_is_marked_as_a_leaver_afterwards_keeps_the_closed_days_after_the_last(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = first_week(database);
    target(&world, "activities,3,day,ben@example.com,,2026-03-02");
    world.at(LATER);
    let ben = world.person("ben");
    let of_ben = habit_of(&world, "ben", "", "2026-03-08", LATER);
    let page = world.as_("ada").get(&format!("/people/{}", ben.uid));
    let action = format!("/people/{}/left", ben.uid);
    page.ok()
        .submit(&action, &[("last_day", "2026-03-03")])
        .is(303);
    // Wednesday to Friday stay missed, though nothing would be asked of a leaver.
    assert_eq!(habit_of(&world, "ben", "", "2026-03-08", LATER), of_ben);
}

#[rstest]
fn an_import_is_history_and_is_taken_as_it_happened(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = first_week(database);
    world.at(LATER);
    world.as_("ana").get("/card").ok().says("4 of 8");
    calls(&world, "ana", &[("2026-03-05", 1)]);
    world.as_("ana").get("/card").ok().says("5 of 8");
    away(&world, "ana", "2026-03-05", "2026-03-05", "full");
    assert_eq!(week(&world), [4, 4, 0, 1]);
}

fn correction(world: &World, state: State) -> Correction {
    Correction {
        person_id: world.person("ana").id,
        period: Period::Day,
        day: date("2026-03-05"),
        state,
        reason: "The phone line was down".to_owned(),
    }
}

#[rstest]
fn a_manager_corrects_a_closed_day_and_both_see_why(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = first_week(database);
    world.at(LATER);
    let card = format!("/people/{}/card", world.person("ana").uid);
    let page = world.as_("max").get(&card);
    let fields = [
        ("day", "2026-03-05"),
        ("state", "neutral"),
        ("reason", "The phone line was down"),
    ];
    let done = page.ok().submit(&card, &fields);
    done.redirects_to(&format!("{card}?done=corrected"));
    assert_eq!(week(&world), [4, 4, 0, 1]);
    for page in [done.follow(), world.as_("ana").get("/card")] {
        page.ok()
            .says("Thu 5 Mar 2026: missed to neutral")
            .says("The phone line was down")
            .says("Max Maier");
    }
    // As of before, it was missed.
    let before = habit_of(&world, "ana", "2026-03-02", "2026-03-06", CLOSED);
    assert_eq!(counts(&before), [5, 4, 1, 0]);
    world.as_("ana").get("/today").says("4 of 7 working days");
}

#[rstest]
fn a_correction_holds_against_calendars_and_a_newer_one_against_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = first_week(database);
    world.at(LATER);
    world.write_as("max", |tx| {
        habit::correct(tx, &correction(&world, State::Hit))
    });
    change(&world, DAY_OFF);
    assert_eq!(week(&world), [5, 5, 0, 0]);
    world.at("2026-03-12T10:00:00Z");
    world.write_as("ada", |tx| {
        habit::correct(tx, &correction(&world, State::Missed))
    });
    assert_eq!(week(&world), [5, 4, 1, 0]);
}

#[rstest]
fn who_is_not_their_manager_corrects_nothing(#[values(Sqlite, Postgres)] database: Database) {
    let world = first_week(database);
    world.at(LATER);
    let card = format!("/people/{}/card", world.person("ana").uid);
    let fields = [("day", "2026-03-05"), ("state", "hit"), ("reason", "Mine")];
    world.as_("ana").post(&card, &fields).is(403);
    world.as_("ben").post(&card, &fields).is(403);
    world.as_("mia").post(&card, &fields).is(404);
    for name in ["ana", "ben", "mia", "mark"] {
        let answer = world.try_as(name, |tx| {
            habit::correct(tx, &correction(&world, State::Hit))
        });
        assert!(answer.is_err(), "{name}");
    }
    assert_eq!(week(&world), [5, 4, 1, 0]);
}

#[rstest]
fn a_correction_needs_a_closed_day_a_reason_and_somebody_else(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = first_week(database);
    let new = correction(&world, State::Hit);
    let try_it =
        |name: &str, new: &Correction| match world.try_as(name, |tx| habit::correct(tx, new)) {
            Err(Error::Refused(why)) => why,
            other => panic!("{other:?}"),
        };
    world.at(LAST_OPEN);
    assert!(try_it("max", &new).contains("still open"));
    world.at(LATER);
    let silent = Correction {
        reason: " ".to_owned(),
        ..new.clone()
    };
    assert!(try_it("max", &silent).contains("reason"));
    let same = correction(&world, State::Missed);
    assert!(try_it("max", &same).contains("missed already"));
    let early = Correction {
        day: date("2026-02-02"),
        ..new.clone()
    };
    assert!(try_it("max", &early).contains("No target held"));
    target(&world, "activities,2,day,max@example.com,,2026-03-02");
    let own = Correction {
        person_id: world.person("max").id,
        ..new
    };
    assert!(try_it("max", &own).contains("their own habit"));
    let card = format!("/people/{}/card", world.person("ana").uid);
    let page = world.as_("max").get(&card);
    page.submit(&card, &[("day", ""), ("reason", "")])
        .is(422)
        .says("Enter a reason");
}

#[rstest]
fn a_closed_week_is_corrected_as_a_week(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    target(&world, "activities,10,week,ana@example.com,,2026-03-02");
    calls(&world, "ana", &[("2026-03-04", 9)]);
    world.at(LATER);
    let row = || habit_of(&world, "ana", "", "", LATER)["weeks"]["streak"].clone();
    assert_eq!(row(), 0);
    let new = Correction {
        period: Period::Week,
        ..correction(&world, State::Hit)
    };
    world.write_as("max", |tx| habit::correct(tx, &new));
    assert_eq!(row(), 1);
    let card = world.as_("ana").get("/card");
    card.ok().says("Week of Mon 2 Mar 2026: missed to hit");
}

#[rstest]
fn the_database_itself_refuses_to_change_a_written_verdict(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = first_week(database);
    world.at(LATER);
    world.write_as("max", |tx| {
        habit::correct(tx, &correction(&world, State::Hit))
    });
    let db = Db::open(&world.app().config.database_url).expect("the database opens twice");
    for sql in ["UPDATE verdicts SET reason = 'x'", "DELETE FROM verdicts"] {
        let answer = db.write(|conn| Ok(both!(conn, |c| c.batch_execute(sql))?));
        assert!(answer.is_err(), "{sql}");
    }
    assert_eq!(week(&world), [5, 5, 0, 0]);
}

#[test]
fn every_form_that_may_change_calendars_teams_or_targets_keeps_closed_days() {
    let places = ["/calendar", "/time-off", "/people", "/teams", "/targets"];
    for route in TABLE.iter().filter(|route| route.method == "POST") {
        let place = places.iter().find(|place| route.path.starts_with(**place));
        let is_of_verdicts = route.path.ends_with("/card");
        let is_of_leads = route.path.ends_with("/leads");
        let is_of_doors = ["/link", "/revoke", "/sign-out", "/reset"]
            .iter()
            .any(|end| route.path.ends_with(end));
        if place.is_some() && !is_of_verdicts && !is_of_leads && !is_of_doors {
            assert!(route.around.is_some(), "{} keeps nothing", route.path);
        }
    }
}

#[rstest]
fn a_closed_week_stays_closed_when_somebody_moves_to_where_it_is_still_open(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = first_week(database);
    let ana = world.person("ana");
    let uid = world.log("ana", "E-mail", "Sent", None);
    let live_in = |zone: &str| {
        world.write_as("ada", |tx| {
            people::change(tx, ana.id, (&ana.name, Role::Rep, Some(zone)), None)
        });
    };
    // It closed at midnight in Berlin, and in Los Angeles it is Tuesday afternoon.
    world.at("2026-03-10T23:30:00Z");
    let before = week(&world);
    live_in("America/Los_Angeles");
    let refused = |answer: touchline::error::Result<Logged>, words: &str| {
        let is_refused = matches!(&answer, Err(Error::Refused(why)) if why.starts_with(words));
        assert!(is_refused, "{answer:?}");
    };
    refused(log_thursday(&world), "That week is closed");
    let removed = world.try_as("ana", |tx| activities::remove(tx, &uid));
    refused(
        removed.map(|()| Logged::Stored),
        "This entry's week is closed",
    );
    let thursday = date("2026-03-05");
    let away = world.try_as("ana", |tx| {
        calendar::time_off::enter(tx, ana.id, thursday, thursday, Part::Full)
    });
    refused(away.map(|()| Logged::Stored), "That week is closed");
    assert_eq!(week(&world), before);
    // It can be corrected, as closed days can.
    let corrected = correction(&world, State::Hit);
    world.write_as("max", |tx| habit::correct(tx, &corrected));
}

#[rstest]
fn who_moves_east_has_the_time_that_they_had_to_mend_their_week(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = first_week(database);
    let ana = world.person("ana");
    world.at("2026-03-10T20:00:00Z");
    world.write_as("ada", |tx| {
        let tokyo = Some("Asia/Tokyo");
        people::change(tx, ana.id, (&ana.name, Role::Rep, tokyo), None)
    });
    world.at(LAST_OPEN);
    assert_eq!(log_thursday(&world).expect("an open week"), Logged::Stored);
    world.at(CLOSED);
    assert!(matches!(log_thursday(&world), Err(Error::Refused(_))));
}
