//! The worked figures of `tests/vectors`, which every estimate must reproduce to 1e-9.

mod comparison;
mod planner;
mod scoring;

use chrono::{Days, NaiveDate, Weekday};
use serde_json::Value;
use touchline::{
    rules::{
        habit::{Consistency, Part, Rhythm, Standing, State, Turn, Verdict as DayVerdict},
        rank,
        rates::{Rate, wilson},
        score::{self, Channel, Quality},
        survival::{CauseShare, End, Obs, Observed, Share},
        wait::{Verdict, Wait, judge},
        workday::{Block, Day, Off, WeekHours, WorkCalendar},
        zone::Zone,
    },
    value::Instant,
};

const TOLERANCE: f64 = 1e-9;

fn vectors(name: &str) -> Value {
    let path = format!("{}/tests/vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect(&path);
    serde_json::from_str(&text).expect(&path)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn pair(value: &Value) -> Option<(f64, f64)> {
    let ends = value.as_array()?;
    Some((number(&ends[0]), number(&ends[1])))
}

fn instant(value: &Value) -> Instant {
    Instant::parse(value.as_str().expect("a text")).expect("an instant")
}

fn close(what: &str, got: f64, want: f64) {
    assert!(
        (got - want).abs() < TOLERANCE,
        "{what}: {got} is not {want}"
    );
}

fn close_option(what: &str, got: Option<f64>, want: Option<f64>) {
    match (got, want) {
        (Some(got), Some(want)) => close(what, got, want),
        _ => assert_eq!(got, want, "{what}"),
    }
}

fn close_band(what: &str, got: Option<(f64, f64)>, want: Option<(f64, f64)>) {
    close_option(what, got.map(|band| band.0), want.map(|band| band.0));
    close_option(what, got.map(|band| band.1), want.map(|band| band.1));
}

/// The calendar of a vector: its zone, weekly hours and dates with hours of their own.
fn calendar(vector: &Value, from: Instant, to: Instant) -> WorkCalendar {
    let zone = Zone::named(vector["tz"].as_str().unwrap()).unwrap();
    let blocks = |value: &Value| -> Vec<Block> {
        let block = |ends: &Value| Block {
            opens_min: ends[0].as_u64().unwrap() as u16,
            closes_min: ends[1].as_u64().unwrap() as u16,
        };
        list(value).iter().map(block).collect()
    };
    let weekly = vector["weekly"].as_object().unwrap().iter();
    let week = weekly.flat_map(|(weekday, hours)| {
        let weekday = Weekday::try_from(weekday.parse::<u8>().unwrap()).unwrap();
        blocks(hours).into_iter().map(move |block| (weekday, block))
    });
    let week = WeekHours::new(week).unwrap();
    let exceptions: Vec<(NaiveDate, Vec<Block>)> = vector["exceptions"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(date, hours)| (date.parse().unwrap(), blocks(hours)))
        .collect();
    let first = zone.day_of(from) - Days::new(1);
    let last = zone.day_of(to) + Days::new(14);
    WorkCalendar::new(&zone, first, last, |date| {
        let exception = exceptions.iter().find(|(day, _)| *day == date);
        let weekday = chrono::Datelike::weekday(&date);
        Day {
            blocks: exception.map_or(week.on(weekday), |(_, blocks)| blocks),
            off: Off::No,
        }
    })
}

fn seconds(micros: i64) -> f64 {
    micros as f64 / 1e6
}

#[test]
fn working_time_is_that_of_every_worked_example() {
    for vector in list(&vectors("worktime")["vectors"]) {
        let (start, end) = (instant(&vector["start"]), instant(&vector["end"]));
        let calendar = calendar(vector, start.min(end), start.max(end));
        let working = seconds(calendar.working_us(start, end));
        let name = vector["name"].as_str().unwrap();
        close(name, working, number(&vector["working_seconds"]));
        close(
            name,
            end.seconds_since(start).max(0.0),
            number(&vector["wall_seconds"]),
        );
    }
}

#[test]
fn a_limit_falls_due_when_every_worked_example_says() {
    for vector in list(&vectors("worktime")["due"]) {
        let start = instant(&vector["start"]);
        let working_us = vector["add_working_seconds"].as_i64().unwrap() * 1_000_000;
        let due = calendar(vector, start, start).due(start, working_us);
        assert_eq!(due, Some(instant(&vector["due_utc"])), "{}", vector["note"]);
    }
}

fn observations(case: &Value, key: &str) -> Vec<Obs> {
    let ends = list(&case[key]).iter().map(|end| match end.as_u64() {
        Some(1) => End::Event,
        Some(2) => End::Closed,
        _ => End::Open,
    });
    let times = list(&case["durations"]).iter().map(number);
    times.zip(ends).map(|(t_s, end)| Obs { t_s, end }).collect()
}

#[test]
fn kaplan_meier_gives_every_row_of_the_tables() {
    for case in list(&vectors("km")["cases"]) {
        let curve = Observed::new(&observations(case, "event")).curve();
        let events: Vec<_> = curve.steps.iter().filter(|step| step.events > 0).collect();
        let rows = list(&case["table"]);
        assert_eq!(events.len(), rows.len(), "{}", case["name"]);
        for (step, row) in events.into_iter().zip(rows) {
            let what = format!("{} at {}", case["name"], row["t"]);
            close(&what, step.t_s, number(&row["t"]));
            let counts = [step.at_risk, step.events, step.censored].map(|count| count as u64);
            let wanted = ["at_risk", "events", "censored"].map(|key| row[key].as_u64().unwrap());
            assert_eq!(counts, wanted, "{what}");
            close(&what, step.s, number(&row["S"]));
            close_option(&what, step.greenwood, row["greenwood_sum"].as_f64());
            let band = row["S_lo"].as_f64().zip(row["S_hi"].as_f64());
            close_band(&what, step.band(), band);
        }
    }
}

#[test]
fn kaplan_meier_can_be_asked_at_any_time() {
    for case in list(&vectors("km")["cases"]) {
        let curve = Observed::new(&observations(case, "event")).curve();
        for row in list(&case["at"]) {
            let what = format!("{} at {}", case["name"], row["t"]);
            let t_s = number(&row["t"]);
            let Share { value, band } = curve.at(t_s).complement();
            close(&what, value, number(&row["F"]));
            close_band(&what, band, row["F_lo"].as_f64().zip(row["F_hi"].as_f64()));
            assert_eq!(
                curve.at_risk(t_s) as u64,
                row["at_risk"].as_u64().unwrap(),
                "{what}"
            );
        }
        let rmst = &case["rmst"];
        let what = format!("{} average", case["name"]);
        close(
            &what,
            curve.rmst(number(&rmst["tau"])),
            number(&rmst["value"]),
        );
    }
}

#[test]
fn quantiles_and_their_intervals_are_those_of_the_examples() {
    for case in list(&vectors("km")["cases"]) {
        let curve = Observed::new(&observations(case, "event")).curve();
        for (p, row) in case["quantiles"].as_object().unwrap() {
            let what = format!("{} p {p}", case["name"]);
            let quantile = curve.quantile(p.parse().unwrap());
            close_option(&what, quantile.value_s, row["t"].as_f64());
            close_option(&what, quantile.low_s, row["ci"][0].as_f64());
            close_option(&what, quantile.high_s, row["ci"][1].as_f64());
        }
    }
}

#[test]
fn aalen_johansen_gives_every_row_for_both_causes() {
    for case in list(&vectors("km")["competing"]) {
        let observed = Observed::new(&observations(case, "cause"));
        let competing = observed.competing();
        let check = |cause: &str, share: &dyn Fn(f64) -> CauseShare| {
            let rows = list(&case["causes"][cause]);
            assert_eq!(rows.len(), competing.steps.len());
            for row in rows {
                let what = format!("cause {cause} at {}", row["t"]);
                let share = share(number(&row["t"]));
                close(&what, share.value, number(&row["CIF"]));
                close(&what, share.variance, number(&row["var"]));
                close_band(&what, share.band(), pair(&row["ci"]));
            }
        };
        check("1", &|t| competing.at(t).event);
        check("2", &|t| competing.at(t).closed);
        for row in list(&case["at"]) {
            let shares = competing.at(number(&row["t"]));
            close("event", shares.event.value, number(&row["CIF_1"]));
            close("closed", shares.closed.value, number(&row["CIF_2"]));
            close("waiting", shares.waiting, number(&row["still_open"]));
        }
        let curve = observed.curve();
        for row in list(&case["one_minus_KM_treating_others_as_censored"]) {
            let share = curve.at(number(&row["t"])).complement();
            close("1 - KM", share.value, number(&row["value"]));
        }
    }
}

/// One hand-over of the lead-response example, for one of its two clocks.
struct Followed {
    start: Instant,
    wait: Wait,
    working_us: i64,
}

fn follow(lead: &Value, as_of: Instant, calendar: &WorkCalendar, contact: bool) -> Followed {
    let start = instant(&lead["created"]);
    let touches = list(&lead["touches"]).iter();
    let first = touches
        .filter(|touch| touch["automated"] == false && (!contact || touch["connected"] == true))
        .map(|touch| instant(&touch["at"]))
        .filter(|at| *at >= start)
        .min();
    let closed = lead["closed"].get("at").map(instant);
    let wait = Wait::new(start, first, closed, as_of);
    Followed {
        start,
        wait,
        working_us: calendar.working_us(start, wait.until),
    }
}

fn observed<'a>(followed: impl IntoIterator<Item = &'a Followed>) -> Observed {
    let obs = followed.into_iter().map(|one| Obs {
        t_s: seconds(one.working_us),
        end: one.wait.end,
    });
    Observed::new(&obs.collect::<Vec<_>>())
}

#[test]
fn each_lead_of_the_example_waits_as_long_as_written() {
    let example = vectors("lead_response");
    let as_of = instant(&example["as_of"]);
    let limit_us = 3_600_000_000;
    let expected = list(&example["expected"]["per_lead"]);
    for (lead, want) in list(&example["leads"]).iter().zip(expected) {
        let name = lead["lead"].as_str().unwrap();
        let calendar = calendar(&example, instant(&lead["created"]), as_of);
        for (key, contact) in [("first_touch", false), ("first_contact", true)] {
            let got = follow(lead, as_of, &calendar, contact);
            let want = &want[key];
            let state = match got.wait.end {
                End::Event => "event",
                End::Closed => "closed",
                End::Open => "open",
            };
            assert_eq!(want["state"], state, "{name}");
            close(
                name,
                got.wait.until.seconds_since(got.start),
                number(&want["wall_s"]),
            );
            close(name, seconds(got.working_us), number(&want["working_s"]));
            if let Some(rep_s) = want["rep_clock_working_s"].as_f64() {
                let rep_us = calendar.working_us(instant(&lead["assigned"]), got.wait.until);
                close(name, seconds(rep_us), rep_s);
            }
        }
        let touch = follow(lead, as_of, &calendar, false);
        let verdict = judge(touch.wait.end, touch.working_us, limit_us);
        assert_eq!(want["sla_1h_working"], verdict.word(), "{name}");
        let due = calendar.due(touch.start, limit_us);
        assert_eq!(due, Some(instant(&want["due_utc"])), "{name}");
    }
}

#[test]
fn the_example_of_eight_leads_adds_up_as_written() {
    let example = vectors("lead_response");
    let as_of = instant(&example["as_of"]);
    let leads = list(&example["leads"]);
    let earliest = leads.iter().map(|lead| instant(&lead["created"])).min();
    let calendar = calendar(&example, earliest.unwrap(), as_of);
    let all = |contact| -> Vec<Followed> {
        let follow = |lead| follow(lead, as_of, &calendar, contact);
        leads.iter().map(follow).collect()
    };
    let expected = &example["expected"]["aggregate"];

    let touches = all(false);
    let clock = &expected["working_clock"];
    let competing = observed(&touches).competing();
    let within_1h = competing.at(3600.0);
    close(
        "touched 1 h",
        within_1h.event.value,
        number(&clock["touched_within_1h"]),
    );
    close(
        "closed 1 h",
        within_1h.closed.value,
        number(&clock["closed_within_1h"]),
    );
    let within_8h = competing.at(28800.0).event.value;
    close(
        "touched 8 h",
        within_8h,
        number(&clock["touched_within_8h"]),
    );
    let median = observed(&touches).curve().quantile(0.5).value_s;
    close_option("median", median, clock["median_working_s_km"].as_f64());

    let ended = |all: &[Followed], end| all.iter().filter(|one| one.wait.end == end).count();
    assert_eq!(expected["n"], touches.len());
    assert_eq!(expected["touched"], ended(&touches, End::Event));
    assert_eq!(
        expected["closed_without_touch"],
        ended(&touches, End::Closed)
    );
    assert_eq!(expected["open_untouched"], ended(&touches, End::Open));
    let contacts = all(true);
    let reached = ended(&contacts, End::Event);
    assert_eq!(expected["contact"]["contacted"], reached);
    let contacted = observed(&contacts).competing().at(28800.0).event.value;
    close(
        "contact 8 h",
        contacted,
        number(&expected["contact"]["cif_8h"]),
    );

    let count = |verdict| {
        let is = |one: &&Followed| judge(one.wait.end, one.working_us, 3_600_000_000) == verdict;
        touches.iter().filter(is).count() as u64
    };
    let sla = &expected["sla"];
    for verdict in Verdict::ALL {
        assert_eq!(sla[verdict.word()], count(*verdict), "{verdict}");
    }
    let (k, missed) = (count(Verdict::Met), count(Verdict::Missed));
    let attained = Rate { k, n: k + missed };
    close_option("attained", attained.share(), sla["attainment"].as_f64());
    close_band("attained", attained.interval(), pair(&sla["wilson"]));
}

#[test]
fn wilson_intervals_are_those_of_the_examples() {
    let example = vectors("proportion");
    let check = |k: &Value, n: &Value, want| {
        let (k, n) = (k.as_u64().unwrap(), n.as_u64().unwrap());
        close_band(&format!("{k} of {n}"), Some(wilson(k, n)), want);
    };
    for row in list(&example["wilson"]) {
        let want = row["lo"].as_f64().zip(row["hi"].as_f64());
        check(&row["k"], &row["n"], want);
    }
    for row in list(&example["eb_example"]["board"]) {
        check(&row["k"], &row["n"], pair(&row["wilson"]));
    }
}

#[test]
fn a_days_points_are_those_of_the_examples() {
    let entry = |lead, kind, quality| score::Entry {
        day: "2026-03-04".parse().unwrap(),
        kind,
        lead: Some(lead),
        quality,
        quantity: 1,
    };
    let blast: Vec<_> = (0..40)
        .map(|lead| entry(lead, "email", Quality::Logged))
        .collect();
    let mut work: Vec<_> = (0..10)
        .map(|lead| entry(lead, "call", Quality::Logged))
        .collect();
    work.push(entry(3, "call", Quality::Logged));
    work.push(entry(20, "call", Quality::Connected));
    work.push(entry(21, "email", Quality::Bounced));
    work.push(entry(22, "meeting", Quality::Logged));

    let example = vectors("board");
    let results = list(&example["points"]["results"]);
    assert_eq!(results.len(), 2, "each example has its entries above");
    for (row, entries) in results.iter().zip([blast, work]) {
        let name = row["name"].as_str().unwrap();
        let each = entries.iter();
        let each = each.map(|entry| Channel::of(entry.kind).weight * entry.quality.factor());
        close(name, each.sum(), number(&row["uncapped"]));
        let points = score::points(entries, |kind, _| Channel::of(kind));
        close(name, points, number(&row["points"]));
    }
}

#[test]
fn improvements_are_those_of_the_examples() {
    for row in list(&vectors("board")["improvement"]) {
        let weeks: Vec<_> = list(&row["att"]).iter().map(Value::as_f64).collect();
        let want = row["improvement"].as_f64();
        close_option("improvement", rank::improvement(&weeks), want);
    }
}

#[test]
fn a_kinds_weight_and_cap_and_an_outcomes_quality_are_those_of_the_examples() {
    let example = &vectors("board")["points"];
    for (kind, weight) in example["weights"].as_object().expect("weights") {
        let channel = score::Channel::of(kind);
        close(kind, channel.weight, number(weight));
        let cap = example["count_caps"].get(kind).and_then(Value::as_u64);
        assert_eq!(channel.daily_cap.map(u64::from), cap, "{kind}");
    }
    for (word, factor) in example["quality"].as_object().expect("qualities") {
        let quality = Quality::from_word(word).expect("a quality");
        close(word, quality.factor(), number(factor));
    }
}

// ---- The habit ----

/// A day that was asked for and met in part.
fn met(attainment: f64) -> DayVerdict {
    let part = Part {
        points: attainment,
        target: 1.0,
    };
    DayVerdict::of([part], true)
}

fn whole(value: &Value) -> u32 {
    value.as_u64().expect("a whole number") as u32
}

#[test]
fn one_step_of_strength_is_that_of_every_frequency() {
    for row in list(&vectors("habit")["loop_step"]) {
        let carry = 0.5_f64.powf(number(&row["freq"]).sqrt() / 13.0);
        let mut standing = Standing {
            strength: number(&row["prev"]),
            ..Standing::default()
        };
        let rhythm = Rhythm {
            carry,
            ..Rhythm::of_days()
        };
        standing.add(&rhythm, met(number(&row["value"])));
        close("a step", standing.strength, number(&row["score"]));
    }
    let day_of_seven = 0.5_f64.powf((1.0_f64 / 7.0).sqrt() / 13.0);
    close("a week", Rhythm::of_weeks().carry, day_of_seven.powi(7));
    let half_life = &vectors("habit")["weekly_example"]["half_life_weeks"];
    let left = Rhythm::of_weeks().carry.powf(number(half_life));
    close("half a life of weeks", left, 0.5);
}

#[test]
fn strength_after_hits_in_a_row_is_that_of_the_table() {
    let strength = |hits: u32| {
        let mut standing = Standing::default();
        for _ in 0..hits {
            standing.add(&Rhythm::of_days(), met(1.0));
        }
        standing.strength
    };
    let habit = vectors("habit");
    for (hits, want) in habit["strength_half_life_13"]["after_hits"]
        .as_object()
        .expect("a table")
    {
        close(hits, strength(hits.parse().unwrap()), number(want));
    }
    for (index, want) in list(&habit["loop_daily_20_hits"]).iter().enumerate() {
        let hits = 2 * index as u32 + 1;
        close("hits", strength(hits), number(want));
    }
}

/// Compares how a habit stands with a row of an example.
fn stands(what: &str, standing: &Standing, turn: Turn, row: &Value) {
    let counts = [standing.streak, standing.best, standing.freezes];
    let wanted = ["streak", "best", "freezes"].map(|key| whole(&row[key]));
    assert_eq!(counts, wanted, "{what}");
    assert_eq!(turn.word(), row["event"].as_str().unwrap(), "{what}");
}

#[test]
fn each_day_of_the_three_weeks_stands_as_written() {
    let example = &vectors("habit")["daily_example"];
    let (mut plain, mut freezing) = (Standing::default(), Standing::default());
    freezing.freezes = 1;
    let mut verdicts = Vec::new();
    for row in list(&example["days"]) {
        let what = row["date"].as_str().unwrap();
        let target = number(&example["target"]) * number(&row["day_fraction"]);
        close(what, target, number(&row["target"]));
        let points = number(&row["points"]);
        let verdict = DayVerdict::of([Part { points, target }], true);
        let state = match verdict.state {
            State::Missed => "miss",
            state => state.word(),
        };
        assert_eq!(state, row["state"].as_str().unwrap(), "{what}");
        close_option(what, verdict.attainment, row["attainment"].as_f64());
        let turn = plain.add(&Rhythm::of_days(), verdict);
        stands(what, &plain, turn, row);
        close(what, plain.strength, number(&row["strength"]));
        let turn = freezing.add(&Rhythm::of_days(), verdict);
        stands(what, &freezing, turn, &row["with_one_freeze"]);
        verdicts.push(verdict);
    }
    let consistency = Consistency::of(verdicts.iter().rev());
    let counts = (consistency.hit as u32, consistency.of as u32);
    assert_eq!(
        counts,
        (whole(&example["hits"]), whole(&example["expected_days"]))
    );
    let partial = example["consistency_partial"].as_f64();
    close_option("partial", consistency.partial(), partial);
    close_option("strict", consistency.strict(), example["hit_rate"].as_f64());
}

#[test]
fn each_week_of_the_example_stands_as_written() {
    let example = &vectors("habit")["weekly_example"];
    let rhythm = Rhythm::of_weeks();
    assert_eq!(rhythm.freeze_every, whole(&example["freeze_every"]));
    assert_eq!(rhythm.freeze_most, whole(&example["freeze_max"]));
    let mut standing = Standing::default();
    for (week, row) in list(&example["weeks"]).iter().enumerate() {
        let what = format!("week {week}");
        let share = number(&row["available_days"]) / number(&row["scheduled_days"]);
        let target = number(&example["target"]) * share;
        close(&what, target, number(&row["target"]));
        let points = number(&row["points"]);
        let verdict = DayVerdict::of([Part { points, target }], true);
        close_option(&what, verdict.attainment, row["attainment"].as_f64());
        let turn = standing.add(&rhythm, verdict);
        stands(&what, &standing, turn, row);
        close(&what, standing.strength, number(&row["strength"]));
    }
}

#[test]
fn streaks_and_freezes_go_as_in_every_example() {
    for vector in list(&vectors("habit")["streak_vectors"]) {
        let input = vector["input"].as_str().unwrap();
        let params = &vector["params"];
        let rhythm = Rhythm {
            freeze_every: whole(&params["freeze_every"]),
            freeze_most: whole(&params["freeze_max"]),
            ..Rhythm::of_days()
        };
        let mut standing = Standing {
            freezes: params.get("freezes").map_or(0, whole),
            ..Standing::default()
        };
        for (at, letter) in input.chars().enumerate() {
            let verdict = match letter {
                'h' => met(1.0),
                'm' => met(0.0),
                _ => DayVerdict::NEUTRAL,
            };
            let turn = standing.add(&rhythm, verdict);
            let row = serde_json::json!({
                "streak": vector["streak"][at], "best": vector["best"][at],
                "freezes": vector["freezes"][at], "event": vector["events"][at],
            });
            stands(&format!("{input} at {at}"), &standing, turn, &row);
        }
    }
}
