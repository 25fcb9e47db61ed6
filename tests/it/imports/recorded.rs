//! What files change stands in the record as what somebody changes on a page does: who, and from what to what.

use super::*;
use std::collections::HashMap;
use touchline::audit::store::{Entry, Wanted, entries};

/// Imports files in somebody's name.
#[track_caller]
fn imported_by(world: &World, name: &str, files: Files) -> Report {
    let report = world.write_as(name, |tx| {
        imports::import(tx, &sources(files), false, &mut |_| {})
    });
    let problems: Vec<String> = report.files.iter().flat_map(problems).collect();
    assert!(report.is_written, "{problems:?}");
    report
}

/// What the record has of a kind of thing, the oldest first.
fn record(world: &World, subject: &str) -> Vec<Entry> {
    let wanted = Wanted {
        subject: Some(subject.to_owned()),
        ..Wanted::default()
    };
    let mut found = world.read(|conn| entries(conn, &wanted, None, i64::MAX));
    found.reverse();
    found
}

/// From what to what, of all that the record has of a kind of thing after its first entries.
fn changes(world: &World, subject: &str, after: usize) -> Vec<(String, String, String)> {
    let entries = record(world, subject).into_iter().skip(after);
    entries
        .map(|entry| (entry.verb, entry.was, entry.became))
        .collect()
}

fn said(verb: &str, was: &str, became: &str) -> (String, String, String) {
    (verb.to_owned(), was.to_owned(), became.to_owned())
}

#[rstest]
fn what_a_file_changes_of_a_lead_is_told_from_what_to_what(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    imported_by(&world, "ada", ALL);
    assert_eq!(record(&world, "lead").len(), 0, "new leads replace nothing");
    let leads = LEADS
        .replace(
            "Lena Lang,Acme,lena@acme.example",
            "Lena Lang,Acme2,lena@acme2.example",
        )
        .replace("71.5,1200.50", "80,1300")
        .replace(
            "2026-03-02T09:00:00+01:00,,otto@",
            "2026-03-02T09:30:00+01:00,,nora@",
        );
    imported_by(&world, "ada", &[("leads.csv", &leads)]);
    let was = "Company Acme, E-mail lena@acme.example, Score 71.5, Amount 1200.5 EUR, \
               Handed over 2026-03-02T08:00:00Z, Owner Otto Ohm";
    let became = "Company Acme2, E-mail lena@acme2.example, Score 80, Amount 1300 EUR, \
                  Handed over 2026-03-02T08:30:00Z, Owner Nora Noll";
    assert_eq!(changes(&world, "lead", 0), [said("edited", was, became)]);
    let page = world.as_("ada").get("/record?q=acme2.example");
    page.ok()
        .says(&format!("Ada Adler edited lead Lena Lang {was} {became}"));
    let uid = lead(&world, "L1").uid;
    assert!(page.links().contains(&format!("/leads/{uid}")));
    // The same again changes nothing, and says nothing.
    imported_by(&world, "ada", &[("leads.csv", &leads)]);
    assert_eq!(record(&world, "lead").len(), 1);
}

#[rstest]
fn of_many_leads_that_files_change_each_has_its_own_words(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let rows = |letter: &str| {
        let row = |n: usize| format!("L{n},Lead {n},{letter}{n},2026-03-02T08:00:00Z,nurture\n");
        let rows: String = (0..900).map(row).collect();
        format!("external_id,name,company,created_at,state\n{rows}")
    };
    imported_by(&world, "ada", &[("leads.csv", &rows("Old"))]);
    imported_by(&world, "ada", &[("leads.csv", &rows("New"))]);
    let names: HashMap<i64, String> = world.read(|conn| {
        use schema::leads::dsl;
        let named: Vec<(i64, String)> = dsl::leads.select((dsl::id, dsl::name)).load(conn)?;
        Ok(named.into_iter().collect())
    });
    let entries = record(&world, "lead");
    assert_eq!(entries.len(), 900);
    for entry in entries {
        let name = &names[&entry.subject_id.expect("a lead")];
        let n = name.trim_start_matches("Lead ");
        let expected = (format!("Company Old{n}"), format!("Company New{n}"));
        assert_eq!((entry.was, entry.became), expected, "{name}");
    }
}

#[rstest]
fn hours_and_zones_from_a_file_say_who_set_them_and_what_was(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let header = "team,email,time_zone,weekday,opens,closes\n";
    let workspace = format!("{header},,Europe/Rome,1,08:00,12:00\n,,Europe/Rome,2,08:00,12:00\n");
    imported_by(&world, "ada", &[("calendar.csv", &workspace)]);
    let was = "since ever: Mon to Fri 09:00-17:00";
    let became = "since ever: Mon to Tue 08:00-12:00";
    assert_eq!(
        changes(&world, "workspace", 0),
        [
            said("changed", "zone Europe/Berlin", "zone Europe/Rome"),
            said("set the hours of", was, became),
        ]
    );
    // Who set the week stands beside it too.
    let page = world.as_("ada").get("/calendar");
    page.ok().says("Mon to Tue 08:00-12:00");
    page.says("Ada Adler, 4 Mar 2026, 10:00");

    let (teams, people) = (record(&world, "team").len(), record(&world, "person").len());
    let theirs = format!(
        "{header}North,,Europe/Lisbon,3,10:00,14:00\n,ana@example.com,Europe/Rome,4,10:00,14:00\n"
    );
    imported_by(&world, "ada", &[("calendar.csv", &theirs)]);
    assert_eq!(
        changes(&world, "team", teams),
        [
            said("changed", "zone none", "zone Europe/Lisbon"),
            said("set the hours of", "", "since ever: Wed 10:00-14:00"),
        ]
    );
    let after = theirs.replace("4,10:00", "4,11:00");
    imported_by(&world, "ada", &[("calendar.csv", &after)]);
    let week = |opens: &str| format!("since ever: Thu {opens}-14:00");
    assert_eq!(
        changes(&world, "person", people),
        [
            said("changed", "zone none", "zone Europe/Rome"),
            said("set the hours of", "", &week("10:00")),
            said("set the hours of", &week("10:00"), &week("11:00")),
        ]
    );
    assert_eq!(
        record(&world, "team").len(),
        teams + 2,
        "North is as it was"
    );
}

#[rstest]
fn holidays_and_time_off_from_a_file_have_a_line_each(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let holidays = "date,name,team\n2026-05-01,May Day,\n2026-06-02,Fair,North\n";
    let time_off = "email,from,to,part\nana@example.com,2026-04-08,2026-04-09,half\n";
    let people = record(&world, "person").len();
    let files = [("holidays.csv", holidays), ("time_off.csv", time_off)];
    imported_by(&world, "ada", &files);
    assert_eq!(
        changes(&world, "holiday", 0),
        [
            said("added", "", "2026-05-01 May Day"),
            said("added", "", "2026-06-02 Fair"),
        ]
    );
    let (holidays, time_off) = (
        holidays.replace("May Day", "Labour Day"),
        time_off.replace("half", "full"),
    );
    let files = [("holidays.csv", &*holidays), ("time_off.csv", &*time_off)];
    imported_by(&world, "ada", &files);
    let (was, became) = ("2026-05-01 May Day", "2026-05-01 Labour Day");
    assert_eq!(
        changes(&world, "holiday", 2),
        [said("renamed", was, became)]
    );
    let days = |part: &str| format!("2026-04-08 to 2026-04-09, {part}");
    assert_eq!(
        changes(&world, "person", people),
        [
            said("entered time off of", "", &days("afternoon")),
            said("entered time off of", &days("afternoon"), &days("full")),
        ]
    );
    world
        .as_("ada")
        .get("/calendar")
        .ok()
        .says("Ada Adler renamed 2026-05-01 Labour Day");
}

#[rstest]
fn another_zone_in_a_file_of_people_is_told_from_what_to_what(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    imported_by(&world, "ada", &[("people.csv", PEOPLE)]);
    let people = record(&world, "person").len();
    let after = PEOPLE.replace("Europe/Lisbon", "Europe/Rome");
    imported_by(&world, "ada", &[("people.csv", &after)]);
    let (was, became) = ("zone Europe/Lisbon", "zone Europe/Rome");
    assert_eq!(
        changes(&world, "person", people),
        [said("changed", was, became)]
    );
}

#[rstest]
fn a_file_brings_nobody_back_who_has_left(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let file = "email,name,role,team\nana@example.com,Ana Arndt,rep,North\n";
    let ana = world.person("ana").id;
    let last_day = "2026-03-02".parse().expect("a day");
    world.write_as("ada", |tx| people::part(tx, ana, last_day));
    let report = imported_by(&world, "ada", &[("people.csv", file)]);
    assert_eq!(counts(&report), [(0, 0, 1, 0)]);
    assert_eq!(report.files[0].flagged(), 1);
    let flags: Vec<&str> = report.files[0].flags.keys().copied().collect();
    assert!(
        flags[0].contains("somebody who has left is put into no team"),
        "{flags:?}"
    );
    let theirs = world.read(|conn| people::store::memberships_of(conn, ana));
    assert!(theirs.iter().all(|m| m.until_day.is_some()), "{theirs:?}");
    // The team can be retired once the others are elsewhere: nobody is in it behind a closed door.
    world.write_as("ada", |tx| people::come_back(tx, ana));
    let report = imported_by(&world, "ada", &[("people.csv", file)]);
    assert_eq!(counts(&report), [(0, 1, 0, 0)]);
    assert_eq!(report.files[0].flagged(), 0);
}
