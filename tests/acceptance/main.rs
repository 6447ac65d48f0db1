//! Enplan from outside: the real binary in processes of its own, real HTTP, a real PostgreSQL. Nothing has
//! to be started first, and nothing is left.

#[cfg(test)]
mod breaks;
#[cfg(test)]
mod caseload;
#[cfg(test)]
mod courses;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod hotline;
#[cfg(test)]
mod lives;
#[cfg(test)]
mod paw;
#[cfg(test)]
mod silence;
#[cfg(test)]
mod support;
#[cfg(test)]
mod together;
#[cfg(test)]
mod transitions;
