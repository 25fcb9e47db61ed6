//! The route table: every address, who may ask for it, and what answers.

use crate::app::{Around, Cx};
use crate::page::{self, Answer};
use crate::rules::access::{ADMINS, Access, LOGGERS, MANAGERS, MARKETERS, PEOPLE, READERS};
use crate::{
    activities, calendar, card, design, device, followup, habit, habits, handover, imports, leads,
    ledger, me, outcomes, people, planner, search, setup, shared_goals, signin, team, techniques,
    today,
};
use actix_web::http::Method;

/// What answers a request: a plain function, run once.
pub type Handler = fn(&Cx) -> Answer;

/// How large a body may be.
#[derive(Debug, Clone, Copy)]
pub enum Body {
    Form,
    Files,
}

impl Body {
    pub fn limit_bytes(self) -> usize {
        match self {
            Body::Form => 64 * 1024,
            Body::Files => 64 * 1024 * 1024,
        }
    }
}

/// One row.
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub who: Access,
    pub does: Handler,
    pub body: Body,
    /// Whether the same person, asking again before anything is saved and within a minute, gets the same: no number
    /// used once is on the page, and no time finer than that.
    pub is_steady: bool,
    /// What its writes are wrapped in.
    pub around: Option<Around>,
}

const fn get(path: &'static str, who: Access, does: Handler) -> Route {
    Route {
        method: Method::GET,
        path,
        who,
        does,
        body: Body::Form,
        is_steady: false,
        around: None,
    }
}

const fn steady(path: &'static str, who: Access, does: Handler) -> Route {
    Route {
        method: Method::GET,
        path,
        who,
        does,
        body: Body::Form,
        is_steady: true,
        around: None,
    }
}

const fn post(path: &'static str, who: Access, does: Handler) -> Route {
    Route {
        method: Method::POST,
        path,
        who,
        does,
        body: Body::Form,
        is_steady: false,
        around: None,
    }
}

/// A post that may change calendars, teams or targets: verdicts of closed days stay as they were.
const fn keeping(path: &'static str, who: Access, does: Handler) -> Route {
    Route {
        method: Method::POST,
        path,
        who,
        does,
        body: Body::Form,
        is_steady: false,
        around: Some(habit::keep_closed),
    }
}

const fn upload(path: &'static str, who: Access, does: Handler) -> Route {
    Route {
        method: Method::POST,
        path,
        who,
        does,
        body: Body::Files,
        is_steady: false,
        around: None,
    }
}

#[rustfmt::skip]
pub static TABLE: &[Route] = &[
    get("/", PEOPLE, home),
    get("/setup", Access::BeforeSetUp, setup::form),
    post("/setup", Access::BeforeSetUp, setup::create),
    get("/sign-in", Access::Anyone, signin::pages::form),
    post("/sign-in", Access::Anyone, signin::pages::create),
    post("/sign-out", Access::Anyone, signin::pages::end_session),
    get("/manifest.webmanifest", Access::Anyone, device::manifest),
    get("/sw.js", Access::Anyone, device::worker),
    steady("/today", LOGGERS, today::page),
    get("/log", LOGGERS, activities::pages::form),
    post("/log", LOGGERS, activities::pages::create),
    post("/log/queued", LOGGERS, activities::queued::create),
    get("/activities/{uid}", LOGGERS, activities::pages::edit_form),
    post("/activities/{uid}", LOGGERS, activities::pages::edit),
    post("/activities/{uid}/remove", LOGGERS, activities::pages::remove),
    steady("/leads", PEOPLE, leads::pages::index),
    steady("/team", LOGGERS, team::page),
    steady("/team/entries", LOGGERS, team::entries_page),
    steady("/card", LOGGERS, card::own),
    post("/card", LOGGERS, card::choose),
    steady("/people/{uid}/card", MANAGERS, card::theirs),
    post("/people/{uid}/card", MANAGERS, card::correct),
    steady("/habits", MANAGERS, habits::index),
    get("/targets", LOGGERS, ledger::index),
    keeping("/targets", MANAGERS, ledger::create),
    get("/targets/matrix", MANAGERS, ledger::matrix_page),
    keeping("/targets/matrix", MANAGERS, ledger::save_matrix),
    get("/targets/cell", MANAGERS, ledger::cell_page),
    keeping("/targets/copy", MANAGERS, ledger::copy),
    get("/targets/ramp", MANAGERS, ledger::ramp_form),
    keeping("/targets/ramp", MANAGERS, ledger::create_ramp),
    get("/targets/score", LOGGERS, ledger::score_page),
    keeping("/targets/score", ADMINS, ledger::update_score),
    get("/shared-goals", READERS, shared_goals::pages::index),
    post("/shared-goals", READERS, shared_goals::pages::create),
    post("/shared-goals/{id}/end", READERS, shared_goals::pages::finish),
    get("/planner", LOGGERS, planner::pages::index),
    post("/planner/goals", LOGGERS, planner::goals::create),
    post("/planner/goals/{uid}/share", LOGGERS, planner::goals::share),
    post("/planner/goals/{uid}/end", LOGGERS, planner::goals::end),
    steady("/techniques", LOGGERS, techniques::pages::index),
    get("/me", PEOPLE, me::page),
    post("/me/password", PEOPLE, me::change_password),
    post("/me/keys", PEOPLE, me::set_letter_keys),
    get("/leads/new", MARKETERS, handover::fresh::form),
    post("/leads/new", MARKETERS, handover::fresh::create),
    get("/leads/ready", MARKETERS, handover::ready::index),
    post("/leads/{uid}/ready", MARKETERS, handover::ready::create),
    get("/leads/{uid}/edit", PEOPLE, handover::edit::form),
    post("/leads/{uid}/edit", PEOPLE, handover::edit::update),
    get("/leads/{uid}/signals", PEOPLE, leads::signals::form::show),
    post("/leads/{uid}/signals", PEOPLE, leads::signals::form::create),
    get("/lead-score", PEOPLE, leads::score::pages::index),
    post("/lead-score", READERS, leads::score::pages::create),
    get("/lead-score/signals", PEOPLE, leads::signals::pages::index),
    post("/lead-score/signals", READERS, leads::signals::pages::create),
    post("/lead-score/signals/{id}", READERS, leads::signals::pages::retire),
    get("/leads/{uid}", PEOPLE, handover::pages::show),
    post("/leads/{uid}/events", PEOPLE, handover::pages::record),
    post("/leads/{uid}/assign", LOGGERS, handover::pages::assign),
    post("/leads/{uid}/hand-over", MARKETERS, handover::pages::again),
    steady("/follow-up", READERS, followup::pages::index),
    steady("/outcomes", READERS, outcomes::pages::index),
    get("/search", PEOPLE, search::index),
    get("/people", ADMINS, people::pages::index),
    keeping("/people", ADMINS, people::pages::create),
    get("/people/new", ADMINS, people::pages::new),
    get("/people/{uid}", ADMINS, people::pages::person::show),
    keeping("/people/{uid}", ADMINS, people::pages::person::update),
    keeping("/people/{uid}/teams", ADMINS, people::pages::person::change_teams),
    keeping("/people/{uid}/password", ADMINS, people::pages::person::change_password),
    keeping("/people/{uid}/left", ADMINS, people::pages::person::mark_left),
    keeping("/people/{uid}/return", ADMINS, people::pages::person::mark_returned),
    keeping("/teams", ADMINS, people::pages::team::create),
    get("/teams/new", ADMINS, people::pages::team::new),
    get("/teams/{id}", ADMINS, people::pages::team::show),
    keeping("/teams/{id}", ADMINS, people::pages::team::update),
    get("/workspace", ADMINS, people::pages::workspace::show),
    keeping("/workspace", ADMINS, people::pages::workspace::update),
    get("/design", ADMINS, design::page),
    get("/calendar", ADMINS, calendar::pages::index),
    keeping("/calendar/hours", ADMINS, calendar::pages::update_hours),
    keeping("/calendar/hours/reset", ADMINS, calendar::pages::reset_hours),
    keeping("/calendar/holidays", ADMINS, calendar::pages::create_holiday),
    keeping("/calendar/holidays/{id}/remove", ADMINS, calendar::pages::delete_holiday),
    get("/time-off", LOGGERS, calendar::pages::time_off::index),
    keeping("/time-off", LOGGERS, calendar::pages::time_off::create),
    keeping("/time-off/{id}/remove", LOGGERS, calendar::pages::time_off::delete),
    get("/import", ADMINS, imports::pages::index),
    upload("/import", ADMINS, imports::pages::create),
    get("/import/{uid}", ADMINS, imports::pages::show),
    get("/import/{uid}/rejected", ADMINS, imports::pages::rejected),
    post("/import/{uid}/columns", ADMINS, imports::pages::set_columns),
    post("/import/{uid}/confirm", ADMINS, imports::pages::confirm),
    post("/import/{uid}/drop", ADMINS, imports::pages::delete),
];

/// The first place of one's role.
fn home(cx: &Cx) -> Answer {
    page::go_to(page::home(cx.me()?))
}
