//! Entries made without signal and sent when it is back. The answer is for the device, which drops an entry that is
//! stored and keeps a refused one, with the reason, for its maker to mend.

use super::entry_form::{Made, read};
use super::{Logged, together};
use crate::app::Cx;
use crate::error::Error;
use crate::leads;
use crate::page::{self, Answer};
use crate::value::Instant;

/// Nothing (204) when the entry is stored, now or before; as a sentence the question of a duplicate, what somebody else did
/// meanwhile (409), or what is wrong (422). A touch on a lead that was its maker's then is stored, whosever the lead is
/// now. Forbidden for an entry that somebody else made on the same device.
pub fn create(cx: &Cx) -> Answer {
    let mut form = cx.form();
    if form.value("person") != cx.me()?.uid {
        return Err(Error::Forbidden);
    }
    let Some(at) = Instant::parse(form.value("at")) else {
        return page::say(422, "This entry says no time. Log it again.");
    };
    let made = Made {
        at,
        origin: "offline",
    };
    let Some(entry) = read(cx, &mut form, None, &made)? else {
        let why = form.errors().first().map(|error| error.text.clone());
        return page::say(422, &why.unwrap_or_default());
    };
    match together::log(cx, &entry) {
        Ok(Logged::Stored | Logged::Known) => page::nothing(),
        Ok(Logged::Asks(at)) => page::say(409, &super::pages::question(cx, at)),
        Ok(Logged::Moved(now)) => page::say(409, &super::step::news(now)),
        Err(Error::Refused(why)) => page::say(422, &why),
        Err(Error::NotFound) => gone(cx, form.value("lead")),
        Err(error) => Err(error),
    }
}

/// What became of the lead, for whoever had it.
fn gone(cx: &Cx, lead_uid: &str) -> Answer {
    let gone = cx.snapshot(|conn| leads::gone::find(conn, cx, lead_uid))?;
    let gone = gone.ok_or(Error::NotFound)?;
    let sentence = format!("{} is not yours any more. {}", gone.name, gone.news);
    page::say(409, &sentence)
}
