//! One request as an operator sees it: its id, one line in the log, and what it adds to what is measured. It is known
//! by its row of the route table: no address, no query and no person gets in here.

use super::incoming;
use crate::app::App;
use crate::clock::Stopwatch;
use crate::meter::{Asked, InFlight};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest};
use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The answer's header with the request's id.
const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// What is noted where the asker was gone before the answer.
const GONE: u16 = 499;

/// Gives requests their names, no two alike, also over restarts.
pub struct Ids {
    run: String,
    next: AtomicU64,
}

impl Default for Ids {
    fn default() -> Ids {
        let random = uuid::Uuid::new_v4().simple().to_string();
        Ids {
            run: random[..8].to_owned(),
            next: AtomicU64::new(1),
        }
    }
}

/// One request, noted when it is dropped.
pub struct Trace {
    app: Data<App>,
    note: Rc<Note>,
    method: &'static str,
    watch: Stopwatch,
    status: u16,
    _in_flight: InFlight,
}

struct Note {
    id: String,
    route: Cell<&'static str>,
}

impl Trace {
    pub fn begin(request: &ServiceRequest, app: &Data<App>, ids: &Ids) -> Trace {
        let given = incoming::given_id(request.request());
        let id = given.unwrap_or_else(|| {
            let number = ids.next.fetch_add(1, Ordering::Relaxed);
            format!("{}-{number}", ids.run)
        });
        let note = Rc::new(Note {
            id,
            route: Cell::new("none"),
        });
        request.extensions_mut().insert(note.clone());
        Trace {
            app: app.clone(),
            note,
            method: word(request.method()),
            watch: Stopwatch::start(),
            status: GONE,
            _in_flight: app.meter.begin(),
        }
    }

    /// Notes how it was answered, and puts its id on the answer.
    pub fn end<B>(mut self, answer: &mut ServiceResponse<B>) {
        self.status = answer.status().as_u16();
        if let Ok(id) = HeaderValue::from_str(&self.note.id) {
            answer.headers_mut().insert(HEADER, id);
        }
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        let (method, route, status) = (self.method, self.note.route.get(), self.status);
        let seconds = self.watch.seconds();
        let asked = Asked { method, route };
        self.app.meter.answered(asked, status, seconds);
        let ms = (seconds * 1e6).round() / 1e3;
        tracing::info!(
            request = self.note.id,
            method,
            route,
            status,
            ms,
            "answered"
        );
    }
}

/// Says by which row of the table a request is answered.
pub fn name(request: &HttpRequest, route: &'static str) {
    if let Some(note) = request.extensions().get::<Rc<Note>>() {
        note.route.set(route);
    }
}

/// The id of a request; empty for one that nobody traces.
pub fn id(request: &HttpRequest) -> String {
    let extensions = request.extensions();
    let note = extensions.get::<Rc<Note>>();
    note.map(|note| note.id.clone()).unwrap_or_default()
}

/// Strangers may send any method: what is measured stays bounded.
fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}
