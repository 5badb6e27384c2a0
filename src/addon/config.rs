//! The settings of a driver as JavaScript hands them over.

use std::time::Duration;

use napi::bindgen_prelude::Uint8Array;
use napi::{Error, Result};
use napi_derive::napi;
use tracing::Level;

use crate::bolt::ProtocolError;
use crate::bolt::packstream::Reader;
use crate::driver::config::{Address, Auth, Config, LogSettings, Secret, Tls, Trust};
use crate::driver::query::request::notification_filter;

/// Settings of a driver. Times are in milliseconds; every member is always given.
#[napi(object, object_to_js = false)]
pub struct NativeConfig {
    /// Name or IP literal, without brackets.
    pub host: String,
    /// TCP port, as it was written: a whole number of any size.
    pub port: f64,
    /// An encoded map, of a routing driver; undefined for a direct one.
    pub routing: Option<Uint8Array>,
    /// Whether a question of the addresses is to be asked.
    pub resolves: bool,
    /// For HELLO.
    pub user_agent: String,
    /// For HELLO: an encoded map.
    pub bolt_agent: Uint8Array,
    /// An encoded map; absent where a manager is asked.
    pub auth: Option<Uint8Array>,
    /// Encoded: null or `[minimum severity | null, disabled | null, as written]`.
    pub notifications: Uint8Array,
    /// Most open connections.
    pub max_connection_pool_size: f64,
    /// Connections that are kept open.
    pub min_connection_pool_size: f64,
    /// Idle time after which a connection is closed; -1 = never.
    pub idle_timeout: f64,
    /// For the whole acquisition of a connection.
    pub connection_acquisition_timeout: f64,
    /// For the TCP connection; 0 = none.
    pub connection_timeout: f64,
    /// Age at which a connection is not used again.
    pub max_connection_lifetime: f64,
    /// Idle time after which a connection is checked; -1 = never.
    pub connection_liveness_check_timeout: f64,
    /// How many bytes a message of the server may have.
    pub max_message_size: f64,
    /// Never send TELEMETRY.
    pub telemetry_disabled: bool,
    /// The most talkative level that is logged: 0 error, 1 warn, 2 info, 3 debug; -1 = no log.
    pub log_level: i32,
    /// Log parameters and records.
    pub log_unredacted: bool,
    /// What log lines call the driver.
    pub driver_number: u32,
    /// Absent = connections are not encrypted.
    pub tls: Option<NativeTls>,
}

/// How connections are encrypted.
#[napi(object, object_to_js = false)]
pub struct NativeTls {
    /// Whose certificates are trusted: 0 all, 1 those of the system, 2 those that are listed.
    pub trust: u32,
    /// Whether there is a certificate to show.
    pub client_certificate: bool,
}

impl TryFrom<NativeConfig> for Config {
    type Error = Error;

    fn try_from(native: NativeConfig) -> Result<Self> {
        let notifications = notification_filter(&mut Reader::new(&native.notifications))
            .map_err(|error: ProtocolError| Error::from_reason(format!("notifications: {error}")))?;
        let liveness = native.connection_liveness_check_timeout;
        let connection_timeout = native.connection_timeout;
        Ok(Self {
            // Casts of floats saturate.
            address: Address::new(native.host, native.port as i64),
            routing: native.routing.map(|context| context.to_vec()),
            resolves: native.resolves,
            user_agent: native.user_agent,
            bolt_agent: native.bolt_agent.to_vec(),
            auth: match native.auth {
                Some(token) => Auth::Token(Secret(token.to_vec())),
                None => Auth::Manager,
            },
            notifications,
            tls: native.tls.map(Tls::try_from).transpose()?,
            max_connection_pool_size: native.max_connection_pool_size as usize,
            min_connection_pool_size: native.min_connection_pool_size as usize,
            idle_timeout: (native.idle_timeout >= 0.0).then(|| milliseconds(native.idle_timeout)),
            acquisition_timeout: milliseconds(native.connection_acquisition_timeout),
            connection_timeout: (connection_timeout > 0.0).then(|| milliseconds(connection_timeout)),
            max_connection_lifetime: milliseconds(native.max_connection_lifetime),
            liveness_check_timeout: (liveness >= 0.0).then(|| milliseconds(liveness)),
            max_message_size: native.max_message_size as usize,
            telemetry_disabled: native.telemetry_disabled,
            log: level(native.log_level).map(|level| LogSettings {
                level,
                unredacted: native.log_unredacted,
                driver: native.driver_number,
            }),
        })
    }
}

fn level(rank: i32) -> Option<Level> {
    match rank {
        0 => Some(Level::ERROR),
        1 => Some(Level::WARN),
        2 => Some(Level::INFO),
        3.. => Some(Level::DEBUG),
        _ => None,
    }
}

impl TryFrom<NativeTls> for Tls {
    type Error = Error;

    fn try_from(native: NativeTls) -> Result<Self> {
        let trust = match native.trust {
            0 => Trust::All,
            1 => Trust::System,
            2 => Trust::Custom,
            other => return Err(Error::from_reason(format!("trust: {other}"))),
        };
        Ok(Self { trust, client_certificate: native.client_certificate })
    }
}

/// Longer than any process lives is as good as forever, and stays within what clocks can add.
fn milliseconds(value: f64) -> Duration {
    const FOREVER: f64 = 100.0 * 365.0 * 24.0 * 3600.0 * 1000.0;
    Duration::from_millis(if value >= FOREVER { FOREVER as u64 } else { value as u64 })
}
