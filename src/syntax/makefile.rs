//! Makefiles far enough to see which commands a target runs: variables, rules, recipe lines.
//!
//! Nothing is expanded and no condition is decided: of `ifeq … else … endif` both branches are
//! read. `define` blocks and included files are left out.

use crate::text::{Cooked, CookedBuilder, Source, Span, offset};

/// A makefile.
#[derive(Clone, Debug, Default)]
pub struct Makefile {
    /// Every assignment, in order; a name assigned twice is here twice.
    pub variables: Vec<Variable>,
    /// The rules, in order.
    pub rules: Vec<Rule>,
}

/// `NAME := value`.
#[derive(Clone, Debug)]
pub struct Variable {
    /// The name.
    pub name: String,
    /// `=`, `:=`, `?=`, `+=`, `!=`, … as written.
    pub operator: String,
    /// The value, continuation lines joined.
    pub value: Cooked,
    /// Whether `export` stands before it.
    pub exported: bool,
    /// The targets it is assigned for (`dev: NAME = value`); empty for all.
    pub targets: Vec<String>,
}

/// `target: prerequisites` and the lines below it.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The targets, each with its span.
    pub targets: Vec<(String, Span)>,
    /// What they need first, each with its span.
    pub prerequisites: Vec<(String, Span)>,
    /// The lines of the recipe; make gives each to a shell of its own.
    pub recipe: Vec<RecipeLine>,
}

/// One line of a recipe, continuation lines joined.
#[derive(Clone, Debug)]
pub struct RecipeLine {
    /// What the shell gets, before make expands it; without `@`, `-` and `+` in front.
    pub text: Cooked,
    /// `@`: make does not print it.
    pub silent: bool,
    /// `-`: make goes on when it fails.
    pub errors_ignored: bool,
}

/// Reads a makefile.
pub fn parse(source: &Source) -> Makefile {
    let mut makefile = Makefile::default();
    let mut define_depth = 0_usize;
    for line in logical_lines(source) {
        let text = line.as_str();
        if define_depth > 0 {
            match text.split_whitespace().next() {
                Some("endef") => define_depth -= 1,
                Some("define") => define_depth += 1,
                _ => {}
            }
            continue;
        }
        if text.starts_with('\t') {
            if let Some(rule) = makefile.rules.last_mut() {
                rule.recipe.extend(recipe_line(&line, 1));
            }
            continue;
        }
        let code = strip_comment(text);
        match code.split_whitespace().next() {
            None
            | Some(
                "ifeq" | "ifneq" | "ifdef" | "ifndef" | "else" | "endif" | "include" | "-include"
                | "sinclude" | "unexport",
            ) => {}
            Some("define") => define_depth = 1,
            Some(_) => statement(&line, code.len(), &mut makefile),
        }
    }
    makefile
}

/// An assignment or the head of a rule: the first `=` or `:` outside of `$(…)` tells which.
fn statement(line: &Cooked, end: usize, makefile: &mut Makefile) {
    let text = &line.as_str()[..end];
    if let Some(variable) = assignment(line, 0..end) {
        makefile.variables.push(variable);
        return;
    }
    let Some(colon) = find_outside_references(text, b":") else {
        return;
    };
    let targets = words(line, 0..colon);
    if targets.is_empty() {
        return;
    }
    let rest = colon
        + text[colon..]
            .bytes()
            .take_while(|byte| *byte == b':')
            .count();
    if let Some(mut variable) = assignment(line, rest..end) {
        variable.targets = targets.into_iter().map(|(name, _)| name).collect();
        makefile.variables.push(variable);
        return;
    }
    let semicolon = find_outside_references(&text[rest..], b";").map(|at| rest + at);
    let mut rule = Rule {
        targets,
        prerequisites: words(line, rest..semicolon.unwrap_or(end)),
        recipe: Vec::new(),
    };
    // Behind `;` a `#` belongs to the shell, so the line counts to its end.
    rule.recipe
        .extend(semicolon.and_then(|at| recipe_line(line, at + 1)));
    makefile.rules.push(rule);
}

fn assignment(line: &Cooked, range: std::ops::Range<usize>) -> Option<Variable> {
    let text = &line.as_str()[range.clone()];
    let equals = find_outside_references(text, b"=")?;
    let before = &text[..equals];
    let name_end = before.trim_end_matches([':', '?', '+', '!']).len();
    let mut names = before[..name_end].split_whitespace();
    let mut name = names.next()?;
    let mut exported = false;
    while matches!(name, "export" | "override" | "private") {
        exported |= name == "export";
        name = names.next()?;
    }
    // `target: a=b` has a colon in its name part; `a b = c` is nothing.
    if names.next().is_some() || name.contains(':') {
        return None;
    }
    let operator = format!("{}=", before[name_end..].trim());
    let value = trimmed(line, range.start + equals + 1..range.end);
    Some(Variable {
        name: name.to_owned(),
        operator,
        value,
        exported,
        targets: Vec::new(),
    })
}

fn recipe_line(line: &Cooked, start: usize) -> Option<RecipeLine> {
    let text = &line.as_str()[start..];
    let command = text.trim_start_matches(['@', '-', '+', ' ', '\t']);
    let prefix = &text[..text.len() - command.len()];
    let end = line.as_str().len();
    let text = trimmed(line, start + prefix.len()..end);
    if text.as_str().is_empty() {
        return None;
    }
    Some(RecipeLine {
        text,
        silent: prefix.contains('@'),
        errors_ignored: prefix.contains('-'),
    })
}

/// The lines with `\` line ends joined by a blank.
fn logical_lines(source: &Source) -> Vec<Cooked> {
    let text = source.text();
    let mut lines = Vec::new();
    let mut at = source.content_start() as usize;
    while at < text.len() {
        let start = at;
        let mut builder = CookedBuilder::new(Span::at(source.id(), offset(start)));
        loop {
            let end =
                memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |len| at + len);
            let content = text[at..end].trim_end_matches('\r');
            let backslashes = content
                .bytes()
                .rev()
                .take_while(|byte| *byte == b'\\')
                .count();
            let next = (end + 1).min(text.len());
            if backslashes % 2 == 1 && end < text.len() {
                let content = &content[..content.len() - 1];
                builder.verbatim(content, offset(at));
                let indent = text[next..]
                    .bytes()
                    .take_while(|byte| matches!(byte, b' ' | b'\t'))
                    .count();
                builder.replaced(" ", offset(at + content.len())..offset(next + indent));
                at = next + indent;
                continue;
            }
            builder.verbatim(content, offset(at));
            builder.set_whole(source.span(start..at + content.len()));
            at = next;
            break;
        }
        lines.push(builder.finish());
    }
    lines
}

/// The text up to a `#` that is not escaped and not inside `$(…)`.
fn strip_comment(text: &str) -> &str {
    &text[..find_outside_references(text, b"#").unwrap_or(text.len())]
}

/// The first of `wanted` outside of `$(…)` and `${…}` that no backslash escapes.
fn find_outside_references(text: &str, wanted: &[u8]) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'$' if matches!(bytes.get(at + 1), Some(b'(' | b'{')) => {
                depth += 1;
                at += 1;
            }
            b'(' | b'{' if depth > 0 => depth += 1,
            b')' | b'}' if depth > 0 => depth -= 1,
            byte if depth == 0 && wanted.contains(&byte) => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

fn words(line: &Cooked, range: std::ops::Range<usize>) -> Vec<(String, Span)> {
    let text = &line.as_str()[range.clone()];
    let words = text.split_whitespace().filter(|word| *word != "|");
    words
        .map(|word| {
            let start = range.start + (word.as_ptr() as usize - text.as_ptr() as usize);
            (word.to_owned(), line.span_of(start..start + word.len()))
        })
        .collect()
}

fn trimmed(line: &Cooked, range: std::ops::Range<usize>) -> Cooked {
    let text = &line.as_str()[range.clone()];
    let start = range.start + (text.len() - text.trim_start().len());
    let end = start + text.trim().len();
    line.slice(start..end)
}

#[cfg(test)]
mod tests;
