//! Stories of touches on leads that went to somebody else, and of the next step that two people plan: what was done
//! counts, nothing is overwritten unseen, and nothing that was typed is lost.

use crate::world::{Database, Database::*, Page, World};
use rstest::rstest;
use touchline::leads::{self, Lead};
use touchline::rules::stage::Stage;

fn lead(world: &World, uid: &str) -> Lead {
    let admin = world.me("ada");
    world.read(|conn| Ok(leads::store::by_uid(conn, &admin, uid)?.expect("the lead")))
}

fn give(world: &World, uid: &str, to: &str) {
    let owner = world.person(to).uid;
    let form = world.as_("max").get(&format!("/leads/{uid}?do=assign"));
    let path = format!("/leads/{uid}/assign");
    form.submit(&path, &[("owner", &owner)]).is(303);
}

/// A manager plans the next step from their list.
fn plan(world: &World, uid: &str, on: &str) {
    let fields = [("deed", "step"), ("on", on), ("lead", uid)];
    world.as_("max").post("/leads/bulk", &fields).is(303);
}

fn step(world: &World, uid: &str) -> String {
    let step = lead(world, uid).next_step_on;
    step.map(|day| day.to_string()).unwrap_or_default()
}

#[rstest]
fn whoever_mends_an_entry_on_a_lead_that_was_given_away_leaves_the_touch_with_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let entry = world.log("ana", "Call", "No answer", Some(&uid));
    let path = format!("/activities/{entry}");
    let opened_before = world.as_("ana").get(&path);
    world.at("2026-03-04T09:20:00Z");
    give(&world, &uid, "ben");
    let form = world.as_("ana").get(&path);
    form.ok().says("Acme").says("not yours any more");
    assert_eq!(form.field("lead").as_deref(), Some(uid.as_str()));
    form.submit(&path, &[("note", "Left a word.")])
        .redirects_to("/today?done=changed");
    let now = lead(&world, &uid);
    assert_eq!((now.stage, now.attempts), (Stage::Attempting, 1));
    assert_eq!(now.owner_id, Some(world.person("ben").id));
    // The form that was open before names the entry as it was: what was typed comes back.
    let late = opened_before.submit(&path, &[("note", "Another word.")]);
    late.is(409)
        .says("This entry was changed or deleted meanwhile")
        .says("Another word.");
    assert_eq!(lead(&world, &uid).attempts, 1);
    world
        .as_("max")
        .get(&format!("/leads/{uid}"))
        .says("Left a word.");
}

#[rstest]
fn a_form_of_an_entry_that_was_open_before_the_lead_was_given_away_is_saved_too(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let entry = world.log("ana", "Call", "No answer", Some(&uid));
    let path = format!("/activities/{entry}");
    let form = world.as_("ana").get(&path);
    world.at("2026-03-04T09:20:00Z");
    give(&world, &uid, "ben");
    plan(&world, &uid, "2026-03-06");
    // The step is the new owner's to plan: what was meant is there for the manager to read.
    let typed = [("note", "They moved."), ("next", "3")];
    form.submit(&path, &typed)
        .redirects_to("/today?done=changed");
    assert_eq!(lead(&world, &uid).attempts, 1);
    assert_eq!(step(&world, &uid), "2026-03-06");
    let page = world.as_("max").get(&format!("/leads/{uid}"));
    page.says("They moved. Next step meant: Sat 7 Mar 2026.");
    // On a lead that never was theirs nobody puts an entry.
    let other = world.lead("Birch", "sue");
    let entry = world.log("ana", "Call", "No answer", None);
    let path = format!("/activities/{entry}");
    let form = world.as_("ana").get(&path);
    form.submit(&path, &[("lead", &other)]).is(404);
}

#[rstest]
fn a_log_form_whose_lead_went_away_says_so_and_never_logs_a_count_instead(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let form = world.as_("ana").get(&format!("/log?lead={uid}"));
    world.at("2026-03-04T09:20:00Z");
    give(&world, &uid, "ben");
    let back = form.submit("/log", &[("note", "She will call."), ("outcome", "")]);
    back.is(422)
        .says("Acme is not yours any more. Given to Ben Beck by Max Maier, 10:20.")
        .says("Choose another lead, or none.");
    assert_eq!(back.field("note").as_deref(), Some("She will call."));
    assert_eq!(back.field("lead"), None);
    assert!(
        back.body.contains(r#"value="" required>"#),
        "one must be chosen"
    );
}

fn queued(world: &World, uid: &str, at: &str, more: &[(&str, &str)]) -> Page {
    let person = world.person("ana").uid;
    let fields = [
        ("kind", "1"),
        ("outcome", "1"),
        ("at", at),
        ("person", &person),
        ("lead", uid),
    ];
    let fields = [&fields[..], more].concat();
    world.as_("ana").post("/log/queued", &fields)
}

#[rstest]
fn a_touch_made_without_signal_while_the_lead_was_theirs_counts_for_who_made_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    world.at("2026-03-04T09:20:00Z");
    give(&world, &uid, "ben");
    world.at("2026-03-04T10:00:00Z");
    let first = ("uid", "019cb5d0-0000-7000-8000-000000000001");
    let second = ("uid", "019cb5d0-0000-7000-8000-000000000002");
    // Made after it went away it is not theirs, and they are told what became of it.
    queued(&world, &uid, "2026-03-04T09:30:00Z", &[second])
        .is(409)
        .says("Acme is not yours any more. Given to Ben Beck by Max Maier, 10:20.");
    assert_eq!(lead(&world, &uid).attempts, 0);
    let made = "2026-03-04T09:10:00Z";
    queued(&world, &uid, made, &[first, ("next", "1")]).is(204);
    queued(&world, &uid, made, &[first, ("next", "1")]).is(204);
    let now = lead(&world, &uid);
    assert_eq!((now.attempts, now.stage), (1, Stage::Attempting));
    assert_eq!(now.next_step_on, None, "it is the new owner's to plan");
    assert_eq!(now.last_touch_at, Some(crate::world::instant(made)));
    world.as_("ana").get("/today").says("1 logged").says("Acme");
    let told = world.as_("max").get(&format!("/leads/{uid}"));
    told.says("Next step meant: Thu 5 Mar 2026.");
    // A lead that never was theirs is not found, whenever it is said to have been.
    let other = world.lead("Birch", "sue");
    queued(&world, &other, "2026-03-04T10:00:00Z", &[second]).is(404);
}

#[rstest]
fn a_refused_entry_keeps_its_time_when_it_is_mended(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ana = world.as_("ana");
    let form = ana.get("/log?kind=1&at=2026-03-03T14:30:15.250Z&note=Asked");
    assert_eq!(form.field("day").as_deref(), Some("2026-03-03"));
    assert_eq!(form.field("time").as_deref(), Some("15:30"));
    assert_eq!(form.field("note").as_deref(), Some("Asked"));
}

#[rstest]
fn a_log_leaves_the_next_step_that_it_says_nothing_of(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let form = world.as_("ana").get(&format!("/log?lead={uid}"));
    plan(&world, &uid, "2026-03-06");
    let fields = [("kind", "1"), ("outcome", "1")];
    form.submit("/log", &fields).is(303);
    assert_eq!(step(&world, &uid), "2026-03-06");
    // Seen, and still to come: it stays as well.
    world.at("2026-03-05T09:00:00Z");
    let form = world.as_("ana").get(&format!("/log?lead={uid}"));
    form.says("next step Fri 6 Mar 2026");
    form.submit("/log", &fields).is(303);
    assert_eq!(step(&world, &uid), "2026-03-06");
    // Seen, due and done: it is settled. What never was a deed settles nothing.
    world.at("2026-03-06T09:00:00Z");
    let form = world.as_("ana").get(&format!("/log?lead={uid}"));
    form.submit("/log", &[("kind", "8")]).is(303);
    assert_eq!(step(&world, &uid), "2026-03-06");
    form.submit("/log", &[("uid", ""), fields[0], fields[1]])
        .is(303);
    assert_eq!(step(&world, &uid), "");
}

#[rstest]
fn a_step_that_somebody_planned_meanwhile_is_not_overwritten_untold(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let form = world.as_("ana").get(&format!("/log?lead={uid}"));
    plan(&world, &uid, "2026-03-06");
    let typed = [
        ("kind", "1"),
        ("outcome", "1"),
        ("next", "1"),
        ("note", "Asked for a price."),
    ];
    let told = form.submit("/log", &typed);
    told.is(409).says("it is Fri 6 Mar 2026 now");
    assert_eq!(told.field("note").as_deref(), Some("Asked for a price."));
    assert_eq!(lead(&world, &uid).attempts, 0);
    assert_eq!(step(&world, &uid), "2026-03-06");
    // Having seen it, they decide.
    told.submit("/log", &[("outcome", "1")]).is(303);
    assert_eq!(step(&world, &uid), "2026-03-05");
    assert_eq!(lead(&world, &uid).attempts, 1);
    // From the device, hours later, as well.
    let field = format!("step-{uid}");
    let seen = [(field.as_str(), ""), ("next", "none"), ("again", "true")];
    queued(&world, &uid, "2026-03-04T09:00:00Z", &seen)
        .is(409)
        .says("it is Thu 5 Mar 2026 now");
    let seen = [(field.as_str(), "2026-03-05"), seen[1], seen[2]];
    queued(&world, &uid, "2026-03-04T09:00:00Z", &seen).is(204);
    assert_eq!(step(&world, &uid), "");
}

#[rstest]
fn the_day_on_which_a_lead_comes_back_is_no_step_of_a_log(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let form = world.as_("ana").get(&format!("/leads/{uid}?do=nurture"));
    let fields = [("reason", "Bad timing"), ("return_on", "2026-03-05")];
    form.submit(&format!("/leads/{uid}/events"), &fields)
        .is(303);
    world.at("2026-03-05T09:00:00Z");
    let form = world.as_("ana").get(&format!("/log?lead={uid}"));
    let call = [("kind", "1"), ("outcome", "1"), ("note", "Nobody.")];
    let planned = [&call[..], &[("next", "3")]].concat();
    let back = form.submit("/log", &planned);
    back.is(422).says("This lead is not with sales");
    assert_eq!(back.field("note").as_deref(), Some("Nobody."));
    form.submit("/log", &call).is(303);
    assert_eq!(step(&world, &uid), "2026-03-05");
}
