//! Which program a command is.

use std::cmp::Reverse;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::file_name;
use super::program::{Family, Program, ROW, Reading};

const TABLES: [&[Program]; 10] = [
    super::python::PROGRAMS,
    super::node::PROGRAMS,
    super::go::PROGRAMS,
    super::rust::PROGRAMS,
    super::jvm::PROGRAMS,
    super::dotnet::PROGRAMS,
    super::php::PROGRAMS,
    super::ruby::PROGRAMS,
    super::elixir::PROGRAMS,
    super::others::PROGRAMS,
];

/// The row of a binary that the project's own build makes, whatever its name is.
pub static BINARY: Program = Program {
    name: "compiled program",
    family: Family::Compiled,
    reads: Reading::File,
    ..ROW
};

/// Every row.
pub fn programs() -> impl Iterator<Item = &'static Program> {
    TABLES.into_iter().flatten()
}

/// The row of a name.
pub fn program(name: &str) -> Option<&'static Program> {
    programs().find(|program| program.name == name)
}

/// The row of a command: the one that names most of its words.
pub fn recognise(argv: &[&str]) -> Option<&'static Program> {
    let rows = ROWS.get_or_init(Rows::new);
    let named = rows
        .by_name
        .get(file_name(argv.first()?))
        .into_iter()
        .flatten();
    let fitting = named
        .chain(&rows.patterns)
        .filter(|row| is_command(row.command, argv));
    // Of rows that name as many words the first wins, so that a table can put the special before
    // the general.
    fitting
        .max_by_key(|row| (row.words, Reverse(row.number)))
        .map(|row| row.program)
}

static ROWS: OnceLock<Rows> = OnceLock::new();

/// Every command of the tables, to be found by the name of its program.
struct Rows {
    by_name: FxHashMap<&'static str, Vec<Row>>,
    /// Those whose program is named by a pattern.
    patterns: Vec<Row>,
}

struct Row {
    program: &'static Program,
    command: &'static str,
    /// How many words it has.
    words: usize,
    /// Its place in the tables.
    number: usize,
}

impl Rows {
    fn new() -> Self {
        let mut rows = Rows {
            by_name: FxHashMap::default(),
            patterns: Vec::new(),
        };
        let commands = programs().flat_map(|program| {
            program
                .commands
                .iter()
                .map(move |command| (program, *command))
        });
        for (number, (program, command)) in commands.enumerate() {
            let row = Row {
                program,
                command,
                words: command.split(' ').count(),
                number,
            };
            let name = command.split(' ').next().unwrap_or_default();
            match name.contains('*') {
                true => rows.patterns.push(row),
                false => rows.by_name.entry(name).or_default().push(row),
            }
        }
        rows
    }
}

fn is_command(command: &str, argv: &[&str]) -> bool {
    let mut rest = argv.iter();
    let mut words = command.split(' ');
    let is_first = words
        .next()
        .is_some_and(|name| rest.next().is_some_and(|word| fits(name, file_name(word))));
    is_first && words.all(|name| rest.any(|word| fits(name, word) || fits(name, file_name(word))))
}

fn fits(pattern: &str, word: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), _) => word.len() > end.len() && word.ends_with(end),
        (_, Some(start)) => word.starts_with(start),
        _ => pattern == word,
    }
}
