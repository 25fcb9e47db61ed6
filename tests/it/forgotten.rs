//! Stories of a lead that asks to be forgotten, and of what an erased person left elsewhere: words go, numbers stay.

use crate::world::{Client, Database, Database::*, World};
use diesel::prelude::*;
use rstest::rstest;
use touchline::leads;
use touchline::{both, people};

const REPORTS: [&str; 4] = [
    "/follow-up?format=csv",
    "/outcomes?format=csv",
    "/service-levels?format=csv",
    "/team?format=csv",
];

fn reports(world: &World) -> Vec<String> {
    let ada = world.as_("ada");
    REPORTS.map(|path| ada.get(path).ok().body.clone()).to_vec()
}

/// A lead with a name, an address and words about it, which ana has ended; its uid.
fn ended(world: &World) -> String {
    let uid = world.lead("Acme", "ana");
    let edit = format!("/leads/{uid}/edit");
    let fields = [
        ("name", "Petra Pohl"),
        ("company", "Pohl Ltd"),
        ("email", "petra@pohl.example"),
        ("phone", "+49 30 1234567"),
        ("background", "Petra met us in Ulm"),
    ];
    let ana = world.as_("ana");
    ana.get(&edit).submit(&edit, &fields).is(303);
    let form = ana.get(&format!("/log?lead={uid}"));
    let fields = [
        ("kind", "1"),
        ("outcome", "1"),
        ("note", "Petra was at lunch"),
    ];
    form.submit("/log", &fields).is(303);
    let fields = [("reason", "No need"), ("note", "Petra has one")];
    crate::talk::moves(&ana, &uid, "disqualified", &fields).is(303);
    uid
}

#[rstest]
fn a_lead_that_asks_for_it_is_forgotten_and_every_report_says_the_same(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let open = world.lead("Birch", "ana");
    let uid = ended(&world);
    let file = b"external_id,name,created_at\nL1,Petra Pohl,2026-03-02T09:00:00Z\n";
    let upload = world.as_("ada").upload("/import", &[("leads.csv", file)]);
    let waits = upload.is(303).location.clone();
    let before = reports(&world);
    let (ada, erase) = (world.as_("ada"), format!("/leads/{uid}/erase"));
    for name in ["ana", "max", "mark"] {
        world.as_(name).get(&erase).is(403);
        world
            .as_(name)
            .post(&erase, &[("name", "Petra Pohl")])
            .is(403);
    }
    // Not by a slip, and not while sales work on it.
    let form = ada.get(&erase);
    form.ok()
        .submit(&erase, &[("name", "Petra")])
        .is(422)
        .says("as it stands");
    let other = format!("/leads/{open}/erase");
    ada.post(&other, &[("name", "Birch")])
        .is(422)
        .says("end it first");
    ada.get(&format!("/leads/{uid}"))
        .says("Erase what is known");
    form.submit(&erase, &[("name", "Petra Pohl")])
        .redirects_to(&format!("/leads/{uid}"));

    assert_eq!(reports(&world), before);
    for (name, path) in [
        ("ada", format!("/leads/{uid}")),
        ("mark", format!("/leads/{uid}")),
        ("ada", "/record".to_owned()),
        ("ada", "/leads".to_owned()),
        ("ana", "/inbox".to_owned()),
    ] {
        let page = world.as_(name).get(&path);
        page.ok().says_nothing_of("Petra").says_nothing_of("petra@");
    }
    ada.get(&format!("/leads/{uid}"))
        .says("Former contact")
        .says("Pohl Ltd");
    ada.get(&waits).is(404);
    ada.post(&erase, &[("name", "Petra Pohl")]).is(422);
    // Nobody writes it down anew.
    let mark = world.as_("mark");
    mark.get(&format!("/leads/{uid}/edit")).is(422);
    let again = world.try_as("mark", |tx| leads::visible(tx, &uid));
    assert!(again.expect("the lead").erased_at.is_some());
}

#[rstest]
fn files_bring_back_nothing_of_a_lead_that_was_forgotten(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let import = |ada: &Client, name: &str| {
        let file = format!(
            "external_id,name,email,created_at,state\nL1,{name},petra@pohl.example,2026-03-02T09:00:00Z,nurture\n"
        );
        let page = ada.upload("/import", &[("leads.csv", file.as_bytes())]);
        let place = page.is(303).location.clone();
        let preview = ada.get(&place);
        let confirm = format!("{place}/confirm");
        let text = preview.ok().text();
        if preview.actions().contains(&confirm) {
            preview.submit(&confirm, &[]);
        }
        text
    };
    let ada = world.as_("ada");
    import(&ada, "Petra Pohl");
    let uid: String = world.read(|conn| {
        use touchline::schema::leads;
        Ok(leads::table.select(leads::uid).first(conn)?)
    });
    let erase = format!("/leads/{uid}/erase");
    ada.post(&erase, &[("name", "Petra Pohl")]).is(303);
    let said = import(&ada, "Dr. Petra Pohl");
    assert!(said.contains("is erased, and stays so"), "{said}");
    ada.get(&format!("/leads/{uid}"))
        .ok()
        .says("Former contact")
        .says_nothing_of("Petra");
}

#[rstest]
fn what_an_erased_person_wrote_elsewhere_goes_too(#[values(Sqlite, Postgres)] database: Database) {
    use touchline::schema::{import_uploads, lead_signals, score_rule_sets, score_weights};
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let max = world.person("max").id;
    for sql in [
        format!(
            "INSERT INTO score_weights (kind_id, weight, valid_from, reason, set_by_id, set_at) \
             VALUES (1, 2, '2026-03-04', 'I like calls', {max}, 0)"
        ),
        format!(
            "INSERT INTO score_rule_sets (version, line, why, by_id, at) VALUES (77, 50, 'My idea', {max}, 0)"
        ),
        format!(
            "INSERT INTO lead_signals (uid, lead_id, kind_id, at, entered_at, what, by_id) \
             SELECT 's1', id, 1, 0, 0, 'My cousin works there', {max} FROM leads WHERE uid = '{uid}'"
        ),
    ] {
        world.write(|tx| Ok(both!(tx.conn, |c| diesel::sql_query(&sql).execute(c))?));
    }
    let people = b"email,name\nmax@example.com,Somebody\n";
    let upload = world
        .as_("ada")
        .upload("/import", &[("people.csv", people)]);
    upload.is(303);
    world.upload();
    let today = chrono::NaiveDate::from_ymd_opt(2026, 3, 4).expect("a day");
    world.write_as("ada", |tx| people::part(tx, max, today));
    world.write_as("ada", |tx| touchline::erasure::erase(tx, max));
    let (reason, why, what, waiting): (String, String, String, i64) = world.read(|conn| {
        Ok((
            score_weights::table
                .filter(score_weights::set_by_id.eq(max))
                .select(score_weights::reason)
                .first(conn)?,
            score_rule_sets::table
                .filter(score_rule_sets::version.eq(77))
                .select(score_rule_sets::why)
                .first(conn)?,
            lead_signals::table
                .filter(lead_signals::uid.eq("s1"))
                .select(lead_signals::what)
                .first(conn)?,
            import_uploads::table.count().get_result(conn)?,
        ))
    });
    assert_eq!([reason, why, what], ["", "", ""].map(str::to_owned));
    assert_eq!(waiting, 1, "the other upload waits on");
    // Words may go, and nothing else may change.
    for sql in [
        "UPDATE score_rule_sets SET why = 'Other words'",
        "UPDATE score_rule_sets SET line = 1",
        "UPDATE lead_signals SET what = 'Other words'",
        "UPDATE lead_signals SET at = 1",
        "DELETE FROM lead_signals",
    ] {
        let refused = world
            .app()
            .db
            .write(|conn| Ok(both!(conn, |c| diesel::sql_query(sql).execute(c))?));
        assert!(refused.is_err(), "{sql}");
    }
}

#[rstest]
fn two_who_are_erased_at_once_get_numbers_of_their_own(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let today = chrono::NaiveDate::from_ymd_opt(2026, 3, 4).expect("a day");
    let cast = ["ana", "ben", "sue", "max"];
    let ids = cast.map(|name| world.person(name).id);
    for id in ids {
        world.write_as("ada", |tx| people::part(tx, id, today));
    }
    let mut names: Vec<String> = std::thread::scope(|scope| {
        let app = world.app();
        let erase =
            |id: i64| scope.spawn(move || app.write(|tx| touchline::erasure::erase(tx, id)));
        let threads: Vec<_> = ids.into_iter().map(erase).collect();
        let ended = threads.into_iter().map(|thread| thread.join());
        ended
            .map(|name| name.expect("an end").expect("they are erased"))
            .collect()
    });
    names.sort();
    let numbered: Vec<String> = (1..=4).map(|n| format!("Former colleague {n}")).collect();
    assert_eq!(names, numbered);
}
