//! Variables in the words of a Dockerfile: `$V`, `${V:-default}` and the other forms, with quotes
//! and escapes.
//!
//! This is BuildKit's `shell.Lex` (`frontend/dockerfile/shell`, read in August 2026), oddities
//! included. It knows every value; we do not know what a base image sets, so a value can be
//! unknown, and then the text that holds it is unknown too.

use std::ops::Range;

mod pattern;

/// What is known of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// Its value.
    Set(String),
    /// It has none.
    Unset,
    /// It may have one, set by a base image or by the builder.
    Unknown,
}

/// What became of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expansion {
    /// The text without quotes and escapes, variables put in; `None` when it depends on a value
    /// that is not known.
    pub text: Option<String>,
    /// Every variable that was asked for, in order.
    pub references: Vec<Reference>,
}

/// A use of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Its name.
    pub name: String,
    /// From `$` to the end of the name in the text that was expanded.
    pub range: Range<usize>,
    /// Whether it has no value, as far as is known.
    pub is_unset: bool,
}

/// Why BuildKit refuses a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason, without full stop.
    pub message: String,
    /// The part of the text that it is about.
    pub range: Range<usize>,
}

/// A word that stands in the text after expansion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// The word.
    pub(super) text: String,
    /// The bytes that it was made of.
    pub(super) range: Range<usize>,
}

/// How deep `${a:-${b:-…}}` may be nested; what is deeper is not known.
const DEPTH: usize = 100;

/// The longest text that is put together; what is longer is not known.
const LONGEST: usize = 1 << 16;

/// Takes quotes and escapes out of `text` and puts variables in, as BuildKit does with one word.
///
/// # Errors
/// [`Refusal`] when BuildKit stops here: an open quote, an unknown form, a variable that `:?` asks
/// for.
pub fn expand(
    text: &str,
    escape: char,
    lookup: &dyn Fn(&str) -> Lookup,
) -> Result<Expansion, Refusal> {
    let mut lexer = Lexer::new(text, escape, lookup);
    let (text, _) = lexer.until(None, false, 0)?;
    Ok(Expansion {
        text: text.known(),
        references: lexer.references,
    })
}

/// As [`expand`], and splits the result at white space outside of quotes, as EXPOSE does. `None`
/// when it is not known.
///
/// # Errors
/// As [`expand`].
pub fn split(
    text: &str,
    escape: char,
    lookup: &dyn Fn(&str) -> Lookup,
) -> Result<Option<Vec<String>>, Refusal> {
    let mut lexer = Lexer::new(text, escape, lookup);
    let (text, words) = lexer.until(None, false, 0)?;
    Ok(text
        .known()
        .map(|_| words.into_iter().map(|piece| piece.text).collect()))
}

/// As [`expand`] for the body of a heredoc of COPY or ADD: quotes mean nothing, and the escape
/// character is `\`.
///
/// # Errors
/// As [`expand`].
pub fn expand_heredoc(text: &str, lookup: &dyn Fn(&str) -> Lookup) -> Result<Expansion, Refusal> {
    let mut lexer = Lexer {
        skips_quotes: true,
        ..Lexer::new(text, '\\', lookup)
    };
    let (text, _) = lexer.until(None, false, 0)?;
    Ok(Expansion {
        text: text.known(),
        references: lexer.references,
    })
}

/// The words of a line in which a heredoc may be opened: no variable has a value, and quotes and
/// escapes stay.
pub(super) fn raw_words(text: &str) -> Option<Vec<Piece>> {
    let mut lexer = Lexer {
        raw_quotes: true,
        keeps_unset: true,
        ..Lexer::new(text, '\\', &|_| Lookup::Unset)
    };
    lexer.until(None, true, 0).ok().map(|(_, words)| words)
}

/// The words behind `<<`: with their quotes, or without.
///
/// # Errors
/// As [`expand`].
pub(super) fn heredoc_words(text: &str, raw_quotes: bool) -> Result<Vec<Piece>, Refusal> {
    let mut lexer = Lexer {
        raw_quotes,
        keeps_unset: true,
        ..Lexer::new(text, '\\', &|_| Lookup::Unset)
    };
    lexer.until(None, false, 0).map(|(_, words)| words)
}

/// A text in the making, which may turn out to be unknown.
struct Text(Option<String>);

impl Text {
    fn new() -> Self {
        Text(Some(String::new()))
    }

    fn push(&mut self, c: char) {
        if let Some(text) = &mut self.0 {
            text.push(c);
        }
    }

    fn append(&mut self, other: &Text) {
        match (&mut self.0, &other.0) {
            (Some(text), Some(other)) if text.len() + other.len() <= LONGEST => {
                text.push_str(other)
            }
            _ => self.0 = None,
        }
    }

    fn known(self) -> Option<String> {
        self.0
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text(Some(text))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text(Some(text.to_owned()))
    }
}

struct Lexer<'a> {
    text: &'a str,
    position: usize,
    escape: char,
    lookup: &'a dyn Fn(&str) -> Lookup,
    /// Whether quotes are characters as any other.
    skips_quotes: bool,
    /// Whether quotes stay in the text.
    raw_quotes: bool,
    /// Whether escape characters stay in the text.
    raw_escapes: bool,
    /// Whether a variable without a value stays as it is written.
    keeps_unset: bool,
    references: Vec<Reference>,
    /// The word in the making. There is one for all levels: `${a:-b}` in the middle of a word
    /// throws its beginning away.
    word: Piece,
}

/// The words of one level.
#[derive(Default)]
struct Words {
    list: Vec<Piece>,
    is_inside: bool,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str, escape: char, lookup: &'a dyn Fn(&str) -> Lookup) -> Self {
        // A byte order mark at the start of a word is thrown away.
        let position = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let word = Piece {
            text: String::new(),
            range: 0..0,
        };
        Lexer {
            text,
            position,
            escape,
            lookup,
            skips_quotes: false,
            raw_quotes: false,
            raw_escapes: false,
            keeps_unset: false,
            references: Vec::new(),
            word,
        }
    }

    fn peek(&self) -> Option<char> {
        self.text[self.position..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.position += c.len_utf8();
        Some(c)
    }

    fn refuse<T>(&self, from: usize, message: impl Into<String>) -> Result<T, Refusal> {
        Err(Refusal {
            message: message.into(),
            range: from..self.position.max(from),
        })
    }

    /// Reads up to `end`, which is taken too, or to the end of the text.
    fn until(
        &mut self,
        end: Option<char>,
        raw_escapes: bool,
        depth: usize,
    ) -> Result<(Text, Vec<Piece>), Refusal> {
        let outer = std::mem::replace(&mut self.raw_escapes, raw_escapes);
        let result = self.level(end, depth);
        self.raw_escapes = outer;
        result
    }

    fn level(&mut self, end: Option<char>, depth: usize) -> Result<(Text, Vec<Piece>), Refusal> {
        let start = self.position;
        let mut text = Text::new();
        let mut words = Words::default();
        self.word.text.clear();
        if depth > DEPTH {
            return self.refuse(start, "variables are nested too deep here");
        }
        while let Some(c) = self.peek() {
            let from = self.position;
            match c {
                _ if Some(c) == end => {
                    self.next();
                    self.finish_word(&mut words);
                    return Ok((text, words.list));
                }
                '$' => {
                    let value = self.dollar(depth)?;
                    for c in value.0.as_deref().unwrap_or_default().chars() {
                        self.add(&mut words, c, from);
                    }
                    text.append(&value);
                }
                '<' | '\'' | '"' if c == '<' || !self.skips_quotes => {
                    let value = match c {
                        '\'' => self.single_quoted()?,
                        '"' => self.double_quoted(depth)?,
                        _ => self.less_than(),
                    };
                    self.add_raw(&mut words, value.0.as_deref().unwrap_or_default(), from);
                    text.append(&value);
                }
                _ => {
                    self.next();
                    if c != self.escape {
                        self.add(&mut words, c, from);
                        text.push(c);
                        continue;
                    }
                    if self.raw_escapes {
                        self.add_raw(&mut words, c.encode_utf8(&mut [0; 4]), from);
                        text.push(c);
                    }
                    if let Some(escaped) = self.next() {
                        self.add_raw(&mut words, escaped.encode_utf8(&mut [0; 4]), from);
                        text.push(escaped);
                    }
                }
            }
        }
        match end {
            Some(end) => self.refuse(start, format!("a `{end}` is missing")),
            None => {
                self.finish_word(&mut words);
                Ok((text, words.list))
            }
        }
    }

    /// Adds a character to the word, or ends the word at white space.
    fn add(&mut self, words: &mut Words, c: char, from: usize) {
        if !c.is_whitespace() {
            self.add_raw(words, c.encode_utf8(&mut [0; 4]), from);
        } else if words.is_inside && !self.word.text.is_empty() {
            words.list.push(self.word.clone());
            self.word.text.clear();
            words.is_inside = false;
        }
    }

    fn add_raw(&mut self, words: &mut Words, text: &str, from: usize) {
        if self.word.text.is_empty() {
            self.word.range = from..self.position;
        }
        self.word.text.push_str(text);
        self.word.range.end = self.position;
        words.is_inside = true;
    }

    fn finish_word(&mut self, words: &mut Words) {
        if !self.word.text.is_empty() {
            words.list.push(self.word.clone());
            self.word.text.clear();
        }
    }

    fn single_quoted(&mut self) -> Result<Text, Refusal> {
        let start = self.position;
        self.next();
        let Some(length) = self.text[self.position..].find('\'') else {
            return self.refuse(start, "the single quote is never closed");
        };
        let inside = self.position..self.position + length;
        self.position = inside.end + 1;
        Ok(self.text[if self.raw_quotes {
            start..self.position
        } else {
            inside
        }]
        .into())
    }

    fn double_quoted(&mut self, depth: usize) -> Result<Text, Refusal> {
        let start = self.position;
        self.next();
        let mut text = Text::new();
        if self.raw_quotes {
            text.push('"');
        }
        loop {
            match self.peek() {
                None => {
                    self.position = start + 1;
                    return self.refuse(start, "the double quote is never closed");
                }
                Some('"') => {
                    self.next();
                    if self.raw_quotes {
                        text.push('"');
                    }
                    return Ok(text);
                }
                Some('$') => text.append(&self.dollar(depth)?),
                Some(mut c) => {
                    self.next();
                    if c == self.escape {
                        if self.raw_escapes {
                            text.push(c);
                        }
                        match self.peek() {
                            None => continue,
                            Some(escaped)
                                if escaped == '"' || escaped == '$' || escaped == self.escape =>
                            {
                                self.next();
                                c = escaped;
                            }
                            Some(_) => {}
                        }
                    }
                    text.push(c);
                }
            }
        }
    }

    /// `<`, or `<<` with the blanks behind it, which belong to the word.
    fn less_than(&mut self) -> Text {
        let start = self.position;
        self.next();
        if self.peek() == Some('<') {
            self.next();
            while matches!(self.peek(), Some('\t' | '\r' | ' ')) {
                self.next();
            }
        }
        self.text[start..self.position].into()
    }

    fn dollar(&mut self, depth: usize) -> Result<Text, Refusal> {
        let start = self.position;
        self.next();
        if self.peek() != Some('{') {
            return Ok(match self.name() {
                "" => "$".into(),
                name => self
                    .value(name, start)
                    .unwrap_or_else(|| format!("${name}").into()),
            });
        }
        self.next();
        match self.peek() {
            None => return self.refuse(start, "`${` is never closed"),
            Some('{' | '}' | ':') => {
                self.next();
                return self.refuse(start, "a name must follow `${`");
            }
            Some(_) => {}
        }
        let name = self.name();
        match self.next() {
            Some('}') => Ok(self
                .value(name, start)
                .unwrap_or_else(|| format!("${{{name}}}").into())),
            Some(':') => match self.next() {
                Some(operator @ ('-' | '+' | '?')) => {
                    self.choice(name, operator, true, start, depth)
                }
                operator => {
                    let shown = operator.map(String::from).unwrap_or_default();
                    if !matches!(operator, Some('#' | '%')) {
                        let (word, _) = self.until(Some('}'), false, depth + 1)?;
                        if self.keeps_unset && self.ask(name, start) == Lookup::Unset {
                            return Ok(Text(
                                word.0.map(|word| format!("${{{name}:{shown}{word}}}")),
                            ));
                        }
                    }
                    self.refuse(start, format!("`:{shown}` is no form of a variable"))
                }
            },
            Some(operator @ ('-' | '+' | '?')) => self.choice(name, operator, false, start, depth),
            Some(operator @ ('#' | '%')) => self.cut(name, operator, start, depth),
            Some('/') => self.replacement(name, start, depth),
            None => self.refuse(start, "`${` is never closed"),
            Some(operator) => self.refuse(start, format!("`{operator}` is no form of a variable")),
        }
    }

    fn name(&mut self) -> &'a str {
        let rest = &self.text[self.position..];
        let length = match rest.chars().next() {
            Some(c) if c.is_ascii_digit() => rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len()),
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => 1,
            _ => rest
                .find(|c: char| !(c.is_alphabetic() || c.is_ascii_digit() || c == '_'))
                .unwrap_or(rest.len()),
        };
        self.position += length;
        &rest[..length]
    }

    /// Asks for a variable whose `$` stands at `start`; `None` when it stays as it is written.
    fn value(&mut self, name: &str, start: usize) -> Option<Text> {
        match self.ask(name, start) {
            Lookup::Set(value) => Some(value.into()),
            Lookup::Unset if self.keeps_unset => None,
            Lookup::Unset => Some(Text::new()),
            Lookup::Unknown => Some(Text(None)),
        }
    }

    fn ask(&mut self, name: &str, start: usize) -> Lookup {
        let found = (self.lookup)(name);
        let braces = usize::from(self.text[start..].starts_with("${"));
        let range = start..start + 1 + braces + name.len();
        self.references.push(Reference {
            name: name.to_owned(),
            range,
            is_unset: found == Lookup::Unset,
        });
        found
    }

    /// `-`, `+` and `?`. A default is taken also where a base image might have set the variable: it
    /// is there for when nobody sets it.
    fn choice(
        &mut self,
        name: &str,
        operator: char,
        empty_is_unset: bool,
        start: usize,
        depth: usize,
    ) -> Result<Text, Refusal> {
        let (word, _) = self.until(Some('}'), false, depth + 1)?;
        let found = self.ask(name, start);
        if self.keeps_unset && found == Lookup::Unset {
            let colon = if empty_is_unset { ":" } else { "" };
            return Ok(Text(
                word.0
                    .map(|word| format!("${{{name}{colon}{operator}{word}}}")),
            ));
        }
        let is_empty = found == Lookup::Set(String::new());
        let has_value = match &found {
            Lookup::Set(_) => Some(!(empty_is_unset && is_empty)),
            Lookup::Unset => Some(false),
            Lookup::Unknown => None,
        };
        match (operator, found, has_value) {
            ('-' | '?', Lookup::Set(value), Some(true)) => Ok(value.into()),
            ('-', _, _) => Ok(word),
            ('+', _, Some(true)) => Ok(word),
            ('+', _, Some(false)) => Ok(Text::new()),
            ('?', _, Some(_)) => {
                let reason = word.known().filter(|reason| !reason.is_empty());
                let reason = reason.unwrap_or_else(|| {
                    if is_empty {
                        "it is empty".to_owned()
                    } else {
                        "it is not set".to_owned()
                    }
                });
                self.refuse(start, format!("`{name}` must have a value: {reason}"))
            }
            _ => Ok(Text(None)),
        }
    }

    /// `#`, `##`, `%` and `%%`.
    fn cut(
        &mut self,
        name: &str,
        operator: char,
        start: usize,
        depth: usize,
    ) -> Result<Text, Refusal> {
        let (word, _) = self.until(Some('}'), true, depth + 1)?;
        let found = self.ask(name, start);
        if self.keeps_unset && found == Lookup::Unset {
            return Ok(Text(
                word.0.map(|word| format!("${{{name}{operator}{word}}}")),
            ));
        }
        let Text(Some(word)) = word else {
            return Ok(Text(None));
        };
        let (pattern, greedy) = word
            .strip_prefix(operator)
            .map_or((word.as_str(), false), |pattern| (pattern, true));
        let cut = match found {
            Lookup::Unknown => pattern::check(pattern, operator == '%').map(|()| None),
            Lookup::Unset => pattern::cut("", pattern, operator == '%', greedy),
            Lookup::Set(value) => pattern::cut(&value, pattern, operator == '%', greedy),
        };
        cut.map(Text).or_else(|message| self.refuse(start, message))
    }

    /// `/` and `//`.
    fn replacement(&mut self, name: &str, start: usize, depth: usize) -> Result<Text, Refusal> {
        let all = self.peek() == Some('/');
        if all {
            self.next();
        }
        let (pattern, _) = self.until(Some('/'), true, depth + 1)?;
        let (replacement, _) = self.until(Some('}'), true, depth + 1)?;
        let found = self.ask(name, start);
        let (Some(pattern), Some(replacement)) = (pattern.0, replacement.0) else {
            return Ok(Text(None));
        };
        if self.keeps_unset && found == Lookup::Unset {
            return Ok(format!("${{{name}/{pattern}/{replacement}}}").into());
        }
        let replaced = match found {
            Lookup::Unknown => pattern::check(&pattern, false).map(|()| None),
            Lookup::Unset => pattern::replace("", &pattern, &replacement, all),
            Lookup::Set(value) => pattern::replace(&value, &pattern, &replacement, all),
        };
        replaced
            .map(Text)
            .or_else(|message| self.refuse(start, message))
    }
}

#[cfg(test)]
mod tests;
