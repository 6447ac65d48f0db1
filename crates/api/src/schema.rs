//! Schemas of the fields that bodies are made of. The `OpenAPI` document shows these bounds, and
//! [`crate::body::Body`] enforces them: one truth.

use serde_json::{Value, json};
use strum::VariantArray;
use utoipa::openapi::schema::{KnownFormat, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{Array, ArrayBuilder, Object, ObjectBuilder};

/// One line of text without control characters, with at least one letter or digit (U15).
const LINE: &str = r"^[^\p{Cc}]*[\p{L}\p{N}][^\p{Cc}]*$";
/// The name of a person: one line of text with at least one letter.
const NAME: &str = r"^[^\p{Cc}]*\p{L}[^\p{Cc}]*$";
/// Text of several lines: the same as one line, but tabs and line breaks are allowed.
const PROSE: &str = r"^(?:[^\p{Cc}]|[\t\n\r])*[\p{L}\p{N}](?:[^\p{Cc}]|[\t\n\r])*$";

/// A line of at most `MAX` characters.
#[must_use]
pub fn line<const MAX: usize>() -> Object {
    text(SchemaType::Type(Type::String), MAX, LINE)
}

/// The same, or none.
#[must_use]
pub fn optional_line<const MAX: usize>() -> Object {
    text(string_or_null(), MAX, LINE)
}

/// The name of a person, of at most `MAX` characters.
#[must_use]
pub fn name<const MAX: usize>() -> Object {
    text(SchemaType::Type(Type::String), MAX, NAME)
}

/// The same, or none.
#[must_use]
pub fn optional_name<const MAX: usize>() -> Object {
    text(string_or_null(), MAX, NAME)
}

/// A pass phrase to verify (RFC 8265). It has no further bounds, because it is only compared with the hash.
#[must_use]
pub fn pass_phrase() -> Object {
    pass_phrase_from(1)
}

/// A new pass phrase.
#[must_use]
pub fn new_pass_phrase() -> Object {
    pass_phrase_from(15)
}

fn pass_phrase_from(shortest: usize) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
        .min_length(Some(shortest))
        .max_length(Some(200))
        .build()
}

/// A text of at most `MAX` characters.
#[must_use]
pub fn prose<const MAX: usize>() -> Object {
    text(SchemaType::Type(Type::String), MAX, PROSE)
}

/// The same, or none.
#[must_use]
pub fn optional_prose<const MAX: usize>() -> Object {
    text(string_or_null(), MAX, PROSE)
}

/// 1 to `MOST` lines of at most `MAX` characters.
#[must_use]
pub fn lines<const MAX: usize, const MOST: usize>() -> Array {
    ArrayBuilder::new().items(line::<MAX>()).min_items(Some(1)).max_items(Some(MOST)).build()
}

/// One of the codes of an enumeration of the domain.
#[must_use]
pub fn code<E>() -> Object
where
    E: VariantArray + Copy + Into<&'static str>,
{
    one_of(E::VARIANTS)
}

/// One or more of them.
#[must_use]
pub fn codes<E>() -> Array
where
    E: VariantArray + Copy + Into<&'static str>,
{
    ArrayBuilder::new().items(code::<E>()).min_items(Some(1)).unique_items(true).build()
}

/// The same, or none.
#[must_use]
pub fn optional_code<E>() -> Object
where
    E: VariantArray + Copy + Into<&'static str>,
{
    let names =
        E::VARIANTS.iter().map(|variant| Value::from((*variant).into())).chain([Value::Null]);
    ObjectBuilder::new().schema_type(string_or_null()).enum_values(Some(names)).build()
}

/// One of these codes of an enumeration of the domain.
#[must_use]
pub fn one_of<E: Copy + Into<&'static str>>(codes: &[E]) -> Object {
    let names = codes.iter().map(|code| Value::from((*code).into()));
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).build()
}

/// The format of a CPR number (YP-1), which [`crate::body::Body`] checks.
pub const CPR: &str = "cpr";

/// A CPR number as it is typed.
#[must_use]
pub fn cpr() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::Custom(CPR.to_owned())))
        .description(Some("Ten digits whose date exists, with or without a hyphen after it."))
        .examples([json!("7503054234")])
        .build()
}

/// A CVR number. Whether modulus 11 divides it is checked after.
#[must_use]
pub fn cvr() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("Eight digits."))
        .max_length(Some(8))
        .examples([json!("10150817")])
        .build()
}

/// A time of day, to the minute.
#[must_use]
pub fn time_of_day() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^(?:[01][0-9]|2[0-3]):[0-5][0-9]$"))
        .examples([json!("09:00")])
        .build()
}

/// Hours a week, to the tenth of an hour.
#[must_use]
pub fn weekly_hours() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::Number)
        .description(Some("With one decimal at most."))
        .minimum(Some(0))
        .maximum(Some(37))
        .examples([json!(7.5)])
        .build()
}

/// The same, or none.
#[must_use]
pub fn optional_weekly_hours() -> Object {
    ObjectBuilder::from(weekly_hours())
        .schema_type(SchemaType::from_iter([Type::Number, Type::Null]))
        .build()
}

fn text(of: SchemaType, longest: usize, pattern: &str) -> Object {
    ObjectBuilder::new().schema_type(of).max_length(Some(longest)).pattern(Some(pattern)).build()
}

fn string_or_null() -> SchemaType {
    SchemaType::from_iter([Type::String, Type::Null])
}
