//! Shoppers' fobs as scanners of three makes hear them.

use crate::{mqtt::Client, site::topic};
use protocol::{
    beacon::Beacon,
    frame::{MAX_BYTES, NodeFrame, NodeSighting},
};
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

/// A usual fob sends ten packets a second; a scanner hears some of them.
const EVERY: Duration = Duration::from_millis(200);

/// A loyalty fob: an iBeacon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fob {
    /// Proximity UUID.
    pub uuid: [u8; 16],
    /// Group.
    pub major: u16,
    /// Member.
    pub minor: u16,
}

impl Fob {
    /// One of the test shop's fobs.
    pub const fn of_the_shop(minor: u16) -> Self {
        Self {
            uuid: *b"\xa1\x5e\xca\x57\0\0\x40\0\x80\0\0\0\0\0\0\x01",
            major: 7,
            minor,
        }
    }

    /// The UUID as iBeacon tools write it.
    pub fn uuid_text(&self) -> String {
        let hex = self.uuid_hex();
        let parts = [
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..],
        ];
        parts.join("-")
    }

    /// The UUID without dashes, as Theengs writes it.
    pub fn uuid_hex(&self) -> String {
        self.uuid
            .iter()
            .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    }

    /// As a frame of a node carries it.
    pub fn beacon(&self) -> Beacon {
        Beacon::IBeacon {
            uuid: self.uuid,
            major: self.major,
            minor: self.minor,
        }
    }
}

/// What ESPresense in room `room` publishes about a fob.
pub fn espresense(fob: &Fob, room: &str, rssi_dbm: f32) -> (String, String) {
    let id = format!("iBeacon:{}-{}-{}", fob.uuid_text(), fob.major, fob.minor);
    let payload = json!({
        "mac": "dd8800003777", "id": id, "rssi@1m": -59, "rssi": rssi_dbm, "rxAdj": 0,
        "rssiVar": 7.42, "distance": 2.58, "var": 4.0, "int": 200
    });
    let topic = format!("espresense/devices/{id}/{room}");
    (topic, payload.to_string())
}

/// What Theengs below `base` publishes about a fob.
pub fn theengs(fob: &Fob, base: &str, rssi_dbm: i32) -> (String, String) {
    let payload = json!({
        "id": "58:78:20:76:BC:24", "mac_type": 1, "rssi": rssi_dbm, "brand": "GENERIC",
        "model": "iBeacon", "model_id": "IBEACON", "mfid": "4c00", "uuid": fob.uuid_hex(),
        "major": fob.major, "minor": fob.minor, "txpower": -59
    });
    (format!("{base}/BTtoMQTT/58782076BC24"), payload.to_string())
}

/// What a node of ours publishes about a fob.
pub fn node(fob: &Fob, scanner: &str, sequence: u32, rssi_dbm: i8) -> (String, Vec<u8>) {
    let sighting = NodeSighting {
        beacon: fob.beacon(),
        rssi_mean_dbm: rssi_dbm,
        rssi_max_dbm: rssi_dbm,
        count: 5,
        reference_dbm: Some(-59),
        age_ms: 100,
    };
    let frame = NodeFrame {
        made: None,
        boot: 42,
        sequence,
        uptime_ms: sequence.wrapping_mul(1_000),
        dropped: 0,
        sightings: [sighting].into_iter().collect(),
        readings: heapless::Vec::new(),
    };
    let mut buffer = [0; MAX_BYTES];
    let bytes = frame
        .encode(&mut buffer)
        .expect("the buffer holds any frame");
    (topic(&format!("node/{scanner}/frame")), bytes.to_vec())
}

/// Fobs that stay in the dairy zone of the test shop until dropped, heard well by
/// the ESPresense there and weakly by the Theengs further off. A broker that goes away is waited for.
#[derive(Debug)]
pub struct InTheDairy {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl InTheDairy {
    /// Lets them in.
    pub fn with(broker_port: u16, fobs: Vec<Fob>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let seen = stop.clone();
        let thread = thread::spawn(move || {
            let mut round = 0_u16;
            while !seen.load(Ordering::Relaxed) {
                let _ = stay(broker_port, &fobs, &mut round, &seen);
                thread::sleep(EVERY);
            }
        });
        Self {
            stop,
            thread: Some(thread),
        }
    }
}

fn stay(port: u16, fobs: &[Fob], round: &mut u16, stop: &AtomicBool) -> std::io::Result<()> {
    let mut client = Client::connect(port, "espresense-dairy")?;
    while !stop.load(Ordering::Relaxed) {
        for fob in fobs {
            // A radio is never still: a strength that stands is taken for a frozen sender.
            let rssi = -48.0 - f32::from((*round * 7 + fob.minor % 5 * 3) % 5);
            let (topic, payload) = espresense(fob, "dairy", rssi);
            client.publish(&topic, payload.as_bytes())?;
            let (topic, payload) = theengs(fob, "home/gateway-1", rssi as i32 - 25);
            client.publish(&topic, payload.as_bytes())?;
            *round = round.wrapping_add(1) % 1_000;
        }
        client.flush()?;
        thread::sleep(EVERY);
    }
    Ok(())
}

impl Drop for InTheDairy {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
