//! Normalises typed text: every text in every body is converted here before any other code reads it (U10).
//!
//! A client can send the same letter as one character or as two, and add invisible characters around a text. The stored
//! text is composed (Unicode Normalization Form C) and begins and ends with a visible character. Pass phrases follow
//! RFC 8265 instead, because every blank in them is significant. User names also follow RFC 8265.

use precis_profiles::precis_core::profile::PrecisFastInvocation as _;
use precis_profiles::{OpaqueString, UsernameCaseMapped};
use serde_json::Value;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// Members that contain a pass phrase. In the OpenAPI document exactly these have the format `password`.
const PASS_PHRASES: [&str; 3] = ["password", "current", "new"];
/// The member that contains a user name.
const USERNAME: &str = "username";

/// Normalises every text in the JSON value. An invalid pass phrase or user name is not changed; the schema then refuses
/// it.
pub fn normalise(json: &mut Value) {
    match json {
        Value::String(text) => {
            if let Some(normal) = normalised(text) {
                *text = normal;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(normalise),
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if PASS_PHRASES.contains(&name.as_str()) => {
                        *text = pass_phrase(text).unwrap_or_else(|| std::mem::take(text));
                    }
                    Value::String(text) if name == USERNAME => {
                        *text = username(text);
                    }
                    other => normalise(other),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A pass phrase in the form that is hashed and compared (RFC 8265, `OpaqueString`); `None` if it is invalid.
#[must_use]
pub fn pass_phrase(typed: &str) -> Option<String> {
    OpaqueString::enforce(typed).ok().map(std::borrow::Cow::into_owned)
}

/// A user name in the form that is stored and searched (RFC 8265, `UsernameCaseMapped`). An invalid one matches no
/// account.
#[must_use]
pub fn username(typed: &str) -> String {
    let typed = typed.trim_matches(is_unseen);
    UsernameCaseMapped::enforce(typed)
        .map_or_else(|_| typed.to_owned(), std::borrow::Cow::into_owned)
}

/// The normalised text; `None` if the text is already normalised.
fn normalised(text: &str) -> Option<String> {
    let trimmed = text.trim_matches(is_unseen);
    if trimmed.len() == text.len() && is_nfc(text) && !text.contains(is_filler) {
        return None;
    }
    Some(trimmed.chars().filter(|letter| !is_filler(*letter)).nfc().collect())
}

/// Is the character invisible at the beginning or end of a text: a blank, or a zero-width character?
fn is_unseen(letter: char) -> bool {
    letter.is_whitespace()
        || is_filler(letter)
        || matches!(letter, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Is the character a Hangul filler? Unicode classifies it as a letter, but it is invisible.
const fn is_filler(letter: char) -> bool {
    matches!(letter, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn normal(mut json: Value) -> Value {
        normalise(&mut json);
        json
    }

    #[test]
    fn u10_every_text_of_a_body_has_one_form() {
        let sent = json!({
            "name": "Mødelokale A\u{30a}en",
            "rows": [{ "reason": " \u{200b}Å\u{a0}\n" }, ["  Jens  ", 7, null, true]],
            "inside": "a \u{200d} b",
        });
        let kept = json!({
            "name": "Mødelokale Åen",
            "rows": [{ "reason": "Å" }, ["Jens", 7, null, true]],
            "inside": "a \u{200d} b",
        });
        assert_eq!(normal(sent), kept);
        assert_eq!(normal(kept.clone()), kept, "twice is once");
    }

    #[test]
    fn u15_what_nobody_sees_is_nothing() {
        for unseen in ["\u{200b}", " ", "\u{3164}\u{200b}\u{feff}", "\u{2800}", "\u{ad}\u{2063}"] {
            assert_eq!(normal(json!([unseen])), json!([""]), "{}", unseen.escape_unicode());
        }
        assert_eq!(normal(json!([".\u{3164}."])), json!([".."]));
    }

    #[test]
    fn u11_a_pass_phrase_is_the_same_however_it_is_typed() {
        assert_eq!(
            pass_phrase("blåbærgrød i januar"),
            pass_phrase("bla\u{30a}bærgrød\u{a0}i januar")
        );
        assert_eq!(pass_phrase(" a  b ").unwrap(), " a  b ", "blanks count");
        assert_ne!(pass_phrase("Blåbær"), pass_phrase("blåbær"));
        for none in ["", "a\u{7}b", "a\nb"] {
            assert_eq!(pass_phrase(none), None, "{none:?}");
        }
        let body = json!({ "username": " ＳOFIE ", "password": " bla\u{30a} " });
        assert_eq!(normal(body), json!({ "username": "sofie", "password": " blå " }));
    }
}
