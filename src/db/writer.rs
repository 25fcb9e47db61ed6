//! SQLite's one writer. Whoever waits for their turn while another writes shares a commit with them: each has a
//! savepoint of its own in one transaction, and the disk is waited for once. Nobody hears of success before that.

use super::{
    Conn, Manager, WAIT, begin, begin_savepoint, busy, commit, in_transaction, or_roll_back,
};
use crate::error::{Error, Result};
use diesel::connection::SimpleConnection;
use diesel::r2d2::ManageConnection;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A deferred transaction that reads and then writes fails at once when another process has written in between,
/// whatever the busy timeout.
const BEGIN: &str = "BEGIN IMMEDIATE";

/// So many writes share a commit at most.
const MOST_SHARED: usize = 64;

/// How long readers are waited for before the log is cut: a good deal less than a writer waits.
const LOG_WAIT: Duration = Duration::from_secs(1);

pub struct Writer {
    manager: Manager,
    state: Mutex<State>,
    /// The connection is free.
    turn: Condvar,
    /// A commit was tried.
    tried: Condvar,
}

struct State {
    /// `None` while somebody writes.
    free: Option<Conn>,
    /// How many wait for their turn.
    waiting: usize,
    /// Those whose work stands in the open transaction.
    shared: usize,
    batch: Arc<Batch>,
}

/// How a turn ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Done,
    /// By a rule: nothing of it stands.
    Refused,
    /// By an error of the database, or a fault of ours.
    Unsound,
    /// Before there was a transaction that others share.
    Nothing,
}

/// What became of the commit that several share; `None` until it was tried.
#[derive(Default)]
struct Batch {
    outcome: Mutex<Option<Result<()>>>,
}

impl Batch {
    fn outcome(&self) -> Option<Result<()>> {
        self.outcome
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Writer {
    pub fn new(manager: Manager, conn: Conn) -> Writer {
        Writer {
            manager,
            state: Mutex::new(State {
                free: Some(conn),
                waiting: 0,
                shared: 0,
                batch: Arc::default(),
            }),
            turn: Condvar::new(),
            tried: Condvar::new(),
        }
    }

    /// Runs one transaction. All of it is safe on the disk when this returns, or none of it was done.
    pub fn write<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let (mut conn, batch, is_first) = self.take_turn()?;
        let done = catch_unwind(AssertUnwindSafe(|| {
            match is_first {
                true => begin(&mut conn, BEGIN)?,
                false => begin_savepoint(&mut conn)?,
            }
            let value = or_roll_back(&mut conn, work)?;
            if !is_first {
                commit(&mut conn)?;
            }
            Ok(value)
        }));
        let end = match &done {
            Ok(Ok(_)) => End::Done,
            // The first had nobody's work before it, and was rolled back as a whole.
            _ if is_first => End::Nothing,
            // After an error of its own the database may have ended the transaction, and nothing may follow in it.
            Ok(Err(Error::Unavailable(_) | Error::Internal(_))) | Err(_) => End::Unsound,
            Ok(Err(_)) => End::Refused,
        };
        let committed = self.end_turn(conn, &batch, end);
        match done {
            Ok(Ok(value)) => committed.map(|()| value),
            Ok(Err(error)) => Err(error),
            Err(panic) => resume_unwind(panic),
        }
    }

    /// As [`Writer::write`], in a transaction that nobody shares.
    pub fn write_alone<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let mut conn = loop {
            let (conn, batch, is_first) = self.take_turn()?;
            if is_first {
                break conn;
            }
            // Those before are told at once what became of theirs.
            let _ = self.end_turn(conn, &batch, End::Unsound);
        };
        let done = catch_unwind(AssertUnwindSafe(|| in_transaction(&mut conn, BEGIN, work)));
        self.give_back(conn);
        done.unwrap_or_else(|panic| resume_unwind(panic))
    }

    /// The connection, the batch that is open on it, and whether it is still to be begun.
    fn take_turn(&self) -> Result<(Conn, Arc<Batch>, bool)> {
        let mut state = self.lock();
        state.waiting += 1;
        let turn = self
            .turn
            .wait_timeout_while(state, WAIT, |state| state.free.is_none());
        let (mut state, _) = turn.unwrap_or_else(PoisonError::into_inner);
        state.waiting -= 1;
        let conn = state.free.take().ok_or_else(busy)?;
        Ok((conn, state.batch.clone(), state.shared == 0))
    }

    /// Hands the connection on where somebody waits, who will commit for all; else commits. Returns what became of
    /// the commit, for a work that was done.
    fn end_turn(&self, conn: Conn, batch: &Batch, end: End) -> Result<()> {
        if end == End::Nothing {
            self.give_back(conn);
            return Ok(());
        }
        let mut state = self.lock();
        state.shared += usize::from(end == End::Done);
        let goes_on = state.waiting > 0 && state.shared < MOST_SHARED && end != End::Unsound;
        if goes_on {
            state.free = Some(conn);
            self.turn.notify_one();
        } else {
            // The next batch begins behind this one, whose commit needs the disk and not the lock.
            state.batch = Arc::default();
            state.shared = 0;
            drop(state);
            self.commit(conn, batch);
            state = self.lock();
        }
        if end != End::Done {
            return Ok(());
        }
        let is_open = |_: &mut State| batch.outcome().is_none();
        let tried = self.tried.wait_while(state, is_open);
        drop(tried.unwrap_or_else(PoisonError::into_inner));
        batch.outcome().unwrap_or(Ok(()))
    }

    fn commit(&self, mut conn: Conn, batch: &Batch) {
        let outcome = commit(&mut conn);
        *batch.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        self.give_back(conn);
        self.tried.notify_all();
    }

    fn give_back(&self, mut conn: Conn) {
        if self.manager.has_broken(&mut conn)
            && let Ok(new) = self.manager.connect()
        {
            conn = new;
        }
        self.lock().free = Some(conn);
        self.turn.notify_one();
    }

    /// On a connection of its own, so that nobody's write waits for readers longer than this does.
    pub fn let_go_of_log(&self) {
        let manager = Manager {
            wait: LOG_WAIT,
            ..self.manager.clone()
        };
        if let Ok(mut conn) = manager.connect() {
            // Whatever keeps it from being done, the log is written anew from its beginning some time.
            let _ = conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    /// How many wait for their turn.
    pub fn waiting(&self) -> usize {
        self.lock().waiting
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
