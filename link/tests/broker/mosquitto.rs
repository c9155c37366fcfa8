//! Debian's mosquitto as a child process.

use std::{
    fmt::Write as _,
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

const BINARY: &str = "/usr/sbin/mosquitto";

/// A broker that is killed when dropped.
pub(crate) struct Mosquitto {
    child: Child,
    pub(crate) port: u16,
    pub(crate) dir: TempDir,
    config: PathBuf,
}

impl Mosquitto {
    /// With further lines of configuration; `None` (and a loud line) when it
    /// is not installed.
    pub(crate) fn start(lines: &str) -> Option<Self> {
        Self::start_in(tempfile::tempdir().unwrap(), lines)
    }

    /// The same in a folder that already holds certificates and the like.
    pub(crate) fn start_in(dir: TempDir, lines: &str) -> Option<Self> {
        if !Path::new(BINARY).exists() {
            eprintln!(
                "SKIPPED, AND SO NOT TESTED: {BINARY} is missing (apt-get install mosquitto mosquitto-clients)"
            );
            return None;
        }
        let port = free_port();
        let config = dir.path().join("mosquitto.conf");
        let mut text = format!("listener {port} 127.0.0.1\n");
        if !lines.contains("allow_anonymous") {
            text.push_str("allow_anonymous true\n");
        }
        writeln!(text, "set_tcp_nodelay true\n{lines}").unwrap();
        fs::write(&config, text).unwrap();
        let child = spawn(&config, port);
        Some(Self {
            child,
            port,
            dir,
            config,
        })
    }

    /// As by a power cut.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// On the same port.
    pub(crate) fn restart(&mut self) {
        self.child = spawn(&self.config, self.port);
    }

    /// Stops its clock, not its sockets.
    pub(crate) fn freeze(&self) {
        self.signal("-STOP");
    }

    pub(crate) fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &pid])
                .status()
                .unwrap()
                .success()
        );
    }

    /// `mosquitto_sub` or `mosquitto_pub` towards this broker.
    pub(crate) fn client(&self, program: &str, args: &[&str]) -> Child {
        Command::new(program)
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string()])
            .args(args)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap()
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn free_port() -> u16 {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    socket.local_addr().unwrap().port()
}

fn spawn(config: &Path, port: u16) -> Child {
    let child = Command::new(BINARY)
        .arg("-c")
        .arg(config)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(10);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < deadline, "mosquitto does not listen");
        std::thread::sleep(Duration::from_millis(10));
    }
    child
}
