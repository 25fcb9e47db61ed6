//! Stories of techniques: whose leads somebody sees there, and what is compared.

use crate::reports::explained::value_of;
use crate::world::{Database, Database::*, World, entry, terms};
use rstest::rstest;
use touchline::activities::{self, Technique};
use touchline::handover::Terms;
use touchline::leads::{self, NewEvent};
use touchline::lists;
use touchline::rules::profile::Profile;
use touchline::rules::stage::EventKind;

/// Touches a lead now.
fn touch(world: &World, name: &str, what: (&str, &str), technique: Technique, lead: &str) {
    world.write_as(name, |tx| {
        let kinds = lists::store::kinds(tx.conn)?;
        let kind = kinds.iter().find(|k| k.name == what.0).expect("a kind").id;
        let outcomes = lists::store::outcomes(tx.conn)?;
        let mut outcomes = outcomes.iter().filter(|o| o.kind_id == kind);
        let outcome = outcomes.find(|o| o.name == what.1).expect("an outcome");
        let entry = activities::Entry {
            lead_uid: Some(lead.to_owned()),
            outcome_id: Some(outcome.id),
            technique: Some(technique),
            is_again: true,
            ..entry(kind, tx.now)
        };
        activities::log(tx, &entry)
    });
}

const NO_ANSWER: (&str, &str) = ("Call", "No answer");
const BOOKED: (&str, &str) = ("Call", "Meeting booked");
const HELD: (&str, &str) = ("Meeting held", "Held, next step agreed");

/// Leads of a source that somebody first touches now by a technique; the first `booked` book a meeting at once.
fn works(
    world: &World,
    name: &str,
    technique: Technique,
    source: &str,
    (booked, count): (usize, usize),
) -> Vec<String> {
    let owner_id = Some(world.person(name).id);
    let terms = Terms {
        source: source.to_owned(),
        owner_id,
        ..terms()
    };
    let work = |index: usize| {
        let lead = world.lead_on(&format!("{technique} {index}"), &terms);
        let what = if index < booked { BOOKED } else { NO_ANSWER };
        touch(world, name, what, technique, &lead);
        lead
    };
    (0..count).map(work).collect()
}

const BY_BOOKED: &str = "/techniques?outcome=booked";

#[rstest]
fn a_technique_is_compared_with_cold_for_leads_of_the_same_sort(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-01-12T09:00:00Z");
    // Easy leads are worked on trigger events, hard ones cold; within a source there is no difference.
    works(&world, "ana", Technique::Trigger, "Fair", (6, 12));
    works(&world, "ana", Technique::Cold, "Fair", (3, 6));
    works(&world, "ana", Technique::Trigger, "List", (0, 5));
    works(&world, "ana", Technique::Cold, "List", (0, 20));
    world.at("2026-03-04T09:00:00Z");
    let page = world.as_("ana").get(BY_BOOKED);
    page.ok()
        .says("How they differ, not what caused it")
        .says("No clear difference from cold; 43 leads are too few to be sure.")
        .says("6 of 17, ")
        .says("3 of 26, ");
    let csv = world.as_("ana").get(&format!("{BY_BOOKED}&format=csv"));
    let lines: Vec<&str> = csv.ok().body.lines().collect();
    let trigger = lines.iter().find(|line| line.starts_with("trigger,,17,"));
    let cells: Vec<&str> = trigger.expect("a line").split(',').collect();
    let crude: f64 = cells[19].parse().expect("a difference");
    assert!((crude - (6.0 / 17.0 - 3.0 / 26.0)).abs() < 1e-9);
    let adjusted: f64 = cells[22].parse().expect("a difference");
    assert!(adjusted.abs() < 1e-9);
    assert_eq!(cells[25], "43");
}

#[rstest]
fn the_technique_of_the_first_touch_counts_and_later_ones_do_not(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-01-12T09:00:00Z");
    let leads = works(&world, "ana", Technique::Cold, "Fair", (0, 1));
    world.at("2026-01-14T09:00:00Z");
    touch(&world, "ana", BOOKED, Technique::Referral, &leads[0]);
    touch(&world, "max", HELD, Technique::Referral, &leads[0]);
    world.write_as("ana", |tx| {
        let id = leads::visible(tx, &leads[0])?.id;
        let won = NewEvent::now(tx, id, EventKind::Won);
        leads::record(tx, &won)
    });
    world.at("2026-03-04T09:00:00Z");
    let csv = world.as_("ana").get(&format!("{BY_BOOKED}&format=csv"));
    let lines: Vec<&str> = csv.ok().body.lines().collect();
    // Reached, booked, held and won: all of the one lead that was first touched cold.
    let counts = |line: &str| -> Vec<String> {
        let cells: Vec<&str> = line.split(',').collect();
        [2, 3, 7, 11, 15].map(|at| cells[at].to_owned()).into()
    };
    assert!(lines[1].starts_with("cold,,"), "{lines:?}");
    assert_eq!(counts(lines[1]), ["1", "1", "1", "1", "1"]);
    assert!(lines[2].starts_with("cold,Call,"), "{lines:?}");
    assert_eq!(lines.len(), 3);
    // Credit goes to cold by the first touch, to the referral by the last.
    let page = world.as_("ana").get(BY_BOOKED);
    page.says("Cold Warming up")
        .says("Cold 1 0")
        .says("Referral 0 1")
        .says("How credit is shared, not what caused it");
}

#[rstest]
fn a_lead_counts_once_it_has_been_followed_for_30_days(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-01-12T09:00:00Z");
    let leads = works(&world, "ana", Technique::Trigger, "Fair", (0, 2));
    // A meeting after 31 days does not count within 30.
    world.at("2026-02-12T09:00:01Z");
    touch(&world, "ana", BOOKED, Technique::Trigger, &leads[0]);
    works(&world, "ana", Technique::Trigger, "Fair", (3, 3));
    world.at("2026-03-04T09:00:00Z");
    let page = world.as_("ana").get(BY_BOOKED);
    page.ok()
        .says("3 leads were first touched more recently, and are left out.")
        .says("0 of 2");
    world
        .as_("ana")
        .get(&format!("{BY_BOOKED}&days=60"))
        .says("No lead has been followed long enough yet");
    world.at("2026-04-20T09:00:00Z");
    world
        .as_("ana")
        .get(&format!("{BY_BOOKED}&days=60"))
        .says("4 of 5");
}

#[rstest]
fn a_rep_sees_own_leads_only_and_a_manager_those_of_their_teams(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-01-12T09:00:00Z");
    works(&world, "ana", Technique::Cold, "Fair", (0, 3));
    works(&world, "ben", Technique::Cold, "Fair", (0, 4));
    let sues = works(&world, "sue", Technique::Cold, "Fair", (0, 5));
    // Whoever comes later is not who touched it first.
    world.at("2026-01-13T09:00:00Z");
    let ana = world.person("ana").id;
    world.write_as("mia", |tx| {
        let id = leads::visible(tx, &sues[0])?.id;
        leads::assign(tx, id, ana)
    });
    touch(&world, "ana", BOOKED, Technique::Cold, &sues[0]);
    world.at("2026-03-04T09:00:00Z");
    for (name, sees) in [
        ("ana", "0 of 3"),
        ("ben", "0 of 4"),
        ("max", "0 of 7"),
        ("sue", "1 of 5"),
        ("mia", "1 of 5"),
        ("ada", "1 of 12, "),
    ] {
        world.as_(name).get(BY_BOOKED).ok().says(sees);
    }
    world.as_("mark").get("/techniques").is(403);
    let wrong = world.as_("ana").get("/techniques?outcome=praise");
    wrong.is(422).says("Enter an outcome from the list.");
}

#[rstest]
fn every_figure_of_a_technique_opens_to_the_same_number(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-01-12T09:00:00Z");
    works(&world, "ana", Technique::Trigger, "Fair", (6, 12));
    works(&world, "ana", Technique::Cold, "Fair", (3, 11));
    works(&world, "ben", Technique::Cold, "Fair", (0, 2));
    world.at("2026-03-04T09:00:00Z");
    let max = world.as_("max");
    let links = max.get(BY_BOOKED).ok().anchors().into_iter();
    let figures: Vec<_> = links
        .filter(|(href, _)| href.starts_with("/techniques/explain?"))
        .collect();
    assert!(figures.len() >= 25, "{figures:?}");
    let is_compared =
        |(href, said): &(String, String)| href.contains("figure=compared") && said == "25";
    assert!(figures.iter().any(is_compared), "{figures:?}");
    for (href, printed) in &figures {
        assert_eq!(&value_of(max.get(href).ok()), printed, "{href}");
    }
    max.get("/techniques/explain?figure=compared&technique=trigger&outcome=booked")
        .ok()
        .says("25 leads of 1 sorts")
        .says("Counted: first touched so (12 rows)")
        .says("Counted: cold (13 rows)");
    let cold = "/techniques/explain?figure=booked&technique=cold&outcome=booked";
    max.get(cold)
        .ok()
        .says("3 of 13")
        .says("Counted: it came in time (3 rows)")
        .says("Left out: first touched in another way (12 rows)");
    // A colleague's leads are neither counted nor shown.
    world
        .as_("ana")
        .get(cold)
        .ok()
        .says("3 of 11")
        .says("In the whole, not counted: it did not come in time (8 rows)");
    max.get("/techniques/explain?figure=smiles").is(404);
    max.get("/techniques/explain?figure=n&kind=Yodel").is(404);
}

#[rstest]
fn techniques_can_be_asked_for_as_of_an_earlier_time(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-01-12T09:00:00Z");
    let leads = works(&world, "ana", Technique::Cold, "Fair", (2, 12));
    world.at("2026-01-20T09:00:00Z");
    touch(&world, "ana", BOOKED, Technique::Referral, &leads[5]);
    world.at("2026-03-04T09:00:00Z");
    let ana = world.as_("ana");
    ana.get(BY_BOOKED)
        .ok()
        .says("3 of 12")
        .says("as of 4 Mar 2026");
    let earlier = format!("{BY_BOOKED}&as_of=2026-02-15T09:00:00Z");
    ana.get(&earlier)
        .ok()
        .says("3 of 12")
        .says("as of 15 Feb 2026");
    // Thirty days of following are not over by then.
    let early = format!("{BY_BOOKED}&as_of=2026-01-15T09:00:00Z");
    ana.get(&early)
        .ok()
        .says("12 leads were first touched more recently");
    ana.get(&format!("{BY_BOOKED}&as_of=soon")).is(422);
    // Credit by the last touch: one of three outcomes came after a referral.
    let links = ana.get(BY_BOOKED).ok().anchors();
    let credit = links
        .iter()
        .find(|(href, _)| href.contains("figure=last") && href.contains("technique=referral"));
    let (href, printed) = credit.expect("the credit of referrals");
    assert_eq!(&value_of(ana.get(href).ok()), printed);
    ana.get(href)
        .says("Counted: its credit goes here (1 row)")
        .says("In the whole, not counted: its credit goes to another technique (2 rows)");
}

#[rstest]
fn the_same_sort_of_lead_is_one_of_the_same_source_and_segment(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-01-12T09:00:00Z");
    let mut small = works(&world, "ana", Technique::Trigger, "Fair", (5, 10));
    small.extend(works(&world, "ana", Technique::Cold, "Fair", (5, 10)));
    let mut large = works(&world, "ana", Technique::Trigger, "Fair", (2, 2));
    large.extend(works(&world, "ana", Technique::Cold, "Fair", (0, 8)));
    for (leads, segment) in [(&small, "SME"), (&large, "Enterprise")] {
        world.write_as("ana", |tx| {
            for uid in leads {
                let id = leads::visible(tx, uid)?.id;
                let profile = Profile {
                    segment: segment.to_owned(),
                    ..Profile::default()
                };
                leads::profile::store::set(tx.conn, id, &profile)?;
            }
            Ok(())
        });
    }
    world.at("2026-03-04T09:00:00Z");
    let csv = world.as_("ana").get(&format!("{BY_BOOKED}&format=csv"));
    let trigger = csv
        .ok()
        .body
        .lines()
        .find(|line| line.starts_with("trigger,,12,"));
    let cells: Vec<&str> = trigger.expect("a line").split(',').collect();
    // Two large ones are too few beside eight: only the small ones are compared, and those do not differ.
    assert_eq!((cells[22], cells[25]), ("0", "20"));
    world
        .as_("ana")
        .get("/techniques/explain?figure=compared&technique=trigger&outcome=booked")
        .ok()
        .says("20 leads of 1 sorts")
        .says("Left out: fewer than 5 on a side of its source and segment (10 rows)");
}
