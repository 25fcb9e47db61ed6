//! The score on the board, and why it is what it is: the figures of METRICS.md 4.2.

use super::*;

/// The table of kinds behind somebody's score of today, as the page says it.
fn why(world: &World, name: &str) -> crate::world::Page {
    let page = world.as_(name).get("/team?period=today&metric=score");
    page.ok().says("Why?");
    let mut links = page.links().into_iter();
    let uid = world.person(name).uid;
    let link = links.find(|link| link.contains("metric=score") && link.contains(&uid));
    world.as_(name).get(&link.expect("a link to the why"))
}

#[rstest]
fn a_blast_of_forty_e_mails_scores_fifteen(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    counts(&world, "ana", ("E-mail", "Sent"), 40);
    let rows = file(&world, "ana", "/team?period=today&metric=score&format=csv");
    assert_eq!(rows[0]["value"], "15");
    why(&world, "ana")
        .ok()
        .says("Score: 15")
        .says("E-mail 15 0 25 0 15")
        .says("Together 15 0 25 0 15")
        .says("15 × 1; over the day’s number the rest");
}

#[rstest]
fn ten_calls_a_repeat_a_connect_a_bounce_and_a_meeting_score_thirty_four(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let lead = |at: usize| world.lead(&format!("Lead {at}"), "ana");
    let leads: Vec<String> = (0..12).map(lead).collect();
    for uid in &leads[..10] {
        world.log("ana", "Call", "No answer", Some(uid));
    }
    world.log("ana", "Call", "Interested", Some(&leads[10]));
    world.log("ana", "E-mail", "Bounced", Some(&leads[11]));
    world.log("ana", "Meeting held", "No-show", Some(&leads[11]));
    world.at("2026-03-04T10:30:00Z");
    world.log("ana", "Call", "No answer", Some(&leads[0]));
    let rows = file(&world, "ana", "/team?period=today&metric=score&format=csv");
    assert_eq!(rows[0]["value"], "34");
    why(&world, "ana")
        .ok()
        .says("Call 11 1 0 0 24")
        .says("E-mail 0 0 0 1 0")
        .says("Meeting held 1 0 0 0 10")
        .says("Together 12 1 0 1 34")
        .says("1 × 2, twice for reaching somebody")
        .says("the same lead by the same kind that day")
        .says("never arrived");
    let uid = world.person("ana").uid;
    let path = format!("/team/entries?person={uid}&metric=score&format=csv");
    let points: f64 = file(&world, "max", &path)
        .iter()
        .map(|row| row["points"].parse::<f64>().expect("points"))
        .sum();
    assert_eq!(points, 34.0);
}

#[rstest]
fn the_improvement_of_the_example_stands_on_the_board(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let attained = [50, 50, 60, 50, 40, 50, 60, 40, 70, 80, 80, 90];
    world.at("2025-12-01T09:00:00Z");
    let ana = Whose::Person(world.person("ana").id);
    set(&world, ana, 100.0, Period::Week, "2025-12-08");
    for (week, quantity) in (0..).zip(attained) {
        let at = instant("2025-12-10T09:00:00Z").plus_seconds(week * 7 * 86_400);
        world.at(&at.to_string());
        calls(&world, "ana", quantity);
    }
    world.at("2026-03-04T09:00:00Z");
    let page = world.as_("ana").get("/team?rank=improved&period=week");
    page.ok().says("+30.0 points");
}
