//! The page about targets: which hold today, the ledger, and for managers the form.

use super::store::{self, Entry};
use super::{AMOUNT_MOST, Ledger, NewTarget, Whose, set, words};
use crate::app::Cx;
use crate::csv_out::{self, Cell};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::kept::Keep;
use crate::lists;
use crate::page::{self, Answer, DASH, Frame, Toast};
use crate::people::{self, Person, Team};
use crate::rules::access::{Me, Role};
use crate::rules::target::{self, Metric, Period, TargetRow, Weekdays};
use askama::Template;
use chrono::{NaiveDate, Weekday};
use std::collections::{HashMap, HashSet};

const LEDGER_ROWS: usize = 50;

#[derive(Template)]
#[template(path = "targets/page.html")]
struct TargetsPage {
    frame: Frame,
    form: Form,
    /// Whether the reader sets targets.
    can_set: bool,
    whose: Vec<Choice>,
    metrics: Vec<Choice>,
    periods: Vec<Choice>,
    weekdays: Vec<Choice>,
    holding: Vec<HoldingView>,
    ledger: Vec<EntryView>,
    more: usize,
}

/// A target that holds for somebody today.
struct HoldingView {
    name: String,
    is_mine: bool,
    metric: String,
    target: String,
    origin: &'static str,
    from: String,
    set_by: String,
    reason: String,
}

/// A row of the ledger.
struct EntryView {
    whose: String,
    metric: String,
    target: String,
    from: String,
    set_by: String,
    set_at: String,
    reason: String,
    tone: &'static str,
    state: &'static str,
}

pub fn index(cx: &Cx) -> Answer {
    let seen = cx.snapshot(|conn| Seen::read(conn, cx))?;
    if cx.query().value("format") == "csv" {
        return page::csv_file("targets", seen.csv()?);
    }
    page::show(&targets_page(cx, &seen, Form::default())?)
}

pub fn create(cx: &Cx) -> Answer {
    let seen = cx.snapshot(|conn| Seen::read(conn, cx))?;
    let mut form = cx.form();
    let Some(new) = read(cx, &mut form)? else {
        return page::again(&targets_page(cx, &seen, form)?);
    };
    match cx.write(|tx| set(tx, &new)) {
        Ok(_) => page::go_to("/targets?done=set"),
        Err(Error::Refused(why)) => {
            form.refuse("valid_from", why);
            page::again(&targets_page(cx, &seen, form)?)
        }
        Err(error) => Err(error),
    }
}

fn read(cx: &Cx, form: &mut Form) -> Result<Option<NewTarget>> {
    let today = cx.zone().day_of(cx.now);
    let whose = match form.value("whose").split_once(':') {
        Some(("team", id)) => Some(Whose::Team(id.parse().map_err(|_| Error::NotFound)?)),
        Some(("person", uid)) => {
            let person = cx.read(|conn| people::store::by_uid(conn, uid))?;
            Some(Whose::Person(person.ok_or(Error::NotFound)?.id))
        }
        _ => {
            form.refuse("whose", "Choose a person or a team.");
            None
        }
    };
    let kinds = cx.read(lists::store::kinds)?;
    let metric = form.parsed("metric", "a metric from the list", |text| {
        let metric: Metric = text.parse().ok()?;
        metrics(&kinds).contains(&metric).then_some(metric)
    });
    let amount = form.parsed("amount", "an amount from 0 to 1,000,000", |text| {
        let amount: f64 = text.replace(',', ".").parse().ok()?;
        (0.0..=AMOUNT_MOST).contains(&amount).then_some(amount)
    });
    let period = form.parsed("period", "day, week or month", Period::from_word);
    let chosen: String = form.values("weekday").collect();
    let weekdays = match period {
        Some(Period::Day) if chosen.is_empty() => {
            form.refuse("weekday", "Choose at least one weekday.");
            None
        }
        Some(Period::Day) => Weekdays::parse(&chosen),
        _ => Some(Weekdays::ALL),
    };
    let valid_from = form.day("valid_from").map(|day| day.unwrap_or(today));
    let reason = form.text("reason", 300);
    if !form.is_good() {
        return Ok(None);
    }
    let new = || {
        Some(NewTarget {
            whose: whose?,
            metric: metric?,
            amount: amount?,
            period: period?,
            weekdays: weekdays?,
            valid_from: valid_from?,
            reason: reason?,
        })
    };
    Ok(new())
}

/// What may be a target: a retired kind no more.
fn metrics(kinds: &[lists::Kind]) -> Vec<Metric> {
    let kinds = kinds.iter().filter(|kind| !kind.is_retired);
    let kinds = kinds.map(|kind| Metric::Kind(kind.name.clone()));
    Metric::GENERAL.into_iter().chain(kinds).collect()
}

/// All that the page reads, once: the part of the ledger that is the reader's to see.
struct Seen {
    today: NaiveDate,
    /// Who has targets here, by name: oneself, for a manager their members, for an admin everybody.
    people: Vec<Person>,
    teams: Vec<Team>,
    names: HashMap<Whose, String>,
    ledger: Ledger,
    /// Newest first.
    entries: Vec<Entry>,
}

impl Seen {
    fn read(conn: &mut Conn, cx: &Cx) -> Result<Seen> {
        let me = cx.me()?;
        let today = me.zone.day_of(cx.now);
        let (everybody, teams) = (people::store::all(conn)?, people::store::teams(conn)?);
        let mut names: HashMap<Whose, String> = HashMap::new();
        names.extend(
            everybody
                .iter()
                .map(|p| (Whose::Person(p.id), p.name.clone())),
        );
        names.extend(
            teams
                .iter()
                .map(|team| (Whose::Team(team.id), team.name.clone())),
        );
        let ledger = Ledger::load(conn)?;
        let mut people: Vec<Person> = everybody
            .into_iter()
            .filter(|person| is_in_scope(me, person, &ledger, today))
            .collect();
        people.sort_by_key(|person| (person.id != me.id, person.name.to_lowercase(), person.id));
        let mut teams: Vec<Team> = teams
            .into_iter()
            .filter(|team| me.role == Role::Admin || me.teams.contains(&team.id))
            .collect();
        teams.sort_by_key(|team| (team.name.to_lowercase(), team.id));
        let people_ids: Vec<i64> = people.iter().map(|person| person.id).collect();
        let team_ids: Vec<i64> = teams.iter().map(|team| team.id).collect();
        let mut entries = store::of(conn, &people_ids, &team_ids)?;
        entries.reverse();
        Ok(Seen {
            today,
            people,
            teams,
            names,
            ledger,
            entries,
        })
    }

    fn name(&self, whose: Option<Whose>) -> String {
        let name = whose.and_then(|whose| self.names.get(&whose));
        name.cloned().unwrap_or_else(|| DASH.to_owned())
    }

    /// Who wrote a row; imported ones were written by nobody.
    fn set_by(&self, entry: &Entry) -> String {
        match entry.set_by_id {
            Some(id) => self.name(Some(Whose::Person(id))),
            None => "Import".to_owned(),
        }
    }

    fn holding(&self, me: &Me) -> Vec<HoldingView> {
        let entries: HashMap<i64, &Entry> = self.entries.iter().map(|e| (e.id, e)).collect();
        let mut views = Vec::new();
        for person in &self.people {
            let rows = self.ledger.in_force(person.id, self.today);
            if rows.is_empty() {
                views.push(self.holding_view(me, person, None, None));
            }
            for row in rows {
                views.push(self.holding_view(me, person, Some(row), entries.get(&row.id).copied()));
            }
        }
        views
    }

    fn holding_view(
        &self,
        me: &Me,
        person: &Person,
        row: Option<&TargetRow>,
        entry: Option<&Entry>,
    ) -> HoldingView {
        let dash = || DASH.to_owned();
        HoldingView {
            name: person.name.clone(),
            is_mine: person.id == me.id,
            metric: row.map_or_else(dash, |row| row.metric.label().to_owned()),
            target: row.map_or("no target".to_owned(), words),
            origin: match row {
                Some(row) if row.personal => "Own",
                Some(_) => "Team's",
                None => "",
            },
            from: row.map_or_else(dash, |row| page::day(row.valid_from)),
            // A row of a team that is not the reader's, for a member who is in two.
            set_by: entry.map_or_else(dash, |entry| self.set_by(entry)),
            reason: entry.map(|entry| entry.reason.clone()).unwrap_or_default(),
        }
    }

    /// The rows of the ledger that decide today, by id.
    fn in_force(&self) -> HashSet<i64> {
        let mut rows: HashMap<Whose, Vec<TargetRow>> = HashMap::new();
        for entry in &self.entries {
            if let (Some(whose), Some(row)) = (entry.whose(), entry.target()) {
                rows.entry(whose).or_default().push(row);
            }
        }
        let mut ids = HashSet::new();
        for theirs in rows.values() {
            let found = theirs
                .iter()
                .filter_map(|row| target::in_force(theirs, &row.metric, row.period, self.today));
            ids.extend(found.map(|row| row.id));
        }
        ids
    }

    fn entry_view(&self, cx: &Cx, entry: &Entry, in_force: &HashSet<i64>) -> EntryView {
        let row = entry.target();
        let (tone, state) = match in_force.contains(&entry.id) {
            true if entry.amount > 0.0 => ("good", "In force"),
            true => ("quiet", "Ended"),
            false if entry.valid_from > self.today => ("info", "To come"),
            false => ("quiet", "Replaced"),
        };
        EntryView {
            whose: self.name(entry.whose()),
            metric: row
                .as_ref()
                .map_or(entry.metric.clone(), |row| row.metric.label().to_owned()),
            target: row
                .as_ref()
                .map_or_else(|| page::amount(entry.amount), words),
            from: page::day(entry.valid_from),
            set_by: self.set_by(entry),
            set_at: page::time(entry.set_at, cx.zone()),
            reason: entry.reason.clone(),
            tone,
            state,
        }
    }

    fn csv(&self) -> Result<String> {
        let header = [
            "whose",
            "is_team",
            "metric",
            "amount",
            "period",
            "weekdays",
            "valid_from",
            "set_by",
            "set_at",
            "reason",
        ];
        let rows = self.entries.iter().map(|entry| {
            vec![
                Cell::from(self.name(entry.whose())),
                Cell::from(if entry.team_id.is_some() {
                    "true"
                } else {
                    "false"
                }),
                Cell::from(entry.metric.as_str()),
                Cell::number(Some(entry.amount)),
                Cell::from(entry.period.word()),
                Cell::from(entry.weekdays.as_str()),
                Cell::from(entry.valid_from.to_string()),
                Cell::from(self.set_by(entry)),
                Cell::from(entry.set_at.to_string()),
                Cell::from(entry.reason.as_str()),
            ]
        });
        csv_out::table(&header, rows)
    }
}

fn is_in_scope(me: &Me, person: &Person, ledger: &Ledger, today: NaiveDate) -> bool {
    if person.role == Role::Marketing || person.left_on.is_some() {
        return false;
    }
    match me.role {
        _ if person.id == me.id => true,
        Role::Admin => true,
        Role::Manager => ledger
            .memberships(person.id)
            .iter()
            .any(|m| m.holds_on(today) && me.teams.contains(&m.team_id)),
        _ => false,
    }
}

fn targets_page(cx: &Cx, seen: &Seen, mut form: Form) -> Result<TargetsPage> {
    let me = cx.me()?;
    form.set_default("period", Period::Day.word());
    form.set_default("valid_from", seen.today.to_string());
    let shown = match form.has("whose") {
        true => form.clone(),
        // Nothing was sent yet: every weekday is ticked, and days off are days off anyway.
        false => Form::filled(
            Weekdays::ALL
                .to_string()
                .chars()
                .map(|day| ("weekday", day)),
        ),
    };
    let all = |name: &str| Weekday::try_from(name.parse::<u8>().unwrap_or(1) - 1);
    let weekdays = Weekdays::ALL.to_string();
    let weekdays = weekdays.chars().map(|day| day.to_string());
    let weekdays = weekdays.filter_map(|day| Some((day.clone(), all(&day).ok()?.to_string())));
    let teams = seen.teams.iter();
    let teams = teams.map(|team| (format!("team:{}", team.id), format!("Team {}", team.name)));
    let people = seen.people.iter();
    let people = people.map(|person| (format!("person:{}", person.uid), person.name.clone()));
    let metrics = metrics(&cx.read(lists::store::kinds)?).into_iter();
    let periods = [
        (Period::Day, "Day"),
        (Period::Week, "Week"),
        (Period::Month, "Month"),
    ];
    let in_force = seen.in_force();
    let done = (cx.query().value("done") == "set").then(|| Toast {
        text: "Target set.".to_owned(),
        undo_href: None,
    });
    Ok(TargetsPage {
        frame: Frame::new(cx, "Targets").with_toast(done),
        can_set: matches!(me.role, Role::Manager | Role::Admin),
        whose: form.choices("whose", teams.chain(people)),
        metrics: form.choices("metric", metrics.map(|m| (m.clone(), m.label().to_owned()))),
        periods: form.choices("period", periods),
        weekdays: shown.choices("weekday", weekdays),
        holding: seen.holding(me),
        ledger: seen
            .entries
            .iter()
            .take(LEDGER_ROWS)
            .map(|entry| seen.entry_view(cx, entry, &in_force))
            .collect(),
        more: seen.entries.len().saturating_sub(LEDGER_ROWS),
        form,
    })
}
