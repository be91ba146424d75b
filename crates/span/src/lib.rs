//! Source files, byte ranges in them, and how they map to lines and columns.
//!
//! Everything that has a place in a user's program carries a [`Span`]: a file and a half-open range of bytes.
//! Lines and columns exist only where something is shown to a person or written to JSON; they are computed
//! from a [`LineIndex`].

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A source file, as an index into a [`SourceMap`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

impl fmt::Debug for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "file{}", self.0)
    }
}

/// A half-open range of bytes in a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from its parts.
    pub const fn new(file: FileId, start: u32, end: u32) -> Span {
        Span { file, start, end }
    }

    /// The smallest span that covers both; `other` must be in the same file.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        debug_assert_eq!(self.file, other.file, "spans of two files cannot be joined");
        Span::new(self.file, self.start.min(other.start), self.end.max(other.end))
    }

    /// The empty span at the start of this one.
    #[must_use]
    pub const fn at_start(self) -> Span {
        Span::new(self.file, self.start, self.start)
    }

    /// The empty span at the end of this one.
    #[must_use]
    pub const fn at_end(self) -> Span {
        Span::new(self.file, self.end, self.end)
    }

    /// The bytes, as a range that indexes the text of the file.
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether another span lies within this one.
    pub const fn encloses(self, inner: Span) -> bool {
        self.file.0 == inner.file.0 && self.start <= inner.start && inner.end <= self.end
    }

    /// Whether `offset` lies within the span or at its end.
    pub const fn contains(self, offset: u32) -> bool {
        self.start <= offset && offset <= self.end
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}:{}..{}", self.file, self.start, self.end)
    }
}

/// A line and a column, both counted from 1; the column counts Unicode code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineCol {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in code points.
    pub column: u32,
}

impl fmt::Display for LineCol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Finds the lines of `text`.
    pub fn new(text: &str) -> LineIndex {
        let mut starts = vec![0];
        for (at, byte) in text.bytes().enumerate() {
            if byte == b'\n' {
                starts.push(offset(at + 1));
            }
        }
        LineIndex { starts }
    }

    /// The line of a byte offset, counted from 0.
    pub fn line(&self, offset: u32) -> usize {
        self.starts.partition_point(|start| *start <= offset) - 1
    }

    /// The byte at which a line (from 0) begins; past the last line, where that one begins.
    pub fn line_start(&self, line: usize) -> u32 {
        let last = self.starts.len() - 1;
        self.starts[line.min(last)]
    }

    /// How many lines there are; an empty text has one.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Never: every text has a line.
    pub fn is_empty(&self) -> bool {
        false
    }
}

/// One file: the name shown to people, and its text.
#[derive(Clone, Debug)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
    /// Found when somebody asks: nobody does as long as nothing is to be shown.
    lines: Arc<OnceLock<LineIndex>>,
}

impl Source {
    /// The name shown to people, for instance a path below the current folder.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Where the lines begin.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// The line and column of a byte offset; past the end, those of the end.
    pub fn line_col(&self, at: u32) -> LineCol {
        let at = at.min(offset(self.text.len()));
        let line = self.lines().line(at);
        let start = self.lines().line_start(line) as usize;
        let column = match self.text.get(start..at as usize) {
            Some(before) => before.chars().count(),
            // The offset is inside a code point: count the bytes that start one.
            None => self.text.as_bytes()[start..at as usize].iter().filter(|byte| (**byte & 0xc0) != 0x80).count(),
        };
        LineCol { line: offset(line) + 1, column: offset(column) + 1 }
    }
}

/// All files of one compilation, in the order in which they were read.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<Source>,
}

impl SourceMap {
    /// Adds a file. The same name may be added twice: a module imported from two places is two files.
    pub fn add(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> FileId {
        self.files.push(Source { name: name.into(), text: text.into(), lines: Arc::default() });
        FileId(offset(self.files.len() - 1))
    }

    /// The file of an id that this map handed out.
    pub fn get(&self, file: FileId) -> &Source {
        &self.files[file.0 as usize]
    }

    /// The text that a span covers; empty where the span does not fit the file.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).text().get(span.range()).unwrap_or_default()
    }

    /// The line and column at which a span begins and ends.
    pub fn line_cols(&self, span: Span) -> (LineCol, LineCol) {
        let source = self.get(span.file);
        (source.line_col(span.start), source.line_col(span.end))
    }

    /// All files with their ids, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files.iter().enumerate().map(|(at, source)| (FileId(offset(at)), source))
    }
}

/// Sources are limited to 4 GiB: [`Span`] stores offsets in 32 bits.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line_col(text: &str, at: u32) -> String {
        let mut map = SourceMap::default();
        let file = map.add("main.mcl", text);
        map.get(file).line_col(at).to_string()
    }

    #[test]
    fn columns_count_code_points() {
        assert_eq!(line_col("a\nöx", 0), "1:1");
        assert_eq!(line_col("a\nöx", 2), "2:1");
        assert_eq!(line_col("a\nöx", 4), "2:2");
    }

    #[test]
    fn an_offset_past_the_end_is_the_end() {
        assert_eq!(line_col("ab\n", 99), "2:1");
        assert_eq!(line_col("", 99), "1:1");
    }

    #[test]
    fn a_newline_belongs_to_the_line_it_ends() {
        assert_eq!(line_col("ab\nc", 2), "1:3");
        assert_eq!(line_col("ab\nc", 3), "2:1");
    }
}
