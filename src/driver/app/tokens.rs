//! Tokens: which user a connection is used as, and how the driver finds that out.
//!
//! A driver has one token, or a manager in JavaScript that is asked each time a connection is acquired. A
//! session may bring a token of its own. LOGOFF and LOGON switch the server to another user. Two tokens are
//! the same where their bytes are, and JavaScript writes their keys in order.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use super::callbacks::Callbacks;
use crate::bolt::packstream::{EMPTY_MAP, Reader, Value};
use crate::driver::config::{Auth, Secret};
use crate::driver::error::{Error, Kind, Result};
use crate::driver::event::JsHandle;

/// The user that a connection is wanted for.
#[derive(Clone, Copy)]
pub(crate) enum User<'a> {
    /// As the driver's user.
    Driver,
    /// As a session's own: an encoded token.
    Session(&'a [u8]),
}

/// Identifies a user, and proves it.
pub(crate) struct Token {
    encoded: Secret,
    origin: Origin,
}

enum Origin {
    /// Given to the driver.
    Driver,
    /// From the driver's manager, which keeps it.
    Manager(JsHandle),
    /// Given to a session.
    Session,
}

/// Where a driver's tokens come from.
pub(crate) struct Tokens {
    /// None where a manager is asked, or the driver is closed.
    fixed: RwLock<Option<Arc<Token>>>,
    callbacks: Arc<Callbacks>,
}

impl Tokens {
    /// Tokens as the settings say.
    pub(crate) fn new(auth: Auth, callbacks: Arc<Callbacks>) -> Self {
        let fixed = match auth {
            Auth::Token(encoded) => Some(Arc::new(Token { encoded, origin: Origin::Driver })),
            Auth::Manager => None,
        };
        Self { fixed: RwLock::new(fixed), callbacks }
    }

    /// Forgets the driver's token: no server gets it any more.
    pub(crate) fn forget(&self) {
        let token = self.fixed.write().unwrap_or_else(PoisonError::into_inner).take();
        drop(token);
    }

    /// The token, where the application need not be asked for it.
    pub(crate) fn at_hand(&self, user: User<'_>) -> Option<Arc<Token>> {
        match user {
            User::Driver => self.fixed.read().unwrap_or_else(PoisonError::into_inner).clone(),
            User::Session(token) => Some(Arc::new(Token::of_session(token))),
        }
    }

    /// The token to be used now.
    ///
    /// # Errors
    ///
    /// What the manager throws.
    pub(crate) async fn current(&self, user: User<'_>) -> Result<Arc<Token>> {
        if let Some(token) = self.at_hand(user) {
            return Ok(token);
        }
        let answer = self.callbacks.token().await?;
        Ok(Arc::new(Token { encoded: answer.value, origin: Origin::Manager(answer.handle) }))
    }
}

impl Token {
    /// A token that a session has brought.
    pub(crate) fn of_session(encoded: &[u8]) -> Self {
        Self { encoded: Secret(encoded.to_vec()), origin: Origin::Session }
    }

    /// The token for LOGON.
    pub(crate) fn encoded(&self) -> &[u8] {
        &self.encoded.0
    }

    /// The token's entries for HELLO: none where a manager gives something else than a map.
    pub(crate) fn entries(&self) -> &[u8] {
        let is_map = Reader::new(self.encoded()).map_header().is_ok();
        if is_map { self.encoded() } else { EMPTY_MAP }
    }

    /// What went wrong while the connection logged on with it. Servers since 5.0 hang up on a token that they
    /// cannot read, and will do so the next time.
    pub(crate) fn explain(&self, error: Error) -> Error {
        match self.flaw() {
            Some((key, value)) if error.is_of_network() => Kind::BadToken { key, value }.into(),
            _ => error,
        }
    }

    /// The entry that no server can read, and what that is. Says nothing of its values.
    fn flaw(&self) -> Option<(String, &'static str)> {
        let Ok(Value::Map(entries)) = Reader::new(self.encoded()).value() else { return None };
        entries.into_iter().find_map(|(key, value)| {
            let what = match value {
                Value::Null => "null",
                Value::List(_) if TEXTS.contains(&key.as_str()) => "list",
                Value::Map(_) if TEXTS.contains(&key.as_str()) => "map",
                _ => return None,
            };
            Some((key, what))
        })
    }

    /// Whether a session has brought it.
    pub(crate) fn is_of_session(&self) -> bool {
        matches!(self.origin, Origin::Session)
    }

    /// The object that the driver's manager keeps, if the token is the manager's.
    pub(crate) fn handle(&self) -> Option<&JsHandle> {
        match &self.origin {
            Origin::Manager(handle) => Some(handle),
            Origin::Driver | Origin::Session => None,
        }
    }
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.encoded == other.encoded
    }
}

impl<'a> User<'a> {
    /// The session's user, if it has one, or else the driver's.
    pub(crate) fn of(session: Option<&'a [u8]>) -> Self {
        session.map_or(Self::Driver, Self::Session)
    }
}

impl fmt::Debug for User<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Driver => "Driver",
            Self::Session(_) => "Session(..)",
        })
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Token(..)")
    }
}

/// The entries of a token that are strings.
const TEXTS: [&str; 4] = ["scheme", "principal", "credentials", "realm"];
