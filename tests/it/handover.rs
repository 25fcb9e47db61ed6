//! Stories of passing leads to sales: the form, the lead's page, and what people write down there.

use crate::world::{Client, Database, Database::*, Page, World, entry, new_lead};
use rstest::rstest;
use touchline::activities;
use touchline::handover::Story;
use touchline::leads::{self, Lead};
use touchline::lists::{self, List};
use touchline::rules::stage::Stage;

fn lead(world: &World, uid: &str) -> Lead {
    let admin = world.me("ada");
    world.read(|conn| Ok(leads::store::by_uid(conn, &admin, uid)?.expect("the lead")))
}

fn path(uid: &str, more: &str) -> String {
    format!("/leads/{uid}{more}")
}

/// Where a saved form leads.
fn uid_in(saved: &Page) -> String {
    let address = saved.is(303).header("location");
    let uid = address
        .strip_prefix("/leads/")
        .and_then(|rest| rest.split('?').next());
    uid.expect("the lead's address").to_owned()
}

/// The lead's version, as its forms carry it.
fn version(world: &World, uid: &str) -> String {
    let lead = lead(world, uid);
    world.read(|conn| Ok(Story::load(conn, lead)?.version()))
}

/// Writes a move down from the lead's page as it is now.
fn moves(client: &Client, uid: &str, kind: &str, fields: &[(&str, &str)]) -> Page {
    let seen = client.get(&path(uid, "")).field("seen").unwrap_or_default();
    let mut all = vec![("kind", kind), ("seen", seen.as_str())];
    all.extend(fields);
    client.post(&path(uid, "/events"), &all)
}

fn calls(world: &World, who: &str, uid: &str, outcome: &str, times: usize) {
    for _ in 0..times {
        let later = world.now().plus_seconds(1200).to_string();
        world.at(&later);
        world.log(who, "Call", outcome, Some(uid));
    }
}

#[rstest]
fn marketing_hands_over_a_lead_and_sees_what_becomes_of_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let ana = world.person("ana").uid;
    let mark = world.as_("mark");
    let form = mark.get("/leads/new");
    let saved = form.ok().submit(
        "/leads/new",
        &[
            ("name", "Hanna Huber"),
            ("company", "Huber AG"),
            ("email", "Hanna@Huber.example"),
            ("phone", "+49 30 1234567"),
            ("source", "Webinar"),
            ("urgency", "hot"),
            ("score", "72.5"),
            ("amount", "1200.50"),
            ("currency", "eur"),
            ("note", "Asked for a price."),
            ("owner", &ana),
        ],
    );
    let page = saved.is(303).follow();
    for words in [
        "Handed over.",
        "Hanna Huber",
        "Huber AG",
        "hanna@huber.example",
        "Owner Ana Arndt",
        "Webinar",
        "Hot: asked for a demo, a price or a call",
        "72.5",
        "1,200.5 EUR",
        "Asked for a price.",
        "First attempt due 10:15",
        "Assigned to Ana Arndt",
    ] {
        page.says(words);
    }
    let uid = uid_in(&saved);
    world.at("2026-03-04T09:12:00Z");
    world.log("ana", "Call", "Left voicemail", Some(&uid));
    world.at("2026-03-04T16:30:00Z");
    let page = mark.get(&path(&uid, ""));
    page.says("Call: Left voicemail Ana Arndt, 4 Mar 2026, 10:12")
        .says("Stage: Attempting")
        .says("First attempt after 12 min (12 min of working time)")
        .says("First contact not yet, waiting 7 h 30 min (7 h of working time)")
        .says_nothing_of("First attempt due");
}

#[rstest]
fn a_lead_sent_twice_is_stored_once(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let form = world.as_("mark").get("/leads/new");
    let fields = [("name", "Hanna"), ("email", "hanna@example.com")];
    let first = form.submit("/leads/new", &fields);
    let second = form.submit("/leads/new", &fields);
    assert_eq!(uid_in(&first), uid_in(&second));
    let all = world.as_("mark").get("/leads?format=csv");
    assert_eq!(all.body.lines().count(), 2);
    let mut others = fields.to_vec();
    let taken = uid_in(&first);
    others.push(("uid", &taken));
    let stolen = world
        .as_("ada")
        .get("/leads/new")
        .submit("/leads/new", &others);
    stolen.is(422).says("This lead's number is taken");
}

#[rstest]
fn a_lead_that_looks_known_is_asked_about_first(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let mark = world.as_("mark");
    let known = [
        ("name", "Hanna"),
        ("email", "hanna@example.com"),
        ("phone", "+49 (30) 123-456"),
    ];
    mark.get("/leads/new").submit("/leads/new", &known).is(303);
    for same in [("email", "HANNA@example.com"), ("phone", "4930123456")] {
        let form = mark.get("/leads/new");
        let asked = form.submit("/leads/new", &[("name", "Johanna"), same]);
        asked
            .is(422)
            .says("Known leads that look the same")
            .says("Hanna");
        assert_eq!(asked.field("name").as_deref(), Some("Johanna"));
        let all = mark.get("/leads?q=johanna&format=csv");
        assert_eq!(all.body.lines().count(), 1, "nothing is saved unasked");
        let saved = asked.submit("/leads/new", &[("other", "true"), ("name", "Someone else")]);
        saved.is(303);
    }
    let form = mark.get("/leads/new");
    form.submit("/leads/new", &[("name", "Short"), ("phone", "456")])
        .is(303);
}

#[rstest]
fn a_wrong_form_comes_back_filled(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let long = "x".repeat(2001);
    let mark_uid = world.person("mark").uid;
    let client = world.as_("mark");
    for (field, wrong, sentence) in [
        ("name", "", "Enter the person's name."),
        ("name", &long[..121], "Use at most 120 characters."),
        ("email", "hanna", "Enter an e-mail address"),
        ("source", &long[..81], "Use at most 80 characters."),
        ("urgency", "boiling", "Enter how urgent it is."),
        ("score", "101", "Enter a score from 0 to 100."),
        ("score", "NaN", "Enter a score from 0 to 100."),
        ("amount", "-5", "Enter an amount"),
        ("amount", "12", "Enter the currency"),
        ("currency", "euro", "Enter a currency"),
        ("owner", &mark_uid, "Enter an owner from the list."),
        ("owner", "nobody", "Enter an owner from the list."),
        ("note", &long, "Use at most 2000 characters."),
        ("background", &long, "Use at most 2000 characters."),
        ("uid", "7", "reload the page"),
    ] {
        let form = client.get("/leads/new");
        let name = if field == "name" { wrong } else { "Hanna" };
        let fields = [("title", "Buyer"), (field, wrong), ("name", name)];
        let back = form.submit("/leads/new", &fields);
        back.is(422).says(sentence);
        assert_eq!(back.field("title").as_deref(), Some("Buyer"), "{field}");
    }
    assert_eq!(client.get("/leads?format=csv").body.lines().count(), 1);
    world.as_("ana").get("/leads/new").is(403);
    world
        .as_("max")
        .post("/leads/new", &[("name", "x")])
        .is(403);
}

#[rstest]
fn a_lead_that_is_not_ready_stays_in_nurture_until_it_is_handed_over(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let mark = world.as_("mark");
    let ana = world.person("ana").uid;
    let form = mark.get("/leads/new");
    let owned = form.submit(
        "/leads/new",
        &[("name", "Hanna"), ("keep", "true"), ("owner", &ana)],
    );
    owned.is(422).says("A lead in nurture has no owner");
    let kept = form.submit(
        "/leads/new",
        &[("name", "Hanna"), ("keep", "true"), ("source", "Fair")],
    );
    let uid = uid_in(&kept);
    kept.follow().says("Saved, and kept in nurture.");
    world.as_("ana").get(&path(&uid, "")).is(404);
    assert_eq!(lead(&world, &uid).stage, Stage::Nurture);

    let page = mark.get(&path(&uid, "?do=hand-over"));
    assert_eq!(page.field("source").as_deref(), Some("Fair"));
    let action = path(&uid, "/hand-over");
    page.submit(&action, &[("urgency", "boiling")]).is(422);
    page.submit(
        &action,
        &[("urgency", "hot"), ("owner", &ana), ("campaign", "Spring")],
    )
    .is(303);
    let now = lead(&world, &uid);
    assert_eq!(
        (now.stage, now.owner_id),
        (Stage::HandedOver, Some(world.person("ana").id))
    );
    world
        .as_("ana")
        .get(&path(&uid, ""))
        .says("Spring")
        .says("Hot");
    page.submit(&action, &[("urgency", "hot")])
        .is(409)
        .says("This lead changed");
    let again = [("urgency", "hot"), ("seen", &version(&world, &uid))];
    mark.post(&action, &again)
        .is(422)
        .says("This lead is with sales already.");
    world.as_("ana").post(&action, &again).is(403);
}

#[rstest]
fn a_closed_lead_is_handed_over_anew_with_new_clocks(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    calls(&world, "ana", &uid, "Interested", 1);
    moves(&world.as_("ana"), &uid, "lost", &[("reason", "No budget")]).is(303);
    assert_eq!(lead(&world, &uid).stage, Stage::Lost);
    let page = world.as_("mark").get(&path(&uid, "?do=hand-over"));
    page.submit(
        &path(&uid, "/hand-over"),
        &[("note", "They found money."), ("owner", "")],
    )
    .is(303);
    let now = lead(&world, &uid);
    assert_eq!(
        (now.stage, now.owner_id, now.attempts),
        (Stage::HandedOver, None, 1)
    );
    let page = world.as_("ada").get(&path(&uid, ""));
    page.says("They found money.")
        .says("First contact after 20 min")
        .says("First contact not yet");
    let events = moves(
        &world.as_("max"),
        &uid,
        "rejected",
        &[("reason", "Competitor")],
    );
    events.is(303);
    assert_eq!(lead(&world, &uid).stage, Stage::Rejected);
}

#[rstest]
fn each_move_is_written_down_with_who_and_why(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let other = world.lead("Hanna", "ana");
    for (kind, fields, stage, words) in [
        ("accepted", &[][..], Stage::Accepted, "Accepted"),
        (
            "rejected",
            &[("reason", "Wrong role"), ("note", "An intern.")],
            Stage::Rejected,
            "Rejected: Wrong role",
        ),
        ("qualified", &[], Stage::Qualified, "Qualified"),
        ("opportunity", &[], Stage::Opportunity, "Opportunity"),
        (
            "won",
            &[("amount", "9000"), ("currency", "eur")],
            Stage::Won,
            "9,000 EUR",
        ),
        (
            "won",
            &[("reason", "New customer")],
            Stage::Won,
            "Won: New customer",
        ),
        (
            "lost",
            &[("reason", "No decision")],
            Stage::Lost,
            "Lost: No decision",
        ),
        (
            "disqualified",
            &[("reason", "No need")],
            Stage::Disqualified,
            "Disqualified: No need",
        ),
        (
            "nurture",
            &[("reason", "Not ready yet"), ("return_on", "2026-06-01")],
            Stage::Nurture,
            "Comes back on Mon 1 Jun 2026",
        ),
        (
            "duplicate",
            &[("note", "See Hanna."), ("same_as", &other)],
            Stage::Duplicate,
            "The same as Hanna",
        ),
    ] {
        let uid = world.lead(&format!("To be {kind}"), "ana");
        moves(&world.as_("ana"), &uid, kind, fields)
            .redirects_to(&path(&uid, &format!("?done={kind}")));
        assert_eq!(lead(&world, &uid).stage, stage, "{kind}");
        let page = world.as_("mark").get(&path(&uid, ""));
        page.says(words).says("Ana Arndt, 4 Mar 2026, 10:00");
    }
}

#[rstest]
fn a_move_without_what_it_needs_comes_back_filled(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let ana = world.as_("ana");
    let long = "x".repeat(2001);
    for (kind, fields, sentence) in [
        ("rejected", &[][..], "Choose a reason."),
        (
            "rejected",
            &[("reason", "No budget")],
            "Choose a reason from the list.",
        ),
        (
            "lost",
            &[("reason", "Because")],
            "Choose a reason from the list.",
        ),
        (
            "won",
            &[("reason", "Because")],
            "Choose a reason from the list.",
        ),
        (
            "accepted",
            &[("reason", "No budget")],
            "Choose a reason from the list.",
        ),
        (
            "lost",
            &[("reason", "Other")],
            "Say in the note what the other reason is.",
        ),
        ("disqualified", &[("reason", "Other")], "Say in the note"),
        (
            "disqualified",
            &[("reason", "Bad timing")],
            "Enter the day on which to come back",
        ),
        (
            "nurture",
            &[("reason", "Not ready yet")],
            "Enter the day on which to come back",
        ),
        (
            "nurture",
            &[("reason", "Not ready yet"), ("return_on", "2026-03-04")],
            "Enter a day after today.",
        ),
        (
            "nurture",
            &[("reason", "Not ready yet"), ("return_on", "soon")],
            "Enter a date such as",
        ),
        ("won", &[("amount", "12")], "Enter the currency"),
        (
            "won",
            &[("amount", "a lot"), ("currency", "EUR")],
            "Enter an amount",
        ),
        ("won", &[("note", &long)], "Use at most 2000 characters."),
        (
            "disqualified",
            &[("reason", "Unable to reach"), ("note", "Kept.")],
            "5 more attempts are needed",
        ),
        ("attempting", &[], "Enter what became of the lead."),
        ("sold", &[], "Enter what became of the lead."),
    ] {
        let back = moves(&ana, &uid, kind, fields);
        back.is(422).says(sentence);
        if fields.contains(&("note", "Kept.")) {
            assert!(back.body.contains("Kept."));
            assert_eq!(back.field("reason").as_deref(), Some("Unable to reach"));
        }
    }
    assert_eq!(lead(&world, &uid).stage, Stage::HandedOver);
}

#[rstest]
fn a_lead_is_given_up_only_after_its_least_attempts(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let give_up = || {
        moves(
            &world.as_("ana"),
            &uid,
            "disqualified",
            &[("reason", "Unable to reach")],
        )
    };
    calls(&world, "ana", &uid, "No answer", 4);
    give_up().is(422).says("1 more attempt is needed");
    calls(&world, "ana", &uid, "No answer", 1);
    give_up().is(303);
    assert_eq!(lead(&world, &uid).stage, Stage::Disqualified);
}

#[rstest]
fn what_is_closed_stays_closed_and_a_contact_cannot_be_rejected(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    calls(&world, "ana", &uid, "Interested", 1);
    let ana = world.as_("ana");
    ana.get(&path(&uid, "")).says_nothing_of("Reject");
    let rejected = moves(&ana, &uid, "rejected", &[("reason", "Wrong role")]);
    rejected
        .is(422)
        .says("A lead cannot be rejected after a contact");
    moves(&ana, &uid, "lost", &[("reason", "No fit")]).is(303);
    let seen = version(&world, &uid);
    for kind in ["won", "accepted", "nurture", "duplicate"] {
        let late = ana.post(&path(&uid, "/events"), &[("kind", kind), ("seen", &seen)]);
        late.is(422).says("This lead is closed (lost)");
    }
    ana.get(&path(&uid, "")).ok().says_nothing_of("Log a touch");
}

#[rstest]
fn only_who_works_a_lead_says_what_became_of_it(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    for (name, owner, kind, status) in [
        ("ana", "ana", "accepted", 303),
        ("max", "ana", "accepted", 303),
        ("ada", "ana", "accepted", 303),
        ("ben", "ana", "accepted", 404),
        ("mia", "ana", "accepted", 404),
        ("mark", "ana", "accepted", 403),
        ("mark", "ana", "nurture", 303),
        ("ben", "", "accepted", 403),
        ("max", "", "accepted", 303),
    ] {
        let uid = world.lead("Acme", owner);
        let fields = [("reason", "Not ready yet"), ("return_on", "2026-06-01")];
        let fields = if kind == "nurture" { &fields[..] } else { &[] };
        let seen = version(&world, &uid);
        let mut all = vec![("kind", kind), ("seen", seen.as_str())];
        all.extend(fields);
        world
            .as_(name)
            .post(&path(&uid, "/events"), &all)
            .is(status);
    }
    let of_admin = world.write_as("ada", |tx| {
        let (id, uid) = leads::store::add(tx.conn, &new_lead("Brought by an admin", tx.now))?;
        let lead = leads::store::by_id(tx.conn, id)?;
        leads::store::add_handover(tx.conn, &lead, tx.now, tx.by_id(), "")?;
        leads::refresh(tx, &[id])?;
        Ok(uid)
    });
    world
        .as_("mark")
        .get(&path(&of_admin, ""))
        .ok()
        .says_nothing_of("Return to nurture");
    world
        .as_("mark")
        .post(&path(&of_admin, "/events"), &[("kind", "nurture")])
        .is(403);
}

#[rstest]
fn a_rep_takes_what_nobody_owns_and_a_manager_gives_to_their_team(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "");
    let person = |name: &str| world.person(name).uid;
    let give = |who: &str, to: &str| {
        let fields = [("owner", to), ("seen", &version(&world, &uid))];
        world.as_(who).post(&path(&uid, "/assign"), &fields)
    };
    give("ana", &person("ben")).is(403);
    give("mark", &person("ben")).is(403);
    give("max", &person("sue")).is(403);
    give("max", "who")
        .is(422)
        .says("Choose an owner from the list.");
    let page = world.as_("ana").get(&path(&uid, ""));
    page.says("Take this lead")
        .submit(&path(&uid, "/assign"), &[])
        .is(303);
    assert_eq!(lead(&world, &uid).owner_id, Some(world.person("ana").id));
    page.submit(&path(&uid, "/assign"), &[]).is(303);
    give("ana", &person("ben")).is(403);
    give("ben", "me").is(404);
    let page = world.as_("max").get(&path(&uid, "?do=assign"));
    page.says("Ben Beck").says_nothing_of("Sue Sommer");
    page.submit(&path(&uid, "/assign"), &[("owner", &person("ben"))])
        .is(303);
    assert_eq!(lead(&world, &uid).owner_id, Some(world.person("ben").id));
    give("max", &person("ben"))
        .is(422)
        .says("Ben Beck owns it already.");
    give("ada", &person("mark"))
        .is(422)
        .says("cannot own leads");
    give("ada", &person("sue")).is(303);
    world.as_("ana").get(&path(&uid, "")).is(404);
    moves(&world.as_("sue"), &uid, "lost", &[("reason", "No fit")]).is(303);
    give("ada", &person("ana")).is(422).says("not with sales");
}

#[rstest]
fn who_comes_second_is_told_what_changed_and_keeps_what_was_typed(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let form = world.as_("max").get(&path(&uid, "?do=lost"));
    moves(
        &world.as_("ana"),
        &uid,
        "rejected",
        &[("reason", "Competitor")],
    )
    .is(303);
    let typed = [("reason", "No budget"), ("note", "They said so.")];
    let told = form.submit(&path(&uid, "/events"), &typed);
    told.is(409)
        .says("This lead changed while you had the page open")
        .says("Ana Arndt: rejected (Competitor), 10:00")
        .says("They said so.");
    assert_eq!(told.field("reason").as_deref(), Some("No budget"));
    assert_eq!(lead(&world, &uid).stage, Stage::Rejected);
    told.submit(&path(&uid, "/events"), &[])
        .is(422)
        .says("This lead is closed (rejected)");
    let forged = [("kind", "won"), ("seen", "x-y")];
    world
        .as_("max")
        .post(&path(&uid, "/events"), &forged)
        .is(409);
}

#[rstest]
fn undoing_a_touch_takes_its_move_back(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let call = world.log("ana", "Call", "Meeting booked", Some(&uid));
    assert_eq!(lead(&world, &uid).stage, Stage::MeetingBooked);
    world.write_as("ana", |tx| activities::remove(tx, &call));
    let now = lead(&world, &uid);
    assert_eq!((now.stage, now.attempts), (Stage::HandedOver, 0));
    let page = world.as_("ana").get(&path(&uid, ""));
    page.says("Meeting booked withdrawn")
        .says("First contact not yet")
        .says_nothing_of("Call: Meeting booked");
}

#[rstest]
fn a_lead_that_is_not_to_be_contacted_says_so_and_prompts_nobody(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    world.log("ana", "E-mail", "Unsubscribed", Some(&uid));
    let page = world.as_("ana").get(&path(&uid, ""));
    page.says("Do not contact")
        .says_nothing_of("Log a touch")
        .says_nothing_of("due");
    world.as_("ana").get("/leads").says("Do not contact");
    moves(
        &world.as_("ana"),
        &uid,
        "disqualified",
        &[("reason", "Do not contact")],
    )
    .is(303);
    let mark = world.as_("mark");
    mark.get(&path(&uid, "")).says_nothing_of("Hand over again");
    let seen = version(&world, &uid);
    let again = mark.post(
        &path(&uid, "/hand-over"),
        &[("urgency", "hot"), ("seen", &seen)],
    );
    again.is(422).says("asked not to be contacted");
}

#[rstest]
fn a_note_is_for_its_author_their_manager_and_whom_it_is_ticked_for(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let (secret, shared) = ("Their buyer is leaving", "They liked the whitepaper");
    world.write_as("ana", |tx| {
        let asset = lists::store::label_id(tx.conn, List::Asset, "Buyer's guide")?;
        for (note, for_marketing) in [(secret, false), (shared, true)] {
            let call = activities::Entry {
                lead_uid: Some(uid.clone()),
                note: note.to_owned(),
                note_for_marketing: for_marketing,
                asset_id: asset,
                technique: Some(activities::Technique::Trigger),
                is_again: true,
                ..entry(1, tx.now)
            };
            activities::log(tx, &call)?;
        }
        Ok(())
    });
    for (name, reads) in [
        ("ana", [true, true]),
        ("max", [true, true]),
        ("ada", [true, true]),
        ("mark", [false, true]),
    ] {
        let page = world.as_(name).get(&path(&uid, ""));
        page.says("Asset used: Buyer's guide")
            .says("Technique: Trigger event");
        assert_eq!([secret, shared].map(|note| page.has(note)), reads, "{name}");
    }
    // Who takes the lead over sees that there was a call, and not what was noted.
    let ben = world.person("ben").id;
    let id = lead(&world, &uid).id;
    world.write(|tx| leads::assign(tx, id, ben));
    let page = world.as_("ben").get(&path(&uid, ""));
    page.says("Call Ana Arndt")
        .says_nothing_of(secret)
        .says_nothing_of(shared);
}

#[rstest]
fn an_overdue_first_attempt_is_told_by_the_owners_calendar(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let page = |when: &str| {
        world.at(when);
        world.as_("ana").get(&path(&uid, ""))
    };
    page("2026-03-04T11:00:00Z").says("First attempt due 14:00");
    page("2026-03-04T12:00:00Z").says("First attempt due soon: 14:00");
    page("2026-03-04T13:00:01Z").says("First attempt overdue since 14:00");
    calls(&world, "ana", &uid, "No answer", 1);
    page("2026-03-05T09:00:00Z").says_nothing_of("overdue");
}

#[rstest]
fn other_peoples_ids_and_broken_ones_are_not_found(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let sue = world.as_("sue");
    for more in ["/events", "/assign"] {
        sue.post(&path(&uid, more), &[("kind", "accepted"), ("owner", "me")])
            .is(404);
        sue.post(&path("0", more), &[("kind", "accepted"), ("owner", "me")])
            .is(404);
    }
    world
        .as_("mark")
        .post(&path("0", "/hand-over"), &[("urgency", "hot")])
        .is(404);
    world.as_("ana").get(&path(&uid, "?do=nonsense")).ok();
    world
        .as_("ana")
        .get(&path(&uid, "?done=nonsense&do=won"))
        .ok();
}
