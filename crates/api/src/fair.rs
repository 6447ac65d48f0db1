//! A fixed number of resources that many requests need at the same time. A request waits in the queue of its key, and
//! the keys take turns. However many requests wait under one key, a request under another key waits for at most one
//! turn of each key.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// The resources, and the requests that wait for them.
pub struct Fair<K: Copy + Eq + Hash, T>(Arc<Mutex<Queues<K, T>>>);

impl<K: Copy + Eq + Hash, T> Clone for Fair<K, T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: Copy + Eq + Hash, T> fmt::Debug for Fair<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fair(..)")
    }
}

/// One of the resources, for as long as this value exists.
pub struct Turn<K: Copy + Eq + Hash, T> {
    /// Taken out only by [`Drop`], and when the receiver no longer waits.
    thing: Option<T>,
    of: Fair<K, T>,
}

struct Queues<K: Copy + Eq + Hash, T> {
    free: Vec<T>,
    waiting: HashMap<K, VecDeque<oneshot::Sender<Turn<K, T>>>>,
    /// The keys under which requests wait, in the order of their turns.
    order: VecDeque<K>,
    /// The largest number of waiting requests under all keys together.
    longest: usize,
}

impl<K: Copy + Eq + Hash, T> Fair<K, T> {
    /// Creates the queues for these resources, with the largest number of requests that may wait for them.
    pub fn new(things: impl IntoIterator<Item = T>, longest: usize) -> Self {
        let free = things.into_iter().collect();
        let (waiting, order) = (HashMap::new(), VecDeque::new());
        Self(Arc::new(Mutex::new(Queues { free, waiting, order, longest })))
    }

    /// Waits for a turn; `None` if there is none within `patience`, or no room to wait for one.
    pub async fn turn(&self, key: K, patience: Duration) -> Option<Turn<K, T>> {
        let waiting = {
            let mut queues = self.queues();
            if let Some(thing) = queues.free.pop() {
                return Some(Turn { thing: Some(thing), of: self.clone() });
            }
            queues.line_up(key)?
        };
        tokio::time::timeout(patience, waiting).await.ok()?.ok()
    }

    fn queues(&self) -> MutexGuard<'_, Queues<K, T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the resource to the next request that still waits.
    fn give_back(&self, mut thing: T) {
        let mut queues = self.queues();
        while let Some(next) = queues.next() {
            let turn = Turn { thing: Some(thing), of: self.clone() };
            // The turn is never dropped here while it contains the resource, because its `Drop` takes the lock again.
            match next.send(turn) {
                Ok(()) => return,
                Err(mut turn) => match turn.thing.take() {
                    Some(back) => thing = back,
                    None => return,
                },
            }
        }
        queues.free.push(thing);
    }
}

impl<K: Copy + Eq + Hash, T> Queues<K, T> {
    /// Adds a request to the queue of this key. If too many requests wait, the newest of the longest queue is removed;
    /// `None` if that would be this one.
    fn line_up(&mut self, key: K) -> Option<oneshot::Receiver<Turn<K, T>>> {
        if self.count() >= self.longest {
            self.forget_those_who_left();
        }
        if self.count() >= self.longest {
            let own = self.waiting.get(&key).map_or(0, VecDeque::len);
            let crowded = self.waiting.values_mut().max_by_key(|queue| queue.len());
            // Dropping the sender of a request in a longer queue refuses that request.
            crowded.filter(|queue| queue.len() > own + 1)?.pop_back();
        }
        let (sender, receiver) = oneshot::channel();
        let queue = self.waiting.entry(key).or_default();
        if queue.is_empty() {
            self.order.push_back(key);
        }
        queue.push_back(sender);
        Some(receiver)
    }

    fn next(&mut self) -> Option<oneshot::Sender<Turn<K, T>>> {
        while let Some(key) = self.order.pop_front() {
            let Some(queue) = self.waiting.get_mut(&key) else { continue };
            let next = queue.pop_front();
            if queue.is_empty() {
                self.waiting.remove(&key);
            } else {
                self.order.push_back(key);
            }
            if next.is_some() {
                return next;
            }
        }
        None
    }

    fn count(&self) -> usize {
        self.waiting.values().map(VecDeque::len).sum()
    }

    fn forget_those_who_left(&mut self) {
        self.waiting.retain(|_, queue| {
            queue.retain(|sender| !sender.is_closed());
            !queue.is_empty()
        });
        let Self { waiting, order, .. } = self;
        order.retain(|key| waiting.contains_key(key));
    }
}

impl<K: Copy + Eq + Hash, T> Turn<K, T> {
    /// The resource; `None` only while the turn ends.
    pub const fn thing(&mut self) -> Option<&mut T> {
        self.thing.as_mut()
    }
}

impl<K: Copy + Eq + Hash, T> Drop for Turn<K, T> {
    fn drop(&mut self) {
        if let Some(thing) = self.thing.take() {
            self.of.give_back(thing);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::join_all;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const LONG: Duration = Duration::from_hours(1);

    /// The order of the turns if all these requests wait while another one holds the only resource.
    async fn order(arriving: &[char]) -> String {
        let fair = Fair::new([()], 100);
        let held = fair.turn('!', LONG).await;
        let served = Mutex::new(String::new());
        let each = arriving.iter().map(async |key| {
            let turn = fair.turn(*key, LONG).await;
            served.lock().unwrap().push(*key);
            tokio::task::yield_now().await;
            drop(turn);
        });
        tokio::join!(join_all(each), async {
            tokio::task::yield_now().await;
            drop(held);
        });
        served.into_inner().unwrap()
    }

    #[tokio::test]
    async fn a12_addresses_take_turns() {
        assert_eq!(order(&['a', 'a', 'a', 'a', 'b', 'c', 'b']).await, "abcabaa");
    }

    #[tokio::test]
    async fn a12_a_full_queue_drops_the_newest_of_the_longest() {
        let fair = Fair::new([()], 3);
        let held = fair.turn('!', LONG).await;
        let served = AtomicUsize::new(0);
        let one = async |key| {
            let turn = fair.turn(key, LONG).await;
            served.fetch_add(usize::from(turn.is_some()), Ordering::Relaxed);
            (key, turn.is_some())
        };
        let each = join_all(['a', 'a', 'a', 'a', 'b', 'c'].map(one));
        let (each, ()) = tokio::join!(each, async {
            tokio::task::yield_now().await;
            drop(held);
        });
        let expected =
            [('a', true), ('a', false), ('a', false), ('a', false), ('b', true), ('c', true)];
        assert_eq!(each, expected);
        assert_eq!(served.into_inner(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a12_who_gave_up_takes_no_turn_and_loses_no_thing() {
        let fair = Fair::new([()], 10);
        let held = fair.turn('a', LONG).await;
        assert!(fair.turn('a', Duration::from_secs(2)).await.is_none());
        drop(held);
        assert!(fair.turn('b', Duration::ZERO).await.is_some());
        assert!(fair.turn('b', Duration::ZERO).await.is_some());
    }
}
