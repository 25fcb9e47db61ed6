//! Stories of a rep's own leads: what stands in which section when, and what one tap does to one of them or to several.

use crate::world::{Client, Database, Database::*, Page, World, new_lead, terms};
use rstest::rstest;
use touchline::handover::{self, Terms};
use touchline::leads::{self, Lead, NewLead};
use touchline::rules::stage::Stage;
use touchline::rules::wait::Urgency;

fn lead(world: &World, uid: &str) -> Lead {
    let admin = world.me("ada");
    world.read(|conn| Ok(leads::store::by_uid(conn, &admin, uid)?.expect("the lead")))
}

/// The names of the leads that a page links to, in its order.
fn listed(world: &World, page: &Page) -> Vec<String> {
    let uids = page.links().into_iter();
    let uids = uids.filter_map(|link| link.strip_prefix("/leads/").map(str::to_owned));
    let mut uids: Vec<String> = uids
        .filter(|uid| uuid::Uuid::parse_str(uid).is_ok())
        .collect();
    uids.dedup();
    uids.iter().map(|uid| lead(world, uid).name).collect()
}

fn section(world: &World, client: &Client, view: &str) -> Vec<String> {
    listed(world, client.get(&format!("/leads?view={view}")).ok())
}

fn hand_over(world: &World, name: &str, urgency: Urgency) -> String {
    let owner_id = Some(world.person("ana").id);
    let terms = Terms {
        urgency,
        owner_id,
        ..terms()
    };
    world.lead_on(name, &terms)
}

/// Ana's leads at ten on Wednesday in Berlin: one of each sort.
fn lived_in(world: &World) {
    world.at("2026-03-03T14:00:00Z");
    hand_over(world, "Forgotten", Urgency::Warm);
    let today = hand_over(world, "Step today", Urgency::Warm);
    let late = hand_over(world, "Step yesterday", Urgency::Warm);
    let later = hand_over(world, "Step later", Urgency::Warm);
    let stopped = hand_over(world, "Stopped", Urgency::Warm);
    let kept_warm = hand_over(world, "Kept warm", Urgency::Warm);
    for uid in [&today, &late, &later] {
        world.log("ana", "Call", "No answer", Some(uid));
    }
    world.log("ana", "Call", "Do not contact", Some(&stopped));
    let seen = world
        .as_("ana")
        .get(&format!("/leads/{kept_warm}"))
        .field("seen");
    world
        .as_("ana")
        .post(
            &format!("/leads/{kept_warm}/events"),
            &[
                ("kind", "nurture"),
                ("reason", "Not ready yet"),
                ("return_on", "2026-05-04"),
                ("seen", &seen.unwrap_or_default()),
            ],
        )
        .is(303);
    let step = |uid: &str, day: &str| {
        let fields = [("deed", "step"), ("lead", uid), ("on", day)];
        world.as_("ana").post("/leads/bulk", &fields).is(303);
    };
    step(&late, "2026-03-03");
    step(&today, "2026-03-04");
    step(&later, "2026-03-05");
    world.at("2026-03-04T08:00:00Z");
    hand_over(world, "Due by noon", Urgency::Warm);
    world.at("2026-03-04T09:00:00Z");
    hand_over(world, "Hot", Urgency::Hot);
    hand_over(world, "Fresh", Urgency::Warm);
    hand_over(world, "Content", Urgency::Content);
    world.lead("Somebody else's", "ben");
    world.lead("Nobody's", "");
}

#[rstest]
fn each_lead_stands_in_the_section_of_its_hour(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    lived_in(&world);
    let at = |when: &str| {
        world.at(when);
        let ana = world.as_("ana");
        ["overdue", "due", "new", "working", "nurture"].map(|view| section(&world, &ana, view))
    };
    let names = |all: &[&str]| {
        all.iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    let others = [names(&["Stopped", "Step later"]), names(&["Kept warm"])];
    let ten = at("2026-03-04T09:05:00Z");
    assert_eq!(
        ten,
        [
            names(&["Step yesterday"]),
            names(&["Forgotten", "Step today"]),
            names(&["Hot", "Due by noon", "Fresh", "Content"]),
            others[0].clone(),
            others[1].clone(),
        ]
    );
    // Three quarters of a hot lead's time are gone.
    let soon = at("2026-03-04T09:12:00Z");
    assert_eq!(soon[1], names(&["Hot", "Forgotten", "Step today"]));
    let later = at("2026-03-04T12:30:00Z");
    assert_eq!(
        later[0],
        names(&["Step yesterday", "Hot", "Forgotten", "Due by noon"])
    );
    assert_eq!(later[1], names(&["Fresh", "Step today"]));
    assert_eq!(later[2], names(&["Content"]));
    // In the evening the clocks stand still: nothing has moved since closing time.
    let closing = at("2026-03-04T16:00:00Z");
    let evening = at("2026-03-04T21:00:00Z");
    assert_eq!(closing, evening);
    let ana = world.as_("ana");
    ana.get("/leads?view=due")
        .says("Acceptance due in 1 h of working time, clock stands still until Thu 09:00");
    ana.get("/leads?view=overdue")
        .says("First attempt overdue by 3 h of working time");
    // Past midnight the step of yesterday is overdue, though nobody works.
    let night = at("2026-03-05T01:00:00Z");
    assert!(night[0].contains(&"Step today".to_owned()), "{night:?}");
}

// A warm lead has four working hours. It lay in the queue by the workspace's hours, and Ana's own begin when she has it.
#[rstest]
fn a_lead_that_waited_for_an_owner_is_due_alike_wherever_it_is_shown(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.at("2026-03-04T08:00:00Z");
    let off = [
        ("from", "2026-03-04"),
        ("to", "2026-03-04"),
        ("reason", "Dentist"),
    ];
    let page = world.as_("ana").get("/time-off");
    page.submit("/time-off", &off).is(303);
    let uid = world.lead("Acme", "");
    world.at("2026-03-05T08:00:00Z");
    let page = world.as_("ana").get(&format!("/leads/{uid}"));
    page.submit(&format!("/leads/{uid}/assign"), &[]).is(303);
    let ana = world.as_("ana");
    assert_eq!(section(&world, &ana, "overdue"), ["Acme"]);
    ana.get(&format!("/leads/{uid}"))
        .says("First attempt overdue since 4 Mar, 13:00");
    ana.get("/today").says("Overdue since 4 Mar, 13:00");
    touchline::jobs::run(world.app());
    ana.get("/inbox").says("First attempt overdue");
}

#[rstest]
fn a_rep_begins_with_what_is_most_urgent(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let ana = world.as_("ana");
    ana.get("/leads").ok().says("No new leads");
    lived_in(&world);
    let page = world.as_("ana").get("/leads");
    for words in [
        "Overdue 1",
        "Due 2",
        "New 4",
        "Working 2",
        "Nurture 1",
        "Unassigned 1",
        "Next step was due Tue 3 Mar 2026",
    ] {
        page.says(words);
    }
    world
        .as_("ana")
        .get("/leads?view=nurture")
        .says("Comes back Mon 4 May 2026");
    world
        .as_("ana")
        .get("/leads?view=working")
        .says("Do not contact")
        .says("Next step Thu 5 Mar 2026");
    // A manager begins with the leads of their teams, marketing with all of them.
    for name in ["max", "mark"] {
        world
            .as_(name)
            .get("/leads")
            .ok()
            .says("Somebody else's")
            .says("Fresh");
    }
    world
        .as_("mark")
        .get("/leads?view=new")
        .ok()
        .says("Somebody else's");
}

#[rstest]
fn a_manager_sees_what_is_overdue_for_the_team_and_for_themselves(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    lived_in(&world);
    let own = world.lead("The manager's own", "max");
    world.lead("Of another team", "sue");
    let max = world.as_("max");
    // Each by the hours of its own owner; in the order in which they are due.
    let new = max.get("/leads?view=new");
    let names = [
        "Hot",
        "Due by noon",
        "Fresh",
        "Somebody else's",
        "The manager's own",
        "Content",
    ];
    assert_eq!(listed(&world, new.ok()), names);
    new.says("Ben Beck").says("Overdue 1").says("My own");
    assert_eq!(section(&world, &max, "overdue"), ["Step yesterday"]);
    assert_eq!(
        section(&world, &max, "new&whose=own"),
        ["The manager's own"]
    );
    let none = max.get("/leads?view=overdue&whose=own");
    none.ok().says("Nothing of yours is overdue");
    // What is to be done with a lead is its owner's: the manager can give it to somebody else.
    let accept = |page: &Page| page.body.matches("value=\"accept\"").count();
    assert_eq!(
        (accept(&new), accept(&max.get("/leads?view=new&whose=own"))),
        (0, 2)
    );
    let ben = world.person("ben").uid;
    let give = [("deed", "give"), ("lead", own.as_str()), ("owner", &ben)];
    new.submit("/leads/bulk", &give)
        .redirects_to("/leads?view=new&done=give-1");
    assert_eq!(lead(&world, &own).owner_id, Some(world.person("ben").id));
    // Others have no team to look after.
    world
        .as_("ana")
        .get("/leads?view=new&whose=team")
        .ok()
        .says_nothing_of("Ben Beck");
}

#[rstest]
fn several_are_accepted_at_once_and_those_refused_are_named(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let [first, second] = ["Acme", "Birch"].map(|name| world.lead(name, "ana"));
    let of_ben = world.lead("Cedar", "ben");
    let ana = world.as_("ana");
    let view = "/leads?view=new";
    let page = ana.get(view);
    let accepted = page.submit("/leads/bulk", &[("deed", "accept"), ("lead", &first)]);
    accepted.redirects_to("/leads?view=new&done=accept-1");
    accepted.follow().says("Accepted 1 lead.");
    assert_eq!(lead(&world, &first).stage, Stage::Accepted);
    let all = [
        ("deed", "accept"),
        ("lead", first.as_str()),
        ("lead", &second),
        ("lead", &second),
        ("lead", &of_ben),
        ("back", "https://evil.example/"),
    ];
    let page = ana.post("/leads/bulk", &all);
    page.is(422)
        .says("1 done, 2 refused")
        .says("Acme This lead is accepted already.")
        .says("A lead that is not yours to see Somebody else has it now.");
    assert!(page.links().contains(&"/leads".to_owned()));
    assert_eq!(lead(&world, &second).stage, Stage::Accepted);
    assert_eq!(lead(&world, &of_ben).stage, Stage::HandedOver);
    let many: Vec<(&str, String)> = (0..101).map(|n| ("lead", n.to_string())).collect();
    let mut many: Vec<(&str, &str)> = many.iter().map(|(k, v)| (*k, v.as_str())).collect();
    many.push(("deed", "accept"));
    ana.post("/leads/bulk", &many)
        .is(422)
        .says("Choose at most 100 leads at once.");
}

#[rstest]
fn the_next_step_is_set_in_one_tap(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    world.log("ana", "Call", "No answer", Some(&uid));
    let ana = world.as_("ana");
    let set = |fields: &[(&str, &str)]| {
        let mut all = vec![("deed", "step"), ("lead", uid.as_str())];
        all.extend(fields);
        ana.post("/leads/bulk", &all)
    };
    for (field, value, day) in [
        ("next", "1", "2026-03-05"),
        ("next", "2", "2026-03-06"),
        ("next", "7", "2026-03-11"),
        ("on", "2026-04-01", "2026-04-01"),
    ] {
        set(&[(field, value)]).is(303);
        let on = lead(&world, &uid).next_step_on.map(|day| day.to_string());
        assert_eq!(on.as_deref(), Some(day), "{value}");
    }
    set(&[("on", "2026-03-03")])
        .is(422)
        .says("Enter today or a day after it.");
    let card = ana.get("/leads?view=working");
    card.submit("/leads/bulk", &[("next", "1")])
        .redirects_to("/leads?view=working&done=step-1");
    let fields = [("deed", "step"), ("lead", uid.as_str()), ("next", "1")];
    world.as_("max").post("/leads/bulk", &fields).is(303);
    world.as_("ben").post("/leads/bulk", &fields).is(422);
    world.at("2026-03-04T09:20:00Z");
    world.log("ana", "Call", "Do not contact", Some(&uid));
    set(&[("next", "1")])
        .is(422)
        .says("asked not to be contacted");
    let seen = ana
        .get(&format!("/leads/{uid}"))
        .field("seen")
        .unwrap_or_default();
    let ended = [
        ("kind", "disqualified"),
        ("reason", "Do not contact"),
        ("seen", &seen),
    ];
    ana.post(&format!("/leads/{uid}/events"), &ended).is(303);
    set(&[("next", "1")]).is(422).says("there is no next step");
}

#[rstest]
fn who_plans_a_step_second_is_told_of_the_first(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    world.log("ana", "Call", "No answer", Some(&uid));
    let [anas, maxs] = ["ana", "max"].map(|name| {
        let field = format!("seen-{uid}");
        let page = world.as_(name).get(&format!("/leads/{uid}"));
        (field, page.field("seen").unwrap_or_default())
    });
    let plan = |name: &str, (field, seen): &(String, String), days: &str| {
        let fields = [
            ("deed", "step"),
            ("lead", uid.as_str()),
            ("next", days),
            (field, seen),
        ];
        world.as_(name).post("/leads/bulk", &fields)
    };
    plan("ana", &anas, "1").is(303);
    plan("max", &maxs, "7")
        .is(422)
        .says("0 done, 1 refused")
        .says("The next step is Thu 5 Mar 2026");
    // The same step is the same act, whoever is second.
    plan("max", &maxs, "1").is(303);
    let on = lead(&world, &uid).next_step_on.map(|day| day.to_string());
    assert_eq!(on.as_deref(), Some("2026-03-05"));
}

/// Follows a way until it ends; what each page lists.
fn pages(world: &World, client: &Client, start: &str, way: &str) -> Vec<Vec<String>> {
    let mut page = client.get(start);
    let mut all = vec![listed(world, page.ok())];
    while let Some(next) = page.links().into_iter().find(|link| link.contains(way)) {
        page = client.get(&next);
        all.push(listed(world, page.ok()));
    }
    all
}

#[rstest]
fn long_sections_are_read_page_by_page_there_and_back(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    for n in 0..60 {
        let uid = world.lead(&format!("Lead {n}"), "ana");
        if n % 2 == 0 {
            continue;
        }
        world.log("ana", "Call", "Interested", Some(&uid));
    }
    for n in 60..120 {
        world.lead(&format!("Lead {n}"), "ana");
        let uid = world.lead(&format!("Tried {n}"), "ana");
        world.log("ana", "Call", "Interested", Some(&uid));
    }
    let ana = world.as_("ana");
    for view in ["new", "working"] {
        let there = pages(&world, &ana, &format!("/leads?view={view}"), "after=");
        let sizes: Vec<usize> = there.iter().map(Vec::len).collect();
        assert_eq!(sizes, [50, 40], "{view}");
        let mut all: Vec<&String> = there.iter().flatten().collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 90, "{view}");
        let last = ana.get(&format!("/leads?view={view}"));
        let next = last
            .links()
            .into_iter()
            .find(|link| link.contains("after="));
        let back = ana.get(&next.expect("a second page"));
        let previous = back
            .links()
            .into_iter()
            .find(|link| link.contains("before="));
        let first = ana.get(&previous.expect("the first page"));
        assert_eq!(listed(&world, &first), there[0], "{view}");
    }
}

#[rstest]
fn the_list_is_ordered_by_score_on_demand(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    for n in 0..120 {
        let lead = NewLead {
            score: (n % 3 != 0).then(|| f64::from(n % 7) + 0.1),
            ..new_lead(&format!("Lead {n}"), world.now())
        };
        let owner_id = Some(world.person(if n % 2 == 0 { "ana" } else { "ben" }).id);
        let terms = Terms {
            owner_id,
            score: lead.score,
            ..terms()
        };
        let uid = uuid::Uuid::now_v7().to_string();
        world.write_as("mark", |tx| handover::add(tx, &uid, &lead, &terms, true));
    }
    for (who, sizes) in [("mark", &[50, 50, 20][..]), ("ana", &[50, 10])] {
        let client = world.as_(who);
        let there = pages(&world, &client, "/leads?view=all&order=score", "after=");
        let lengths: Vec<usize> = there.iter().map(Vec::len).collect();
        assert_eq!(lengths, sizes, "{who}");
        let score = |name: &String| {
            let n: u32 = name
                .rsplit(' ')
                .next()
                .and_then(|n| n.parse().ok())
                .unwrap_or(0);
            (!n.is_multiple_of(3)).then_some(n % 7)
        };
        let scores: Vec<Option<u32>> = there.iter().flatten().map(score).collect();
        assert!(
            scores.windows(2).all(|two| two[0] >= two[1]),
            "{who}: {scores:?}"
        );
        let mut names: Vec<&String> = there.iter().flatten().collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), scores.len(), "{who}");
        let mut page = client.get("/leads?view=all&order=score");
        while let Some(next) = page.links().into_iter().find(|l| l.contains("after=")) {
            page = client.get(&next);
        }
        let mut back = vec![listed(&world, &page)];
        while let Some(previous) = page.links().into_iter().find(|l| l.contains("before=")) {
            page = client.get(&previous);
            back.push(listed(&world, page.ok()));
        }
        back.reverse();
        assert_eq!(back, there, "{who}");
    }
}

// Content is to be accepted within one working day and tried within two; a day here has eight working hours.
#[rstest]
fn a_lead_that_was_not_accepted_in_time_is_overdue_wherever_it_is_shown(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let uid = hand_over(&world, "Acme", Urgency::Content);
    world.lead_on(
        "Birch",
        &Terms {
            urgency: Urgency::Content,
            ..terms()
        },
    );
    world.at("2026-03-05T10:00:00Z");
    touchline::jobs::run(world.app());
    let ana = world.as_("ana");
    ana.get("/inbox").ok().says("Not accepted in time");
    assert_eq!(section(&world, &ana, "overdue"), ["Acme"]);
    assert!(section(&world, &ana, "new").is_empty());
    ana.get("/leads?view=overdue")
        .says("Acceptance overdue by 1 h of working time");
    ana.get("/today")
        .ok()
        .says("Not accepted yet")
        .says("Overdue since 10:00");
    ana.get(&format!("/leads/{uid}"))
        .says("Acceptance overdue since 10:00");
    world
        .as_("max")
        .get("/leads?view=unassigned")
        .ok()
        .says("Acceptance was due 10:00");
    // Accepted, it has time for its first attempt.
    let accept = [("deed", "accept"), ("lead", uid.as_str())];
    ana.post("/leads/bulk", &accept).is(303);
    assert_eq!(section(&world, &ana, "new"), ["Acme"]);
    ana.get("/leads?view=new")
        .says("First attempt due in 7 h of working time");
    ana.get("/today").says("No attempt yet");
}

// A warm lead is to be reached, or to end, within ten working days: eighty hours here.
#[rstest]
fn a_tried_lead_counts_down_to_its_contact_or_exit(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = hand_over(&world, "Acme", Urgency::Warm);
    let other = hand_over(&world, "Birch", Urgency::Warm);
    world.log("ana", "Call", "No answer", Some(&uid));
    world.log("ana", "Call", "Interested", Some(&other));
    world.at("2026-03-05T09:00:00Z");
    world.log("ana", "Call", "No answer", Some(&uid));
    let at = |when: &str| {
        world.at(when);
        let ana = world.as_("ana");
        ["overdue", "due", "working"].map(|view| section(&world, &ana, view))
    };
    let none: Vec<String> = Vec::new();
    let [overdue, due, mut working] = at("2026-03-10T09:00:00Z");
    working.sort();
    assert_eq!((overdue, due), (none.clone(), none.clone()));
    assert_eq!(working, ["Acme", "Birch"]);
    world
        .as_("ana")
        .get("/leads?view=working")
        .says("Contact or exit due in 48 h of working time · 2 attempts");
    let soon = at("2026-03-17T09:00:00Z");
    assert_eq!(soon[1], ["Acme"]);
    assert_eq!(soon[2], ["Birch"]);
    let late = at("2026-03-18T10:00:00Z");
    assert_eq!(late[0], ["Acme"]);
    assert_eq!((&late[1], &late[2][..]), (&none, &["Birch".to_owned()][..]));
    touchline::jobs::run(world.app());
    for name in ["ana", "max"] {
        world
            .as_(name)
            .get("/inbox")
            .says("A contact or an exit is overdue");
    }
    let ana = world.as_("ana");
    ana.get("/leads?view=overdue")
        .says("Contact or exit overdue by 1 h of working time")
        .says("Overdue 1")
        .says("Working 1");
    ana.get("/today")
        .says("No contact or exit yet")
        .says("Overdue since 10:00");
    world.as_("max").get("/leads?view=overdue").says("Acme");
    // With a step for today it stands there once, and reached it is in work.
    let step = [
        ("deed", "step"),
        ("lead", uid.as_str()),
        ("on", "2026-03-18"),
    ];
    ana.post("/leads/bulk", &step).is(303);
    let stepped = at("2026-03-18T10:01:00Z");
    assert_eq!(
        (&stepped[0][..], &stepped[1]),
        (&["Acme".to_owned()][..], &none)
    );
    assert_eq!(stepped[2], ["Birch"]);
    world.log("ana", "Call", "Interested", Some(&uid));
    let reached = at("2026-03-18T10:02:00Z");
    assert_eq!(
        (&reached[0], &reached[1][..]),
        (&none, &["Acme".to_owned()][..])
    );
}
