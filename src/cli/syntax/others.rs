//! The trees of YAML, env files, makefiles, shell scripts, Markdown and JSON.

use rustc_hash::FxHashMap;

use super::Tree;
use crate::syntax::yaml::{self, Kind};
use crate::syntax::{dotenv, json, makefile, markdown, shell};

impl Tree<'_> {
    pub(super) fn yaml(&mut self, tree: &yaml::Tree) {
        self.part(0, "yaml", tree.source().whole());
        let mut depths = FxHashMap::default();
        for node in tree.all() {
            // A node stands behind the collection that holds it.
            let depth = node.parent().map_or(1, |parent| {
                depths.get(&parent.id()).map_or(1, |depth| depth + 1)
            });
            depths.insert(node.id(), depth);
            let name = match node.kind() {
                Kind::Mapping => "mapping",
                Kind::Sequence => "sequence",
                Kind::Alias => "alias",
                Kind::Scalar => "scalar",
            };
            let properties = [
                node.tag().map(|(tag, _)| tag.to_owned()),
                node.anchor().map(|(name, _)| format!("&{name}")),
            ];
            let name: Vec<String> = std::iter::once(name.to_owned())
                .chain(properties.into_iter().flatten())
                .collect();
            match node.kind() {
                Kind::Scalar => self.leaf(depth, &name.join(" "), &node.text(), node.span()),
                Kind::Alias => self.leaf(
                    depth,
                    &name.join(" "),
                    tree.source().slice(node.span()),
                    node.span(),
                ),
                _ => self.part(depth, &name.join(" "), node.span()),
            }
        }
    }

    pub(super) fn entries(&mut self, entries: &[dotenv::Entry]) {
        self.part(0, "env", self.source.whole());
        for entry in entries {
            self.leaf(1, "key", &entry.key, entry.key_span);
            if let Some(value) = &entry.value {
                self.leaf(
                    2,
                    if value.expand {
                        "value"
                    } else {
                        "literal value"
                    },
                    value.text.as_str(),
                    value.text.span(),
                );
            }
        }
    }

    pub(super) fn makefile(&mut self, makefile: &makefile::Makefile) {
        self.part(0, "makefile", self.source.whole());
        for variable in &makefile.variables {
            self.leaf(
                1,
                &format!("variable {} {}", variable.name, variable.operator),
                variable.value.as_str(),
                variable.value.span(),
            );
        }
        for rule in &makefile.rules {
            rule.targets
                .iter()
                .for_each(|(name, span)| self.leaf(1, "target", name, *span));
            rule.prerequisites
                .iter()
                .for_each(|(name, span)| self.leaf(2, "prerequisite", name, *span));
            rule.recipe
                .iter()
                .for_each(|line| self.leaf(2, "recipe", line.text.as_str(), line.text.span()));
        }
    }

    pub(super) fn script(&mut self, depth: usize, script: &shell::Script) {
        self.part(depth, "shell", self.source.whole());
        for command in &script.commands {
            self.part(
                depth + 1,
                if command.conditional {
                    "conditional command"
                } else {
                    "command"
                },
                command.span,
            );
            for assignment in &command.assignments {
                self.leaf(
                    depth + 2,
                    &format!("assignment {}", assignment.name),
                    assignment.value.text.as_str(),
                    assignment.value.span,
                );
            }
            for word in &command.words {
                self.leaf(
                    depth + 2,
                    if word.literal {
                        "word"
                    } else {
                        "expanded word"
                    },
                    word.text.as_str(),
                    word.span,
                );
            }
            for redirection in &command.redirections {
                let name = format!("redirection {}", redirection.operator);
                self.leaf(
                    depth + 2,
                    &name,
                    redirection.target.text.as_str(),
                    redirection.target.span,
                );
            }
        }
    }

    pub(super) fn code(&mut self, pieces: &[markdown::Code]) {
        self.part(0, "markdown", self.source.whole());
        for piece in pieces {
            let kind = match piece.kind {
                markdown::CodeKind::Fenced => "fenced",
                markdown::CodeKind::Indented => "indented",
                markdown::CodeKind::Inline => "inline",
            };
            let language = if piece.language.is_empty() {
                String::new()
            } else {
                format!(" {}", piece.language)
            };
            self.leaf(
                1,
                &format!("{kind} code{language}"),
                piece.text.as_str(),
                piece.text.span(),
            );
        }
    }

    pub(super) fn json(&mut self, tree: &json::Tree) {
        self.part(0, "json", self.source.whole());
        if let Some(root) = tree.root() {
            self.strings(root, "");
        }
    }

    /// The strings of a value, each with the keys and indexes that lead to it.
    fn strings(&mut self, node: json::Node<'_>, path: &str) {
        if let Some(text) = node.as_str() {
            self.leaf(1, &format!("string {path}"), &text, node.span());
        }
        for entry in node.entries() {
            let key = entry.key.as_str().unwrap_or_default();
            self.strings(entry.value, &format!("{path}.{key}"));
        }
        for (index, item) in node.items().enumerate() {
            self.strings(item, &format!("{path}[{index}]"));
        }
    }
}
