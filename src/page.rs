//! What a handler answers: a page in its frame, the way to another page, or a download.

mod given_back;
mod menu;
mod said;
mod share;

pub use given_back::{give_back, typed};
pub use menu::{NavItem, home, places};
pub use said::Said;
pub use share::{
    Late, counted, in_full, interval, late, late_figure, nothing_to_measure, of, part, rests_on,
    share,
};

use crate::app::Cx;
use crate::assets;
use crate::error::{Error, Result};
use crate::rules::access::{Me, Role};
use crate::rules::zone::Zone;
use crate::style;
use crate::value::Instant;
use askama::Template;
use chrono::{Datelike, NaiveDate};

pub type Answer = Result<Reply>;

/// An answer, ready to be sent.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    pub status: u16,
    pub content_type: &'static str,
    pub body: String,
    /// Where to go instead (303).
    pub location: Option<String>,
    /// The session cookie to set; an empty token clears it.
    pub session: Option<String>,
    /// The cookie by which the device is known again; none leaves it as it is.
    pub device: Option<String>,
    /// The file name of a download.
    pub file_name: Option<String>,
    /// Whether its own address opens something, and is told to no other page or file.
    pub is_secret_address: bool,
    /// What differs when the body does, of a steady page: who has it already is not sent it again.
    pub tag: Option<String>,
}

/// A page that is there.
pub fn show(page: &impl Template) -> Answer {
    with_status(200, page)
}

/// A form given back with its messages.
pub fn again(page: &impl Template) -> Answer {
    with_status(422, page)
}

pub fn with_status(status: u16, page: &impl Template) -> Answer {
    let body = page.render().map_err(Error::internal)?;
    Ok(Reply {
        status,
        content_type: "text/html; charset=utf-8",
        body,
        ..Reply::default()
    })
}

/// See another page (303), after a form was taken.
pub fn go_to(address: impl Into<String>) -> Answer {
    Ok(Reply {
        status: 303,
        location: Some(address.into()),
        ..Reply::default()
    })
}

/// A sentence for a program.
pub fn say(status: u16, sentence: &str) -> Answer {
    Ok(Reply {
        status,
        content_type: "text/plain; charset=utf-8",
        body: sentence.to_owned(),
        ..Reply::default()
    })
}

/// Done, and nothing to say (204).
pub fn nothing() -> Answer {
    Ok(Reply {
        status: 204,
        ..Reply::default()
    })
}

/// JSON for a program.
pub fn json(status: u16, body: String) -> Reply {
    Reply {
        status,
        content_type: "application/json; charset=utf-8",
        body,
        ..Reply::default()
    }
}

/// A JSON file to keep.
pub fn json_file(name: &str, body: String) -> Answer {
    Ok(Reply {
        file_name: Some(format!("{name}.json")),
        ..json(200, body)
    })
}

/// A CSV file to keep.
pub fn csv_file(name: &str, body: String) -> Answer {
    Ok(Reply {
        status: 200,
        content_type: "text/csv; charset=utf-8",
        body,
        file_name: Some(format!("{name}.csv")),
        ..Reply::default()
    })
}

/// One of several ways beside each other.
#[derive(Debug, Clone)]
pub struct Link {
    pub href: String,
    pub label: String,
    pub current: bool,
}

/// Lets a page fade into the next one. It stands in the page itself, since a browser that reaches a page before its style
/// sheet would give up and complain; the policy of `server` knows it by its hash.
pub const FADE: &str =
    "@media (prefers-reduced-motion:no-preference){@view-transition{navigation:auto}}";

/// What the layout shows around every page.
pub struct Frame {
    pub title: String,
    pub workspace: String,
    pub css: &'static str,
    pub fade: &'static str,
    pub script: Option<&'static str>,
    pub icon: &'static str,
    pub icons: &'static str,
    pub me: Option<MeView>,
    pub nav: Vec<NavItem>,
    /// How many notices wait to be read; empty for none.
    pub news: String,
    pub toast: Option<Toast>,
    pub notice: Option<String>,
    /// For admins who came without https from another machine.
    pub is_unsafe: bool,
    /// For admins: the address of a proxy that nobody told the server to trust; empty where there is none.
    pub unknown_proxy: String,
    /// Whether the page brings itself up to date while it is open; its route must be steady.
    pub is_live: bool,
    /// After so many seconds the browser asks again by itself, without a script; none where somebody is there to ask.
    pub asks_again_s: Option<u32>,
}

/// Where nobody stands by to ask again: an error on a wall comes back by itself, as the wall's own page does.
const UNATTENDED: &str = "/wall/";
const UNATTENDED_S: u32 = 60;

pub struct MeView {
    pub uid: String,
    pub name: String,
    pub email: String,
    pub role_label: &'static str,
    /// Whether keys of one letter do something.
    pub has_letter_keys: bool,
}

/// A short word after something was saved.
pub struct Toast {
    pub text: String,
    /// The address a form is posted to, to take it back.
    pub undo_href: Option<String>,
}

impl Frame {
    pub fn new(cx: &Cx, title: impl Into<String>) -> Frame {
        let mut frame = Frame::around(
            &cx.workspace.name,
            cx.who.as_ref(),
            &cx.request.path,
            title.into(),
        );
        let news = match cx.news {
            0 => String::new(),
            1..100 => cx.news.to_string(),
            _ => "99+".to_owned(),
        };
        for item in &mut frame.nav {
            if item.href == menu::INBOX {
                item.news.clone_from(&news);
            }
        }
        frame.news = news;
        frame.is_unsafe = is_unsafe(cx);
        if is_admin(cx) {
            frame.unknown_proxy.clone_from(&cx.request.unknown_proxy);
        }
        frame
    }

    /// A frame where there may be no request to ask, such as around an error.
    pub fn around(workspace: &str, me: Option<&Me>, path: &str, title: String) -> Frame {
        Frame {
            title,
            workspace: workspace.to_owned(),
            css: assets::address("app.css"),
            fade: FADE,
            script: Some(assets::address("touchline.js")),
            icon: assets::address("icon.svg"),
            icons: assets::address("icons.svg"),
            me: me.map(|me| MeView {
                uid: me.uid.clone(),
                name: me.name.clone(),
                email: me.email.clone(),
                role_label: me.role.label(),
                has_letter_keys: me.has_letter_keys,
            }),
            nav: me.map(|me| places(me, path)).unwrap_or_default(),
            news: String::new(),
            toast: None,
            notice: None,
            is_unsafe: false,
            unknown_proxy: String::new(),
            is_live: false,
            asks_again_s: path.starts_with(UNATTENDED).then_some(UNATTENDED_S),
        }
    }

    pub fn live(self) -> Frame {
        Frame {
            is_live: true,
            ..self
        }
    }

    pub fn with_toast(mut self, toast: Option<Toast>) -> Frame {
        self.toast = toast;
        self
    }
}

fn is_admin(cx: &Cx) -> bool {
    cx.who.as_ref().is_some_and(|me| me.role == Role::Admin)
}

/// Whether passwords and cookies of an admin go over a network that others may listen to.
fn is_unsafe(cx: &Cx) -> bool {
    let address: Option<std::net::IpAddr> = cx.request.address.parse().ok();
    is_admin(cx) && !cx.request.is_https && address.is_some_and(|address| !address.is_loopback())
}

/// `21 Nov 2026, 14:05`, in the reader's zone.
pub fn time(at: Instant, zone: &Zone) -> String {
    let local = zone.local(at);
    format!("{}, {}", style::day(local.date()), local.format("%H:%M"))
}

/// As [`time`], with the zone by name: where readers in other places compare what they see.
pub fn time_and_zone(at: Instant, zone: &Zone) -> String {
    format!("{} ({})", time(at, zone), zone.name())
}

/// `14:05` when it is on `today`, else `21 Nov, 14:05`, else with the year.
pub fn short_time(at: Instant, zone: &Zone, today: NaiveDate) -> String {
    let local = zone.local(at);
    let clock = local.format("%H:%M");
    match local.date() {
        day if day == today => clock.to_string(),
        day if day.year() == today.year() => format!("{}, {clock}", style::short_day(day)),
        day => format!("{}, {clock}", style::day(day)),
    }
}

/// `Fri 20 Nov 2026`.
pub fn day(day: NaiveDate) -> String {
    format!("{} {}", day.format("%a"), style::day(day))
}

/// A length of time in the two largest units that people read: `1 h 25 min`, `3 d 4 h`, `40 s`.
pub fn duration(seconds: f64) -> String {
    let seconds = seconds.max(0.0).round() as i64;
    const UNITS: [(i64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let Some(first) = UNITS.iter().position(|(size, _)| seconds >= *size) else {
        return "0 s".to_owned();
    };
    let (size, unit) = UNITS[first];
    let mut text = format!("{} {unit}", seconds / size);
    if let Some((next, next_unit)) = UNITS.get(first + 1)
        && seconds % size >= *next
    {
        text.push_str(&format!(" {} {next_unit}", seconds % size / next));
    }
    text
}

/// A length of working time, whose days are not of 24 hours: `148 h 20 min`.
pub fn working_time(seconds: f64) -> String {
    let minutes = (seconds.max(0.0) / 60.0).floor() as i64;
    match (minutes / 60, minutes % 60) {
        (0, 0) => duration(seconds),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{} h", style::count(hours as u64)),
        (hours, minutes) => format!("{} h {minutes} min", style::count(hours as u64)),
    }
}

/// A share as `48.3 %`.
pub fn percent(share: f64) -> String {
    format!("{}\u{a0}%", style::decimal(share * 100.0, 1))
}

/// A share as `48 %`, for what moves slowly.
pub fn whole_percent(share: f64) -> String {
    format!("{}\u{a0}%", style::decimal(share * 100.0, 0))
}

/// A difference of shares: `+12.0 points`.
pub fn points(difference: f64) -> String {
    let sign = if difference > 0.0 { "+" } else { "" };
    format!("{sign}{} points", style::decimal(difference * 100.0, 1))
}

/// How many somebody is ahead of their pace: "2 behind pace".
pub fn pace(ahead: i64) -> String {
    match ahead {
        0 => "on pace".to_owned(),
        1.. => format!("{} ahead of pace", style::count(ahead)),
        _ => format!("{} behind pace", style::count(ahead.unsigned_abs())),
    }
}

/// An amount without needless decimals: `12`, `12.5`.
pub fn amount(value: f64) -> String {
    // Adding zero makes the minus zero of an empty sum a plain one.
    let rounded = (value * 100.0).round() / 100.0 + 0.0;
    style::number(&rounded.to_string())
}

/// The name of a group as people read it.
pub fn group_name(name: &str) -> &str {
    if name.is_empty() { "(none)" } else { name }
}

/// An amount of money in millionths: `1200.5 EUR`.
pub fn money(micros: i64, currency: &str) -> String {
    format!("{}\u{a0}{currency}", amount(micros as f64 / 1e6))
        .trim_end()
        .to_owned()
}

/// What templates may do with a value.
pub mod filters {
    use crate::style;
    use std::fmt::Display;

    /// A whole number as the workspace writes it: `1,234`.
    #[askama::filter_fn]
    pub fn count(value: impl Display, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(style::number(&value.to_string()))
    }
}

/// The mark for no data: never a zero.
pub const DASH: &str = "\u{2013}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_read_in_its_two_largest_units() {
        let cases = [
            (0.0, "0 s"),
            (59.6, "1 min"),
            (3_600.0, "1 h"),
            (5_100.0, "1 h 25 min"),
            (273_600.0, "3 d 4 h"),
            (61.0, "1 min 1 s"),
        ];
        for (seconds, words) in cases {
            assert_eq!(duration(seconds), words);
        }
    }
}
