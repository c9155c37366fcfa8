//! A kiosk with `TouchKio`, as in `js/integration.js` 1.4.2: retained states,
//! commands, and a will that says `Terminated`.

use crate::mqtt::Client;
use std::io;

/// A kiosk at the broker.
#[derive(Debug)]
pub struct Kiosk {
    client: Client,
    root: String,
}

impl Kiosk {
    /// Connects, says what it shows, and listens to its commands.
    pub fn connect(port: u16, root: &str, url: &str) -> io::Result<Self> {
        let will = (format!("{root}/kiosk/state"), "Terminated");
        let name = root.replace('/', "-");
        let client = Client::connect_with_will(port, &name, (&will.0, will.1.as_bytes()))?;
        let mut kiosk = Self {
            client,
            root: root.to_owned(),
        };
        for command in [
            "page_url/set",
            "refresh/execute",
            "kiosk/set",
            "display/power/set",
        ] {
            kiosk.client.subscribe(&format!("{root}/{command}"))?;
        }
        kiosk.says("kiosk/state", "Fullscreen")?;
        kiosk.says("display/power/state", "ON")?;
        kiosk.says("page_url/state", url)?;
        kiosk.says("heartbeat/state", "2026-11-22T08:00:00")?;
        Ok(kiosk)
    }

    /// Publishes a state: retained.
    pub fn says(&mut self, tail: &str, payload: &str) -> io::Result<()> {
        let topic = format!("{}/{tail}", self.root);
        self.client.publish_retained(&topic, payload.as_bytes())
    }

    /// The next command: what follows the root in its topic, and its payload.
    pub fn command(&mut self) -> io::Result<(String, String)> {
        let (topic, payload) = self.client.message()?;
        let tail = topic.strip_prefix(&self.root).unwrap_or(&topic);
        let tail = tail.trim_start_matches('/').to_owned();
        Ok((tail, String::from_utf8_lossy(&payload).into_owned()))
    }
}
