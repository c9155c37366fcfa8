//! Which topics a badge opens, by the shop's files of today.

use super::{Badge, Bearer, Device, Errand, Kind};
use crate::{display::Kiosks, mqtt::Mqtt};
use config::{Display, FeedDevice, ScannerSource, SharedTopic, Shop};
use protocol::{
    id::{ScannerId, ScreenId, TillId},
    topic::{self, Desk, GATEWAY_SAYS, Topic},
};
use std::collections::BTreeSet;

/// Topics that a badge opens, as MQTT filters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grants {
    /// What it may be told.
    pub read: BTreeSet<String>,
    /// What it may say.
    pub write: BTreeSet<String>,
}

/// A device with a badge that the shop's files do not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{user} is the badge of {device}, which store.toml does not have (any more): \
     mend store.toml, or take the badge back with `aislecast enroll revoke {user}`"
)]
pub struct Missing {
    /// Whose badge.
    pub user: String,
    /// Which device.
    pub device: Device,
}

/// What a badge opens in a shop. What its missing devices would open stays shut.
pub fn grants(badge: &Badge, shop: &Shop) -> (Grants, Vec<Missing>) {
    let mut grants = Grants::default();
    let mut missing = Vec::new();
    match &badge.bearer {
        Bearer::Gateway => grants.gateway(shop),
        Bearer::System(errands) => {
            for errand in errands {
                grants.errand(*errand, shop);
            }
        }
        Bearer::Devices(devices) => {
            for device in devices {
                if grants.device(device, shop).is_none() {
                    missing.push(Missing {
                        user: badge.user.clone(),
                        device: device.clone(),
                    });
                }
            }
        }
    }
    grants.read.extend(badge.reads.iter().cloned());
    grants.write.extend(badge.writes.iter().cloned());
    (grants, missing)
}

/// Devices of this name in a shop, of whatever kind.
pub(crate) fn devices_named(name: &str, shop: &Shop) -> Vec<Device> {
    let named = |kind: &Kind| {
        let device = Device {
            kind: *kind,
            id: name.to_owned(),
        };
        Grants::default().device(&device, shop).map(|()| device)
    };
    Kind::ALL.iter().filter_map(named).collect()
}

impl Grants {
    fn reads(&mut self, filters: impl IntoIterator<Item = String>) {
        self.read.extend(filters);
    }

    fn writes(&mut self, filters: impl IntoIterator<Item = String>) {
        self.write.extend(filters);
    }

    /// Whatever stands below a topic that is a device's own, both ways: what it
    /// says, and what its maker's tools tell it.
    fn owns(&mut self, topic: &str) {
        let below = format!("{topic}/#");
        self.read.insert(below.clone());
        self.write.insert(below);
    }

    fn gateway(&mut self, shop: &Shop) {
        // What they are told to show opens no topic.
        let kiosks = Kiosks::new(&shop.shell, &shop.plan, |page: &str, _: &str| {
            page.to_owned()
        });
        let listens = Mqtt::filters(&shop.shell, &shop.plan, &kiosks, false);
        self.reads(listens.into_iter().map(|filter| filter.topic));
        let store = &shop.plan.store;
        let says = GATEWAY_SAYS.map(|tail| topic::filter(store, tail).to_string());
        self.writes(says);
        self.writes(kiosks.commands());
        let prefix = &shop.shell.outward.home_assistant;
        self.writes(prefix.iter().map(|prefix| format!("{prefix}/device/#")));
    }

    fn errand(&mut self, errand: Errand, shop: &Shop) {
        let store = &shop.plan.store;
        let spell = |topic: Topic| topic.text(store).to_string();
        let desks: &[Desk] = match errand {
            Errand::Customers => &[Desk::Profile, Desk::Withdraw, Desk::Forget],
            Errand::Baskets => &[Desk::Basket],
            Errand::Readings => &[Desk::Reading],
            Errand::Complaints => &[Desk::Complaint],
            Errand::Offers => {
                self.writes([spell(Topic::OffersSet)]);
                return self.reads([spell(Topic::OffersResult)]);
            }
            Errand::Watch => return self.watch(shop),
        };
        self.writes(desks.iter().map(|desk| spell(Topic::In(*desk))));
        self.reads([spell(Topic::Answer)]);
    }

    fn watch(&mut self, shop: &Shop) {
        let told = [
            "gateway/#",
            "zone/#",
            "screen/+/state",
            "node/+/status",
            "node/+/health",
            "out/event/+",
        ];
        let store = &shop.plan.store;
        self.reads(told.map(|tail| topic::filter(store, tail).to_string()));
        if let Some(prefix) = &shop.shell.outward.home_assistant {
            self.reads([format!("{prefix}/#")]);
            self.writes([format!("{prefix}/status")]);
        }
    }

    /// `None` for a device that the shop does not have.
    fn device(&mut self, device: &Device, shop: &Shop) -> Option<()> {
        let store = &shop.plan.store;
        let spell = |topic: Topic| topic.text(store).to_string();
        match device.kind {
            Kind::Scanner => {
                let id: ScannerId = device.id.parse().ok()?;
                let ix = shop.plan.scanner(&id)?;
                self.scanner(&id, &shop.shell.scanners[ix.at()], shop);
            }
            Kind::Sensor => {
                let sensors = &shop.plan.sensors;
                let ix = sensors.iter().position(|s| s.id.as_str() == device.id)?;
                match &shop.shell.sensors[ix] {
                    Some(feed) => self.feed(&feed.device, shop),
                    None => self.writes([spell(Topic::In(Desk::Reading))]),
                }
            }
            Kind::Screen => {
                let id: ScreenId = device.id.parse().ok()?;
                let ix = shop.plan.screens.iter().position(|s| s.id == id)?;
                if let Display::Touchkio { topic, .. } = &shop.shell.screens[ix] {
                    self.owns(topic);
                }
                self.reads([spell(Topic::ScreenCommand(id.clone()))]);
                self.writes([spell(Topic::ScreenReport(id))]);
            }
            Kind::Till => {
                let till = shop.shell.tills.iter().find(|t| t.id == device.id)?;
                let id: TillId = till.id.parse().ok()?;
                self.writes([spell(Topic::Till(id))]);
                self.reads([spell(Topic::Answer)]);
            }
        }
        Some(())
    }

    fn scanner(&mut self, id: &ScannerId, source: &ScannerSource, shop: &Shop) {
        match source {
            ScannerSource::Node => {
                let spell = |topic: fn(_) -> Topic| {
                    let topic: Topic = topic(id.clone());
                    topic.text(&shop.plan.store).to_string()
                };
                let says: [fn(_) -> Topic; 4] = [
                    Topic::NodeFrame,
                    Topic::NodeStatus,
                    Topic::NodeHealth,
                    Topic::NodeAsk,
                ];
                self.writes(says.map(spell));
                self.reads([spell(Topic::NodeTime)]);
            }
            ScannerSource::Theengs { base } | ScannerSource::OpenMqttGateway { base } => {
                self.owns(base);
            }
            ScannerSource::Espresense { room } => self.espresense(room),
            ScannerSource::RuuviGateway(SharedTopic { topic, .. })
            | ScannerSource::Ingics(SharedTopic { topic, .. })
            | ScannerSource::Minew(SharedTopic { topic, .. })
            | ScannerSource::MinewBinary(SharedTopic { topic, .. })
            | ScannerSource::ShellyScript { topic: Some(topic) } => self.owns(topic),
            // It publishes at its own address, which nobody knows before.
            ScannerSource::ShellyScript { topic: None } => self.writes(["+".to_owned()]),
            ScannerSource::Tasmota { topic } => self.tasmota(topic),
        }
    }

    /// Topics by <https://espresense.com/configuration/settings>: a node is set by its
    /// own room's topics and by those of the room `*`, and told of names by all.
    fn espresense(&mut self, room: &str) {
        self.owns(&format!("espresense/rooms/{room}"));
        self.reads(["rooms/*/#", "settings/#"].map(|tail| format!("espresense/{tail}")));
        self.writes([format!("espresense/devices/+/{room}")]);
    }

    /// Topics by <https://tasmota.github.io/docs/MQTT/>: `tele` and `stat` are what
    /// a device says, `cmnd` what it is told.
    fn tasmota(&mut self, topic: &str) {
        self.writes([format!("{topic}/#")]);
        if let Some(device) = topic.strip_prefix("tele/") {
            self.writes([format!("stat/{device}/#")]);
            self.reads([format!("cmnd/{device}/#")]);
        }
    }

    fn feed(&mut self, device: &FeedDevice, shop: &Shop) {
        match device {
            // Scanners hear it; it speaks to no broker.
            FeedDevice::Bluetooth { .. } => {}
            // The bridge speaks for the device, and for itself.
            FeedDevice::Zigbee2mqtt { base, .. } => self.owns(base),
            FeedDevice::Shelly { topic }
            | FeedDevice::Axis { topic }
            | FeedDevice::Homie { topic } => self.owns(topic),
            FeedDevice::Tasmota { topic } => self.tasmota(topic),
            FeedDevice::Mapped { mapper, .. } => {
                let mapper = shop.shell.mappers.iter().find(|m| m.id == *mapper);
                self.writes(mapper.map(|mapper| mapper.topic.filter()));
            }
        }
    }
}
