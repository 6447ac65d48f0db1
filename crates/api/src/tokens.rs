//! Access tokens: JWT signed with Ed25519, 15 minutes, naming who and which session, and nothing of
//! rights (D-29).

use aws_lc_rs::digest;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::ids::{EmployeeId, SessionId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fmt;
use uuid::Uuid;

/// How long an access token holds, in seconds.
pub const LIFETIME_SECONDS: i64 = 15 * 60;
/// The number of seconds by which a token may be issued ahead of this instance's clock, because another instance may
/// have issued it (D-29).
const LEEWAY_SECONDS: i64 = 5;
const ISSUER: &str = "enplan";
const AUDIENCE: &str = "enplan-api";

/// What an access token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Claims {
    sub: Uuid,
    sid: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
}

#[derive(Serialize, Deserialize)]
struct Token {
    iss: String,
    aud: String,
    #[serde(flatten)]
    claims: Claims,
}

/// What a token that holds names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Who.
    pub employee: EmployeeId,
    /// In which session.
    pub session: SessionId,
    expires: i64,
}

impl Verified {
    /// Does it hold (still)?
    #[must_use]
    pub const fn holds(&self, now: DateTime<Utc>) -> bool {
        now.timestamp() < self.expires
    }
}

/// The key does not read as an Ed25519 key in PKCS #8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the token key is not an Ed25519 key in PKCS #8")]
pub struct InvalidTokenKey;

/// Issues and verifies access tokens with one key pair.
pub struct TokenKeys {
    id: String,
    public: Vec<u8>,
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
}

impl fmt::Debug for TokenKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenKeys({})", self.id)
    }
}

impl TokenKeys {
    /// Reads the key pair.
    pub fn from_pkcs8(document: &[u8]) -> Result<Self, InvalidTokenKey> {
        let pair = Ed25519KeyPair::from_pkcs8(document).map_err(|_| InvalidTokenKey)?;
        let public = pair.public_key().as_ref().to_vec();
        let id = BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &public).as_ref());
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        // The library uses the system clock. The corrected clock is compared below, with leeway only for the time of
        // issue.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.leeway = 0;
        let verifying = DecodingKey::from_ed_der(&public);
        Ok(Self { id, public, signing: EncodingKey::from_ed_der(document), verifying, validation })
    }

    /// A token for this session.
    pub fn issue(
        &self,
        employee: EmployeeId,
        session: SessionId,
        now: DateTime<Utc>,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.id.clone());
        let iat = now.timestamp();
        let claims =
            Claims { sub: employee.0, sid: session.0, iat, nbf: iat, exp: iat + LIFETIME_SECONDS };
        let token = Token { iss: ISSUER.to_owned(), aud: AUDIENCE.to_owned(), claims };
        jsonwebtoken::encode(&header, &token, &self.signing)
    }

    /// What a token names; none where it does not hold.
    #[must_use]
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Option<Verified> {
        let claims = jsonwebtoken::decode::<Token>(token, &self.verifying, &self.validation)
            .ok()?
            .claims
            .claims;
        let verified = Verified {
            employee: claims.sub.into(),
            session: claims.sid.into(),
            expires: claims.exp,
        };
        let begun = claims.nbf.max(claims.iat) <= now.timestamp() + LEEWAY_SECONDS;
        (begun && verified.holds(now)).then_some(verified)
    }

    /// The public key, as a JSON Web Key Set (RFC 7517).
    #[must_use]
    pub fn key_set(&self) -> serde_json::Value {
        json!({"keys": [{
            "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.id,
            "x": BASE64_URL_SAFE_NO_PAD.encode(&self.public),
        }]})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::rand::SystemRandom;
    use chrono::TimeDelta;

    fn keys() -> (Vec<u8>, TokenKeys) {
        let document =
            Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap().as_ref().to_vec();
        let keys = TokenKeys::from_pkcs8(&document).unwrap();
        (document, keys)
    }

    fn verified() -> Verified {
        let (employee, session) = who();
        Verified { employee, session, expires: now().timestamp() + LIFETIME_SECONDS }
    }

    fn now() -> DateTime<Utc> {
        "2030-01-01T00:00:00Z".parse().unwrap()
    }

    fn who() -> (EmployeeId, SessionId) {
        (Uuid::from_u128(1).into(), Uuid::from_u128(2).into())
    }

    /// Signs whatever is given, with the right key.
    fn forge(document: &[u8], claims: &serde_json::Value) -> String {
        let header = Header::new(Algorithm::EdDSA);
        jsonwebtoken::encode(&header, claims, &EncodingKey::from_ed_der(document)).unwrap()
    }

    fn claims() -> serde_json::Value {
        let iat = now().timestamp();
        json!({"iss": ISSUER, "aud": AUDIENCE, "sub": who().0, "sid": who().1, "iat": iat, "nbf": iat, "exp": iat + 900})
    }

    #[test]
    fn b1_a_token_holds_for_fifteen_minutes_of_our_clock() {
        let (_, keys) = keys();
        let token = keys.issue(who().0, who().1, now()).unwrap();
        assert_eq!(keys.verify(&token, now()), Some(verified()));
        assert_eq!(keys.verify(&token, now() + TimeDelta::seconds(899)), Some(verified()));
        assert_eq!(keys.verify(&token, now() + TimeDelta::seconds(900)), None);
    }

    #[test]
    fn f09_a_token_may_be_five_seconds_ahead_of_our_clock_and_no_more() {
        let (document, keys) = keys();
        let token = keys.issue(who().0, who().1, now()).unwrap();
        assert_eq!(keys.verify(&token, now() - TimeDelta::seconds(5)), Some(verified()));
        assert_eq!(keys.verify(&token, now() - TimeDelta::seconds(6)), None);
        for claim in ["iat", "nbf"] {
            let mut ahead = claims();
            ahead[claim] = json!(now().timestamp() + 6);
            assert_eq!(keys.verify(&forge(&document, &ahead), now()), None, "{claim}");
        }
    }

    #[test]
    fn b1_every_claim_is_required_and_checked() {
        let (document, keys) = keys();
        assert_eq!(keys.verify(&forge(&document, &claims()), now()), Some(verified()));
        for claim in ["iss", "aud", "sub", "sid", "nbf", "exp", "iat"] {
            let mut without = claims();
            without.as_object_mut().unwrap().remove(claim);
            assert_eq!(keys.verify(&forge(&document, &without), now()), None, "without {claim}");
        }
        for (claim, wrong) in [
            ("iss", json!("other")),
            ("aud", json!("other")),
            ("nbf", json!("now")),
            ("sub", json!(7)),
        ] {
            let mut other = claims();
            other[claim] = wrong;
            assert_eq!(keys.verify(&forge(&document, &other), now()), None, "wrong {claim}");
        }
    }

    #[test]
    fn b1_another_key_or_algorithm_does_not_hold() {
        let (_, ours) = keys();
        let (stranger, theirs) = keys();
        assert_eq!(ours.verify(&forge(&stranger, &claims()), now()), None);
        assert_eq!(ours.verify(&theirs.issue(who().0, who().1, now()).unwrap(), now()), None);
        let hmac = jsonwebtoken::encode(
            &Header::new(Algorithm::HS256),
            &claims(),
            &EncodingKey::from_secret(&ours.public),
        );
        assert_eq!(ours.verify(&hmac.unwrap(), now()), None);
        let body = BASE64_URL_SAFE_NO_PAD.encode(claims().to_string());
        let none =
            format!("{}.{body}.", BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#));
        assert_eq!(ours.verify(&none, now()), None);
    }
}
