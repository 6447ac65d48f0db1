//! Groups statements into objects. After `DROP`, the identity of a function, view, trigger or policy is a statement.

use super::split::{Piece, Statement, pieces, statements};
use super::{Source, SqlError};
use aws_lc_rs::digest;
use std::collections::{BTreeMap, BTreeSet};

/// What an object is. Functions and views depend on each other; otherwise this is the order in which they are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A function, with its grants and its comment.
    Function,
    /// A view, with its grants and comments.
    View,
    Trigger,
    Policy,
    /// All grants on a table.
    Grants,
    /// The comment on a table, a column of a table or a domain.
    Comment,
}

impl Kind {
    /// The kind of an object, which may be one that is no longer defined.
    pub(super) fn of(identity: &str) -> Self {
        match identity.split(' ').next().unwrap_or_default() {
            "FUNCTION" => Self::Function,
            "VIEW" => Self::View,
            "TRIGGER" => Self::Trigger,
            "POLICY" => Self::Policy,
            "GRANTS" => Self::Grants,
            _ => Self::Comment,
        }
    }
}

/// An object, which is applied as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Object {
    pub(super) kind: Kind,
    /// Such as `FUNCTION age_on(date, date)`, `POLICY app_read ON plan`, `GRANTS ON plan` or `COMMENT ON TABLE plan`.
    pub(crate) identity: String,
    /// Its statements.
    pub(super) sql: String,
    /// SHA-256 of its statements.
    pub(crate) digest: Vec<u8>,
}

/// What a statement is about.
struct Subject {
    /// The function or view that it follows, if there is one.
    follows: Option<String>,
    /// The object that it is, or is a part of, otherwise.
    is: Option<String>,
}

/// The objects of expanded files, in the order of their kinds.
pub(super) fn of(expanded: &[Source]) -> Result<Vec<Object>, SqlError> {
    let mut defined: BTreeMap<(Kind, String), String> = BTreeMap::new();
    let (mut names, mut following) = (BTreeSet::new(), Vec::new());
    for Source { name, text } in expanded {
        let fault = |at: usize, fault: &str| {
            let (before, after) = text.split_at_checked(at).unwrap_or_default();
            let head = after.lines().next().unwrap_or_default();
            SqlError {
                file: name.clone(),
                line: before.matches('\n').count() + 1,
                fault: format!("{fault}: {head}"),
            }
        };
        for Statement { text, offset } in statements(text).map_err(|at| fault(at, "no end"))? {
            let strange = || fault(offset, "this statement does not belong here");
            let subject = subject(text).ok_or_else(strange)?;
            match subject {
                Subject { follows: None, is: Some(identity) } => {
                    // Not even with other arguments.
                    let name = identity.split('(').next().unwrap_or_default();
                    if !names.insert(name.to_owned()) {
                        return Err(fault(offset, "this is defined twice"));
                    }
                    defined.insert((Kind::of(&identity), identity), format!("{text};\n"));
                }
                _ => following.push((subject, text, fault(offset, "its object is not defined"))),
            }
        }
    }
    for (Subject { follows, is }, text, undefined) in following {
        let key = |identity: String| (Kind::of(&identity), identity);
        let follows = follows.map(key).filter(|key| defined.contains_key(key));
        let key = follows.or(is.map(key)).ok_or(undefined)?;
        let sql = defined.entry(key).or_default();
        sql.push_str(text);
        sql.push_str(";\n");
    }
    let object = |((kind, identity), sql): ((Kind, String), String)| {
        let digest = digest::digest(&digest::SHA256, sql.as_bytes()).as_ref().to_vec();
        Object { kind, identity, sql, digest }
    };
    Ok(defined.into_iter().map(object).collect())
}

/// What the statement is about; `None` if it does not belong in `sql/`.
fn subject(statement: &str) -> Option<Subject> {
    let pieces = pieces(statement).ok()?;
    let words: Vec<_> = pieces
        .into_iter()
        .filter(|piece| !matches!(piece, Piece::Gap(_)))
        .map(Piece::text)
        .collect();
    let is = |identity: String| Some(Subject { follows: None, is: Some(identity) });
    let follows = |identity: String| Some(Subject { follows: Some(identity), is: None });
    match words.as_slice() {
        ["CREATE", "FUNCTION", name, "(", arguments @ ..] => {
            is(format!("FUNCTION {name}({})", types(arguments, true)))
        }
        ["CREATE", "VIEW", name, ..] => is(format!("VIEW {name}")),
        ["CREATE", "TRIGGER", name, rest @ ..]
        | ["CREATE", "CONSTRAINT", "TRIGGER", name, rest @ ..] => match after_on(rest)? {
            [table, ..] => is(format!("TRIGGER {name} ON {table}")),
            [] => None,
        },
        ["CREATE", "POLICY", name, "ON", table, ..] => is(format!("POLICY {name} ON {table}")),
        ["COMMENT", "ON", kind @ ("TABLE" | "DOMAIN"), name, ..] => {
            is(format!("COMMENT ON {kind} {name}"))
        }
        ["COMMENT", "ON", "COLUMN", table, ".", column, ..] => Some(Subject {
            follows: Some(format!("VIEW {table}")),
            is: Some(format!("COMMENT ON COLUMN {table}.{column}")),
        }),
        ["COMMENT", "ON", "VIEW", name, ..] => follows(format!("VIEW {name}")),
        ["COMMENT", "ON", "FUNCTION", name, "(", arguments @ ..] => {
            follows(format!("FUNCTION {name}({})", types(arguments, false)))
        }
        ["GRANT", rest @ ..] => match after_on(rest)? {
            ["FUNCTION", name, "(", arguments @ ..] => {
                follows(format!("FUNCTION {name}({})", types(arguments, false)))
            }
            [table, "TO", ..] => Some(Subject {
                follows: Some(format!("VIEW {table}")),
                is: Some(format!("GRANTS ON {table}")),
            }),
            _ => None,
        },
        _ => None,
    }
}

fn after_on<'a, 'b>(words: &'b [&'a str]) -> Option<&'b [&'a str]> {
    let on = words.iter().position(|word| *word == "ON")?;
    words.get(on + 1..)
}

/// The types of arguments, up to the parenthesis that ends them. `named`: each argument has a name.
fn types(words: &[&str], named: bool) -> String {
    let mut depth = 0_u32;
    let mut arguments = vec![Vec::new()];
    for word in words {
        match *word {
            ")" if depth == 0 => break,
            "," if depth == 0 => arguments.push(Vec::new()),
            word => {
                depth += u32::from(matches!(word, "(" | "["));
                depth -= u32::from(matches!(word, ")" | "]"));
                if let Some(argument) = arguments.last_mut() {
                    argument.push(word);
                }
            }
        }
    }
    let type_of = |argument: Vec<&str>| {
        let mut rest = argument.split(|word| matches!(*word, "DEFAULT" | "=")).next()?;
        if let ["OUT", ..] = rest {
            return None;
        }
        if let ["IN" | "INOUT" | "VARIADIC", after @ ..] = rest {
            rest = after;
        }
        if let (true, [_, after @ ..]) = (named, rest) {
            rest = after;
        }
        let text = rest.join(" ").replace(" [ ]", "[]");
        (!text.is_empty()).then_some(text)
    };
    arguments.into_iter().filter_map(type_of).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identities(sql: &str) -> Vec<String> {
        let source = Source { name: "a/b.sql".to_owned(), text: sql.to_owned() };
        of(&[source]).unwrap().into_iter().map(|object| object.identity).collect()
    }

    #[test]
    fn each_object_has_its_identity() {
        let sql = "
            CREATE FUNCTION f(a uuid, OUT b date, INOUT c text[], d double precision DEFAULT 1, VARIADIC e date[] = '{}') RETURNS x;
            CREATE FUNCTION t() RETURNS trigger AS $$ ON z $$;
            CREATE CONSTRAINT TRIGGER t AFTER INSERT OR UPDATE OF on_day ON plan EXECUTE FUNCTION t();
            CREATE POLICY p ON plan FOR SELECT USING (true);
            COMMENT ON COLUMN plan.state IS 'x';
            GRANT SELECT (a), UPDATE (b, c) ON plan TO enplan_app;
            GRANT INSERT ON plan TO enplan_worker;";
        assert_eq!(
            identities(sql),
            [
                "FUNCTION f(uuid, text[], double precision, date[])",
                "FUNCTION t()",
                "TRIGGER t ON plan",
                "POLICY p ON plan",
                "GRANTS ON plan",
                "COMMENT ON COLUMN plan.state",
            ]
        );
    }

    #[test]
    fn grants_and_comments_belong_to_their_function_or_view() {
        let sql = "
            GRANT SELECT ON v TO enplan_app;
            CREATE VIEW v AS SELECT 1 AS a;
            COMMENT ON COLUMN v.a IS 'x';
            CREATE FUNCTION f(a uuid, b double precision) RETURNS x;
            GRANT EXECUTE ON FUNCTION f(uuid, double precision) TO enplan_app;
            COMMENT ON FUNCTION f(uuid, double precision) IS 'y';";
        assert_eq!(identities(sql), ["FUNCTION f(uuid, double precision)", "VIEW v"]);
        for (text, fault) in [
            ("GRANT EXECUTE ON FUNCTION f(uuid) TO a;", "its object is not defined"),
            ("CREATE FUNCTION f(a uuid);\nCREATE FUNCTION f(b date);", "this is defined twice"),
            ("GRANT SELECT ON a, b TO c;", "this statement does not belong here"),
        ] {
            let source = Source { name: "a/b.sql".to_owned(), text: text.to_owned() };
            let last = text.lines().last().unwrap();
            let told = of(&[source]).unwrap_err().to_string();
            assert!(told.ends_with(&format!("{fault}: {last}")), "{told}");
        }
    }
}
