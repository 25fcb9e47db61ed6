//! Stories of two who come through one door at the same moment: a link, a code of an app and a recovery code let in one.

use crate::doors::{self, PASSWORD};
use crate::second_factor::{code, set_up, sign_in};
use crate::world::{Client, Database, Database::*, World};
use rstest::rstest;
use std::sync::Barrier;

const ANA: &str = "ana@example.com";

/// Lets these post their fields to a page at the same moment; where each is sent to, empty for who gets in nowhere.
fn at_once(
    world: &World,
    clients: &[Client],
    path: &str,
    fields: &[[(&str, &str); 1]],
) -> Vec<String> {
    let begin = Barrier::new(clients.len());
    std::thread::scope(|scope| {
        let posts = clients.iter().zip(fields).map(|(client, fields)| {
            let (begin, session, origin) = (&begin, client.session(), world.origin());
            scope.spawn(move || {
                let client = Client::new(origin);
                let client = match session {
                    Some(session) => client.with_session(&session),
                    None => client,
                };
                begin.wait();
                let page = client.post(path, fields);
                match page.status {
                    303 => page.location.clone(),
                    _ => String::new(),
                }
            })
        });
        let posts: Vec<_> = posts.collect();
        let places = posts.into_iter().map(|post| post.join());
        places.map(|place| place.expect("an answer")).collect()
    })
}

/// Two browsers that have given the password and owe the code.
fn half_signed_in(world: &World) -> [Client; 2] {
    [(); 2].map(|()| {
        let browser = world.anonymous();
        let half = sign_in(&browser, ANA);
        half.redirects_to("/sign-in/code?next=%2F");
        browser
    })
}

#[rstest]
fn of_two_who_open_one_link_at_once_one_gets_in(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    for round in 0..5 {
        let path = doors::link(&world, "ana");
        let [first, second] = [
            format!("{PASSWORD} {round}"),
            format!("{PASSWORD} again {round}"),
        ];
        let clients = [world.anonymous(), world.anonymous()];
        let fields = [
            [("password", first.as_str())],
            [("password", second.as_str())],
        ];
        let places = at_once(&world, &clients, &path, &fields);
        let is_in: Vec<bool> = places.iter().map(|place| !place.is_empty()).collect();
        assert_eq!(
            is_in.iter().filter(|is_in| **is_in).count(),
            1,
            "{places:?}"
        );
        // What the one chose is the password, and what the other chose is none.
        for (password, is_in) in [first, second].iter().zip(is_in) {
            let status = if is_in { 303 } else { 422 };
            doors::sign_in(&world.anonymous(), ANA, password).is(status);
        }
    }
}

#[rstest]
fn of_two_who_type_one_code_at_once_one_gets_in(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    set_up(&world, "ana");
    for hour in ["10", "11", "12", "13", "14"] {
        world.at(&format!("2026-03-04T{hour}:00:00Z"));
        let clients = half_signed_in(&world);
        let code = code(&world, "ana", 0);
        let places = at_once(
            &world,
            &clients,
            "/sign-in/code",
            &[[("code", &code)], [("code", &code)]],
        );
        let inside = places.iter().filter(|place| *place == "/");
        assert_eq!(inside.count(), 1, "{places:?}");
    }
}

#[rstest]
fn of_two_who_type_one_recovery_code_at_once_one_gets_in(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let codes = set_up(&world, "ana");
    for code in codes.iter().take(5) {
        let clients = half_signed_in(&world);
        let places = at_once(
            &world,
            &clients,
            "/sign-in/code",
            &[[("code", code)], [("code", code)]],
        );
        let inside = places.iter().filter(|place| *place == "/");
        assert_eq!(inside.count(), 1, "{places:?}");
    }
    let me = half_signed_in(&world);
    me[0].post("/sign-in/code", &[("code", &codes[5])]).is(303);
    let page = me[0].get("/me/sign-in");
    page.ok().says("2 recovery codes left");
}
