//! A program that runs another program: what a row says.

/// A program that runs the rest of its arguments.
#[derive(Debug)]
pub struct Wrapper {
    /// File names, each with the subcommands that must follow: `poetry run`.
    pub commands: &'static [&'static str],
    /// Options that take a value in the next word.
    pub valued: &'static [&'static str],
    /// How many words of its own stand before the command.
    pub own: usize,
    /// Whether `NAME=value` words may stand before the command.
    pub assignments: bool,
    /// Whether the command starts only behind `--`.
    pub needs_dashes: bool,
}

/// What a row has where it says nothing.
pub(crate) const WRAPPER: Wrapper = Wrapper {
    commands: &[],
    valued: &[],
    own: 0,
    assignments: false,
    needs_dashes: false,
};
