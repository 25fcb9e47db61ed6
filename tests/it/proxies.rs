//! Behind a proxy and without one: whose word counts about who asks and how they came.

use crate::world::{Client, Database, Database::*, Page, World};
use rstest::rstest;

const PASSWORD: &str = "correct horse battery";
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// A world behind a proxy of which it knows, or not: the tests come from 127.0.0.1.
fn world(database: Database, trusted: &str, public_url: &str) -> World {
    let world = World::configured(database, |app| {
        app.config.trusted_proxy = trusted.split(',').filter_map(|a| a.parse().ok()).collect();
        app.config.public_url = (!public_url.is_empty()).then(|| public_url.to_owned());
    });
    let world = world.settled();
    world.give_password("ana", PASSWORD);
    world
}

fn sign_in(client: &Client, headers: &[(&str, &str)]) -> Page {
    let headers = [headers, &[FORM]].concat();
    let body = b"email=ana%40example.com&password=correct+horse+battery";
    client.send("POST", "/sign-in", &headers, body)
}

/// From where a sign-in with these headers is said to have come.
fn place(world: &World, headers: &[(&str, &str)]) -> String {
    let browser = world.anonymous();
    sign_in(&browser, headers).is(303);
    let text = browser.get("/me/sign-in").ok().text();
    let (_, rest) = text.split_once(", from ").expect("a place");
    rest.split(". Until").next().unwrap_or_default().to_owned()
}

#[rstest]
fn a_stranger_s_word_about_their_address_counts_for_nothing(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let forged = [("X-Forwarded-For", "203.0.113.7")];
    let alone = world(database, "", "");
    assert_eq!(place(&alone, &forged), "127.0.0.1");
    let elsewhere = world(database, "10.0.0.1", "");
    assert_eq!(place(&elsewhere, &forged), "127.0.0.1");
}

#[rstest]
fn a_trusted_proxy_s_word_counts_and_not_what_it_was_told(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let behind = world(database, "127.0.0.1,10.0.0.0/8", "");
    for (said, place_is) in [
        ("203.0.113.7", "203.0.113.7"),
        ("1.2.3.4, 203.0.113.7", "203.0.113.7"),
        ("203.0.113.7, 10.1.2.3", "203.0.113.7"),
        ("rubbish", "127.0.0.1"),
        ("", "127.0.0.1"),
    ] {
        assert_eq!(place(&behind, &[("X-Forwarded-For", said)]), place_is);
    }
}

#[rstest]
fn a_forged_address_gives_no_new_tries(#[values(Sqlite, Postgres)] database: Database) {
    let world = world(database, "", "");
    let stranger = world.anonymous();
    let tried = (0..100).find(|n| {
        let from = format!("203.0.113.{n}");
        let body = format!("email=guess{n}%40example.com&password=x");
        let headers = [("X-Forwarded-For", from.as_str()), FORM];
        let page = stranger.send("POST", "/sign-in", &headers, body.as_bytes());
        page.status == 429
    });
    assert_eq!(tried, Some(50));
}

#[rstest]
fn over_https_cookies_are_for_this_host_alone() {
    let world = world(Sqlite, "", "https://touchline.example");
    let browser = world.anonymous();
    let page = sign_in(&browser, &[]);
    for name in ["__Host-touchline", "__Host-touchline-device"] {
        let cookie = page.is(303).sets(name);
        for flag in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(flag), "{name}: {cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    assert_eq!(page.sets("touchline"), "");
    assert!(!page.header("strict-transport-security").is_empty());
    browser.get("/today").ok();
    // A cookie that another program of the host could have set over http opens nothing.
    let token = browser.session().expect("a session");
    let other = world.anonymous().with_cookie("touchline", &token);
    other.get("/today").is(303);
}

#[rstest]
fn over_http_everything_works_with_plain_cookies() {
    let world = world(Sqlite, "", "");
    let browser = world.anonymous();
    // A stranger's word that it was https changes nothing.
    let page = sign_in(&browser, &[("X-Forwarded-Proto", "https")]);
    for name in ["touchline", "touchline-device"] {
        let cookie = page.is(303).sets(name);
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
        assert!(!cookie.contains("Secure"), "{cookie}");
    }
    assert_eq!(page.header("strict-transport-security"), "");
    browser.get("/today").ok();
}

#[rstest]
fn a_trusted_proxy_says_that_it_was_https() {
    let world = world(Sqlite, "127.0.0.1", "");
    let page = sign_in(&world.anonymous(), &[("X-Forwarded-Proto", "https")]);
    assert!(page.is(303).sets("__Host-touchline").contains("Secure"));
    let page = sign_in(&world.anonymous(), &[("X-Forwarded-Proto", "http")]);
    assert!(!page.is(303).sets("touchline").contains("Secure"));
}

#[rstest]
fn admins_on_a_network_without_https_are_told(#[values(Sqlite, Postgres)] database: Database) {
    let world = world(database, "127.0.0.1", "");
    let lan = [("X-Forwarded-For", "192.168.1.9")];
    let (ada, ana) = (world.as_("ada"), world.as_("ana"));
    ada.send("GET", "/people", &lan, b"")
        .ok()
        .says("came over plain http");
    // At the machine itself, for others, and over https there is nothing to say.
    ada.get("/me").ok().says_nothing_of("plain http");
    ana.send("GET", "/me", &lan, b"")
        .ok()
        .says_nothing_of("plain http");
    let safe = [lan[0], ("X-Forwarded-Proto", "https")];
    ada.send("GET", "/workspace", &safe, b"")
        .ok()
        .says_nothing_of("plain http");
}

#[rstest]
fn links_lead_to_the_public_address() {
    let world = world(Sqlite, "", "https://touchline.example");
    let path = format!("/people/{}/link", world.person("ben").uid);
    let page = world.as_("ada").post(&path, &[]);
    let link = page.ok().field_text("f-link");
    assert!(link.starts_with("https://touchline.example/welcome/"));
}

#[rstest]
fn an_admin_is_told_of_a_proxy_that_was_forgotten(#[values(Sqlite, Postgres)] database: Database) {
    let forwarded = [("X-Forwarded-For", "203.0.113.7")];
    let forgotten = world(database, "", "");
    let page = |world: &World, name: &str, headers: &[(&str, &str)]| {
        world.as_(name).send("GET", "/today", headers, b"")
    };
    page(&forgotten, "ada", &forwarded)
        .ok()
        .says("set TOUCHLINE_TRUSTED_PROXY=127.0.0.1");
    page(&forgotten, "ana", &forwarded)
        .ok()
        .says_nothing_of("TOUCHLINE_TRUSTED_PROXY");
    page(&forgotten, "ada", &[])
        .ok()
        .says_nothing_of("TOUCHLINE_TRUSTED_PROXY");
    let known = world(database, "127.0.0.1", "");
    page(&known, "ada", &forwarded)
        .ok()
        .says_nothing_of("TOUCHLINE_TRUSTED_PROXY");
}
