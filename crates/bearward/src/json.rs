//! Strict JSON: one object, no duplicate member names at any depth, bounded depth and size.
//!
//! Values borrow from the text; only strings with escapes are copied. What this accepts,
//! `serde_json` reads alike, except that it keeps numbers of any size as they are written. Source: RFC 8259, RFC 7515 section 4,
//! RFC 7519 section 4, RFC 8725 section 2.6.

use std::borrow::Cow;
use std::fmt;

/// Bounds on what is read, checked while reading.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JsonLimits {
    pub(crate) depth: usize,
    pub(crate) members: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    /// The number as it stands in the text.
    Number(&'a str),
    String(Cow<'a, str>),
    Array(Vec<Value<'a>>),
    Object(Object<'a>),
}

/// A JSON object: its members in the order of the text, each name once.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Object<'a> {
    pub(crate) members: Vec<Member<'a>>,
    /// A name stands there twice. Only where such objects are not refused: see
    /// [`parse_set`].
    pub(crate) ambiguous: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Member<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) value: Value<'a>,
    /// The value as it stands in the text.
    pub(crate) raw: &'a str,
}

impl<'a> Object<'a> {
    pub(crate) fn get(&self, name: &str) -> Option<&Value<'a>> {
        self.members.iter().find(|member| member.name == name).map(|member| &member.value)
    }
}

/// Why a text is refused. Names no byte of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JsonError {
    NotUtf8,
    NotAnObject,
    Syntax,
    TrailingBytes,
    DuplicateMember,
    TooDeep,
    TooManyMembers,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            JsonError::NotUtf8 => "it is not UTF-8",
            JsonError::NotAnObject => "it is not a JSON object",
            JsonError::Syntax => "it is not well-formed JSON",
            JsonError::TrailingBytes => "bytes follow the JSON object",
            JsonError::DuplicateMember => "a member name stands there twice",
            JsonError::TooDeep => "it is nested too deeply",
            JsonError::TooManyMembers => "it has too many members or elements",
        })
    }
}

/// Reads one JSON object and nothing else.
pub(crate) fn parse_object(bytes: &[u8], limits: JsonLimits) -> Result<Object<'_>, JsonError> {
    parse(bytes, limits, Duplicates::Refuse)
}

/// Reads one JSON object, and marks those in it that hold a name twice: for a set in which one bad
/// object does not spoil the others.
pub(crate) fn parse_set(bytes: &[u8], limits: JsonLimits) -> Result<Object<'_>, JsonError> {
    parse(bytes, limits, Duplicates::Mark)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Duplicates {
    Refuse,
    Mark,
}

fn parse(
    bytes: &[u8],
    limits: JsonLimits,
    duplicates: Duplicates,
) -> Result<Object<'_>, JsonError> {
    let text = str::from_utf8(bytes).map_err(|_| JsonError::NotUtf8)?;
    let JsonLimits { depth, members: left } = limits;
    let mut reader = Reader { text, at: 0, depth, left, duplicates };
    reader.skip_space();
    if reader.peek() != Some(b'{') {
        return Err(JsonError::NotAnObject);
    }
    let object = reader.object()?;
    reader.skip_space();
    if reader.at == text.len() { Ok(object) } else { Err(JsonError::TrailingBytes) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// How many more levels may be opened.
    depth: usize,
    /// How many more members and elements may be read.
    left: usize,
    duplicates: Duplicates,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.peek() != Some(byte) {
            return Err(JsonError::Syntax);
        }
        self.at += 1;
        Ok(())
    }

    /// The text from `start` to here.
    fn since(&self, start: usize) -> Result<&'a str, JsonError> {
        self.text.get(start..self.at).ok_or(JsonError::Syntax)
    }

    fn value(&mut self) -> Result<Value<'a>, JsonError> {
        match self.peek() {
            Some(b'{') => self.object().map(Value::Object),
            Some(b'[') => self.array().map(Value::Array),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            Some(b't') => self.literal("true", Value::Bool(true)),
            Some(b'f') => self.literal("false", Value::Bool(false)),
            Some(b'n') => self.literal("null", Value::Null),
            _ => Err(JsonError::Syntax),
        }
    }

    fn literal(&mut self, word: &str, value: Value<'a>) -> Result<Value<'a>, JsonError> {
        let rest = self.text.get(self.at..).ok_or(JsonError::Syntax)?;
        if !rest.starts_with(word) {
            return Err(JsonError::Syntax);
        }
        self.at += word.len();
        Ok(value)
    }

    fn open(&mut self, byte: u8) -> Result<(), JsonError> {
        self.eat(byte)?;
        self.depth = self.depth.checked_sub(1).ok_or(JsonError::TooDeep)?;
        self.skip_space();
        Ok(())
    }

    /// After an element: `true` when another follows, `false` when `end` closed the container.
    fn more(&mut self, end: u8) -> Result<bool, JsonError> {
        self.skip_space();
        if self.peek() == Some(end) {
            self.at += 1;
            self.depth += 1;
            return Ok(false);
        }
        self.eat(b',')?;
        self.skip_space();
        Ok(true)
    }

    fn count(&mut self) -> Result<(), JsonError> {
        self.left = self.left.checked_sub(1).ok_or(JsonError::TooManyMembers)?;
        Ok(())
    }

    fn object(&mut self) -> Result<Object<'a>, JsonError> {
        self.open(b'{')?;
        if self.peek() == Some(b'}') {
            self.more(b'}')?;
            return Ok(Object::default());
        }
        let mut members = Vec::with_capacity(8);
        loop {
            self.count()?;
            let name = self.string()?;
            self.skip_space();
            self.eat(b':')?;
            self.skip_space();
            let start = self.at;
            let value = self.value()?;
            members.push(Member { name, value, raw: self.since(start)? });
            if !self.more(b'}')? {
                break;
            }
        }
        let ambiguous = has_duplicates(&members);
        if ambiguous && self.duplicates == Duplicates::Refuse {
            return Err(JsonError::DuplicateMember);
        }
        Ok(Object { members, ambiguous })
    }

    fn array(&mut self) -> Result<Vec<Value<'a>>, JsonError> {
        self.open(b'[')?;
        let mut values = Vec::new();
        if self.peek() == Some(b']') {
            self.more(b']')?;
            return Ok(values);
        }
        loop {
            self.count()?;
            values.push(self.value()?);
            if !self.more(b']')? {
                return Ok(values);
            }
        }
    }

    fn number(&mut self) -> Result<&'a str, JsonError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        // RFC 8259 section 6: no leading zeros.
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        self.since(start)
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(JsonError::Syntax) } else { Ok(()) }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        self.eat(b'"')?;
        let start = self.at;
        self.skip_plain();
        match self.peek() {
            Some(b'"') => {
                let text = self.since(start)?;
                self.at += 1;
                Ok(Cow::Borrowed(text))
            }
            Some(b'\\') => self.string_with_escapes(start),
            _ => Err(JsonError::Syntax),
        }
    }

    /// To the next byte that does not stand for itself in a string.
    fn skip_plain(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let special = |byte: &u8| *byte < 0x20 || *byte == b'"' || *byte == b'\\';
        self.at += rest.iter().position(special).unwrap_or(rest.len());
    }

    fn string_with_escapes(&mut self, start: usize) -> Result<Cow<'a, str>, JsonError> {
        let mut out = self.since(start)?.to_owned();
        loop {
            let run = self.at;
            self.skip_plain();
            out.push_str(self.since(run)?);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(out));
                }
                Some(b'\\') => out.push(self.escape()?),
                _ => return Err(JsonError::Syntax),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        self.eat(b'\\')?;
        let byte = self.peek().ok_or(JsonError::Syntax)?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => return Err(JsonError::Syntax),
        })
    }

    /// `\uXXXX`, or a pair of them for one character; a surrogate alone is refused.
    fn unicode_escape(&mut self) -> Result<char, JsonError> {
        let first = self.hex4()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first).ok_or(JsonError::Syntax);
        }
        self.eat(b'\\')?;
        self.eat(b'u')?;
        let second = self.hex4()?;
        if !(0xDC00..0xE000).contains(&second) {
            return Err(JsonError::Syntax);
        }
        char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
            .ok_or(JsonError::Syntax)
    }

    fn hex4(&mut self) -> Result<u32, JsonError> {
        let start = self.at;
        self.at += 4;
        let digits = self.since(start)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(JsonError::Syntax);
        }
        u32::from_str_radix(digits, 16).map_err(|_| JsonError::Syntax)
    }
}

fn has_duplicates(members: &[Member<'_>]) -> bool {
    // Past this many members, sorting costs less than looking at the earlier ones.
    const FEW: usize = 64;
    if members.len() > FEW {
        let mut names: Vec<&str> = members.iter().map(|member| member.name.as_ref()).collect();
        names.sort_unstable();
        names.windows(2).any(|pair| pair.first() == pair.last())
    } else {
        // A name whose mark nobody had before it cannot be a second one.
        let mut marks = 0_u64;
        members.iter().enumerate().any(|(i, member)| {
            let mark = mark(&member.name);
            let suspect = marks & mark != 0;
            marks |= mark;
            suspect && members.iter().take(i).any(|earlier| earlier.name == member.name)
        })
    }
}

/// One of 64 bits, the same for the same name.
fn mark(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let end = |byte: Option<&u8>| byte.map_or(0, |byte| usize::from(*byte));
    let mixed = end(bytes.first()) * 5 + end(bytes.last()) * 11 + bytes.len();
    1 << (mixed % 64)
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
