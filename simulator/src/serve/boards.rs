//! Nodes of the shop that are real firmware on emulated boards: each hears
//! what the simulated scanner would, and measures what the world measures.

use super::radio::Radios;
use crate::{
    args,
    emulator::{Board, Emulator, HOST},
    world::{ears::Batch, population},
};
use anyhow::{Context as _, Result, bail, ensure};
use engine::plan::{ScannerIx, StorePlan};
use protocol::{frame::Quantity, settings::Settings};
use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::Path,
};
use tempfile::TempDir;

/// The port at which a board says its temperature.
const THERMOMETER: u8 = 0;

/// The boards of a shop.
#[derive(Debug, Default)]
pub(super) struct Boards {
    board_by_scanner: BTreeMap<ScannerIx, Emulator>,
    /// Memories and consoles; gone when the shop closes.
    _folder: Option<TempDir>,
}

impl Boards {
    /// Switches on a board for each scanner that `args` names.
    pub(super) async fn start(
        args: &args::Serve,
        plan: &StorePlan,
        broker: &link::Settings,
        radios: &mut Radios,
        starts: u32,
    ) -> Result<Self> {
        let Some(firmware) = &args.firmware else {
            return Ok(Self::default());
        };
        ensure!(
            firmware.is_file(),
            "--firmware: {} is no file; `cargo firmware` builds it",
            firmware.display()
        );
        let folder = tempfile::tempdir().context("failed to make a folder for boards")?;
        let mut board_by_scanner = BTreeMap::new();
        for name in &args.emulate {
            let (scanner, radio) = radios.add(plan, name, "127.0.0.1:0").await?;
            let home = folder.path().join(name);
            std::fs::create_dir(&home).context("failed to make a folder for a board")?;
            let settings = settings(plan, scanner, broker)?;
            let board = start_one(firmware, &settings, starts, radio, &home);
            let board = board.with_context(|| format!("failed to emulate {name}"))?;
            board_by_scanner.insert(scanner, board);
        }
        Ok(Self {
            board_by_scanner,
            _folder: Some(folder),
        })
    }

    /// Lets a board measure what its simulated node does, as far as it has
    /// the chips.
    pub(super) fn measure(&mut self, batch: &Batch) {
        let Some(board) = self.board_by_scanner.get_mut(&batch.scanner) else {
            return;
        };
        for (port, value, _) in &batch.readings {
            if let (&THERMOMETER, Quantity::TemperatureCentiCelsius(centi)) = (port, value) {
                // A board that has gone is missed by the gateway, too.
                let _ = board.set_temperature(*centi);
            }
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.board_by_scanner.len()
    }
}

fn start_one(
    firmware: &Path,
    settings: &Settings,
    starts: u32,
    radio: SocketAddr,
    folder: &Path,
) -> std::io::Result<Emulator> {
    let board = Board {
        firmware,
        settings,
        starts,
        radio,
        wire: None,
        has_thermometer: true,
        debugger: None,
        folder,
    };
    board.write_memory()?;
    board.start()
}

fn settings(plan: &StorePlan, scanner: ScannerIx, broker: &link::Settings) -> Result<Settings> {
    if broker.tls.is_some() {
        bail!("--emulate: a node speaks to its broker without TLS; name one of mqtt://");
    }
    let (user, password) = broker.credentials.clone().unwrap_or_default();
    let long = |_| anyhow::anyhow!("--emulate: a node has room for 64 letters");
    Ok(Settings {
        store: plan.store.clone(),
        node: plan.scanners[scanner.at()].id.clone(),
        broker: seen_from_a_board(&broker.host)?.octets(),
        port: broker.port,
        user: user.as_str().try_into().map_err(long)?,
        password: password.as_str().try_into().map_err(long)?,
        allowed: population::allowed(),
    })
}

/// This machine has another address in a board's network.
fn seen_from_a_board(host: &str) -> Result<Ipv4Addr> {
    match host.parse() {
        _ if host == "localhost" => Ok(HOST.into()),
        Ok(IpAddr::V4(address)) if address.is_loopback() => Ok(HOST.into()),
        Ok(IpAddr::V4(address)) => Ok(address),
        _ => bail!("--emulate: a node reaches its broker by an IPv4 address, not {host:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_found_from_the_boards_network() {
        for (host, seen) in [
            ("localhost", Some([10, 0, 2, 2])),
            ("127.0.0.1", Some([10, 0, 2, 2])),
            ("192.168.1.10", Some([192, 168, 1, 10])),
            ("::1", None),
            ("broker.example", None),
        ] {
            let found = seen_from_a_board(host).ok().map(|a| a.octets());
            assert_eq!(found, seen, "{host}");
        }
    }
}
