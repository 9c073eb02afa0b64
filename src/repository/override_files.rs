//! The override files that composelint writes: what they are called, and how one knows them again.

use std::path::{Path, PathBuf};

/// What the first line of a file says that is ours to extend.
pub(crate) const MARK: &str = "written by composelint";

/// [`is_ours`] of a text.
pub(crate) fn is_ours(text: &str) -> bool {
    text.lines()
        .take_while(|line| line.starts_with('#'))
        .any(|line| line.contains(MARK))
}

/// The name of a file beside `base`, in its style: `compose.override.yaml`,
/// `docker-compose.dev.yml`.
pub(crate) fn named(base: &Path, part: &str) -> PathBuf {
    let name = base
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("compose.yaml");
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "yaml"));
    base.with_file_name(format!("{stem}.{part}.{ending}"))
}
