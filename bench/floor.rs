//! What no client can beat: one that only counts what comes, and one that does what the engine must do with
//! every record and drops it. Both speak to the scripted peer alone, one PULL after the other, on
//! one thread without a runtime.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;
use std::{fs, hint};

use bytes::BytesMut;
use neobolt::batch::BatchWriter;
use neobolt::bolt::chunk::{Dechunker, frame};
use neobolt::bolt::message::Response;
use neobolt::bolt::packstream::{
    Reader, Value, write_int, write_map_header, write_string, write_struct_header,
};

use super::{Failure, HELLO, PULL, RUN, end, success};

/// What is done with the bytes.
#[derive(Clone, Copy)]
pub(crate) enum Work {
    /// Nothing; the end of a PULL is known by its last bytes.
    Count,
    /// Messages are taken apart and records transcoded to batches, which are dropped.
    Transcode,
}

/// Reads the query's records twice, the second time by the clock, and prints bytes, milliseconds and CPU
/// milliseconds.
pub(crate) fn measure(port: &str, query: &str, fetch_size: &str, work: Work) -> Result<(), Failure> {
    let mut socket = TcpStream::connect(("127.0.0.1", port.parse()?))?;
    socket.set_nodelay(true)?;
    socket.write_all(&MAGIC_AND_BOLT_5_8)?;
    socket.read_exact(&mut [0; 4])?;
    let mut hello = BytesMut::new();
    frame(&mut hello, |out| {
        write_struct_header(out, HELLO, 1);
        write_map_header(out, 0);
    });
    socket.write_all(&hello)?;
    skip_answer(&mut socket)?;

    let mut pull = BytesMut::new();
    let n = fetch_size.parse()?;
    frame(&mut pull, |out| {
        write_struct_header(out, PULL, 1);
        write_map_header(out, 1);
        write_string(out, "n");
        write_int(out, n);
    });
    let mut client = Client { socket, pull, buffer: vec![0; READ] };
    client.read(query, work)?;
    let (start, cpu) = (Instant::now(), cpu_ms());
    let bytes = client.read(query, work)?;
    let wall = start.elapsed().as_secs_f64() * 1e3;
    println!("{{\"bytes\":{bytes},\"wall\":{wall:.3},\"cpu\":{:.3}}}", cpu_ms() - cpu);
    Ok(())
}

struct Client {
    socket: TcpStream,
    pull: BytesMut,
    buffer: Vec<u8>,
}

impl Client {
    fn read(&mut self, query: &str, work: Work) -> Result<usize, Failure> {
        let mut run = BytesMut::new();
        frame(&mut run, |out| {
            write_struct_header(out, RUN, 3);
            write_string(out, query);
            write_map_header(out, 0);
            write_map_header(out, 0);
        });
        self.socket.write_all(&run)?;
        skip_answer(&mut self.socket)?;
        self.socket.write_all(&self.pull)?;
        match work {
            Work::Count => self.count(),
            Work::Transcode => self.transcode(),
        }
    }

    fn count(&mut self) -> Result<usize, Failure> {
        let (mut more, mut last) = (BytesMut::new(), BytesMut::new());
        success(&mut more, &[("has_more", Value::Bool(true))]);
        end(&mut last);
        // The latest bytes, because the message that ends a PULL may come in two reads.
        let mut tail = Vec::new();
        let mut bytes = 0;
        loop {
            let count = self.socket.read(&mut self.buffer)?;
            let new = self.buffer.get(..count).unwrap_or_default();
            bytes += count;
            tail.extend_from_slice(new.get(count.saturating_sub(TAIL)..).unwrap_or_default());
            tail.drain(..tail.len().saturating_sub(TAIL));
            if tail.ends_with(&more) {
                self.socket.write_all(&self.pull)?;
            } else if count == 0 || tail.ends_with(&last) {
                return Ok(bytes);
            }
        }
    }

    fn transcode(&mut self) -> Result<usize, Failure> {
        let mut dechunker = Dechunker::new(usize::MAX);
        let mut writer = BatchWriter::new();
        let mut input = Vec::new();
        let mut bytes = 0;
        loop {
            let count = self.socket.read(&mut self.buffer)?;
            if count == 0 {
                return Err("the peer has closed the connection".into());
            }
            bytes += count;
            input.extend_from_slice(self.buffer.get(..count).unwrap_or_default());
            let mut rest: &[u8] = &input;
            let mut done = false;
            while let Some(message) = dechunker.next(&mut rest)? {
                match Response::parse(message)? {
                    Response::Record(fields) => writer.record(fields)?,
                    Response::Success(metadata) => match Reader::new(metadata).value()?.get("has_more") {
                        Some(_) => self.socket.write_all(&self.pull)?,
                        None => done = true,
                    },
                    _ => return Err("the peer answers with success alone".into()),
                }
            }
            let used = input.len() - rest.len();
            input.drain(..used);
            if !writer.is_empty() {
                hint::black_box(writer.finish());
            }
            if done {
                return Ok(bytes);
            }
        }
    }
}

/// Reads over one message of one chunk.
fn skip_answer(socket: &mut TcpStream) -> Result<(), Failure> {
    let mut length = [0; 2];
    socket.read_exact(&mut length)?;
    let mut rest = vec![0; usize::from(u16::from_be_bytes(length)) + 2];
    socket.read_exact(&mut rest)?;
    Ok(())
}

/// CPU of this thread so far, where the system tells it; else 0.
fn cpu_ms() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds: Option<f64> = text.split(' ').next().and_then(|first| first.parse().ok());
    nanoseconds.unwrap_or(0.0) / 1e6
}

const READ: usize = 64 * 1024;
/// No message that ends a PULL is longer.
const TAIL: usize = 64;

const MAGIC_AND_BOLT_5_8: [u8; 20] = [0x60, 0x60, 0xB0, 0x17, 0, 8, 8, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
