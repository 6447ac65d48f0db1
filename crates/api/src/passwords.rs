//! Pass phrases: argon2id, hashed a few at a time, in the same time whether the name exists or not (B2).

use crate::problem::ApiError;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use aws_lc_rs::rand;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::Semaphore;

/// The parameters that OWASP gives: 19 `MiB`, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// How long one waits for a turn: those who fill the line with tries keep nobody out for good (B2).
const PATIENCE: Duration = Duration::from_secs(2);

/// Hashing failed: a fault of ours.
#[derive(Debug, thiserror::Error)]
#[error("a pass phrase could not be hashed")]
pub struct HashingFailed;

/// Hashes and verifies, no more of them at once than there are processors.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passwords")
    }
}

impl Default for Passwords {
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { turns: Arc::new(Semaphore::new(processors)) }
    }
}

impl Passwords {
    /// The hash to keep, as a PHC string.
    pub async fn hash(&self, password: String) -> Result<String, ApiError> {
        self.in_turn(move || hash(&password)).await
    }

    /// Is it the pass phrase of this hash? Without a hash (an unknown name) the answer is no, after
    /// the same work.
    pub async fn verify(&self, password: String, kept: Option<String>) -> Result<bool, ApiError> {
        self.in_turn(move || {
            let known = kept.is_some();
            let kept = match kept {
                Some(kept) => kept,
                None => stand_in()?,
            };
            let parsed = PasswordHash::new(&kept).map_err(|_| HashingFailed)?;
            Ok(argon2()?.verify_password(password.as_bytes(), &parsed).is_ok() && known)
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashingFailed> + Send + 'static,
    ) -> Result<T, ApiError> {
        let turn = Arc::clone(&self.turns).acquire_owned();
        let turn = tokio::time::timeout(PATIENCE, turn).await.map_err(|_| ApiError::Busy)?;
        let turn = turn.map_err(|error| ApiError::Internal(Box::new(error)))?;
        tokio::task::spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        })
        .await
        .map_err(|error| ApiError::Internal(Box::new(error)))?
        .map_err(|error| ApiError::Internal(Box::new(error)))
    }
}

/// Of what one-time pass phrases are made: 32 signs, none of which looks like another.
const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// How many of them: 100 bits.
const LENGTH: usize = 20;

/// The system gives no random numbers.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random numbers")]
pub struct NoRandom;

impl From<NoRandom> for ApiError {
    fn from(error: NoRandom) -> Self {
        Self::Internal(Box::new(error))
    }
}

/// A new one-time pass phrase (OR-3) of 100 random bits, in groups of four: `abcd-efgh-…`.
pub fn one_time_phrase() -> Result<String, NoRandom> {
    let mut random = [0; LENGTH];
    rand::fill(&mut random).map_err(|_| NoRandom)?;
    let mut phrase = String::with_capacity(LENGTH + LENGTH / 4);
    for (position, byte) in random.iter().enumerate() {
        if position > 0 && position % 4 == 0 {
            phrase.push('-');
        }
        phrase.push(char::from(*SIGNS.get(usize::from(byte % 32)).ok_or(NoRandom)?));
    }
    Ok(phrase)
}

/// The hash to keep. For those who have no runtime yet; else [`Passwords::hash`].
pub fn hash(password: &str) -> Result<String, HashingFailed> {
    Ok(argon2()?.hash_password(password.as_bytes()).map_err(|_| HashingFailed)?.to_string())
}

fn argon2() -> Result<Argon2<'static>, HashingFailed> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| HashingFailed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash that is verified against where there is no account.
fn stand_in() -> Result<String, HashingFailed> {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return Ok(hash.clone());
    }
    let made = hash("nobody has this pass phrase")?;
    Ok(HASH.get_or_init(|| made).clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn b2_the_right_phrase_holds_and_nothing_else() {
        let passwords = Passwords::default();
        let kept = passwords.hash("right".to_owned()).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(passwords.verify("right".to_owned(), Some(kept.clone())).await.unwrap());
        assert!(!passwords.verify("wrong".to_owned(), Some(kept)).await.unwrap());
        assert!(!passwords.verify("nobody has this pass phrase".to_owned(), None).await.unwrap());
    }

    #[test]
    fn or_03_a_one_time_phrase_is_long_and_never_the_same() {
        let phrases: std::collections::BTreeSet<String> =
            (0..1000).map(|_| one_time_phrase().unwrap()).collect();
        assert_eq!(phrases.len(), 1000);
        let signs = |phrase: &String| phrase.bytes().filter(|sign| SIGNS.contains(sign)).count();
        assert!(phrases.iter().all(|phrase| phrase.len() == 24 && signs(phrase) == LENGTH));
    }

    #[actix_web::test]
    async fn b2_nobody_waits_for_a_turn_for_long() {
        let passwords = Passwords { turns: Arc::new(Semaphore::new(0)) };
        tokio::time::pause();
        let began = tokio::time::Instant::now();
        let refused = passwords.hash("right".to_owned()).await.unwrap_err();
        assert_eq!((refused.code(), began.elapsed().as_secs()), ("service.unavailable", 2));
    }
}
