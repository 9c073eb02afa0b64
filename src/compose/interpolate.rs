//! Variables in text: `$NAME`, `${NAME}` and `${NAME:-text}` with its five sisters, as Compose
//! expands them.

use std::cell::Cell;

use crate::compose::INVALID_COMPOSE;
use crate::compose::value::{Step, VariableSource};
use crate::diagnostic::Diagnostic;
use crate::text::{Cooked, CookedBuilder, Span};

/// A variable that is set.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    /// Its value.
    pub(super) value: String,
    /// Who set it.
    pub(super) from: VariableSource,
    /// The unset variables that take part in its value.
    pub(super) unset: Vec<Step>,
}

/// What stands for a variable that is not set and has no default.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Unset {
    /// The expression as written: the value is not known here, though it may be where the project
    /// runs.
    #[default]
    Unknown,
    /// Nothing, as Docker Compose has it; a required variable is an error.
    Blank,
}

/// What is wrong with an expression.
#[derive(Debug)]
pub(super) enum Problem {
    /// `${` that is no expression.
    Invalid(Span),
    /// `${NAME:?message}` of a variable without a value.
    Required {
        /// The expression.
        used: Span,
        /// The variable.
        name: String,
        /// The author's message.
        message: String,
    },
    /// The variables of the project make more text than anybody can mean.
    TooLong(Span),
}

impl From<Problem> for Diagnostic {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Invalid(span) => Diagnostic::new(
                INVALID_COMPOSE,
                span,
                "this `${` starts no valid variable expression",
            )
            .help("Write `${NAME}` or `${NAME:-default}`, or `$$` for a dollar sign."),
            Problem::Required {
                used,
                name,
                message,
            } if message.is_empty() => Diagnostic::new(
                INVALID_COMPOSE,
                used,
                format!("the required variable `{name}` is not set"),
            ),
            Problem::Required {
                used,
                name,
                message,
            } => Diagnostic::new(
                INVALID_COMPOSE,
                used,
                format!("the required variable `{name}` is not set: {message}"),
            ),
            Problem::TooLong(span) => Diagnostic::new(
                INVALID_COMPOSE,
                span,
                "the variables of this project make more than 64 MiB of text",
            ),
        }
    }
}

/// How many bytes variables may put into the texts of one project.
pub(super) const TEXT_BUDGET: usize = 64 << 20;

/// Defaults nested deeper than this are no expression.
const DEPTH: usize = 100;

/// How many unset variables a value remembers.
const REMEMBERED: usize = 8;

/// Expands texts with the variables of one place.
pub(super) struct Expander<'e> {
    /// Finds a variable.
    pub(super) lookup: &'e dyn Fn(&str) -> Option<&'e Variable>,
    /// What stands for one that is not set.
    pub(super) unset: Unset,
    /// What is left of [`TEXT_BUDGET`].
    pub(super) budget: &'e Cell<usize>,
}

/// A text with its variables put in.
pub(super) struct Expanded {
    /// The text.
    pub(super) text: Cooked,
    /// The variables that took part in it.
    pub(super) steps: Vec<Step>,
    /// What could not be expanded and stands as written.
    pub(super) problems: Vec<Problem>,
}

impl Expander<'_> {
    /// Puts variables in; `None` when the text has no `$`.
    pub(super) fn expand(&self, text: &Cooked) -> Option<Expanded> {
        memchr::memchr(b'$', text.as_str().as_bytes())?;
        let mut run = Run {
            expander: self,
            steps: Vec::new(),
            problems: Vec::new(),
            out: CookedBuilder::new(text.span()),
        };
        run.text(text, 0);
        Some(Expanded {
            text: run.out.finish(),
            steps: run.steps,
            problems: run.problems,
        })
    }
}

struct Run<'r, 'e> {
    expander: &'r Expander<'e>,
    steps: Vec<Step>,
    problems: Vec<Problem>,
    out: CookedBuilder,
}

/// `${NAME<operator>TEXT}` as ranges of a text.
struct Expression<'t> {
    name: &'t str,
    /// `:-`, `-`, `:+`, `+`, `:?`, `?`, or nothing.
    operator: &'t str,
    /// TEXT.
    argument: std::ops::Range<usize>,
    /// Behind the whole expression.
    end: usize,
}

impl Run<'_, '_> {
    fn text(&mut self, text: &Cooked, depth: usize) {
        let string = text.as_str();
        let mut done = 0;
        let mut from = 0;
        while let Some(dollar) =
            memchr::memchr(b'$', &string.as_bytes()[from..]).map(|at| from + at)
        {
            let expression = match string.as_bytes().get(dollar + 1) {
                Some(b'$') => {
                    self.out.append(text, done..dollar);
                    let source = text.span_of(dollar..dollar + 2);
                    self.out.replaced("$", source.start..source.end);
                    (done, from) = (dollar + 2, dollar + 2);
                    continue;
                }
                Some(b'{') => match braced(string, dollar).filter(|_| depth < DEPTH) {
                    Some(expression) => expression,
                    None => {
                        self.problems
                            .push(Problem::Invalid(text.span_of(dollar..string.len())));
                        break;
                    }
                },
                _ => match name(&string[dollar + 1..]) {
                    Some(name) => {
                        let end = dollar + 1 + name.len();
                        Expression {
                            name,
                            operator: "",
                            argument: end..end,
                            end,
                        }
                    }
                    None => {
                        from = dollar + 1;
                        continue;
                    }
                },
            };
            self.out.append(text, done..dollar);
            self.variable(text, dollar, &expression, depth);
            (done, from) = (expression.end, expression.end);
        }
        self.out.append(text, done..string.len());
    }

    fn variable(&mut self, text: &Cooked, start: usize, expression: &Expression<'_>, depth: usize) {
        let used = text.span_of(start..expression.end);
        let variable = (self.expander.lookup)(expression.name);
        let counts = match expression.operator {
            ":-" | ":+" | ":?" => variable.is_some_and(|variable| !variable.value.is_empty()),
            _ => variable.is_some(),
        };
        let step = |from| Step::Variable {
            used,
            name: expression.name.to_owned(),
            from,
        };
        let set = variable.map(|variable| variable.from.clone());
        let default = || VariableSource::Default(text.span_of(expression.argument.clone()));
        match (expression.operator, variable) {
            (":-" | "-", _) if !counts => {
                self.steps.push(step(default()));
                self.argument(text, expression, depth);
            }
            (":+" | "+", _) if counts => {
                self.steps.push(step(set.unwrap_or_else(default)));
                self.argument(text, expression, depth);
            }
            (":+" | "+", _) => self.steps.push(step(default())),
            (_, Some(variable)) if counts => {
                self.steps.push(step(variable.from.clone()));
                self.steps.extend(variable.unset.iter().cloned());
                self.put(&variable.value, used);
            }
            (_, _) if self.expander.unset == Unset::Unknown => {
                self.steps.push(step(VariableSource::Unset));
                self.out.append(text, start..expression.end);
            }
            (operator, _) => {
                self.steps.push(step(VariableSource::Blank));
                if !operator.is_empty() {
                    let message = self.message(&text.slice(expression.argument.clone()));
                    self.problems.push(Problem::Required {
                        used,
                        name: expression.name.to_owned(),
                        message,
                    });
                }
            }
        }
    }

    fn argument(&mut self, text: &Cooked, expression: &Expression<'_>, depth: usize) {
        self.text(&text.slice(expression.argument.clone()), depth + 1);
    }

    fn put(&mut self, value: &str, used: Span) {
        let left = self.expander.budget.get();
        if value.len() > left {
            self.problems.push(Problem::TooLong(used));
            return;
        }
        self.expander.budget.set(left - value.len());
        self.out.replaced(value, used.start..used.end);
    }

    fn message(&self, text: &Cooked) -> String {
        self.expander.expand(text).map_or_else(
            || text.as_str().to_owned(),
            |expanded| expanded.text.as_str().to_owned(),
        )
    }
}

/// The expressions of a text: name, operator and argument; those inside of arguments behind them.
pub(super) fn expressions(text: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    let mut rest = vec![(text, 0)];
    while let Some((text, depth)) = rest.pop() {
        let mut from = 0;
        while let Some(dollar) = memchr::memchr(b'$', &text.as_bytes()[from..]).map(|at| from + at)
        {
            let expression = match text.as_bytes().get(dollar + 1) {
                Some(b'$') => {
                    from = dollar + 2;
                    continue;
                }
                Some(b'{') => braced(text, dollar).filter(|_| depth < DEPTH),
                _ => name(&text[dollar + 1..]).map(|name| {
                    let end = dollar + 1 + name.len();
                    Expression {
                        name,
                        operator: "",
                        argument: end..end,
                        end,
                    }
                }),
            };
            let Some(expression) = expression else {
                from = dollar + 1;
                continue;
            };
            let argument = &text[expression.argument.clone()];
            found.push((
                expression.name.to_owned(),
                expression.operator.to_owned(),
                argument.to_owned(),
            ));
            rest.push((argument, depth + 1));
            from = expression.end;
        }
    }
    found
}

/// The expression that starts with the `$` of `${` at `start`.
fn braced(text: &str, start: usize) -> Option<Expression<'_>> {
    let inside = start + 2;
    let name = name(&text[inside..])?;
    let after = inside + name.len();
    let operator = [":-", ":+", ":?", "-", "+", "?", "}"]
        .into_iter()
        .find(|operator| text[after..].starts_with(operator))?;
    if operator == "}" {
        return Some(Expression {
            name,
            operator: "",
            argument: after..after,
            end: after + 1,
        });
    }
    let argument = after + operator.len();
    let end = closing_brace(&text[argument..])? + argument;
    Some(Expression {
        name,
        operator,
        argument: argument..end,
        end: end + 1,
    })
}

/// Where the brace that closes an argument stands. It must stand on the same line; pairs of braces
/// inside are skipped, and when they do not match, the last brace of the line closes.
fn closing_brace(text: &str) -> Option<usize> {
    let mut open = 0;
    let mut last = None;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' if open == 0 => return Some(at),
            b'}' => {
                open -= 1;
                last = Some(at);
            }
            b'\n' => break,
            _ => {}
        }
    }
    last
}

fn name(text: &str) -> Option<&str> {
    let length = text
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        .count();
    if length == 0 || text.as_bytes()[0].is_ascii_digit() {
        None
    } else {
        Some(&text[..length])
    }
}

/// The unset variables among `steps`, a few of them: what a variable that is made of others has to
/// remember.
pub(super) fn unset_among(steps: Vec<Step>) -> Vec<Step> {
    let mut unset: Vec<Step> = Vec::new();
    for step in steps {
        if matches!(
            step,
            Step::Variable {
                from: VariableSource::Unset,
                ..
            }
        ) && unset.len() < REMEMBERED
            && !unset.contains(&step)
        {
            unset.push(step);
        }
    }
    unset
}

#[cfg(test)]
mod tests;
