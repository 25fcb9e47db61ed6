//! Stories of the doors: links that let somebody choose a password, devices that are signed in, and strangers who try.

use crate::world::{Client, Database, Database::*, Page, World};
use rstest::rstest;
use touchline::people::{self, links};

pub const PASSWORD: &str = "correct horse battery";
pub const OTHER: &str = "staple paper clip";

pub fn sign_in(client: &Client, email: &str, password: &str) -> Page {
    client.post("/sign-in", &[("email", email), ("password", password)])
}

/// The address of somebody's page.
fn page_of(world: &World, name: &str) -> String {
    format!("/people/{}", world.person(name).uid)
}

/// The path of a link that ada makes for somebody.
pub fn link(world: &World, name: &str) -> String {
    let page = world
        .as_("ada")
        .post(&format!("{}/link", page_of(world, name)), &[]);
    let link = page.ok().field_text("f-link");
    let path = link.strip_prefix(&world.origin());
    path.expect("a link to this site").to_owned()
}

#[rstest]
fn an_invitation_is_good_once(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let path = link(&world, "ana");
    let (ana, other) = (world.anonymous(), world.anonymous());
    // Looking at it uses nothing up, as previews of links do.
    other.get(&path).ok().says("ana@example.com");
    ana.get("/today").is(303);
    ana.post(&path, &[("password", "short")])
        .is(422)
        .says("Use 10 to 200");
    ana.post(&path, &[("password", PASSWORD)]).redirects_to("/");
    ana.get("/today").ok();
    for page in [
        other.get(&path),
        other.post(&path, &[("password", OTHER)]),
        other.get("/welcome/0000"),
    ] {
        page.is(404).says("no longer good");
        assert_eq!(page.header("set-cookie"), "");
    }
    sign_in(&other, "ana@example.com", OTHER).is(422);
    sign_in(&other, "ana@example.com", PASSWORD).is(303);
}

#[rstest]
fn a_link_ends_with_its_time_and_an_older_one_with_a_newer(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let nobody = world.anonymous();
    let first = link(&world, "ana");
    let second = link(&world, "ana");
    nobody.get(&first).is(404);
    world.at("2026-03-11T08:59:59Z");
    nobody.get(&second).ok();
    world.at("2026-03-11T09:00:00Z");
    nobody.get(&second).is(404);
    nobody.post(&second, &[("password", PASSWORD)]).is(404);

    world.give_password("ben", PASSWORD);
    let reset = link(&world, "ben");
    world.at("2026-03-12T08:59:59Z");
    nobody.get(&reset).ok();
    world.at("2026-03-12T09:00:00Z");
    nobody.get(&reset).is(404);
}

#[rstest]
fn an_admin_sees_open_links_and_takes_one_back(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let path = link(&world, "ana");
    let ada = world.as_("ada");
    let page = ada.get("/people");
    page.ok()
        .says("Open links")
        .says("Ana Arndt Invitation")
        .says("by Ada Adler");
    let actions = page.actions();
    let revoke = actions.iter().find(|action| action.ends_with("/revoke"));
    let revoke = revoke.expect("a button to revoke");
    ada.post(revoke, &[]).redirects_to("/people?done=revoked");
    ada.get("/people").ok().says_nothing_of("Open links");
    ada.post(revoke, &[]).is(404);
    world.anonymous().get(&path).is(404);
}

#[rstest]
fn a_leaver_s_link_opens_nothing(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let path = link(&world, "ana");
    let ana = world.person("ana").id;
    let today = chrono::NaiveDate::from_ymd_opt(2026, 3, 4).expect("a day");
    world.write_as("ada", |tx| people::part(tx, ana, today));
    world.anonymous().get(&path).is(404);
    let page = format!("{}/link", page_of(&world, "ana"));
    world.as_("ada").post(&page, &[]).is(422).says("have left");
}

#[rstest]
fn a_reset_ends_every_session_and_the_old_password(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world.give_password("ana", PASSWORD);
    let (phone, thief) = (world.anonymous(), world.as_("ana"));
    let path = link(&world, "ana");
    thief.get("/today").ok();
    phone.post(&path, &[("password", OTHER)]).is(303);
    phone.get("/today").ok();
    thief.get("/today").is(303);
    sign_in(&world.anonymous(), "ana@example.com", PASSWORD).is(422);
    sign_in(&world.anonymous(), "ana@example.com", OTHER).is(303);
}

#[rstest]
fn the_console_makes_a_link_too_and_no_token_is_kept(
    #[values(Sqlite, Postgres)] database: Database,
) {
    use diesel::prelude::*;
    use touchline::schema::password_links;
    let world = World::new(database);
    let ana = world.person("ana").id;
    let token = world.write(|tx| links::make(tx, ana));
    let kept: Vec<String> = world.read(|conn| {
        Ok(password_links::table
            .select(password_links::token_hash)
            .load(conn)?)
    });
    assert!(!kept.contains(&token));
    world.as_("ada").get("/people").ok().says("by the console");
    world.anonymous().get(&links::path(&token)).ok();
    world.anonymous().get(&links::path(&kept[0])).is(404);
}

#[rstest]
fn one_sees_where_one_is_signed_in_and_ends_it_there(
    #[values(Sqlite, Postgres)] database: Database,
) {
    const PHONE: &str = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0";
    let world = World::new(database);
    world.give_password("ana", PASSWORD);
    let phone = world.anonymous();
    let headers = [
        ("User-Agent", PHONE),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    let body = "email=ana%40example.com&password=correct+horse+battery";
    phone
        .send("POST", "/sign-in", &headers, body.as_bytes())
        .is(303);
    let desk = world.as_("ana");
    let page = desk.get("/me/sign-in");
    page.ok()
        .says("Firefox on Android Since 4 Mar 2026, 10:00, from 127.0.0.1")
        .says("This one");
    let end = page.actions().into_iter().find(|a| a.ends_with("/end"));
    let end = end.expect("a button to end the phone's");
    // Somebody else's is not found.
    world.as_("ben").post(&end, &[]).is(404);
    phone.get("/today").ok();
    desk.post(&end, &[]).redirects_to("/me/sign-in?done=ended");
    phone.get("/today").is(303);
    desk.get("/today").ok();

    let (laptop, ben) = (world.as_("ana"), world.as_("ben"));
    desk.post("/me/sign-in/end-others", &[]).is(303);
    laptop.get("/today").is(303);
    desk.get("/today").ok();
    ben.get("/today").ok();
}

#[rstest]
fn an_admin_signs_somebody_out_everywhere(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let (ana, ben) = (world.as_("ana"), world.as_("ben"));
    let path = format!("{}/sign-out", page_of(&world, "ana"));
    ben.post(&path, &[]).is(403);
    ana.get("/today").ok();
    world.as_("ada").post(&path, &[]).is(303);
    ana.get("/today").is(303);
    ben.get("/today").ok();
}

/// Tries that are wrong, until there were too many; how many that took.
pub fn until_refused(client: &Client, email: &str) -> usize {
    let refused = (0..100).find(|_| sign_in(client, email, "a wrong password").status == 429);
    refused.expect("an end of tries")
}

#[rstest]
fn too_many_tries_are_met_alike_whether_the_account_is_there(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.give_password("ana", PASSWORD);
    let stranger = world.anonymous();
    for email in ["ana@example.com", "nobody@example.com"] {
        assert_eq!(until_refused(&stranger, email), 10);
    }
    let known = sign_in(&stranger, "ana@example.com", "x");
    let unknown = sign_in(&stranger, "nobody@example.com", "x");
    assert_eq!(known.is(429).text(), unknown.is(429).text());
}

#[rstest]
fn one_address_has_so_many_tries_for_all_accounts_together(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.give_password("ana", PASSWORD);
    let ana = world.anonymous();
    sign_in(&ana, "ana@example.com", PASSWORD).is(303);
    let stranger = world.anonymous();
    let tried = (0..100).find(|n| {
        let email = format!("guess{n}@example.com");
        sign_in(&stranger, &email, "x").status == 429
    });
    assert_eq!(tried, Some(50));
    // Who shares the address with them, in an office, gets in where they did before.
    sign_in(&ana, "ana@example.com", PASSWORD).is(303);
}

#[rstest]
fn a_device_that_is_made_up_is_a_stranger_s(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world.give_password("ana", PASSWORD);
    world.give_password("ben", PASSWORD);
    let ben = world.anonymous();
    sign_in(&ben, "ben@example.com", PASSWORD).is(303);
    assert_eq!(
        until_refused(
            &world.anonymous().with_cookie("touchline-device", "made-up"),
            "ana@example.com"
        ),
        10
    );
    // Ben's device is his, and nothing to ana's account.
    sign_in(&ben, "ana@example.com", "x").is(429);
}

#[rstest]
fn a_session_from_before_signing_in_is_worth_nothing_after(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.give_password("ana", PASSWORD);
    for planted in ["planted".to_owned(), world.session("ben")] {
        let victim = world.anonymous().with_session(&planted);
        sign_in(&victim, "ana@example.com", PASSWORD).is(303);
        let token = victim.session().expect("a session");
        assert_ne!(token, planted);
        victim.get("/today").ok();
        let attacker = world.anonymous().with_session(&planted);
        attacker.get("/today").is(303);
    }
}

#[rstest]
fn a_role_in_a_form_makes_nobody_an_admin(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world.give_password("ana", PASSWORD);
    let path = link(&world, "ben");
    let more = [
        ("role", "admin"),
        ("is_admin", "true"),
        ("person_id", "1"),
        ("id", "1"),
        ("left_on", ""),
    ];
    let ana = world.as_("ana");
    let with = |own: &[(&'static str, &'static str)]| [own, &more].concat();
    ana.post(
        "/me/password",
        &with(&[("current", PASSWORD), ("new", OTHER)]),
    )
    .is(303);
    ana.post("/me/keys", &with(&[])).is(303);
    world
        .anonymous()
        .post(&path, &with(&[("password", PASSWORD)]))
        .is(303);
    let fields = with(&[("email", "ana@example.com"), ("password", OTHER)]);
    world.anonymous().post("/sign-in", &fields).is(303);
    for name in ["ana", "ben"] {
        assert_eq!(world.person(name).role.word(), "rep");
        world.as_(name).get("/people").is(403);
    }
}

#[rstest]
#[case("/x\r\nSet-Cookie: touchline=evil")]
#[case("/x\nLocation: https://evil.example")]
#[case("/\t/evil.example")]
#[case("https://evil.example")]
fn nothing_typed_gets_into_a_header(#[case] next: &str) {
    let world = World::new(Sqlite);
    world.give_password("ana", PASSWORD);
    let fields = [
        ("email", "ana@example.com"),
        ("password", PASSWORD),
        ("next", next),
    ];
    let page = world.anonymous().post("/sign-in", &fields);
    page.redirects_to("/");
    assert!(!page.sets("touchline").contains("evil"));
}

#[rstest]
#[case("evil.example/x?")]
#[case("evil.example\"><script>")]
fn a_strange_host_gets_into_no_link(#[case] host: &str) {
    let world = World::new(Sqlite);
    let path = format!("{}/link", page_of(&world, "ana"));
    let page = world.as_("ada").send("POST", &path, &[("Host", host)], b"");
    assert!(!page.body.contains("evil.example"), "{}", page.body);
}

#[rstest]
fn a_new_password_ends_the_links_that_are_out(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let path = link(&world, "ana");
    let me = world.person("ana").id;
    world.write(|tx| touchline::people::set_password(tx, me, "a hash", None));
    let page = world.anonymous().get(&path);
    page.says("no longer");
}

#[rstest]
fn known_devices_are_listed_and_a_new_password_forgets_all_but_this_one(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.give_password("ana", PASSWORD);
    let (here, phone, old) = (world.anonymous(), world.anonymous(), world.anonymous());
    for device in [&old, &phone, &here] {
        sign_in(device, "ana@example.com", PASSWORD).is(303);
    }
    let shown = |client: &Client| {
        client
            .get("/me/sign-in")
            .text()
            .matches("Last signed in")
            .count()
    };
    assert_eq!(shown(&here), 3);
    here.get("/me/sign-in").says("This one");
    // Somebody else forgets nothing of hers.
    world.as_("ben").post("/me/sign-in/forget", &[]).is(303);
    assert_eq!(shown(&here), 3);
    here.get("/me/sign-in")
        .submit("/me/sign-in/forget", &[])
        .redirects_to("/me/sign-in?done=forgotten");
    assert_eq!(shown(&here), 1);
    sign_in(&phone, "ana@example.com", PASSWORD).is(303);
    assert_eq!(shown(&here), 2);
    let fields = [("current", PASSWORD), ("new", OTHER)];
    here.get("/me").submit("/me/password", &fields).is(303);
    assert_eq!(shown(&here), 1);
    // A stranger spends the account's tries: only the device that is still known gets in.
    until_refused(&world.anonymous(), "ana@example.com");
    sign_in(&phone, "ana@example.com", OTHER).is(429);
    here.post("/sign-out", &[]).is(303);
    sign_in(&here, "ana@example.com", OTHER).is(303);
}

#[rstest]
fn a_command_about_a_person_makes_no_database(#[values(Sqlite, Postgres)] database: Database) {
    use crate::world::Home;
    for command in [
        &["person", "link", "ana@example.com"][..],
        &["person", "reset-second-factor", "ana@example.com"],
    ] {
        let home = Home::bare(database);
        let (code, printed, said) = home.run(command);
        assert_eq!((code, printed.as_str()), (Some(1), ""), "{said}");
        assert!(said.contains("there is no database of Touchline"), "{said}");
        if let Sqlite = database {
            assert!(!home.file().exists(), "{command:?}");
        }
    }
}
