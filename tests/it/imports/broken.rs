//! Files and rows that are wrong: each is named, and says what is expected.

use super::{check, counts, problems, sources};
use crate::world::Database::Sqlite;
use crate::world::World;
use proptest::prelude::*;
use rstest::rstest;
use touchline::imports::{self, Kind, Source, check as check_sources};

/// The first problem of a file, checked with a lead L1 beside it.
fn first_problem(name: &str, text: &str) -> String {
    let world = World::new(Sqlite);
    let lead = "external_id,name,created_at\nL1,One,2026-03-02T08:00:00Z\n";
    let report = check(&world, &[(name, text), ("leads.csv", lead)]);
    let problems = problems(&report.files[0]);
    problems
        .first()
        .cloned()
        .unwrap_or_else(|| panic!("nothing is wrong with {text:?}"))
}

#[rstest]
#[case(
    "people.csv",
    "email,name\nana,Ana",
    "line 2, email \"ana\": expected an e-mail address"
)]
#[case(
    "people.csv",
    "email,name,role\na@b,A,boss",
    "line 2, role \"boss\": expected rep, manager, marketing or admin"
)]
#[case(
    "people.csv",
    "email,name,time_zone\na@b,A,Mars/Base",
    "time_zone \"Mars/Base\": expected a time zone such as"
)]
#[case(
    "people.csv",
    "email,name\na@b,A\nA@B,B",
    "line 3, email \"A@B\": the same as in line 2"
)]
#[case(
    "calendar.csv",
    "time_zone,weekday,opens,closes\nUTC,8,09:00,17:00",
    "weekday \"8\": expected a weekday from 1"
)]
#[case(
    "calendar.csv",
    "time_zone,weekday,opens,closes\nUTC,1,9am,17:00",
    "opens \"9am\": expected a time such as 09:00"
)]
#[case(
    "calendar.csv",
    "time_zone,weekday,opens,closes\nUTC,1,17:00,09:00",
    "closes \"09:00\": hours must close after they open"
)]
#[case(
    "calendar.csv",
    "time_zone,weekday,opens,closes\nUTC,1,09:00,12:00\nUTC,1,11:00,13:00",
    "line 2: line 3 of the same week is wrong"
)]
#[case(
    "calendar.csv",
    "time_zone,weekday,opens,closes\nUTC,1,09:00,12:00\nAsia/Tokyo,2,11:00,13:00",
    "line 2: line 3 of the same week is wrong"
)]
#[case(
    "calendar.csv",
    "team,email,time_zone,weekday,opens,closes\nNorth,a@b,UTC,1,09:00,12:00",
    "email \"a@b\": hours are a team's or a person's"
)]
#[case(
    "holidays.csv",
    "date\n2026-02-30",
    "date \"2026-02-30\": expected a date such as"
)]
#[case(
    "holidays.csv",
    "date\n2026-05-01\n2026-05-01",
    "line 3, date \"2026-05-01\": the same day and team as in line 2"
)]
#[case(
    "time_off.csv",
    "email,from,to\na@b,2026-05-02,2026-05-01",
    "to \"2026-05-01\": time off must not end before"
)]
#[case(
    "time_off.csv",
    "email,from,to,part\na@b,2026-05-01,2026-05-01,noon",
    "part \"noon\": expected full, morning or afternoon"
)]
#[case(
    "targets.csv",
    "metric,amount,period,email\nsmiles,1,day,a@b",
    "metric \"smiles\": expected one of activities, reached"
)]
#[case(
    "targets.csv",
    "metric,amount,period,email\nkind:Dance,1,day,a@b",
    "kind:Call"
)]
#[case(
    "targets.csv",
    "metric,amount,period,email\nscore,-1,day,a@b",
    "amount \"-1\": expected a number"
)]
#[case(
    "targets.csv",
    "metric,amount,period,email\nscore,1,year,a@b",
    "period \"year\": expected day, week or month"
)]
#[case(
    "targets.csv",
    "metric,amount,period,email,team\nscore,1,day,a@b,North",
    "fill one of email and team"
)]
#[case(
    "targets.csv",
    "metric,amount,period\nscore,1,day",
    "fill one of email and team"
)]
#[case(
    "leads.csv",
    "external_id,name,created_at\n,A,2026-03-02T08:00:00Z",
    "external_id: this must not be empty"
)]
#[case(
    "leads.csv",
    "external_id,name,created_at\nX,A,yesterday",
    "created_at \"yesterday\": expected an instant such as"
)]
#[case(
    "leads.csv",
    "external_id,name,created_at\nX,A,2026-13-02T08:00:00Z",
    "created_at \"2026-13-02T08:00:00Z\""
)]
#[case(
    "leads.csv",
    "external_id,name,created_at,urgency\nX,A,2026-03-02T08:00:00Z,tepid",
    "urgency \"tepid\": expected hot, warm"
)]
#[case(
    "leads.csv",
    "external_id,name,created_at,score\nX,A,2026-03-02T08:00:00Z,NaN",
    "score \"NaN\": expected a number"
)]
#[case(
    "leads.csv",
    "external_id,name,created_at,amount\nX,A,2026-03-02T08:00:00Z,\"1,5\"",
    "amount \"1,5\": expected an amount such as"
)]
#[case(
    "leads.csv",
    "external_id,name,created_at,currency\nX,A,2026-03-02T08:00:00Z,Euro",
    "currency \"Euro\": expected a currency"
)]
#[case(
    "leads.csv",
    "external_id,name,created_at\nX,A,2026-03-02T08:00:00Z\nX,B,2026-03-02T08:00:00Z",
    "line 3, external_id \"X\": another lead with this id is in line 2"
)]
#[case(
    "activities.csv",
    "external_id,person_email,kind,happened_at\nA,a@b,Dance,2026-03-02T08:00:00Z",
    "kind \"Dance\": expected one of Call, E-mail"
)]
#[case(
    "activities.csv",
    "external_id,person_email,kind,happened_at,outcome\nA,a@b,Call,2026-03-02T08:00:00Z,Bounced",
    "outcome \"Bounced\": expected an outcome of Call: No answer; Left voicemail"
)]
#[case(
    "activities.csv",
    "external_id,person_email,kind,happened_at,lead_external_id\nA,a@b,Call,2026-03-02T08:00:00Z,L9",
    "lead_external_id \"L9\": expected the external_id of a lead"
)]
#[case(
    "activities.csv",
    "external_id,person_email,kind,happened_at,lead_external_id,quantity\nA,a@b,Call,2026-03-02T08:00:00Z,L1,2",
    "quantity \"2\": expected 1"
)]
#[case(
    "activities.csv",
    "external_id,person_email,kind,happened_at,quantity\nA,a@b,Call,2026-03-02T08:00:00Z,0",
    "quantity \"0\": expected a whole number"
)]
#[case(
    "activities.csv",
    "external_id,person_email,kind,happened_at,technique\nA,a@b,Call,2026-03-02T08:00:00Z,magic",
    "technique \"magic\": expected cold"
)]
#[case(
    "lead_events.csv",
    "lead_external_id,at,event\nL1,2026-03-02T08:00:00Z,eaten",
    "event \"eaten\": expected one of handed_over"
)]
#[case(
    "lead_events.csv",
    "lead_external_id,at,event\nL1,2026-03-02T08:00:00Z,withdrawn",
    "event \"withdrawn\": expected one of handed_over"
)]
#[case(
    "lead_events.csv",
    "lead_external_id,at,event\nL9,2026-03-02T08:00:00Z,won",
    "lead_external_id \"L9\": expected"
)]
#[case(
    "lead_events.csv",
    "lead_external_id,at,event\nL1,2026-03-02T08:00:00Z,assigned",
    "owner_email: this must not be empty"
)]
#[case(
    "lead_events.csv",
    "lead_external_id,at,event,reason\nL1,2026-03-02T08:00:00Z,lost,a\nL1,2026-03-02T08:00:00Z,lost,b",
    "line 3, event \"lost\": the same event"
)]
#[case(
    "people.csv",
    "email,name\na@b,A,x",
    "line 2: 3 cells, where the header has 2"
)]
#[case(
    "people.csv",
    "email,name\na@b",
    "line 2: 1 cells, where the header has 2"
)]
#[case("people.csv", "email,name\na@b,A\0B", "line 2: a NUL byte")]
#[case(
    "people.csv",
    "email\na@b",
    "line 1: the column name is missing; people.csv needs email, name"
)]
#[case(
    "people.csv",
    "email,name,email\na@b,A,c@d",
    "line 1: the column email is there twice"
)]
#[case("people.csv", "", "the file is empty")]
#[case(
    "people.csv",
    "email,name\n\"a@b,A\nc@d,C\n",
    "line 2: wrong quoting: a quote is opened here and never closed"
)]
#[case(
    "persons.csv",
    "email,name\na@b,A",
    "the name does not say what the file holds: use people.csv"
)]
fn what_is_wrong_is_named(#[case] name: &str, #[case] text: &str, #[case] says: &str) {
    let problem = first_problem(name, text);
    assert!(problem.contains(says), "{problem}");
}

#[test]
fn a_wrong_value_is_shown_only_as_far_as_it_helps_to_find_it() {
    let long = "x".repeat(1_000_000);
    let problem = first_problem("people.csv", &format!("email,name\na@b,{long}"));
    assert!(
        problem.contains("line 2: a cell of 1000000 characters: use at most 10000"),
        "{problem}"
    );
    let problem = first_problem("people.csv", &format!("email,name\n{},A", "y".repeat(300)));
    assert!(problem.len() < 300, "{problem}");
}

#[test]
fn every_wrong_row_is_counted_and_every_wrong_cell_named() {
    let world = World::empty(Sqlite);
    let text = "email,name,role\nx,A,boss\na@b,B,rep\ny,C,rep\n";
    let report = check(&world, &[("people.csv", text)]);
    assert_eq!(counts(&report), [(1, 0, 0, 2)]);
    assert_eq!(problems(&report.files[0]).len(), 3);
}

#[test]
fn rows_that_say_the_same_twice_are_taken_once() {
    let world = World::empty(Sqlite);
    let text =
        "external_id,name,created_at\nX,A,2026-03-02T08:00:00Z\nX,A,2026-03-02T09:00:00+01:00\n";
    let report = check(&world, &[("leads.csv", text)]);
    assert_eq!(counts(&report), [(1, 0, 0, 0)]);
    assert_eq!(report.files[0].warnings.len(), 1);
}

#[test]
fn an_empty_name_is_filled_and_said() {
    let world = World::empty(Sqlite);
    let people = "email,name\nana@example.com,\n";
    let leads = "external_id,name,company,created_at\nX,,,2026-03-02T08:00:00Z\nY,,Acme,2026-03-02T08:00:00Z\n";
    let files = [("people.csv", people), ("leads.csv", leads)];
    let report = super::imported(&world, &files);
    assert_eq!(
        (
            report.files[0].warnings.len(),
            report.files[1].warnings.len()
        ),
        (1, 1)
    );
    let names = ["X", "Y"].map(|id| super::lead(&world, id).name);
    assert_eq!(
        (world.person("ana").name.as_str(), names),
        ("ana", ["X".to_owned(), "Acme".to_owned()])
    );
}

#[test]
fn a_file_as_a_spreadsheet_of_the_nineties_writes_it_comes_in() {
    let world = World::empty(Sqlite);
    let text = b"email;name;role\r\nj\xfcrgen@example.com;J\xfcrgen M\xfcller;Manager\r\n;;\r\n";
    let source = Source::new("PEOPLE.CSV", text);
    world.write(|tx| touchline::imports::import(tx, &[source], false, &mut |_| {}));
    assert_eq!(world.person("jürgen").name, "Jürgen Müller");
}

/// Pieces of which files are made, right and wrong.
fn scrap() -> impl Strategy<Value = Vec<u8>> {
    let words = prop::sample::select(vec![
        "external_id",
        "email",
        "name",
        "created_at",
        "happened_at",
        "person_email",
        "kind",
        "at",
        "event",
        "lead_external_id",
        "time_zone",
        "weekday",
        "opens",
        "closes",
        "date",
        "metric",
        "amount",
        "period",
        "from",
        "to",
        ",",
        ",",
        ",",
        ",",
        ";",
        "\t",
        "\n",
        "\n",
        "\r\n",
        "\"",
        " ",
        "L1",
        "a@b",
        "Call",
        "won",
        "UTC",
        "1",
        "09:00",
        "24:00",
        "2026-03-02",
        "2026-03-02T08:00:00Z",
        "2026-03-29T02:30:00",
        "9999-99-99",
        "-1",
        "1e999",
        "day",
        "score",
        "kind:Call",
        "\0",
        "\u{feff}",
        "\u{1f600}",
        "=1+1",
    ]);
    let words = words.prop_map(|word: &str| word.as_bytes().to_vec());
    let bytes = prop::collection::vec(any::<u8>(), 0..4);
    let parts = prop::collection::vec(prop_oneof![9 => words, 1 => bytes], 0..60);
    parts.prop_map(|parts| parts.concat())
}

#[test]
fn no_file_of_any_bytes_makes_the_check_fall_over() {
    let world = World::new(Sqlite);
    let now = world.now();
    let names: Vec<String> = Kind::ALL.iter().map(|kind| format!("{kind}.csv")).collect();
    let headers: Vec<String> = Kind::ALL
        .iter()
        .map(|kind| {
            kind.columns()
                .map(|column| column.name)
                .collect::<Vec<_>>()
                .join(",")
        })
        .collect();
    let file = (0..Kind::ALL.len(), any::<bool>(), scrap());
    let mut runner = proptest::test_runner::TestRunner::default();
    let run = runner.run(&prop::collection::vec(file, 1..4), |files| {
        let sources: Vec<Source> = files
            .iter()
            .map(|(kind, has_header, scrap)| {
                let header = if *has_header {
                    format!("{}\n", headers[*kind])
                } else {
                    String::new()
                };
                Source::new(names[*kind].as_str(), &[header.as_bytes(), scrap].concat())
            })
            .collect();
        let report = world.read(|conn| check_sources(conn, now, &sources, &mut |_| {}));
        prop_assert_eq!(report.files.len(), sources.len());
        Ok(())
    });
    run.expect("no file makes the check fall over");
    assert!(sources(&[]).is_empty());
}

/// What machines try (`fuzz/`) is what a check reads.
#[test]
fn files_are_checked_without_the_database_as_with_it() {
    let world = World::new(Sqlite);
    let checker = world.read(imports::Checker::load);
    for files in [super::ALL, &super::ALL[3..], BROKEN] {
        let sources = sources(files);
        let (alone, with) = (checker.check(world.now(), &sources), check(&world, files));
        assert_eq!(counts(&alone), counts(&with));
        assert_eq!(alone.made, with.made);
        for (alone, with) in alone.files.iter().zip(&with.files) {
            assert_eq!(problems(alone), problems(with));
            assert_eq!(alone.warnings, with.warnings);
        }
    }
}

/// Files with a fault each, of which one names what another brings.
const BROKEN: super::Files = &[
    ("people.csv", "email,name\nana,Ana\nb@b,B\n"),
    ("leads.csv", "external_id,name,created_at\nL1,One,today\n"),
    ("activities.csv", super::ACTIVITIES),
    ("holidays.csv", "date,date\n2026-05-01,2026-05-01\n"),
];
