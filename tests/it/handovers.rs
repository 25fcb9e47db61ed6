//! Stories of the page of hand-overs: what became of them, for marketing and for sales.

use crate::reports::explained::open_figures;
use crate::world::{Client, Database, Database::*, World, terms};
use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types};
use rstest::rstest;
use std::collections::HashSet;
use touchline::db::Conn;
use touchline::handover::Terms;

fn path(uid: &str, more: &str) -> String {
    format!("/leads/{uid}{more}")
}

fn moves(client: &Client, uid: &str, kind: &str, fields: &[(&str, &str)]) {
    let seen = client.get(&path(uid, &format!("?do={kind}"))).field("seen");
    let seen = seen.unwrap_or_default();
    let mut all = vec![("kind", kind), ("seen", seen.as_str())];
    all.extend(fields);
    client.post(&path(uid, "/events"), &all).is(303);
}

fn from_campaign(world: &World, name: &str, owner: &str, campaign: &str) -> String {
    let owner_id = Some(world.person(owner).id);
    let terms = Terms {
        campaign: campaign.to_owned(),
        source: "Web form".to_owned(),
        asset: "Guide".to_owned(),
        owner_id,
        ..terms()
    };
    world.lead_on(name, &terms)
}

/// Of each kind one: untouched, reached and won, rejected and disputed, and one of the other team.
fn lived_in(database: Database) -> World {
    let world = World::new(database);
    world.at("2026-03-02T09:00:00Z");
    from_campaign(&world, "Acme", "ana", "Spring");
    let won = from_campaign(&world, "Birch", "ana", "Spring");
    let rejected = from_campaign(&world, "Cedar", "ana", "Autumn");
    from_campaign(&world, "Dahlia", "sue", "Autumn");
    let ana = world.as_("ana");
    moves(&ana, &won, "accepted", &[]);
    world.at("2026-03-02T09:10:00Z");
    world.log("ana", "Call", "Interested", Some(&won));
    moves(&ana, &won, "won", &[("reason", "New customer")]);
    moves(&ana, &rejected, "rejected", &[("reason", "Wrong role")]);
    let mark = world.as_("mark");
    let event = mark
        .get(&path(&rejected, ""))
        .field("event")
        .expect("a rejection to answer");
    let fields = [
        ("event", event.as_str()),
        ("reply", "disputed"),
        ("text", "She buys."),
    ];
    mark.post(&path(&rejected, "/answer"), &fields).is(303);
    world.at("2026-03-04T09:00:00Z");
    world
}

#[rstest]
fn both_sides_read_what_became_of_their_hand_overs(#[values(Sqlite, Postgres)] database: Database) {
    let world = lived_in(database);
    let words = "Of 4 hand-overs, 2 wait for a first attempt, 1 were reached and 1 won. 1 were rejected; 1 of these are disputed, 1 still open.";
    world
        .as_("mark")
        .get("/hand-overs")
        .ok()
        .says("My hand-overs")
        .says(words);
    let of_north = "Of 3 hand-overs, 1 wait for a first attempt";
    for name in ["ana", "max"] {
        let page = world.as_(name).get("/hand-overs");
        page.ok()
            .says(of_north)
            .says("Disputed of rejected Warming up 1 of 1")
            .says_nothing_of("Dahlia");
        page.says("Waits for my answer").says("Cedar");
    }
    world
        .as_("mia")
        .get("/hand-overs")
        .says("Of 1 hand-over,")
        .says_nothing_of("Cedar");
    world
        .as_("ben")
        .get("/hand-overs")
        .says("No hand-over matches");
    world
        .as_("mark")
        .get("/hand-overs")
        .says_nothing_of("Waits for my answer");
}

#[rstest]
fn who_calls_without_accepting_has_taken_the_lead_up(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-03-02T09:00:00Z");
    let [called, given_back, late] =
        ["Acme", "Birch", "Cedar"].map(|name| from_campaign(&world, name, "ana", "Spring"));
    world.at("2026-03-02T09:10:00Z");
    world.log("ana", "Call", "No answer", Some(&called));
    let ana = world.as_("ana");
    for lead in [&given_back, &late] {
        moves(&ana, lead, "rejected", &[("reason", "Wrong role")]);
    }
    world.at("2026-03-02T09:20:00Z");
    world.log("ana", "Call", "No answer", Some(&late));
    let page = world.as_("mark").get("/hand-overs?by=campaign");
    page.ok().says("Taken up 1").says("Spring 3 0 1 2 0 0 0");
    let links = page.links();
    let way = links.iter().find(|link| link.contains("taken_up"));
    let opened = world.as_("mark").get(way.expect("what explains it"));
    opened.ok().says("Acme").says("Who calls without accepting");
    let file = world
        .as_("mark")
        .get("/hand-overs?by=campaign&format=csv&table=groups");
    assert!(
        file.ok()
            .body
            .lines()
            .nth(1)
            .expect("a group")
            .ends_with(",1")
    );
}

#[rstest]
fn each_filter_lets_through_what_it_says(#[values(Sqlite, Postgres)] database: Database) {
    let world = lived_in(database);
    let mark = world.as_("mark");
    let ana = world.person("ana").uid;
    let (sue, all) = (
        world.person("sue").uid,
        ["Acme", "Birch", "Cedar", "Dahlia"],
    );
    for (query, expected) in [
        (String::new(), &all[..]),
        ("status=won".to_owned(), &["Birch"]),
        (format!("owner={ana}"), &["Acme", "Birch", "Cedar"]),
        (format!("owner={sue}"), &["Dahlia"]),
        ("speed=15min".to_owned(), &["Birch"]),
        ("speed=never".to_owned(), &["Acme", "Cedar", "Dahlia"]),
        ("outcome=open".to_owned(), &["Acme", "Dahlia"]),
        ("outcome=rejected".to_owned(), &["Cedar"]),
        ("reason=Wrong+role".to_owned(), &["Cedar"]),
        ("from=2026-03-03&to=2026-03-04".to_owned(), &[]),
        ("from=2026-03-02&to=2026-03-02".to_owned(), &all),
        ("whose=all".to_owned(), &all),
    ] {
        let page = mark.get(&format!("/hand-overs?format=csv&{query}"));
        let names = all
            .iter()
            .copied()
            .filter(|name| page.ok().body.contains(name));
        assert_eq!(names.collect::<Vec<_>>(), expected, "{query}");
    }
    let spring = mark.get("/hand-overs?by=campaign");
    spring
        .says("Autumn 2 1 0 1 1 0 0 \u{2013}")
        .says("Spring 2 1 1 0 0 1 1 \u{2013}");
    mark.get("/hand-overs?view=board")
        .says("Handed over 2")
        .says("Rejected 1")
        .says("Won 1");
    for wrong in [
        "status=x",
        "speed=x",
        "outcome=accepted",
        "by=owner",
        "whose=yours",
        "owner=x",
        "source=x",
        "from=2026-03-04&to=2026-03-01",
        "from=2020-01-01&to=2026-03-01",
        "from=soon",
    ] {
        mark.get(&format!("/hand-overs?{wrong}")).is(422);
    }
    let of_admin = world.as_("ada").get("/hand-overs?whose=mine");
    of_admin.says("No hand-over matches");
}

#[rstest]
fn the_file_has_the_page_and_no_private_note(#[values(Sqlite, Postgres)] database: Database) {
    let world = lived_in(database);
    let file = world
        .as_("mark")
        .get("/hand-overs?format=csv&status=rejected");
    let rows: Vec<&str> = file.ok().body.lines().collect();
    assert_eq!(rows.len(), 2);
    assert!(rows[1].contains("Cedar,,2026-03-02T09:00:00Z,Mark Marlow,warm,Web form,Autumn,Guide,,Ana Arndt,rejected,rejected,Wrong role,,,,2026-03-02T09:10:00Z,disputed,"));
}

/// Whether a link leads to a hand-over, and not to what explains a figure.
fn is_receipt(link: &str) -> bool {
    link.starts_with("/hand-overs/") && !link.starts_with("/hand-overs/explain")
}

#[rstest]
fn a_long_list_turns_its_pages_and_shows_each_hand_over_once(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    for number in 0..120 {
        world.lead(&format!("Lead {number}."), "ana");
    }
    let mark = world.as_("mark");
    let mut seen = HashSet::new();
    let mut page = mark.get("/hand-overs");
    let mut turned = 1;
    loop {
        let rows = page.links().into_iter().filter(|link| is_receipt(link));
        for link in rows {
            assert!(seen.insert(link.clone()), "{link} comes twice");
        }
        let next = page
            .links()
            .into_iter()
            .find(|link| link.contains("after="));
        let Some(next) = next else { break };
        page = mark.get(&next);
        turned += 1;
    }
    assert_eq!((seen.len(), turned), (120, 3));
    let back = page
        .links()
        .into_iter()
        .find(|link| link.contains("before="));
    let back = mark.get(&back.expect("a way back"));
    let rows = back.links().into_iter().filter(|link| is_receipt(link));
    assert_eq!(rows.count(), 50);
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = sql_types::Text)]
    detail: String,
}

/// How the database would answer a query, in its words.
fn plan(conn: &mut Conn, query: &str) -> String {
    let lines: Vec<Line> = match conn {
        Conn::Sqlite(c) => sql_query(format!("EXPLAIN QUERY PLAN {query}")).load(c),
        Conn::Postgres(c) => {
            sql_query("SET LOCAL enable_seqscan = off").execute(c).expect("a setting");
            sql_query("CREATE TEMPORARY TABLE plan (detail TEXT)").execute(c).expect("a table");
            let script = format!(
                "DO $do$ DECLARE line TEXT; BEGIN FOR line IN EXPLAIN {query} LOOP INSERT INTO plan VALUES (line); END LOOP; END $do$"
            );
            sql_query(script).execute(c).expect("a plan");
            sql_query("SELECT detail FROM plan").load(c)
        }
    }
    .expect("a plan");
    lines
        .into_iter()
        .map(|line| line.detail)
        .collect::<Vec<_>>()
        .join("\n")
}

#[rstest]
#[case(
    "SELECT * FROM handovers WHERE handed_over_at BETWEEN 1 AND 2 ORDER BY handed_over_at DESC",
    "handovers_at"
)]
#[case(
    "SELECT * FROM lead_events WHERE lead_id IN (SELECT lead_id FROM handovers WHERE handed_over_at BETWEEN 1 AND 2)",
    "lead_events_lead"
)]
#[case(
    "SELECT * FROM rejection_replies WHERE lead_id = 1",
    "rejection_replies_lead"
)]
#[case("SELECT * FROM remarks WHERE lead_id = 1 ORDER BY id", "remarks_lead")]
#[case(
    "SELECT * FROM remark_people WHERE person_id = 1 ORDER BY remark_id DESC",
    "remark_people_person"
)]
#[case(
    "SELECT * FROM ratings WHERE handed_over_at BETWEEN 1 AND 2 ORDER BY id",
    "ratings_handover"
)]
#[case("SELECT * FROM ratings WHERE lead_id = 1 ORDER BY id", "ratings_lead")]
#[case("SELECT * FROM duplicates WHERE same_as_id = 1", "duplicates_same_as")]
#[case(
    "SELECT * FROM leads WHERE stage = 'nurture' AND next_step_on <= '2026-03-04' ORDER BY next_step_on, id LIMIT 20",
    "leads_back"
)]
fn each_query_of_the_page_has_its_index(
    #[case] query: &str,
    #[case] index: &str,
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let plan = world
        .app()
        .db
        .write(|conn| Ok(plan(conn, query)))
        .expect("a plan");
    assert!(plan.contains(index), "{plan}");
}

#[rstest]
fn what_stands_by_group_is_a_file_too(#[values(Sqlite, Postgres)] database: Database) {
    let world = lived_in(database);
    let mark = world.as_("mark");
    for by in ["source", "campaign", "asset"] {
        let page = mark.get(&format!("/hand-overs?by={by}"));
        let links = page.ok().links();
        let link = links.iter().find(|link| link.contains("table=groups"));
        let file = mark.get(link.expect("a way to the file"));
        let mut reader = csv::Reader::from_reader(file.ok().body.as_bytes());
        let rows = reader.deserialize().map(|row| row.expect("a row"));
        let rows: Vec<std::collections::HashMap<String, String>> = rows.collect();
        for row in &rows {
            let counts = [
                "n",
                "untouched",
                "taken_up",
                "rejected",
                "disputed",
                "reached",
                "won",
            ];
            let counts = counts.map(|column| row[column].as_str()).join(" ");
            page.says(&format!("{} {counts}", row["group"]));
        }
        let sum: u32 = rows
            .iter()
            .filter_map(|row| row["n"].parse::<u32>().ok())
            .sum();
        assert_eq!(sum, 4, "{by}");
    }
    // As filtered, and of nobody's leads but the asker's.
    let spring = "/hand-overs?by=campaign&format=csv&table=groups";
    let of_mia = world.as_("mia").get(spring);
    assert_eq!(
        of_mia.ok().body.lines().collect::<Vec<_>>()[1],
        "Autumn,1,1,0,0,0,0,0,0,,0"
    );
    let won = mark.get(&format!("{spring}&came=won"));
    assert_eq!(
        won.ok().body.lines().collect::<Vec<_>>()[1],
        "Spring,1,0,1,0,0,1,1,0,,1"
    );
}

#[rstest]
fn each_figure_of_the_page_says_what_it_is_and_which_rows_are_in_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = lived_in(database);
    let acme = world.as_("ana").get("/leads").ok().anchors();
    let acme = acme.into_iter().find(|(_, words)| words.contains("Acme"));
    let rating = format!("{}/rating", acme.expect("Acme").0);
    world.as_("ana").post(&rating, &[("stars", "4")]).is(303);
    let place = ["/hand-overs/explain?"];
    // Six tiles, the rating, five replies; and eight figures of each of two campaigns.
    for (name, path, least) in [
        ("mark", "/hand-overs", 12),
        ("mark", "/hand-overs?by=campaign", 28),
        ("mark", "/hand-overs?by=asset", 20),
        ("max", "/hand-overs?by=source", 20),
        ("ana", "/hand-overs", 12),
    ] {
        let found = open_figures(&world.as_(name), path, &place);
        assert_eq!(found, least, "{name} {path}");
    }
    let mark = world.as_("mark");
    let explain = |query: &str| mark.get(&format!("/hand-overs/explain?{query}"));
    explain("figure=untouched")
        .ok()
        .says("nobody has tried since they were handed over")
        .says("Formula a count")
        .says("Leads handed over Fri 5 Dec 2025 to Wed 4 Mar 2026, as of")
        .says("Counted: untouched (2 rows)")
        .says("In the whole, not counted: not so: won (1 row)");
    explain("figure=disputed-share")
        .ok()
        .says("1 of 1: fewer than 10, warming up")
        .says("Counted: disputed (1 row)")
        .says("Left out: not rejected (3 rows)");
    explain("figure=rating&by=asset&group=Guide")
        .ok()
        .says("4 stars / 1 ratings: 4.0 (n = 1)")
        .says("Counted: rated 4 of 5 (1 row)")
        .says("Left out: not rated (3 rows)");
    explain("figure=n&by=campaign&group=Spring&came=won")
        .ok()
        .says("came to: Won")
        .says("grouped by campaign")
        .says("Counted: handed over in these days (1 row)")
        .says_nothing_of("Acme");
    for wrong in [
        "figure=smiles",
        "figure=won&from=soon",
        "figure=won&by=owner",
        "",
    ] {
        explain(wrong).is(404);
    }
}

#[rstest]
fn nobody_is_told_of_hand_overs_that_the_page_does_not_show_them(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = lived_in(database);
    let rows = |name: &str, query: &str| {
        let path = format!("/hand-overs/explain?figure=n&format=csv{query}");
        let file = world.as_(name).get(&path);
        file.ok().body.lines().count() - 1
    };
    let seen = ["ada", "mark", "max", "mia", "ana", "ben"].map(|name| rows(name, ""));
    assert_eq!(seen, [4, 4, 3, 1, 3, 0]);
    assert_eq!(rows("ada", "&whose=mine"), 0);
    assert_eq!(rows("mark", "&from=2026-03-03&to=2026-03-04"), 0);
}

#[rstest]
fn what_marketing_promised_is_refused_any_change_by_the_database(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let terms = Terms {
        territory: "DACH".to_owned(),
        note: "She asked for a price.".to_owned(),
        ..terms()
    };
    world.lead_on("Acme", &terms);
    let ask = |statement: &str| {
        world.app().db.write(|conn| {
            let query = sql_query(statement);
            touchline::both!(conn, |c| query.execute(c))?;
            Ok(())
        })
    };
    for statement in [
        "UPDATE handovers SET urgency = 'content'",
        "UPDATE handovers SET score = 9",
        "UPDATE handovers SET by_id = NULL",
        "UPDATE handovers SET territory_id = NULL",
        "UPDATE handovers SET handed_over_at = 0",
        "UPDATE handovers SET note = 'x'",
        "DELETE FROM handovers",
    ] {
        let why = ask(statement).expect_err(statement).to_string();
        assert!(why.contains("only added to"), "{statement}: {why}");
    }
    // As where its author is erased.
    ask("UPDATE handovers SET note = ''").expect("a note may become blank");
}
