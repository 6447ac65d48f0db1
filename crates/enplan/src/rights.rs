//! Commands on the machine for the case that there are too few administrators for two people (OR-2, OR-3).

use crate::serve::print_phrase;
use crate::settings::ServeOptions;
use api::{Clock, passwords};
use std::error::Error as StdError;

/// Appoints an administrator, and prints their one-time pass phrase once.
pub async fn appoint_administrator(
    username: &str,
    options: ServeOptions,
) -> Result<(), Box<dyn StdError>> {
    let settings = options.resolve()?;
    let (phrase, now) = (passwords::one_time_phrase()?, Clock::system().now());
    let hash = passwords::hash(&phrase)?;
    persistence::rights::appoint_administrator(&settings.store.worker_url, username, &hash, now)
        .await?;
    Ok(print_phrase(username, &phrase, settings.json)?)
}

/// Resets an administrator's pass phrase, and prints a one-time pass phrase once.
pub async fn reset_password(
    username: &str,
    options: ServeOptions,
) -> Result<(), Box<dyn StdError>> {
    let settings = options.resolve()?;
    let (phrase, now) = (passwords::one_time_phrase()?, Clock::system().now());
    let hash = passwords::hash(&phrase)?;
    persistence::rights::reset_password(&settings.store.worker_url, username, &hash, now).await?;
    Ok(print_phrase(username, &phrase, settings.json)?)
}
