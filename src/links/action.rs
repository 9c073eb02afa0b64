//! What one can do so that an edit takes effect, the cheapest first.

/// The least that makes an edit take effect. Ordered by cost: each does what the cheaper ones do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Nothing: it takes effect by itself, or the service cannot see it at all.
    None,
    /// A signal makes the process read it again.
    Reload,
    /// A command in the container makes the process read it again: its words.
    Exec(&'static [&'static str]),
    /// `docker compose restart`: the same container starts again.
    Restart,
    /// `docker compose stop` and `start`: texts of configs and secrets that no file holds are put
    /// into the container again.
    StopStart,
    /// `docker compose up -d`: a changed model makes a new container.
    Up,
    /// `docker compose up -d --force-recreate`: a new container in any case.
    Recreate,
    /// A new image and a new container.
    Rebuild,
    /// The same, and new anonymous volumes.
    RebuildRenew,
    /// The same, without this named volume: its data goes with it.
    DropVolume(String),
    /// A new image whose cached steps run again.
    Refetch,
    /// `docker compose down` and `up`: networks and the project's name.
    DownUp,
    /// It cannot be known.
    Unknown,
}

impl Action {
    /// Its name in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Action::None => "none",
            Action::Reload => "reload",
            Action::Exec(_) => "exec",
            Action::Restart => "restart",
            Action::StopStart => "stop-start",
            Action::Up => "up",
            Action::Recreate => "recreate",
            Action::Rebuild => "rebuild",
            Action::RebuildRenew => "rebuild-renew",
            Action::DropVolume(_) => "drop-volume",
            Action::Refetch => "refetch",
            Action::DownUp => "down-up",
            Action::Unknown => "unknown",
        }
    }

    /// Whether it makes a new image.
    pub fn builds(&self) -> bool {
        matches!(
            self,
            Action::Rebuild | Action::RebuildRenew | Action::DropVolume(_) | Action::Refetch
        )
    }
}
