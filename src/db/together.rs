//! A question that many ask at once, asked once for all of them.

use crate::error::Result;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Whoever comes while the question is being asked waits for the next time, so that nobody gets an answer from before
/// they asked.
#[derive(Default)]
pub struct Together {
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

impl Together {
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
    all: &'a Together,
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
        let (together, clock) = (Together::default(), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        let before = clock.fetch_add(1, SeqCst);
                        let answer = together.ask(|| Ok(clock.load(SeqCst).to_string()));
                        let seen: u64 = answer.unwrap().parse().unwrap();
                        assert!(seen > before, "{seen} was asked before {before}");
                    }
                });
            }
        });
    }

    #[test]
    fn a_question_that_fails_or_panics_is_asked_again() {
        let together = Together::default();
        let refused = together.ask(|| Err(crate::error::Error::NotFound));
        assert!(refused.is_err());
        let panicked = catch_unwind(AssertUnwindSafe(|| together.ask(|| panic!("no answer"))));
        assert!(panicked.is_err());
        assert_eq!(together.ask(|| Ok("7".to_owned())).unwrap(), "7");
    }
}
