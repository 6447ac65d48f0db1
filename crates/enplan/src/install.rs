//! Loading a municipality into a database that has none: without it nobody could sign in.

use crate::settings::ServeOptions;
use api::{Clock, passwords};
use persistence::installation::{Loaded, finish_loading, install, loaded};
use persistence::organisation::Municipality;
use std::error::Error as StdError;
use std::fs;
use std::path::Path;

/// Shorter first pass phrases are refused.
const SHORTEST_PASS_PHRASE: usize = 15;

/// Why nothing was loaded.
#[derive(Debug, thiserror::Error)]
enum InstallError {
    #[error("the database has a municipality already")]
    Installed,
    #[error("the first pass phrase has fewer than {SHORTEST_PASS_PHRASE} characters")]
    Weak,
    #[error("the municipality's file cannot be read: {0}")]
    File(String),
}

/// Loads the file, all or nothing.
pub async fn run(
    file: &Path,
    options: ServeOptions,
    first_pass_phrase: &str,
) -> Result<(), Box<dyn StdError>> {
    if first_pass_phrase.chars().count() < SHORTEST_PASS_PHRASE {
        return Err(InstallError::Weak.into());
    }
    let text = fs::read_to_string(file).map_err(|error| InstallError::File(error.to_string()))?;
    let municipality: Municipality =
        serde_json::from_str(&text).map_err(|error| InstallError::File(error.to_string()))?;
    let worker_url = options.resolve()?.store.worker_url;
    if loaded(&worker_url).await? != Loaded::Not {
        return Err(InstallError::Installed.into());
    }
    let now = Clock::system().now();
    let accounts =
        install(&worker_url, &municipality, false, &passwords::hash(first_pass_phrase)?, now)
            .await?;
    finish_loading(&worker_url, now).await?;
    crate::serve::print_line(&format!(
        "{} is installed, with {} accounts",
        municipality.name,
        accounts.len()
    ))?;
    Ok(())
}
