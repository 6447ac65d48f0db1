//! The keys, which lie in a folder outside the database: one file that nobody else may read.

use api::tokens::TokenKeys;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use persistence::bootstrap::RolePasswords;
use persistence::vault::{KEY_LENGTH, SealingKey, Vault};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

const FILE: &str = "keys.json";
/// Shorter passwords of the database roles are refused.
const SHORTEST_PASSWORD: usize = 20;

/// Why there are no keys. Each is one line; none tells a key.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The file is not there or cannot be read.
    #[error(
        "the keys in {0} cannot be read: make them with `enplan keys`, and name their folder in ENPLAN_KEYS"
    )]
    Unreadable(PathBuf),
    /// Somebody else may read it.
    #[error("{0} may be read by others: `chmod 600` it")]
    Open(PathBuf),
    /// It is not what `enplan keys` writes.
    #[error("{0} is not a file of keys")]
    Malformed(PathBuf),
    /// A secret is too short, or no secret at all.
    #[error("{0} is too weak: make new keys with `enplan keys`")]
    Weak(&'static str),
    /// Two sealing keys have the same number, so it would be unknown which of them sealed a value.
    #[error("two sealing keys have the id {0}: each needs one of its own")]
    SameId(i16),
    /// There are keys already.
    #[error("{0} is there already: keys are not written over")]
    Exists(PathBuf),
    /// The folder or the file cannot be written.
    #[error("the keys cannot be written")]
    Unwritable(#[from] std::io::Error),
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    Random,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    /// Whether these are a demonstration's.
    demonstration: bool,
    /// Ed25519, PKCS #8, base64.
    token_key: String,
    /// The current one first.
    sealing_keys: Vec<FileKey>,
    /// For the keyed hashes, base64.
    lookup_key: String,
    database_passwords: FilePasswords,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileKey {
    id: i16,
    secret: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePasswords {
    app: String,
    worker: String,
    figures: String,
}

/// The keys, checked.
#[derive(Debug)]
pub struct Keys {
    /// Whether these are a demonstration's.
    pub demonstration: bool,
    token_key: SecretBytes,
    sealing: Vec<SealingKey>,
    lookup: SecretBytes,
    passwords: RolePasswords,
}

struct SecretBytes(Vec<u8>);

impl std::fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretBytes(..)")
    }
}

impl Keys {
    /// Makes keys in `folder`, which may not hold any yet.
    pub fn make(folder: &Path, demonstration: bool) -> Result<Self, KeysError> {
        fs::create_dir_all(folder)?;
        let path = folder.join(FILE);
        let pair =
            Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| KeysError::Random)?;
        let passwords = RolePasswords::random().map_err(|_| KeysError::Random)?;
        let file = File {
            demonstration,
            token_key: BASE64_STANDARD.encode(pair.as_ref()),
            sealing_keys: vec![FileKey { id: 1, secret: BASE64_STANDARD.encode(random()?) }],
            lookup_key: BASE64_STANDARD.encode(random()?),
            database_passwords: FilePasswords {
                app: passwords.app.expose_secret().to_owned(),
                worker: passwords.worker.expose_secret().to_owned(),
                figures: passwords.figures.expose_secret().to_owned(),
            },
        };
        let mut out =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(
                |error| match error.kind() {
                    std::io::ErrorKind::AlreadyExists => KeysError::Exists(path.clone()),
                    _ => KeysError::Unwritable(error),
                },
            )?;
        let text = serde_json::to_string_pretty(&file).map_err(|_| KeysError::Malformed(path))?;
        out.write_all(text.as_bytes())?;
        out.sync_all()?;
        Self::read(folder)
    }

    /// Reads and checks the keys of `folder`.
    pub fn read(folder: &Path) -> Result<Self, KeysError> {
        let path = folder.join(FILE);
        let about = fs::metadata(&path).map_err(|_| KeysError::Unreadable(path.clone()))?;
        if about.permissions().mode() & 0o077 != 0 {
            return Err(KeysError::Open(path));
        }
        let text = fs::read_to_string(&path).map_err(|_| KeysError::Unreadable(path.clone()))?;
        let file: File =
            serde_json::from_str(&text).map_err(|_| KeysError::Malformed(path.clone()))?;
        let bytes = |text: &str| {
            BASE64_STANDARD.decode(text).map_err(|_| KeysError::Malformed(path.clone()))
        };
        let token_key = bytes(&file.token_key)?;
        TokenKeys::from_pkcs8(&token_key).map_err(|_| KeysError::Weak("the token key"))?;
        let sealing = file
            .sealing_keys
            .iter()
            .map(|key| {
                Ok(SealingKey {
                    id: key.id,
                    secret: strong(&bytes(&key.secret)?, "a sealing key")?,
                })
            })
            .collect::<Result<Vec<_>, KeysError>>()?;
        if sealing.is_empty() {
            return Err(KeysError::Weak("the sealing key"));
        }
        let mut ids = HashSet::new();
        if let Some(again) = sealing.iter().find(|key| !ids.insert(key.id)) {
            return Err(KeysError::SameId(again.id));
        }
        let lookup = strong(&bytes(&file.lookup_key)?, "the look-up key")?.to_vec();
        let FilePasswords { app, worker, figures } = file.database_passwords;
        if [&app, &worker, &figures].iter().any(|password| password.len() < SHORTEST_PASSWORD) {
            return Err(KeysError::Weak("a database password"));
        }
        let passwords = RolePasswords {
            app: SecretString::from(app),
            worker: SecretString::from(worker),
            figures: SecretString::from(figures),
        };
        Ok(Self {
            demonstration: file.demonstration,
            token_key: SecretBytes(token_key),
            sealing,
            lookup: SecretBytes(lookup),
            passwords,
        })
    }

    /// The pair that signs access tokens.
    pub fn tokens(&self) -> Result<TokenKeys, KeysError> {
        TokenKeys::from_pkcs8(&self.token_key.0).map_err(|_| KeysError::Weak("the token key"))
    }

    /// What seals and opens.
    pub fn vault(&self) -> Result<Vault, KeysError> {
        let lookup = strong(&self.lookup.0, "the look-up key")?;
        Vault::new(&self.sealing, &lookup).map_err(|_| KeysError::Weak("a sealing key"))
    }

    /// The passwords of the database roles.
    pub fn role_passwords(&self) -> RolePasswords {
        self.passwords.clone()
    }
}

fn random() -> Result<[u8; KEY_LENGTH], KeysError> {
    let mut secret = [0; KEY_LENGTH];
    aws_lc_rs::rand::fill(&mut secret).map_err(|_| KeysError::Random)?;
    Ok(secret)
}

/// Refuses what is not 32 bytes, or is visibly made by hand: fewer than eight different bytes.
fn strong(secret: &[u8], which: &'static str) -> Result<[u8; KEY_LENGTH], KeysError> {
    let secret: [u8; KEY_LENGTH] = secret.try_into().map_err(|_| KeysError::Weak(which))?;
    let mut different = secret.to_vec();
    different.sort_unstable();
    different.dedup();
    if different.len() < 8 { Err(KeysError::Weak(which)) } else { Ok(secret) }
}
