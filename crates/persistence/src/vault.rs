//! Sealing what must not lie open in the database: CPR numbers (YP-4, C2) and kept answers.

use crate::StoreError;
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;
use std::fmt;

/// Length of each key, in bytes.
pub const KEY_LENGTH: usize = 32;

/// One key for sealing, with the number by which its values are known.
#[derive(Clone)]
pub struct SealingKey {
    /// Stands beside what it sealed.
    pub id: i16,
    /// The secret.
    pub secret: [u8; KEY_LENGTH],
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealingKey({})", self.id)
    }
}

/// The fingerprint of a key: it does not reveal the key, and equal keys have equal fingerprints (F5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    /// `look-up` or `sealing`.
    pub purpose: &'static str,
    /// The number of a sealing key; 0 for the look-up key.
    pub id: i16,
    /// An HMAC-SHA-256 under the key itself.
    pub digest: Vec<u8>,
    /// Is the key used for new values now?
    pub used: bool,
}

impl Fingerprint {
    fn of(purpose: &'static str, id: i16, secret: &[u8], used: bool) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let digest = hmac::sign(&key, format!("fingerprint of a {purpose} key").as_bytes());
        Self { purpose, id, digest: digest.as_ref().to_vec(), used }
    }
}

/// Seals and opens values, and digests them for look-up. The keys lie outside the database.
pub struct Vault {
    sealing: Vec<(i16, RandomizedNonceKey)>,
    lookup: hmac::Key,
    fingerprints: Vec<Fingerprint>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(..)")
    }
}

impl Vault {
    /// `sealing` holds the current key first, then those that older values were sealed with.
    pub fn new(sealing: &[SealingKey], lookup: &[u8; KEY_LENGTH]) -> Result<Self, StoreError> {
        let mut fingerprints: Vec<Fingerprint> = sealing
            .iter()
            .enumerate()
            .map(|(at, key)| Fingerprint::of("sealing", key.id, &key.secret, at == 0))
            .collect();
        fingerprints.push(Fingerprint::of("look-up", 0, lookup, true));
        let sealing = sealing
            .iter()
            .map(|key| {
                Ok((
                    key.id,
                    RandomizedNonceKey::new(&AES_256_GCM, &key.secret)
                        .map_err(|_| StoreError::Sealed)?,
                ))
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        Ok(Self { sealing, lookup: hmac::Key::new(hmac::HMAC_SHA256, lookup), fingerprints })
    }

    /// The fingerprints of all keys, the current sealing key first.
    pub(crate) fn fingerprints(&self) -> &[Fingerprint] {
        &self.fingerprints
    }

    /// Seals `plain`, bound to `context`: opened in another one (another young person's row), it fails.
    /// Gives the number of the key used.
    pub fn seal(&self, plain: &[u8], context: &[u8]) -> Result<(i16, Vec<u8>), StoreError> {
        let (id, key) = self.sealing.first().ok_or(StoreError::Sealed)?;
        let mut sealed = plain.to_vec();
        let nonce = key
            .seal_in_place_append_tag(Aad::from(context), &mut sealed)
            .map_err(|_| StoreError::Sealed)?;
        let mut whole = nonce.as_ref().to_vec();
        whole.append(&mut sealed);
        Ok((*id, whole))
    }

    /// Opens what was sealed under key `id` in the same context.
    pub fn open(&self, id: i16, whole: &[u8], context: &[u8]) -> Result<Vec<u8>, StoreError> {
        let (_, key) =
            self.sealing.iter().find(|(known, _)| *known == id).ok_or(StoreError::Sealed)?;
        let (nonce, sealed) = whole.split_at_checked(NONCE_LEN).ok_or(StoreError::Sealed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| StoreError::Sealed)?;
        let mut plain = sealed.to_vec();
        let opened = key
            .open_in_place(nonce, Aad::from(context), &mut plain)
            .map_err(|_| StoreError::Sealed)?
            .len();
        plain.truncate(opened);
        Ok(plain)
    }

    /// A keyed digest (HMAC-SHA-256): equal for equal values, and nothing without the key. `purpose`
    /// keeps digests of different things apart.
    #[must_use]
    pub fn digest(&self, purpose: &str, value: &[u8]) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.lookup);
        context.update(purpose.as_bytes());
        context.update(&[0]);
        context.update(value);
        context.sign().as_ref().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(current: i16) -> Vault {
        let mut keys =
            vec![SealingKey { id: 1, secret: [1; 32] }, SealingKey { id: 2, secret: [2; 32] }];
        keys.sort_by_key(|key| key.id != current);
        Vault::new(&keys, &[9; 32]).unwrap()
    }

    #[test]
    fn yp_04_a_sealed_number_opens_only_in_its_own_row_and_unchanged() {
        let (id, sealed) = vault(1).seal(b"6101000000", b"row 1").unwrap();
        assert_eq!(vault(1).open(id, &sealed, b"row 1").unwrap(), b"6101000000");
        assert!(vault(1).open(id, &sealed, b"row 2").is_err());
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(vault(1).open(id, &changed, b"row 1").is_err());
        assert!(!sealed.windows(4).any(|part| part == b"6101"));
    }

    #[test]
    fn after_rotation_old_values_open_and_new_ones_bear_the_new_key() {
        let (old, sealed) = vault(1).seal(b"value", b"row").unwrap();
        assert_eq!(vault(2).open(old, &sealed, b"row").unwrap(), b"value");
        assert_eq!(vault(2).seal(b"value", b"row").unwrap().0, 2);
    }

    #[test]
    fn digests_of_different_things_differ() {
        assert_eq!(vault(1).digest("cpr", b"x"), vault(2).digest("cpr", b"x"));
        assert_ne!(vault(1).digest("cpr", b"x"), vault(1).digest("key", b"x"));
    }
}
