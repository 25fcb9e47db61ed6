//! Stories of strangers at the door: they are slowed down, and lock nobody out.

use crate::doors::{OTHER, PASSWORD, link, sign_in, until_refused};
use crate::world::{Client, Database, Database::*, Page, World};
use rstest::rstest;

const ANA: &str = "ana@example.com";

/// A world behind a proxy that says from where each request comes.
fn behind_a_proxy(database: Database) -> World {
    let world = World::configured(database, |app| {
        app.config.trusted_proxy = "127.0.0.1".parse().into_iter().collect();
    });
    let world = world.settled();
    world.give_password("ana", PASSWORD);
    world
}

/// A sign-in from an address.
fn from(client: &Client, address: &str, email: &str, password: &str) -> Page {
    let headers = [
        ("X-Forwarded-For", address),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    let (email, password) = (email.replace('@', "%40"), password.replace(' ', "+"));
    let body = format!("email={email}&password={password}");
    client.send("POST", "/sign-in", &headers, body.as_bytes())
}

#[rstest]
fn a_stranger_is_slowed_down_and_does_not_lock_the_owner_out(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.give_password("ana", PASSWORD);
    let ana = world.anonymous();
    sign_in(&ana, ANA, PASSWORD).is(303);
    ana.post("/sign-out", &[]).is(303);

    let stranger = world.anonymous();
    assert_eq!(until_refused(&stranger, ANA), 10);
    let page = sign_in(&stranger, ANA, PASSWORD);
    page.is(429).says("Too many tries");
    assert_eq!(page.header("set-cookie"), "");
    assert_eq!(page.field("email").as_deref(), Some(ANA));

    // Her own device has tries of its own; a new one at the stranger's address waits, or comes by an admin's link.
    sign_in(&ana, ANA, "a slip").is(422);
    sign_in(&ana, ANA, PASSWORD).is(303);
    let new_phone = world.anonymous();
    sign_in(&new_phone, ANA, PASSWORD).is(429);
    let path = link(&world, "ana");
    new_phone.post(&path, &[("password", OTHER)]).is(303);
    new_phone.post("/sign-out", &[]).is(303);
    sign_in(&new_phone, ANA, OTHER).is(303);

    world.at("2026-03-04T09:05:01Z");
    sign_in(&stranger, ANA, OTHER).is(303);
}

#[rstest]
fn a_stranger_at_one_address_locks_out_nobody_at_another(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = behind_a_proxy(database);
    let (stranger, phone) = (world.anonymous(), world.anonymous());
    for email in [ANA, "nobody@example.com"] {
        // From all over one household's network.
        let tries = (0..100).find(|n| {
            let address = format!("2001:db8:0:1::{n:x}");
            from(&stranger, &address, email, "a wrong password").status == 429
        });
        assert_eq!(tries, Some(10));
        // Elsewhere three are left, for an account that is there and for one that is not.
        for _ in 0..3 {
            from(&phone, "203.0.113.7", email, "a slip").is(422);
        }
        from(&phone, "203.0.113.7", email, "a slip").is(429);
    }
    let new_phone = world.anonymous();
    from(&new_phone, "203.0.113.8", ANA, PASSWORD).is(303);
}

#[rstest]
fn a_stranger_from_many_addresses_meets_a_ceiling_for_the_day() {
    let world = behind_a_proxy(Sqlite);
    let stranger = world.anonymous();
    let tries = (0..400).find(|n| {
        let address = format!("198.51.{}.{}", n / 100, n % 100);
        from(&stranger, &address, ANA, "a wrong password").status == 429
    });
    assert_eq!(tries, Some(300));
}
