use super::*;
use crate::testing::check;

fn reads(below: &str, payload: &str, expected: &[&str]) {
    check(
        payload,
        |sink| read(below, payload.as_bytes(), sink),
        expected,
    );
}

#[test]
fn names_may_have_levels_and_numbers_may_be_texts() {
    reads(
        "cold/aisle 3/left",
        r#"{"battery":"100.00","voltage":3015,"temperature":"-18.5","contact":false,"water_leak":0,"last_seen":"2026-01-02T03:04:05Z","update":{"state":"idle"}}"#,
        &[
            "from - cold/aisle 3/left at 1767323045000",
            "battery.0 100",
            "battery_voltage.0 3.015",
            "temperature.0 -18.5",
            "contact.0 false",
            "wet.0 false",
        ],
    );
}

#[test]
fn volts_are_told_from_millivolts_and_channels_from_names() {
    reads(
        "plug",
        r#"{"voltage":231.2,"power":5,"state_l2":"ON","state":"OFF","temperature_1":20,"pressure":1004,"last_seen":1767323045000}"#,
        &[
            "from - plug at 1767323045000",
            "voltage.0 231.2",
            "power.0 5",
            "power_on.2 true",
            "power_on.0 false",
            "temperature.1 20",
            "pressure.0 100400",
        ],
    );
}

#[test]
fn actions_happen_once_and_say_which_and_how_far() {
    reads(
        "knob",
        r#"{"action":"2_double","action_step_size":13}"#,
        &["from - knob", "button.1 double by 13"],
    );
    reads("knob", r#"{"action":""}"#, &[]);
    reads(
        "knob/action",
        "rotate_left",
        &["from - knob", "button.0 rotate_left"],
    );
}

#[test]
fn what_is_there_is_told_and_what_is_asked_is_not() {
    reads(
        "a/b/availability",
        r#"{"state":"offline"}"#,
        &["from - a/b", "online false"],
    );
    reads("a/b/availability", "online", &["from - a/b", "online true"]);
    reads(
        "bridge/state",
        "online",
        &["from bridge bridge", "online true"],
    );
    reads("bridge/devices", "[]", &[]);
    reads("lamp/set", r#"{"state":"ON"}"#, &[]);
    reads("lamp", "ON", &["refused: not a JSON object"]);
}
