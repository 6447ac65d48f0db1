//! Splits SQL into statements at the semicolons that end one, as PostgreSQL reads it.

/// A piece of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A comment or white space.
    Gap(&'a str),
    /// A key word, a name without quotes, or a number.
    Word(&'a str),
    /// Text in quotes of any kind.
    Quoted(&'a str),
    /// A single character.
    Sign(&'a str),
}

impl<'a> Piece<'a> {
    pub(super) fn text(self) -> &'a str {
        match self {
            Self::Gap(text) | Self::Word(text) | Self::Quoted(text) | Self::Sign(text) => text,
        }
    }
}

/// A statement without its semicolon, and where it begins in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement<'a> {
    pub(super) text: &'a str,
    pub(super) offset: usize,
}

/// The statements of `text`. A comment in front of a statement is no part of it. An error is the offset at which
/// something begins that does not end.
pub(super) fn statements(text: &str) -> Result<Vec<Statement<'_>>, usize> {
    let mut found = Vec::new();
    let (mut start, mut depth, mut atomic, mut before) = (None, 0_u32, 0_u32, "");
    let mut at = 0;
    for piece in pieces(text)? {
        let end = at + piece.text().len();
        if start.is_none() && !matches!(piece, Piece::Gap(_) | Piece::Sign(";")) {
            start = Some(at);
        }
        match piece {
            Piece::Word(word) => {
                if word.eq_ignore_ascii_case("ATOMIC") && before.eq_ignore_ascii_case("BEGIN") {
                    atomic = 1;
                } else if atomic > 0 && word.eq_ignore_ascii_case("CASE") {
                    atomic += 1;
                } else if atomic > 0 && word.eq_ignore_ascii_case("END") {
                    atomic -= 1;
                }
                before = word;
            }
            Piece::Sign("(") => depth += 1,
            Piece::Sign(")") => depth = depth.saturating_sub(1),
            Piece::Sign(";") if depth == 0 && atomic == 0 => {
                if let Some(offset) = start.take() {
                    let text = text.get(offset..at).unwrap_or_default();
                    found.push(Statement { text, offset });
                }
                before = "";
            }
            _ => {}
        }
        at = end;
    }
    match start {
        None => Ok(found),
        Some(offset) => Err(offset),
    }
}

/// All pieces of `text`; joined, they are the text again.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece<'_>>, usize> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let escapes = matches!(found.last(), Some(Piece::Word("E" | "e")));
        let length = match first {
            '-' if rest.starts_with("--") => Some(rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => comment(rest),
            '\'' => quoted(rest, '\'', escapes),
            '"' => quoted(rest, '"', false),
            '$' if tag(rest).is_some() => dollar(rest),
            _ if first.is_whitespace() => Some(run(rest, char::is_whitespace)),
            _ if is_of_a_word(first) => Some(run(rest, |c| is_of_a_word(c) || c == '$')),
            _ => Some(first.len_utf8()),
        };
        let (piece, after) = length
            .and_then(|length| rest.split_at_checked(length))
            .ok_or(text.len() - rest.len())?;
        found.push(match first {
            _ if piece.starts_with("--") || piece.starts_with("/*") => Piece::Gap(piece),
            _ if first.is_whitespace() => Piece::Gap(piece),
            '\'' | '"' => Piece::Quoted(piece),
            '$' if piece.len() > 1 => Piece::Quoted(piece),
            _ if is_of_a_word(first) => Piece::Word(piece),
            _ => Piece::Sign(piece),
        });
        rest = after;
    }
    Ok(found)
}

fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The number of bytes that satisfy `of`.
fn run(rest: &str, of: impl Fn(char) -> bool) -> usize {
    rest.find(|c| !of(c)).unwrap_or(rest.len())
}

/// The length of a comment in `/* */`, which may contain others.
fn comment(rest: &str) -> Option<usize> {
    let mut depth = 0_u32;
    let mut marks = rest.char_indices().peekable();
    while let Some((at, c)) = marks.next() {
        let next = marks.peek().map(|(_, next)| *next);
        match (c, next) {
            ('/', Some('*')) => depth += 1,
            ('*', Some('/')) => depth -= 1,
            _ => continue,
        }
        marks.next();
        if depth == 0 {
            return Some(at + 2);
        }
    }
    None
}

/// The length of a text in quotes; a doubled quote is part of it.
fn quoted(rest: &str, quote: char, escapes: bool) -> Option<usize> {
    let mut marks = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = marks.next() {
        if escapes && c == '\\' {
            marks.next();
        } else if c == quote && marks.next_if(|(_, next)| *next == quote).is_none() {
            return Some(at + 1);
        }
    }
    None
}

/// The opening of a dollar-quoted text, such as `$$` or `$body$`.
fn tag(rest: &str) -> Option<&str> {
    let name = rest.strip_prefix('$')?;
    let length = run(name, is_of_a_word);
    let named = !name.starts_with(|c: char| c.is_ascii_digit());
    (named && name.get(length..)?.starts_with('$')).then(|| rest.get(..length + 2))?
}

fn dollar(rest: &str) -> Option<usize> {
    let tag = tag(rest)?;
    let inner = rest.strip_prefix(tag)?.find(tag)?;
    Some(tag.len() + inner + tag.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        statements(text).unwrap().into_iter().map(|statement| statement.text).collect()
    }

    #[test]
    fn each_semicolon_outside_quotes_and_parentheses_ends_a_statement() {
        assert_eq!(split("A;\n B ;C;"), ["A", "B ", "C"]);
        assert_eq!(split("RULE (a; b);"), ["RULE (a; b)"]);
        assert_eq!(split(""), [""; 0]);
        assert_eq!(split(";;-- nothing\n"), [""; 0]);
    }

    #[test]
    fn comments_in_front_are_left_out_and_others_stay() {
        assert_eq!(split("-- a; b\n/* c; /* d; */ e; */ F -- g;\n;"), ["F -- g;\n"]);
    }

    #[test]
    fn quotes_hide_semicolons() {
        assert_eq!(
            split("A 'it''s; \\'; B \"c;\"\"d;\"; E E'f\\';'; G;"),
            ["A 'it''s; \\'", "B \"c;\"\"d;\"", "E E'f\\';'", "G"]
        );
        assert_eq!(split("FALSE';';TRUE;"), ["FALSE';'", "TRUE"]);
    }

    #[test]
    fn dollar_quotes_end_at_their_own_tag() {
        assert_eq!(split("A $$;$a$;$$; B $a$;$$;$a$;"), ["A $$;$a$;$$", "B $a$;$$;$a$"]);
        assert_eq!(split("A $1; B a$b; C $2;"), ["A $1", "B a$b", "C $2"]);
    }

    #[test]
    fn a_body_of_statements_is_one_statement() {
        let body = "CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END";
        assert_eq!(split(&format!("{body}; B;")), [body, "B"]);
    }

    #[test]
    fn what_does_not_end_is_an_error_where_it_begins() {
        assert_eq!(statements("A;\nB"), Err(3));
        assert_eq!(statements("A 'b"), Err(2));
        assert_eq!(statements("A $x$ $$"), Err(2));
        assert_eq!(statements("/* /* */"), Err(0));
        assert_eq!(statements("\"æ;"), Err(0));
    }
}
