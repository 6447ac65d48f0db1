//! The SQL in `sql/`: functions, views, triggers, policies, grants and comments. The files are templates; expanded and
//! split they are objects, each with a hash of its text, so that only changed ones are applied.

mod apply;
mod objects;
mod split;

pub(crate) use apply::{apply, drop_all};
pub(crate) use objects::Object;

use crate::migrations::Schema;
use aws_lc_rs::digest;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use std::fmt::Write as _;
use std::sync::LazyLock;

/// A file of `sql/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its path below `sql/`, such as `plans/views.sql`.
    pub name: String,
    /// Its text, with macros.
    pub text: String,
}

/// A fault in a file of `sql/`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("sql/{file}, line {line}: {fault}")]
pub struct SqlError {
    /// The file's path below `sql/`.
    pub file: String,
    /// The line.
    pub line: usize,
    /// What is wrong.
    pub fault: String,
}

/// The files with their macros expanded, in the same order. A name that is not defined is an error.
pub fn expand(sources: &[Source]) -> Result<Vec<Source>, SqlError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    for Source { name, text } in sources {
        environment.add_template(name, text).map_err(|error| fault(name, &error))?;
    }
    let expanded = |Source { name, .. }: &Source| {
        let text = environment.get_template(name).and_then(|template| template.render(()));
        Ok(Source { name: name.clone(), text: text.map_err(|error| fault(name, &error))? })
    };
    sources.iter().map(expanded).collect()
}

fn fault(file: &str, error: &minijinja::Error) -> SqlError {
    SqlError {
        file: error.name().unwrap_or(file).to_owned(),
        line: error.line().unwrap_or(1),
        fault: error.detail().map_or_else(|| error.kind().to_string(), ToOwned::to_owned),
    }
}

/// The objects that the files define.
pub(crate) fn objects(sources: &[Source]) -> Result<Vec<Object>, SqlError> {
    objects::of(&expand(sources)?)
}

/// A name for the SQL in these files.
pub(crate) fn fingerprint(sources: &[Source]) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    for Source { name, text } in sources {
        context.update(name.as_bytes());
        context.update(text.as_bytes());
    }
    hexadecimal(context.finish())
}

/// The same for the files of this program.
pub(crate) fn own_fingerprint() -> &'static str {
    static OWN: LazyLock<String> =
        LazyLock::new(|| fingerprint(&Schema::of_this_program().sources));
    &OWN
}

/// The first eight bytes.
pub(crate) fn hexadecimal(digest: digest::Digest) -> String {
    digest.as_ref().iter().take(8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, text: &str) -> Source {
        Source { name: name.to_owned(), text: text.to_owned() }
    }

    fn fault_of(sources: &[Source]) -> String {
        objects(sources).unwrap_err().to_string()
    }

    #[test]
    fn macros_are_expanded() {
        let sources = [
            source(
                "a/macros.sql",
                "{% macro row(t, x=none) -%}\n{{ t }}{{ x or '' }}{%- endmacro %}\n",
            ),
            source(
                "a/views.sql",
                "{% from \"a/macros.sql\" import row %}\nCREATE VIEW v AS SELECT {{ row('a', x='<b>') }};",
            ),
        ];
        let expanded = expand(&sources).unwrap();
        assert_eq!(expanded[1].text.trim(), "CREATE VIEW v AS SELECT a<b>;");
        assert_eq!(expanded[0].text.trim(), "");
    }

    #[test]
    fn an_unknown_name_is_an_error_with_its_file_and_line() {
        let macros = source("a/macros.sql", "{% macro one() %}{{ two }}{% endmacro %}");
        let using = |text| [macros.clone(), source("a/views.sql", text)];
        for (text, fault) in [
            ("SELECT 1;\n{{ one() }};", "sql/a/views.sql, line 2: "),
            (
                "\n{% from \"a/macros.sql\" import missing %}\n{{ missing() }}",
                "sql/a/views.sql, line ",
            ),
            ("\n\n{% from \"a/none.sql\" import one %}", "sql/a/views.sql, line 3: "),
            ("{% from \"a/macros.sql\" import one %}\n{{ one() }}", "sql/a/macros.sql, line 1: "),
            ("{% if %}", "sql/a/views.sql, line 1: "),
        ] {
            let told = fault_of(&using(text));
            assert!(told.starts_with(fault), "{text}: {told}");
        }
    }

    #[test]
    fn only_objects_are_allowed() {
        let strange = [source("a/b.sql", "\nGRANT SELECT ON t TO x;\nDROP TABLE t;")];
        assert_eq!(
            fault_of(&strange),
            "sql/a/b.sql, line 3: this statement does not belong here: DROP TABLE t;"
        );
    }

    #[test]
    fn every_file_of_this_program_is_well_formed() {
        assert_eq!(objects(&Schema::of_this_program().sources).err(), None);
    }
}
