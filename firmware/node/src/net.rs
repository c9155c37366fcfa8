//! The link over TCP/IP: a connection, another when it breaks, for ever.

use crate::{backoff::Backoff, link, shared::Shared};
use core::{convert::Infallible, fmt};
use embassy_net::{IpEndpoint, Ipv4Address, Stack, tcp::TcpSocket};
use embassy_time::{Duration, Timer};
use protocol::settings::Settings;

/// A frame and a half.
const SOCKET_BYTES: usize = 2_048;
/// A peer that acknowledges nothing for so long is gone.
const SILENT_AFTER: Duration = Duration::from_secs(15);

/// What a board may want to tell whoever watches its console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The broker has let the node in.
    Connected,
    /// There is no connection to the broker; another attempt follows.
    Unreachable,
    /// A session ended; another follows.
    Lost(link::LinkError),
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connected => f.write_str("connected"),
            Self::Unreachable => f.write_str("the broker cannot be reached"),
            Self::Lost(error) => error.fmt(f),
        }
    }
}

/// Keeps a session with the broker for as long as the node runs.
pub async fn keep(
    stack: Stack<'_>,
    settings: &Settings,
    shared: &Shared,
    mut backoff: Backoff,
    mut tell: impl FnMut(Told),
) -> Infallible {
    let (mut incoming, mut outgoing) = ([0; SOCKET_BYTES], [0; SOCKET_BYTES]);
    let broker = IpEndpoint::new(Ipv4Address::from(settings.broker).into(), settings.port);
    loop {
        stack.wait_config_up().await;
        let mut socket = TcpSocket::new(stack, &mut incoming, &mut outgoing);
        socket.set_timeout(Some(SILENT_AFTER));
        // Frames are whole messages: waiting for more gains nothing.
        socket.set_nagle_enabled(false);
        if socket.connect(broker).await.is_err() {
            tell(Told::Unreachable);
        } else {
            let connected = || {
                backoff.reached();
                tell(Told::Connected);
            };
            let Err(error) = link::serve(socket, settings, shared, connected).await;
            tell(Told::Lost(error));
        }
        Timer::after_millis(backoff.wait_ms().into()).await;
    }
}
