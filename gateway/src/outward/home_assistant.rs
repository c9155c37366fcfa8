//! Zones, screens and the gateway as devices of Home Assistant
//! ([MQTT discovery](https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery),
//! one retained configuration for each device; its keys are checked by
//! `homeassistant/components/mqtt/schemas.py`). Never a person.

use super::state::Retained;
use engine::plan::StorePlan;
use protocol::topic::Topic;
use serde_json::{Value, json};

const SUPPORT: &str = env!("CARGO_PKG_REPOSITORY");
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Topic at which Home Assistant says that it is back, with [`BIRTH`].
pub(super) fn birth_topic(prefix: &str) -> String {
    format!("{prefix}/status")
}

/// What it says then.
pub(super) const BIRTH: &[u8] = b"online";

/// The configuration of every device.
pub(super) fn configurations(prefix: &str, plan: &StorePlan) -> Retained {
    let zones = plan.zones.iter().map(|zone| zone_device(plan, zone));
    let screens = plan
        .screens
        .iter()
        .map(|screen| screen_device(plan, screen));
    [gateway_device(plan)]
        .into_iter()
        .chain(zones)
        .chain(screens)
        .map(|device| device.message(prefix, plan))
        .collect()
}

/// One device. An underscore parts its names, none of which holds one.
struct Device {
    /// `aislecast_quan-1_zone_dairy`.
    id: String,
    name: String,
    model: &'static str,
    /// Through which device it is reached.
    via: Option<String>,
    state: Topic,
    components: Vec<Component>,
}

/// One entity.
struct Component {
    key: &'static str,
    platform: &'static str,
    name: &'static str,
    /// From the JSON of the state to a value.
    template: &'static str,
    /// What else its platform takes.
    more: Value,
}

fn gateway_id(plan: &StorePlan) -> String {
    format!("aislecast_{}", plan.store)
}

fn gateway_device(plan: &StorePlan) -> Device {
    Device {
        id: gateway_id(plan),
        name: plan.name.clone(),
        model: "Gateway",
        via: None,
        state: Topic::GatewayHealth,
        components: vec![
            Component {
                key: "problem",
                platform: "binary_sensor",
                name: "Problem",
                template: "{{ 'OFF' if value_json.healthy else 'ON' }}",
                more: json!({"device_class": "problem", "entity_category": "diagnostic"}),
            },
            Component {
                key: "problems",
                platform: "sensor",
                name: "Problems",
                template: "{{ value_json.problems | count }}",
                more: json!({"state_class": "measurement", "entity_category": "diagnostic"}),
            },
        ],
    }
}

fn zone_device(plan: &StorePlan, zone: &engine::plan::Zone) -> Device {
    Device {
        id: format!("{}_zone_{}", gateway_id(plan), zone.id),
        name: zone.label.clone(),
        model: "Zone",
        via: Some(gateway_id(plan)),
        state: Topic::ZoneState(zone.id.clone()),
        components: vec![
            Component {
                key: "people_min",
                platform: "sensor",
                name: "People at least",
                template: "{{ value_json.people_min }}",
                more: json!({
                    "state_class": "measurement",
                    "unit_of_measurement": "people",
                    "icon": "mdi:account-group",
                }),
            },
            Component {
                key: "busy",
                platform: "binary_sensor",
                name: "Busy",
                template: "{{ 'ON' if value_json.busy else 'OFF' }}",
                more: json!({"device_class": "occupancy"}),
            },
        ],
    }
}

fn screen_device(plan: &StorePlan, screen: &engine::plan::Screen) -> Device {
    Device {
        id: format!("{}_screen_{}", gateway_id(plan), screen.id),
        name: screen.label.clone(),
        model: "Screen",
        via: Some(gateway_id(plan)),
        state: Topic::ScreenState(screen.id.clone()),
        components: vec![
            Component {
                key: "offer",
                platform: "sensor",
                name: "Shows",
                template: "{{ value_json.offer or 'house loop' }}",
                more: json!({"icon": "mdi:monitor"}),
            },
            Component {
                key: "problem",
                platform: "binary_sensor",
                name: "Problem",
                template: "{{ 'ON' if value_json.problem else 'OFF' }}",
                more: json!({"device_class": "problem", "entity_category": "diagnostic"}),
            },
        ],
    }
}

impl Device {
    fn message(self, prefix: &str, plan: &StorePlan) -> (String, Vec<u8>) {
        let topic = |topic: &Topic| topic.text(&plan.store).to_string();
        let components: serde_json::Map<_, _> = self
            .components
            .iter()
            .map(|component| (component.key.to_owned(), component.configuration(&self.id)))
            .collect();
        let mut configuration = json!({
            "device": {
                "identifiers": [self.id],
                "name": self.name,
                "manufacturer": "Aislecast",
                "model": self.model,
                "sw_version": VERSION,
            },
            "origin": {"name": "Aislecast", "sw_version": VERSION, "support_url": SUPPORT},
            "availability_topic": topic(&Topic::GatewayStatus),
            "state_topic": topic(&self.state),
            "qos": 1,
            "components": components,
        });
        if let Some(via) = self.via {
            configuration["device"]["via_device"] = via.into();
        }
        let at = format!("{prefix}/device/{}/config", self.id);
        (at, configuration.to_string().into_bytes())
    }
}

impl Component {
    fn configuration(&self, device: &str) -> Value {
        let mut configuration = self.more.clone();
        configuration["platform"] = self.platform.into();
        configuration["name"] = self.name.into();
        configuration["unique_id"] = format!("{device}_{}", self.key).into();
        configuration["value_template"] = self.template.into();
        configuration
    }
}
