//! Groups of values by a chip's name.

use crate::{
    Fact,
    fact::{Device, Says, Sink, Source, Value},
    field::{Field, Scale, about, find, same, scaled},
    quantity::Quantity as Q,
    scalar::Scalar,
};

/// Names that mean the same whatever the chip. Sorted.
const FIELDS: &[Field] = &[
    same("AMBTMP", Q::Temperature),
    same("ApparentPower", Q::ApparentPower),
    same("Battery", Q::Battery),
    same("CarbonDioxide", Q::Co2),
    same("Current", Q::Current),
    same("DewPoint", Q::DewPoint),
    same("Factor", Q::PowerFactor),
    same("Fertility", Q::Conductivity),
    same("Frequency", Q::Frequency),
    same("Humidity", Q::Humidity),
    same("Illuminance", Q::Illuminance),
    same("Lux", Q::Illuminance),
    same("Moisture", Q::Moisture),
    same("Noise", Q::SoundLevel),
    same("OBJTMP", Q::ProbeTemperature),
    same("PIR", Q::Motion),
    same("PM1", Q::Pm1),
    same("PM10", Q::Pm10),
    same("PM2.5", Q::Pm25),
    same("PM4", Q::Pm4),
    same("People", Q::Occupants),
    same("Power", Q::Power),
    same("Pressure", Q::Pressure),
    same("RSSI", Q::SignalStrength),
    same("ReactivePower", Q::ReactivePower),
    same("Signal", Q::SignalStrength),
    // Parts per billion.
    scaled("TVOC", Q::VocRatio, Scale::Per(1000.0)),
    same("Temperature", Q::Temperature),
    same("Total", Q::Energy),
    same("UvIndex", Q::UvIndex),
    same("Voltage", Q::Voltage),
    // `dtostrfd(weight / 1000)` of grams in xsns_34_hx711.ino: kilograms.
    same("Weight", Q::Mass),
    same("WeightRaw", Q::RawMass),
    same("eCO2", Q::Co2),
];

/// Units that stand beside the groups.
#[derive(Clone, Copy)]
pub(super) struct Units<'u> {
    pub(super) fahrenheit: bool,
    /// hPa unless it says otherwise.
    pub(super) pressure: Option<&'u str>,
}

/// The groups of one message.
pub(super) struct Groups<'s> {
    device: &'s str,
    source: Source<'s>,
    current: String,
    /// How many groups without a number of their own held each quantity.
    held: [u8; Q::ALL.len()],
}

impl<'s> Groups<'s> {
    pub(super) fn new(device: &'s str, source: Source<'s>) -> Self {
        Self {
            device,
            source,
            current: String::new(),
            held: [0; Q::ALL.len()],
        }
    }

    /// What stands in no group.
    pub(super) fn alone(&self, says: Option<Says<'_>>, sink: &mut Sink<'_>) {
        if let Some(says) = says {
            let source = self.source;
            sink(Fact { source, says });
        }
    }

    /// One value of a group, or of a list in it.
    pub(super) fn value(
        &mut self,
        group: &str,
        key: &str,
        place: Option<usize>,
        value: &Scalar<'_>,
        units: Units<'_>,
        sink: &mut Sink<'_>,
    ) {
        let Some(says) = self.says(group, key, place, value, units) else {
            return;
        };
        let source = self.source_of(group);
        if self.current != group {
            group.clone_into(&mut self.current);
            about(source, "sensor", Some(group))
                .into_iter()
                .for_each(&mut *sink);
        }
        sink(Fact { source, says });
    }

    /// Bluetooth sensors, called after the end of their address, are devices
    /// of their own (`MJ_HT_V1-3108be`).
    fn source_of<'g>(&self, group: &'g str) -> Source<'g>
    where
        's: 'g,
    {
        if is_bluetooth(group) {
            Source {
                scanner: Some(self.device),
                device: Some(Device::Named(group)),
                ..self.source
            }
        } else {
            self.source
        }
    }

    fn says<'v>(
        &mut self,
        group: &str,
        key: &str,
        place: Option<usize>,
        value: &'v Scalar<'_>,
        units: Units<'_>,
    ) -> Option<Says<'v>> {
        if let Some(says) = text(group, key, value) {
            return Some(says);
        }
        let field = meaning(group, key, units)?;
        let says = field.read(value)?;
        let nth = match (place, channel(key).or_else(|| number(group))) {
            (Some(place), _) => u8::try_from(place).ok()?,
            (None, Some(number)) => number,
            (None, None) if is_bluetooth(group) => 0,
            (None, None) => {
                let held = &mut self.held[field.quantity as usize];
                let nth = *held;
                *held = nth.saturating_add(1);
                nth
            }
        };
        Some(match says {
            Says::Measured {
                quantity, value, ..
            } => Says::Measured {
                quantity,
                nth,
                value,
            },
            says => says,
        })
    }
}

/// Whether a group is called after the last half of an address.
fn is_bluetooth(group: &str) -> bool {
    let end = group.rsplit_once('-').map_or("", |(_, end)| end);
    end.len() == 6 && end.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Readers of cards and tags.
const READERS: [&str; 4] = ["RC522", "PN532", "RDM6300", "WIEGAND"];

/// What is no number: a sensor's own address, and what a reader of tags reads.
/// The name of the text was in capitals once (docs/PN532.md of tasmota/docs).
fn text<'v>(group: &str, key: &str, value: &'v Scalar<'_>) -> Option<Says<'v>> {
    let text = value.text().filter(|text| !text.is_empty())?;
    let reads_tags = READERS.iter().any(|reader| group.starts_with(reader));
    match key {
        "Id" => Some(Says::About {
            what: "id",
            value: Value::Text(text),
        }),
        "UID" if reads_tags => Some(Says::Happened {
            what: "tag",
            nth: 0,
            action: text,
            amount: None,
        }),
        "Data" | "DATA" if reads_tags => Some(Says::Measured {
            quantity: Q::Text,
            nth: 0,
            value: Value::Text(text),
        }),
        _ => None,
    }
}

/// What a name means in this group.
fn meaning(group: &str, key: &str, units: Units<'_>) -> Option<Field> {
    let chip = |name: &str| group.starts_with(name);
    let found = match key {
        "Distance" if chip("LD24") => scaled("", Q::TargetDistance, Scale::Per(100.0)),
        "Distance" if chip("SR04") => scaled("", Q::Distance, Scale::Per(100.0)),
        // VL53L0X, TOF10120 and their like.
        "Distance" if !chip("AS3935") => scaled("", Q::Distance, Scale::Per(1000.0)),
        "Energy" if chip("LD24") => same("", Q::TargetEnergy),
        // Of the network it is a share of the best; `Signal` is in dBm.
        "RSSI" if chip("Wifi") => same("", Q::LinkQuality),
        "Temperature" if chip("ESP32") => same("", Q::DeviceTemperature),
        // The chip measures it; what it estimates beside is no second value.
        "eCO2" if chip("SCD") => return None,
        _ if chip("COUNTER") && channel(key).is_some() => same("", Q::Count),
        _ if chip("ANALOG") && channel(key).is_some() => same("", Q::Number),
        _ if (chip("MCP23") || chip("PCF85")) && channel(key).is_some() => same("", Q::Input),
        _ => *find(FIELDS, key)?,
    };
    let scale = match found.quantity {
        Q::Temperature | Q::DewPoint | Q::DeviceTemperature | Q::ProbeTemperature
            if units.fahrenheit =>
        {
            Scale::Fahrenheit
        }
        Q::Pressure => Scale::Times(match units.pressure {
            Some("mmHg") => 133.322_387_415,
            Some("inHg") => 3_386.389,
            _ => 100.0,
        }),
        _ => found.scale,
    };
    Some(Field { scale, ..found })
}

/// `DS18B20-2`, `VL53L0X_1`.
fn number(group: &str) -> Option<u8> {
    let (_, number) = group.rsplit_once(['-', '_'])?;
    let sound = number.len() <= 2;
    sound.then(|| number.parse().ok())?
}

/// `C1`, `A0`, `D7`.
fn channel(key: &str) -> Option<u8> {
    key.strip_prefix(['A', 'C', 'D'])?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        crate::field::testing::is_sorted(FIELDS);
    }
}
