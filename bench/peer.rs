//! The scripted Bolt server of the benchmark, which is not to be the slow side, and the floor that clients
//! are compared with.
//!
//! ```text
//! peer serve FOLDER                      serves on a free port of 127.0.0.1, prints {"port": …}, ends when
//!                                        its standard input does
//! peer count PORT QUERY FETCH_SIZE       reads the records of a query, counts their bytes, decodes nothing
//! peer transcode PORT QUERY FETCH_SIZE   the same, and transcodes every record as the engine does
//! ```
//!
//! `FOLDER` has one file for each shape of record, `NAME.bolt`: RECORD messages, the first with the names of
//! the columns, then those that are sent, round and round. A query says what it wants in a comment,
//! `/* shape NAME rows 1000 */`.
//!
//! The server answers every request as a server would, with PULL n, DISCARD, `has_more`, `qid` and RESET;
//! what one read has brought is answered by one write. It checks nothing: the drivers under measurement are
//! tested elsewhere. It uses the crate's framing and `PackStream`, and nothing of the engine.
#![forbid(unsafe_code)]

mod floor;

use std::collections::HashMap;
use std::error::Error;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::{env, fs, io, process, thread};

use bytes::{Buf, BytesMut};
use neobolt::bolt::ProtocolError;
use neobolt::bolt::chunk::{Dechunker, frame};
use neobolt::bolt::packstream::{
    Reader, Value, write_int, write_list_header, write_map_header, write_string, write_struct_header,
    write_value,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["serve", folder] => serve(Arc::new(read_shapes(folder.as_ref())?)).await,
        ["count", port, query, fetch_size] => floor::measure(port, query, fetch_size, floor::Work::Count),
        ["transcode", port, query, fetch_size] => {
            floor::measure(port, query, fetch_size, floor::Work::Transcode)
        }
        _ => {
            Err("usage: peer serve FOLDER | count PORT QUERY FETCH_SIZE | transcode PORT QUERY FETCH_SIZE"
                .into())
        }
    }
}

async fn serve(shapes: Arc<Shapes>) -> Result<(), Failure> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("{{\"port\":{}}}", listener.local_addr()?.port());
    // The process that started this holds the other end of standard input, and is gone when it closes.
    thread::spawn(|| {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        process::exit(0);
    });
    loop {
        let (socket, _) = listener.accept().await?;
        let shapes = Arc::clone(&shapes);
        tokio::spawn(async move {
            // A client that goes away in the middle is no concern of the others.
            let _ = converse(socket, &shapes).await;
        });
    }
}

type Shapes = HashMap<String, Shape>;

/// The records of one shape, encoded and framed.
struct Shape {
    /// The list of the columns' names.
    keys: Vec<u8>,
    bytes: Vec<u8>,
    /// Where in `bytes` each record ends.
    ends: Vec<usize>,
}

impl Shape {
    fn parse(file: &[u8]) -> Result<Self, Failure> {
        let mut dechunker = Dechunker::new(usize::MAX);
        let mut rest = file;
        let names = dechunker.next(&mut rest)?.ok_or("a shape without columns")?;
        let mut reader = Reader::new(names);
        reader.struct_header()?;
        let keys = reader.raw()?.to_vec();
        let bytes = rest.to_vec();
        let mut ends = Vec::new();
        while dechunker.next(&mut rest)?.is_some() {
            ends.push(bytes.len() - rest.len());
        }
        Ok(Self { keys, bytes, ends })
    }

    /// The bytes of the next records from number `from` on: `wanted` of them, or as many as lie in one piece.
    fn piece(&self, from: u64, wanted: u64) -> (&[u8], u64) {
        let records = self.ends.len() as u64;
        let first = from.checked_rem(records).unwrap_or(0);
        let taken = wanted.min(records - first);
        let Range { start, end } = self.end_of(first)..self.end_of(first + taken);
        (self.bytes.get(start..end).unwrap_or_default(), taken)
    }

    /// Where the first `records` records end.
    fn end_of(&self, records: u64) -> usize {
        let last = usize::try_from(records).unwrap_or(0).checked_sub(1);
        last.and_then(|index| self.ends.get(index)).copied().unwrap_or(0)
    }
}

fn read_shapes(folder: &Path) -> Result<Shapes, Failure> {
    let mut shapes = Shapes::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "bolt") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            shapes.insert(name, Shape::parse(&fs::read(&path)?)?);
        }
    }
    Ok(shapes)
}

/// One connection from the handshake to its end.
async fn converse(mut socket: TcpStream, shapes: &Shapes) -> Result<(), Failure> {
    socket.set_nodelay(true)?;
    let mut hello = [0; 20];
    socket.read_exact(&mut hello).await?;
    socket.write_all(&choose_version(&hello)).await?;

    let mut dechunker = Dechunker::new(usize::MAX);
    let mut input = BytesMut::with_capacity(READ);
    let mut output = BytesMut::with_capacity(READ);
    let mut session = Session { shapes, results: HashMap::new(), last_qid: -1, in_transaction: false };
    loop {
        input.reserve(READ);
        if socket.read_buf(&mut input).await? == 0 {
            return Ok(());
        }
        let mut rest: &[u8] = &input;
        while let Some(message) = dechunker.next(&mut rest)? {
            match session.answer(message, &mut output)? {
                Reply::Said => {}
                Reply::Records { qid, count } => session.send(qid, count, &mut socket, &mut output).await?,
                Reply::Goodbye => return Ok(()),
            }
        }
        let left = rest.len();
        input.advance(input.len() - left);
        socket.write_all(&output).await?;
        output.clear();
    }
}

/// The newest Bolt 5 up to 5.8 of the four proposals, or else Bolt 4, or else none.
fn choose_version(hello: &[u8; 20]) -> [u8; 4] {
    let mut best = [0; 4];
    for proposal in hello.chunks_exact(4).skip(1) {
        let &[_, range, minor, major] = proposal else { continue };
        let newest = match major {
            5 => minor.min(8),
            4 => minor.min(4),
            _ => continue,
        };
        if newest >= minor.saturating_sub(range) && [major, newest] > [best[3], best[2]] {
            best = [0, 0, newest, major];
        }
    }
    best
}

/// What is open on a connection.
struct Session<'a> {
    shapes: &'a Shapes,
    results: HashMap<i64, Open<'a>>,
    last_qid: i64,
    in_transaction: bool,
}

/// A result that has not been read to its end.
struct Open<'a> {
    shape: Option<&'a Shape>,
    sent: u64,
    left: u64,
}

enum Reply {
    /// All of it is in the output.
    Said,
    /// Up to so many records, and how the PULL ends.
    Records {
        qid: i64,
        count: u64,
    },
    Goodbye,
}

impl<'a> Session<'a> {
    fn answer(&mut self, message: &[u8], output: &mut BytesMut) -> Result<Reply, ProtocolError> {
        let mut fields = Reader::new(message);
        let (tag, _) = fields.struct_header()?;
        match tag {
            HELLO => success(output, &[("server", text("Neo4j/5.26.0")), ("connection_id", text("bolt-1"))]),
            RUN => self.run(fields.string()?, output),
            PULL => {
                let (n, qid) = self.extra(&mut fields)?;
                return Ok(Reply::Records { qid, count: u64::try_from(n).unwrap_or(u64::MAX) });
            }
            DISCARD => {
                let (_, qid) = self.extra(&mut fields)?;
                self.results.remove(&qid);
                end(output);
            }
            BEGIN => {
                self.in_transaction = true;
                success(output, &[]);
            }
            COMMIT => {
                self.leave_transaction();
                success(output, &[("bookmark", text("FB:peer"))]);
            }
            ROLLBACK | RESET => {
                self.leave_transaction();
                success(output, &[]);
            }
            GOODBYE => return Ok(Reply::Goodbye),
            // LOGON, LOGOFF, TELEMETRY: nothing to say but yes.
            _ => success(output, &[]),
        }
        Ok(Reply::Said)
    }

    fn run(&mut self, query: &str, output: &mut BytesMut) {
        let (name, rows) = wish(query).unwrap_or(("", 0));
        let shape = self.shapes.get(name);
        if !self.in_transaction {
            self.results.clear();
            self.last_qid = -1;
        }
        self.last_qid += 1;
        self.results
            .insert(self.last_qid, Open { shape, sent: 0, left: if shape.is_some() { rows } else { 0 } });
        frame(output, |out| {
            write_struct_header(out, SUCCESS, 1);
            write_map_header(out, if self.in_transaction { 3 } else { 2 });
            write_string(out, "t_first");
            write_int(out, 1);
            write_string(out, "fields");
            match shape {
                Some(shape) => out.extend_from_slice(&shape.keys),
                None => write_list_header(out, 0),
            }
            if self.in_transaction {
                write_string(out, "qid");
                write_int(out, self.last_qid);
            }
        });
    }

    /// `n` and `qid` of a PULL or DISCARD.
    fn extra(&self, fields: &mut Reader<'_>) -> Result<(i64, i64), ProtocolError> {
        let extra = fields.value()?;
        let int = |key| extra.get(key).and_then(Value::as_int).filter(|&value| value != -1);
        Ok((int("n").unwrap_or(-1), int("qid").unwrap_or(self.last_qid)))
    }

    fn leave_transaction(&mut self) {
        self.results.clear();
        self.in_transaction = false;
    }

    /// Records, and the SUCCESS after them. Much at once goes to the socket as it lies, little joins the
    /// output.
    async fn send(
        &mut self,
        qid: i64,
        count: u64,
        socket: &mut TcpStream,
        output: &mut BytesMut,
    ) -> Result<(), Failure> {
        let open = self.results.get_mut(&qid).ok_or("PULL of a result that is not open")?;
        let mut wanted = count.min(open.left);
        while let Some(shape) = open.shape.filter(|_| wanted > 0) {
            let (bytes, taken) = shape.piece(open.sent, wanted);
            if bytes.len() + output.len() > READ {
                socket.write_all(output).await?;
                output.clear();
                socket.write_all(bytes).await?;
            } else {
                output.extend_from_slice(bytes);
            }
            open.sent += taken;
            open.left -= taken;
            wanted -= taken;
        }
        if open.left > 0 {
            success(output, &[("has_more", Value::Bool(true))]);
        } else {
            self.results.remove(&qid);
            end(output);
        }
        Ok(())
    }
}

/// What the comment at the front of a query asks for: the name of a shape, and how many records.
fn wish(query: &str) -> Option<(&str, u64)> {
    let mut words = query.strip_prefix("/* shape ")?.split_ascii_whitespace();
    let name = words.next()?;
    let rows = words.nth(1)?.parse().ok()?;
    Some((name, rows))
}

fn end(output: &mut BytesMut) {
    success(output, &[("type", text("r")), ("t_last", Value::Int(1)), ("db", text("neo4j"))]);
}

fn success(output: &mut BytesMut, metadata: &[(&str, Value)]) {
    frame(output, |out| {
        write_struct_header(out, SUCCESS, 1);
        write_map_header(out, metadata.len());
        for (key, value) in metadata {
            write_string(out, key);
            write_value(out, value);
        }
    });
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

/// Bytes read at once, and as many are gathered before they are written.
const READ: usize = 64 * 1024;

// Bolt, "Messages"
const HELLO: u8 = 0x01;
const GOODBYE: u8 = 0x02;
const RESET: u8 = 0x0F;
const RUN: u8 = 0x10;
const BEGIN: u8 = 0x11;
const COMMIT: u8 = 0x12;
const ROLLBACK: u8 = 0x13;
const DISCARD: u8 = 0x2F;
const PULL: u8 = 0x3F;
const SUCCESS: u8 = 0x70;
