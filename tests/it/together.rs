//! Stories of many who log in the same moment: their entries are stored together, and nobody feels the others.

use crate::world::{Client, Database, Database::*, World};
use rstest::rstest;
use touchline::both;
use touchline::db::Conn;
use touchline::lists::Class;
use touchline::rules::stage::Stage;
use uuid::Uuid;

const REPS: [&str; 3] = ["ana", "ben", "sue"];
const EACH: usize = 8;

/// Lets everybody post what is theirs to `/log` in the same moment; the statuses.
fn all_at_once(world: &World, posts: &[(&str, Vec<(&str, String)>)]) -> Vec<u16> {
    let origin = world.origin();
    let sessions: Vec<String> = posts.iter().map(|(name, _)| world.session(name)).collect();
    std::thread::scope(|scope| {
        let presses = posts.iter().zip(&sessions).map(|((_, fields), session)| {
            let origin = origin.clone();
            let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
            scope.spawn(move || {
                let client = Client::new(origin).with_session(session);
                client.post("/log", &fields).status
            })
        });
        let presses: Vec<_> = presses.collect();
        let answers = presses.into_iter().map(|press| press.join());
        answers.map(|answer| answer.expect("an answer")).collect()
    })
}

/// A touch of a lead as the form sends it.
fn touch(kind: i64, outcome: i64, lead: &str) -> Vec<(&'static str, String)> {
    vec![
        ("uid", Uuid::now_v7().to_string()),
        ("kind", kind.to_string()),
        ("outcome", outcome.to_string()),
        ("lead", lead.to_owned()),
    ]
}

/// The call, and two outcomes of it: nobody answered, and somebody was reached.
fn a_call(world: &World) -> (i64, i64, i64) {
    let kinds = world.read(touchline::lists::store::kinds);
    let call = kinds.iter().find(|kind| kind.name == "Call");
    let call = call.expect("calls").id;
    let outcomes = world.read(touchline::lists::store::outcomes);
    let of = |is_reached: bool| {
        let mut theirs = outcomes.iter().filter(|one| one.kind_id == call);
        let found =
            theirs.find(|one| (one.class == Class::Reached) == is_reached && !one.is_meeting);
        found.expect("an outcome").id
    };
    (call, of(false), of(true))
}

#[rstest]
fn touches_of_the_same_moment_bring_each_lead_to_where_its_own_touch_does(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (call, nobody, somebody) = a_call(&world);
    let mut posts = Vec::new();
    let mut leads = Vec::new();
    for rep in REPS {
        for number in 0..EACH {
            let uid = world.lead(&format!("Acme {number} of {rep}"), rep);
            let is_reached = number % 2 == 1;
            let outcome = if is_reached { somebody } else { nobody };
            posts.push((rep, touch(call, outcome, &uid)));
            leads.push((uid, is_reached));
        }
        // One without a lead, one of a lead that is somebody else's, and one of none that there is.
        posts.push((
            rep,
            vec![("kind", call.to_string()), ("outcome", nobody.to_string())],
        ));
        let foreign = world.lead("Foreign", "mia");
        posts.push((rep, touch(call, nobody, &foreign)));
        posts.push((rep, touch(call, nobody, "no-such-lead")));
    }
    let answers = all_at_once(&world, &posts);
    for (nth, status) in answers.iter().enumerate() {
        let expected = if nth % (EACH + 3) > EACH { 404 } else { 303 };
        assert_eq!(*status, expected, "{:?}", posts[nth]);
    }
    for rep in REPS {
        world.as_(rep).get("/today").says("9 logged, 4 reached");
    }
    let ada = world.me("ada");
    for (uid, is_reached) in &leads {
        let lead = world.read(|conn| touchline::leads::store::by_uid(conn, &ada, uid));
        let lead = lead.expect("the lead");
        let stage = if *is_reached {
            Stage::Contacted
        } else {
            Stage::Attempting
        };
        assert_eq!((lead.stage, lead.attempts), (stage, 1), "{uid}");
        let page = world.as_("ada").get(&format!("/leads/{uid}"));
        page.ok().says(stage.label());
    }
    let wrong = world.read(touchline::leads::history::wrong);
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[rstest]
fn touches_of_one_lead_in_the_same_moment_are_each_kept_or_asked_about(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (call, nobody, _) = a_call(&world);
    let uid = world.lead("Acme", "ana");
    let again = |is_again: bool| {
        let mut fields = touch(call, nobody, &uid);
        fields.extend(is_again.then(|| ("again", "true".to_owned())));
        fields
    };
    let posts: Vec<_> = (0..EACH).map(|_| ("ana", again(false))).collect();
    let answers = all_at_once(&world, &posts);
    let stored = answers.iter().filter(|status| **status == 303).count();
    let asked = answers.iter().filter(|status| **status == 422).count();
    assert_eq!((stored, asked), (1, EACH - 1), "{answers:?}");
    let names = ["ana", "max"].iter().cycle().take(EACH);
    let posts: Vec<_> = names.map(|name| (*name, again(true))).collect();
    let answers = all_at_once(&world, &posts);
    assert!(answers.iter().all(|status| *status == 303), "{answers:?}");
    let ada = world.me("ada");
    let lead = world.read(|conn| touchline::leads::store::by_uid(conn, &ada, &uid));
    assert_eq!(lead.expect("the lead").attempts, 1 + EACH as i32);
    let wrong = world.read(touchline::leads::history::wrong);
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[rstest]
fn whose_lead_it_is_to_see_is_said_alike_by_the_rule_and_by_the_query(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let mut uids = Vec::new();
    for owner in ["", "ana", "sue", "max", "mia", "ada"] {
        uids.push(world.lead("With sales", owner));
        let uid = world.lead("Over", owner);
        world.as_("ada").post(
            &format!("/leads/{uid}/move"),
            &[("to", "rejected"), ("reason", "Wrong role")],
        );
        uids.push(uid);
    }
    let ada = world.me("ada");
    let mut seen = 0;
    for name in ["ada", "max", "mia", "ana", "ben", "sue", "mark"] {
        let me = world.me(name);
        for uid in &uids {
            use touchline::leads::store::by_uid;
            let lead = world
                .read(|conn| by_uid(conn, &ada, uid))
                .expect("the lead");
            let theirs = world.read(|conn| by_uid(conn, &me, uid)).is_some();
            let says = me.sees_lead(lead.owner_id, lead.stage);
            assert_eq!(says, theirs, "{name}: {} {:?}", lead.stage, lead.owner_id);
            seen += usize::from(theirs);
        }
    }
    assert!(uids.len() < seen && seen < 7 * uids.len(), "{seen}");
}

/// Lets every rep send so many entries at once; the statuses, with who got them and for what note.
fn at_once(world: &World, note: impl Fn(usize) -> &'static str) -> Vec<(&str, &str, u16)> {
    let origin = world.origin();
    let sent = REPS
        .iter()
        .flat_map(|rep| (0..EACH).map(|number| (*rep, note(number))));
    let sent: Vec<_> = sent
        .map(|(rep, note)| (rep, note, world.session(rep)))
        .collect();
    std::thread::scope(|scope| {
        let presses: Vec<_> = sent
            .iter()
            .map(|(rep, note, session)| {
                let origin = origin.clone();
                scope.spawn(move || {
                    let client = Client::new(origin).with_session(session);
                    (
                        *rep,
                        *note,
                        post(&client, &Uuid::now_v7().to_string(), note),
                    )
                })
            })
            .collect();
        let answers = presses.into_iter().map(|press| press.join());
        answers.map(|answer| answer.expect("an answer")).collect()
    })
}

fn post(client: &Client, uid: &str, note: &str) -> u16 {
    let fields = [
        ("uid", uid),
        ("kind", "1"),
        ("outcome", "1"),
        ("quantity", "2"),
        ("note", note),
    ];
    client.post("/log", &fields).status
}

#[rstest]
fn everybody_who_logs_in_the_same_moment_finds_their_own_entries(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let answers = at_once(&world, |_| "");
    assert!(
        answers.iter().all(|(.., status)| *status == 303),
        "{answers:?}"
    );
    for rep in REPS {
        world.as_(rep).get("/today").says("16 logged, 0 reached");
    }
}

#[rstest]
fn an_entry_that_is_sent_many_times_at_once_is_stored_once(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (origin, session, uid) = (
        world.origin(),
        world.session("ana"),
        Uuid::now_v7().to_string(),
    );
    std::thread::scope(|scope| {
        for _ in 0..EACH {
            let (origin, session, uid) = (origin.clone(), &session, &uid);
            scope.spawn(move || {
                let client = Client::new(origin).with_session(session);
                assert_eq!(post(&client, uid, ""), 303);
            });
        }
    });
    world.as_("ana").get("/today").says("2 logged, 0 reached");
    // Another's number is nobody else's, and nothing is told of what it stands for.
    assert_eq!(post(&world.as_("ben"), &uid, ""), 422);
    world.as_("ben").get("/today").says("0 logged");
}

#[rstest]
fn an_entry_that_the_database_refuses_takes_nobody_elses_with_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let refuse = |conn: &mut Conn| -> touchline::error::Result<()> {
        let sqlite = "CREATE TRIGGER unlucky BEFORE INSERT ON activities WHEN NEW.note = 'unlucky' \
                      BEGIN SELECT RAISE(ABORT, 'unlucky'); END";
        let postgres = "CREATE FUNCTION unlucky() RETURNS trigger LANGUAGE plpgsql AS \
                        $$ BEGIN RAISE EXCEPTION 'unlucky'; END $$; \
                        CREATE TRIGGER unlucky BEFORE INSERT ON activities FOR EACH ROW \
                        WHEN (NEW.note = 'unlucky') EXECUTE FUNCTION unlucky()";
        let trigger = match database {
            Sqlite => sqlite,
            Postgres => postgres,
        };
        use diesel::connection::SimpleConnection;
        Ok(both!(conn, |c| c.batch_execute(trigger))?)
    };
    world.write(|tx| refuse(tx.conn));
    let answers = at_once(&world, |number| if number == 3 { "unlucky" } else { "" });
    for (rep, note, status) in &answers {
        let expected = if *note == "unlucky" { 500 } else { 303 };
        assert_eq!(*status, expected, "{note:?} of {rep}");
    }
    for rep in REPS {
        world.as_(rep).get("/today").says("14 logged, 0 reached");
    }
}

#[rstest]
fn of_many_requests_that_begin_together_each_is_its_own_persons(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (origin, ended) = (world.origin(), world.session("max"));
    Client::new(origin.clone())
        .with_session(&ended)
        .post("/sign-out", &[])
        .is(303);
    let open = |session: &str| {
        Client::new(origin.clone())
            .with_session(session)
            .get("/today")
    };
    std::thread::scope(|scope| {
        for rep in REPS {
            for _ in 0..EACH {
                let (session, open) = (world.session(rep), &open);
                scope.spawn(move || open(&session).ok().says(&format!("{rep}@")).status);
            }
            let (session, open) = (&ended, &open);
            scope.spawn(move || open(session).redirects_to("/sign-in?next=%2Ftoday").status);
        }
    });
}
