//! Stories of the second factor: codes of an app, each good once, and recovery codes for who has lost it.

use crate::world::{Client, Database, Database::*, Page, World};
use rstest::rstest;
use touchline::rules::totp;
use touchline::signin::factor;

const PASSWORD: &str = "correct horse battery";

pub fn sign_in(client: &Client, email: &str) -> Page {
    client.post("/sign-in", &[("email", email), ("password", PASSWORD)])
}

fn secret(world: &World, name: &str) -> Vec<u8> {
    let id = world.person(name).id;
    let factor = world.read(|conn| factor::store::of_person(conn, id));
    let secret = factor.expect("a second factor").secret;
    data_encoding::BASE32_NOPAD
        .decode(secret.as_bytes())
        .expect("base32")
}

/// What the app shows, so many steps off.
pub fn code(world: &World, name: &str, off: i64) -> String {
    let step = totp::step_at(world.now()) + off;
    totp::code(&secret(world, name), step)
}

/// Sets a second factor up as a person does, and returns the recovery codes.
pub fn set_up(world: &World, name: &str) -> Vec<String> {
    world.give_password(name, PASSWORD);
    let browser = world.as_(name);
    let form = browser.get("/me/second-factor");
    form.ok()
        .submit("/me/second-factor/begin", &[("current", "wrong")])
        .is(422)
        .says("not your password");
    form.submit("/me/second-factor/begin", &[("current", PASSWORD)])
        .redirects_to("/me/second-factor");
    let form = browser.get("/me/second-factor");
    assert!(form.ok().body.contains("<svg class=\"qr\""));
    form.submit("/me/second-factor/confirm", &[("code", "000000")])
        .is(422)
        .says("code is wrong");
    let code = code(world, name, 0);
    let page = form.submit("/me/second-factor/confirm", &[("code", &code)]);
    let codes = page.ok().body.split("<code>").skip(1);
    let codes = codes.filter_map(|rest| rest.split('<').next());
    codes.map(str::to_owned).collect()
}

fn step(browser: &Client, code: &str) -> Page {
    let form = browser.get("/sign-in/code");
    form.ok().submit("/sign-in/code", &[("code", code)])
}

#[rstest]
fn a_password_alone_opens_nothing_any_more(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    assert_eq!(set_up(&world, "ana").len(), factor::CODES);
    world.at("2026-03-04T10:00:00Z");
    let browser = world.anonymous();
    sign_in(&browser, "ana@example.com").redirects_to("/sign-in/code?next=%2F");
    let half = browser.session().expect("a half session");
    browser.get("/today").redirects_to("/sign-in?next=%2Ftoday");
    browser.get("/me/second-factor").is(303);
    step(&browser, "123456").is(422).says("code is wrong");
    let code = code(&world, "ana", 0);
    step(&browser, &code).redirects_to("/");
    browser.get("/today").ok();
    // What was half a session is none, and never becomes one.
    assert_ne!(browser.session().expect("a session"), half);
    let thief = world.anonymous().with_session(&half);
    thief.get("/today").is(303);
    thief.get("/sign-in/code").redirects_to("/sign-in");
}

#[rstest]
fn a_code_is_taken_half_a_minute_early_or_late_and_only_once(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    set_up(&world, "ana");
    world.at("2026-03-04T10:00:00Z");
    let browser = world.anonymous();
    sign_in(&browser, "ana@example.com").is(303);
    for off in [-2, 2] {
        step(&browser, &code(&world, "ana", off)).is(422);
    }
    let early = code(&world, "ana", 1);
    step(&browser, &early).is(303);
    // The same code again, and one before it, in another browser.
    let thief = world.anonymous();
    sign_in(&thief, "ana@example.com").is(303);
    for replayed in [early, code(&world, "ana", 0), code(&world, "ana", -1)] {
        step(&thief, &replayed).is(422).says("used before");
    }
    world.at("2026-03-04T10:02:00Z");
    step(&thief, &code(&world, "ana", -1)).is(303);
}

#[rstest]
fn the_code_that_turned_it_on_does_not_sign_in_too(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    set_up(&world, "ana");
    let browser = world.anonymous();
    sign_in(&browser, "ana@example.com").is(303);
    step(&browser, &code(&world, "ana", 0)).is(422);
}

#[rstest]
fn a_recovery_code_lets_in_once_however_it_is_typed(
    #[values(Sqlite, Postgres)] database: Database,
) {
    use diesel::prelude::*;
    use touchline::schema::recovery_codes;
    let world = World::new(database);
    let codes = set_up(&world, "ana");
    let typed = codes[0].to_uppercase().replace('-', " ");
    let browser = world.anonymous();
    sign_in(&browser, "ana@example.com").is(303);
    step(&browser, &typed).is(303);
    browser
        .get("/me/sign-in")
        .ok()
        .says("7 recovery codes left");
    let again = world.anonymous();
    sign_in(&again, "ana@example.com").is(303);
    step(&again, &codes[0]).is(422);
    step(&again, &codes[1]).is(303);
    let kept: Vec<String> = world.read(|conn| {
        Ok(recovery_codes::table
            .select(recovery_codes::code_hash)
            .load(conn)?)
    });
    assert!(codes.iter().all(|code| !kept.contains(code)));

    // New ones end the old ones.
    world.at("2026-03-04T11:00:00Z");
    let code = code(&world, "ana", 0);
    let page = browser.post("/me/second-factor/codes", &[("code", &code)]);
    page.ok().says("Recovery codes");
    let last = world.anonymous();
    sign_in(&last, "ana@example.com").is(303);
    step(&last, &codes[2]).is(422);
}

#[rstest]
fn guessing_codes_comes_to_an_end(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    set_up(&world, "ana");
    world.at("2026-03-04T10:00:00Z");
    let thief = world.anonymous();
    sign_in(&thief, "ana@example.com").is(303);
    let guesses =
        (0..100).find(|_| thief.post("/sign-in/code", &[("code", "000000")]).status == 429);
    assert_eq!(guesses, Some(10));
    let code = code(&world, "ana", 0);
    thief.post("/sign-in/code", &[("code", &code)]).is(429);
}

#[rstest]
fn whoever_takes_too_long_begins_with_the_password_again(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    set_up(&world, "ana");
    let browser = world.anonymous();
    world.at("2026-03-04T10:00:00Z");
    sign_in(&browser, "ana@example.com").is(303);
    browser.get("/sign-in/code").ok();
    world.at("2026-03-04T10:10:00Z");
    browser.get("/sign-in/code").redirects_to("/sign-in");
    let code = code(&world, "ana", 0);
    let page = browser.post("/sign-in/code", &[("code", &code)]);
    page.redirects_to("/sign-in");
}

#[rstest]
fn a_role_that_asks_for_it_sees_nothing_else_before(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (ada, max) = (world.as_("ada"), world.as_("max"));
    max.get("/today").ok();
    let rules = ada.get("/sign-in-rules");
    rules
        .ok()
        .submit("/sign-in-rules", &[("role", "manager")])
        .redirects_to("/sign-in-rules?done=saved");
    ada.get("/people").ok();
    for path in ["/today", "/leads", "/me", "/me/sign-in"] {
        max.get(path).redirects_to("/me/second-factor");
    }
    max.post("/log", &[]).redirects_to("/me/second-factor");
    set_up(&world, "max");
    max.get("/today").ok();
    // It stays on while the role asks for it.
    world.at("2026-03-04T10:00:00Z");
    let code = code(&world, "max", 0);
    max.post("/me/second-factor/end", &[("code", &code)])
        .is(422)
        .says("Your role asks");
    world.as_("max").post("/sign-in-rules", &[]).is(403);
}

#[rstest]
fn it_is_turned_off_with_a_code_or_by_an_admin(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let codes = set_up(&world, "ana");
    let ana = world.as_("ana");
    ana.post("/me/second-factor/end", &[("code", "000000")])
        .is(422);
    ana.post("/me/second-factor/end", &[("code", &codes[0])])
        .is(303);
    let browser = world.anonymous();
    sign_in(&browser, "ana@example.com").redirects_to("/");

    set_up(&world, "ben");
    let ben = world.as_("ben");
    let path = format!("/people/{}", world.person("ben").uid);
    let reset = format!("{path}/second-factor/reset");
    ana.post(&reset, &[]).is(403);
    let ada = world.as_("ada");
    ada.get(&path).ok().says("Their second factor is on");
    ada.post(&reset, &[]).is(303);
    ben.get("/today").is(303);
    sign_in(&ben, "ben@example.com").redirects_to("/");
}

#[rstest]
fn a_reset_of_the_password_does_not_go_round_it(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    set_up(&world, "ana");
    let ana = world.person("ana").id;
    let token = world.write(|tx| touchline::people::links::make(tx, ana));
    let browser = world.anonymous();
    let page = browser.post(&format!("/welcome/{token}"), &[("password", PASSWORD)]);
    page.redirects_to("/sign-in/code?next=%2F");
    browser.get("/today").is(303);
}

#[rstest]
fn what_a_stranger_types_as_an_address_spends_no_tries_of_a_code(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    set_up(&world, "ana");
    world.at("2026-03-04T10:00:00Z");
    let id = world.person("ana").id;
    let stranger = world.anonymous();
    for words in [
        format!("own code {id}"),
        format!("code {id}"),
        format!("password {id}"),
        id.to_string(),
    ] {
        let spent = (0..30).find(|_| sign_in(&stranger, &words).status == 429);
        assert!(spent.is_some(), "{words}");
    }
    let code = code(&world, "ana", 0);
    world
        .as_("ana")
        .post("/me/second-factor/codes", &[("code", &code)])
        .ok()
        .says("Recovery codes");
}

#[rstest]
fn who_finds_an_open_session_does_not_guess_its_password_for_ever(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let thief = world.as_("ana");
    let guess = |current: &str| {
        let fields = [("current", current), ("new", "a new and long password")];
        thief.post("/me/password", &fields)
    };
    let guesses = (0..100).find(|_| guess("not it").status == 429);
    assert_eq!(guesses, Some(10));
    guess("not it").is(429).says("Too many tries.");
}
