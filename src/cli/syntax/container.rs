//! The trees of Dockerfiles and ignore files.

use super::Tree;
use crate::syntax::dockerfile::{Arguments, Dockerfile, Instruction, Word};
use crate::syntax::ignore::Patterns;

impl Tree<'_> {
    pub(super) fn dockerfile(&mut self, file: &Dockerfile) {
        self.part(0, "dockerfile", file.source.whole());
        for directive in &file.directives {
            self.leaf(
                1,
                &format!("directive {}", directive.name),
                &directive.value,
                directive.span,
            );
        }
        let mut comments = file.comments.iter().copied().peekable();
        for instruction in &file.instructions {
            while let Some(comment) =
                comments.next_if(|comment| comment.start < instruction.span.start)
            {
                self.leaf(1, "comment", file.source.slice(comment), comment);
            }
            self.instruction(1, instruction);
            while let Some(comment) =
                comments.next_if(|comment| comment.start < instruction.span.end)
            {
                self.leaf(2, "comment", file.source.slice(comment), comment);
            }
        }
        for comment in comments {
            self.leaf(1, "comment", file.source.slice(comment), comment);
        }
    }

    fn instruction(&mut self, depth: usize, instruction: &Instruction) {
        match &instruction.unknown_keyword {
            Some(text) => self.leaf(depth, "unknown", text, instruction.span),
            None => self.part(
                depth,
                &format!("{:?}", instruction.keyword).to_uppercase(),
                instruction.span,
            ),
        }
        for flag in &instruction.flags {
            match &flag.value {
                Some(value) => self.leaf(
                    depth + 1,
                    &format!("flag --{}", flag.name),
                    value.text.as_str(),
                    flag.span,
                ),
                None => self.part(depth + 1, &format!("flag --{}", flag.name), flag.span),
            }
        }
        if let Some(kind) = &instruction.kind {
            self.leaf(depth + 1, "kind", kind.text.as_str(), kind.span);
        }
        match &instruction.arguments {
            Arguments::Words(words) => {
                let is_kind = |word: &Word| {
                    instruction
                        .kind
                        .as_ref()
                        .is_some_and(|kind| kind.span == word.span)
                };
                words
                    .iter()
                    .filter(|word| !is_kind(word))
                    .for_each(|word| self.leaf(depth + 1, "word", word.text.as_str(), word.span));
            }
            Arguments::Json(words) => words
                .iter()
                .for_each(|word| self.leaf(depth + 1, "json", word.text.as_str(), word.span)),
            Arguments::Shell(command) => {
                self.leaf(depth + 1, "shell", command.as_str(), command.span())
            }
            Arguments::Pairs(pairs) => {
                for pair in pairs {
                    self.leaf(depth + 1, "key", pair.key.text.as_str(), pair.key.span);
                    self.leaf(
                        depth + 2,
                        if pair.legacy { "legacy value" } else { "value" },
                        pair.value.text.as_str(),
                        pair.value.span,
                    );
                }
            }
            Arguments::Onbuild(trigger) => self.instruction(depth + 1, trigger),
            Arguments::None => {}
        }
        for heredoc in &instruction.heredocs {
            let name = if heredoc.expand {
                "heredoc"
            } else {
                "literal heredoc"
            };
            self.leaf(depth + 1, name, &heredoc.name, heredoc.opener);
            self.leaf(
                depth + 2,
                "body",
                heredoc.body.as_str(),
                heredoc.body.span(),
            );
            self.part(depth + 2, "end", heredoc.terminator);
        }
    }

    pub(super) fn patterns(&mut self, patterns: &Patterns) {
        self.part(0, "ignore", self.source.whole());
        for pattern in patterns.iter() {
            self.leaf(
                1,
                if pattern.negated {
                    "taken back"
                } else {
                    "ignored"
                },
                &pattern.text,
                pattern.span,
            );
        }
    }
}
