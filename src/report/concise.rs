//! One line a finding, as compilers write them, so that editors and `grep` understand it.

use std::io::{self, Write};

use super::place::Places;
use super::termcolor::{Color, ColorSpec, WriteColor};
use super::{Report, Sanitised, one_line, safety};
use crate::diagnostic::{Safety, Severity};
use crate::text::Column;

pub(super) fn write(report: &Report<'_>, out: &mut dyn WriteColor) -> io::Result<()> {
    let mut out = Sanitised(out);
    let mut places = Places::new(report, Column::CodePoint);
    for diagnostic in report.diagnostics {
        let (start, _) = places.range(diagnostic.span);
        let path = one_line(places.path(diagnostic.span.file));
        write!(out, "{path}:{}:{}: ", start.line + 1, start.column + 1)?;
        out.set_color(&color(diagnostic.severity))?;
        write!(out, "{}[{}]", diagnostic.severity.as_str(), diagnostic.rule)?;
        out.reset()?;
        let mark = if safety(diagnostic) == Some(Safety::Safe) {
            " [*]"
        } else {
            ""
        };
        writeln!(out, ":{mark} {}", one_line(&diagnostic.message))?;
    }
    report.write_summary(&mut out)
}

fn color(severity: Severity) -> ColorSpec {
    let color = match severity {
        Severity::Error => Color::Red,
        Severity::Warning => Color::Yellow,
        Severity::Info => Color::Green,
    };
    let mut spec = ColorSpec::new();
    spec.set_bold(true).set_intense(true).set_fg(Some(color));
    spec
}
