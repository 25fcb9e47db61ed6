//! What a pack says of who was away and of what is pending, what its files have, and what it keeps of who was erased.

use super::*;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use touchline::handover;
use touchline::talk::{self, Reply};

#[rstest]
fn who_was_away_all_week_has_a_dash_for_leads_reached_and_nothing_in_the_file(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = week(database);
    let id = world.person("sue").id;
    world.write(|tx| {
        let day = |text: &str| text.parse().expect("a day");
        let part = touchline::calendar::Part::Full;
        let (from, to) = (day("2026-03-02"), day("2026-03-06"));
        touchline::calendar::store::put_time_off(tx.conn, id, from, to, part)
    });
    world.at("2026-03-09T08:00:00Z");
    made(&world);
    let page = world.as_("mia").get("/monday");
    page.ok().says(
        "Sue Sommer South \u{2013} \u{2013} Mon off, Tue off, Wed off, Thu off, Fri off \u{2013} \u{2013}",
    );
    let rows = table(&world, "mia", "reps");
    let sue = rows.iter().find(|row| row["name"] == "Sue Sommer");
    let sue = sue.expect("Sue");
    for column in [
        "value",
        "activities",
        "reached",
        "leads_reached",
        "late",
        "days_hit",
        "share_reached",
    ] {
        assert_eq!(sue[column], "", "{column}");
    }
    // Present with nothing reached is a zero.
    let rows = table(&world, "max", "reps");
    let ben = rows.iter().find(|row| row["name"] == "Ben Beck");
    assert_eq!(ben.expect("Ben")["leads_reached"], "0");
}

/// Rejects a lead of ana's, and returns the rejection.
fn rejected(world: &World, name: &str) -> (String, i64) {
    let uid = world.lead(name, "ana");
    let role = [("reason", "Wrong role")];
    crate::talk::moves(&world.as_("ana"), &uid, "rejected", &role).is(303);
    let me = world.me("ada");
    let event = world.read(|conn| {
        let lead = touchline::leads::store::by_uid(conn, &me, &uid)?.expect("the lead");
        Ok(talk::store::rejections(conn, lead.id)?[0].event_id)
    });
    (uid, event)
}

#[rstest]
fn while_rejections_may_still_be_answered_in_time_that_share_is_maturing(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-03-02T08:00:00Z");
    crate::definitions::agree(&world, |content| {
        content.answer_by = Some(touchline::rules::level::Limit::WorkingDays(2));
    });
    world.at("2026-03-06T14:00:00Z");
    let (uid, event) = rejected(&world, "Acme");
    rejected(&world, "Globex");
    world.write_as("mark", |tx| {
        handover::reply(tx, &uid, event, Reply::Agreed, "")
    });
    world.at("2026-03-09T08:00:00Z");
    made(&world);
    let words = "Rejections answered in time Warming up Maturing 1 of 1; 1 pending";
    for name in ["max", "mark"] {
        world.as_(name).get("/monday").ok().says(words);
    }
    let pending = |name: &str| {
        let rows = table(&world, name, "levels");
        let row = rows
            .iter()
            .find(|row| row["promise"] == "Rejections answered in time");
        let row = row.expect("a row");
        ["met", "judged", "pending"].map(|column| row[column].clone())
    };
    assert_eq!(pending("ada"), ["1", "1", "1"]);
    assert_eq!(pending("max"), ["1", "1", "1"]);
    // A pack of before did not say: it is read, and says nothing of it.
    let forged = match database {
        Sqlite => "DROP TRIGGER packs_stay",
        Postgres => "ALTER TABLE packs DISABLE TRIGGER USER",
    };
    let strip = "UPDATE packs SET content = replace(content, ',\"pending\":1}', '}')";
    let change = world.app().db.write(|conn| {
        touchline::both!(conn, |c| c.batch_execute(&format!("{forged}; {strip}")))?;
        Ok(())
    });
    change.expect("an older pack");
    assert_eq!(pending("ada"), ["1", "1", ""]);
    world
        .as_("mark")
        .get("/monday")
        .ok()
        .says_nothing_of("1 of 1; 1 pending");
}

#[rstest]
fn shared_goals_and_what_was_agreed_are_in_files_of_their_own(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = week(database);
    crate::shared_goals::make(&world, "mark", "Spring", &[]).is(303);
    world.at("2026-03-09T08:00:00Z");
    made(&world);
    let goals = table(&world, "mark", "goals");
    let cells = ["goal", "value", "amount", "of_goal", "until"].map(|name| goals[0][name].as_str());
    assert_eq!(cells, ["Spring", "0", "4", "0", "2026-03-31"]);
    let commit = |text: &str, owner: &str| {
        let owner = world.person(owner).uid;
        let fields = [("text", text), ("owner", &owner), ("due_on", "2026-03-13")];
        let path = "/monday/2026-03-09/commitments";
        world.as_("max").post(path, &fields).is(303);
    };
    commit("Call Globex", "ben");
    commit("Send the price list", "mark");
    let agreed = |name: &str| {
        let rows = table(&world, name, "agreed").into_iter();
        let told =
            rows.map(|row| format!("{} {} {}", row["commitment"], row["owner"], row["verdict"]));
        told.collect::<Vec<_>>()
    };
    let all = [
        "Call Globex Ben Beck open",
        "Send the price list Mark Marlow open",
    ];
    assert_eq!(agreed("mark"), all);
    // A rep reads what is theirs.
    assert_eq!(agreed("ben"), all[..1]);
    let bens = world.as_("ben").get("/monday");
    let mut forms = bens.actions().into_iter();
    let form = forms.find(|action| action.starts_with("/commitments/"));
    bens.submit(
        &form.expect("a form"),
        &[("verdict", "kept"), ("note", "On Monday.")],
    )
    .is(303);
    assert_eq!(agreed("ben"), ["Call Globex Ben Beck kept"]);
    for part in ["goals", "agreed"] {
        let link = format!("/monday/2026-03-09?format=csv&table={part}");
        let page = world.as_("max").get("/monday");
        assert!(page.links().contains(&link), "{part}");
    }
}

/// What all packs keep at rest.
fn at_rest(world: &World) -> String {
    use touchline::schema::packs;
    let all: Vec<String> = world.read(|conn| Ok(packs::table.select(packs::content).load(conn)?));
    all.join("\n")
}

#[rstest]
fn a_pack_keeps_no_name_of_who_was_erased_and_every_figure(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = week(database);
    let petra = world.lead("Petra Pohl", "max");
    world.at("2026-03-09T08:00:00Z");
    made(&world);
    let figures = |world: &World| {
        let parts = ["reps", "owners", "levels", "reasons"];
        let rows = parts.map(|part| table(world, "ada", part));
        let rows = rows.into_iter().flatten();
        let told = rows.map(|mut row| {
            for name in ["name", "owner", "oldest_untouched", "oldest_open"] {
                row.remove(name);
            }
            let mut cells: Vec<_> = row.into_iter().collect();
            cells.sort();
            format!("{cells:?}")
        });
        let mut told: Vec<String> = told.collect();
        told.sort();
        told
    };
    let before = figures(&world);
    assert!(at_rest(&world).contains("Ben Beck"));
    let ben = world.person("ben").id;
    world.write_as("ada", |tx| {
        people::part(tx, ben, "2026-03-09".parse().expect("a day"))?;
        erasure::erase(tx, ben)
    });
    let kept = at_rest(&world);
    assert!(
        !kept.contains("Ben Beck") && kept.contains("Former colleague 1"),
        "{kept}"
    );
    assert_eq!(figures(&world), before);
    // A lead too, in the transaction that erases it.
    assert!(kept.contains("Petra Pohl"));
    crate::talk::moves(&world.as_("max"), &petra, "lost", &[("reason", "No fit")]).is(303);
    world.write_as("ada", |tx| erasure::erase_lead(tx, &petra));
    assert!(!at_rest(&world).contains("Petra"), "{}", at_rest(&world));
    assert_eq!(figures(&world), before);
    // The database refuses to change a figure on the way.
    let change = world.app().db.write(|conn| {
        touchline::both!(conn, |c| c.batch_execute(
            "UPDATE packs SET content = replace(content, '\"expected\":5', '\"expected\":4')"
        ))?;
        Ok(())
    });
    assert!(change.is_err(), "a figure of a pack was changed");
    // What an older release left in a pack goes within the day.
    let older = world.app().db.write(|conn| {
        touchline::both!(conn, |c| c.batch_execute(
            "UPDATE packs SET content = replace(content, 'Former colleague 1', 'Ben Beck')"
        ))?;
        Ok(())
    });
    older.expect("names may change");
    world.at("2026-03-11T08:00:00Z");
    jobs::run(world.app());
    assert!(!at_rest(&world).contains("Ben Beck"));
    let (code, printed, said) = world.leave().run(&["check"]);
    assert_eq!((code, printed.as_str()), (Some(0), ""), "{said}");
}
