//! `aislecast node`: what a node is told before it is put up.

use super::{Failure, installed::usual_shop};
use anyhow::{Context as _, anyhow};
use clap::Args;
use config::ScannerSource;
use protocol::settings::{Allowed, MAX_BYTES, Settings, Wifi};
use std::{
    fs,
    net::Ipv4Addr,
    path::{Path, PathBuf},
};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Node {
    /// Its name: a scanner of source "node" in the shop's store.toml.
    #[arg(value_name = "SCANNER")]
    name: String,
    /// The shop: a folder with a store.toml, or that file.
    #[arg(long, value_name = "PATH", default_value_os_t = usual_shop())]
    config: PathBuf,
    /// Where the node finds the broker: an IPv4 address.
    #[arg(long, value_name = "ADDRESS")]
    broker: Ipv4Addr,
    /// The broker's port.
    #[arg(long, value_name = "PORT", default_value_t = 1883)]
    port: u16,
    /// The node's name at the broker, if that asks for one.
    #[arg(long, value_name = "NAME", default_value = "")]
    user: String,
    /// File that holds the node's password at the broker, and nothing else.
    #[arg(long, value_name = "FILE", requires = "user")]
    password_file: Option<PathBuf>,
    /// What may leave the node; nothing else ever does.
    #[arg(long, value_name = "BEACONS", required = true)]
    allow: Vec<String>,
    /// The wireless network that the node is to be in, if it has a radio for that.
    #[arg(long, value_name = "NAME")]
    wifi: Option<String>,
    /// File that holds the network's password, and nothing else.
    #[arg(long, value_name = "FILE", requires = "wifi")]
    wifi_password_file: Option<PathBuf>,
    /// Where to write them.
    #[arg(long, value_name = "FILE", default_value = "settings.bin")]
    output: PathBuf,
}

const EXAMPLES: &str = "\
Examples:
  aislecast node s-entrance --broker 192.168.1.10 \\
      --allow ibeacon:a15eca57-0000-4000-8000-000000000001 --allow eddystone-eid
  aislecast node s-dairy --broker 192.168.1.10 --allow eddystone-eid \\
      --wifi Shop --wifi-password-file wifi.password

BEACONS is ibeacon:<uuid>, eddystone-uid:<namespace>, altbeacon:<owner>, eddystone-eid or
private-address; the last lets bare addresses of phones through, strangers' too, for shops that
enrol phones by their key. docs/hardware.md says how the file gets into a node.";

impl Node {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let settings = self.settings()?;
        let mut room = [0; MAX_BYTES];
        let mut bytes = settings.write(&mut room)?.to_vec();
        if let Some(wifi) = self.wifi()? {
            // As blank memory is.
            bytes.resize(MAX_BYTES, 0xFF);
            bytes.extend(wifi.write(&mut room)?);
        }
        fs::write(&self.output, &bytes)
            .with_context(|| format!("failed to write {}", self.output.display()))?;
        println!(
            "{}: {} bytes, settings of {} in {}",
            self.output.display(),
            bytes.len(),
            settings.node,
            settings.store
        );
        Ok(())
    }

    fn settings(&self) -> Result<Settings, Failure> {
        let shop = config::load(&self.config).map_err(Failure::Files)?;
        let found = self.name.parse().ok().and_then(|id| shop.plan.scanner(&id));
        let scanner = found.filter(|ix| shop.shell.scanners[ix.at()] == ScannerSource::Node);
        let Some(scanner) = scanner else {
            return Err(Failure::Usage(anyhow!(
                "{} has no scanner {:?} of source \"node\"",
                self.config.display(),
                self.name
            )));
        };
        let password = secret(self.password_file.as_deref())?;
        Ok(Settings {
            store: shop.plan.store.clone(),
            node: shop.plan.scanners[scanner.at()].id.clone(),
            broker: self.broker.octets(),
            port: self.port,
            user: short(&self.user, "--user", 64)?,
            password: short(&password, "the password", 64)?,
            allowed: self.allowed()?,
        })
    }

    fn wifi(&self) -> Result<Option<Wifi>, Failure> {
        let Some(ssid) = &self.wifi else {
            return Ok(None);
        };
        let password = secret(self.wifi_password_file.as_deref())?;
        Ok(Some(Wifi {
            ssid: short(ssid, "--wifi", 32)?,
            password: short(&password, "the network's password", 64)?,
        }))
    }

    fn allowed(&self) -> Result<Allowed, Failure> {
        let mut allowed = Allowed::NOTHING;
        for text in &self.allow {
            let taken = allowed.allow(text);
            taken.map_err(|why| Failure::Usage(anyhow!("--allow {text}: {why}")))?;
        }
        Ok(allowed)
    }
}

/// What a file holds, or nothing.
fn secret(path: Option<&Path>) -> Result<String, Failure> {
    let Some(path) = path else {
        return Ok(String::new());
    };
    let text = fs::read_to_string(path);
    let text = text.with_context(|| format!("failed to read {}", path.display()))?;
    // Editors end a file with a line feed that is no part of the password.
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn short<'t, T: TryFrom<&'t str>>(text: &'t str, what: &str, most: usize) -> Result<T, Failure> {
    let long = |_| {
        Failure::Usage(anyhow!(
            "{what} is longer than the {most} bytes that a node keeps"
        ))
    };
    text.try_into().map_err(long)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(name: &str, allow: &str) -> Node {
        Node {
            name: name.to_owned(),
            config: "../config".into(),
            broker: Ipv4Addr::new(192, 168, 1, 10),
            port: 1883,
            user: String::new(),
            password_file: None,
            allow: vec![allow.to_owned()],
            wifi: None,
            wifi_password_file: None,
            output: "unused".into(),
        }
    }

    #[test]
    fn settings_are_those_of_a_node_of_the_shop() {
        let settings = node("s-snacks", "eddystone-eid").settings();
        let settings = settings.unwrap_or_else(|_| panic!("the demo shop has it"));
        assert_eq!(settings.node.as_str(), "s-snacks");
        assert_eq!(settings.broker, [192, 168, 1, 10]);
        assert!(settings.allowed.eddystone_eid);
        for (name, allow) in [
            ("s-nowhere", "eddystone-eid"),
            ("s-rice", "eddystone-eid"),
            ("s-snacks", "everything"),
        ] {
            assert!(node(name, allow).settings().is_err(), "{name} {allow}");
        }
    }
}
