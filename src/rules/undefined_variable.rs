//! A variable of the Dockerfile that nobody has set where it is used.

use rustc_hash::FxHashSet;

use crate::diagnostic::Diagnostic;
use crate::image::dockerfiles::{BuildFile, Line, variables};
use crate::image::{AUTOMATIC, Base};
use crate::knowledge::official_images;
use crate::project::Project;
use crate::rules::Findings;
use crate::syntax::dockerfile::{Arguments, Instruction, Keyword};
use crate::text::Span;

const ID: &str = "undefined-variable";

/// Judges every instruction behind the first FROM. What a base image sets is not known, so that a
/// name must look like a mistake unless the image is known to set nothing.
pub(super) fn check(project: &Project<'_>, findings: &mut Findings) {
    for file in project.dockerfiles() {
        let all: Vec<Definition> = file
            .lines
            .iter()
            .flat_map(|line| definitions(line))
            .collect();
        for line in file
            .lines
            .iter()
            .filter(|line| !line.is_trigger && line.instruction.keyword != Keyword::From)
        {
            let Some(stage) = line.stage else { continue };
            let uses = variables::uses_of(file.file, line.instruction);
            if uses.is_empty() {
                continue;
            }
            let chain = file.chain(stage);
            let known: Vec<&Definition> = all
                .iter()
                .filter(|known| {
                    known.stage.is_some_and(|stage| chain.contains(&stage))
                        && known.span.start < line.instruction.span.start
                })
                .collect();
            let same_line: FxHashSet<String> = names(line.instruction).into_iter().collect();
            for used in uses {
                let name = used.name.as_str();
                if known.iter().any(|known| known.name == name)
                    || same_line.contains(name)
                    || is_of_builder(name)
                {
                    continue;
                }
                let Some(reason) = reason(&file, stage, name, &known, &all) else {
                    continue;
                };
                let mut finding = Diagnostic::new(
                    ID,
                    used.span,
                    format!("`{name}` is not set here, so it is empty"),
                );
                if let Some((span, note)) = reason.label {
                    finding = finding.label(span, note);
                }
                findings.push(finding.help(reason.help));
            }
        }
    }
}

/// What ARG and ENV set.
struct Definition {
    name: String,
    span: Span,
    stage: Option<usize>,
}

fn definitions(line: &Line<'_>) -> Vec<Definition> {
    let of = |name: String| Definition {
        name,
        span: line.instruction.span,
        stage: line.stage,
    };
    names(line.instruction).into_iter().map(of).collect()
}

fn names(instruction: &Instruction) -> Vec<String> {
    match (&instruction.arguments, instruction.keyword) {
        (Arguments::Pairs(pairs), Keyword::Env) => pairs
            .iter()
            .map(|pair| pair.key.text.as_str().to_owned())
            .collect(),
        (_, Keyword::Arg) => instruction
            .words()
            .iter()
            .map(|word| {
                word.text
                    .as_str()
                    .split('=')
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn is_of_builder(name: &str) -> bool {
    let is_proxy = name.to_ascii_uppercase().ends_with("_PROXY");
    name == "PATH" || is_proxy || name.starts_with("BUILDKIT_") || name == "SOURCE_DATE_EPOCH"
}

struct Reason {
    label: Option<(Span, &'static str)>,
    help: String,
}

/// Why one may say that the variable is not set, though the base image is not read.
fn reason(
    file: &BuildFile<'_>,
    stage: usize,
    name: &str,
    known: &[&Definition],
    all: &[Definition],
) -> Option<Reason> {
    let declare = format!("Write `ARG {name}` in this stage, before its use");
    let base = file.images.iter().find_map(|image| lowest(image, stage));
    let is_bare = base
        .as_deref()
        .is_some_and(|base| base == "scratch" || official_images::is_bare(base));
    // `PYTHON_VERSION`, `JAVA_HOME`: names that images of languages set themselves.
    if !is_bare
        && (name.ends_with("_VERSION")
            || name.ends_with("_HOME")
            || matches!(name, "HOME" | "GOPATH" | "LANG"))
    {
        return None;
    }
    if AUTOMATIC.contains(&name) {
        return Some(Reason {
            label: None,
            help: declare,
        });
    }
    if let Some(global) = all
        .iter()
        .find(|known| known.stage.is_none() && known.name == name)
    {
        return Some(Reason {
            label: Some((global.span, "this one is known in `FROM` only")),
            help: declare,
        });
    }
    let later = all
        .iter()
        .find(|known| known.name == name && known.stage == Some(stage));
    if let Some(later) = later {
        return Some(Reason {
            label: Some((later.span, "it is set here, which is later")),
            help: "Move its definition up".to_owned(),
        });
    }
    if let Some(near) = variables::nearest(
        name,
        known
            .iter()
            .map(|known| known.name.as_str())
            .chain(["PATH"]),
    ) {
        return Some(Reason {
            label: None,
            help: format!("Did you mean `{near}`?"),
        });
    }
    if let Some(other) = all.iter().find(|known| known.name == name) {
        return Some(Reason {
            label: Some((other.span, "this one is known in its own stage only")),
            help: declare,
        });
    }
    is_bare.then_some(Reason {
        label: None,
        help: declare,
    })
}

/// The image at the bottom of a stage.
fn lowest(image: &crate::image::Image, stage: usize) -> Option<String> {
    let mut stage = image.stages.get(stage)?;
    loop {
        match &stage.base {
            Base::Stage(below) => stage = image.stages.get(*below)?,
            Base::Image(name) => return Some(name.clone()),
            Base::Scratch => return Some("scratch".to_owned()),
            Base::Named(_) | Base::Unknown => return None,
        }
    }
}
