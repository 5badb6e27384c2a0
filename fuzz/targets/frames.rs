//! Not a target: makes frames of records for the decoder in JavaScript, which `decoder.ts` runs.
//!
//! On the standard input come rounds: how many inputs of the target `batch`, and each behind its length. For
//! each of them the standard output has how many records were taken, each of those behind its length, and the
//! frame behind its length. All numbers have 32 bits, the lowest byte first.

mod pieces;

// The instrumentation that is built into everything here calls it.
use libfuzzer_sys as _;

use std::io::{BufReader, BufWriter, ErrorKind, Read, Result, Write, stdin, stdout};

use neobolt::batch::BatchWriter;
use pieces::pieces;

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
            let taken = pieces(&input).filter(|record| writer.record(record).is_ok()).collect::<Vec<_>>();
            put_number(&mut out, taken.len())?;
            for record in taken {
                put(&mut out, record)?;
            }
            put(&mut out, &writer.finish())?;
        }
        out.flush()?;
    }
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
