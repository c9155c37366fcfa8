use super::*;
use crate::testing::check;

fn reads(below: &str, payload: &str, expected: &[&str]) {
    check(
        below,
        |sink| read(below, payload.as_bytes(), sink),
        expected,
    );
}

#[test]
fn values_are_known_by_the_name_of_their_property() {
    for (property, value, expected) in [
        ("temperature", "21.5", "temperature.0 21.5"),
        ("motion", "true", "motion.0 true"),
        ("setting", "7", "number.0 7"),
        ("lit", "false", "generic.0 false"),
        ("mode", "eco", "text.0 eco"),
        ("mode", "\0", "text.0 "),
    ] {
        let about = format!("property=n/{property}");
        reads(
            &format!("d/n/{property}"),
            value,
            &["from - d", &about, expected],
        );
    }
}

#[test]
fn states_alerts_and_what_is_asked_are_told_apart() {
    reads(
        "d/$state",
        "ready",
        &["from - d", "state=ready", "online true"],
    );
    reads("d/$state", "sleeping", &["from - d", "state=sleeping"]);
    reads(
        "d/$alert/battery",
        "low",
        &["from - d", "alert.0 battery", "message=low"],
    );
    reads("d/$alert/battery", "", &[]);
    reads(
        "d/n/brightness/$target",
        "100",
        &["from - d", "property=n/brightness", "target=100"],
    );
    reads(
        "d/n/brightness/set",
        "100",
        &["from - d", "asked=100", "command.0 n/brightness"],
    );
    reads("d/n/brightness/other", "100", &[]);
    reads(
        "d/$log/warn",
        "low",
        &["from - d", "log.0 warn", "message=low"],
    );
    reads(
        "$broadcast/security/alert",
        "x",
        &["from - -", "broadcast.0 security/alert", "message=x"],
    );
    let description = r#"{"homie":"5.0","name":"Supercar","nodes":{"engine":{"name":"Engine"}}}"#;
    reads(
        "d/$description",
        description,
        &["from - d", "protocol_version=5.0", "name=Supercar"],
    );
    reads("d", "x", &["refused: no topic of Homie 5"]);
}
