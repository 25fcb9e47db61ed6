//! What working time promises for any hours, on ordinary days and when the clocks change.

use chrono::{Days, NaiveDate, NaiveTime};
use proptest::{
    collection::{btree_set, vec},
    prelude::*,
    sample::select,
};
use touchline::{
    rules::{
        workday::{Block, Day, Off, Ownership, WorkCalendar},
        zone::Zone,
    },
    value::Instant,
};

const MINUTE_US: i64 = 60_000_000;

/// Days around nights when the clocks change, and some when they do not.
const PLACES: [(&str, &str); 8] = [
    ("Europe/Berlin", "2026-03-26"),
    ("Europe/Berlin", "2026-10-22"),
    ("America/New_York", "2026-03-05"),
    ("America/New_York", "2026-10-29"),
    ("Australia/Lord_Howe", "2026-04-02"),
    ("Africa/Cairo", "2026-04-22"),
    ("America/Sao_Paulo", "2018-02-15"),
    ("UTC", "2026-02-26"),
];
const DAYS: usize = 6;

#[derive(Debug, Clone)]
struct Hours {
    zone: Zone,
    from: NaiveDate,
    days: Vec<(Vec<Block>, Off)>,
}

impl Hours {
    fn calendar(&self) -> WorkCalendar {
        let last = self.from + Days::new(DAYS as u64 - 1);
        WorkCalendar::new(&self.zone, self.from, last, |date| {
            let (blocks, off) = &self.days[(date - self.from).num_days() as usize];
            Day { blocks, off: *off }
        })
    }

    fn minute(&self, minute: i64) -> Instant {
        Instant(self.zone.midnight(self.from).0 + minute * MINUTE_US)
    }

    /// For each minute of these days by the clock on the wall, whether it is worked.
    fn minute_by_minute(&self) -> Vec<bool> {
        let count = (DAYS as i64 + 1) * 1440;
        let locals: Vec<_> = (0..count)
            .map(|m| self.zone.local(self.minute(m)))
            .collect();
        let mut worked = vec![false; count as usize];
        for (index, (blocks, off)) in self.days.iter().enumerate() {
            let day = self.from + Days::new(index as u64);
            let open = |minute: &i64| {
                let local = locals[*minute as usize];
                let of_day = (local - day.and_time(NaiveTime::MIN)).num_minutes();
                let in_block =
                    |b: &Block| (i64::from(b.opens_min)..i64::from(b.closes_min)).contains(&of_day);
                local.date() == day && blocks.iter().any(in_block)
            };
            let open: Vec<i64> = (0..count).filter(open).collect();
            let (first, second) = open.split_at(open.len() / 2);
            let present = match off {
                Off::No => open.as_slice(),
                Off::Morning => second,
                Off::Afternoon => first,
                Off::Full => &[],
            };
            present
                .iter()
                .for_each(|minute| worked[*minute as usize] = true);
        }
        worked
    }
}

/// Hours that begin and end on even minutes, and at no time that the clocks skip or repeat: there
/// the clock on the wall alone says what is worked.
fn hours() -> impl Strategy<Value = Hours> {
    let edges = btree_set(
        prop_oneof![
            Just(0u16),
            Just(1440),
            (150..660u16).prop_map(|half| half * 2)
        ],
        0..6,
    );
    let blocks = edges.prop_map(|edges| {
        let edges: Vec<u16> = edges.into_iter().collect();
        let pairs = edges.chunks_exact(2);
        pairs
            .map(|pair| Block {
                opens_min: pair[0],
                closes_min: pair[1],
            })
            .collect::<Vec<_>>()
    });
    let off = prop_oneof![
        4 => Just(Off::No),
        1 => Just(Off::Morning),
        1 => Just(Off::Afternoon),
        1 => Just(Off::Full),
    ];
    let days = vec((blocks, off), DAYS);
    (select(PLACES.to_vec()), days).prop_map(|((zone, from), days)| Hours {
        zone: Zone::named(zone).unwrap(),
        from: from.parse().unwrap(),
        days,
    })
}

/// Three instants in order, from a day before the calendar to a day after it.
fn three() -> impl Strategy<Value = [i64; 3]> {
    [
        -1440..(DAYS as i64 + 1) * 1440,
        -1440..10_000i64,
        -1440..10_000i64,
    ]
    .prop_map(|mut minutes| {
        minutes.sort_unstable();
        minutes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn working_time_is_what_a_count_of_minutes_gives(hours in hours(), [a, _, b] in three()) {
        let worked = hours.minute_by_minute();
        let counted = (a.max(0)..b.min(worked.len() as i64)).filter(|m| worked[*m as usize]);
        let counted_us = counted.count() as i64 * MINUTE_US;
        let got_us = hours.calendar().working_us(hours.minute(a), hours.minute(b));
        prop_assert_eq!(got_us, counted_us);
    }
}

proptest! {
    #[test]
    fn working_time_adds_up_and_is_never_more_than_the_calendars(
        hours in hours(),
        minutes in three(),
    ) {
        let [a, b, c] = minutes.map(|minute| hours.minute(minute));
        let calendar = hours.calendar();
        let whole_us = calendar.working_us(a, c);
        prop_assert_eq!(calendar.working_us(a, b) + calendar.working_us(b, c), whole_us);
        prop_assert!((0..=c.0 - a.0).contains(&whole_us));
        prop_assert_eq!(calendar.working_us(c, a), 0);
    }

    #[test]
    fn a_limit_is_due_just_when_its_working_time_has_passed(
        hours in hours(),
        [start, end, _] in three(),
        limit_us in 1..90_000_000_000i64,
    ) {
        let (calendar, start, end) = (hours.calendar(), hours.minute(start), hours.minute(end));
        match calendar.due(start, limit_us) {
            Some(due) => {
                prop_assert_eq!(calendar.working_us(start, due), limit_us);
                prop_assert!(calendar.working_us(start, Instant(due.0 - 1)) < limit_us);
            }
            None => prop_assert!(calendar.working_us(start, end) < limit_us),
        }
    }

    #[test]
    fn a_change_of_owner_splits_the_sum_at_its_instant(
        (old, mut new) in (hours(), hours()),
        minutes in three(),
        limit_us in 1..90_000_000_000i64,
    ) {
        new.from = old.from;
        let [a, change, b] = minutes.map(|minute| old.minute(minute));
        let (first, second) = (old.calendar(), new.calendar());
        let owners = Ownership::new(&first, [(change, &second)]);
        let split_us = first.working_us(a, change) + second.working_us(change, b);
        prop_assert_eq!(owners.working_us(a, b), split_us);
        if let Some(due) = owners.due(a, limit_us) {
            prop_assert_eq!(owners.working_us(a, due), limit_us);
        } else {
            prop_assert!(split_us < limit_us);
        }
        let same = Ownership::new(&first, [(change, &first)]);
        prop_assert_eq!(same.due(a, limit_us), first.due(a, limit_us));
    }
}
