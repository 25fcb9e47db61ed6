//! The watch-list: what is odd in a log, told to whoever wrote it first, and from their next working day on to those who
//! lead them, with their word beside it. It is worked out from what stands: what they mend is gone. Source: METRICS.md 4.2.

pub mod explain;
pub mod pages;
mod share;
mod signs;
pub mod store;
mod view;

pub use signs::{Found, found};
pub use view::{Odd, OddRow};

use crate::app::{App, Cx, Tx};
use crate::audit;
use crate::calendar::Calendars;
use crate::error::{Error, Result};
use crate::inbox::{self, Notice, NoticeKind};
use crate::people::{Directory, Person};
use crate::rules::access::{Me, Role};
use crate::rules::day;
use chrono::{Days, NaiveDate};
use std::sync::Arc;

/// So many whole weeks before this one are looked at.
pub const WEEKS: u64 = 4;
pub const WORD_MOST: usize = 400;

/// The days that are looked at, seen from somebody's today.
fn days(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    (day::week_of(today) - Days::new(7 * WEEKS), today)
}

/// From which day on those who lead a person see what was found: the person's next working day, so that they have the
/// first word. `None` within a year without one.
pub fn seen_from(calendars: &Calendars, person_id: i64, found_on: NaiveDate) -> Option<NaiveDate> {
    const MOST: usize = 366;
    let mut after = found_on.iter_days().skip(1).take(MOST);
    after.find(|day| calendars.share_of(person_id, *day).fraction > 0.0)
}

/// What is odd in one's own log, the newest first: for one's own page.
pub fn own(cx: &Cx) -> Result<Vec<Odd>> {
    let me = cx.me()?;
    cx.snapshot(|conn| {
        let found = found(conn, cx.kept, &[me.id], cx.now)?;
        view::odd(conn, cx, found)
    })
}

/// Whose logs somebody watches: a manager those of the members of their teams, an admin everybody's; nobody their own.
fn watched<'d>(me: &Me, directory: &'d Directory, today: NaiveDate) -> Vec<&'d Person> {
    let here = directory.people.iter().filter(|p| p.left_on.is_none());
    let loggers = here.filter(|p| p.role != Role::Marketing && p.id != me.id);
    let is_theirs = |person: &&Person| {
        let mut memberships = directory.memberships_of(person.id);
        me.role == Role::Admin
            || memberships.any(|m| m.holds_on(today) && me.teams.contains(&m.team_id))
    };
    loggers.filter(is_theirs).collect()
}

/// What those who lead see by now, the newest first.
fn watch_list(cx: &Cx) -> Result<Vec<Odd>> {
    let me = cx.me()?;
    cx.snapshot(|conn| {
        let directory: Arc<Directory> = cx.kept.get(conn)?;
        let calendars: Arc<Calendars> = cx.kept.get(conn)?;
        let today = me.zone.day_of(cx.now);
        let people: Vec<i64> = watched(me, &directory, today)
            .iter()
            .map(|p| p.id)
            .collect();
        let mut found = found(conn, cx.kept, &people, cx.now)?;
        found.retain(|one| {
            let from = seen_from(&calendars, one.person_id, one.found_on);
            from.is_some_and(|from| from <= calendars.day_at(one.person_id, cx.now))
        });
        view::odd(conn, cx, found)
    })
}

/// So many days back a sign is still news: after a longer stop of the program nobody is flooded.
const NEWS_DAYS: u64 = 2;

/// Tells everybody once of what is odd in their own log, before those who lead them see it.
pub fn tell(app: &App) -> Result<()> {
    let now = app.clock.now();
    let mut news = app.db.snapshot(|conn| {
        let kept = app.shelf.now(conn)?;
        let directory: Arc<Directory> = kept.get(conn)?;
        let calendars: Arc<Calendars> = kept.get(conn)?;
        let here = directory.people.iter().filter(|p| p.left_on.is_none());
        let loggers = here.filter(|p| p.role != Role::Marketing);
        let people: Vec<i64> = loggers.map(|person| person.id).collect();
        let mut found = found(conn, kept, &people, now)?;
        found.retain(|one| {
            let today = calendars.day_at(one.person_id, now);
            one.found_on + Days::new(NEWS_DAYS) >= today
        });
        Ok(found)
    })?;
    if news.is_empty() {
        return Ok(());
    }
    news.sort_by_key(|one| one.found_on);
    let key = |one: &Found| format!("{}:{}:{}", NoticeKind::Watch, one.person_id, one.name);
    app.write(|tx| {
        let keys: Vec<String> = news.iter().map(key).collect();
        let told = inbox::store::told(tx.conn, &keys)?;
        for (one, key) in news.iter().zip(keys) {
            if told.contains(&key) {
                continue;
            }
            let notice = Notice {
                text: view::title(one.sign).to_owned(),
                once: Some(key),
                ..Notice::default()
            };
            inbox::tell(tx, &[one.person_id], NoticeKind::Watch, &notice)?;
        }
        Ok(())
    })
}

/// Writes down what one says of a sign in one's own log. What is not there is not found.
pub fn say(tx: &mut Tx, name: &str, text: &str) -> Result<()> {
    let me = tx.me()?;
    let found = found(tx.conn, tx.kept, &[me.id], tx.now)?;
    if !found.iter().any(|one| one.name == name) {
        return Err(Error::NotFound);
    }
    store::add_word(tx.conn, (me.id, name, text), tx.now)?;
    audit::note(tx, "said", "watch-list", Some(me.id), name)
}
