//! Stories of many who log in the same moment: their entries are stored together, and nobody feels the others.

use crate::world::{Client, Database, Database::*, World};
use rstest::rstest;
use touchline::both;
use touchline::db::Conn;
use uuid::Uuid;

const REPS: [&str; 3] = ["ana", "ben", "sue"];
const EACH: usize = 8;

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
