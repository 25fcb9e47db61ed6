//! The route table: every address, who may ask for it, and what answers.

use crate::app::Cx;
use crate::page::{self, Answer};
use crate::rules::access::{ADMINS, Access, LOGGERS, MANAGERS, MARKETERS, PEOPLE, READERS};
use crate::{
    activities, calendar, design, device, followup, handover, imports, leads, ledger, me, outcomes,
    people, planner, search, setup, shared_goals, signin, team, techniques, today,
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
}

const fn get(path: &'static str, who: Access, does: Handler) -> Route {
    Route {
        method: Method::GET,
        path,
        who,
        does,
        body: Body::Form,
        is_steady: false,
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
    get("/targets", LOGGERS, ledger::index),
    post("/targets", MANAGERS, ledger::create),
    get("/targets/matrix", MANAGERS, ledger::matrix_page),
    post("/targets/matrix", MANAGERS, ledger::save_matrix),
    get("/targets/cell", MANAGERS, ledger::cell_page),
    post("/targets/copy", MANAGERS, ledger::copy),
    get("/targets/ramp", MANAGERS, ledger::ramp_form),
    post("/targets/ramp", MANAGERS, ledger::create_ramp),
    get("/targets/score", LOGGERS, ledger::score_page),
    post("/targets/score", ADMINS, ledger::update_score),
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
    get("/leads/{uid}", PEOPLE, handover::pages::show),
    post("/leads/{uid}/events", PEOPLE, handover::pages::record),
    post("/leads/{uid}/assign", LOGGERS, handover::pages::assign),
    post("/leads/{uid}/hand-over", MARKETERS, handover::pages::again),
    steady("/follow-up", READERS, followup::pages::index),
    steady("/outcomes", READERS, outcomes::pages::index),
    get("/search", PEOPLE, search::index),
    get("/people", ADMINS, people::pages::index),
    post("/people", ADMINS, people::pages::create),
    get("/people/new", ADMINS, people::pages::new),
    get("/people/{uid}", ADMINS, people::pages::person::show),
    post("/people/{uid}", ADMINS, people::pages::person::update),
    post("/people/{uid}/teams", ADMINS, people::pages::person::change_teams),
    post("/people/{uid}/password", ADMINS, people::pages::person::change_password),
    post("/people/{uid}/left", ADMINS, people::pages::person::mark_left),
    post("/people/{uid}/return", ADMINS, people::pages::person::mark_returned),
    post("/teams", ADMINS, people::pages::team::create),
    get("/teams/new", ADMINS, people::pages::team::new),
    get("/teams/{id}", ADMINS, people::pages::team::show),
    post("/teams/{id}", ADMINS, people::pages::team::update),
    get("/workspace", ADMINS, people::pages::workspace::show),
    post("/workspace", ADMINS, people::pages::workspace::update),
    get("/design", ADMINS, design::page),
    get("/calendar", ADMINS, calendar::pages::index),
    post("/calendar/workspace", ADMINS, calendar::pages::update_workspace),
    post("/calendar/hours", ADMINS, calendar::pages::update_hours),
    post("/calendar/hours/reset", ADMINS, calendar::pages::reset_hours),
    post("/calendar/holidays", ADMINS, calendar::pages::create_holiday),
    post("/calendar/holidays/{id}/remove", ADMINS, calendar::pages::delete_holiday),
    get("/time-off", LOGGERS, calendar::pages::time_off::index),
    post("/time-off", LOGGERS, calendar::pages::time_off::create),
    post("/time-off/{id}/remove", LOGGERS, calendar::pages::time_off::delete),
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
