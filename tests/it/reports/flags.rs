//! What a report says of its own ground: leads tried before they were handed over, entries made late, and what matures.

use super::explained::open_figures;
use super::followup::{filters, report};
use super::{group, import};
use crate::world::{Database, Database::*, World, entry, instant};
use rstest::rstest;
use touchline::activities::{self, Entry};
use touchline::followup::Filters;
use touchline::lists;

/// Logs a call now that happened at another time.
pub fn call(world: &World, name: &str, lead: &str, outcome: &str, happened_at: &str) {
    world.write_as(name, |tx| {
        let kinds = lists::store::kinds(tx.conn)?;
        let kind = kinds
            .iter()
            .find(|kind| kind.name == "Call")
            .expect("calls")
            .id;
        let outcomes = lists::store::outcomes(tx.conn)?;
        let mut outcomes = outcomes.iter().filter(|o| o.kind_id == kind);
        let outcome = outcomes.find(|o| o.name == outcome).expect("an outcome").id;
        let entry = Entry {
            lead_uid: Some(lead.to_owned()),
            outcome_id: Some(outcome),
            is_again: true,
            ..entry(kind, instant(happened_at))
        };
        activities::log(tx, &entry)
    });
}

/// Twelve leads of Monday, 2 March: ten tried at once, one entered on Friday as of Monday, and tried again on Tuesday.
fn monday(database: Database) -> World {
    let world = World::new(database);
    world.at("2026-03-02T09:00:00Z");
    let leads: Vec<String> = (0..12)
        .map(|at| world.lead(&format!("L{at}"), "ana"))
        .collect();
    world.at("2026-03-02T10:00:00Z");
    for lead in &leads[..10] {
        world.log("ana", "Call", "No answer", Some(lead));
    }
    world.at("2026-03-03T10:00:00Z");
    world.log("ana", "Call", "No answer", Some(&leads[10]));
    world.at("2026-03-06T10:00:00Z");
    call(
        &world,
        "ana",
        &leads[10],
        "No answer",
        "2026-03-02T12:00:00Z",
    );
    world
}

#[rstest]
fn a_touch_entered_late_counts_at_its_time_is_told_and_can_be_left_out(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = monday(database);
    let mark = world.as_("mark");
    mark.get("/follow-up")
        .ok()
        .says("1 of 11 first attempts was entered more than two working days late (9.1 %");
    let figures = |filters: &Filters| {
        let report = report(&world, filters);
        let all = group(&report, "all").clone();
        (
            all["with_event"].clone(),
            all["late"].clone(),
            all["p90_s"].clone(),
        )
    };
    let all = filters();
    let without = Filters {
        without_late: true,
        ..filters()
    };
    let (events, late, p90_s) = figures(&all);
    assert_eq!(
        (events, late, p90_s),
        (11.into(), 1.into(), 10_800.0.into())
    );
    // Without it the first attempt is that of Tuesday.
    let (events, late, p90_s) = figures(&without);
    assert_eq!(
        (events, late, p90_s),
        (11.into(), 0.into(), 90_000.0.into())
    );
    mark.get("/follow-up?late=without")
        .ok()
        .says("Left out")
        .says_nothing_of("was entered more than two");
    for path in ["/follow-up", "/follow-up?late=without"] {
        open_figures(&mark, path, &["/follow-up/explain?"]);
    }
    let explained = mark.get("/follow-up/explain?figure=late");
    explained
        .ok()
        .says("Counted: entered late (1 row)")
        .says("attempted after 3 h, entered late");
    // The board and the pack print the share too.
    let board = world.as_("max").get("/team?period=week");
    board
        .ok()
        .says("Entered late, more than two working days after: 1 of 12 activities, 8.3 %");
    world
        .as_("ana")
        .get("/team?period=week")
        .ok()
        .says("1 of 12 activities");
    world.at("2026-03-09T08:00:00Z");
    world.as_("max").post("/monday", &[]).is(303);
    world
        .as_("max")
        .get("/monday")
        .ok()
        .says("1 of 12 activities");
}

#[rstest]
fn a_lead_that_was_tried_before_is_flagged_and_stays(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let leads = "external_id,name,created_at,handed_over_at,source,owner_email\n\
                 a,Acme,2026-03-01T09:00:00Z,2026-03-02T09:00:00Z,web,ana@example.com\n\
                 b,Birch,2026-03-01T09:00:00Z,2026-03-02T09:00:00Z,web,ana@example.com\n";
    let calls = "external_id,person_email,kind,outcome,happened_at,lead_external_id\n\
                 1,ana@example.com,Call,No answer,2026-03-01T12:00:00Z,a\n\
                 2,ana@example.com,Call,No answer,2026-03-02T12:00:00Z,a\n\
                 3,ana@example.com,Call,No answer,2026-03-02T12:00:00Z,b\n";
    import(&world, &[("leads.csv", leads), ("activities.csv", calls)]);
    world.at("2026-03-05T12:00:00Z");
    let report = report(&world, &filters());
    let all = group(&report, "all");
    assert_eq!((&all["n"], &all["in_conversation"]), (&2.into(), &1.into()));
    let mark = world.as_("mark");
    mark.get("/follow-up")
        .ok()
        .says("1 lead was already in conversation");
    mark.get("/follow-up/explain?figure=in_conversation")
        .ok()
        .says("Counted: tried before (1 row)")
        .says("attempted after 3 h, already in conversation");
    // A touch of before that is entered later flags it as well, and the record holds.
    let birch = world.as_("ana").get("/leads").ok().anchors();
    let birch = birch.into_iter().find(|(_, words)| words.contains("Birch"));
    let uid = birch.expect("Birch").0.replace("/leads/", "");
    call(&world, "ana", &uid, "No answer", "2026-03-02T08:00:00Z");
    mark.get("/follow-up")
        .ok()
        .says("2 leads were already in conversation");
    let wrong = world.read(touchline::leads::history::wrong);
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[rstest]
fn a_late_touch_after_the_lead_was_closed_is_none_of_the_first_attempts(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = monday(database);
    let mark = world.as_("mark");
    world.at("2026-03-02T13:00:00Z");
    let closed = world.lead("Closed", "ana");
    let fields = [("reason", "Wrong role"), ("note", "An intern.")];
    crate::talk::moves(&world.as_("ana"), &closed, "rejected", &fields).is(303);
    world.at("2026-03-06T10:00:00Z");
    call(&world, "ana", &closed, "No answer", "2026-03-02T14:00:00Z");
    mark.get("/follow-up")
        .ok()
        .says("1 of 11 first attempts was entered more than two working days late (9.1 %");
}

#[rstest]
fn a_week_matures_until_it_is_over_and_its_leads_had_their_time(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-03-02T09:00:00Z");
    let leads: Vec<String> = (0..12)
        .map(|at| world.lead(&format!("L{at}"), "ana"))
        .collect();
    world.at("2026-03-02T10:00:00Z");
    for lead in &leads {
        world.log("ana", "Call", "No answer", Some(lead));
    }
    let mark = world.as_("mark");
    let weeks = "/follow-up?from=2026-03-01&to=2026-03-20&by=week";
    // All were tried, and more may come until Sunday.
    world.at("2026-03-04T10:00:00Z");
    mark.get(weeks).ok().says("Maturing");
    world.at("2026-03-09T10:00:00Z");
    mark.get(weeks).ok().says_nothing_of("Maturing");
    // Ten working days to reach them are not over.
    let reached = format!("{weeks}&event=contact");
    mark.get(&reached).ok().says("Maturing");
    world.at("2026-03-20T10:00:00Z");
    mark.get(&reached).ok().says_nothing_of("Maturing");
}

#[rstest]
fn what_is_maturing_is_told_of_all_leads_and_in_the_file(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = monday(database);
    let mark = world.as_("mark");
    // Nobody was reached, and ten working days are not over.
    mark.get("/outcomes")
        .ok()
        .says("12 of them are maturing: open and not reached");
    mark.get("/outcomes?by=source").ok().says("12 maturing");
    let maturing = |path: &str| {
        let file = mark.get(path);
        let mut reader = csv::Reader::from_reader(file.ok().body.as_bytes());
        let rows = reader.deserialize::<std::collections::HashMap<String, String>>();
        let rows: Vec<_> = rows.map(|row| row.expect("a row")).collect();
        rows.iter()
            .map(|row| row["maturing"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(maturing("/outcomes?format=csv"), ["12"]);
    open_figures(&mark, "/outcomes", &["/outcomes/explain?"]);
    mark.get("/outcomes/explain?figure=maturing")
        .ok()
        .says("Counted: open, and its time is not over (12 rows)");
    world.at("2026-04-01T09:00:00Z");
    mark.get("/outcomes").ok().says_nothing_of("maturing:");
    assert_eq!(maturing("/outcomes?format=csv"), ["0"]);
}

#[rstest]
fn how_often_leads_were_tried_tells_what_was_entered_late_and_can_leave_it_out(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = monday(database);
    let mark = world.as_("mark");
    let late = "Entered late, more than two working days after: 1 of 12 attempts, 8.3 %";
    let tried = |query: &str| {
        let file = mark.get(&format!("/follow-up/persistence?format=csv{query}"));
        let mut reader = csv::Reader::from_reader(file.ok().body.as_bytes());
        let mut rows = reader.deserialize();
        let row: std::collections::HashMap<String, String> =
            rows.next().expect("a row").expect("a row");
        (
            row["attempts"].clone(),
            row["late"].clone(),
            row["attempts_per_lead"].clone(),
        )
    };
    mark.get("/follow-up/persistence").ok().says(late);
    let (attempts, entered_late, _) = tried("");
    assert_eq!((attempts.as_str(), entered_late.as_str()), ("12", "1"));
    let page = mark.get("/follow-up/persistence?late=without");
    page.ok()
        .says("11 leads were tried 11 times")
        .says_nothing_of("Entered late, more");
    let (attempts, entered_late, each) = tried("&late=without");
    assert_eq!(
        (attempts.as_str(), entered_late.as_str(), each.as_str()),
        ("11", "0", "1")
    );
    for path in [
        "/follow-up/persistence",
        "/follow-up/persistence?late=without",
    ] {
        assert!(open_figures(&mark, path, &["/follow-up/persistence/explain?"]) > 3);
    }
    mark.get("/follow-up/persistence/explain?figure=per-lead&late=without")
        .ok()
        .says("without what was entered late")
        .says("11 attempts / 11 leads");
}

#[rstest]
fn the_habits_of_a_team_say_how_much_was_entered_late(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = monday(database);
    world.target("max", "ana", "activities", 4);
    let said = "Entered late, more than two working days after: 1 of 12 activities, 8.3 %";
    world.as_("max").get("/habits").ok().says(said);
    world.as_("ada").get("/habits?by=team").ok().says(said);
    let shared = ["--as-of", "2026-03-06T12:00:00Z", "--format"];
    let ask = |format: &str| {
        let args = [&["report", "habits"][..], &shared[..], &[format]].concat();
        let (code, printed, said) = world.home().run(&args);
        assert_eq!(code, Some(0), "{said}");
        printed.replace('\u{a0}', " ")
    };
    assert!(ask("table").contains(said), "{}", ask("table"));
    let printed = ask("json");
    assert!(
        printed.contains("\"activities\":12,\"late\":1"),
        "{printed}"
    );
    // Of another team, and of other days, nothing.
    world
        .as_("mia")
        .get("/habits")
        .ok()
        .says_nothing_of("Entered late");
    let before = "/habits?from=2026-02-02&to=2026-02-08";
    world
        .as_("max")
        .get(before)
        .ok()
        .says_nothing_of("Entered late");
}
