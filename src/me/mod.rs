//! One's own page: who one is here, what holds for one, and one's password.

use crate::app::Cx;
use crate::audit;
use crate::calendar::{Calendars, Part};
use crate::db::hold;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::page::{self, Answer, Frame, Toast};
use crate::people::{self, Directory};
use crate::rules::access::Me;
use crate::secret::{self, token_hash};
use crate::signin::{
    self,
    throttle::{At, Try, wait_words},
};
use crate::targets::{self, Ledger};
use askama::Template;
use chrono::NaiveDate;

#[derive(Template)]
#[template(path = "me/page.html")]
struct MePage {
    frame: Frame,
    form: Form,
    name: String,
    email: String,
    role: &'static str,
    has_letter_keys: bool,
    zone: String,
    teams: Vec<Dated>,
    /// Whether the role has targets.
    has_targets: bool,
    targets: Vec<Held>,
    time_off: Vec<Dated>,
}

/// Something from a day on, or over some days.
struct Dated {
    name: String,
    when: String,
}

/// A target in force today.
struct Held {
    metric: String,
    words: String,
    since: String,
}

pub fn page(cx: &Cx) -> Answer {
    page::show(&me_page(cx, Form::default())?)
}

/// Changes one's own password, which ends one's other sessions.
pub fn change_password(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let mut form = cx.form();
    let this = Try::signed_in(At::OwnPassword, me.id);
    if let Err(wait_s) = this.take(cx)? {
        form.refuse("current", wait_words(wait_s));
        return page::with_status(429, &me_page(cx, form)?);
    }
    let hash = cx.read(|conn| people::passwords::store::of_address(conn, &me.email))?;
    let hash = hash.and_then(|(_, hash)| hash);
    if !secret::is_password(cx.app, form.value("current"), hash.as_deref())? {
        form.refuse(
            "current",
            "This is not your password. Check it and try again.",
        );
    } else {
        this.give_back(cx)?;
    }
    let password = form.value("new").to_owned();
    if let Some(fault) = secret::password_fault(&password) {
        form.refuse("new", fault);
    }
    if !form.is_good() {
        return page::again(&me_page(cx, form)?);
    }
    let new_hash = secret::hash_password(cx.app, &password)?;
    let keep = cx.request.session.as_deref();
    let device = cx.request.device.as_deref().map(token_hash);
    let changed = cx.write(|tx| {
        hold(tx.conn, "people", me.id)?;
        let is_same = people::passwords::store::of(tx.conn, me.id)? == hash;
        let session = token_hash(keep.unwrap_or_default());
        if !is_same || !signin::store::is_open(tx.conn, &session, me.id, tx.now)? {
            return Err(Error::Conflict(
                "Your password was changed, or you were signed out, a moment ago: nothing is saved.".to_owned(),
            ));
        }
        // Who changes it is at a device of theirs: that one stays known, if it was.
        let known = match &device {
            Some(device) if signin::store::is_device_of(tx.conn, device, me.id)? => Some(device),
            _ => None,
        };
        people::set_password(tx, me.id, &new_hash, keep)?;
        match known {
            Some(device) => signin::store::put_device(tx.conn, device, me.id, tx.now),
            None => Ok(()),
        }
    });
    match changed {
        Ok(()) => page::go_to("/me?done=password"),
        Err(Error::Conflict(why)) => {
            form.refuse("current", why);
            page::again(&me_page(cx, form)?)
        }
        Err(error) => Err(error),
    }
}

/// Turns keys of one letter on or off.
pub fn set_letter_keys(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let wanted = cx.form().is_ticked("letter_keys");
    cx.write(|tx| {
        people::store::set_letter_keys(tx.conn, me.id, wanted)?;
        let word = |is_on| if is_on { "on" } else { "off" };
        let (was, became) = (word(me.has_letter_keys), word(wanted));
        let about = ("person", Some(me.id));
        audit::change(tx, "set the letter keys of", about, was, became)
    })?;
    page::go_to("/me?done=keys")
}

fn me_page(cx: &Cx, form: Form) -> Result<MePage> {
    let me = cx.me()?;
    let today = me.zone.day_of(cx.now);
    let (teams, targets, time_off) = cx.snapshot(|conn| {
        Ok((
            teams(&*cx.kept.get::<Directory>(conn)?, me),
            held(&*cx.kept.get::<Ledger>(conn)?, me, today),
            time_off(&*cx.kept.get::<Calendars>(conn)?, me, today),
        ))
    })?;
    let done = match cx.query().value("done") {
        "password" => Some("Password changed. Your other sessions are signed out."),
        "keys" if me.has_letter_keys => Some("Keys of one letter are on."),
        "keys" => Some("Keys of one letter are off."),
        _ => None,
    };
    let done = done.map(|text| Toast {
        text: text.to_owned(),
        undo_href: None,
    });
    Ok(MePage {
        frame: Frame::new(cx, "Me").with_toast(done),
        form,
        name: me.name.clone(),
        email: me.email.clone(),
        role: me.role.label(),
        has_letter_keys: me.has_letter_keys,
        zone: me.zone.name().to_owned(),
        teams,
        has_targets: crate::rules::access::LOGGERS.gate(Some(me.role), true)
            == crate::rules::access::Gate::Open,
        targets,
        time_off,
    })
}

/// One's teams, the newest first.
fn teams(directory: &Directory, me: &Me) -> Vec<Dated> {
    let theirs = directory.memberships_of(me.id);
    let dated = theirs.rev().map(|m| {
        let since =
            (m.from_day > people::since_ever()).then(|| format!("since {}", page::day(m.from_day)));
        let last = m.until_day.and_then(|until| until.pred_opt());
        let until = last.map(|last| format!("until {}", page::day(last)));
        let when: Vec<String> = since.into_iter().chain(until).collect();
        let team = directory.team(m.team_id);
        Dated {
            name: team.map(|team| team.name.clone()).unwrap_or_default(),
            when: when.join(", "),
        }
    });
    dated.collect()
}

fn held(ledger: &Ledger, me: &Me, today: NaiveDate) -> Vec<Held> {
    let rows = ledger.in_force(me.id, today).into_iter();
    let held = rows.map(|row| Held {
        metric: row.metric.label().to_owned(),
        words: targets::words(row),
        since: page::day(row.valid_from),
    });
    held.collect()
}

/// The days off that are not over yet.
fn time_off(calendars: &Calendars, me: &Me, today: NaiveDate) -> Vec<Dated> {
    let all = calendars.time_off(me.id).iter();
    let coming = all.filter(|off| off.to_day >= today).map(|off| Dated {
        name: match off.from_day == off.to_day {
            true => page::day(off.from_day),
            false => format!("{} to {}", page::day(off.from_day), page::day(off.to_day)),
        },
        when: match off.part {
            Part::Full => "all day",
            Part::Morning => "the morning",
            Part::Afternoon => "the afternoon",
        }
        .to_owned(),
    });
    coming.collect()
}
