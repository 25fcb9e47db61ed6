//! What changes with each commit, by whatever program.

use super::Conn;
use super::pool::Manager;
use crate::clock::Stopwatch;
use crate::error::{Error, Result};
use diesel::prelude::*;
use diesel::r2d2::ManageConnection;
use diesel::sql_types::SqlType;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, oneshot};

#[derive(SqlType)]
#[diesel(postgres_type(name = "pg_snapshot"))]
pub struct Snapshot;

#[diesel::declare_sql_function]
extern "SQL" {
    /// Which transactions had ended.
    fn pg_current_snapshot() -> Snapshot;
    /// PostgreSQL's cast to text, which any type has.
    fn text(snapshot: Snapshot) -> Text;
}

diesel::table! {
    /// SQLite's count of what other connections committed, read like a table so that the query is prepared once.
    pragma_data_version (data_version) {
        data_version -> BigInt,
    }
}

/// SQLite's is of one connection.
fn version(conn: &mut Conn) -> Result<String> {
    match conn {
        Conn::Sqlite(c) => {
            let number: i64 = pragma_data_version::table
                .select(pragma_data_version::data_version)
                .first(c)?;
            Ok(number.to_string())
        }
        // Put together by the query builder, so that it is prepared once.
        Conn::Postgres(c) => Ok(diesel::select(text(pg_current_snapshot())).get_result(c)?),
    }
}

/// Who knows the version, over a connection of its own.
pub enum Watcher {
    /// It is in this process: whoever asks reads it.
    Sqlite(Mutex<Conn>),
    /// It is over a network.
    Postgres(Far),
}

impl Watcher {
    pub fn new(manager: Manager) -> Result<Watcher> {
        let conn = manager.connect().map_err(Error::internal)?;
        if let Conn::Sqlite(_) = conn {
            return Ok(Watcher::Sqlite(Mutex::new(conn)));
        }
        let mut kept = Some(conn);
        Ok(Watcher::Postgres(Far::new(move || {
            let mut conn = match kept.take() {
                Some(conn) => conn,
                None => manager.connect().map_err(|_| super::silent())?,
            };
            let answer = version(&mut conn)?;
            kept = Some(conn);
            Ok(answer)
        })))
    }

    /// The version after this was called.
    pub fn ask(&self) -> Result<String> {
        match self {
            Watcher::Sqlite(conn) => {
                version(&mut conn.lock().unwrap_or_else(PoisonError::into_inner))
            }
            Watcher::Postgres(far) => {
                let answer = far.questions.ask().blocking_recv();
                answer.unwrap_or_else(|_| Err(super::silent()))
            }
        }
    }

    /// As [`Watcher::ask`], where nobody's thread needs to wait for it; a moment of [`FRESH_S`] may lack what other programs
    /// committed in it.
    pub async fn ask_at_ease(&self) -> Option<String> {
        match self {
            Watcher::Sqlite(conn) => version(&mut *conn.try_lock().ok()?).ok(),
            Watcher::Postgres(far) => far.ask_at_ease().await,
        }
    }

    /// This program has committed something.
    pub fn move_on(&self) {
        if let Watcher::Postgres(far) = self {
            far.commits.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// How long an answer from PostgreSQL is good for whoever comes next, unless this program commits something: less than it
/// takes a browser to hear of what it saved and to ask again, were it another program that saved it.
const FRESH_S: f64 = 0.001;

/// One question is on its way at a time, for all who ask.
pub struct Far {
    questions: Questions,
    /// How many transactions this program has committed.
    commits: AtomicU64,
    told: Mutex<Option<Told>>,
}

/// An answer, with what held when it was asked for.
struct Told {
    version: String,
    since: Stopwatch,
    commits: u64,
}

impl Far {
    fn new(question: impl FnMut() -> Result<String> + Send + 'static) -> Far {
        Far {
            questions: Questions::answered_by(question),
            commits: AtomicU64::new(0),
            told: Mutex::new(None),
        }
    }

    async fn ask_at_ease(&self) -> Option<String> {
        let (since, commits) = (Stopwatch::start(), self.commits.load(Ordering::SeqCst));
        if let Some(told) = &*self.told()
            && told.commits == commits
            && told.since.seconds() < FRESH_S
        {
            return Some(told.version.clone());
        }
        let version = self.questions.ask().await.ok()?.ok()?;
        *self.told() = Some(Told {
            version: version.clone(),
            since,
            commits,
        });
        Some(version)
    }

    fn told(&self) -> MutexGuard<'_, Option<Told>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks on a thread of its own, which ends when this is dropped. Whoever comes while a question is on its way waits for the
/// next one, so that nobody gets an answer from before they asked.
pub struct Questions(mpsc::UnboundedSender<oneshot::Sender<Result<String>>>);

impl Questions {
    fn answered_by(mut question: impl FnMut() -> Result<String> + Send + 'static) -> Questions {
        let (sender, mut receiver) = mpsc::unbounded_channel::<oneshot::Sender<_>>();
        std::thread::spawn(move || {
            while let Some(first) = receiver.blocking_recv() {
                let mut waiting = vec![first];
                while let Ok(next) = receiver.try_recv() {
                    waiting.push(next);
                }
                let answer = question();
                for one in waiting {
                    // Who is gone needs no answer.
                    let _ = one.send(answer.clone());
                }
            }
        });
        Questions(sender)
    }

    fn ask(&self) -> oneshot::Receiver<Result<String>> {
        let (sender, receiver) = oneshot::channel();
        // Where nobody answers any more, the receiver says so.
        let _ = self.0.send(sender);
        receiver
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

    #[test]
    fn nobody_gets_an_answer_from_before_they_asked() {
        let clock = Arc::new(AtomicU64::new(0));
        let its = clock.clone();
        let questions = Questions::answered_by(move || Ok(its.load(SeqCst).to_string()));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        let before = clock.fetch_add(1, SeqCst);
                        let answer = questions.ask().blocking_recv().unwrap();
                        let seen: u64 = answer.unwrap().parse().unwrap();
                        assert!(seen > before, "{seen} was asked before {before}");
                    }
                });
            }
        });
    }

    #[test]
    fn what_this_program_commits_is_never_missed() {
        let clock = Arc::new(AtomicU64::new(0));
        let its = clock.clone();
        let far = Far::new(move || Ok(its.load(SeqCst).to_string()));
        let runtime = actix_web::rt::Runtime::new().unwrap();
        for number in 1..500u64 {
            clock.store(number, SeqCst);
            far.commits.fetch_add(1, SeqCst);
            let told = runtime.block_on(far.ask_at_ease());
            assert_eq!(told, Some(number.to_string()));
        }
    }

    #[test]
    fn after_a_question_that_fails_the_next_one_is_asked() {
        let mut times = 0;
        let questions = Questions::answered_by(move || {
            times += 1;
            match times {
                1 => Err(Error::NotFound),
                _ => Ok("7".to_owned()),
            }
        });
        let ask = || questions.ask().blocking_recv().unwrap();
        assert!(ask().is_err());
        assert_eq!(ask().unwrap(), "7");
    }
}
