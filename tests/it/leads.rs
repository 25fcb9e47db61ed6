//! Stories of the list of leads, of who sees which, and of whom to touch next.

use crate::world::{Database, Database::*, World, new_lead};
use chrono::NaiveDate;
use rstest::rstest;
use std::collections::HashSet;
use touchline::calendar::Calendars;
use touchline::definitions::Definitions;
use touchline::kept::Keep;
use touchline::leads::{self, DueLead, NewLead};
use touchline::lists::{self, List};
use touchline::people;
use touchline::rules::wait::Urgency;
use touchline::rules::zone::Zone;

/// A lead that mark hands over now; returns its uid.
fn hand_over(world: &World, lead: &NewLead, owner: &str) -> String {
    let owner = (!owner.is_empty()).then(|| world.person(owner).id);
    world.write_as("mark", |tx| {
        let (id, uid) = leads::store::add(tx.conn, lead)?;
        let lead = leads::store::by_id(tx.conn, id)?;
        leads::store::add_handover(tx.conn, &lead, tx.now, tx.by_id(), "")?;
        leads::refresh(tx, &[id])?;
        if let Some(owner) = owner {
            leads::assign(tx, id, owner)?;
        }
        Ok(uid)
    })
}

/// The uids of the leads that a list page links to, in its order.
fn listed(page: &crate::world::Page) -> Vec<String> {
    let uid = |link: String| link.strip_prefix("/leads/").map(str::to_owned);
    let uids = page.links().into_iter().filter_map(uid);
    uids.filter(|uid| uuid::Uuid::parse_str(uid).is_ok())
        .collect()
}

fn due(world: &World, name: &str, most: usize) -> Vec<DueLead> {
    let (me, now) = (world.me(name), world.now());
    world.read(|conn| {
        let calendars = Calendars::load(conn)?;
        let definitions = Definitions::load(conn)?;
        leads::due(conn, &me, &calendars, &definitions, now, most)
    })
}

fn names(due: &[DueLead]) -> Vec<&str> {
    due.iter()
        .map(|one| one.lead.called.name.as_str())
        .collect()
}

#[rstest]
fn everybody_sees_their_own_leads_and_nobody_elses(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let of_ana = world.lead("Ana's lead", "ana");
    let of_sue = world.lead("Sue's lead", "sue");
    let of_nobody = world.lead("Nobody's lead", "");
    let in_nurture = world.write(|tx| leads::store::add(tx.conn, &new_lead("Not ready", tx.now)));
    let all = [&of_ana, &of_sue, &of_nobody, &in_nurture.1];
    for (name, sees) in [
        ("ana", [true, false, true, false]),
        ("ben", [false, false, true, false]),
        ("max", [true, false, true, false]),
        ("mia", [false, true, true, false]),
        ("mark", [true; 4]),
        ("ada", [true; 4]),
    ] {
        let client = world.as_(name);
        let list = listed(client.get("/leads?view=all").ok());
        for (uid, sees) in all.iter().zip(sees) {
            assert_eq!(list.contains(uid), sees, "{name} in the list");
            let status = if sees { 200 } else { 404 };
            client.get(&format!("/leads/{uid}")).is(status);
        }
    }
    world.as_("ana").get("/leads/nothing").is(404);
    world
        .anonymous()
        .get("/leads")
        .redirects_to("/sign-in?next=%2Fleads");
}

#[rstest]
fn a_manager_sees_the_leads_of_who_is_in_the_team_today_and_of_who_left_the_company_from_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let (of_ana, of_ben) = (
        world.lead("Ana's lead", "ana"),
        world.lead("Ben's lead", "ben"),
    );
    let (ana, ben) = (world.person("ana").id, world.person("ben").id);
    let (south, today) = (world.team("South"), Zone::utc().day_of(world.now()));
    world.write(|tx| {
        people::join(tx, ben, south, today, true)?;
        people::part(tx, ana, today)
    });
    world.at("2026-06-01T09:00:00Z");
    let sees = |name: &str| {
        [&of_ana, &of_ben].map(|uid| world.as_(name).get(&format!("/leads/{uid}")).status)
    };
    assert_eq!(
        sees("max"),
        [200, 404],
        "of the team that Ana left the company from"
    );
    assert_eq!(sees("mia"), [404, 200], "of the team that Ben went to");
    let owners = world.as_("max").get("/leads?view=all");
    owners.ok().says("Ana Arndt").says_nothing_of("Ben Beck");
}

#[rstest]
fn paging_visits_every_lead_once_even_where_instants_are_equal(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    for day in 2..=4 {
        world.at(&format!("2026-03-0{day}T09:00:00Z"));
        for n in 0..41 {
            hand_over(
                &world,
                &new_lead(&format!("Lead {day} {n}"), world.now()),
                "",
            );
        }
    }
    let mark = world.as_("mark");
    let mut page = mark.get("/leads");
    let mut pages = Vec::new();
    loop {
        pages.push(listed(page.ok()));
        let next = page.links().into_iter().find(|l| l.contains("after="));
        let Some(next) = next else { break };
        page = mark.get(&next);
    }
    let sizes: Vec<usize> = pages.iter().map(Vec::len).collect();
    assert_eq!(sizes, [50, 50, 23]);
    let all: HashSet<&String> = pages.iter().flatten().collect();
    assert_eq!(all.len(), 123);

    let mut back = vec![listed(&page)];
    while let Some(previous) = page.links().into_iter().find(|l| l.contains("before=")) {
        page = mark.get(&previous);
        back.push(listed(page.ok()));
    }
    back.reverse();
    assert_eq!(back, pages);
}

#[rstest]
fn a_page_that_holds_all_leads_leads_nowhere(#[values(Sqlite)] database: Database) {
    let world = World::new(database);
    for n in 0..50 {
        world.lead(&format!("Lead {n}"), "ana");
    }
    let page = world.as_("ana").get("/leads?view=all");
    assert_eq!(listed(page.ok()).len(), 50);
    page.says_nothing_of("Next").says_nothing_of("Previous");
}

#[rstest]
fn a_forged_place_in_the_list_is_the_first_page(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let ana = world.as_("ana");
    for place in [
        "after=x",
        "after=1",
        "before=1.x",
        "after=99999999999999999999.1",
        "before=%00.1",
    ] {
        let page = ana.get(&format!("/leads?{place}"));
        assert_eq!(listed(page.ok()), [uid.as_str()], "{place}");
    }
    let page = ana.get("/leads?after=-9223372036854775808.-9223372036854775808");
    page.ok().says("No leads yet");
    ana.get("/leads?before=9223372036854775807.9223372036854775807")
        .ok();
}

#[rstest]
fn filters_narrow_the_list_and_the_file(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let (webinar, spring) = world.write(|tx| {
        let webinar = lists::store::label_id(tx.conn, List::Source, "Webinar")?;
        let spring = lists::store::label_id(tx.conn, List::Campaign, "Spring")?;
        Ok((webinar, spring))
    });
    world.at("2026-03-02T22:59:00Z");
    let hot = NewLead {
        urgency: Urgency::Hot,
        source_id: webinar,
        company: "Müller GmbH".to_owned(),
        ..new_lead("Hanna", world.now())
    };
    let hanna = hand_over(&world, &hot, "ana");
    world.at("2026-03-02T23:00:00Z");
    let otto = NewLead {
        campaign_id: spring,
        email: "otto@example.com".to_owned(),
        phone: "+49 (30) 12-34".to_owned(),
        ..new_lead("Otto 100%", world.now())
    };
    let otto = hand_over(&world, &otto, "");
    world.log("ana", "Call", "Interested", Some(&hanna));
    let ana = world.as_("ana");
    let sue = world.person("sue").uid;
    let both = [otto.as_str(), hanna.as_str()];
    for (filter, found) in [
        ("", &both[..]),
        ("q=M%C3%9CLLER+han", &both[1..]),
        ("q=otto%40example", &both[..1]),
        ("q=30123", &both[..1]),
        ("q=100%25", &both[..1]),
        ("q=_", &[]),
        ("stage=open", &both),
        ("stage=closed", &[]),
        ("stage=contacted", &both[1..]),
        ("urgency=hot", &both[1..]),
        ("owner=me", &both[1..]),
        ("owner=nobody", &both[..1]),
        (&format!("source={}", webinar.unwrap_or(0)), &both[1..]),
        (&format!("campaign={}", spring.unwrap_or(0)), &both[..1]),
        // Midnight in Berlin lies between the two.
        ("from=2026-03-03", &both[..1]),
        ("to=2026-03-02", &both[1..]),
        ("from=2026-03-02&to=2026-03-03", &both),
    ] {
        let page = ana.get(&format!("/leads?view=all&{filter}"));
        assert_eq!(listed(page.ok()), found, "{filter}");
        let file = ana.get(&format!("/leads?{filter}&format=csv"));
        assert!(file.header("content-disposition").contains("leads.csv"));
        assert_eq!(file.ok().body.lines().count(), found.len() + 1, "{filter}");
    }
    for wrong in [
        "stage=sold".to_owned(),
        "urgency=x".to_owned(),
        "source=999999".to_owned(),
        "campaign=x".to_owned(),
        "from=2026-02-30".to_owned(),
        // A rep does not learn who else there is.
        format!("owner={sue}"),
        format!("q={}", "x".repeat(201)),
    ] {
        ana.get(&format!("/leads?{wrong}"))
            .is(422)
            .says("Please check");
    }
    let of_sue = world.as_("ada").get(&format!("/leads?owner={sue}"));
    assert!(listed(of_sue.ok()).is_empty());
}

#[rstest]
fn a_file_for_a_spreadsheet_runs_no_formula(#[values(Sqlite)] database: Database) {
    let world = World::new(database);
    let evil = NewLead {
        company: "=1+1".to_owned(),
        ..new_lead("Eve", world.now())
    };
    hand_over(&world, &evil, "");
    let file = world.as_("mark").get("/leads?format=csv");
    assert!(file.ok().body.contains("Eve,'=1+1,"), "{}", file.body);
}

#[rstest]
fn the_next_leads_are_the_ones_due_first(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world.at("2026-03-03T09:00:00Z");
    world.lead("Tried yesterday", "ana");
    let tried = world.lead("Tried again", "ana");
    world.log("ana", "Call", "No answer", Some(&tried));
    let promised = world.lead("Promised", "ana");
    world.log("ana", "Call", "Interested", Some(&promised));
    let later = world.lead("Later", "ana");
    world.log("ana", "Call", "No answer", Some(&later));
    let id = |uid: &str| {
        let me = world.me("ada");
        world.read(|conn| Ok(leads::store::by_uid(conn, &me, uid)?.expect("the lead").id))
    };
    let day = |text: &str| text.parse::<NaiveDate>().ok();
    let (promised, later) = (id(&promised), id(&later));
    world.write(|tx| {
        leads::store::set_next_step(tx.conn, promised, day("2026-03-03"))?;
        leads::store::set_next_step(tx.conn, later, day("2026-03-05"))
    });
    world.at("2026-03-04T09:00:00Z");
    let stopped = world.lead("Do not call", "ana");
    world.log("ana", "Call", "Do not contact", Some(&stopped));
    let content = NewLead {
        urgency: Urgency::Content,
        ..new_lead("Content", world.now())
    };
    hand_over(&world, &content, "ana");
    let hot = NewLead {
        urgency: Urgency::Hot,
        ..new_lead("Hot", world.now())
    };
    hand_over(&world, &hot, "ana");
    world.lead("Somebody else's", "ben");
    world.at("2026-03-04T09:20:00Z");
    let next = due(&world, "ana", 9);
    assert_eq!(
        names(&next),
        [
            "Tried yesterday",
            "Hot",
            "Content",
            "Promised",
            "Tried again"
        ]
    );
    let due_at: Vec<String> = next
        .iter()
        .map(|one| one.due_at.map(|at| at.to_string()).unwrap_or_default())
        .collect();
    assert_eq!(
        due_at,
        [
            "2026-03-03T13:00:00Z",
            "2026-03-04T09:15:00Z",
            "2026-03-05T09:00:00Z",
            "",
            ""
        ]
    );
    let overdue: Vec<bool> = next.iter().map(|one| one.is_overdue).collect();
    assert_eq!(overdue, [true, true, false, true, false]);
    assert!(next[3].why.contains("Tue 3 Mar 2026"), "{}", next[3].why);
    assert_eq!(names(&due(&world, "ana", 2)), ["Tried yesterday", "Hot"]);
    assert!(due(&world, "sue", 9).is_empty());
}

#[rstest]
fn a_lead_that_waits_for_years_is_due_all_the_same(#[values(Sqlite)] database: Database) {
    let world = World::new(database);
    world.at("2011-10-01T10:00:00Z");
    world.lead("Forgotten", "ana");
    world.at("2026-03-04T09:00:00Z");
    world.lead("Fresh", "ana");
    let next = due(&world, "ana", 5);
    assert_eq!(names(&next), ["Forgotten", "Fresh"]);
    assert_eq!(
        next[0].due_at.map(|at| at.to_string()).as_deref(),
        Some("2011-10-03T11:00:00Z")
    );
}

#[rstest]
fn the_log_finds_leads_by_any_part(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let lead = NewLead {
        company: "Blue Sky".to_owned(),
        phone: "030 555-777".to_owned(),
        ..new_lead("Petra", world.now())
    };
    hand_over(&world, &lead, "ana");
    let find = |who: &str, q: &str| {
        let me = world.me(who);
        world.read(|conn| Ok(leads::store::search(conn, &me, q, 10)?.len()))
    };
    for q in ["petra", "SKY blue", "030555", "  pet  "] {
        assert_eq!(find("ana", q), 1, "{q}");
    }
    assert_eq!(find("ana", "petra red"), 0);
    assert_eq!(find("ben", "petra"), 0);
}
