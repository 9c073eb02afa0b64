//! The code in Markdown documents: fenced blocks, indented blocks, inline code, each with the
//! heading it lies under.

use crate::text::{Cooked, CookedBuilder, Source, Span, offset};

/// A piece of code in a document.
#[derive(Clone, Debug)]
pub struct Code {
    /// The code, without fences and without the indentation of the block.
    pub text: Cooked,
    /// The first word behind the fence, in lower case; empty when there is none.
    pub language: String,
    /// How it is written.
    pub kind: CodeKind,
    /// The text of the nearest heading above it.
    pub heading: Option<Heading>,
}

/// How code is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeKind {
    /// Between fences.
    Fenced,
    /// By indentation.
    Indented,
    /// Between backquotes inside a line.
    Inline,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Its text without the marks.
    pub text: String,
    /// Its text in the document.
    pub span: Span,
}

/// Reads a document.
pub fn parse(source: &Source) -> Vec<Code> {
    let text = source.text();
    let mut reader = Reader {
        source,
        found: Vec::new(),
        heading: None,
        block: None,
    };
    let mut at = source.content_start() as usize;
    let mut previous = "";
    while at < text.len() {
        let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |len| at + len);
        let line = text[at..end].trim_end_matches('\r');
        reader.line(line, at, previous);
        previous = line;
        at = end + 1;
    }
    reader.close();
    reader.found
}

struct Reader<'s> {
    source: &'s Source,
    found: Vec<Code>,
    heading: Option<Heading>,
    block: Option<Block>,
}

/// The block that is being read.
struct Block {
    /// The fence that ends it: its character and its length; none for an indented block.
    fence: Option<(char, usize)>,
    indent: usize,
    language: String,
    text: CookedBuilder,
}

impl Reader<'_> {
    fn line(&mut self, line: &str, at: usize, previous: &str) {
        let content = line.trim_start();
        let indent = line.len() - content.len();
        if let Some(block) = &mut self.block {
            let ends = match block.fence {
                Some((mark, len)) => {
                    content.trim_end().chars().all(|c| c == mark) && content.trim_end().len() >= len
                }
                None => indent < 4 && !line.starts_with('\t') && !content.is_empty(),
            };
            if !ends {
                let cut = indent.min(block.indent);
                block.text.verbatim(&line[cut..], offset(at + cut));
                let end = at + line.len();
                match self.source.text()[end..].starts_with('\n') {
                    true => block.text.verbatim("\n", offset(end)),
                    false => block.text.replaced("\n", offset(end)..offset(end + 1)),
                }
                return;
            }
            let fenced = block.fence.is_some();
            self.close();
            if fenced {
                return;
            }
        }
        let mark = content.chars().next().unwrap_or(' ');
        let fence = content.chars().take_while(|c| *c == mark).count();
        if matches!(mark, '`' | '~')
            && fence >= 3
            && !(mark == '`' && content[fence..].contains('`'))
        {
            let info = content[fence..].trim().trim_start_matches(['{', '.']);
            let language = info
                .split([' ', ',', '{', '}', ':'])
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase();
            self.open(Some((mark, fence)), indent, language, at + line.len());
        } else if (indent >= 4 || line.starts_with('\t'))
            && previous.trim().is_empty()
            && !content.is_empty()
        {
            self.open(None, indent, String::new(), at);
            self.line(line, at, previous);
        } else if mark == '#' && fence <= 6 && content[fence..].starts_with([' ', '\t']) {
            self.heading = self.heading_at(
                content[fence..].trim_end_matches(['#', ' ']),
                at + indent + fence,
            );
        } else if matches!(mark, '=' | '-')
            && fence == content.trim_end().len()
            && fence >= 3
            && !previous.trim().is_empty()
        {
            let start = previous.as_ptr() as usize - self.source.text().as_ptr() as usize;
            self.heading = self.heading_at(previous, start);
        } else {
            self.inline(line, at);
        }
    }

    fn heading_at(&self, text: &str, at: usize) -> Option<Heading> {
        let trimmed = text.trim();
        let start = at + (text.len() - text.trim_start().len());
        (!trimmed.is_empty()).then(|| Heading {
            text: trimmed.to_owned(),
            span: self.source.span(start..start + trimmed.len()),
        })
    }

    fn open(
        &mut self,
        fence: Option<(char, usize)>,
        indent: usize,
        language: String,
        start: usize,
    ) {
        let text = CookedBuilder::new(Span::at(self.source.id(), offset(start)));
        self.block = Some(Block {
            fence,
            indent,
            language,
            text,
        });
    }

    fn close(&mut self) {
        let Some(block) = self.block.take() else {
            return;
        };
        let text = block.text.finish();
        let end = text.as_str().trim_end().len();
        if end == 0 {
            return;
        }
        let text = text.slice(0..end);
        let kind = if block.fence.is_some() {
            CodeKind::Fenced
        } else {
            CodeKind::Indented
        };
        self.found.push(Code {
            text,
            language: block.language,
            kind,
            heading: self.heading.clone(),
        });
    }

    fn inline(&mut self, line: &str, at: usize) {
        let mut from = 0;
        while let Some(open) = line[from..].find('`').map(|found| from + found) {
            let ticks = line[open..]
                .bytes()
                .take_while(|byte| *byte == b'`')
                .count();
            let start = open + ticks;
            let Some(end) = closing(&line[start..], ticks).map(|found| start + found) else {
                from = start;
                continue;
            };
            let span = self.source.span(at + start..at + end);
            let text = Cooked::verbatim(self.source, span);
            self.found.push(Code {
                text,
                language: String::new(),
                kind: CodeKind::Inline,
                heading: self.heading.clone(),
            });
            from = end + ticks;
        }
    }
}

/// Inline code longer than this is none that anybody wrote; the limit keeps a line of stray
/// backquotes from taking quadratic time.
const INLINE_LIMIT: usize = 500;

/// Where a run of exactly `ticks` backquotes begins.
fn closing(text: &str, ticks: usize) -> Option<usize> {
    let bytes = &text.as_bytes()[..text.len().min(INLINE_LIMIT)];
    let mut from = 0;
    while let Some(at) = memchr::memchr(b'`', &bytes[from..]).map(|found| from + found) {
        let run = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
        if run == ticks {
            return Some(at);
        }
        from = at + run;
    }
    None
}

#[cfg(test)]
mod tests;
