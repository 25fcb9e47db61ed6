//! From start to stop: the timetable goes along, and what was accepted is finished.

use super::{health, run};
use crate::app::App;
use crate::jobs;
use actix_web::web::{self, Data};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// How long what was accepted may take when the program is told to stop, in seconds.
pub const GRACE_S: u64 = 20;
const GRACE: Duration = Duration::from_secs(GRACE_S);

/// How long the head of a request may take to come, from whomever.
pub const HEAD_PATIENCE: Duration = Duration::from_secs(5);

/// Serves until the program is told to stop, then finishes what it has accepted; told twice, it ends at once.
/// What is measured is served on an address of its own, if there is one.
pub async fn serve(
    app: Data<App>,
    listener: TcpListener,
    metrics: Option<TcpListener>,
) -> std::io::Result<()> {
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let mut signals = Signals::listen()?;
    let job = Arc::new(Mutex::new(()));
    let timetable = actix_web::rt::spawn(keep_time(app.clone(), job.clone()));
    let watched = metrics.map(|listener| health::run(app.clone(), listener));
    let watched = watched.transpose()?.map(|server| {
        let handle = server.handle();
        actix_web::rt::spawn(server);
        handle
    });
    let mut server = run(app.clone(), listener, workers)?;
    let handle = server.handle();
    let ended = tokio::select! {
        ended = &mut server => ended,
        signal = signals.next() => {
            app.stop();
            tracing::info!(signal, "stopping: what was accepted is finished first");
            // Heard at once; that all is finished is said by the server's own end.
            drop(handle.stop(true));
            let finished = async {
                let ended = (&mut server).await;
                // A copy at night may take longer than anybody waits: the next one clears what is left of it.
                let _ = tokio::time::timeout(GRACE, job.lock()).await;
                ended
            };
            tokio::select! {
                ended = finished => ended,
                _ = signals.next() => {
                    tracing::warn!("told twice: what is not finished is given up");
                    std::process::exit(1);
                }
            }
        }
    };
    timetable.abort();
    if job.try_lock().is_err() {
        tracing::warn!("the timetable's work is given up");
        std::process::exit(1);
    }
    if let Some(watched) = watched {
        watched.stop(false).await;
    }
    tracing::info!("stopped");
    ended
}

/// Runs the timetable now and every minute, until the program stops; `job` is held while it runs.
async fn keep_time(app: Data<App>, job: Arc<Mutex<()>>) {
    let mut minute = actix_web::rt::time::interval(Duration::from_secs(60));
    loop {
        minute.tick().await;
        let (app, held) = (app.clone(), job.clone().lock_owned().await);
        if app.is_stopping() {
            break;
        }
        let work = move || {
            let _held = held;
            jobs::run(&app);
        };
        // A job that panics takes nothing with it: the next minute tries again.
        let _ = web::block(work).await;
    }
}

/// What tells a program to stop.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    fn listen() -> std::io::Result<Signals> {
        Ok(Signals {})
    }

    async fn next(&mut self) -> &'static str {
        // Where it cannot be listened to, nothing is ever told.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        "Ctrl-C"
    }
}
