//! Stories of Today: the rep sees how far they are.

use crate::reports::explained::{open_figures, value_of};
use crate::world::{Database, Database::*, World};
use rstest::rstest;
use touchline::imports::{self, Source};

/// A target row set straight through the ledger's form, as the manager does.
fn set_target(world: &World, fields: &[(&str, &str)]) {
    let max = world.as_("max");
    let page = max.get("/targets");
    page.ok();
    let ana = world.person("ana").uid;
    let whose = format!("person:{ana}");
    let all = [&[("whose", whose.as_str())], fields].concat();
    page.submit("/targets", &all).is(303);
}

#[rstest]
fn twelve_of_twenty_with_pace_by_working_time_gone(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    set_target(
        &world,
        &[
            ("metric", "activities"),
            ("amount", "20"),
            ("period", "day"),
        ],
    );
    let ana = world.as_("ana");
    // 12:00 UTC is 13:00 in Berlin: half of nine to five is gone.
    world.at("2026-03-04T12:00:00Z");
    ana.get("/today").says("0 of 20").says("10 behind pace");
    for _ in 0..12 {
        world.log("ana", "Call", "No answer", None);
    }
    ana.get("/today").says("12 of 20").says("2 ahead of pace");
    world.at("2026-03-04T14:24:00Z");
    ana.get("/today").says("12 of 20").says("4 behind pace");
}

#[rstest]
fn a_day_off_asks_nothing(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    set_target(
        &world,
        &[
            ("metric", "activities"),
            ("amount", "20"),
            ("period", "day"),
        ],
    );
    world.at("2026-03-07T10:00:00Z");
    world
        .as_("ana")
        .get("/today")
        .says("A day off")
        .says_nothing_of("of 20");
}

#[rstest]
fn how_far_a_target_is_opens_its_entries_and_its_pace(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    for (metric, amount, period) in [
        ("activities", "20", "day"),
        ("reached", "10", "week"),
        ("meetings_booked", "8", "month"),
    ] {
        let fields = [("metric", metric), ("amount", amount), ("period", period)];
        set_target(&world, &fields);
    }
    world.at("2026-03-04T12:00:00Z");
    world.log("ana", "Call", "Interested", None);
    world.log("ana", "Call", "No answer", None);
    world.log("ana", "Research note", "", Some(&world.lead("Acme", "ana")));
    let ana = world.as_("ana");
    assert_eq!(open_figures(&ana, "/today", &["/today/explain?"]), 9);
    let day = "/today/explain?metric=activities&period=day";
    ana.get(day)
        .ok()
        .says("2 of 20")
        .says("50.0 % of the working time gone: 8 behind pace")
        .says("Counted: counts (2 rows)")
        .says("Left out: its kind does not count as prospecting (1 row)");
    // The same number later, and nothing of a target that one does not have.
    world.at("2026-03-04T13:00:00Z");
    world.log("ana", "Call", "No answer", None);
    let then = format!("{day}&as_of=2026-03-04T12:30:00Z");
    ana.get(&then).ok().says("2 of 20");
    ana.get(day).ok().says("3 of 20");
    ana.get("/today/explain?metric=activities&period=month")
        .is(404);
    world.as_("ben").get(day).is(404);
}

/// What Today says of Ana's week at an instant, and what explains it.
fn week_says(world: &World, at: &str, words: &str) {
    let ana = world.at(at).as_("ana");
    ana.get("/today").ok().says(words);
    let page = ana.get("/today/explain?metric=activities&period=week");
    page.ok().says(words);
}

#[rstest]
fn a_week_that_asks_from_thursday_on_is_not_behind_before_thursday(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    // Nothing was asked of Monday to Wednesday: of fifty a week twenty.
    import(&world, "activities,50,week,ana@example.com,2026-03-05");
    week_says(&world, "2026-03-05T08:00:00Z", "0 of 20");
    week_says(&world, "2026-03-05T08:00:00Z", "on pace");
    week_says(&world, "2026-03-05T12:00:00Z", "5 behind pace");
    week_says(&world, "2026-03-06T16:00:00Z", "20 behind pace");
}

#[rstest]
fn a_target_that_grows_in_its_week_is_due_day_by_day(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    import(&world, "activities,50,week,ana@example.com,2026-02-02");
    import(&world, "activities,100,week,ana@example.com,2026-03-05");
    // Three days ask for ten, and two for twenty.
    week_says(&world, "2026-03-05T08:00:00Z", "30 behind pace");
    week_says(&world, "2026-03-06T08:00:00Z", "50 behind pace");
    week_says(&world, "2026-03-06T16:00:00Z", "0 of 70");
    week_says(&world, "2026-03-06T16:00:00Z", "70 behind pace");
}

fn import(world: &World, row: &str) {
    let file = format!("metric,amount,period,email,valid_from\n{row}\n");
    let sources = [Source::new("targets.csv", file.as_bytes())];
    let report = world.write(|tx| imports::import(tx, &sources, false, &mut |_| {}));
    assert!(report.is_written, "{report:?}");
}

#[rstest]
fn the_share_reached_of_today_is_the_one_of_the_board(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let acme = world.lead("Acme", "ana");
    for outcome in [["No answer"; 8].as_slice(), &["Interested"; 4]].concat() {
        world.log("ana", "Call", outcome, None);
    }
    world
        .as_("ana")
        .get("/today")
        .says("12 logged, 4 reached (33.3");
    // A note is no prospecting: it reaches nobody, and nobody is missed by it.
    world.log("ana", "Research note", "", Some(&acme));
    let today = world.as_("ana").get("/today");
    today.says("13 logged, 4 reached of 12 that are prospecting (33.3");
    let board = world.as_("ana").get("/team?period=today&metric=activities");
    board.ok().says("4 of 12");
}

#[rstest]
fn pace_what_was_logged_and_the_habit_open_to_the_same_number(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    import(&world, "activities,2,day,ana@example.com,2026-02-23");
    let acme = world.lead("Acme", "ana");
    for day in ["24", "25", "26", "27"] {
        world.at(&format!("2026-02-{day}T09:00:00Z"));
        world.log("ana", "Call", "No answer", None);
        world.log("ana", "Call", "No answer", None);
    }
    world.at("2026-03-04T12:00:00Z");
    world.log("ana", "Call", "Interested", Some(&acme));
    world.log("ana", "Visit", "Spoke with other", Some(&acme));
    world.log("ana", "Research note", "", Some(&acme));
    let ana = world.as_("ana");
    // What was done and its pace; logged, reached, and leads reached.
    assert_eq!(open_figures(&ana, "/today", &["/today/explain?"]), 5);
    ana.get("/today")
        .says("3 logged, 2 reached of 2 that are prospecting; leads reached: 1");
    let open = |figure: &str| ana.get(&format!("/today/explain?figure={figure}"));
    open("logged").ok().says("Counted: logged (3 rows)");
    open("reached")
        .ok()
        .says("Counted: reached somebody (2 rows)")
        .says("Left out: its kind does not count as prospecting (1 row)");
    open("leads_reached")
        .ok()
        .says("Counted: reached the lead (1 row)")
        .says("Left out: reached a lead that is counted already (1 row)");
    open("pace&metric=activities&period=week").is(404);
    // The habit says the days without their noun.
    let habit = ana.get("/today").anchors().into_iter();
    let habit: Vec<_> = habit
        .filter(|(href, _)| href.starts_with("/habit/explain?"))
        .collect();
    assert_eq!(habit.len(), 3);
    for (href, printed) in habit {
        let value = value_of(ana.get(&href).ok());
        let is_same = value == printed || value.starts_with(&format!("{printed} day"));
        assert!(is_same, "{href}: {value} instead of {printed}");
    }
}

#[rstest]
fn the_pace_that_is_explained_is_the_one_of_its_time(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    import(&world, "activities,20,day,ana@example.com,2026-03-02");
    world.at("2026-03-04T12:00:00Z");
    let ana = world.as_("ana");
    let links = ana.get("/today").anchors();
    let pace = links.iter().find(|(_, words)| words == "10 behind pace");
    let (href, _) = pace.expect("the pace leads on");
    world.at("2026-03-04T14:24:00Z");
    ana.get(href)
        .ok()
        .says("10 behind pace")
        .says("0 - 10 of 20, 50.0 % of the working time gone");
    ana.get("/today").says("16 behind pace");
}
