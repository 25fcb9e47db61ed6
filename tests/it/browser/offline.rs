//! Without signal: what was seen last opens, and what is logged is sent once, later.

use super::chromium::{Browser, Screen};
use super::line::Line;
use crate::world::Database::Sqlite;
use crate::world::World;

/// A world whose clock is the browser's, and a rep on Today with the app on the phone.
fn on_the_phone(world: &World, browser: &mut Browser) {
    world.at(&browser.clock());
    browser.come_with_session(&world.session("ana"));
    browser.open("/today");
    browser.keeps("/log");
    browser.keeps("/leads");
}

fn log_a_call(browser: &mut Browser, outcome: &str) {
    browser.open("/log");
    browser.tap("Call");
    browser.tap(outcome);
    browser.tap("Save");
}

#[test]
fn entries_made_without_signal_wait_and_are_sent_once_in_their_order() {
    let world = World::new(Sqlite);
    Browser::travel(&world, Screen::Phone, "offline", |browser| {
        on_the_phone(&world, browser);
        world.cut();
        log_a_call(browser, "No answer");
        browser.says("1 waiting to send");
        browser.says("No signal. This is what you saw on");
        browser.shoot("waiting");
        log_a_call(browser, "Left voicemail");
        browser.says("2 waiting to send");

        world.mend();
        browser.open("/today");
        browser.says("2 logged");
        browser.says_not("waiting to send");
        let today = world.as_("ana").get("/today");
        let text = today.text();
        let newest = text.find("Left voicemail").expect("the second");
        let oldest = text.find("No answer").expect("the first");
        assert!(newest < oldest, "{text}");
    });
}

#[test]
fn an_entry_whose_answer_was_lost_in_the_middle_of_its_sending_is_stored_once() {
    let world = World::new(Sqlite);
    let line = Line::to(&world.origin());
    Browser::travel_to(line.origin(), Screen::Phone, "middle", |browser| {
        on_the_phone(&world, browser);
        browser.open("/log");
        browser.tap("Call");
        browser.tap("No answer");
        line.lose_answers();
        browser.tap("Save");
        browser.says("1 waiting to send");
        // The server has it all the same, and hears of it again.
        world.as_("ana").get("/today").says("1 logged");

        line.mend();
        browser.open("/today");
        browser.says_not("waiting to send");
        browser.says("1 logged");
        world.as_("ana").get("/today").says("1 logged");
    });
}

#[test]
fn what_cannot_be_taken_later_is_kept_with_its_reason_and_can_be_mended() {
    let world = World::new(Sqlite);
    Browser::travel(&world, Screen::Phone, "refused", |browser| {
        on_the_phone(&world, browser);
        world.cut();
        log_a_call(browser, "No answer");
        browser.says("1 waiting to send");

        // The week is over, and its two days of grace.
        let now = world.now();
        world.app().clock.set(now.plus_seconds(20 * 86_400));
        world.mend();
        browser.open("/today");
        browser.says("Not taken: Call, No answer");
        browser.says("That week is closed");
        browser.shoot("refused");
        world.app().clock.set(now.plus_seconds(60));
        browser.tap("Mend");
        browser.tap("Save");
        browser.says("1 logged");
        browser.says_not("Not taken");
    });
}

#[test]
fn who_comes_next_on_a_device_sees_nothing_of_who_was_there_before() {
    let world = World::new(Sqlite);
    world.lead("Acme", "ana");
    Browser::travel(&world, Screen::Phone, "next", |browser| {
        on_the_phone(&world, browser);
        browser.says("Acme");
        // Not signed out: the session ended by itself, and a colleague signs in.
        browser.come_with_session(&world.session("ben"));
        browser.open("/today");
        browser.keeps("/log");
        browser.keeps("/leads");
        world.cut();
        for path in ["/today", "/leads"] {
            browser.open(path);
            browser.says("No signal. This is what you saw on");
            browser.says_not("Acme");
        }
    });
}

#[test]
fn signing_out_leaves_nothing_on_the_device() {
    let world = World::new(Sqlite);
    Browser::travel(&world, Screen::Phone, "left", |browser| {
        on_the_phone(&world, browser);
        browser.open("/me");
        browser.tap("Menu");
        browser.tap("Sign out");
        browser.says("Sign in");
        browser.keeps_nothing();
    });
}
