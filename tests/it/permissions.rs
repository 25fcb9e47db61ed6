//! Who may do what: every row of the route table, asked for by everybody, as one table to be read.

use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{Client, World};
use chrono::NaiveDate;
use rstest::rstest;
use std::fmt::Write;
use touchline::calendar::{self, Part};
use touchline::definitions;
use touchline::goals::{self, Aim, NewGoal};
use touchline::inbox::{self, Notice, NoticeKind};
use touchline::leads::{self, signals};
use touchline::monday;
use touchline::people::{self, NewPerson, links, screens};
use touchline::routes::{Route, TABLE};
use touchline::rules::access::Role;
use touchline::rules::period::Period;
use touchline::rules::target::Metric;
use touchline::shared_goals::{self, Measure};
use touchline::signin;
use touchline::territories::{self, NewRule};

/// The columns. The things asked for are ana's, who is in max's team.
const ASKERS: &[(&str, &str)] = &[
    ("nobody", ""),
    ("their rep", "ana"),
    ("team mate", "ben"),
    ("other rep", "sue"),
    ("manager", "max"),
    ("other mgr", "mia"),
    ("marketing", "mark"),
    ("admin", "ada"),
];

#[rstest]
fn everybody_may_do_what_this_table_says(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let fresh = World::empty(database);
    let mut table = format!("{:<42}{:>10}", "", "not set up");
    for (title, _) in ASKERS {
        write!(table, "{title:>10}").expect("room");
    }
    for route in TABLE {
        write!(table, "\n{:<5}{:<37}", route.method.as_str(), route.path).expect("room");
        let asked_before = ask(&fresh.anonymous(), route, &route.path.replace("{uid}", "0"));
        write!(table, "{asked_before:>10}").expect("room");
        for (_, name) in ASKERS {
            // Everybody is asked about things that nobody has touched yet.
            let path = filled(&world, route.path);
            let asker = match *name {
                "" => world.anonymous(),
                name => world.as_(name),
            };
            write!(table, "{:>10}", ask(&asker, route, &path)).expect("room");
        }
    }
    insta::assert_snapshot!("everybody_may_do_what_this_table_says", table);
}

/// The status of a route, and where to when it is to signing in; forms are sent empty.
fn ask(asker: &Client, route: &Route, path: &str) -> String {
    let page = match route.method.as_str() {
        "GET" => asker.get(path),
        "POST" => asker.post(path, &[]),
        other => panic!("teach this test to {other}"),
    };
    match page.location.split('?').next() {
        Some("/sign-in") if route.path != "/sign-out" => "sign in".to_owned(),
        Some("/setup") => "set up".to_owned(),
        _ => page.status.to_string(),
    }
}

/// Who asks about things of whom; the things of marketing are the leads that they handed over.
const OWN_AND_OTHERS: &[(&str, &str, &str)] = &[
    ("rep: own", "ana", "ana"),
    ("manager's", "ana", "max"),
    ("manager: own", "max", "max"),
    ("their rep's", "max", "ana"),
    ("other mgr's", "mia", "max"),
    ("admin's", "max", "ada"),
    ("marketing: own", "mark", "mark"),
    ("other mktg's", "mona", "mark"),
    ("manager's", "mark", "max"),
    ("admin: own", "ada", "ada"),
    ("other admin's", "abe", "ada"),
];

#[rstest]
fn with_their_own_and_with_others_everybody_may_do_what_this_table_says(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    for (name, role) in [("Mona Meier", Role::Marketing), ("Abe Amsel", Role::Admin)] {
        world.write(|tx| people::add(tx, crate::world::newcomer(name, role)));
    }
    let mut table = format!("{:<42}", "");
    for (title, _, _) in OWN_AND_OTHERS {
        write!(table, "{title:>15}").expect("room");
    }
    for route in TABLE.iter().filter(|route| is_somebody_s(route)) {
        write!(table, "\n{:<5}{:<37}", route.method.as_str(), route.path).expect("room");
        for (_, asker, whose) in OWN_AND_OTHERS {
            let path = filled_with(&world, route.path, whose);
            let answer = ask(&world.as_(asker), route, &path);
            write!(table, "{answer:>15}").expect("room");
        }
    }
    insta::assert_snapshot!(
        "with_their_own_and_with_others_everybody_may_do_what_this_table_says",
        table
    );
}

/// Whether a row is about a thing that belongs to somebody.
fn is_somebody_s(route: &Route) -> bool {
    const PLACES: &[&str] = &[
        "/leads",
        "/activities",
        "/hand-overs",
        "/time-off",
        "/inbox",
        "/planner/goals",
        "/commitments",
        "/me/sign-in",
        "/import",
    ];
    let Some((place, _)) = route.path.split_once("/{") else {
        return false;
    };
    // Other posts about people are about a newcomer, who is nobody's.
    let is_of_people =
        place == "/people" && (route.method == "GET" || route.path.ends_with("/leads"));
    PLACES.contains(&place) || is_of_people
}

/// The path with the names of things of ana's, made for this request alone.
pub fn filled(world: &World, path: &str) -> String {
    match path {
        "/people/{uid}/card" | "/people/{uid}/leads" => filled_with(world, path, "ana"),
        path if path.starts_with("/people/{uid}") => path.replace("{uid}", &person(world)),
        path => filled_with(world, path, "ana"),
    }
}

/// The path with the names of things of somebody's, made for this request alone.
fn filled_with(world: &World, path: &str, whose: &str) -> String {
    // Marketing owns no lead and logs nothing: theirs is what they handed over.
    let owner = if whose == "mark" { "ana" } else { whose };
    if path == "/definitions" || path.starts_with("/definitions/draft") {
        draft(world, path != "/definitions");
    }
    let Some((place, _)) = path.split_once("/{") else {
        return path.to_owned();
    };
    let thing = match place {
        "/leads" => world.lead("Acme", owner),
        "/lead-score/signals" => signal_kind(world).to_string(),
        "/activities" => {
            let lead = world.lead("Acme", owner);
            world.log(owner, "Call", "Interested", Some(&lead))
        }
        "/import" => world.upload().replace("/import/", ""),
        "/people" => world.person(whose).uid,
        "/territories/rules" => territory_rule(world).to_string(),
        "/hand-overs" => receipt(world, owner),
        "/reasons" => "1".to_owned(),
        "/teams" => team(world).to_string(),
        "/calendar/holidays" => holiday(world).to_string(),
        "/time-off" => time_off(world, owner).to_string(),
        "/inbox" => notice(world, whose).to_string(),
        "/planner/goals" => goal(world, owner),
        "/shared-goals" => shared_goal(world).to_string(),
        "/definitions" => "1".to_owned(),
        "/monday" => pack(world).to_string(),
        "/commitments" => commitment(world, whose).to_string(),
        "/kinds" | "/lists" => "1".to_owned(),
        "/people/links" => link(world).to_string(),
        "/welcome" => welcome(world),
        "/team/screens" => screen(world).0.to_string(),
        "/wall" => screen(world).1,
        "/me/sign-in" => session(world, whose).to_string(),
        _ => panic!("teach this test what {path} stands for"),
    };
    path.replace("{uid}", &thing)
        .replace("{id}", &thing)
        .replace("{number}", &thing)
        .replace("{monday}", &thing)
        .replace("{token}", &thing)
        .replace("{list}", "source")
        .replace("{outcome}", "1")
}

/// A draft of the next version of the definitions that nobody has touched, or none.
fn draft(world: &World, is_there: bool) {
    let versions = world.read(definitions::store::all);
    if let Some(draft) = versions.iter().find(|version| version.from.is_none()) {
        world.write_as("ada", |tx| definitions::drop_draft(tx, draft.revision));
    }
    if is_there {
        world.write_as("ada", |tx| definitions::begin(tx, &[]));
    }
}

/// This week's Monday pack.
fn pack(world: &World) -> NaiveDate {
    world.write(|tx| {
        let directory = tx.kept.get::<people::Directory>(tx.conn)?;
        let monday = monday::monday_of(&directory, tx.now);
        if monday::store::of_week(tx.conn, monday)?.is_none() {
            let content = monday::gather(tx.conn, tx.kept, tx.now)?;
            monday::keep(tx, monday, &content)?;
        }
        Ok(monday)
    })
}

/// A commitment of somebody's that nobody has settled.
fn commitment(world: &World, whose: &str) -> i64 {
    let monday = pack(world);
    let new = monday::NewCommitment {
        text: "Call them all".to_owned(),
        owner_id: world.person(whose).id,
        due_on: monday,
    };
    world.write_as("max", |tx| monday::commit(tx, monday, &new))
}

/// Somebody's open invitation.
fn link(world: &World) -> i64 {
    let uid = person(world);
    world.write(|tx| {
        let newcomer = people::store::by_uid(tx.conn, &uid)?.expect("the newcomer");
        links::make(tx, newcomer.id)?;
        let open = links::store::open(tx.conn, tx.now)?;
        Ok(open.last().expect("the link").id)
    })
}

/// The token of somebody's open invitation.
fn welcome(world: &World) -> String {
    let uid = person(world);
    world.write(|tx| {
        let newcomer = people::store::by_uid(tx.conn, &uid)?.expect("the newcomer");
        links::make(tx, newcomer.id)
    })
}

/// A screen of max's team, and its token.
fn screen(world: &World) -> (i64, String) {
    let new = screens::NewScreen {
        team_id: world.team("North"),
        name: uuid::Uuid::new_v4().to_string(),
        metric: Metric::Activities,
        period: Period::Week,
    };
    world.write_as("ada", |tx| {
        let token = screens::put_up(tx, &new)?;
        let all = screens::store::standing(tx.conn)?;
        let screen = all.iter().find(|screen| screen.name == new.name);
        Ok((screen.expect("the screen").id, token))
    })
}

/// A session of somebody's.
fn session(world: &World, whose: &str) -> i64 {
    world.session(whose);
    let (id, now) = (world.person(whose).id, world.now());
    let sessions = world.read(|conn| signin::store::of_person(conn, id, now));
    sessions.first().expect("the session").id
}

fn notice(world: &World, whom: &str) -> i64 {
    let person = world.person(whom).id;
    world.write(|tx| {
        let notice = Notice {
            text: "something happened".to_owned(),
            ..Notice::default()
        };
        // Whoever was asked before may have switched everything off.
        inbox::store::set_mutes(tx.conn, person, &[])?;
        inbox::tell(tx, &[person], NoticeKind::Asked, &notice)?;
        let rows = inbox::store::page(tx.conn, person, false, None, 1)?;
        Ok(rows.first().expect("the notice").id)
    })
}

fn territory_rule(world: &World) -> i64 {
    let name = uuid::Uuid::new_v4().to_string();
    world.write(|tx| {
        let rule = NewRule {
            territory_id: territories::add_territory(tx, &name)?,
            ..NewRule::default()
        };
        territories::add_rule(tx, &rule)
    })
}

/// The hand-over of a lead of somebody's.
fn receipt(world: &World, owner: &str) -> String {
    let (lead, admin) = (world.lead("Acme", owner), world.me("ada"));
    world.read(|conn| {
        let lead = leads::store::by_uid(conn, &admin, &lead)?.expect("the lead");
        let handovers = leads::store::handovers(conn, lead.id)?;
        Ok(handovers.last().expect("the hand-over").uid.clone())
    })
}

fn signal_kind(world: &World) -> i64 {
    let name = uuid::Uuid::new_v4().to_string();
    world.write(|tx| {
        signals::add_kind(tx, &name, signals::Sort::Behaviour)?;
        let kinds = signals::store::kinds(tx.conn)?;
        Ok(kinds.last().expect("the kind").id)
    })
}

fn team(world: &World) -> i64 {
    let name = uuid::Uuid::new_v4().to_string();
    world.write(|tx| people::add_team(tx, &name, None))
}

/// A rep of max's team.
fn person(world: &World) -> String {
    let north = world.team("North");
    world.write(|tx| {
        let newcomer = NewPerson {
            email: format!("{}@example.com", uuid::Uuid::new_v4()),
            name: "Nina Neu".to_owned(),
            role: Role::Rep,
            time_zone: None,
            password_hash: None,
        };
        let id = people::add(tx, newcomer)?;
        people::join(tx, id, north, some_day(), false)?;
        let person = people::store::by_id(tx.conn, id)?;
        Ok(person.expect("the newcomer").uid)
    })
}

fn holiday(world: &World) -> i64 {
    world.write(|tx| {
        calendar::store::put_holiday(tx.conn, some_day(), "A holiday", calendar::Whose::Workspace)?;
        let holidays = calendar::store::holidays(tx.conn)?;
        Ok(holidays.first().expect("the holiday").id)
    })
}

fn time_off(world: &World, name: &str) -> i64 {
    let person = world.person(name).id;
    world.write(|tx| {
        calendar::store::put_time_off(tx.conn, person, some_day(), some_day(), Part::Full)?;
        let times_off = calendar::store::time_off(tx.conn, Some(person))?;
        Ok(times_off.first().expect("the time off").id)
    })
}

fn goal(world: &World, name: &str) -> String {
    let id = world.person(name).id;
    world.write_as(name, |tx| {
        for old in goals::store::standing(tx.conn, id, some_day())? {
            goals::end(tx, &old.uid)?;
        }
        let new = NewGoal {
            aim: Aim::Wins,
            amount: 5.0,
            starts_on: some_day(),
            by_day: Some(some_day()),
            plan: String::new(),
            is_shared: false,
        };
        goals::set(tx, &new)?;
        let goals = goals::store::standing(tx.conn, id, some_day())?;
        Ok(goals.last().expect("the goal").uid.clone())
    })
}

/// Max's and mark's.
fn shared_goal(world: &World) -> i64 {
    let goal = shared_goals::NewGoal {
        name: "Spring".to_owned(),
        measure: Measure::Meetings,
        amount: 5.0,
        currency: String::new(),
        from: some_day(),
        to: some_day(),
        sales_owner_id: world.person("max").id,
        marketing_owner_id: world.person("mark").id,
    };
    world.write(|tx| shared_goals::make(tx, &goal))
}

fn some_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 5, 1).expect("a day")
}
