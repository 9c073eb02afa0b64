//! Where package managers keep what they have fetched, so that a cache mount there saves the next
//! build from fetching it again.
//!
//! Only directories are named from which nothing is run: what lies in a cache mount is not in the
//! image. So no module cache of Go, no registry of cargo, no repository of Maven, which later steps
//! read.

/// The cache of one package manager.
pub struct Cache {
    /// The manager, as installs name it.
    pub manager: &'static str,
    /// Its directories when root installs and nobody says otherwise, absolute.
    pub directories: &'static [&'static str],
    /// The image that has it there; any without it.
    pub image: Option<&'static str>,
    /// Flags that switch it off or move it.
    pub flags: &'static [&'static str],
    /// Variables that do.
    pub variables: &'static [&'static str],
}

const CACHES: [Cache; 6] = [
    Cache {
        manager: "pip",
        directories: &["/root/.cache/pip"],
        image: None,
        flags: &["--no-cache-dir", "--cache-dir"],
        variables: &[
            "PIP_NO_CACHE_DIR",
            "PIP_CACHE_DIR",
            "XDG_CACHE_HOME",
            "HOME",
        ],
    },
    Cache {
        manager: "npm",
        directories: &["/root/.npm"],
        image: None,
        flags: &["--cache"],
        variables: &["npm_config_cache", "NPM_CONFIG_CACHE", "HOME"],
    },
    Cache {
        manager: "poetry",
        directories: &[
            "/root/.cache/pypoetry/cache",
            "/root/.cache/pypoetry/artifacts",
        ],
        image: None,
        flags: &["--no-cache"],
        variables: &[
            "POETRY_CACHE_DIR",
            "POETRY_NO_CACHE",
            "XDG_CACHE_HOME",
            "HOME",
        ],
    },
    Cache {
        manager: "uv",
        directories: &["/root/.cache/uv"],
        image: None,
        flags: &["--no-cache", "-n", "--cache-dir", "--link-mode"],
        variables: &[
            "UV_CACHE_DIR",
            "UV_NO_CACHE",
            "UV_LINK_MODE",
            "XDG_CACHE_HOME",
            "HOME",
        ],
    },
    Cache {
        manager: "bun",
        directories: &["/root/.bun/install/cache"],
        image: None,
        flags: &["--no-cache", "--cache-dir"],
        variables: &["BUN_INSTALL_CACHE_DIR", "BUN_INSTALL", "HOME"],
    },
    // Bundler downloads to `cache` in the bundle's path and takes what lies there
    // (`Source::Rubygems#fetch_gem`); without a path of its own that is `Gem.dir`, which the
    // official image sets by GEM_HOME. The gems are unpacked beside it and nothing reads the
    // archives afterwards; what is compiled stays in the layer as well.
    Cache {
        manager: "bundler",
        directories: &["/usr/local/bundle/cache"],
        image: Some("ruby"),
        flags: &["--path", "--deployment", "--no-cache"],
        variables: &[
            "BUNDLE_PATH",
            "BUNDLE_DEPLOYMENT",
            "BUNDLE_CACHE_PATH",
            "BUNDLE_NO_CACHE",
            "BUNDLE_GLOBAL_GEM_CACHE",
            "GEM_HOME",
        ],
    },
];

impl Cache {
    /// Whether the cache lies there in what is built on this image.
    pub fn is_in(&self, base: &str) -> bool {
        let name = base.split([':', '@']).next().unwrap_or_default();
        self.image
            .is_none_or(|image| name.strip_prefix("docker.io/library/").unwrap_or(name) == image)
    }
}

/// The cache of a manager.
pub fn of(manager: &str) -> Option<&'static Cache> {
    CACHES.iter().find(|cache| cache.manager == manager)
}
