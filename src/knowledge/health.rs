//! The tools that health checks call.

/// Tools that checks call, and the names of packages and files that bring each. Sources: the file
/// lists of Debian's and Alpine's packages.
const BROUGHT_BY: &[(&[&str], &[&str])] = &[
    (&["nc"], &["nc", "netcat", "ncat", "nmap", "busybox"]),
    (
        &["pg_isready", "psql"],
        &["postgresql", "postgres", "libpq"],
    ),
    (&["redis-cli"], &["redis"]),
    (&["mysqladmin", "mysql"], &["mysql", "mariadb"]),
    (&["wget"], &["wget", "busybox", "chrome"]),
];

/// Names of packages and files that bring a tool, and its own.
pub fn names_that_bring(tool: &str) -> Vec<&str> {
    let row = BROUGHT_BY.iter().find(|(tools, _)| tools.contains(&tool));
    let others = row.map_or(&[][..], |(_, names)| names);
    std::iter::once(tool)
        .chain(others.iter().copied())
        .collect()
}
