//! The real data, where `TOUCHLINE_TEST_DATA` names its folder: what its README counts comes out.

use super::counts;
use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::World;
use diesel::prelude::*;
use rstest::rstest;
use std::path::PathBuf;
use touchline::imports::{Report, Source, import};
use touchline::schema::{handovers, lead_events};

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the tests are told where the real data is"
)]
fn data(name: &str) -> Option<PathBuf> {
    std::env::var_os("TOUCHLINE_TEST_DATA").map(|folder| PathBuf::from(folder).join(name))
}

fn import_all(world: &World, folder: &PathBuf) -> Report {
    let files = std::fs::read_dir(folder).expect("the folder of the data");
    let sources: Vec<Source> = files
        .map(|file| file.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|end| end == "csv"))
        .map(|path| {
            Source::new(
                path.display().to_string(),
                &std::fs::read(&path).expect("a file"),
            )
        })
        .collect();
    let report = world.write(|tx| import(tx, &sources, false, &mut |_| {}));
    assert!(report.is_written);
    report
}

#[rstest]
fn the_bank_comes_in_whole_and_stays_as_it_is(#[values(Sqlite, Postgres)] database: Database) {
    let Some(folder) = data("bank") else { return };
    let world = World::empty(database);
    import_all(&world, &folder);
    type First = (Option<i64>, Option<i64>);
    let firsts = handovers::table.select((handovers::first_attempt_at, handovers::closed_at));
    let firsts: Vec<First> = world.read(|conn| Ok(firsts.load(conn)?));
    let closed_before = |(attempt, closed): &&First| {
        closed.is_some() && attempt.is_none_or(|at| *closed < Some(at))
    };
    assert_eq!(firsts.len(), 13_087);
    assert_eq!(firsts.iter().filter(closed_before).count(), 3_430);
    let touched = firsts
        .iter()
        .filter(|first| first.0.is_some() && !closed_before(first));
    assert_eq!(touched.count(), 9_657);

    let again = import_all(&world, &folder);
    assert!(
        counts(&again)
            .iter()
            .all(|(new, changed, ..)| new + changed == 0),
        "{:?}",
        counts(&again)
    );
}

#[rstest]
fn the_funnel_comes_in_whole(#[values(Sqlite, Postgres)] database: Database) {
    let Some(folder) = data("funnel") else { return };
    let world = World::empty(database);
    import_all(&world, &folder);
    let wins = lead_events::table
        .filter(lead_events::kind.eq("won"))
        .count();
    let leads = handovers::table.count();
    let counted: (i64, i64) =
        world.read(|conn| Ok((leads.get_result(conn)?, wins.get_result(conn)?)));
    assert_eq!(counted, (8_000, 842));
}
