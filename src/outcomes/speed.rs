//! Speed against outcome: how soon a hand-over was first tried, and what came of it. Source: METRICS.md 7.

use super::figures::{Part, Step, Story};
use super::ground::Ground;
use super::sheet::{Line, Said, Sheet, Table, Ways};
use super::{Filters, LEAST_LEADS, REPORT};
use crate::charts::bars::{self, Bars, Fill};
use crate::csv_out::{self, Cell};
use crate::db::Conn;
use crate::error::Result;
use crate::leads::cohort::About;
use crate::page::{self, DASH};
use crate::rules::access::Me;
use crate::rules::rates::{Rate, newcombe};
use crate::rules::speed::Bucket;
use crate::rules::stage::EventKind;
use crate::style;
use serde::Serialize;
use std::cmp::Ordering;

/// What is told beside each time of the first touch.
const STEPS: [Step; 3] = [Step::Meeting, Step::Qualified, Step::Won];

/// Said once on every way out: what goes together is no cause.
pub const EASY: &str = "Easy leads may also be called sooner.";

#[derive(Serialize)]
pub struct Report {
    #[serde(flatten)]
    pub about: About,
    /// One for each time, also where nobody is in it.
    pub buckets: Vec<Row>,
    /// Hand-overs that nobody was to call, and those of which nothing can be concluded yet: neither is in a bucket.
    pub given_back: u64,
    pub maturing: u64,
    /// What is to be kept in mind.
    pub note: &'static str,
    #[serde(skip)]
    versions: Vec<i64>,
}

/// What came of the hand-overs that were first tried within some time.
#[derive(Serialize)]
pub struct Row {
    pub first_touch: Bucket,
    pub n: u64,
    /// Of these the ones that nobody has tried.
    pub never: u64,
    pub meetings: Part,
    pub qualified: Part,
    pub won: Part,
    /// How much larger the share won is than that of the slowest, with Newcombe's interval; none of the slowest themselves.
    pub more_than_slowest: Option<f64>,
    pub more_low: Option<f64>,
    pub more_high: Option<f64>,
}

/// Where a hand-over stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    In(Bucket),
    /// Given back, or there twice, before anybody tried it: nobody was to call it.
    GivenBack,
    /// Open and not reached, and its time is not over.
    Maturing,
}

impl Stands {
    pub fn of(story: &Story) -> Stands {
        let first = story.start.first_attempt_at;
        let is_given_back = story.exit.as_ref().is_some_and(|(end, at, _)| {
            let is_back = matches!(
                end,
                EventKind::Rejected | EventKind::Duplicate | EventKind::Nurture
            );
            is_back && first.is_none_or(|first| first > *at)
        });
        match is_given_back && !story.had(Step::Won) {
            true => Stands::GivenBack,
            false if story.is_maturing => Stands::Maturing,
            false => Stands::In(Bucket::of(story.first_attempt_s())),
        }
    }
}

/// Reads the report; `me` sees what they may, and nobody (the command line) sees all.
pub fn report(conn: &mut Conn, filters: &Filters, me: Option<&Me>) -> Result<Report> {
    let ground = Ground::load(conn, filters, me)?;
    let stories = &ground.stories;
    let count = |stands| stories.iter().filter(|s| Stands::of(s) == stands).count() as u64;
    let within = |bucket: Bucket| {
        let theirs = stories.iter();
        let theirs = theirs.filter(|story| Stands::of(story) == Stands::In(bucket));
        theirs.collect::<Vec<&Story>>()
    };
    let slowest = rate(&within(Bucket::Late), Step::Won);
    let row = |bucket: &Bucket| {
        let theirs = within(*bucket);
        let [meetings, qualified, won] = STEPS.map(|step| rate(&theirs, step).into());
        let is_slowest = *bucket == Bucket::Late;
        let more = newcombe(rate(&theirs, Step::Won), slowest).filter(|_| !is_slowest);
        Row {
            more_than_slowest: more.map(|more| more.value),
            more_low: more.map(|more| more.low),
            more_high: more.map(|more| more.high),
            first_touch: *bucket,
            n: theirs.len() as u64,
            never: theirs.iter().filter(|story| is_never(story)).count() as u64,
            meetings,
            qualified,
            won,
        }
    };
    Ok(Report {
        about: About::new(REPORT, Some("speed"), &filters.cohort),
        buckets: Bucket::ALL.iter().map(row).collect(),
        given_back: count(Stands::GivenBack),
        maturing: count(Stands::Maturing),
        note: EASY,
        versions: ground.versions(),
    })
}

fn rate(members: &[&Story], step: Step) -> Rate {
    Rate {
        k: members.iter().filter(|story| story.had(step)).count() as u64,
        n: members.len() as u64,
    }
}

/// Whether nobody has tried it so far.
pub fn is_never(story: &Story) -> bool {
    story.start.first_attempt_at.is_none()
}

/// How much more often the one is won than the slowest, with Newcombe's interval; a dash under ten.
pub fn beside(one: Rate, slowest: Rate) -> Said {
    let is_told = !one.is_warming_up() && !slowest.is_warming_up();
    let difference = newcombe(one, slowest).filter(|_| is_told);
    difference.map_or_else(
        || Said::plain(DASH),
        |difference| Said {
            range: format!(
                "{} to {}",
                style::decimal(difference.low * 100.0, 1),
                style::decimal(difference.high * 100.0, 1)
            ),
            ..Said::with(
                match difference.clear() {
                    Some(Ordering::Greater) => "more often",
                    Some(_) => "less often",
                    None => "no clear difference",
                },
                page::points(difference.value),
            )
        },
    )
}

impl Report {
    fn slowest(&self) -> Rate {
        self.buckets
            .last()
            .map_or(Rate::default(), |row| row.won.rate())
    }

    /// One row a bucket. Columns: first_touch, n, never, meetings, qualified, won each with k, share, low, high, and
    /// more_than_slowest, more_low, more_high.
    fn csv(&self) -> Result<String> {
        let mut columns: Vec<String> = ["first_touch", "n", "never"].map(str::to_owned).into();
        for step in STEPS {
            columns.extend(["", "_share", "_low", "_high"].map(|end| format!("{step}{end}")));
        }
        columns.extend(["more_than_slowest", "more_low", "more_high"].map(str::to_owned));
        let header: Vec<&str> = columns.iter().map(String::as_str).collect();
        let cells = |row: &Row| {
            let mut cells = vec![
                Cell::from(row.first_touch.word()),
                Cell::count(row.n as i64),
                Cell::count(row.never as i64),
            ];
            for part in [&row.meetings, &row.qualified, &row.won] {
                cells.push(Cell::count(part.k as i64));
                cells.extend([part.share, part.low, part.high].map(Cell::number));
            }
            let more = [row.more_than_slowest, row.more_low, row.more_high];
            cells.extend(more.map(Cell::number));
            cells
        };
        csv_out::table(&header, self.buckets.iter().map(cells))
    }

    pub fn sheet(&self, ways: Ways) -> Result<Sheet> {
        let all = [
            (
                self.maturing,
                "speed-left-maturing",
                " maturing (open, not reached, and their time is not over).",
            ),
            (
                self.given_back,
                "speed-left-given_back",
                " given back before anybody tried them.",
            ),
        ];
        let left_out = all.into_iter().filter(|(n, ..)| *n > 0);
        let left_out = left_out.map(|(n, figure, why)| {
            vec![page::Said {
                before: "Left out: ".to_owned(),
                figure: style::count(n),
                after: why.to_owned(),
                href: ways(figure, ""),
            }]
        });
        let caution = page::Said {
            before: format!("{EASY} This says what came together, not what caused what."),
            ..page::Said::default()
        };
        Ok(Sheet {
            headline: self.headline(),
            warnings: [vec![caution]].into_iter().chain(left_out).collect(),
            bars: Some(self.picture()),
            tables: vec![self.table(ways)],
            how: "Hand-overs by the time from the hand-over to the first attempt, by the calendar and at night too. Who was \
                  never tried, or only after the closing or the next hand-over, stands with those tried last. A hand-over that was rejected, returned to nurture or found \
                  to be there twice before anybody tried it is left out, since nobody was to call it, and so is one \
                  that is open and not reached while its time for that is not over. Each share is of all of its row, \
                  so far, with a 95 % interval; the last column compares the share won with that of the slowest \
                  (Newcombe).",
            versions: self.versions.clone(),
            csv: self.csv()?,
            ..Sheet::default()
        })
    }

    /// "Of those first tried within 1 h 24.2 % were won (1,122 of 4,636, likely ...); of those ..."
    fn headline(&self) -> String {
        let (Some(first), Some(last)) = (self.buckets.first(), self.buckets.last()) else {
            return String::new();
        };
        if first.n < LEAST_LEADS || last.n < LEAST_LEADS {
            return format!(
                "Warming up: {} hand-overs were first tried {}, and {} {}.",
                style::count(first.n),
                first.first_touch.label(),
                style::count(last.n),
                last.first_touch.label()
            );
        }
        let won = |row: &Row| {
            let rate = row.won.rate();
            format!("{} were won ({})", page::share(rate), page::rests_on(rate))
        };
        let said = match newcombe(first.won.rate(), last.won.rate()).and_then(|d| d.clear()) {
            Some(Ordering::Greater) => {
                "The quick ones are won more often, by more than chance would explain."
            }
            Some(_) => "The quick ones are won less often, by more than chance would explain.",
            None => "That is no clear difference.",
        };
        format!(
            "Of those first tried {} {}; of those tried {} {}. {said}",
            first.first_touch.label(),
            won(first),
            last.first_touch.label(),
            won(last)
        )
    }

    fn table(&self, ways: Ways) -> Table {
        let slowest = self.slowest();
        let line = |row: &Row| {
            let way = |what: &str| ways(&format!("speed-{}-{what}", row.first_touch), "");
            let told = |part: &Part, step: Step| Said {
                href: way(step.word()),
                ..Said::share(part.rate())
            };
            let against = match row.first_touch {
                Bucket::Late => Said::plain(DASH),
                _ => Said {
                    href: way("beside"),
                    ..beside(row.won.rate(), slowest)
                },
            };
            Line {
                name: row.first_touch.title().to_owned(),
                badge: if row.n < LEAST_LEADS {
                    "Warming up"
                } else {
                    ""
                },
                is_faint: row.n < LEAST_LEADS,
                cells: vec![
                    Said {
                        href: way("n"),
                        ..Said::plain(style::count(row.n))
                    },
                    Said {
                        href: way("never"),
                        ..Said::plain(style::count(row.never))
                    },
                    told(&row.meetings, Step::Meeting),
                    told(&row.qualified, Step::Qualified),
                    told(&row.won, Step::Won),
                    against,
                ],
            }
        };
        Table {
            title: "What came of each speed".to_owned(),
            note: "By the time from the hand-over to the first attempt".to_owned(),
            first: "First tried",
            columns: vec![
                "Leads",
                "Never tried",
                "Meeting booked",
                "Qualified",
                "Won",
                "Won, beside the slowest",
            ],
            rows: self.buckets.iter().map(line).collect(),
        }
    }

    fn picture(&self) -> Bars {
        let bar = |row: &Row| {
            let rate = row.won.rate();
            let figure = match rate.n {
                0 => DASH.to_owned(),
                _ => format!("{}, {}", page::share(rate), page::of(rate)),
            };
            let fill = match row.first_touch {
                Bucket::Late => Fill::Never,
                _ => Fill::Plain,
            };
            let label = row.first_touch.title().to_owned();
            let share = rate.share().unwrap_or(0.0);
            bars::Row::share(label, figure, share, rate.interval(), fill)
        };
        Bars {
            label: "Share won by the time of the first touch".to_owned(),
            about: "A bar for each time of the first touch with its likely range; the table below has the same figures."
                .to_owned(),
            rows: self.buckets.iter().map(bar).collect(),
        }
    }
}
