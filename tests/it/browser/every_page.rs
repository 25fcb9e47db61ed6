//! Every page of the demo team, for every role, on a phone and at a desk, with scripts and without.

use super::chromium::{Browser, Screen};
use crate::pages;
use crate::world::Database::Sqlite;
use crate::world::World;
use rstest::rstest;
use touchline::app::DemoLogin;
use touchline::demo;

/// The demo team, and somebody of a role in it.
fn demo_team(role: &str) -> (World, DemoLogin) {
    let world = World::empty(Sqlite);
    let logins = demo::fill(world.app()).expect("the demo is made");
    let login = logins
        .into_iter()
        .find(|login| login.role.starts_with(role));
    (world, login.expect("somebody of this role"))
}

fn sign_in(browser: &mut Browser, login: &DemoLogin) {
    super::sign_in_as(browser, &login.email, &login.password);
    browser.says_not("Password");
    browser.dress("light");
}

#[rstest]
fn every_page_of_the_demo_is_sound_with_scripts_and_without(
    #[values("Rep", "Manager", "Marketing", "Admin")] role: &str,
    #[values(Screen::Phone, Screen::Desk)] screen: Screen,
) {
    let (world, login) = demo_team(role);
    let client = world.anonymous();
    let fields = [
        ("email", login.email.as_str()),
        ("password", &login.password),
    ];
    client.post("/sign-in", &fields).is(303);
    let pages = pages::one_of_each_kind(&client);
    assert!(pages.len() > 5, "{pages:?}");

    let name = format!("all-{role}-{screen:?}");
    Browser::travel(&world, screen, &name, |browser| {
        sign_in(browser, &login);
        let mut faults = Vec::new();
        for (kind, path) in &pages {
            browser.open(path);
            browser.shoot(&kind.replace('/', "-").replace('*', "one"));
            let found = [browser.faults(), browser.unrest(), browser.axe_faults()].concat();
            let found = found.into_iter();
            faults.extend(found.map(|fault| format!("{path}: {fault}")));
        }
        browser.turn_scripts_off();
        for path in pages.values() {
            browser.open(path);
            let found = browser.faults().into_iter();
            faults.extend(found.map(|fault| format!("{path} without scripts: {fault}")));
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    });
}
