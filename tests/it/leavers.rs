//! Stories of somebody's leads when they leave: proposed to others, and given only when confirmed.

use crate::world::{Database, Database::*, Page, World};
use chrono::NaiveDate;
use rstest::rstest;
use touchline::leads;
use touchline::territories;

fn owner(world: &World, uid: &str) -> Option<i64> {
    let admin = world.me("ada");
    let lead = world.read(|conn| leads::store::by_uid(conn, &admin, uid));
    lead.expect("the lead").owner_id
}

/// Ben has left with two leads, and the default rota is sue's and ana's; returns the leads' uids.
fn ben_leaves(world: &World) -> [String; 2] {
    let leads = [world.lead("Acme", "ben"), world.lead("Birch", "ben")];
    let seats = ["ana", "sue"].map(|name| (world.person(name).id, 1));
    world.write(|tx| territories::set_rota(tx, None, &seats));
    let ben = world.person("ben");
    let left = world.as_("ada").get(&format!("/people/{}", ben.uid));
    let last_day = [("last_day", "2026-03-04")];
    left.submit(&format!("/people/{}/left", ben.uid), &last_day)
        .redirects_to(&format!("/people/{}/leads?done=left", ben.uid));
    leads
}

fn proposed(page: &Page, uid: &str) -> String {
    page.field(&format!("owner-{uid}")).unwrap_or_default()
}

#[rstest]
fn a_leavers_open_leads_are_proposed_to_others_and_given_when_confirmed(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let [acme, birch] = ben_leaves(&world);
    let ben = world.person("ben");
    let path = format!("/people/{}/leads", ben.uid);
    let ada = world.as_("ada");
    let page = ada.get(&format!("{path}?done=left"));
    page.ok()
        .says("Ben Beck has left and can no longer sign in.")
        .says("No territory fits, default rota, turn of Ana Arndt");
    let (ana, sue, max) = (
        world.person("ana"),
        world.person("sue"),
        world.person("max"),
    );
    assert_eq!(proposed(&page, &acme), ana.uid);
    assert_eq!(proposed(&page, &birch), sue.uid);
    assert_eq!(
        owner(&world, &acme),
        Some(ben.id),
        "nothing is given unasked"
    );
    ada.get(&format!("/people/{}", ben.uid))
        .says("Their open leads");
    // One is left where it is, the other as proposed.
    let (keep, give) = (format!("owner-{birch}"), format!("owner-{acme}"));
    page.submit(&path, &[(&keep, "")])
        .redirects_to(&format!("{path}?done=given"));
    assert_eq!(owner(&world, &acme), Some(ana.id));
    assert_eq!(owner(&world, &birch), Some(ben.id));
    world
        .as_("ana")
        .get(&format!("/leads/{acme}"))
        .says("Reason: Owner has left")
        .says("Default rota, from the rota");
    let rest = ada.get(&path);
    rest.says("Birch").says_nothing_of("Acme");
    // Ana's turn was counted: it is sue's.
    assert_eq!(proposed(&rest, &birch), sue.uid);
    rest.submit(&path, &[(&keep, max.uid.as_str())]).is(303);
    assert_eq!(owner(&world, &birch), Some(max.id));
    ada.get(&path).says("No open leads");
    // The page as it was before: its lead has gone to somebody meanwhile.
    let late = page.submit(&path, &[(&keep, ""), (&give, sue.uid.as_str())]);
    late.is(422)
        .says("Acme: This lead changed while you had the page open.");
    assert_eq!(owner(&world, &acme), Some(ana.id));
}

#[rstest]
fn a_manager_shares_out_the_leads_of_their_own_leavers_only(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let [acme, birch] = ben_leaves(&world);
    let path = format!("/people/{}/leads", world.person("ben").uid);
    let queue = "/leads?view=unassigned";
    world
        .as_("max")
        .get(queue)
        .says("Ben Beck has left with 2 open leads");
    world.as_("mia").get(queue).says_nothing_of("Ben Beck");
    world.as_("mia").get(&path).is(404);
    world.as_("ana").get(&path).is(403);
    let max = world.as_("max");
    let page = max.get(&path);
    // The rules may give to sue, of another team; by hand max may give to his own people.
    let (ana, sue, mia) = (
        world.person("ana"),
        world.person("sue"),
        world.person("mia"),
    );
    assert_eq!(proposed(&page, &birch), sue.uid);
    let (first, second) = (format!("owner-{acme}"), format!("owner-{birch}"));
    let wrong = page.submit(
        &path,
        &[(&first, mia.uid.as_str()), (&second, sue.uid.as_str())],
    );
    wrong.is(422).says("Acme: This is not yours to give.");
    assert_eq!(
        owner(&world, &birch),
        Some(sue.id),
        "each is judged by itself"
    );
    max.get(&path)
        .submit(&path, &[(&first, ana.uid.as_str())])
        .is(303);
    assert_eq!(owner(&world, &acme), Some(ana.id));
    world.as_("max").get(queue).says_nothing_of("Ben Beck");
}

#[rstest]
fn who_has_left_owns_nothing_anew(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    ben_leaves(&world);
    let fresh = world.lead("Cedar", "");
    let ben = world.person("ben").uid;
    let given = world.as_("ada").post(
        "/leads/bulk",
        &[("deed", "give"), ("lead", &fresh), ("owner", &ben)],
    );
    given.is(422).says("Ben Beck cannot own leads");
    let day: Option<NaiveDate> = world.person("ben").left_on;
    assert_eq!(day, "2026-03-04".parse().ok());
}

/// Ben rejected a lead and left, and marketing disputes it; the lead's uid and the place of the rejection.
fn disputed(world: &World) -> (String, String) {
    let uid = world.lead("Cedar", "ben");
    let fields = [("reason", "Wrong role"), ("note", "An intern.")];
    crate::talk::moves(&world.as_("ben"), &uid, "rejected", &fields).is(303);
    ben_leaves(world);
    let admin = world.me("ada");
    let event = world.read(|conn| {
        let lead = leads::store::by_uid(conn, &admin, &uid)?.expect("the lead");
        let rejections = touchline::talk::store::rejections(conn, lead.id)?;
        Ok(rejections[0].event_id.to_string())
    });
    world.at("2026-03-06T09:00:00Z");
    let fields = [
        ("event", event.as_str()),
        ("reply", "disputed"),
        ("text", "She signs."),
    ];
    let path = format!("/leads/{uid}/answer");
    world.as_("mark").post(&path, &fields).is(303);
    (uid, event)
}

#[rstest]
fn what_becomes_of_a_leavers_leads_is_told_to_their_managers(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (uid, _) = disputed(&world);
    let said = "Marketing disputes the rejection";
    world.as_("max").get("/inbox").says(said);
    world.as_("mia").get("/inbox").says_nothing_of(said);
    world.as_("ada").get("/inbox").says_nothing_of(said);
    // And who sees the lead can be named in a question about it.
    let form = world.as_("mark").get(&format!("/leads/{uid}?say=ask"));
    form.says("Max Maier").says_nothing_of("Mia Moser");
}

#[rstest]
fn a_rejection_withdrawn_after_its_owner_left_goes_by_the_rules_and_is_told(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (uid, event) = disputed(&world);
    let settle = [
        ("event", event.as_str()),
        ("reply", "withdrawn"),
        ("text", "You are right."),
    ];
    let path = format!("/leads/{uid}/settle");
    world.as_("max").post(&path, &settle).is(303);
    // The default rota: it is ana's turn, and she hears of it.
    assert_eq!(owner(&world, &uid), Some(world.person("ana").id));
    world.as_("ana").get("/inbox").says("Handed over to you");
}

#[rstest]
fn a_rejection_withdrawn_where_nobody_may_own_it_waits_and_managers_are_told(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (uid, event) = disputed(&world);
    world.write(|tx| territories::set_rota(tx, None, &[]));
    let settle = [
        ("event", event.as_str()),
        ("reply", "withdrawn"),
        ("text", "You are right."),
    ];
    let path = format!("/leads/{uid}/settle");
    world.as_("max").post(&path, &settle).is(303);
    assert_eq!(owner(&world, &uid), None);
    world.as_("mia").get("/inbox").says("Waits for an owner");
}

#[rstest]
fn what_a_marketer_who_left_handed_over_is_among_the_hand_overs_of_all_of_marketing(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let mona = crate::world::newcomer("Mona Meier", touchline::rules::access::Role::Marketing);
    world.write(|tx| touchline::people::add(tx, mona));
    let uid = world.lead("Cedar", "ana");
    let fields = [("reason", "Wrong role"), ("note", "An intern.")];
    crate::talk::moves(&world.as_("ana"), &uid, "rejected", &fields).is(303);
    let mine = || {
        world
            .as_("mona")
            .get("/hand-overs?from=2026-03-01&to=2026-03-31")
    };
    mine().ok().says_nothing_of("Cedar");
    let (mark, today) = (
        world.person("mark").id,
        "2026-03-04".parse().expect("a day"),
    );
    world.write_as("ada", |tx| touchline::people::part(tx, mark, today));
    world.at("2026-03-05T09:00:00Z");
    // What waits for her answer, and what the table below it counts.
    let page = mine();
    page.ok().says("Of 1 hand-over");
    let file = world
        .as_("mona")
        .get("/hand-overs?from=2026-03-01&to=2026-03-31&format=csv");
    assert!(file.ok().body.contains("Cedar"));
}

#[rstest]
fn the_screens_of_a_leaver_are_taken_down_beside_their_leads(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let team = world.team("North").to_string();
    let fields = [("team", team.as_str()), ("name", "Sales floor")];
    let made = world.as_("max").get("/team/screens");
    let made = made.ok().submit("/team/screens", &fields);
    let link = made.ok().field_text("f-link");
    let wall = link.strip_prefix(&world.origin()).expect("an address");
    let max = world.person("max");
    let ada = world.as_("ada");
    let page = ada.get(&format!("/people/{}", max.uid));
    let left = page.submit(
        &format!("/people/{}/left", max.uid),
        &[("last_day", "2026-03-04")],
    );
    let page = left.is(303).follow();
    page.ok()
        .says("Screens that they put up")
        .says("Sales floor North 4 Mar 2026, 10:00 Take down");
    world.anonymous().get(wall).ok();
    let actions = page.actions().into_iter();
    let take_down = actions.filter(|action| action.ends_with("/take-down"));
    let take_down: Vec<String> = take_down.collect();
    page.submit(&take_down[0], &[]).is(303);
    world.anonymous().get(wall).is(404);
    ada.get(&format!("/people/{}/leads", max.uid))
        .ok()
        .says_nothing_of("Sales floor");
}

#[rstest]
fn nobody_who_has_left_is_put_into_a_team(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    ben_leaves(&world);
    let (path, team) = (
        format!("/people/{}/teams", world.person("ben").uid),
        world.team("South").to_string(),
    );
    let fields = [("deed", "join"), ("team", &*team), ("from", "2026-03-05")];
    let ada = world.as_("ada");
    ada.post(&path, &fields)
        .is(422)
        .says("They have left: say that they are back first.");
    let back = format!("/people/{}/return", world.person("ben").uid);
    ada.post(&back, &[]).is(303);
    ada.post(&path, &fields).is(303);
}
