//! Schemas of the fields that bodies are made of. The `OpenAPI` document shows these bounds, and
//! [`crate::body::Body`] enforces them: one truth.

use serde_json::{Value, json};
use strum::VariantArray;
use utoipa::openapi::schema::{SchemaFormat, SchemaType, Type};
use utoipa::openapi::{Array, ArrayBuilder, Object, ObjectBuilder};

/// One line of text: no control characters, and not blank.
const LINE: &str = r"^[^\p{Cc}]*[^\s\p{Cc}][^\p{Cc}]*$";
/// Text of several lines: no control characters but tab and line breaks, and not blank.
const PROSE: &str = r"^(?:[^\p{Cc}]|[\t\n\r])*[^\s\p{Cc}](?:[^\p{Cc}]|[\t\n\r])*$";

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
    let names = E::VARIANTS.iter().map(|variant| Value::from((*variant).into()));
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).build()
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

fn text(of: SchemaType, longest: usize, pattern: &str) -> Object {
    ObjectBuilder::new().schema_type(of).max_length(Some(longest)).pattern(Some(pattern)).build()
}

fn string_or_null() -> SchemaType {
    SchemaType::from_iter([Type::String, Type::Null])
}
