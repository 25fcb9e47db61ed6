//! Stories of what a version promises: for which lead, and until when.

use super::{agree, version};
use crate::world::{Database, Database::*, World, instant, terms};
use rstest::rstest;
use touchline::calendar::Calendars;
use touchline::definitions::Definitions;
use touchline::handover::Terms;
use touchline::imports::{self, Source};
use touchline::kept::Keep;
use touchline::leads::{self, Handover};
use touchline::lists::{self, List};
use touchline::rules::level::{Clause, Limit};
use touchline::rules::wait::Urgency;
use touchline::value::Instant;

fn handovers(world: &World, uid: &str) -> Vec<Handover> {
    let ada = world.me("ada");
    world.read(|conn| {
        let lead = leads::store::by_uid(conn, &ada, uid)?.expect("the lead");
        leads::store::handovers(conn, lead.id)
    })
}

fn limit(text: &str) -> Limit {
    Limit::read(text).expect("a limit")
}

#[rstest]
fn a_hand_over_keeps_the_version_that_it_was_made_under(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let before = world.lead("Before", "ana");
    world.at("2026-03-04T09:30:00Z");
    agree(&world, |content| {
        for level in &mut content.levels {
            level.promise.first_attempt_by = limit("30 min");
            level.promise.least_attempts = 1;
        }
    });
    world.at("2026-03-04T09:40:00Z");
    let after = world.lead("After", "ana");
    let versions = |uid: &str| -> Vec<i64> {
        let all = handovers(&world, uid).into_iter();
        all.map(|handover| handover.definition_id).collect()
    };
    assert_eq!((versions(&before), versions(&after)), (vec![1], vec![2]));
    // Four working hours from ten o'clock, and half of one from ten to eleven: the later lead comes first.
    let ana = world.as_("ana");
    ana.get(&format!("/leads/{before}"))
        .says("First attempt due 14:00");
    ana.get(&format!("/leads/{after}"))
        .says("First attempt due 11:10");
    let due = world.read(|conn| {
        let calendars = Calendars::load(conn)?;
        let definitions = Definitions::load(conn)?;
        leads::due(
            conn,
            &world.me("ana"),
            &calendars,
            &definitions,
            world.now(),
            9,
        )
    });
    let due: Vec<_> = due
        .iter()
        .map(|one| (one.lead.called.title(), one.due_at))
        .collect();
    let at = |text| Some(instant(text));
    assert_eq!(
        due,
        [
            ("After", at("2026-03-04T10:10:00Z")),
            ("Before", at("2026-03-04T13:00:00Z"))
        ]
    );
    // The least attempts are those of its version too.
    for uid in [&before, &after] {
        world.at("2026-03-04T09:55:00Z");
        world.log("ana", "Call", "No answer", Some(uid));
    }
    let give_up = |uid: &str| {
        let page = ana.get(&format!("/leads/{uid}"));
        let seen = page.field("seen").unwrap_or_default();
        let fields = [
            ("kind", "disqualified"),
            ("reason", "Unable to reach"),
            ("seen", seen.as_str()),
        ];
        ana.post(&format!("/leads/{uid}/events"), &fields)
    };
    give_up(&before).is(422).says("4 more attempts are needed");
    give_up(&after).is(303);
    // Handed over anew, it is under the version of now; what was stays.
    world.at("2026-03-05T09:00:00Z");
    let mark = world.as_("mark");
    let form = mark.get(&format!("/leads/{after}?do=hand-over"));
    form.submit(&format!("/leads/{after}/hand-over"), &[])
        .is(303);
    assert_eq!(versions(&after), [2, 2]);
}

#[rstest]
fn a_level_for_one_source_holds_in_place_of_that_of_its_urgency(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let fair = world.write(|tx| lists::store::add_label(tx.conn, List::Source, "Trade fair"));
    super::name_heads(&world);
    let max = world.as_("max");
    let form = max.post("/definitions", &[]).follow();
    let fields = [
        ("own1_source", fair.to_string()),
        ("own1_urgency", "warm".to_owned()),
        ("own1_accept", "1 h".to_owned()),
        ("own1_first", "2 h".to_owned()),
        ("own1_attempts", "2".to_owned()),
        ("own1_kinds", "1".to_owned()),
        ("own1_contact", "5 days".to_owned()),
    ];
    let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let page = form.submit("/definitions/draft", &fields).is(303).follow();
    page.says("Warm from Trade fair");
    // Twice is once too often.
    let form = max.get("/definitions/draft");
    let twice: Vec<_> = fields
        .iter()
        .map(|(name, value)| (name.replace("own1", "own2"), *value))
        .collect();
    let twice: Vec<_> = twice.iter().map(|(n, v)| (n.as_str(), *v)).collect();
    form.submit("/definitions/draft", &twice)
        .is(422)
        .says("have a level above already");
    for name in ["max", "mark"] {
        super::sign(&world, name, 2).is(303);
    }
    let lead = |source: &str, urgency| {
        let promise = Terms {
            source: source.to_owned(),
            urgency,
            owner_id: Some(world.person("ana").id),
            ..terms()
        };
        world.lead_on(source, &promise)
    };
    let due = |uid: &str| world.as_("ana").get(&format!("/leads/{uid}"));
    due(&lead("Trade fair", Urgency::Warm)).says("Acceptance due 11:00");
    due(&lead("Web form", Urgency::Warm)).says("First attempt due 14:00");
    due(&lead("Trade fair", Urgency::Hot)).says("First attempt due 10:15");
    let definitions = world.read(Definitions::load);
    let level = |number, urgency| definitions.level(number, urgency, Some(fair));
    assert_eq!(level(2, Urgency::Warm).least_attempts, 2);
    assert_eq!(level(1, Urgency::Warm).least_attempts, 5);
    assert_eq!(definitions.longest_days(Clause::ContactOrExit), 15);
}

#[rstest]
fn an_imported_hand_over_is_under_the_version_in_force_at_its_time(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    agree(&world, |content| {
        content.levels[1].promise.least_attempts = 1;
    });
    world.at("2026-03-06T09:00:00Z");
    let leads = "external_id,name,created_at\n\
                 old,Old,2026-03-02T09:00:00Z\nnew,New,2026-03-05T09:00:00Z\n\
                 twice,Twice,2026-03-02T09:00:00Z\n";
    let events = "lead_external_id,at,event,reason\n\
                  twice,2026-03-05T09:00:00Z,handed_over,\n\
                  old,2026-03-06T08:00:00Z,disqualified,Unable to reach\n\
                  new,2026-03-06T08:00:00Z,disqualified,Unable to reach\n";
    let calls = "external_id,person_email,kind,outcome,happened_at,lead_external_id\n\
                 1,ana@example.com,Call,No answer,2026-03-05T10:00:00Z,old\n\
                 2,ana@example.com,Call,No answer,2026-03-05T10:00:00Z,new\n";
    let import = || {
        let sources = [
            Source::new("leads.csv", leads.as_bytes()),
            Source::new("lead_events.csv", events.as_bytes()),
            Source::new("activities.csv", calls.as_bytes()),
        ];
        world.write(|tx| imports::import(tx, &sources, false, &mut |_| {}))
    };
    let report = import();
    assert!(report.is_good(), "{report:?}");
    let uid = |name: &str| {
        let ada = world.me("ada");
        let found = world.read(|conn| leads::store::search(conn, &ada, name, 1));
        found[0].uid.clone()
    };
    let versions = |name: &str| -> Vec<i64> {
        let all = handovers(&world, &uid(name)).into_iter();
        all.map(|handover| handover.definition_id).collect()
    };
    let all = || ["old", "new", "twice"].map(versions);
    assert_eq!(all(), [vec![1], vec![2], vec![1, 2]]);
    // One attempt is enough under version 2, and flagged under version 1.
    let flagged = |name: &str| {
        let ada = world.me("ada");
        let lead = world.read(|conn| leads::store::by_uid(conn, &ada, &uid(name)));
        let events = world.read(|conn| leads::store::events(conn, lead.expect("it").id));
        events.iter().any(|event| !event.flags.is_empty())
    };
    assert!(flagged("old") && !flagged("new"));
    // A third version changes nothing of what came before, nor does the same file once more.
    agree(&world, |content| content.stages = "Third.".to_owned());
    import();
    assert_eq!(all(), [vec![1], vec![2], vec![1, 2]]);
    assert_eq!(version(&world, 3).from, Some(world.now()));
}

#[rstest]
fn every_promise_that_waits_has_its_due_instant_and_what_is_done_has_none(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    // Wednesday, ten in Berlin.
    let untouched = world.lead("Untouched", "ana");
    let tried = world.lead("Tried", "ben");
    let nobodys = world.lead("Nobody's", "");
    let gone = world.lead("Gone", "ana");
    world.at("2026-03-04T09:30:00Z");
    world.log("ben", "Call", "No answer", Some(&tried));
    world.log("ana", "Call", "Do not contact", Some(&gone));
    let promises = world.read(|conn| {
        let batch = leads::open_handovers(conn, Instant(0), 0, 100)?;
        assert_eq!(
            leads::open_handovers(conn, Instant(0), batch[0], 100)?,
            batch[1..]
        );
        let calendars = Calendars::load(conn)?;
        let definitions = Definitions::load(conn)?;
        leads::promises(conn, &calendars, &definitions, &batch, world.now())
    });
    let of = |uid: &str| {
        let handover = &handovers(&world, uid)[0];
        let theirs = promises.iter().filter(|p| p.handover_id == handover.id);
        theirs
            .map(|p| {
                (
                    p.clause,
                    p.window.soon_at.to_string(),
                    p.window.due_at.to_string(),
                )
            })
            .collect::<Vec<_>>()
    };
    let due = |clause, soon: &str, due: &str| (clause, soon.to_owned(), due.to_owned());
    let contact = || {
        // Eighty working hours from ten o'clock, sixty of them until due soon.
        due(
            Clause::ContactOrExit,
            "2026-03-13T13:00:00Z",
            "2026-03-18T09:00:00Z",
        )
    };
    let waiting = vec![
        due(
            Clause::Accept,
            "2026-03-04T12:00:00Z",
            "2026-03-04T13:00:00Z",
        ),
        due(
            Clause::FirstAttempt,
            "2026-03-04T12:00:00Z",
            "2026-03-04T13:00:00Z",
        ),
        contact(),
    ];
    assert_eq!(of(&untouched), waiting);
    assert_eq!(of(&nobodys), waiting);
    assert_eq!(of(&tried), [contact()]);
    assert_eq!(of(&gone), []);
    let owner = |uid: &str| {
        let id = handovers(&world, uid)[0].id;
        let one = promises.iter().find(|p| p.handover_id == id);
        one.expect("a promise").owner_id
    };
    assert_eq!(owner(&tried), Some(world.person("ben").id));
    assert_eq!(owner(&nobodys), None);
}

#[rstest]
fn a_lead_before_all_versions_is_under_the_first(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    agree(&world, |_| {});
    let definitions = world.read(Definitions::load);
    assert_eq!(definitions.at(instant("1999-01-01T00:00:00Z")).number, 1);
    let before = touchline::value::Instant(world.now().0 - 1);
    assert_eq!(definitions.at(before).number, 1);
    assert_eq!(definitions.at(world.now()).number, 2);
}
