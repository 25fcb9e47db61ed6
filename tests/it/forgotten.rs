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

#[rstest]
fn what_somebody_wrote_of_a_lead_and_what_is_called_after_them_goes(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.lead("Acme", "ana");
    crate::shared_goals::make(&world, "max", "Wins of Mark Marlow", &[]).is(303);
    let note = || {
        use touchline::schema::leads;
        world.read(|conn| Ok(leads::table.select(leads::note).first::<String>(conn)?))
    };
    world.write(|tx| {
        let statement = diesel::sql_query("UPDATE leads SET note = 'She likes early calls.'");
        touchline::both!(tx.conn, |c| statement.execute(c))?;
        Ok(())
    });
    assert_eq!(note(), "She likes early calls.");
    let (mark, today) = (
        world.person("mark").id,
        "2026-03-04".parse().expect("a day"),
    );
    world.write_as("ada", |tx| people::part(tx, mark, today));
    world.write_as("ada", |tx| touchline::erasure::erase(tx, mark).map(drop));
    assert_eq!(note(), "");
    let page = world.as_("max").get("/shared-goals");
    page.ok().says("erased").says_nothing_of("Mark Marlow");
}

/// What the hand-overs of a lead carried of its signals, as they stand.
fn carried(world: &World) -> Vec<String> {
    use touchline::schema::handover_lines;
    world.read(|conn| {
        Ok(handover_lines::table
            .filter(handover_lines::part.eq("signal"))
            .order(handover_lines::id)
            .select(handover_lines::text)
            .load(conn)?)
    })
}

/// A lead of which ada and mark knew something before it was handed over, and which is ended since; its uid.
fn handed_over_with_signals(world: &World) -> String {
    let uid = crate::lead_score::in_nurture(world, "Petra Pohl", "DE");
    crate::signals::note(world, "mark", &uid, "Research note", "Her brother runs it");
    world.at("2026-03-04T09:30:00Z");
    crate::signals::note(world, "ada", &uid, "Hiring", "Two more in Ulm");
    crate::receipts::hand_over(world, &uid, "");
    let ada = world.as_("ada");
    crate::talk::moves(&ada, &uid, "disqualified", &[("reason", "No need")]).is(303);
    uid
}

#[rstest]
fn what_a_hand_over_carried_of_an_erased_lead_goes_too(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = handed_over_with_signals(&world);
    assert_eq!(carried(&world).len(), 2);
    world.write_as("ada", |tx| touchline::erasure::erase_lead(tx, &uid));
    assert_eq!(carried(&world), ["", ""]);
    let page = world.as_("mark").get(&format!("/leads/{uid}"));
    page.ok()
        .says_nothing_of("brother")
        .says_nothing_of("Two more");
    // Words may go, and nothing else may change.
    for sql in [
        "UPDATE handover_lines SET text = 'Other words' WHERE text = ''",
        "UPDATE handover_lines SET points = 7",
    ] {
        let refused = world
            .app()
            .db
            .write(|conn| Ok(both!(conn, |c| diesel::sql_query(sql).execute(c))?));
        assert!(refused.is_err(), "{sql}");
    }
}

#[rstest]
fn what_a_hand_over_carried_of_an_erased_person_goes_and_of_others_stays(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    handed_over_with_signals(&world);
    let today = chrono::NaiveDate::from_ymd_opt(2026, 3, 4).expect("a day");
    let mark = world.person("mark").id;
    world.write_as("ada", |tx| people::part(tx, mark, today));
    world.write_as("ada", |tx| touchline::erasure::erase(tx, mark));
    let left: Vec<String> = carried(&world);
    let left: Vec<&String> = left.iter().filter(|text| !text.is_empty()).collect();
    assert_eq!(left.len(), 1);
    assert!(left[0].contains("Two more in Ulm"), "{left:?}");
}

#[rstest]
fn nothing_more_is_written_about_an_erased_lead_and_what_was_goes_again(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = ended(&world);
    let erase = format!("/leads/{uid}/erase");
    let ada = world.as_("ada");
    ada.post(&erase, &[("name", "Petra Pohl")]).is(303);
    let question = [("text", "Where is Petra now?"), ("to", "ana")];
    let place = format!("/leads/{uid}");
    let mark = world.as_("mark");
    let form = mark.get(&format!("{place}?say=ask"));
    form.submit(&format!("{place}/questions"), &question)
        .is(422)
        .says("nothing more is written about it");
    let form = mark.get(&format!("{place}/signals"));
    let signal = [("kind", "10"), ("what", "Petra moved to Bonn")];
    form.submit(&format!("{place}/signals"), &signal)
        .is(422)
        .says("nothing more is written about it");
    // What came by another way before this was refused goes when it is erased again.
    let blank = format!(
        "INSERT INTO remarks (uid, lead_id, text, at, by_id) SELECT 'r1', id, 'Petra moved', 0, {} \
         FROM leads WHERE uid = '{uid}'",
        world.person("mark").id
    );
    world.write(|tx| Ok(both!(tx.conn, |c| diesel::sql_query(&blank).execute(c))?));
    ada.get(&place).ok().says("Petra moved");
    let name = ada.get(&erase).ok().text();
    let name = name
        .split_whitespace()
        .skip_while(|word| *word != "Former")
        .take(3)
        .collect::<Vec<_>>()
        .join(" ");
    ada.post(&erase, &[("name", &name)]).is(303);
    ada.get(&place)
        .ok()
        .says("Former contact")
        .says_nothing_of("Petra");
}

/// Imports some files as an admin does, and returns what the preview said.
fn import(world: &World, files: &[(&str, &str)]) -> String {
    let ada = world.as_("ada");
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, text)| (*name, text.as_bytes()))
        .collect();
    let place = ada.upload("/import", &files).is(303).location.clone();
    let preview = ada.get(&place);
    let confirm = format!("{place}/confirm");
    let said = preview.ok().text();
    if preview.actions().contains(&confirm) {
        preview.submit(&confirm, &[]).is(303);
    }
    said
}

#[rstest]
fn files_write_no_words_about_an_erased_lead_and_hand_it_over_no_more(
    #[values(Sqlite, Postgres)] database: Database,
) {
    use touchline::schema::{activities, handovers, lead_events};
    let world = World::new(database);
    let leads = "external_id,name,created_at,state\nL1,Petra Pohl,2026-03-02T09:00:00Z,nurture\n";
    import(&world, &[("leads.csv", leads)]);
    let uid: String = world.read(|conn| {
        use touchline::schema::leads;
        Ok(leads::table.select(leads::uid).first(conn)?)
    });
    world.write_as("ada", |tx| touchline::erasure::erase_lead(tx, &uid));
    let touches = "external_id,person_email,kind,happened_at,lead_external_id,note\n\
                   A1,ana@example.com,Call,2026-03-03T09:00:00Z,L1,Petra was out\n";
    let events = "lead_external_id,at,event,reason,note\n\
                  L1,2026-03-03T10:00:00Z,handed_over,,Call Petra\n\
                  L1,2026-03-03T11:00:00Z,nurture,,Petra said later\n";
    let files = [("activities.csv", touches), ("lead_events.csv", events)];
    let said = import(&world, &files);
    assert!(said.contains("the row is taken without its note"), "{said}");
    assert!(said.contains("it is not handed over again"), "{said}");
    let (notes, words, handed_over): (Vec<String>, Vec<String>, i64) = world.read(|conn| {
        Ok((
            activities::table.select(activities::note).load(conn)?,
            lead_events::table.select(lead_events::note).load(conn)?,
            handovers::table.count().get_result(conn)?,
        ))
    });
    assert_eq!(notes, [""]);
    assert!(words.iter().all(String::is_empty), "{words:?}");
    assert_eq!(handed_over, 0);
}

#[rstest]
fn files_bring_no_erased_person_back(#[values(Sqlite, Postgres)] database: Database) {
    use touchline::schema::people as rows;
    let world = World::new(database);
    let staff = "email,name,role,team\nana@example.com,Ana Arndt,rep,North\n";
    let touches = "external_id,person_email,kind,happened_at\n\
                   A1,Ana@Example.com,Call,2026-03-03T09:00:00Z\n";
    let today = chrono::NaiveDate::from_ymd_opt(2026, 3, 4).expect("a day");
    let ana = world.person("ana").id;
    world.write_as("ada", |tx| people::part(tx, ana, today));
    world.write_as("ada", |tx| touchline::erasure::erase(tx, ana));
    let count = || world.read(|conn| Ok(rows::table.count().get_result::<i64>(conn)?));
    let before = count();
    let said = import(
        &world,
        &[("people.csv", staff), ("activities.csv", touches)],
    );
    assert!(said.contains("is erased, and stays so"), "{said}");
    assert_eq!(count(), before);
    let whose: Vec<i64> = world.read(|conn| {
        use touchline::schema::activities;
        Ok(activities::table.select(activities::person_id).load(conn)?)
    });
    assert_eq!(whose, [ana], "what they did counts, under their number");
    world
        .as_("ada")
        .get("/people")
        .ok()
        .says_nothing_of("Ana Arndt");
}

#[rstest]
fn uploads_in_any_character_set_that_name_an_erased_lead_go(
    #[values(Sqlite, Postgres)] database: Database,
) {
    use touchline::schema::import_uploads;
    let world = World::new(database);
    let uid = ended(&world);
    let text =
        "external_id,name,phone,created_at\nL1,Somebody,0049-30-1234567,2026-03-02T09:00:00Z\n";
    let mut wide = vec![0xff, 0xfe];
    let named = "external_id,name,created_at\nL1,Petra Pohl,2026-03-02T09:00:00Z\n";
    wide.extend(named.encode_utf16().flat_map(u16::to_le_bytes));
    let by_phone = text.replace("0049", "(+49)");
    for content in [wide.as_slice(), by_phone.as_bytes()] {
        let upload = world
            .as_("ada")
            .upload("/import", &[("leads.csv", content)]);
        upload.is(303);
    }
    world.upload();
    world.write_as("ada", |tx| touchline::erasure::erase_lead(tx, &uid));
    let waiting: i64 = world.read(|conn| Ok(import_uploads::table.count().get_result(conn)?));
    assert_eq!(waiting, 1, "the other upload waits on");
}

#[rstest]
fn an_erased_lead_asks_nobody_to_go_on_with_it(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let fields = [("reason", "No need")];
    crate::talk::moves(&world.as_("ana"), &uid, "disqualified", &fields).is(303);
    world.write_as("ana", |tx| {
        let id = leads::visible(tx, &uid)?.id;
        leads::store::set_next_step(tx.conn, id, chrono::NaiveDate::from_ymd_opt(2026, 3, 6))
    });
    world.write_as("ada", |tx| touchline::erasure::erase_lead(tx, &uid));
    world.at("2026-03-06T09:00:00Z");
    touchline::jobs::run(world.app());
    let told = world.as_("mark").get("/inbox");
    told.ok().says_nothing_of("come back");
    let step = world.try_as("ada", |tx| Ok(leads::visible(tx, &uid)?.next_step_on));
    assert_eq!(step.expect("the lead"), None);
}

#[rstest]
fn whatever_signs_stand_in_a_name_it_is_forgotten_in_what_was_told(
    #[values(Sqlite, Postgres)] database: Database,
) {
    use touchline::schema::notices;
    let world = World::new(database);
    // Signs that stand for others in a search by pattern.
    let name = r"Petra 100%_\Pohl!";
    let uid = world.lead(name, "ana");
    let max = world.person("max").id;
    world.write(|tx| {
        let row = (
            notices::person_id.eq(max),
            notices::kind.eq("assigned"),
            notices::text.eq(format!("{name} waits for you")),
            notices::at.eq(tx.now.0),
        );
        Ok(diesel::insert_into(notices::table)
            .values(row)
            .execute(tx.conn)?)
    });
    let fields = [("reason", "No need")];
    crate::talk::moves(&world.as_("ana"), &uid, "disqualified", &fields).is(303);
    world.write_as("ada", |tx| touchline::erasure::erase_lead(tx, &uid));
    let named = world.read(|conn| {
        let texts: Vec<String> = notices::table.select(notices::text).load(conn)?;
        Ok(texts.iter().filter(|text| text.contains("Pohl")).count())
    });
    assert_eq!(named, 0);
}

#[rstest]
fn leads_that_are_over_and_silent_are_forgotten_when_an_admin_says_so(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let [open, won, waiting, late] =
        ["Birch", "Cedar", "Dahlia", "Elm"].map(|name| world.lead(name, "ana"));
    let silent = ended(&world);
    let ana = world.as_("ana");
    crate::talk::moves(&ana, &won, "won", &[("reason", "New customer")]).is(303);
    let day = [("reason", "Not ready yet"), ("return_on", "2027-01-11")];
    crate::talk::moves(&ana, &waiting, "nurture", &day).is(303);
    world.at("2026-03-20T09:00:00Z");
    let reason = [("reason", "No need")];
    crate::talk::moves(&world.as_("ana"), &late, "disqualified", &reason).is(303);
    world.at("2026-04-10T09:00:00Z");
    let before = reports(&world);
    let ada = world.as_("ada");
    ada.get("/retention").ok().says_nothing_of("that old");
    ada.post("/retention", &[("leads", "7")])
        .is(422)
        .says("30 days or more");
    ada.post("/retention", &[("leads", "30")]).is(303);
    ada.get("/retention").says("1 lead is that old");
    ada.get(&format!("/leads/{silent}")).says("Petra Pohl");
    touchline::jobs::run(world.app());

    ada.get("/retention").says("No lead is that old now.");
    ada.get(&format!("/leads/{silent}"))
        .says("Former contact")
        .says("Pohl Ltd")
        .says_nothing_of("Petra");
    for (uid, name) in [
        (&open, "Birch"),
        (&won, "Cedar"),
        (&waiting, "Dahlia"),
        (&late, "Elm"),
    ] {
        ada.get(&format!("/leads/{uid}")).ok().says(name);
    }
    assert_eq!(reports(&world), before);
    ada.get("/record?subject=lead&q=erased")
        .says("Former contact");
    // A month after its end the other is silent too.
    world.at("2026-04-20T09:00:00Z");
    touchline::jobs::run(world.app());
    ada.get(&format!("/leads/{late}")).says("Former contact");
}
