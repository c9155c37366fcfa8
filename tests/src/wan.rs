//! A real line between a gateway and its hub: two ends of a virtual cable, one of them
//! in a network of its own. Its speed is the kernel's doing, and when it is cut, packets
//! vanish and nobody is told.
//!
//! It needs root, `ip` and `tc`; where there are none, whoever asks is told so and skips.

use crate::proxy::Proxy;
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use std::{
    fs::File,
    io,
    net::TcpListener,
    os::fd::AsFd as _,
    process::Command,
    sync::atomic::{AtomicU8, Ordering},
    thread,
};

/// Four addresses for each line, of which the shop's end has the second and the hub's the
/// third. From the block for benchmarks (RFC 2544), which nobody routes.
const BLOCK: &str = "198.18.71";
static LAID: AtomicU8 = AtomicU8::new(0);

/// A line, until it is dropped.
#[derive(Debug)]
pub struct Wan {
    name: String,
    /// The hub's end.
    address: String,
    hub: Option<Proxy>,
}

impl Wan {
    /// Lays one to a broker of this machine; `None` where this machine does not let us.
    pub fn lay(broker_port: u16) -> Option<Self> {
        let first = 4 * (LAID.fetch_add(1, Ordering::Relaxed) % 64);
        let mut wan = Self {
            name: format!("a{}-{first}", std::process::id()),
            address: format!("{BLOCK}.{}", first + 2),
            hub: None,
        };
        let shop = format!("{BLOCK}.{}/30", first + 1);
        match wan.set_up(&shop) {
            Ok(listener) => {
                wan.hub = Some(Proxy::at(listener, broker_port));
                Some(wan)
            }
            Err(why) => {
                eprintln!("SKIPPED: a line to cut: {why}");
                None
            }
        }
    }

    fn set_up(&self, shop: &str) -> Result<TcpListener, String> {
        let (name, far) = (&self.name, &self.far());
        run("ip", &["netns", "add", name])?;
        run(
            "ip",
            &["link", "add", name, "type", "veth", "peer", "name", far],
        )?;
        run("ip", &["link", "set", far, "netns", name])?;
        run("ip", &["addr", "add", shop, "dev", name])?;
        run("ip", &["link", "set", name, "up"])?;
        let hub = format!("{}/30", self.address);
        run("ip", &["-n", name, "addr", "add", &hub, "dev", far])?;
        run("ip", &["-n", name, "link", "set", far, "up"])?;
        // A socket stays in the network in which it was made, whoever uses it.
        let (name, address) = (name.clone(), self.address.clone());
        let made = thread::spawn(move || listen_in(&name, &address)).join();
        made.expect("it does not panic")
            .map_err(|why| why.to_string())
    }

    fn far(&self) -> String {
        format!("{}f", self.name)
    }

    /// Where the hub is, as a gateway's file names it, and its port.
    pub fn hub(&self) -> (&str, u16) {
        (
            &self.address,
            self.hub.as_ref().expect("it was laid").port(),
        )
    }

    /// From now on it takes so many bits a second from the shop.
    pub fn slow_down(&self, bits_per_s: u32) {
        let rate = format!("{bits_per_s}bit");
        let shape = ["tbf", "rate", &rate, "burst", "3028", "latency", "400ms"];
        let words = [&["qdisc", "replace", "dev", &self.name, "root"][..], &shape];
        run("tc", &words.concat()).expect("the line is ours");
    }

    /// Packets vanish from now on, both ways.
    pub fn cut(&self) {
        run(
            "ip",
            &["-n", &self.name, "link", "set", &self.far(), "down"],
        )
        .expect("the line is ours");
    }

    /// Packets arrive again.
    pub fn mend(&self) {
        run("ip", &["-n", &self.name, "link", "set", &self.far(), "up"]).expect("the line is ours");
    }
}

impl Drop for Wan {
    fn drop(&mut self) {
        // Whatever of it was laid. The listener keeps its network alive, and with it
        // the cable's other end.
        let _ = run("ip", &["link", "del", &self.name]);
        let _ = run("ip", &["netns", "del", &self.name]);
    }
}

/// Listens in another network.
fn listen_in(name: &str, address: &str) -> io::Result<TcpListener> {
    let network = File::open(format!("/run/netns/{name}"))?;
    move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network))?;
    TcpListener::bind((address, 0))
}

fn run(program: &str, words: &[&str]) -> Result<(), String> {
    let output = Command::new(program).args(words).output();
    let output = output.map_err(|why| format!("{program}: {why}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{program} {words:?}: {}", said.trim_end()))
}
