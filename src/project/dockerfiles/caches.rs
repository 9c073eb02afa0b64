//! Where package managers keep what they have fetched, so that a cache mount there saves the next build from fetching it again.
//!
//! Only directories are named from which nothing is run: what lies in a cache mount is not in the image. So no module cache of
//! Go, no registry of cargo, no repository of Maven, which later steps read.

/// The cache of one package manager.
pub struct Cache {
    /// The manager, as installs name it.
    pub manager: &'static str,
    /// Its directories when root installs and nobody says otherwise, absolute.
    pub directories: &'static [&'static str],
    /// Flags that switch it off or move it.
    pub flags: &'static [&'static str],
    /// Variables that do.
    pub variables: &'static [&'static str],
}

const CACHES: [Cache; 5] = [
    Cache {
        manager: "pip",
        directories: &["/root/.cache/pip"],
        flags: &["--no-cache-dir", "--cache-dir"],
        variables: &["PIP_NO_CACHE_DIR", "PIP_CACHE_DIR", "XDG_CACHE_HOME", "HOME"],
    },
    Cache {
        manager: "npm",
        directories: &["/root/.npm"],
        flags: &["--cache"],
        variables: &["npm_config_cache", "NPM_CONFIG_CACHE", "HOME"],
    },
    Cache {
        manager: "poetry",
        directories: &["/root/.cache/pypoetry/cache", "/root/.cache/pypoetry/artifacts"],
        flags: &["--no-cache"],
        variables: &["POETRY_CACHE_DIR", "POETRY_NO_CACHE", "XDG_CACHE_HOME", "HOME"],
    },
    Cache {
        manager: "uv",
        directories: &["/root/.cache/uv"],
        flags: &["--no-cache", "-n", "--cache-dir", "--link-mode"],
        variables: &["UV_CACHE_DIR", "UV_NO_CACHE", "UV_LINK_MODE", "XDG_CACHE_HOME", "HOME"],
    },
    Cache {
        manager: "bun",
        directories: &["/root/.bun/install/cache"],
        flags: &["--no-cache", "--cache-dir"],
        variables: &["BUN_INSTALL_CACHE_DIR", "BUN_INSTALL", "HOME"],
    },
];

/// The cache of a manager.
pub fn of(manager: &str) -> Option<&'static Cache> {
    CACHES.iter().find(|cache| cache.manager == manager)
}
