//! What a name means in FROM, `COPY --from` and a mount: an earlier stage, a named context, or an
//! image.

use super::named::{NamedContext, NamedSource};

/// The names of stages, for FROM, COPY and mounts. A name of a context given to the build hides a
/// stage of that name.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    stages: Vec<Option<String>>,
    contexts: Vec<NamedContext>,
}

/// What a name stands for.
pub(super) enum Meaning {
    /// A stage.
    Stage(usize),
    /// A named context that is a directory or built by another service.
    Named(usize),
    /// An image.
    Image(String),
}

impl Names {
    /// The names of a build that is given these contexts, before its first stage.
    pub(super) fn new(contexts: &[NamedContext]) -> Self {
        Names {
            stages: Vec::new(),
            contexts: contexts.to_vec(),
        }
    }

    /// Adds the next stage.
    pub(super) fn push(&mut self, stage: Option<String>) {
        self.stages.push(stage);
    }

    /// The stage before stage `limit` that a name or a number means. Of several of one name it is
    /// the last.
    pub(super) fn find(&self, name: &str, limit: usize) -> Option<usize> {
        if let Ok(number) = name.parse::<usize>() {
            return (number < limit.min(self.stages.len())).then_some(number);
        }
        self.named(name, limit)
    }

    /// The same for FROM, where a number is the name of an image.
    fn named(&self, name: &str, limit: usize) -> Option<usize> {
        if self.contexts.iter().any(|context| context.is_called(name)) {
            return None;
        }
        let stages = &self.stages[..limit.min(self.stages.len())];
        stages.iter().rposition(|stage| {
            stage
                .as_deref()
                .is_some_and(|stage| stage.eq_ignore_ascii_case(name))
        })
    }

    /// What a name means that is no number, in FROM, `COPY --from` or a mount of stage `limit`.
    pub(super) fn meaning(&self, name: &str, limit: usize) -> Meaning {
        if let Some(at) = self
            .contexts
            .iter()
            .position(|context| context.is_called(name))
        {
            return match &self.contexts[at].source {
                NamedSource::Directory(_) | NamedSource::Built(_) => Meaning::Named(at),
                NamedSource::Image(image) => Meaning::Image(image.clone()),
                NamedSource::Other => Meaning::Image(name.to_owned()),
            };
        }
        self.named(name, limit)
            .map_or_else(|| Meaning::Image(name.to_owned()), Meaning::Stage)
    }

    /// A named context.
    pub(super) fn context(&self, at: usize) -> &NamedSource {
        &self.contexts[at].source
    }
}
