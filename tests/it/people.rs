//! Stories of people and teams: an admin says who is in which team from when on, and who may come in.

use crate::world::{Client, Database, Database::*, Page, World};
use rstest::rstest;
use touchline::people;

const PASSWORD: &str = "correct horse battery";

/// The address of somebody's page.
fn page_of(world: &World, name: &str) -> String {
    format!("/people/{}", world.person(name).uid)
}

fn sign_in(client: &Client, email: &str, password: &str) -> Page {
    client.post("/sign-in", &[("email", email), ("password", password)])
}

/// A person's team by name on a day; "" for none.
fn team_on(world: &World, name: &str, day: &str) -> String {
    let id = world.person(name).id;
    world.read(|conn| {
        let memberships = people::store::memberships_of(conn, id)?;
        let team = people::team_on(&memberships, day.parse().expect("a day"));
        let teams = people::store::teams(conn)?;
        let team = teams.into_iter().find(|t| Some(t.id) == team);
        Ok(team.map(|team| team.name).unwrap_or_default())
    })
}

fn change_teams(world: &World, name: &str, deed: &str, team: &str, from: &str) -> Page {
    let team = world.team(team).to_string();
    let path = format!("{}/teams", page_of(world, name));
    let fields = [("deed", deed), ("team", &team), ("from", from)];
    world.as_("ada").post(&path, &fields)
}

fn change_role(client: &Client, path: &str, role: &str) -> Page {
    client.post(
        path,
        &[("name", "Somebody"), ("role", role), ("time_zone", "")],
    )
}

#[rstest]
fn an_admin_adds_a_person_who_can_then_sign_in(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let north = world.team("North").to_string();
    let form = world.as_("ada").get("/people/new");
    let fields = [
        ("name", "Lena Lang"),
        ("email", "Lena@Example.com"),
        ("team", &north),
    ];
    let page = form.submit("/people", &fields);
    let link = page.ok().says("Lena Lang").field_text("f-link");
    let path = link.strip_prefix(&world.origin()).expect("our own link");
    let lena = world.anonymous();
    lena.get(path)
        .ok()
        .says("lena@example.com")
        .submit(path, &[("password", PASSWORD)])
        .redirects_to("/");
    lena.get("/today").ok();
    sign_in(&world.anonymous(), "lena@example.com", PASSWORD).is(303);
    let ada = world.as_("ada");
    ada.get(&page_of(&world, "lena"))
        .ok()
        .says("Since Wed 4 Mar 2026");
    ada.get("/people").ok().says("lena@example.com");
}

#[rstest]
fn a_form_with_faults_comes_back_filled(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let ada = world.as_("ada");
    let fields = [
        ("name", "Lena"),
        ("email", "ana@example.com"),
        ("role", "manager"),
    ];
    let page = ada.post("/people", &fields);
    page.is(422)
        .says("somebody has this e-mail address already");
    assert_eq!(page.field("name").as_deref(), Some("Lena"));
    assert_eq!(page.field("role").as_deref(), Some("manager"));

    let fields = [("name", ""), ("email", "x"), ("role", "king")];
    let page = ada.post("/people", &fields);
    page.is(422)
        .says("Enter a name: one line of 1 to 120 letters.")
        .says("Enter an e-mail address");
    page.says("Enter a role from the list.");
}

#[rstest]
fn moving_to_another_team_holds_from_its_day_on(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let page = change_teams(&world, "ana", "move", "South", "2026-03-16").follow();
    page.ok()
        .says("The teams are changed")
        .says("1 Jan 2020 to Sun 15 Mar 2026");
    assert_eq!(team_on(&world, "ana", "2026-03-15"), "North");
    assert_eq!(team_on(&world, "ana", "2026-03-16"), "South");
    world.at("2026-03-20T09:00:00Z");
    assert_eq!(world.me("ana").teams, [world.team("South")]);
}

#[rstest]
fn a_person_may_be_in_two_teams_and_leave_one(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    change_teams(&world, "ana", "join", "South", "2026-03-04").is(303);
    assert_eq!(world.me("ana").teams.len(), 2);
    change_teams(&world, "ana", "join", "South", "2026-03-05")
        .is(422)
        .says("They are in South on that day or later already.");
    change_teams(&world, "ana", "leave", "North", "2026-03-04").is(303);
    assert_eq!(world.me("ana").teams, [world.team("South")]);
    change_teams(&world, "ana", "leave", "North", "2026-03-05")
        .is(422)
        .says("They are not in North on that day or later.");
}

#[rstest]
fn what_was_logged_before_a_move_stays_with_the_old_team(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.log("ana", "Call", "No answer", None);
    change_teams(&world, "ana", "move", "South", "2026-03-04").is(303);
    world.log("ana", "Call", "No answer", None);
    let id = world.person("ana").id;
    let today = "2026-03-04".parse().expect("a day");
    let mut teams: Vec<Option<i64>> = world.read(|conn| {
        let rows = touchline::activities::store::of_day(conn, id, today)?;
        Ok(rows.iter().map(|row| row.0.team_id).collect())
    });
    teams.sort();
    let mut expected = vec![Some(world.team("North")), Some(world.team("South"))];
    expected.sort();
    assert_eq!(teams, expected);
}

#[rstest]
fn the_last_admin_stays_an_admin_and_stays(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let ada = world.as_("ada");
    let path = page_of(&world, "ada");
    change_role(&ada, &path, "rep")
        .is(422)
        .says("This is the only admin");
    ada.post(&format!("{path}/left"), &[("last_day", "2026-03-04")])
        .is(422)
        .says("This is the only admin");
    change_role(&ada, &page_of(&world, "max"), "admin").is(303);
    change_role(&ada, &path, "rep").is(303);
    ada.get("/people").is(403);
}

#[rstest]
fn a_leaver_cannot_sign_in_and_is_signed_out(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let (ada, ana) = (world.as_("ada"), world.as_("ana"));
    let path = page_of(&world, "ana");
    let me = world.person("ana").id;
    let hash = touchline::secret::hash_password(world.app(), PASSWORD).expect("a hash");
    world.write(|tx| people::passwords::store::set(tx.conn, me, &hash));
    let left = format!("{path}/left");
    ada.post(&left, &[("last_day", "2026-03-05")])
        .is(422)
        .says("Enter today or a day before");
    ana.get("/today").ok();
    ada.post(&left, &[("last_day", "2026-03-03")]).is(303);
    ana.get("/today").redirects_to("/sign-in?next=%2Ftoday");
    sign_in(&world.anonymous(), "ana@example.com", PASSWORD).is(422);
    assert_eq!(team_on(&world, "ana", "2026-03-03"), "North");
    assert_eq!(team_on(&world, "ana", "2026-03-04"), "");
    ada.get("/people")
        .ok()
        .says("Left (1)")
        .says("Tue 3 Mar 2026");

    ada.post(&format!("{path}/return"), &[]).is(303);
    sign_in(&world.anonymous(), "ana@example.com", PASSWORD).is(303);
}

#[rstest]
fn a_new_role_ends_sessions(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let ada = world.as_("ada");
    let ana = world.as_("ana");
    let path = page_of(&world, "ana");
    change_role(&ada, &path, "rep").is(303);
    ana.get("/today").ok();
    change_role(&ada, &path, "manager").is(303);
    ana.get("/today").is(303);
}

#[rstest]
fn teams_are_added_and_renamed_but_never_alike(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let ada = world.as_("ada");
    let page = ada.get("/teams/new").submit("/teams", &[("name", "East")]);
    let path = page
        .location
        .split('?')
        .next()
        .unwrap_or_default()
        .to_owned();
    ada.post("/teams", &[("name", "East")])
        .is(422)
        .says("There is a team called East already.");
    ada.post(&path, &[("name", "North")]).is(422);
    let fields = [("name", "Far East"), ("time_zone", "Asia/Tokyo")];
    ada.post(&path, &fields).follow().ok().says("Far East");
    ada.get("/people").ok().says("Far East").says("Asia/Tokyo");
}

#[rstest]
fn only_an_admin_decides_about_people(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let path = page_of(&world, "ben");
    for name in ["ana", "max", "mark"] {
        let client = world.as_(name);
        client.get("/people").is(403);
        client.get(&path).is(403);
        client.post(&format!("{path}/link"), &[]).is(403);
        change_role(&client, &path, "admin").is(403);
    }
    world.as_("ada").get("/people/nobody").is(404);
    world.as_("ada").get("/teams/99999").is(404);
    world.as_("ada").get("/teams/x").is(404);
}

#[rstest]
fn an_address_typed_wrongly_is_mended(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let path = page_of(&world, "ben");
    world.give_password("ben", "a good long password");
    let ben = world.as_("ben");
    ben.get("/today").ok();
    let form = world.as_("ada").get(&path);
    form.submit(&path, &[("email", "ana@example.com")])
        .is(422)
        .says("ana@example.com is taken");
    form.submit(&path, &[("email", "not an address")]).is(422);
    assert_eq!(world.person("ben").email, "ben@example.com");
    form.submit(&path, &[("email", "Ben.Neu@Example.com")])
        .is(303);
    // The old one opens nothing any more, and the new one does.
    ben.get("/today").is(303);
    let nobody = world.anonymous();
    sign_in(&nobody, "ben@example.com", "a good long password").is(422);
    sign_in(&nobody, "ben.neu@example.com", "a good long password").is(303);
    world
        .as_("ada")
        .get("/record")
        .says("ben@example.com")
        .says("ben.neu@example.com");
}

#[rstest]
fn a_team_is_retired_when_nobody_is_in_it_and_comes_back(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let south = world.team("South");
    let page = format!("/teams/{south}");
    let retire = format!("{page}/retire");
    let ada = world.as_("ada");
    for name in ["max", "ana", "mark"] {
        world.as_(name).post(&retire, &[]).is(403);
    }
    ada.get(&page)
        .submit(&retire, &[])
        .is(422)
        .says("move its people first");
    for name in ["mia", "sue"] {
        change_teams(&world, name, "move", "North", "2026-03-04").is(303);
    }
    ada.get(&page)
        .submit(&retire, &[])
        .redirects_to(&format!("{page}?done=retired"));
    ada.get("/people").ok().says("Retired teams (1)");
    // Nobody joins it: no form offers it, and whoever had one open is told.
    let offered = |path: &str| {
        ada.get(path)
            .ok()
            .body
            .contains(&format!("value=\"{south}\""))
    };
    assert!(!offered(&page_of(&world, "ana")) && !offered("/people/new"));
    change_teams(&world, "sue", "move", "South", "2026-03-04")
        .is(422)
        .says("South is retired");
    assert_eq!(team_on(&world, "sue", "2026-03-04"), "North");
    assert_eq!(
        team_on(&world, "sue", "2026-03-03"),
        "South",
        "its past stays"
    );
    ada.get("/record?subject=team")
        .says("retired team")
        .says("South");
    ada.get(&page).submit(&retire, &[]).is(303);
    assert!(offered("/people/new"));
    change_teams(&world, "sue", "move", "South", "2026-03-05").is(303);
}
