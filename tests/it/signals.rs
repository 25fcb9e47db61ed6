//! Stories of what is known of a lead: written down by whoever sees it, corrected, never changed.

use crate::lead_score::{in_nurture, lead};
use crate::world::{Database, Database::*, World};
use rstest::rstest;
use touchline::both;
use touchline::leads::signals::{self, NewSignal, Signal};

/// Writes down that something of a kind happened now.
pub fn note(world: &World, who: &str, lead_uid: &str, kind: &str, what: &str) {
    world.write_as(who, |tx| {
        let kinds = signals::store::kinds(tx.conn)?;
        let kind = kinds.iter().find(|k| k.name == kind).expect("a kind");
        let new = NewSignal::now(tx, kind.id, what);
        signals::note(tx, lead_uid, &new)
    });
}

fn standing(world: &World, uid: &str) -> Vec<Signal> {
    let id = lead(world, uid).id;
    world.read(|conn| signals::store::of_lead(conn, id))
}

#[rstest]
fn anybody_who_sees_a_lead_writes_down_what_they_know(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let form = format!("/leads/{uid}/signals");
    world
        .as_("ana")
        .get(&format!("/leads/{uid}"))
        .says("Nothing is known yet");
    let page = world.as_("ana").get(&form);
    let fields = [
        ("kind", "6"),
        ("what", "A new head of operations"),
        ("day", "2026-03-02"),
        ("link", "https://news.example/acme"),
        ("asset", "Price list"),
    ];
    page.submit(&form, &fields)
        .redirects_to(&format!("/leads/{uid}#going-on"));
    // Sent twice, it is stored once.
    page.submit(&form, &fields).is(303);
    assert_eq!(standing(&world, &uid).len(), 1);
    world
        .as_("mark")
        .get(&format!("/leads/{uid}"))
        .says("New management: A new head of operations Ana Arndt, 2 Mar 2026, 12:00 · Price list · https://news.example/acme");
    for (who, status) in [
        ("max", 200),
        ("mark", 200),
        ("ada", 200),
        ("ben", 404),
        ("sue", 404),
    ] {
        world.as_(who).get(&form).is(status);
    }
    world.as_("ben").post(&form, &fields).is(404);
    let kept = in_nurture(&world, "Nurtured", "");
    world
        .as_("ana")
        .post(&format!("/leads/{kept}/signals"), &fields)
        .is(404);
}

#[rstest]
fn a_wrong_signal_comes_back_filled(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let form = format!("/leads/{uid}/signals");
    let page = world.as_("ana").get(&form);
    for (field, wrong, sentence) in [
        ("kind", "", "Enter what it was."),
        ("kind", "999", "Choose what it was from the list."),
        ("day", "2026-03-05", "Enter a time that has passed."),
        ("day", "soon", "Enter a date"),
        ("time", "25:00", "Enter a time such as 14:30."),
        (
            "link",
            "javascript:alert(1)",
            "Enter an address that begins with https://.",
        ),
        (
            "link",
            "https://a b",
            "Enter an address that begins with https://.",
        ),
        ("uid", "7", "reload the page"),
    ] {
        let mut fields = vec![("kind", "4"), ("what", "Read it")];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, wrong));
        let back = page.submit(&form, &fields);
        back.is(422).says(sentence);
        assert_eq!(back.field("what").as_deref(), Some("Read it"), "{field}");
    }
    page.submit(&form, &[("kind", "10")])
        .is(422)
        .says("Say in words what you found out.");
    assert_eq!(standing(&world, &uid).len(), 0);
}

#[rstest]
fn a_correction_takes_the_place_and_the_second_to_correct_is_told(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    crate::lead_score::set_rules(&world, 50.0);
    let uid = world.lead("Acme", "ana");
    note(&world, "ana", &uid, "Visited prices", "Once");
    assert_eq!(lead(&world, &uid).score, Some(20.0));
    let old = standing(&world, &uid).remove(0);
    let form = format!("/leads/{uid}/signals");
    let of = format!("{form}?of={}", old.uid);
    let (ana, mark) = (world.as_("ana").get(&of), world.as_("mark").get(&of));
    assert_eq!(ana.field("what").as_deref(), Some("Once"));
    ana.submit(&form, &[("what", "A download"), ("kind", "4")])
        .is(303);
    let now = standing(&world, &uid);
    assert_eq!(
        (now.len(), now[0].what.as_str(), now[0].replaces_id),
        (1, "A download", Some(old.id))
    );
    assert_eq!(lead(&world, &uid).score, Some(5.0), "the score follows");
    let late = mark.submit(&form, &[("what", "Three times")]);
    late.is(409)
        .says("Ana Arndt corrected it to \u{201c}A download\u{201d}, 10:00");
    assert_eq!(late.field("what").as_deref(), Some("Three times"));
    assert_eq!(late.field("of"), None);
    // Withdrawn, it counts no more.
    let of = format!("{form}?of={}", standing(&world, &uid)[0].uid);
    world
        .as_("mark")
        .get(&of)
        .submit(&form, &[("withdraw", "true")])
        .is(303);
    assert_eq!(standing(&world, &uid).len(), 0);
    assert_eq!(lead(&world, &uid).score, None);
}

#[rstest]
fn a_rep_corrects_their_own_only(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    note(&world, "mark", &uid, "Downloaded", "The guide");
    let of = standing(&world, &uid).remove(0).uid;
    let form = format!("/leads/{uid}/signals");
    world.as_("ana").get(&format!("{form}?of={of}")).is(403);
    let new = uuid::Uuid::now_v7().to_string();
    let fields = [
        ("uid", new.as_str()),
        ("of", &of),
        ("kind", "4"),
        ("what", "x"),
    ];
    world.as_("ana").post(&form, &fields).is(403);
    world.as_("max").post(&form, &fields).is(303);
    // A signal of another lead is none of this one.
    let other = world.lead("Birch", "ana");
    let form = format!("/leads/{other}/signals");
    world.as_("max").get(&format!("{form}?of={of}")).is(404);
    world.as_("max").post(&form, &fields).is(404);
}

#[rstest]
fn the_list_of_kinds_is_added_to_and_retired_and_nothing_is_lost(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let page = world.as_("max").get("/lead-score/signals");
    let kind = [("name", "Won a prize"), ("sort", "trigger")];
    page.submit("/lead-score/signals", &kind).is(303);
    page.submit(
        "/lead-score/signals",
        &[("name", "won a PRIZE"), ("sort", "note")],
    )
    .is(422)
    .says("There is a kind of this name already.");
    page.submit("/lead-score/signals", &[("name", ""), ("sort", "x")])
        .is(422);
    note(&world, "ana", &uid, "Won a prize", "For its roof");
    let kinds = world.read(signals::store::kinds);
    let id = kinds
        .iter()
        .find(|k| k.name == "Won a prize")
        .expect("it")
        .id;
    let path = format!("/lead-score/signals/{id}");
    world.as_("mark").post(&path, &[]).is(303);
    let form = world.as_("ana").get(&format!("/leads/{uid}/signals"));
    form.says_nothing_of("Won a prize");
    let retired = [("kind", id.to_string())];
    let retired: Vec<(&str, &str)> = retired.iter().map(|(k, v)| (*k, v.as_str())).collect();
    form.submit(&format!("/leads/{uid}/signals"), &retired)
        .is(422);
    world
        .as_("ana")
        .get(&format!("/leads/{uid}"))
        .says("Won a prize: For its roof");
    world.as_("mark").post(&path, &[("back", "true")]).is(303);
    world
        .as_("ana")
        .get(&format!("/leads/{uid}/signals"))
        .says("Won a prize");
    world
        .as_("ana")
        .get("/lead-score/signals")
        .ok()
        .says_nothing_of("Add a kind");
    world.as_("ana").post("/lead-score/signals", &kind).is(403);
    world.as_("ana").post(&path, &[]).is(403);
    world
        .as_("mark")
        .post("/lead-score/signals/999999", &[])
        .is(404);
}

#[rstest]
fn the_database_itself_refuses_to_change_what_was_written(
    #[values(Sqlite, Postgres)] database: Database,
) {
    use diesel::connection::SimpleConnection;
    let world = World::new(database);
    crate::lead_score::set_rules(&world, 50.0);
    let uid = world.lead("Acme", "ana");
    note(&world, "ana", &uid, "Downloaded", "The guide");
    let page = world.as_("mark").get(&format!("/leads/{uid}"));
    page.says("Downloaded: The guide");
    world.write_as("mark", |tx| {
        let lead = touchline::leads::visible(tx, &uid)?;
        let handover = touchline::leads::store::handovers(tx.conn, lead.id)?.remove(0);
        touchline::leads::carried::freeze(tx, &lead, handover.id)
    });
    for sql in [
        "UPDATE lead_signals SET what = 'x'",
        "DELETE FROM lead_signals",
        "UPDATE score_rule_sets SET line = 1",
        "DELETE FROM score_rule_sets",
        "UPDATE score_fit_rules SET points = 1",
        "DELETE FROM score_fit_rules",
        "UPDATE score_behaviour_rules SET points = 1",
        "DELETE FROM score_behaviour_rules",
        "UPDATE handover_lines SET text = 'x'",
        "DELETE FROM handover_lines",
    ] {
        let answer = world
            .app()
            .db
            .write(|conn| Ok(both!(conn, |c| c.batch_execute(sql))?));
        let why = answer.expect_err(sql).to_string();
        assert!(why.contains("only added to"), "{sql}: {why}");
    }
}
