//! The page of shared goals, the same for sales and marketing.

use super::{GoalView, Measure, NewGoal, SALES, all, end, make};
use crate::app::Cx;
use crate::error::{Error, Result};
use crate::form::{Choice, Form, read_currency};
use crate::page::{self, Answer, Frame, Toast};
use crate::people::{Directory, Person};
use crate::rules::access::{Me, Role};
use askama::Template;
use chrono::{Days, NaiveDate};
use std::sync::Arc;

const AMOUNT_MOST: f64 = 1e12;

#[derive(Template)]
#[template(path = "shared_goals/page.html")]
struct GoalsPage {
    frame: Frame,
    form: Form,
    goals: Vec<GoalView>,
    measures: Vec<Choice>,
    sales: Vec<Choice>,
    marketing: Vec<Choice>,
}

pub fn index(cx: &Cx) -> Answer {
    let mut page = goals_page(cx, Form::default())?;
    let text = match cx.query().value("done") {
        "made" => "The goal is made: both sides see it.",
        "ended" => "The goal has ended.",
        _ => return page::show(&page),
    };
    page.frame = page.frame.with_toast(Some(Toast {
        text: text.to_owned(),
        undo_href: None,
    }));
    page::show(&page)
}

fn goals_page(cx: &Cx, mut form: Form) -> Result<GoalsPage> {
    let me = cx.me()?;
    let today = cx.workspace.zone.day_of(cx.now);
    let goals = cx.snapshot(|conn| all(conn, cx))?;
    let directory: Arc<Directory> = cx.reference()?;
    let quarter = today.checked_add_days(Days::new(90)).unwrap_or(today);
    form.set_default("measure", Measure::Meetings.word());
    form.set_default("from", today.to_string());
    form.set_default("to", quarter.to_string());
    let owners = |is_marketing: bool| owners(&directory, me, is_marketing);
    let choices = |people: Vec<&Person>| {
        people
            .into_iter()
            .map(|p| (p.uid.clone(), p.name.clone()))
            .collect::<Vec<_>>()
    };
    let measures = Measure::ALL.iter().map(|m| (m.word(), m.label()));
    Ok(GoalsPage {
        frame: Frame::new(cx, "Shared goals"),
        measures: form.choices("measure", measures),
        sales: form.choices("sales_owner", choices(owners(false))),
        marketing: form.choices("marketing_owner", choices(owners(true))),
        goals,
        form,
    })
}

/// Who may own a goal on one side, oneself first.
fn owners<'d>(directory: &'d Directory, me: &Me, is_marketing: bool) -> Vec<&'d Person> {
    let here = directory
        .people
        .iter()
        .filter(|person| person.left_on.is_none());
    let mut people: Vec<&Person> = here
        .filter(|person| match is_marketing {
            true => person.role == Role::Marketing,
            false => SALES.contains(&Some(person.role)),
        })
        .collect();
    people.sort_by_key(|p| {
        (
            p.id != me.id,
            p.role != Role::Manager,
            p.name.to_lowercase(),
            p.id,
        )
    });
    people
}

pub fn create(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let Some(new) = read(cx, &mut form)? else {
        return page::again(&goals_page(cx, form)?);
    };
    match cx.write(|tx| make(tx, &new)) {
        Ok(_) => page::go_to("/shared-goals?done=made"),
        Err(Error::Refused(why)) => {
            form.refuse("to", why);
            page::again(&goals_page(cx, form)?)
        }
        Err(error) => Err(error),
    }
}

fn read(cx: &Cx, form: &mut Form) -> Result<Option<NewGoal>> {
    let directory: Arc<Directory> = cx.reference()?;
    let person = |uid: &str| directory.person_of_uid(uid).map(|person| person.id);
    let name = form.required("name", 120, "what the goal is called");
    let measure = form.parsed("measure", "what it counts", Measure::from_word);
    let amount = form.parsed("amount", "an amount above 0", |text| {
        let amount: f64 = text.replace(',', ".").parse().ok()?;
        (amount > 0.0 && amount <= AMOUNT_MOST).then_some(amount)
    });
    let currency = match measure {
        Some(Measure::Value) => form.parsed("currency", "a currency such as EUR", read_currency),
        _ => Some(String::new()),
    };
    let mut day = |name| form.parsed(name, "a date such as 2026-03-31", crate::form::read_day);
    let (from, to): (Option<NaiveDate>, Option<NaiveDate>) = (day("from"), day("to"));
    let sales_owner_id = form.parsed("sales_owner", "somebody of sales", person);
    let marketing_owner_id = form.parsed("marketing_owner", "somebody of marketing", person);
    let new = || {
        Some(NewGoal {
            name: name?,
            measure: measure?,
            amount: amount?,
            currency: currency?,
            from: from?,
            to: to?,
            sales_owner_id: sales_owner_id?,
            marketing_owner_id: marketing_owner_id?,
        })
    };
    Ok(new())
}

pub fn finish(cx: &Cx) -> Answer {
    let id = cx.id_param("id")?;
    cx.write(|tx| end(tx, id))?;
    page::go_to("/shared-goals?done=ended")
}
