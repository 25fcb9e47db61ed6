//! A line between a browser and the server, which can break in the middle of an answer.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// What is sent comes through; what is answered only while the line is whole.
pub struct Line {
    address: SocketAddr,
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    loses_answers: AtomicBool,
    is_over: AtomicBool,
}

impl Line {
    /// A line to the server at `http://address`.
    pub fn to(origin: &str) -> Line {
        let server: SocketAddr = origin
            .trim_start_matches("http://")
            .parse()
            .expect("its address");
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State::default());
        let shared = state.clone();
        let thread = std::thread::spawn(move || {
            for browser in listener.incoming().map_while(Result::ok) {
                if shared.is_over.load(Ordering::SeqCst) {
                    return;
                }
                if let Ok(server) = TcpStream::connect(server) {
                    carry(&browser, &server, shared.clone());
                }
            }
        });
        Line {
            address,
            state,
            thread: Some(thread),
        }
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on the server hears what is sent, and nobody hears what it answers.
    pub fn lose_answers(&self) {
        self.state.loses_answers.store(true, Ordering::SeqCst);
    }

    pub fn mend(&self) {
        self.state.loses_answers.store(false, Ordering::SeqCst);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.state.is_over.store(true, Ordering::SeqCst);
        // Wakes the thread, which then sees that it is over.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Carries both ways until either end closes.
fn carry(browser: &TcpStream, server: &TcpStream, state: Arc<State>) {
    let ends = [browser, server].map(|end| end.try_clone().expect("a second handle"));
    let [there_from, there_to] = ends;
    std::thread::spawn(move || copy(there_from, there_to, || true));
    let ends = [browser, server].map(|end| end.try_clone().expect("a second handle"));
    let [back_to, back_from] = ends;
    std::thread::spawn(move || {
        copy(back_from, back_to, || {
            !state.loses_answers.load(Ordering::SeqCst)
        });
    });
}

/// What is read is written as long as the line `is_whole`; then both ends are closed.
fn copy(mut from: TcpStream, mut to: TcpStream, is_whole: impl Fn() -> bool) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count) = from.read(&mut bytes)
        && count > 0
        && is_whole()
        && to.write_all(&bytes[..count]).is_ok()
    {}
    // Either end may be closed already.
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
