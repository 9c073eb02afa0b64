//! Why a layer is made again, in words.

use crate::text::Span;

/// Why a layer is made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Its own text is another one.
    Text,
    /// A variable that its text names has another value.
    Variable {
        /// The variable.
        name: String,
        /// The instruction that sets it.
        set: Span,
    },
    /// What WORKDIR, USER or SHELL say above it is something else.
    Setting,
    /// A variable of a RUN's environment has another value.
    Environment {
        /// The variable.
        name: String,
        /// The instruction that sets it.
        set: Span,
        /// Whether the RUN names it.
        used: bool,
    },
    /// It is built on another image.
    Base,
    /// Its stage is not part of the build as it is.
    NotBuiltBefore,
    /// A file that it copies or mounts.
    File {
        /// Its path in the context.
        path: String,
        /// How many further edited files there are.
        others: usize,
        /// How it comes in.
        why: Way,
    },
    /// What it copies or mounts from another stage.
    Stage {
        /// The other stage.
        stage: usize,
        /// The step there that made it different, or the path that is different.
        reason: StageChange,
    },
    /// A layer that it rests on is made again.
    Above(Span),
    /// The same, of a copy with `--link`: what it copies is kept, and laid on the new layers.
    Relinked(Span),
    /// What another service builds, which it rests on or copies from.
    Built(String),
    /// Its stage begins with a directory of the host, a named context: such layers are made again
    /// in every build.
    NeverKept(String),
}

/// How a file of the context comes into a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It is copied.
    Copied,
    /// It is mounted.
    Mounted,
    /// It says what the copy leaves out.
    Ignores,
}

/// What is different in another stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StageChange {
    /// This path of it.
    Path(String),
    /// Whatever this instruction makes.
    Made(Span),
}

impl Cause {
    /// The cause as a clause. `line` gives the line of an instruction, `stage` the name of a stage.
    pub fn tell(&self, line: &dyn Fn(Span) -> u32, stage: &dyn Fn(usize) -> String) -> String {
        match self {
            Cause::Text => "its own text changed".to_owned(),
            Cause::Variable { name, set } => format!("${name} changed (line {})", line(*set)),
            Cause::Setting => "what WORKDIR, USER or SHELL set above it changed".to_owned(),
            Cause::Environment {
                name,
                set,
                used: true,
            } => format!("${name} changed (line {})", line(*set)),
            Cause::Environment {
                name,
                set,
                used: false,
            } => {
                format!(
                    "${name} changed (line {}); every RUN behind it gets it, used or not",
                    line(*set)
                )
            }
            Cause::Base => "it is built on another image".to_owned(),
            Cause::NotBuiltBefore => "this build has not needed the stage so far".to_owned(),
            Cause::File { path, others, why } => {
                let verb = match why {
                    Way::Copied => "copies",
                    Way::Mounted => "mounts",
                    Way::Ignores => "copies what is left by",
                };
                let more = if *others > 0 {
                    format!(" and {others} more")
                } else {
                    String::new()
                };
                format!("{verb} {path}{more}")
            }
            Cause::Stage {
                stage: other,
                reason: StageChange::Path(path),
            } => format!("takes {path} of {}", stage(*other)),
            Cause::Stage {
                stage: other,
                reason: StageChange::Made(span),
            } => {
                format!("takes what line {} makes in {}", line(*span), stage(*other))
            }
            Cause::Above(span) => format!("rests on line {}", line(*span)),
            Cause::Relinked(span) => format!("is kept (--link) and laid on line {}", line(*span)),
            Cause::NeverKept(name) => {
                format!("rests on the directory {name}, and runs in every build")
            }
            Cause::Built(name) => format!("takes what is built as {name}"),
        }
    }
}
