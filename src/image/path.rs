//! Paths inside a container, as text: absolute, with `/`, free of `.` and `..`.

/// `path` seen from `directory`, cleaned; an absolute `path` stands for itself.
pub fn join(directory: &str, path: &str) -> String {
    let start = if path.starts_with('/') { "" } else { directory };
    let mut parts: Vec<&str> = Vec::new();
    for part in start.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// What is left of `path` below `directory`: empty when they are equal, `None` when it does not lie
/// there.
pub fn below<'p>(path: &'p str, directory: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(directory.trim_end_matches('/'))?;
    match rest {
        "" | "/" => Some(""),
        _ => rest.strip_prefix('/'),
    }
}

/// The last component.
pub fn name(path: &str) -> &str {
    path.trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default()
}

/// Whether a path is one of Windows, which nothing here knows to resolve.
pub fn is_windows(path: &str) -> bool {
    path.contains('\\') || path.as_bytes().get(1) == Some(&b':')
}

/// Whether a name of COPY is a pattern.
pub fn is_glob(path: &str) -> bool {
    path.contains(['*', '?', '['])
}
