//! A page comes quickly also where the signal is weak: it is light.

use crate::pages;
use crate::world::Database::Sqlite;
use crate::world::World;
use rstest::rstest;
use touchline::rules::access::Role;
use touchline::{demo, people, signin};

/// A page, the style sheet and the script together, as they are sent.
const MOST_BYTES: usize = 60_000;

#[rstest]
fn every_page_of_the_demo_is_light(
    #[values(Role::Rep, Role::Manager, Role::Marketing, Role::Admin)] role: Role,
) {
    let world = World::empty(Sqlite);
    demo::fill(world.app()).expect("the demo is made");
    let token = world.write(|tx| {
        let everybody = people::store::all(tx.conn)?;
        let person = everybody.iter().find(|person| person.role == role);
        signin::begin(tx, person.expect("somebody").id, "test")
    });
    let client = world.anonymous().with_session(&token);
    let sent = |path: &str| {
        let request = ureq::get(format!("{}{path}", world.origin()))
            .header("cookie", format!("touchline={token}"))
            .header("accept-encoding", "br");
        let mut answer = request.call().unwrap_or_else(|why| panic!("{path}: {why}"));
        let body = answer.body_mut().read_to_vec();
        body.expect("a body").len()
    };
    let mut heavy = Vec::new();
    for path in pages::one_of_each_kind(&client).values() {
        let page = client.get(path);
        let files = page.tags().into_iter().filter_map(|tag| {
            let attr = match tag.name.as_str() {
                "link" if tag.attr("rel") == Some("stylesheet") => "href",
                "script" => "src",
                _ => return None,
            };
            tag.attr(attr).map(str::to_owned)
        });
        let files: Vec<String> = files.collect();
        assert_eq!(files.len(), 2, "{path}: {files:?}");
        let bytes = sent(path) + files.iter().map(|file| sent(file)).sum::<usize>();
        if bytes > MOST_BYTES {
            heavy.push(format!("{path}: {bytes} bytes"));
        }
    }
    assert!(heavy.is_empty(), "{}", heavy.join("\n"));
}
