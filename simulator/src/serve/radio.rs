//! Radios for nodes that are real firmware: at a TCP port each finds a
//! Bluetooth controller, which hears what the simulated scanner hears.

use crate::{
    args::Node,
    dialect::scanner::Packet,
    hci::Controller,
    world::ears::{Batch, Heard},
};
use anyhow::{Context as _, Result};
use engine::plan::{ScannerIx, StorePlan};
use std::{
    collections::{BTreeMap, VecDeque},
    io,
    net::SocketAddr,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::{Duration, Instant, sleep_until},
};

/// Packets of one batch are sent over nearly the time until the next.
const SPREAD: Duration = Duration::from_millis(900);
/// Batches waiting for a firmware that does not read: older ones are no news.
const BATCHES_MAX: usize = 4;

/// The radios of all scanners that are real firmware.
#[derive(Debug, Default)]
pub(super) struct Radios(BTreeMap<ScannerIx, Radio>);

impl Radios {
    /// Offers a controller to each of these nodes.
    pub(super) async fn open(plan: &StorePlan, nodes: &[Node]) -> Result<Self> {
        let mut radios = Self::default();
        for Node { name, address } in nodes {
            radios.add(plan, name, address).await?;
        }
        Ok(radios)
    }

    /// Offers a controller to one more node, and says where.
    pub(super) async fn add(
        &mut self,
        plan: &StorePlan,
        name: &str,
        address: &str,
    ) -> Result<(ScannerIx, SocketAddr)> {
        let scanner = name.parse().ok().and_then(|id| plan.scanner(&id));
        let scanner = scanner.with_context(|| {
            format!("the shop has no scanner {name:?}; name one of its store.toml")
        })?;
        let radio = Radio::open(address).await;
        let (radio, address) = radio.with_context(|| format!("failed to listen at {address}"))?;
        self.0.insert(scanner, radio);
        Ok((scanner, address))
    }

    /// Lets firmware hear a batch, if the scanner is one. Then nobody else
    /// speaks for it.
    pub(super) fn hear(&self, batch: &Batch) -> bool {
        let radio = self.0.get(&batch.scanner);
        // A firmware that does not read misses what it would have heard.
        let _ = radio.map(|radio| radio.0.try_send(batch.clone()));
        radio.is_some()
    }
}

/// One radio.
#[derive(Debug)]
struct Radio(mpsc::Sender<Batch>);

impl Radio {
    /// Offers a controller at this address to one firmware after the other.
    async fn open(address: &str) -> io::Result<(Self, SocketAddr)> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (batches, inbox) = mpsc::channel(BATCHES_MAX);
        tokio::spawn(serve(listener, inbox));
        Ok((Self(batches), address))
    }
}

async fn serve(listener: TcpListener, mut batches: mpsc::Receiver<Batch>) {
    while let Ok((stream, _)) = listener.accept().await {
        // A firmware that went away is followed by its next start.
        let _ = attend(stream, &mut batches).await;
    }
}

async fn attend(mut stream: TcpStream, batches: &mut mpsc::Receiver<Batch>) -> io::Result<()> {
    let mut controller = Controller::default();
    let mut on_air: VecDeque<(Instant, Packet, i8)> = VecDeque::new();
    let mut buffer = [0; 512];
    let mut out = Vec::new();
    loop {
        let next = on_air.front().map(|(at, ..)| *at);
        tokio::select! {
            read = stream.read(&mut buffer) => match read? {
                0 => return Ok(()),
                read => controller.receive(&buffer[..read], &mut out),
            },
            batch = batches.recv() => match batch {
                Some(batch) => on_air.extend(spread(&batch, Instant::now())),
                None => return Ok(()),
            },
            () = sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => {
                if let Some((_, packet, rssi_dbm)) = on_air.pop_front() {
                    controller.report(&packet, rssi_dbm, &mut out);
                }
            }
        }
        stream.write_all(&out).await?;
        out.clear();
    }
}

/// Every packet of a batch with its moment, in order.
fn spread(batch: &Batch, from: Instant) -> Vec<(Instant, Packet, i8)> {
    let mut packets: Vec<_> = batch.heard.iter().flat_map(|h| of(h, from)).collect();
    packets.sort_by_key(|(at, ..)| *at);
    packets
}

/// The packets of one beacon. Whole decibels, whose mean is that of the batch.
fn of(heard: &Heard, from: Instant) -> impl Iterator<Item = (Instant, Packet, i8)> {
    let packet = Packet::of(heard);
    let (count, mean) = (u32::from(heard.count.max(1)), heard.mean_dbm());
    let so_far = move |packets: u32| (mean * packets as f32).round() as i32;
    (0..count).map(move |n| {
        let rssi_dbm = so_far(n + 1) - so_far(n);
        (from + SPREAD * n / count, packet.clone(), rssi_dbm as i8)
    })
}
