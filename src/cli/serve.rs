//! `touchline serve`: the web app, on the database of the settings or on the demo's.

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::keeping::nightly;
use crate::value::Instant;
use crate::{demo, secret, server};
use actix_web::web::Data;
use clap::Args;
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};

#[derive(Args)]
pub struct Command {
    /// Show a made-up team on a throw-away database, whatever database is set
    #[arg(long)]
    demo: bool,
    /// Let the demo's clock stand still at this instant, for pictures: 2026-03-04T14:30:00Z
    #[arg(long, requires = "demo", value_parser = instant)]
    now: Option<Instant>,
}

fn instant(text: &str) -> Result<Instant, String> {
    Instant::parse(text).ok_or_else(|| "use an instant such as 2026-03-04T14:30:00Z".to_owned())
}

impl Command {
    pub fn is_demo(&self) -> bool {
        self.demo
    }
}

/// Where the web app is served, and what is measured, if anywhere.
struct Listeners {
    site: TcpListener,
    metrics: Option<TcpListener>,
}

/// The addresses are taken before the database is touched: a second program that was started by mistake changes nothing.
pub fn run(config: Config, command: &Command) -> Result<()> {
    let metrics = config
        .metrics_listen
        .map(|at| bind(at, "--metrics-listen or TOUCHLINE_METRICS_LISTEN"));
    let listeners = Listeners {
        site: bind(config.listen, "--listen or TOUCHLINE_LISTEN")?,
        metrics: metrics.transpose()?,
    };
    if !command.demo {
        warn_of_readers(&config);
        return serve(App::new(config, Clock::Wall)?, listeners);
    }
    let clock = command.now.map_or(Clock::Wall, Clock::set_to);
    eprintln!("Making up half a year of a team's work ...");
    // The folder goes last, after the app has let go of the database in it.
    let (app, _folder) = demo::open(config, clock)?;
    serve(app, listeners)
}

/// The server asks for a password in a way that does not tell it, but whoever reads along sees every row.
fn warn_of_readers(config: &Config) {
    if config.database_url.is_open_to_readers() {
        tracing::warn!(
            "the database is on another machine, and what is said to it may be read on the way: \
             add sslmode=require to the database URL, or verify-full with the server's certificate, if it is not a network of yours alone"
        );
    }
}

/// Takes an address, or says why it cannot be had and by which setting to choose another.
fn bind(address: SocketAddr, setting: &str) -> Result<TcpListener> {
    TcpListener::bind(address).map_err(|cause| {
        let why = match cause.kind() {
            ErrorKind::AddrInUse => "another program listens there".to_owned(),
            ErrorKind::PermissionDenied => "this user may not".to_owned(),
            ErrorKind::AddrNotAvailable => "this machine has no such address".to_owned(),
            _ => cause.to_string(),
        };
        let sentence = format!("cannot listen on {address}: {why}. Choose another with {setting}");
        Error::Unavailable(sentence)
    })
}

fn serve(app: App, listeners: Listeners) -> Result<()> {
    app.db.must_be_writable()?;
    let address = listeners.site.local_addr().map_err(Error::internal)?;
    let shown = app
        .config
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{address}"));
    eprintln!("Touchline is at {shown}");
    if let Some(metrics) = &listeners.metrics {
        let address = metrics.local_addr().map_err(Error::internal)?;
        eprintln!("What is measured is at http://{address}/metrics");
    }
    if !app.db.read(crate::people::workspace)?.is_set_up {
        let code = setup_code()?;
        eprintln!("Open it and set it up with this code: {code}");
        if let Ok(mut slot) = app.setup_code.lock() {
            *slot = Some(code);
        }
    }
    for login in &app.demo {
        eprintln!(
            "Sign in as {} ({}): {} / {}",
            login.name, login.role, login.email, login.password
        );
    }
    nightly::warn_of_none(&app);
    nightly::warn_of_no_room(&app);
    actix_web::rt::System::new()
        .block_on(server::serve(
            Data::new(app),
            listeners.site,
            listeners.metrics,
        ))
        .map_err(Error::internal)
}

/// Ten characters in two groups: enough not to be guessed, short enough to be typed.
fn setup_code() -> Result<String> {
    let token = secret::token()?.to_uppercase();
    Ok(format!("{}-{}", &token[..5], &token[5..10]))
}
