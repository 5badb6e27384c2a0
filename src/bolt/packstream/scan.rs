//! A scanner of PackStream bytes for the hot path: small, [`Copy`], and nothing is indexed.

use super::marker::{
    BYTES_8, BYTES_16, BYTES_32, FLOAT_64, INT_8, INT_16, INT_32, INT_64, LIST_8, LIST_16, LIST_32, STRING_8,
    STRING_16, STRING_32, TINY_LIST, TINY_MAX, TINY_STRING,
};
use crate::bolt::ProtocolError;

/// What is left to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scanner<'a> {
    pub(crate) rest: &'a [u8],
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    #[inline]
    pub(crate) fn u8(&mut self) -> Result<u8, ProtocolError> {
        let (&byte, rest) = self.rest.split_first().ok_or(ENDS)?;
        self.rest = rest;
        Ok(byte)
    }

    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    #[inline]
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], ProtocolError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(ENDS)?;
        self.rest = rest;
        Ok(*taken)
    }

    #[inline]
    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], ProtocolError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(ENDS)?;
        self.rest = rest;
        Ok(taken)
    }

    #[inline]
    pub(crate) fn size_8(&mut self) -> Result<usize, ProtocolError> {
        self.u8().map(usize::from)
    }

    #[inline]
    pub(crate) fn size_16(&mut self) -> Result<usize, ProtocolError> {
        self.array().map(|bytes| usize::from(u16::from_be_bytes(bytes)))
    }

    #[inline]
    pub(crate) fn size_32(&mut self) -> Result<usize, ProtocolError> {
        // A size that does not fit is larger than any input, and fails as that.
        self.array().map(|bytes| usize::try_from(u32::from_be_bytes(bytes)).unwrap_or(usize::MAX))
    }

    /// The integer that comes next; `None` if something else does.
    #[inline]
    pub(crate) fn int(&mut self) -> Option<i64> {
        let mut ahead = *self;
        let marker = ahead.u8().ok()?;
        let int = ahead.int_after(marker)?;
        *self = ahead;
        Some(int)
    }

    /// The integer whose marker has been read; `None` if that is none, or if it ends too early.
    #[inline]
    pub(crate) fn int_after(&mut self, marker: u8) -> Option<i64> {
        Some(match marker {
            // The tiny ones: the marker is the value.
            0x00..=0x7F | 0xF0..=0xFF => i64::from(marker.cast_signed()),
            INT_8 => i64::from(i8::from_be_bytes(self.array().ok()?)),
            INT_16 => i64::from(i16::from_be_bytes(self.array().ok()?)),
            INT_32 => i64::from(i32::from_be_bytes(self.array().ok()?)),
            INT_64 => i64::from_be_bytes(self.array().ok()?),
            _ => return None,
        })
    }

    /// The float that comes next, in network order; `None` if something else does.
    #[inline]
    pub(crate) fn float(&mut self) -> Option<[u8; 8]> {
        let (&[marker, ref float @ ..], rest) = self.rest.split_first_chunk::<9>()?;
        (marker == FLOAT_64).then(|| {
            self.rest = rest;
            *float
        })
    }

    /// The bytes of the string that comes next; `None` if something else does.
    #[inline]
    pub(crate) fn string(&mut self) -> Option<&'a [u8]> {
        let mut ahead = *self;
        let length = match ahead.u8().ok()? {
            marker @ TINY_STRING..0x90 => usize::from(marker & TINY_MAX),
            STRING_8 => ahead.size_8().ok()?,
            STRING_16 => ahead.size_16().ok()?,
            STRING_32 => ahead.size_32().ok()?,
            _ => return None,
        };
        let string = ahead.take(length).ok()?;
        *self = ahead;
        Some(string)
    }

    /// The length of the list that comes next; `None` if something else does.
    #[inline]
    pub(crate) fn list(&mut self) -> Option<usize> {
        let mut ahead = *self;
        let length = match ahead.u8().ok()? {
            marker @ TINY_LIST..0xA0 => usize::from(marker & TINY_MAX),
            LIST_8 => ahead.size_8().ok()?,
            LIST_16 => ahead.size_16().ok()?,
            LIST_32 => ahead.size_32().ok()?,
            _ => return None,
        };
        *self = ahead;
        Some(length)
    }

    /// The bytes that come next; `None` if something else does.
    pub(crate) fn bytes(&mut self) -> Option<&'a [u8]> {
        let mut ahead = *self;
        let length = match ahead.u8().ok()? {
            BYTES_8 => ahead.size_8().ok()?,
            BYTES_16 => ahead.size_16().ok()?,
            BYTES_32 => ahead.size_32().ok()?,
            _ => return None,
        };
        let bytes = ahead.take(length).ok()?;
        *self = ahead;
        Some(bytes)
    }

    /// Why something that was expected is not there.
    pub(crate) fn unexpected(&self, expected: &'static str) -> ProtocolError {
        match self.peek() {
            Some(marker) => ProtocolError::UnexpectedMarker { expected, marker },
            None => ENDS,
        }
    }
}

pub(crate) const ENDS: ProtocolError = ProtocolError::MissingData("a value");
