//! Journeys in a real browser: what only a person with a screen and a finger would notice.

mod audit;
mod chromium;
mod every_page;
mod keyboard;
mod line;
mod offline;

use crate::monday::big::big;
use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::World;
use chromium::{Browser, Screen};
use rstest::rstest;
use thirtyfour::Key;
use touchline::rules::access::Role;
use touchline::{demo, people, signin};

const PASSWORD: &str = "correct horse battery";

fn sign_in(browser: &mut Browser, name: &str) {
    sign_in_as(browser, &format!("{name}@example.com"), PASSWORD);
}

fn sign_in_as(browser: &mut Browser, email: &str, password: &str) {
    browser.open("/");
    browser.says("Sign in");
    browser.fill("E-mail", email);
    browser.fill("Password", password);
    browser.tap("Sign in");
}

#[rstest]
fn a_rep_logs_a_call_in_three_taps_and_sees_it_counted(
    #[values(Sqlite, Postgres)] database: Database,
    #[values(Screen::Phone, Screen::Desk)] screen: Screen,
) {
    let world = World::new(database);
    world.give_password("ana", PASSWORD);
    world.target("max", "ana", "activities", 20);
    world.lead("Acme", "ana");

    Browser::travel(&world, screen, &format!("rep-{screen:?}"), |browser| {
        sign_in(browser, "ana");
        browser.says("0 of 20");
        browser.shoot("today-before");

        let taps = browser.taps();
        browser.tap("Log");
        browser.tap("No answer");
        browser.shoot("log");
        browser.tap("Save");
        assert_eq!(browser.taps() - taps, 3);
        browser.says("1 of 20");
        browser.says("10:00 · No answer");
        browser.tap("Undo");
        browser.says("0 of 20");

        // Another kind than the last one takes no more.
        let taps = browser.taps();
        browser.tap("E-mail");
        browser.tap("Sent");
        browser.tap("Save");
        assert_eq!(browser.taps() - taps, 3);
        browser.says("1 of 20");
        browser.shoot("today-after");
    });
}

#[test]
fn a_page_left_open_shows_what_was_done_elsewhere_without_being_loaded_again() {
    let world = World::new(Sqlite);
    world.target("max", "ana", "activities", 20);

    Browser::travel(&world, Screen::Phone, "live", |browser| {
        browser.come_with_session(&world.session("ana"));
        browser.open("/today");
        browser.says("0 of 20");
        world.log("ana", "Call", "No answer", None);
        browser.look_away_and_back();
        browser.says("1 of 20");
    });
}

#[test]
fn at_a_desk_four_keys_log_a_call() {
    let world = World::new(Sqlite);
    world.target("max", "ana", "activities", 20);

    Browser::travel(&world, Screen::Desk, "keys", |browser| {
        browser.come_with_session(&world.session("ana"));
        browser.open("/today");
        browser.press("l");
        browser.says("What came of it?");
        browser.press("1");
        browser.press("2");
        browser.shoot("log");
        browser.press(Key::Enter);
        browser.says("1 of 20");
        browser.says("Left voicemail");
    });
}

#[rstest]
fn a_manager_sets_a_target_and_the_rep_finds_it_on_today(
    #[values(Screen::Phone, Screen::Desk)] screen: Screen,
) {
    let world = World::new(Sqlite);
    world.give_password("max", PASSWORD);
    world.give_password("ana", PASSWORD);

    Browser::travel(&world, screen, &format!("manager-{screen:?}"), |browser| {
        sign_in(browser, "max");
        browser.goes_to("Targets");
        browser.choose("For", "Ana Arndt");
        browser.fill("Amount", "12");
        browser.fill("Reason", "Spring fair");
        browser.tap("Set the target");
        browser.says("12 a day");
        browser.says("Spring fair");
        browser.shoot("targets");
        browser.goes_to("Sign out");

        sign_in(browser, "ana");
        browser.says("0 of 12");
        browser.shoot("today-of-the-rep");
    });
}

#[rstest]
fn marketing_hands_over_a_lead_and_sees_the_first_attempt_at_it(
    #[values(Screen::Phone, Screen::Desk)] screen: Screen,
) {
    let world = World::new(Sqlite);
    world.give_password("mark", PASSWORD);

    Browser::travel(
        &world,
        screen,
        &format!("marketing-{screen:?}"),
        |browser| {
            sign_in(browser, "mark");
            browser.tap("Hand over a lead");
            browser.fill("Person", "Rosa Rot");
            browser.fill("Company", "Rot & Söhne");
            browser.fill("Phone", "+49 30 1234567");
            browser.fill("Campaign", "Spring fair");
            browser.choose("Owner", "Ana Arndt");
            browser.fill("Note for sales", "Wants a price before Friday.");
            browser.shoot("new-lead");
            browser.tap("Hand over");
            browser.says("Rosa Rot");
            browser.says("Handed over");
            browser.shoot("lead-before");

            world.at("2026-03-04T09:07:00Z");
            let ana = world.as_("ana");
            let link = ana.get("/leads").links();
            let link = link.iter().find(|link| link.starts_with("/leads/0"));
            let uid = link.expect("the lead").trim_start_matches("/leads/");
            world.log("ana", "Call", "Interested", Some(uid));

            browser.open(&format!("/leads/{uid}"));
            browser.says("Interested");
            browser.says("7 min");
            browser.shoot("lead-after");
        },
    );
}

#[rstest]
fn an_admin_brings_somebody_in_who_signs_in_and_logs(
    #[values(Screen::Phone, Screen::Desk)] screen: Screen,
) {
    let world = World::new(Sqlite);
    world.give_password("ada", PASSWORD);

    Browser::travel(&world, screen, &format!("admin-{screen:?}"), |browser| {
        sign_in(browser, "ada");
        browser.goes_to("People");
        browser.tap("Add a person");
        browser.fill("Name", "Nina Nord");
        browser.fill("E-mail", "nina@example.com");
        browser.choose("Team from today on", "North");
        browser.tap("Add and make the link");
        browser.says("Invitation for nina@example.com");
        browser.shoot("added");
        let link = browser.value("f-link");
        let (_, token) = link.split_once("/welcome/").expect("a link");
        browser.goes_to("Sign out");
        browser.says("E-mail");

        browser.open(&format!("/welcome/{token}"));
        browser.says("Choose a password");
        browser.fill("Password", PASSWORD);
        browser.tap("Save and sign in");
        browser.says("No target holds today.");
        browser.goes_to("Log");
        browser.tap("No answer");
        browser.tap("Save");
        browser.says("1 logged");
    });
}

#[test]
fn the_monday_pack_prints_on_no_more_than_two_sheets() {
    let world = World::empty(Sqlite);
    demo::fill(world.app()).expect("the demo is made");
    for role in [Role::Admin, Role::Manager, Role::Marketing] {
        let token = world.write(|tx| {
            let everybody = people::store::all(tx.conn)?;
            let person = everybody.iter().find(|person| person.role == role);
            signin::begin(tx, person.expect("somebody").id, "test")
        });
        Browser::travel(&world, Screen::Desk, &format!("print-{role}"), |browser| {
            browser.come_with_session(&token);
            browser.open("/monday");
            browser.says("Top reasons by source");
            let sheets = browser.sheets();
            assert!((1..=2).contains(&sheets), "{sheets} for {role}");
        });
    }
}

#[test]
fn the_pack_of_a_team_of_twenty_prints_on_no_more_than_two_sheets() {
    let world = World::new(Sqlite);
    big(&world);
    for name in ["ada", "max", "mark"] {
        Browser::travel(
            &world,
            Screen::Desk,
            &format!("print-big-{name}"),
            |browser| {
                browser.come_with_session(&world.session(name));
                browser.open("/monday");
                browser.says("Top reasons by source");
                let sheets = browser.sheets();
                assert!((1..=2).contains(&sheets), "{sheets} for {name}");
            },
        );
    }
}
