//! Text as a program sees it, and where each part of it was written.
//!
//! A YAML scalar with escapes, a folded block, a Dockerfile line with continuations: the text that
//! is meant differs from the text that is written. [`Cooked`] is the first, and maps back to the
//! second, through any number of layers.

use std::ops::Range;

use super::{FileId, Source, Span, offset};

/// A text with a map from each of its parts to the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cooked {
    text: String,
    file: FileId,
    pieces: Vec<Piece>,
    whole: Span,
}

/// A part of the text and the bytes it was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    cooked: Range<u32>,
    source: Range<u32>,
    /// Whether the text stands in the source as it is, byte for byte.
    is_verbatim: bool,
}

impl Cooked {
    /// The text of `span`, exactly as written.
    pub fn verbatim(source: &Source, span: Span) -> Self {
        let mut builder = CookedBuilder::new(span);
        builder.verbatim(source.slice(span), span.start);
        builder.finish()
    }

    /// A text that stands nowhere by itself: all of it maps to `span`.
    pub fn synthetic(text: impl Into<String>, span: Span) -> Self {
        let mut builder = CookedBuilder::new(span);
        builder.replaced(&text.into(), span.start..span.end);
        builder.finish()
    }

    /// The text that is meant.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// All of the source it stands for, with quotes where there are any.
    pub fn span(&self) -> Span {
        self.whole
    }

    /// Whether every byte stands in the source as it is, in one run.
    pub fn is_verbatim(&self) -> bool {
        match self.pieces.as_slice() {
            [] => true,
            [piece] => piece.is_verbatim,
            _ => false,
        }
    }

    /// The smallest part of the source that makes up `range` of the text.
    pub fn span_of(&self, range: Range<usize>) -> Span {
        if range.is_empty() {
            return Span::at(self.file, self.source_offset(range.start));
        }
        let (start, end) = (offset(range.start), offset(range.end));
        let first = self.pieces.get(self.piece_at(start));
        let last = self.pieces[..self
            .pieces
            .partition_point(|piece| piece.cooked.start < end)]
            .last();
        let (Some(first), Some(last)) = (first, last) else {
            return self.whole;
        };
        let from = if first.is_verbatim {
            first.source.start + start.saturating_sub(first.cooked.start)
        } else {
            first.source.start
        };
        let to = if last.is_verbatim {
            last.source.start + (end.min(last.cooked.end) - last.cooked.start)
        } else {
            last.source.end
        };
        Span::new(self.file, from, to.max(from))
    }

    /// Where in the source the text at `index` begins.
    pub fn source_offset(&self, index: usize) -> u32 {
        let index = offset(index);
        match self.pieces.get(self.piece_at(index)) {
            Some(piece) if piece.is_verbatim => {
                piece.source.start + index.saturating_sub(piece.cooked.start)
            }
            Some(piece) => piece.source.start,
            None => self
                .pieces
                .last()
                .map_or(self.whole.start, |piece| piece.source.end),
        }
    }

    /// Index of the piece that holds the byte at `index`. Pieces lie in the order of the text, so
    /// it is looked up, not searched.
    fn piece_at(&self, index: u32) -> usize {
        self.pieces
            .partition_point(|piece| piece.cooked.end <= index)
    }

    /// A part of the text, with its own map.
    pub fn slice(&self, range: Range<usize>) -> Cooked {
        let mut builder = CookedBuilder::new(self.span_of(range.clone()));
        builder.append(self, range);
        builder.finish()
    }
}

/// Builds a [`Cooked`] from left to right.
#[derive(Debug)]
pub struct CookedBuilder(Cooked);

impl CookedBuilder {
    /// Nothing yet; `whole` is all of the source that the text will stand for.
    pub fn new(whole: Span) -> Self {
        CookedBuilder(Cooked {
            text: String::new(),
            file: whole.file,
            pieces: Vec::new(),
            whole,
        })
    }

    /// Appends text that stands at `start` as it is.
    pub fn verbatim(&mut self, text: &str, start: u32) {
        self.piece(text, start..start + offset(text.len()), true);
    }

    /// Appends text that is written otherwise, in the bytes `source`.
    pub fn replaced(&mut self, text: &str, source: Range<u32>) {
        self.piece(text, source, false);
    }

    /// Appends a part of another text together with its map.
    pub fn append(&mut self, other: &Cooked, range: Range<usize>) {
        let (start, end) = (offset(range.start), offset(range.end));
        let touched = other.pieces[other.piece_at(start)..]
            .iter()
            .take_while(|piece| piece.cooked.start < end);
        for piece in touched {
            let from = piece.cooked.start.max(start);
            let to = piece.cooked.end.min(end);
            if from >= to {
                continue;
            }
            let text = &other.text[from as usize..to as usize];
            if piece.is_verbatim {
                self.verbatim(text, piece.source.start + (from - piece.cooked.start))
            } else {
                self.piece(text, piece.source.clone(), false)
            }
        }
    }

    /// What has been built so far.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// Says which part of the source the text stands for, when that is known only at the end.
    pub fn set_whole(&mut self, whole: Span) {
        self.0.whole = whole;
    }

    /// The finished text.
    pub fn finish(self) -> Cooked {
        self.0
    }

    fn piece(&mut self, text: &str, source: Range<u32>, is_verbatim: bool) {
        if text.is_empty() {
            return;
        }
        let start = offset(self.0.text.len());
        self.0.text.push_str(text);
        let cooked = start..offset(self.0.text.len());
        if let Some(last) = self.0.pieces.last_mut()
            && is_verbatim
            && last.is_verbatim
            && last.source.end == source.start
        {
            last.cooked.end = cooked.end;
            last.source.end = source.end;
            return;
        }
        self.0.pieces.push(Piece {
            cooked,
            source,
            is_verbatim,
        });
    }
}
