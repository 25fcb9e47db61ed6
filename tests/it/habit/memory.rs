//! What is kept in memory of closed weeks is what a program that has just started would work out.

use super::*;
use rstest::rstest;
use touchline::habit::Ground;
use touchline::kept::Shelf;

/// Everybody's days, weeks, tallies and bests, in words.
fn habits(world: &World, shelf: &Shelf) -> Vec<String> {
    world.read(|conn| {
        let kept = shelf.now(conn)?;
        let ground = Ground::kept(conn, kept)?;
        let people: Vec<_> = ground.loggers().collect();
        let found = habit::now(conn, kept, &ground, &people, world.now(), &[])?;
        let words = |person: &&touchline::people::Person| {
            let habit = &found.of[&person.id];
            let days: Vec<_> = habit.days().collect();
            let weeks: Vec<_> = habit.weeks().collect();
            format!(
                "{}: {:?} {days:?} {weeks:?} {:?}",
                person.name,
                habit.tally(),
                habit.bests()
            )
        };
        Ok(people.iter().map(words).collect())
    })
}

#[rstest]
fn figures_in_memory_stay_those_of_a_fresh_start_whatever_happens(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-01-07T12:00:00Z");
    let lead = world.lead("Acme", "ana");
    calls_daily(&world, "ana", "2025-11-03", 60, 3);
    target(&world, "activities,3,day,ana@example.com,,2025-11-03");
    target(&world, "score,8,day,ben@example.com,,2025-11-03");
    target(&world, "leads_reached,1,week,,North,2025-11-03");
    let compare = |what: &str| {
        let fresh = habits(&world, &Shelf::default());
        let kept = habits(&world, &world.app().shelf);
        assert_eq!(kept, fresh, "{what}");
    };
    compare("at first");
    for (week, monday) in date("2026-01-12").iter_weeks().take(6).enumerate() {
        world.at(&format!("{monday}T11:00:00Z"));
        world.log("ana", "Call", "Interested", Some(&lead));
        world.log("ben", "E-mail", "Replied, positive", None);
        compare("after entries");
        let wednesday = monday + Days::new(2);
        world.at(&format!("{wednesday}T11:00:00Z"));
        compare("when a week has closed");
        match week {
            1 => target(
                &world,
                &format!("activities,5,day,ana@example.com,,{monday}"),
            ),
            2 => calls_daily(&world, "ben", "2025-12-01", 20, 4),
            3 => away(&world, "ana", "2025-12-22", "2025-12-24", "full"),
            4 => calls(&world, "ana", &[("2025-11-20", 9)]),
            _ => {}
        }
        compare("after an import");
    }
}
