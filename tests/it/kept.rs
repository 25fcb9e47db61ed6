//! Reference data in memory is never older than the request that reads it.

use crate::world::{Database, Database::*, World};
use diesel::connection::SimpleConnection;
use rstest::rstest;
use touchline::db::{Conn, Db};
use touchline::lists::List;
use touchline::{both, calendar, lists};

/// Runs SQL as another process would, on a database of its own opening.
fn elsewhere(world: &World, sql: &str) {
    let db = Db::open(&world.app().config.database_url).expect("the database opens twice");
    db.write(|conn| Ok(both!(conn, |c| c.batch_execute(sql))?))
        .expect("the statement runs");
}

fn version(world: &World) -> i64 {
    world.read(|conn: &mut Conn| touchline::kept::version(conn))
}

#[rstest]
fn what_another_process_changes_shows_on_the_next_page(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ana = world.as_("ana");
    ana.get("/log").ok().says("Call");
    elsewhere(
        &world,
        "UPDATE kinds SET name = 'Ring up' WHERE name = 'Call'",
    );
    ana.get("/log").ok().says("Ring up");
    ana.get("/me").ok().says("Ana Arndt");
    elsewhere(
        &world,
        "UPDATE people SET name = 'Ana Anders' WHERE email = 'ana@example.com'",
    );
    ana.get("/me").ok().says("Ana Anders");
}

#[rstest]
fn who_leaves_is_out_at_once(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let ana = world.as_("ana");
    ana.get("/today").ok();
    elsewhere(
        &world,
        "UPDATE people SET left_on = '2026-01-01' WHERE email = 'ana@example.com'",
    );
    ana.get("/today").is(303);
}

/// What is not counted would be seen too late.
#[rstest]
fn a_change_to_any_table_of_reference_data_counts(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let day = "2026-05-01".parse().expect("a day");
    world.write(|tx| calendar::add_holiday(tx, day, "May Day", calendar::Whose::Workspace));
    world.write(|tx| {
        lists::store::add_label(tx.conn, List::Asset, "Guide")?;
        Ok(())
    });
    elsewhere(
        &world,
        "INSERT INTO targets (person_id, metric, amount, period, valid_from, set_at)
             SELECT min(id), 'activities', 1, 'day', '2026-01-01', 0 FROM people;
         INSERT INTO past_zones (until_day) VALUES ('2026-01-01');
         INSERT INTO score_weights (kind_id, weight, valid_from, set_at)
             SELECT min(id), 1, '2026-01-01', 0 FROM kinds;
         INSERT INTO time_off (person_id, from_day, to_day, part)
             SELECT min(id), '2026-07-01', '2026-07-02', 'full' FROM people;",
    );
    let tables = [
        "workspace",
        "teams",
        "people",
        "memberships",
        "work_weeks",
        "work_hours",
        "past_zones",
        "holidays",
        "time_off",
        "kinds",
        "score_weights",
        "outcomes",
        "labels",
        "reasons",
        "targets",
    ];
    for table in tables {
        let before = version(&world);
        // Of what was set the words alone may change.
        let set = match table {
            "targets" | "score_weights" => "reason = ''",
            _ => "id = id",
        };
        elsewhere(&world, &format!("UPDATE {table} SET {set}"));
        assert!(version(&world) > before, "a change to {table} counts");
    }
    for table in [
        "holidays",
        "work_hours",
        "work_weeks",
        "past_zones",
        "time_off",
    ] {
        let before = version(&world);
        elsewhere(&world, &format!("DELETE FROM {table}"));
        assert!(version(&world) > before, "a removal from {table} counts");
    }
}

#[rstest]
fn an_entry_leaves_reference_data_as_it_is(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world.as_("ana").get("/today").ok();
    let before = version(&world);
    world.log("ana", "Call", "No answer", None);
    assert_eq!(version(&world), before);
}
