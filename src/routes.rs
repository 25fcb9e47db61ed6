//! The route table: every address, who may ask for it, and what answers.

use crate::app::{Around, Cx};
use crate::error::Result;
use crate::page::{self, Answer, Reply};
use crate::rules::access::{ADMINS, Access, LOGGERS, MANAGERS, MARKETERS, PEOPLE, READERS};
use crate::{
    activities, admin, api, calendar, card, definitions, design, device, erasure, followup, habit,
    habits, handover, handovers, held, imports, inbox, leads, ledger, lists, me, monday, outcomes,
    people, planner, record, search, service_levels, setup, shared_goals, signin, team, techniques,
    territories, today, watch,
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
    /// Whether it reads what grows with history: such pages are made a few at a time, so that logging never waits for
    /// them.
    pub is_report: bool,
    /// What its writes are wrapped in.
    pub around: Option<Around>,
    /// What answers where the handler found nothing that is the asker's, if anything does.
    pub lost: Option<Lost>,
}

/// Finds out whether something was the asker's, and gives back what they typed.
pub type Lost = fn(&Cx) -> Result<Option<Reply>>;

const fn route(method: Method, path: &'static str, who: Access, does: Handler) -> Route {
    Route {
        method,
        path,
        who,
        does,
        body: Body::Form,
        is_steady: false,
        is_report: false,
        around: None,
        lost: None,
    }
}

const fn get(path: &'static str, who: Access, does: Handler) -> Route {
    route(Method::GET, path, who, does)
}

const fn steady(path: &'static str, who: Access, does: Handler) -> Route {
    let mut route = get(path, who, does);
    route.is_steady = true;
    route
}

const fn report(path: &'static str, who: Access, does: Handler) -> Route {
    let mut route = steady(path, who, does);
    route.is_report = true;
    route
}

/// A report for programs: made in its turn, and anew each time, since whose it is a key may say.
const fn data(path: &'static str, who: Access, does: Handler) -> Route {
    let mut route = get(path, who, does);
    route.is_report = true;
    route
}

const fn post(path: &'static str, who: Access, does: Handler) -> Route {
    route(Method::POST, path, who, does)
}

/// A post about a lead: who lost it while they wrote gets what they typed back.
const fn about_lead(path: &'static str, who: Access, does: Handler) -> Route {
    let mut route = post(path, who, does);
    route.lost = Some(leads::gone::answer);
    route
}

/// A post about an entry of the log: as [`about_lead`], where the entry or its lead changed meanwhile.
const fn about_entry(path: &'static str, who: Access, does: Handler) -> Route {
    let mut route = post(path, who, does);
    route.lost = Some(activities::pages::lost);
    route
}

/// A post that may change calendars, teams or targets: verdicts of closed days stay as they were.
const fn keeping(path: &'static str, who: Access, does: Handler) -> Route {
    let mut route = post(path, who, does);
    route.around = Some(habit::keep_closed);
    route
}

const fn upload(path: &'static str, who: Access, does: Handler) -> Route {
    let mut route = post(path, who, does);
    route.body = Body::Files;
    route
}

#[rustfmt::skip]
pub static TABLE: &[Route] = &[
    get("/", PEOPLE, home),
    get("/setup", Access::BeforeSetUp, setup::form),
    post("/setup", Access::BeforeSetUp, setup::create),
    get("/sign-in", Access::Anyone, signin::pages::form),
    post("/sign-in", Access::Anyone, signin::pages::create),
    post("/sign-out", Access::Anyone, signin::pages::end_session),
    get("/sign-in/code", Access::Anyone, signin::pages::code::form),
    post("/sign-in/code", Access::Anyone, signin::pages::code::create),
    post("/sign-in/stop", Access::Anyone, signin::pages::code::stop),
    get("/welcome/{token}", Access::Anyone, signin::pages::welcome::form),
    post("/welcome/{token}", Access::Anyone, signin::pages::welcome::create),
    get("/me/sign-in", PEOPLE, signin::pages::devices::index),
    post("/me/sign-in/forget", PEOPLE, signin::pages::devices::forget),
    post("/me/sign-in/end-others", PEOPLE, signin::pages::devices::end_others),
    post("/me/sign-in/{id}/end", PEOPLE, signin::pages::devices::end_one),
    get("/me/api-keys", PEOPLE, signin::pages::keys::index),
    post("/me/api-keys", PEOPLE, signin::pages::keys::create),
    post("/me/api-keys/{id}/end", PEOPLE, signin::pages::keys::end_one),
    get("/me/second-factor", PEOPLE, signin::pages::factor::show),
    post("/me/second-factor/begin", PEOPLE, signin::pages::factor::begin),
    post("/me/second-factor/confirm", PEOPLE, signin::pages::factor::confirm),
    post("/me/second-factor/codes", PEOPLE, signin::pages::factor::renew_codes),
    post("/me/second-factor/end", PEOPLE, signin::pages::factor::end),
    get("/sign-in-rules", ADMINS, signin::pages::admin::rules),
    post("/sign-in-rules", ADMINS, signin::pages::admin::save_rules),
    get("/manifest.webmanifest", Access::Anyone, device::manifest),
    get("/sw.js", Access::Anyone, device::worker),
    steady("/today", LOGGERS, today::page),
    steady("/today/explain", LOGGERS, today::explain::page),
    get("/log", LOGGERS, activities::pages::form),
    about_lead("/log", LOGGERS, activities::pages::create),
    post("/log/queued", LOGGERS, activities::queued::create),
    get("/activities/{uid}", LOGGERS, activities::pages::edit_form),
    about_entry("/activities/{uid}", LOGGERS, activities::pages::edit),
    post("/activities/{uid}/remove", LOGGERS, activities::pages::remove),
    steady("/leads", PEOPLE, leads::pages::index),
    steady("/team", LOGGERS, team::page),
    steady("/team/entries", LOGGERS, team::entries_page),
    steady("/team/explain", LOGGERS, team::explain_page),
    steady("/team/rates", LOGGERS, team::rates_page),
    get("/team/peers", MANAGERS, team::peers_page),
    post("/team/peers", MANAGERS, team::create_peer),
    get("/team/screens", MANAGERS, team::screens_page),
    post("/team/screens", MANAGERS, team::create_screen),
    post("/team/screens/{id}/take-down", MANAGERS, team::take_down_screen),
    get("/wall/{token}", Access::Anyone, team::wall_page),
    steady("/habit/explain", LOGGERS, habit::explain::page),
    steady("/card", LOGGERS, card::own),
    post("/card", LOGGERS, card::choose),
    post("/card/word", LOGGERS, watch::pages::create_word),
    get("/watch-list", MANAGERS, watch::pages::index),
    get("/watch-list/explain", LOGGERS, watch::explain::page),
    steady("/people/{uid}/card", MANAGERS, card::theirs),
    post("/people/{uid}/card", MANAGERS, card::correct),
    report("/habits", MANAGERS, habits::index),
    get("/monday", PEOPLE, monday::pages::index),
    post("/monday", MANAGERS, monday::pages::create),
    get("/monday/{monday}", PEOPLE, monday::pages::show),
    get("/monday/{monday}/explain", PEOPLE, monday::explain::page),
    post("/monday/{monday}/commitments", READERS, monday::agreed::create),
    post("/commitments/{id}", PEOPLE, monday::agreed::settle_one),
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
    get("/shared-goals/explain", READERS, shared_goals::explain::page),
    post("/shared-goals", READERS, shared_goals::pages::create),
    post("/shared-goals/{id}/end", READERS, shared_goals::pages::finish),
    get("/planner", LOGGERS, planner::pages::index),
    report("/planner/explain", LOGGERS, planner::explain::page),
    post("/planner/goals", LOGGERS, planner::goals::create),
    post("/planner/goals/{uid}/share", LOGGERS, planner::goals::share),
    post("/planner/goals/{uid}/end", LOGGERS, planner::goals::end),
    report("/techniques", LOGGERS, techniques::pages::index),
    report("/techniques/explain", LOGGERS, techniques::explain::show),
    get("/me", PEOPLE, me::page),
    post("/me/password", PEOPLE, me::change_password),
    post("/me/keys", PEOPLE, me::set_letter_keys),
    get("/leads/new", MARKETERS, handover::fresh::form),
    post("/leads/new", MARKETERS, handover::fresh::create),
    get("/leads/ready", MARKETERS, handover::ready::index),
    get("/leads/{uid}/edit", PEOPLE, handover::edit::form),
    get("/leads/{uid}/erase", ADMINS, erasure::pages::lead_form),
    post("/leads/{uid}/erase", ADMINS, erasure::pages::create_lead),
    about_lead("/leads/{uid}/edit", PEOPLE, handover::edit::update),
    get("/leads/{uid}/signals", PEOPLE, leads::signals::form::show),
    about_lead("/leads/{uid}/signals", PEOPLE, leads::signals::form::create),
    get("/lead-score", PEOPLE, leads::score::pages::index),
    post("/lead-score", READERS, leads::score::pages::create),
    get("/lead-score/signals", PEOPLE, leads::signals::pages::index),
    post("/lead-score/signals", READERS, leads::signals::pages::create),
    post("/lead-score/signals/{id}", READERS, leads::signals::pages::retire),
    post("/leads/bulk", PEOPLE, handover::bulk::create),
    get("/leads/{uid}", PEOPLE, handover::pages::show),
    about_lead("/leads/{uid}/events", PEOPLE, handover::pages::record),
    about_lead("/leads/{uid}/assign", LOGGERS, handover::pages::assign),
    post("/leads/{uid}/hand-over", MARKETERS, handover::pages::again),
    about_lead("/leads/{uid}/re-route", LOGGERS, handover::pages::reroute),
    get("/people/{uid}/leads", MANAGERS, handover::leaver::page),
    post("/people/{uid}/leads", MANAGERS, handover::leaver::confirm),
    get("/territories", MANAGERS, territories::pages::index),
    post("/territories", MANAGERS, territories::pages::create_territory),
    get("/territories/try", MANAGERS, territories::trial::page),
    get("/territories/rota", MANAGERS, territories::pages::rota),
    post("/territories/rota", MANAGERS, territories::pages::update_rota),
    get("/territories/rules/new", MANAGERS, territories::pages::new_rule),
    post("/territories/rules", MANAGERS, territories::pages::create_rule),
    get("/territories/rules/{id}", MANAGERS, territories::pages::edit_rule),
    post("/territories/rules/{id}", MANAGERS, territories::pages::update_rule),
    post("/territories/rules/{id}/up", MANAGERS, territories::pages::raise),
    post("/territories/rules/{id}/down", MANAGERS, territories::pages::lower),
    post("/territories/rules/{id}/retire", MANAGERS, territories::pages::retire),
    post("/leads/{uid}/answer", MARKETERS, handover::words::answer_rejection),
    about_lead("/leads/{uid}/settle", LOGGERS, handover::words::settle),
    about_lead("/leads/{uid}/questions", PEOPLE, handover::words::ask),
    about_lead("/leads/{uid}/questions/take-back", PEOPLE, handover::words::take_back),
    about_lead("/leads/{uid}/rating", LOGGERS, handover::words::rate),
    report("/hand-overs", PEOPLE, handovers::index),
    report("/hand-overs/explain", PEOPLE, handovers::explain),
    get("/hand-overs/{uid}", PEOPLE, handover::receipt::show),
    get("/hand-overs/{uid}/explain", PEOPLE, handover::explain::page),
    report("/follow-up", READERS, followup::pages::index),
    report("/follow-up/legs", READERS, followup::legs_page::index),
    report("/follow-up/persistence", READERS, followup::persistence_page::index),
    report("/follow-up/explain", READERS, followup::explain::speed),
    report("/follow-up/legs/explain", READERS, followup::explain::legs),
    report("/follow-up/persistence/explain", READERS, followup::explain::persistence),
    report("/outcomes", READERS, outcomes::pages::index),
    report("/outcomes/quality", READERS, outcomes::sheet::quality),
    report("/outcomes/reasons", READERS, outcomes::sheet::reasons),
    report("/outcomes/value", READERS, outcomes::sheet::value),
    report("/outcomes/scores", READERS, outcomes::sheet::scores),
    report("/outcomes/content", READERS, outcomes::sheet::content),
    report("/outcomes/speed", READERS, outcomes::sheet::speed),
    report("/outcomes/explain", READERS, outcomes::explain::show),
    report("/service-levels", READERS, service_levels::pages::index),
    report("/service-levels/explain", READERS, service_levels::explain::show),
    data("/api/reports/follow-up-speed", READERS, api::follow_up_speed),
    data("/api/reports/leaderboard", LOGGERS, api::leaderboard),
    data("/api/reports/outcomes", READERS, api::outcomes),
    data("/api/reports/habits", LOGGERS, api::habits),
    get("/definitions", PEOPLE, definitions::pages::index),
    post("/definitions", READERS, leads::score::agreement::begin_draft),
    get("/definitions/compare", PEOPLE, definitions::pages::compare::page),
    get("/definitions/draft", READERS, definitions::pages::draft::form),
    post("/definitions/draft", READERS, definitions::pages::draft::update),
    post("/definitions/draft/sign", READERS, definitions::pages::draft::sign_draft),
    post("/definitions/draft/drop", READERS, definitions::pages::draft::remove),
    post("/definitions/heads", ADMINS, definitions::pages::set_heads),
    get("/definitions/{number}", PEOPLE, definitions::pages::show),
    get("/search", PEOPLE, search::index),
    steady("/inbox", PEOPLE, inbox::pages::index),
    post("/inbox/read", PEOPLE, inbox::pages::mark_all),
    get("/inbox/kinds", PEOPLE, inbox::pages::kinds),
    post("/inbox/kinds", PEOPLE, inbox::pages::choose_kinds),
    post("/inbox/{id}", PEOPLE, inbox::pages::open),
    get("/people", ADMINS, people::pages::index),
    keeping("/people", ADMINS, people::pages::create),
    get("/people/new", ADMINS, people::pages::new),
    get("/people/{uid}", ADMINS, people::pages::person::show),
    keeping("/people/{uid}", ADMINS, people::pages::person::update),
    keeping("/people/{uid}/teams", ADMINS, people::pages::person::change_teams),
    report("/me/data", PEOPLE, held::own),
    report("/people/{uid}/data", ADMINS, held::theirs),
    get("/people/{uid}/erase", ADMINS, erasure::pages::form),
    keeping("/people/{uid}/erase", ADMINS, erasure::pages::create),
    keeping("/people/{uid}/link", ADMINS, people::pages::link::create),
    keeping("/people/links/{id}/revoke", ADMINS, people::pages::link::revoke),
    keeping("/people/{uid}/sign-out", ADMINS, signin::pages::admin::sign_out),
    keeping("/people/{uid}/second-factor/reset", ADMINS, signin::pages::admin::reset_factor),
    keeping("/people/{uid}/left", ADMINS, people::pages::person::mark_left),
    keeping("/people/{uid}/return", ADMINS, people::pages::person::mark_returned),
    keeping("/teams", ADMINS, people::pages::team::create),
    get("/teams/new", ADMINS, people::pages::team::new),
    get("/teams/{id}", ADMINS, people::pages::team::show),
    keeping("/teams/{id}", ADMINS, people::pages::team::update),
    keeping("/teams/{id}/retire", ADMINS, people::pages::team::retire),
    get("/workspace", ADMINS, people::pages::workspace::show),
    keeping("/workspace", ADMINS, people::pages::workspace::update),
    get("/reasons", ADMINS, lists::reasons::index),
    post("/reasons", ADMINS, lists::reasons::create),
    post("/reasons/{id}", ADMINS, lists::reasons::update),
    get("/admin", ADMINS, admin::index),
    get("/stages", ADMINS, admin::stages::show),
    post("/stages", ADMINS, admin::stages::update),
    get("/retention", ADMINS, admin::retention::show),
    post("/retention", ADMINS, admin::retention::update),
    get("/record", ADMINS, record::index),
    get("/kinds", ADMINS, lists::kind_pages::index),
    post("/kinds", ADMINS, lists::kind_pages::create),
    get("/kinds/{id}", ADMINS, lists::kind_pages::show),
    post("/kinds/{id}", ADMINS, lists::kind_pages::update),
    post("/kinds/{id}/outcomes", ADMINS, lists::kind_pages::create_outcome),
    post("/kinds/{id}/outcomes/{outcome}", ADMINS, lists::kind_pages::update_outcome),
    get("/lists/{list}", ADMINS, lists::labels::index),
    post("/lists/{list}", ADMINS, lists::labels::create),
    post("/lists/{list}/{id}", ADMINS, leads::score::renamed::update),
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
