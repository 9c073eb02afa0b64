//! Whether a text is JSON to Go, which takes half surrogate pairs and 10,000 levels, but no number
//! that is too large.

/// How deep values may be nested.
const DEPTH: usize = 10_000;

/// Whether all of `text` is one value.
pub(super) fn is_json(text: &[u8]) -> bool {
    let mut reader = Reader { text, position: 0 };
    reader.value().is_some() && reader.position == text.len()
}

struct Reader<'t> {
    text: &'t [u8],
    position: usize,
}

impl Reader<'_> {
    /// A value with the blanks around it. What is open stands on a list, not on the stack of the
    /// program.
    fn value(&mut self) -> Option<()> {
        let mut open: Vec<u8> = Vec::new();
        loop {
            match self.next_token()? {
                bracket @ (b'[' | b'{') => {
                    self.position += 1;
                    let close = if bracket == b'[' { b']' } else { b'}' };
                    if self.next_token()? != close {
                        open.push(close);
                        if open.len() > DEPTH {
                            return None;
                        }
                        self.key(close)?;
                        continue;
                    }
                    if open.len() == DEPTH {
                        return None;
                    }
                    self.position += 1;
                }
                b'"' => self.string()?,
                b't' => self.word(b"true")?,
                b'f' => self.word(b"false")?,
                b'n' => self.word(b"null")?,
                _ => self.number()?,
            }
            // Behind a value: the ends of what is open, then a comma and the next value.
            loop {
                self.skip_blanks();
                let Some(close) = open.last().copied() else {
                    return Some(());
                };
                let byte = self.next_token()?;
                self.position += 1;
                match byte {
                    b',' => {
                        self.key(close)?;
                        break;
                    }
                    _ if byte == close => _ = open.pop(),
                    _ => return None,
                }
            }
        }
    }

    /// The name and the colon before a value of an object.
    fn key(&mut self, close: u8) -> Option<()> {
        if close == b'}' {
            if self.next_token()? != b'"' {
                return None;
            }
            self.string()?;
            if self.next_token()? != b':' {
                return None;
            }
            self.position += 1;
        }
        Some(())
    }

    fn skip_blanks(&mut self) {
        let blanks = self.text[self.position..]
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        self.position += blanks.count();
    }

    fn next_token(&mut self) -> Option<u8> {
        self.skip_blanks();
        self.text.get(self.position).copied()
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.text[self.position..]
            .starts_with(word)
            .then(|| self.position += word.len())
    }

    fn string(&mut self) -> Option<()> {
        self.position += 1;
        loop {
            let byte = *self.text.get(self.position)?;
            self.position += 1;
            match byte {
                b'"' => return Some(()),
                0..=0x1f => return None,
                b'\\' => {
                    let length = match self.text.get(self.position)? {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 1,
                        b'u' if self
                            .text
                            .get(self.position + 1..self.position + 5)?
                            .iter()
                            .all(u8::is_ascii_hexdigit) =>
                        {
                            5
                        }
                        _ => return None,
                    };
                    self.position += length;
                }
                _ => {}
            }
        }
    }

    fn digits(&mut self) -> Option<usize> {
        let count = self.text[self.position..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        self.position += count;
        (count > 0).then_some(count)
    }

    fn number(&mut self) -> Option<()> {
        let start = self.position;
        if self.text.get(start) == Some(&b'-') {
            self.position += 1;
        }
        let is_zero = self.text.get(self.position) == Some(&b'0');
        if self.digits()? > 1 && is_zero {
            return None;
        }
        if self.text.get(self.position) == Some(&b'.') {
            self.position += 1;
            self.digits()?;
        }
        if matches!(self.text.get(self.position), Some(b'e' | b'E')) {
            self.position += 1;
            if matches!(self.text.get(self.position), Some(b'+' | b'-')) {
                self.position += 1;
            }
            self.digits()?;
        }
        let number: f64 = std::str::from_utf8(&self.text[start..self.position])
            .ok()?
            .parse()
            .ok()?;
        number.is_finite().then_some(())
    }
}
