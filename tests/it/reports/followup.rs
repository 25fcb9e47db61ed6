//! Stories of follow-up speed: what ends a waiting, what hides it, who counts where, and what is promised.

use super::{group, import, names};
use crate::world::{Database, Database::*, World, instant};
use rstest::rstest;
use serde_json::{Value, json};
use touchline::followup::{self, Awaited, Filters, WhichClock};
use touchline::leads::cohort::{Cohort, Grouping};

/// Everything until a Friday, on the calendar clock.
pub fn filters() -> Filters {
    Filters {
        cohort: Cohort {
            from: None,
            to: None,
            as_of: instant("2026-03-20T12:00:00Z"),
            definition: None,
        },
        by: None,
        clock: WhichClock::Calendar,
        event: Awaited::Attempt,
        limit_us: None,
        compares_before: false,
        without_late: false,
    }
}

fn as_of(text: &str) -> Filters {
    let mut filters = filters();
    filters.cohort.as_of = instant(text);
    filters
}

fn by(grouping: Grouping) -> Filters {
    Filters {
        by: Some(grouping),
        ..filters()
    }
}

/// The report as a program reads it.
pub fn report(world: &World, filters: &Filters) -> Value {
    let report = world.read(|conn| followup::report(conn, filters, None));
    serde_json::to_value(report).expect("JSON")
}

/// How many there are, and how their waiting stands: with the event, closed, waiting.
fn counts(report: &Value, name: &str) -> [u64; 4] {
    let group = group(report, name);
    ["n", "with_event", "closed", "waiting"].map(|key| group[key].as_u64().expect("a count"))
}

/// Six leads of one morning: a touch and a closing at one instant; a closing before the touch; a touch and a closing
/// before the hand-over only; a touch at the hand-over; a contact without an attempt; and nothing at all.
const MORNING: &[(&str, &str)] = &[
    (
        "leads.csv",
        "external_id,name,created_at\n\
         tie,Tie,2026-03-04T09:00:00Z\nlate,Late,2026-03-04T09:00:00Z\nearly,Early,2026-03-04T09:00:00Z\n\
         at,At,2026-03-04T09:00:00Z\nsaid,Said,2026-03-04T09:00:00Z\nnone,None,2026-03-04T09:00:00Z\n",
    ),
    (
        "activities.csv",
        "external_id,person_email,kind,outcome,happened_at,lead_external_id\n\
         1,ana@example.com,Call,No answer,2026-03-04T10:00:00Z,tie\n\
         2,ana@example.com,Call,No answer,2026-03-04T10:00:00Z,late\n\
         3,ana@example.com,Call,No answer,2026-03-04T08:59:59.999999Z,early\n\
         4,ana@example.com,Call,Interested,2026-03-04T09:00:00Z,at\n\
         5,ana@example.com,E-mail,Bounced,2026-03-04T09:10:00Z,none\n\
         6,ana@example.com,Research note,,2026-03-04T09:10:00Z,none\n",
    ),
    (
        "lead_events.csv",
        "lead_external_id,at,event\n\
         tie,2026-03-04T10:00:00Z,lost\nlate,2026-03-04T09:30:00Z,duplicate\n\
         early,2026-03-04T08:00:00Z,nurture\nsaid,2026-03-04T09:20:00Z,contacted\n",
    ),
];

#[rstest]
fn whatever_comes_first_ends_the_waiting_and_a_touch_wins_a_tie(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    import(&world, MORNING);
    assert_eq!(counts(&report(&world, &filters()), "all"), [6, 2, 1, 3]);
    let contacts = Filters {
        event: Awaited::Contact,
        ..filters()
    };
    assert_eq!(counts(&report(&world, &contacts), "all"), [6, 2, 2, 2]);
}

#[rstest]
fn what_comes_after_the_reports_instant_is_hidden_and_what_comes_at_it_counts(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    import(&world, MORNING);
    let at = |text| counts(&report(&world, &as_of(text)), "all");
    assert_eq!(at("2026-03-04T08:59:59.999999Z"), [0, 0, 0, 0]);
    assert_eq!(at("2026-03-04T09:00:00Z"), [6, 1, 0, 5]);
    assert_eq!(at("2026-03-04T09:30:00Z"), [6, 1, 1, 4]);
    assert_eq!(at("2026-03-04T10:00:00Z"), [6, 2, 1, 3]);
}

#[rstest]
fn an_empty_report_keeps_its_shape(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let report = world.read(|conn| followup::report(conn, &filters(), None));
    let text = serde_json::to_string(&report).expect("JSON");
    let head = r#"{"report":"follow-up-speed","from":null,"to":null,"as_of":"2026-03-20T12:00:00Z","clock":"calendar","event":"attempt","by":null,"groups":[{"group":"all","n":0,"with_event":0,"closed":0,"waiting":0,"median_s":null,"median_low_s":null,"median_high_s":null,"p90_s":null,"within":[{"t_s":60,"at_risk":0,"event":0.0,"closed":0.0,"waiting":1.0,"km":0.0,"km_low":null,"km_high":null,"event_low":null,"event_high":null,"closed_low":null,"closed_high":null,"waiting_low":null,"waiting_high":null},"#;
    let tail = r#""service_level":{"limit_s":null,"met":0,"missed":0,"pending":0,"not_applicable":0,"attained":null,"low":null,"high":null},"p90_low_s":null,"p90_high_s":null,"bands":[{"band":"5min","n":0},{"band":"15min","n":0},{"band":"1h","n":0},{"band":"4h","n":0},{"band":"8h","n":0},{"band":"24h","n":0},{"band":"3d","n":0},{"band":"longer","n":0},{"band":"never","n":0}],"in_conversation":0,"late":0}]}"#;
    assert!(text.starts_with(head), "{text}");
    assert!(text.ends_with(tail), "{text}");
    let grouped = world.read(|conn| followup::report(conn, &by(Grouping::Week), None));
    assert!(grouped.groups.is_empty());
}

/// Leads of all kinds; the last was handed over on a Monday in Berlin that was still a Sunday in UTC.
pub const LIVELY: &[(&str, &str)] = &[
    (
        "people.csv",
        "email,name,team\nkim1@example.com,Kim Kern,North\nkim2@example.com,Kim Kern,South\n",
    ),
    (
        "leads.csv",
        "external_id,name,created_at,source,campaign,asset,territory,urgency,owner_email,amount,currency\n\
         a,A,2026-03-03T09:00:00Z,web,Zeta,paper,north,hot,kim1@example.com,10.5,EUR\n\
         b,B,2026-03-04T09:00:00Z,web,alpha,paper,,warm,kim2@example.com,,\n\
         c,C,2026-03-05T09:00:00Z,,Ärger,,south,content,ana@example.com,0.1,EUR\n\
         d,D,2026-03-06T21:00:00Z,fair,,,,referral,,0.2,EUR\n\
         e,E,2026-03-08T23:30:00Z,=sum,alpha,,,,sue@example.com,3,USD\n",
    ),
    (
        "activities.csv",
        "external_id,person_email,kind,outcome,happened_at,lead_external_id\n\
         1,kim1@example.com,Call,No answer,2026-03-03T09:10:00Z,a\n\
         2,kim2@example.com,Visit,Meeting booked,2026-03-04T15:30:00Z,b\n\
         3,ana@example.com,E-mail,Sent,2026-03-09T08:00:00Z,c\n",
    ),
    (
        "lead_events.csv",
        "lead_external_id,at,event,owner_email,amount\n\
         a,2026-03-10T09:00:00Z,won,,\nb,2026-03-05T10:00:00Z,assigned,ana@example.com,\n\
         c,2026-03-11T09:00:00Z,won,,\nd,2026-03-11T09:00:00Z,won,,\n\
         e,2026-03-09T08:00:00Z,rejected,,\nb,2026-03-06T09:00:00Z,handed_over,,\n",
    ),
];

#[rstest]
fn groups_stand_in_order_of_name_and_an_empty_name_stays_empty(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    import(&world, LIVELY);
    let grouped = |grouping| report(&world, &by(grouping));
    for (grouping, expected) in [
        (Grouping::Source, vec!["", "=sum", "fair", "web"]),
        (Grouping::Campaign, vec!["", "Zeta", "alpha", "Ärger"]),
        (Grouping::Asset, vec!["", "paper"]),
        (Grouping::Territory, vec!["", "north", "south"]),
        (
            Grouping::Urgency,
            vec!["content", "hot", "referral", "warm"],
        ),
        (Grouping::Team, vec!["", "North", "South"]),
        (Grouping::Week, vec!["2026-03-02", "2026-03-09"]),
        (
            Grouping::Weekday,
            vec![
                "1 Monday",
                "2 Tuesday",
                "3 Wednesday",
                "4 Thursday",
                "5 Friday",
            ],
        ),
        // 09:00 UTC is ten o'clock in Berlin; the last came half an hour after midnight.
        (Grouping::Hour, vec!["00:00", "10:00", "22:00"]),
    ] {
        let report = grouped(grouping);
        assert_eq!(names(&report), expected, "by {grouping}");
        let groups = report["groups"].as_array().expect("groups").iter();
        let n: u64 = groups.map(|group| group["n"].as_u64().expect("n")).sum();
        assert_eq!(n, 6, "by {grouping}");
    }
}

#[rstest]
fn two_people_of_one_name_are_two_owners(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    import(&world, LIVELY);
    let report = report(&world, &by(Grouping::Owner));
    let expected = [
        "",
        "Ana Arndt",
        "Kim Kern (kim1@example.com)",
        "Kim Kern (kim2@example.com)",
        "Sue Sommer",
    ];
    assert_eq!(names(&report), expected);
    // The first hand-over of b was attempted while Kim owned it; the second still waits, with Ana.
    assert_eq!(counts(&report, expected[3]), [1, 1, 0, 0]);
    assert_eq!(counts(&report, "Ana Arndt"), [2, 1, 0, 1]);
}

#[rstest]
fn the_days_are_those_of_the_workspace_and_both_count(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    import(&world, LIVELY);
    let day = |text: &str| Some(text.parse().expect("a day"));
    let n = |from, to| {
        let mut filters = filters();
        (filters.cohort.from, filters.cohort.to) = (from, to);
        counts(&report(&world, &filters), "all")[0]
    };
    assert_eq!(n(day("2026-03-09"), day("2026-03-09")), 1);
    assert_eq!(n(None, day("2026-03-08")), 5);
    assert_eq!(n(day("2026-03-05"), day("2026-03-06")), 3);
    assert_eq!(n(day("2026-03-10"), None), 0);
}

#[rstest]
fn each_hand_over_is_judged_by_what_its_urgency_promises(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    import(&world, LIVELY);
    let level = |report: &Value, name: &str| group(report, name)["service_level"].clone();
    let report = report(&world, &by(Grouping::Urgency));
    let of = |name, limit_s: f64, counts: [u64; 4], attained: Value| {
        let level = level(&report, name);
        assert_eq!(level["limit_s"], limit_s, "{name}");
        let keys = ["met", "missed", "pending", "not_applicable"];
        assert_eq!(
            keys.map(|key| level[key].as_u64().expect("a count")),
            counts,
            "{name}"
        );
        assert_eq!(level["attained"], attained, "{name}");
    };
    of("hot", 900.0, [1, 0, 0, 0], json!(1.0));
    // 6 h of working time are too late; the second hand-over of b is still untouched; e was closed at nine.
    of("warm", 14_400.0, [0, 2, 0, 1], json!(0.0));
    of("content", 57_600.0, [1, 0, 0, 0], json!(1.0));
    of("referral", 28_800.0, [0, 1, 0, 0], json!(0.0));
    let all = super::followup::report(&world, &filters());
    assert_eq!(level(&all, "all")["limit_s"], Value::Null);
}

#[rstest]
fn a_limit_of_ones_own_is_on_the_reports_clock_and_event(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    import(&world, LIVELY);
    let judged = |clock, event, limit_us| {
        let filters = Filters {
            clock,
            event,
            limit_us: Some(limit_us),
            ..filters()
        };
        let report = report(&world, &filters);
        let level = &group(&report, "all")["service_level"];
        assert_eq!(level["limit_s"], limit_us as f64 / 1e6);
        ["met", "missed"].map(|key| level[key].as_u64().expect("a count"))
    };
    use Awaited::{Attempt, Contact};
    use WhichClock::{Calendar, Working};
    const SIX_AND_A_HALF_HOURS_US: i64 = 23_400_000_000;
    assert_eq!(judged(Calendar, Attempt, 600_000_000), [1, 5]);
    assert_eq!(judged(Calendar, Attempt, 599_999_999), [0, 6]);
    assert_eq!(judged(Calendar, Attempt, SIX_AND_A_HALF_HOURS_US), [2, 4]);
    assert_eq!(judged(Working, Contact, SIX_AND_A_HALF_HOURS_US), [1, 4]);
}
