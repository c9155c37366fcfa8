//! `aislecast bridge`: the network of a node that has none.
//!
//! Such a node says over a wire what others publish ([`protocol::line`]). The
//! bridge is its MQTT session: it says that the node is there, has a will for it,
//! publishes its batches and its health, and brings it the time. It keeps no
//! batches: what the broker cannot take now stays with the node, whose bounded
//! queue drops the oldest and says how much was lost, as it does on a network of
//! its own.

mod port;
mod session;
mod talk;

pub use port::PortError;

use crate::{backoff::Backoff, mqtt::MqttError, stop::Stop};
use config::ScannerSource;
use port::Port;
use protocol::id::{ScannerId, StoreId};
use std::{path::PathBuf, time::Duration};
use talk::Ending;
use tracing::{info, warn};

/// Between attempts to open a port that went away. A board that starts anew is
/// back at the USB within a second; whoever plugs one in need not wait long to
/// see it work.
const AGAIN: Backoff = Backoff::between(250, 5_000);

/// A wire, and what is to be known of the shop.
#[derive(Debug)]
pub struct Bridge {
    port: PathBuf,
    house: House,
}

/// What is to be known of the shop.
#[derive(Debug)]
struct House {
    store: StoreId,
    nodes: Vec<ScannerId>,
    /// How the broker is reached, by whomever.
    broker: link::Settings,
}

impl Bridge {
    /// Reads what it needs of the shop's files.
    pub fn new(port: PathBuf, shop: &config::Shop) -> Result<Self, MqttError> {
        let scanners = shop.plan.scanners.iter().zip(&shop.shell.scanners);
        let nodes = scanners.filter(|(_, source)| **source == ScannerSource::Node);
        let store = shop.plan.store.clone();
        let house = House {
            nodes: nodes.map(|(scanner, _)| scanner.id.clone()).collect(),
            broker: crate::mqtt::broker(&shop.shell, &store)?,
            store,
        };
        Ok(Self { port, house })
    }

    /// Serves whatever node is at the port until asked to stop. A port that
    /// cannot be opened at the start is an error; one that goes away later is
    /// waited for.
    pub async fn run(&self, stop: Stop) -> Result<(), PortError> {
        let mut port = Port::open(&self.port)?;
        info!(port = %self.port.display(), "ready");
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
        let mut backoff = AGAIN;
        loop {
            match talk::talk(port, &self.house, &stop).await {
                Ending::Asked => return Ok(()),
                Ending::Unplugged { spoke } => {
                    warn!("the port is gone: is the node unplugged?");
                    if spoke {
                        backoff.reset();
                    }
                }
                Ending::Silent => warn!(
                    "no node speaks: is the port the right one, and has the node its \
                     firmware and its settings?"
                ),
            }
            match self.reopened(&mut backoff, &stop).await {
                Some(opened) => port = opened,
                None => return Ok(()),
            }
        }
    }

    /// The port, once it is there again; nothing if asked to stop before.
    async fn reopened(&self, backoff: &mut Backoff, stop: &Stop) -> Option<Port> {
        let mut told = None;
        loop {
            tokio::select! {
                () = stop.requested() => return None,
                () = tokio::time::sleep(Duration::from_millis(backoff.next_ms())) => {}
            }
            match Port::open(&self.port) {
                Ok(port) => {
                    info!("the port is open");
                    return Some(port);
                }
                Err(error) => {
                    let error = error.to_string();
                    if told.as_ref() != Some(&error) {
                        warn!("{error}");
                        told = Some(error);
                    }
                }
            }
        }
    }
}
