//! Facts as JSON: one flat object each. `docs/facts.md` describes them to
//! integrators, `docs/facts.schema.json` to their programs.

mod identity;
mod text;

use crate::{
    distance,
    fact::{AddressKind, Device, Fact, Says, Source, Time, Under, Value},
    gs1::Code,
    till::Receipt,
};
use core::fmt;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};
use text::{AddressText, Hex, Moment, Name, Number, UuidText};

/// One fact, flat.
///
/// `kind` says which of the other properties there are; those that a fact does
/// not have are left out.
#[derive(Default, Serialize, JsonSchema)]
#[serde(rename = "fact")]
pub struct Record<'a> {
    kind: Kind,

    /// Sighting: of what kind the identity is.
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_kind: Option<&'static str>,
    /// Sighting: who says to be there. An iBeacon and an `AltBeacon` as
    /// `uuid-major-minor`, an Eddystone-UID as `namespace-instance`, everything
    /// else as lower-case hexadecimal, an address as `AA:BB:CC:DD:EE:FF`.
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<identity::Text<'a>>,
    /// Sighting of an iBeacon or `AltBeacon`: whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    uuid: Option<UuidText>,
    /// Sighting of an iBeacon or `AltBeacon`: group.
    #[serde(skip_serializing_if = "Option::is_none")]
    major: Option<u16>,
    /// Sighting of an iBeacon or `AltBeacon`: member.
    #[serde(skip_serializing_if = "Option::is_none")]
    minor: Option<u16>,
    /// Sighting of an Eddystone-UID: whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<Hex<'a>>,
    /// Sighting of an Eddystone-UID: which it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<Hex<'a>>,
    /// Sighting: signal strength one metre away as the frame states it, dBm.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference_dbm: Option<i8>,

    /// Sighting: a guess at the distance by the ratio of strengths, metres. It
    /// jumps threefold from one packet to the next, and nothing is decided by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_m: Option<Number>,

    /// Happened: to what. About: which property.
    #[serde(skip_serializing_if = "Option::is_none")]
    what: Option<&'a str>,

    /// Measured: what.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "quantities")]
    quantity: Option<&'static str>,
    /// Measured, about: a number, `true` or `false`, a text, or bytes as
    /// lower-case hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "values")]
    value: Option<Scalar<'a>>,
    /// Measured: unit of the value as UCUM writes it; counts and flags have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'static str>,
    /// Measured, happened: counts from 0 where one message holds the same
    /// several times, or the device's own number of the channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    nth: Option<u8>,
    /// Measured `device_clock`: the value as a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<Moment>,

    /// Happened: what it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<&'a str>,
    /// Happened: how much, such as steps of a dimmer.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Number>,

    /// Data: service whose data it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<UuidText>,
    /// Data: company whose data it is, as four hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<Hex<'a>>,
    /// Data: the bytes behind uuid or company, as lower-case hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Hex<'a>>,

    /// Online: whether device or scanner came or went.
    #[serde(skip_serializing_if = "Option::is_none")]
    online: Option<bool>,

    /// Sealed: which format stays closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
    /// Sealed: why, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,

    /// Code: what the code says, or why it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a Code>,
    /// Receipt: the basket, as the till wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "receipts")]
    receipt: Option<&'a Receipt<'a>>,

    /// Who spoke: address of a radio device, or name of another.
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<Name<'a>>,
    /// What is known of the device's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    address_kind: Option<&'static str>,
    /// Who heard it, as topic or message name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    scanner: Option<&'a str>,
    /// Signal strength at the scanner, dBm.
    #[serde(skip_serializing_if = "Option::is_none")]
    rssi_dbm: Option<Number>,
    time: When<'a>,
}

/// Which kind of fact it is.
#[derive(Debug, Clone, Copy, Default, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// Somebody or something was heard.
    #[default]
    Sighting,
    /// A quantity has a value.
    Measured,
    /// Something happened: a press, a turn, a tag held to a reader.
    Happened,
    /// What a device says of itself.
    About,
    /// What a frame carried, whether or not it was understood.
    Data,
    /// Device or scanner came or went.
    Online,
    /// A frame is encrypted and stays closed, or must not be read.
    Sealed,
    /// A code of GS1: what a coupon, a screen or a receipt carries.
    Code,
    /// A till closed, voided or took back a basket.
    Receipt,
}

/// When it was said.
#[derive(Default, Serialize, JsonSchema)]
struct When<'a> {
    /// The time as the sender gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Moment>,
    /// The time as the sender writes it, where it cannot be placed.
    #[serde(skip_serializing_if = "Option::is_none")]
    local: Option<&'a str>,
    trust: Trust,
}

/// How far a time can be trusted.
#[derive(Debug, Clone, Copy, Default, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Trust {
    /// The message does not say: the moment of receipt is all there is.
    #[default]
    Receipt,
    /// By the sender's clock, which may be wrong.
    Sender,
    /// A local time without its zone.
    Zoneless,
}

/// A value of any kind.
#[derive(Clone, Copy)]
struct Scalar<'a>(Value<'a>);

impl Serialize for Scalar<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Number(number) => Number::from(number).serialize(serializer),
            Value::Flag(flag) => serializer.serialize_bool(flag),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Bytes(bytes) => Hex(bytes.into()).serialize(serializer),
        }
    }
}

impl fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}(redacted)", self.kind)
    }
}

/// The JSON Schema of a fact.
pub fn schema() -> Schema {
    schemars::schema_for!(Record<'_>)
}

fn quantities(_: &mut SchemaGenerator) -> Schema {
    let names = crate::Quantity::ALL.iter().map(|quantity| quantity.name());
    let names: Vec<&str> = names.collect();
    schemars::json_schema!({ "type": "string", "enum": names })
}

fn receipts(_: &mut SchemaGenerator) -> Schema {
    schemars::json_schema!({
        "type": "object",
        "required": ["receipt", "lines"],
        "properties": {
            "receipt": { "type": "string" },
            "lines": { "type": "array", "items": { "type": "object" } }
        }
    })
}

fn values(_: &mut SchemaGenerator) -> Schema {
    schemars::json_schema!({ "type": ["number", "boolean", "string"] })
}

impl<'a> From<Fact<'a>> for Record<'a> {
    fn from(Fact { source, says }: Fact<'a>) -> Self {
        let record = Self::said(says);
        let strengths = source.rssi_dbm.zip(record.reference_dbm);
        Self {
            device: source.device.map(|device| match device {
                Device::Radio(address, _) => Name::Radio(AddressText(address)),
                Device::Named(name) => Name::Given(name),
            }),
            address_kind: source.device.and_then(|device| match device {
                Device::Radio(_, kind) => Some(kind_text(kind)),
                Device::Named(_) => None,
            }),
            scanner: source.scanner,
            distance_m: strengths.and_then(distance_m),
            rssi_dbm: source.rssi_dbm.map(Number::from),
            time: When::from(source),
            ..record
        }
    }
}

impl<'a> Record<'a> {
    fn said(says: Says<'a>) -> Self {
        match says {
            Says::Sighting {
                identity,
                reference_dbm,
            } => Self {
                reference_dbm,
                ..identity::sighting(identity)
            },
            Says::Measured {
                quantity,
                nth,
                value,
            } => Self {
                kind: Kind::Measured,
                quantity: Some(quantity.name()),
                value: Some(Scalar(value)),
                unit: Some(quantity.unit()).filter(|unit| !unit.is_empty()),
                nth: Some(nth),
                date: date(quantity, value),
                ..Self::default()
            },
            Says::Happened {
                what,
                nth,
                action,
                amount,
            } => Self {
                kind: Kind::Happened,
                what: Some(what),
                nth: Some(nth),
                action: Some(action),
                amount: amount.map(Number::from),
                ..Self::default()
            },
            other => Self::plain(other),
        }
    }

    fn plain(says: Says<'a>) -> Self {
        let empty = Self::default();
        match says {
            Says::About { what, value } => Self {
                kind: Kind::About,
                what: Some(what),
                value: Some(Scalar(value)),
                ..empty
            },
            Says::Data { under, data } => {
                let (service, company) = match under {
                    Under::Service(uuid) => (Some(UuidText(uuid)), None),
                    Under::Company(id) => (None, Some(Hex(id.to_be_bytes().to_vec().into()))),
                };
                Self {
                    kind: Kind::Data,
                    service,
                    company,
                    data: Some(Hex(data.into())),
                    ..empty
                }
            }
            Says::Online(online) => Self {
                kind: Kind::Online,
                online: Some(online),
                ..empty
            },
            Says::Sealed { format, why } => Self {
                kind: Kind::Sealed,
                format: Some(format),
                why: Some(why),
                ..empty
            },
            Says::Code(code) => Self {
                kind: Kind::Code,
                code: Some(code),
                ..empty
            },
            Says::Receipt(receipt) => Self {
                kind: Kind::Receipt,
                receipt: Some(receipt),
                ..empty
            },
            Says::Sighting { .. } | Says::Measured { .. } | Says::Happened { .. } => empty,
        }
    }
}

impl<'a> From<Source<'a>> for When<'a> {
    fn from(source: Source<'a>) -> Self {
        match source.time {
            Time::Receipt => Self::default(),
            Time::Sender(ms) => Self {
                at: Moment::of_ms(ms),
                trust: Trust::Sender,
                ..Self::default()
            },
            Time::Zoneless(local) => Self {
                local: Some(local),
                trust: Trust::Zoneless,
                ..Self::default()
            },
        }
    }
}

/// To a centimetre, which is already far too fine.
fn distance_m((rssi_dbm, reference_dbm): (f32, i8)) -> Option<Number> {
    let metres = distance::capped_m(f64::from(rssi_dbm), f64::from(reference_dbm))?;
    Some(Number::from((metres * 100.0).round() / 100.0))
}

/// The device's clock as a date, if it can be one.
fn date(quantity: crate::Quantity, value: Value<'_>) -> Option<Moment> {
    match (quantity, value) {
        (crate::Quantity::DeviceClock, Value::Number(seconds)) => {
            Moment::of_ms((seconds * 1000.0) as i64)
        }
        _ => None,
    }
}

const fn kind_text(kind: AddressKind) -> &'static str {
    match kind {
        AddressKind::Unknown => "unknown",
        AddressKind::Public => "public",
        AddressKind::RandomStatic => "random_static",
        AddressKind::RandomResolvable => "random_resolvable",
        AddressKind::RandomNonResolvable => "random_non_resolvable",
    }
}
