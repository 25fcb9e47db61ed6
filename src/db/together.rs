//! What many ask at once is asked once, for all of them.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many are answered together at most.
const MOST: usize = 128;

/// Questions of one kind. One of those who ask answers for all who wait; who comes meanwhile waits for the next answer, so
/// that nobody gets one from before they asked.
pub struct Together<Q, A>(Mutex<State<Q, A>>);

struct State<Q, A> {
    waiting: Vec<(Q, Sender<Turn<A>>)>,
    /// Whether somebody answers just now.
    is_under_way: bool,
}

/// What those who wait hear.
enum Turn<A> {
    Answered(A),
    /// They are the first of those who wait, and answer for all.
    Yours,
}

impl<Q, A> Default for Together<Q, A> {
    fn default() -> Together<Q, A> {
        Together(Mutex::new(State {
            waiting: Vec::new(),
            is_under_way: false,
        }))
    }
}

impl<Q, A> Together<Q, A> {
    /// The answer to a question. `work` answers several in their order, and is run by the first who waits; none where the
    /// one who ran it panicked.
    pub fn ask(&self, question: Q, work: impl FnOnce(Vec<Q>) -> Vec<A>) -> Option<A> {
        let (sender, receiver) = channel();
        let mut state = self.lock();
        state.waiting.push((question, sender));
        let waits = std::mem::replace(&mut state.is_under_way, true);
        drop(state);
        if waits && let Turn::Answered(answer) = receiver.recv().ok()? {
            return Some(answer);
        }
        let turn = OurTurn(self);
        let mut state = self.lock();
        let count = state.waiting.len().min(MOST);
        let (questions, senders): (Vec<Q>, Vec<_>) = state.waiting.drain(..count).unzip();
        drop(state);
        let answers = work(questions);
        // The next answer is begun while this one is handed out.
        drop(turn);
        for (sender, answer) in senders.into_iter().zip(answers) {
            // Nobody leaves before they have heard.
            let _ = sender.send(Turn::Answered(answer));
        }
        match receiver.recv() {
            Ok(Turn::Answered(answer)) => Some(answer),
            _ => None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<Q, A>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends by giving the turn to the first who waits, also when the work panics.
struct OurTurn<'t, Q, A>(&'t Together<Q, A>);

impl<Q, A> Drop for OurTurn<'_, Q, A> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        let next = state.waiting.first();
        state.is_under_way = next.is_some_and(|(_, next)| next.send(Turn::Yours).is_ok());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    #[test]
    fn everybody_gets_the_answer_to_their_own_question_and_none_from_before_they_asked() {
        let (clock, times) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let together = Together::default();
        std::thread::scope(|scope| {
            for who in 0..16usize {
                let (together, clock, times) = (&together, &clock, &times);
                scope.spawn(move || {
                    for number in 0..200 {
                        let before = clock.fetch_add(1, SeqCst);
                        let work = |all: Vec<(usize, usize)>| {
                            times.fetch_add(1, SeqCst);
                            let now = clock.load(SeqCst);
                            all.into_iter().map(|question| (question, now)).collect()
                        };
                        let (question, at) = together.ask((who, number), work).unwrap();
                        assert_eq!(question, (who, number));
                        assert!(at > before, "{at} was asked before {before}");
                    }
                });
            }
        });
        assert!(times.load(SeqCst) <= 16 * 200);
    }

    #[test]
    fn those_who_come_while_one_is_answered_are_answered_together() {
        let together: Together<u8, usize> = Together::default();
        let waiting = || together.lock().waiting.len();
        std::thread::scope(|scope| {
            let first = together.ask(0, |all| {
                for number in 1..=3 {
                    let together = &together;
                    scope.spawn(move || {
                        let many = |all: Vec<u8>| vec![all.len(); all.len()];
                        assert_eq!(together.ask(number, many), Some(3));
                    });
                }
                while waiting() < 3 {
                    std::thread::yield_now();
                }
                vec![all.len()]
            });
            assert_eq!(first, Some(1));
        });
    }

    #[test]
    fn after_a_panic_the_next_one_is_answered() {
        let together: Together<u8, u8> = Together::default();
        let broken = catch_unwind(AssertUnwindSafe(|| {
            together.ask(1, |_| panic!("on purpose"))
        }));
        assert!(broken.is_err());
        assert_eq!(together.ask(2, |all| all), Some(2));
    }
}
