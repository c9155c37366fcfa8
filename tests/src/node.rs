//! A node of ours: the real firmware on an emulated board, and what it says.

use crate::{
    air::Air,
    cable::Cable,
    debugger, house,
    mqtt::Client,
    radio::Fob,
    site::{STORE, Site, topic},
    wait,
};
use protocol::{
    frame::NodeFrame,
    health::NodeHealth,
    settings::{Allowed, Settings},
};
use simulator::emulator::{Board, Emulator, HOST};
use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, Weak},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// The scanner of the test shop that is a node of ours.
pub const NODE: &str = "s-node";

const FIRMWARE: &str = "qemu-an386";

/// Wires the test shop's thermometer to the node.
pub fn wire(site: &Site) {
    let hall = "kind = \"temperature\"";
    site.edit(hall, &format!("{hall}\nnode = \"{NODE}\"\nport = 0"));
}

/// A node and all that is plugged into it.
#[derive(Debug)]
pub struct Node {
    /// What its radio hears.
    pub air: Air,
    /// Whether its thermometer is plugged in at the next start.
    pub has_thermometer: bool,
    wire: Option<SocketAddr>,
    folder: TempDir,
    debugger: PathBuf,
    settings: Settings,
    emulator: Option<Emulator>,
}

impl Node {
    /// A node that reaches a broker on this machine, switched on.
    pub fn start(broker_port: u16) -> Self {
        let mut node = Self::new(broker_port);
        node.switch_on();
        node
    }

    /// A node that has never been switched on.
    pub fn new(broker_port: u16) -> Self {
        Self::made(HOST, broker_port, None)
    }

    /// A node without a network, at the end of this cable, switched on.
    pub fn at(cable: &Cable) -> Self {
        let mut node = Self::made([0; 4], 0, Some(cable.address()));
        node.switch_on();
        node
    }

    fn made(broker: [u8; 4], port: u16, wire: Option<SocketAddr>) -> Self {
        let allowed = Allowed {
            ibeacon: [Fob::of_the_shop(0).uuid].into_iter().collect(),
            ..Allowed::NOTHING
        };
        let folder = tempfile::tempdir().expect("the temporary folder can be written");
        let node = Self {
            debugger: folder.path().join("debugger.sock"),
            air: Air::open(),
            has_thermometer: true,
            wire,
            folder,
            settings: Settings {
                store: STORE.parse().expect("it is a name"),
                node: NODE.parse().expect("it is a name"),
                broker,
                port,
                user: heapless::String::new(),
                password: heapless::String::new(),
                allowed,
            },
            emulator: None,
        };
        let firmware = house::firmware(FIRMWARE);
        let written = node.board(&firmware).write_memory();
        written.expect("the test's folder can be written");
        node
    }

    fn board<'a>(&'a self, firmware: &'a Path) -> Board<'a> {
        Board {
            firmware,
            settings: &self.settings,
            starts: 0,
            radio: self.air.address(),
            wire: self.wire,
            has_thermometer: self.has_thermometer,
            debugger: Some(&self.debugger),
            folder: self.folder.path(),
        }
    }

    /// Switches it on, with the memory it has.
    pub fn switch_on(&mut self) {
        self.switch_on_with(&house::firmware(FIRMWARE));
        wait::until("the node listens", || self.air.is_heard().then_some(()));
    }

    /// Switches it on with another program than the node's.
    pub fn switch_on_with(&mut self, firmware: &Path) {
        let started = self.board(firmware).start();
        self.emulator = Some(started.unwrap_or_else(|why| panic!("no emulator: {why}")));
    }

    /// Takes its power away.
    pub fn switch_off(&mut self) {
        self.emulator = None;
    }

    /// Sets what its thermometer measures, hundredths of a degree Celsius.
    pub fn set_temperature(&mut self, centi_celsius: i16) {
        let emulator = self.emulator.as_mut().expect("it is switched on");
        let set = emulator.set_temperature(centi_celsius);
        set.expect("the emulator obeys");
    }

    /// Makes its program go nowhere.
    pub fn hang(&self) {
        let hung = debugger::hang(&self.debugger);
        hung.unwrap_or_else(|why| panic!("the debugger failed: {why}"));
    }

    /// All it has said at its console.
    pub fn said(&self) -> String {
        self.emulator
            .as_ref()
            .map(Emulator::said)
            .unwrap_or_default()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("---- the node ----\n{}", self.said());
        }
    }
}

/// Everything a node has said to the broker, in order.
#[derive(Debug, Clone)]
pub struct Heard {
    /// Its frames, with the moments at which they came.
    pub frames: Vec<(Instant, NodeFrame)>,
    /// Its words about its health.
    pub health: Vec<NodeHealth>,
    /// Whether it is there.
    pub status: Vec<String>,
}

impl Heard {
    /// What came last, for whoever waited for something else.
    fn last(&self) -> String {
        let frame = self.frames.last().map(|(_, frame)| frame);
        format!(
            "{} frames, {} words on health; at last {frame:?}, {:?}, {:?}",
            self.frames.len(),
            self.health.len(),
            self.health.last(),
            self.status.last()
        )
    }
}

/// Listens to a node, over every broker that comes at the port.
#[derive(Debug)]
pub struct Listener(Arc<Mutex<Heard>>);

impl Listener {
    /// Listens from now on, until the test ends.
    pub fn start(broker_port: u16) -> Self {
        let heard = Arc::new(Mutex::new(Heard {
            frames: Vec::new(),
            health: Vec::new(),
            status: Vec::new(),
        }));
        let held = Arc::downgrade(&heard);
        thread::spawn(move || {
            while held.strong_count() > 0 {
                let _ = listen(broker_port, &held);
                thread::sleep(Duration::from_millis(20));
            }
        });
        Self(heard)
    }

    /// What it has heard so far.
    pub fn heard(&self) -> Heard {
        let heard = self.0.lock().expect("nobody panics while holding it");
        heard.clone()
    }

    /// Waits until what it has heard satisfies `wanted`.
    pub fn until<T>(&self, what: &str, wanted: impl Fn(&Heard) -> Option<T>) -> T {
        self.within(wait::PATIENCE, what, wanted)
    }

    /// The same, with a patience of its own.
    pub fn within<T>(
        &self,
        patience: Duration,
        what: &str,
        wanted: impl Fn(&Heard) -> Option<T>,
    ) -> T {
        let found = wait::within(patience, || wanted(&self.heard()));
        found.unwrap_or_else(|| panic!("waited in vain until {what}: {}", self.heard().last()))
    }
}

fn listen(port: u16, held: &Weak<Mutex<Heard>>) -> io::Result<()> {
    let mut client = Client::connect(port, "listener")?;
    client.subscribe(&topic(&format!("node/{NODE}/+")))?;
    loop {
        let (said, payload) = client.message()?;
        let Some(heard) = held.upgrade() else {
            return Ok(());
        };
        let mut heard = heard.lock().expect("nobody panics while holding it");
        if said.ends_with("/frame") {
            let frame = NodeFrame::decode(&payload).expect("a node's frame can be read");
            heard.frames.push((Instant::now(), frame));
        } else if said.ends_with("/health") {
            let health = serde_json::from_slice(&payload);
            heard
                .health
                .push(health.expect("a node's health can be read"));
        } else if said.ends_with("/status") {
            let word = String::from_utf8_lossy(&payload).into_owned();
            heard.status.push(word);
        }
    }
}
