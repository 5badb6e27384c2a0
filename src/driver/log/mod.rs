//! What the engine logs, and how that gets to JavaScript.
//!
//! Everything is an event of `tracing`, with targets that begin with `neobolt`. A log belongs to a driver,
//! while `tracing` goes by the thread or the process, and both are shared: the calling thread serves many
//! drivers. So a driver that is to be logged has a dispatcher of its own, and each of its events is emitted
//! under that, on whatever thread; the subscriber behind it ([`JsSubscriber`]) makes an [`Event::Log`] of it.
//! The events of other drivers go where those of any library go: to the program's subscriber, and in Node
//! there is none. Nothing is ever installed for a thread or the process.
//!
//! Without a listener, an event costs the check for one ([`Log::wants`]). Nothing is formatted, parsed or
//! allocated for it before.
//!
//! | target | fields besides the message |
//! |---|---|
//! | `neobolt::message` | `connection`, `server_connection`, `side` (C, S), `kind`, `text`, `parameters`, `values` (PackStream) |
//! | `neobolt::failure` | `connection`, `server_connection`, `about`, `phrase` (PackStream), `shown` |
//! | others | `connection`, `server_connection`, where it is about one |
//!
//! What authenticates never gets as far as this; parameters and records do where the driver's settings
//! say so.

use std::fmt::{self, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span;
use tracing::subscriber::{Interest, NoSubscriber};
use tracing::{Dispatch, Level, Metadata, Subscriber, debug, dispatcher, error, event};

use crate::batch::BatchWriter;
use crate::bolt::Version;
use crate::bolt::chunk::Dechunker;
use crate::bolt::message::{Outline, Response, WITHHELD};
use crate::bolt::packstream::Reader;
use crate::driver::config::LogSettings;
use crate::driver::error::{Error, KnownTable};
use crate::driver::event::{Event, LogKind, SharedSink};
use crate::driver::flow::Budget;

/// The log of a driver. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Log {
    own: Option<Arc<DriverLog>>,
}

struct DriverLog {
    dispatch: Dispatch,
    settings: LogSettings,
}

/// A connection, as lines of a log name it.
#[derive(Clone, Copy)]
pub(crate) struct ConnectionLabel<'a> {
    /// Its number in this process.
    pub number: u64,
    /// The server's name for it, empty before it is known.
    pub name: &'a str,
}

/// Emits an event under the log's dispatcher: `log_event!(log, Level::DEBUG, "driver closed")`, or
/// `log_event!(log, Level::DEBUG, peer, "closed")` where it is about a connection.
macro_rules! log_event {
    ($log:expr, $level:expr, $text:literal $(, $argument:expr)*) => {
        if $log.wants($level) {
            $log.under(|| tracing::event!($level, $text $(, $argument)*));
        }
    };
    ($log:expr, $level:expr, $label:expr, $text:literal $(, $argument:expr)*) => {
        if $log.wants($level) {
            let label = $crate::driver::log::ConnectionLabel::from($label);
            $log.under(|| tracing::event!(
                $level, connection = label.number, server_connection = label.name, $text $(, $argument)*
            ));
        }
    };
}
pub(crate) use log_event;

impl Log {
    /// A log that goes to the sink where the settings ask for one; else to the program's subscriber.
    pub(crate) fn new(settings: Option<LogSettings>, sink: &SharedSink) -> Self {
        let own = settings.map(|settings| {
            let subscriber = JsSubscriber {
                sink: Arc::clone(sink),
                level: settings.level,
                budget: Budget::of_lines(),
                lost: AtomicUsize::new(0),
            };
            Arc::new(DriverLog { dispatch: Dispatch::new(subscriber), settings })
        });
        Self { own }
    }

    /// Whether there is a listener for events of this level.
    pub(crate) fn wants(&self, level: Level) -> bool {
        match &self.own {
            Some(own) => level <= own.settings.level,
            None => {
                level <= LevelFilter::current()
                    && dispatcher::get_default(|current| !current.is::<NoSubscriber>())
            }
        }
    }

    /// Lets `emit` emit an event of this driver.
    pub(crate) fn under(&self, emit: impl FnOnce()) {
        match &self.own {
            Some(own) => dispatcher::with_default(&own.dispatch, emit),
            None => emit(),
        }
    }

    /// The number of the driver in log lines.
    pub(crate) fn driver(&self) -> u32 {
        self.own.as_ref().map_or(0, |own| own.settings.driver)
    }

    /// Logs requests that are about to be written: whole, framed messages.
    pub(crate) fn sent<'a>(&self, label: impl Into<ConnectionLabel<'a>>, version: Version, messages: &[u8]) {
        if !self.wants(Level::DEBUG) {
            return;
        }
        let label = label.into();
        let (mut dechunker, mut unread) = (Dechunker::new(usize::MAX), messages);
        while let Ok(Some(message)) = dechunker.next(&mut unread) {
            if let Ok(outline) = Outline::parse(message, version) {
                self.request(label, &outline);
            }
        }
    }

    fn request(&self, label: ConnectionLabel<'_>, outline: &Outline<'_>) {
        let text = outline.text.as_deref();
        let parameters = outline.parameters.filter(|_| self.shows_data());
        let withheld = outline.parameters.is_some() && parameters.is_none();
        self.under(|| {
            debug!(
                target: MESSAGE, connection = label.number, server_connection = label.name, side = "C",
                kind = outline.name, text, parameters, withheld, values = outline.values
            );
        });
    }

    /// Logs a response.
    pub(crate) fn received<'a>(&self, label: impl Into<ConnectionLabel<'a>>, response: &Response<'_>) {
        if !self.wants(Level::DEBUG) {
            return;
        }
        let label = label.into();
        let (values, withheld) = match response {
            Response::Record(_) if !self.shows_data() => (&[][..], true),
            Response::Record(field) | Response::Success(field) | Response::Failure(field) => (*field, false),
            Response::Ignored => (&[][..], false),
        };
        self.under(|| {
            debug!(
                target: MESSAGE, connection = label.number, server_connection = label.name, side = "S",
                kind = response.name(), signature = u64::from(response.signature()), withheld, values
            );
        });
    }

    /// Logs that a connection cannot be used any more, and why.
    pub(crate) fn connection_failed<'a>(&self, label: impl Into<ConnectionLabel<'a>>, failure: &Error) {
        if !self.wants(Level::ERROR) {
            return;
        }
        let label = label.into();
        let phrase = failure.encoded(true, LONGEST);
        self.under(|| {
            error!(
                target: FAILURE, connection = label.number, server_connection = label.name,
                about = %failure, phrase = phrase.as_slice(), shown = Shown::Whole as u64,
                "experienced a fatal error caused by"
            );
        });
    }

    /// Logs a line with a failure at its end.
    pub(crate) fn failure(&self, level: Level, text: fmt::Arguments<'_>, shown: Shown, failure: &Error) {
        if self.wants(level) {
            self.ending(level, text, shown, failure, &failure.encoded(shown == Shown::Whole, LONGEST));
        }
    }

    /// Logs a line with a routing table at its end. The table is made only where there is a listener.
    pub(crate) fn table(&self, text: fmt::Arguments<'_>, table: impl FnOnce() -> KnownTable) {
        if self.wants(Level::INFO) {
            let table = table();
            self.ending(Level::INFO, text, Shown::Text, &table, &table.encoded());
        }
    }

    fn ending(
        &self,
        level: Level,
        text: fmt::Arguments<'_>,
        shown: Shown,
        about: &dyn fmt::Display,
        phrase: &[u8],
    ) {
        // The level of an event has to be a constant.
        macro_rules! emit {
            ($level:expr) => {
                event!(target: FAILURE, $level, about = %about, phrase, shown = shown as u64, "{text}")
            };
        }
        self.under(|| match level {
            Level::ERROR => emit!(Level::ERROR),
            Level::WARN => emit!(Level::WARN),
            Level::INFO => emit!(Level::INFO),
            _ => emit!(Level::DEBUG),
        });
    }

    fn shows_data(&self) -> bool {
        self.own.as_ref().is_some_and(|own| own.settings.unredacted)
    }
}

impl fmt::Display for ConnectionLabel<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Connection [{}][{}]", self.number, self.name)
    }
}

/// Takes the events of one driver to JavaScript.
struct JsSubscriber {
    sink: SharedSink,
    level: Level,
    budget: Arc<Budget>,
    /// How many lines were left out for lack of room, and are still to be counted in a line of their own.
    lost: AtomicUsize,
}

impl Subscriber for JsSubscriber {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        // Other drivers have other levels.
        Interest::sometimes()
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && *metadata.level() <= self.level && metadata.target().starts_with("neobolt")
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level.into())
    }

    fn event(&self, event: &tracing::Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let metadata = event.metadata();
        let level = rank(*metadata.level());
        let kind = match (metadata.target(), fields.side.as_str()) {
            (MESSAGE, "C") => LogKind::Request,
            (FAILURE, _) => LogKind::Failure,
            _ => LogKind::Line,
        };
        self.deliver(level, kind, fields.frame(kind));
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

impl JsSubscriber {
    /// Hands a line over, unless so many are on their way that JavaScript seems not to keep up: they would
    /// fill the memory. A line in their place says how many were left out.
    fn deliver(&self, level: u32, kind: LogKind, frame: Vec<u8>) {
        if !self.budget.has_room() {
            self.lost.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let lost = self.lost.swap(0, Ordering::Relaxed);
        if lost > 0 {
            let text = format!("{lost} log lines were left out, as more came than could be written");
            self.queue(rank(Level::WARN), LogKind::Line, frame_of(&[Part::Text(text)]));
        }
        self.queue(level, kind, frame);
    }

    fn queue(&self, level: u32, kind: LogKind, frame: Vec<u8>) {
        let reservation = self.budget.reserve(1, frame.len());
        self.sink.deliver(0, Event::Log { level, kind, frame, reservation });
    }
}

/// How JavaScript shows what a line ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Its sentence.
    Text = 0,
    /// Behind the name of its class.
    Named = 1,
    /// Behind its code, in quotation marks.
    Coded = 2,
    /// Behind the name of its class, and with all that belongs to it.
    Whole = 3,
}

/// The fields of an event.
#[derive(Default)]
struct Fields {
    connection: Option<u64>,
    server_connection: String,
    message: String,
    side: String,
    kind: String,
    signature: u64,
    text: Option<String>,
    parameters: Option<Vec<u8>>,
    withheld: bool,
    values: Vec<u8>,
    phrase: Vec<u8>,
    shown: u64,
    about: String,
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a string does not fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            "about" => write!(self.about, "{value:?}"),
            _ => Ok(()),
        };
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "connection" => self.connection = Some(value),
            "signature" => self.signature = value,
            "shown" => self.shown = value,
            _ => {}
        }
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        if field.name() == "withheld" {
            self.withheld = value;
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let value = || cut(value).to_owned();
        match field.name() {
            "server_connection" => self.server_connection = value(),
            "side" => self.side = value(),
            "kind" => self.kind = value(),
            "text" => self.text = Some(value()),
            "message" => self.message = value(),
            _ => {}
        }
    }

    fn record_bytes(&mut self, field: &Field, value: &[u8]) {
        match field.name() {
            "parameters" => self.parameters = Some(value.to_vec()),
            "values" => self.values = value.to_vec(),
            "phrase" => self.phrase = value.to_vec(),
            _ => {}
        }
    }
}

/// A part of a line.
enum Part {
    Text(String),
    /// A PackStream value, which JavaScript writes as JSON.
    Value(Vec<u8>),
}

impl Fields {
    fn frame(mut self, kind: LogKind) -> Vec<u8> {
        let mut start = String::new();
        if let Some(number) = self.connection {
            start = format!("{} ", ConnectionLabel { number, name: &self.server_connection });
        }
        if kind == LogKind::Failure {
            start.push_str(cut(&self.message));
            return self.failure(&start);
        }
        if self.kind.is_empty() {
            self.message.truncate(cut(&self.message).len());
            return frame_of(&[Part::Text(start + &self.message)]);
        }
        start.push_str(&self.side);
        start.push_str(": ");
        start.push_str(&self.kind);
        let mut parts = vec![Part::Text(start)];
        if kind == LogKind::Request {
            if let Some(text) = &self.text {
                parts.push(Part::Text(format!(" {text}")));
            }
            if self.withheld {
                parts.push(Part::Text(format!(" {WITHHELD}")));
            }
            for value in self.parameters.iter().flat_map(|all| split(all)).chain(split(&self.values)) {
                parts.push(Part::Text(" ".into()));
                parts.push(value);
            }
        } else {
            parts.push(Part::Text(format!(" {{\"signature\":{},\"fields\":[", self.signature)));
            if self.withheld {
                parts.push(Part::Text(WITHHELD.into()));
            }
            parts.extend(split(&self.values));
            parts.push(Part::Text("]}".into()));
        }
        frame_of(&parts)
    }

    fn failure(&self, start: &str) -> Vec<u8> {
        let mut batch = BatchWriter::new();
        // Only a frame that has records already could refuse it.
        let _ = batch.begin_record(3);
        batch.string(start);
        batch.int(self.shown.try_into().unwrap_or_default());
        if self.phrase.len() > LONGEST || batch.raw(&self.phrase).is_err() {
            batch.string(cut(&self.about));
        }
        batch.finish()
    }
}

/// The PackStream values that stand one behind the other in `values`. Long ones are only hinted at.
fn split(values: &[u8]) -> Vec<Part> {
    let mut reader = Reader::new(values);
    let mut parts = Vec::new();
    while !reader.is_empty() {
        match reader.raw() {
            Ok(value) if value.len() <= LONGEST => parts.push(Part::Value(value.to_vec())),
            Ok(value) => parts.push(Part::Text(format!("{{ ... {} bytes ... }}", value.len()))),
            Err(_) => break,
        }
    }
    parts
}

/// One record: text and values in turns, beginning and ending with text.
fn frame_of(parts: &[Part]) -> Vec<u8> {
    let mut batch = BatchWriter::new();
    let values = parts.iter().filter(|part| matches!(part, Part::Value(_))).count();
    // Only a frame that has records already could refuse it.
    let _ = batch.begin_record(2 * values + 1);
    let mut before = String::new();
    for part in parts {
        match part {
            Part::Text(text) => before.push_str(text),
            Part::Value(value) => {
                batch.string(&std::mem::take(&mut before));
                if batch.raw(value).is_err() {
                    batch.string(WITHHELD);
                }
            }
        }
    }
    batch.string(&before);
    batch.finish()
}

/// The front of a text that is too long for a line.
fn cut(text: &str) -> &str {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// A level as JavaScript counts them.
fn rank(level: Level) -> u32 {
    match level {
        Level::ERROR => 0,
        Level::WARN => 1,
        Level::INFO => 2,
        _ => 3,
    }
}

const MESSAGE: &str = "neobolt::message";
const FAILURE: &str = "neobolt::failure";
/// In bytes. What a message holds may be as long as it likes; a line that shows it may not.
const LONGEST: usize = 64 * 1024;
