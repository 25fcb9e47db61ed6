//! HTTP: reads a request to its end, runs its handler once on the blocking pool, sends the answer.

mod favicon;
mod health;
mod incoming;
mod life;
mod outgoing;
mod recent;
mod refusal;
mod trace;
mod way_back;

pub use life::serve;

use crate::api;
use crate::app::{App, Cx, Incoming};
use crate::assets;
use crate::calendar::Calendars;
use crate::error::{Error, Result};
use crate::inbox;
use crate::page::{self, Reply};
use crate::people::Directory;
use crate::routes::{Body, Route, TABLE};
use crate::rules::access::Gate;
use crate::signin;
use crate::style;
use crate::value::Instant;
use actix_web::dev::Service;
use actix_web::http::header;
use actix_web::middleware::Compress;
use actix_web::web::{self, Data, Payload};
use actix_web::{HttpRequest, HttpResponse, HttpServer, guard};
use outgoing::{headers, plain, send};
use recent::{Asked, Moment, Recent, steady_at_ease, tag, unless_known};
use refusal::{our_fault, refuse};
use std::future::ready;
use std::net::TcpListener;
use std::sync::Arc;
use tokio::sync::Semaphore;
use trace::{Ids, Trace};

/// What all requests share.
struct Shared {
    recent: Recent,
    /// Turns for reports, on half of the cores: whoever logs has the others.
    reports: Arc<Semaphore>,
    /// Turns for uploads, each of which is held in memory as it comes.
    uploads: Arc<Semaphore>,
}

/// So many uploads come at once.
const UPLOADS_AT_ONCE: usize = 4;

impl Shared {
    fn new(cores: usize) -> Shared {
        Shared {
            recent: Recent::default(),
            reports: Arc::new(Semaphore::new((cores / 2).max(1))),
            uploads: Arc::new(Semaphore::new(UPLOADS_AT_ONCE)),
        }
    }
}

/// The routes, those whose path is a word before those with a name in it, which take a search to match.
fn in_order() -> impl Iterator<Item = &'static Route> {
    let is_word = |route: &&Route| !route.path.contains('{');
    let words = TABLE.iter().filter(is_word);
    words.chain(TABLE.iter().filter(move |route| !is_word(route)))
}

/// Starts the server; the future it returns ends when the server does.
pub fn run(
    app: Data<App>,
    listener: TcpListener,
    workers: usize,
) -> std::io::Result<actix_web::dev::Server> {
    let is_https = app.config.is_https();
    let shared = Data::new(Shared::new(workers));
    let ids = Arc::new(Ids::default());
    let server = HttpServer::new(move || {
        let (traced, ids) = (app.clone(), ids.clone());
        let mut service = actix_web::App::new()
            .app_data(app.clone())
            .app_data(shared.clone())
            .wrap(headers(is_https))
            .wrap(Compress::default())
            .wrap_fn(move |request, service| {
                let trace = Trace::begin(&request, &traced, &ids);
                let answer = service.call(request);
                async move {
                    let mut answer = answer.await?;
                    trace.end(&mut answer);
                    Ok(answer)
                }
            })
            .route("/static/{path:.*}", web::get().to(static_file))
            .route("/static/{path:.*}", web::head().to(static_file))
            .configure(favicon::routes)
            .route("/healthz", web::get().to(health::healthz))
            .route("/healthz", web::head().to(health::healthz))
            .route("/readyz", web::get().to(health::readyz))
            .route("/readyz", web::head().to(health::readyz))
            .default_service(web::to(nowhere));
        for route in in_order() {
            let method = route.method.clone();
            let matches = guard::fn_guard(move |ctx| {
                ctx.head().method == method || (method == "GET" && ctx.head().method == "HEAD")
            });
            let handler = move |app: Data<App>,
                                shared: Data<Shared>,
                                request: HttpRequest,
                                payload: Payload| {
                answer(app, shared, Some(route), request, payload)
            };
            service = service.route(route.path, web::route().guard(matches).to(handler));
            if let Some(page) = way_back::page_of(route.path) {
                let back =
                    move |request: HttpRequest| ready(way_back::go(page, route.path, &request));
                service = service.route(route.path, web::get().to(back));
            }
        }
        service
    });
    let server = server
        .workers(workers)
        .disable_signals()
        .client_request_timeout(life::HEAD_PATIENCE)
        .shutdown_timeout(life::GRACE_S)
        .listen(listener)?;
    Ok(server.run())
}

async fn static_file(request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    trace::name(&request, "/static/{path}");
    match assets::find(&path) {
        Some(asset) => HttpResponse::Ok()
            .content_type(asset.content_type)
            .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
            .body(asset.bytes.as_slice()),
        None => HttpResponse::NotFound().finish(),
    }
}

async fn nowhere(
    app: Data<App>,
    shared: Data<Shared>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    answer(app, shared, None, request, payload).await
}

/// One request from start to end.
async fn answer(
    app: Data<App>,
    shared: Data<Shared>,
    route: Option<&'static Route>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    if let Some(route) = route {
        trace::name(&request, route.path);
    }
    // Asked before anything else is read, so that no page is kept for longer than it is true.
    let steady = steady_at_ease(&app, route, &request).await;
    let known_tag = incoming::known_tag(&request);
    if let Some(reply) = shared.recent.again(steady.as_ref(), known_tag.as_deref()) {
        return send(reply, incoming::is_https(&request));
    }
    let is_cross_site = request.method().as_str() != "GET"
        && request.method().as_str() != "HEAD"
        && !incoming::is_same_origin(request.headers(), &app);
    let body = body_to_read(&app, route, &request, is_cross_site).await;
    let upload = match body {
        Some(Body::Files) => shared.uploads.clone().acquire_owned().await.ok(),
        _ => None,
    };
    let incoming = match incoming::read_in_time(&request, payload, body, app.patience).await {
        Ok(incoming) => incoming,
        Err(unread) => return unread,
    };
    let is_https = incoming.is_https;
    let id = incoming.id.clone();
    let turn = match route {
        Some(route) if route.is_report => shared.reports.clone().acquire_owned().await.ok(),
        _ => None,
    };
    let work = web::block(move || {
        let reply = respond(
            &app,
            (&shared.recent, steady),
            route,
            incoming,
            is_cross_site,
        );
        drop((turn, upload));
        reply
    });
    let work = work.await;
    let reply = work.unwrap_or_else(|_| {
        tracing::error!(request = id, "a handler did not end");
        plain(500, &our_fault(&id))
    });
    send(reply, is_https)
}

/// What is read of a request besides its head: files from who may send them only, since a stranger's would fill the memory.
async fn body_to_read(
    app: &Data<App>,
    route: Option<&'static Route>,
    request: &HttpRequest,
    is_cross_site: bool,
) -> Option<Body> {
    let Some(route) = route.filter(|route| matches!(route.body, Body::Files)) else {
        return Some(Body::Form);
    };
    let (app, session) = (app.clone(), incoming::session(request));
    let is_welcome = web::block(move || is_welcome(&app, route, session.as_deref()));
    let is_welcome = matches!(is_welcome.await, Ok(Ok(true)));
    (is_welcome && !is_cross_site).then_some(Body::Files)
}

/// Sends a page of this very moment again; or finds out who asks, lets them through the gate, runs the handler; an error
/// becomes a page.
fn respond(
    app: &App,
    (recent, steady): (&Recent, Option<(Moment, Asked)>),
    route: Option<&Route>,
    request: Incoming,
    is_cross_site: bool,
) -> Reply {
    let now = app.clock.now();
    let id = request.id.clone();
    let steady = match route {
        Some(route) if route.is_steady => steady.or_else(|| recent::steady(app, &request, now)),
        _ => None,
    };
    let known_tag = request.if_none_match.clone();
    if let Some(reply) = recent.again(steady.as_ref(), known_tag.as_deref()) {
        return reply;
    }
    let path = request.path.clone();
    let cx = match context(app, request, now) {
        Ok(cx) => Cx {
            around: route.and_then(|route| route.around),
            ..cx
        },
        Err(error) => return refuse(None, (&path, &id), error),
    };
    style::call_stages(&cx.workspace.stage_names);
    let mut reply = style::within(cx.workspace.style, || {
        handle(&cx, route, is_cross_site)
            .unwrap_or_else(|error| refuse(Some(&cx), (&path, &id), error))
    });
    match steady {
        Some((moment, asked)) if reply.status == 200 => {
            reply.tag = Some(tag(&reply.body));
            recent.keep(moment, asked, &reply);
            unless_known(reply, known_tag.as_deref())
        }
        _ => reply,
    }
}

fn context(app: &App, request: Incoming, now: Instant) -> Result<Cx<'_>> {
    let (kept, who, unread) = match &request.key {
        Some(key) => {
            let (kept, who) = signin::begin_with_key(app, key, now)?;
            (kept, who, 0)
        }
        None => signin::begin_request(app, request.session.as_deref(), now)?,
    };
    let directory: Arc<Directory> = app.reference(kept)?;
    let is_quiet = match &who {
        Some(me) if unread > 0 => inbox::is_quiet(&*app.reference::<Calendars>(kept)?, me, now),
        _ => true,
    };
    let asker = who.as_ref().map(|me| me.id);
    Ok(Cx {
        app,
        now,
        kept,
        workspace: directory.workspace.clone(),
        request,
        lacks_second_factor: asker.is_some_and(|id| directory.lacks_second_factor(id)),
        who,
        news: if is_quiet { 0 } else { unread },
        around: None,
    })
}

/// Whether who asks may send files to a route.
fn is_welcome(app: &App, route: &Route, session: Option<&str>) -> Result<bool> {
    let (kept, who, _) = signin::begin_request(app, session, app.clock.now())?;
    let directory: Arc<Directory> = app.reference(kept)?;
    let role = who.map(|me| me.role);
    Ok(route.who.gate(role, directory.workspace.is_set_up) == Gate::Open)
}

fn handle(cx: &Cx, route: Option<&Route>, is_cross_site: bool) -> Result<Reply> {
    let route = route.ok_or(Error::NotFound)?;
    if is_cross_site {
        return Err(Error::Forbidden);
    }
    if cx.request.key.is_some() && cx.who.is_none() {
        return api::wrong_key(cx);
    }
    match route
        .who
        .gate(cx.who.as_ref().map(|me| me.role), cx.workspace.is_set_up)
    {
        Gate::Open if cx.lacks_second_factor && !signin::is_before_factor(route.path) => {
            match api::is_at(route.path) {
                true => Ok(api::lacks_factor(cx)),
                false => page::go_to(signin::FACTOR_PAGE),
            }
        }
        Gate::Open => match ((route.does)(cx), route.lost) {
            (Err(error @ (Error::NotFound | Error::Forbidden)), Some(lost)) => {
                lost(cx)?.ok_or(error)
            }
            (answer, _) => answer,
        },
        Gate::SignIn => Err(Error::SignIn),
        Gate::Forbidden => Err(Error::Forbidden),
        Gate::NotFound => Err(Error::NotFound),
    }
}
