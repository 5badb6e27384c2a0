//! The text of a frame: Latin-1 and UTF-16 side by side, and the strings that are stored once.

use std::borrow::Cow;

use super::tape::{Tag, Tape, fits};

/// Text areas, and a memory of the short strings seen in this frame.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// Of values, in the order of the tape.
    values: Area,
    /// Of shapes and names.
    named: Area,
    /// The table of names as it stands in the frame.
    names: Vec<u8>,
    seen: Seen,
}

/// Where the texts of values ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark(usize, usize);

/// A piece of text in an area.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// In code units.
    pub(super) start: usize,
    /// In code units.
    pub(super) length: usize,
    pub(super) utf16: bool,
}

impl Texts {
    pub(super) fn len(&self) -> usize {
        self.values.len() + self.named.len() + self.names.len()
    }

    pub(super) fn mark(&self) -> Mark {
        Mark(self.values.latin1.len(), self.values.utf16.len())
    }

    pub(super) fn rewind(&mut self, Mark(latin1, utf16): Mark) {
        self.values.latin1.truncate(latin1);
        self.values.utf16.truncate(utf16);
    }

    pub(super) fn clear(&mut self) {
        self.values.clear();
        self.named.clear();
        self.names.clear();
        self.seen.clear();
    }

    /// Writes a string value: a short one that the frame has already as its name, others in place.
    #[inline]
    pub(super) fn value(&mut self, string: &[u8], tape: &mut Tape) {
        if !string.is_empty()
            && string.len() <= SHORT
            && let Some(entry) = self.seen.find(string)
        {
            let name = entry.name.or_else(|| {
                let name = define(&mut self.named, &mut self.names, string);
                entry.name = name;
                name
            });
            if let Some(name) = name {
                tape.word(Tag::Name, name);
                return;
            }
        }
        let piece = self.values.append(string);
        tape.counted(if piece.utf16 { Tag::Utf16 } else { Tag::Latin1 }, piece.length);
    }

    /// The index of a string that is expected to occur again; `None` if there are too many.
    #[inline]
    pub(super) fn name(&mut self, string: &[u8]) -> Option<i32> {
        let seen = self.seen.find(string);
        if let Some(name) = seen.and_then(|entry| entry.name) {
            return Some(name);
        }
        let name = define(&mut self.named, &mut self.names, string);
        // Found now, whether or not it was before.
        if let Some(entry) = self.seen.find(string) {
            entry.name = name;
        }
        name
    }

    /// Stores the text of a shape.
    pub(super) fn shape(&mut self, text: &[u8]) -> Piece {
        self.named.append(text)
    }

    /// The table of names.
    pub(super) fn names(&self) -> &[u8] {
        &self.names
    }

    /// Appends the four texts; where each begins.
    pub(super) fn append_to(&self, frame: &mut Vec<u8>) -> [usize; 4] {
        let mut append = |bytes: &[u8], unit: usize| {
            frame.resize(frame.len().next_multiple_of(unit), 0);
            let start = frame.len();
            frame.extend_from_slice(bytes);
            start
        };
        [
            append(&self.named.latin1, 1),
            append(&self.named.utf16, 2),
            append(&self.values.latin1, 1),
            append(&self.values.utf16, 2),
        ]
    }
}

/// Adds a name to the table.
fn define(named: &mut Area, names: &mut Vec<u8>, string: &[u8]) -> Option<i32> {
    let index = fits(i64::try_from(names.len() / 8).ok()?)?;
    let piece = named.append(string);
    names.extend_from_slice(&u32::try_from(piece.start).ok()?.to_le_bytes());
    names.extend_from_slice(&u32::try_from(piece.length << 3 | usize::from(piece.utf16)).ok()?.to_le_bytes());
    Some(index)
}

/// Text in both encodings.
#[derive(Debug, Default)]
struct Area {
    latin1: Vec<u8>,
    utf16: Vec<u8>,
}

impl Area {
    fn len(&self) -> usize {
        self.latin1.len() + self.utf16.len()
    }

    fn clear(&mut self) {
        self.latin1.clear();
        self.utf16.clear();
    }

    /// Appends UTF-8, as Latin-1 where its characters allow that.
    #[inline]
    fn append(&mut self, string: &[u8]) -> Piece {
        if string.is_ascii() {
            let start = self.latin1.len();
            self.latin1.extend_from_slice(string);
            return Piece { start, length: string.len(), utf16: false };
        }
        self.append_transcoded(string)
    }

    fn append_transcoded(&mut self, string: &[u8]) -> Piece {
        // What is not UTF-8 becomes U+FFFD, which is what the official driver makes of it.
        let string = match str::from_utf8(string) {
            Ok(string) => Cow::Borrowed(string),
            Err(_) => String::from_utf8_lossy(string),
        };
        // In UTF-8, the characters up to U+00FF are those that begin below 0xC4.
        if string.bytes().all(|byte| byte < 0xC4) {
            let start = self.latin1.len();
            self.latin1.extend(string.chars().map(|char| u32::from(char) as u8));
            Piece { start, length: self.latin1.len() - start, utf16: false }
        } else {
            let start = self.utf16.len();
            self.utf16.extend(string.encode_utf16().flat_map(u16::to_le_bytes));
            Piece { start: start / 2, length: (self.utf16.len() - start) / 2, utf16: true }
        }
    }
}

/// Strings that the frame has had. It forgets: a string takes the place of the one with its hash.
#[derive(Debug, Default)]
struct Seen {
    /// Counts frames: entries of earlier ones are void.
    frame: u32,
    entries: Vec<Entry>,
    /// What the entries refer to.
    strings: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    frame: u32,
    start: u32,
    length: u32,
    name: Option<i32>,
}

impl Seen {
    fn clear(&mut self) {
        self.strings.clear();
        self.frame = self.frame.wrapping_add(1);
        if self.frame == 0 {
            // Stamps begin anew, so none of before may be left.
            self.entries.fill(Entry::default());
            self.frame = 1;
        }
    }

    /// The entry of a string that already occurs in the frame. A string that is new gets an entry for the
    /// next time.
    #[inline]
    fn find(&mut self, string: &[u8]) -> Option<&mut Entry> {
        if self.entries.is_empty() {
            self.entries.resize(ENTRIES, Entry::default());
            self.frame = self.frame.max(1);
        }
        let entry = self.entries.get_mut(hash(string) % ENTRIES)?;
        let start = entry.start as usize;
        if entry.frame == self.frame && self.strings.get(start..start + entry.length as usize) == Some(string)
        {
            return Some(entry);
        }
        *entry = Entry {
            frame: self.frame,
            start: u32::try_from(self.strings.len()).ok()?,
            length: u32::try_from(string.len()).ok()?,
            name: None,
        };
        self.strings.extend_from_slice(string);
        None
    }
}

/// Fast, not strong: strings with one hash only push each other out.
#[inline]
fn hash(string: &[u8]) -> usize {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let (words, rest) = string.as_chunks::<8>();
    let mut hash = string.len() as u64;
    for word in words {
        hash = (hash.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR);
    }
    for byte in rest {
        hash = (hash.rotate_left(5) ^ u64::from(*byte)).wrapping_mul(FACTOR);
    }
    (hash >> 40) as usize
}

/// How many bytes a string may have to be looked for; longer ones seldom repeat.
const SHORT: usize = 32;
const ENTRIES: usize = 512;

#[cfg(test)]
mod tests {
    use crate::batch::BatchWriter;

    #[test]
    fn one_large_record_is_not_paid_for_until_the_connection_ends() {
        let mut writer = BatchWriter::new();
        // ["xxx…"]
        let mut record = vec![0x91, 0xD2, 0x00, 0x20, 0x00, 0x00];
        record.resize(record.len() + (2 << 20), b'x');
        assert_eq!(writer.record(&record), Ok(()));
        assert!(writer.texts.values.latin1.capacity() >= 2 << 20);
        writer.finish();
        assert_eq!(writer.texts.values.latin1.capacity(), 0);
    }
}
