//! The first page of a fresh install: names the workspace and makes its first admin.

use crate::app::{Cx, Tx};
use crate::audit;
use crate::calendar;
use crate::calendar::{Calendars, WEEKDAYS, Whose};
use crate::db::hold;
use crate::error::{Error, Result};
use crate::form::{Choice, Form};
use crate::page::{self, Answer, Frame};
use crate::people;
use crate::people::NewPerson;
use crate::rules::access::Role;
use crate::rules::workday::Block;
use crate::rules::zone::Zone;
use crate::secret;
use crate::signin;
use askama::Template;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "setup/form.html")]
struct SetupPage {
    frame: Frame,
    form: Form,
    zones: Vec<Choice>,
    /// Whether an import brought working hours, which stay as they are.
    has_hours: bool,
    weekdays: Vec<Choice>,
}

fn setup_page(cx: &Cx, mut form: Form) -> Result<SetupPage> {
    let calendars: Arc<Calendars> = cx.reference()?;
    form.set_default("time_zone", calendars.zone().name());
    form.set_default("opens", "09:00");
    form.set_default("closes", "17:00");
    Ok(SetupPage {
        frame: Frame::new(cx, "Set up"),
        has_hours: calendars.has_workspace_hours(),
        zones: form.choices(
            "time_zone",
            Zone::all_names()
                .into_iter()
                .map(|name| (name.clone(), name)),
        ),
        weekdays: form.choices(
            "weekday",
            WEEKDAYS.iter().enumerate().map(|(i, name)| (i + 1, *name)),
        ),
        form,
    })
}

pub fn form(cx: &Cx) -> Answer {
    let form = Form::filled((1..=5).map(|day| ("weekday", day.to_string())));
    page::show(&setup_page(cx, form)?)
}

/// What the form says, once it is right.
struct SetUp {
    workspace: String,
    zone: Zone,
    /// Of the workspace; none where it has hours already.
    hours: Option<Vec<(i32, Block)>>,
    admin_name: String,
    admin_email: String,
    password: String,
}

pub fn create(cx: &Cx) -> Answer {
    let mut form = cx.form();
    let calendars: Arc<Calendars> = cx.reference()?;
    let Some(wanted) = read(cx, &mut form, calendars.has_workspace_hours()) else {
        return page::again(&setup_page(cx, form)?);
    };
    let password_hash = secret::hash_password(cx.app, &wanted.password)?;
    let admin_id = cx.write(|tx| set_up(tx, &wanted, password_hash))?;
    if let Ok(mut code) = cx.app.setup_code.lock() {
        *code = None;
    }
    signin::pages::let_in(cx, admin_id, signin::pages::Shown::Link, "/people")
}

fn read(cx: &Cx, form: &mut Form, has_hours: bool) -> Option<SetUp> {
    let code = cx.app.setup_code.lock().ok().and_then(|code| code.clone());
    if code.as_deref() != Some(form.value("code").to_uppercase().as_str()) {
        form.refuse(
            "code",
            "This is not the code. It stands on the console on which the server was started.",
        );
    }
    let workspace = form.required("workspace", 80, "a name for the workspace");
    let zone = form.parsed("time_zone", "a time zone from the list", Zone::named);
    let hours = match has_hours {
        true => None,
        false => Some(read_hours(form)),
    };
    let admin_name = form.required("name", 120, "your name");
    let admin_email = form.email("email");
    let password = form.value("password").to_owned();
    if let Some(fault) = secret::password_fault(&password) {
        form.refuse("password", fault);
    }
    if !form.is_good() {
        return None;
    }
    Some(SetUp {
        workspace: workspace?,
        zone: zone?,
        hours: match hours {
            None => None,
            Some(read) => Some(read?),
        },
        admin_name: admin_name?,
        admin_email: admin_email?,
        password,
    })
}

fn read_hours(form: &mut Form) -> Option<Vec<(i32, Block)>> {
    let opens = form.parsed("opens", "a time such as 09:00", calendar::read_minute);
    let closes = form.parsed("closes", "a time such as 17:00", calendar::read_minute);
    let weekdays: Vec<i32> = form
        .values("weekday")
        .filter_map(|day| day.parse().ok())
        .filter(|day| (1..=7).contains(day))
        .collect();
    if weekdays.is_empty() {
        form.refuse("weekday", "Choose at least one working day.");
    }
    if let (Some(opens), Some(closes)) = (opens, closes)
        && opens >= closes
    {
        form.refuse("closes", "Work must end after it begins.");
    }
    let block = Block {
        opens_min: opens?,
        closes_min: closes?,
    };
    Some(weekdays.into_iter().map(|day| (day, block)).collect())
}

fn set_up(tx: &mut Tx, wanted: &SetUp, password_hash: String) -> Result<i64> {
    // Asked again inside the transaction: two people may have the form open, and press at once.
    hold(tx.conn, "workspace", 1)?;
    if people::workspace(tx.conn)?.is_set_up {
        return Err(Error::NotFound);
    }
    people::store::set_workspace(tx.conn, &wanted.workspace, wanted.zone.name(), Some(tx.now))?;
    let admin = NewPerson {
        email: wanted.admin_email.clone(),
        name: wanted.admin_name.clone(),
        role: Role::Admin,
        time_zone: None,
        password_hash: Some(password_hash.clone()),
    };
    // An import before set-up may have brought the admin along.
    let admin_id = match people::store::by_email(tx.conn, &admin.email)? {
        None => people::add(tx, admin)?,
        Some(known) => {
            people::change(
                tx,
                known.id,
                (&admin.name, Role::Admin, known.time_zone.as_deref()),
                None,
            )?;
            people::choose_password(tx, known.id, &password_hash, "at set-up")?;
            known.id
        }
    };
    if let Some(hours) = &wanted.hours {
        let by = (Some(admin_id), tx.now);
        calendar::store::replace_hours(tx.conn, Whose::Workspace, hours, by)?;
    }
    let detail = in_words(wanted);
    audit::note_by(tx, admin_id, "set up", ("workspace", None), &detail)?;
    Ok(admin_id)
}

/// `name Nordlicht, zone Europe/Berlin, hours 09:00-17:00 on Mon Tue`.
fn in_words(wanted: &SetUp) -> String {
    let mut words = vec![
        format!("name {}", wanted.workspace),
        format!("zone {}", wanted.zone.name()),
    ];
    let hours = wanted.hours.as_deref().unwrap_or_default();
    if let Some((_, block)) = hours.first() {
        let time = |minutes| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let named = hours.iter().filter_map(|(day, _)| {
            let at = usize::try_from(*day).ok()?.checked_sub(1)?;
            WEEKDAYS.get(at).copied()
        });
        words.push(format!(
            "hours {}-{} on {}",
            time(block.opens_min),
            time(block.closes_min),
            named.collect::<Vec<_>>().join(" ")
        ));
    }
    words.join(", ")
}
