//! Which build arguments a Dockerfile asks for.

use crate::image::Image;
use crate::syntax::dockerfile::{Arguments, Instruction, Keyword};
use crate::text::Span;

/// Arguments that every build knows without an ARG
/// (docs.docker.com/reference/dockerfile, "Predefined ARGs" and "Automatic platform ARGs").
const PREDEFINED: [&str; 14] = [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "FTP_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "SOURCE_DATE_EPOCH",
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETARCH",
    "TARGETVARIANT",
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDARCH",
    "BUILDVARIANT",
];

impl Image {
    /// Whether a build may look at an argument.
    pub fn wants_argument(&self, name: &str) -> bool {
        let file = &self.dockerfile.tree;
        let is_predefined = name.starts_with("BUILDKIT_")
            || PREDEFINED
                .iter()
                .any(|known| known.eq_ignore_ascii_case(name));
        // Triggers of a base image have ARGs of their own.
        let may_have_triggers = || {
            self.stages.iter().enumerate().any(|(at, _)| {
                self.base_image(at)
                    .is_some_and(|base| base.contains("onbuild"))
            })
        };
        is_predefined
            || file.is_of_another_language()
            || self.stages.is_empty()
            || self.declared_arguments().any(|known| known == name)
            || may_have_triggers()
    }

    /// The names behind ARG, in all stages and before them.
    pub fn declared_arguments(&self) -> impl Iterator<Item = &str> {
        let args = self.dockerfile.tree.instructions.iter().map(|instruction| {
            match &instruction.arguments {
                Arguments::Onbuild(trigger) => trigger,
                _ => instruction,
            }
        });
        let args = args.filter(|instruction| instruction.keyword == Keyword::Arg);
        args.flat_map(Instruction::words)
            .map(|word| word.text.as_str().split('=').next().unwrap_or_default())
    }

    /// An instruction of a needed stage that uses the variable, which no ENV sets.
    pub fn use_of_argument(&self, name: &str) -> Option<Span> {
        if self.stages.iter().any(|stage| {
            stage
                .config
                .env
                .iter()
                .any(|variable| variable.name == name)
        }) {
            return None;
        }
        let source = &self.dockerfile.tree.source;
        let (plain, braced) = (format!("${name}"), format!("${{{name}"));
        let is_end =
            |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let uses = |text: &str, form: &str| {
            text.match_indices(form)
                .any(|(at, _)| is_end(&text[at + form.len()..]))
        };
        let steps = self
            .needed()
            .into_iter()
            .flat_map(|stage| &self.stages[stage].steps);
        steps.map(|step| step.span).find(|span| {
            let text = source.slice(*span);
            uses(text, &plain) || uses(text, &braced)
        })
    }
}
