//! Where decoders put what they read.

use crate::{
    Quantity,
    fact::{Device, Fact, Identity, Says, Sink, Source, Uuid, Value, Written},
};
use core::fmt::{Arguments, Write as _};
use heapless::String;
use protocol::beacon::{Address, Beacon};

/// Longest text made up here: versions, addresses, uuids.
const TEXT_MAX: usize = 64;

/// The facts of one frame on their way to a sink.
pub(super) struct Frame<'f, 'a> {
    source: Source<'a>,
    sink: &'f mut Sink<'f>,
    /// How often each quantity was already said.
    said: [u8; Quantity::ALL.len()],
    /// Whether a beacon was sighted. An exposure-style identifier is none: the
    /// phone that sends it may be known by its address.
    sighted: bool,
}

impl<'f, 'a> Frame<'f, 'a> {
    pub(super) fn new(source: Source<'a>, sink: &'f mut Sink<'f>) -> Self {
        Self {
            source,
            sink,
            said: [0; Quantity::ALL.len()],
            sighted: false,
        }
    }

    /// Where the frame comes from, if its address is known.
    pub(super) const fn address(&self) -> Option<Address> {
        match self.source.device {
            Some(Device::Radio(address, _)) => Some(address),
            Some(Device::Named(_)) | None => None,
        }
    }

    /// A quantity has a value.
    pub(super) fn measured(&mut self, quantity: Quantity, value: Value<'_>) {
        let nth = self.next(quantity);
        self.say(Says::Measured {
            quantity,
            nth,
            value,
        });
    }

    /// A quantity has this number.
    pub(super) fn number(&mut self, quantity: Quantity, number: impl Into<f64>) {
        self.measured(quantity, Value::Number(number.into()));
    }

    /// A quantity has `whole` parts of which `per_unit` make one unit. Dividing,
    /// unlike multiplying by 0.01, gives the number that prints as `25.06`.
    pub(super) fn ratio(&mut self, quantity: Quantity, whole: impl Into<f64>, per_unit: f64) {
        self.number(quantity, whole.into() / per_unit);
    }

    /// The same where a device may have nothing to say.
    pub(super) fn known(&mut self, quantity: Quantity, whole: Option<f64>, per_unit: f64) {
        if let Some(whole) = whole {
            self.ratio(quantity, whole, per_unit);
        }
    }

    /// Yes or no.
    pub(super) fn flag(&mut self, quantity: Quantity, flag: bool) {
        self.measured(quantity, Value::Flag(flag));
    }

    /// Counts a quantity that this frame holds without a value.
    pub(super) fn next(&mut self, quantity: Quantity) -> u8 {
        let said = &mut self.said[quantity as usize];
        let nth = *said;
        *said = said.saturating_add(1);
        nth
    }

    /// What a device says of itself.
    pub(super) fn about(&mut self, what: &'static str, value: Value<'_>) {
        self.say(Says::About { what, value });
    }

    /// A text that a device says of itself, up to its padding, if it is one.
    pub(super) fn text(&mut self, what: &'static str, bytes: &[u8]) {
        let bytes = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
        match core::str::from_utf8(bytes) {
            Ok("") => {}
            Ok(text) => self.about(what, Value::Text(text)),
            Err(_) => self.about(what, Value::Bytes(bytes)),
        }
    }

    /// A text put together from numbers.
    pub(super) fn written(&mut self, what: &'static str, text: Arguments<'_>) {
        let mut written = String::<TEXT_MAX>::new();
        if written.write_fmt(text).is_ok() {
            self.about(what, Value::Text(&written));
        }
    }

    /// The address that a frame carries in its body, most significant byte
    /// first; all ones mean that it has none.
    pub(super) fn mac(&mut self, mac: [u8; 6]) {
        if mac != [0xFF; 6] {
            self.written("mac", format_args!("{}", Written(Address(mac))));
        }
    }

    /// The same, least significant byte first.
    pub(super) fn mac_reversed(&mut self, mut mac: [u8; 6]) {
        mac.reverse();
        self.mac(mac);
    }

    /// A uuid that a device says of itself.
    pub(super) fn uuid(&mut self, what: &'static str, uuid: Uuid) {
        self.written(what, format_args!("{uuid}"));
    }

    /// Which format the frame has.
    pub(super) fn format(&mut self, format: &'static str) {
        self.about("format", Value::Text(format));
    }

    /// A beacon was heard.
    pub(super) fn beacon(&mut self, beacon: Beacon, reference_dbm: Option<i8>) {
        self.sighted = true;
        self.sighting(Identity::Beacon(beacon), reference_dbm);
    }

    /// Somebody was heard.
    pub(super) fn sighting(&mut self, identity: Identity<'_>, reference_dbm: Option<i8>) {
        self.say(Says::Sighting {
            identity,
            reference_dbm,
        });
    }

    /// Something happened.
    pub(super) fn happened(&mut self, what: &str, nth: u8, action: &str, amount: Option<f64>) {
        self.say(Says::Happened {
            what,
            nth,
            action,
            amount,
        });
    }

    /// The frame stays closed.
    pub(super) fn sealed(&mut self, format: &'static str, why: &'static str) {
        self.say(Says::Sealed { format, why });
    }

    /// Says it as it is.
    pub(super) fn say(&mut self, says: Says<'_>) {
        let source = self.source;
        (self.sink)(Fact { source, says });
    }

    /// Ends the frame: where nobody said who they are, the address was heard.
    pub(super) fn end(mut self) {
        if let (false, Some(Device::Radio(address, kind))) = (self.sighted, self.source.device) {
            self.sighting(Identity::Address(address, kind), None);
        }
    }
}
