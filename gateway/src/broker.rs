//! A broker inside the process, for trying things out without installing one.
//!
//! MQTT 3.1.1 and 5 on one port. Everything it holds is in memory: a queued
//! profile must not lie in plain text on the disk, and whoever retains state
//! says it again on connecting.

use mqtt5::{
    broker::{
        BrokerConfig, BrokerShutdownHandle, MqttBroker,
        config::{StorageBackend, StorageConfig},
    },
    time::Duration,
};
use std::{
    fmt, io,
    net::{SocketAddr, TcpListener},
};
use tokio::task::JoinHandle;

/// Most clients: every node, screen and sensor bridge of a large shop.
const CLIENTS_MAX: usize = 1_024;
/// How long sessions of clients that are away are kept.
const SESSION_KEPT: Duration = Duration::from_hours(1);
/// Most messages and bytes queued for one client that is away.
const QUEUED_MAX: (usize, usize) = (10_000, 8 << 20);
/// Most retained messages. Other makers' devices leave one each, or a few.
const RETAINED_MAX: usize = 20_000;

/// Why the broker does not start.
#[derive(Debug, thiserror::Error)]
pub enum BrokerError {
    /// Anybody could reach it, and it asks nobody for a password.
    #[error(
        "failed to start the embedded broker on {0}: it asks for no password and so only listens on this machine; \
         use 127.0.0.1, or install mosquitto and name it under [broker]"
    )]
    NotLoopback(SocketAddr),
    /// Somebody else listens there.
    #[error(
        "failed to start the embedded broker on {0}: the port is in use; \
         stop the other broker, or use it by naming it under [broker], or choose another port"
    )]
    Busy(SocketAddr),
    /// The operating system says no.
    #[error("failed to start the embedded broker on {0}: {1}")]
    Listen(SocketAddr, #[source] io::Error),
    /// The broker says no.
    #[error("failed to start the embedded broker: {0}")]
    Start(#[source] Box<mqtt5::MqttError>),
}

/// A broker that runs until [`Broker::stop`] or until it is dropped.
pub struct Broker {
    address: SocketAddr,
    shutdown: BrokerShutdownHandle,
    running: JoinHandle<()>,
}

/// Starts and returns once clients can connect. Port 0 takes any free one.
pub async fn start(listen: SocketAddr) -> Result<Broker, BrokerError> {
    if !listen.ip().is_loopback() {
        return Err(BrokerError::NotLoopback(listen));
    }
    // The broker's own error is a paragraph; ours is a sentence with a remedy.
    match TcpListener::bind(listen) {
        Ok(probe) => drop(probe),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            return Err(BrokerError::Busy(listen));
        }
        Err(error) => return Err(BrokerError::Listen(listen, error)),
    }
    let broker = MqttBroker::with_config(settings(listen)).await;
    let mut broker = broker.map_err(|e| BrokerError::Start(Box::new(e)))?;
    let address = broker.local_addr().unwrap_or(listen);
    let shutdown = broker.shutdown_handle();
    let mut ready = broker.ready_receiver();
    let running = tokio::spawn(async move {
        if let Err(error) = broker.run().await {
            tracing::error!(%error, "the embedded broker ended: restart the gateway");
        }
    });
    // An error says that `run` ended at once, which it has logged.
    let _ = ready.wait_for(|ready| *ready).await;
    Ok(Broker {
        address,
        shutdown,
        running,
    })
}

impl Broker {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Says farewell to clients and ends; takes 5 s at most.
    pub async fn stop(mut self) {
        self.shutdown.shutdown();
        // An error says that it panicked, which tokio has reported.
        let _ = (&mut self.running).await;
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.shutdown.shutdown();
    }
}

impl fmt::Debug for Broker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "broker on {}", self.address)
    }
}

fn settings(listen: SocketAddr) -> BrokerConfig {
    let storage = StorageConfig {
        backend: StorageBackend::Memory,
        max_queued_messages_per_client: QUEUED_MAX.0,
        max_queued_bytes_per_client: QUEUED_MAX.1,
        ..StorageConfig::default()
    };
    BrokerConfig {
        bind_addresses: vec![listen],
        max_clients: CLIENTS_MAX,
        session_expiry_interval: SESSION_KEPT,
        max_packet_size: link::MAX_PACKET,
        max_retained_messages: RETAINED_MAX,
        max_retained_message_size: link::MAX_PACKET,
        // Nobody reads them, and they would wake the process for ever.
        sys_topics_enabled: false,
        storage_config: storage,
        ..BrokerConfig::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use link::{Delivery, Filter, Inbox, Link, Settings, Status};
    use std::collections::HashSet;

    const ANY_PORT: &str = "127.0.0.1:0";

    async fn connected(broker: &Broker, id: &str, filters: Vec<Filter>) -> (Link, Inbox) {
        let address = broker.address();
        let settings = Settings::new(&address.ip().to_string(), address.port(), id.to_owned());
        let (link, inbox) = Link::start(settings, filters).unwrap();
        let mut status = link.status();
        let up = status.wait_for(|status| *status == Status::Up);
        tokio::time::timeout(Duration::from_secs(30), up)
            .await
            .unwrap()
            .unwrap();
        (link, inbox)
    }

    #[tokio::test]
    async fn five_thousand_retained_messages_are_kept_and_brought() {
        const MESSAGES: usize = 5_000;
        let broker = start(ANY_PORT.parse().unwrap()).await.unwrap();
        let (says, _) = connected(&broker, "says", vec![]).await;
        for n in 0..MESSAGES {
            let delivery = Delivery {
                topic: format!("r/{n}"),
                payload: b"x".to_vec(),
                retain: true,
                expires_after: None,
            };
            while says.deliver(delivery.clone()).is_err() {
                tokio::task::yield_now().await;
            }
        }
        says.stop().await;
        let (_hears, mut inbox) = connected(&broker, "hears", vec![Filter::fleeting("r/#")]).await;
        let mut topics = HashSet::new();
        while topics.len() < MESSAGES {
            let next = tokio::time::timeout(Duration::from_secs(30), inbox.next());
            topics.insert(next.await.unwrap().unwrap().topic);
        }
        broker.stop().await;
    }

    #[tokio::test]
    async fn a_busy_port_and_an_open_address_are_clear_errors() {
        let broker = start(ANY_PORT.parse().unwrap()).await.unwrap();
        let busy = start(broker.address()).await.unwrap_err();
        assert!(
            matches!(busy, BrokerError::Busy(a) if a == broker.address()),
            "{busy}"
        );
        assert!(busy.to_string().contains(&broker.address().to_string()));
        let open = start("0.0.0.0:1883".parse().unwrap()).await.unwrap_err();
        assert!(matches!(open, BrokerError::NotLoopback(_)), "{open}");
        broker.stop().await;
    }

    #[tokio::test]
    async fn a_stopped_broker_frees_its_port() {
        let broker = start(ANY_PORT.parse().unwrap()).await.unwrap();
        let address = broker.address();
        let (link, _inbox) = connected(&broker, "stays", vec![]).await;
        broker.stop().await;
        let again = start(address).await.unwrap();
        let mut status = link.status();
        let up = status.wait_for(|status| *status == Status::Up);
        tokio::time::timeout(Duration::from_secs(30), up)
            .await
            .unwrap()
            .unwrap();
        again.stop().await;
    }
}
