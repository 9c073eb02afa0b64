//! Where a run writes: standard output with or without colours, errors on standard error.

use std::env;
use std::io::{self, IsTerminal, Write};

use super::arguments::When;
use crate::report::one_line;
use crate::report::termcolor::{BufferedStandardStream, ColorChoice, WriteColor};

/// Standard output. It must be flushed.
pub(super) fn stdout(when: When, for_people: bool) -> Box<dyn WriteColor> {
    let variable = |name: &str| env::var_os(name).and_then(|value| value.into_string().ok());
    let choice = if for_people && colours(when, variable, io::stdout().is_terminal()) {
        ColorChoice::Always
    } else {
        ColorChoice::Never
    };
    Box::new(BufferedStandardStream::stdout(choice))
}

/// Standard error, for a report beside a result. It must be flushed.
pub(super) fn stderr(when: When) -> Box<dyn WriteColor> {
    let variable = |name: &str| env::var_os(name).and_then(|value| value.into_string().ok());
    let choice = if colours(when, variable, io::stderr().is_terminal()) {
        ColorChoice::Always
    } else {
        ColorChoice::Never
    };
    Box::new(BufferedStandardStream::stderr(choice))
}

/// Says why something could not be done.
pub(super) fn error(message: &str) {
    eprintln!("error: {}", one_line(message));
}

/// Says what is better changed, though the result is there.
pub(super) fn warning(message: &str) {
    eprintln!("warning: {}", one_line(message));
}

/// Says something beside the result.
pub(super) fn note(message: &str) {
    eprintln!("note: {}", one_line(message));
}

/// Asks something on standard error, beside the result; whether it could be asked.
pub(super) fn ask(question: &str) -> bool {
    let mut out = io::stderr();
    write!(out, "{question}").and_then(|()| out.flush()).is_ok()
}

/// The option wins, then `NO_COLOR` (no-color.org: if not empty), then those that force
/// (force-color.org, bixense.com/clicolors), then the terminal itself.
fn colours(when: When, variable: impl Fn(&str) -> Option<String>, is_terminal: bool) -> bool {
    let set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let forced = |name: &str| variable(name).is_some_and(|value| !value.is_empty() && value != "0");
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto if set("NO_COLOR") => false,
        When::Auto if forced("FORCE_COLOR") || forced("CLICOLOR_FORCE") => true,
        When::Auto if variable("CLICOLOR").as_deref() == Some("0") => false,
        When::Auto => is_terminal && variable("TERM").as_deref() != Some("dumb"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(variables: &[(&str, &str)], when: When, is_terminal: bool) -> bool {
        let variable = |name: &str| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        colours(when, variable, is_terminal)
    }

    #[test]
    fn a_terminal_is_coloured_and_a_pipe_is_not() {
        assert!(check(&[("TERM", "xterm")], When::Auto, true));
        assert!(!check(&[("TERM", "dumb")], When::Auto, true));
        assert!(!check(&[("TERM", "xterm")], When::Auto, false));
    }

    #[test]
    fn the_environment_wins_over_the_terminal() {
        assert!(!check(
            &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")],
            When::Auto,
            true
        ));
        assert!(check(&[("NO_COLOR", "")], When::Auto, true));
        assert!(check(&[("FORCE_COLOR", "1")], When::Auto, false));
        assert!(check(
            &[("CLICOLOR_FORCE", "1"), ("CLICOLOR", "0")],
            When::Auto,
            false
        ));
        assert!(!check(&[("CLICOLOR_FORCE", "0")], When::Auto, false));
        assert!(!check(&[("CLICOLOR", "0")], When::Auto, true));
    }

    #[test]
    fn the_option_wins_over_all() {
        assert!(check(&[("NO_COLOR", "1")], When::Always, false));
        assert!(!check(&[("FORCE_COLOR", "1")], When::Never, true));
    }
}
