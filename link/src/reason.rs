//! Why a session ended, in words an operator can act on.

use rumqttc::{ConnectReturnCode, ConnectionError, StateError};
use std::{fmt, io};

/// Why a session ended or did not begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The host's name means nothing to the resolver.
    UnknownHost,
    /// No connection: the system's word for it.
    Unreachable(io::ErrorKind),
    /// The broker refused us.
    Refused(&'static str),
    /// TLS failed: certificate, name or protocol.
    Tls,
    /// The connection closed.
    Closed,
    /// The broker is silent or acknowledges nothing.
    Silent,
    /// A filter was not granted in time.
    NotSubscribed,
    /// A packet of this many bytes came.
    TooLarge(usize),
    /// Bytes that are not MQTT 3.1.1.
    Protocol,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(kind) => write!(f, "the broker cannot be reached: {kind}"),
            Self::UnknownHost => f.write_str(
                "the broker's host name cannot be resolved: check it, or use an address",
            ),
            Self::Refused(why) => write!(f, "the broker refuses us: {why}"),
            Self::Tls => f.write_str(
                "TLS failed: check that the CA file signed the broker's certificate and that it names the host",
            ),
            Self::Closed => f.write_str(
                "the broker closed the connection (another client of the same id?)",
            ),
            Self::Silent => f.write_str("the broker is silent"),
            Self::NotSubscribed => f.write_str("the broker does not answer a subscription"),
            Self::TooLarge(bytes) => write!(f, "a packet of {bytes} bytes came"),
            Self::Protocol => f.write_str("the broker does not speak MQTT 3.1.1"),
        }
    }
}

impl From<ConnectionError> for Reason {
    fn from(error: ConnectionError) -> Self {
        reason(error)
    }
}

fn reason(error: ConnectionError) -> Reason {
    match error {
        ConnectionError::Io(error) => unreachable(&error),
        ConnectionError::NetworkTimeout | ConnectionError::FlushTimeout => {
            Reason::Unreachable(io::ErrorKind::TimedOut)
        }
        ConnectionError::Tls(_) => Reason::Tls,
        ConnectionError::ConnectionRefused(code) => Reason::Refused(refusal(code)),
        ConnectionError::MqttState(StateError::Io(_) | StateError::ConnectionAborted)
        | ConnectionError::RequestsDone => Reason::Closed,
        ConnectionError::MqttState(StateError::AwaitPingResp) => Reason::Silent,
        ConnectionError::MqttState(StateError::Deserialization(error)) => match error {
            rumqttc::Error::PayloadSizeLimitExceeded(bytes) => Reason::TooLarge(bytes),
            rumqttc::Error::Io(error) if speaks_of_tls(&error) => Reason::Tls,
            rumqttc::Error::Io(_) => Reason::Closed,
            _ => Reason::Protocol,
        },
        ConnectionError::MqttState(_) | ConnectionError::NotConnAck(_) => Reason::Protocol,
    }
}

fn unreachable(error: &io::Error) -> Reason {
    // The resolver's errors have a kind of their own only inside the standard
    // library; what they are is in their text (`std::sys::net`).
    if error.to_string().starts_with("failed to lookup address") {
        Reason::UnknownHost
    } else {
        Reason::Unreachable(error.kind())
    }
}

/// A broker that wants a certificate of ours says so after the handshake.
fn speaks_of_tls(error: &io::Error) -> bool {
    let inner = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>());
    inner.is_some()
}

fn refusal(code: ConnectReturnCode) -> &'static str {
    match code {
        ConnectReturnCode::Success => "it accepts and refuses at once",
        ConnectReturnCode::RefusedProtocolVersion => "it does not speak MQTT 3.1.1",
        ConnectReturnCode::BadClientId => "it does not like the client id",
        ConnectReturnCode::ServiceUnavailable => "it is not available",
        ConnectReturnCode::BadUserNamePassword => "user name or password is wrong",
        ConnectReturnCode::NotAuthorized => "we are not authorised: set user name and password",
    }
}
