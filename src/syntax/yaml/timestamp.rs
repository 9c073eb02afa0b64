//! Dates, which go-yaml turns into times and Go prints in its own way where text is wanted.

/// A date or a time as Go prints it (`2024-02-29 00:00:00 +0000 UTC`), if the text is one of the
/// forms go-yaml takes: `2006-1-2`, `2006-1-2 15:4:5.9` without a zone, `2006-1-2T15:4:5.9Z07:00`
/// with one.
pub(super) fn timestamp(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    if bytes.get(4) != Some(&b'-') {
        return None;
    }
    let mut rest = Rest(bytes);
    let year = rest.number(4, 4)?;
    rest.literal(b'-')?;
    let month = rest.number(1, 2)?;
    rest.literal(b'-')?;
    let day = rest.number(1, 2)?;
    if day == 0 || day > days_in(year, month)? {
        return None;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    let Some(separator) = rest.next() else {
        return Some(format!("{date} 00:00:00 +0000 UTC"));
    };
    let hour = rest.number(1, 2).filter(|hour| *hour < 24)?;
    rest.literal(b':')?;
    let minute = rest.number(1, 2).filter(|minute| *minute < 60)?;
    rest.literal(b':')?;
    let second = rest.number(1, 2).filter(|second| *second < 60)?;
    let fraction = rest.fraction();
    let zone = match separator {
        b' ' => "+0000 UTC".to_owned(),
        b'T' | b't' => rest.zone()?,
        _ => return None,
    };
    rest.0
        .is_empty()
        .then(|| format!("{date} {hour:02}:{minute:02}:{second:02}{fraction} {zone}"))
}

/// The days of a month; `None` if there is no such month.
fn days_in(year: u32, month: u32) -> Option<u32> {
    let is_leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if is_leap { 29 } else { 28 }),
        _ => None,
    }
}

/// What has not been read yet.
struct Rest<'t>(&'t [u8]);

impl Rest<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn literal(&mut self, byte: u8) -> Option<()> {
        self.next().filter(|next| *next == byte).map(drop)
    }

    fn number(&mut self, min: usize, max: usize) -> Option<u32> {
        let len = self
            .0
            .iter()
            .take(max)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let (digits, rest) = self.0.split_at(len);
        self.0 = rest;
        (len >= min).then(|| {
            digits
                .iter()
                .fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
        })
    }

    /// `.5` or `,5`: nanoseconds at most, printed without the zeros at the end.
    fn fraction(&mut self) -> String {
        let [b'.' | b',', rest @ ..] = self.0 else {
            return String::new();
        };
        let len = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if len == 0 {
            return String::new();
        }
        let digits = String::from_utf8_lossy(&rest[..len.min(9)])
            .trim_end_matches('0')
            .to_owned();
        self.0 = &rest[len..];
        if digits.is_empty() {
            digits
        } else {
            format!(".{digits}")
        }
    }

    /// `Z` or `+07:00`.
    fn zone(&mut self) -> Option<String> {
        let sign = self.next()?;
        if sign == b'Z' {
            return Some("+0000 UTC".to_owned());
        }
        if !matches!(sign, b'+' | b'-') {
            return None;
        }
        let hours = self.number(2, 2).filter(|hours| *hours <= 24)?;
        self.literal(b':')?;
        let minutes = self.number(2, 2).filter(|minutes| *minutes <= 60)?;
        // Go gives a zone without a name its offset for one; without an offset it is UTC where the
        // machine's clock is.
        Some(match (hours, minutes) {
            (0, 0) => "+0000 UTC".to_owned(),
            _ => format!(
                "{0}{hours:02}{minutes:02} {0}{hours:02}{minutes:02}",
                char::from(sign)
            ),
        })
    }
}
