//! Signing in and out, and what keeps strangers out.

use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::World;
use rstest::rstest;

#[rstest]
fn who_is_not_signed_in_is_led_to_the_sign_in_page(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let page = world.anonymous().get("/");
    page.redirects_to("/sign-in").follow().ok().says("Sign in");
}

#[rstest]
fn everybody_lands_on_their_first_page(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world.as_("ana").get("/").redirects_to("/today");
    world.as_("mark").get("/").is(303);
}
