//! Pages of a list: a `limit` of 1 to 200, and a cursor that names the last item of the previous page. The cursor is
//! opaque and authenticated: a list accepts only cursors that it returned to the same caller for the same filter.

use crate::caller::Caller;
use crate::edge::Edge;
use crate::problem::{ApiError, Fault};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;
use uuid::Uuid;

const USUAL: u8 = 50;
const LONGEST: u8 = 200;
/// The largest accepted length of a cursor. Returned cursors are much shorter.
const LONGEST_CURSOR: usize = 512;
/// The number of bytes of the authentication tag in a cursor.
const TAG: usize = 32;

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
#[derive(Debug, Clone)]
pub struct Asked<K = Uuid> {
    /// How many.
    pub limit: u8,
    /// After which one.
    pub after: Option<K>,
    /// Authenticates the cursors of this list for this caller.
    key: hmac::Key,
}

impl<K: Serialize + DeserializeOwned> Asked<K> {
    /// Reads `limit` and `cursor`. A cursor that was not returned to this caller for this path and filter is refused.
    pub fn new(
        edge: &Edge,
        caller: &Caller,
        limit: Option<u8>,
        cursor: Option<&str>,
    ) -> Result<Self, ApiError> {
        let secret = edge.store().vault().digest("cursor", caller.list().as_bytes());
        Self::with_key(hmac::Key::new(hmac::HMAC_SHA256, &secret), limit, cursor)
    }

    fn with_key(key: hmac::Key, limit: Option<u8>, cursor: Option<&str>) -> Result<Self, ApiError> {
        let limit = limit.unwrap_or(USUAL);
        if limit < 1 {
            return Err(ApiError::field("limit", Fault::AtLeast(1.to_string())));
        }
        if limit > LONGEST {
            return Err(ApiError::field("limit", Fault::AtMost(LONGEST.to_string())));
        }
        let after = cursor
            .map(|cursor| {
                decode(&key, cursor).ok_or_else(|| ApiError::field("cursor", Fault::Invalid))
            })
            .transpose()?;
        Ok(Self { limit, after, key })
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
        let next_cursor =
            rows.last().filter(|_| more).and_then(|last| encode(&self.key, &key(last)));
        Page { items: rows.iter().map(view).collect(), next_cursor }
    }
}

/// The authentication tag, and the data that it authenticates.
fn decode<K: DeserializeOwned>(key: &hmac::Key, cursor: &str) -> Option<K> {
    if cursor.len() > LONGEST_CURSOR {
        return None;
    }
    let whole = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (tag, last) = whole.split_at_checked(TAG)?;
    hmac::verify(key, last, tag).ok()?;
    serde_json::from_slice(last).ok()
}

fn encode<K: Serialize>(key: &hmac::Key, last: &K) -> Option<String> {
    let last = serde_json::to_vec(last).ok()?;
    let tag = hmac::sign(key, &last);
    Some(BASE64_URL_SAFE_NO_PAD.encode([tag.as_ref(), &last].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(key: u8, cursor: Option<&str>) -> Result<Asked<u32>, ApiError> {
        Asked::with_key(hmac::Key::new(hmac::HMAC_SHA256, &[key; 32]), Some(1), cursor)
    }

    #[test]
    fn a15_only_a_cursor_of_our_making_is_taken() {
        let page = asked(1, None).unwrap().page(vec![7, 8], |row| *row, |row| *row);
        let given = page.next_cursor.unwrap();
        assert_eq!(asked(1, Some(&given)).unwrap().after, Some(7));
        let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(&given).unwrap();
        *bytes.last_mut().unwrap() += 1;
        let changed = BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let unsigned = BASE64_URL_SAFE_NO_PAD.encode("7");
        for (key, cursor) in [(2, &given), (1, &changed), (1, &unsigned), (1, &"A".repeat(513))] {
            assert_eq!(asked(key, Some(cursor)).unwrap_err().code(), "request.invalid");
        }
    }
}
