//! How the program stops: what was accepted is finished.

use super::{hold, of_today};
use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{Client, Program};
use diesel::connection::SimpleConnection;
use rstest::rstest;
use touchline::both;
use touchline::schema::activities;

/// Logs a call, as a rep's browser does.
fn log_a_call(site: &str, session: &str) -> u16 {
    let ana = Client::new(site.to_owned()).with_session(session);
    let uid = uuid::Uuid::now_v7().to_string();
    let fields = [
        ("uid", &*uid),
        ("kind", "1"),
        ("outcome", "1"),
        ("quantity", "1"),
    ];
    ana.post("/log", &fields).status
}

#[rstest]
#[case::by_systemd("TERM")]
#[case::by_ctrl_c("INT")]
fn what_was_accepted_is_finished_when_the_program_is_told_to_stop(
    #[case] signal: &str,
    #[values(Sqlite, Postgres)] database: Database,
) {
    use diesel::{QueryDsl, RunQueryDsl};
    let world = of_today(database);
    let (program, session) = (Program::start(world.home(), &[]), world.session("ana"));
    let site = program.site().to_owned();
    let mut other = world.home().connect();
    hold(&mut other);
    let status = std::thread::scope(|scope| {
        let slow = scope.spawn(|| log_a_call(&site, &session));
        program.watch_for("/metrics", "touchline_requests_in_flight 1\n");
        program.signal(signal);
        program.watch_for("/readyz", "stopping");
        both!(&mut other, |c| c.batch_execute("COMMIT")).expect("the lock goes");
        slow.join().expect("an answer")
    });
    assert_eq!(status, 303);
    let (code, said) = program.end();
    assert_eq!(code, Some(0), "{said:?}");
    let said = said.join("\n");
    assert!(
        said.contains("what was accepted is finished first"),
        "{said}"
    );
    let kept = world.read(|conn| Ok(activities::table.count().get_result::<i64>(conn)?));
    assert_eq!(kept, 1);
}

#[test]
fn told_twice_the_program_ends_at_once_and_nothing_is_half_written() {
    use diesel::{QueryDsl, RunQueryDsl};
    let world = of_today(Sqlite);
    let (program, session) = (Program::start(world.home(), &[]), world.session("ana"));
    let site = program.site().to_owned();
    let mut other = world.home().connect();
    hold(&mut other);
    std::thread::scope(|scope| {
        // It gets no answer.
        let slow = scope.spawn(|| log_a_call(&site, &session));
        program.watch_for("/metrics", "touchline_requests_in_flight 1\n");
        program.signal("INT");
        program.watch_for("/readyz", "stopping");
        program.signal("INT");
        let (code, said) = program.end();
        assert_eq!(code, Some(1), "{said:?}");
        assert!(slow.join().is_err());
    });
    both!(&mut other, |c| c.batch_execute("COMMIT")).expect("the lock goes");
    let kept = world.read(|conn| Ok(activities::table.count().get_result::<i64>(conn)?));
    assert_eq!(kept, 0);
}
