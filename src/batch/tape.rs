//! The tape: words, one after the other.

/// What a value is. The numbers are those of the table in the format's description.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub(super) enum Tag {
    Null,
    False,
    True,
    Int,
    Int59,
    Int64,
    Float,
    Latin1,
    Utf16,
    Name,
    Map,
    List,
    Floats,
    Ints,
    Bytes,
    Node,
    Relationship,
    UnboundRelationship,
    Path,
    Point2D,
    Point3D,
    Date,
    LocalTime,
    Time,
    LocalDateTime,
    DateTimeOffset,
    DateTimeZoneLocal,
    DateTimeZoneUtc,
    Duration,
    Vector,
    Uuid,
    Structure,
}

/// How far to the left the payload stands.
pub(super) const TAG_BITS: u32 = 5;
const PAYLOAD_MAX: i32 = i32::MAX >> TAG_BITS;
const PAYLOAD_MIN: i32 = i32::MIN >> TAG_BITS;

#[derive(Debug, Default)]
pub(super) struct Tape {
    bytes: Vec<u8>,
}

impl Tape {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len);
    }

    /// A value's word. The payload's upper bits are lost where it does not [fit](fits).
    #[inline]
    pub(super) fn word(&mut self, tag: Tag, payload: i32) {
        self.plain((payload << TAG_BITS) | i32::from(tag as u8));
    }

    /// A word that is no value's first.
    #[inline]
    pub(super) fn plain(&mut self, word: i32) {
        self.bytes.extend_from_slice(&word.to_le_bytes());
    }

    /// A value's word with a count.
    #[inline]
    pub(super) fn counted(&mut self, tag: Tag, count: usize) {
        match i32::try_from(count) {
            Ok(small) if small <= PAYLOAD_MAX => self.word(tag, small),
            _ => {
                self.word(tag, -1);
                // What is counted is in memory, and frames end below 2 GiB: see `MAX_FRAME`.
                self.bytes.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
            }
        }
    }

    #[inline]
    pub(super) fn int(&mut self, int: i64) {
        if let Some(small) = fits(int) {
            self.word(Tag::Int, small);
            return;
        }
        // The cast keeps the lower half; the upper one follows from the shift.
        let low = int as i32;
        if let Some(high) = fits(int >> 32) {
            self.word(Tag::Int59, high);
            self.plain(low);
        } else {
            self.word(Tag::Int64, 0);
            self.plain(low);
            self.plain((int >> 32) as i32);
        }
    }

    /// Eight bytes, given in network order.
    #[inline]
    pub(super) fn swapped(&mut self, network: [u8; 8]) {
        self.bytes.extend_from_slice(&u64::from_be_bytes(network).to_le_bytes());
    }

    #[inline]
    pub(super) fn float(&mut self, float: f64) {
        self.bytes.extend_from_slice(&float.to_le_bytes());
    }

    /// Room for so many bytes more, which are known to be needed.
    pub(super) fn reserve(&mut self, bytes: usize) {
        self.bytes.reserve(bytes);
    }

    /// Bytes as they are; to be followed by [`align`](Self::align).
    pub(super) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Zeros up to a multiple of `to` bytes (of the frame: its header is a multiple of eight).
    pub(super) fn align(&mut self, to: usize) {
        let len = self.bytes.len().next_multiple_of(to);
        self.bytes.resize(len, 0);
    }

    /// Writes over the payload of the value at `at`.
    #[inline]
    pub(super) fn patch(&mut self, at: usize, tag: Tag, payload: i32) {
        if let Some(slot) = self.bytes.get_mut(at..).and_then(<[u8]>::first_chunk_mut::<4>) {
            *slot = ((payload << TAG_BITS) | i32::from(tag as u8)).to_le_bytes();
        }
    }
}

/// The number as a payload, unless it is too large.
#[inline]
pub(super) fn fits(int: i64) -> Option<i32> {
    i32::try_from(int).ok().filter(|small| (PAYLOAD_MIN..=PAYLOAD_MAX).contains(small))
}
