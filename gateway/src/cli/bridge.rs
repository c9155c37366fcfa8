//! `aislecast bridge`: the network of a node that has none.

use super::{Failure, house, installed::usual_shop, run};
use crate::{bridge::Bridge, stop, telemetry};
use clap::Args;
use config::Broker;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct BridgeNode {
    /// The serial port at which the node is.
    #[arg(long, value_name = "PATH")]
    port: PathBuf,
    /// The shop: a folder with a store.toml, or that file. It says where the broker is.
    #[arg(long, value_name = "PATH", default_value_os_t = usual_shop())]
    config: PathBuf,
    /// A broker's address; instead of what [broker] says.
    #[arg(long, value_name = "URL")]
    broker: Option<String>,
    /// The node's name at the broker, if that asks for one; the gateway's own may not
    /// speak for nodes.
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// File that holds the node's password at the broker, and nothing else.
    #[arg(long, value_name = "FILE", requires = "user")]
    password_file: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  aislecast bridge --port /dev/ttyACM0
  aislecast bridge --port /dev/serial/by-id/usb-Aislecast_Aislecast_node_s-door-if00 \
      --config /etc/aislecast --user s-door --password-file /etc/aislecast/s-door.password

The node says by itself which scanner of the shop it is. Unplugged, it is offline at the broker;
plugged in again, it is back by itself. While the broker is away the node keeps what it can, and
says how much was lost. One bridge serves one port. Ctrl-C or SIGTERM ends it.";

impl BridgeNode {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let mut shop = config::load(&self.config).map_err(Failure::Files)?;
        if let Some(broker) = &self.broker {
            shop.shell.broker = run::named(broker, &shop.shell.broker, shop.plan.store.as_str())?;
        }
        if let (Broker::External(external), Some(user)) = (&mut shop.shell.broker, self.user) {
            external.username = Some(user);
            external.password_file = self.password_file;
        }
        telemetry::start(shop.shell.log);
        let bridge = Bridge::new(self.port, &shop)?;
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(serve(&bridge))
    }
}

async fn serve(bridge: &Bridge) -> Result<(), Failure> {
    let (stopper, stop) = stop::channel();
    let served = async {
        let served = bridge.run(stop.clone()).await;
        stopper.request();
        served
    };
    let (served, signalled) = tokio::join!(served, house::signalled(&stopper, &stop));
    served?;
    signalled
}
