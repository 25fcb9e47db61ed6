//! Stories of what sales and marketing say to each other about a lead: rejections and replies, questions, ratings.

use crate::world::{Client, Database, Database::*, Page, World};
use diesel::RunQueryDsl;
use rstest::rstest;
use touchline::both;
use touchline::inbox::NoticeKind;
use touchline::leads::{self, Handover, Lead};
use touchline::rules::stage::Stage;
use touchline::schema::notices;
use touchline::talk::{self, Rejection};

fn lead(world: &World, uid: &str) -> Lead {
    let admin = world.me("ada");
    world.read(|conn| Ok(leads::store::by_uid(conn, &admin, uid)?.expect("the lead")))
}

fn handovers(world: &World, uid: &str) -> Vec<Handover> {
    let id = lead(world, uid).id;
    world.read(|conn| leads::store::handovers(conn, id))
}

fn rejections(world: &World, uid: &str) -> Vec<Rejection> {
    let id = lead(world, uid).id;
    world.read(|conn| talk::store::rejections(conn, id))
}

fn path(uid: &str, more: &str) -> String {
    format!("/leads/{uid}{more}")
}

/// What somebody was told of, the oldest first.
fn told(world: &World, name: &str) -> Vec<NoticeKind> {
    use diesel::prelude::*;
    let id = world.person(name).id;
    world.read(|conn| {
        Ok(notices::table
            .filter(notices::person_id.eq(id))
            .filter(notices::kind.ne(NoticeKind::HandedOver))
            .order(notices::id)
            .select(notices::kind)
            .load(conn)?)
    })
}

/// Writes a move down from the lead's page as it is now.
pub fn moves(client: &Client, uid: &str, kind: &str, fields: &[(&str, &str)]) -> Page {
    let seen = client.get(&path(uid, &format!("?do={kind}"))).field("seen");
    let seen = seen.unwrap_or_default();
    let mut all = vec![("kind", kind), ("seen", seen.as_str())];
    all.extend(fields);
    client.post(&path(uid, "/events"), &all)
}

/// A lead of ana's that she has rejected; its uid and the place of the rejection.
fn rejected(world: &World) -> (String, String) {
    let uid = world.lead("Acme", "ana");
    let fields = [("reason", "Wrong role"), ("note", "An intern.")];
    moves(&world.as_("ana"), &uid, "rejected", &fields).is(303);
    let event = rejections(world, &uid)[0].event_id.to_string();
    (uid, event)
}

fn dispute(world: &World, uid: &str, event: &str) {
    let fields = [
        ("event", event),
        ("reply", "disputed"),
        ("text", "She signs the orders."),
    ];
    world
        .as_("mark")
        .post(&path(uid, "/answer"), &fields)
        .is(303);
}

#[rstest]
fn marketing_disputes_a_rejection_and_the_rep_lets_it_stand(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (uid, event) = rejected(&world);
    assert_eq!(told(&world, "mark"), [NoticeKind::Rejected]);
    let mark = world.as_("mark");
    mark.get(&path(&uid, ""))
        .says("Waits for marketing's answer")
        .says("An intern.");
    let form = mark.get(&path(&uid, &format!("?say=dispute:{event}")));
    form.submit(&path(&uid, "/answer"), &[])
        .is(422)
        .says("Say why this rejection is wrong");
    let sent = form.submit(&path(&uid, "/answer"), &[("text", "She signs the orders.")]);
    sent.is(303)
        .follow()
        .says("Disputed: sales decides")
        .says_nothing_of("Settle the dispute");
    assert_eq!(told(&world, "ana"), [NoticeKind::Disputed]);
    assert_eq!(told(&world, "max"), [NoticeKind::Disputed]);

    let ana = world.as_("ana");
    ana.get(&path(&uid, ""))
        .says("She signs the orders.")
        .says("Settle the dispute");
    let form = ana.get(&path(&uid, &format!("?say=settle:{event}")));
    let settle = path(&uid, "/settle");
    form.submit(&settle, &[])
        .is(422)
        .says("Enter one of the answers.");
    form.submit(&settle, &[("reply", "upheld")])
        .is(422)
        .says("Say why the rejection stands");
    let stands = [("reply", "upheld"), ("text", "She left in May.")];
    form.submit(&settle, &stands)
        .is(303)
        .follow()
        .says("The rejection stands: She left in May.");
    assert_eq!(
        told(&world, "mark"),
        [NoticeKind::Rejected, NoticeKind::Settled]
    );
    assert_eq!(lead(&world, &uid).stage, Stage::Rejected);
    let late = world.as_("max").post(
        &settle,
        &[("event", &event), ("reply", "withdrawn"), ("text", "No!")],
    );
    late.is(409)
        .says("Somebody was faster. Ana Arndt: the rejection stands");
    assert_eq!(handovers(&world, &uid).len(), 1);
}

#[rstest]
fn a_rejection_that_is_withdrawn_gives_the_lead_back_as_it_was_handed_over(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (uid, event) = rejected(&world);
    dispute(&world, &uid, &event);
    world.at("2026-03-05T10:00:00Z");
    let form = world
        .as_("ana")
        .get(&path(&uid, &format!("?say=settle:{event}")));
    form.submit(&path(&uid, "/settle"), &[("reply", "withdrawn")])
        .is(303);
    let now = lead(&world, &uid);
    assert_eq!(
        (now.stage, now.owner_id),
        (Stage::HandedOver, Some(world.person("ana").id))
    );
    let handovers = handovers(&world, &uid);
    let mark = Some(world.person("mark").id);
    assert_eq!(
        handovers.iter().map(|h| h.by_id).collect::<Vec<_>>(),
        [mark, mark]
    );
    assert!(handovers[0].closed_at.is_some(), "the first closing stands");
    assert_eq!(
        (handovers[1].handed_over_at, handovers[1].closed_at),
        (world.now(), None)
    );
    let first = format!("/hand-overs/{}", handovers[0].uid);
    let second = format!("/hand-overs/{}", handovers[1].uid);
    let receipt = world.as_("mark").get(&first);
    receipt
        .says("Rejected: Wrong role")
        .says("Marketing disputes the rejection")
        .says("The rejection is withdrawn, and the lead handed over anew");
    assert!(receipt.links().contains(&second));
    let receipt = world.as_("mark").get(&second);
    receipt
        .says("Handed over")
        .says_nothing_of("Wrong role")
        .says_nothing_of("withdrawn");
    assert!(receipt.links().contains(&first));
    let tally = world.read(|conn| {
        let span = (handovers[0].handed_over_at, handovers[1].handed_over_at);
        talk::disputes(conn, None, span)
    });
    assert_eq!(
        (tally.rejected, tally.disputed, tally.open, tally.withdrawn),
        (1, 1, 0, 1)
    );
}

#[rstest]
fn only_marketing_answers_and_only_who_works_the_lead_settles(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (uid, event) = rejected(&world);
    let answer = |who: &str| {
        let fields = [("event", event.as_str()), ("reply", "agreed")];
        world.as_(who).post(&path(&uid, "/answer"), &fields)
    };
    let settle = |who: &str| {
        let fields = [
            ("event", event.as_str()),
            ("reply", "upheld"),
            ("text", "So it is."),
        ];
        world.as_(who).post(&path(&uid, "/settle"), &fields)
    };
    for who in ["ana", "max", "sue"] {
        answer(who).is(403);
    }
    settle("ana")
        .is(422)
        .says("Marketing has not disputed this rejection");
    dispute(&world, &uid, &event);
    for (who, status) in [
        ("mark", 403),
        ("ben", 404),
        ("sue", 404),
        ("mia", 404),
        ("max", 303),
    ] {
        settle(who).is(status);
    }
    let (other, place) = rejected(&world);
    let fields = [("event", place.as_str()), ("reply", "agreed")];
    let mark = world.as_("mark");
    mark.post(&path(&uid, "/answer"), &fields).is(404);
    mark.post(
        &path(&other, "/answer"),
        &[("event", "x"), ("reply", "upheld")],
    )
    .is(422);
    mark.post(&path(&other, "/answer"), &fields).is(303);
    mark.get(&path(&other, ""))
        .says("Marketing agrees with the rejection");
    assert_eq!(told(&world, "ana").last(), Some(&NoticeKind::Agreed));
}

#[rstest]
fn who_answers_second_is_told_and_loses_nothing(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let (uid, event) = rejected(&world);
    let form = world
        .as_("ada")
        .get(&path(&uid, &format!("?say=dispute:{event}")));
    dispute(&world, &uid, &event);
    let second = form.submit(&path(&uid, "/answer"), &[("text", "He is the buyer.")]);
    second
        .is(409)
        .says("Somebody was faster. Mark Marlow")
        .says("He is the buyer.");
    let replies = rejections(&world, &uid);
    assert_eq!(
        replies[0].answer.as_ref().map(|a| a.text.as_str()),
        Some("She signs the orders.")
    );
}

#[rstest]
fn a_rejection_for_content_only_keeps_the_lead_in_nurture_in_the_same_step(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let ana = world.as_("ana");
    ana.get(&path(&uid, "?do=rejected"))
        .says("Procedural")
        .says("Clerical")
        .says("Definitional")
        .says("can stay in nurture");
    let content = ("reason", "Content only, no buying intent");
    let keep = ("to_nurture", "true");
    moves(
        &ana,
        &uid,
        "rejected",
        &[("reason", "Wrong role"), keep, ("return_on", "2026-06-01")],
    )
    .is(422)
    .says("Only a lead that wants content");
    let without = moves(&ana, &uid, "rejected", &[content, keep]);
    without
        .is(422)
        .says("Enter the day on which to come back to this lead.");
    moves(
        &ana,
        &uid,
        "rejected",
        &[content, keep, ("return_on", "2026-06-01")],
    )
    .is(303);
    let now = lead(&world, &uid);
    assert_eq!(now.stage, Stage::Nurture);
    assert_eq!(
        rejections(&world, &uid).len(),
        1,
        "and the rejection is marketing's to answer"
    );
    world.at("2026-06-01T09:00:00Z");
    let waits = world.as_("mark").get("/hand-overs");
    waits.says("Back from nurture").says("Acme");
    world
        .as_("ana")
        .get("/hand-overs")
        .says_nothing_of("Back from nurture");
}

#[rstest]
fn a_duplicate_names_the_other_lead_and_both_lead_to_each_other(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (uid, other) = (world.lead("Acme", "ana"), world.lead("Acme Works", "ana"));
    let hidden = world.lead("Acme of others", "sue");
    let ana = world.as_("ana");
    for (kind, fields) in [
        ("duplicate", &[][..]),
        ("rejected", &[("reason", "Duplicate")]),
    ] {
        moves(&ana, &uid, kind, fields)
            .is(422)
            .says("Name the lead that this one is the same as");
    }
    let form = ana.get(&path(&uid, "?do=duplicate"));
    let found = form.submit(
        &path(&uid, "/events"),
        &[("find", "acme"), ("look", "true"), ("note", "Typed.")],
    );
    found
        .ok()
        .says("Acme Works")
        .says("Typed.")
        .says_nothing_of("Acme of others");
    for wrong in [uid.as_str(), hidden.as_str(), "nonsense"] {
        moves(&ana, &uid, "duplicate", &[("same_as", wrong)]).is(422);
    }
    moves(
        &ana,
        &uid,
        "rejected",
        &[("reason", "Duplicate"), ("same_as", &other)],
    )
    .is(303);
    for (one, another, name) in [(&uid, &other, "Acme Works"), (&other, &uid, "Acme")] {
        let page = ana.get(&path(one, ""));
        page.says(&format!("The same as {name}"));
        assert!(page.links().contains(&path(another, "")));
    }
    let id = lead(&world, &other).id;
    let sue = world.person("sue").id;
    world.write(|tx| leads::assign(tx, id, sue));
    ana.get(&path(&uid, ""))
        .says("a lead of Sue Sommer")
        .says_nothing_of("Acme Works");
}

fn ask(client: &Client, uid: &str, fields: &[(&str, &str)]) -> Page {
    let form = client.get(&path(uid, "?say=ask"));
    form.ok().submit(&path(uid, "/questions"), fields)
}

/// The address at which the first open question is answered.
fn answer_form(client: &Client, uid: &str) -> Page {
    let links = client.get(&path(uid, "")).links().into_iter();
    let mut links = links.filter(|link| link.contains("say=answer:"));
    client.get(&links.next().expect("a question to answer"))
}

#[rstest]
fn a_question_goes_to_the_other_side_and_its_answer_comes_back(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let (ana, mark) = (world.as_("ana"), world.as_("mark"));
    ask(&ana, &uid, &[])
        .is(422)
        .says("Enter what you want to say.");
    let max = world.person("max").uid;
    let form = ana.get(&path(&uid, "?say=ask"));
    form.says("Max Maier").says_nothing_of("Sue Sommer");
    let fields = [("text", "Did she ask for a price?"), ("tell", max.as_str())];
    form.submit(&path(&uid, "/questions"), &fields).is(303);
    form.submit(&path(&uid, "/questions"), &fields).is(303);
    assert_eq!(
        told(&world, "mark"),
        [NoticeKind::Asked],
        "sent twice it is asked once"
    );
    assert_eq!(told(&world, "max"), [NoticeKind::Mentioned]);
    let waits = mark.get("/hand-overs");
    waits
        .says("Waits for my answer")
        .says("Did she ask for a price? Ana Arndt");
    ana.get(&path(&uid, ""))
        .says("to Max Maier, Mark Marlow")
        .says("Waits for an answer");
    world.as_("sue").get(&path(&uid, "?say=ask")).is(404);
    world
        .as_("sue")
        .post(&path(&uid, "/questions"), &[("text", "x"), ("id", &max)])
        .is(404);

    let form = answer_form(&mark, &uid);
    form.says("Did she ask for a price?");
    form.submit(&path(&uid, "/questions"), &[("text", "Yes, at the fair.")])
        .is(303);
    assert_eq!(told(&world, "ana"), [NoticeKind::Answered]);
    ana.get(&path(&uid, ""))
        .says("Yes, at the fair.")
        .says_nothing_of("Waits for an answer");
    mark.get("/hand-overs").says_nothing_of("Did she ask");
    let receipt = format!("/hand-overs/{}", handovers(&world, &uid)[0].uid);
    mark.get(&receipt)
        .says("Did she ask for a price?")
        .says("Yes, at the fair.");
}

#[rstest]
fn ones_own_word_is_taken_back_within_an_hour_and_the_trail_stays(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let (ana, mark) = (world.as_("ana"), world.as_("mark"));
    ask(&ana, &uid, &[("text", "Is she an intern?")]).is(303);
    let take_back = path(&uid, "/questions/take-back");
    let remark = ana
        .get(&path(&uid, ""))
        .field("remark")
        .expect("one may take it back");
    mark.get(&path(&uid, "")).says_nothing_of("Take back");
    mark.post(&take_back, &[("remark", &remark)]).is(403);
    mark.post(&take_back, &[("remark", "nonsense")]).is(404);
    let late_answer = answer_form(&mark, &uid);
    world.at("2026-03-04T10:00:00Z");
    ana.post(&take_back, &[("remark", &remark)])
        .is(303)
        .follow();
    ana.get(&path(&uid, ""))
        .says("Taken back.")
        .says_nothing_of("Is she an intern?");
    let answered = late_answer.submit(&path(&uid, "/questions"), &[("text", "No, the buyer.")]);
    answered
        .is(409)
        .says("This question was taken back while you wrote.");
    let id = lead(&world, &uid).id;
    let rows = world.read(|conn| talk::store::remarks(conn, id));
    assert_eq!(rows.len(), 2);
    assert_eq!(
        rows[0].text, "Is she an intern?",
        "the trail keeps what was said"
    );

    ask(&ana, &uid, &[("text", "When was the fair?")]).is(303);
    let remark = ana
        .get(&path(&uid, ""))
        .field("remark")
        .expect("one may take it back");
    world.at("2026-03-04T11:00:01Z");
    ana.get(&path(&uid, "")).says_nothing_of("Take back");
    ana.post(&take_back, &[("remark", &remark)])
        .is(422)
        .says("within an hour");
}

#[rstest]
fn an_answered_question_stays(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let (ana, mark) = (world.as_("ana"), world.as_("mark"));
    ask(&mark, &uid, &[("text", "Have you tried her mobile?")]).is(303);
    let remark = mark
        .get(&path(&uid, ""))
        .field("remark")
        .expect("one may take it back");
    answer_form(&ana, &uid)
        .submit(&path(&uid, "/questions"), &[("text", "Yes.")])
        .is(303);
    let take_back = path(&uid, "/questions/take-back");
    mark.post(&take_back, &[("remark", &remark)])
        .is(409)
        .says("answered this question");
    let waiting = world.lead("Birch", "");
    ask(&mark, &waiting, &[("text", "Who takes it?")])
        .is(422)
        .says("tick whom to ask");
}

#[rstest]
fn the_owner_rates_a_lead_and_the_newest_rating_holds(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let terms = touchline::handover::Terms {
        asset: "Price list".to_owned(),
        campaign: "Spring".to_owned(),
        owner_id: Some(world.person("ana").id),
        ..crate::world::terms()
    };
    let uid = world.lead_on("Acme", &terms);
    let ana = world.as_("ana");
    let rate = path(&uid, "/rating");
    for (who, status) in [("max", 403), ("ada", 403), ("ben", 404), ("mark", 403)] {
        world.as_(who).post(&rate, &[("stars", "5")]).is(status);
    }
    let form = ana.get(&path(&uid, "?say=rate"));
    form.submit(&rate, &[("stars", "6"), ("landed", "A good talk")])
        .is(422)
        .says("Enter 1 to 5.");
    form.submit(&rate, &[("stars", "2"), ("landed", "A good talk")])
        .is(303);
    ana.get(&path(&uid, ""))
        .says("Rating 2 of 5; what landed: A good talk");
    let form = ana.get(&path(&uid, "?say=rate"));
    assert_eq!(form.field("landed").as_deref(), Some("A good talk"));
    form.submit(&rate, &[("stars", "4"), ("landed", "price list")])
        .is(303);
    ana.get(&path(&uid, ""))
        .says("Rating 4 of 5; what landed: Price list")
        .says("Rated 2 of 5");
    assert_eq!(told(&world, "mark"), [NoticeKind::Rated, NoticeKind::Rated]);
    let page = world.as_("mark").get("/hand-overs?by=asset");
    page.says("Price list 1 1 0 0 0 0 0 4.0 (n = 1)");
    world
        .as_("mark")
        .get("/hand-overs?by=campaign")
        .says("Spring 1 1 0 0 0 0 0 4.0 (n = 1)");
}

#[rstest]
fn each_side_is_told_what_the_other_does_to_a_lead(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    moves(&world.as_("ana"), &uid, "accepted", &[]).is(303);
    moves(
        &world.as_("max"),
        &uid,
        "disqualified",
        &[("reason", "No need")],
    )
    .is(303);
    assert_eq!(
        told(&world, "mark"),
        [NoticeKind::Accepted, NoticeKind::Exited]
    );
    assert_eq!(told(&world, "ana"), [NoticeKind::Exited]);
    let uid = world.lead("Birch", "ben");
    let later = [("reason", "Not ready yet"), ("return_on", "2026-06-01")];
    moves(&world.as_("mark"), &uid, "nurture", &later).is(303);
    assert_eq!(told(&world, "ben"), [NoticeKind::Exited]);
    assert_eq!(
        told(&world, "mark").len(),
        2,
        "nobody is told what they did"
    );
}

#[rstest]
fn what_was_said_can_only_be_added_to(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let (uid, event) = rejected(&world);
    dispute(&world, &uid, &event);
    let (twin, ana) = (world.lead("Birch", "ana"), world.as_("ana"));
    ask(&ana, &twin, &[("text", "Who is she?")]).is(303);
    ana.post(&path(&twin, "/rating"), &[("stars", "3")]).is(303);
    moves(&ana, &twin, "duplicate", &[("same_as", &uid)]).is(303);
    for (table, column) in [
        ("rejection_replies", "text = 'x'"),
        ("remarks", "text = 'x'"),
        ("remark_people", "person_id = 1"),
        ("ratings", "stars = 1"),
        ("duplicates", "lead_id = 1"),
    ] {
        for statement in [
            format!("UPDATE {table} SET {column}"),
            format!("DELETE FROM {table}"),
        ] {
            let refused = world.app().db.write(|conn| {
                let query = diesel::sql_query(statement.as_str());
                both!(conn, |c| query.execute(c))?;
                Ok(())
            });
            let why = refused.expect_err(&statement).to_string();
            assert!(why.contains("only added to"), "{statement}: {why}");
        }
    }
}

#[rstest]
fn what_was_said_stays_with_a_hand_over_whose_instant_a_file_mends(
    #[values(Sqlite, Postgres)] database: Database,
) {
    use touchline::imports::{self, Source};
    let world = World::new(database);
    let import = |at: &str| {
        let rows = format!(
            "external_id,name,asset,created_at,handed_over_at,owner_email\n\
             L1,Acme,Guide,2026-03-01T09:00:00Z,{at},ana@example.com\n"
        );
        let files = [Source::new("leads.csv", rows.as_bytes())];
        let report = world.write(|tx| imports::import(tx, &files, false, &mut |_| {}));
        assert!(report.is_good(), "{report:?}");
    };
    import("2026-03-02T09:00:00Z");
    let me = world.me("ada");
    let uid = world.read(|conn| Ok(leads::store::search(conn, &me, "acme", 2)?[0].uid.clone()));
    let ana = world.as_("ana");
    ana.post(&path(&uid, "/rating"), &[("stars", "4")]).is(303);
    ask(&ana, &uid, &[("text", "Who is she?")]).is(303);
    for mended in ["2026-03-02T15:00:00Z", "2026-03-04T12:00:00Z"] {
        import(mended);
        let [handover] = &handovers(&world, &uid)[..] else {
            panic!("one hand-over");
        };
        assert_eq!(handover.handed_over_at, crate::world::instant(mended));
        let receipt = world
            .as_("mark")
            .get(&format!("/hand-overs/{}", handover.uid));
        receipt.ok().says("Rating 4 of 5").says("Who is she?");
        ana.get(&path(&uid, "")).says("Rating 4 of 5");
        world
            .as_("ada")
            .get("/hand-overs?by=asset&from=2026-03-01&to=2026-03-10")
            .says("4.0 (n = 1)");
    }
}
