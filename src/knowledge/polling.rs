//! Variables by which watchers poll, and the values with which they do what nobody expects.

/// A variable, and what is special about some of its values.
#[derive(Debug)]
pub struct PollingVariable {
    /// Its name.
    pub name: &'static str,
    /// Values that forbid polling, in lower case.
    pub off: &'static [&'static str],
    /// What that undoes, a clause.
    pub undoes: &'static str,
    /// Values that look like a no and mean yes, in lower case.
    pub on: &'static [&'static str],
    /// Where the row can be checked.
    pub source: &'static str,
}

const VARIABLES: &[PollingVariable] = &[
    PollingVariable {
        name: "CHOKIDAR_USEPOLLING",
        off: &["false", "0", ""],
        undoes: "it overrules `usePolling` in the configuration of the bundler",
        on: &["no", "off"],
        source: "github.com/paulmillr/chokidar (CHOKIDAR_USEPOLLING in the constructor, versions 3 and 4)",
    },
    PollingVariable {
        name: "WATCHFILES_FORCE_POLLING",
        off: &["false", "disable", "disabled"],
        undoes: "watchfiles would poll by itself under WSL, where there are no events, and this forbids it",
        on: &["0", "no", "off"],
        source: "watchfiles.helpmanual.io/api/watch",
    },
    PollingVariable {
        name: "DOTNET_USE_POLLING_FILE_WATCHER",
        off: &["false", "0", ""],
        undoes: "the SDK image sets it to true, since mounted files give no events on Docker Desktop",
        on: &[],
        source: "github.com/dotnet/dotnet-docker (ENV of the sdk images)",
    },
];

/// What is known of a variable that decides about polling.
pub fn polling_variable(name: &str) -> Option<&'static PollingVariable> {
    VARIABLES.iter().find(|variable| variable.name == name)
}
