//! The card's page, the person's choices on it, and a manager's corrections.

use super::beside::Beside;
use super::figures::{self, Fact, WeekRow};
use super::pictures;
use crate::activities::totals::Span;
use crate::app::Cx;
use crate::calendar::read_minute;
use crate::charts::Plot;
use crate::charts::heat_map::{HeatMap, Square};
use crate::csv_out::{self, Cell};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::habit::explain::{self, Figure};
use crate::habit::{self, Correction, Ground, Habit, Points, Setting, Settings};
use crate::page::{self, Answer, Frame, Toast};
use crate::people::Person;
use crate::rules::access::Role;
use crate::rules::habit::State;
use crate::rules::target::{Metric, Period};
use crate::value::Instant;
use crate::watch::{self, Odd};
use askama::Template;
use chrono::{Days, NaiveDate};

const REASON_MOST: usize = 300;

#[derive(Template)]
#[template(path = "card/page.html")]
struct CardPage {
    frame: Frame,
    form: Form,
    title: String,
    sub: &'static str,
    is_mine: bool,
    /// Whether any day or week ever asked for something.
    has_days: bool,
    csv: String,
    stats: Vec<Fact>,
    map: HeatMap,
    samples: Vec<Square>,
    weeks: Vec<DaysOfWeek>,
    has_curve: bool,
    curve: Plot,
    /// Its name, the strength, and what explains it.
    months: Vec<(String, String, String)>,
    bests: Vec<Fact>,
    /// Empty without weekly targets.
    of_weeks: Vec<Fact>,
    last_weeks: Vec<WeekRow>,
    corrections: Vec<CorrectionRow>,
    can_correct: bool,
    correct_href: String,
    periods: Vec<Choice>,
    states: Vec<Choice>,
    /// What is odd in one's own log; nothing on the card of somebody else.
    watch: Vec<Odd>,
}

/// The days of a week, each with the name of its weekday.
pub struct DaysOfWeek {
    pub name: String,
    /// How many days were hit, of those that count; `None` where none does.
    pub hit: Option<u32>,
    /// What explains it.
    pub href: String,
    pub days: Vec<(&'static str, String)>,
}

struct CorrectionRow {
    what: String,
    why: String,
    who: String,
}

/// What a card is made of.
struct Seen {
    ground: Ground,
    person: Person,
    habit: Habit,
    setting: Setting,
}

/// Reads the card of a person, by the uid that the address names. Somebody whose card is not the asker's to see is not
/// found.
fn look(cx: &Cx, uid: &str) -> Result<Seen> {
    let me = cx.me()?;
    cx.snapshot(|conn| {
        let ground = Ground::kept(conn, cx.kept)?;
        let person = ground.directory.person_of_uid(uid).cloned();
        let person = person
            .filter(|person| person.role != Role::Marketing)
            .filter(|person| habit::is_seen_by(me, person.id))
            .ok_or(Error::NotFound)?;
        let more = [Metric::Activities];
        let mut now = habit::now(conn, cx.kept, &ground, &[&person], cx.now, &more)?;
        let settings = cx.kept.get::<Settings>(conn)?;
        Ok(Seen {
            habit: now.of.remove(&person.id).ok_or(Error::NotFound)?,
            setting: settings.of(person.id),
            ground,
            person,
        })
    })
}

/// One's own card.
pub fn own(cx: &Cx) -> Answer {
    let seen = look(cx, &cx.me()?.uid)?;
    answer(cx, seen)
}

/// The card of somebody else.
pub fn theirs(cx: &Cx) -> Answer {
    let seen = look(cx, cx.param("uid")?)?;
    answer(cx, seen)
}

fn answer(cx: &Cx, seen: Seen) -> Answer {
    let query = cx.query();
    if query.value("format") == "csv" {
        let came = cx.snapshot(|conn| came(conn, cx, &seen))?;
        return page::csv_file("card", csv_of(&seen.habit, seen.person.id, &came)?);
    }
    let text = match query.value("done") {
        "chosen" => "Saved.",
        "corrected" => "Corrected. It stands on the card with its reason.",
        "said" => "Said. It stands beside what was found.",
        "no-word" => "Write a word, of at most 400 letters.",
        _ => "",
    };
    let toast = (!text.is_empty()).then(|| Toast {
        text: text.to_owned(),
        undo_href: None,
    });
    let mut card = card_page(cx, &seen, Form::default())?;
    card.frame = card.frame.with_toast(toast);
    page::show(&card)
}

fn card_page(cx: &Cx, seen: &Seen, mut form: Form) -> Result<CardPage> {
    let me = cx.me()?;
    let (person, habit, setting) = (&seen.person, &seen.habit, seen.setting);
    let is_mine = person.id == me.id;
    if !form.has("remind_at") {
        let minute = setting.remind_at_min;
        form.set_default("remind_at", minute.map(clock_words).unwrap_or_default());
        if setting.hides_streak {
            form.set_default("hides_streak", "true");
        }
    }
    let tally = habit.tally();
    let has_days =
        tally.daily.expected + tally.weekly.expected > 0 || habit.today().attainment.is_some();
    let (title, sub, address) = titles(is_mine, person);
    let beside = cx.snapshot(|conn| Beside::read(conn, cx, habit, person.id))?;
    let ways = |figure| explain::href(figure, ("person", &person.uid), (None, None), cx.now);
    let of_week = |figure, monday: NaiveDate| {
        let days = (Some(monday), Some(monday + Days::new(6)));
        explain::href(figure, ("person", &person.uid), days, cx.now)
    };
    let states = [
        (State::Hit, "Hit"),
        (State::Missed, "Missed"),
        (State::Neutral, "Neutral: nothing asked"),
    ];
    Ok(CardPage {
        frame: Frame::new(cx, "Gym card"),
        title,
        sub,
        is_mine,
        has_days,
        csv: format!("{address}?format=csv"),
        stats: figures::stats(habit, setting, &ways),
        map: pictures::year(habit, &beside),
        samples: pictures::samples(),
        weeks: pictures::table(habit, &beside, &|monday| of_week(Figure::Hit, monday)),
        has_curve: tally.daily.expected > 0,
        curve: pictures::curve(habit),
        months: figures::months(habit, &|last| strength_href(person, last, cx.now)),
        bests: figures::bests(habit, setting, (person, cx.now), &beside, &ways),
        of_weeks: figures::of_weeks(habit, setting, &ways),
        last_weeks: figures::last_weeks(habit, &|monday| of_week(Figure::Week, monday)),
        corrections: corrections(cx, seen),
        can_correct: !is_mine,
        correct_href: format!("/people/{}/card", person.uid),
        periods: form.choices(
            "period",
            [(Period::Day, "This day"), (Period::Week, "Its week")],
        ),
        states: form.choices("state", states),
        watch: match is_mine {
            true => watch::own(cx)?,
            false => Vec::new(),
        },
        form,
    })
}

/// What explains somebody's strength after a day.
fn strength_href(person: &Person, last: NaiveDate, as_of: Instant) -> String {
    let whose = ("person", person.uid.as_str());
    explain::href(Figure::Strength, whose, (None, Some(last)), as_of)
}

/// What the card is called, who sees it, and where it lies.
fn titles(is_mine: bool, person: &Person) -> (String, &'static str, String) {
    match is_mine {
        true => (
            "Your gym card".to_owned(),
            "Only you, your manager and admins see it.",
            "/card".to_owned(),
        ),
        false => (
            format!("Gym card of {}", person.name),
            "Only they, their manager and admins see it.",
            format!("/people/{}/card", person.uid),
        ),
    }
}

/// What was corrected, and what was kept when calendars changed, the newest first.
fn corrections(cx: &Cx, seen: &Seen) -> Vec<CorrectionRow> {
    let rows = seen.ground.written.about(seen.person.id).into_iter();
    let view = |row: &habit::WrittenVerdict| {
        let what = match row.period {
            Period::Week => format!("Week of {}", page::day(row.first_day)),
            _ => page::day(row.first_day),
        };
        let by = seen.ground.directory.name(row.by_id);
        let at = page::time(row.at, cx.zone());
        match row.origin {
            habit::Origin::Corrected => CorrectionRow {
                what: format!("{what}: {} to {}", row.was, row.state),
                why: row.reason.clone(),
                who: format!("{by}, {at}"),
            },
            habit::Origin::Kept => CorrectionRow {
                what: format!("{what}: stays {}", row.state),
                why: "Working time, teams or targets of that day were changed when it was closed."
                    .to_owned(),
                who: format!("{by}, {at}"),
            },
        }
    };
    rows.map(view).collect()
}

/// `09:30`.
pub fn clock_words(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// POST /card: what one chooses for one's own habit.
pub fn choose(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let read = |text: &str| read_minute(text).filter(|minute| *minute < 1440);
    let Some(remind_at_min) = form.optional("remind_at", "a time such as 15:30", read) else {
        let seen = look(cx, &cx.me()?.uid)?;
        return page::again(&card_page(cx, &seen, form)?);
    };
    let setting = Setting {
        remind_at_min,
        hides_streak: form.is_ticked("hides_streak"),
    };
    cx.write(|tx| habit::choose(tx, setting))?;
    page::go_to("/card?done=chosen")
}

/// POST /people/{uid}/card: corrects a closed day or week.
pub fn correct(cx: &Cx) -> Answer {
    let uid = cx.param("uid")?;
    let seen = look(cx, uid)?;
    let mut form = cx.form();
    let period = match form.value("period") {
        "week" => Period::Week,
        _ => Period::Day,
    };
    let state = |word: &str| State::from_word(word).filter(|state| *state != State::Pending);
    let read = (
        form.parsed("day", "a day", crate::form::read_day),
        form.parsed("state", "hit, missed or neutral", state),
        form.required("reason", REASON_MOST, "a reason"),
    );
    let (Some(day), Some(state), Some(reason)) = read else {
        return page::again(&card_page(cx, &seen, form)?);
    };
    let new = Correction {
        person_id: seen.person.id,
        period,
        day,
        state,
        reason,
    };
    match cx.write(|tx| habit::correct(tx, &new)) {
        Ok(()) => page::go_to(format!("/people/{uid}/card?done=corrected")),
        Err(Error::Refused(why)) => {
            form.refuse("day", why);
            page::again(&card_page(cx, &seen, form)?)
        }
        Err(error) => Err(error),
    }
}

/// What came of the activities of each day: attempts are told with it. Source: PRODUCT.md 7, rule 9.
const CAME: [Metric; 3] = [
    Metric::Reached,
    Metric::LeadsReached,
    Metric::MeetingsBooked,
];

/// Reads it for the days of the card.
fn came(conn: &mut Conn, cx: &Cx, seen: &Seen) -> Result<Points> {
    let mut days = seen.habit.days().map(|day| day.day);
    let Some(from) = days.next() else {
        return Ok(Points::default());
    };
    let span = Span {
        from,
        to: days.next_back().unwrap_or(from),
        as_of: cx.now,
        people: Some(vec![seen.person.id]),
    };
    Points::read(conn, cx.kept, CAME, &span)
}

/// The days of the card as CSV.
fn csv_of(habit: &Habit, person_id: i64, came: &Points) -> Result<String> {
    let header = [
        "day",
        "verdict",
        "attainment",
        "activities",
        "strength",
        "reached",
        "leads_reached",
        "meetings_booked",
    ];
    let rows = habit.days().map(|day| {
        let mut cells = vec![
            Cell::from(day.day.to_string()),
            Cell::from(day.verdict.state.word()),
            Cell::number(day.verdict.attainment),
            Cell::number(Some(day.activities)),
            Cell::number(day.strength),
        ];
        let sums = CAME.map(|metric| came.of_day(&metric, person_id, day.day));
        cells.extend(sums.map(|sum| Cell::number(Some(sum))));
        cells
    });
    csv_out::table(&header, rows)
}
