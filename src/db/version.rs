//! What changes with each commit, by whatever program; asked once for all who ask at once.

use super::Conn;
use crate::error::Result;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Text)]
    version: String,
}

diesel::table! {
    /// SQLite's count of what other connections committed, read like a table so that the query is prepared once.
    pragma_data_version (data_version) {
        data_version -> BigInt,
    }
}

/// SQLite's is of one connection.
pub fn version(conn: &mut Conn) -> Result<String> {
    match conn {
        Conn::Sqlite(c) => {
            let number: i64 = pragma_data_version::table
                .select(pragma_data_version::data_version)
                .first(c)?;
            Ok(number.to_string())
        }
        Conn::Postgres(c) => {
            let found: Version =
                sql_query("SELECT CAST(pg_current_snapshot() AS TEXT) AS version").get_result(c)?;
            Ok(found.version)
        }
    }
}

/// Whoever comes while the question is being asked waits for the next time, so that nobody gets an answer from before
/// they asked.
#[derive(Default)]
pub struct Versions {
    state: Mutex<State>,
    answered: Condvar,
}

#[derive(Default)]
struct State {
    is_asking: bool,
    /// How many times it was asked, the time that goes on included.
    times: u64,
    /// The last time that was answered, and its answer.
    answer: Option<(u64, Result<String>)>,
}

impl Versions {
    /// What `question` answers, asked after this was called, by this caller or by another.
    pub fn ask(&self, question: impl FnOnce() -> Result<String>) -> Result<String> {
        let mut state = self.lock();
        let mine = state.times + 1;
        loop {
            match &state.answer {
                Some((time, answer)) if *time >= mine => return answer.clone(),
                _ if !state.is_asking => break,
                _ => {}
            }
            let woken = self.answered.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
        }
        state.is_asking = true;
        state.times += 1;
        drop(state);
        let turn = Turn { all: self };
        let answer = question();
        let mut state = self.lock();
        state.answer = Some((state.times, answer.clone()));
        drop(state);
        drop(turn);
        answer
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the asking, also when the question panics.
struct Turn<'a> {
    all: &'a Versions,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.all.lock().is_asking = false;
        self.all.answered.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

    #[test]
    fn nobody_gets_an_answer_from_before_they_asked() {
        let (versions, clock) = (Versions::default(), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        let before = clock.fetch_add(1, SeqCst);
                        let answer = versions.ask(|| Ok(clock.load(SeqCst).to_string()));
                        let seen: u64 = answer.unwrap().parse().unwrap();
                        assert!(seen > before, "{seen} was asked before {before}");
                    }
                });
            }
        });
    }

    #[test]
    fn a_question_that_fails_or_panics_is_asked_again() {
        let versions = Versions::default();
        let refused = versions.ask(|| Err(crate::error::Error::NotFound));
        assert!(refused.is_err());
        let panicked = catch_unwind(AssertUnwindSafe(|| versions.ask(|| panic!("no answer"))));
        assert!(panicked.is_err());
        assert_eq!(versions.ask(|| Ok("7".to_owned())).unwrap(), "7");
    }
}
