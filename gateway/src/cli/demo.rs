//! `aislecast demo`: a whole shop on this machine.

use super::{
    Failure,
    house::{Addresses, House},
};
use crate::{access::Local, run::Files, stop::Stop};
use anyhow::{Context as _, anyhow};
use clap::Args;
use config::{Broker, External};
use rustix::process::{Pid, Signal, kill_process};
use std::{net::SocketAddr, path::PathBuf, process::Stdio, time::Duration};
use tokio::{
    process::{Child, Command},
    time,
};

/// Longest wait for the simulated shop to close.
const CLOSING_MAX: Duration = Duration::from_secs(10);
/// Its exit code when nobody reads any more what we both say (`simulator/src/main.rs`).
const UNREAD: i32 = 141;
/// Name of the simulator's program.
const SIMULATOR: &str = "aislecast-sim";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Demo {
    /// Where the shop keeps its state; a second start finds it again.
    #[arg(long, value_name = "DIR", default_value = "data/demo")]
    data: PathBuf,
    /// The simulator, if it is neither beside this program nor on the PATH.
    #[arg(long, value_name = "FILE")]
    simulator: Option<PathBuf>,
    /// People in the shop at a time.
    #[arg(long, value_name = "N")]
    shoppers: Option<u32>,
    /// Loyalty profiles to bring in at the start.
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    profiles: u32,
    /// The simulation's only source of chance.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// How many times faster than life people walk.
    #[arg(long, value_name = "X")]
    speed: Option<f64>,
    /// Address of console and screens.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Address of the embedded broker.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:1883")]
    mqtt_listen: SocketAddr,
    /// A broker that runs already, instead of the embedded one.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "mqtt_listen")]
    broker: Option<SocketAddr>,
    /// Firmware for emulated boards; `cargo firmware-demo` builds it.
    #[arg(long, value_name = "FILE", requires = "emulate", requires = "broker")]
    firmware: Option<PathBuf>,
    /// A scanner that is a board with that firmware.
    #[arg(long, value_name = "SCANNER", requires = "firmware")]
    emulate: Vec<String>,
}

const EXAMPLES: &str = "\
Examples:
  aislecast demo
  aislecast demo --shoppers 60 --speed 2
  aislecast demo --data /tmp/demo --listen 127.0.0.1:9090 --mqtt-listen 127.0.0.1:2883

The simulated shop is a process of its own and speaks to the gateway only over MQTT, as real
scanners, sensors, tills and screens do. Ctrl-C ends both.";

impl Demo {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let files = Files::Demo {
            survey: self.data.join(config::SURVEY_FILE),
        };
        let mut shop = files.load().map_err(|problems| {
            Failure::Usage(anyhow!("the demo cannot go by its survey\n\n{problems}"))
        })?;
        shop.shell.storage.dir.clone_from(&self.data);
        shop.shell.http.listen = self.listen;
        shop.shell.broker = match self.broker {
            Some(broker) => Broker::External(external(broker)),
            None => Broker::Embedded {
                listen: self.mqtt_listen,
                allow_anonymous: true,
            },
        };
        let house = House {
            shop,
            files,
            demo: true,
        };
        let screens = house.shop.plan.screens.iter();
        let screens: Vec<String> = screens.map(|screen| screen.id.to_string()).collect();
        house.run(async move |addresses, stop| {
            self.tell(&addresses, &screens);
            self.simulate(&addresses, &stop).await
        })
    }

    fn tell(&self, addresses: &Addresses, screens: &[String]) {
        let http = addresses.http;
        println!(
            "\naislecast demo: a simulated shop, {} profiles",
            self.profiles
        );
        let code = addresses.code.as_ref().map_or("", |code| code.reveal());
        println!("  console   http://{http}/enter#{code}  (signs you in, once)");
        for screen in screens {
            println!("  screen    http://{http}/screen/{screen}");
        }
        if let Some(broker) = self.broker.or(addresses.broker) {
            println!("  broker    mqtt://{broker}");
        }
        for scanner in &self.emulate {
            println!("  firmware  {scanner}, on an emulated board");
        }
        println!("  state     {}", self.data.display());
        if let Some(local) = Local::find(&self.data) {
            println!(
                "  commands  with --token-file {}",
                local.token_file.display()
            );
        }
        println!("Ctrl-C ends it.\n");
    }

    /// Runs the simulated shop until `stop`.
    async fn simulate(&self, addresses: &Addresses, stop: &Stop) -> Result<(), Failure> {
        let broker = self
            .broker
            .or(addresses.broker)
            .ok_or_else(|| anyhow!("the demo has its own broker"))?;
        let mut child = self.start(broker)?;
        // Waiting for a child closes its standard input unless we hold it.
        let _stdin = child.stdin.take();
        tokio::select! {
            status = child.wait() => {
                let status = status.context("failed to wait for the simulated shop")?;
                if status.code() == Some(UNREAD) {
                    return Ok(());
                }
                Err(anyhow!("the simulated shop has ended by itself ({status}): see what it said above").into())
            }
            () = stop.requested() => close(child).await,
        }
    }

    fn start(&self, broker: SocketAddr) -> Result<Child, Failure> {
        let program = self.program();
        let mut command = Command::new(&program);
        command.args(["serve", "--broker", &format!("mqtt://{broker}")]);
        command.args(["--profiles", &self.profiles.to_string()]);
        if let Some(shoppers) = self.shoppers {
            command.args(["--shoppers", &shoppers.to_string()]);
        }
        if let Some(seed) = self.seed {
            command.args(["--seed", &seed.to_string()]);
        }
        if let Some(speed) = self.speed {
            command.args(["--speed", &speed.to_string()]);
        }
        if let Some(firmware) = &self.firmware {
            command.arg("--firmware").arg(firmware);
        }
        for scanner in &self.emulate {
            command.args(["--emulate", scanner]);
        }
        // Its standard input ends with us, however we end, and it with that.
        command.arg("--until-stdin-ends").stdin(Stdio::piped());
        // In a group of its own Ctrl-C reaches only us, and we close it in order.
        let child = command.process_group(0).kill_on_drop(true).spawn();
        Ok(child.with_context(|| {
            format!(
                "failed to start the simulator {}: build it with `cargo build --release -p simulator`, \
                 or name it with --simulator",
                program.display()
            )
        })?)
    }

    /// The simulator named, else the one beside this program, else on the PATH.
    fn program(&self) -> PathBuf {
        let beside = || {
            let program = std::env::current_exe().ok()?.with_file_name(SIMULATOR);
            program.is_file().then_some(program)
        };
        let named = self.simulator.clone();
        named
            .or_else(beside)
            .unwrap_or_else(|| PathBuf::from(SIMULATOR))
    }
}

/// A broker on this machine, or one that lets everybody in.
fn external(broker: SocketAddr) -> External {
    External {
        host: broker.ip().to_string(),
        port: broker.port(),
        client_id: "aislecast-demo".to_owned(),
        username: None,
        password_file: None,
        tls: None,
        keep_alive: link::KEEP_ALIVE,
    }
}

/// Ends the simulated shop as Ctrl-C would.
async fn close(mut child: Child) -> Result<(), Failure> {
    let pid = child.id().and_then(|id| Pid::from_raw(id as i32));
    if let Some(pid) = pid {
        // It may have ended in this very moment.
        let _ = kill_process(pid, Signal::INT);
    }
    let closed = time::timeout(CLOSING_MAX, child.wait()).await;
    if closed.is_err() {
        child
            .kill()
            .await
            .context("failed to end the simulated shop")?;
    }
    Ok(())
}
