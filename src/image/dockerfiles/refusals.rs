//! What BuildKit refuses when it puts the stages of a Dockerfile together: a base that is no image,
//! a platform that is none, a stage that is not there yet.
//!
//! Source: `dockerfile2llb/convert.go` of BuildKit, read in August 2026. All stages are looked at,
//! as `docker build --check` does. A name that other rules judge with more knowledge carries the id
//! of that rule.

use std::cmp::Ordering;

use crate::diagnostic::Diagnostic;
use crate::image::{FromWords, from_words, path, refused_by_values};
use crate::syntax::INVALID_SYNTAX;
use crate::syntax::dockerfile::{Dockerfile, Flag, Instruction, Keyword};
use crate::text::Span;

use super::BuildFile;
use crate::knowledge::images;

/// A stage that comes later, or is the stage itself.
const LATER_STAGE: &str = "copy-from-later-stage";
/// Stages that need each other.
const OWN_STAGE: &str = "copy-from-own-stage";
/// A base that no argument completes.
const INVALID_BASE: &str = "invalid-default-arg-in-from";
/// A number of a stage that is not there.
const UNKNOWN_STAGE: &str = "copy-from-unknown-stage";

impl BuildFile<'_> {
    /// What every build of the file is refused for.
    pub fn refusals(&self) -> Vec<Diagnostic> {
        let mut builds = self
            .images
            .iter()
            .map(|image| refusals(self.file, &image.args, &|name| self.has_context(name)));
        let Some(mut shared) = builds.next() else {
            return Vec::new();
        };
        for build in builds {
            shared.retain(|refusal| build.contains(refusal));
        }
        shared
    }
}

/// What BuildKit refuses of a file that it can read. `args` is what the build is given;
/// `is_context` says whether it is given a context of a name, which stands in the place of an image
/// or a stage.
pub fn refusals(
    file: &Dockerfile,
    args: &[(String, Option<String>)],
    is_context: &dyn Fn(&str) -> bool,
) -> Vec<Diagnostic> {
    if file.is_of_another_language() {
        return Vec::new();
    }
    let froms: Vec<&Instruction> = file
        .instructions
        .iter()
        .filter(|instruction| instruction.keyword == Keyword::From)
        .collect();
    let words = from_words(file, args);
    let names: Vec<Option<String>> = froms.iter().map(|from| name(from)).collect();
    let mut found = refused_by_values(file, args, is_context);
    let mut known = Names::default();
    for (stage, (from, words)) in froms.iter().zip(&words).enumerate() {
        let below = words.base.as_deref().and_then(|base| known.get(base));
        let replaced = names[stage].as_deref().is_some_and(is_context);
        found.extend(platform(from, words));
        if below.is_none() && !replaced {
            found.extend(base(from, words, is_context));
        }
        if let Some(name) = &names[stage] {
            known.set(name, stage);
        }
    }
    let mut stage = None::<usize>;
    for instruction in &file.instructions {
        match instruction.keyword {
            Keyword::From => stage = Some(stage.map_or(0, |stage| stage + 1)),
            Keyword::Copy | Keyword::Run => {
                let Some(stage) = stage else { continue };
                found.extend(
                    mounts(instruction)
                        .into_iter()
                        .filter_map(|mount| root(&mount)),
                );
                for source in sources(instruction) {
                    found.extend(source.refusal(&known, stage, froms.len(), is_context));
                }
            }
            _ => {}
        }
    }
    found
}

/// The numbers of stages by name, the last of a name.
#[derive(Default)]
struct Names(rustc_hash::FxHashMap<String, usize>);

impl Names {
    /// A base must be written as the stage is kept: in small letters.
    fn get(&self, name: &str) -> Option<usize> {
        self.0.get(name).copied()
    }

    fn set(&mut self, name: &str, stage: usize) {
        self.0.insert(name.to_owned(), stage);
    }
}

/// The name of a stage as BuildKit keeps it.
fn name(from: &Instruction) -> Option<String> {
    from.words()
        .get(2)
        .map(|word| word.text.as_str().to_lowercase())
}

fn base(
    from: &Instruction,
    words: &FromWords,
    is_context: &dyn Fn(&str) -> bool,
) -> Option<Diagnostic> {
    let word = from.words().first()?;
    let base = if words.lacks_argument {
        ""
    } else {
        words.base.as_deref()?
    };
    if images::is_image_name(base) || is_context(base) {
        return None;
    }
    let written = word.text.as_str();
    let (rule, message) = match (written.contains('$'), base) {
        (true, "") => (
            INVALID_BASE,
            format!("`FROM {written}` names no image unless the build is given an argument"),
        ),
        (true, base) => (
            INVALID_BASE,
            format!("`FROM {written}` is `{base}`, and that is no image"),
        ),
        (false, base) => (
            INVALID_SYNTAX,
            format!("`{base}` names no stage from above, and no image has such a name"),
        ),
    };
    let is_capital = base.bytes().any(|byte| byte.is_ascii_uppercase());
    let finding = Diagnostic::new(rule, word.span, message);
    Some(if is_capital {
        finding.help("Images and the stages in `FROM` are written in small letters.")
    } else {
        finding
    })
}

/// Operating systems and processors that may stand alone.
const PLATFORMS: [&str; 48] = [
    "aix",
    "android",
    "darwin",
    "macos",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "windows",
    "zos",
    "386",
    "i386",
    "amd64",
    "x86_64",
    "x86-64",
    "amd64p32",
    "arm",
    "armhf",
    "armel",
    "armbe",
    "arm64",
    "aarch64",
    "arm64be",
    "ppc64",
    "ppc64le",
    "loong64",
    "mips",
    "mipsle",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "ppc",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
];

fn platform(from: &Instruction, words: &FromWords) -> Option<Diagnostic> {
    let flag = from.flag("platform")?;
    let value = words.platform.as_deref()?;
    if is_platform(value)
        || flag
            .value
            .as_ref()
            .is_none_or(|value| value.text.as_str().is_empty())
    {
        return None;
    }
    let written = flag
        .value
        .as_ref()
        .map(|value| value.text.as_str())
        .unwrap_or_default();
    let message = match value {
        "" => format!("`--platform={written}` is empty unless the build is given an argument"),
        value => format!("`{value}` is no platform"),
    };
    Some(
        Diagnostic::new(INVALID_SYNTAX, flag.span, message)
            .help("Write an operating system and a processor: `linux/amd64`."),
    )
}

/// Whether a text is a platform, as containerd reads it: `linux/arm64/v8`, `windows(10.0.1)/amd64`,
/// `arm64`.
fn is_platform(text: &str) -> bool {
    let is_word = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
    };
    let mut parts = text.split('/');
    let system = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    let (name, is_whole) = match system.split_once('(') {
        Some((name, options)) => (name, options.ends_with(')')),
        None => (system, true),
    };
    match rest.as_slice() {
        [] => {
            is_whole && !name.is_empty() && PLATFORMS.contains(&name.to_ascii_lowercase().as_str())
        }
        [_] | [_, _] => is_whole && is_word(name) && rest.iter().all(|part| is_word(part)),
        _ => false,
    }
}

/// A name behind `from`.
pub struct From<'f> {
    /// The name.
    pub name: &'f str,
    /// Where it is written: the value of the flag.
    pub span: Span,
    /// Whether a number means a stage, as it does in COPY.
    pub may_be_number: bool,
}

/// A `--mount` and its options, names in small letters; none where they cannot be told apart
/// without knowing more.
struct Mount<'f> {
    options: Vec<(String, &'f str)>,
    span: Span,
}

fn mounts(instruction: &Instruction) -> Vec<Mount<'_>> {
    instruction
        .flags
        .iter()
        .filter(|flag| flag.name == "mount")
        .filter_map(mount)
        .collect()
}

fn mount(flag: &Flag) -> Option<Mount<'_>> {
    let value = flag
        .value
        .as_ref()
        .filter(|value| !value.text.as_str().contains('"'))?;
    let options = value
        .text
        .as_str()
        .split(',')
        .filter_map(|option| option.split_once('='));
    Some(Mount {
        options: options
            .map(|(name, value)| (name.to_ascii_lowercase(), value))
            .collect(),
        span: value.span,
    })
}

impl<'f> Mount<'f> {
    fn option(&self, names: &[&str]) -> Option<&'f str> {
        self.options
            .iter()
            .rev()
            .find(|(name, _)| names.contains(&name.as_str()))
            .map(|(_, value)| *value)
    }
}

/// A mount in the place of the whole file system.
fn root(mount: &Mount<'_>) -> Option<Diagnostic> {
    let target = mount.option(&["target", "dst", "destination"])?;
    let is_mounted = !matches!(mount.option(&["type"]), Some("secret" | "ssh"));
    let is_root = target.starts_with('/')
        && !target.contains(['$', '\\', '\''])
        && path::join("/", target) == "/";
    (is_mounted && is_root).then(|| {
        Diagnostic::new(
            INVALID_SYNTAX,
            mount.span,
            "nothing can be mounted over all of the file system",
        )
    })
}

/// What COPY and the mounts of RUN take from elsewhere, where no variable is in the name.
pub fn sources(instruction: &Instruction) -> Vec<From<'_>> {
    let value = |flag: &'_ Flag| flag.value.as_ref().map(|value| value.span);
    let mut sources = Vec::new();
    if instruction.keyword != Keyword::Run {
        let flag = instruction.flag("from");
        sources.extend(flag.and_then(|flag| {
            Some(From {
                name: flag.value.as_ref()?.text.as_str(),
                span: value(flag)?,
                may_be_number: true,
            })
        }));
    } else {
        for mount in mounts(instruction) {
            sources.extend(mount.option(&["from"]).map(|name| From {
                name,
                span: mount.span,
                may_be_number: false,
            }));
        }
    }
    sources
        .retain(|source| !source.name.is_empty() && !source.name.contains(['$', '"', '\'', '\\']));
    sources
}

impl From<'_> {
    /// What is wrong with it in a stage. `names` are those of the whole file.
    fn refusal(
        &self,
        names: &Names,
        own: usize,
        stages: usize,
        is_context: &dyn Fn(&str) -> bool,
    ) -> Option<Diagnostic> {
        let Self {
            name,
            span,
            may_be_number,
        } = *self;
        if is_context(name) {
            return None;
        }
        let number = name.parse::<i64>().ok().filter(|_| may_be_number);
        let stage = match number {
            Some(number) => match usize::try_from(number)
                .ok()
                .filter(|number| *number < stages)
            {
                Some(stage) => stage,
                None => {
                    return Some(Diagnostic::new(
                        UNKNOWN_STAGE,
                        span,
                        format!("there is no stage {number}"),
                    ));
                }
            },
            None => match names.get(&name.to_lowercase()) {
                Some(stage) => stage,
                None if images::is_image_name(name) => return None,
                None => {
                    let message = format!("`{name}` names no stage, and no image has such a name");
                    return Some(Diagnostic::new(INVALID_SYNTAX, span, message));
                }
            },
        };
        // Stages that need each other have one among them that needs a later one.
        let (rule, message) = match stage.cmp(&own) {
            Ordering::Less => return None,
            Ordering::Equal => (
                OWN_STAGE,
                "a stage cannot take anything from itself".to_owned(),
            ),
            Ordering::Greater => (
                LATER_STAGE,
                format!("`{name}` is a stage that comes later in the file"),
            ),
        };
        Some(Diagnostic::new(rule, span, message).help("Take it from a stage above this one."))
    }
}
