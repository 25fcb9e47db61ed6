//! Importing the files of IMPORT.md: what comes in, what is refused, and what stays as it is.

mod broken;
mod history;
mod page;
mod profiles;
mod program;
mod real_data;
mod recorded;

use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{World, instant};
use diesel::prelude::*;
use rstest::rstest;
use touchline::activities::Activity;
use touchline::calendar::Calendars;
use touchline::error::Error;
use touchline::imports::{self, FileReport, Report, Source};
use touchline::kept::Keep;
use touchline::leads::{self, Handover, Lead, LeadEvent};
use touchline::lists;
use touchline::people;
use touchline::rules::access::Role;
use touchline::rules::stage::Stage;
use touchline::rules::target::Period;
use touchline::schema;
use touchline::targets;

type Files<'f> = &'f [(&'f str, &'f str)];

const PEOPLE: &str = "email,name,role,team,time_zone\n\
    nora@example.com,Nora Noll,manager,East,\n\
    otto@example.com,Otto Ohm,,East,Europe/Lisbon\n";
const CALENDAR: &str = "team,email,time_zone,weekday,opens,closes\n\
    ,,Europe/Berlin,1,09:00,12:00\n,,Europe/Berlin,1,13:00,24:00\n\
    East,,Europe/Rome,2,08:00,16:00\n,otto@example.com,Europe/Lisbon,3,10:00,14:00\n";
const HOLIDAYS: &str = "date,name,team\n2026-05-01,May Day,\n2026-06-02,Republic Day,East\n";
const TIME_OFF: &str = "email,from,to,part\notto@example.com,2026-04-08,2026-04-08,half\n\
    nora@example.com,2026-04-06,2026-04-10,\n";
const TARGETS: &str = "metric,amount,period,email,team,valid_from,weekdays,reason\n\
    activities,20,day,otto@example.com,,2026-03-02,1234,ramp\nkind:call,50.5,week,,East,,,\n";
const LEADS: &str = "external_id,name,company,email,phone,source,campaign,asset,territory,urgency,score,amount,currency,created_at,handed_over_at,state,owner_email,note\n\
    L1,Lena Lang,Acme,lena@acme.example,+49 30 1,web,spring,guide,DACH,hot,71.5,1200.50,eur,2026-03-02T08:00:00+01:00,2026-03-02T09:00:00+01:00,,otto@example.com,asked for a demo\n\
    L2,Lars Lund,,,,web,,,,,,,,2026-03-02T08:00:00.123456+01:00,,nurture,,\n";
const ACTIVITIES: &str = "external_id,person_email,kind,happened_at,lead_external_id,outcome,technique,quantity,entered_at,with_email,asset,note\n\
    A1,otto@example.com,Call,2026-03-02T10:00:00+01:00,L1,No answer,inbound,,2026-03-02T10:05:00+01:00,,,\n\
    A2,otto@example.com,visit,2026-03-03T10:00:00+01:00,L1,spoke with decision-maker,,1,,gina@example.com,guide,went well\n\
    A3,nora@example.com,E-mail,2026-03-03T11:00:00+01:00,,,cold,12,,,,\n";
const EVENTS: &str = "lead_external_id,at,event,reason,by_email,owner_email,amount,currency,note\n\
    L1,2026-03-04T10:00:00+01:00,won,New customer,otto@example.com,,1100,EUR,signed\n";

const ALL: Files = &[
    ("lead_events.csv", EVENTS),
    ("activities.csv", ACTIVITIES),
    ("leads.csv", LEADS),
    ("targets.csv", TARGETS),
    ("time_off.csv", TIME_OFF),
    ("holidays.csv", HOLIDAYS),
    ("calendar.csv", CALENDAR),
    ("people.csv", PEOPLE),
];

fn sources(files: Files) -> Vec<Source> {
    let source = |(name, text): &(&str, &str)| Source::new(*name, text.as_bytes());
    files.iter().map(source).collect()
}

fn import(world: &World, files: Files) -> Report {
    world.write(|tx| imports::import(tx, &sources(files), false, &mut |_| {}))
}

fn check(world: &World, files: Files) -> Report {
    let now = world.now();
    world.read(|conn| imports::check(conn, now, &sources(files), &mut |_| {}))
}

/// As [`import`], of files in which nothing is wrong.
#[track_caller]
fn imported(world: &World, files: Files) -> Report {
    let report = import(world, files);
    let problems: Vec<String> = report.files.iter().flat_map(problems).collect();
    assert!(report.is_written, "{problems:?}");
    report
}

fn problems(file: &FileReport) -> Vec<String> {
    file.problems().map(ToString::to_string).collect()
}

/// New, changed, unchanged and refused rows of each file.
fn counts(report: &Report) -> Vec<(u64, u64, u64, usize)> {
    let of = |file: &FileReport| (file.new, file.changed, file.unchanged, file.refused.len());
    report.files.iter().map(of).collect()
}

fn lead(world: &World, external_id: &str) -> Lead {
    use schema::leads::dsl;
    let named = dsl::leads.filter(dsl::external_id.eq(external_id.to_owned()));
    world.read(|conn| Ok(named.select(Lead::as_select()).first(conn)?))
}

fn events(world: &World, external_id: &str) -> Vec<LeadEvent> {
    let id = lead(world, external_id).id;
    world.read(|conn| leads::store::events(conn, id))
}

fn handovers(world: &World, external_id: &str) -> Vec<Handover> {
    let id = lead(world, external_id).id;
    world.read(|conn| leads::store::handovers(conn, id))
}

/// All rows of an external id, those that no longer stand too, oldest first.
fn activities(world: &World, external_id: &str) -> Vec<Activity> {
    use schema::activities::dsl;
    let rows = dsl::activities
        .filter(dsl::external_id.eq(external_id.to_owned()))
        .order(dsl::id)
        .select(Activity::as_select());
    world.read(|conn| Ok(rows.load(conn)?))
}

#[rstest]
fn every_kind_of_file_comes_in_whatever_their_order(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::empty(database);
    let report = imported(&world, ALL);
    let new: Vec<u64> = report.files.iter().map(|file| file.new).collect();
    assert_eq!(new, [1, 3, 2, 2, 2, 2, 4, 2]);

    let (nora, otto) = (world.person("nora"), world.person("otto"));
    assert_eq!((nora.role, otto.role), (Role::Manager, Role::Rep));
    assert_eq!(otto.time_zone.as_deref(), Some("Europe/Lisbon"));
    let day = |text: &str| text.parse().expect("a day");
    let calendars = world.read(Calendars::load);
    assert_eq!(calendars.zone().name(), "Europe/Berlin");
    assert_eq!(
        calendars.zone_at(nora.id, world.now()).name(),
        "Europe/Rome"
    );
    assert_eq!(
        calendars.team_on(nora.id, day("1950-01-01")),
        Some(world.team("East"))
    );
    assert_eq!(calendars.day_of(otto.id, day("2026-04-08")).fraction(), 0.5);
    assert_eq!(calendars.day_of(nora.id, day("2026-03-03")).fraction(), 1.0);
    for free in ["2026-04-07", "2026-06-02", "2026-03-02"] {
        assert_eq!(
            calendars.day_of(nora.id, day(free)).fraction(),
            0.0,
            "{free}"
        );
    }

    let ledger = world.read(targets::store::all);
    assert_eq!(
        (ledger[0].amount, ledger[0].weekdays.as_str()),
        (20.0, "1234")
    );
    assert_eq!(ledger[0].person_id, Some(otto.id));
    assert_eq!(
        (ledger[1].metric.as_str(), ledger[1].period),
        ("kind:Call", Period::Week)
    );
    assert_eq!(ledger[1].valid_from, people::since_ever());
}

#[rstest]
fn a_lead_comes_in_with_its_promise_its_owner_and_what_became_of_it(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::empty(database);
    imported(&world, ALL);
    let (lena, otto) = (lead(&world, "L1"), world.person("otto"));
    assert_eq!(
        (lena.name.as_str(), lena.phone.as_str()),
        ("Lena Lang", "+49 30 1")
    );
    assert_eq!(
        (lena.score, lena.amount_micros),
        (Some(71.5), Some(1_200_500_000))
    );
    assert_eq!((lena.currency.as_str(), lena.stage), ("EUR", Stage::Won));
    assert_eq!((lena.owner_id, lena.attempts), (Some(otto.id), 2));
    let names = world.read(lists::store::label_names);
    let named = |id: Option<i64>| id.and_then(|id| names.get(&id)).map_or("", String::as_str);
    let labels = [
        lena.source_id,
        lena.campaign_id,
        lena.asset_id,
        lena.territory_id,
    ]
    .map(named);
    assert_eq!(labels, ["web", "spring", "guide", "DACH"]);
    let handover = &handovers(&world, "L1")[0];
    assert_eq!(handover.handed_over_at, instant("2026-03-02T08:00:00Z"));
    assert_eq!(
        handover.first_attempt_at,
        Some(instant("2026-03-02T09:00:00Z"))
    );
    assert_eq!(
        handover.first_contact_at,
        Some(instant("2026-03-03T09:00:00Z"))
    );
    assert_eq!(handover.closed_at, Some(instant("2026-03-04T09:00:00Z")));

    let lars = lead(&world, "L2");
    assert_eq!(
        (lars.stage, handovers(&world, "L2").len()),
        (Stage::Nurture, 0)
    );
    assert_eq!(lars.created_at, instant("2026-03-02T07:00:00.123456Z"));
}

#[rstest]
fn an_activity_keeps_when_it_happened_when_it_was_entered_and_with_whom(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::empty(database);
    imported(&world, ALL);
    let call = &activities(&world, "A1")[0];
    assert_eq!(call.happened_at, instant("2026-03-02T09:00:00Z"));
    assert_eq!(call.entered_at, instant("2026-03-02T09:05:00Z"));
    assert_eq!((call.origin.as_str(), call.is_late), ("import", false));
    assert_eq!(call.team_id, Some(world.team("East")));
    let visit = &activities(&world, "A2")[0];
    let gina = world.person("gina");
    assert_eq!((visit.with_id, gina.role), (Some(gina.id), Role::Marketing));
    assert_eq!(visit.entered_at, visit.happened_at);
    let mails = &activities(&world, "A3")[0];
    assert_eq!((mails.quantity, mails.lead_id), (12, None));
}

#[rstest]
fn importing_the_same_files_again_changes_nothing(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::empty(database);
    imported(&world, ALL);
    world.at("2026-03-20T09:00:00Z");
    let again = imported(&world, ALL);
    for (file, counts) in again.files.iter().zip(counts(&again)) {
        assert_eq!((counts.0, counts.1, counts.3), (0, 0, 0), "{}", file.name);
    }
    assert!(again.made.is_empty(), "{:?}", again.made);
    assert_eq!(activities(&world, "A1").len(), 1);
    assert_eq!(events(&world, "L1").len(), 2);
}

#[rstest]
fn the_same_instant_written_otherwise_is_no_change(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::empty(database);
    imported(&world, ALL);
    let leads = LEADS.replace("2026-03-02T09:00:00+01:00", "2026-03-02T08:00:00Z");
    let activities = ACTIVITIES.replace("2026-03-02T10:00:00+01:00", "2026-03-02 09:00:00.000Z");
    let again = imported(
        &world,
        &[("leads.csv", &leads), ("activities.csv", &activities)],
    );
    assert_eq!(counts(&again), [(0, 0, 2, 0), (0, 0, 3, 0)]);
}

#[rstest]
fn a_dry_run_says_the_same_and_writes_nothing(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::empty(database);
    let dry = check(&world, ALL);
    assert!(dry.is_good() && !dry.is_written);
    let nobody = world.read(people::store::all);
    assert!(nobody.is_empty(), "{nobody:?}");
    assert!(world.read(lists::store::label_ids).is_empty());
    let wet = imported(&world, ALL);
    assert_eq!((counts(&dry), dry.made), (counts(&wet), wet.made));
}

#[rstest]
fn one_bad_row_keeps_everything_out_and_can_be_left_out(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::empty(database);
    let leads = LEADS.replace("nurture", "asleep");
    let files = [("people.csv", PEOPLE), ("leads.csv", leads.as_str())];
    let report = import(&world, &files);
    assert!(!report.is_written && !report.is_good());
    assert!(world.read(people::store::all).is_empty());

    let report = world.write(|tx| imports::import(tx, &sources(&files), true, &mut |_| {}));
    assert!(report.is_written);
    assert_eq!(counts(&report), [(2, 0, 0, 0), (1, 0, 0, 1)]);
    assert_eq!(lead(&world, "L1").name, "Lena Lang");
    let rejected = sources(&files)[1]
        .table
        .as_ref()
        .expect("a table")
        .rejected(|line| report.files[1].problem_at(line));
    assert!(rejected.starts_with("external_id,name,"), "{rejected}");
    assert!(
        rejected.contains("L2,Lars Lund") && rejected.contains("expected nurture"),
        "{rejected}"
    );
    assert!(!rejected.contains("L1"), "{rejected}");
}

#[rstest]
fn names_that_nobody_knows_are_made_and_counted(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let leads = "external_id,name,source,campaign,created_at,owner_email\n\
        L1,One,web,spring,2026-03-02T08:00:00Z,Zoe@Example.com\nL2,Two,web,fall,2026-03-02T08:00:00Z,ana@example.com\n";
    let holidays = "date,team\n2026-05-01,North\n2026-05-02,West\n";
    let report = imported(&world, &[("leads.csv", leads), ("holidays.csv", holidays)]);
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let made = vec![
        ("person", names(&["zoe@example.com"])),
        ("team", names(&["West"])),
        ("source", names(&["web"])),
        ("campaign", names(&["spring", "fall"])),
    ];
    assert_eq!(report.made, made);
    let zoe = world.person("zoe");
    assert_eq!((zoe.name.as_str(), zoe.role), ("zoe", Role::Rep));
    assert_eq!(lead(&world, "L1").owner_id, Some(zoe.id));
}

#[rstest]
fn who_accompanies_is_made_a_colleague_of_marketing_unless_they_act_themselves(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::empty(database);
    let text = "external_id,person_email,kind,happened_at,with_email\n\
        A1,rob@example.com,Call,2026-03-02T08:00:00Z,gina@example.com\n\
        A2,rob@example.com,Call,2026-03-02T09:00:00Z,tom@example.com\n\
        A3,tom@example.com,Call,2026-03-02T10:00:00Z,\n";
    imported(&world, &[("activities.csv", text)]);
    let role = |name: &str| world.person(name).role;
    assert_eq!(
        ["rob", "gina", "tom"].map(role),
        [Role::Rep, Role::Marketing, Role::Rep]
    );
}

#[rstest]
fn a_known_person_keeps_what_the_file_does_not_say(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let text = "email,name\nmax@example.com,Max Maier\nana@example.com,Ana Adam\n";
    let report = imported(&world, &[("people.csv", text)]);
    assert_eq!(counts(&report), [(0, 1, 1, 0)]);
    assert_eq!(
        (world.person("max").role, world.person("ana").name.as_str()),
        (Role::Manager, "Ana Adam")
    );
}

#[rstest]
fn who_changes_team_does_so_today_and_past_days_stay_with_the_old_one(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let text = "email,name,team\nana@example.com,Ana Arndt,South\n";
    imported(&world, &[("people.csv", text)]);
    let ana = world.person("ana").id;
    let calendars = world.read(Calendars::load);
    let team = |day: &str| calendars.team_on(ana, day.parse().expect("a day"));
    assert_eq!(team("2026-03-03"), Some(world.team("North")));
    assert_eq!(team("2026-03-04"), Some(world.team("South")));
}

#[rstest]
fn the_only_admin_stays_one(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let text = "email,name,role\nada@example.com,Ada Adler,rep\n";
    let report = import(&world, &[("people.csv", text)]);
    assert!(problems(&report.files[0])[0].contains("line 2: ada@example.com is the only admin"));
    assert_eq!(world.person("ada").role, Role::Admin);
}

#[rstest]
fn an_import_that_fails_half_way_leaves_nothing_behind(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::empty(database);
    let failed: Result<(), Error> = world.app().write(|tx| {
        let report = imports::import(tx, &sources(ALL), false, &mut |_| {})?;
        assert!(report.is_written);
        Err(Error::internal("the power went"))
    });
    assert!(failed.is_err());
    assert!(world.read(people::store::all).is_empty());
}
