//! The page about targets: which hold today, the ledger, and for managers the form.

use super::seen::{EntryView, Seen};
use super::{fields, goals_shown, tabs};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::page::{self, Answer, DASH, Frame, Link, Toast};
use crate::people::Person;
use crate::rules::access::{Me, Role};
use crate::rules::target::{Period, TargetRow, Weekdays};
use crate::shared_goals::GoalView;
use crate::targets::store::Entry;
use crate::targets::{NewTarget, set, words};
use askama::Template;
use chrono::Weekday;
use std::collections::HashMap;

const LEDGER_ROWS: usize = 50;

#[derive(Template)]
#[template(path = "ledger/list.html")]
struct TargetsPage {
    frame: Frame,
    tabs: Vec<Link>,
    form: Form,
    /// What sales and marketing want together; for managers.
    goals: Vec<GoalView>,
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

pub fn index(cx: &Cx) -> Answer {
    let seen = cx.snapshot(|conn| Seen::read(conn, cx))?;
    if cx.query().value("format") == "csv" {
        return page::csv_file("targets", seen.csv(seen.entries.iter())?);
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
    let whose = fields::whose(cx, form, "whose")?;
    let metric = fields::metric(cx, form)?;
    let amount = fields::amount(form, "amount");
    let period = fields::period(form);
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

impl Seen {
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
    let whose = seen.everybody().into_iter();
    let metrics = fields::metrics(cx)?.into_iter();
    let in_force = seen.in_force();
    let done = (cx.query().value("done") == "set").then(|| Toast {
        text: "Target set.".to_owned(),
        undo_href: None,
    });
    Ok(TargetsPage {
        frame: Frame::new(cx, "Targets").with_toast(done),
        can_set: matches!(me.role, Role::Manager | Role::Admin),
        tabs: tabs(me, "/targets"),
        goals: goals_shown(cx, me)?,
        whose: form.choices("whose", whose.map(|(key, _, name)| (key, name))),
        metrics: form.choices("metric", metrics.map(|m| (m.clone(), m.label().to_owned()))),
        periods: form.choices("period", fields::PERIODS),
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
