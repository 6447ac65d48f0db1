//! Loading a municipality into a database that has none: without it nobody could sign in.

use crate::serve::{print_line, print_phrase};
use crate::settings::ServeOptions;
use api::{Clock, passwords, text};
use persistence::installation::{Loaded, ensure_fit, install, loaded};
use persistence::organisation::{FirstPasswords, Municipality};
use serde_json::Value;
use std::error::Error as StdError;
use std::fs;
use std::path::Path;

/// Why nothing was loaded.
#[derive(Debug, thiserror::Error)]
enum InstallError {
    #[error("the database has a municipality already")]
    Installed,
    #[error("the keys are a demonstration's: `enplan demo` loads its municipality itself")]
    Demonstration,
    #[error("two administrators are needed: each right is given by two people (OR-3)")]
    Administrators,
    #[error("the municipality's file cannot be read: {0}")]
    File(String),
}

/// Loads the file, all or nothing, and prints each account with its one-time pass phrase once.
pub async fn run(file: &Path, options: ServeOptions) -> Result<(), Box<dyn StdError>> {
    let text = fs::read_to_string(file).map_err(|error| InstallError::File(error.to_string()))?;
    let wrong = |error: serde_json::Error| InstallError::File(error.to_string());
    // The file is first parsed unchanged, so that an error states its line, and then with normalised texts (U10).
    serde_json::from_str::<Municipality>(&text).map_err(wrong)?;
    let mut json: Value = serde_json::from_str(&text).map_err(wrong)?;
    text::normalise(&mut json);
    let municipality: Municipality = serde_json::from_value(json).map_err(wrong)?;
    if municipality.administrators() < 2 {
        return Err(InstallError::Administrators.into());
    }
    let settings = options.resolve()?;
    if settings.keys.demonstration {
        return Err(InstallError::Demonstration.into());
    }
    ensure_fit(&settings.store, &settings.keys.vault()?, false).await?;
    let worker_url = settings.store.worker_url;
    if loaded(&worker_url).await? != Loaded::Not {
        return Err(InstallError::Installed.into());
    }
    let now = Clock::system().now();
    let mut phrases = Vec::with_capacity(municipality.employees.len());
    for _ in &municipality.employees {
        phrases.push(passwords::one_time_phrase()?);
    }
    let hashes: Result<Vec<String>, _> =
        phrases.iter().map(|phrase| passwords::hash(phrase)).collect();
    let accounts = install(&worker_url, &municipality, FirstPasswords::Each(&hashes?), now)
        .await?
        .ok_or(InstallError::Installed)?;
    if !settings.json {
        let Municipality { name, .. } = &municipality;
        print_line(&format!("{name} is installed, with {} accounts", accounts.len()))?;
    }
    for (account, phrase) in accounts.iter().zip(&phrases) {
        print_phrase(&account.username, phrase, settings.json)?;
    }
    Ok(())
}
