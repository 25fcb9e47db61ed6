use super::*;
use crate::rules::survival::End;
use crate::rules::workday::{Day, Off, WeekHours};
use crate::rules::zone::Zone;
use chrono::{Datelike, NaiveDate};
use proptest::prelude::*;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// Two weeks of March 2026, nine to five in UTC.
fn calendar() -> WorkCalendar {
    let week = WeekHours::nine_to_five();
    let (from, to) = (date("2026-03-02"), date("2026-03-13"));
    WorkCalendar::new(&Zone::utc(), from, to, |day| Day {
        blocks: week.on(day.weekday()),
        off: Off::No,
    })
}

#[test]
fn a_limit_is_read_as_people_write_it_and_written_in_one_way() {
    for (typed, written) in [
        ("15 min", "15 min"),
        ("60 minutes", "1 h"),
        ("90m", "90 min"),
        ("4 H", "4 h"),
        ("2d", "2 working days"),
        (" 1  working day ", "1 working day"),
    ] {
        let limit = Limit::read(typed).unwrap();
        assert_eq!(limit.to_string(), written, "{typed}");
        assert_eq!(Limit::read(written), Some(limit), "{written}");
    }
    for wrong in [
        "",
        "4",
        "h",
        "0 h",
        "-1 h",
        "4 weeks",
        "61 days",
        "99999999999999999999 h",
        "4,5 h",
    ] {
        assert_eq!(Limit::read(wrong), None, "{wrong}");
    }
}

#[test]
fn each_urgency_has_the_promised_limits() {
    let calendar = calendar();
    let friday = at("2026-03-06T16:00:00Z");
    let hours = |limit: fn(ServiceLevel) -> Limit| {
        let of = |urgency: &Urgency| {
            let us = limit(ServiceLevel::of_house(*urgency)).working_us(&calendar, friday);
            us.map(|us| us as f64 / HOUR_US as f64)
        };
        Urgency::ALL.iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(
        hours(|level| level.accept_by),
        [Some(0.25), Some(4.0), Some(8.0), Some(4.0)]
    );
    assert_eq!(
        hours(|level| level.first_attempt_by),
        [Some(0.25), Some(4.0), Some(16.0), Some(8.0)]
    );
    let at_the_end = at("2026-03-12T16:00:00Z");
    assert_eq!(
        Limit::WorkingDays(2).working_us(&calendar, at_the_end),
        None
    );
}

#[test]
fn a_promise_is_due_soon_when_three_quarters_of_its_working_time_are_gone() {
    let calendar = calendar();
    let ownership = Ownership::always(&calendar);
    let friday = at("2026-03-06T15:00:00Z");
    let window = Window::new(&ownership, friday, Limit::Time(4 * HOUR_US));
    let expected = Window {
        soon_at: at("2026-03-09T10:00:00Z"),
        due_at: at("2026-03-09T11:00:00Z"),
        over_at: Some(Instant(at("2026-03-09T11:00:00Z").0 + 1)),
    };
    assert_eq!(window, Some(expected));
    let monday = at("2026-03-02T09:00:00Z");
    let window = Window::new(&ownership, monday, Limit::Time(8 * HOUR_US)).unwrap();
    assert_eq!(window.due_at, at("2026-03-02T17:00:00Z"));
    assert_eq!(window.due(at("2026-03-03T09:00:00Z")), Due::Soon);
    assert_eq!(window.due(at("2026-03-03T09:00:01Z")), Due::Over);
    assert_eq!(
        Window::new(&ownership, friday, Limit::WorkingDays(10)),
        None
    );
}

fn course() -> Course {
    Course {
        start: Instant(0),
        accepted_at: None,
        first_attempt_at: None,
        first_contact_at: None,
        closed: None,
    }
}

#[test]
fn an_attempt_takes_a_lead_up_and_an_exit_is_as_good_as_a_contact() {
    use crate::rules::survival::End::{Closed, Event, Open};
    let ends = |course: Course| {
        Clause::TIMED.map(|clause| {
            let wait = course.wait(clause, Instant(100));
            (wait.end, wait.until.0)
        })
    };
    let tried = Course {
        accepted_at: Some(Instant(30)),
        first_attempt_at: Some(Instant(20)),
        ..course()
    };
    assert_eq!(ends(tried), [(Event, 20), (Event, 20), (Open, 100)]);
    let rejected = Course {
        closed: Some((Instant(50), Ending::Otherwise)),
        ..course()
    };
    assert_eq!(ends(rejected), [(Closed, 50), (Closed, 50), (Event, 50)]);
    let reached = Course {
        first_contact_at: Some(Instant(40)),
        ..rejected
    };
    assert_eq!(ends(reached), [(Event, 40), (Closed, 50), (Event, 40)]);
}

#[test]
fn who_gives_a_lead_up_unreached_has_tried_often_enough_and_in_enough_ways() {
    let hot = ServiceLevel::of_house(Urgency::Hot);
    let judge = |course: &Course, attempts, kinds| {
        course.judge_attempts(&hot, attempts, kinds, Instant(100))
    };
    let given_up = Course {
        closed: Some((Instant(90), Ending::GivenUp)),
        ..course()
    };
    assert_eq!(judge(&given_up, 6, 2), Verdict::Met);
    assert_eq!(judge(&given_up, 6, 1), Verdict::Missed);
    assert_eq!(judge(&given_up, 5, 2), Verdict::Missed);
    assert_eq!(judge(&course(), 5, 2), Verdict::Pending);
    assert_eq!(judge(&course(), 6, 2), Verdict::Met);
    let reached = Course {
        first_contact_at: Some(Instant(90)),
        ..given_up
    };
    assert_eq!(judge(&reached, 1, 1), Verdict::NotApplicable);
    let duplicate = Course {
        closed: Some((Instant(90), Ending::Otherwise)),
        ..course()
    };
    assert_eq!(judge(&duplicate, 0, 0), Verdict::NotApplicable);
    let later = Course {
        closed: Some((Instant(101), Ending::GivenUp)),
        ..course()
    };
    assert_eq!(judge(&later, 1, 1), Verdict::Pending);
}

#[test]
fn a_lead_is_given_up_by_events_that_an_attempt_could_have_spared() {
    for (kind, reason, ending) in [
        (EventKind::Disqualified, "Unable to reach", Ending::GivenUp),
        (EventKind::Disqualified, "Bad data", Ending::Otherwise),
        (EventKind::Disqualified, "Do not contact", Ending::Otherwise),
        (EventKind::Nurture, "Not ready yet", Ending::GivenUp),
        (EventKind::Lost, "", Ending::GivenUp),
        (EventKind::Rejected, "Wrong role", Ending::Otherwise),
        (EventKind::Duplicate, "", Ending::Otherwise),
        (EventKind::Won, "", Ending::Otherwise),
    ] {
        assert_eq!(Ending::of(kind, reason), ending, "{kind} {reason}");
    }
}

#[test]
fn a_promise_of_volume_is_spread_over_the_days_on_which_it_holds() {
    let monthly = |count| {
        Some(Volume {
            count,
            per: Per::Month,
        })
    };
    let weekly = Some(Volume {
        count: 14,
        per: Per::Week,
    });
    let sum = |from, to, volume: &dyn Fn(NaiveDate) -> Option<Volume>| {
        promised(date(from), date(to), volume)
    };
    assert_eq!(sum("2026-03-02", "2026-03-08", &|_| weekly), Some(14.0));
    let march = sum("2026-03-01", "2026-03-31", &|_| monthly(62)).unwrap();
    assert!((march - 62.0).abs() < 1e-9);
    // Half of April under nothing, half of it under 60 a month.
    let mid = date("2026-04-16");
    let april = sum("2026-04-01", "2026-04-30", &|day| {
        monthly(60).filter(|_| day >= mid)
    });
    assert!((april.unwrap() - 30.0).abs() < 1e-9);
    assert_eq!(sum("2026-03-01", "2026-03-31", &|_| None), None);
}

proptest! {
    #[test]
    fn a_promise_is_overdue_just_when_it_would_be_judged_missed(
        start_min in 0..14 * 1_440_i64,
        limit_min in 1..3_000_i64,
        later_min in 0..10 * 1_440_i64,
    ) {
        let calendar = calendar();
        let ownership = Ownership::always(&calendar);
        let start = Instant(at("2026-03-02T00:00:00Z").0 + start_min * MINUTE_US);
        let now = Instant(start.0 + later_min * MINUTE_US);
        let limit = Limit::Time(limit_min * MINUTE_US);
        if let Some(window) = Window::new(&ownership, start, limit) {
            let worked_us = ownership.working_us(start, now);
            let verdict = judge(End::Open, worked_us, limit_min * MINUTE_US);
            prop_assert_eq!(window.due(now) == Due::Over, verdict == Verdict::Missed);
            prop_assert!(window.soon_at <= window.due_at);
        }
    }
}
