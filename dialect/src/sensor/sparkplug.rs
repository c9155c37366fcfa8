//! Sparkplug B: protobuf at `spBv1.0/<group>/<type>/<node>[/<device>]`.
//!
//! Facts from `sparkplug_b.proto` and chapter 6 of eclipse-sparkplug/sparkplug.
//! Only births and data are read, and of them metrics that carry their name: an
//! alias without the birth that explained it names nothing. A command is not
//! the device's word, and is told as what happened. A death says that the
//! device is gone.

use crate::{
    Fact, MAX_PAYLOAD, Unreadable,
    fact::{Device, Says, Sink, Source, Time, Value},
    field::{decimal, measured, online},
    quantity::Quantity as Q,
};

/// First level of every topic.
pub const NAMESPACE: &str = "spBv1.0";

/// One field of a protobuf message, by how it is encoded
/// (protobuf.dev/programming-guides/encoding).
enum Field<'p> {
    Varint(u64),
    Fixed32(u32),
    Fixed64(u64),
    Bytes(&'p [u8]),
}

/// What a metric holds, by the numbers of its fields in `Payload.Metric`.
#[derive(Default)]
struct Metric<'p> {
    name: Option<&'p str>,
    time: Time<'p>,
    datatype: u64,
    value: Option<Value<'p>>,
}

/// Reads one message.
pub fn read(topic: &str, payload: &[u8], sink: &mut Sink<'_>) -> Result<(), Unreadable> {
    let levels = topic.split('/').skip_while(|level| *level != NAMESPACE);
    let mut levels = levels.skip(2);
    let (Some(kind), Some(node)) = (levels.next(), levels.next()) else {
        return Ok(());
    };
    let name = levels.next().unwrap_or(node);
    let source = Source {
        device: Some(Device::Named(name)),
        ..Source::default()
    };
    let Some(word) = Word::of(kind) else {
        return Ok(());
    };
    if payload.len() > MAX_PAYLOAD {
        return Err(Unreadable("larger than 64 KiB"));
    }
    let (time, seq) = envelope(payload).ok_or(Unreadable("not protobuf"))?;
    let source = Source { time, ..source };
    match word {
        Word::Birth => sink(online(source, true)),
        Word::Death => sink(online(source, false)),
        Word::Data | Word::Command => {}
    }
    let mut bytes = payload;
    while let Some(field) = field(&mut bytes) {
        if let (2, Field::Bytes(metric)) = field {
            said(metric, word, source, sink).ok_or(Unreadable("not a metric of Sparkplug"))?;
        }
    }
    if let Some(seq) = seq {
        sink(measured(source, Q::Sequence, 0, seq as f64));
    }
    Ok(())
}

/// What a message is, by the level of its topic.
#[derive(Clone, Copy, PartialEq)]
enum Word {
    Birth,
    Data,
    Death,
    Command,
}

impl Word {
    fn of(kind: &str) -> Option<Self> {
        Some(match kind {
            "NBIRTH" | "DBIRTH" => Self::Birth,
            "NDATA" | "DDATA" => Self::Data,
            "NDEATH" | "DDEATH" => Self::Death,
            "NCMD" | "DCMD" => Self::Command,
            _ => return None,
        })
    }
}

/// When a message was sent, and its number on a wheel of 256.
fn envelope(mut bytes: &[u8]) -> Option<(Time<'static>, Option<u64>)> {
    let (mut time, mut seq) = (Time::Receipt, None);
    while !bytes.is_empty() {
        match field(&mut bytes)? {
            (1, Field::Varint(ms)) => time = at(ms),
            (3, Field::Varint(number)) => seq = Some(number),
            _ => {}
        }
    }
    Some((time, seq))
}

const fn at(ms: u64) -> Time<'static> {
    Time::Sender(ms.cast_signed())
}

fn said(bytes: &[u8], word: Word, source: Source<'_>, sink: &mut Sink<'_>) -> Option<()> {
    let metric = metric(bytes, source.time)?;
    let Some((name, value)) = metric.name.zip(metric.value) else {
        return Some(());
    };
    let source = Source {
        time: metric.time,
        ..source
    };
    let says = |says| Fact { source, says };
    if word == Word::Command {
        sink(says(Says::Happened {
            what: "command",
            nth: 0,
            action: name,
            amount: None,
        }));
        return Some(());
    }
    // The number of the session is the protocol's own.
    if name == "bdSeq" {
        return Some(());
    }
    sink(says(Says::About {
        what: "property",
        value: Value::Text(name),
    }));
    let last = name.rsplit('/').next().unwrap_or(name);
    let named = Q::named(&last.to_ascii_lowercase().replace(' ', "_"));
    let quantity = match value {
        Value::Number(_) => named
            .filter(|quantity| !quantity.is_flag())
            .unwrap_or(Q::Number),
        Value::Flag(_) => named
            .filter(|quantity| quantity.is_flag())
            .unwrap_or(Q::Generic),
        Value::Text(_) => Q::Text,
        Value::Bytes(_) => Q::Raw,
    };
    sink(says(Says::Measured {
        quantity,
        nth: 0,
        value,
    }));
    Some(())
}

fn metric<'p>(mut bytes: &'p [u8], time: Time<'p>) -> Option<Metric<'p>> {
    let mut metric = Metric {
        time,
        ..Metric::default()
    };
    while !bytes.is_empty() {
        let (number, field) = field(&mut bytes)?;
        match (number, field) {
            (1, Field::Bytes(name)) => metric.name = core::str::from_utf8(name).ok(),
            (3, Field::Varint(ms)) => metric.time = at(ms),
            (4, Field::Varint(datatype)) => metric.datatype = datatype,
            (number, field) => {
                metric.value = value(number, field, metric.datatype).or(metric.value);
            }
        }
    }
    Some(metric)
}

/// Fields 10 to 16; a signed number is written as if it were not, and the
/// datatype, which stands before, tells (1 to 4: `Int8` to `Int64`).
fn value(number: u64, field: Field<'_>, datatype: u64) -> Option<Value<'_>> {
    Some(match (number, field) {
        (10, Field::Varint(int)) => Value::Number(f64::from(match datatype {
            1 => i32::from((int as u8).cast_signed()),
            2 => i32::from((int as u16).cast_signed()),
            3 => (int as u32).cast_signed(),
            _ => return Some(Value::Number(int as f64)),
        })),
        (11, Field::Varint(long)) if datatype == 4 => Value::Number(long.cast_signed() as f64),
        (11, Field::Varint(long)) => Value::Number(long as f64),
        (12, Field::Fixed32(bits)) => Value::Number(shortest(f32::from_bits(bits))?),
        (13, Field::Fixed64(bits)) => {
            let double = f64::from_bits(bits);
            Value::Number(decimal(double.is_finite().then_some(double)?))
        }
        (14, Field::Varint(flag)) => Value::Flag(flag != 0),
        (15, Field::Bytes(text)) => Value::Text(core::str::from_utf8(text).ok()?),
        (16, Field::Bytes(bytes)) => Value::Bytes(bytes),
        _ => return None,
    })
}

/// A float holds about seven digits; the rest of a double would be noise
/// (12.3 became 12.300000190734863).
fn shortest(float: f32) -> Option<f64> {
    let mut text = heapless::String::<64>::new();
    core::fmt::Write::write_fmt(&mut text, format_args!("{float}")).ok()?;
    crate::scalar::number(&text)
}

fn field<'p>(bytes: &mut &'p [u8]) -> Option<(u64, Field<'p>)> {
    let key = varint(bytes)?;
    let field = match key & 0b111 {
        0 => Field::Varint(varint(bytes)?),
        1 => Field::Fixed64(u64::from_le_bytes(*take(bytes)?)),
        2 => {
            let length = usize::try_from(varint(bytes)?).ok()?;
            let (taken, rest) = bytes.split_at_checked(length)?;
            *bytes = rest;
            Field::Bytes(taken)
        }
        5 => Field::Fixed32(u32::from_le_bytes(*take(bytes)?)),
        _ => return None,
    };
    Some((key >> 3, field))
}

fn take<'p, const N: usize>(bytes: &mut &'p [u8]) -> Option<&'p [u8; N]> {
    let (taken, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(taken)
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests;
