//! The paths that a Rust file names, read from its text: enough of a lexer to know comments,
//! strings and `use` groups.

/// A path as it stands in the code, made absolute: `["crate", "text", "Span"]`, `["std", "fs"]`,
/// `["println!"]`.
#[derive(Debug, PartialEq, Eq, Clone)]
pub(super) struct Named(Vec<String>);

impl Named {
    /// What follows `prefix`, if the path starts with it.
    pub(super) fn strip_prefix(&self, prefix: &str) -> Option<Named> {
        (self.0.first().map(String::as_str) == Some(prefix)).then(|| Named(self.0[1..].to_vec()))
    }

    /// Whether it starts with the segments of `prefix`, as in `std::fs`.
    pub(super) fn starts_with(&self, prefix: &str) -> bool {
        let mut own = self.0.iter();
        prefix
            .split("::")
            .all(|segment| own.next().is_some_and(|found| found == segment))
    }

    pub(super) fn first(&self) -> Option<&String> {
        self.0.first()
    }

    pub(super) fn segments(&self) -> &[String] {
        &self.0
    }

    pub(super) fn join(&self) -> String {
        self.0.join("::")
    }
}

/// Every path and macro that `code` names, for a file that is the module `module` of the crate.
pub(super) fn paths_in(code: &str, module: &[String]) -> Vec<Named> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let follows_path = at > 0 && (tokens[at - 1] == "::" || tokens[at - 1] == ".");
        if is_word(tokens[at]) && !follows_path {
            at = read_path(&tokens, at, Vec::new(), &mut found);
        } else {
            at += 1;
        }
    }
    found
        .into_iter()
        .map(|path| Named(absolute(path, module)))
        .collect()
}

/// Reads one path that starts at `at`, with its `{…}` groups, and returns the index after it.
fn read_path(
    tokens: &[&str],
    mut at: usize,
    mut path: Vec<String>,
    found: &mut Vec<Vec<String>>,
) -> usize {
    loop {
        match tokens.get(at) {
            Some(&"{") if !path.is_empty() => return read_group(tokens, at + 1, &path, found),
            Some(&"*") => at += 1,
            Some(word) if is_word(word) => {
                path.push((*word).to_owned());
                at += 1;
                if tokens.get(at) == Some(&"!") && tokens.get(at + 1) != Some(&"=") {
                    path.last_mut().expect("a word was just pushed").push('!');
                }
                if tokens.get(at) == Some(&"::") {
                    at += 1;
                    continue;
                }
            }
            _ => {}
        }
        found.push(path);
        return at;
    }
}

fn read_group(
    tokens: &[&str],
    mut at: usize,
    path: &[String],
    found: &mut Vec<Vec<String>>,
) -> usize {
    while let Some(token) = tokens.get(at) {
        match *token {
            "}" => return at + 1,
            word if is_word(word) || word == "*" => {
                at = read_path(tokens, at, path.to_vec(), found)
            }
            _ => at += 1,
        }
    }
    at
}

/// A name that `use` brings into a file.
pub(super) struct Import {
    /// What it is called there; `*` for all that a module holds.
    pub(super) name: String,
    /// What it stands for.
    pub(super) path: Named,
}

/// Every name that `use` brings into `code`, for a file that is the module `module` of the crate.
pub(super) fn imports_in(code: &str, module: &[String]) -> Vec<Import> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        if tokens[at] == "use" {
            read_use(&tokens, at + 1, Vec::new(), &mut found);
        }
    }
    let imports = found.into_iter().map(|(name, path)| Import {
        name,
        path: Named(absolute(path, module)),
    });
    imports.collect()
}

/// Reads one tree of `use` that starts at `at`, and returns the index after it.
fn read_use(
    tokens: &[&str],
    mut at: usize,
    mut path: Vec<String>,
    found: &mut Vec<(String, Vec<String>)>,
) -> usize {
    while let Some(token) = tokens.get(at) {
        at += 1;
        match *token {
            "{" => {
                while tokens.get(at).is_some_and(|token| *token != "}") {
                    at = read_use(tokens, at, path.clone(), found);
                    at += usize::from(tokens.get(at) == Some(&","));
                }
                return at + 1;
            }
            "self" if !path.is_empty() => {}
            word if is_word(word) || word == "*" => path.push(word.to_owned()),
            _ => return at,
        }
        if tokens.get(at) == Some(&"::") {
            at += 1;
            continue;
        }
        let mut name = path.last().cloned().unwrap_or_default();
        if let (Some(&"as"), Some(alias)) = (tokens.get(at), tokens.get(at + 1)) {
            name = (*alias).to_owned();
            at += 2;
        }
        found.push((name, path));
        return at;
    }
    at
}

/// Resolves `self`, `super` and the name of the package, which is how `main.rs` names the library.
fn absolute(path: Vec<String>, module: &[String]) -> Vec<String> {
    let within = |levels_up: usize, rest: &[String]| {
        let kept = module.len().saturating_sub(levels_up);
        [&["crate".to_owned()], &module[..kept], rest].concat()
    };
    match path[0].as_str() {
        "self" if path.len() > 1 => within(0, &path[1..]),
        "super" => {
            let up = path
                .iter()
                .take_while(|segment| *segment == "super")
                .count();
            within(up, &path[up..])
        }
        "composelint" => [&["crate".to_owned()], &path[1..]].concat(),
        _ => path,
    }
}

fn tokens(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            _ if rest.starts_with("::") => 2,
            first if is_word_character(first) => rest
                .find(|character| !is_word_character(character))
                .unwrap_or(rest.len()),
            first => first.len_utf8(),
        };
        tokens.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    tokens
}

fn is_word(token: &str) -> bool {
    token.chars().next().is_some_and(is_word_character)
}

fn is_word_character(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The same text with comments, strings and character literals blanked out.
pub(super) fn without_comments_and_strings(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' => string(rest, "\"", true),
            'r' if !code.ends_with(is_word_character) => raw_string(rest),
            '\'' => character(rest),
            _ => 0,
        };
        if skipped > 0 {
            code.push(' ');
            rest = &rest[skipped..];
        } else {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    code
}

/// The length of a string whose opening quote is the first byte.
fn string(text: &str, end: &str, escapes: bool) -> usize {
    let mut at = 1;
    while at < text.len() {
        if escapes && text.as_bytes()[at] == b'\\' {
            at += 2;
        } else if text.as_bytes()[at..].starts_with(end.as_bytes()) {
            return at + end.len();
        } else {
            at += 1;
        }
    }
    text.len()
}

/// The length of `r"…"` or `r#"…"#`; 0 if none starts here.
fn raw_string(text: &str) -> usize {
    let hashes = text[1..].bytes().take_while(|byte| *byte == b'#').count();
    let quote = 1 + hashes;
    if text.as_bytes().get(quote) != Some(&b'"') {
        return 0;
    }
    quote + string(&text[quote..], &format!("\"{}", "#".repeat(hashes)), false)
}

/// The length of a character literal; 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut rest = text[1..].char_indices();
    match (rest.next(), rest.next()) {
        (Some((_, '\\')), _) => string(text, "'", true),
        (Some(_), Some((at, '\''))) => at + 2,
        _ => 0,
    }
}

#[test]
fn imports_are_read_with_the_names_they_get() {
    let module = ["syntax".to_owned()];
    let code = "pub(crate) use crate::{text::{self, Span as Place}, files}; use yaml::*; mod x;";
    let imports: Vec<(String, String)> = imports_in(code, &module)
        .into_iter()
        .map(|import| (import.name, import.path.join()))
        .collect();
    let expected = [
        ("text", "crate::text"),
        ("Place", "crate::text::Span"),
        ("files", "crate::files"),
        ("*", "yaml::*"),
    ];
    assert_eq!(
        imports,
        expected.map(|(name, path)| (name.to_owned(), path.to_owned()))
    );
}

#[test]
fn paths_are_read_from_groups_supers_and_macros() {
    let module: Vec<String> = ["syntax", "yaml"].map(str::to_owned).to_vec();
    let code = without_comments_and_strings(
        r##"
        use crate::{text::{Span, lines::*}, files}; // crate::comment
        use super::dockerfile::Word;
        use std::{fs, io::{self, Read}};
        fn f<'a>(x: &'a str) { println!("crate::string {x}"); let _ = '"'; let _ = r#"crate::raw " "#; self::scan::go(); x != y; }
        "##,
    );
    let paths: Vec<String> = paths_in(&code, &module).iter().map(Named::join).collect();
    for expected in [
        "crate::text::Span",
        "crate::text::lines",
        "crate::files",
        "crate::syntax::dockerfile::Word",
        "std::fs",
        "std::io::Read",
        "println!",
        "crate::syntax::yaml::scan::go",
    ] {
        assert!(
            paths.iter().any(|path| path == expected),
            "{expected} is not in {paths:?}"
        );
    }
    for hidden in ["comment", "string", "raw"] {
        assert!(
            !paths.iter().any(|path| path.contains(hidden)),
            "{hidden} is in {paths:?}"
        );
    }
}
