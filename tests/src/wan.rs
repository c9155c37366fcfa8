//! A real line between a gateway and its hub: two ends of a virtual cable, one of them
//! in a network of its own. Its speed is the kernel's doing, and when it is cut, packets
//! vanish and nobody is told.
//!
//! It needs root, `ip` and `tc`; where there are none, whoever asks is told so and skips.

use crate::proxy::Proxy;
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use std::{fs::File, io, net::TcpListener, os::fd::AsFd as _, process::Command, thread};

/// The hub's end; the shop's is one below. From the block for benchmarks (RFC 2544),
/// which nobody routes.
const HUB: &str = "198.18.71.2";
const SHOP: &str = "198.18.71.1/30";

/// A line, until it is dropped.
#[derive(Debug)]
pub struct Wan {
    name: String,
    hub: Option<Proxy>,
}

impl Wan {
    /// Lays one to a broker of this machine; `None` where this machine does not let us.
    pub fn lay(broker_port: u16) -> Option<Self> {
        let name = format!("aisle{}", std::process::id());
        let mut wan = Self { name, hub: None };
        match wan.set_up() {
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

    fn set_up(&self) -> Result<TcpListener, String> {
        let (name, far) = (&self.name, &self.far());
        run("ip", &["netns", "add", name])?;
        run(
            "ip",
            &["link", "add", name, "type", "veth", "peer", "name", far],
        )?;
        run("ip", &["link", "set", far, "netns", name])?;
        run("ip", &["addr", "add", SHOP, "dev", name])?;
        run("ip", &["link", "set", name, "up"])?;
        let address = format!("{HUB}/30");
        run("ip", &["-n", name, "addr", "add", &address, "dev", far])?;
        run("ip", &["-n", name, "link", "set", far, "up"])?;
        // A socket stays in the network in which it was made, whoever uses it.
        let name = name.clone();
        let made = thread::spawn(move || listen_in(&name)).join();
        made.expect("it does not panic")
            .map_err(|why| why.to_string())
    }

    fn far(&self) -> String {
        format!("{}f", self.name)
    }

    /// Where the hub is, as a gateway's file names it, and its port.
    pub fn hub(&self) -> (&'static str, u16) {
        (HUB, self.hub.as_ref().expect("it was laid").port())
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
fn listen_in(name: &str) -> io::Result<TcpListener> {
    let network = File::open(format!("/run/netns/{name}"))?;
    move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network))?;
    TcpListener::bind((HUB, 0))
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
