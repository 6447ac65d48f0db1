//! Danish or English, by `Accept-Language`; Danish where nothing is asked.

use actix_web::dev::Payload;
use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::{FromRequest, HttpRequest};
use std::convert::Infallible;
use std::future::{Ready, ready};

/// The language of problems, explanations and warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// The default.
    #[default]
    Danish,
    /// Where it is preferred.
    English,
}

impl Language {
    /// The preferred one of the two.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let wanted = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        wanted.map_or(Self::default(), Self::preferred)
    }

    /// Its tag, for `Content-Language`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Danish => "da",
            Self::English => "en",
        }
    }

    fn preferred(wanted: &str) -> Self {
        let weight_of = |language: &str| {
            wanted
                .split(',')
                .filter_map(|part| {
                    let mut fields = part.trim().split(';');
                    let tag = fields.next()?.trim().to_ascii_lowercase();
                    let weight = fields
                        .find_map(|field| field.trim().strip_prefix("q=")?.parse::<f32>().ok())
                        .unwrap_or(1.0);
                    (tag == language || tag.starts_with(&format!("{language}-"))).then_some(weight)
                })
                .fold(0.0, f32::max)
        };
        if weight_of("en") > weight_of("da") { Self::English } else { Self::Danish }
    }
}

impl FromRequest for Language {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heavier_language_wins_and_danish_where_neither_is_asked() {
        for (wanted, language) in [
            ("en", Language::English),
            ("en-GB,da;q=0.5", Language::English),
            ("da, en;q=0.8", Language::Danish),
            ("de, fr;q=0.5", Language::Danish),
            ("en;q=0", Language::Danish),
            ("da;q=0.1, EN-us;q=0.2", Language::English),
        ] {
            assert_eq!(Language::preferred(wanted), language, "{wanted}");
        }
    }
}
