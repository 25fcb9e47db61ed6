//! Stories of the receipt: whose time each leg of a hand-over was, and what both sides read.

use crate::reports::explained::{open_figures, value_of};
use crate::world::{Database, Database::*, World, entry, new_lead, terms};
use rstest::rstest;
use touchline::activities::{self, Entry};
use touchline::handover::{self, Story, Terms};
use touchline::leads::{self, Lead};
use touchline::rules::stage::EventKind;

fn lead(world: &World, uid: &str) -> Lead {
    let admin = world.me("ada");
    world.read(|conn| Ok(leads::store::by_uid(conn, &admin, uid)?.expect("the lead")))
}

/// The addresses of a lead's receipts, the oldest first.
fn receipts(world: &World, uid: &str) -> Vec<String> {
    let id = lead(world, uid).id;
    let handovers = world.read(|conn| leads::store::handovers(conn, id));
    handovers
        .iter()
        .map(|h| format!("/hand-overs/{}", h.uid))
        .collect()
}

/// Mark hands a lead over.
pub fn hand_over(world: &World, uid: &str, note: &str) {
    let lead = lead(world, uid);
    let seen = world.read(|conn| Ok(Story::load(conn, lead)?.version()));
    let terms = Terms {
        source: "Fair".to_owned(),
        note: note.to_owned(),
        ..terms()
    };
    world.write_as("mark", |tx| {
        handover::again(tx, uid, &terms, &seen).map(|_| ())
    });
}

fn give(world: &World, uid: &str, owner: &str) {
    let (id, owner) = (lead(world, uid).id, world.person(owner).id);
    world.write_as("max", |tx| leads::assign(tx, id, owner));
}

/// Made on Friday at 15:00 in Berlin, handed over at 16:30, ana's on Monday at 9:30, ben's on Tuesday at ten.
fn a_way(world: &World) -> String {
    let uid = uuid::Uuid::now_v7().to_string();
    world.at("2026-02-27T14:00:00Z");
    let new = new_lead("Acme", world.now());
    world.write_as("mark", |tx| handover::add(tx, &uid, &new, &terms(), false));
    world.at("2026-02-27T15:30:00Z");
    hand_over(world, &uid, "Met at the fair.");
    world.at("2026-03-02T08:30:00Z");
    give(world, &uid, "ana");
    world.at("2026-03-02T10:00:00Z");
    let id = lead(world, &uid).id;
    world.write_as("ana", |tx| {
        let accepted = leads::NewEvent::now(tx, id, EventKind::Accepted);
        leads::record(tx, &accepted).map(|_| ())
    });
    world.at("2026-03-03T09:00:00Z");
    give(world, &uid, "ben");
    world.at("2026-03-03T10:00:00Z");
    world.log("ben", "Call", "No answer", Some(&uid));
    world.at("2026-03-04T08:00:00Z");
    world.log("ben", "Call", "Interested", Some(&uid));
    world.at("2026-03-04T10:00:00Z");
    uid
}

#[rstest]
fn each_leg_says_whose_it_was_over_nights_and_a_weekend(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = a_way(&world);
    let page = world.as_("mark").get(&receipts(&world, &uid)[0]);
    for row in [
        // Friday 15:00 to 16:30.
        "Handed over Marketing 1 h 30 min 1 h 30 min done",
        // Friday 16:30 to Monday 9:30: half an hour before the weekend, half an hour after it.
        "Assigned The queue 2 d 17 h 1 h done",
        "Accepted Ana Arndt 1 h 30 min 1 h 30 min done",
        // Monday 11:00 to Tuesday 10:00: six hours until five, and one from nine.
        "First attempt Ana Arndt 23 h 7 h transferred",
        "the same Ben Beck 1 h 1 h done",
        // Tuesday 11:00 to Wednesday 9:00.
        "First contact Ben Beck 22 h 6 h done",
        "Qualified Ben Beck 2 h 2 h still runs",
    ] {
        page.ok().says(row);
    }
    page.says("Owner Ana Arndt, then Ben Beck")
        .says("Met at the fair.")
        .says("Source Fair");
}

#[rstest]
fn a_lead_that_is_closed_or_called_at_once_has_the_legs_that_it_went(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    world.at("2026-03-04T09:12:00Z");
    world.log("ana", "Call", "No answer", Some(&uid));
    world.at("2026-03-04T10:12:00Z");
    let seen = world.read(|conn| Ok(Story::load(conn, lead(&world, &uid))?.version()));
    let fields = [
        ("kind", "rejected"),
        ("reason", "Wrong role"),
        ("seen", &seen),
    ];
    world
        .as_("ana")
        .post(&format!("/leads/{uid}/events"), &fields)
        .is(303);
    world.at("2026-03-05T10:00:00Z");
    let page = world.as_("ana").get(&receipts(&world, &uid)[0]);
    page.says("Accepted Ana Arndt 12 min 12 min taken with the next step")
        .says("First contact Ana Arndt 1 h 1 h closed before")
        .says("Qualified – – – never");
}

#[rstest]
fn the_receipt_says_what_was_promised_and_whether_it_was_kept(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = a_way(&world);
    let receipt = &receipts(&world, &uid)[0];
    // Four hours for an event: half an hour in the queue on Friday and one on Monday, then Ana's one and a half.
    for row in [
        "Accept 4 h: 2 Mar 2026, 12:30 2 h 30 min Kept",
        "First attempt 4 h: 2 Mar 2026, 12:30 10 h 30 min Missed",
        "Least attempts 5 2 Does not apply",
        "Contact or exit 10 working days: 13 Mar 2026, 16:30 16 h 30 min Kept",
    ] {
        world.as_("mark").get(receipt).ok().says(row);
    }
    let other = world.lead("Birch", "ana");
    let receipt = &receipts(&world, &other)[0];
    let waiting = world.as_("ana").get(receipt);
    waiting.says("Accept 4 h: 4 Mar 2026, 15:00 0 s Has time");
    waiting.says("Accepted – 0 s 0 s still runs");
    waiting.says("First contact – – – not yet");
    assert!(
        waiting
            .field("address")
            .is_none_or(|value| value.starts_with("http://"))
    );
}

#[rstest]
fn a_lead_that_comes_back_was_with_marketing_since_it_was_closed(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = a_way(&world);
    let seen = world.read(|conn| Ok(Story::load(conn, lead(&world, &uid))?.version()));
    let fields = [("kind", "lost"), ("reason", "No budget"), ("seen", &seen)];
    let lost = world
        .as_("ben")
        .post(&format!("/leads/{uid}/events"), &fields);
    lost.is(303);
    world.at("2026-03-04T12:30:00Z");
    hand_over(&world, &uid, "They found money.");
    world.at("2026-03-04T13:00:00Z");
    let second = world.as_("mark").get(&receipts(&world, &uid)[1]);
    // Closed at 11:00 in Berlin, handed over again at half past one.
    second.says("Handed over Marketing 2 h 30 min 2 h 30 min done");
    second.says("Assigned The queue 30 min 30 min still runs");
}

#[rstest]
fn who_sees_the_lead_sees_its_receipt_and_who_had_it_keeps_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = a_way(&world);
    let receipt = &receipts(&world, &uid)[0];
    for (name, status) in [
        ("ben", 200),
        ("max", 200),
        ("mark", 200),
        ("ada", 200),
        ("ana", 200),
        ("sue", 404),
        ("mia", 404),
    ] {
        world.as_(name).get(receipt).is(status);
    }
    world.as_("ana").get(&format!("/leads/{uid}")).is(404);
    world.as_("ana").get(receipt).says_nothing_of("The lead");
    world.as_("mark").get("/hand-overs/nonsense").is(404);
    assert!(
        world
            .as_("mark")
            .get(&format!("/leads/{uid}"))
            .links()
            .contains(receipt)
    );
}

#[rstest]
fn a_private_note_never_shows_on_a_receipt(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let (secret, shared) = ("Their buyer is leaving", "They liked the whitepaper");
    world.at("2026-03-04T10:00:00Z");
    world.write_as("ana", |tx| {
        for (note, note_for_marketing) in [(secret, false), (shared, true)] {
            let call = Entry {
                lead_uid: Some(uid.clone()),
                note: note.to_owned(),
                note_for_marketing,
                happened_at: tx.now.plus_seconds(-900),
                is_again: true,
                ..entry(1, tx.now)
            };
            activities::log(tx, &call)?;
        }
        Ok(())
    });
    for name in ["ana", "max", "mark", "ada"] {
        let page = world.as_(name).get(&receipts(&world, &uid)[0]);
        page.ok().says(shared).says_nothing_of(secret);
        page.says("Call Ana Arndt, 4 Mar 2026, 10:45")
            .says("Entered 4 Mar 2026, 11:00");
    }
}

#[rstest]
fn a_receipt_tells_of_its_own_hand_over_only(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = a_way(&world);
    let seen = world.read(|conn| Ok(Story::load(conn, lead(&world, &uid))?.version()));
    let fields = [("kind", "lost"), ("reason", "No budget"), ("seen", &seen)];
    world
        .as_("ben")
        .post(&format!("/leads/{uid}/events"), &fields)
        .is(303);
    world.at("2026-03-05T10:00:00Z");
    hand_over(&world, &uid, "They found money.");
    let receipts = receipts(&world, &uid);
    let mark = world.as_("mark");
    mark.get(&receipts[0])
        .says("Lost: No budget")
        .says("Met at the fair.")
        .says("Later: handed over 5 Mar 2026, 11:00")
        .says_nothing_of("They found money.");
    mark.get(&receipts[1])
        .says("They found money.")
        .says("Before: handed over 27 Feb 2026, 16:30")
        .says("Owner Nobody")
        .says_nothing_of("No budget")
        .says_nothing_of("Interested");
}

#[rstest]
fn every_time_of_a_receipt_opens_to_the_same_number(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = a_way(&world);
    let receipt = &receipts(&world, &uid)[0];
    let explain = format!("{receipt}/explain?");
    // Seven rows on two clocks, and four promises: the same for both sides, and for who had the lead before.
    for name in ["mark", "max", "ben", "ana", "ada"] {
        let found = open_figures(&world.as_(name), receipt, &[&explain]);
        assert_eq!(found, 18, "{name}");
    }
    let mark = world.as_("mark");
    let open = |query: &str| mark.get(&format!("{explain}{query}"));
    // Monday 11:00, when Ana accepted, until Tuesday 10:00, when it went to Ben.
    open("figure=working&step=first_attempt&stretch=0")
        .ok()
        .says("2 Mar 2026, 11:00 to 3 Mar 2026, 10:00 (Europe/Berlin), Ana Arndt: 7 h; then the lead went to somebody else")
        .says("working time of Ana Arndt")
        .says("Counted: starts the clock (1 row)")
        .says("Counted: gives the lead to somebody else, whose time it is from then on (1 row)")
        .says("Left out: before the clock started (3 rows)")
        .says("Left out: after the clock had stopped (2 rows)");
    open("figure=calendar&step=qualified&stretch=0")
        .ok()
        .says("Ben Beck: 2 h; it still runs")
        .says("it runs day and night");
    open("figure=first_attempt")
        .ok()
        .says("27 Feb 2026, 16:30 to 3 Mar 2026, 11:00 (Europe/Berlin): 10 h 30 min used of 4 h")
        .says("missed")
        .says("Counted: stops the clock (1 row)");
    open("figure=least_attempts")
        .ok()
        .says("attempts: 2; promised: 5: does not apply")
        .says("Counted: an attempt (2 rows)");
    // Whose receipt it is not is told nothing, and nobody of a figure that is not there.
    let attempt = format!("{explain}figure=first_attempt");
    for name in ["sue", "mia"] {
        world.as_(name).get(&attempt).is(404);
    }
    for nothing in [
        "figure=n",
        "figure=working&step=first_attempt&stretch=2",
        "figure=calendar",
    ] {
        open(nothing).is(404);
    }
    // The same number again later.
    let links = mark.get(receipt).anchors();
    let runs = links
        .iter()
        .find(|(href, _)| href.contains("step=qualified"));
    let (href, printed) = runs.expect("a leg that still runs");
    world.at("2026-03-06T10:00:00Z");
    assert_eq!(&value_of(mark.get(href).ok()), printed);
}

#[rstest]
fn what_no_clock_asks_about_is_left_out_with_the_reason(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    world.at("2026-03-04T09:10:00Z");
    world.log("ana", "Research note", "", Some(&uid));
    world.at("2026-03-04T09:20:00Z");
    let mistaken = world.log("ana", "Call", "Meeting booked", Some(&uid));
    world.write_as("ana", |tx| activities::remove(tx, &mistaken));
    world.at("2026-03-04T10:00:00Z");
    world.log("ana", "Call", "No answer", Some(&uid));
    world.at("2026-03-04T11:00:00Z");
    let seen = world.read(|conn| Ok(Story::load(conn, lead(&world, &uid))?.version()));
    let fields = [
        ("kind", "rejected"),
        ("reason", "Wrong role"),
        ("seen", &seen),
    ];
    let ana = world.as_("ana");
    ana.post(&format!("/leads/{uid}/events"), &fields).is(303);
    world.at("2026-03-04T12:00:00Z");
    world.log("ana", "Call", "No answer", Some(&uid));
    let explain = format!("{}/explain?", receipts(&world, &uid)[0]);
    let open = |query: &str| ana.get(&format!("{explain}{query}"));
    open("figure=first_attempt")
        .ok()
        .says("Counted: stops the clock (1 row)")
        .says(
            "Left out: no attempt: nobody tried to reach them with it, or it never arrived (1 row)",
        )
        .says("Left out: taken back, or corrected by a later entry (1 row)")
        .says("Left out: after the closing, which stands (1 row)");
    open("figure=calendar&step=first_contact&stretch=0")
        .ok()
        .says("1 h; ended before the step was taken")
        .says("Counted: ends the hand-over, which stops the clock (1 row)");
    open("figure=least_attempts")
        .ok()
        .says("attempts: 1; promised: 5")
        .says("Left out: an attempt after the first contact or the end (1 row)");
}
