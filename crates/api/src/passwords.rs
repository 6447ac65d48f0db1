//! Pass phrases: argon2id, in a fixed number of reused buffers. Verification takes the same time whether the user name
//! exists or not (B2).

use crate::fair::{Fair, Turn};
use crate::origin::Origin;
use crate::problem::ApiError;
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use aws_lc_rs::{constant_time, rand};
use domain::ids::EmployeeId;
use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

/// The parameters that OWASP gives: 19 `MiB`, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The longest time that a request waits for a turn. Many requests in one queue delay only each other (B2).
const PATIENCE: Duration = Duration::from_secs(5);
/// The largest number of requests that wait for a turn, from all addresses together.
const WAITING: usize = 512;

/// Hashing failed: a fault of ours.
#[derive(Debug, thiserror::Error)]
#[error("a pass phrase could not be hashed")]
pub struct HashingFailed;

/// The key of a queue for hashing. The keys take turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asker {
    /// A client at this address that is not signed in.
    Address(Origin),
    /// An employee who is signed in.
    Employee(EmployeeId),
}

impl From<Origin> for Asker {
    fn from(origin: Origin) -> Self {
        Self::Address(origin)
    }
}

impl From<EmployeeId> for Asker {
    fn from(employee: EmployeeId) -> Self {
        Self::Employee(employee)
    }
}

/// The memory for one argon2 hashing: 19 `MiB`, allocated at its first use and then kept.
type Buffer = Vec<Block>;

/// Hashes and verifies pass phrases, at most as many at the same time as there are buffers.
#[derive(Clone)]
pub struct Passwords {
    buffers: Fair<Asker, Buffer>,
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passwords")
    }
}

impl Passwords {
    /// Creates this number of hashing workers, each with a buffer of 19 `MiB`.
    #[must_use]
    pub fn new(workers: usize) -> Self {
        Self { buffers: Fair::new((0..workers).map(|_| Buffer::new()), WAITING) }
    }

    /// Waits for a turn at hashing. The caller looks up the account within the turn, so that many requests wait here
    /// and not at the database.
    pub async fn turn(&self, asker: impl Into<Asker>) -> Result<Hashing, ApiError> {
        self.buffers.turn(asker.into(), PATIENCE).await.map(Hashing).ok_or(ApiError::Busy)
    }

    /// The hash to store, as a PHC string.
    pub async fn hash(
        &self,
        asker: impl Into<Asker>,
        password: String,
    ) -> Result<String, ApiError> {
        self.turn(asker).await?.hash(password).await
    }
}

/// A turn at hashing.
pub struct Hashing(Turn<Asker, Buffer>);

impl fmt::Debug for Hashing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hashing(..)")
    }
}

impl Hashing {
    /// The hash to store, as a PHC string.
    pub async fn hash(self, password: String) -> Result<String, ApiError> {
        self.work(move |buffer| hash_in(&password, buffer)).await
    }

    /// Is it the pass phrase of this hash? Without a hash (an unknown name) the answer is no, after
    /// the same work.
    pub async fn verify(self, password: String, kept: Option<String>) -> Result<bool, ApiError> {
        self.work(move |buffer| {
            let against = match &kept {
                Some(kept) => kept,
                None => stand_in()?,
            };
            Ok(verify_in(&password, against, buffer)? && kept.is_some())
        })
        .await
    }

    async fn work<T: Send + 'static>(
        self,
        work: impl FnOnce(&mut Buffer) -> Result<T, HashingFailed> + Send + 'static,
    ) -> Result<T, ApiError> {
        let Self(mut turn) = self;
        // The turn moves into the task: it ends with the work, even if no request waits for the result any longer.
        tokio::task::spawn_blocking(move || {
            let result = turn.thing().ok_or(HashingFailed).and_then(work);
            drop(turn);
            result
        })
        .await
        .map_err(|error| ApiError::Internal(Box::new(error)))?
        .map_err(|error| ApiError::Internal(Box::new(error)))
    }
}

/// The alphabet of one-time pass phrases: 32 characters that cannot be confused with each other.
const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// The number of characters in a one-time pass phrase: 100 bits.
const LENGTH: usize = 20;

/// The operating system returned no random numbers.
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
    hash_in(password, &mut Buffer::new())
}

fn hash_in(password: &str, buffer: &mut Buffer) -> Result<String, HashingFailed> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| HashingFailed)?;
    let mut salt = [0; 16];
    rand::fill(&mut salt).map_err(|_| HashingFailed)?;
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    fill(password, &salt, params.clone(), &mut out, buffer)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(|_| HashingFailed)?,
        salt: Some(Salt::new(&salt).map_err(|_| HashingFailed)?),
        hash: Some(Output::new(&out).map_err(|_| HashingFailed)?),
    };
    Ok(hash.to_string())
}

fn verify_in(password: &str, kept: &str, buffer: &mut Buffer) -> Result<bool, HashingFailed> {
    let kept = PasswordHash::new(kept).map_err(|_| HashingFailed)?;
    let (Some(salt), Some(expected)) = (kept.salt, kept.hash) else { return Err(HashingFailed) };
    let params = Params::try_from(&kept).map_err(|_| HashingFailed)?;
    if kept.algorithm != Algorithm::Argon2id.ident() || params.m_cost() > MEMORY_KIB {
        return Err(HashingFailed);
    }
    let mut out = vec![0; expected.len()];
    fill(password, salt.as_ref(), params, &mut out, buffer)?;
    Ok(constant_time::verify_slices_are_equal(&out, expected.as_bytes()).is_ok())
}

fn fill(
    password: &str,
    salt: &[u8],
    params: Params,
    out: &mut [u8],
    buffer: &mut Buffer,
) -> Result<(), HashingFailed> {
    if buffer.len() < params.block_count() {
        buffer.resize(params.block_count(), Block::new());
    }
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password.as_bytes(), salt, out, buffer)
        .map_err(|_| HashingFailed)
}

/// The hash that is verified against where there is no account.
fn stand_in() -> Result<&'static str, HashingFailed> {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return Ok(hash);
    }
    let made = hash("nobody has this pass phrase")?;
    Ok(HASH.get_or_init(|| made))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody() -> Asker {
        Origin::of(None).into()
    }

    #[actix_web::test]
    async fn b2_the_right_phrase_holds_and_nothing_else() {
        let passwords = Passwords::new(1);
        let kept = passwords.hash(somebody(), "right".to_owned()).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        let verify = async |phrase: &str, kept: Option<&String>| {
            let turn = passwords.turn(somebody()).await.unwrap();
            turn.verify(phrase.to_owned(), kept.cloned()).await.unwrap()
        };
        assert!(verify("right", Some(&kept)).await);
        assert!(!verify("wrong", Some(&kept)).await);
        assert!(!verify("nobody has this pass phrase", None).await);
    }

    /// This code verifies a hash that the library made, and the library verifies a hash that this code made.
    #[test]
    fn b2_hashes_are_those_of_the_library() {
        use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
        let argon2 = Argon2::default();
        let theirs = argon2.hash_password(b"right").unwrap().to_string();
        assert!(verify_in("right", &theirs, &mut Buffer::new()).unwrap());
        let ours = hash("right").unwrap();
        let ours = PasswordHash::new(&ours).unwrap();
        assert!(argon2.verify_password(b"right", &ours).is_ok());
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
        let passwords = Passwords::new(0);
        tokio::time::pause();
        let began = tokio::time::Instant::now();
        let refused = passwords.hash(somebody(), "right".to_owned()).await.unwrap_err();
        assert_eq!((refused.code(), began.elapsed().as_secs()), ("service.unavailable", 5));
    }
}
