//! What mosquitto reads: settings, passwords, and who may say and hear what.

use super::{Badge, Grants};
use serde::{Deserialize, Serialize};
use std::{fmt::Write as _, path::Path};

const HEAD: &str = "# Written by `aislecast enroll`, anew each time: do not edit.\n";
/// Most messages that the broker keeps for a gateway that restarts.
const QUEUED_MAX: usize = 10_000;

/// Where the broker is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listeners {
    /// Names and addresses that its certificate holds.
    pub hosts: Vec<String>,
    /// Port with TLS.
    pub tls_port: u16,
    /// Port without TLS, for nodes that cannot; passwords are readable on the way.
    pub plain_port: Option<u16>,
}

impl Default for Listeners {
    fn default() -> Self {
        Self {
            hosts: vec!["localhost".to_owned(), "127.0.0.1".to_owned()],
            tls_port: 8883,
            plain_port: None,
        }
    }
}

/// Settings of a broker whose files lie in `dir`: mosquitto 2.0 and later
/// (`mosquitto.conf(5)`).
pub fn settings(listeners: &Listeners, dir: &Path) -> String {
    let dir = dir.display();
    let max_packet = link::MAX_PACKET;
    let mut text = format!(
        "{HEAD}# Nobody gets in without a name and a password, or speaks for somebody else.\n\
         allow_anonymous false\n\
         password_file {dir}/passwords\n\
         acl_file {dir}/topics\n\
         set_tcp_nodelay true\n\
         max_packet_size {max_packet}\n\
         max_queued_messages {QUEUED_MAX}\n\n\
         listener {}\n\
         certfile {dir}/broker.pem\n\
         keyfile {dir}/broker.key\n\
         use_username_as_clientid true\n",
        listeners.tls_port
    );
    if let Some(port) = listeners.plain_port {
        let _ = write!(
            text,
            "\n# Without TLS: passwords can be read on the way. For nodes that cannot do better.\n\
             listener {port}\n\
             use_username_as_clientid true\n"
        );
    }
    text
}

/// The password file: a line for every badge.
pub fn passwords(badges: &[Badge]) -> String {
    badges.iter().fold(String::new(), |mut text, badge| {
        let _ = writeln!(text, "{}:{}", badge.user, badge.password.text());
        text
    })
}

/// The list of who may say and hear what; whatever is not in it is refused.
pub fn access_list<'g>(grants: impl IntoIterator<Item = (&'g str, &'g Grants)>) -> String {
    let mut text = HEAD.to_owned();
    for (user, Grants { read, write }) in grants {
        let _ = writeln!(text, "\nuser {user}");
        for filter in read.intersection(write) {
            let _ = writeln!(text, "topic readwrite {filter}");
        }
        for filter in read.difference(write) {
            let _ = writeln!(text, "topic read {filter}");
        }
        for filter in write.difference(read) {
            let _ = writeln!(text, "topic write {filter}");
        }
    }
    text
}
