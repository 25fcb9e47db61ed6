//! Where one is signed in, and ending it there.

use crate::app::Cx;
use crate::audit;
use crate::error::Error;
use crate::page::{self, Answer, Frame, Toast};
use crate::people;
use crate::rules::device;
use crate::secret::token_hash;
use crate::signin::{factor, store};
use askama::Template;

#[derive(Template)]
#[template(path = "signin/devices.html")]
struct DevicesPage {
    frame: Frame,
    rows: Vec<Row>,
    known: Vec<Known>,
    has_factor: bool,
    codes_left: i64,
}

struct Row {
    id: i64,
    device: String,
    place: String,
    since: String,
    until: String,
    is_this: bool,
}

/// A device on which one has signed in.
struct Known {
    seen: String,
    is_this: bool,
}

pub fn index(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let (sessions, known, codes_left, person) = cx.snapshot(|conn| {
        Ok((
            store::of_person(conn, me.id, cx.now)?,
            store::devices_of(conn, me.id)?,
            factor::store::codes_left(conn, me.id)?,
            people::store::by_id(conn, me.id)?.ok_or(Error::NotFound)?,
        ))
    })?;
    let this = cx.request.session.as_deref().map(token_hash);
    let row = |session: store::Session| Row {
        id: session.id,
        device: device::in_words(&session.user_agent),
        place: match session.address.is_empty() {
            true => "from an unknown address".to_owned(),
            false => format!("from {}", session.address),
        },
        since: page::time(session.created_at, cx.zone()),
        until: page::day(cx.zone().day_of(session.expires_at)),
        is_this: Some(&session.token_hash) == this.as_ref(),
    };
    let text = match cx.query().value("done") {
        "ended" => Some("Signed out there."),
        "forgotten" => Some("The other devices are forgotten."),
        "others" => Some("Signed out everywhere else."),
        _ => None,
    };
    let toast = text.map(|text| Toast {
        text: text.to_owned(),
        undo_href: None,
    });
    let device = cx.request.device.as_deref().map(token_hash);
    let known = known.into_iter().map(|(hash, seen_at)| Known {
        seen: page::time(seen_at, cx.zone()),
        is_this: Some(hash) == device,
    });
    page::show(&DevicesPage {
        frame: Frame::new(cx, "Sign-in").with_toast(toast),
        known: known.collect(),
        rows: sessions.into_iter().map(row).collect(),
        has_factor: person.has_second_factor,
        codes_left,
    })
}

/// Ends one of one's own sessions; somebody else's is not found.
pub fn end_one(cx: &Cx) -> Answer {
    let (me, id) = (cx.me()?, cx.id_param("id")?);
    cx.write(|tx| {
        if store::end_of_person(tx.conn, me.id, id)? == 0 {
            return Err(Error::NotFound);
        }
        audit::note(tx, "ended a session of", "person", Some(me.id), "")
    })?;
    page::go_to("/me/sign-in?done=ended")
}

pub fn end_others(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let keep = cx.request.session.as_deref();
    cx.write(|tx| people::sign_out(tx, me.id, keep))?;
    page::go_to("/me/sign-in?done=others")
}

/// Forgets the devices on which one has signed in, but for this one: on them one is a stranger again.
pub fn forget(cx: &Cx) -> Answer {
    let me = cx.me()?;
    let keep = cx.request.device.as_deref();
    cx.write(
        |tx| match people::store::forget_devices(tx.conn, me.id, keep)? {
            0 => Ok(()),
            _ => audit::note(tx, "forgot the devices of", "person", Some(me.id), ""),
        },
    )?;
    page::go_to("/me/sign-in?done=forgotten")
}
