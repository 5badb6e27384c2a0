//! Not a target: makes frames of mutated records for the decoder in JavaScript, which `decoder.ts`
//! reads from the standard output, each behind its length.
//!
//!     frames FOLDER COUNT SEED

#![allow(clippy::indexing_slicing, reason = "a tool of the tests")]

use std::io::{BufWriter, Write, stdout};
use std::{env, fs};

// The instrumentation that is built into everything here calls it.
use libfuzzer_sys as _;
use neobolt::driver::batch::BatchWriter;

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = env::args().collect();
    let [_, folder, count, seed] = &arguments[..] else { panic!("frames FOLDER COUNT SEED") };
    let mut inputs = Vec::new();
    for entry in fs::read_dir(folder)? {
        inputs.push(fs::read(entry?.path())?);
    }
    let mut chance = Chance(seed.parse::<u64>().unwrap_or(1) | 1);
    let mut out = BufWriter::with_capacity(1 << 20, stdout().lock());
    let mut writer = BatchWriter::new();
    for _ in 0..count.parse::<u64>().unwrap_or(0) {
        let mut input = inputs[chance.below(inputs.len())].clone();
        if chance.below(4) == 0 {
            let other = &inputs[chance.below(inputs.len())];
            let from = chance.below(other.len() + 1);
            input.extend_from_slice(&other[from..]);
        }
        for _ in 0..chance.below(6) {
            if !input.is_empty() {
                let at = chance.below(input.len());
                input[at] = chance.0 as u8;
            }
        }
        let mut rest = &input[..];
        while let Some((&length, after)) = rest.split_first() {
            let (record, after) = after.split_at(usize::from(length).min(after.len()));
            rest = after;
            let _ = writer.record(record);
        }
        let frame = writer.finish();
        out.write_all(&(frame.len() as u32).to_le_bytes())?;
        out.write_all(&frame)?;
    }
    out.flush()
}

/// A generator of numbers that is the same for a seed everywhere.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit.max(1)
    }
}
