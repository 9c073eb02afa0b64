//! Anchors, aliases, tags and directives.

use super::{Scanner, TokenKind};
use crate::syntax::yaml::chars::{byte, is_blank, is_name, is_space_or_end, is_tag};
use crate::syntax::yaml::fault::{Fault, Problem};

impl Scanner<'_> {
    /// Scans `&name` or `*name`. A colon ends the name, unlike in YAML 1.2.
    pub(super) fn anchor(&mut self, kind: TokenKind) -> Result<(), Box<Fault>> {
        let start = self.pos;
        self.pos += 1;
        while is_name(byte(self.text, self.pos)) {
            self.pos += 1;
        }
        let end = byte(self.text, self.pos);
        let ends_well =
            matches!(end, b':' | b',' | b']' | b'}') || is_space_or_end(self.text, self.pos);
        if self.pos == start + 1 || !ends_well {
            return Err(self.fault_since(
                start,
                Problem::Name {
                    alias: kind == TokenKind::Alias,
                },
            ));
        }
        Ok(())
    }

    /// Scans `!tag`, `!!tag`, `!handle!tag`, `!<uri>` or a lone `!`.
    pub(super) fn tag(&mut self) -> Result<(), Box<Fault>> {
        let start = self.pos;
        self.pos += 1;
        if byte(self.text, self.pos) == b'<' {
            self.pos += 1;
            self.tag_uri(start, true, false)?;
            if byte(self.text, self.pos) != b'>' {
                return Err(self.fault_since(start, Problem::Tag("`>` is missing at its end")));
            }
            self.pos += 1;
        } else {
            let is_handle = self.tag_handle();
            self.tag_uri(start, false, !is_handle)?;
        }
        match is_space_or_end(self.text, self.pos) {
            true => Ok(()),
            false => Err(self.fault_since(start, Problem::Tag("a space is missing behind it"))),
        }
    }

    /// Scans the word and the `!` behind a first `!`, and tells whether that `!` is there.
    fn tag_handle(&mut self) -> bool {
        while matches!(byte(self.text, self.pos), b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-')
        {
            self.pos += 1;
        }
        let is_handle = byte(self.text, self.pos) == b'!';
        self.pos += usize::from(is_handle);
        is_handle
    }

    fn tag_uri(
        &mut self,
        start: usize,
        verbatim: bool,
        may_be_empty: bool,
    ) -> Result<(), Box<Fault>> {
        let uri = self.pos;
        while is_tag(byte(self.text, self.pos), verbatim) {
            if byte(self.text, self.pos) == b'%' {
                self.uri_escape(start)?;
            } else {
                self.pos += 1;
            }
        }
        if !verbatim && matches!(byte(self.text, self.pos), b'!'..=b'~') {
            return Err(
                self.fault_since(start, Problem::Tag("this character is not allowed in it"))
            );
        }
        if self.pos == uri && !may_be_empty {
            return Err(self.fault_since(start, Problem::Tag("its name is missing")));
        }
        Ok(())
    }

    /// Scans the `%xx` of one UTF-8 character.
    fn uri_escape(&mut self, start: usize) -> Result<(), Box<Fault>> {
        let mut rest = None;
        while rest != Some(0) {
            let octet = self
                .text
                .get(self.pos + 1..self.pos + 3)
                .filter(|_| byte(self.text, self.pos) == b'%')
                .and_then(hex_octet);
            let len = match (octet, rest) {
                (Some(0x80..=0xBF), Some(rest)) => rest,
                (Some(0x00..=0x7F), None) => 1,
                (Some(0xC0..=0xDF), None) => 2,
                (Some(0xE0..=0xEF), None) => 3,
                (Some(0xF0..=0xF7), None) => 4,
                _ => {
                    return Err(self.fault_since(
                        start,
                        Problem::Tag("`%` must begin the code of a character, like `%20`"),
                    ));
                }
            };
            self.pos += 3;
            rest = Some(len - 1);
        }
        Ok(())
    }

    /// Scans a directive, all but the end of its line.
    pub(super) fn directive(&mut self) -> Result<TokenKind, Box<Fault>> {
        let start = self.pos;
        self.pos += 1;
        let name = self.pos;
        while matches!(byte(self.text, self.pos), b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-')
        {
            self.pos += 1;
        }
        let name = &self.text[name..self.pos];
        if !is_space_or_end(self.text, self.pos) {
            return Err(self.fault_since(
                start,
                Problem::Directive("a space is missing behind its name"),
            ));
        }
        self.skip_blanks();
        match name {
            b"YAML" => self.version(start),
            b"TAG" => self.tag_directive(start),
            _ => Err(self.fault_since(
                start,
                Problem::Directive("only `%YAML` and `%TAG` are known"),
            )),
        }
    }

    fn version(&mut self, start: usize) -> Result<TokenKind, Box<Fault>> {
        let malformed = Problem::Directive("a version like `1.1` is expected");
        self.version_number()
            .ok_or(self.fault_since(start, malformed))?;
        if byte(self.text, self.pos) != b'.' {
            return Err(self.fault_since(start, malformed));
        }
        self.pos += 1;
        self.version_number()
            .ok_or(self.fault_since(start, malformed))?;
        Ok(TokenKind::VersionDirective)
    }

    /// Skips a number of one or two digits, the most that the reference takes.
    fn version_number(&mut self) -> Option<()> {
        let digits = self.text[self.pos..]
            .iter()
            .take(3)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        self.pos += digits;
        (1..=2).contains(&digits).then_some(())
    }

    fn tag_directive(&mut self, start: usize) -> Result<TokenKind, Box<Fault>> {
        let handle = self.pos;
        let is_bang = byte(self.text, self.pos) == b'!';
        self.pos += usize::from(is_bang);
        let is_handle = is_bang && (self.tag_handle() || self.pos == handle + 1);
        if !is_handle || !is_blank(byte(self.text, self.pos)) {
            return Err(self.fault_since(
                start,
                Problem::Directive("a handle like `!name!` is expected"),
            ));
        }
        self.skip_blanks();
        self.tag_uri(start, true, false)?;
        if !is_space_or_end(self.text, self.pos) {
            return Err(self.fault_since(start, Problem::Directive("nothing may follow here")));
        }
        Ok(TokenKind::TagDirective)
    }
}

fn hex_octet(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(digits[0])? * 16 + digit(digits[1])?).ok()
}
