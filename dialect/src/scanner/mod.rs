//! MQTT messages of scanners.
