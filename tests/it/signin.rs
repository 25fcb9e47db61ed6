//! Signing in and out, and who a session belongs to.

use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{Client, Page, World};
use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use rstest::rstest;
use std::sync::atomic::{AtomicUsize, Ordering};
use touchline::people;

const PASSWORD: &str = "correct horse battery";

/// A world where ana has a password.
fn world(database: Database) -> World {
    let world = World::new(database);
    world.give_password("ana", PASSWORD);
    world
}

fn sign_in(browser: &Client, email: &str, password: &str) -> Page {
    let page = browser.get("/sign-in");
    page.ok();
    page.submit("/sign-in", &[("email", email), ("password", password)])
}

#[rstest]
fn who_is_not_signed_in_is_led_to_the_sign_in_page_and_back(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = world(database);
    let browser = world.anonymous();
    let page = browser.get("/leads");
    let page = page.redirects_to("/sign-in?next=%2Fleads").follow();
    let fields = [("email", "ana@example.com"), ("password", PASSWORD)];
    let page = page.ok().submit("/sign-in", &fields);
    page.redirects_to("/leads").follow().ok();
}

#[rstest]
fn everybody_lands_on_the_first_page_of_their_role(
    #[values(Sqlite, Postgres)] database: Database,
    #[values("ana", "max", "mark", "ada")] name: &str,
) {
    let world = World::new(database);
    world.as_(name).get("/").is(303).follow().ok();
}

#[rstest]
fn an_address_is_found_however_it_is_typed(#[values(Sqlite, Postgres)] database: Database) {
    let world = world(database);
    let browser = world.anonymous();
    sign_in(&browser, " ANA@example.COM ", PASSWORD).redirects_to("/");
    browser.get("/today").ok();
}

#[rstest]
fn a_wrong_password_and_an_unknown_address_get_the_same_answer(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = world(database);
    let wrong = sign_in(&world.anonymous(), "ana@example.com", "wrong password");
    let unknown = sign_in(&world.anonymous(), "nobody@example.com", PASSWORD);
    let without_password = sign_in(&world.anonymous(), "ben@example.com", "");
    wrong.is(422).says("do not go together");
    for other in [&unknown, &without_password] {
        assert_eq!(other.is(422).text(), wrong.text());
        assert_eq!(other.header("set-cookie"), "");
    }
    assert_eq!(wrong.field("email").as_deref(), Some("ana@example.com"));
    assert_eq!(wrong.field("password").as_deref(), Some(""));
}

#[rstest]
fn a_wrong_password_and_an_unknown_address_take_the_same_work(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = world(database);
    let compared = || world.app().meter.passwords_compared();
    // A wrong password, an address of nobody's, and somebody who has not chosen a password yet.
    for email in ["ana@example.com", "nobody@example.com", "ben@example.com"] {
        let before = compared();
        sign_in(&world.anonymous(), email, "wrong").is(422);
        assert_eq!(compared() - before, 1, "{email}");
    }
}

/// Queries that any connection of this program was asked.
static QUERIES: AtomicUsize = AtomicUsize::new(0);

#[rstest]
fn an_address_that_is_known_costs_no_query_more(#[values(Sqlite, Postgres)] database: Database) {
    let count = || -> Option<Box<dyn Instrumentation>> {
        Some(Box::new(|event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::StartQuery { .. }) {
                QUERIES.fetch_add(1, Ordering::SeqCst);
            }
        }))
    };
    set_default_instrumentation(count).expect("it counts");
    let world = world(database);
    let cost = |email: &str| {
        let browser = world.anonymous().with_cookie("touchline-device", "abc");
        let before = QUERIES.load(Ordering::SeqCst);
        let fields = [("email", email), ("password", "wrong password")];
        browser.post("/sign-in", &fields).is(422);
        QUERIES.load(Ordering::SeqCst) - before
    };
    // The first of all pays for what is kept in memory since.
    cost("someone@example.com");
    let known = cost("ana@example.com");
    assert!(known > 0);
    assert_eq!(cost("nobody@example.com"), known);
}

#[rstest]
fn signing_out_ends_the_session_and_not_only_the_cookie(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = world(database);
    let browser = world.anonymous();
    sign_in(&browser, "ana@example.com", PASSWORD).redirects_to("/");
    let token = browser.session().expect("a session");

    browser.post("/sign-out", &[]).redirects_to("/sign-in");
    assert_eq!(browser.session(), None);
    let thief = world.anonymous().with_session(&token);
    thief.get("/today").redirects_to("/sign-in?next=%2Ftoday");
}

#[rstest]
fn signing_out_here_keeps_the_other_devices_signed_in(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (phone, desk) = (world.as_("ana"), world.as_("ana"));
    phone.post("/sign-out", &[]).is(303);
    desk.get("/today").ok();
}

#[rstest]
fn a_session_ends_after_thirty_days(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let browser = world.at("2026-03-04T09:00:00Z").as_("ana");
    world.at("2026-04-03T08:59:59Z");
    browser.get("/today").ok();
    world.at("2026-04-03T09:00:00Z");
    browser.get("/today").redirects_to("/sign-in?next=%2Ftoday");
}

#[rstest]
#[case::made_up("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
#[case::of_another_shape("1")]
#[case::in_sql("' OR 1=1 --")]
fn a_forged_session_opens_nothing(
    #[case] token: &str,
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.as_("ana").get("/today").ok();
    let forger = world.anonymous().with_session(token);
    forger.get("/today").redirects_to("/sign-in?next=%2Ftoday");
    forger.post("/log", &[]).is(303);
}

#[rstest]
fn who_has_left_is_signed_out_and_cannot_come_in_again(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = world(database);
    let browser = world.as_("ana");
    let token = world.session("ana");
    let ana = world.person("ana").id;
    let today = chrono::NaiveDate::from_ymd_opt(2026, 3, 4).expect("a day");
    world.write_as("ada", |tx| people::part(tx, ana, today));

    for browser in [browser, world.anonymous().with_session(&token)] {
        browser.get("/today").redirects_to("/sign-in?next=%2Ftoday");
    }
    sign_in(&world.anonymous(), "ana@example.com", PASSWORD)
        .is(422)
        .says("do not go together");
}

#[rstest]
fn a_session_that_outlived_somebody_s_leaving_opens_nothing(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let browser = world.as_("ana");
    let ana = world.person("ana").id;
    let yesterday = chrono::NaiveDate::from_ymd_opt(2026, 3, 3);
    world.write(|tx| people::store::set_left_on(tx.conn, ana, yesterday));
    browser.get("/today").redirects_to("/sign-in?next=%2Ftoday");
}

#[rstest]
#[case("https://evil.example/", "/")]
#[case("//evil.example/", "/")]
#[case("/\\evil.example/", "/")]
#[case("/leads?stage=won", "/leads?stage=won")]
fn signing_in_never_leads_to_another_site(#[case] next: &str, #[case] goes_to: &str) {
    let world = world(Sqlite);
    let fields = [
        ("email", "ana@example.com"),
        ("password", PASSWORD),
        ("next", next),
    ];
    let page = world.anonymous().post("/sign-in", &fields);
    page.redirects_to(goes_to);

    let query = serde_html_form::to_string([("next", next)]).expect("a query");
    let page = world.as_("ana").get(&format!("/sign-in?{query}"));
    page.redirects_to(goes_to);
}

#[rstest]
fn the_database_keeps_no_token_that_opens_a_session(
    #[values(Sqlite, Postgres)] database: Database,
) {
    use diesel::prelude::*;
    use touchline::schema::sessions;
    let world = World::new(database);
    let token = world.session("ana");
    let kept: Vec<String> =
        world.read(|conn| Ok(sessions::table.select(sessions::token_hash).load(conn)?));
    assert_eq!(kept.len(), 1);
    for kept in kept {
        assert_ne!(kept, token);
        let thief = world.anonymous().with_session(&kept);
        thief.get("/today").is(303);
    }
}

#[test]
fn the_cookie_stays_away_from_scripts_and_other_sites() {
    let world = world(Sqlite);
    let page = sign_in(&world.anonymous(), "ana@example.com", PASSWORD);
    let cookie = page.header("set-cookie");
    for word in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(word), "{cookie}");
    }
}

#[test]
fn behind_https_the_cookie_goes_nowhere_else() {
    let world = World::configured(Sqlite, |app| {
        app.config.public_url = Some("https://touchline.example".to_owned());
    });
    let page = world.anonymous().post("/sign-out", &[]);
    let cookie = page.header("set-cookie");
    assert!(cookie.starts_with("__Host-touchline="), "{cookie}");
    assert!(cookie.contains("Secure"), "{cookie}");
    assert!(!page.header("strict-transport-security").is_empty());
}

#[rstest]
fn where_too_many_sign_in_at_once_the_next_is_told_and_pages_go_on(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = world(database);
    let ana = world.as_("ana");
    let rooms = std::iter::from_fn(|| world.app().hashing_room.try_acquire().ok());
    let taken: Vec<_> = rooms.collect();
    assert_eq!(taken.len(), 64);
    sign_in(&world.anonymous(), "ana@example.com", PASSWORD)
        .is(503)
        .says("too many sign in at once: try again in a moment");
    ana.get("/today").ok();
    drop(taken);
    sign_in(&world.anonymous(), "ana@example.com", PASSWORD).redirects_to("/");
}
