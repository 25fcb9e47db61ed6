//! What becomes of days and weeks.

use super::*;
use rstest::rstest;
use touchline::people;

/// Nothing happens after it.
const LATER: &str = "2026-12-31T12:00:00Z";

/// The three weeks of METRICS.md 1, day by day, with a day, half a day and a holiday off.
fn three_weeks(world: &World) {
    let holiday = ["2026-09-25,A holiday".to_owned()];
    import(world, "holidays.csv", "date,name", &holiday);
    worked_weeks(world);
}

/// Those weeks without the holiday.
fn worked_weeks(world: &World) {
    target(world, "activities,20,day,ana@example.com,,2026-09-07");
    away(world, "ana", "2026-09-15", "2026-09-15", "full");
    away(world, "ana", "2026-09-17", "2026-09-17", "half");
    let done = [
        ("2026-09-07", 22),
        ("2026-09-08", 20),
        ("2026-09-09", 10),
        ("2026-09-10", 25),
        ("2026-09-11", 20),
        ("2026-09-12", 6),
        ("2026-09-14", 20),
        ("2026-09-16", 21),
        ("2026-09-17", 8),
        ("2026-09-18", 20),
        ("2026-09-21", 20),
        ("2026-09-22", 20),
        ("2026-09-23", 20),
        ("2026-09-24", 20),
        ("2026-09-25", 5),
    ];
    calls(world, "ana", &done);
}

#[rstest]
fn three_weeks_add_up_as_in_the_example(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    three_weeks(&world);
    let row = habit_of(&world, "ana", "", "2026-09-27", LATER);
    assert_eq!(counts(&row), [13, 11, 2, 8]);
    close(&row["strength"], 0.4768134039008005);
    assert_eq!((&row["streak"], &row["best"]), (&5.into(), &5.into()));
    assert_eq!(row["freezes"], 0);
    let consistency = [&row["consistency_hit"], &row["consistency_of"]];
    assert_eq!(consistency, [11, 13]);
    close(&row["consistency_partial"], 0.9461538461538462);
    assert!(row["weeks"].is_null());
}

#[rstest]
fn a_holiday_of_ones_own_is_as_neutral_as_everybodys_and_asks_of_others_what_it_asked(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    worked_weeks(&world);
    target(&world, "activities,20,day,ben@example.com,,2026-09-25");
    let of_ana = format!("person-{}", world.person("ana").uid);
    let fields = [
        ("holiday_day", "2026-09-25"),
        ("holiday_name", "Feast"),
        ("holiday_for", of_ana.as_str()),
    ];
    let ada = world.as_("ada");
    ada.post("/calendar/holidays", &fields).is(303);
    let row = habit_of(&world, "ana", "", "2026-09-27", LATER);
    assert_eq!(counts(&row), [13, 11, 2, 8]);
    close(&row["strength"], 0.4768134039008005);
    assert_eq!((&row["streak"], &row["best"]), (&5.into(), &5.into()));
    let row = habit_of(&world, "ben", "2026-09-25", "2026-09-25", LATER);
    assert_eq!(counts(&row), [1, 0, 1, 0]);
}

#[rstest]
fn today_and_the_card_say_what_the_report_says(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    three_weeks(&world);
    world.at("2026-09-27T10:00:00Z");
    let line = "Strength 48\u{a0}%, 5 in a row, 11 of 13 working days";
    let ana = world.as_("ana");
    ana.get("/today").ok().says(&line.replace('\u{a0}', " "));
    let card = ana.get("/card");
    card.ok()
        .says("48 % over 13 working days")
        .says("5 days best 5")
        .says("11 of 13 working days; 94.6 % of what was asked")
        .says("Best day 25 activities Thu 10 Sep 2026; 0 leads reached, share reached 0 % (0 of 25, likely 0 to 13 %)")
        .says("Best week 103 activities week of Mon 7 Sep 2026; 0 leads reached, share reached 0 % (0 of 103, ")
        .says("Hit, 25 activities, 0 leads reached");
}

#[rstest]
fn the_filter_bounds_what_is_counted_and_its_last_day_what_strength_knows(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    three_weeks(&world);
    let row = habit_of(&world, "ana", "2026-09-14", "2026-09-16", LATER);
    assert_eq!(counts(&row), [2, 2, 0, 1]);
    close(&row["strength"], 0.2905203277295726);
    assert_eq!(row["streak"], 4);
    assert_eq!(row["consistency_of"], 7);
    // As of a Thursday afternoon only half of that day is hidden, and it is not over.
    let row = habit_of(&world, "ana", "", "", "2026-09-10T11:00:00Z");
    assert_eq!(counts(&row), [3, 2, 1, 0]);
}

#[rstest]
fn today_is_pending_until_it_is_hit_or_over(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    target(&world, "activities,2,day,ana@example.com,,2026-03-03");
    calls(&world, "ana", &[("2026-03-03", 2)]);
    let row = |as_of| habit_of(&world, "ana", "", "", as_of);
    assert_eq!(counts(&row("2026-03-04T20:00:00Z")), [1, 1, 0, 0]);
    assert_eq!(row("2026-03-04T20:00:00Z")["streak"], 1);
    // Midnight in Berlin.
    let over = row("2026-03-04T23:00:00Z");
    assert_eq!((counts(&over), &over["streak"]), ([2, 1, 1, 0], &0.into()));
    world.at("2026-03-04T12:00:00Z");
    world.log("ana", "Call", "No answer", None);
    world.log("ana", "Call", "No answer", None);
    let hit = row("2026-03-04T20:00:00Z");
    assert_eq!((counts(&hit), &hit["streak"]), ([2, 2, 0, 0], &2.into()));
}

#[rstest]
#[case::of_23_hours("2026-03-29", ["2026-03-28T23:10:00Z", "2026-03-29T21:50:00Z"])]
#[case::of_25_hours("2026-10-25", ["2026-10-24T22:10:00Z", "2026-10-25T22:50:00Z"])]
fn a_day_when_the_clocks_change_is_one_day(
    #[case] day: &str,
    #[case] touches: [&str; 2],
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let header = "team,email,time_zone,weekday,opens,closes";
    let sundays = [",ana@example.com,Europe/Berlin,7,09:00,17:00".to_owned()];
    import(&world, "calendar.csv", header, &sundays);
    target(&world, &format!("activities,2,day,ana@example.com,,{day}"));
    for touch in touches {
        world.at(touch);
        world.log("ana", "Call", "No answer", None);
    }
    let row = habit_of(&world, "ana", day, day, LATER);
    assert_eq!(counts(&row), [1, 1, 0, 0]);
}

#[rstest]
fn who_moves_from_los_angeles_to_tokyo_keeps_the_days_as_they_were(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let move_to = |zone: &str| {
        let ana = world.person("ana");
        let now = (ana.name.as_str(), ana.role, Some(zone));
        world.write(|tx| people::change(tx, ana.id, now, None));
    };
    world.at("2026-02-20T09:00:00Z");
    move_to("America/Los_Angeles");
    target(&world, "activities,1,day,ana@example.com,,2026-03-02");
    // Ten in the evening of Monday and Tuesday in Los Angeles: the next day elsewhere.
    for touch in ["2026-03-03T06:00:00Z", "2026-03-04T06:00:00Z"] {
        world.at(touch);
        world.log("ana", "Call", "No answer", None);
    }
    let before = habit_of(&world, "ana", "2026-03-02", "2026-03-03", LATER);
    assert_eq!(counts(&before), [2, 2, 0, 0]);
    move_to("Asia/Tokyo");
    // One in the morning of Thursday in Tokyo; Wednesday was lost on the way.
    world.at("2026-03-04T16:00:00Z");
    world.log("ana", "Call", "No answer", None);
    let after = habit_of(&world, "ana", "2026-03-02", "2026-03-03", LATER);
    assert_eq!(after, before);
    let week = habit_of(&world, "ana", "2026-03-02", "2026-03-05", LATER);
    assert_eq!(counts(&week), [4, 3, 1, 0]);
    // In Tokyo it is Thursday already, and Wednesday is over.
    let now = habit_of(&world, "ana", "", "", "2026-03-04T16:00:00Z");
    assert_eq!(counts(&now), [4, 3, 1, 0]);
}

#[rstest]
fn a_target_set_mid_week_decides_the_days_from_then_on(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    target(&world, "activities,20,day,ana@example.com,,2026-03-02");
    calls_daily(&world, "ana", "2026-03-02", 5, 20);
    let before = habit_of(&world, "ana", "", "2026-03-04", LATER);
    target(&world, "activities,30,day,ana@example.com,,2026-03-05");
    assert_eq!(habit_of(&world, "ana", "", "2026-03-04", LATER), before);
    let week = habit_of(&world, "ana", "", "2026-03-06", LATER);
    assert_eq!(counts(&week), [5, 3, 2, 0]);
}

#[rstest]
fn of_two_targets_from_one_day_the_later_one_judges(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-03-04T09:00:00Z");
    world.target("max", "ana", "activities", 20);
    world.target("max", "ana", "activities", 2);
    calls(&world, "ana", &[("2026-03-04", 2)]);
    let row = habit_of(&world, "ana", "", "2026-03-04", LATER);
    assert_eq!(counts(&row), [1, 1, 0, 0]);
}

#[rstest]
fn a_day_with_several_targets_is_hit_when_each_of_them_is(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    target(&world, "activities,4,day,ana@example.com,,2026-03-02");
    target(&world, "kind:Visit,1,day,ana@example.com,,2026-03-02");
    calls(&world, "ana", &[("2026-03-02", 8), ("2026-03-03", 3)]);
    let header = "external_id,person_email,kind,happened_at";
    let visit = ["V1,ana@example.com,Visit,2026-03-03T13:00:00Z".to_owned()];
    import(&world, "activities.csv", header, &visit);
    let monday = habit_of(&world, "ana", "", "2026-03-02", LATER);
    assert_eq!(counts(&monday), [1, 0, 1, 0]);
    // All the calls and no visit: half of what was asked.
    close(&monday["strength"], 0.5 * (1.0 - 0.5_f64.powf(1.0 / 13.0)));
    let both = habit_of(&world, "ana", "", "2026-03-03", LATER);
    assert_eq!(counts(&both), [2, 1, 1, 0]);
}

#[rstest]
fn a_week_off_breaks_nothing_and_adds_nothing(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    target(&world, "activities,1,day,ana@example.com,,2026-03-02");
    target(&world, "activities,5,week,ana@example.com,,2026-03-02");
    away(&world, "ana", "2026-03-09", "2026-03-15", "full");
    calls_daily(&world, "ana", "2026-03-02", 5, 1);
    calls(&world, "ana", &[("2026-03-11", 3)]);
    calls_daily(&world, "ana", "2026-03-16", 5, 1);
    let before = habit_of(&world, "ana", "", "2026-03-08", LATER);
    let away = habit_of(&world, "ana", "", "2026-03-15", LATER);
    for key in ["strength", "streak", "best", "freezes", "weeks", "expected"] {
        assert_eq!(away[key], before[key], "{key}");
    }
    let after = habit_of(&world, "ana", "", "2026-03-22", LATER);
    assert_eq!(
        (&after["streak"], &after["freezes"]),
        (&10.into(), &1.into())
    );
    assert_eq!(after["weeks"]["streak"], 2);
}

#[rstest]
fn weeks_shrink_by_days_off_as_in_the_example(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    target(&world, "activities,100,week,ana@example.com,,2026-03-02");
    away(&world, "ana", "2026-03-17", "2026-03-18", "full");
    away(&world, "ana", "2026-03-23", "2026-03-29", "full");
    let holiday = ["2026-04-03,Good Friday".to_owned()];
    import(&world, "holidays.csv", "date,name", &holiday);
    let done = [
        ("2026-03-04", 100),
        ("2026-03-11", 80),
        ("2026-03-19", 60),
        ("2026-04-01", 40),
        ("2026-04-08", 130),
        ("2026-04-15", 100),
    ];
    calls(&world, "ana", &done);
    let row = habit_of(&world, "ana", "", "2026-04-19", LATER);
    assert_eq!(counts(&row)[0], 0, "a weekly target asks nothing of a day");
    close(&row["weeks"]["strength"], 0.5064692542695739);
    let streaks = (&row["weeks"]["streak"], &row["weeks"]["best"]);
    assert_eq!(streaks, (&2.into(), &2.into()));
    // A week that is not over is pending; one that is hit counts at once.
    let row = |day| habit_of(&world, "ana", "", day, LATER)["weeks"]["streak"].clone();
    assert_eq!((row("2026-04-14"), row("2026-04-15")), (1.into(), 2.into()));
}

#[rstest]
fn a_change_of_team_changes_what_is_asked_from_that_day_on(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    target(&world, "activities,10,day,,North,2026-03-02");
    target(&world, "activities,4,day,,South,2026-03-02");
    let (ben, south) = (world.person("ben").id, world.team("South"));
    world.write(|tx| people::join(tx, ben, south, date("2026-03-05"), true));
    calls_daily(&world, "ben", "2026-03-02", 5, 4);
    let row = habit_of(&world, "ben", "", "2026-03-06", LATER);
    assert_eq!(counts(&row), [5, 2, 3, 0]);
    assert_eq!(row["team"], "South");
    let by_team = Filters {
        by: By::Team,
        ..filters("2026-03-02", "2026-03-06", LATER)
    };
    let rows = made(&world, &by_team).rows;
    let of = |name: &str| {
        let row = rows.iter().find(|row| row.name == name).expect("the team");
        (row.hit, row.missed)
    };
    // Max and Ana miss all five days in North, Mia and Sue in South.
    assert_eq!((of("North"), of("South")), ((0, 13), (2, 10)));
}

#[rstest]
fn nothing_is_asked_of_a_leaver_after_the_last_day(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    target(&world, "activities,1,day,ben@example.com,,2026-03-02");
    calls_daily(&world, "ben", "2026-03-02", 3, 1);
    let ben = world.person("ben").id;
    world.write(|tx| people::part(tx, ben, date("2026-03-04")));
    let row = habit_of(&world, "ben", "2026-03-02", "2026-03-08", LATER);
    assert_eq!((counts(&row), &row["streak"]), ([3, 3, 0, 4], &3.into()));
    let report = made(&world, &filters("2026-03-05", "2026-03-08", LATER));
    assert!(report.rows.iter().all(|row| row.name != "Ben Beck"));
}

#[rstest]
fn a_leap_day_is_a_day(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world.at("2028-03-02T12:00:00Z");
    target(&world, "activities,3,day,ana@example.com,,2028-02-28");
    calls_daily(&world, "ana", "2028-02-28", 3, 3);
    let row = habit_of(&world, "ana", "", "2028-03-01", "2028-03-02T12:00:00Z");
    assert_eq!((counts(&row), &row["streak"]), ([3, 3, 0, 0], &3.into()));
    world.as_("ana").get("/card").ok().says("3 days best 3");
}

#[rstest]
fn a_new_rep_without_targets_has_no_figures(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    calls(&world, "sue", &[("2026-03-02", 9)]);
    let row = habit_of(&world, "sue", "2026-03-02", "2026-03-03", LATER);
    assert_eq!(counts(&row), [0, 0, 0, 2]);
    assert!(row["strength"].is_null() && row["consistency_partial"].is_null());
    let card = world.as_("sue").get("/card");
    card.ok().says("Your card begins with your first target");
    world.as_("sue").get("/today").says_nothing_of("Strength");
}

#[rstest]
fn a_target_of_ever_since_begins_with_the_first_entry_of_all(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    target(&world, "activities,5,day,,North,");
    calls(&world, "ana", &[("2026-02-23", 5)]);
    let row = habit_of(&world, "ana", "", "2026-02-27", LATER);
    assert_eq!(counts(&row), [5, 1, 4, 0]);
    let row = habit_of(&world, "ana", "2026-02-16", "2026-02-27", LATER);
    assert_eq!(counts(&row), [5, 1, 4, 7]);
}
