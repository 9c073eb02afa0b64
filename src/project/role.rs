//! What a service is to the people who develop a project.

/// What a service is to the people who develop the project.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Role {
    /// The application itself: without it there is nothing to develop.
    Core,
    /// A database, a broker or another server that the core needs.
    Infrastructure,
    /// What one can do without most of the time.
    Optional,
    /// What runs once and ends: migrations, seeds, tests.
    Job,
    /// The evidence does not say. It stays as it is.
    Unknown,
}

impl Role {
    /// The word used in files and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Core => "core",
            Role::Infrastructure => "infrastructure",
            Role::Optional => "optional",
            Role::Job => "job",
            Role::Unknown => "unknown",
        }
    }

    /// The role of a word that a user may write.
    pub fn from_word(word: &str) -> Option<Role> {
        Some(match word {
            "core" => Role::Core,
            "infra" | "infrastructure" | "required" => Role::Infrastructure,
            "optional" => Role::Optional,
            "job" | "jobs" => Role::Job,
            _ => return None,
        })
    }
}
