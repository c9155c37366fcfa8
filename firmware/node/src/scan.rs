//! From advertisements to at most one sighting per beacon and window.

use crate::uptime::Uptime;
use heapless::Vec;
use protocol::{
    advert,
    beacon::{Address, Beacon},
    frame::{MAX_SIGHTINGS, NodeSighting},
    settings::Allowed,
};

/// One advertisement as the radio hands it over.
#[derive(Debug, Clone, Copy)]
pub struct Advert<'a> {
    /// Sender, and whether its address is random.
    pub address: Option<(Address, bool)>,
    /// Advertising data.
    pub data: &'a [u8],
    /// Signal strength, dBm.
    pub rssi_dbm: i8,
}

/// What became of one packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packet {
    /// It counts in the window's sighting of its beacon.
    Kept,
    /// It may not leave the node.
    Refused,
    /// For want of room this many packets are gone, itself or weaker ones.
    Dropped(u8),
}

/// The sightings of one window.
#[derive(Debug)]
pub(crate) struct Scanner {
    allowed: Allowed,
    window: Vec<Tally, MAX_SIGHTINGS>,
}

#[derive(Debug)]
struct Tally {
    beacon: Beacon,
    sum_dbm: i32,
    max_dbm: i8,
    count: u8,
    reference_dbm: Option<i8>,
    last: Uptime,
}

impl Scanner {
    pub(crate) const fn new(allowed: Allowed) -> Self {
        Self {
            allowed,
            window: Vec::new(),
        }
    }

    pub(crate) fn hear(&mut self, now: Uptime, advert: Advert<'_>) -> Packet {
        let Some(heard) = advert::beacon(advert.address, advert.data)
            .filter(|heard| self.allowed.lets(&heard.beacon))
        else {
            return Packet::Refused;
        };
        let known = self.window.iter_mut().find(|t| t.beacon == heard.beacon);
        if let Some(tally) = known {
            return tally.add(now, advert.rssi_dbm);
        }
        let tally = Tally {
            beacon: heard.beacon,
            sum_dbm: i32::from(advert.rssi_dbm),
            max_dbm: advert.rssi_dbm,
            count: 1,
            reference_dbm: heard.reference_dbm,
            last: now,
        };
        match self.window.push(tally) {
            Ok(()) => Packet::Kept,
            Err(tally) => self.displace(tally),
        }
    }

    /// In a full window the weakest goes: it is farthest from the node and is
    /// likely to be heard better by another one.
    fn displace(&mut self, tally: Tally) -> Packet {
        let weakest = self.window.iter_mut().min_by_key(|t| t.max_dbm);
        match weakest {
            Some(weakest) if weakest.max_dbm < tally.max_dbm => {
                let gone = weakest.count;
                *weakest = tally;
                Packet::Dropped(gone)
            }
            Some(_) | None => Packet::Dropped(1),
        }
    }

    /// Packets in the window.
    pub(crate) fn waiting(&self) -> u32 {
        self.window.iter().map(|t| u32::from(t.count)).sum()
    }

    /// Ends the window.
    pub(crate) fn take(&mut self, now: Uptime) -> Vec<NodeSighting, MAX_SIGHTINGS> {
        let sightings = self.window.iter().map(|t| t.sighting(now)).collect();
        self.window.clear();
        sightings
    }
}

impl Tally {
    fn add(&mut self, now: Uptime, rssi_dbm: i8) -> Packet {
        // 255 packets a second is more than twice what a beacon may send on
        // three channels (Bluetooth Core 5.4, Vol 6, Part B, 4.4.2.2.1: 20 ms).
        let Some(count) = self.count.checked_add(1) else {
            return Packet::Dropped(1);
        };
        self.count = count;
        self.sum_dbm += i32::from(rssi_dbm);
        self.max_dbm = self.max_dbm.max(rssi_dbm);
        self.last = now;
        Packet::Kept
    }

    fn sighting(&self, now: Uptime) -> NodeSighting {
        let count = i32::from(self.count);
        NodeSighting {
            beacon: self.beacon,
            // Half away from zero: signal strengths are below it.
            rssi_mean_dbm: ((2 * self.sum_dbm - count) / (2 * count)) as i8,
            rssi_max_dbm: self.max_dbm,
            count: self.count,
            reference_dbm: self.reference_dbm,
            age_ms: now.age(self.last),
        }
    }
}
