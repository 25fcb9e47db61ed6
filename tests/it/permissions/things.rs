//! Things that nobody has touched yet, one for each question.

use crate::world::World;
use chrono::NaiveDate;
use touchline::calendar::{self, Part};
use touchline::definitions;
use touchline::goals::{self, Aim, NewGoal};
use touchline::inbox::{self, Notice, NoticeKind};
use touchline::leads::{self, signals};
use touchline::lists;
use touchline::monday;
use touchline::people::{self, NewPerson, keys, links, screens};
use touchline::rules::access::Role;
use touchline::rules::period::Period;
use touchline::rules::target::Metric;
use touchline::shared_goals::{self, Measure};
use touchline::signin;
use touchline::territories::{self, NewRule};

/// A draft of the next version of the definitions that nobody has touched, or none.
pub fn draft(world: &World, is_there: bool) {
    let versions = world.read(definitions::store::all);
    if let Some(draft) = versions.iter().find(|version| version.from.is_none()) {
        world.write_as("ada", |tx| definitions::drop_draft(tx, draft.revision));
    }
    if is_there {
        world.write_as("ada", |tx| definitions::begin(tx, &[]));
    }
}

/// This week's Monday pack.
pub fn pack(world: &World) -> NaiveDate {
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
pub fn commitment(world: &World, whose: &str) -> i64 {
    let monday = pack(world);
    let new = monday::NewCommitment {
        text: "Call them all".to_owned(),
        owner_id: world.person(whose).id,
        due_on: monday,
    };
    world.write_as("max", |tx| monday::commit(tx, monday, &new))
}

/// Somebody's open invitation.
pub fn link(world: &World) -> i64 {
    let uid = person(world);
    world.write(|tx| {
        let newcomer = people::store::by_uid(tx.conn, &uid)?.expect("the newcomer");
        links::make(tx, newcomer.id)?;
        let open = links::store::open(tx.conn, tx.now)?;
        Ok(open.last().expect("the link").id)
    })
}

/// The token of somebody's open invitation.
pub fn welcome(world: &World) -> String {
    let uid = person(world);
    world.write(|tx| {
        let newcomer = people::store::by_uid(tx.conn, &uid)?.expect("the newcomer");
        links::make(tx, newcomer.id)
    })
}

/// A screen of max's team, and its token.
pub fn screen(world: &World) -> (i64, String) {
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
pub fn session(world: &World, whose: &str) -> i64 {
    world.session(whose);
    let (id, now) = (world.person(whose).id, world.now());
    let sessions = world.read(|conn| signin::store::of_person(conn, id, now));
    sessions.first().expect("the session").id
}

/// A key of somebody's to the API.
pub fn api_key(world: &World, whose: &str) -> i64 {
    let name = uuid::Uuid::new_v4().to_string();
    world.write_as(whose, |tx| keys::make(tx, &name));
    let id = world.person(whose).id;
    let all = world.read(|conn| keys::store::of_person(conn, id));
    all.first().expect("the key").id
}

pub fn notice(world: &World, whom: &str) -> i64 {
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

pub fn territory_rule(world: &World) -> i64 {
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
pub fn receipt(world: &World, owner: &str) -> String {
    let (lead, admin) = (world.lead("Acme", owner), world.me("ada"));
    world.read(|conn| {
        let lead = leads::store::by_uid(conn, &admin, &lead)?.expect("the lead");
        let handovers = leads::store::handovers(conn, lead.id)?;
        Ok(handovers.last().expect("the hand-over").uid.clone())
    })
}

pub fn signal_kind(world: &World) -> i64 {
    let name = uuid::Uuid::new_v4().to_string();
    world.write(|tx| {
        signals::add_kind(tx, &name, signals::Sort::Behaviour)?;
        let kinds = signals::store::kinds(tx.conn)?;
        Ok(kinds.last().expect("the kind").id)
    })
}

/// A source.
pub fn label(world: &World) -> i64 {
    let name = uuid::Uuid::new_v4().to_string();
    world.write(|tx| lists::store::add_label(tx.conn, lists::List::Source, &name))
}

pub fn team(world: &World) -> i64 {
    let name = uuid::Uuid::new_v4().to_string();
    world.write(|tx| people::add_team(tx, &name, None))
}

/// A rep of max's team.
pub fn person(world: &World) -> String {
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

pub fn holiday(world: &World) -> i64 {
    world.write(|tx| {
        calendar::store::put_holiday(tx.conn, some_day(), "A holiday", calendar::Whose::Workspace)?;
        let holidays = calendar::store::holidays(tx.conn)?;
        Ok(holidays.first().expect("the holiday").id)
    })
}

pub fn time_off(world: &World, name: &str) -> i64 {
    let person = world.person(name).id;
    world.write(|tx| {
        calendar::store::put_time_off(tx.conn, person, some_day(), some_day(), Part::Full)?;
        let times_off = calendar::store::time_off(tx.conn, Some(person))?;
        Ok(times_off.first().expect("the time off").id)
    })
}

pub fn goal(world: &World, name: &str) -> String {
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
pub fn shared_goal(world: &World) -> i64 {
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

pub fn some_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 5, 1).expect("a day")
}

/// A territory without rules.
pub fn territory(world: &World) -> i64 {
    let name = uuid::Uuid::new_v4().to_string();
    world.write(|tx| territories::add_territory(tx, &name))
}

/// Lets somebody leave, who may be erased then.
pub fn leaver(world: &World, uid: &str) {
    let day = "2026-03-03".parse().expect("a day");
    world.write_as("ada", |tx| {
        let person = people::store::by_uid(tx.conn, uid)?.expect("the newcomer");
        people::part(tx, person.id, day)
    });
}
