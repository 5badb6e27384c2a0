//! Not a target: makes frames of records for the decoder in JavaScript, which `decoder.ts` runs.
//!
//! On the standard input come rounds: how many inputs, and each input behind its length. For each of them
//! the standard output has how many records were taken, each of those behind its length, and the frame
//! behind its length. All numbers have 32 bits, the lowest byte first.

// The instrumentation that is built into everything here calls it.
use libfuzzer_sys as _;

use std::io::{BufReader, BufWriter, ErrorKind, Read, Result, Write, stdin, stdout};

use neobolt::driver::batch::BatchWriter;

fn main() -> Result<()> {
    let (mut rounds, mut out) = (BufReader::new(stdin().lock()), BufWriter::new(stdout().lock()));
    let mut writer = BatchWriter::new();
    loop {
        let inputs = match number(&mut rounds) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
            inputs => inputs?,
        };
        for _ in 0..inputs {
            let mut input = vec![0; number(&mut rounds)? as usize];
            rounds.read_exact(&mut input)?;
            let taken = records(&input).filter(|record| writer.record(record).is_ok()).collect::<Vec<_>>();
            put_number(&mut out, taken.len())?;
            for record in taken {
                put(&mut out, record)?;
            }
            put(&mut out, &writer.finish())?;
        }
        out.flush()?;
    }
}

/// The records of an input of the target `batch`, each behind a byte that tells its length.
fn records(mut rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (&length, after) = rest.split_first()?;
        let (record, after) = after.split_at(usize::from(length).min(after.len()));
        rest = after;
        Some(record)
    })
}

fn number(from: &mut impl Read) -> Result<u32> {
    let mut bytes = [0; 4];
    from.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

fn put_number(to: &mut impl Write, number: usize) -> Result<()> {
    to.write_all(&u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes())
}

fn put(to: &mut impl Write, bytes: &[u8]) -> Result<()> {
    put_number(to, bytes.len())?;
    to.write_all(bytes)
}
