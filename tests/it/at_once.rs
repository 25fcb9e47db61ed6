//! Stories of two people, or one twice, who act on the same thing at once: one act is done, nobody overwrites what they
//! did not see, and nobody loses what they typed.

use crate::definitions;
use crate::world::{Client, Database, Database::*, Page, World};
use rstest::rstest;
use touchline::leads::{self, Lead, LeadEvent};
use touchline::rules::stage::EventKind;
use touchline::talk;

fn lead(world: &World, uid: &str) -> Lead {
    let admin = world.me("ada");
    world.read(|conn| Ok(leads::store::by_uid(conn, &admin, uid)?.expect("the lead")))
}

fn events(world: &World, uid: &str, kind: EventKind) -> Vec<LeadEvent> {
    let id = lead(world, uid).id;
    let all = world.read(|conn| leads::store::events(conn, id));
    all.into_iter().filter(|event| event.kind == kind).collect()
}

fn seen(world: &World, uid: &str) -> String {
    let page = world.as_("ada").get(&format!("/leads/{uid}?do=lost"));
    page.field("seen").expect("what the page was made from")
}

/// Lets each of these people post these fields at the same moment; the statuses that they get, and the words.
fn at_once(world: &World, path: &str, posts: &[(&str, Vec<(&str, &str)>)]) -> Vec<(u16, String)> {
    let origin = world.origin();
    let sessions: Vec<String> = posts.iter().map(|(name, _)| world.session(name)).collect();
    std::thread::scope(|scope| {
        let presses: Vec<_> = posts
            .iter()
            .zip(sessions)
            .map(|((_, fields), session)| {
                let origin = origin.clone();
                scope.spawn(move || {
                    let client = Client::new(origin).with_session(&session);
                    let page = client.post(path, fields);
                    (page.status, page.text())
                })
            })
            .collect();
        let answers = presses.into_iter().map(|press| press.join());
        answers.map(|answer| answer.expect("an answer")).collect()
    })
}

/// Of several who each want something else, one is done, and the others are told what changed.
#[track_caller]
fn one_wins(answers: &[(u16, String)], news: &str) {
    let done = answers.iter().filter(|(status, _)| *status == 303).count();
    assert_eq!(done, 1, "{answers:?}");
    for (_, told) in answers.iter().filter(|(status, _)| *status != 303) {
        assert!(told.contains(news), "{news:?} is not in:\n{told}");
    }
    let told = answers.iter().filter(|(status, _)| *status == 409).count();
    assert_eq!(told + 1, answers.len(), "{answers:?}");
}

#[rstest]
fn of_several_who_accept_one_does_and_the_others_are_told(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let seen = seen(&world, &uid);
    let fields = vec![("kind", "accepted"), ("seen", seen.as_str())];
    let posts = ["ana", "max", "ada"].map(|name| (name, fields.clone()));
    let answers = at_once(&world, &format!("/leads/{uid}/events"), &posts);
    one_wins(&answers, ": accepted");
    assert_eq!(events(&world, &uid, EventKind::Accepted).len(), 1);
}

#[rstest]
fn of_several_who_reject_one_does_and_the_others_keep_their_words(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let seen = seen(&world, &uid);
    let posts = ["ana", "max", "ada"].map(|name| {
        let fields = vec![
            ("kind", "rejected"),
            ("seen", seen.as_str()),
            ("reason", "Competitor"),
            ("note", name),
        ];
        (name, fields)
    });
    let answers = at_once(&world, &format!("/leads/{uid}/events"), &posts);
    one_wins(&answers, ": rejected (Competitor)");
    for ((name, _), (status, told)) in posts.iter().zip(&answers) {
        assert!(*status == 303 || told.contains(name), "{told}");
    }
    assert_eq!(events(&world, &uid, EventKind::Rejected).len(), 1);
}

#[rstest]
fn of_several_who_give_a_lead_one_does_and_the_others_are_told_to_whom(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "");
    let seen = seen(&world, &uid);
    let (ana, ben) = (world.person("ana").uid, world.person("ben").uid);
    let given = |owner| vec![("owner", owner), ("seen", seen.as_str())];
    let posts = [("max", given(ana.as_str())), ("ada", given(ben.as_str()))];
    let answers = at_once(&world, &format!("/leads/{uid}/assign"), &posts);
    one_wins(&answers, ": assigned to");
    assert_eq!(events(&world, &uid, EventKind::Assigned).len(), 1);
    // Of two who take it one has it, and the other hears that it is gone.
    let free = world.lead("Birch", "");
    let seen = self::seen(&world, &free);
    world.at("2026-03-04T09:05:00Z");
    let take = || vec![("owner", "me"), ("seen", seen.as_str())];
    let posts = [("ana", take()), ("ben", take())];
    let answers = at_once(&world, &format!("/leads/{free}/assign"), &posts);
    one_wins(&answers, "Somebody else has it now.");
}

#[rstest]
fn both_heads_may_sign_at_the_same_moment_and_each_signs_once(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    definitions::name_heads(&world);
    let number = definitions::draft(&world, |content| content.stages = "Agreed.".to_owned());
    let revision = definitions::version(&world, number).revision.to_string();
    let sign = || vec![("seen", revision.as_str())];
    let posts = [
        ("max", sign()),
        ("mark", sign()),
        ("max", sign()),
        ("mark", sign()),
    ];
    let answers = at_once(&world, "/definitions/draft/sign", &posts);
    assert!(
        answers.iter().all(|(status, _)| *status == 303),
        "{answers:?}"
    );
    let version = definitions::version(&world, number);
    assert_eq!(
        (version.signatures.len(), version.from),
        (2, Some(world.now()))
    );
}

#[rstest]
fn what_is_saved_and_signed_at_the_same_moment_is_never_signed_unread(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    definitions::name_heads(&world);
    let number = definitions::draft(&world, |_| {});
    let form = world.as_("ada").get("/definitions/draft");
    let revision = form.field("seen").expect("the revision");
    let (origin, session) = (world.origin(), world.session("mark"));
    let signed = std::thread::scope(|scope| {
        let sign = scope.spawn(|| {
            let client = Client::new(origin).with_session(&session);
            client
                .post("/definitions/draft/sign", &[("seen", &revision)])
                .status
        });
        form.submit("/definitions/draft", &[("stages", "Other words.")])
            .is(303);
        sign.join().expect("an answer")
    });
    assert!([303, 409].contains(&signed), "{signed}");
    let version = definitions::version(&world, number);
    assert_eq!(version.content.stages, "Other words.");
    assert!(
        version.signatures.is_empty(),
        "the edit takes a signature away"
    );
}

#[rstest]
#[case::moves("events", &[("kind", "rejected"), ("reason", "Competitor"), ("note", "Twice.")])]
#[case::nurture("events", &[("kind", "rejected"), ("reason", "Content only, no buying intent"), ("to_nurture", "true"), ("return_on", "2026-06-01")])]
#[case::wins("events", &[("kind", "won"), ("amount", "12"), ("currency", "eur")])]
#[case::rates("rating", &[("stars", "4"), ("text", "Good.")])]
#[case::asks("questions", &[("id", "0190a0f0-0000-7000-8000-000000000001"), ("text", "Really?")])]
#[case::edits("edit", &[("name", "Acme GmbH"), ("was_name", "Acme")])]
#[case::tells("signals", &[("uid", "0190a0f0-0000-7000-8000-000000000002"), ("kind", "6"), ("what", "A new head")])]
fn what_one_person_sends_twice_at_once_is_done_once(
    #[case] verb: &str,
    #[case] fields: &[(&str, &str)],
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let seen = seen(&world, &uid);
    let mut all = vec![("seen", seen.as_str())];
    all.extend(fields);
    let path = format!("/leads/{uid}/{verb}");
    let answers = at_once(&world, &path, &[("ana", all.clone()), ("ana", all)]);
    assert!(
        answers.iter().all(|(status, _)| *status == 303),
        "{answers:?}"
    );
    let lead = lead(&world, &uid);
    let (events, remarks, ratings, signals) = world.read(|conn| {
        Ok((
            leads::store::events(conn, lead.id)?.len(),
            talk::store::remarks(conn, lead.id)?.len(),
            talk::store::ratings(conn, lead.id)?.len(),
            leads::signals::store::of_lead(conn, lead.id)?.len(),
        ))
    });
    // One for the assignment.
    let moved = events - 1 - usize::from(fields.contains(&("to_nurture", "true")));
    let edited = usize::from(lead.name == "Acme GmbH");
    assert_eq!(moved + remarks + ratings + signals + edited, 1, "{verb}");
}

#[rstest]
fn a_lead_that_one_person_sends_twice_at_once_is_one_lead(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let form = world.as_("mark").get("/leads/new");
    let uid = form.field("uid").expect("the form's id");
    let fields = vec![
        ("uid", uid.as_str()),
        ("name", "Hanna"),
        ("urgency", "warm"),
        ("owner", ""),
    ];
    let answers = at_once(
        &world,
        "/leads/new",
        &[("mark", fields.clone()), ("mark", fields.clone())],
    );
    assert!(
        answers.iter().all(|(status, _)| *status == 303),
        "{answers:?}"
    );
    let all = world.as_("mark").get("/leads?format=csv");
    assert_eq!(all.body.lines().count(), 2);
    // Another name under the same id is not swallowed.
    let mut other = fields;
    other[1] = ("name", "Johanna");
    let back = world.as_("mark").post("/leads/new", &other);
    back.is(422).says("You saved this form already, as Hanna.");
    assert_eq!(back.field("name").as_deref(), Some("Johanna"));
}

/// The page of a form as somebody opened it before the lead went to ben.
fn lost(world: &World, uid: &str, open: &str, action: &str, typed: &[(&str, &str)]) -> Page {
    let (ana, ben) = (world.person("ana").uid, world.person("ben").uid);
    let give = |to: &str| {
        let form = world.as_("max").get(&format!("/leads/{uid}?do=assign"));
        form.submit(&format!("/leads/{uid}/assign"), &[("owner", to)])
            .is(303);
    };
    if lead(world, uid).owner_id != Some(world.person("ana").id) {
        give(&ana);
    }
    let form = world.as_("ana").get(open);
    give(&ben);
    form.ok().submit(action, typed)
}

#[rstest]
fn who_types_while_the_lead_goes_to_somebody_else_gets_it_back(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let path = |more: &str| format!("/leads/{uid}{more}");
    for (open, action, typed, kept) in [
        (
            "?do=rejected",
            "/events",
            &[("reason", "Competitor"), ("note", "They make lamps.")][..],
            "Reason: Competitor Note: They make lamps.",
        ),
        (
            "?do=rejected",
            "/events",
            &[("note", "No reason yet.")],
            "Note: No reason yet.",
        ),
        (
            "?say=ask",
            "/questions",
            &[("text", "Who decides?")],
            "Text: Who decides?",
        ),
        (
            "?say=rate",
            "/rating",
            &[("stars", "4"), ("text", "Good talk.")],
            "Text: Good talk. Rating: 4",
        ),
        (
            "/signals",
            "/signals",
            &[("kind", "6"), ("what", "A new head")],
            "In words: A new head",
        ),
        (
            "/edit",
            "/edit",
            &[("phone", "+49 30 99")],
            "Phone: +49 30 99",
        ),
    ] {
        let told = lost(&world, &uid, &path(open), &path(action), typed);
        told.is(409)
            .says("Acme is not yours any more")
            .says("Given to Ben Beck by Max Maier, 10:00.")
            .says(kept);
        assert!(told.body.contains("readonly"), "{action}");
    }
    let edited = lost(
        &world,
        &uid,
        &path("/edit"),
        &path("/edit"),
        &[("phone", "1")],
    );
    edited.says_nothing_of("Person: Acme");
    let logged = lost(
        &world,
        &uid,
        &format!("/log?lead={uid}"),
        "/log",
        &[("kind", "1"), ("outcome", "1"), ("note", "She will call.")],
    );
    logged.is(409).says("Note: She will call.");
    let lead = lead(&world, &uid);
    assert_eq!(
        (lead.name.as_str(), lead.phone.as_str(), lead.attempts),
        ("Acme", "", 0)
    );
    assert!(events(&world, &uid, EventKind::Rejected).is_empty());
    // Who never had it learns nothing.
    let fields = [("kind", "rejected"), ("note", "Mine?"), ("seen", "1-1")];
    for stranger in ["sue", "mia"] {
        let page = world.as_(stranger).post(&path("/events"), &fields);
        page.is(404).says_nothing_of("Ben Beck");
    }
}

#[rstest]
fn who_lost_a_lead_to_the_queue_or_by_their_own_deed_is_told_so(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let form = world.as_("ana").get(&format!("/leads/{uid}?do=rejected"));
    let id = lead(&world, &uid).id;
    world.write_as("max", |tx| leads::assign_at(tx, id, None, tx.now));
    let typed = [("reason", "Competitor"), ("note", "They moved.")];
    let told = form.submit(&format!("/leads/{uid}/events"), &typed);
    told.is(409)
        .says("Sent back to the unassigned leads by Max Maier, 10:00.")
        .says("They moved.");
    // Who works it still, and may not do this, is refused as ever.
    let own = world.lead("Birch", "ana");
    world
        .as_("max")
        .post(&format!("/leads/{own}/rating"), &[("stars", "4")])
        .is(403);
}

#[rstest]
fn a_list_that_is_old_changes_nothing_that_it_did_not_show(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let [acme, birch, cedar] = ["Acme", "Birch", "Cedar"].map(|name| world.lead(name, "ana"));
    for uid in [&acme, &birch] {
        world.log("ana", "Call", "No answer", Some(uid));
    }
    let list = world.as_("ana").get("/leads?view=working");
    let version = |uid: &str| {
        list.field(&format!("seen-{uid}"))
            .expect("what the list showed")
    };
    let names = [&acme, &birch].map(|uid| format!("seen-{uid}"));
    let of_list = [
        (names[0].as_str(), version(&acme)),
        (names[1].as_str(), version(&birch)),
    ];
    let qualified = [
        ("kind", "lost"),
        ("reason", "No fit"),
        ("seen", &seen(&world, &birch)),
    ];
    world
        .as_("max")
        .post(&format!("/leads/{birch}/events"), &qualified)
        .is(303);
    let mut step = vec![
        ("deed", "step"),
        ("on", "2026-03-06"),
        ("lead", acme.as_str()),
        ("lead", &birch),
    ];
    step.extend(of_list.iter().map(|(name, seen)| (*name, seen.as_str())));
    let page = world.as_("ana").post("/leads/bulk", &step);
    page.is(422)
        .says("1 done, 1 refused")
        .says("Birch This lead changed while you had the page open. Max Maier: lost (No fit)");
    assert_eq!(lead(&world, &acme).next_step_on, "2026-03-06".parse().ok());
    assert_eq!(lead(&world, &birch).next_step_on, None);
    // Given from an old list: it went to somebody else meanwhile.
    let ben = world.person("ben").uid;
    let old = seen(&world, &cedar);
    let name = format!("seen-{cedar}");
    let give = |who: &str, to: &str| {
        let fields = [
            ("deed", "give"),
            ("owner", to),
            ("lead", cedar.as_str()),
            (name.as_str(), old.as_str()),
        ];
        world.as_(who).post("/leads/bulk", &fields)
    };
    give("max", &ben).is(303);
    give("max", &ben).is(303);
    assert_eq!(
        events(&world, &cedar, EventKind::Assigned).len(),
        2,
        "pressed twice, given once"
    );
    let ana = world.person("ana").uid;
    give("ada", &ana)
        .is(422)
        .says("Max Maier: assigned to Ben Beck");
    let mine = world
        .as_("ana")
        .post("/leads/bulk", &[("deed", "accept"), ("lead", &cedar)]);
    mine.is(422)
        .says("Cedar Given to Ben Beck by Max Maier, 10:00.");
}

#[rstest]
fn other_words_in_a_form_that_was_sent_are_said_too(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let path = |more: &str| format!("/leads/{uid}{more}");
    let (ana, mark) = (world.as_("ana"), world.as_("mark"));
    let form = ana.get(&path("?say=ask"));
    for words in ["First?", "Second?", "Second?", "First?"] {
        form.submit(&path("/questions"), &[("text", words)]).is(303);
    }
    let id = lead(&world, &uid).id;
    let remarks = || world.read(|conn| talk::store::remarks(conn, id));
    let said: Vec<String> = remarks().into_iter().map(|remark| remark.text).collect();
    assert_eq!(said, ["First?", "Second?"]);
    let question = remarks()[0].uid.clone();
    let form = mark.get(&path(&format!("?say=answer:{question}")));
    for words in ["Yes.", "No.", "No."] {
        form.submit(&path("/questions"), &[("text", words)]).is(303);
    }
    assert_eq!(remarks().len(), 4);
    let form = ana.get(&path("/signals"));
    for words in ["A new head", "A new hall", "A new hall"] {
        form.submit(&path("/signals"), &[("kind", "6"), ("what", words)])
            .is(303);
    }
    let known = world.read(|conn| leads::signals::store::of_lead(conn, id));
    assert_eq!(known.len(), 2);
}

#[rstest]
fn whoever_reloads_the_answer_to_a_form_comes_to_its_page(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let ana = world.as_("ana");
    for (opened, page) in [
        (format!("/leads/{uid}/events"), format!("/leads/{uid}")),
        (
            format!("/leads/{uid}/questions/take-back"),
            format!("/leads/{uid}"),
        ),
        ("/leads/bulk".to_owned(), "/leads".to_owned()),
        (
            "/definitions/draft/drop".to_owned(),
            "/definitions/draft".to_owned(),
        ),
        (
            "/territories/rules".to_owned(),
            "/territories/rules/new".to_owned(),
        ),
        ("/inbox/7".to_owned(), "/inbox".to_owned()),
        ("/teams".to_owned(), "/teams/new".to_owned()),
    ] {
        ana.get(&opened).redirects_to(&page);
    }
    ana.get("/inbox/kinds").ok();
    ana.get("/leads/bulk/more").is(404);
    ana.get("/nowhere").is(404);
}

#[rstest]
fn of_two_admins_who_take_the_role_from_each_other_one_stays(
    #[values(Sqlite, Postgres)] database: Database,
) {
    use touchline::people;
    use touchline::rules::access::Role;
    let world = World::new(database);
    let (ada, ben) = (world.person("ada").id, world.person("ben").id);
    world.write(|tx| people::change(tx, ben, ("Ben Beck", Role::Admin, None), None));
    // Both have begun before either changes anything, where the database lets two write at once.
    let begun = std::sync::Barrier::new(match database {
        Sqlite => 1,
        Postgres => 2,
    });
    let done: Vec<bool> = std::thread::scope(|scope| {
        let (app, begun) = (world.app(), &begun);
        let demote = |id: i64, name: &'static str| {
            scope.spawn(move || {
                app.write(|tx| {
                    begun.wait();
                    people::change(tx, id, (name, Role::Rep, None), None)
                })
            })
        };
        let threads = [demote(ada, "Ada Adler"), demote(ben, "Ben Beck")];
        let ended = threads.into_iter().map(|thread| thread.join());
        ended.map(|done| done.expect("an end").is_ok()).collect()
    });
    assert_eq!(done.iter().filter(|done| **done).count(), 1, "{done:?}");
    assert_eq!(world.read(people::store::admins), 1);
}

#[rstest]
fn of_two_who_change_one_password_at_once_one_does(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world.give_password("ana", "correct horse battery");
    let (origin, sessions) = (world.origin(), [world.session("ana"), world.session("ana")]);
    let changed = std::thread::scope(|scope| {
        let change = |session: &String, new: &'static str| {
            let (origin, session) = (origin.clone(), session.clone());
            scope.spawn(move || {
                let client = Client::new(origin).with_session(&session);
                let fields = [("current", "correct horse battery"), ("new", new)];
                client.post("/me/password", &fields).location.clone()
            })
        };
        let threads = [
            change(&sessions[0], "staple paper clip"),
            change(&sessions[1], "another paper clip"),
        ];
        let ended = threads.into_iter().map(|thread| thread.join());
        let places: Vec<String> = ended.map(|place| place.expect("an answer")).collect();
        let done = places.iter().filter(|place| *place == "/me?done=password");
        done.count()
    });
    assert_eq!(changed, 1);
}
