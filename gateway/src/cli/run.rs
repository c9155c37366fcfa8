//! `aislecast run`.

use super::{Failure, house::House, installed};
use crate::{access::Key, run::Files};
use anyhow::anyhow;
use clap::Args;
use config::{Broker, External, Tls};
use std::{net::SocketAddr, path::PathBuf};
use tracing::{info, warn};

/// Port of the embedded broker unless the shop's files name one.
const BROKER_LISTEN: ([u8; 4], u16) = ([127, 0, 0, 1], 1883);

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Run {
    /// The shop: a folder with a store.toml, or that file.
    #[arg(long, value_name = "PATH")]
    config: PathBuf,
    /// Keep ledger, cache and secret here instead of in `storage.dir`.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Serve console, screens and API here instead of at `http.listen`.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// `embedded`, or a broker's address; instead of what [broker] says.
    #[arg(long, value_name = "embedded|URL")]
    broker: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  aislecast run --config config/store.toml --broker embedded
  aislecast run --config config/ --data /var/lib/aislecast
  aislecast run --config config/ --broker mqtt://gateway@10.0.0.2:1883
  aislecast run --config config/ --broker 'mqtts://10.0.0.2?ca=/etc/aislecast/ca.pem'

The password of a broker is read from `broker.password_file` of the shop, never from the
command line, where every user of the machine could read it.

Changed files, or SIGHUP, make it take the shop's files in again; wrong ones change nothing.
Ctrl-C or SIGTERM ends it when everything promised is on the disk.";

impl Run {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let mut shop = config::load(&self.config).map_err(|problems| {
            let path = self.config.display();
            Failure::Usage(anyhow!("the shop {path} cannot be run\n\n{problems}"))
        })?;
        let shell = &mut shop.shell;
        if let Some(data) = self.data {
            shell.storage.dir = data;
        }
        if let Some(listen) = self.listen {
            shell.http.listen = listen;
        }
        if let Some(broker) = &self.broker {
            shell.broker = named(broker, &shell.broker, shop.plan.store.as_str())?;
        }
        if let Broker::Embedded {
            allow_anonymous: false,
            ..
        } = shell.broker
        {
            return Err(Failure::Usage(anyhow!(
                "the embedded broker asks nobody for a password: to try things out on this \
                 machine, add --broker embedded or set broker.allow_anonymous = true; in a shop \
                 set broker.mode = \"external\" and run mosquitto (docs/broker.md)"
            )));
        }
        let house = House {
            shop,
            files: Files::Shop(self.config),
            demo: false,
        };
        let warnings = house.shop.warnings.clone();
        house.run(async move |addresses, _| {
            for problem in warnings.iter() {
                warn!(
                    file = problem.file,
                    line = problem.line,
                    key = problem.key,
                    "{}",
                    problem.what
                );
            }
            info!(console = %format_args!("http://{}/", addresses.http), "ready");
            if let Some(code) = &addresses.code {
                welcome(addresses.http, code);
            }
            Ok(())
        })
    }
}

/// Tells whoever started the shop how to become its first operator. The code works
/// once, and only until there is an operator: it may stand in a journal.
fn welcome(http: SocketAddr, code: &Key) {
    let http = installed::for_others(http);
    println!(
        "\nThis shop has no operator yet. Open\n\n  http://{http}/enter#{}\n\n\
         and choose a name and a password; or open /enter from another machine and type the\n\
         code behind the #. It works once, for a day; `aislecast account code` draws another.\n",
        code.reveal()
    );
}

/// What the command line calls a broker. The password, and the client id, stay
/// those of the shop's files.
pub(super) fn named(text: &str, of_files: &Broker, store: &str) -> Result<Broker, Failure> {
    if text == "embedded" {
        let listen = match of_files {
            Broker::Embedded { listen, .. } => *listen,
            Broker::External(_) => BROKER_LISTEN.into(),
        };
        return Ok(Broker::Embedded {
            listen,
            allow_anonymous: true,
        });
    }
    let given = link::Settings::from_url(text, String::new())
        .map_err(|error| Failure::Usage(anyhow!("--broker {text}: {error}")))?;
    let username = match given.credentials {
        Some((_, password)) if !password.is_empty() => {
            return Err(Failure::Usage(anyhow!(
                "--broker: a password on the command line can be read by every user of this \
                 machine; put it into a file and name that under broker.password_file"
            )));
        }
        credentials => credentials.map(|(username, _)| username),
    };
    let known = match of_files {
        Broker::External(known) => Some(known),
        Broker::Embedded { .. } => None,
    };
    let tls = given.tls.map(|tls| {
        let ca_file = tls
            .ca_file
            .or_else(|| Some(known?.tls.as_ref()?.ca_file.clone()));
        let ca_file = ca_file.ok_or_else(|| {
            Failure::Usage(anyhow!(
                "--broker: add ?ca=FILE, the authority that signed the broker's certificate"
            ))
        });
        Ok::<_, Failure>(Tls {
            ca_file: ca_file?,
            client: tls.client,
        })
    });
    Ok(Broker::External(External {
        host: given.host,
        port: given.port,
        client_id: known.map_or_else(|| format!("aislecast-{store}"), |k| k.client_id.clone()),
        username: username.or_else(|| known?.username.clone()),
        password_file: known.and_then(|k| k.password_file.clone()),
        tls: tls.transpose()?,
        keep_alive: known.map_or(link::KEEP_ALIVE, |k| k.keep_alive),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn embedded(port: u16) -> Broker {
        Broker::Embedded {
            listen: ([127, 0, 0, 1], port).into(),
            allow_anonymous: true,
        }
    }

    #[test]
    fn a_broker_on_the_command_line_replaces_that_of_the_files() {
        assert_eq!(named("embedded", &embedded(7), "s").ok(), Some(embedded(7)));
        let Ok(Broker::External(plain)) = named("mqtt://gate@10.0.0.2", &embedded(7), "s") else {
            panic!("an address names an external broker");
        };
        assert_eq!((plain.host.as_str(), plain.port), ("10.0.0.2", 1883));
        assert_eq!(plain.username.as_deref(), Some("gate"));
        assert_eq!(plain.client_id, "aislecast-s");
        for refused in [
            "10.0.0.2",
            "mqtt://gate:secret@10.0.0.2",
            "mqtts://10.0.0.2",
        ] {
            let refusal = named(refused, &embedded(7), "s");
            assert!(matches!(refusal, Err(Failure::Usage(_))), "{refused}");
        }
    }
}
