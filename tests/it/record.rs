//! Stories of the record: what was changed is written down for good, found again, and told to whom it is about; and somebody
//! who is erased leaves numbers and no words.

mod said;

use crate::world::{Client, Database, Database::*, World, terms};
use diesel::prelude::*;
use rstest::rstest;
use std::collections::BTreeSet;
use touchline::both;
use touchline::db::tables::tables;
use touchline::handover::Terms;
use touchline::people;
use touchline::rules::score::Channel;

fn page_of(world: &World, name: &str) -> String {
    format!("/people/{}", world.person(name).uid)
}

fn change_role(world: &World, name: &str, role: &str) {
    let person = world.person(name);
    let fields = [("name", person.name.as_str()), ("role", role)];
    let path = page_of(world, name);
    world.as_("ada").post(&path, &fields).is(303);
}

fn leaves(world: &World, name: &str) {
    let id = world.person(name).id;
    let today = chrono::NaiveDate::from_ymd_opt(2026, 3, 4).expect("a day");
    world.write_as("ada", |tx| people::part(tx, id, today));
}

#[rstest]
fn the_record_says_who_changed_what_from_what_to_what_when_and_from_where(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    change_role(&world, "ana", "manager");
    let page = world.as_("ada").get("/record?q=role");
    page.ok().says(
        "4 Mar 2026, 10:00 Ada Adler changed person Ana Arndt role rep role manager 127.0.0.1",
    );
    for name in ["ana", "max", "mark"] {
        world.as_(name).get("/record").is(403);
    }
}

#[rstest]
fn the_database_itself_refuses_to_change_the_record(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    change_role(&world, "ana", "manager");
    world.lead("Acme", "ben");
    let slip = world.log("ben", "Call", "No answer", None);
    world.write_as("ben", |tx| touchline::activities::remove(tx, &slip));
    world.target("max", "ana", "activities", 2);
    world.write_as("ada", |tx| {
        let kinds = touchline::lists::store::kinds(tx.conn)?;
        let (today, channel) = (tx.now.to_utc().date_naive(), Channel::of("Call"));
        touchline::lists::weigh(tx, &kinds[0], channel, (today, today), "Agreed")
    });
    for statement in [
        "UPDATE targets SET amount = 1",
        "UPDATE targets SET valid_from = '2020-01-01'",
        "UPDATE targets SET set_by_id = NULL, reason = ''",
        "UPDATE targets SET reason = 'x'",
        "DELETE FROM targets",
        "UPDATE score_weights SET weight = 9",
        "UPDATE score_weights SET valid_from = '2020-01-01'",
        "UPDATE score_weights SET reason = 'x'",
        "DELETE FROM score_weights",
        "UPDATE handovers SET uid = 'x'",
        "UPDATE handovers SET lead_id = lead_id + 1",
        "UPDATE handovers SET handed_over_at = handed_over_at - 1, note = ''",
        "DELETE FROM handovers",
        "UPDATE audit_entries SET verb = 'x'",
        "UPDATE audit_entries SET by_id = NULL",
        "DELETE FROM audit_entries",
        "UPDATE audit_words SET became = 'x'",
        "UPDATE audit_words SET entry_id = 0",
        "DELETE FROM audit_words",
        "UPDATE lead_events SET note = 'x'",
        "UPDATE lead_events SET at = 0",
        "UPDATE lead_events SET at = 0, note = ''",
        "DELETE FROM lead_events",
        "UPDATE activities SET quantity = 2",
        "UPDATE activities SET happened_at = 0",
        "UPDATE activities SET person_id = person_id",
        "UPDATE activities SET note = 'x'",
        "UPDATE activities SET is_attempt = NULL, note = ''",
        "UPDATE activities SET is_current = TRUE",
        "UPDATE activities SET ended_at = 0",
        "DELETE FROM activities",
    ] {
        let refused = world.app().db.write(|conn| {
            let query = diesel::sql_query(statement);
            both!(conn, |c| query.execute(c))?;
            Ok(())
        });
        let why = refused.expect_err(statement).to_string();
        assert!(why.contains("only added to"), "{statement}: {why}");
    }
}

#[rstest]
fn the_record_is_searched_by_person_thing_day_and_words(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ada = world.as_("ada");
    world.at("2026-03-05T09:00:00Z");
    ada.post("/lists/source", &[("name", "100%_Fair")]).is(303);
    world.at("2026-03-06T09:00:00Z");
    change_role(&world, "ana", "manager");
    let rows = |query: &str| {
        let page = world.as_("ada").get(&format!("/record?{query}"));
        page.ok().body.matches("data-label=\"Did\"").count()
    };
    assert_eq!(rows("q=100%25_fair"), 1);
    assert_eq!(rows("q=100__fair"), 0);
    assert_eq!(rows("subject=source"), 1);
    assert_eq!(rows("from=2026-03-05&to=2026-03-05"), 1);
    assert_eq!(rows("from=2026-03-06"), 1);
    assert_eq!(rows(&format!("by={}", world.person("ada").uid)), 2);
    assert_eq!(rows(&format!("by={}", world.person("ben").uid)), 0);
    let file = ada.get("/record?subject=source&format=csv");
    assert_eq!(file.ok().body.lines().count(), 2);
    assert!(
        file.body
            .contains("2026-03-05T09:00:00Z,Ada Adler,added,source")
    );
}

#[rstest]
fn a_long_record_is_read_page_by_page(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world.write_as("ada", |tx| {
        for number in 0..60 {
            touchline::lists::labels::add(
                tx,
                touchline::lists::List::Asset,
                &format!("A{number}"),
            )?;
        }
        Ok(())
    });
    let ada = world.as_("ada");
    let first = ada.get("/record?subject=asset");
    first.ok().says("A59").says_nothing_of("A9 ");
    let older = first.links().into_iter().find(|l| l.contains("before="));
    let second = ada.get(&older.expect("a way to older ones"));
    second.ok().says("A9").says("A0").says_nothing_of("A59");
}

#[rstest]
fn everybody_sees_and_keeps_what_is_held_about_them(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let lead = world.lead("Acme", "ana");
    world.log("ana", "Call", "Interested", Some(&lead));
    world.log("ben", "Visit", "Nobody there", None);
    change_role(&world, "ana", "manager");
    let ana = world.as_("ana");
    ana.get("/me/data").ok().says("What you logged");
    let file = ana.get("/me/data?format=json");
    assert!(file.header("content-disposition").contains("my-data.json"));
    let all: serde_json::Value = serde_json::from_str(&file.ok().body).expect("JSON");
    assert_eq!(all["account"][0]["email"], "ana@example.com");
    assert_eq!(all["activities"].as_array().map(Vec::len), Some(1));
    assert_eq!(all["activities"][0]["outcome"], "Interested");
    assert_eq!(all["record"][0]["became"], "role manager");
    // From where ada did it is ada's.
    assert_eq!(all["record"][0]["address"], "");
    for secret in ["hash", "token", "Nobody there", "ben@example.com"] {
        assert!(!file.body.contains(secret), "{secret}");
    }
    let elsewhere = all["elsewhere"].as_array().expect("rows").iter();
    let lists: Vec<&str> = elsewhere.filter_map(|row| row["list"].as_str()).collect();
    assert!(lists.contains(&"leads"), "{lists:?}");
    for part in ["hours", "verdicts", "habit", "hand-overs"] {
        assert!(all[part].is_array(), "{part}");
    }
    // In every place in which a row names somebody, not only in its first.
    let seen = |name: &str, list: &str, column: &str| {
        let file = world.as_(name).get("/me/data?format=json");
        let all: serde_json::Value = serde_json::from_str(&file.ok().body).expect("JSON");
        let rows = all["elsewhere"].as_array().cloned().unwrap_or_default();
        let is_it = |row: &serde_json::Value| row["list"] == list && row["as"] == column;
        assert!(rows.iter().any(is_it), "{list}.{column}: {rows:?}");
    };
    world.target("max", "ben", "activities", 20);
    let taken_back = world.log("ben", "Call", "No answer", None);
    let remove = format!("/activities/{taken_back}/remove");
    world.as_("ben").post(&remove, &[]).is(303);
    seen("max", "targets", "set_by_id");
    seen("ben", "activities", "ended_by_id");
    seen("ana", "lead_events", "owner_id");
    let of_mark = world.as_("mark").get("/me/data?format=json");
    let of_mark: serde_json::Value = serde_json::from_str(&of_mark.ok().body).expect("JSON");
    assert_eq!(of_mark["hand-overs"][0]["lead"], lead);
    let csv = ana.get("/me/data?format=csv&part=activities");
    assert!(csv.ok().body.starts_with("happened_at,entered_at,kind"));
    ana.get("/me/data?format=csv&part=nothing").is(404);
    let path = format!("{}/data", page_of(&world, "ana"));
    world.as_("ben").get(&path).is(403);
    world.as_("ada").get(&path).ok().says("Ana Arndt");
}

#[rstest]
fn what_is_held_has_every_column_but_those_that_open_a_door(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let lead = world.lead("Acme", "ana");
    world.log("ana", "Call", "No answer", Some(&lead));
    let ana = world.as_("ana");
    let fields = [("reason", "Competitor"), ("note", "They have one.")];
    crate::talk::moves(&ana, &lead, "rejected", &fields).is(303);
    let file = ana.get("/me/data?format=json").ok().body.clone();
    let all: serde_json::Value = serde_json::from_str(&file).expect("JSON");
    let tables = world.read(tables);
    let of_tables = [
        ("account", "people", "id"),
        ("teams", "memberships", "person_id"),
        ("sessions", "sessions", "person_id"),
        ("activities", "activities", "person_id"),
        ("lead-events", "lead_events", "by_id"),
    ];
    for (list, name, by) in of_tables {
        let table = tables.iter().find(|table| table.name == name);
        let columns = table.expect("a table").columns.iter();
        let columns = columns.map(|column| column.name.as_str());
        let is_told = |name: &&str| {
            *name != by
                && !["hash", "secret", "token"]
                    .iter()
                    .any(|word| name.contains(word))
        };
        let wanted: BTreeSet<&str> = columns
            .filter(is_told)
            .map(|name| name.trim_end_matches("_id"))
            .collect();
        let row = all[list][0].as_object().expect(list);
        let told: BTreeSet<&str> = row
            .keys()
            .map(|name| name.trim_end_matches("_id"))
            .collect();
        assert_eq!(told, wanted, "{list}");
    }
    assert_eq!(all["activities"][0]["lead"], lead);
    assert_eq!(all["activities"][0]["team"], "North");
    assert_eq!(all["lead-events"][0]["lead"], lead);
}

/// What a report says, without its cells about who it is.
fn reports(reader: &Client) -> Vec<String> {
    let paths = [
        "/follow-up?format=csv",
        "/outcomes?format=csv",
        "/service-levels?format=csv",
        "/team?format=csv",
    ];
    let body = |path: &str| {
        let page = reader.get(path);
        let named = page.ok().body.replace("Ana Arndt", "Former colleague 1");
        named.replace("ana@example.com", "former-colleague-1@erased.invalid")
    };
    paths.iter().map(|path| body(path)).collect()
}

#[rstest]
fn who_is_erased_leaves_numbers_and_no_words(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let lead = world.lead("Acme", "ana");
    world.log("ana", "Call", "Interested", Some(&lead));
    let rejected = world.lead("Birch", "ana");
    let ana = world.as_("ana");
    let form = ana.get(&format!("/leads/{rejected}?do=rejected"));
    let fields = [("reason", "Wrong role"), ("note", "I met her husband")];
    form.submit(&format!("/leads/{rejected}/events"), &fields)
        .is(303);
    change_role(&world, "ana", "manager");
    change_role(&world, "ana", "rep");
    let path = page_of(&world, "ana");
    let ada = world.as_("ada");
    // Not while they are here, and not by a slip.
    ada.post(&format!("{path}/erase"), &[("name", "Ana Arndt")])
        .is(404);
    leaves(&world, "ana");
    let before = reports(&world.as_("ada"));
    let form = ada.get(&format!("{path}/erase"));
    let erase = format!("{path}/erase");
    form.ok()
        .submit(&erase, &[("name", "Ana")])
        .is(422)
        .says("as it stands");
    form.submit(&erase, &[("name", "Ana Arndt")])
        .redirects_to(&format!("{path}?done=erased"));

    ada.get(&path).ok().says("Former colleague 1");
    assert_eq!(reports(&world.as_("ada")), before);
    for page in ["/people", "/record", &path, &format!("/leads/{rejected}")] {
        let page = ada.get(page);
        page.ok()
            .says_nothing_of("Ana Arndt")
            .says_nothing_of("ana@example.com")
            .says_nothing_of("husband");
    }
    let data = ada.get(&format!("{path}/data?format=json"));
    assert!(!data.ok().body.contains("Ana") && !data.body.contains("husband"));
    // Twice is once, and nobody comes back under a number.
    ada.post(&erase, &[("name", "Former colleague 1")]).is(409);
    ada.post(&format!("{path}/return"), &[])
        .is(422)
        .says("They are erased");
    leaves(&world, "ben");
    let ben = page_of(&world, "ben");
    ada.post(&format!("{ben}/erase"), &[("name", "Ben Beck")])
        .is(303);
    ada.get(&ben).ok().says("Former colleague 2");
}

#[rstest]
fn words_that_must_be_there_become_a_word_that_says_nothing(
    #[values(Sqlite, Postgres)] database: Database,
) {
    use touchline::schema::{handovers, targets, verdicts, watch_words};
    let world = World::new(database);
    let max = world.person("max").id;
    // All is max's: the words that he wrote himself, and those about ana.
    let terms = Terms {
        note: "He said so".to_owned(),
        ..terms()
    };
    world.lead_by("max", "Acme", &terms);
    let said = [
        format!(
            "INSERT INTO targets (team_id, metric, amount, period, valid_from, weekdays, reason, set_by_id, set_at) \
             VALUES ({}, 'activities', 5, 'day', '2026-03-04', '', 'She is new', {max}, 0)",
            world.team("North")
        ),
        format!(
            "INSERT INTO verdicts (person_id, period, first_day, was, state, attainment, origin, reason, by_id, at) \
             VALUES ({max}, 'day', '2026-03-02', 'missed', 'neutral', NULL, 'corrected', 'My phone broke', {max}, 0)"
        ),
        format!(
            "INSERT INTO watch_words (person_id, sign, text, at) VALUES ({max}, 'round', 'I was ill', 0)"
        ),
    ];
    for sql in said {
        world.write(|tx| Ok(both!(tx.conn, |c| diesel::sql_query(&sql).execute(c))?));
    }
    leaves(&world, "max");
    let erase = format!("{}/erase", page_of(&world, "max"));
    world
        .as_("ada")
        .post(&erase, &[("name", "Max Maier")])
        .is(303);
    let words = |read: fn(&mut touchline::db::Conn) -> QueryResult<String>| {
        world.read(|conn| Ok(read(conn)?))
    };
    assert_eq!(
        words(|c| handovers::table.select(handovers::note).first(c)),
        ""
    );
    assert_eq!(
        words(|c| targets::table.select(targets::reason).first(c)),
        ""
    );
    assert_eq!(
        words(|c| verdicts::table.select(verdicts::reason).first(c)),
        "erased"
    );
    assert_eq!(
        words(|c| watch_words::table.select(watch_words::text).first(c)),
        "erased"
    );
    // Nothing else of it can be changed, and not into other words.
    for sql in [
        "UPDATE verdicts SET reason = 'Something else'",
        "UPDATE verdicts SET state = 'hit', attainment = 1",
        "UPDATE watch_words SET text = 'Something else'",
        "DELETE FROM verdicts",
    ] {
        let refused = world
            .app()
            .db
            .write(|conn| Ok(both!(conn, |c| diesel::sql_query(sql).execute(c))?));
        assert!(refused.is_err(), "{sql}");
    }
}

#[rstest]
fn what_others_wrote_about_who_is_erased_goes_and_words_like_the_name_stay(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (ana, max) = (world.person("ana").id, world.person("max").id);
    let said = [
        format!(
            "INSERT INTO verdicts (person_id, period, first_day, was, state, attainment, origin, reason, by_id, at) \
             VALUES ({ana}, 'day', '2026-03-02', 'missed', 'neutral', NULL, 'corrected', 'She was in hospital', {max}, 0)"
        ),
        format!(
            "INSERT INTO notices (person_id, kind, at, by_id, text) \
             VALUES ({max}, 'assigned', 0, {max}, 'Given to Ana Arndt')"
        ),
        format!(
            "INSERT INTO notices (person_id, kind, at, by_id, text) \
             VALUES ({max}, 'assigned', 0, {max}, 'Given to Ana Arndtsen')"
        ),
    ];
    for sql in said {
        world.write(|tx| Ok(both!(tx.conn, |c| diesel::sql_query(&sql).execute(c))?));
    }
    leaves(&world, "ana");
    let erase = format!("{}/erase", page_of(&world, "ana"));
    world
        .as_("ada")
        .post(&erase, &[("name", "Ana Arndt")])
        .is(303);
    use touchline::schema::{notices, verdicts};
    let (reason, mut told): (String, Vec<String>) = world.read(|conn| {
        Ok((
            verdicts::table.select(verdicts::reason).first(conn)?,
            notices::table
                .filter(
                    notices::person_id
                        .eq(max)
                        .and(notices::kind.eq(touchline::inbox::NoticeKind::Assigned)),
                )
                .select(notices::text)
                .load(conn)?,
        ))
    });
    told.sort();
    assert_eq!(reason, "erased");
    assert_eq!(told, ["", "Given to Ana Arndtsen"]);
}
