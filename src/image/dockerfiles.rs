//! The Dockerfiles of a project as they are written: instructions in order, each with its stage,
//! and the commands that their RUNs call.
//!
//! What a build makes of them is for [`Image`] to say. Here a file is looked at once, however many
//! services build it, and also the parts of it that no build reaches.

use std::sync::Arc;

use crate::diagnostic::Edit;
use crate::syntax::dockerfile::{Arguments, Dockerfile, Instruction, Keyword, Word};
use crate::text::{Source, Span};

use crate::image::{Image, MOST_INSTRUCTIONS};

pub mod commands;
pub mod refusals;
mod scripts;
pub mod shellcheck;
pub mod unset;
pub mod variables;

/// A Dockerfile, and the builds that use it.
pub struct BuildFile<'p> {
    /// Its tree.
    pub file: &'p Dockerfile,
    /// Every build of it: at least one.
    pub images: Vec<&'p Image>,
    /// Its stages, in order.
    pub stages: Vec<WrittenStage<'p>>,
    /// Its instructions, in order; those behind ONBUILD follow the ONBUILD itself.
    pub lines: Vec<Line<'p>>,
}

/// A stage as it is written.
#[derive(Clone, Copy, Debug)]
pub struct WrittenStage<'p> {
    /// Its FROM.
    pub from: &'p Instruction,
    /// The image, or the stage below.
    pub base: Option<&'p Word>,
    /// The `AS` of its FROM.
    pub keyword: Option<&'p Word>,
    /// Its name.
    pub name: Option<&'p Word>,
    /// The stage below, when the base is the name of one.
    pub below: Option<usize>,
}

/// An instruction and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Line<'p> {
    /// The instruction; for a trigger the one behind ONBUILD.
    pub instruction: &'p Instruction,
    /// The number of its stage; `None` before the first FROM. A FROM belongs to the stage that it
    /// opens.
    pub stage: Option<usize>,
    /// Whether ONBUILD keeps it for the stages and images above.
    pub is_trigger: bool,
    /// The number of the instruction in the file.
    pub number: usize,
}

/// The Dockerfiles of images, each once. Those for another frontend are left out, and so are prose
/// and what no person wrote.
pub fn of_images(images: &[Arc<Image>]) -> Vec<BuildFile<'_>> {
    let mut files: Vec<BuildFile<'_>> = Vec::new();
    for image in images {
        let known = files
            .iter_mut()
            .find(|known| Arc::ptr_eq(&known.images[0].dockerfile, &image.dockerfile));
        if let Some(known) = known {
            known.images.push(image);
        } else if is_dockerfile(&image.dockerfile.tree) {
            files.push(BuildFile::new(image));
        }
    }
    files
}

/// A file that begins with what is no instruction and has no FROM is something else, and told of as
/// such.
fn is_dockerfile(file: &Dockerfile) -> bool {
    let is_prose = file
        .instructions
        .first()
        .is_some_and(|first| first.keyword == Keyword::Unknown)
        && !file
            .instructions
            .iter()
            .any(|instruction| instruction.keyword == Keyword::From);
    let stages = file
        .instructions
        .iter()
        .filter(|instruction| instruction.keyword == Keyword::From)
        .count();
    let is_written = file.instructions.len() <= MOST_INSTRUCTIONS && stages <= MOST_STAGES;
    !is_prose && is_written && !file.is_of_another_language()
}

/// No person writes more stages; checks compare them with each other.
const MOST_STAGES: usize = 200;

impl<'p> BuildFile<'p> {
    fn new(image: &'p Image) -> Self {
        let file = &image.dockerfile.tree;
        let (mut stages, mut lines): (Vec<WrittenStage<'p>>, Vec<Line<'p>>) =
            (Vec::new(), Vec::new());
        for (number, instruction) in file.instructions.iter().enumerate() {
            if instruction.keyword == Keyword::From {
                stages.push(WrittenStage::new(instruction, &stages));
            }
            let stage = stages.len().checked_sub(1);
            lines.push(Line {
                instruction,
                stage,
                is_trigger: false,
                number,
            });
            if let Arguments::Onbuild(trigger) = &instruction.arguments {
                lines.push(Line {
                    instruction: trigger,
                    stage,
                    is_trigger: true,
                    number,
                });
            }
        }
        BuildFile {
            file,
            images: vec![image],
            stages,
            lines,
        }
    }

    /// The text of the file.
    pub fn source(&self) -> &'p Source {
        &self.file.source
    }

    /// The text of a span of the file.
    pub fn slice(&self, span: Span) -> &'p str {
        self.file.source.slice(span)
    }

    /// The instructions of one keyword, triggers included.
    pub fn each(&self, keyword: Keyword) -> impl Iterator<Item = Line<'p>> {
        self.lines
            .iter()
            .copied()
            .filter(move |line| line.instruction.keyword == keyword)
    }

    /// The instructions of a stage behind its FROM, in order, triggers included.
    pub fn of_stage(&self, stage: usize) -> impl Iterator<Item = Line<'p>> {
        let behind = move |line: &Line<'_>| {
            line.stage == Some(stage) && line.instruction.keyword != Keyword::From
        };
        self.lines.iter().copied().filter(behind)
    }

    /// The stages that a stage rests on and itself, the lowest first.
    pub fn chain(&self, stage: usize) -> Vec<usize> {
        let mut chain: Vec<usize> =
            std::iter::successors(Some(stage), |stage| self.stages.get(*stage)?.below).collect();
        chain.reverse();
        chain
    }

    /// The stage that has a name, wherever it stands; of several the last before `before`, else the
    /// first behind it.
    pub fn stage_named(&self, name: &str, before: usize) -> Option<usize> {
        let is_it = |stage: &WrittenStage<'_>| {
            stage
                .name
                .is_some_and(|word| word.text.as_str().eq_ignore_ascii_case(name))
        };
        let (earlier, later) = self.stages.split_at(before.min(self.stages.len()));
        earlier
            .iter()
            .rposition(is_it)
            .or_else(|| later.iter().position(is_it).map(|at| at + before))
    }

    /// Whether a build of the file has a context of that name, which stands in the place of a stage
    /// or an image.
    pub fn has_context(&self, name: &str) -> bool {
        self.images.iter().any(|image| {
            image
                .named_contexts
                .iter()
                .any(|context| context.is_called(name))
        })
    }

    /// Takes an instruction out with its lines.
    pub fn removal(&self, instruction: &Instruction) -> Edit {
        let lines = self.source().lines();
        let span = instruction.span;
        Edit::delete(Span::new(
            span.file,
            lines.start(lines.line(span.start)),
            lines.end(lines.line(span.end)),
        ))
    }
}

impl<'p> WrittenStage<'p> {
    fn new(from: &'p Instruction, before: &[WrittenStage<'_>]) -> Self {
        let words = from.words();
        let is_named = words
            .get(1)
            .is_some_and(|word| word.text.as_str().eq_ignore_ascii_case("as"));
        // BuildKit keeps names in small letters, and looks for a base as it is written.
        let named = |name: &str| {
            let is_it = |stage: &WrittenStage<'_>| {
                stage
                    .name
                    .is_some_and(|word| word.text.as_str().to_lowercase() == name)
            };
            before.iter().rposition(is_it)
        };
        let base = words.first();
        WrittenStage {
            from,
            base,
            keyword: words.get(1).filter(|_| is_named),
            name: words.get(2).filter(|_| is_named),
            below: base.and_then(|base| named(base.text.as_str())),
        }
    }
}

/// A keyword as it is written in documents: upper case.
pub fn keyword(instruction: &Instruction, source: &Source) -> String {
    source.slice(instruction.keyword_span).to_ascii_uppercase()
}

/// Whether a word is one that only a shell reads: `||`, `&&`, `;`, `2>/dev/null`.
pub fn is_shell_operator(word: &str) -> bool {
    let target = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '&');
    matches!(word, "||" | "&&" | "|" | ";") || target.starts_with('>') || target.starts_with("</")
}

/// A word without the quotes around all of it.
pub fn unquoted(text: &str) -> &str {
    ['"', '\'']
        .iter()
        .find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote))
        .unwrap_or(text)
}

/// A text as a string of JSON, which is also a quoted word of a Dockerfile where it holds no `$`.
pub fn json(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\t' => json.push_str("\\t"),
            c => json.push(c),
        }
    }
    json.push('"');
    json
}

#[cfg(test)]
mod tests;
