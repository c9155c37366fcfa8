//! Debian's broker and its two clients: makers other than us.

use crate::{child::Process, house, wait};
use std::{
    fs,
    io::Write,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A mosquitto of a test, on a port of its own.
#[derive(Debug)]
pub struct Mosquitto {
    /// Where it listens.
    pub port: u16,
    dir: PathBuf,
    config: PathBuf,
    process: Option<Process>,
}

impl Mosquitto {
    /// Starts one that lets everybody in; `None` where mosquitto may be missing and is.
    pub fn start(dir: &Path) -> Option<Self> {
        Self::with(dir, "allow_anonymous true\n")
    }

    /// Starts one with these settings of its listener.
    pub fn with(dir: &Path, settings: &str) -> Option<Self> {
        let port = house::free_port();
        let config = dir.join("mosquitto.conf");
        let text = format!(
            "listener {port} 127.0.0.1\n{settings}set_tcp_nodelay true\npersistence false\n\
             log_type error\nlog_type warning\n"
        );
        fs::write(&config, text).expect("the test's folder can be written");
        Self::of_file(dir, config, port)
    }

    /// Starts one whose settings are written already: it listens on `port`.
    pub fn of_file(dir: &Path, config: PathBuf, port: u16) -> Option<Self> {
        house::tool("mosquitto_pub")?;
        house::tool("mosquitto")?;
        let mut broker = Self {
            port,
            dir: dir.to_owned(),
            config,
            process: None,
        };
        broker.resume();
        Some(broker)
    }

    /// Starts it again on its port, remembering nothing.
    pub fn resume(&mut self) {
        let mut command = Command::new(house::tool("mosquitto").expect("it was there at start"));
        command.arg("-c").arg(&self.config);
        let mut process = Process::start(command, &self.dir);
        wait::until("mosquitto listens", || {
            if let Some(status) = process.ended() {
                panic!("mosquitto ended with {status}: {}", process.said());
            }
            TcpStream::connect(("127.0.0.1", self.port)).ok()
        });
        self.process = Some(process);
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Lets it go on listening and answer nobody, as a machine that hangs does.
    pub fn freeze(&self) {
        self.process.as_ref().expect("it runs").freeze();
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.process.as_ref().expect("it runs").thaw();
    }

    /// Publishes with `mosquitto_pub` at quality 1 and waits for its end.
    pub fn publish(&self, topic: &str, payload: &str) {
        publish(self.port, topic, payload, &[]);
    }

    /// Publishes and asks the broker to keep it.
    pub fn publish_retained(&self, topic: &str, payload: &str) {
        publish(self.port, topic, payload, &["-r"]);
    }

    /// Follows topics with `mosquitto_sub`.
    pub fn follow(&self, filter: &str) -> Follower {
        Follower::start(self.port, filter, &self.dir)
    }
}

/// Publishes with `mosquitto_pub` at quality 1 to any broker on this machine.
pub fn publish(port: u16, topic: &str, payload: &str, flags: &[&str]) {
    let mut client = Command::new("mosquitto_pub")
        .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-q", "1"])
        .args(["-t", topic, "-s"])
        .args(flags)
        .stdin(Stdio::piped())
        .spawn()
        .expect("mosquitto_pub is there: the broker's start looked for it");
    let mut stdin = client.stdin.take().expect("it is piped");
    stdin
        .write_all(payload.as_bytes())
        .expect("mosquitto_pub reads its payload");
    drop(stdin);
    let status = client.wait().expect("it is our child");
    assert!(status.success(), "mosquitto_pub to {topic}: {status}");
}

/// A `mosquitto_sub` and all it has heard.
#[derive(Debug)]
pub struct Follower {
    process: Process,
}

/// A message as `mosquitto_sub` printed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Whether the broker had kept it from before.
    pub retained: bool,
    /// Topic.
    pub topic: String,
    /// Payload as text.
    pub payload: String,
}

impl Follower {
    /// Starts one on any broker of this machine.
    pub fn start(port: u16, filter: &str, dir: &Path) -> Self {
        // Into a file it would keep back what it has to say.
        let mut command = Command::new("stdbuf");
        command
            .args(["-oL", "mosquitto_sub"])
            .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-q", "1"])
            .args(["-t", filter, "-F", "%r %t %p", "-d"]);
        let process = Process::start(command, dir);
        wait::until("mosquitto_sub has subscribed", || {
            process.said().contains("received SUBACK").then_some(())
        });
        Self { process }
    }

    /// Everything heard so far, in order.
    pub fn heard(&self) -> Vec<Message> {
        self.process.said().lines().filter_map(message).collect()
    }

    /// Waits for a message that `wanted` accepts.
    pub fn until(&self, what: &str, wanted: impl Fn(&Message) -> bool) -> Message {
        wait::until(what, || self.heard().into_iter().find(&wanted))
    }
}

/// A line `retained topic payload`; the client's own chatter is none.
fn message(line: &str) -> Option<Message> {
    let mut words = line.splitn(3, ' ');
    let retained = match words.next()? {
        "0" => false,
        "1" => true,
        _ => return None,
    };
    let topic = words.next()?.to_owned();
    let payload = words.next().unwrap_or_default().to_owned();
    Some(Message {
        retained,
        topic,
        payload,
    })
}
