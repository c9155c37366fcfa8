//! `cargo firmware-demo`: the demo shop, one scanner of which is real firmware
//! on an emulated board, over a real mosquitto.

use super::EMULATED;
use crate::{
    demo,
    run::{exists, root, target_dir},
};
use std::{
    fs,
    net::{TcpListener, TcpStream},
    os::unix::process::CommandExt as _,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// The scanner of the demo shop whose first port is a thermometer.
const SCANNER: &str = "s-snacks";
const PROGRAMS: [(&str, &str); 2] = [
    ("qemu-system-arm", "qemu-system-arm"),
    ("mosquitto", "mosquitto"),
];
/// How long mosquitto may take to listen.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs the demo, hands on to it whatever asks us to end, and ends its broker after it.
/// A session of its own keeps it from hearing of Ctrl-C twice.
const KEEPER: &str = r#"broker=$1; shift
setsid "$@" & demo=$!
trap 'kill -INT "$demo" 2>/dev/null' INT TERM HUP
wait "$demo"; status=$?
while kill -0 "$demo" 2>/dev/null; do wait "$demo"; status=$?; done
kill "$broker"
exit "$status""#;

/// Builds everything and runs it until Ctrl-C; arguments go to `aislecast demo`.
pub(crate) fn run(arguments: impl Iterator<Item = String>) -> Result<(), String> {
    for (program, package) in PROGRAMS {
        if !exists(program) {
            return Err(format!("{program} is missing: apt-get install {package}"));
        }
    }
    let firmware = EMULATED.build()?;
    let program = demo::build()?;
    let mut broker = Broker::start()?;
    println!("{SCANNER} is {} in an emulator", firmware.display());
    // A shell cannot trap what it was started to ignore, as scripts start what runs
    // beside them.
    let mut keeper = Command::new("env");
    keeper.args(["--default-signal=INT", "sh", "-c", KEEPER, "sh"]);
    keeper.arg(broker.child.id().to_string());
    keeper.arg(program).arg("demo");
    keeper.args(["--broker", &format!("127.0.0.1:{}", broker.port)]);
    keeper.arg("--firmware").arg(&firmware);
    keeper.args(["--emulate", SCANNER]);
    keeper.args(arguments).current_dir(root());
    let why = keeper.exec();
    broker.end();
    Err(format!("failed to start the demo: {why}"))
}

/// A mosquitto on a port of its own.
struct Broker {
    child: Child,
    port: u16,
}

impl Broker {
    fn start() -> Result<Self, String> {
        let failed = |why: std::io::Error| format!("failed to start mosquitto: {why}");
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .map_err(failed)?
            .port();
        let config = target_dir().join("firmware/mosquitto.conf");
        let text = format!(
            "listener {port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n\
             persistence false\nlog_type error\nlog_type warning\n"
        );
        fs::write(&config, text).map_err(failed)?;
        // Debian keeps it where only root looks.
        let program = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"]
            .into_iter()
            .find(|path| fs::exists(path).unwrap_or(false))
            .unwrap_or("mosquitto");
        let mut mosquitto = Command::new(program);
        mosquitto.arg("-c").arg(config).stdin(Stdio::null());
        // Ctrl-C is not for it: the demo ends before its broker does.
        mosquitto.process_group(0);
        let mut broker = Self {
            child: mosquitto.spawn().map_err(failed)?,
            port,
        };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if started.elapsed() > PATIENCE {
                broker.end();
                return Err("mosquitto does not listen".to_owned());
            }
            sleep(Duration::from_millis(20));
        }
        Ok(broker)
    }

    fn end(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
