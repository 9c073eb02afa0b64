//! The examples of a rule's document: its sections, fenced blocks, and how expected blocks are
//! written anew.

use std::fs;
use std::path::{Path, PathBuf};

/// A document, line by line.
pub(super) struct Document {
    path: PathBuf,
    lines: Vec<String>,
    changed: bool,
}

/// One example: the blocks under a `###` heading, or all blocks of a section without such headings.
#[derive(Clone)]
pub(super) struct Example {
    pub(super) title: String,
    blocks: Vec<Block>,
    end: usize,
}

/// A fenced block: what stands behind the fence, and the text.
#[derive(Clone)]
struct Block {
    info: String,
    text: String,
}

impl Document {
    pub(super) fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        Document {
            path: path.to_owned(),
            lines: text.lines().map(str::to_owned).collect(),
            changed: false,
        }
    }

    /// The examples under `## section`.
    pub(super) fn examples(&self, section: &str) -> impl Iterator<Item = Example> + use<> {
        let heading = format!("## {section}");
        let mut examples: Vec<Example> = Vec::new();
        let mut inside = false;
        let mut block: Option<Block> = None;
        for (at, line) in self.lines.iter().enumerate() {
            if let Some(open) = &mut block {
                if line == "```" {
                    repeat_last_line(open);
                    let example = examples
                        .last_mut()
                        .expect("a section begins with an example");
                    example.blocks.extend(block.take());
                    example.end = at;
                } else {
                    open.text.push_str(line);
                    open.text.push_str(if open.info.starts_with("sh-crlf ") {
                        "\r\n"
                    } else {
                        "\n"
                    });
                }
                continue;
            }
            match line.strip_prefix("```") {
                Some(info) if inside => {
                    block = Some(Block {
                        info: info.to_owned(),
                        text: String::new(),
                    })
                }
                _ if line.starts_with("## ") => {
                    inside = *line == heading;
                    examples.extend(inside.then(|| Example {
                        title: section.to_owned(),
                        blocks: Vec::new(),
                        end: at,
                    }));
                }
                _ if inside && line.starts_with("### ") => examples.push(Example {
                    title: line[4..].to_owned(),
                    blocks: Vec::new(),
                    end: at,
                }),
                _ => {}
            }
        }
        examples
            .into_iter()
            .filter(|example| !example.blocks.is_empty())
    }

    /// The paths that an example shows as fixed.
    pub(super) fn fixed_paths(&self, example: &Example) -> Vec<String> {
        example
            .blocks
            .iter()
            .filter_map(|block| {
                block
                    .info
                    .split_once("fixed ")
                    .map(|(_, path)| path.to_owned())
            })
            .collect()
    }

    /// Compares a block with what it must hold, or writes it when the documents are blessed.
    pub(super) fn expect(&mut self, example: &Example, info: &str, actual: &str) {
        let shown = example.block(info);
        if shown == Some(actual) {
            return;
        }
        if std::env::var_os("COMPOSELINT_BLESS").is_none() {
            let name = self.path.file_name().unwrap().to_str().unwrap();
            let shown = shown.unwrap_or("(no such block)");
            panic!(
                "{name}, {}: `{info}` shows\n{shown}\nbut is\n{actual}\nCOMPOSELINT_BLESS=1 cargo test writes it anew",
                example.title
            );
        }
        self.replace(example, info, actual);
    }

    pub(super) fn write_if_blessed(&self) {
        if self.changed {
            fs::write(&self.path, self.lines.join("\n") + "\n").unwrap();
        }
    }

    /// Finds the example anew, since lines may have moved, and puts the block into it.
    fn replace(&mut self, example: &Example, info: &str, actual: &str) {
        let example = self
            .examples("Fails")
            .find(|now| now.title == example.title)
            .expect("the example is still there");
        let start = self.lines[..=example.end]
            .iter()
            .rposition(|line| *line == format!("### {}", example.title) || line == "## Fails")
            .unwrap_or(0);
        let is_block = |line: &String| line.starts_with("```") && line[3..].ends_with(info);
        let body: Vec<String> = actual.lines().map(str::to_owned).collect();
        match self.lines[start..=example.end].iter().position(is_block) {
            Some(at) => {
                let from = start + at + 1;
                let to = from
                    + self.lines[from..]
                        .iter()
                        .position(|line| line == "```")
                        .expect("a fence is closed");
                self.lines.splice(from..to, body);
            }
            None => {
                let language = info.strip_prefix("fixed ").map_or("text", language);
                let block = [String::new(), format!("```{language} {info}")]
                    .into_iter()
                    .chain(body)
                    .chain(["```".to_owned()]);
                self.lines.splice(example.end + 1..example.end + 1, block);
            }
        }
        self.changed = true;
    }
}

/// In a block of ```` ```dockerfile-1000 Dockerfile ```` the last line stands a thousand times.
fn repeat_last_line(block: &mut Block) {
    let language = block.info.split(' ').next().unwrap_or_default();
    let Some(times) = language
        .rsplit_once('-')
        .and_then(|(_, times)| times.parse::<usize>().ok())
    else {
        return;
    };
    let start = block
        .text
        .trim_end_matches('\n')
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let last = block.text.split_off(start);
    block.text.push_str(&last.repeat(times));
}

impl Example {
    /// The text of the block whose info ends so.
    pub(super) fn block(&self, info: &str) -> Option<&str> {
        self.blocks
            .iter()
            .find(|block| block.info.ends_with(info))
            .map(|block| block.text.as_str())
    }

    /// Paths and texts of the example's files.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.blocks.iter().filter_map(|block| {
            let (_, path) = block.info.split_once(' ')?;
            (path != "report" && !path.starts_with("fixed ")).then_some((path, block.text.as_str()))
        })
    }
}

fn language(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("yaml" | "yml") => "yaml",
        Some("json") => "json",
        _ if path.contains("Dockerfile") => "dockerfile",
        _ => "text",
    }
}
