//! The request buffer that the facade encodes: options, query and parameters as PackStream values.
//!
//! ```text
//! options     list         those of [`RequestOption`] (in a transaction: the fetch size alone)
//! query       string       absent for BEGIN
//! parameters  map          absent for BEGIN
//! offsets     list of int  UTC offset in seconds of each zoned DateTime in the parameters, in order;
//!                          only with flag ZONED_DATE_TIMES
//! ```
//!
//! Query and parameters stay encoded: RUN takes them as they are.

use crate::bolt::message::{AccessMode, Extra, NotificationFilter};
use crate::bolt::packstream::Reader;
use crate::bolt::{Feature, ProtocolError, Version};

use crate::driver::app::tokens::User;
use crate::driver::error::{Kind, Result};
use crate::driver::pool::acquire::AcquireRequest;
use crate::shared_constants::{shared_constants, shared_enum};

shared_constants! {
    /// The parameters hold a DateTime with a zone id, whose offset follows them.
    pub const ZONED_DATE_TIMES: u32 = 1;
    /// The parameters hold a Vector, which needs Bolt 6.0.
    pub const VECTORS: u32 = 1 << 1;
    /// The parameters hold a UUID, which needs Bolt 6.1.
    pub const UUIDS: u32 = 1 << 2;
    /// The parameters hold a DateTime with an offset.
    pub const OFFSET_DATE_TIMES: u32 = 1 << 3;
}

shared_enum! {
    /// The options of a request, by their places in the list.
    pub enum RequestOption {
        /// `"r"` or `"w"`
        AccessMode = 0,
        /// Null = the user's home database.
        Database = 1,
        /// Null = the user of the connection.
        ImpersonatedUser = 2,
        /// A list of strings.
        Bookmarks = 3,
        /// In milliseconds; null = the server's.
        Timeout = 4,
        /// A map, or null.
        Metadata = 5,
        /// Null or `[minimum severity | null, disabled | null, as written]`.
        Notifications = 6,
        /// Records for each PULL; -1 = all.
        FetchSize = 7,
        /// The API that TELEMETRY reports; -1 = none.
        Telemetry = 8,
        /// The token of a session's own user, or null.
        Auth = 9,
        /// What the home database was the last time, or null.
        Home = 10,
        /// Bookmarks for routers; null = the same.
        RouterBookmarks = 11,
    }
}

/// How many options there are.
const OPTIONS: usize = RequestOption::RouterBookmarks as usize + 1;

/// What RUN of an auto-commit transaction and BEGIN carry besides the query.
pub struct Options<'a> {
    access_mode: AccessMode,
    database: Option<&'a str>,
    impersonated_user: Option<&'a str>,
    bookmarks: Vec<String>,
    timeout: Option<i64>,
    metadata: Option<&'a [u8]>,
    notifications: NotificationFilter,
    home: Option<&'a str>,
    router_bookmarks: Option<Vec<String>>,
    /// Records for each PULL; -1 = all.
    pub fetch_size: i64,
    /// The API that TELEMETRY reports, if any.
    pub telemetry: Option<i64>,
    /// The token of the session's own user.
    auth: Option<&'a [u8]>,
}

impl<'a> Options<'a> {
    /// Reads the options at the front of a request.
    pub fn parse(reader: &mut Reader<'a>) -> Result<Self> {
        Self::read(reader).map_err(|error| Kind::Request(error).into())
    }

    fn read(reader: &mut Reader<'a>) -> std::result::Result<Self, ProtocolError> {
        if reader.list_header()? != OPTIONS {
            return Err(ProtocolError::MissingField("the request's options"));
        }
        let access_mode = match reader.string()? {
            "r" => AccessMode::Read,
            _ => AccessMode::Write,
        };
        let database = reader.optional(Reader::string)?;
        let impersonated_user = reader.optional(Reader::string)?;
        let bookmarks = reader.strings()?;
        let timeout = reader.optional(Reader::int)?;
        let metadata = reader.optional(Reader::raw)?;
        let notifications = notification_filter(reader)?;
        let fetch_size = reader.int()?;
        let telemetry = Some(reader.int()?).filter(|api| *api >= 0);
        let auth = reader.optional(Reader::raw)?;
        let home = reader.optional(Reader::string)?;
        let router_bookmarks = reader.optional(Reader::strings)?;
        Ok(Self {
            access_mode,
            database,
            impersonated_user,
            bookmarks,
            timeout,
            metadata,
            notifications,
            fetch_size,
            telemetry,
            auth,
            home,
            router_bookmarks,
        })
    }

    /// What is asked of the connection.
    pub(crate) fn acquire_request(&self) -> AcquireRequest<'_> {
        AcquireRequest {
            mode: self.access_mode,
            database: self.database,
            user: User::of(self.auth),
            home: self.home,
            impersonated_user: self.impersonated_user,
            bookmarks: self.router_bookmarks.as_ref().unwrap_or(&self.bookmarks),
        }
    }

    /// Takes over what was found out on the way to the connection.
    pub(crate) fn with_home_database<'b>(self, database: Option<&'b str>) -> Options<'b>
    where
        'a: 'b,
    {
        Options { database: database.or(self.database), ..self }
    }

    /// The `extra` map of RUN and BEGIN.
    pub fn extra(&self) -> Extra<'_> {
        Extra {
            bookmarks: &self.bookmarks,
            timeout: self.timeout,
            metadata: self.metadata,
            mode: self.access_mode,
            database: self.database,
            impersonated_user: self.impersonated_user,
            notifications: &self.notifications,
        }
    }
}

/// Reads the one option of a request inside a transaction: its fetch size.
pub fn transaction_options(reader: &mut Reader<'_>) -> Result<i64> {
    let mut read = || {
        if reader.list_header()? != 1 {
            return Err(ProtocolError::MissingField("the request's options"));
        }
        reader.int()
    };
    read().map_err(|error| Kind::Request(error).into())
}

/// Query and parameters, still encoded.
#[derive(Debug)]
pub struct Query<'a> {
    /// A PackStream string.
    pub text: &'a [u8],
    /// A PackStream map.
    pub parameters: &'a [u8],
    offsets: Vec<i64>,
    flags: u32,
}

impl<'a> Query<'a> {
    /// Reads what follows the options.
    pub fn parse(reader: &mut Reader<'a>, flags: u32) -> Result<Self> {
        let mut read = || {
            let text = reader.raw()?;
            let parameters = reader.raw()?;
            let mut offsets = Vec::new();
            if flags & ZONED_DATE_TIMES != 0 {
                for _ in 0..reader.list_header()? {
                    offsets.push(reader.int()?);
                }
            }
            Ok(Self { text, parameters, offsets, flags })
        };
        read().map_err(|error| Kind::Request(error).into())
    }

    /// Whether a server of this version takes the parameters' types.
    pub fn check(&self, version: Version) -> Result<()> {
        if self.flags & VECTORS != 0 && !version.has_vectors() {
            return Err(Kind::Unsupported(Feature::Vector).into());
        }
        if self.flags & UUIDS != 0 && !version.has_uuids() {
            return Err(Kind::Unsupported(Feature::Uuid).into());
        }
        Ok(())
    }

    /// Whether the parameters hold DateTimes, which servers without UTC take in another form.
    pub fn has_date_times(&self) -> bool {
        self.flags & (ZONED_DATE_TIMES | OFFSET_DATE_TIMES) != 0
    }

    /// The UTC offsets of the zoned DateTimes, in order.
    pub fn offsets(&self) -> impl Iterator<Item = i64> + '_ {
        self.offsets.iter().copied()
    }
}

/// Reads null or `[minimum severity | null, disabled | null, as written]`.
pub fn notification_filter(
    reader: &mut Reader<'_>,
) -> std::result::Result<NotificationFilter, ProtocolError> {
    reader
        .optional(|reader| {
            reader.list_header()?;
            Ok(NotificationFilter {
                minimum_severity: reader.optional(Reader::raw)?.map(<[u8]>::to_vec),
                disabled: reader.optional(Reader::raw)?.map(<[u8]>::to_vec),
                shown: Some(reader.string()?.to_owned()),
            })
        })
        .map(Option::unwrap_or_default)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use bytes::BytesMut;

    use super::*;
    use crate::bolt::packstream::{Value, write_value};

    #[test]
    fn options_stand_where_their_numbers_say() {
        let text = |text: &str| Value::String(text.to_owned());
        let list = |values: &[Value]| Value::List(values.to_vec());
        let mut options = vec![Value::Null; OPTIONS];
        let mut set = |option: RequestOption, value| *options.get_mut(option as usize).unwrap() = value;
        set(RequestOption::AccessMode, text("r"));
        set(RequestOption::Database, text("the database"));
        set(RequestOption::ImpersonatedUser, text("the user"));
        set(RequestOption::Bookmarks, list(&[text("a bookmark")]));
        set(RequestOption::Timeout, Value::Int(7));
        set(RequestOption::Metadata, Value::Map(vec![("a".to_owned(), text("b"))]));
        set(RequestOption::Notifications, list(&[text("OFF"), Value::Null, text("as written")]));
        set(RequestOption::FetchSize, Value::Int(5));
        set(RequestOption::Telemetry, Value::Int(3));
        set(RequestOption::Auth, Value::Map(vec![("scheme".to_owned(), text("none"))]));
        set(RequestOption::Home, text("the home"));
        set(RequestOption::RouterBookmarks, list(&[text("another")]));
        let mut bytes = BytesMut::new();
        write_value(&mut bytes, &Value::List(options));

        let mut reader = Reader::new(&bytes);
        let options = Options::parse(&mut reader).unwrap();
        assert!(reader.rest().is_empty());
        assert_eq!(options.access_mode, AccessMode::Read);
        assert_eq!(options.database, Some("the database"));
        assert_eq!(options.impersonated_user, Some("the user"));
        assert_eq!(options.bookmarks, ["a bookmark"]);
        assert_eq!(options.timeout, Some(7));
        assert_eq!(options.metadata, Some(&b"\xA1\x81a\x81b"[..]));
        assert_eq!(options.notifications.minimum_severity.as_deref(), Some(&b"\x83OFF"[..]));
        assert_eq!(options.fetch_size, 5);
        assert_eq!(options.telemetry, Some(3));
        assert_eq!(options.auth, Some(&b"\xA1\x86scheme\x84none"[..]));
        assert_eq!(options.home, Some("the home"));
        assert_eq!(options.router_bookmarks, Some(vec!["another".to_owned()]));
    }
}
