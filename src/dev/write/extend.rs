//! Forms put into a file that somebody wrote: what is missing is inserted, what is there stays as
//! it is.

use crate::dev::DevForm;
use crate::project::Project;
use crate::syntax::yaml::edit::{self, Form, Insert};
use crate::syntax::yaml::{Kind, Node as Yaml};
use crate::text::{Source, Span};

use super::{Line, Node, Written, sections};

/// The edits that make a file say the forms.
pub(super) fn edits(project: &Project<'_>, source: &Source, forms: &[DevForm]) -> Written {
    let parsed = project.workspace().yaml(source);
    let file = source
        .path()
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let mut reader = Reader {
        file,
        service: String::new(),
        left: Vec::new(),
    };
    let mut wanted = sections(project, forms);
    if let Some(root) = parsed.tree.root() {
        wanted = reader.missing(root, wanted, 0);
    }
    if wanted.is_empty() {
        return Written {
            edits: Vec::new(),
            left: reader.left,
        };
    }
    let more = Insert::mapping(wanted.iter().map(|line| (line.key.clone(), line.insert())));
    match edit::extend(&parsed.tree, &more) {
        Ok(edits) => Written {
            edits,
            left: reader.left,
        },
        Err(refused) => {
            reader.left.push(format!(
                "nothing is written into {file}: {}",
                refused.reason
            ));
            Written {
                edits: Vec::new(),
                left: reader.left,
            }
        }
    }
}

/// Something that a file lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The service; empty for what belongs to none.
    pub service: String,
    /// What is missing, in one line: `volumes: ./api:/app`. Empty when nothing is said of the
    /// service at all.
    pub what: String,
    /// Why it is wanted.
    pub why: String,
    /// Where in the file it belongs.
    pub place: Option<Span>,
}

/// What a file lacks of the forms, one after the other.
pub fn missing(project: &Project<'_>, source: &Source, forms: &[DevForm]) -> Vec<Missing> {
    let parsed = project.workspace().yaml(source);
    let file = source
        .path()
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let root = parsed.tree.root();
    let wanted = sections(project, forms);
    let wanted = match root {
        Some(root) => Reader {
            file,
            service: String::new(),
            left: Vec::new(),
        }
        .missing(root, wanted, 0),
        None => wanted,
    };
    let mut found = Vec::new();
    for section in wanted {
        let place = root.and_then(|root| Some(root.entry(&section.key)?.key.span()));
        let (Node::Map(lines) | Node::Flow(lines)) = section.value else {
            continue;
        };
        for line in lines.into_iter().filter(|_| section.key == "services") {
            let entry = root.and_then(|root| root.get("services")?.entry(&line.key));
            let place = entry.map_or(place, |entry| Some(entry.key.span()));
            let service = line.key.clone();
            if entry.is_none() {
                let (what, why) = (
                    String::new(),
                    inner(&line)
                        .map(|(what, _)| what)
                        .collect::<Vec<_>>()
                        .join(", "),
                );
                found.push(Missing {
                    service,
                    what,
                    why,
                    place,
                });
                continue;
            }
            found.extend(inner(&line).map(|(what, why)| Missing {
                service: service.clone(),
                what,
                why,
                place,
            }));
        }
    }
    found
}

/// The lines of a service, each as one text with its reason.
fn inner(service: &Line) -> impl Iterator<Item = (String, String)> + '_ {
    let (Node::Map(lines) | Node::Flow(lines)) = &service.value else {
        return Vec::new().into_iter();
    };
    let mut found = Vec::new();
    for line in lines {
        match &line.value {
            Node::Map(children) | Node::List(children) if line.key != "develop" => {
                found.extend(children.iter().map(|child| {
                    (
                        format!("{}: {}", line.key, one_line(child)),
                        child.why.clone(),
                    )
                }));
            }
            Node::Map(children) => {
                let items = children.iter().flat_map(|child| match &child.value {
                    Node::List(items) => items.clone(),
                    _ => Vec::new(),
                });
                found.extend(items.map(|item| {
                    (
                        format!("develop.watch: {}", one_line(&item)),
                        item.why.clone(),
                    )
                }));
            }
            _ => found.push((one_line(line), line.why.clone())),
        }
    }
    found.into_iter()
}

/// A key with its value, or an item, without its reason.
fn one_line(line: &Line) -> String {
    if let (true, Node::Text(text)) = (line.key.is_empty(), &line.value) {
        return text.clone();
    }
    let bare = Line {
        why: String::new(),
        ..line.clone()
    };
    let insert = if bare.key.is_empty() {
        bare.insert()
    } else {
        Insert::flow_mapping([(bare.key.clone(), bare.insert())])
    };
    let text = edit::render(&Insert::flow_sequence([insert]), 0);
    let text = text.trim().trim_start_matches('[').trim_end_matches(']');
    let text = if bare.key.is_empty() {
        text
    } else {
        text.strip_prefix('{')
            .and_then(|text| text.strip_suffix('}'))
            .unwrap_or(text)
    };
    text.to_owned()
}

/// Compares what is wanted with what a file says.
struct Reader<'s> {
    file: &'s str,
    /// The service at hand.
    service: String,
    /// What a person said otherwise.
    left: Vec<String>,
}

impl Reader<'_> {
    /// What of the wanted lines a mapping lacks. `depth` 0 is the file, 1 its services, 2 one
    /// service.
    fn missing(&mut self, mapping: Yaml<'_>, wanted: Vec<Line>, depth: usize) -> Vec<Line> {
        let mut missing = Vec::new();
        for line in wanted {
            if depth == 1 {
                self.service.clone_from(&line.key);
            }
            match (edit::form(mapping, &line.key), mapping.entry(&line.key)) {
                (Form::Absent, _) => missing.push(line),
                (_, Some(entry)) => missing.extend(self.rest(entry.value, line, depth)),
                (_, None) => self.leave(&line, depth),
            }
        }
        missing
    }

    /// What of a line its key does not say already.
    fn rest(&mut self, there: Yaml<'_>, line: Line, depth: usize) -> Option<Line> {
        let is_null = there.kind() == Kind::Scalar && there.span().is_empty();
        match (there.kind(), line.value) {
            (_, Node::Nothing) => None,
            (Kind::Mapping, Node::Map(lines) | Node::Flow(lines)) => {
                let lines = self.missing(there, lines, depth + 1);
                (!lines.is_empty()).then_some(Line {
                    value: Node::Map(lines),
                    ..line
                })
            }
            (Kind::Sequence, Node::List(lines)) => Some(Line {
                value: Node::List(lines),
                ..line
            }),
            (Kind::Sequence, Node::Map(lines)) if line.key == "environment" => {
                let items = lines
                    .into_iter()
                    .filter(|line| !names(there, &line.key))
                    .map(as_item)
                    .collect::<Vec<_>>();
                (!items.is_empty()).then_some(Line {
                    value: Node::List(items),
                    ..line
                })
            }
            (_, value @ (Node::Map(_) | Node::Flow(_) | Node::List(_))) if is_null => {
                Some(Line { value, ..line })
            }
            (_, value) => {
                self.leave(&Line { value, ..line }, depth);
                None
            }
        }
    }

    /// What a person said stays; what development would want is told.
    fn leave(&mut self, line: &Line, depth: usize) {
        let place = if depth <= 1 {
            String::new()
        } else {
            format!("`{}` of ", line.key)
        };
        let wanted = edit::render(&Insert::flow_sequence([line.insert()]), 0);
        let wanted = wanted.trim().trim_start_matches('[').trim_end_matches(']');
        let (service, file) = (&self.service, self.file);
        self.left.push(format!("{place}`{service}` stands in {file} already and is left as it is; development wants {wanted}"));
    }
}

/// Whether a list of `KEY=value` sets a variable.
fn names(list: Yaml<'_>, key: &str) -> bool {
    list.items()
        .any(|item| item.text().split('=').next() == Some(key))
}

/// A pair as an item of a list: `KEY=value`.
fn as_item(line: Line) -> Line {
    let value = match line.value {
        Node::Text(text) => Node::Text(format!("{}={text}", line.key)),
        _ => Node::Text(line.key.clone()),
    };
    Line {
        key: String::new(),
        value,
        why: line.why,
    }
}
