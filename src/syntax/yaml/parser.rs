//! Tokens to a tree, as libyaml parses them, with an explicit stack in the place of recursion.

use rustc_hash::FxHashMap;

use super::fault::{Fault, Problem};
use super::scanner::{Scanner, Token, TokenKind};
use super::{Extra, ExtraId, Kind, NodeData, NodeId, Style, Tree};
use crate::text::{Source, offset};

/// How deep collections may lie in each other. The reference stops at 10,000; nobody writes a
/// hundred by hand.
const MAX_DEPTH: usize = 1_000;

/// Reads `text`, which is the source's own or a repaired copy of the same length, up to the first
/// thing that is wrong.
pub(super) fn read(source: &Source, text: &[u8]) -> (Tree, Option<Fault>) {
    let mut parser = Parser {
        text,
        scanner: Scanner::new(text, source.content_start() as usize),
        tree: Tree {
            source: source.clone(),
            nodes: Vec::new(),
            extras: Vec::new(),
            documents: Vec::new(),
            comments: Vec::new(),
        },
        open: Vec::new(),
        anchors: FxHashMap::default(),
        handles: Vec::new(),
    };
    let fault = parser.stream().err().map(|fault| *fault);
    parser.close_all();
    let comments = parser.scanner.take_comments();
    parser.tree.comments = comments
        .into_iter()
        .map(|(start, end)| source.span(start as usize..end as usize))
        .collect();
    (parser.tree, fault)
}

struct Parser<'s> {
    text: &'s [u8],
    scanner: Scanner<'s>,
    tree: Tree,
    /// The collections that are not closed yet, the innermost last.
    open: Vec<Open>,
    anchors: FxHashMap<&'s [u8], NodeId>,
    /// The handles of the document's `%TAG` directives.
    handles: Vec<&'s [u8]>,
}

/// A collection that is being read.
struct Open {
    node: NodeId,
    last_child: Option<NodeId>,
    next: Next,
    /// Where an absent value would stand.
    gap: u32,
}

/// What may come next in a collection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Next {
    BlockEntry,
    IndentlessEntry,
    BlockKey,
    BlockValue,
    FlowItem {
        first: bool,
    },
    PairKey,
    PairValue,
    PairEnd,
    FlowKey {
        first: bool,
    },
    FlowValue,
    /// The value of a key without `:`, which is absent.
    FlowNoValue,
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Block,
    /// The value of a key, where a list may begin without indentation.
    BlockValue,
    Flow,
}

impl<'s> Parser<'s> {
    fn stream(&mut self) -> Result<(), Box<Fault>> {
        let mut is_first = true;
        loop {
            let mut token = self.scanner.peek()?;
            while token.kind == TokenKind::DocumentEnd {
                token = self.skip_and_peek()?;
            }
            if token.kind == TokenKind::StreamEnd {
                return Ok(());
            }
            self.handles.clear();
            let is_directive = matches!(
                token.kind,
                TokenKind::VersionDirective | TokenKind::TagDirective
            );
            if is_first && !is_directive && token.kind != TokenKind::DocumentStart {
                self.node(Context::Block, token.start)?;
            } else {
                self.explicit_document()?;
            }
            while let Some(open) = self.open.last() {
                self.step(open.next)?;
            }
            if self.scanner.peek()?.kind == TokenKind::DocumentEnd {
                self.scanner.skip();
            }
            is_first = false;
        }
    }

    fn explicit_document(&mut self) -> Result<(), Box<Fault>> {
        let start = self.directives()?;
        if start.kind != TokenKind::DocumentStart {
            return Err(self.fault(Problem::DocumentExpected, start, start.start));
        }
        match self.skip_and_peek()?.kind {
            TokenKind::VersionDirective
            | TokenKind::TagDirective
            | TokenKind::DocumentStart
            | TokenKind::DocumentEnd
            | TokenKind::StreamEnd => {
                self.absent(start.end);
                Ok(())
            }
            _ => self.node(Context::Block, start.end),
        }
    }

    /// Reads the directives before a document and gives the token behind them.
    fn directives(&mut self) -> Result<Token, Box<Fault>> {
        let mut has_version = false;
        loop {
            let token = self.scanner.peek()?;
            let text = self.slice(token);
            let mut words = text
                .split(u8::is_ascii_whitespace)
                .filter(|word| !word.is_empty())
                .skip(1);
            match token.kind {
                TokenKind::VersionDirective => {
                    let version = words.next().unwrap_or_default();
                    if has_version {
                        return Err(self.fault(Problem::DuplicateDirective, token, token.start));
                    }
                    if !matches!(version, b"1.1" | b"01.1" | b"1.01" | b"01.01") {
                        return Err(self.fault(Problem::Version, token, token.start));
                    }
                    has_version = true;
                }
                TokenKind::TagDirective => {
                    let handle = words.next().unwrap_or_default();
                    if self.handles.contains(&handle) {
                        return Err(self.fault(Problem::DuplicateDirective, token, token.start));
                    }
                    self.handles.push(handle);
                }
                _ => return Ok(token),
            }
            self.scanner.skip();
        }
    }

    fn step(&mut self, next: Next) -> Result<(), Box<Fault>> {
        let token = self.scanner.peek()?;
        match next {
            Next::BlockEntry => self.block_entry(token),
            Next::IndentlessEntry => self.indentless_entry(token),
            Next::BlockKey => self.block_key(token),
            Next::BlockValue => self.block_value(token),
            Next::FlowItem { first } => self.flow_item(token, first),
            Next::PairKey => self.pair_key(token),
            Next::PairValue => self.pair_value(token),
            Next::PairEnd => {
                self.close(None);
                Ok(())
            }
            Next::FlowKey { first } => self.flow_key(token, first),
            Next::FlowValue => self.flow_value(token),
            Next::FlowNoValue => {
                self.expect(Next::FlowKey { first: false });
                self.absent_in_gap();
                Ok(())
            }
        }
    }

    // One function for each place in a collection: what may stand there, and what comes after.

    fn block_entry(&mut self, token: Token) -> Result<(), Box<Fault>> {
        match token.kind {
            TokenKind::BlockEntry => match self.skip_and_peek()?.kind {
                TokenKind::BlockEntry | TokenKind::BlockEnd => {
                    self.absent(token.end);
                    Ok(())
                }
                _ => self.node(Context::Block, token.end),
            },
            TokenKind::BlockEnd => {
                self.scanner.skip();
                self.close(None);
                Ok(())
            }
            _ => Err(self.fault_in_open(Problem::EntryExpected, token)),
        }
    }

    fn indentless_entry(&mut self, token: Token) -> Result<(), Box<Fault>> {
        if token.kind != TokenKind::BlockEntry {
            self.close(None);
            return Ok(());
        }
        match self.skip_and_peek()?.kind {
            TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                self.absent(token.end);
                Ok(())
            }
            _ => self.node(Context::Block, token.end),
        }
    }

    fn block_key(&mut self, token: Token) -> Result<(), Box<Fault>> {
        match token.kind {
            TokenKind::Key => {
                self.expect(Next::BlockValue);
                let next = self.skip_and_peek()?;
                match next.kind {
                    TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                        self.absent(token.end);
                        Ok(())
                    }
                    _ => self.node(Context::BlockValue, token.end),
                }
            }
            TokenKind::BlockEnd => {
                self.scanner.skip();
                self.close(None);
                Ok(())
            }
            TokenKind::Value => Err(self.fault_in_open(Problem::NoKey, token)),
            _ => Err(self.fault_in_open(Problem::KeyExpected, token)),
        }
    }

    fn block_value(&mut self, token: Token) -> Result<(), Box<Fault>> {
        self.expect(Next::BlockKey);
        if token.kind != TokenKind::Value {
            self.absent_in_gap();
            return Ok(());
        }
        match self.skip_and_peek()?.kind {
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                self.absent(token.end);
                Ok(())
            }
            _ => self.node(Context::BlockValue, token.end),
        }
    }

    fn flow_item(&mut self, mut token: Token, first: bool) -> Result<(), Box<Fault>> {
        self.expect(Next::FlowItem { first: false });
        if token.kind != TokenKind::FlowSequenceEnd && !first {
            if token.kind != TokenKind::FlowEntry {
                return Err(self.fault_in_open(Problem::FlowExpected { close: b']' }, token));
            }
            token = self.skip_and_peek()?;
        }
        match token.kind {
            TokenKind::FlowSequenceEnd => {
                self.scanner.skip();
                self.close(Some(token.end));
                Ok(())
            }
            TokenKind::Key => {
                self.scanner.skip();
                self.open(
                    Kind::Mapping,
                    Style::Flow,
                    Next::PairKey,
                    token,
                    Extra::default(),
                )
            }
            _ => self.node(Context::Flow, token.start),
        }
    }

    fn pair_key(&mut self, token: Token) -> Result<(), Box<Fault>> {
        self.expect(Next::PairValue);
        match token.kind {
            // The reference swallows the token here, so that `[? , a]` is refused and `[? ]` runs
            // to the end of the file.
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => {
                self.scanner.skip();
                self.absent(token.start);
                Ok(())
            }
            _ => self.node(Context::Flow, token.start),
        }
    }

    fn pair_value(&mut self, token: Token) -> Result<(), Box<Fault>> {
        self.expect(Next::PairEnd);
        if token.kind != TokenKind::Value {
            self.absent_in_gap();
            return Ok(());
        }
        match self.skip_and_peek()?.kind {
            TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => {
                self.absent(token.end);
                Ok(())
            }
            _ => self.node(Context::Flow, token.end),
        }
    }

    fn flow_key(&mut self, mut token: Token, first: bool) -> Result<(), Box<Fault>> {
        if token.kind != TokenKind::FlowMappingEnd && !first {
            if token.kind != TokenKind::FlowEntry {
                return Err(self.fault_in_open(Problem::FlowExpected { close: b'}' }, token));
            }
            token = self.skip_and_peek()?;
        }
        match token.kind {
            TokenKind::FlowMappingEnd => {
                self.scanner.skip();
                self.close(Some(token.end));
                Ok(())
            }
            TokenKind::Key => {
                self.expect(Next::FlowValue);
                match self.skip_and_peek()?.kind {
                    TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd => {
                        self.absent(token.end);
                        Ok(())
                    }
                    _ => self.node(Context::Flow, token.end),
                }
            }
            _ => {
                self.expect(Next::FlowNoValue);
                self.node(Context::Flow, token.start)
            }
        }
    }

    fn flow_value(&mut self, token: Token) -> Result<(), Box<Fault>> {
        self.expect(Next::FlowKey { first: false });
        if token.kind != TokenKind::Value {
            self.absent_in_gap();
            return Ok(());
        }
        match self.skip_and_peek()?.kind {
            TokenKind::FlowEntry | TokenKind::FlowMappingEnd => {
                self.absent(token.end);
                Ok(())
            }
            _ => self.node(Context::Flow, token.end),
        }
    }

    /// Reads a node: all of it if it is a scalar or an alias, the beginning of a collection. `gap`
    /// is where it would stand if nothing but a tag or an anchor were written.
    fn node(&mut self, context: Context, gap: u32) -> Result<(), Box<Fault>> {
        let start = self.scanner.peek()?;
        if start.kind == TokenKind::Alias {
            let target = self.anchors.get(&self.slice(start)[1..]).copied();
            self.add(
                Kind::Alias,
                Style::Plain,
                (start.start, start.end),
                Extra {
                    target,
                    ..Extra::default()
                },
            );
            self.scanner.skip();
            return Ok(());
        }
        let (extra, end) = self.properties(gap)?;
        let token = self.scanner.peek()?;
        let is_block = context != Context::Flow;
        match token.kind {
            TokenKind::BlockEntry if context == Context::BlockValue => self.open(
                Kind::Sequence,
                Style::Block,
                Next::IndentlessEntry,
                token,
                extra,
            ),
            TokenKind::Scalar(style) => {
                self.scanner.skip();
                self.add(Kind::Scalar, style, (token.start, token.end), extra);
                Ok(())
            }
            TokenKind::FlowSequenceStart => {
                self.scanner.skip();
                self.open(
                    Kind::Sequence,
                    Style::Flow,
                    Next::FlowItem { first: true },
                    token,
                    extra,
                )
            }
            TokenKind::FlowMappingStart => {
                self.scanner.skip();
                self.open(
                    Kind::Mapping,
                    Style::Flow,
                    Next::FlowKey { first: true },
                    token,
                    extra,
                )
            }
            TokenKind::BlockSequenceStart if is_block => {
                self.scanner.skip();
                self.open(Kind::Sequence, Style::Block, Next::BlockEntry, token, extra)
            }
            TokenKind::BlockMappingStart if is_block => {
                self.scanner.skip();
                self.open(Kind::Mapping, Style::Block, Next::BlockKey, token, extra)
            }
            _ if extra.tag.is_some() || extra.anchor.is_some() => {
                self.add(Kind::Scalar, Style::Plain, (end, end), extra);
                Ok(())
            }
            _ if is_block => Err(self.fault(Problem::BlockNode, token, start.start)),
            _ => Err(self.fault_in_open(Problem::FlowNode, token)),
        }
    }

    /// Reads a tag and an anchor, in any order, and gives the end of the last of them.
    fn properties(&mut self, gap: u32) -> Result<(Extra, u32), Box<Fault>> {
        let (mut extra, mut end, mut tag_token) = (Extra::default(), gap, None);
        loop {
            let token = self.scanner.peek()?;
            match token.kind {
                TokenKind::Tag if extra.tag.is_none() => {
                    extra.tag = Some((token.start, token.end));
                    tag_token = Some(token);
                }
                TokenKind::Anchor if extra.anchor.is_none() => {
                    extra.anchor = Some((token.start, token.end))
                }
                _ => break,
            }
            end = token.end;
            self.scanner.skip();
        }
        match tag_token {
            Some(token) if !self.is_known_handle(token) => {
                Err(self.fault(Problem::TagHandle, token, token.start))
            }
            _ => Ok((extra, end)),
        }
    }

    /// Whether the tag is `!name`, `!!name`, `!<uri>`, or begins with a handle that was declared.
    fn is_known_handle(&self, tag: Token) -> bool {
        let text = self.slice(tag);
        if text.starts_with(b"!!") || text.starts_with(b"!<") {
            return true;
        }
        let word = text[1..]
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            .count();
        text.get(word + 1) != Some(&b'!') || self.handles.contains(&&text[..word + 2])
    }

    // The tree.

    fn add(&mut self, kind: Kind, style: Style, (start, end): (u32, u32), extra: Extra) -> NodeId {
        let id = NodeId::new(self.tree.nodes.len());
        if let Some((start, end)) = extra.anchor {
            let text = self.text;
            self.anchors
                .insert(&text[start as usize + 1..end as usize], id);
        }
        let has_extra = extra.tag.is_some() || extra.anchor.is_some() || extra.target.is_some();
        let extra = has_extra.then(|| {
            self.tree.extras.push(extra);
            ExtraId::new(offset(self.tree.extras.len())).expect("the table is not empty")
        });
        let parent = self.open.last().map(|open| open.node);
        self.tree.nodes.push(NodeData {
            kind,
            style,
            start,
            end,
            parent,
            first_child: None,
            next: None,
            extra,
        });
        match self.open.last_mut() {
            None => self.tree.documents.push(id),
            Some(open) => {
                match open.last_child.replace(id) {
                    None => self.tree.nodes[open.node.index()].first_child = Some(id),
                    Some(last) => self.tree.nodes[last.index()].next = Some(id),
                }
                open.gap = end;
            }
        }
        id
    }

    fn absent(&mut self, at: u32) {
        self.add(Kind::Scalar, Style::Plain, (at, at), Extra::default());
    }

    /// Adds an absent value right behind the key.
    fn absent_in_gap(&mut self) {
        let gap = self.open.last().map_or(0, |open| open.gap);
        self.absent(gap);
    }

    fn open(
        &mut self,
        kind: Kind,
        style: Style,
        next: Next,
        token: Token,
        extra: Extra,
    ) -> Result<(), Box<Fault>> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.fault(Problem::TooDeep, token, token.start));
        }
        let node = self.add(kind, style, (token.start, token.end), extra);
        self.open.push(Open {
            node,
            last_child: None,
            next,
            gap: token.end,
        });
        Ok(())
    }

    /// Closes the innermost collection, at `end` or behind its last child.
    fn close(&mut self, end: Option<u32>) {
        let Some(open) = self.open.pop() else { return };
        let end = end.or(open
            .last_child
            .map(|child| self.tree.nodes[child.index()].end));
        let node = &mut self.tree.nodes[open.node.index()];
        node.end = end.unwrap_or(node.end);
        if let Some(parent) = self.open.last_mut() {
            parent.gap = node.end;
        }
    }

    /// Closes what a fault left open. A key without its value gets an absent one.
    fn close_all(&mut self) {
        while let Some(open) = self.open.last() {
            let id = open.node;
            let is_mapping = self.tree.nodes[id.index()].kind == Kind::Mapping;
            if is_mapping && self.tree.node(id).children().count() % 2 == 1 {
                self.absent_in_gap();
            }
            self.close(None);
        }
    }

    fn expect(&mut self, next: Next) {
        if let Some(open) = self.open.last_mut() {
            open.next = next;
        }
    }

    fn skip_and_peek(&mut self) -> Result<Token, Box<Fault>> {
        self.scanner.skip();
        self.scanner.peek()
    }

    fn slice(&self, token: Token) -> &'s [u8] {
        &self.text[token.start as usize..token.end as usize]
    }

    fn fault(&self, problem: Problem, token: Token, from: u32) -> Box<Fault> {
        Box::new(Fault {
            long_quote: self.scanner.long_quote(),
            ..Fault::new(problem, token.start, from)
        })
    }

    /// A fault in the collection that is open.
    fn fault_in_open(&self, problem: Problem, token: Token) -> Box<Fault> {
        let from = self
            .open
            .last()
            .map_or(token.start, |open| self.tree.nodes[open.node.index()].start);
        self.fault(problem, token, from)
    }
}
