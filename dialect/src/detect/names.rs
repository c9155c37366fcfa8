//! Names that only one maker has at the outermost level of a message.

use super::Dialect;
use crate::walk::walk;
use protocol::beacon::Address;

/// Which dialect has these names, if any.
pub(super) fn guess(topic: &str, payload: &[u8]) -> Option<Dialect> {
    let mut names = Names::default();
    walk(payload, &mut |path, _| {
        let (outer, _) = path.names::<2>();
        names.note(outer);
    })
    .ok()?;
    names.dialect(topic)
}

/// Which names were met.
#[derive(Default)]
struct Names {
    gw_mac: bool,
    data: bool,
    tag: bool,
    msg_id: bool,
    device_info: bool,
    details: bool,
    service_data: bool,
    bthome: bool,
    address: bool,
    method: bool,
    params: bool,
    serial: bool,
    message: bool,
    time: bool,
    id: bool,
    rssi: bool,
    rssi_at_1m: bool,
}

impl Names {
    fn note(&mut self, [outer, inner]: [&str; 2]) {
        let known = match outer {
            "gw_mac" => &mut self.gw_mac,
            "data" if inner == "gw_mac" => &mut self.gw_mac,
            "data" => &mut self.data,
            "tag" | "reader" => &mut self.tag,
            "msg_id" => &mut self.msg_id,
            "device_info" => &mut self.device_info,
            "DetailsBLE" => &mut self.details,
            "service_data" => &mut self.service_data,
            "BTHome_version" | "pid" => &mut self.bthome,
            "addr" | "address" => &mut self.address,
            "method" => &mut self.method,
            "params" => &mut self.params,
            "serial" => &mut self.serial,
            "message" => &mut self.message,
            "Time" => &mut self.time,
            "id" => &mut self.id,
            "rssi" => &mut self.rssi,
            "rssi@1m" => &mut self.rssi_at_1m,
            _ => return,
        };
        *known = true;
    }

    fn dialect(&self, topic: &str) -> Option<Dialect> {
        let on_address = Address::parse(topic).is_some();
        Some(if self.msg_id && self.device_info {
            Dialect::Moko
        } else if self.gw_mac {
            Dialect::Ruuvi
        } else if self.tag || self.data && !self.id && !self.rssi && !self.method {
            Dialect::Ingics
        } else if self.details {
            Dialect::TasmotaBle
        } else if self.service_data && self.address
            || self.bthome && (self.address || on_address)
            || on_address && self.rssi
        {
            Dialect::ShellyBle
        } else if self.method && self.params {
            Dialect::Shelly
        } else if self.message && self.serial {
            Dialect::Axis
        } else if self.time {
            Dialect::Tasmota
        } else if self.rssi_at_1m {
            Dialect::Espresense
        } else if self.id && self.rssi {
            Dialect::Theengs
        } else {
            return None;
        })
    }
}
