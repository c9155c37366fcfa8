use super::*;
use crate::testing::check;

fn reads(topic: &str, payload: &str, expected: &[&str]) {
    check(
        payload,
        |sink| read(topic, payload.as_bytes(), sink),
        expected,
    );
}

#[test]
fn a_device_is_called_what_it_calls_itself() {
    reads(
        "shop/door/events/rpc",
        r#"{"src":"shellyhtg3-1","dst":"x","method":"NotifyStatus","params":{"ts":1652704957.52,"temperature:0":{"id":0,"tC":21.4,"tF":70.5},"humidity:100":{"id":100,"rh":"52.1"},"devicepower:0":{"battery":{"V":5.21,"percent":78},"external":{"present":false}},"sys":{"cfg_rev":35}}}"#,
        &[
            "from - shellyhtg3-1 at 1652704957520",
            "temperature.0 21.4",
            "humidity.100 52.1",
            "battery_voltage.0 5.21",
            "battery.0 78",
            "plug.0 false",
        ],
    );
}

#[test]
fn components_are_read_alone_too() {
    reads(
        "shop/till/status/switch:1",
        r#"{"id":1,"output":true,"apower":8.9,"aenergy":{"total":6532,"by_minute":[1,2]},"temperature":{"tC":54}}"#,
        &[
            "from - shop/till",
            "output.1 true",
            "power.1 8.9",
            "energy.1 6.532",
            "device_temperature.1 54",
        ],
    );
    reads(
        "shop/till/status/em:0",
        r#"{"b_voltage":231,"total_act_power":30}"#,
        &["from - shop/till", "voltage.1 231", "power.3 30"],
    );
    reads(
        "shop/till/online",
        "false",
        &["from - shop/till", "online false"],
    );
    reads(
        "shop/till/online",
        "perhaps",
        &["refused: not true or false"],
    );
}

#[test]
fn presses_happen_and_settings_do_not() {
    let event = |component: &str, event: &str| {
        format!(
            r#"{{"src":"s","method":"NotifyEvent","params":{{"ts":1736605194.11,"events":[{{"component":"{component}","id":0,"event":"{event}","ts":1736605194.11}}]}}}}"#
        )
    };
    let from = "from - s at 1736605194110";
    reads(
        "s/events/rpc",
        &event("input:2", "single_push"),
        &[from, "input.2 single_push"],
    );
    reads(
        "s/events/rpc",
        &event("bthomedevice:200", "long_push"),
        &[from, "button.200 long_push"],
    );
    reads("s/events/rpc", &event("input:0", "config_changed"), &[]);
    reads("s/events/rpc", &event("sys", "sleep"), &[]);
}

#[test]
fn what_a_script_heard_is_the_sensors_word() {
    reads(
        "s/events/rpc",
        r#"{"src":"s","method":"NotifyEvent","params":{"ts":1736605194.11,"events":[{"component":"sys","event":"config_changed"},{"component":"script:1","event":"shelly-blu","data":{"encryption":false,"BTHome_version":2,"pid":5,"window":1,"button":[0,2],"rssi":-60,"address":"7c:c6:b6:7f:48:ed"},"ts":1736605194.11}]}}"#,
        &[
            "from s 7C:C6:B6:7F:48:ED Unknown -60 at 1736605194110",
            "packet_id.0 5",
            "window.0 true",
            "button.1 double_press",
        ],
    );
}

#[test]
fn answers_to_others_are_passed_over() {
    reads(
        "s/events/rpc",
        r#"{"src":"s","method":"Shelly.Reboot","params":{}}"#,
        &[],
    );
    reads("s/events/rpc", r#"{"src":"s"}"#, &["refused: no params"]);
}
