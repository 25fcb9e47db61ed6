//! Stories of one's own page.

use crate::world::{Database, Database::*, World};
use rstest::rstest;
use touchline::calendar::{self, Part};
use touchline::rules::target::{Metric, Period, Weekdays};
use touchline::targets::{self, NewTarget, Whose};
use touchline::{people, secret};

#[rstest]
fn everybody_finds_who_they_are_and_what_holds_for_them(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ana = world.person("ana").id;
    world.write_as("max", |tx| {
        targets::set(
            tx,
            &NewTarget {
                whose: Whose::Person(ana),
                metric: Metric::LeadsReached,
                amount: 6.0,
                period: Period::Week,
                weekdays: Weekdays::ALL,
                valid_from: "2026-03-02".parse().expect("a day"),
                reason: String::new(),
            },
        )
    });
    world.write(|tx| {
        let day = |text: &str| text.parse().expect("a day");
        for (from, to, part) in [
            ("2026-03-01", "2026-03-03", Part::Full),
            ("2026-03-09", "2026-03-13", Part::Full),
            ("2026-03-20", "2026-03-20", Part::Morning),
        ] {
            calendar::store::put_time_off(tx.conn, ana, day(from), day(to), part)?;
        }
        Ok(())
    });
    let page = world.as_("ana").get("/me");
    page.ok()
        .says("Ana Arndt")
        .says("Rep")
        .says("ana@example.com")
        .says("Europe/Berlin")
        .says("North")
        .says("Leads reached 6 a week")
        .says("Mon 9 Mar 2026 to Fri 13 Mar 2026")
        .says("the morning")
        .says_nothing_of("Sun 1 Mar 2026");
    let marks = world.as_("mark").get("/me");
    marks
        .ok()
        .says("Marketing")
        .says_nothing_of("Targets in force");
    world.anonymous().get("/me").is(303);
}

#[rstest]
fn a_new_password_needs_the_old_one_and_ends_other_sessions(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ana = world.person("ana").id;
    let hash = secret::hash_password(world.app(), "the old long one").expect("a hash");
    world.write(|tx| people::set_password(tx, ana, &hash, None));
    let (here, elsewhere) = (world.as_("ana"), world.as_("ana"));
    let change = |current, new| {
        let fields = [("current", current), ("new", new)];
        here.get("/me").submit("/me/password", &fields)
    };
    change("a wrong one", "the new long one")
        .is(422)
        .says("This is not your password");
    change("the old long one", "short")
        .is(422)
        .says("Use 10 to 200 characters");
    elsewhere.get("/me").ok();
    change("the old long one", "the new long one").redirects_to("/me?done=password");
    here.get("/me").ok();
    elsewhere.get("/me").is(303);
    let fields = [
        ("email", "ana@example.com"),
        ("password", "the new long one"),
    ];
    world.anonymous().post("/sign-in", &fields).is(303);
    let fields = [
        ("email", "ana@example.com"),
        ("password", "the old long one"),
    ];
    world.anonymous().post("/sign-in", &fields).is(422);
}
