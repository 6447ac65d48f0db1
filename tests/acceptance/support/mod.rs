//! What the tests stand on.

mod database;
mod http;
mod process;
mod relay;
mod world;

pub use database::Database;
pub use http::{Answer, Ask, Caller, ensure_nothing, path, sign_in, speak, url};
pub use process::{Folder, Process, program};
pub use relay::Relay;
pub use world::{NORM, World, demonstrate, demonstration, sockets, world};

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The pass phrase of every account of the demonstration.
pub const PASS_PHRASE: &str = "enplan-demo";
/// A family name that no log may tell.
pub const FAMILY_NAME: &str = "Hemmelighedsen";

static NEXT: AtomicUsize = AtomicUsize::new(0);

fn next() -> usize {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Waits until `done` gives something, and fails with `what` after a while.
pub fn eventually<T>(what: &str, within: Duration, mut done: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + within;
    loop {
        if let Some(found) = done() {
            return found;
        }
        assert!(Instant::now() < deadline, "{what}: not within {within:?}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Does `work` in so many threads at the same moment, and gives what came of it, in order.
pub fn at_once<T: Send>(many: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (barrier, work) = (Barrier::new(many), &work);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..many)
            .map(|n| {
                let barrier = &barrier;
                scope.spawn(move || {
                    barrier.wait();
                    work(n)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}
