//! How other decoders name what our facts say.

use Rule::{About, Axes, Flag, Not, Number, Said, Skip};

/// Where a source's field stands in our facts.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// Measured, one of these quantities; theirs is ours times this.
    Number(&'static [&'static str], f64),
    /// Measured along x, y and z; theirs is ours times this.
    Axes(&'static str, f64),
    /// A flag, one of these.
    Flag(&'static [&'static str]),
    /// The opposite of a flag, one of these.
    Not(&'static [&'static str]),
    /// What a device says of itself.
    About(&'static str),
    /// A property of a record.
    Said(&'static str),
    /// Somewhere in our facts, whatever its case and separators.
    Somewhere,
    /// Whether anything happened to this.
    Event(&'static str),
    /// Not of the frame: why.
    Skip(#[expect(dead_code, reason = "for the reader of the table")] &'static str),
}

const OF_SOURCE: &str = "the decoder's own addition";

/// The rule for a field, by its last name.
pub fn rule(format: &str, name: &str) -> Option<Rule> {
    FIELDS
        .iter()
        .find(|(of, names, _)| format.starts_with(of) && names.contains(&name))
        .map(|(_, _, rule)| *rule)
}

/// Formats (by their beginning), names, rule. The first that fits counts.
const FIELDS: &[(&str, &[&str], Rule)] = &[
    (
        "",
        &["uri", "frame", "note", "isLibrary", "relay", "type_of"],
        Skip(OF_SOURCE),
    ),
    (
        "",
        &["cypress_humidity", "cypress_temperature"],
        Skip("meant for another uuid"),
    ),
    (
        "",
        &[
            "model",
            "sw_version",
            "encryption",
            "bindkey_verified",
            "device_id",
        ],
        Skip(OF_SOURCE),
    ),
    (
        "",
        &["code", "typeId", "length", "body"],
        Skip("repeats bytes of the frame"),
    ),
    ("", &["null", "device"], Skip("judged apart")),
    (
        "ble-ad",
        &["company", "mfg"],
        Skip("the company is in the data fact"),
    ),
    ("ble-pdu", &["type"], About("packet")),
    ("ble-ad", &["type"], Rule::Somewhere),
    ("", &["relay.type"], Skip(OF_SOURCE)),
    // Identities
    ("", &["uuid", "id1"], Rule::Somewhere),
    (
        "",
        &[
            "deviceIds",
            "identifier",
            "boardId",
            "unique_id",
            "mac",
            "mac3",
        ],
        Rule::Somewhere,
    ),
    (
        "",
        &["beacon_id", "rpi", "advA", "targetA", "deviceId", "payload"],
        Rule::Somewhere,
    ),
    ("", &["major", "id2"], Said("major")),
    ("", &["minor", "id3"], Said("minor")),
    ("", &["namespace"], Said("namespace")),
    ("", &["instance"], Said("instance")),
    ("", &["ref_rssi", "tx"], Said("reference_dbm")),
    ("ibeacon", &["tx_power", "txPower"], Said("reference_dbm")),
    ("", &["rssi"], Said("rssi_dbm")),
    ("", &["mfg_reserved", "company"], Rule::Somewhere),
    // Of the device
    ("", &["name", "local_name", "localName"], About("name")),
    ("", &["url"], About("url")),
    (
        "",
        &["firmware", "firmwareVersion", "version", "firmware_version"],
        About("firmware"),
    ),
    ("", &["hardware_version"], About("hardware")),
    ("", &["device_model", "type"], About("model")),
    ("", &["deviceType"], About("device_type")),
    ("", &["protocol_version"], About("protocol_version")),
    ("kontakt", &["flags"], Number(&["flags"], 1.0)),
    ("laird", &["flags"], Number(&["flags"], 1.0)),
    ("", &["flags"], About("flags")),
    ("", &["user"], About("user")),
    ("", &["eventFlag"], About("event_flag")),
    ("", &["profile"], About("profile")),
    ("", &["networkId"], About("network")),
    ("", &["languages"], About("language")),
    ("", &["overflow_bits"], About("overflow_bits")),
    (
        "",
        &["securitySignature", "messageAuthenticationCode"],
        About("signature"),
    ),
    ("", &["encrypted_data", "data"], Rule::Somewhere),
    ("", &["salt"], About("salt")),
    ("", &["mic"], About("mic")),
    ("", &["0x0a", "0x11"], Skip("said as what they mean")),
    ("", &["sensitivity"], About("acceleration_step_mg")),
    ("", &["data_format"], Rule::Somewhere),
    (
        "",
        &["uuids", "service_uuids", "serviceUuids", "serviceData.uuid"],
        Rule::Somewhere,
    ),
    (
        "",
        &["companyCode"],
        Skip("the company is in the data fact"),
    ),
    (
        "ble-pdu",
        &["rxAdd"],
        Skip("of the receiver, which an advertisement has none of"),
    ),
    ("ble-pdu", &["txAdd"], About("sender_address")),
    // Air
    (
        "",
        &["temperature", "temperature_celsius", "temperature_c"],
        Number(&["temperature"], 1.0),
    ),
    ("", &["temperatureExt"], Number(&["probe_temperature"], 1.0)),
    ("", &["dew_point"], Number(&["dew_point"], 1.0)),
    (
        "",
        &["humidity", "humidity_percentage", "humidity_pct"],
        Number(&["humidity"], 1.0),
    ),
    ("", &["relativeHumidity"], Number(&["humidity"], 1.0)),
    ("", &["pressure", "pressure_pa"], Number(&["pressure"], 1.0)),
    ("", &["pressure_hpa"], Number(&["pressure"], 0.01)),
    (
        "",
        &["illuminance", "luminosity_lux", "lux", "ambient_light"],
        Number(&["illuminance"], 1.0),
    ),
    ("", &["light_level"], Number(&["light_level"], 1.0)),
    ("", &["uv_index"], Number(&["uv_index"], 1.0)),
    (
        "",
        &["co2_ppm", "co2", "carbon_dioxide"],
        Number(&["co2"], 1.0),
    ),
    ("", &["carbonDioxideConcentration"], Number(&["co2"], 1.0)),
    ("", &["volatile_organic_compounds"], Number(&["voc"], 1.0)),
    // By weight, as its source takes it: 4.5 micrograms to the part.
    (
        "bthome",
        &["volatileOrganicCompoundsConcentration"],
        Number(&["voc"], 1.0 / 4.5),
    ),
    (
        "",
        &["volatileOrganicCompoundsConcentration"],
        Number(&["voc_ratio"], 1.0),
    ),
    ("", &["voc", "voc_index"], Number(&["voc_index"], 1.0)),
    (
        "",
        &["nox", "nox_index", "nitrogenOxideIndex"],
        Number(&["nox_index"], 1.0),
    ),
    ("", &["ammoniaConcentration"], Number(&["ammonia"], 1.0)),
    ("", &["pm1", "pm1.0"], Number(&["pm1"], 1.0)),
    (
        "",
        &["pm25", "pm2.5", "pm2p5", "pm25_ug_m3"],
        Number(&["pm25"], 1.0),
    ),
    ("", &["pm4"], Number(&["pm4"], 1.0)),
    ("", &["pm10", "pm10p0"], Number(&["pm10"], 1.0)),
    ("", &["sound_avg_dba"], Number(&["sound_average"], 1.0)),
    ("", &["soundPressure"], Number(&["sound_level"], 1.0)),
    // People and movement
    ("", &["numberOfOccupants"], Number(&["occupants"], 1.0)),
    (
        "",
        &["numberOfOccupantsCycle"],
        Number(&["occupants_cycle"], 1.0),
    ),
    (
        "",
        &["passageCounts"],
        Number(&["passages_in", "passages_out"], 1.0),
    ),
    (
        "",
        &["passageCountsCycle"],
        Number(&["passages_cycle"], 1.0),
    ),
    (
        "",
        &["occupancyDetectionCycle"],
        Number(&["occupancy_cycle"], 1.0),
    ),
    ("", &["tamperCycle"], Number(&["tamper_cycle"], 1.0)),
    ("", &["distanceCycle"], Number(&["distance_cycle"], 1.0)),
    ("", &["range"], Number(&["distance"], 1000.0)),
    ("", &["distance"], Number(&["distance"], 1.0)),
    (
        "",
        &["position"],
        Number(&["longitude", "latitude", "elevation"], 1.0),
    ),
    ("", &["elevation"], Number(&["elevation"], 1.0)),
    ("", &["speed"], Number(&["speed"], 1.0)),
    (
        "bthome",
        &["acceleration"],
        Number(&["acceleration"], 1.0 / 9.806_65),
    ),
    ("", &["acceleration"], Axes("acceleration", 1.0)),
    (
        "",
        &["acceleration_vector_mg", "acc_mg"],
        Axes("acceleration", 1000.0),
    ),
    (
        "",
        &["acceleration_total_mg"],
        Number(&["acceleration_total"], 1000.0),
    ),
    ("kontakt", &["x", "y", "z"], About("acceleration_steps")),
    (
        "bthome",
        &["angularVelocity"],
        Number(&["rotational_speed"], 6.0),
    ),
    (
        "",
        &["angularVelocity", "gyroscope"],
        Number(&["angular_velocity"], 1.0),
    ),
    (
        "",
        &["rotational_speed"],
        Number(&["rotational_speed"], 1.0),
    ),
    ("", &["magneticField"], Axes("magnetic_field", 1.0)),
    ("", &["magnetic_field"], Axes("magnetic_field", 1.0)),
    (
        "",
        &["movement", "movement_counter"],
        Number(&["movement_count"], 1.0),
    ),
    (
        "",
        &["current_motion_state"],
        Number(&["motion_state"], 1.0),
    ),
    (
        "",
        &["previous_motion_state"],
        Number(&["previous_motion_state"], 1.0),
    ),
    (
        "",
        &["seconds_since_threshold"],
        Number(&["since_movement"], 1.0),
    ),
    ("", &["seconds_since_click"], Number(&["since_press"], 1.0)),
    ("", &["click_i_d"], Number(&["presses"], 1.0)),
    ("codeblue", &["count"], Number(&["encounters"], 1.0)),
    ("", &["count", "counter"], Number(&["count"], 1.0)),
    ("bthome", &["duration"], Number(&["duration"], 1000.0)),
    ("", &["levelPercentage"], Number(&["level"], 1.0)),
    // Electricity, water, gas, weight
    ("ble-ad", &["battery"], Number(&["battery_voltage"], 1.0)),
    ("", &["battery", "battery_level"], Number(&["battery"], 1.0)),
    (
        "efento",
        &["batteryPercentage"],
        Skip("made of a flag that says whether it is low"),
    ),
    ("", &["batteryPercentage"], Number(&["battery"], 1.0)),
    ("", &["batteryVoltage"], Number(&["battery_voltage"], 1.0)),
    (
        "",
        &["battery_mv", "battery_voltage_mv"],
        Number(&["battery_voltage"], 1000.0),
    ),
    (
        "eddystone",
        &["voltage"],
        Number(&["battery_voltage"], 1000.0),
    ),
    ("ble-ad", &["voltage"], Number(&["voltage"], 1000.0)),
    ("", &["voltage"], Number(&["voltage"], 1.0)),
    ("", &["current"], Number(&["current"], 1.0)),
    ("", &["energy"], Number(&["energy"], 1.0)),
    ("", &["binary.power"], Flag(&["power_on"])),
    ("", &["power"], Number(&["power"], 1.0)),
    ("", &["conductivity"], Number(&["conductivity"], 1.0)),
    ("", &["gas"], Number(&["gas"], 1.0)),
    ("", &["water"], Number(&["water"], 1.0)),
    ("", &["volume"], Number(&["volume"], 1.0)),
    ("", &["mass"], Number(&["mass"], 1.0)),
    // The device and its radio
    (
        "",
        &["tx_power", "txPower", "tx_power_dbm"],
        Number(&["tx_power"], 1.0),
    ),
    ("", &["packet_id"], Number(&["packet_id"], 1.0)),
    (
        "",
        &["seq", "measurement_sequence_number", "txCount"],
        Number(&["sequence"], 1.0),
    ),
    ("", &["recordNumber"], Number(&["sequence"], 1.0)),
    ("", &["advertising_count"], Number(&["advertisements"], 1.0)),
    (
        "",
        &["seconds_since_boot", "uptime"],
        Number(&["uptime"], 1.0),
    ),
    (
        "",
        &["measurementPeriodSeconds"],
        Number(&["interval"], 1.0),
    ),
    ("", &["ble_channel"], Number(&["channel"], 1.0)),
    ("bthome", &["timestamp"], Said("date")),
    ("codeblue", &["timestamp"], Number(&["uptime"], 1.0)),
    ("", &["interactions"], Skip("stand on an earlier page")),
    (
        "",
        &["timestamp", "unix_timestamp", "u_t_c_time"],
        Number(&["device_clock"], 1.0),
    ),
    ("", &["text"], Number(&["text"], 1.0)),
    ("", &["raw"], Number(&["raw"], 1.0)),
    // Flags
    ("", &["sleepy"], Flag(&["trigger_based"])),
    ("", &["calibrating"], Flag(&["calibrating"])),
    ("", &["generic"], Flag(&["generic"])),
    ("", &["opening"], Flag(&["opening"])),
    ("", &["window"], Flag(&["window"])),
    ("bthome", &["isButtonPressed"], Rule::Event("button")),
    ("", &["button", "isButtonPressed"], Flag(&["pressed"])),
    (
        "bthome",
        &["isContactDetected"],
        Not(&["opening", "door", "garage_door", "window"]),
    ),
    ("", &["isContactDetected"], Flag(&["contact"])),
    (
        "",
        &["isMotionDetected", "pir"],
        Flag(&["motion", "moving", "vibration"]),
    ),
    ("", &["is_moving"], Flag(&["moving"])),
    (
        "",
        &["isOccupancyDetected"],
        Flag(&["occupancy", "presence"]),
    ),
    ("", &["isLiquidDetected"], Flag(&["wet"])),
    ("", &["isTamperDetected"], Flag(&["tamper"])),
    ("", &["isLightDetected"], Flag(&["light"])),
    ("", &["isBatteryLow"], Flag(&["battery_low"])),
    ("", &["isStationary"], Flag(&["stationary"])),
    ("", &["detect", "ir"], Flag(&["detected"])),
    ("", &["din", "gpio_states"], Flag(&["input"])),
    ("", &["has_clock_error"], Flag(&["clock_error"])),
    ("", &["has_firmware_error"], Flag(&["firmware_error"])),
];
