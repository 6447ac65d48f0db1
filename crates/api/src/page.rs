//! Pages of a list: `limit` of 1 to 200, and an opaque cursor that names the last one seen.

use crate::problem::{ApiError, Fault};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;
use uuid::Uuid;

const USUAL: u8 = 50;
const LONGEST: u8 = 200;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// The things.
    pub items: Vec<T>,
    /// Asks for the next page; none on the last.
    pub next_cursor: Option<String>,
}

impl<T, E> Page<Result<T, E>> {
    /// The page, or what is wrong with one of its things.
    pub fn transpose(self) -> Result<Page<T>, E> {
        let Self { items, next_cursor } = self;
        Ok(Page { items: items.into_iter().collect::<Result<_, _>>()?, next_cursor })
    }
}

/// What a client asks of a list; `K` is what the last one seen is known by.
#[derive(Debug, Clone, Copy)]
pub struct Asked<K = Uuid> {
    /// How many.
    pub limit: u8,
    /// After which one.
    pub after: Option<K>,
}

impl<K: Serialize + DeserializeOwned> Asked<K> {
    /// Reads `limit` and `cursor`.
    pub fn new(limit: Option<u8>, cursor: Option<&str>) -> Result<Self, ApiError> {
        let limit = limit.unwrap_or(USUAL);
        if limit < 1 {
            return Err(ApiError::field("limit", Fault::AtLeast(1.to_string())));
        }
        if limit > LONGEST {
            return Err(ApiError::field("limit", Fault::AtMost(LONGEST.to_string())));
        }
        let after = cursor
            .map(|cursor| decode(cursor).ok_or_else(|| ApiError::field("cursor", Fault::Invalid)))
            .transpose()?;
        Ok(Self { limit, after })
    }

    /// The page, of one thing more than was asked for: that one tells that there is a next page.
    pub fn page<R, T>(
        &self,
        mut rows: Vec<R>,
        key: impl Fn(&R) -> K,
        view: impl Fn(&R) -> T,
    ) -> Page<T> {
        let limit = usize::from(self.limit);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).and_then(|last| encode(&key(last)));
        Page { items: rows.iter().map(view).collect(), next_cursor }
    }
}

fn decode<K: DeserializeOwned>(cursor: &str) -> Option<K> {
    let key = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
    serde_json::from_slice(&key).ok()
}

fn encode<K: Serialize>(key: &K) -> Option<String> {
    Some(BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).ok()?))
}
