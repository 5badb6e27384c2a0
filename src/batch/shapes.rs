//! The key lists of maps.
//!
//! A tree of keys: the way from its root to a node is a list of keys, and maps with the same list
//! arrive at the same node. The tree outlives the frame, since the next one has the same maps; that
//! a key follows another is found by comparing it to the one that followed last time, undecoded.

use super::tape::fits;
use super::texts::Texts;
use crate::bolt::ProtocolError;
use crate::bolt::packstream::scan::Scanner;

#[derive(Debug)]
pub(super) struct Shapes {
    nodes: Vec<Node>,
    /// The keys of the nodes, encoded.
    keys: Vec<u8>,
    /// The table as it stands in the frame.
    table: Vec<u8>,
    /// Counts frames: a node's shape is void if it is of an earlier one.
    frame: u32,
    /// Whether a node has been added that is not worth keeping.
    loose: bool,
    /// For the text of a shape.
    path: Vec<NodeId>,
    text: Vec<u8>,
}

/// A place in the tree.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct NodeId(u32);

#[derive(Clone, Copy, Debug)]
struct Node {
    parent: NodeId,
    /// Its key is `keys[key_start..key_end]`.
    key_start: u32,
    key_end: u32,
    first_child: Option<NodeId>,
    next_sibling: Option<NodeId>,
    /// The child that was found last.
    expected: Option<NodeId>,
    children: u32,
    /// Not a child of its parent: found by no other map.
    loose: bool,
    shape_frame: u32,
    shape: i32,
}

impl Default for Shapes {
    fn default() -> Self {
        Self {
            nodes: vec![Node::new(ROOT, 0, 0, false)],
            keys: Vec::new(),
            table: Vec::new(),
            frame: 1,
            loose: false,
            path: Vec::new(),
            text: Vec::new(),
        }
    }
}

impl Shapes {
    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    /// The table of shapes.
    pub(super) fn table(&self) -> &[u8] {
        &self.table
    }

    pub(super) fn clear(&mut self) {
        self.table.clear();
        self.frame = self.frame.wrapping_add(1);
        // Stamps of shapes repeat when the count is over, so it takes the tree with it.
        if self.loose || self.frame == 0 {
            self.loose = false;
            self.frame = self.frame.max(1);
            self.nodes.truncate(1);
            self.keys.clear();
            if let Some(root) = self.nodes.first_mut() {
                *root = Node::new(ROOT, 0, 0, false);
            }
        }
    }

    /// Reads the next key of a map that has come to `at`: where it has come to now.
    #[inline]
    pub(super) fn key(&mut self, at: NodeId, input: &mut Scanner<'_>) -> Result<NodeId, ProtocolError> {
        if let Some(node) = self.node(at)
            && let Some(expected) = node.expected
            && let Some(rest) = self.encoded_key(expected).and_then(|key| input.rest.strip_prefix(key))
        {
            input.rest = rest;
            return Ok(expected);
        }
        self.other_key(at, input)
    }

    /// Reads a key that is not the expected one.
    fn other_key(&mut self, at: NodeId, input: &mut Scanner<'_>) -> Result<NodeId, ProtocolError> {
        let before = input.rest;
        if input.string().is_none() {
            return Err(input.unexpected("the key of a map"));
        }
        let key = before.get(..before.len() - input.rest.len()).unwrap_or_default();
        let mut child = self.node(at).and_then(|node| node.first_child);
        while let Some(id) = child {
            if self.encoded_key(id) == Some(key) {
                if let Some(node) = self.node_mut(at) {
                    node.expected = child;
                }
                return Ok(id);
            }
            child = self.node(id).and_then(|node| node.next_sibling);
        }
        self.add(at, key)
    }

    /// Adds a child to the tree or, where it has enough, a loose node.
    fn add(&mut self, parent: NodeId, key: &[u8]) -> Result<NodeId, ProtocolError> {
        let id = NodeId(u32::try_from(self.nodes.len()).map_err(|_| TOO_MANY)?);
        let start = u32::try_from(self.keys.len()).map_err(|_| TOO_MANY)?;
        let end = u32::try_from(self.keys.len() + key.len()).map_err(|_| TOO_MANY)?;
        let full = self.nodes.len() > MOST_NODES || self.keys.len() + key.len() > MOST_KEY_BYTES;
        let Some(above) = self.node_mut(parent) else { return Err(TOO_MANY) };
        let mut node = Node::new(parent, start, end, true);
        if !above.loose && above.children < MOST_CHILDREN && !full {
            node.loose = false;
            node.next_sibling = above.first_child;
            above.first_child = Some(id);
            above.expected = Some(id);
            above.children += 1;
        }
        self.loose |= node.loose;
        self.nodes.push(node);
        self.keys.extend_from_slice(key);
        Ok(id)
    }

    /// The shape of a map that has ended at `at`.
    #[inline]
    pub(super) fn shape(&mut self, at: NodeId, texts: &mut Texts) -> Result<i32, ProtocolError> {
        match self.node(at) {
            Some(node) if node.shape_frame == self.frame => Ok(node.shape),
            _ => self.define(at, texts),
        }
    }

    /// Writes the shape of the map that has ended at `at` to the table.
    fn define(&mut self, at: NodeId, texts: &mut Texts) -> Result<i32, ProtocolError> {
        let shape = i64::try_from(self.table.len() / 8).ok().and_then(fits).ok_or(TOO_MANY)?;
        self.path.clear();
        let mut above = at;
        while above != ROOT {
            self.path.push(above);
            above = self.node(above).map_or(ROOT, |node| node.parent);
        }

        self.text.clear();
        let mut escaped = false;
        for (index, &id) in self.path.iter().rev().enumerate() {
            if index > 0 {
                self.text.push(SEPARATOR);
            }
            let encoded = self.nodes.get(id.0 as usize).and_then(|node| node.key(&self.keys));
            let key = encoded.and_then(|key| Scanner::new(key).string()).unwrap_or_default();
            // UTF-8 has these two bytes in these two characters only.
            if key.iter().any(|&byte| byte <= ESCAPE) {
                escaped = true;
                for &byte in key {
                    match byte {
                        SEPARATOR => self.text.extend_from_slice(&[ESCAPE, ESCAPED_SEPARATOR]),
                        ESCAPE => self.text.extend_from_slice(&[ESCAPE, ESCAPE]),
                        _ => self.text.push(byte),
                    }
                }
            } else {
                self.text.extend_from_slice(key);
            }
        }

        let piece = texts.shape(&self.text);
        let frame = self.frame;
        let Some(node) = self.node_mut(at) else { return Err(TOO_MANY) };
        node.shape = shape;
        node.shape_frame = frame;
        let flags = usize::from(node.loose) << 2 | usize::from(escaped) << 1 | usize::from(piece.utf16);
        for word in [piece.start, piece.length << 3 | flags] {
            let word = u32::try_from(word).map_err(|_| TOO_MANY)?;
            self.table.extend_from_slice(&word.to_le_bytes());
        }
        Ok(shape)
    }

    #[inline]
    fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    #[inline]
    fn node_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes.get_mut(id.0 as usize)
    }

    #[inline]
    fn encoded_key(&self, id: NodeId) -> Option<&[u8]> {
        self.node(id)?.key(&self.keys)
    }
}

impl Node {
    fn new(parent: NodeId, key_start: u32, key_end: u32, loose: bool) -> Self {
        Self {
            parent,
            key_start,
            key_end,
            first_child: None,
            next_sibling: None,
            expected: None,
            children: 0,
            loose,
            shape_frame: 0,
            shape: 0,
        }
    }

    #[inline]
    fn key<'a>(&self, keys: &'a [u8]) -> Option<&'a [u8]> {
        keys.get(self.key_start as usize..self.key_end as usize)
    }
}

/// Where every map begins.
pub(super) const ROOT: NodeId = NodeId(0);

/// A search among siblings is this long at most, whatever a server sends.
const MOST_CHILDREN: u32 = 64;
const MOST_NODES: usize = 4096;
/// The tree lives as long as its connection: keys of megabytes are no part of it.
const MOST_KEY_BYTES: usize = 256 * 1024;

const SEPARATOR: u8 = 0;
const ESCAPE: u8 = 1;
const ESCAPED_SEPARATOR: u8 = 2;

const TOO_MANY: ProtocolError = ProtocolError::OutOfRange("number of keys in a batch");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::BatchWriter;

    #[test]
    fn keys_of_megabytes_are_remembered_by_no_connection() {
        let mut writer = BatchWriter::new();
        for n in 10..50 {
            // {<n and 50,000 times k>: 1}, each in a frame of its own, whose buffers stay.
            let mut record = vec![0x91, 0xA1, 0xD1, 0xC3, 0x52];
            record.extend(format!("{n}{}", "k".repeat(50_000)).bytes());
            record.push(0x01);
            assert_eq!(writer.record(&record), Ok(()));
            writer.finish();
            assert!(writer.shapes.keys.len() <= MOST_KEY_BYTES, "{n}: {}", writer.shapes.keys.len());
        }
    }
}
