//! Every share of follow-up speed is told with where it likely lies: on the page, in the file, to programs, where it is explained.

use super::explained::busy;
use super::followup::{filters, report};
use super::{group, import};
use crate::world::{Database, Database::*, World};
use rstest::rstest;
use std::collections::HashMap;
use touchline::rules::survival::{End, Obs, Observed};
use touchline::{page, style};

const ENDS: [&str; 6] = [
    "event_low",
    "event_high",
    "closed_low",
    "closed_high",
    "waiting_low",
    "waiting_high",
];

/// The shares of a busy morning a week later with their bands, as the rules have them: of 280 leads 252 were tried after 25
/// hours, 21 closed untouched after four days, and 7 wait.
fn a_week_later() -> [(f64, (f64, f64)); 3] {
    let some = |count, t_s, end| std::iter::repeat_n(Obs { t_s, end }, count);
    let all: Vec<Obs> = some(252, 90_000.0, End::Event)
        .chain(some(21, 345_600.0, End::Closed))
        .chain(some(7, 5e6, End::Open))
        .collect();
    let shares = Observed::new(&all).competing().at(604_800.0);
    [
        (shares.event.value, shares.event.band()),
        (shares.closed.value, shares.closed.band()),
        (shares.waiting, shares.waiting_band()),
    ]
    .map(|(value, band)| (value, band.expect("a band")))
}

fn words((low, high): (f64, f64)) -> String {
    let low = style::decimal(low * 100.0, 1);
    format!("{low} to {}", page::percent(high)).replace('\u{a0}', " ")
}

#[rstest]
fn what_was_closed_and_what_waits_has_its_interval_on_every_way_out(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    busy(&world);
    let known = a_week_later();
    let [event, closed, waiting] = known.map(|(_, band)| words(band));
    let mark = world.as_("mark");
    mark.get("/follow-up").ok().says(&format!(
        "7 d 90.0 % {event} 7.5 % {closed} 2.5 % {waiting} 7"
    ));
    let file = mark.get("/follow-up?format=csv");
    let mut reader = csv::Reader::from_reader(file.ok().body.as_bytes());
    let row: HashMap<String, String> = reader.deserialize().next().expect("a row").expect("it");
    let mut asked = filters();
    asked.cohort.as_of = crate::world::instant("2026-04-30T12:00:00Z");
    let printed = report(&world, &asked);
    let within = &group(&printed, "all")["within"][8];
    let bands = known.iter().flat_map(|(_, (low, high))| [*low, *high]);
    for (name, end) in ENDS.iter().zip(bands) {
        let filed: f64 = row[&format!("{name}_604800")].parse().expect("a number");
        let printed = within[*name].as_f64().expect("a number");
        assert_eq!(filed, printed, "{name}");
        assert!((printed - end).abs() < 1e-9, "{name}: {printed} and {end}");
    }
    for (figure, k, value, band) in [
        ("within", "252", "90.0 %", &event),
        ("closed", "21", "7.5 %", &closed),
        ("waiting", "7", "2.5 %", &waiting),
    ] {
        mark.get(&format!("/follow-up/explain?figure={figure}-604800"))
            .ok()
            .says(&format!("{k} of 280 = {value}, likely {band}"));
    }
}

#[rstest]
fn of_what_never_happened_so_far_a_page_says_how_much_is_possible(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    busy(&world);
    let none = "0.0 % 0 of 280 so far, up to 1.1 %";
    world.as_("mark").get("/follow-up").ok().says(&format!(
        "1 min {none} {none} 100.0 % all 280 so far, at least 98.9 % 280"
    ));
    // Programs read that there is no band.
    let printed = report(&world, &filters());
    let within = &group(&printed, "all")["within"][0];
    assert!(ENDS.iter().all(|name| within[*name].is_null()), "{within}");
    // Of three leads no share is told, and nothing stands below the dash.
    let few = World::new(database);
    let leads = "external_id,name,created_at\na,A,2026-03-02T09:00:00Z\nb,B,2026-03-02T09:00:00Z\n";
    import(&few, &[("leads.csv", leads)]);
    few.at("2026-04-30T12:00:00Z");
    few.as_("mark")
        .get("/follow-up")
        .ok()
        .says("1 min Warming up \u{2013} \u{2013} 2")
        .says_nothing_of("0 of 2 so far");
}

#[rstest]
fn what_a_file_had_before_keeps_its_place(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    busy(&world);
    let mark = world.as_("mark");
    for (compare, last) in [("", "maturing"), ("&compare=before", "beside_before")] {
        let days = "from=2026-03-02&to=2026-03-02";
        let file = mark.get(&format!("/follow-up?{days}{compare}&format=csv"));
        let header = file.ok().body.lines().next().expect("a header").to_owned();
        let columns: Vec<&str> = header.split(',').collect();
        let at = |name: &str| columns.iter().position(|column| *column == name);
        assert_eq!(columns[..3], ["group", "n", "with_event"]);
        assert_eq!(at("event_low_60"), at(last).map(|at| at + 1), "{header}");
        assert_eq!(
            columns[columns.len() - 3..],
            ["group_p", "faster_than", "faster_p"]
        );
    }
}
