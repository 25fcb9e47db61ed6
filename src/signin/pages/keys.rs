//! GET and POST /me/api-keys: one's keys to the API: made, listed, ended.

use crate::app::Cx;
use crate::csv_out::{self, Cell};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::page::{self, Answer, Frame, Toast};
use crate::people::keys::{self, Key, NAME_MOST};
use crate::rules::access::LOGGERS;
use crate::secret::token_hash;
use crate::signin::store;
use askama::Template;

const PATH: &str = "/me/api-keys";

#[derive(Template)]
#[template(path = "signin/keys.html")]
struct KeysPage {
    frame: Frame,
    form: Form,
    csv: String,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    made: String,
    used: String,
    end: String,
}

#[derive(Template)]
#[template(path = "signin/key.html")]
struct KeyPage<'a> {
    frame: Frame,
    name: &'a str,
    key: &'a str,
    /// What to type to read a report with it.
    example: String,
}

pub fn index(cx: &Cx) -> Answer {
    let query = cx.query();
    if query.value("format") == "csv" {
        return page::csv_file("api-keys", csv(cx)?);
    }
    let mut page = keys_page(cx, Form::default())?;
    if query.value("done") == "ended" {
        page.frame = page.frame.with_toast(Some(Toast {
            text: "Ended. The key opens nothing any more.".to_owned(),
            undo_href: None,
        }));
    }
    page::show(&page)
}

/// Makes a key; the answer is the one page that shows it.
pub fn create(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let mut form = cx.form();
    let Some(name) = form.required("name", NAME_MOST, "what it is for") else {
        return page::again(&keys_page(cx, form)?);
    };
    let session = token_hash(cx.request.session.as_deref().unwrap_or_default());
    let made = cx.write(|tx| {
        let key = keys::make(tx, &name)?;
        // Whoever was signed out a moment ago leaves no key behind.
        match store::is_open(tx.conn, &session, me.id, tx.now)? {
            true => Ok(key),
            false => Err(Error::SignIn),
        }
    });
    match made {
        Ok(key) => page::show(&KeyPage {
            frame: Frame::new(cx, "A key to the API"),
            name: &name,
            example: example(cx, &key)?,
            key: &key,
        }),
        Err(Error::Refused(why)) => {
            form.refuse("name", why);
            page::again(&keys_page(cx, form)?)
        }
        Err(error) => Err(error),
    }
}

/// A report that they may read, as it is typed at a terminal.
fn example(cx: &Cx, key: &str) -> Result<String> {
    let report = match LOGGERS.allows(cx.me()?.role) {
        true => "leaderboard",
        false => "outcomes",
    };
    Ok(format!(
        "curl -H \"Authorization: Bearer {key}\" {}/api/reports/{report}",
        cx.origin()
    ))
}

/// Ends one of one's own keys; somebody else's is not found.
pub fn end_one(cx: &Cx) -> Answer {
    let id = cx.id_param("id")?;
    cx.write(|tx| keys::end(tx, id))?;
    page::go_to(format!("{PATH}?done=ended"))
}

fn keys_page(cx: &Cx, form: Form) -> Result<KeysPage> {
    let row = |key: Key| Row {
        made: page::time(key.made_at, cx.zone()),
        used: key.used_on.map_or("never".to_owned(), page::day),
        end: format!("{PATH}/{}/end", key.id),
        name: key.name,
    };
    Ok(KeysPage {
        frame: Frame::new(cx, "Keys to the API"),
        form,
        csv: format!("{PATH}?format=csv"),
        rows: mine(cx)?.into_iter().map(row).collect(),
    })
}

fn mine(cx: &Cx) -> Result<Vec<Key>> {
    let me = cx.me()?;
    cx.read(|conn| keys::store::of_person(conn, me.id))
}

fn csv(cx: &Cx) -> Result<String> {
    let mine = mine(cx)?;
    let rows = mine.iter().map(|key| {
        let used_on = key.used_on.map(|day| day.to_string());
        vec![
            Cell::from(key.name.as_str()),
            Cell::from(key.made_at.to_string()),
            Cell::from(used_on.unwrap_or_default()),
        ]
    });
    csv_out::table(&["name", "made_at", "used_on"], rows)
}
