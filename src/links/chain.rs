//! The chain of an edit: four links, each with its evidence, and the least action.

use std::path::PathBuf;

use super::action::Action;
use crate::text::Span;

/// What shows that a link holds or breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// A clause.
    pub text: String,
    /// Where it is written, if anywhere.
    pub span: Option<Span>,
}

/// Why a link is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The container has the copy in its image.
    Baked,
    /// The image has what its build made from it.
    BuiltInto,
    /// Docker Compose or Docker reads it when it makes the container.
    GivenAtCreation,
    /// The build reads it.
    ReadByBuild,
    /// Another service's image, which this one is made from, has a copy.
    InSiblingImage,
    /// Nothing brings it into the container.
    NotBrought,
    /// Another mount lies over it.
    HiddenByMount,
    /// A volume that is older than the image lies over it.
    HiddenByVolume,
    /// It is only read while a volume is empty.
    FirstStartOnly,
    /// The process reads another copy in its image.
    OtherCopy,
    /// The process imports a copy that was installed.
    InstalledCopy,
    /// The process runs what the build of the image made.
    MadeInImage,
    /// The process runs what somebody makes on the host.
    MadeOnHost,
    /// Each start compiles it.
    MadeAtStart,
    /// Nothing reloads the process.
    NoReload,
    /// The reloader does not look there.
    NotWatched,
    /// The reloader cannot work.
    ReloadBroken,
    /// It is read when the container or the program starts.
    ReadAtStart,
}

/// A link: whether it holds, and what shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// It holds.
    Holds(Evidence),
    /// It is broken: an edit gets no further by itself.
    Broken(Cause, Evidence),
    /// It cannot be known; the evidence says what would have to be.
    Unknown(Evidence),
}

impl Link {
    /// What shows it.
    pub fn evidence(&self) -> &Evidence {
        match self {
            Link::Holds(evidence) | Link::Broken(_, evidence) | Link::Unknown(evidence) => evidence,
        }
    }

    /// Why it is broken.
    pub fn cause(&self) -> Option<Cause> {
        match self {
            Link::Broken(cause, _) => Some(*cause),
            _ => None,
        }
    }

    /// Whether it holds.
    pub fn holds(&self) -> bool {
        matches!(self, Link::Holds(_))
    }

    pub(super) fn yes(text: impl Into<String>, span: Option<Span>) -> Link {
        let text = text.into();
        Link::Holds(Evidence { text, span })
    }

    pub(super) fn no(cause: Cause, text: impl Into<String>, span: Option<Span>) -> Link {
        let text = text.into();
        Link::Broken(cause, Evidence { text, span })
    }

    pub(super) fn unknown(text: impl Into<String>, span: Option<Span>) -> Link {
        let text = text.into();
        Link::Unknown(Evidence { text, span })
    }
}

/// The names of the links, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkName {
    /// The edit gets into the container.
    Arrives,
    /// Nothing hides it there.
    Visible,
    /// The process reads that copy.
    Read,
    /// Something makes the process read it again.
    ReadAgain,
}

impl LinkName {
    /// As it is printed.
    pub fn as_str(self) -> &'static str {
        match self {
            LinkName::Arrives => "arrives",
            LinkName::Visible => "visible",
            LinkName::Read => "read",
            LinkName::ReadAgain => "read again",
        }
    }
}

/// How an edit of one host path takes effect in one process of a service, on one way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// What is edited: a file or directory of the host; `None` where the service has no code of the
    /// project.
    pub host: Option<PathBuf>,
    /// The process, as its command line; empty where it is not known, or Docker itself reads.
    pub process: String,
    /// Where the edit is to be seen in the container, as far as that is known.
    pub container: Option<String>,
    /// Bind mount, config, env file, COPY, build argument … or nothing brings it.
    pub arrives: Link,
    /// A deeper mount, volume, VOLUME or tmpfs may hide it; `None` where it does not get so far.
    pub visible: Option<Link>,
    /// The process may read another copy: installed, compiled, bundled.
    pub read: Option<Link>,
    /// Reloader, per request, restart, only at first start.
    pub read_again: Option<Link>,
    /// The least that makes the edit effective while `docker compose watch` does not run.
    pub action: Action,
    /// What has to be done on the host before.
    pub first: Option<&'static str>,
    /// Services whose images must be built before that of the service.
    pub owners: Vec<String>,
    /// What `docker compose watch` does about it while it runs.
    pub watching: Option<Watching>,
}

/// What `docker compose watch` does about an edit while it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watching {
    /// A clause.
    pub text: String,
    /// The trigger.
    pub span: Option<Span>,
    /// What is needed besides.
    pub action: Action,
}

impl Chain {
    /// The links that were asked about, in order.
    pub fn links(&self) -> Vec<(LinkName, &Link)> {
        let mut links = vec![(LinkName::Arrives, &self.arrives)];
        let later = [
            (LinkName::Visible, &self.visible),
            (LinkName::Read, &self.read),
            (LinkName::ReadAgain, &self.read_again),
        ];
        for (name, link) in later {
            links.extend(link.as_ref().map(|link| (name, link)));
        }
        links
    }

    /// The link that decides the action: the first broken one. What hides the copy of a new image
    /// too is worse than that only a new image brings it.
    pub fn broken(&self) -> Option<(LinkName, Cause)> {
        let hidden = self.visible.as_ref().and_then(Link::cause);
        if let Some(cause) = hidden {
            return Some((LinkName::Visible, cause));
        }
        let mut links = self.links().into_iter();
        links.find_map(|(name, link)| Some((name, link.cause()?)))
    }

    /// Whether every link that was asked about is known.
    pub fn is_certain(&self) -> bool {
        let mut links = self.links().into_iter();
        links.all(|(_, link)| !matches!(link, Link::Unknown(_)))
    }

    /// Whether an edit takes effect by itself.
    pub fn is_live(&self) -> bool {
        self.action == Action::None && self.links().into_iter().all(|(_, link)| link.holds())
    }
}
