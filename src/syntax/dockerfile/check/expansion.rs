//! Words that BuildKit expands before it builds, and cannot: an open quote, a form of `${…}` that
//! it does not know.
//!
//! The parser knows no value, so that only what is wrong with every value is reported. Who knows
//! some asks again with them.

use super::{Checker, heredoc, values};
use crate::diagnostic::Diagnostic;
use crate::syntax::dockerfile::expand::{self, Lookup, Refusal};
use crate::syntax::dockerfile::{Arguments, Instruction, Keyword, Word};
use crate::text::Cooked;

/// What BuildKit refuses of an instruction because of what its variables hold.
pub fn refused_values(
    instruction: &Instruction,
    escape: char,
    lookup: &dyn Fn(&str) -> Lookup,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut checker = Checker {
        diagnostics: &mut diagnostics,
        escape,
        lookup,
    };
    checker.expansion(instruction);
    let mounts = instruction
        .flags
        .iter()
        .filter(|flag| instruction.keyword == Keyword::Run && flag.name == "mount");
    for value in mounts.filter_map(|flag| flag.value.as_ref()) {
        let expand = |field: &str| expand::expand(field, escape, lookup).ok()?.text;
        if let Err(reason) = values::mount(value.text.as_str(), escape, &expand) {
            checker.report(
                value.span,
                format!("`--mount` cannot be read: {reason}"),
                "",
            );
        }
    }
    diagnostics
}

impl Checker<'_> {
    /// Reports the words of an instruction that cannot be expanded, and values that are wrong
    /// whatever variables hold.
    pub(super) fn expansion(&mut self, instruction: &Instruction) {
        match instruction.keyword {
            Keyword::Env | Keyword::Label => {
                let Arguments::Pairs(pairs) = &instruction.arguments else {
                    return;
                };
                let refused = pairs
                    .iter()
                    .flat_map(|pair| [&pair.key.text, &pair.value.text])
                    .find_map(|text| {
                        let refusal =
                            expand::expand(text.as_str(), self.escape, self.lookup).err()?;
                        Some((text, refusal))
                    });
                if let Some((text, refusal)) = refused {
                    self.refused(text, refusal, "");
                }
            }
            Keyword::Add | Keyword::Copy => self.copied(instruction),
            Keyword::Expose => {
                for word in instruction.words() {
                    match expand::split(word.text.as_str(), self.escape, self.lookup) {
                        Ok(ports) => {
                            if let Some(reason) = ports
                                .iter()
                                .flatten()
                                .find_map(|port| values::port(port).err())
                            {
                                self.report(word.span, reason, "");
                            }
                        }
                        Err(refusal) => self.refused(&word.text, refusal, ""),
                    }
                }
            }
            Keyword::Stopsignal => {
                for word in instruction.words() {
                    self.value(word, values::signal);
                }
            }
            // A name is taken as it is.
            Keyword::Arg => {
                for word in instruction.words() {
                    if let Some(equals) = word.text.as_str().find('=') {
                        self.expands(&word.text.slice(equals + 1..word.text.as_str().len()));
                    }
                }
            }
            Keyword::From => {
                if let Some(image) = instruction.words().first() {
                    self.expands(&image.text);
                }
                if let Some(platform) = instruction
                    .flag("platform")
                    .and_then(|flag| flag.value.as_ref())
                {
                    self.expands(&platform.text);
                }
            }
            Keyword::User | Keyword::Workdir => {
                for word in instruction.words() {
                    self.expands(&word.text);
                }
            }
            Keyword::Volume => {
                for word in instruction
                    .words()
                    .iter()
                    .filter(|word| !word.text.as_str().trim().is_empty())
                {
                    self.value(word, values::volume);
                }
            }
            Keyword::Run => {
                for flag in instruction.flags.iter().filter(|flag| flag.name == "mount") {
                    let Some(value) = &flag.value else { continue };
                    let fields = values::fields(value.text.as_str()).unwrap_or_default();
                    let refused = fields
                        .iter()
                        .find_map(|field| expand::expand(field, self.escape, self.lookup).err());
                    if let Some(refusal) = refused {
                        self.report(
                            value.span,
                            format!("`--mount` cannot be expanded: {}", refusal.message),
                            "",
                        );
                    }
                }
            }
            _ => {}
        }
    }

    /// COPY and ADD: paths, owner, mode, and the bodies of heredocs, in which quotes mean nothing
    /// and the escape is always `\`.
    fn copied(&mut self, instruction: &Instruction) {
        if let Some(from) = instruction
            .flag("from")
            .and_then(|flag| flag.value.as_ref())
        {
            let text = from.text.as_str();
            let expansion = expand::expand(text, self.escape, &|_| Lookup::Unset);
            if !expansion.is_ok_and(|expansion| expansion.text.as_deref() == Some(text)) {
                let help = "Name a stage with `FROM image AS name`, where the image may hold variables, and copy from that.";
                self.report(from.span, "`--from` takes no variable".to_owned(), help);
            }
        }
        for name in ["chown", "checksum"] {
            if let Some(value) = instruction.flag(name).and_then(|flag| flag.value.as_ref()) {
                self.expands(&value.text);
            }
        }
        if let Some(mode) = instruction
            .flag("chmod")
            .and_then(|flag| flag.value.as_ref())
        {
            self.value(mode, values::mode);
        }
        self.remote(instruction);
        let is_plain = matches!(instruction.arguments, Arguments::Words(_));
        for word in instruction
            .words()
            .iter()
            .filter(|word| !(is_plain && heredoc::is_opener(word.text.as_str())))
        {
            if let Err(refusal) = expand::expand(word.text.as_str(), self.escape, self.lookup) {
                // The words are separated first, so that the quotes of a path with blanks are
                // parted.
                let is_parted = is_plain && word.text.as_str().contains(['\'', '"']);
                let help = if is_parted {
                    "Quotes do not hold a path with blanks together; write `[\"a b\", \"/c/\"]`."
                } else {
                    ""
                };
                self.refused(&word.text, refusal, help);
                break;
            }
        }
        for heredoc in instruction.heredocs.iter().filter(|heredoc| heredoc.expand) {
            if let Err(refusal) = expand::expand_heredoc(heredoc.body.as_str(), self.lookup) {
                let help = format!("Write `<<'{}'` to copy the text as it is.", heredoc.name);
                self.refused(&heredoc.body, refusal, &help);
            }
        }
    }

    /// Sources from elsewhere: COPY takes none, and the checksum of ADD needs one.
    fn remote(&mut self, instruction: &Instruction) {
        let Some((_, sources)) = instruction.words().split_last() else {
            return;
        };
        let is_heredoc = |word: &Word| {
            instruction
                .heredocs
                .iter()
                .any(|heredoc| heredoc.opener == word.span)
        };
        let sources: Vec<(&Word, Option<String>)> = sources
            .iter()
            .filter(|word| !is_heredoc(word))
            .map(|word| {
                (
                    word,
                    expand::expand(word.text.as_str(), self.escape, self.lookup)
                        .ok()
                        .and_then(|found| found.text),
                )
            })
            .collect();
        if instruction.keyword == Keyword::Copy {
            let is_remote = |text: &Option<String>| {
                text.as_deref()
                    .is_some_and(|text| values::is_url(text) || values::is_git(text))
            };
            if let Some((word, _)) = sources.iter().find(|(_, text)| is_remote(text)) {
                self.report(
                    word.span,
                    "`COPY` takes nothing from elsewhere".to_owned(),
                    "Use `ADD` for it.",
                );
            }
            return;
        }
        let Some(checksum) = instruction
            .flag("checksum")
            .and_then(|flag| flag.value.as_ref())
        else {
            return;
        };
        let Some(value) = self
            .expands(&checksum.text)
            .filter(|value| !value.is_empty())
        else {
            return;
        };
        match sources.as_slice() {
            [(word, Some(text))] => {
                let is_git = values::is_git(text) || text.starts_with("github.com/");
                if !is_git && !values::is_url(text) {
                    self.report(
                        word.span,
                        "`--checksum` is for a file or a repository from elsewhere".to_owned(),
                        "",
                    );
                } else if !is_git && let Err(reason) = values::digest(&value) {
                    self.report(checksum.span, reason, "Write `sha256:` and 64 digits.");
                }
            }
            [(_, None)] => {}
            _ => self.report(
                checksum.span,
                "`--checksum` is for one source only".to_owned(),
                "Write an `ADD` for each.",
            ),
        }
    }

    /// Reports a text that cannot be expanded; if it can be, its value where that is known.
    fn expands(&mut self, text: &Cooked) -> Option<String> {
        match expand::expand(text.as_str(), self.escape, self.lookup) {
            Ok(expansion) => expansion.text,
            Err(refusal) => {
                self.refused(text, refusal, "");
                None
            }
        }
    }

    fn refused(&mut self, text: &Cooked, refusal: Refusal, help: &str) {
        let span = text.span_of(refusal.range);
        self.report(span, refusal.message, help);
    }

    /// Reports a word that cannot be expanded, or whose value is wrong.
    fn value(&mut self, word: &Word, check: fn(&str) -> Result<(), String>) {
        if let Some(reason) = self
            .expands(&word.text)
            .and_then(|value| check(&value).err())
        {
            self.report(word.span, reason, "");
        }
    }
}
