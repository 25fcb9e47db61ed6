//! At a desk with keys only: no finger, no mouse.

use super::chromium::{Browser, Screen};
use crate::world::Database::Sqlite;
use crate::world::{World, new_lead, terms};
use thirtyfour::Key;
use touchline::handover::{self, Terms};
use touchline::leads::NewLead;

fn at_the_desk(world: &World, name: &str, who: &str, journey: impl FnOnce(&mut Browser)) {
    Browser::travel(world, Screen::Desk, name, |browser| {
        browser.come_with_session(&world.session(who));
        journey(browser);
    });
}

#[test]
fn keys_go_through_leads_open_one_accept_it_and_go_on_to_the_next() {
    let world = World::new(Sqlite);
    for name in ["Acme", "Birch"] {
        world.lead(name, "ana");
    }
    at_the_desk(&world, "leads-by-keys", "ana", |browser| {
        browser.open("/leads");
        // What is due first stands first: down twice, and up once.
        browser.says("Birch");
        browser.press("j");
        browser.press("j");
        assert_eq!(browser.focus(), "Birch");
        browser.press("k");
        assert_eq!(browser.focus(), "Acme");
        browser.press(Key::Enter);
        browser.says("First attempt due");
        browser.press("a");
        browser.says("Accepted");
        browser.press("j");
        browser.says("Birch");
        browser.says_not("Acme");
    });
}

#[test]
fn a_search_from_anywhere_finds_leads_people_and_pages_while_one_types() {
    let world = World::new(Sqlite);
    world.lead("Quill & Sons", "ana");
    at_the_desk(&world, "search", "ada", |browser| {
        browser.open("/calendar");
        browser.press(Key::Control + "k");
        browser.press("quil");
        browser.says("Quill & Sons");
        browser.shoot("found");
        browser.press(Key::Down);
        browser.press(Key::Enter);
        browser.says("First attempt due");

        // Enter opens the first that fits, also when it comes before what was found.
        browser.press("/");
        browser.press("ana arn");
        browser.press(Key::Enter);
        browser.says("ana@example.com");

        browser.press("/");
        browser.press("outc");
        browser.press(Key::Enter);
        browser.says("Lead outcomes");
    });
}

#[test]
fn a_lead_found_while_one_types_is_the_one_that_is_logged_with() {
    let world = World::new(Sqlite);
    world.lead("Quill & Sons", "ana");
    world.lead("Acme", "ana");
    at_the_desk(&world, "find", "ana", |browser| {
        browser.open("/log");
        browser.fill("Find a lead", "quil");
        browser.says("Found for “quil”.");
        browser.says_not("Acme");
        browser.tap("Quill & Sons");
        browser.tap("No answer");
        browser.tap("Save");
        browser.says("Logged. Call: Quill & Sons");
    });
}

#[test]
fn help_says_what_keys_do_and_keys_of_one_letter_can_be_turned_off() {
    let world = World::new(Sqlite);
    at_the_desk(&world, "help", "ana", |browser| {
        browser.open("/today");
        browser.press("?");
        browser.says("Search leads, people and pages");
        browser.shoot("keys");
        browser.press(Key::Escape);
        browser.says_not("Search leads, people and pages");

        browser.open("/me");
        browser.tap("Keys of one letter");
        browser.tap("Save");
        browser.says("Keys of one letter are off.");
        browser.press("?");
        browser.press("l");
        // Were the keys still on, this would be typed on another page.
        browser.press(Key::Control + "k");
        browser.press("today");
        browser.says("Pages");
        browser.press(Key::Enter);
        browser.says("Today's entries");
    });
}

#[test]
fn a_call_from_a_leads_page_comes_back_to_the_log_form_with_the_lead_chosen() {
    let world = World::new(Sqlite);
    let lead = "0195f000-0000-7000-8000-000000000001";
    let known = NewLead {
        phone: "+49 30 1234567".to_owned(),
        ..new_lead("Acme", world.now())
    };
    let terms = Terms {
        owner_id: Some(world.person("ana").id),
        ..terms()
    };
    world.write_as("mark", |tx| handover::add(tx, lead, &known, &terms, true));
    at_the_desk(&world, "call", "ana", |browser| {
        browser.open(&format!("/leads/{lead}"));
        browser.calls_and_comes_back("+49 30 1234567");
        browser.says("What came of it?");
        browser.says("with Acme");
    });
}
