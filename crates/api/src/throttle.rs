//! Slowing down wrong tries at signing in, for the one who makes them: counted per user name *and*
//! origin, so that nobody can lock somebody else out (B2).

use crate::origin::Origin;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hash};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Wrong tries that cost nothing.
const FREE_TRIES: u32 = 5;
/// The longest wait.
const LONGEST: TimeDelta = TimeDelta::minutes(15);
/// The largest number of stored origins. Beyond it, the origin without attempts for the longest time is removed.
const ORIGINS: usize = 2_000;
/// The largest number of stored user names of one origin. Beyond it, the name with the fewest wrong attempts is
/// removed.
const NAMES: usize = 200;

/// The wrong attempts per origin and user name. Its size is bounded to about 10 `MiB`.
#[derive(Debug, Default)]
pub struct Throttle {
    hasher: RandomState,
    origins: Mutex<HashMap<Origin, HashMap<u64, Tries>>>,
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

    fn is_over(self, now: DateTime<Utc>) -> bool {
        self.last + LONGEST < now
    }
}

impl Throttle {
    /// Seconds to wait before the next try; none where it may be made now.
    pub fn wait(&self, username: &str, from: Origin, now: DateTime<Utc>) -> Option<u64> {
        let origins = self.origins();
        let wait = origins.get(&from)?.get(&self.name(username))?.wait_until() - now;
        u64::try_from(wait.num_seconds())
            .ok()
            .filter(|_| wait > TimeDelta::zero())
            .map(|seconds| seconds.max(1))
    }

    /// Remembers a wrong try.
    pub fn wrong(&self, username: &str, from: Origin, now: DateTime<Utc>) {
        let (mut origins, name) = (self.origins(), self.name(username));
        if !origins.contains_key(&from) && origins.len() >= ORIGINS {
            let last_of =
                |names: &HashMap<u64, Tries>| names.values().map(|tries| tries.last).max();
            forget_one(&mut origins, last_of);
        }
        let names = origins.entry(from).or_default();
        if !names.contains_key(&name) && names.len() >= NAMES {
            names.retain(|_, tries| !tries.is_over(now));
            if names.len() >= NAMES {
                // A name with repeated attempts is kept, however many other names are tried in between.
                forget_one(names, |tries| (tries.wrong, tries.last));
            }
        }
        let entry = names.entry(name).or_insert(Tries { wrong: 0, last: now });
        // After a long rest one begins anew.
        let wrong = if entry.is_over(now) { 0 } else { entry.wrong };
        *entry = Tries { wrong: wrong.saturating_add(1), last: now };
    }

    /// Forgets the wrong tries of one who got it right.
    pub fn right(&self, username: &str, from: Origin) {
        let mut origins = self.origins();
        if let Some(names) = origins.get_mut(&from) {
            names.remove(&self.name(username));
            if names.is_empty() {
                origins.remove(&from);
            }
        }
    }

    fn origins(&self) -> MutexGuard<'_, HashMap<Origin, HashMap<u64, Tries>>> {
        self.origins.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn name(&self, username: &str) -> u64 {
        self.hasher.hash_one(username)
    }
}

/// Removes the entry with the lowest rank.
fn forget_one<K: Copy + Eq + Hash, V, O: Ord>(all: &mut HashMap<K, V>, rank: impl Fn(&V) -> O) {
    let least = all.iter().min_by_key(|(_, value)| rank(value)).map(|(key, _)| *key);
    if let Some(least) = least {
        all.remove(&least);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

    fn now() -> DateTime<Utc> {
        "2026-11-22T09:00:00Z".parse().unwrap()
    }

    fn origin(n: u32) -> Origin {
        Origin::of(Some(IpAddr::V4(Ipv4Addr::from_bits(n))))
    }

    #[test]
    fn b2_the_one_who_tries_waits_and_nobody_else() {
        let (throttle, mut now) = (Throttle::default(), now());
        let (thief, owner) = (origin(1), origin(2));
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

    #[test]
    fn a12_a_subscriber_of_ipv6_is_one() {
        let (throttle, now) = (Throttle::default(), now());
        let address = |n: u128| Origin::of(Some(IpAddr::V6(Ipv6Addr::from_bits(n))));
        for n in 0..u128::from(FREE_TRIES) {
            throttle.wrong("a", address(n), now);
        }
        assert_eq!(throttle.wait("a", address(77), now), Some(1));
        assert_eq!(throttle.wait("a", address(1 << 64), now), None);
    }

    /// Invented names and many addresses neither exceed the bound nor remove the attempts of a name.
    #[test]
    fn a12_what_is_remembered_has_a_bound() {
        let (throttle, now) = (Throttle::default(), now());
        for _ in 0..FREE_TRIES {
            throttle.wrong("a", origin(0), now);
        }
        for n in 0..3 * NAMES {
            throttle.wrong(&n.to_string(), origin(0), now);
        }
        assert_eq!(throttle.wait("a", origin(0), now), Some(1));
        assert_eq!(throttle.origins()[&origin(0)].len(), NAMES);
        for n in 0..3 * 2_000 {
            throttle.wrong("a", origin(n), now + TimeDelta::seconds(i64::from(n)));
        }
        assert_eq!(throttle.origins().len(), ORIGINS);
    }
}
