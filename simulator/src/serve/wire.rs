//! What other systems put on a broker: profiles, baskets, plain readings.

use crate::{
    dialect::hex,
    world::{population::Customer, trade::Sale},
};
use engine::shopper::{IdentityKey, Purpose, Purposes};
use protocol::{beacon::Beacon, frame::Quantity};
use serde_json::{Map, Value, json};

/// A customer for the profile desk.
pub fn profile(customer: &Customer, id: &str, version: u64) -> Vec<u8> {
    let profile = &customer.profile;
    let affinities = profile.affinities.iter();
    let affinities: Map<String, Value> = affinities.map(|(d, n)| (d.clone(), json!(n))).collect();
    let mut consent = json!({
        "purposes": purposes(customer.consent.purposes),
        "notice": customer.consent.notice,
    });
    if let Some(most) = customer.consent.showings_per_day {
        consent["showings_per_day"] = json!(most);
    }
    let mut body = json!({
        "id": id,
        "customer": customer.reference,
        "version": version,
        "consent": consent,
        "keys": [key(&customer.key)],
        "segments": profile.segments,
        "affinities": affinities,
        "visits": profile.visits,
    });
    if let Some(language) = &profile.language {
        body["language"] = json!(language);
    }
    if let Some(adult) = profile.adult {
        body["adult"] = json!(adult);
    }
    text(&body)
}

fn key(key: &IdentityKey) -> Value {
    match key {
        IdentityKey::Fixed(Beacon::IBeacon { uuid, major, minor }) => {
            json!({"ibeacon": {"uuid": hex(uuid), "major": major, "minor": minor}})
        }
        IdentityKey::Fixed(Beacon::EddystoneUid {
            namespace,
            instance,
        }) => {
            json!({"eddystone_uid": {"namespace": hex(namespace), "instance": hex(instance)}})
        }
        IdentityKey::Fixed(Beacon::AltBeacon(id)) => json!({"altbeacon": {"id": hex(id)}}),
        IdentityKey::Rotating { key, exponent } => {
            json!({"rotating": {"key": hex(key), "exponent": exponent}})
        }
        IdentityKey::Irk(irk) => json!({"irk": hex(irk)}),
        IdentityKey::Fixed(Beacon::EddystoneEid(_) | Beacon::PrivateAddress(_)) => {
            unreachable!("nobody is enrolled with an identifier that changes")
        }
    }
}

fn purposes(purposes: Purposes) -> Vec<Purpose> {
    let all = Purpose::ALL.into_iter();
    all.filter(|p| purposes.has(*p)).collect()
}

/// A basket for its desk.
pub fn basket(sale: &Sale, card: Option<&Customer>) -> Vec<u8> {
    let mut body = json!({"receipt": sale.receipt, "lines": sale.lines});
    if let Some(customer) = card {
        body["customer"] = json!(customer.reference);
    }
    text(&body)
}

/// A sensor's value for its desk.
pub fn reading(sensor: &str, value: Quantity) -> Vec<u8> {
    let mut body = match (value, json!(value)) {
        // The desk takes numbers as people write them, not in thousandths.
        (Quantity::NumberMilli(milli), _) => only("number", json!(milli as f64 / 1_000.0)),
        (_, Value::Object(named)) => named,
        // A quantity without a value: the sensor is at fault.
        _ => only("fault", json!(true)),
    };
    body.insert("sensor".to_owned(), json!(sensor));
    text(&Value::Object(body))
}

fn only(name: &str, value: Value) -> Map<String, Value> {
    [(name.to_owned(), value)].into_iter().collect()
}

fn text(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::small_shop;

    fn json_of(payload: &[u8]) -> Value {
        serde_json::from_slice(payload).unwrap()
    }

    #[test]
    fn a_reading_carries_its_quantity_by_name() {
        for (value, expected) in [
            (
                Quantity::TemperatureCentiCelsius(2_510),
                json!({"sensor": "t", "temperature_centi_celsius": 2_510}),
            ),
            (
                Quantity::Passages {
                    inward: 3,
                    outward: 1,
                },
                json!({"sensor": "t", "passages": {"inward": 3, "outward": 1}}),
            ),
            (
                Quantity::NumberMilli(3_400),
                json!({"sensor": "t", "number": 3.4}),
            ),
            (Quantity::Fault, json!({"sensor": "t", "fault": true})),
        ] {
            assert_eq!(json_of(&reading("t", value)), expected);
        }
    }

    #[test]
    fn a_profile_has_the_shape_of_its_desk() {
        let plan = small_shop::plan();
        let population = crate::world::population::Population::draw(&plan, 1, 40, None);
        for (_, customer) in population.iter() {
            let body = json_of(&profile(customer, "p-1", 1));
            assert_eq!(body["customer"], customer.reference.as_str());
            assert_eq!(body["version"], 1);
            assert!(body["consent"]["purposes"].is_array());
            let keys = body["keys"][0].as_object().unwrap();
            assert_eq!(keys.len(), 1);
        }
    }
}
