//! Slowing down wrong tries at signing in, for the one who makes them: counted per user name *and*
//! address, so that nobody can lock somebody else out (B2).

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Wrong tries that cost nothing.
const FREE_TRIES: u32 = 5;
/// The longest wait.
const LONGEST: TimeDelta = TimeDelta::minutes(15);
/// Pairs of name and address that are remembered; beyond it those whose wait is over are forgotten.
const REMEMBERED: usize = 10_000;

/// Who tried how often.
#[derive(Debug, Default)]
pub struct Throttle {
    hasher: RandomState,
    tries: Mutex<HashMap<u64, Tries>>,
}

#[derive(Debug, Clone, Copy)]
struct Tries {
    wrong: u32,
    last: DateTime<Utc>,
}

impl Tries {
    fn wait_until(self) -> DateTime<Utc> {
        match self.wrong.checked_sub(FREE_TRIES) {
            None => self.last,
            Some(beyond) => self.last + TimeDelta::seconds(1 << beyond.min(10)).min(LONGEST),
        }
    }
}

impl Throttle {
    /// Seconds to wait before the next try; none where it may be made now.
    pub fn wait(&self, username: &str, from: Option<IpAddr>, now: DateTime<Utc>) -> Option<u64> {
        let tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = tries.get(&self.key(username, from))?.wait_until() - now;
        u64::try_from(wait.num_seconds())
            .ok()
            .filter(|_| wait > TimeDelta::zero())
            .map(|seconds| seconds.max(1))
    }

    /// Remembers a wrong try.
    pub fn wrong(&self, username: &str, from: Option<IpAddr>, now: DateTime<Utc>) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() >= REMEMBERED {
            tries.retain(|_, tries| tries.last + LONGEST > now);
        }
        let entry = tries.entry(self.key(username, from)).or_insert(Tries { wrong: 0, last: now });
        // After a long rest one begins anew.
        let wrong = if entry.last + LONGEST < now { 0 } else { entry.wrong };
        *entry = Tries { wrong: wrong.saturating_add(1), last: now };
    }

    /// Forgets the wrong tries of one who got it right.
    pub fn right(&self, username: &str, from: Option<IpAddr>) {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key(username, from));
    }

    fn key(&self, username: &str, from: Option<IpAddr>) -> u64 {
        self.hasher.hash_one((username, from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn b2_the_one_who_tries_waits_and_nobody_else() {
        let (throttle, mut now) =
            (Throttle::default(), "2026-11-22T09:00:00Z".parse::<DateTime<Utc>>().unwrap());
        let (thief, owner) =
            (Some(IpAddr::V4(Ipv4Addr::LOCALHOST)), Some(IpAddr::V4(Ipv4Addr::BROADCAST)));
        for _ in 0..FREE_TRIES {
            assert_eq!(throttle.wait("a", thief, now), None);
            throttle.wrong("a", thief, now);
        }
        assert_eq!(throttle.wait("a", thief, now), Some(1));
        assert_eq!(throttle.wait("a", owner, now), None);
        assert_eq!(throttle.wait("b", thief, now), None);
        now += TimeDelta::seconds(1);
        throttle.wrong("a", thief, now);
        assert_eq!(throttle.wait("a", thief, now), Some(2));
        throttle.right("a", thief);
        assert_eq!(throttle.wait("a", thief, now), None);
    }
}
