//! Stories of the target matrix: many cells at once, history, copies, ramps, suggestions and the score's weights.

use crate::world::{Database, Database::*, Page, World, entry};
use chrono::NaiveDate;
use rstest::rstest;
use touchline::activities::totals::{self, Span};
use touchline::activities::{self, Entry};
use touchline::kept::Keep;
use touchline::people;
use touchline::rules::access::Role;
use touchline::rules::target::Metric;
use touchline::targets::Ledger;
use touchline::{calendar, lists};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn key(world: &World, name: &str) -> String {
    format!("person:{}", world.person(name).uid)
}

/// What is asked of somebody on a whole day.
fn asked(world: &World, name: &str, metric: &Metric, on: &str) -> Option<f64> {
    let id = world.person(name).id;
    let ledger = world.read(Ledger::load);
    ledger.for_day(id, metric, day(on), 1.0)
}

/// The name of the field for somebody (a name, or `Team North`) and a metric on a matrix.
fn field(page: &Page, who: &str, metric: &str) -> String {
    let label = format!("New target: {metric} of {who}");
    let tags = page.tags();
    let tag = tags
        .iter()
        .find(|tag| tag.attr("aria-label") == Some(&label));
    let tag = tag.unwrap_or_else(|| panic!("no field for {label:?} in {}", page.text()));
    tag.attr("name").expect("a name").to_owned()
}

/// Fills cells of a matrix, each (who, metric, what is typed), and sends it with a day and a reason.
fn fill(page: &Page, cells: &[(&str, &str, &str)], valid_from: &str, reason: &str) -> Page {
    let names: Vec<String> = cells
        .iter()
        .map(|(who, metric, _)| field(page, who, metric))
        .collect();
    let typed = names
        .iter()
        .map(String::as_str)
        .zip(cells.iter().map(|cell| cell.2));
    let fields: Vec<_> = typed
        .chain([("valid_from", valid_from), ("reason", reason)])
        .collect();
    page.submit("/targets/matrix", &fields)
}

#[rstest]
fn several_cells_are_set_in_one_go_with_one_day_and_one_reason(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let max = world.as_("max");
    let page = max.get("/targets/matrix");
    page.ok()
        .says("Ana Arndt")
        .says("no target")
        .says_nothing_of("Sue Sommer");
    let cells = [
        ("Team North", "Activities", "20 Mon-Thu, 10 Fri"),
        ("Ben Beck", "Activities", "12,5"),
        ("Ana Arndt", "Meetings booked", "2"),
    ];
    let done = fill(&page, &cells, "2026-03-05", "Fair season");
    let page = done.is(303).follow();
    page.ok().says("Targets saved.");

    let activities = |name, on| asked(&world, name, &Metric::Activities, on);
    assert_eq!(activities("ana", "2026-03-04"), None);
    assert_eq!(activities("ana", "2026-03-05"), Some(20.0));
    assert_eq!(activities("ana", "2026-03-06"), Some(10.0));
    assert_eq!(activities("ana", "2026-03-07"), None);
    assert_eq!(activities("ben", "2026-03-06"), Some(12.5));
    let meetings = asked(&world, "ana", &Metric::MeetingsBooked, "2026-03-05");
    assert_eq!(meetings, Some(2.0));
    assert_eq!(
        asked(&world, "ben", &Metric::MeetingsBooked, "2026-03-05"),
        None
    );

    // Today nothing holds yet; tomorrow tells own targets from the team's.
    page.says_nothing_of("20 a day");
    let later = max.get("/targets/matrix?on=2026-03-05");
    later
        .says("20 a day, Mon to Thu; 10 on Fri team’s")
        .says("12.5 a day own")
        .says("from Thu 5 Mar 2026, Max Maier, Fair season");
    // The matrix as a file, of the same day.
    let links = later.links();
    let file = links
        .iter()
        .find(|link| link.contains("/targets/matrix") && link.contains("format=csv"));
    let file = max
        .get(file.expect("the matrix as a file"))
        .ok()
        .body
        .clone();
    assert!(
        file.starts_with("whose,is_team,period,activities,leads_reached,meetings_booked\n"),
        "{file}"
    );
    assert!(file.contains("Ben Beck,false,day,12.5 a day,"), "{file}");
    assert!(
        file.contains("North,true,day,\"20 a day, Mon to Thu; 10 on Fri\","),
        "{file}"
    );
    let csv = max.get("/targets?format=csv").ok().body.clone();
    assert!(csv.contains("North,true,activities,20,day,1234 5=10,2026-03-05,Max Maier"));
    let ledger = world.as_("ana").get("/targets");
    ledger
        .says("20 a day, Mon to Thu; 10 on Fri")
        .says("To come");
}

#[rstest]
fn a_wrong_cell_is_named_and_nothing_is_saved(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let page = world.as_("max").get("/targets/matrix");
    let cells = [
        ("Ana Arndt", "Activities", "20"),
        ("Ben Beck", "Activities", "20 on Fridays"),
    ];
    let again = fill(&page, &cells, "2026-03-05", "Fair season");
    again.is(422).says("or by weekday: 20 Mon-Thu, 10 Fri");
    let kept = |name: &str| again.field(&field(&again, name, "Activities"));
    assert_eq!(kept("Ana Arndt").as_deref(), Some("20"));
    assert_eq!(kept("Ben Beck").as_deref(), Some("20 on Fridays"));
    assert_eq!(again.field("reason").as_deref(), Some("Fair season"));

    let closed = fill(&page, &cells[..1], "2026-02-20", "");
    closed.is(422).says("leaves the days before it as they are");
    fill(&page, &[], "2026-03-05", "")
        .is(422)
        .says("Enter an amount for somebody.");
    assert_eq!(
        asked(&world, "ana", &Metric::Activities, "2026-03-05"),
        None
    );
}

#[rstest]
fn a_week_and_a_month_have_matrices_of_their_own(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let max = world.as_("max");
    let page = max.get("/targets/matrix?period=week&columns=all");
    let cells = [("Ana Arndt", "Call", "50")];
    fill(&page, &cells, "2026-03-02", "").is(303);
    max.get("/targets/matrix?period=week").says("50 a week own");
    max.get("/targets/matrix").says_nothing_of("50");
    fill(&page, &[("Ana Arndt", "Call", "50 Mon")], "2026-03-02", "")
        .is(422)
        .says("Enter an amount from 0 to 1,000,000 for call.");
    world.as_("ana").get("/targets").says("50 a week");
}

#[rstest]
fn two_managers_who_save_one_cell_both_stand_in_the_ledger_and_the_later_holds(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (of_max, of_ada) = (
        world.as_("max").get("/targets/matrix"),
        world.as_("ada").get("/targets/matrix"),
    );
    let cell = |amount| [("Ana Arndt", "Activities", amount)];
    fill(&of_ada, &cell("15"), "2026-03-04", "From above").is(303);
    fill(&of_max, &cell("18"), "2026-03-04", "From beside").is(303);
    assert_eq!(
        asked(&world, "ana", &Metric::Activities, "2026-03-04"),
        Some(18.0)
    );
    let history = format!(
        "/targets/cell?whose={}&metric=activities",
        key(&world, "ana")
    );
    let page = world.as_("max").get(&history);
    page.ok()
        .says("Activities: Ana Arndt")
        .says("15 a day Wed 4 Mar 2026 Ada Adler 4 Mar 2026, 10:00 From above Replaced")
        .says("18 a day Wed 4 Mar 2026 Max Maier 4 Mar 2026, 10:00 From beside In force");

    // With a zero it ends, and the days before stay.
    let next = world.as_("max").get("/targets/matrix");
    fill(&next, &cell("0"), "2026-03-06", "").is(303);
    assert_eq!(
        asked(&world, "ana", &Metric::Activities, "2026-03-05"),
        Some(18.0)
    );
    assert_eq!(
        asked(&world, "ana", &Metric::Activities, "2026-03-06"),
        None
    );
    let team = format!(
        "/targets/cell?whose=team:{}&metric=score",
        world.team("North")
    );
    world.as_("max").get(&team).ok().says("No target yet");
}

#[rstest]
fn only_ones_own_people_are_on_the_matrix(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let page = world.as_("max").get("/targets/matrix");
    let cells = [
        ("Ana Arndt", "Activities", "20"),
        ("Ben Beck", "Activities", "20"),
    ];
    // Ben changes teams while the page is open: neither cell is saved.
    let (ben, south) = (world.person("ben").id, world.team("South"));
    world.write(|tx| people::join(tx, ben, south, day("2026-03-04"), true));
    fill(&page, &cells, "2026-03-04", "").is(404);
    assert_eq!(
        asked(&world, "ana", &Metric::Activities, "2026-03-04"),
        None
    );
    let mia = world.as_("mia");
    let (ana, north) = (key(&world, "ana"), world.team("North"));
    for whose in [
        ana.clone(),
        format!("team:{north}"),
        "person:nobody".to_owned(),
    ] {
        mia.get(&format!("/targets/cell?whose={whose}&metric=activities"))
            .is(404);
        let fields = [
            ("row", whose.as_str()),
            ("column", "activities"),
            ("c0.0", "20"),
            ("period", "day"),
        ];
        mia.post("/targets/matrix", &fields).is(404);
        let sue = key(&world, "sue");
        mia.post("/targets/copy", &[("whose", &sue), ("from", &whose)])
            .is(404);
        let ramp = format!(
            "/targets/ramp?whose={whose}&metric=activities&period=day&start=1&end=5&weeks=3"
        );
        mia.get(&ramp).is(404);
    }
    mia.get("/targets/cell?whose=x&metric=activities").is(404);
    mia.get(&format!(
        "/targets/cell?whose={}&metric=yodel",
        key(&world, "sue")
    ))
    .is(404);
    for name in ["ana", "mark"] {
        world.as_(name).get("/targets/matrix").is(403);
        world.as_(name).post("/targets/copy", &[]).is(403);
    }
}

#[rstest]
fn targets_are_copied_from_the_team_or_a_colleague(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let max = world.as_("max");
    let page = max.get("/targets/matrix");
    let cells = [
        ("Team North", "Activities", "20 Mon-Thu, 10 Fri"),
        ("Ben Beck", "Leads reached", "3"),
    ];
    fill(&page, &cells, "2026-03-04", "").is(303);
    let (ana, ben) = (key(&world, "ana"), key(&world, "ben"));
    let north = format!("team:{}", world.team("North"));
    let copy = |from: &str, on: &str| {
        let fields = [("whose", ana.as_str()), ("from", from), ("copy_from", on)];
        max.get("/targets/matrix").submit("/targets/copy", &fields)
    };
    copy(&ben, "2026-03-05")
        .is(303)
        .follow()
        .says("Targets copied.");
    let ledger = world.as_("ana").get("/targets");
    ledger.says("Copied from Ben Beck");
    assert_eq!(
        asked(&world, "ana", &Metric::LeadsReached, "2026-03-04"),
        None
    );
    assert_eq!(
        asked(&world, "ana", &Metric::LeadsReached, "2026-03-05"),
        Some(3.0)
    );
    // The team's target became her own: a new one of the team is not hers any more.
    fill(
        &max.get("/targets/matrix"),
        &[("Team North", "Activities", "30")],
        "2026-03-09",
        "",
    )
    .is(303);
    assert_eq!(
        asked(&world, "ana", &Metric::Activities, "2026-03-09"),
        Some(20.0)
    );
    assert_eq!(
        asked(&world, "ana", &Metric::Activities, "2026-03-13"),
        Some(10.0)
    );
    copy(&north, "2026-03-09").is(303);
    assert_eq!(
        asked(&world, "ana", &Metric::Activities, "2026-03-09"),
        Some(30.0)
    );
    copy(&north, "2026-03-09").is(422).says("Nothing to copy");
    copy(&north, "2026-02-09").is(422);
    copy("", "2026-03-09")
        .is(422)
        .says("Choose a person or a team.");
}

#[rstest]
fn a_ramp_is_shown_before_it_is_set(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let max = world.as_("max");
    let ramp = |first: &str| {
        let whose = key(&world, "ana");
        let query = format!("whose={whose}&metric=kind%3ACall&period=day&start=5&end=20&weeks=3");
        max.get(&format!(
            "/targets/ramp?{query}&valid_from={first}&reason=New+here"
        ))
    };
    let call = Metric::Kind("Call".to_owned());
    let page = ramp("2026-03-04");
    page.ok()
        .says("Call for Ana Arndt")
        .says("Wed 4 Mar 2026 5 a day Mon 9 Mar 2026 10 a day Mon 16 Mar 2026 15 a day")
        .says("Mon 23 Mar 2026 20 a day");
    assert_eq!(asked(&world, "ana", &call, "2026-03-04"), None);
    page.submit("/targets/ramp", &[])
        .is(303)
        .follow()
        .says("The ramp is set.");
    let days = [
        "2026-03-03",
        "2026-03-06",
        "2026-03-09",
        "2026-03-20",
        "2026-06-01",
    ];
    let asked = days.map(|on| asked(&world, "ana", &call, on));
    assert_eq!(asked, [None, Some(5.0), Some(10.0), Some(15.0), Some(20.0)]);
    world.as_("ana").get("/targets").says("New here");

    let closed = ramp("2026-02-16").submit("/targets/ramp", &[]);
    closed.is(422).says("leaves the days before it as they are");
    let whose = key(&world, "ana");
    let wrong = [
        ("whose", whose.as_str()),
        ("metric", "activities"),
        ("period", "day"),
        ("start", "many"),
        ("end", "20"),
        ("weeks", "53"),
    ];
    max.post("/targets/ramp", &wrong)
        .is(422)
        .says("Enter an amount")
        .says("Enter a number of weeks from 1 to 52.");
}

/// So many calls without a lead.
fn calls(world: &World, name: &str, quantity: i32) {
    world.write_as(name, |tx| {
        let kinds = lists::store::kinds(tx.conn)?;
        let call = kinds
            .iter()
            .find(|kind| kind.name == "Call")
            .expect("calls");
        let calls = Entry {
            quantity,
            ..entry(call.id, tx.now)
        };
        activities::log(tx, &calls)
    });
}

#[rstest]
fn the_last_eight_weeks_suggest_an_amount_with_the_days_it_rests_on(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (ana, ben) = (world.person("ana").id, world.person("ben").id);
    // Of the last eight weeks Ana worked ten days and half a day more, and Ben is here for nine.
    world.write(|tx| {
        let off = |tx: &mut touchline::app::Tx, from, to, part| {
            calendar::store::put_time_off(tx.conn, ana, day(from), day(to), part)
        };
        off(tx, "2026-01-01", "2026-02-17", calendar::Part::Full)?;
        off(tx, "2026-02-18", "2026-02-18", calendar::Part::Morning)?;
        people::store::end_memberships(tx.conn, ben, day("2026-01-01"))?;
        let teams = people::store::teams(tx.conn)?;
        let team = teams
            .iter()
            .find(|team| team.name == "North")
            .expect("North");
        people::store::join(tx.conn, ben, team.id, day("2026-02-19"))
    });
    for (date, quantity) in [
        ("2026-02-18", 7),
        ("2026-02-19", 1),
        ("2026-02-20", 2),
        ("2026-02-23", 3),
        ("2026-02-24", 4),
        ("2026-02-25", 5),
        ("2026-02-26", 6),
        ("2026-02-27", 40),
    ] {
        world.at(&format!("{date}T14:00:00Z"));
        calls(&world, "ana", quantity);
        calls(&world, "ben", quantity);
    }
    world.at("2026-03-04T09:00:00Z");
    let page = world.as_("max").get("/targets/matrix");
    // Ten days: 14 (7 on half a day), 1, 2, 3, 4, 5, 6, 40, 0 and 0; the eighth of them.
    page.says("6 suggested, from 10 days");
    let text = page.text();
    // Max logged nothing: an amount of nothing is nothing to suggest.
    let of_max = text.split("Max Maier").last().expect("Max's row");
    assert!(!of_max.contains("suggested"), "{of_max}");
    let bens = text.split("Ben Beck").nth(1).expect("Ben's row");
    let bens = bens.split("Max Maier").next().unwrap_or_default();
    assert!(
        !bens.contains("suggested"),
        "nine days suggest nothing: {bens}"
    );
    let week = world.as_("max").get("/targets/matrix?period=week");
    week.says_nothing_of("6 suggested");
}

fn score(world: &World, name: &str, on: &str) -> f64 {
    let id = world.person(name).id;
    let span = Span {
        from: day(on),
        to: day(on),
        as_of: world.now(),
        people: Some(vec![id]),
    };
    let shelf = &world.app().shelf;
    let totals = world.read(|conn| {
        let kept = shelf.now(conn)?;
        totals::by(conn, kept, &Metric::Score, &span, |person, _, _| {
            Some(person)
        })
    });
    totals.get(&id).copied().unwrap_or(0.0)
}

#[rstest]
fn a_new_weight_counts_from_its_day_and_no_day_before(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-03-03T09:00:00Z");
    calls(&world, "ana", 6);
    world.at("2026-03-04T09:00:00Z");
    calls(&world, "ana", 6);
    assert_eq!(
        (
            score(&world, "ana", "2026-03-03"),
            score(&world, "ana", "2026-03-04")
        ),
        (12.0, 12.0)
    );

    let ada = world.as_("ada");
    let page = ada.get("/targets/score");
    page.ok();
    let call = world.read(|conn| {
        let kinds = lists::store::kinds(conn)?;
        Ok(kinds
            .into_iter()
            .find(|kind| kind.name == "Call")
            .expect("calls")
            .id)
    });
    let (weight, cap) = (format!("weight_{call}"), format!("cap_{call}"));
    assert_eq!(page.field(&weight).as_deref(), Some("2"));
    let save = |points: &str, most: &str, from: &str| {
        let fields = [
            (weight.as_str(), points),
            (cap.as_str(), most),
            ("valid_from", from),
            ("reason", "Agreed in March"),
        ];
        ada.get("/targets/score").submit("/targets/score", &fields)
    };
    let done = save("3,5", "4", "2026-03-04");
    done.is(303).follow().says("past days keep their scores");
    assert_eq!(
        (
            score(&world, "ana", "2026-03-03"),
            score(&world, "ana", "2026-03-04")
        ),
        (12.0, 14.0)
    );
    save("3.5", "", "2026-03-05").is(303);
    assert_eq!(score(&world, "ana", "2026-03-04"), 14.0);

    save("5", "", "2026-03-03")
        .is(422)
        .says("Past days keep their scores: choose Wed 4 Mar 2026 or later");
    save("-1", "0", "2026-03-05")
        .is(422)
        .says("Enter a weight from 0 to 1000.")
        .says("Enter a cap from 1 to 1000");
    for name in ["ana", "max"] {
        let seen = world.as_(name).get("/targets/score");
        seen.ok()
            .says("3.5 points, at most 4 a day")
            .says("3.5 points, no cap")
            .says("Agreed in March")
            .says_nothing_of("Save the weights");
        world.as_(name).post("/targets/score", &[]).is(403);
    }
    world.as_("mark").get("/targets/score").is(403);
}

#[rstest]
fn a_new_weight_leaves_the_past_days_of_those_who_live_further_east(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ana = world.person("ana");
    world.write(|tx| {
        let tokyo = Some("Asia/Tokyo");
        people::store::change(tx.conn, ana.id, &ana.name, Role::Rep, tokyo)
    });
    calls(&world, "ana", 6);
    // Still Wednesday in Berlin, and in Tokyo it is over.
    world.at("2026-03-04T20:00:00Z");
    let ada = world.as_("ada");
    let page = ada.get("/targets/score");
    assert_eq!(page.field("valid_from").as_deref(), Some("2026-03-05"));
    let call = world.read(lists::store::kinds).into_iter();
    let mut call = call.filter(|kind| kind.name == "Call").map(|kind| kind.id);
    let weight = format!("weight_{}", call.next().expect("calls"));
    let save = |from: &str| {
        let fields = [(weight.as_str(), "9"), ("valid_from", from)];
        ada.get("/targets/score").submit("/targets/score", &fields)
    };
    save("2026-03-04")
        .is(422)
        .says("Past days keep their scores: choose Thu 5 Mar 2026 or later");
    assert_eq!(score(&world, "ana", "2026-03-04"), 12.0);
    save("2026-03-05").is(303);
    assert_eq!(score(&world, "ana", "2026-03-04"), 12.0);
}
