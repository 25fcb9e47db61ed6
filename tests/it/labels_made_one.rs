//! Stories of two names of one thing: an admin makes one source or campaign the same as another.

use crate::definitions::agree;
use crate::lead_score::lead;
use crate::world::{Database, Database::*, Page, World, terms};
use rstest::rstest;
use touchline::handover::Terms;
use touchline::imports::{self, Report, Source};
use touchline::leads::score;
use touchline::lists::{self, List};
use touchline::rules::lead_score::{Comparison, Field, FitRule, Rules};

fn of_source(world: &World, name: &str, source: &str) -> String {
    let terms = Terms {
        source: source.to_owned(),
        ..terms()
    };
    world.lead_on(name, &terms)
}

fn id(world: &World, list: List, name: &str) -> i64 {
    let all = world.read(lists::store::all_labels);
    let found = all.iter().find(|l| l.list == list && l.name == name);
    found.unwrap_or_else(|| panic!("no {name}")).id
}

fn make_same(world: &World, list: List, name: &str, kept: &str) -> Page {
    let path = format!("/lists/{list}/{}", id(world, list, name));
    let fields = [("change", "same"), ("same_as", kept)];
    world.as_("ada").post(&path, &fields)
}

fn source_of(world: &World, uid: &str) -> String {
    let names = world.read(lists::store::label_names);
    let source = lead(world, uid).source_id.expect("a source");
    names[&source].clone()
}

fn bring(world: &World, rows: &str) -> Report {
    let file = format!("external_id,name,created_at,source\n{rows}");
    let source = [Source::new("leads.csv", file.as_bytes())];
    world.write(|tx| imports::import(tx, &source, false, &mut |_| {}))
}

/// The groups of the report by source that are about papers.
fn papers(world: &World) -> Vec<String> {
    let page = world.as_("mark").get("/outcomes?by=source&format=csv");
    let lines = page.ok().body.lines();
    let names = lines.filter_map(|line| line.split(',').next());
    let papers = names.filter(|name| name.to_lowercase().contains("paper"));
    papers
        .map(|name| name.trim_matches('"').to_owned())
        .collect()
}

#[rstest]
fn two_names_of_one_source_are_one_on_every_lead_and_report(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let typed = of_source(&world, "Acme", "White paper");
    let other = of_source(&world, "Birch", "Whitepaper");
    let row = "L1,Cedar,2026-03-02T09:00:00Z,White paper\n";
    assert_eq!(bring(&world, row).changes(), 1);
    assert_eq!(papers(&world), ["White paper", "Whitepaper"]);
    let ada = world.as_("ada");
    ada.get("/lists/source")
        .ok()
        .says("Make it the same as another");
    make_same(&world, List::Source, "White paper", "whitepaper").is(303);
    // Pressed twice, it is done once.
    make_same(&world, List::Source, "White paper", "Whitepaper").is(303);
    assert_eq!(papers(&world), ["Whitepaper"]);
    for uid in [&typed, &other] {
        assert_eq!(source_of(&world, uid), "Whitepaper");
    }
    ada.get("/lists/source").says("The same as Whitepaper");
    let record = ada.get("/record");
    let record = record.ok().says("White paper");
    assert_eq!(record.text().matches("Whitepaper, with 2 leads").count(), 1);
    // Files and forms that name the old one mean the other.
    assert_eq!(bring(&world, row).changes(), 0);
    let row = "L2,Dogwood,2026-03-02T09:00:00Z,White paper\n";
    assert_eq!(bring(&world, row).changes(), 1);
    let again = of_source(&world, "Elder", "White paper");
    assert_eq!(source_of(&world, &again), "Whitepaper");
    assert_eq!(papers(&world), ["Whitepaper"]);
    ada.post("/lists/source", &[("name", "White paper")])
        .is(422)
        .says("the same as another now");
    // A third one takes both in.
    of_source(&world, "Fir", "Papers");
    make_same(&world, List::Source, "Whitepaper", "Papers").is(303);
    let last = of_source(&world, "Gorse", "White paper");
    assert_eq!(source_of(&world, &last), "Papers");
    // Brought back, it means itself again.
    let path = format!("/lists/source/{}", id(&world, List::Source, "White paper"));
    ada.post(&path, &[("change", "bring-back")]).is(303);
    let own = of_source(&world, "Hazel", "White paper");
    assert_eq!(source_of(&world, &own), "White paper");
    let home = world.leave();
    let (code, printed, said) = home.run(&["check"]);
    assert_eq!((code, printed.as_str()), (Some(0), ""), "{said}");
}

#[rstest]
fn what_would_change_more_than_a_name_is_refused(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = of_source(&world, "Acme", "White paper");
    of_source(&world, "Birch", "Whitepaper");
    for (name, wrong) in [("Whitepaper", "White papers"), ("Whitepaper", "Whitepaper")] {
        make_same(&world, List::Source, name, wrong)
            .is(422)
            .says("no other one called");
    }
    for name in ["Guide", "Guidebook"] {
        world.write(|tx| lists::store::add_label(tx.conn, List::Asset, name));
    }
    make_same(&world, List::Asset, "Guide", "Guidebook")
        .is(422)
        .says("Only sources and campaigns");
    // Both sides agreed on points for it.
    let rules = Rules {
        line: 50.0,
        fit: vec![FitRule {
            field: Field::Source,
            comparison: Comparison::Is,
            value: "White paper".to_owned(),
            points: 30.0,
        }],
        behaviour: Vec::new(),
    };
    world.write_as("mark", |tx| score::save(tx, &rules, "To begin with", 0));
    make_same(&world, List::Source, "White paper", "Whitepaper")
        .is(422)
        .says("A rule of the lead score names White paper");
    // The other way round its leads get the points too.
    make_same(&world, List::Source, "Whitepaper", "White paper").is(303);
    let birch = world.as_("mark").get("/leads?q=Birch&format=csv");
    assert!(birch.ok().body.contains("30"), "{}", birch.body);
    // And on a level of its own.
    of_source(&world, "Cedar", "Fair");
    let paper = id(&world, List::Source, "White paper");
    agree(&world, |content| {
        let mut own = content.levels[0];
        own.source_id = Some(paper);
        content.levels.push(own);
    });
    make_same(&world, List::Source, "Fair", "White paper")
        .is(422)
        .says("a level of its own");
    assert_eq!(source_of(&world, &uid), "White paper");
}
